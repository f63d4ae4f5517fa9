//! What is open: for each order the four fixations, the clocks that run, and the one next step.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use sigu_case::clock::Brief;
use sigu_case::next::next_step;
use sigu_case::{Completeness, House, Order, OrderId, View};
use sigu_vault::{Agenda, Vault};

use crate::problem::Problem;
use crate::receiver::Receiver;

/// Most orders in one answer; those whose clocks end soonest come first.
const LISTED: usize = 50;

/// The open orders as the extension shows them. Titles are masked; no address, no message, no secret is among it.
pub(crate) fn open(receiver: &Receiver) -> Result<Value, Problem> {
    let now = (receiver.app.now)();
    receiver.with_vault(|vault| {
        let state = vault.house()?;
        let house = House::of(&state);
        let agendas = vault.agendas()?;
        let mut list = Vec::new();
        for label in labels(vault, &agendas, now)? {
            let Some(order) = vault.order(&label)? else { continue };
            let agenda = agendas.iter().find(|agenda| agenda.order == label);
            list.push(shown(&order, &house, agenda, now));
        }
        Ok(json!({ "now": with_zone(now), "orders": list }))
    })
}

/// The labels of open orders, the own clock that ends soonest first, then by label.
fn labels(vault: &Vault, agendas: &[Agenda], now: Timestamp) -> Result<Vec<OrderId>, Problem> {
    let soonest = |label: &OrderId| {
        let agenda = agendas.iter().find(|agenda| agenda.order == *label)?;
        let own = Brief::running(&agenda.clocks, now).into_iter().filter(|clock| clock.kind.is_own());
        own.filter_map(|clock| clock.due_at).min()
    };
    let open = vault.orders()?.into_iter().filter(|order| order.outcome.is_none());
    let mut labels: Vec<(Timestamp, OrderId)> = open
        .filter_map(|order| order.order.parse::<OrderId>().ok())
        .map(|label| (soonest(&label).unwrap_or(Timestamp::MAX), label))
        .collect();
    labels.sort();
    Ok(labels.into_iter().take(LISTED).map(|(_, label)| label).collect())
}

fn shown(order: &Order, house: &House, agenda: Option<&Agenda>, now: Timestamp) -> Value {
    let completeness = Completeness::of(order);
    let mut clocks = agenda.map(|agenda| Brief::running(&agenda.clocks, now)).unwrap_or_default();
    clocks.sort_by_key(|clock| clock.due_at.unwrap_or(Timestamp::MAX));
    let next = next_step(&View::new(order, house, now));
    let fixations = completeness.fixations.iter().map(|fixation| {
        let needs = fixation.needs.iter().map(|need| {
            json!({
                "need": need.need,
                "slot": need.need.slot().code(),
                "required": need.required,
                "present": need.met(),
            })
        });
        json!({
            "kind": fixation.kind,
            "complete": fixation.complete,
            "needs": needs.collect::<Vec<_>>(),
        })
    });
    let clocks = clocks.iter().map(|clock| {
        json!({
            "code": clock.kind.code(),
            "own": clock.kind.is_own(),
            "due_at": clock.due_at.map(with_zone),
        })
    });
    json!({
        "order": order.id,
        "title": order.facts.title.as_deref().map(sigu_evidence::mask_text),
        "complete": completeness.complete(),
        "fixations": fixations.collect::<Vec<_>>(),
        "clocks": clocks.collect::<Vec<_>>(),
        "next": {
            "code": next.code,
            "say": next.say,
            "due_at": next.due_at.map(with_zone),
        },
    })
}

/// RFC 3339 with the offset of Asia/Shanghai, in whole seconds.
fn with_zone(at: Timestamp) -> String {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
