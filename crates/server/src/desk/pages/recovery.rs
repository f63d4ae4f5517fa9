//! 新的恢复密钥: made when the paper is lost or was seen, and shown on one page, once.

use askama::Template;
use axum::Form;
use axum::response::Response;
use serde::Deserialize;
use sigu_evidence::Identity;
use sigu_vault::{Disk, Error, Refusal as VaultRefusal, replace_recovery};
use zeroize::Zeroizing;

use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::keys::{self, Form as Kept, KeyProblem};

const PATH: &str = "/vault/settings";
/// Letters that stand together, so that a line can be copied by hand.
const GROUP: usize = 6;

#[derive(Template)]
#[template(path = "recovery.html")]
struct Ask<'a> {
    frame: Frame<'a>,
    asks: bool,
    /// What is wrong with the passphrase, and with what was not ticked; empty for nothing.
    old: String,
    ready: String,
}

/// The new key; wiped when the page is made.
#[derive(Template)]
#[template(path = "recovery_made.html")]
struct Made<'a> {
    frame: Frame<'a>,
    key: Zeroizing<String>,
}

impl Made<'_> {
    /// The key in groups; together they are the key.
    fn groups(&self) -> impl Iterator<Item = &str> {
        // The key is ASCII: every group is whole characters.
        self.key.as_bytes().chunks(GROUP).filter_map(|group| str::from_utf8(group).ok())
    }
}

fn draw<'a>(visit: &'a Visit, old: &str, ready: &str) -> Result<Ask<'a>, Refusal> {
    let frame = Frame { path: PATH, ..visit.frame("vault") };
    let asks = keys::form(&visit.desk.app.places)? == Kept::Passphrase;
    let word = |key: &str| if key.is_empty() { String::new() } else { visit.words.word(key) };
    Ok(Ask { frame, asks, old: word(old), ready: word(ready) })
}

pub(super) async fn page(visit: Visit) -> Response {
    visit.beside(|visit| html(&draw(visit, "", "")?)).await
}

/// What is typed. The passphrase is wiped when the answer is made.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    old: String,
    #[serde(default)]
    ready: String,
}

/// Makes a new recovery key and shows it.
pub(super) async fn make(visit: Visit, Form(typed): Form<Typed>) -> Response {
    let desk = visit.desk.clone();
    let _turn = desk.lock.one_at_a_time.lock().await;
    visit.beside(move |visit| made(visit, &typed.ready, Zeroizing::new(typed.old))).await
}

fn made(visit: &Visit, ready: &str, old: Zeroizing<String>) -> Result<Response, Refusal> {
    let places = &visit.desk.app.places;
    if ready.is_empty() {
        return again(&draw(visit, "", "recovery-not-ready")?);
    }
    let replaced = keys::open::<KeyProblem>(places, || Ok(old))
        .and_then(|identity: Identity| Ok(replace_recovery(&places.vault, &identity, &Disk::default())?));
    match replaced {
        Ok(recovery) => {
            let frame = Frame { path: PATH, ..visit.frame("vault") };
            html(&Made { frame, key: recovery.to_secret_string() })
        }
        Err(KeyProblem::Vault(Error::Refused(VaultRefusal::WrongPassphrase))) => {
            again(&draw(visit, "lock-wrong", "")?)
        }
        Err(KeyProblem::Vault(error)) => Err(error.into()),
        Err(problem) => Err(Refusal::because("page-fault", problem.to_string())),
    }
}
