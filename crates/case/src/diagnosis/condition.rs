//! The words in which the tables say when something holds of an order: `slot:chat`, `not:fact:credited_at`.
//!
//! A condition is one or more words joined by ` & `; an unknown word is an error when the table is read.

use crate::report::{
    Body, CoverageBought, DecisionMade, ObservationMade, Observed, Part, PartyNamed, PayChannel, PaymentSeen,
    Place, ProblemFound, PromiseKind, PromiseMade, PromisePlace, RefundSeen, RefundState, Role, Sense, Stage,
    StepMoved, StepTaken, Verdict,
};
use crate::report::{Destination, ItemDescribed, Kind};
use crate::{Channel, Direction, GoodsKind, ItemId, OrderFacts, Slot, View};

use super::reading;

/// What a word finds: the leaves that show it, none for a mere fact; `None` when it does not hold.
type Found = Option<Vec<ItemId>>;
type Test = Box<dyn Fn(&View<'_>) -> Found + Send + Sync>;

/// A condition read from a table.
pub(crate) struct Condition(Vec<Test>);

impl Condition {
    /// Reads words joined by ` & `; fails on the first that is unknown.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        text.split(" & ").map(|word| one(word.trim())).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the leaves that show that all words hold; `None` when one does not.
    pub(crate) fn met(&self, view: &View<'_>) -> Found {
        let mut items = Vec::new();
        for test in &self.0 {
            items.extend(test(view)?);
        }
        items.sort();
        items.dedup();
        Some(items)
    }
}

fn one(word: &str) -> Result<Test, String> {
    if let Some(rest) = word.strip_prefix("not:") {
        let inner = one(rest)?;
        return Ok(Box::new(move |view| inner(view).is_none().then(Vec::new)));
    }
    let mut parts = word.splitn(3, ':');
    let (name, first, second) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let found = kept(name, first)
        .or_else(|| reported(name, first, second))
        .or_else(|| moved(name, first))
        .or_else(|| said(name, first, second))
        .or_else(|| computed(name, first));
    found.ok_or_else(|| format!("`{word}` is no condition"))
}

/// Words on exhibits and facts.
fn kept(name: &str, first: Option<&str>) -> Option<Test> {
    Some(match name {
        "slot" => {
            let slot = Slot::from_code(first?)?;
            Box::new(move |view| some(reading::kept(view).filter(|one| one.slot == slot).map(|one| one.item)))
        }
        "part" => {
            let part = Part::from_code(first?)?;
            Box::new(move |view| {
                let shows =
                    view.order.of_kind::<ItemDescribed>().filter(|(_, one)| one.parts.contains(&part));
                some(
                    shows
                        .map(|(_, one)| one.item)
                        .filter(|item| reading::kept(view).any(|e| e.item == *item)),
                )
            })
        }
        "fact" => {
            let name = first?.to_owned();
            known(&OrderFacts::default(), &name)?;
            Box::new(move |view| (known(&view.order.facts, &name) == Some(true)).then(Vec::new))
        }
        "goods" => {
            let goods = GoodsKind::from_code(first?)?;
            Box::new(move |view| (view.order.facts.goods == Some(goods)).then(Vec::new))
        }
        _ => return None,
    })
}

/// Whether a fact of that name is known; `None` for a name that is none.
fn known(facts: &OrderFacts, name: &str) -> Option<bool> {
    if let Some((_, time)) = facts.times().into_iter().find(|(own, _)| *own == name) {
        return Some(time.is_some());
    }
    Some(match name {
        "order_no" => facts.order_no.is_some(),
        "amount_fen" => facts.amount_fen.is_some(),
        "unit_fen" => facts.unit_fen.is_some(),
        "quantity" => facts.quantity.is_some(),
        "merchant" => facts.merchant.is_some(),
        "title" => facts.title.is_some(),
        "status" => facts.status.is_some(),
        "charge_account" => facts.charge_account.is_some(),
        _ => return None,
    })
}

/// Words on what was seen, promised, paid, covered, and who is who.
fn reported(name: &str, first: Option<&str>, second: Option<&str>) -> Option<Test> {
    Some(match name {
        "observed" => {
            let state = Observed::from_code(first?)?;
            let place = second.map(Place::from_code);
            if place == Some(None) {
                return None;
            }
            let place = place.flatten();
            told(move |one: &ObservationMade| {
                one.state == state && place.is_none_or(|place| one.place == place)
            })
        }
        "place" => {
            let place = Place::from_code(first?)?;
            told(move |one: &ObservationMade| one.place == place)
        }
        "since" => {
            let state = Observed::from_code(first?)?;
            told(move |one: &ObservationMade| one.state == state && one.since.is_some())
        }
        "count" => told(|one: &ObservationMade| one.count.is_some()),
        "promise" => {
            let kind = PromiseKind::from_code(first?)?;
            told(move |one: &PromiseMade| one.kind == kind)
        }
        "promised_on" => {
            let place = PromisePlace::from_code(first?)?;
            told(move |one: &PromiseMade| one.place == place)
        }
        "promise_due" => told(|one: &PromiseMade| one.due_at.is_some()),
        "payment" => payment(first)?,
        "coverage" => told(|_: &CoverageBought| true),
        "party" => party(Role::from_code(first?)?, second?)?,
        _ => return None,
    })
}

fn payment(what: Option<&str>) -> Option<Test> {
    Some(match what {
        None => told(|_: &PaymentSeen| true),
        Some("txn") => told(|one: &PaymentSeen| one.txn.is_some()),
        Some("payee") => told(|one: &PaymentSeen| one.payee.is_some()),
        Some("amount") => told(|one: &PaymentSeen| one.amount_fen.is_some()),
        Some(code) => {
            let channel = PayChannel::from_code(code)?;
            told(move |one: &PaymentSeen| one.channel == channel)
        }
    })
}

fn party(role: Role, field: &str) -> Option<Test> {
    let field: fn(&PartyNamed) -> bool = match field {
        "name" => |one| one.name.is_some(),
        "legal_name" => |one| one.legal_name.is_some(),
        "contact" => |one| one.contact.is_some(),
        "licence" => |one| one.licence.is_some(),
        _ => return None,
    };
    Some(told(move |one: &PartyNamed| one.role == role && field(one)))
}

/// Words on steps, decisions, refunds and what the buyer said of the problem.
fn moved(name: &str, first: Option<&str>) -> Option<Test> {
    Some(match name {
        "step" => {
            let body = Body::from_code(first?)?;
            told(move |one: &StepTaken| one.body == body)
        }
        "stage" => {
            let stage = Stage::from_code(first?)?;
            told(move |one: &StepMoved| one.stage == stage)
        }
        "decision" => match first {
            None => told(|_: &DecisionMade| true),
            Some("by_machine_known") => told(|one: &DecisionMade| one.by_machine.is_some()),
            Some(code) => {
                let verdict = Verdict::from_code(code)?;
                told(move |one: &DecisionMade| one.verdict == verdict)
            }
        },
        "refund" => {
            let state = RefundState::from_code(first?)?;
            told(move |one: &RefundSeen| one.state == state)
        }
        "refund_to" => {
            let to = Destination::from_code(first?)?;
            told(move |one: &RefundSeen| one.destination == to)
        }
        "problem" => match first? {
            "fraud" => told(|one: &ProblemFound| one.fraud == Some(true)),
            "resale" => told(|one: &ProblemFound| one.resale == Some(true)),
            _ => return None,
        },
        _ => return None,
    })
}

/// Words on the dialogue.
fn said(name: &str, first: Option<&str>, second: Option<&str>) -> Option<Test> {
    Some(match name {
        "sense" => {
            let (direction, sense) = (Direction::from_code(first?)?, Sense::from_code(second?)?);
            Box::new(move |view| some(view.said(direction, sense).into_iter().map(|(one, _)| one.item)))
        }
        "written" => Box::new(|view| {
            let written = view.order.messages.iter().filter(|one| one.channel != Channel::Oral);
            some(written.map(|one| one.item))
        }),
        _ => return None,
    })
}

/// Words on what follows from several things together.
fn computed(name: &str, first: Option<&str>) -> Option<Test> {
    if first.is_some() {
        return None;
    }
    Some(match name {
        "late" => Box::new(|view| reading::delay_minutes(view).map(|_| Vec::new())),
        "unanswered_twice" => Box::new(reading::unanswered_twice),
        "shown_delivered" => Box::new(|view| reading::shown_delivered(view).then(Vec::new)),
        "cites_a_term" => Box::new(|view| some(crate::flag::terms(view).into_iter().map(|(item, _)| item))),
        "refund_missing" => Box::new(|view| {
            let missing = reading::refund_announced(view)
                .filter(|start| reading::arrived_after(view, start.0).is_none());
            missing.map(|(_, item)| vec![item])
        }),
        _ => return None,
    })
}

fn some(items: impl Iterator<Item = ItemId>) -> Found {
    let items: Vec<ItemId> = items.collect();
    (!items.is_empty()).then_some(items)
}

/// The reports of a kind that fit, each with the leaves it names.
fn told<K: Kind + 'static>(fits: impl Fn(&K) -> bool + Send + Sync + 'static) -> Test {
    Box::new(move |view| {
        let logged = view.order.reports.iter().filter(|one| K::of(&one.report).is_some_and(&fits));
        some(logged.flat_map(|one| std::iter::once(one.item).chain(one.report.items())))
    })
}
