//! Style of a draft: short, calm, dated, one demand, the rule before the demand (S26, S27, S33, §6.3).

use std::ops::Range;

use serde::Serialize;

use super::fold::Folded;
use super::table::{Style, TABLE};
use super::verdict::Span;

/// One thing to mend in a draft; advice, not a violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StyleFinding {
    /// `too_long`, `exclamation`, `no_absolute_time`, `several_demands`, `reversed_order` or `no_rule_cited`.
    pub rule: &'static str,
    /// Where it shows; the whole text when something is absent from all of it.
    pub span: Span,
    /// The advice in Chinese.
    pub zh: &'static str,
    /// The advice in English.
    pub en: &'static str,
}

/// Looks over a draft; empty when nothing is to mend. Spans lead into the text as it was given.
///
/// Time, rule and order are asked of drafts that demand something; a report of facts needs none of them.
#[must_use]
pub fn style(text: &str) -> Vec<StyleFinding> {
    let folded = Folded::new(text, &TABLE.fold);
    let table = &TABLE.style;
    let demands = demands(table, text);
    let mut marks: Vec<(&str, Range<usize>)> = Vec::new();
    marks.extend(too_long(table, text).map(|bytes| ("too_long", bytes)));
    marks.extend(table.exclamation.find_iter(text).map(|found| ("exclamation", found.range())));
    if let Some(first) = demands.first() {
        marks.extend(undated(table, text).map(|bytes| ("no_absolute_time", bytes)));
        marks.extend(several(&demands).map(|bytes| ("several_demands", bytes)));
        marks.extend(reversed(table, text, &first.1).map(|bytes| ("reversed_order", bytes)));
        let uncited = !table.cited.is_match(text);
        marks.extend(uncited.then_some(("no_rule_cited", 0..text.len())));
    }
    marks.sort_by_key(|(_, bytes)| bytes.start);
    marks.into_iter().filter_map(|(rule, bytes)| finding(table, &folded, rule, &bytes)).collect()
}

fn finding(
    table: &'static Style,
    folded: &Folded<'_>,
    rule: &str,
    bytes: &Range<usize>,
) -> Option<StyleFinding> {
    let row = table.findings.iter().find(|row| row.id == rule)?;
    let span = folded.span(&(folded.char_at(bytes.start)..folded.char_at(bytes.end)));
    Some(StyleFinding { rule: &row.id, span, zh: &row.zh, en: &row.en })
}

/// What stands beyond the last character allowed.
fn too_long(table: &Style, text: &str) -> Option<Range<usize>> {
    text.char_indices().nth(table.max_chars).map(|(at, _)| at..text.len())
}

/// The relative times of a draft without an absolute one, or all of it.
fn undated(table: &Style, text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut spans = Vec::new();
    if !table.absolute_time.is_match(text) {
        spans.extend(table.relative_time.find_iter(text).map(|found| found.range()));
        if spans.is_empty() {
            spans.push(0..text.len());
        }
    }
    spans.into_iter()
}

/// A demand: its kind and where it stands.
type Demand = (&'static str, Range<usize>);

/// The remedies that are asked for, in the order of the text; what follows 或 is no second demand.
fn demands(table: &'static Style, text: &str) -> Vec<Demand> {
    let mut found = Vec::new();
    for clause in clauses(text) {
        let words = &text[clause.clone()];
        let Some(ask) = table.asks.find(words) else { continue };
        let from = clause.start + ask.start();
        for (kind, pattern) in &table.demands {
            let places = pattern.find_iter(&text[from..clause.end]);
            found.extend(places.map(|place| (kind.as_str(), from + place.start()..from + place.end())));
        }
    }
    found.sort_by_key(|(_, bytes): &Demand| bytes.start);
    let mut kept: Vec<Demand> = Vec::new();
    for (kind, bytes) in found {
        let between = kept.last().map(|last| &text[last.1.end.min(bytes.start)..bytes.start]);
        let alternative = between.is_some_and(|between| table.alternatives.is_match(between));
        if !alternative && !kept.iter().any(|(known, _)| *known == kind) {
            kept.push((kind, bytes));
        }
    }
    kept
}

fn several(demands: &[Demand]) -> impl Iterator<Item = Range<usize>> {
    demands.iter().skip(1).map(|(_, bytes)| bytes.clone())
}

/// The first demand, if a rule is cited and only after it (S26).
fn reversed(table: &Style, text: &str, demand: &Range<usize>) -> Option<Range<usize>> {
    let rule = table.rule.find(text)?;
    (rule.start() > demand.start).then(|| demand.start..rule.end())
}

fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, end) in text.match_indices([',', '，', '。', '；', ';', '！', '!', '？', '?', '\n']) {
        clauses.push(start..at);
        start = at + end.len();
    }
    clauses.push(start..text.len());
    clauses
}
