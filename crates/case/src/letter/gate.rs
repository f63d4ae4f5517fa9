//! The gate before sending: what blocks a text, what to mind, and what to say instead (S25–S27, S33, S36).

use serde::Serialize;

use super::slots::Slots;
use super::table::Table;
use crate::bilingual::Bilingual;
use crate::law;
use crate::report::{Kind, ProblemFound, RuleCaptured};
use crate::scenario::Scenario;
use crate::tone::{self, Context, Label, Span, StyleFinding, Venue, Verdict, reason, rewrite, style};
use crate::{Direction, View};

/// One thing found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable code, for `overrode` of the message: a tone label, a style rule, or one of the gate's own.
    pub code: String,
    /// The rule of the tone table that found it.
    pub rule: Option<&'static str>,
    /// 1 (slight) to 3 (grave).
    pub severity: u8,
    /// Where, if at one place.
    pub span: Option<Span>,
    /// Why, and what to do.
    pub text: Bilingual,
    /// Requirement numbers and statutes it rests on.
    pub basis: Vec<String>,
    /// What to say instead, with what the view knows filled in.
    pub suggestion: Option<String>,
}

/// What stands between a text and its being sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// Closes the gate until rewritten or expressly overridden.
    pub blocked: Vec<Finding>,
    /// To mind; the gate stays open.
    pub warnings: Vec<Finding>,
}

impl Gate {
    /// Tells whether the text may go out when these codes are overridden; record them in
    /// `MessageDetail.overrode`.
    pub fn open(&self, overrode: &[String]) -> bool {
        self.blocked.iter().all(|finding| overrode.contains(&finding.code))
    }

    /// Returns the codes that must be overridden, each once.
    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.blocked.iter().map(|finding| finding.code.clone()).collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

/// Looks over a text for where it goes; total on any text.
///
/// Style is asked of chats only; tone everywhere, with what the venue may have.
pub fn gate(text: &str, view: &View<'_>, venue: Venue) -> Gate {
    gate_knowing(text, view, venue, &[])
}

/// As [`gate`], and knows the case's delivered secrets unmasked, so that none passes in another spacing.
pub fn gate_knowing(text: &str, view: &View<'_>, venue: Venue, secrets: &[String]) -> Gate {
    let names: Vec<String> = view.order.facts.title.iter().cloned().collect();
    let context = Context { direction: Direction::Out, venue, product_names: &names, secrets };
    let verdict = tone::check(text, &context);
    let mut found = tone_findings(&verdict, view);
    if verdict.venue == Venue::MerchantChat {
        found.extend(style(text).iter().map(style_finding));
        found.extend(over_channel_max(text, view));
    }
    found.extend(open_slots(text));
    found.extend(rules_named(text, view));
    found.extend(superseded(text));
    let blocking = &Table::get().gate.blocking;
    let (blocked, warnings) = found.into_iter().partition(|finding| blocking.contains(&finding.code));
    Gate { blocked, warnings }
}

fn tone_findings(verdict: &Verdict, view: &View<'_>) -> Vec<Finding> {
    if verdict.hits.is_empty() {
        return Vec::new();
    }
    let slots = rewriting_slots(view);
    let of = |hit: &tone::Hit| {
        let why = reason(hit.reason);
        Finding {
            code: hit.label.code().to_owned(),
            rule: Some(hit.rule),
            // What has left cannot be called back.
            severity: if hit.label == Label::PrivacyLeak { 3 } else { hit.severity },
            span: Some(hit.span),
            text: why.map(|why| Bilingual::new(why.zh, why.en)).unwrap_or_default(),
            basis: why.map(|why| why.basis.to_vec()).unwrap_or_default(),
            suggestion: hit.rewrite.and_then(|pattern| rewrite(pattern, &slots)),
        }
    };
    verdict.hits.iter().map(of).collect()
}

fn style_finding(found: &StyleFinding) -> Finding {
    Finding { span: Some(found.span), severity: 1, ..own(found.rule, Bilingual::new(found.zh, found.en)) }
}

fn own(code: &str, text: Bilingual) -> Finding {
    let (rule, span, basis, suggestion) = (None, None, Vec::new(), None);
    Finding { code: code.to_owned(), rule, severity: 2, span, text, basis, suggestion }
}

fn named(code: &str) -> Finding {
    own(code, Table::get().finding(code))
}

fn over_channel_max(text: &str, view: &View<'_>) -> Option<Finding> {
    let max = view.profile.facts.message_max.as_ref()?.value as usize;
    (text.chars().count() > max).then(|| named("over_channel_max"))
}

fn open_slots(text: &str) -> Option<Finding> {
    let gate = &Table::get().gate;
    let open = |found: regex::Captures<'_>| !gate.labels.iter().any(|label| *label == found["slot"]);
    gate.open_slot.captures_iter(text).any(open).then(|| named("open_slot"))
}

/// Rules named in the text that nothing here shows (S27).
fn rules_named(text: &str, view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for cite in Table::get().gate.cites.captures_iter(text) {
        let title = &cite["title"];
        match captured(view, title) {
            _ if is_statute(title) => {}
            Some(true) => {}
            Some(false) => found.push(named("rule_unverified")),
            None => found.push(named("rule_unknown")),
        }
    }
    found.dedup();
    found
}

/// Whether a rule of that title is known, and whether evidence shows it.
fn captured(view: &View<'_>, title: &str) -> Option<bool> {
    let own = view.profile.rules.iter().map(|rule| (rule.title.as_str(), rule.snapshot.is_some()));
    let noted = view.house.notes().iter().filter_map(|logged| RuleCaptured::of(&logged.report));
    let noted = noted.map(|rule| (rule.title.as_str(), rule.snapshot.is_some()));
    own.chain(noted).filter(|(known, _)| *known == title).map(|(_, shown)| shown).max()
}

fn is_statute(title: &str) -> bool {
    let plain = title.replace(['〈', '〉'], "");
    let same = |name: &str| name.replace(['《', '》'], "") == plain;
    law::Table::get().statutes().iter().any(|statute| same(&statute.short.zh) || same(&statute.full.zh))
}

fn superseded(text: &str) -> Option<Finding> {
    let old = law::Table::get().superseded_in(text);
    let first = old.first()?;
    let basis = vec![first.replaced_by.clone()];
    Some(Finding { basis, suggestion: Some(first.now.zh.clone()), ..named("superseded_value") })
}

/// What [`rewrite`] can be given, in the words of its table.
fn rewriting_slots(view: &View<'_>) -> tone::Slots {
    let told = view.told::<ProblemFound>();
    let scenario = told.iter().rev().find_map(|(_, problem, _)| problem.scenario);
    let scenario = scenario.unwrap_or(Scenario::NotAsDescribed);
    let mut slots = Slots::of(view, scenario).texts();
    let table = Table::get();
    slots.insert("duty".to_owned(), table.scenario(scenario).duty.clone());
    let due = super::due(view, None);
    slots.insert("due".to_owned(), super::slots::wall(due));
    let renamed = [("state_words", "state"), ("observed", "placeholder_excerpt")];
    slots.remove("state");
    for (from, to) in renamed {
        if let Some(value) = slots.get(from).cloned() {
            slots.insert(to.to_owned(), value);
        }
    }
    if let Some(promise) = slots.get_mut("promise") {
        *promise = format!("“{promise}”");
    }
    slots
}
