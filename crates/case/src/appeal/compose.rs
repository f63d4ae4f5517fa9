//! How a statement is put together, shortened and rendered.

use super::table::{SentenceRow, Table, VariantRow};
use super::{
    AppealInput, FieldNeed, Footnote, LeftOut, Limit, LimitSource, Sentence, Statement, StatementError,
    StatementPart, StatementPartKind,
};
use crate::bilingual::Bilingual;
use crate::catalogue::{CatalogueRow, catalogue, number_of};
use crate::claim::permit;
use crate::confidence::CheckStatus;
use crate::letter::slots::{Slots, kept, quotable};
use crate::letter::{Finding, cited, gate, look_up, rule_name};
use crate::report::Role;
use crate::tone::Venue;
use crate::{ItemId, View};

/// Most characters quoted of a rule.
const MAX_RULE_QUOTED: usize = 60;
/// The rank of a rule's quotation and of an answer to a refusal.
const RANK_SUPPORT: u8 = 5;

/// A sentence that may have to go.
struct Line {
    rank: u8,
    short: Option<String>,
    sentence: Sentence,
}

/// A statement while it is made.
struct Draft {
    slots: Slots,
    facts: Vec<Line>,
    support: Vec<Line>,
    cites: Vec<(String, Option<ItemId>)>,
    ask: Sentence,
    rows: Vec<CatalogueRow>,
    marks: bool,
}

pub(super) fn statement(view: &View<'_>, input: &AppealInput<'_>) -> Result<Statement, StatementError> {
    let row = Table::get().variant(input.variant);
    permit(input.claim.kind, input.scenario)?;
    let slots = slots(view, input, row);
    let ask = ask(&slots, input, row)?;
    let (facts, left_out) = facts(&slots, input, row);
    let (cites, unverified) = cites(view, input, row);
    let empty = |part| StatementError::EmptyPart { part, left_out: left_out.clone() };
    if facts.is_empty() {
        return Err(empty(StatementPartKind::Fact));
    }
    if cites.is_empty() {
        return Err(empty(StatementPartKind::Basis));
    }
    let support = if row.basis_only { Vec::new() } else { support(&slots, input) };
    let rows = catalogue(view);
    let fields = fields(&slots, row);
    let mut draft = Draft { slots, facts, support, cites, ask, rows, marks: true };
    let limit = limit(view, input, row);
    let mut shortened = Vec::new();
    while draft.text().chars().count() > limit.max as usize {
        match draft.shorten() {
            Some(what) => shortened.push(what),
            None => break,
        }
    }
    let text = draft.text();
    let chars = text.chars().count();
    Ok(Statement {
        variant: input.variant,
        chars,
        limit,
        parts: draft.parts(),
        footnotes: draft.footnotes(),
        left_out,
        shortened,
        unverified,
        fields,
        findings: findings(view, &text, row.venue, limit),
        text,
    })
}

fn slots(view: &View<'_>, input: &AppealInput<'_>, row: &VariantRow) -> Slots {
    let mut slots = Slots::of(view, input.scenario);
    let scenario = crate::letter::table::Table::get().scenario(input.scenario);
    slots.put("duty", row.duty.clone().unwrap_or_else(|| scenario.duty.clone()), &[]);
    slots.put("claim", input.claim.sentence().zh, &[]);
    if let Some(state) = slots.get("state").cloned() {
        slots.put("state", row.spoken(&state.text), &state.proofs);
    }
    if let Some(party) = view.party(Role::Merchant) {
        let proofs: Vec<ItemId> = kept(view, party.proof).collect();
        if let Some(name) = &party.legal_name {
            slots.put("respondent_name", name.clone(), &proofs);
        }
        if let Some(address) = &party.address {
            slots.put("respondent_address", address.clone(), &proofs);
        }
    }
    if view.order.exhibits.iter().any(|one| one.manifest().is_some()) {
        slots.put("evidence", String::new(), &[]);
    }
    slots
}

fn ask(slots: &Slots, input: &AppealInput<'_>, row: &VariantRow) -> Result<Sentence, StatementError> {
    let own = row.ask_own.as_ref().filter(|_| row.claim_own.contains(&input.claim.kind));
    let filled = slots.first(own.into_iter().chain(&row.ask)).ok();
    let filled = filled.filter(|filled| !filled.text.contains(['{', '}']));
    let filled = filled.ok_or(StatementError::ClaimIncomplete)?;
    Ok(Sentence { code: "claim".into(), text: filled.text, proofs: Vec::new(), own_statement: false })
}

fn facts(slots: &Slots, input: &AppealInput<'_>, row: &VariantRow) -> (Vec<Line>, Vec<LeftOut>) {
    let (mut lines, mut left) = (Vec::new(), Vec::new());
    for sentence in Table::get().sentences(row) {
        let of: Vec<String> = sentence.of.iter().map(|words| row.spoken(words)).collect();
        match slots.first(&of) {
            Ok(filled) if !filled.own_words || input.own_statements => lines.push(Line {
                rank: sentence.rank,
                short: sentence.short.clone(),
                sentence: Sentence {
                    code: sentence.id.clone(),
                    own_statement: filled.own_words || filled.proofs.is_empty(),
                    text: filled.text,
                    proofs: filled.proofs,
                },
            }),
            Ok(_) => left.push(left_out(sentence, None)),
            Err(unknown) => left.push(left_out(sentence, Some(unknown))),
        }
    }
    (lines, left)
}

fn left_out(sentence: &SentenceRow, unknown: Option<String>) -> LeftOut {
    let how = sentence.proof.iter().map(|proof| proof.text().how.clone()).collect();
    LeftOut { code: sentence.id.clone(), unknown, proof: sentence.proof.clone(), how }
}

/// Rules first, then what the variant rests on, then statutes (S43); those to be checked are marked or left
/// out.
fn cites(
    view: &View<'_>,
    input: &AppealInput<'_>,
    row: &VariantRow,
) -> (Vec<(String, Option<ItemId>)>, Vec<String>) {
    let rules = input.rules.iter().filter(|_| !row.basis_only);
    let rules = rules.map(|rule| (rule_name(rule), rule.verified, rule.snapshot));
    let own = look_up(view, &row.basis);
    let mut laws: Vec<&crate::law::Citation> = own.iter().collect();
    laws.extend(input.laws.iter().filter(|law| !row.basis_only && !row.basis.contains(&law.id)));
    let laws = laws.into_iter().map(|law| (law.text.zh.clone(), law.status == CheckStatus::Checked, None));
    let (mut kept, mut left) = (Vec::new(), Vec::new());
    for (name, checked, snapshot) in rules.chain(laws) {
        match (checked, input.cite_unverified) {
            (true, _) => kept.push((name, snapshot)),
            (false, true) => kept.push((format!("{name}{}", Table::get().basis.unverified), snapshot)),
            (false, false) => left.push(name),
        }
    }
    (kept, left)
}

/// The words of the first rule, and what stands against a refusal (D7).
fn support(slots: &Slots, input: &AppealInput<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |code: &str, text: String, proofs: Vec<ItemId>| {
        let sentence = Sentence { code: code.to_owned(), text, proofs, own_statement: false };
        lines.push(Line { rank: RANK_SUPPORT, short: None, sentence });
    };
    let rule = input.rules.iter().find(|rule| rule.verified || input.cite_unverified);
    if let Some((rule, quote)) = rule.and_then(|rule| Some((rule, quotable(&rule.text, MAX_RULE_QUOTED)?))) {
        let words = Table::get().basis.quote.replace("{title}", rule.title.trim_matches(['《', '》']));
        line("rule_quote", words.replace("{quote}", &quote), rule.snapshot.into_iter().collect());
    }
    if let Some(answer) = slots.get("answer") {
        line("answer", format!("{}。", answer.text), answer.proofs.clone());
    }
    lines
}

fn limit(view: &View<'_>, input: &AppealInput<'_>, row: &VariantRow) -> Limit {
    let facts = &view.profile.facts;
    let of_profile = row.profile_limits;
    let min = facts.description_min.as_ref().filter(|_| of_profile).map(|fact| fact.value);
    let own = facts.description_max.as_ref().filter(|_| of_profile);
    // A paper of its own has room for more; a platform that takes more does not make a longer statement a
    // better one (S42).
    let max = row.max.unwrap_or_default().max(Table::get().default_max);
    let mut limit = Limit { min, max, source: LimitSource::Default, unverified: false };
    let lower = [
        (row.max, LimitSource::Body),
        (own.map(|fact| fact.value), LimitSource::Profile),
        (input.max_chars, LimitSource::Given),
    ];
    for (max, source) in lower {
        if let Some(max) = max.filter(|max| *max < limit.max) {
            limit = Limit { max, source, ..limit };
        }
    }
    limit.unverified =
        limit.source == LimitSource::Profile && own.is_some_and(crate::platform::Fact::is_unverified);
    limit
}

fn fields(slots: &Slots, row: &VariantRow) -> Vec<FieldNeed> {
    let need = |field: &super::table::FieldRow| FieldNeed {
        code: field.code.clone(),
        label: field.label.clone(),
        known: !field.by_user && field.slots.iter().any(|slot| slots.get(slot).is_some()),
        by_user: field.by_user,
    };
    Table::get().fields(row).map(need).collect()
}

impl Draft {
    fn basis(&self) -> Sentence {
        let names: Vec<String> = self.cites.iter().map(|(name, _)| name.clone()).collect();
        let duty = self.slots.get("duty").map(|duty| duty.text.as_str()).unwrap_or_default();
        let words = &Table::get().basis.words;
        Sentence {
            code: "basis".into(),
            text: words.replace("{basis}", &cited(&names)).replace("{duty}", duty),
            proofs: self.cites.iter().filter_map(|(_, snapshot)| *snapshot).collect(),
            own_statement: false,
        }
    }

    fn parts(&self) -> Vec<StatementPart> {
        let labels = &Table::get().labels;
        let of = |lines: &[Line]| lines.iter().map(|line| line.sentence.clone()).collect::<Vec<_>>();
        let mut basis = vec![self.basis()];
        basis.extend(of(&self.support));
        let part = |kind, label: &String, sentences| StatementPart { kind, label: label.clone(), sentences };
        vec![
            part(StatementPartKind::Fact, &labels.fact, of(&self.facts)),
            part(StatementPartKind::Basis, &labels.basis, basis),
            part(StatementPartKind::Claim, &labels.claim, vec![self.ask.clone()]),
        ]
    }

    fn text(&self) -> String {
        let one = |part: StatementPart| {
            let sentences: String = part.sentences.iter().map(|sentence| self.marked(sentence)).collect();
            format!("{}{sentences}", part.label)
        };
        self.parts().into_iter().map(one).collect::<Vec<_>>().join("\n")
    }

    /// The sentence with the numbers of its proofs before the full stop.
    fn marked(&self, sentence: &Sentence) -> String {
        if !self.marks {
            return sentence.text.clone();
        }
        let marks: String = self.numbers(&sentence.proofs).into_iter().map(mark).collect();
        match sentence.text.strip_suffix('。') {
            Some(words) => format!("{words}{marks}。"),
            None => format!("{}{marks}", sentence.text),
        }
    }

    fn numbers(&self, proofs: &[ItemId]) -> Vec<u32> {
        let mut numbers: Vec<u32> = proofs.iter().filter_map(|item| number_of(&self.rows, *item)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn footnotes(&self) -> Vec<Footnote> {
        let parts = self.parts();
        let proofs: Vec<ItemId> =
            parts.iter().flat_map(|part| &part.sentences).flat_map(|one| one.proofs.clone()).collect();
        let numbers = self.numbers(&proofs);
        let rows = self.rows.iter().filter(|row| numbers.contains(&row.no));
        rows.map(|row| Footnote { no: row.no, mark: mark(row.no), item: row.item, name: row.name.clone() })
            .collect()
    }

    /// Leaves one thing out and names it.
    fn shorten(&mut self) -> Option<String> {
        if self.cites.len() > Table::get().cites_kept {
            return self.cites.pop().map(|(name, _)| name);
        }
        if let Some(code) = self.drop_above(1) {
            return Some(code);
        }
        if self.cites.len() > 1 {
            return self.cites.pop().map(|(name, _)| name);
        }
        let shorter = self.facts.iter_mut().find(|line| line.rank > 0 && line.short.is_some());
        if let Some(line) = shorter {
            let short = line.short.take()?;
            if let Ok(filled) = self.slots.fill(&short) {
                line.sentence.text = filled.text;
                line.sentence.proofs = filled.proofs;
                line.sentence.own_statement = filled.own_words;
            }
            return Some(format!("{}_short", line.sentence.code));
        }
        self.drop_above(0).or_else(|| std::mem::take(&mut self.marks).then(|| "footnotes".to_owned()))
    }

    /// Drops the most dispensable sentence above a rank, unless it is the last fact.
    fn drop_above(&mut self, floor: u8) -> Option<String> {
        let highest = |lines: &[Line]| lines.iter().map(|line| line.rank).filter(|rank| *rank > floor).max();
        let (fact, support) = (highest(&self.facts).filter(|_| self.facts.len() > 1), highest(&self.support));
        let lines = if fact >= support { &mut self.facts } else { &mut self.support };
        let rank = fact.max(support)?;
        let at = lines.iter().rposition(|line| line.rank == rank)?;
        Some(lines.remove(at).sentence.code)
    }
}

/// ① to ㊿, then `[51]`.
fn mark(no: u32) -> String {
    let base = match no {
        1..=20 => 0x2460 + no - 1,
        21..=35 => 0x3251 + no - 21,
        36..=50 => 0x32B1 + no - 36,
        _ => return format!("[{no}]"),
    };
    char::from_u32(base).map_or_else(|| format!("[{no}]"), String::from)
}

fn findings(view: &View<'_>, text: &str, venue: Venue, limit: Limit) -> Vec<Finding> {
    let chars = text.chars().count();
    let plain = |code: &str, zh: String, en: String| Finding {
        code: code.to_owned(),
        rule: None,
        severity: 2,
        span: None,
        text: Bilingual::new(zh, en),
        basis: Vec::new(),
        suggestion: None,
    };
    let mut found = Vec::new();
    if chars > limit.max as usize {
        let over = chars - limit.max as usize;
        found.push(plain(
            "over_limit",
            format!("超出 {over} 字，请手动删减。"),
            format!("{over} characters over."),
        ));
    }
    if let Some(short) = limit.min.map(|min| (min as usize).saturating_sub(chars)).filter(|short| *short > 0)
    {
        found.push(plain(
            "below_min",
            format!("还差 {short} 字，请补充事实。"),
            format!("{short} characters short."),
        ));
    }
    for guard in &Table::get().guard {
        if guard.pattern.is_match(text) {
            found.push(plain(&guard.code, "请删去对结果或权利的断言。".into(), "Assert no outcome.".into()));
        }
    }
    let looked = gate(text, view, venue);
    found.extend(looked.blocked.into_iter().chain(looked.warnings));
    found
}
