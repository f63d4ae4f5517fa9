//! 沟通: the dialogue as a chat, what came back, and the next words with what stands between them and being sent.

mod enclosed;
mod saying;

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::report::{Body, MessageJudged, Sense, SilenceNoted};
use sigu_case::timeline::{TimelineRow, timeline};
use sigu_case::tone::Venue;
use sigu_case::{Channel, Command, Direction, House, ItemId, Message, Order, OrderId, View};
use sigu_vault::{Error, Vault};

use self::enclosed::Enclosed;
use self::saying::{Compose, Drafted, NotYetSaid, drafted, limit};
use super::one_order;
use super::order::Leaf;
use crate::desk::clauses::{Clause, clauses};
use crate::desk::draft::{Draft, Edit, changed, looked_over};
use crate::desk::form::{Choice, Field, Typed};
use crate::desk::found::found;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{Instant, masked};
use crate::talking::{self, Line, Sending};

#[derive(Template)]
#[template(path = "order_talk.html")]
struct Talk<'a> {
    frame: Frame<'a>,
    order: String,
    title: String,
    rows: Vec<Row>,
    reply: Vec<Field>,
    reply_wrong: Vec<String>,
    not_yet: Option<NotYetSaid>,
    /// Whether another draft than the usual one is asked for.
    wished: bool,
    draft: Vec<Field>,
    kind: String,
    due_at: String,
    editor: Draft,
    answer_by: Option<Instant>,
    clauses: Vec<Clause>,
    enclosed: Vec<Enclosed>,
    /// Whether something was chosen to go along.
    encloses: bool,
    send: Vec<Field>,
    send_wrong: Vec<String>,
}

/// A row of the chat.
struct Row {
    side: &'static str,
    item: String,
    who: String,
    at: Instant,
    channel: String,
    what: String,
    due: Option<Instant>,
    sense: String,
    /// What it may be put right to; empty for silence.
    right: Vec<Choice>,
    /// What was sent with it, with its name.
    with: Vec<(Leaf, String)>,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    due_at: String,
}

type Pairs = Vec<(String, String)>;

pub(super) async fn page(Path(id): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let pairs = vec![("kind".to_owned(), asked.kind), ("due_at".to_owned(), asked.due_at)];
            let mut typed = Typed::new(&visit.words, pairs);
            typed.time("due_at");
            draw(visit, vault, &id, &typed, Answered::Nothing)
        })
        .await
}

pub(super) async fn change(Path(id): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit.answer(move |visit, vault| answer(visit, vault, &id, Typed::new(&visit.words, pairs))).await
}

/// Looks over words while they are written.
pub(super) async fn check(Path(id): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .answer(move |visit, vault| {
            let typed = Typed::new(&visit.words, pairs);
            let order = one_order(vault, &id)?;
            if let Some(edit) = Edit::of(&typed.raw("what")) {
                return Ok(changed(&edited(visit, vault, &order, &typed, &edit)?));
            }
            looked_over(visit, vault, &order, Venue::MerchantChat, typed.raw("text"), limit)
        })
        .await
}

/// Which form of the page was sent and could not be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answered {
    Nothing,
    Reply,
    Send,
}

/// The text as a button of the page asks for it.
fn edited(
    visit: &Visit,
    vault: &Vault,
    order: &Order,
    typed: &Typed<'_>,
    edit: &Edit,
) -> Result<String, Refusal> {
    let state = vault.house()?;
    let house = House::of(&state);
    let view = View::new(order, &house, visit.now);
    let look = |text: &str| {
        let gate = talking::gate(vault, &view, Venue::MerchantChat, text)?;
        Ok(found(&gate, text, &visit.words))
    };
    let names = enclosed::names(&enclosed::all(vault, &view, typed, visit)?);
    Ok(edit.apply(typed.raw("text"), &clauses(&view, &visit.words), &names, look)?)
}

fn answer(visit: &Visit, vault: &Vault, id: &str, mut typed: Typed<'_>) -> Result<Response, Refusal> {
    let whole = one_order(vault, id)?;
    if let Some(edit) = Edit::of(&typed.raw("what")) {
        let text = edited(visit, vault, &whole, &typed, &edit)?;
        typed.put("text", text);
        return draw(visit, vault, id, &typed, Answered::Send);
    }
    let order = whole.id;
    let (form, done) = match typed.raw("what").as_str() {
        "reply" => (Answered::Reply, reply(visit, vault, &order, &mut typed)),
        "send" => (Answered::Send, send(visit, vault, id, &mut typed)),
        "sense" => (Answered::Nothing, sense(visit, vault, &order, &mut typed)),
        "silence" => {
            let noted = SilenceNoted { at: visit.now, order, body: Body::Merchant };
            let done = vault.execute(vec![Command::Report(noted.into())], visit.now);
            (Answered::Nothing, done.map(|items| items.first().copied()))
        }
        _ => return Err(Refusal::not_found()),
    };
    match done {
        Ok(Some(item)) => return Ok(Redirect::to(&format!("/orders/{id}/talk#m{item}")).into_response()),
        Ok(None) => {}
        Err(error) => {
            typed.blame(error, &[("said_at", "said_at"), ("text", "text"), ("due_at", "due_at")])?
        }
    }
    let page = draw(visit, vault, id, &typed, form)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn channel(typed: &Typed<'_>) -> Channel {
    typed.text("via").and_then(|code| Channel::from_code(&code)).unwrap_or(Channel::Platform)
}

/// Records what came back; `None` where something is wrong with it.
fn reply(
    visit: &Visit,
    vault: &Vault,
    order: &OrderId,
    typed: &mut Typed<'_>,
) -> Result<Option<ItemId>, Error> {
    let (text, said_at) = (typed.needed("came"), typed.time("came_at").unwrap_or(visit.now));
    let Some(text) = text.filter(|_| !typed.is_wrong()) else { return Ok(None) };
    let (order, direction, channel) = (order.clone(), Direction::In, channel(typed));
    let (item, _) = talking::record(vault, Line { order, said_at, direction, channel, text }, visit.now)?;
    Ok(Some(item))
}

fn sense(
    visit: &Visit,
    vault: &Vault,
    order: &OrderId,
    typed: &mut Typed<'_>,
) -> Result<Option<ItemId>, Error> {
    let (message, due_at) = (typed.item("message"), typed.time("due_at"));
    let (Some(message), Some(sense)) = (message, typed.chosen::<Sense>("sense")) else { return Ok(None) };
    if typed.is_wrong() {
        return Ok(None);
    }
    let judged = MessageJudged { at: visit.now, order: order.clone(), message, sense, due_at };
    vault.execute(vec![Command::Report(judged.into())], visit.now)?;
    Ok(Some(message))
}

/// Records words as sent, unless something stands against them that was not expressly overridden.
fn send(visit: &Visit, vault: &Vault, id: &str, typed: &mut Typed<'_>) -> Result<Option<ItemId>, Error> {
    let (text, said_at) = (typed.needed("text"), typed.time("said_at").unwrap_or(visit.now));
    let order = vault.order(&id.parse().map_err(|_| unknown(id))?)?.ok_or_else(|| unknown(id))?;
    let Some(text) = text.filter(|_| !typed.is_wrong()) else { return Ok(None) };
    let state = vault.house()?;
    let house = House::of(&state);
    let view = View::new(&order, &house, visit.now);
    let enclosed = enclosed::all(vault, &view, typed, visit)?;
    let Some(exhibits) = enclosed::chosen(&enclosed, typed) else {
        typed.refuse("with", visit.words.word("talk-with-secret"));
        return Ok(None);
    };
    let letter = drafted(&view, typed).ok();
    let sending = Sending {
        text,
        draft: letter.as_ref(),
        said_at,
        channel: channel(typed),
        exhibits,
        anyway: typed.ticked("anyway"),
    };
    match talking::send(vault, &view, sending, visit.now)? {
        Ok(item) => Ok(Some(item)),
        Err(_) => {
            typed.refuse("anyway", visit.words.word("talk-not-yet-sent"));
            Ok(None)
        }
    }
}

fn unknown(id: &str) -> Error {
    sigu_vault::Refusal::Entry(id.to_owned()).into()
}

fn draw(
    visit: &Visit,
    vault: &Vault,
    id: &str,
    typed: &Typed<'_>,
    form: Answered,
) -> Result<Response, Refusal> {
    let order = one_order(vault, id)?;
    let state = vault.house()?;
    let house = House::of(&state);
    let view = View::new(&order, &house, visit.now);
    let words = &visit.words;
    let empty = Typed::new(words, Vec::new());
    let own = |wanted| if form == wanted { typed } else { &empty };
    let reply = reply_fields(own(Answered::Reply));
    let kept = (form == Answered::Send).then(|| typed.raw("text"));
    let Drafted { compose, not_yet, wished, draft } = Drafted::of(&view, typed, visit);
    let Compose { kind, due_at, text, answer_by } = compose;
    let text = kept.unwrap_or(text);
    let editor = Draft::of(vault, &view, Venue::MerchantChat, text, limit(&view), words)?;
    let send = send_fields(own(Answered::Send), editor.blocked);
    let enclosed = enclosed::all(vault, &view, own(Answered::Send), visit)?;
    html(&Talk {
        frame: visit.frame("orders"),
        order: order.id.to_string(),
        title: masked(order.facts.title.as_deref()),
        rows: rows(&view, visit),
        reply_wrong: own(Answered::Reply).elsewhere(&reply),
        reply,
        not_yet,
        wished,
        draft,
        kind,
        due_at,
        editor,
        answer_by,
        clauses: clauses(&view, words),
        encloses: enclosed.iter().any(|one| one.chosen),
        enclosed,
        send_wrong: own(Answered::Send).elsewhere(&send),
        send,
    })
}

fn channels(typed: &Typed<'_>, visit_words: &crate::words::Words) -> Field {
    let named = Channel::ALL.map(|one| {
        let code = one.code();
        (code.to_owned(), visit_words.word(&format!("channel-{}", code.replace('_', "-"))))
    });
    typed.choice("via", "arg-via", named, None).must()
}

fn reply_fields(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.area("came", "talk-their-words").must(),
        typed.when("came_at", "talk-when"),
        channels(typed, typed.words()),
    ]
}

fn send_fields(typed: &Typed<'_>, blocked: bool) -> Vec<Field> {
    let mut fields = vec![typed.when("said_at", "talk-when-sent"), channels(typed, typed.words())];
    if blocked {
        fields.push(typed.tick("anyway", "arg-anyway"));
    }
    fields
}

fn rows(view: &View<'_>, visit: &Visit) -> Vec<Row> {
    let order: &Order = &view.order;
    let said: BTreeMap<ItemId, &Message> = order.messages.iter().map(|one| (one.item, one)).collect();
    let with = |row: Row, message: Option<&&Message>| {
        let items = message.map(|one| one.detail.exhibits.as_slice()).unwrap_or_default();
        let named = |item: &ItemId| (Leaf::of(order, *item), enclosed::name(order, *item, &visit.words));
        Row { with: items.iter().map(named).collect(), ..row }
    };
    let whole = |one: &TimelineRow| {
        let message = one.item.filter(|_| one.channel.is_some()).and_then(|item| said.get(&item));
        with(row(one, message.map(|one| one.direction), visit), message)
    };
    timeline(view).iter().map(whole).collect()
}

fn row(one: &TimelineRow, direction: Option<Direction>, visit: &Visit) -> Row {
    let words = &visit.words;
    let side = match direction {
        Some(Direction::Out) => "mine",
        Some(Direction::In) => "theirs",
        None => "silence",
    };
    let named = |sense: Sense| words.word(&format!("sense-{}", sense.code()));
    let read = one.sense.map_or_else(|| words.word("talk-no-sense"), named);
    let choice = |sense: &Sense| Choice {
        value: sense.code().to_owned(),
        label: named(*sense),
        chosen: one.sense == Some(*sense),
    };
    let right = direction.map(|_| Sense::ALL.iter().map(choice).collect()).unwrap_or_default();
    let code = |channel: Channel| format!("channel-{}", channel.code().replace('_', "-"));
    let shown = direction.map(|side| words.word(&format!("said-{}", side.code())));
    Row {
        side,
        item: direction.and(one.item).map(|item| item.to_string()).unwrap_or_default(),
        who: shown.unwrap_or_else(|| one.who.clone()),
        at: Instant::of(one.at, visit.now, words),
        channel: one.channel.map(|channel| words.word(&code(channel))).unwrap_or_default(),
        what: if one.what.is_empty() { words.word("erased") } else { one.what.clone() },
        due: one.due_at.filter(|_| direction.is_some()).map(|at| Instant::of(at, visit.now, words)),
        sense: words.say("message-read-as", &[("sense", read)]),
        right,
        with: Vec::new(),
    }
}
