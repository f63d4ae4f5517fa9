//! 保险库: where it lies, whether it is whole, its fingerprints; backup and export begin here.

use askama::Template;
use axum::response::Response;
use sigu_vault::{Error, Vault};

use crate::at_hand::listed;
use crate::background;
use crate::checker_page;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::show::{Instant, masked};

#[derive(Template)]
#[template(path = "vault.html")]
pub(super) struct Page<'a> {
    frame: Frame<'a>,
    folder: String,
    logs: Vec<Log>,
    checkpoint: String,
    /// The digest of the page for strangers, to be told by another way.
    checker: String,
    recovery: String,
    orders: Vec<(String, String)>,
    version: &'static str,
    /// The id of long work that goes on; empty for none.
    going: String,
    /// What runs by itself.
    background: Vec<Job>,
    /// What was typed for the backup, and what is wrong with it.
    typed: String,
    wrong: Option<String>,
}

/// Something that runs by itself.
struct Job {
    name: String,
    state: String,
    last: Option<Instant>,
    next: Option<Instant>,
}

struct Log {
    number: u32,
    size: u64,
    fingerprint: String,
}

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| html(&read(visit, vault)?)).await
}

/// Reads what the page shows.
pub(super) fn read<'a>(visit: &'a Visit, vault: &Vault) -> Result<Page<'a>, Error> {
    let logs = vault.logs()?.into_iter().rev();
    let logs = logs.map(|(number, _, fingerprint, size)| Log { number, size, fingerprint });
    let lines = visit.at_hand().summaries(vault)?;
    let orders = listed(&lines).into_iter().map(|one| (one.order.clone(), masked(one.title.as_deref())));
    Ok(Page {
        frame: visit.frame("vault"),
        folder: vault.folder().display().to_string(),
        logs: logs.collect(),
        checkpoint: vault.newest_checkpoint()?,
        checker: checker_page::digest(),
        recovery: vault.recovery_recipient(),
        orders: orders.collect(),
        version: visit.desk.app.version,
        going: visit.desk.work.going().map(|work| work.id.clone()).unwrap_or_default(),
        background: jobs(visit, vault),
        typed: String::new(),
        wrong: None,
    })
}

fn jobs(visit: &Visit, vault: &Vault) -> Vec<Job> {
    let instant = |at| Instant::of(at, visit.now, &visit.words);
    let lines = background::lines(&visit.desk, Some(vault), &visit.words).into_iter();
    let job = |line: background::BackgroundLine| Job {
        name: line.name,
        state: line.state,
        last: line.last.map(instant),
        next: line.next.map(instant),
    };
    lines.map(job).collect()
}

impl Page<'_> {
    /// The same page with what was typed for the backup and why it cannot be used.
    pub(super) fn with_wrong(self, typed: String, wrong: String) -> Self {
        // The form was posted elsewhere; whoever changes the language comes back to the page itself.
        Self { frame: Frame { path: "/vault", ..self.frame }, typed, wrong: Some(wrong), ..self }
    }
}
