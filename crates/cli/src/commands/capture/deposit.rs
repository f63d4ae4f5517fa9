//! From a capture to evidence: its files, the record of how it was seen, and the events that bind them.

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use sigu_capture::archive::{self, Contents, PageRecord, Resource};
use sigu_capture::downloads::Download;
use sigu_capture::environment::Environment;
use sigu_capture::page::{Capture, Gap, Role};
use sigu_case::report::{CaptureMade, Form, ItemDescribed};
use sigu_case::{Command, Exhibit, ItemId, OrderId, Slot};
use sigu_evidence::{ContentId, ItemManifest, Source as Origin, find_secrets, mask_text};
use sigu_vault::{Source, Vault};

use super::reading::{self, Found};
use crate::clock;
use crate::problem::Problem;

/// What a capture is fixed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotChoice {
    /// What the page itself says.
    Auto,
    /// What the user says.
    As(Slot),
}

impl SlotChoice {
    pub(super) fn from_code(code: &str) -> Self {
        Slot::from_code(code).map_or(Self::Auto, Self::As)
    }
}

/// Where a capture goes, and what else there is to say of it.
pub(super) struct Deposit {
    pub(super) order: OrderId,
    pub(super) slot: SlotChoice,
    /// The browser's word when it could not open the address.
    pub(super) refused: Option<String>,
    /// What happened beside the page: dialogs that were closed.
    pub(super) said: Vec<Gap>,
    /// The address asked for, where the page does not say one of its own.
    pub(super) asked: String,
    /// Files the page handed over.
    pub(super) files: Vec<Download>,
}

/// What was fixed.
pub(super) struct Deposited {
    pub(super) order: OrderId,
    pub(super) slot: Slot,
    pub(super) url: String,
    pub(super) title: String,
    pub(super) items: Vec<(ItemId, String, u64, ContentId)>,
    pub(super) capture: ItemId,
    pub(super) requests: usize,
    pub(super) gaps: Vec<Gap>,
    pub(super) found: Found,
    pub(super) environment: Environment,
    pub(super) milliseconds: i64,
    /// Width and height of what was seen, in CSS pixels.
    pub(super) viewport: (u32, u32),
}

/// One file on its way into the vault.
struct File {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
    /// Whether it shows the page, so that it stands for the slot; the others go with it.
    is_picture: bool,
    /// Whether a card secret in the page is in it.
    holds_page: bool,
    /// Whether it holds one of its own.
    secret: bool,
}

/// Fixes a capture: every file durable, then one commit with all events.
pub(super) fn put(
    vault: &Vault,
    deposit: &Deposit,
    capture: &Capture,
    environment: &Environment,
) -> Result<Deposited, Problem> {
    let order = vault.order(&deposit.order)?;
    let is_page = |one: &Exhibit| one.slot == Slot::Transaction && one.manifest().is_some();
    let has_order_page = order.as_ref().is_some_and(|order| order.exhibits.iter().any(is_page));
    let found = reading::read(capture, &order.map(|order| order.facts).unwrap_or_default());
    let slot = match deposit.slot {
        SlotChoice::As(slot) => slot,
        SlotChoice::Auto => found.slot(has_order_page),
    };
    let gaps = gaps(deposit, capture);
    let secret = found.shows_secrets();
    let files = files(deposit, capture, environment, &found, &gaps)?;
    let manifests = ingest(vault, &files, secret)?;
    let (url, title) = address(deposit, capture);
    let url = plain(&url);
    let batch = Batch { deposit, capture, environment, slot, url: &url, title: &title };
    let items = vault.execute_from(|first| batch.commands(first, &files, &manifests), clock::now())?;
    let capture_item = *items.last().expect("a capture is at least its record and its event");
    let kept = items.into_iter().zip(&files).zip(&manifests);
    Ok(Deposited {
        order: deposit.order.clone(),
        slot,
        url,
        title,
        items: kept.map(|((item, file), made)| (item, file.name.clone(), made.size, made.content)).collect(),
        capture: capture_item,
        requests: capture.exchanges.len(),
        gaps,
        found,
        environment: environment.clone(),
        viewport: viewport(capture),
        milliseconds: clock::now().as_millisecond() - capture.began_at.as_millisecond(),
    })
}

/// One commit: every file as evidence, what the pictures are, and the event that binds them.
struct Batch<'a> {
    deposit: &'a Deposit,
    capture: &'a Capture,
    environment: &'a Environment,
    slot: Slot,
    url: &'a str,
    title: &'a str,
}

impl Batch<'_> {
    fn commands(&self, first: ItemId, files: &[File], manifests: &[ItemManifest]) -> Vec<Command> {
        let item = |number: usize| ItemId { log: first.log, seq: first.seq + number as u64 };
        let has_picture = files.iter().any(|file| file.is_picture);
        let fix = |(file, manifest): (&File, &ItemManifest)| Command::FixEvidence {
            order: self.deposit.order.clone(),
            slot: if file.is_picture || !has_picture { self.slot } else { Slot::Other },
            formed_at: Some(self.capture.ended_at),
            note: None,
            manifest: manifest.clone(),
        };
        let mut commands: Vec<Command> = files.iter().zip(manifests).map(fix).collect();
        let pictures = files.iter().enumerate().filter(|(_, file)| file.is_picture);
        commands.extend(pictures.map(|(number, _)| Command::Report(self.described(item(number)).into())));
        let title: String = self.title.chars().take(200).collect();
        let made = CaptureMade {
            at: self.capture.ended_at,
            order: self.deposit.order.clone(),
            url: short(self.url),
            title: Some(title).filter(|title| !title.is_empty()),
            record: item(files.len() - 1),
            items: (0..files.len()).map(item).collect(),
        };
        commands.push(Command::Report(made.into()));
        commands
    }

    fn described(&self, item: ItemId) -> ItemDescribed {
        ItemDescribed {
            at: self.capture.ended_at,
            order: self.deposit.order.clone(),
            item,
            form: Some(Form::FullPage),
            parts: Vec::new(),
            url: Some(short(self.url)),
            clock_off_s: self.environment.clock.offset_s,
            continuous: None,
            original_kept: None,
            own_account: None,
            lawful: None,
            caption: None,
            proves: None,
        }
    }
}

/// Even numbers, as video wants them, and no larger than a camera can follow.
fn viewport(capture: &Capture) -> (u32, u32) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded before")]
    let even = |length: f64, most: f64| (length.clamp(200.0, most) as u32) & !1;
    capture.look.as_ref().map_or((1280, 800), |look| (even(look.width, 1920.0), even(look.height, 1200.0)))
}

/// An address as a field can hold it.
fn short(url: &str) -> String {
    url.chars().take(1_900).collect()
}

/// An address without what lets a stranger act as the buyer.
fn plain(url: &str) -> String {
    archive::redact::url(url).text
}

fn address(deposit: &Deposit, capture: &Capture) -> (String, String) {
    let shown = capture.look.as_ref().filter(|_| deposit.refused.is_none());
    shown
        .map_or_else(|| (deposit.asked.clone(), String::new()), |look| (look.url.clone(), look.title.clone()))
}

fn gaps(deposit: &Deposit, capture: &Capture) -> Vec<Gap> {
    let handed_over = deposit.files.iter().map(|file| match &file.path {
        Some(_) => Gap { code: "page.downloaded", detail: file.name.clone() },
        None => Gap { code: "page.download_broken", detail: file.name.clone() },
    });
    // An address that gave a file counts as opened.
    let refused = deposit.refused.iter().filter(|_| deposit.files.is_empty());
    let refused = refused.map(|why| Gap { code: "page.refused", detail: why.clone() });
    let all =
        refused.chain(handed_over).chain(deposit.said.iter().cloned()).chain(capture.gaps.iter().cloned());
    all.map(|gap| Gap { detail: plain_words(&gap.detail), ..gap }).collect()
}

fn ingest(vault: &Vault, files: &[File], secret: bool) -> Result<Vec<ItemManifest>, Problem> {
    let sources = files.iter().map(|file| Source::Bytes(file.bytes.clone())).collect();
    let answers = vault.ingest(sources, &|_| {})?;
    let manifest = |(answer, file): (Result<sigu_vault::Ingested, sigu_vault::SourceFault>, &File)| {
        let ingested =
            answer.map_err(|fault| Problem::fault("fault-capture-file", &[("why", fault.to_string())]))?;
        let secret = (secret && file.holds_page) || file.secret;
        Ok(ItemManifest {
            content: ingested.content,
            size: ingested.size,
            media_type: file.media_type.to_owned(),
            file_name: Some(file.name.clone()),
            source: Origin::Capture,
            modified_at: None,
            secret,
            masked: secret.then(|| mask_text(&file.name)),
        })
    };
    answers.into_iter().zip(files).map(manifest).collect()
}

/// The files of a capture; the record comes last and names the others by their digests.
fn files(
    deposit: &Deposit,
    capture: &Capture,
    environment: &Environment,
    found: &Found,
    gaps: &[Gap],
) -> Result<Vec<File>, Problem> {
    let stem = stem(deposit, capture);
    let mut files = Vec::new();
    for (number, picture) in capture.pictures.iter().enumerate() {
        let kind = match picture.role {
            Role::Screenshot => "page",
            Role::Expanded => "open",
            Role::List => "list",
        };
        let name = format!("{stem}-{kind}-{}.png", number + 1);
        files.push(File {
            name,
            media_type: "image/png",
            bytes: picture.png.clone(),
            is_picture: picture.role != Role::List,
            holds_page: true,
            secret: false,
        });
    }
    let plain = |name: String, media_type, bytes| File {
        name,
        media_type,
        bytes,
        is_picture: false,
        holds_page: true,
        secret: false,
    };
    let text = text(capture);
    if !text.is_empty() {
        files.push(plain(format!("{stem}.txt"), "text/plain", text.into_bytes()));
    }
    for download in &deposit.files {
        files.extend(handed_over(download)?);
    }
    let packed = wacz(deposit, capture, environment)?;
    files.push(plain(format!("{stem}.wacz"), "application/wacz", packed));
    let record = record(deposit, capture, environment, found, gaps, &files);
    let record = File { holds_page: false, ..plain(format!("{stem}.json"), "application/json", record) };
    files.push(record);
    Ok(files)
}

/// A file the page handed over; the copy kept aside is removed.
fn handed_over(download: &Download) -> Result<Option<File>, Problem> {
    let Some(path) = &download.path else { return Ok(None) };
    let why = |error: std::io::Error| Problem::fault("fault-capture-file", &[("why", error.to_string())]);
    let bytes = std::fs::read(path).map_err(why)?;
    std::fs::remove_file(path).map_err(why)?;
    let plain = |sign: &char| !sign.is_control() && !"/\\".contains(*sign);
    let name: String = download.name.chars().filter(plain).take(120).collect();
    let media_type = mime_guess::from_path(&name).first_raw().unwrap_or("application/octet-stream");
    let name = if name.is_empty() { "download".to_owned() } else { name };
    let secret = std::str::from_utf8(&bytes).is_ok_and(|text| !find_secrets(text).is_empty());
    Ok(Some(File { name, media_type, bytes, is_picture: false, holds_page: true, secret }))
}

/// Host and time: what a file of this capture is called before its kind.
fn stem(deposit: &Deposit, capture: &Capture) -> String {
    let (url, _) = address(deposit, capture);
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or("page");
    let plain = |sign: char| if sign.is_alphanumeric() || ".-".contains(sign) { sign } else { '_' };
    let host: String = host.chars().map(plain).take(60).collect();
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    format!("{host}-{}", capture.began_at.to_zoned(zone).strftime("%Y-%m-%d_%H.%M.%S"))
}

/// The visible text: the page, its frames, its lists, and what stands in its fields.
fn text(capture: &Capture) -> String {
    let mut parts = Vec::new();
    if let Some(look) = &capture.look {
        parts.push(look.text.clone());
        parts.extend(look.controls.iter().map(|one| format!("[{}] {}", one.name, one.value)));
    }
    parts.extend(capture.frames.iter().map(|frame| format!("[{}]\n{}", frame.url, frame.text)));
    parts.extend(capture.lists.iter().cloned());
    parts.retain(|part| !part.trim().is_empty());
    parts.join("\n\n")
}

fn wacz(deposit: &Deposit, capture: &Capture, environment: &Environment) -> Result<Vec<u8>, Problem> {
    let (url, title) = address(deposit, capture);
    let at = capture.ended_at;
    let begun = capture.exchanges.iter().find(|one| one.url.split('#').next() == url.split('#').next());
    let page = PageRecord {
        id: "page-1".to_owned(),
        url: url.clone(),
        title,
        at: begun.map_or(capture.began_at, |one| one.started_at),
    };
    let resource = |kind: &str, media_type: &str, bytes: Vec<u8>| Resource {
        target_uri: format!("urn:{kind}:{url}"),
        media_type: media_type.to_owned(),
        at,
        bytes,
        about: Vec::new(),
    };
    let mut resources = Vec::new();
    for picture in &capture.pictures {
        let kind = format!("screenshot-{}", resources.len() + 1);
        resources.push(resource(&kind, "image/png", picture.png.clone()));
    }
    if let Some(look) = &capture.look {
        resources.push(resource("dom", "text/html; charset=utf-8", look.html.clone().into_bytes()));
    }
    for (number, frame) in capture.frames.iter().enumerate() {
        let kind = format!("dom-frame-{}", number + 1);
        resources.push(resource(&kind, "text/html; charset=utf-8", frame.html.clone().into_bytes()));
    }
    resources.push(resource("text", "text/plain; charset=utf-8", text(capture).into_bytes()));
    let seen = serde_json::to_vec(environment).unwrap_or_default();
    resources.push(resource("environment", "application/json", seen));
    let software = format!("sigu {}; {}", env!("CARGO_PKG_VERSION"), environment.browser.product);
    let contents = Contents {
        pages: &[page],
        exchanges: &capture.exchanges,
        sockets: &capture.sockets,
        resources: &resources,
        software: &software,
        created_at: at,
    };
    let mut packed = std::io::Cursor::new(Vec::new());
    archive::write(&contents, &mut packed)
        .map_err(|error| Problem::fault("fault-capture-file", &[("why", error.to_string())]))?;
    Ok(packed.into_inner())
}

/// Words that may begin with an address.
fn plain_words(detail: &str) -> String {
    let (first, rest) = detail.split_once(' ').map_or((detail, ""), |(first, rest)| (first, rest));
    if !first.contains("://") {
        return detail.to_owned();
    }
    if rest.is_empty() { plain(first) } else { format!("{} {rest}", plain(first)) }
}

/// What the page said of itself; addresses in it are plain.
fn page(capture: &Capture) -> Value {
    let Some(look) = &capture.look else { return Value::Null };
    let mut page = serde_json::to_value(look).unwrap_or_default();
    page["url"] = plain(&look.url).into();
    page["images"] = look.images.iter().map(|url| plain(url)).collect();
    page
}

/// How it was seen: conditions, gaps, what was recognised and where, and the digests of the other files.
fn record(
    deposit: &Deposit,
    capture: &Capture,
    environment: &Environment,
    found: &Found,
    gaps: &[Gap],
    files: &[File],
) -> Vec<u8> {
    let (url, title) = address(deposit, capture);
    let file = |file: &File| {
        json!({ "name": file.name, "media_type": file.media_type, "size": file.bytes.len(),
            "sha256": if file.secret || (file.holds_page && found.shows_secrets()) { Value::Null }
                else { Value::from(ContentId::of(&file.bytes).to_string()) } })
    };
    let record = json!({
        "format": "sigu-capture/1",
        "url": plain(&url),
        "title": title,
        "began_at": capture.began_at.to_string(),
        "ended_at": capture.ended_at.to_string(),
        "page": page(capture),
        "frames": capture.frames.iter().map(|frame| plain(&frame.url)).collect::<Vec<_>>(),
        "requests": capture.exchanges.len(),
        "gaps": gaps,
        "environment": environment,
        "recognised": found.to_json(),
        "files": files.iter().map(file).collect::<Vec<_>>(),
    });
    serde_json::to_vec_pretty(&record).unwrap_or_default()
}
