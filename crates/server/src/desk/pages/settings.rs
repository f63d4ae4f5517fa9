//! 设置: the passphrase, when the desk locks, the recovery key, the language.

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_vault::{Error, Fault, Refusal as VaultRefusal};
use zeroize::Zeroizing;

use crate::desk::lock::IDLE;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::keys::{self, Fit, Form as Kept, Keep, KeyProblem};

const PATH: &str = "/vault/settings";
/// What can have been done, as the address says it after a change.
const DONE: [&str; 6] = ["set", "changed", "removed", "stored", "idle", "recovery"];

type Wrong = BTreeMap<&'static str, String>;

#[derive(Template)]
#[template(path = "settings.html")]
struct Page<'a> {
    frame: Frame<'a>,
    noted: String,
    kept: &'static str,
    says: String,
    has_store: bool,
    idle: Vec<Idle>,
    recovery: String,
    wrong: Wrong,
}

struct Idle {
    minutes: u32,
    label: String,
    chosen: bool,
}

impl Page<'_> {
    /// What is wrong with a field; empty for nothing.
    fn wrong_of(&self, field: &str) -> &str {
        self.wrong.get(field).map_or("", String::as_str)
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.beside(move |visit| draw(visit, &asked.done, Wrong::new())).await
}

fn draw(visit: &Visit, done: &str, wrong: Wrong) -> Result<Response, Refusal> {
    let (words, app) = (&visit.words, &visit.desk.app);
    let kept = keys::form(&app.places)?.code();
    let chosen = visit.desk.lock.idle_minutes();
    let label = |minutes: u32| match minutes {
        0 => words.word("settings-idle-never"),
        minutes => words.say("settings-idle-minutes", &[("minutes", minutes.to_string())]),
    };
    let idle = IDLE.map(|minutes| Idle { minutes, label: label(minutes), chosen: minutes == chosen });
    let done = DONE.iter().find(|one| **one == done);
    let page = Page {
        frame: Frame { path: PATH, ..visit.frame("vault") },
        noted: done.map(|one| words.word(&format!("settings-done-{one}"))).unwrap_or_default(),
        kept,
        says: words.word(&format!("settings-kept-{kept}")),
        has_store: keys::HAS_STORE,
        idle: idle.into(),
        recovery: app.with_vault::<_, Error>(|vault| Ok(vault.recovery_recipient()))?,
        wrong,
    };
    let status = if page.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&page)?).into_response())
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("{PATH}?done={what}")).into_response()
}

/// What is typed to change how the key is kept. Each is wiped when the answer is made.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    what: String,
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// Sets, changes or removes the passphrase, or hands the key to the key store.
pub(super) async fn passphrase(visit: Visit, Form(typed): Form<Typed>) -> Response {
    let desk = visit.desk.clone();
    let _turn = desk.lock.one_at_a_time.lock().await;
    visit.beside(move |visit| change(visit, typed)).await
}

fn change(visit: &Visit, typed: Typed) -> Result<Response, Refusal> {
    if visit.desk.guide.is_some() {
        // Nothing real is in a practice vault, and its desk opens without asking.
        return Err(Refusal::not_found());
    }
    let Typed { what, old, new, again } = typed;
    let (old, new, again) = (Zeroizing::new(old), Zeroizing::new(new), Zeroizing::new(again));
    let (words, app) = (&visit.words, &visit.desk.app);
    let before = keys::form(&app.places)?;
    // The field of the form that was sent: three of them ask for the old passphrase.
    let (field, how, what) = match what.as_str() {
        "remove" => ("remove-old", Keep::Plain, "removed"),
        "store" => ("store-old", Keep::InStore, "stored"),
        _ => ("old", Keep::Under(new), if before == Kept::Passphrase { "changed" } else { "set" }),
    };
    let mut wrong = Wrong::new();
    if let Keep::Under(new) = &how {
        if new.is_empty() {
            wrong.insert("new", words.word("write-needed"));
        } else if *new != again {
            wrong.insert("again", words.word("settings-differ"));
        }
    }
    if before == Kept::Passphrase && old.is_empty() {
        wrong.insert(field, words.word("write-needed"));
    }
    if !wrong.is_empty() {
        return draw(visit, "", wrong);
    }
    let opened = keys::open::<KeyProblem>(&app.places, || Ok(old));
    let changed = opened.and_then(|identity| {
        keys::keep(&app.places, &identity, &how)?;
        app.identity.take_in(identity);
        Ok(())
    });
    let why = match changed {
        Ok(()) => return Ok(done(what)),
        Err(KeyProblem::Vault(Error::Refused(VaultRefusal::WrongPassphrase))) => {
            (field, words.word("lock-wrong"))
        }
        Err(KeyProblem::Vault(error)) => return Err(error.into()),
        Err(KeyProblem::Store(why)) => ("store", words.say("fault-key-store", &[("why", why)])),
        Err(KeyProblem::NoStore) => ("store", words.word("refused-no-key-store")),
    };
    draw(visit, "", Wrong::from([why]))
}

#[derive(Deserialize)]
pub(super) struct IdleAsked {
    #[serde(default)]
    minutes: String,
}

/// Sets after how long the desk locks.
pub(super) async fn idle(visit: Visit, Form(asked): Form<IdleAsked>) -> Response {
    visit
        .beside(move |visit| {
            let minutes = asked.minutes.parse().ok().filter(|minutes| IDLE.contains(minutes));
            let Some(minutes) = minutes else {
                return draw(visit, "", Wrong::from([("minutes", visit.words.word("write-choose"))]));
            };
            let state = &visit.desk.app.places.state;
            let kept = visit.desk.lock.set_idle(&visit.desk.app.places, minutes);
            kept.map_err(|error| Error::from(Fault::io("write", state, error)))?;
            Ok(done("idle"))
        })
        .await
}

#[derive(Deserialize)]
pub(super) struct Recovery {
    #[serde(default)]
    key: String,
}

/// Says whether a typed recovery key is the one of this vault.
pub(super) async fn recovery(visit: Visit, Form(typed): Form<Recovery>) -> Response {
    let key = Zeroizing::new(typed.key);
    visit
        .answer(move |visit, vault| {
            let why = match keys::recovery_fits(&key, &vault.recovery_recipient()) {
                _ if key.trim().is_empty() => "write-needed",
                Fit::Fits => return Ok(done("recovery")),
                Fit::Another => "settings-recovery-another",
                Fit::Mistyped => "settings-recovery-mistyped",
            };
            let why = visit.words.word(why);
            draw(visit, "", Wrong::from([("key", why)]))
        })
        .await
}
