//! What is said and submitted: the dialogue, drafts, what is found in words, the statement.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use sigu_case::appeal::Variant;
use sigu_case::letter::{LetterKind, send_plan};
use sigu_case::next::next_step;
use sigu_case::report::Body;
use sigu_case::timeline::timeline;
use sigu_case::tone::Venue;
use sigu_case::{Channel, Direction, House, View};
use sigu_evidence::mask_text;
use utoipa::{IntoParams, ToSchema};

use super::call::{Asked, Reads, Sent, Writes, found, item, made, one_of, order, unfit};
use super::made::unprocessable;
use crate::answers::{Filed, Letter, LookedOver, Said, Statement, Talk, shapes};
use crate::filing;
use crate::problem::Problem;
use crate::refusing::{of_gate, of_not_stated, of_not_yet};
use crate::talking::{self, Line, Sending, Wished};

/// The dialogue, with a row wherever an answer or a promise did not come in time.
#[utoipa::path(get, path = "/orders/{order}/talk", tag = "talk",
    params(("order" = String, Path, description = "The label.")), responses((status = 200, body = Talk)))]
pub(super) async fn talk(call: Reads, Path(label): Path<String>) -> Response {
    call.answer(move |call, vault| {
        let (order, state) = (order(vault, &label)?, vault.house()?);
        let house = House::of(&state);
        let timeline = timeline(&View::new(&order, &house, call.now));
        found(Talk { order: order.id.clone(), timeline })
    })
    .await
}

/// A line of dialogue.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Line)]
pub(super) struct Message {
    /// The words.
    text: String,
    /// Who spoke; the other side if nothing is said.
    #[schema(value_type = Option<shapes::DirectionWord>)]
    direction: Option<String>,
    /// Where; on the platform if nothing is said.
    #[schema(value_type = Option<shapes::ChannelWord>)]
    channel: Option<String>,
    /// When; now if nothing is said.
    said_at: Option<Timestamp>,
}

fn channel(code: Option<&str>) -> Result<Channel, Problem> {
    code.map_or(Ok(Channel::Platform), |code| Channel::from_code(code).ok_or_else(|| unfit("channel")))
}

/// Records a line of dialogue. What it does is read from its words; a note `message.judged` says otherwise.
#[utoipa::path(post, path = "/orders/{order}/messages", tag = "talk", request_body = Message,
    params(("order" = String, Path, description = "The label.")), responses((status = 201, body = Said)))]
pub(super) async fn say(call: Writes, Path(label): Path<String>, Sent(sent): Sent<Message>) -> Response {
    call.answer(move |call, vault| {
        let id = order(vault, &label)?.id;
        let direction = sent.direction.as_deref().unwrap_or("in");
        let direction = Direction::from_code(direction).ok_or_else(|| unfit("direction"))?;
        let channel = channel(sent.channel.as_deref())?;
        let said_at = sent.said_at.unwrap_or(call.now);
        let line = Line { order: id, said_at, direction, channel, text: sent.text };
        let (item, detail) = talking::record(vault, line, call.now)?;
        let (order, state) = (order(vault, &label)?, vault.house()?);
        let house = House::of(&state);
        let theirs = direction == Direction::In;
        made(Said {
            item,
            said_at,
            off_platform: channel == Channel::OffPlatform,
            sense: detail.sense,
            due_at: detail.due_at,
            next: theirs.then(|| next_step(&View::new(&order, &house, call.now))),
        })
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Drafted {
    /// Which letter; what answers the newest thing said, if nothing is said.
    #[param(value_type = Option<shapes::LetterKind>)]
    kind: Option<String>,
    /// Until when it asks for an answer.
    due_at: Option<Timestamp>,
    /// Whether citations that are to be checked may stand in it.
    #[serde(default)]
    cite_unverified: bool,
}

/// The next letter, what stands against it, and what to send with it.
#[utoipa::path(get, path = "/orders/{order}/notice", tag = "talk",
    params(("order" = String, Path, description = "The label."), Drafted), responses((status = 200, body = Letter<'_>)))]
pub(super) async fn draft(call: Reads, Path(label): Path<String>, Asked(asked): Asked<Drafted>) -> Response {
    call.answer(move |call, vault| {
        let (order, state) = (order(vault, &label)?, vault.house()?);
        let house = House::of(&state);
        let view = View::new(&order, &house, call.now);
        let kind = kind(asked.kind.as_deref(), &view)?;
        let letter = talking::letter(&view, kind, asked.due_at, asked.cite_unverified)
            .map_err(|why| unprocessable(of_not_yet(why, &order.id)))?;
        let gate = talking::gate(vault, &view, Venue::MerchantChat, &letter.text)?;
        let (text, plan) = (mask_text(&letter.text), send_plan(&view, &letter));
        found(Letter { letter: &letter, text, gate: &gate, plan, sent: None })
    })
    .await
}

fn kind(code: Option<&str>, view: &View<'_>) -> Result<LetterKind, Problem> {
    code.map_or_else(|| Ok(talking::fitting(view)), |code| one_of("kind", code))
}

/// Words that were sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sends {
    /// The words; the draft if nothing is said.
    text: Option<String>,
    /// Which draft.
    #[schema(value_type = Option<shapes::LetterKind>)]
    kind: Option<String>,
    /// Until when the draft asks for an answer.
    due_at: Option<Timestamp>,
    /// When they were sent; now if nothing is said.
    said_at: Option<Timestamp>,
    /// Where; on the platform if nothing is said.
    #[schema(value_type = Option<shapes::ChannelWord>)]
    channel: Option<String>,
    /// What was sent with them.
    #[serde(default)]
    with: Vec<String>,
    /// Whether they were sent in spite of what stands against them; that is recorded.
    #[serde(default)]
    anyway: bool,
}

/// Records words as sent. What must not leave is refused, unless it was sent anyway.
#[utoipa::path(post, path = "/orders/{order}/notice", tag = "talk", request_body = Sends,
    params(("order" = String, Path, description = "The label.")), responses((status = 201, body = Letter<'_>)))]
pub(super) async fn send(call: Writes, Path(label): Path<String>, Sent(sent): Sent<Sends>) -> Response {
    call.answer(move |call, vault| {
        let (order, state) = (order(vault, &label)?, vault.house()?);
        let house = House::of(&state);
        let view = View::new(&order, &house, call.now);
        let letter = talking::letter(&view, kind(sent.kind.as_deref(), &view)?, sent.due_at, false)
            .map_err(|why| unprocessable(of_not_yet(why, &order.id)))?;
        let text = sent.text.unwrap_or_else(|| letter.text.clone());
        let gate = talking::gate(vault, &view, Venue::MerchantChat, &text)?;
        let exhibits = sent.with.iter().map(|text| item(text)).collect::<Result<_, _>>()?;
        let sending = Sending {
            text: text.clone(),
            draft: Some(&letter),
            said_at: sent.said_at.unwrap_or(call.now),
            channel: channel(sent.channel.as_deref())?,
            exhibits,
            anyway: sent.anyway,
        };
        let recorded = talking::send(vault, &view, sending, call.now)?;
        let recorded = recorded.map_err(|gate| unprocessable(of_gate(&gate, &call.words)).of("text"))?;
        let (text, plan) = (mask_text(&text), send_plan(&view, &letter));
        made(Letter { letter: &letter, text, gate: &gate, plan, sent: Some(recorded) })
    })
    .await
}

/// Words to be looked over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// The words.
    text: String,
    /// To whom they go: `merchant` if nothing is said, or to whom a statement speaks.
    to: Option<String>,
}

/// Looks words over before they leave: tone, secrets, style. Nothing is kept of them.
#[utoipa::path(post, path = "/orders/{order}/check", tag = "talk", request_body = Words,
    params(("order" = String, Path, description = "The label.")), responses((status = 200, body = LookedOver)))]
pub(super) async fn check(call: Reads, Path(label): Path<String>, Sent(sent): Sent<Words>) -> Response {
    call.answer(move |call, vault| {
        let venue = match sent.to.as_deref() {
            None | Some("merchant") => Venue::MerchantChat,
            Some(to) => one_of::<Variant>("to", to)?.venue(),
        };
        let (order, state) = (order(vault, &label)?, vault.house()?);
        let house = House::of(&state);
        let text = sent.text.trim();
        let gate = talking::gate(vault, &View::new(&order, &house, call.now), venue, text)?;
        found(LookedOver { chars: text.chars().count(), gate })
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// To whom; the platform if nothing is said.
    #[param(value_type = Option<shapes::VariantWord>)]
    to: Option<String>,
    /// Whether citations that are to be checked may stand in it.
    #[serde(default)]
    cite_unverified: bool,
    /// Whether sentences that nothing shows may stand as the buyer's own.
    #[serde(default)]
    own_statements: bool,
    /// A limit in characters below that of the body.
    max_chars: Option<u32>,
}

/// The statement for an appeal or a complaint, what to choose on the form, what is still missing.
#[utoipa::path(get, path = "/orders/{order}/appeal", tag = "talk",
    params(("order" = String, Path, description = "The label."), Wanted), responses((status = 200, body = Statement<'_>)))]
pub(super) async fn statement(
    call: Reads,
    Path(label): Path<String>,
    Asked(asked): Asked<Wanted>,
) -> Response {
    call.answer(move |call, vault| {
        let variant = asked.to.as_deref().map_or(Ok(Variant::Platform), |to| one_of("to", to))?;
        let wished = Wished {
            variant,
            cite_unverified: asked.cite_unverified,
            own_statements: asked.own_statements,
            max_chars: asked.max_chars,
        };
        let (order, state) = (order(vault, &label)?, vault.house()?);
        let house = House::of(&state);
        let view = View::new(&order, &house, call.now);
        let (dispute, statement) = talking::stated(&view, &wished)
            .map_err(|why| unprocessable(of_not_stated(&why, &order.id, &call.words)))?;
        let (category, readiness) = (&dispute.category, &dispute.readiness);
        found(Statement { statement: &statement, category, readiness })
    })
    .await
}

/// Words that were submitted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Submitted {
    /// The words as they were submitted.
    text: String,
    /// To whom.
    #[schema(value_type = shapes::BodyWord)]
    body: String,
    /// Under which category.
    category: Option<String>,
    /// The number it was given there.
    reference: Option<String>,
    /// When; now if nothing is said.
    at: Option<Timestamp>,
}

/// Fixes the words as they were submitted and notes the step with them as its proof: both or neither.
#[utoipa::path(post, path = "/orders/{order}/appeal", tag = "talk", request_body = Submitted,
    params(("order" = String, Path, description = "The label.")), responses((status = 201, body = Filed)))]
pub(super) async fn file(call: Writes, Path(label): Path<String>, Sent(sent): Sent<Submitted>) -> Response {
    call.answer(move |call, vault| {
        let order = order(vault, &label)?.id;
        let Submitted { text, body, category, reference, at } = sent;
        if text.trim().is_empty() {
            let values = [("field", "text".to_owned())];
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Problem::refused(status, "refused-empty", &values).of("text"));
        }
        let (body, at) = (one_of::<Body>("body", &body)?, at.unwrap_or(call.now));
        let name = format!("{}.txt", call.words.word("appeal-file-name"));
        let filed = filing::Filed { order, text, body, category, reference, at, name };
        let (proof, item) = filing::file(vault, filed, call.now)?;
        made(Filed { item, proof })
    })
    .await
}
