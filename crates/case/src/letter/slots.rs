//! What a view knows, by the names templates use, each with the evidence that shows it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz};
use sigu_evidence::mask_text;

use super::table::{ScenarioRow, Table};
use crate::calendar::day_of;
use crate::claim::yuan;
use crate::clock::{ClockKind, ClockState, RefusedBy, clocks, refused};
use crate::report::{
    DecisionMade, ObservationMade, PaymentSeen, PromiseMade, PromisePlace, RefundProof, RefundSeen,
    RefundState, Sense,
};
use crate::scenario::Scenario;
use crate::tone::{Context, Label, check};
use crate::{Direction, ItemId, Slot, View, law};

/// Most characters of a quotation; the rest is cut with an ellipsis.
const MAX_QUOTED: usize = 40;

/// A value with the exhibits and messages that show it; none when only the user says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) text: String,
    pub(crate) proofs: Vec<ItemId>,
}

/// A template with its slots filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) text: String,
    pub(crate) proofs: Vec<ItemId>,
    /// Whether some slot is known from the user's own words only.
    pub(crate) own_words: bool,
}

/// Everything a template can ask for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots(BTreeMap<&'static str, Known>);

/// Writes an instant as Chinese letters do, Asia/Shanghai: `2026年10月1日 13:30`.
pub(crate) fn wall(at: Timestamp) -> String {
    let at = tz::Offset::constant(8).to_datetime(at);
    format!("{}年{}月{}日 {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

/// Makes words of somebody else fit to be quoted: masked, on one line, without shouting, cut at a length.
///
/// `None` when nothing is left or when the words must not be repeated: an insult, a contact, a threat.
pub(crate) fn quotable(words: &str, max: usize) -> Option<String> {
    let masked = mask_text(words);
    let plain: String = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain.trim_matches(['!', '！', '。', '，', '“', '”']);
    let plain: String = plain.chars().map(calm).collect();
    let context = Context { direction: Direction::Out, ..Context::default() };
    let fit = !plain.is_empty() && check(&plain, &context).labels == [Label::Ok];
    fit.then(|| cut(&plain, max))
}

/// A quotation keeps its words; marks that would break the sentence around it are made mild.
const fn calm(c: char) -> char {
    match c {
        '!' | '！' => '。',
        '“' | '”' | '"' => '’',
        '《' => '〈',
        '》' => '〉',
        '【' | '】' | '{' | '}' => '|',
        other => other,
    }
}

fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

impl Slots {
    /// Reads a view for a scenario.
    pub(crate) fn of(view: &View<'_>, scenario: Scenario) -> Self {
        let row = Table::get().scenario(scenario);
        let mut slots = Self::default();
        slots.facts(view);
        slots.times(view);
        slots.payment(view);
        slots.promise(view, row);
        slots.observed(view, row);
        slots.talk(view);
        slots.refusal(view);
        slots.decided(view);
        slots.compared(view);
        slots.state(row);
        slots
    }

    pub(crate) fn put(&mut self, name: &'static str, text: impl Into<String>, proofs: &[ItemId]) {
        self.0.insert(name, Known { text: text.into(), proofs: proofs.to_vec() });
    }

    fn maybe(&mut self, name: &'static str, text: Option<String>, proofs: &[ItemId]) {
        if let Some(text) = text {
            self.put(name, text, proofs);
        }
    }

    /// Takes a slot away and returns its name.
    pub(crate) fn forget(&mut self, name: &'static str) -> &'static str {
        self.0.remove(name);
        name
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Known> {
        self.0.get(name)
    }

    /// Returns every slot's text.
    pub(crate) fn texts(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(name, known)| ((*name).to_owned(), known.text.clone())).collect()
    }

    /// Fills a template; otherwise names the first slot that is not known.
    pub(crate) fn fill(&self, template: &str) -> Result<Filled, String> {
        let mut filled =
            Filled { text: String::new(), proofs: Vec::new(), own_words: !template.contains('{') };
        for part in template.split_inclusive('}') {
            let Some((words, name)) = part.strip_suffix('}').and_then(|part| part.split_once('{')) else {
                filled.text.push_str(part);
                continue;
            };
            let known = self.get(name).ok_or_else(|| name.to_owned())?;
            filled.text.push_str(words);
            filled.text.push_str(&known.text);
            filled.own_words |= known.proofs.is_empty();
            let new = known.proofs.iter().filter(|item| !filled.proofs.contains(item)).copied();
            let new: Vec<ItemId> = new.collect();
            filled.proofs.extend(new);
        }
        Ok(filled)
    }

    /// Fills the first alternative whose slots are all known; otherwise names what the last one lacks.
    pub(crate) fn first<'t>(&self, of: impl IntoIterator<Item = &'t String>) -> Result<Filled, String> {
        let mut lacking = String::new();
        for template in of {
            match self.fill(template) {
                Ok(filled) => return Ok(filled),
                Err(name) => lacking = name,
            }
        }
        Err(lacking)
    }

    fn facts(&mut self, view: &View<'_>) {
        let facts = &view.order.facts;
        let (page, paid) =
            (shown(view, &[Slot::Transaction]), shown(view, &[Slot::Voucher, Slot::Transaction]));
        let name = |text: &Option<String>| text.as_deref().and_then(|text| quotable(text, MAX_QUOTED));
        self.maybe("order_no", facts.order_no.clone(), &page);
        self.maybe("title", name(&facts.title), &page);
        self.maybe("merchant", name(&facts.merchant), &page);
        self.maybe("platform", name(&facts.platform), &page);
        self.maybe("status", name(&facts.status), &page);
        self.maybe("quantity", facts.quantity.map(|count| count.to_string()), &page);
        self.maybe("amount", facts.amount_fen.map(yuan), &paid);
    }

    fn times(&mut self, view: &View<'_>) {
        let facts = &view.order.facts;
        let paid = shown(view, &[Slot::Voucher, Slot::Transaction]);
        let got = shown(view, &[Slot::Delivery, Slot::Recording, Slot::Transaction]);
        self.maybe("paid_at", facts.paid_at.map(wall), &paid);
        self.maybe("ordered_at", facts.created_at.or(facts.paid_at).map(wall), &paid);
        self.maybe("delivered_at", facts.delivered_at.map(wall), &got);
        self.maybe("received_at", facts.received_at().map(wall), &got);
        self.maybe("credited_at", facts.credited_at.map(wall), &got);
        self.maybe("revealed_at", facts.revealed_at.map(wall), &got);
        self.maybe("activated_at", facts.activated_at.map(wall), &got);
        self.maybe("handed_over_at", facts.handed_over_at.map(wall), &got);
    }

    fn payment(&mut self, view: &View<'_>) {
        let Some((_, paid, _)) = view.told::<PaymentSeen>().into_iter().next_back() else { return };
        let mut proofs = shown(view, &[Slot::Voucher]);
        proofs.extend(kept(view, paid.proof).filter(|item| !proofs.contains(item)).collect::<Vec<_>>());
        self.maybe("txn", paid.txn.clone(), &proofs);
        self.maybe("payee", paid.payee.as_deref().and_then(|payee| quotable(payee, MAX_QUOTED)), &proofs);
    }

    /// The promise that matters: of the preferred kind, else the first; an oral one apart (S9).
    fn promise(&mut self, view: &View<'_>, row: &ScenarioRow) {
        let told = view.told::<PromiseMade>();
        let page = shown(view, &[Slot::Description]);
        let rank = |promise: &PromiseMade| {
            row.promises.iter().position(|kind| *kind == promise.kind).unwrap_or(row.promises.len())
        };
        let (oral, written): (Vec<_>, Vec<_>) =
            told.into_iter().map(|(_, promise, _)| promise).partition(|one| one.place == PromisePlace::Oral);
        if let Some(promise) = written.iter().copied().min_by_key(|promise| rank(promise)) {
            let mut proofs: Vec<ItemId> = kept(view, promise.proof).collect();
            if proofs.is_empty() && promise.place == PromisePlace::ProductPage {
                proofs = page;
            }
            self.maybe("promise", quotable(&promise.text, MAX_QUOTED), &proofs);
        }
        if let Some(promise) = oral.last() {
            let proofs: Vec<ItemId> = kept(view, promise.proof).collect();
            self.maybe("oral", quotable(&promise.text, MAX_QUOTED), &proofs);
        }
    }

    /// The latest of the states the scenario is about.
    fn observed(&mut self, view: &View<'_>, row: &ScenarioRow) {
        let Some((_, made)) = view.observed(&row.states).into_iter().next_back() else { return };
        let proofs: Vec<ItemId> = kept(view, made.proof).collect();
        self.put("state_words", Table::get().observed(made.state), &proofs);
        self.put("seen_at", wall(made.at), &proofs);
        self.maybe("observed", made.text.as_deref().and_then(|text| quotable(text, MAX_QUOTED)), &proofs);
        self.maybe("since", made.since.map(wall), &proofs);
        self.maybe("count", made.count.map(|count| count.to_string()), &proofs);
        self.before_reveal(view, made, &proofs);
    }

    /// A use before the first look is decisive (C03); it is named only when both instants say so.
    fn before_reveal(&mut self, view: &View<'_>, made: &ObservationMade, proofs: &[ItemId]) {
        let used = made.since.filter(|used| view.order.facts.revealed_at.is_some_and(|seen| *used < seen));
        self.maybe("used_before_reveal", used.map(wall), proofs);
    }

    fn talk(&mut self, view: &View<'_>) {
        let notices = view.said(Direction::Out, Sense::Notice);
        if let Some((notice, _)) = notices.last() {
            self.put("notice_at", wall(notice.said_at), &[notice.item]);
            let silent = clocks(view).into_iter().find(|clock| {
                clock.kind == ClockKind::Reply
                    && clock.started_by == Some(notice.item)
                    && matches!(clock.state, ClockState::Overdue | ClockState::MetLate { .. })
            });
            let due = silent.and_then(|clock| clock.due.instant());
            self.maybe("notice_due", due.map(wall), &[notice.item]);
        }
        if let Some((message, _)) = view.said(Direction::In, Sense::Solicitation).last() {
            self.put("solicited_at", wall(message.said_at), &[message.item]);
        }
        let promised = view.said(Direction::In, Sense::Promise);
        let mut run_out = promised.into_iter().filter_map(|(message, due)| Some((message, due?)));
        if let Some((message, due)) = run_out.rfind(|(_, due)| *due <= view.now) {
            self.put("promise_due", wall(due), &[message.item]);
        }
    }

    fn refusal(&mut self, view: &View<'_>) {
        let spoken = view.said(Direction::In, Sense::Refusal).into_iter().next_back();
        if let Some((message, _)) = spoken {
            self.put("refused_at", wall(message.said_at), &[message.item]);
            let words = message.text.as_deref().unwrap_or_default();
            self.maybe("refusal", quotable(words, MAX_QUOTED), &[message.item]);
            let answer = Table::get().answer.iter().find(|row| {
                row.pattern.is_match(words) && law::Table::get().cite(&row.basis, day_of(view.now)).is_ok()
            });
            self.maybe("answer", answer.map(|row| row.text.clone()), &[message.item]);
        }
        if let Some(silent) = refused(view).filter(|refused| refused.by == RefusedBy::Silence) {
            self.put("silent_at", wall(silent.at), &shown_messages(view));
        }
    }

    fn decided(&mut self, view: &View<'_>) {
        if let Some((_, made, _)) = view.told::<DecisionMade>().into_iter().next_back() {
            let proofs: Vec<ItemId> = kept(view, made.proof).collect();
            self.put("decided_at", wall(made.at), &proofs);
            self.maybe("decision", made.text.as_deref().and_then(|text| quotable(text, MAX_QUOTED)), &proofs);
        }
        let refunds = view.told::<RefundSeen>();
        let mut open = refunds.into_iter().map(|(_, refund, _)| refund).filter(|refund| {
            refund.state == RefundState::Announced || refund.shown_by == RefundProof::ShopStatus
        });
        if let Some(refund) = open.next_back() {
            let proofs: Vec<ItemId> = kept(view, refund.proof).collect();
            self.put("refund_said_at", wall(refund.at), &proofs);
        }
    }

    /// Whole minutes from payment to credit.
    fn compared(&mut self, view: &View<'_>) {
        let facts = &view.order.facts;
        let Some((paid, credited)) = facts.paid_at.zip(facts.credited_at) else { return };
        let minutes = credited.duration_since(paid).as_mins();
        let proofs = self.get("credited_at").map(|known| known.proofs.clone()).unwrap_or_default();
        if minutes > 0 {
            self.put("delay", minutes.to_string(), &proofs);
        }
    }

    fn state(&mut self, row: &ScenarioRow) {
        if let Ok(filled) = self.first(&row.state) {
            self.put("state", filled.text, &filled.proofs);
        }
    }
}

/// The exhibits of these slots whose content is still there, in the order of the slots.
pub(crate) fn shown(view: &View<'_>, slots: &[Slot]) -> Vec<ItemId> {
    let of = |slot: &Slot| {
        let slot = *slot;
        let kept = view.order.exhibits.iter().filter(|one| one.manifest().is_some());
        kept.filter(move |one| one.slot == slot).map(|one| one.item).collect::<Vec<_>>()
    };
    // One page shows it as well as ten: the first slot that has any is enough.
    slots.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The proof of a report, if it is an exhibit or a message that is still there.
pub(crate) fn kept(view: &View<'_>, proof: Option<ItemId>) -> impl Iterator<Item = ItemId> {
    let exhibit = |item: &ItemId| {
        view.order.exhibits.iter().any(|one| one.item == *item && one.manifest().is_some())
            || view.order.messages.iter().any(|one| one.item == *item && one.text.is_some())
    };
    proof.filter(exhibit).into_iter()
}

fn shown_messages(view: &View<'_>) -> Vec<ItemId> {
    view.said(Direction::Out, Sense::Notice).into_iter().map(|(message, _)| message.item).collect()
}
