//! 环境: under which conditions a page was captured, and what they mean for its worth as evidence.
//!
//! # Who changed the page
//! The browser keeps the asynchronous stack of every change of the DOM (`Debugger.setAsyncCallStackDepth`).
//! An observer in a world of its own makes an element for each batch of changes after the parser is done;
//! where that element was made (`DOM.getNodeStackTraces`) tells the stack behind the batch. So a change has a
//! script of the page behind it, or an extension, or a line typed in the console, or no script at all: then
//! DevTools' Elements panel, another program over DevTools, or the browser itself made it. This is
//! read off the stack; only a script without an address and without a maker is judged by whether its source
//! stands in what the page received.
//!
//! What cannot be seen:
//! - changes before the document was parsed (`DOMContentLoaded`), and in a tab that was there before us;
//! - changes that a script of the page overwrote since: what counts is what still stands. Removals are kept
//!   for the last 2,000 batches;
//! - what is no change of the DOM: values typed into or set on form fields, CSS rules edited in the Styles
//!   panel, shadow trees, canvases, pictures;
//! - frames in processes of their own (counted as unwatched);
//! - what a script of the page does when the user calls it by a `javascript:` address the page holds, or by
//!   code that stands word for word in what the page received;
//! - batches: only the first change of a batch has its stack kept; changes of several makers in one batch do
//!   not occur but for breakpoints, where a paused script and a hand may share one;
//! - answers forged before they reach the browser, by a proxy whose certificate the device trusts, and a
//!   browser or device that was altered. Local overrides of DevTools and other answers from inside the
//!   browser show as answers without a remote address ([`Network::addressless`]).
//!
//! The price, measured on two cores: some 8 µs for each `await`, and 20 to 35 µs for each node a script makes
//! thirty calls deep.

mod address;
mod cause;
mod network;
mod notes;
mod offset;
mod watch;
mod words;

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use sigu_evidence::mask::mask_text;

pub use address::{host, without_credentials};
pub use network::{HostLine, Name, Network, host_lines, proxies};
pub use notes::{NOTES, Note, Severity};
pub use offset::{Clock, DOUBTFUL, Sample, clock};
pub use watch::Watch;
pub use words::unexplained;

use crate::clock::now;
use crate::devtools::Session;
use crate::page::{Capture, Look};
use crate::traffic::{TabId, Traffic};

/// What the command line knows of the machine and of the browser it started.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The process's environment variables, or those whose names end with `proxy`.
    pub variables: Vec<(String, String)>,
    /// Where the hosts file is.
    pub hosts_file: PathBuf,
    /// The flags of the browser; `None` when it was attached to.
    pub flags: Option<Vec<String>>,
    /// Whether its profile is kept for captures only.
    pub own_profile: bool,
}

/// The conditions of a capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// When they were looked at, by the device's clock.
    pub taken_at: Timestamp,
    /// The device.
    pub device: Device,
    /// The browser.
    pub browser: Browser,
    /// The way to the servers.
    pub network: Network,
    /// The device's clock against the servers'.
    pub clock: Clock,
    /// Whether the page was changed by hand.
    pub page: PageState,
    /// What matters of it.
    pub notes: Vec<Note>,
}

impl Environment {
    /// Returns how much the worst of the notes matters.
    #[must_use]
    pub fn worst(&self) -> Severity {
        self.notes.iter().map(|note| note.severity).max().unwrap_or(Severity::Fine)
    }
}

/// The device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Device {
    /// The operating system, such as `linux`.
    pub os: String,
    /// The processor, such as `x86_64`.
    pub arch: String,
    /// The time zone the browser uses, such as `Asia/Shanghai`.
    pub zone: String,
    /// The browser's languages, the first one first.
    pub language: String,
    /// The screen's size in CSS pixels.
    pub screen: String,
    /// The platform as the browser says it to pages.
    pub platform: String,
}

/// The browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Browser {
    /// Name and version.
    pub product: String,
    /// The user agent it sends.
    pub user_agent: String,
    /// Its flags; `None` when they are not known.
    pub flags: Option<Vec<String>>,
    /// Whether it runs without a window.
    pub headless: bool,
    /// Whether its profile is kept for captures only.
    pub own_profile: bool,
    /// Ids of extensions that run or ran a script in the tab.
    pub extensions: Vec<String>,
    /// Whether a DevTools window is open.
    pub devtools_open: bool,
}

/// Whether the page was changed after it was loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageState {
    /// Whether changes could be followed at all.
    pub watched: bool,
    /// Whether the watch began only after the document was loaded.
    pub watched_late: bool,
    /// Frames that could not be watched.
    pub unwatched_frames: u32,
    /// Batches of changes that were forgotten because there were too many.
    pub dropped: u64,
    /// Changes that no script of the page made and that still stand.
    pub edits: Vec<Edit>,
    /// How many more changes belong to them.
    pub more: u64,
    /// Texts whose words the page did not receive: of the edits, or of the whole page where it was not
    /// watched from the beginning. A hint.
    pub unexplained: Vec<String>,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A script of the page.
    Page,
    /// An extension, by its id.
    Extension(String),
    /// A line typed in the console, or run over DevTools.
    Console,
    /// No script: the Elements panel of DevTools, a program over DevTools, or the browser itself.
    Nobody,
}

/// A change that no script of the page made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// When, by the device's clock.
    pub at: Timestamp,
    /// Who made it.
    pub by: By,
    /// `text`, `attribute`, `added` or `removed`.
    pub kind: String,
    /// The attribute, or the node's name.
    pub name: String,
    /// Where: the way to the element.
    pub place: String,
    /// What stood there before, secrets masked; empty for what was added.
    pub before: String,
    /// What stands there now, secrets masked; empty for what was removed.
    pub after: String,
}

/// Looks at the conditions of a capture, right after it was made.
///
/// What cannot be found out is left empty and noted; nothing here fails.
pub async fn examine(
    traffic: &Traffic,
    tab: &TabId,
    watch: &Watch,
    capture: &Capture,
    machine: &Machine,
) -> Environment {
    let session = traffic.session(tab);
    let main = capture.look.as_ref().and_then(|look| host(&look.url));
    let flags = machine.flags.as_deref().unwrap_or_default();
    let (browser, network, page) = tokio::join!(
        browser(session.as_ref(), watch, machine),
        network::examine(&machine.variables, flags, &machine.hosts_file, &capture.exchanges, main),
        page(traffic, tab, watch, capture),
    );
    let taken_at = now();
    let device = device(capture.look.as_ref());
    let clock = clock(&capture.exchanges);
    let mut notes = notes::device(&device, taken_at);
    notes.extend(notes::browser(&browser));
    notes.extend(notes::network(&network));
    notes.push(notes::clock(&clock));
    notes.extend(notes::page(&page));
    Environment { taken_at, device, browser, network, clock, page, notes }
}

fn device(look: Option<&Look>) -> Device {
    let own = |field: fn(&Look) -> &String| look.map(field).cloned().unwrap_or_default();
    Device {
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        zone: own(|look| &look.zone),
        language: own(|look| &look.languages),
        screen: own(|look| &look.screen),
        platform: own(|look| &look.platform),
    }
}

async fn browser(session: Option<&Session>, watch: &Watch, machine: &Machine) -> Browser {
    let limit = Duration::from_secs(3);
    let (mut version, mut targets) = (Value::Null, Value::Null);
    if let Some(session) = session {
        let browser = session.devtools().browser();
        version = browser.call_within("Browser.getVersion", json!({}), limit).await.unwrap_or_default();
        let all = json!({ "filter": [{}] });
        targets = browser.call_within("Target.getTargets", all, limit).await.unwrap_or_default();
    }
    let targets = targets["targetInfos"].as_array().into_iter().flatten();
    let urls: Vec<&str> = targets.filter_map(|target| target["url"].as_str()).collect();
    let mut extensions: Vec<String> =
        urls.iter().filter_map(|url| cause::extension(url)).map(str::to_owned).collect();
    extensions.extend(session.map(|session| watch.extensions(session)).unwrap_or_default());
    extensions.sort();
    extensions.dedup();
    let text = |name: &str| version[name].as_str().unwrap_or_default().to_owned();
    let flags = machine.flags.as_ref();
    let named = flags.is_some_and(|flags| flags.iter().any(|flag| flag.starts_with("--headless")));
    Browser {
        product: text("product"),
        user_agent: text("userAgent"),
        headless: named || text("product").contains("Headless") || text("userAgent").contains("Headless"),
        flags: flags
            .map(|flags| flags.iter().filter(|flag| !is_folder(flag)).map(|flag| shown(flag)).collect()),
        own_profile: machine.own_profile,
        extensions,
        devtools_open: urls.iter().any(|url| url.starts_with("devtools://")),
    }
}

/// The profile's folder says nothing of the page, and often the user's name.
fn is_folder(flag: &str) -> bool {
    flag.starts_with("--user-data-dir")
}

/// A flag without user and password of a proxy or address in it.
fn shown(flag: &str) -> String {
    let plain = || if flag.contains("://") { without_credentials(flag) } else { flag.to_owned() };
    proxies(&[], &[flag.to_owned()]).pop().unwrap_or_else(plain)
}

async fn page(traffic: &Traffic, tab: &TabId, watch: &Watch, capture: &Capture) -> PageState {
    // Most pages are as they came: what a heavy one received is searched only when something is to be explained.
    let received = LazyLock::new(|| words::Received::of(capture));
    let with_dom = LazyLock::new(|| {
        let dom = capture.look.as_ref().map_or("", |look| look.html.as_str());
        let frames: String = capture.frames.iter().map(|frame| frame.html.as_str()).collect();
        words::Received::default().with(dom).with(&frames)
    });
    let known = |source: &str| received.has(source) || with_dom.has(source);
    let mut state = watch.read(traffic, tab, &known).await;
    let text = capture.look.as_ref().map_or("", |look| look.text.as_str());
    let unexplained = if state.watched && !state.watched_late {
        if state.edits.is_empty() {
            return state;
        }
        received.unexplained(state.edits.iter().map(|edit| edit.after.as_str()))
    } else {
        received.unexplained(text.lines())
    };
    state.unexplained = unexplained.iter().map(|text| mask_text(text)).collect();
    state
}
