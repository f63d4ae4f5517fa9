//! Orders: what runs, all of them, one, its facts, its notes, its part of the log.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sigu_case::advice::Advice;
use sigu_case::follow_up::{Suggestion, follow_ups};
use sigu_case::next::next_step;
use sigu_case::recognise::{Hints, recognise as read};
use sigu_case::{Command, GoodsKind, House, Order, OrderFacts, OrderId, View};
use sigu_vault::Vault;
use utoipa::{IntoParams, ToSchema};

use super::call::{Asked, Call, Reads, Sent, Writes, found, made, order, unfit};
use crate::agenda::{running, urgent_among};
use crate::answers::{
    Advised, Due, Entries, Noted, OrderPage, OrderShown, Orders, Recognised, Step, Steps, shapes,
};
use crate::at_hand::listed;
use crate::desk::page::Part;
use crate::desk::pages;
use crate::following;
use crate::noting;
use crate::problem::Problem;
use crate::shared::around;

/// How many orders `next` looks at.
const STEPS: usize = 10;
/// Orders on one page, and at most.
const PAGE: usize = 50;
const MOST: usize = 500;

/// What runs: the clocks of all orders, soonest first.
#[utoipa::path(get, path = "/due", tag = "orders", responses((status = 200, body = Due)))]
pub(super) async fn due(call: Reads) -> Response {
    call.answer(|call, vault| {
        let agendas = call.at_hand().agendas(vault)?;
        found(Due::of(&running(agendas.lines(), call.now), call.now))
    })
    .await
}

/// The next step of the most urgent orders, with its why.
#[utoipa::path(get, path = "/next", tag = "orders", responses((status = 200, body = Steps)))]
pub(super) async fn next(call: Reads) -> Response {
    call.answer(|call, vault| {
        let agendas = call.at_hand().agendas(vault)?;
        let clocks = running(agendas.lines(), call.now);
        let orders = urgent_among(vault, agendas.lines(), &clocks, STEPS)?;
        let state = vault.house()?;
        let house = House::of(&state);
        let step =
            |one: &Order| Step { order: one.id.clone(), step: next_step(&View::new(one, &house, call.now)) };
        found(Steps { steps: orders.iter().map(step).collect() })
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paged {
    /// The number of the page, from 1.
    #[serde(default)]
    page: usize,
    /// Orders on a page: 50 if nothing is said, at most 500.
    per_page: Option<usize>,
}

/// A date to come back on that can be set.
#[derive(Serialize, ToSchema)]
pub(super) struct FollowUps {
    /// The dates, soonest first.
    suggestions: Vec<Suggested>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Suggested {
    /// By what it is set.
    key: String,
    /// The date and what it is about.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    suggestion: Suggestion,
}

fn suggestions(call: &Call, vault: &Vault, label: &str) -> Result<FollowUps, Problem> {
    let (order, house) = (order(vault, label)?, House::of(&vault.house()?));
    let all = follow_ups(&View::new(&order, &house, call.now)).into_iter();
    let suggested = |suggestion: Suggestion| Suggested { key: following::key(&suggestion), suggestion };
    Ok(FollowUps { suggestions: all.map(suggested).collect() })
}

/// Dates to come back on: the end of a membership, of a warranty, of a coverage, looks at an account.
#[utoipa::path(get, path = "/orders/{order}/follow-ups", tag = "orders",
    params(("order" = String, Path, description = "The order's label.")),
    responses((status = 200, body = FollowUps)))]
pub(super) async fn follow_ups_of(call: Reads, Path(label): Path<String>) -> Response {
    call.answer(move |call, vault| found(suggestions(call, vault, &label)?)).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToSet {
    /// The key of a date that is suggested.
    key: String,
}

/// Sets a date that is suggested; answers with those that are left.
#[utoipa::path(post, path = "/orders/{order}/follow-ups", tag = "orders", request_body = ToSet,
    params(("order" = String, Path, description = "The order's label.")),
    responses((status = 201, body = FollowUps)))]
pub(super) async fn set_follow_up(
    call: Writes,
    Path(label): Path<String>,
    Sent(sent): Sent<ToSet>,
) -> Response {
    call.answer(move |call, vault| {
        let (order, house) = (order(vault, &label)?, House::of(&vault.house()?));
        let view = View::new(&order, &house, call.now);
        let one = following::pick(&view, &sent.key).ok_or_else(|| unfit("key"))?;
        let report = following::report(&order.id, &one, call.now, &call.words);
        vault.execute(vec![Command::Report(report)], call.now)?;
        made(suggestions(call, vault, &label)?)
    })
    .await
}

/// All orders, page by page: those that are open first, among them the newest purchase.
#[utoipa::path(get, path = "/orders", tag = "orders", params(Paged), responses((status = 200, body = OrderPage)))]
pub(super) async fn list(call: Reads, Asked(asked): Asked<Paged>) -> Response {
    call.answer(move |call, vault| {
        let lines = call.at_hand().summaries(vault)?;
        let all = listed(&lines);
        let own = asked.per_page.unwrap_or(PAGE).clamp(1, MOST);
        let part = Part::of(asked.page, all.len(), own);
        let listed = Orders::of(all.iter().copied().skip(part.before()).take(own));
        found(OrderPage { listed, count: all.len(), page: part.at, pages: part.pages })
    })
    .await
}

/// Facts of an order; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// The label of a new order; for one that is there, its own or nothing.
    order: Option<String>,
    /// The product as the shop names it.
    title: Option<String>,
    /// What was bought.
    #[schema(value_type = Option<shapes::GoodsWord>)]
    goods: Option<String>,
    /// The shop's order number.
    order_no: Option<String>,
    /// The amount paid, in 分.
    amount_fen: Option<i64>,
    /// The merchant's name.
    merchant: Option<String>,
    /// The platform's name or host.
    platform: Option<String>,
    /// When the payment succeeded.
    paid_at: Option<Timestamp>,
    /// When the shop delivered.
    delivered_at: Option<Timestamp>,
    /// When the order was placed.
    created_at: Option<Timestamp>,
    /// When what was bought was credited.
    credited_at: Option<Timestamp>,
    /// When an account was handed over.
    handed_over_at: Option<Timestamp>,
    /// When the buyer confirmed receipt.
    confirmed_at: Option<Timestamp>,
    /// When it was activated.
    activated_at: Option<Timestamp>,
    /// When the secret was first shown.
    revealed_at: Option<Timestamp>,
    /// How many pieces were bought.
    quantity: Option<u32>,
    /// The price of one, in 分.
    unit_fen: Option<i64>,
    /// The status as the page shows it.
    status: Option<String>,
    /// The platform profile that applies, by its id.
    profile: Option<String>,
    /// The account to be credited.
    charge_account: Option<String>,
    /// A second number of the shop.
    internal_no: Option<String>,
    /// Whether the payment is held in escrow.
    escrow: Option<bool>,
}

impl Facts {
    fn read(self, vault: &Vault) -> Result<OrderFacts, Problem> {
        let goods =
            self.goods.as_deref().map(|code| GoodsKind::from_code(code).ok_or_else(|| unfit("goods")));
        if let Some(profile) = &self.profile
            && House::of(&vault.house()?).registry().find(profile).is_none()
        {
            let values = [("id", profile.clone())];
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Problem::refused(status, "refused-unknown-profile", &values).of("profile"));
        }
        Ok(OrderFacts {
            title: self.title,
            goods: goods.transpose()?,
            order_no: self.order_no,
            amount_fen: self.amount_fen,
            merchant: self.merchant,
            platform: self.platform,
            paid_at: self.paid_at,
            delivered_at: self.delivered_at,
            created_at: self.created_at,
            credited_at: self.credited_at,
            handed_over_at: self.handed_over_at,
            confirmed_at: self.confirmed_at,
            activated_at: self.activated_at,
            revealed_at: self.revealed_at,
            quantity: self.quantity,
            unit_fen: self.unit_fen,
            status: self.status,
            profile: self.profile,
            charge_account: self.charge_account,
            internal_no: self.internal_no,
            escrow: self.escrow,
        })
    }
}

/// Opens an order.
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = Facts,
    responses((status = 201, body = OrderShown)))]
pub(super) async fn open(call: Writes, Sent(facts): Sent<Facts>) -> Response {
    call.answer(move |call, vault| {
        let label = facts.order.clone().ok_or_else(|| unfit("order"))?;
        let id: OrderId = label.parse().map_err(|_| unfit("order"))?;
        let facts = facts.read(vault)?;
        vault.execute(vec![Command::OpenOrder { order: id, facts }], call.now)?;
        made(OrderShown::of(&order(vault, &label)?))
    })
    .await
}

/// One order with its fixations, its evidence, its dialogue, all that was noted, and what is missing.
#[utoipa::path(get, path = "/orders/{order}", tag = "orders", params(("order" = String, Path, description = "The label.")),
    responses((status = 200, body = OrderShown)))]
pub(super) async fn one(call: Reads, Path(label): Path<String>) -> Response {
    call.answer(move |_, vault| found(OrderShown::of(&order(vault, &label)?))).await
}

/// Puts facts of an order right, or adds some.
#[utoipa::path(patch, path = "/orders/{order}/facts", tag = "orders", request_body = Facts,
    params(("order" = String, Path, description = "The label.")), responses((status = 200, body = OrderShown)))]
pub(super) async fn amend(call: Writes, Path(label): Path<String>, Sent(facts): Sent<Facts>) -> Response {
    call.answer(move |call, vault| {
        let id = order(vault, &label)?.id;
        if facts.order.as_ref().is_some_and(|own| *own != label) {
            return Err(unfit("order"));
        }
        let facts = facts.read(vault)?;
        vault.execute(vec![Command::AmendOrder { order: id, facts }], call.now)?;
        found(OrderShown::of(&order(vault, &label)?))
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct At {
    /// The instant to stand at; now if nothing is said.
    at: Option<Timestamp>,
}

/// What the engines say of an order: strength, clocks, contradictions, pitfalls, the dispute, the ladder, the next step.
#[utoipa::path(get, path = "/orders/{order}/advice", tag = "orders",
    params(("order" = String, Path, description = "The label."), At), responses((status = 200, body = Advised<'_>)))]
pub(super) async fn advice(call: Reads, Path(label): Path<String>, Asked(asked): Asked<At>) -> Response {
    call.answer(move |call, vault| {
        let order = order(vault, &label)?;
        let state = around(vault, &order)?;
        let house = House::of(&state);
        let others: Vec<Order> = state.orders().filter(|other| other.id != order.id).cloned().collect();
        let view = View::new(&order, &house, asked.at.unwrap_or(call.now));
        found(Advised { order: &order.id, advice: &Advice::of(&view, &others) })
    })
    .await
}

/// The entries of the log that concern an order, oldest first.
#[utoipa::path(get, path = "/orders/{order}/log", tag = "orders",
    params(("order" = String, Path, description = "The label.")), responses((status = 200, body = Entries)))]
pub(super) async fn log(call: Reads, Path(label): Path<String>) -> Response {
    call.answer(move |_, vault| {
        let order = order(vault, &label)?;
        let mut entries = vault.log(None)?;
        entries.retain(pages::concerning(&order));
        found(Entries { entries })
    })
    .await
}

/// Writes a note down, of whichever kind: what was seen, paid, wanted, done, decided or paid back.
#[utoipa::path(post, path = "/orders/{order}/notes", tag = "orders", request_body = shapes::Note,
    params(("order" = String, Path, description = "The label.")), responses((status = 201, body = Noted)))]
pub(super) async fn note(
    call: Writes,
    Path(label): Path<String>,
    Sent(note): Sent<Map<String, Value>>,
) -> Response {
    call.answer(move |call, vault| noted(call, vault, &label, &note)).await
}

fn noted(call: &Call, vault: &Vault, label: &str, note: &Map<String, Value>) -> Result<Response, Problem> {
    let id = order(vault, label)?.id;
    let report = noting::note(&id, note, call.now).map_err(|wrong| unfit(wrong.field()))?;
    let (kind, at) = (report.kind(), report.at());
    let items = vault.execute(vec![Command::Report(report)], call.now)?;
    made(Noted { item: items[0], kind, at })
}

/// Words to be read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    /// A page, a dialogue, a mail, a voucher, as text or HTML.
    text: String,
}

/// Reads what was copied: order numbers, amounts, times, contradictions. Nothing is kept of it.
#[utoipa::path(post, path = "/recognise", tag = "orders", request_body = Text,
    responses((status = 200, body = Recognised)))]
pub(super) async fn recognise(call: Reads, Sent(sent): Sent<Text>) -> Response {
    call.beside(move |_| found(Recognised { recognised: read(&sent.text, &Hints::default()) })).await
}
