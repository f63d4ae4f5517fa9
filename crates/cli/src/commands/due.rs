//! `sigu due`: every clock that runs, of all orders, soonest first.

use jiff::Timestamp;
use sigu_case::clock::{Clock, ClockState};
use sigu_server::agenda::{Running, running};
use sigu_server::answers;
use sigu_server::told::{clock_due, clock_key, clock_name, clock_source};

use super::order::plain_table;
use crate::lang::Words;
use crate::output::Answer;
use crate::{Context, Outcome, clock, session, times};

/// How many clocks are listed on the terminal.
const LISTED: usize = 40;

pub(super) fn run(context: &Context<'_>) -> Outcome {
    let agendas = session::with(context, |vault| Ok(vault.agendas()?))?;
    let now = clock::now();
    let running = running(&agendas, now);
    let words = context.words;
    // Thousands of lines as JSON only where they are asked for.
    let listed = if context.args.json { running.as_slice() } else { &[] };
    let json = answers::json(&answers::Due::of(listed, now));
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

fn row(one: &Running, now: Timestamp, words: &Words) -> [String; 5] {
    let clock = &one.clock;
    let left = clock.due_at.map(|due| words.span(due.duration_since(now).as_secs().max(0)));
    let mark = if clock.kind.is_own() { "●" } else { "○" };
    [
        clock.due_at.map_or_else(|| words.word("clock-unknown"), times::show),
        left.unwrap_or_default(),
        one.order.to_string(),
        format!("{mark} {}", clock_name(clock.kind, words)),
        words.word(&format!("clock-after-{}", clock_key(clock.kind))),
    ]
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
        clock_name(clock.kind, words),
        clock_due(clock.due, words, times::show)
    );
    let started = match clock.started_by {
        Some(item) => format!("{} {}", times::show(clock.started_at), words.aside(&item.to_string())),
        None => times::show(clock.started_at),
    };
    let mut lines = vec![
        head,
        format!(
            "    {}",
            words.say("clock-from", &[("at", started), ("source", clock_source(&clock.source, words))])
        ),
    ];
    if let Some(kind) = clock.decided_by {
        lines.push(format!("    {}", words.say("clock-decided-by", &[("clock", clock_name(kind, words))])));
    }
    if clock.spent {
        lines.push(format!("    {}", words.word("clock-spent")));
    }
    if clock.state == ClockState::Open {
        let values = [
            ("then", words.word(&format!("clock-after-{}", clock_key(clock.kind)))),
            ("stop", words.word(&format!("clock-stop-{}", clock_key(clock.kind)))),
        ];
        lines.push(format!("    {}", words.say("clock-then", &values)));
    }
    lines
}
