//! `sigu due`: every clock that runs, of all orders, soonest first.

use jiff::Timestamp;
use serde_json::{Value, json};
use sigu_case::OrderId;
use sigu_case::clock::{Brief, Clock, ClockKind, ClockSource, ClockState, Due};
use sigu_vault::Agenda;

use super::order::{plain_table, span};
use crate::lang::Words;
use crate::output::Answer;
use crate::{Context, Outcome, clock, session, times};

/// How many clocks are listed on the terminal.
const LISTED: usize = 40;

/// A clock of an order.
pub(super) struct Running {
    pub(super) order: OrderId,
    pub(super) clock: Brief,
}

pub(super) fn run(context: &Context<'_>) -> Outcome {
    let agendas = session::with(context, |vault| Ok(vault.agendas()?))?;
    let now = clock::now();
    let running = running(&agendas, now);
    let words = context.words;
    // Thousands of lines as JSON only where they are asked for.
    let listed = if context.args.json { running.iter().map(as_json).collect() } else { Vec::new() };
    let json = json!({ "now": now.to_string(), "clocks": listed });
    if running.is_empty() {
        return Ok(Answer::new(words.word("due-empty"), json));
    }
    let mut table = plain_table(
        ["col-due-at", "col-left", "col-order", "col-clock", "col-then"].map(|key| words.word(key)),
    );
    for one in running.iter().take(LISTED) {
        table.add_row(row(one, now, words));
    }
    let mut text = table.to_string();
    if running.len() > LISTED {
        text =
            format!("{text}\n{}", words.say("due-more", &[("count", (running.len() - LISTED).to_string())]));
    }
    Ok(Answer::new(text, json))
}

/// Clocks that run now, soonest first.
pub(super) fn running(agendas: &[Agenda], now: Timestamp) -> Vec<Running> {
    let mut all: Vec<Running> = Vec::new();
    for agenda in agendas {
        let running = Brief::running(&agenda.clocks, now).into_iter();
        all.extend(running.map(|clock| Running { order: agenda.order.clone(), clock }));
    }
    all.sort_by(|one, other| {
        let key = |one: &Running| (one.clock.due_at.unwrap_or(Timestamp::MAX), one.clock.kind);
        key(one).cmp(&key(other)).then_with(|| one.order.cmp(&other.order))
    });
    all
}

fn row(one: &Running, now: Timestamp, words: &Words) -> [String; 5] {
    let clock = &one.clock;
    let left = clock.due_at.map(|due| span(words, due.duration_since(now).as_secs().max(0)));
    let mark = if clock.kind.is_own() { "●" } else { "○" };
    [
        clock.due_at.map_or_else(|| words.word("clock-unknown"), times::show),
        left.unwrap_or_default(),
        one.order.to_string(),
        format!("{mark} {}", name(clock.kind, words)),
        words.word(&format!("clock-after-{}", key(clock.kind))),
    ]
}

/// When it is due, in words.
pub(super) fn due(due: Due, words: &Words) -> String {
    match due {
        Due::At { at } => times::show(at),
        Due::Day { planning, legal } if planning == legal => planning.to_string(),
        Due::Day { planning, legal } => {
            words.say("clock-two-days", &[("planning", planning.to_string()), ("legal", legal.to_string())])
        }
        Due::NotPublished { year } => words.say("clock-not-published", &[("year", year.to_string())]),
    }
}

/// What is counted, in words.
pub(super) fn name(kind: ClockKind, words: &Words) -> String {
    words.word(&format!("clock-{}", key(kind)))
}

pub(super) fn key(kind: ClockKind) -> String {
    kind.code().replace('_', "-")
}

/// A clock with all it tells: by what it was started, whose number, when due, how it stands, what then, how to stop it.
pub(super) fn lines(clock: &Clock, words: &Words) -> Vec<String> {
    let state = match clock.state {
        ClockState::Open => words.word("clock-open"),
        ClockState::Met { at } => words.say("clock-met", &[("at", times::show(at))]),
        ClockState::MetLate { at } => words.say("clock-met-late", &[("at", times::show(at))]),
        ClockState::Overdue => words.word("clock-overdue"),
    };
    let head = format!(
        "{} {}  {}  {state}",
        if clock.own { "●" } else { "○" },
        name(clock.kind, words),
        due(clock.due, words)
    );
    let started = match clock.started_by {
        Some(item) => format!("{} {}", times::show(clock.started_at), words.aside(&item.to_string())),
        None => times::show(clock.started_at),
    };
    let mut lines = vec![
        head,
        format!(
            "    {}",
            words.say("clock-from", &[("at", started), ("source", source(&clock.source, words))])
        ),
    ];
    if let Some(kind) = clock.decided_by {
        lines.push(format!("    {}", words.say("clock-decided-by", &[("clock", name(kind, words))])));
    }
    if clock.spent {
        lines.push(format!("    {}", words.word("clock-spent")));
    }
    if clock.state == ClockState::Open {
        let values = [
            ("then", words.word(&format!("clock-after-{}", key(clock.kind)))),
            ("stop", words.word(&format!("clock-stop-{}", key(clock.kind)))),
        ];
        lines.push(format!("    {}", words.say("clock-then", &values)));
    }
    lines
}

fn source(source: &ClockSource, words: &Words) -> String {
    match source {
        ClockSource::Default { id } => words.say("clock-source-default", &[("id", id.clone())]),
        ClockSource::Profile { id, unverified: true, .. } => {
            words.say("clock-source-profile-unverified", &[("id", id.clone())])
        }
        ClockSource::Profile { id, .. } => words.say("clock-source-profile", &[("id", id.clone())]),
        ClockSource::Statute { id } => id.to_string(),
        ClockSource::Said => words.word("clock-source-said"),
    }
}

fn as_json(one: &Running) -> Value {
    json!({
        "order": one.order,
        "clock": one.clock.kind,
        "own": one.clock.kind.is_own(),
        "started_at": one.clock.started_at.to_string(),
        "due_at": one.clock.due_at.map(|at| at.to_string()),
    })
}
