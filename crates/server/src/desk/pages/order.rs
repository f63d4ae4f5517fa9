//! One order: what to do next, what is fixed and what is missing, what runs, what weakens it, what happened.

pub(super) mod findings;
pub(super) mod fixations;
pub(super) mod follow_up;
pub(super) mod story;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use sigu_case::advice::Advice;
use sigu_case::purchase_check::checklist;
use sigu_case::report::{ObservationMade, Observed};
use sigu_case::{House, ItemId, Order, OrderId, View};
use sigu_vault::Vault;

use self::findings::{Clock, Fact, Finding, Party, Problem};
use self::fixations::Panel;
use self::story::Told;
use crate::buying::{FETCHED, say_fetched};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{Instant, masked, money};
use crate::shared::around;
use crate::words::Words;

/// What stands above every page of an order.
pub(super) struct Head {
    pub(super) order: String,
    pub(super) title: String,
    pub(super) merchant: String,
    pub(super) amount: String,
    pub(super) goods: String,
    pub(super) paid: Option<Instant>,
    pub(super) delivered: Option<Instant>,
    pub(super) ended: Option<String>,
}

impl Head {
    pub(super) fn of(order: &Order, visit: &Visit) -> Self {
        let (facts, words) = (&order.facts, &visit.words);
        let instant = |at| Instant::of(at, visit.now, words);
        let goods = facts.goods.map(|kind| words.word(&format!("goods-{}", kind.code().replace('_', "-"))));
        Self {
            order: order.id.to_string(),
            title: masked(facts.title.as_deref()),
            merchant: masked(facts.merchant.as_deref()),
            amount: facts.amount_fen.map(|fen| money(fen, words)).unwrap_or_default(),
            goods: goods.unwrap_or_default(),
            paid: facts.paid_at.map(instant),
            delivered: facts.delivered_at.map(instant),
            ended: order.closed().map(|how| words.word(&format!("outcome-{}", dashed(how.code())))),
        }
    }
}

/// A code as message keys write it.
pub(super) fn dashed(code: &str) -> String {
    code.replace(['.', '_'], "-")
}

/// The serialised name of an enum as message keys write it.
pub(super) fn key_of(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(dashed)).unwrap_or_default()
}

/// Loads the order a path names.
pub(super) fn load(vault: &Vault, label: &str) -> Result<Order, Refusal> {
    let id: OrderId = label.parse().map_err(|_| Refusal::not_found())?;
    vault.order(&id)?.ok_or_else(Refusal::not_found)
}

/// A leaf that something rests on, and its page where it has one.
pub(super) struct Leaf {
    pub(super) item: String,
    /// Empty where it has none.
    pub(super) path: String,
}

impl Leaf {
    pub(super) fn of(order: &Order, item: ItemId) -> Self {
        let is_exhibit = order.exhibits.iter().any(|one| one.item == item);
        let is_said = order.messages.iter().any(|one| one.item == item);
        let path = match (is_exhibit, is_said) {
            (true, _) => format!("/orders/{}/items/{item}", order.id),
            (_, true) => format!("/orders/{}/talk#m{item}", order.id),
            _ => String::new(),
        };
        Self { item: item.to_string(), path }
    }
}

/// The step to take, above everything else.
struct Step {
    say: String,
    why: String,
    due: Option<Instant>,
}

#[derive(Template)]
#[template(path = "order.html")]
struct Overview<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    /// What happened right before.
    told: String,
    step: Step,
    /// Versions of the product page that differ from the one bought by, each with the time it was seen.
    edits: Vec<(Leaf, Instant)>,
    /// What to save before paying.
    before: Vec<Ticked>,
    /// Dates to come back on.
    follow: Vec<follow_up::Suggested>,
    complete: usize,
    panels: Vec<Panel>,
    problem: Option<Problem>,
    clocks: Vec<Clock>,
    over: Vec<Clock>,
    flags: Vec<Finding>,
    pitfalls: Vec<Finding>,
    facts: Vec<Fact>,
    parties: Vec<Party>,
    gaps: Vec<String>,
    story: Vec<Told>,
}

/// What happened right before, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What came of fetching the page of an offer.
    fetched: String,
    status: Option<u16>,
}

impl Asked {
    fn told(&self, words: &Words) -> String {
        let code = FETCHED.iter().find(|code| **code == self.fetched);
        let status = self.status.map(|status| status.to_string()).unwrap_or_default();
        code.map(|code| say_fetched(code, status, words)).unwrap_or_default()
    }
}

pub(super) async fn page(Path(label): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let told = asked.told(&visit.words);
            html(&Overview { told, ..read(visit, vault, &label)? })
        })
        .await
}

/// A thing to save before paying.
struct Ticked {
    done: bool,
    what: String,
    why: String,
}

fn before_paying(view: &View<'_>, words: &Words) -> Vec<Ticked> {
    let ticked = |one: sigu_case::purchase_check::Ticked| Ticked {
        done: one.done,
        what: words.pick(&one.save.what).to_owned(),
        why: words.pick(&one.save.why).to_owned(),
    };
    checklist(view).into_iter().map(ticked).collect()
}

fn read<'a>(visit: &'a Visit, vault: &Vault, label: &str) -> Result<Overview<'a>, Refusal> {
    let order = load(vault, label)?;
    let state = around(vault, &order)?;
    let house = House::of(&state);
    let others: Vec<Order> = state.orders().filter(|other| other.id != order.id).cloned().collect();
    let view = View::new(&order, &house, visit.now);
    let advice = Advice::of(&view, &others);
    let words = &visit.words;
    let (clocks, over) = findings::clocks(&advice, visit.now, words);
    Ok(Overview {
        frame: visit.frame("orders"),
        head: Head::of(&order, visit),
        tab: "overview",
        told: String::new(),
        step: step(&advice, visit),
        edits: edits(&order, visit),
        before: before_paying(&view, words),
        follow: follow_up::suggested(&view, words),
        complete: advice.completeness.complete(),
        panels: fixations::panels(&order, &advice, visit),
        problem: findings::problem(&advice, words),
        clocks,
        over,
        flags: findings::flags(&advice, words),
        pitfalls: findings::pitfalls(&advice, words),
        facts: findings::facts(&advice, words),
        parties: findings::parties(&order, words),
        gaps: gaps(&advice, words),
        story: story::of(&order, &advice, visit),
    })
}

fn step(advice: &Advice, visit: &Visit) -> Step {
    let (next, words) = (&advice.next, &visit.words);
    Step {
        say: words.pick(&next.say).to_owned(),
        why: words.pick(&next.why).to_owned(),
        due: next.due_at.map(|at| Instant::of(at, visit.now, words)),
    }
}

/// What a watch saw of the product page after the purchase.
fn edits(order: &Order, visit: &Visit) -> Vec<(Leaf, Instant)> {
    let seen = order.of_kind::<ObservationMade>().filter(|(_, seen)| seen.state == Observed::PageChanged);
    let shown = seen.filter_map(|(_, seen)| {
        Some((Leaf::of(order, seen.proof?), Instant::of(seen.at, visit.now, &visit.words)))
    });
    shown.collect()
}

fn gaps(advice: &Advice, words: &Words) -> Vec<String> {
    advice.completeness.gaps.iter().map(|gap| words.word(&format!("order-gap-{}", key_of(gap)))).collect()
}
