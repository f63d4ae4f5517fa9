//! 固定证据: files come in and are evidence of the order; card secrets among them are marked.

use askama::Template;
use axum::extract::{Multipart, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::{Command, Exhibit, ItemId, Order, Slot};
use sigu_vault::Vault;

use super::one_order;
use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{masked, size};
use crate::desk::upload::{Came, MAX_FILE, NotTaken, Said, Upload, take};

/// Largest upload, in bytes.
pub(super) const MAX_UPLOAD: usize = MAX_FILE as usize;

#[derive(Template)]
#[template(path = "order_fix.html")]
struct Fix<'a> {
    frame: Frame<'a>,
    order: String,
    title: String,
    /// What was fixed just now, and the sentence that says so.
    fixed: Vec<Fixed>,
    said: String,
    wrong: Vec<String>,
    fields: Vec<Field>,
}

struct Fixed {
    item: String,
    name: String,
    slot: String,
    size: String,
    digest: String,
    secret: bool,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The slot that is wanted.
    #[serde(default)]
    slot: String,
    /// The first item that was fixed just now.
    #[serde(default)]
    from: String,
}

pub(super) async fn page(Path(id): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let order = one_order(vault, &id)?;
            let mut typed = Typed::new(&visit.words, Vec::new());
            typed.suggest("slot", asked.slot);
            let from = asked.from.parse().ok();
            html(&drawn(visit, &order, &typed, from, Vec::new()))
        })
        .await
}

pub(super) async fn fix(Path(id): Path<String>, visit: Visit, form: Multipart) -> Response {
    let words = visit.words.clone();
    let ready = |texts: &[(String, String)]| {
        let mut typed = Typed::new(&words, texts.to_vec());
        typed.time("formed_at");
        !typed.is_wrong()
    };
    let taken = take(&visit.desk.app, form, ready).await;
    visit.answer(move |visit, vault| answer(visit, vault, &id, taken)).await
}

fn answer(
    visit: &Visit,
    vault: &Vault,
    id: &str,
    taken: Result<Upload, NotTaken>,
) -> Result<Response, Refusal> {
    let order = one_order(vault, id)?;
    let upload = match taken {
        Ok(upload) => upload,
        Err(NotTaken::Vault(error)) => return Err(error.into()),
        Err(NotTaken::Gone | NotTaken::TooLarge) => {
            return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault"));
        }
        Err(NotTaken::Form(error)) => {
            let large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let key = if large { "fix-too-large" } else { "fix-broke-off" };
            let typed = Typed::new(&visit.words, Vec::new());
            return refused(visit, &order, &typed, vec![visit.words.word(key)]);
        }
    };
    let mut typed = Typed::new(&visit.words, upload.texts);
    let (commands, mut wrong) = commands(&mut typed, &order, upload.files);
    if commands.is_empty() && wrong.is_empty() {
        let key = if typed.is_wrong() { "fix-choose-again" } else { "fix-nothing" };
        wrong.push(visit.words.word(key));
    }
    if typed.is_wrong() || commands.is_empty() {
        return refused(visit, &order, &typed, wrong);
    }
    match vault.execute(commands, visit.now) {
        Ok(items) if wrong.is_empty() => {
            let first = items.first().map(ToString::to_string).unwrap_or_default();
            Ok(Redirect::to(&format!("/orders/{id}/fix?from={first}")).into_response())
        }
        // Some could not be read; the others are fixed all the same, and both is said.
        Ok(items) => {
            let order = one_order(vault, id)?;
            again(&drawn(visit, &order, &typed, items.first().copied(), wrong))
        }
        Err(error) => {
            typed.blame(error, &[("note", "note"), ("formed_at", "formed_at")])?;
            wrong.push(visit.words.word("fix-choose-again"));
            refused(visit, &order, &typed, wrong)
        }
    }
}

/// The commands that fix what was taken in, and why some was not.
fn commands(typed: &mut Typed<'_>, order: &Order, files: Vec<Came>) -> (Vec<Command>, Vec<String>) {
    let slot = typed.text("slot").and_then(|code| Slot::from_code(&code)).unwrap_or(Slot::Other);
    let said = Said {
        slot: Some(slot),
        formed_at: typed.time("formed_at"),
        note: typed.text("note"),
        secret: typed.ticked("secret"),
    };
    let (mut commands, mut wrong) = (Vec::new(), Vec::new());
    for Came { name, answer } in files {
        match answer {
            Ok(ingested) => commands.push(said.fix(&order.id, &ingested, name)),
            Err(fault) => wrong.push(format!("{}: {fault}", masked(name.as_deref()))),
        }
    }
    (commands, wrong)
}

fn refused(visit: &Visit, order: &Order, typed: &Typed<'_>, wrong: Vec<String>) -> Result<Response, Refusal> {
    again(&drawn(visit, order, typed, None, wrong))
}

fn drawn<'a>(
    visit: &'a Visit,
    order: &Order,
    typed: &Typed<'_>,
    from: Option<ItemId>,
    mut wrong: Vec<String>,
) -> Fix<'a> {
    let words = &visit.words;
    let slots = Slot::ALL.map(|slot| {
        let code = slot.code();
        (code.to_owned(), words.word(&format!("slot-{code}")))
    });
    let fields = vec![
        typed.choice("slot", "fix-slot", slots, None).must(),
        typed.line("note", "arg-note"),
        typed.when("formed_at", "arg-formed"),
        typed.tick("secret", "fix-secret"),
    ];
    wrong.extend(typed.elsewhere(&fields));
    let new = |one: &&Exhibit| from.is_some_and(|from| one.item >= from);
    let fixed: Vec<Fixed> = order.exhibits.iter().filter(new).map(|one| row(one, visit)).collect();
    Fix {
        frame: visit.frame("orders"),
        order: order.id.to_string(),
        title: masked(order.facts.title.as_deref()),
        said: words.say("fix-done", &[("count", fixed.len().to_string())]),
        fixed,
        wrong,
        fields,
    }
}

fn row(one: &Exhibit, visit: &Visit) -> Fixed {
    let manifest = one.manifest();
    let secret = manifest.is_some_and(|manifest| manifest.secret);
    // Of a secret only its mask, and no more of its digest than tells two copies apart.
    let name = manifest.and_then(|manifest| match secret {
        true => manifest.masked.clone(),
        false => manifest.file_name.as_deref().map(sigu_evidence::mask_text),
    });
    Fixed {
        item: one.item.to_string(),
        name: name.unwrap_or_else(|| "…".to_owned()),
        slot: visit.words.word(&format!("slot-{}", one.slot.code())),
        size: manifest.map(|manifest| size(manifest.size)).unwrap_or_default(),
        digest: manifest.map(|manifest| manifest.content.prefix8()).unwrap_or_default(),
        secret,
    }
}
