//! What is done with the whole vault: check, backup, the package of one order. Each says what was done.

use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;
use axum::Form;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sigu_vault::{CheckOptions, Error, ExportPlan, Fault, Severity, Vault, Withhold, os_entropy};

use super::vault::read;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::index_page;
use crate::pairing::hex;

#[derive(Template)]
#[template(path = "vault_done.html")]
struct Done<'a> {
    frame: Frame<'a>,
    title: String,
    good: bool,
    lines: Vec<String>,
    findings: Vec<Finding>,
}

struct Finding {
    damage: bool,
    what: String,
    place: String,
}

/// The frame of an answer to a form: it cannot be asked for again by its address.
fn frame(visit: &Visit) -> Frame<'_> {
    Frame { path: "/vault", ..visit.frame("vault") }
}

#[derive(Deserialize)]
pub(super) struct CheckAsked {
    #[serde(default)]
    contents: String,
}

pub(super) async fn check(visit: Visit, Form(asked): Form<CheckAsked>) -> Response {
    visit.beside(move |visit| html(&checked(visit, asked.contents == "yes")?)).await
}

fn checked(visit: &Visit, read_data: bool) -> Result<Done<'_>, Error> {
    let (words, app) = (&visit.words, &visit.desk.app);
    let report = sigu_vault::check(&app.places, &app.identity, CheckOptions { read_data }, &|_| {})?;
    let counts = [
        ("leaves", report.leaves),
        ("checkpoints", report.checkpoints),
        ("blobs", report.blobs),
        ("read", report.blobs_read),
    ];
    let verdict = match (report.clean(), read_data) {
        (true, true) => "check-clean",
        (true, false) => "house-check-names-only",
        (false, _) => "check-damaged",
    };
    let findings = report.findings.iter().map(|one| Finding {
        damage: one.severity == Severity::Damage,
        what: words.word(&format!("check-{}", one.code.code())),
        place: format!(
            "{}{}",
            one.place,
            one.detail.as_deref().map(|detail| words.aside(detail)).unwrap_or_default()
        ),
    });
    Ok(Done {
        frame: frame(visit),
        title: words.word(verdict),
        good: report.clean(),
        lines: vec![words.say("check-counts", &counts.map(|(name, count)| (name, count.to_string())))],
        findings: findings.collect(),
    })
}

#[derive(Deserialize)]
pub(super) struct BackupAsked {
    #[serde(default)]
    folder: String,
}

pub(super) async fn backup(visit: Visit, Form(asked): Form<BackupAsked>) -> Response {
    visit.answer(move |visit, vault| backed_up(visit, vault, asked.folder)).await
}

fn backed_up(visit: &Visit, vault: &Vault, typed: String) -> Result<Response, Refusal> {
    let words = &visit.words;
    let folder = PathBuf::from(typed.trim());
    // A relative path would lie wherever the program happens to run.
    let done = match folder.is_absolute() {
        true => sigu_vault::backup(vault, &folder, &|_| {}),
        false => return wrong(visit, vault, typed, words.word("house-backup-absolute")),
    };
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(error @ (Error::Refused(_) | Error::Fault(Fault::Io { .. }))) => {
            return wrong(
                visit,
                vault,
                typed,
                words.say("house-backup-refused", &[("why", error.to_string())]),
            );
        }
        Err(other) => return Err(other.into()),
    };
    let values = [
        ("path", outcome.folder.display().to_string()),
        ("copied", outcome.copied.to_string()),
        ("kept", outcome.kept.to_string()),
        ("leaves", outcome.leaves.to_string()),
    ];
    html(&Done {
        frame: frame(visit),
        title: words.word("house-backed-up"),
        good: true,
        lines: vec![words.say("backup-done", &values)],
        findings: Vec::new(),
    })
}

fn wrong(visit: &Visit, vault: &Vault, typed: String, why: String) -> Result<Response, Refusal> {
    let page = html(&read(visit, vault)?.with_wrong(typed, why))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Deserialize)]
pub(super) struct ExportAsked {
    #[serde(default)]
    order: String,
}

pub(super) async fn export(visit: Visit, Form(asked): Form<ExportAsked>) -> Response {
    visit.answer(move |visit, vault| exported(visit, vault, &asked.order)).await
}

/// Makes the package in a folder of its own in the state folder, which is gone when it was read.
fn exported(visit: &Visit, vault: &Vault, order: &str) -> Result<Response, Refusal> {
    let order = order.parse().map_err(|_| Refusal::not_found())?;
    let mut random = [0; 8];
    os_entropy(&mut random);
    let folder = visit.desk.app.places.state.join(format!("export-{}", hex(&random)));
    let io = |error: std::io::Error| Error::from(Fault::io("write", &folder, error));
    fs::create_dir_all(&folder).map_err(io)?;
    let made = packed(visit, vault, order, &folder);
    // What was made is in memory; a folder that stays behind holds no secret and is named as ours.
    let _ = fs::remove_dir_all(&folder);
    let (name, bytes) = made?;
    let disposition = format!("attachment; filename=\"{name}\"");
    let head =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((head, bytes).into_response())
}

fn packed(
    visit: &Visit,
    vault: &Vault,
    order: sigu_case::OrderId,
    folder: &Path,
) -> Result<(String, Vec<u8>), Error> {
    // Secrets stay withheld: that is what the rule is without a word of the user.
    let plan = ExportPlan {
        order,
        withhold: Withhold::default(),
        recipient: None,
        out: None,
        folder: folder.to_owned(),
    };
    let summary = vault.export(&plan, visit.now, &index_page::render, &|_| {})?;
    let bytes = fs::read(&summary.path).map_err(|error| Fault::io("read", &summary.path, error))?;
    let name = summary.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, bytes))
}
