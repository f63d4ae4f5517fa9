//! `sigu advise`, `sigu next`, `sigu case show`: what the engines say of an order, now or at an instant.

use jiff::Timestamp;
use sigu_case::advice::{Advice, Dispute};
use sigu_case::next::{NextStep, next_step};
use sigu_case::pitfall::PitfallState;
use sigu_case::report::PaymentSeen;
use sigu_case::route::StepState;
use sigu_case::scenario::Table;
use sigu_case::{House, Order, State, View};
use sigu_server::agenda;
use sigu_server::answers::{self, Step, Steps};
use sigu_server::shared::around;
use sigu_vault::Vault;

use super::law::pick;
use super::{due, order_id, time};
use crate::args::{AdviseArgs, CaseShowArgs, NextArgs};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

/// How many orders `sigu next` looks at.
const LISTED: usize = 10;

pub(super) fn advise(context: &Context<'_>, own: &AdviseArgs) -> Outcome {
    at(context, &own.order, clock::now())
}

pub(super) fn show(context: &Context<'_>, own: &CaseShowArgs) -> Outcome {
    let instant = own.at.as_deref().map_or_else(|| Ok(clock::now()), |text| time("--at", text))?;
    at(context, &own.order, instant)
}

fn at(context: &Context<'_>, label: &str, instant: Timestamp) -> Outcome {
    let (order, state) = session::with(context, |vault| {
        let (order, house) = load(vault, label)?;
        // Only a payment can tie an order to others; without one the others need not be read.
        let paid = order.of_kind::<PaymentSeen>().any(|(_, payment)| payment.txn.is_some());
        let state = if paid { around(vault, &order)? } else { house };
        Ok((order, state))
    })?;
    let house = House::of(&state);
    let others: Vec<Order> = state.orders().filter(|other| other.id != order.id).cloned().collect();
    let advice = Advice::of(&View::new(&order, &house, instant), &others);
    let text = told(&order, &advice, context.words);
    Ok(Answer::new(text, answers::json(&answers::Advised { order: &order.id, advice: &advice })))
}

/// Loads one order, and what belongs to none.
pub(super) fn load(vault: &Vault, label: &str) -> Result<(Order, State), Problem> {
    let id = order_id(label)?;
    let order = vault.order(&id)?;
    let order =
        order.ok_or_else(|| Problem::refused("refused-unknown-order", &[("order", label.to_owned())]))?;
    Ok((order, vault.house()?))
}

pub(super) fn next(context: &Context<'_>, own: &NextArgs) -> Outcome {
    let now = clock::now();
    let (orders, state) = session::with(context, |vault| match &own.order {
        Some(label) => load(vault, label).map(|(order, state)| (vec![order], state)),
        None => Ok((agenda::urgent(vault, now, LISTED)?, vault.house()?)),
    })?;
    let house = House::of(&state);
    let step =
        |order: &Order| Step { order: order.id.clone(), step: next_step(&View::new(order, &house, now)) };
    let steps: Vec<Step> = orders.iter().map(step).collect();
    let words = context.words;
    if steps.is_empty() {
        return Ok(Answer::new(words.word("next-empty"), answers::json(&Steps { steps })));
    }
    let text: Vec<String> =
        steps.iter().map(|one| format!("{}\n{}", one.order, step_lines(&one.step, words))).collect();
    Ok(Answer::new(text.join("\n\n"), answers::json(&Steps { steps })))
}

/// A step in three lines: what, why, how.
pub(super) fn step_lines(step: &NextStep, words: &Words) -> String {
    let why = words.say("next-why", &[("why", pick(&step.why, words))]);
    format!("  → {}\n    {why}\n    $ {}", pick(&step.say, words), step.command)
}

fn told(order: &Order, advice: &Advice, words: &Words) -> String {
    let title = order.facts.title.as_deref().map(sigu_evidence::mask_text).unwrap_or_default();
    let mut parts =
        vec![format!("{}  {title}  {}", order.id, words.say("advice-at", &[("at", times::show(advice.at))]))];
    parts.push(step_lines(&advice.next, words));
    match &advice.dispute {
        Some(dispute) => parts.extend(dispute_lines(advice, dispute, words)),
        None => parts.push(words.word("advice-no-problem")),
    }
    parts.push(section("advice-payments", payments(advice, words), words));
    parts.push(section("advice-clocks", clocks(advice, words), words));
    parts.push(section("advice-flags", flags(advice, words), words));
    parts.push(section("advice-pitfalls", pitfalls(advice, words), words));
    parts.push(section("advice-strength", facts(advice, words), words));
    parts.push(words.word("law-not-advice"));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn section(key: &str, lines: Vec<String>, words: &Words) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("  {line}")).collect();
    format!("{}\n{}", words.word(key), lines.join("\n"))
}

fn dispute_lines(advice: &Advice, dispute: &Dispute, words: &Words) -> Vec<String> {
    let row = Table::get().row(dispute.scenario);
    let mut why: Vec<String> = advice.diagnosis.because.iter().map(|one| pick(&one.why, words)).collect();
    why.extend(advice.diagnosis.decisive.as_ref().map(|fact| pick(fact.code.text(), words)));
    why.dedup();
    let scenario = words.say("advice-scenario", &[("name", pick(&row.name, words))]);
    let mut parts = vec![section_of(scenario, why)];
    parts.push(section("advice-category", categories(dispute, words), words));
    let missing = dispute.readiness.missing.iter().map(|proof| {
        let text = proof.text();
        format!("✗ {}{}", pick(&text.label, words), words.aside(&pick(&text.how, words)))
    });
    parts.push(section("advice-missing", missing.collect(), words));
    let merit = dispute.merit.reasons.iter().map(|reason| pick(reason.text(), words)).collect();
    let strength = words.word(&format!("merit-{}", dispute.merit.strength.code()));
    parts.push(section_of(words.say("advice-merit", &[("merit", strength)]), merit));
    parts.push(section("advice-claim", claim(dispute, words), words));
    let basis = dispute.laws().iter().map(|law| format!("{}  {}", pick(&law.text, words), law.id)).collect();
    parts.push(section("advice-basis", basis, words));
    parts.push(section("advice-route", route(dispute, words), words));
    let risks = dispute.risks.iter().map(|risk| pick(&Table::get().risk(*risk).notice, words)).collect();
    parts.push(section("advice-risks", risks, words));
    parts
}

fn section_of(head: String, lines: Vec<String>) -> String {
    let lines: Vec<String> = lines.into_iter().map(|line| format!("\n  {line}")).collect();
    format!("{head}{}", lines.concat())
}

fn categories(dispute: &Dispute, words: &Words) -> Vec<String> {
    let advice = &dispute.category;
    let mut lines: Vec<String> = Vec::new();
    match (&advice.on_platform, &advice.not_mapped_reason) {
        (Some(own), _) => lines.push(format!("✓ {}", pick(&own.name, words))),
        (None, Some(reason)) => lines.push(pick(reason, words)),
        (None, None) => {}
    }
    lines.extend(advice.canonical.iter().map(|one| format!("✓ {}", pick(&one.text().name, words))));
    lines.dedup();
    lines.extend(
        advice.wrong.iter().map(|one| format!("✗ {}  {}", pick(&one.label, words), pick(&one.why, words))),
    );
    lines
}

fn claim(dispute: &Dispute, words: &Words) -> Vec<String> {
    let advice = &dispute.claim;
    let mut lines = match &advice.claim {
        Some(claim) => vec![pick(&claim.sentence(), words)],
        None => vec![pick(&advice.kind.text().name, words)],
    };
    lines.extend(advice.notes.iter().map(|note| pick(note.text(), words)));
    lines
}

fn route(dispute: &Dispute, words: &Words) -> Vec<String> {
    let line = |step: &sigu_case::route::RouteStep| {
        let bodies: Vec<String> = step
            .bodies
            .iter()
            .map(|body| words.word(&format!("body-{}", body.code().replace('_', "-"))))
            .collect();
        let (mark, why) = match step.state {
            StepState::Taken { at } => ("✓", times::show(at)),
            StepState::Now => {
                ("→", step.why.first().map(|note| pick(note.text(), words)).unwrap_or_default())
            }
            StepState::NotYet => {
                ("·", step.why.first().map(|note| pick(note.text(), words)).unwrap_or_default())
            }
            StepState::NotAvailable { why } | StepState::Closed { why } => ("✗", pick(why.text(), words)),
        };
        format!("{mark} {} {}  {why}", step.step.code(), words.list(&bodies)).trim_end().to_owned()
    };
    let mut lines: Vec<String> = dispute.route.steps.iter().chain(&dispute.route.dropped).map(line).collect();
    lines.extend(dispute.route.order_traps.iter().map(|trap| format!("! {}", pick(&trap.note, words))));
    lines
}

/// The table of S14: which payment was for what, what is missing of it, and other orders on the same payment.
fn payments(advice: &Advice, words: &Words) -> Vec<String> {
    let line = |row: &sigu_case::subslots::PaymentRow| {
        let unknown = || words.word("merchant-unknown");
        let text = |value: &Option<String>| value.as_deref().map_or_else(unknown, sigu_evidence::mask_text);
        let paid = times::show(row.paid_at);
        let amount = row.amount_fen.map_or_else(unknown, super::yuan);
        let mut line =
            format!("{paid}  {amount}  {}  {}  {}", text(&row.txn), text(&row.product), text(&row.payee));
        let gaps: Vec<String> = row.gaps.iter().map(|gap| pick(gap.text(), words)).collect();
        if !gaps.is_empty() {
            line = format!("{line}{}", words.aside(&words.list(&gaps)));
        }
        let others: Vec<String> = row.other_orders.iter().map(ToString::to_string).collect();
        if !others.is_empty() {
            line =
                format!("{line}  ! {}", words.say("advice-same-payment", &[("orders", words.list(&others))]));
        }
        line
    };
    advice.payments.rows.iter().map(line).collect()
}

fn clocks(advice: &Advice, words: &Words) -> Vec<String> {
    advice.clocks.iter().flat_map(|clock| due::lines(clock, words)).collect()
}

fn flags(advice: &Advice, words: &Words) -> Vec<String> {
    let open = advice.flags.iter().filter(|flag| flag.is_open());
    open.map(|flag| {
        let text = flag.code.text();
        let detail = flag.detail.as_deref().map(|detail| words.aside(detail)).unwrap_or_default();
        format!("! {}{detail}  {}", pick(&text.name, words), pick(&text.to_do, words))
    })
    .collect()
}

fn pitfalls(advice: &Advice, words: &Words) -> Vec<String> {
    let found = advice.pitfalls.iter().filter(|pitfall| pitfall.state == PitfallState::Found);
    found
        .map(|pitfall| {
            let text = pitfall.code.text();
            format!("{} {}  {}", pitfall.code.code(), pick(&text.name, words), pick(&text.fix, words))
        })
        .collect()
}

fn facts(advice: &Advice, words: &Words) -> Vec<String> {
    let line = |fact: &sigu_case::strength::FactStrength| {
        let values = [("score", fact.score.to_string()), ("count", fact.independent.to_string())];
        format!("{}  {}", pick(fact.fact.text(), words), words.say("advice-score", &values))
    };
    advice.facts.iter().map(line).collect()
}
