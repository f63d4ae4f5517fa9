//! `sigu fix`: files, folders or standard input become evidence of an order, in one durable commit; then it is told
//! what the files say of themselves.

use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use sigu_case::{Command, Completeness, ItemId, Lateness, OrderId, Slot};
use sigu_evidence::ItemManifest;
use sigu_server::answers;
use sigu_server::fixing::manifest;
use sigu_vault::{Source, SourceFault, StreamSource, Vault};

use super::look::{self, Seen, Sights};
use super::{order_id, time};
use crate::args::FixArgs;
use crate::lang::Words;
use crate::meter::Meter;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

/// One thing to fix: where it comes from and what it is called.
struct Wanted {
    source: Source,
    name: Option<String>,
    /// Where it lies; `None` for standard input.
    path: Option<PathBuf>,
    /// How it is called in answers.
    label: String,
}

pub(super) fn run(context: &Context<'_>, own: &FixArgs) -> Outcome {
    let order = order_id(&own.order)?;
    let slot = Slot::from_code(&own.slot).expect("the command line allows slots only");
    let formed_at = own.formed.as_deref().map(|text| time("--formed", text)).transpose()?;
    let (wanted, mut failed) = collect(own)?;
    if wanted.is_empty() && failed.is_empty() {
        return Err(Problem::refused("refused-nothing-to-fix", &[]));
    }
    let began = clock::now();
    let fixed = session::with(context, |vault| {
        known_order(vault, &order)?;
        take(vault, own, &order, slot, formed_at, wanted, &mut failed)
    })?;
    let files = fixed.iter().map(|one| (one.path.as_ref(), &one.manifest));
    let sights = (!own.no_look).then(|| look::all(files, began));
    Ok(answer(context, &fixed, sights.as_ref(), &failed))
}

/// Asks before gigabytes are read for an order that is not there.
pub(super) fn known_order(vault: &Vault, order: &OrderId) -> Result<(), Problem> {
    match vault.order(order)? {
        Some(_) => Ok(()),
        None => Err(Problem::refused("refused-unknown-order", &[("order", order.to_string())])),
    }
}

/// What was fixed.
struct Fixed {
    item: ItemId,
    label: String,
    /// Where it lies, unless it came by standard input.
    path: Option<PathBuf>,
    manifest: ItemManifest,
    at: Timestamp,
    lateness: Lateness,
}

/// What is left of a wanted thing once its source is handed over: label, name, where it lies.
type Rest = (String, Option<String>, Option<PathBuf>);

/// A source that could not be fixed, and the message that says why.
type Failed = Vec<(String, &'static str, String)>;

fn take(
    vault: &Vault,
    own: &FixArgs,
    order: &OrderId,
    slot: Slot,
    formed_at: Option<Timestamp>,
    wanted: Vec<Wanted>,
    failed: &mut Failed,
) -> Result<Vec<Fixed>, Problem> {
    let meter = Meter::new(total(&wanted));
    let (sources, rest): (Vec<Source>, Vec<Rest>) =
        wanted.into_iter().map(|one| (one.source, (one.label, one.name, one.path))).unzip();
    let answers = vault.ingest(sources, &|progress| meter.add(progress.bytes))?;
    drop(meter);
    let mut labels = Vec::new();
    let mut manifests = Vec::new();
    for (answer, (label, name, path)) in answers.into_iter().zip(rest) {
        match answer {
            Ok(ingested) => {
                manifests.push(manifest(own.secret, slot, &ingested, name, path.is_none()));
                labels.push((label, path));
            }
            Err(fault) => failed.push((label, fault_key(&fault), fault.to_string())),
        }
    }
    let at = clock::now();
    let command = |manifest: &ItemManifest| Command::FixEvidence {
        order: order.clone(),
        slot,
        formed_at,
        note: own.note.clone(),
        manifest: manifest.clone(),
    };
    let items = vault.execute(manifests.iter().map(command).collect(), at)?;
    let archive = vault.order(order)?.map(|order| Completeness::of(&order).archive);
    let judge = || archive.map_or(Lateness::Unknown, |archive| archive.judge(at));
    let fixed = items.into_iter().zip(labels).zip(manifests);
    Ok(fixed
        .map(|((item, (label, path)), manifest)| {
            let lateness = judge();
            Fixed { item, label, path, manifest, at, lateness }
        })
        .collect())
}

fn fault_key(fault: &SourceFault) -> &'static str {
    match fault {
        SourceFault::Read(_) => "source-unreadable",
        SourceFault::NotAFile => "source-not-a-file",
        SourceFault::Changed => "source-changed",
    }
}

fn total(wanted: &[Wanted]) -> u64 {
    let size = |one: &Wanted| match &one.source {
        Source::File(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        Source::Bytes(_) | Source::Stream(_) => 0,
    };
    wanted.iter().map(size).sum()
}

/// Turns the arguments into sources: `-` is standard input, a folder stands for all files in it.
fn collect(own: &FixArgs) -> Result<(Vec<Wanted>, Failed), Problem> {
    let mut wanted = Vec::new();
    let mut failed = Vec::new();
    for path in &own.files {
        if path.as_os_str() == "-" {
            let source = Source::Stream(StreamSource(Box::new(std::io::stdin()) as Box<dyn Read + Send>));
            wanted.push(Wanted { source, name: own.name.clone(), path: None, label: "-".to_owned() });
        } else if path.is_dir() {
            walk(path, &mut wanted, &mut failed);
        } else {
            wanted.push(file(path.clone(), own.name.clone()));
        }
    }
    if own.name.is_some() && wanted.len() > 1 {
        return Err(Problem::usage("usage-one-name", &[]));
    }
    Ok((wanted, failed))
}

/// All regular files below a folder, by name. Links are not followed and named.
fn walk(folder: &Path, wanted: &mut Vec<Wanted>, failed: &mut Failed) {
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => wanted.push(file(entry.into_path(), None)),
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                failed.push((entry.path().display().to_string(), "source-not-a-file", String::new()))
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).display().to_string();
                failed.push((path, "source-unreadable", error.to_string()));
            }
        }
    }
}

fn file(path: PathBuf, name: Option<String>) -> Wanted {
    let own_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let label = path.display().to_string();
    Wanted { source: Source::File(path.clone()), name: name.or(own_name), path: Some(path), label }
}

/// How many items are listed one by one on the terminal.
const LISTED: usize = 20;

fn answer(context: &Context<'_>, fixed: &[Fixed], sights: Option<&Sights>, failed: &Failed) -> Answer {
    let words = context.words;
    let seen = |place: usize| sights.and_then(|sights| sights.each.get(place)?.as_ref());
    let mut lines = Vec::new();
    for (place, one) in fixed.iter().enumerate().take(LISTED) {
        lines.push(line(words, one));
        lines.extend(seen(place).iter().flat_map(|seen| look::lines(words, seen)));
    }
    if fixed.len() > LISTED {
        lines.push(words.say("fixed-more", &[("count", (fixed.len() - LISTED).to_string())]));
    }
    if let Some(last) = fixed.last() {
        let values = [("count", fixed.len().to_string()), ("at", times::show(last.at))];
        lines.push(words.say("fixed-all", &values));
    }
    lines.extend(sights.iter().flat_map(|sights| overall(words, sights)));
    for (label, key, why) in failed {
        lines.push(words.say(key, &[("path", label.clone()), ("why", why.clone())]));
    }
    let each = |(place, one)| fixed_json(one, seen(place));
    let json = json!({
        "fixed": fixed.iter().enumerate().map(each).collect::<Vec<Value>>(),
        "failed": failed.iter().map(not_fixed).collect::<Vec<answers::NotFixed>>(),
        "not_looked": sights.map(|sights| sights.left_out),
    });
    Answer::new(lines.join("\n"), json).with_exit(if failed.is_empty() { 0 } else { 5 })
}

fn not_fixed((path, code, why): &(String, &'static str, String)) -> answers::NotFixed {
    answers::NotFixed { path: path.clone(), code, why: why.clone() }
}

fn line(words: &Words, one: &Fixed) -> String {
    let name = one.manifest.masked.clone().unwrap_or_else(|| sigu_evidence::mask_text(&one.label));
    let late = match one.lateness {
        Lateness::Late { late_by_s } => {
            format!("  {}", words.say("late-by", &[("late", words.span(late_by_s))]))
        }
        _ => String::new(),
    };
    let values = [
        ("item", one.item.to_string()),
        ("name", name),
        ("size", one.manifest.size.to_string()),
        ("digest", digest(&one.manifest)),
    ];
    format!("{}{late}", words.say("fixed-one", &values))
}

/// What is told once about all files that were looked at.
fn overall(words: &Words, sights: &Sights) -> Vec<String> {
    let mut lines = Vec::new();
    let shown = sights.each.iter().take(LISTED).flatten();
    if shown.clone().any(Seen::claims_a_time) {
        lines.push(words.word("looked-claims"));
    }
    let others = sights.each.iter().skip(LISTED).flatten().filter(|seen| seen.is_doubtful()).count();
    if others > 0 {
        lines.push(words.say("looked-others", &[("count", others.to_string())]));
    }
    if sights.left_out > 0 {
        let values = [("count", sights.looked.to_string()), ("left", sights.left_out.to_string())];
        lines.push(words.say("looked-left-out", &values));
    }
    lines
}

/// The digest as far as it may be shown: of a secret only enough to compare two copies.
fn digest(manifest: &ItemManifest) -> String {
    if manifest.secret { manifest.content.prefix8() } else { manifest.content.to_string() }
}

fn fixed_json(one: &Fixed, seen: Option<&Seen>) -> Value {
    let mut fixed = answers::json(&answers::Fixed {
        item: one.item,
        file: answers::File::of(&one.manifest),
        fixed_at: one.at,
        lateness: one.lateness,
    });
    fixed["looked"] = json!(seen.map(Seen::to_json));
    fixed
}
