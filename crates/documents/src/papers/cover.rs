//! 证据包封面: what is claimed, how many exhibits there are, where the log stands, and how to check all of it without us.

use sigu_case::appeal::{StatementPartKind, Variant};
use sigu_case::report::Role;

use super::dispute::{Told, told};
use super::{guide, values};
use crate::code;
use crate::draft::Draft;
use crate::paper::{Block, Fact, Span};
use crate::source::LogHead;

/// Most sentences of fact; the claim is the fifth line.
const MOST_FACTS: usize = 4;

pub(super) fn write(draft: &mut Draft<'_>) {
    if draft.rows.is_empty() {
        draft.miss("exhibits");
    }
    let log = draft.case.log.clone();
    if log.is_none() {
        draft.miss("log");
    }
    let told = told(draft, Variant::Platform);
    let (Some(told), Some(log)) = (told, log) else { return };
    names(draft);
    claimed(draft, &told);
    exhibits(draft);
    head(draft, log);
    checking(draft);
    draft.guide(draft.word("guide-cover"));
    draft.guide(draft.word("guide-cover-fingerprint"));
    guide::end(draft);
}

fn names(draft: &mut Draft<'_>) {
    let facts = &draft.case.view.order.facts;
    let merchant = values::name(draft, Role::Merchant).unwrap_or_default();
    let rows = [
        ("cover-order-no", facts.order_no.clone().unwrap_or_default()),
        ("cover-platform", facts.platform.clone().unwrap_or_default()),
        ("cover-merchant", merchant),
    ];
    let rows = rows.into_iter().map(|(key, value)| (draft.word(key), Span::cell(value))).collect();
    draft.fields(rows);
}

/// At most five lines: what happened, as far as exhibits show it, and what is asked.
fn claimed(draft: &mut Draft<'_>, told: &Told) {
    draft.heading(1, draft.word("cover-claimed"));
    let mut facts: Vec<Fact> = Vec::new();
    for sentence in told.part(StatementPartKind::Fact) {
        if facts.len() < MOST_FACTS {
            facts.extend(draft.numbers.fact(&sentence.text, &sentence.proofs));
        }
    }
    if facts.is_empty() {
        draft.miss("exhibits");
    }
    for fact in facts {
        draft.facts([Some(fact)], false);
    }
    let claim = draft.words.pick(&told.claim.sentence()).to_owned();
    draft.para(draft.say("cover-claim", &[("claim", &claim)]));
}

fn exhibits(draft: &mut Draft<'_>) {
    // The number holds only as long as each of them is there.
    for row in draft.rows.clone() {
        draft.numbers.cite(&row.covers);
    }
    draft.heading(1, draft.word("cover-exhibits"));
    draft.para(draft.say("cover-count", &[("count", &draft.rows.len().to_string())]));
}

/// The log's fingerprint and newest checkpoint, as text and as code.
fn head(draft: &mut Draft<'_>, log: LogHead) {
    draft.heading(1, draft.word("cover-log"));
    draft.para(draft.word("cover-log-what"));
    let text = format!("{}\n{}", log.fingerprint, log.checkpoint);
    match code::block(text.clone(), draft.word("cover-code")) {
        Some(block) => draft.push(block),
        None => draft.push(Block::Quote { text }),
    }
}

fn checking(draft: &mut Draft<'_>) {
    draft.heading(1, draft.word("cover-check"));
    let steps = ["cover-check-1", "cover-check-2", "cover-check-3"].map(|key| Span::cell(draft.word(key)));
    draft.push(Block::List { numbered: true, items: steps.to_vec() });
    draft.note(draft.word("cover-not-shown"));
}
