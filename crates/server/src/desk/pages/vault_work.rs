//! What is done with the whole vault: check, backup, the package of one order. Each goes on beside the pages; this is
//! how far it is, and how it ended.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::extract::Path as Address;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::stream;
use serde::Deserialize;
use sigu_vault::{CheckReport, Error, Fault, Severity};

use tokio::io::AsyncReadExt;

use super::vault::read;
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::desk::work::{Ended, Work};
use crate::words::Words;

/// Bytes of a package that are read at once.
const PIECE: usize = 256 << 10;

#[derive(Template)]
#[template(path = "vault_done.html")]
struct Done<'a> {
    frame: Frame<'a>,
    title: String,
    good: bool,
    lines: Vec<String>,
    findings: Vec<Finding>,
    /// Where the package can be fetched; empty where there is none.
    package: String,
}

struct Finding {
    damage: bool,
    what: String,
    place: String,
}

#[derive(Template)]
#[template(path = "vault_going.html")]
struct Going<'a> {
    frame: Frame<'a>,
    id: String,
    title: String,
    how: String,
    /// Of a hundred; `None` while nobody knows how much there is.
    percent: Option<u64>,
    /// Whether it was asked to stop.
    stopping: bool,
}

fn to(id: &str) -> Response {
    Redirect::to(&format!("/vault/work/{id}")).into_response()
}

#[derive(Deserialize)]
pub(super) struct CheckAsked {
    #[serde(default)]
    contents: String,
}

pub(super) async fn check(visit: Visit, Form(asked): Form<CheckAsked>) -> Response {
    begun(&visit, visit.desk.begin_check(asked.contents == "yes"))
}

fn begun(visit: &Visit, begun: Result<String, Error>) -> Response {
    match begun {
        Ok(id) => to(&id),
        Err(error) => visit.refuse(&Refusal::from(error)),
    }
}

#[derive(Deserialize)]
pub(super) struct BackupAsked {
    #[serde(default)]
    folder: String,
}

pub(super) async fn backup(visit: Visit, Form(asked): Form<BackupAsked>) -> Response {
    let folder = PathBuf::from(asked.folder.trim());
    // A relative path would lie wherever the program happens to run.
    if !folder.is_absolute() {
        let why = visit.words.word("house-backup-absolute");
        return visit.answer(move |visit, vault| wrong(visit, vault, asked.folder, why)).await;
    }
    begun(&visit, visit.desk.begin_backup(asked.folder))
}

fn wrong(visit: &Visit, vault: &sigu_vault::Vault, typed: String, why: String) -> Result<Response, Refusal> {
    again(&read(visit, vault)?.with_wrong(typed, why))
}

#[derive(Deserialize)]
pub(super) struct ExportAsked {
    #[serde(default)]
    order: String,
}

pub(super) async fn export(visit: Visit, Form(asked): Form<ExportAsked>) -> Response {
    let Ok(order) = asked.order.parse() else { return visit.refuse(&Refusal::not_found()) };
    begun(&visit, visit.desk.begin_export(order, visit.now))
}

/// How far it is, or how it ended.
pub(super) async fn page(Address(id): Address<String>, visit: Visit) -> Response {
    let Some(work) = visit.desk.work.of(&id) else { return visit.refuse(&Refusal::not_found()) };
    work.nearly().await;
    let refused = match &*work.ended() {
        Some(Ended::NoBackup { typed, why }) => Some((typed.clone(), why.message(&visit.words))),
        _ => None,
    };
    match refused {
        Some((typed, why)) => {
            visit
                .answer(move |visit, vault| {
                    let why = visit.words.say("house-backup-refused", &[("why", why)]);
                    wrong(visit, vault, typed, why)
                })
                .await
        }
        None => shown(&visit, &work).unwrap_or_else(|refusal| visit.refuse(&refusal)),
    }
}

fn shown(visit: &Visit, work: &Arc<Work>) -> Result<Response, Refusal> {
    let ended = work.ended();
    match &*ended {
        None => html(&going(visit, work)),
        Some(ended) => html(&done(visit, work, ended)),
    }
}

fn going<'a>(visit: &'a Visit, work: &Work) -> Going<'a> {
    let (bytes, total, files) = work.standing();
    let values = [("size", size(bytes)), ("files", files.to_string())];
    Going {
        frame: visit.frame("vault"),
        id: work.id.clone(),
        title: visit.words.word(&format!("work-{}", work.kind.code())),
        how: match (bytes, files) {
            (0, 0) => visit.words.word("work-beginning"),
            _ => visit.words.say("work-so-far", &values),
        },
        // What is left after the last byte still takes a moment.
        percent: (total > 0).then(|| (bytes.saturating_mul(100) / total).min(99)),
        stopping: work.stop().is_asked(),
    }
}

/// Megabytes, as people read them.
fn size(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

fn done<'a>(visit: &'a Visit, work: &Work, ended: &Ended) -> Done<'a> {
    let words = &visit.words;
    let done = |key: &str, good, lines| Done {
        frame: visit.frame("vault"),
        title: words.word(key),
        good,
        lines,
        findings: Vec::new(),
        package: String::new(),
    };
    let kind = work.kind.code();
    match ended {
        Ended::Checked { report, contents } => {
            Done { findings: findings(report, words), ..checked(report, *contents, words, done) }
        }
        Ended::BackedUp(outcome) => {
            let values = [
                ("path", outcome.folder.display().to_string()),
                ("copied", outcome.copied.to_string()),
                ("kept", outcome.kept.to_string()),
                ("leaves", outcome.leaves.to_string()),
            ];
            done("house-backed-up", true, vec![words.say("backup-done", &values)])
        }
        Ended::Packed(package) => {
            let values = [("name", name_of(&package.file)), ("size", size(package.bytes.max(100_000)))];
            let lines = vec![words.say("work-packed-what", &values), words.word("work-packed-fetch")];
            let package = format!("/vault/work/{}/package", work.id);
            Done { package, ..done("work-packed", true, lines) }
        }
        Ended::Stopped => done("work-stopped", false, vec![words.word(&format!("work-stopped-{kind}"))]),
        Ended::Failed(why) | Ended::NoBackup { why, .. } => {
            done(&format!("work-failed-{kind}"), false, vec![why.message(words)])
        }
        Ended::Broke => done(&format!("work-failed-{kind}"), false, vec![words.word("page-fault-advice")]),
    }
}

fn checked<'a>(
    report: &CheckReport,
    contents: bool,
    words: &Words,
    done: impl Fn(&str, bool, Vec<String>) -> Done<'a>,
) -> Done<'a> {
    let counts = [
        ("leaves", report.leaves),
        ("checkpoints", report.checkpoints),
        ("blobs", report.blobs),
        ("read", report.blobs_read),
    ];
    let verdict = match (report.clean(), contents) {
        (true, true) => "check-clean",
        (true, false) => "house-check-names-only",
        (false, _) => "check-damaged",
    };
    let counted = words.say("check-counts", &counts.map(|(name, count)| (name, count.to_string())));
    done(verdict, report.clean(), vec![counted])
}

fn findings(report: &CheckReport, words: &Words) -> Vec<Finding> {
    let finding = |one: &sigu_vault::CheckFinding| Finding {
        damage: one.severity == Severity::Damage,
        what: words.word(&format!("check-{}", one.code.code())),
        place: format!(
            "{}{}",
            one.place,
            one.detail.as_deref().map(|detail| words.aside(detail)).unwrap_or_default()
        ),
    };
    report.findings.iter().map(finding).collect()
}

pub(in crate::desk) fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Asks work to stop; it ends at the next place where nothing is half done.
pub(super) async fn stop(Address(id): Address<String>, visit: Visit) -> Response {
    let Some(work) = visit.desk.work.of(&id) else { return visit.refuse(&Refusal::not_found()) };
    work.stop().ask();
    to(&id)
}

/// A file as it is read, piece by piece: however large it is, it is never in memory whole.
fn from_disk(file: std::fs::File) -> Body {
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        let count = file.read(&mut piece).await?;
        piece.truncate(count);
        Ok::<_, std::io::Error>((count > 0).then_some((piece, file)))
    });
    Body::from_stream(pieces)
}

/// Gives the package that was made.
pub(super) async fn package(Address(id): Address<String>, visit: Visit) -> Response {
    visit
        .beside(move |visit| {
            let work = visit.desk.work.of(&id).ok_or_else(Refusal::not_found)?;
            packed(&work)
        })
        .await
}

/// The package as it is handed out.
pub(in crate::desk) fn packed(work: &Work) -> Result<Response, Refusal> {
    let ended = work.ended();
    let Some(Ended::Packed(package)) = &*ended else { return Err(Refusal::not_found()) };
    let fault = |error| Error::from(Fault::io("read", &package.file, error));
    let file = std::fs::File::open(&package.file).map_err(fault)?;
    let bytes = file.metadata().map_err(fault)?.len();
    let disposition = format!("attachment; filename=\"{}\"", name_of(&package.file));
    let head = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        // Whoever fetches it sees where a package that was cut short ends too early.
        (header::CONTENT_LENGTH, bytes.to_string()),
    ];
    Ok((head, from_disk(file)).into_response())
}
