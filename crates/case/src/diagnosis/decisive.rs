//! The one fact that decides a scenario: two times or two statements that cannot both hold for the seller.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{RULES, maybe_instant, reading};
use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::report::{ObservationMade, Observed, Place, PromiseKind, PromiseMade};
use crate::scenario::Scenario;
use crate::{ItemId, View};

coded! {
    /// What decides.
    DecisiveCode {
        /// The issuer's time of use lies before the buyer first saw the key (domain §4, scenario 2).
        UsedBeforeReveal = "issuer_used_at < revealed_at",
        /// The key was used after the buyer saw it: this speaks against the buyer.
        UsedAfterReveal = "issuer_used_at >= revealed_at",
        /// Instant credit was promised and it came later (S8).
        CreditedLate = "promised_at < credited_at",
        /// Shown as delivered, and the content only stands in for a card (D10).
        PlaceholderThoughDelivered = "shown_delivered, placeholder",
        /// Sold as permanent, and expired.
        ExpiredThoughPermanent = "permanent, expired",
        /// The cause of the ban lies before the sale.
        BannedBeforeSale = "ban_cause < paid_at",
        /// The account changed hands after it had been handed over.
        ChangedAfterHandOver = "handed_over_at < changed_at",
    }
}

/// The wording of one code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    code: DecisiveCode,
    text: Bilingual,
}

/// A fact that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisiveFact {
    /// What it is.
    pub code: DecisiveCode,
    /// Whether it speaks for the buyer.
    pub for_buyer: bool,
    /// The earlier of the two times.
    #[serde(serialize_with = "maybe_instant")]
    pub earlier: Option<Timestamp>,
    /// The later of the two times.
    #[serde(serialize_with = "maybe_instant")]
    pub later: Option<Timestamp>,
    /// Minutes from payment to credit, rounded down, where it is about a delay.
    pub delay_minutes: Option<i64>,
    /// The leaves that show it.
    pub items: Vec<ItemId>,
}

impl DecisiveCode {
    /// Returns what it means, from `data/diagnosis.toml`.
    pub fn text(self) -> &'static Bilingual {
        let row = RULES.decisive.iter().find(|row| row.code == self);
        &row.expect("data/diagnosis.toml has every decisive fact, checked by its tests").text
    }
}

impl DecisiveFact {
    fn of(code: DecisiveCode, times: [Option<Timestamp>; 2], items: Vec<ItemId>) -> Self {
        let for_buyer = code != DecisiveCode::UsedAfterReveal;
        Self { code, for_buyer, earlier: times[0], later: times[1], delay_minutes: None, items }
    }
}

/// Finds the fact that decides a scenario.
pub(super) fn find(view: &View<'_>, scenario: Scenario) -> Option<DecisiveFact> {
    match scenario {
        Scenario::KeyUsed | Scenario::DuplicateSale => used(view),
        Scenario::LateDelivery => late(view),
        Scenario::NonDelivery => placeholder(view),
        Scenario::ExpiredThoughPermanent => expired(view),
        Scenario::AccountBanned => banned(view),
        Scenario::AccountRecovered => changed(view),
        _ => None,
    }
}

fn used(view: &View<'_>) -> Option<DecisiveFact> {
    let revealed = view.order.facts.revealed_at?;
    let seen = view.observed(&[Observed::Used, Observed::SoldTwice]);
    let (item, since) = seen
        .into_iter()
        .filter(|(_, made)| made.place == Place::Issuer)
        .find_map(|(item, made)| Some((item, made.since?)))?;
    Some(match since < revealed {
        true => DecisiveFact::of(DecisiveCode::UsedBeforeReveal, [Some(since), Some(revealed)], vec![item]),
        false => DecisiveFact::of(DecisiveCode::UsedAfterReveal, [Some(revealed), Some(since)], vec![item]),
    })
}

fn late(view: &View<'_>) -> Option<DecisiveFact> {
    let minutes = reading::delay_minutes(view)?;
    let facts = &view.order.facts;
    let items = promises(view, PromiseKind::Instant);
    let fact = DecisiveFact::of(DecisiveCode::CreditedLate, [facts.paid_at, facts.credited_at], items);
    Some(DecisiveFact { delay_minutes: Some(minutes), ..fact })
}

fn placeholder(view: &View<'_>) -> Option<DecisiveFact> {
    let items: Vec<_> = view.observed(&[Observed::Placeholder]).into_iter().map(|(item, _)| item).collect();
    (!items.is_empty() && reading::shown_delivered(view))
        .then(|| DecisiveFact::of(DecisiveCode::PlaceholderThoughDelivered, [None, None], items))
}

fn expired(view: &View<'_>) -> Option<DecisiveFact> {
    let (item, made) = view.observed(&[Observed::Expired]).into_iter().next()?;
    let mut items = promises(view, PromiseKind::Permanent);
    if items.is_empty() {
        return None;
    }
    items.push(item);
    let times = [view.order.facts.activated_at, Some(made.at)];
    Some(DecisiveFact::of(DecisiveCode::ExpiredThoughPermanent, times, items))
}

fn banned(view: &View<'_>) -> Option<DecisiveFact> {
    let paid = view.order.facts.paid_at?;
    let (item, since) =
        view.observed(&[Observed::Banned]).into_iter().find_map(|(item, made)| Some((item, made.since?)))?;
    (since < paid)
        .then(|| DecisiveFact::of(DecisiveCode::BannedBeforeSale, [Some(since), Some(paid)], vec![item]))
}

fn changed(view: &View<'_>) -> Option<DecisiveFact> {
    let handed_over = view.order.facts.handed_over_at?;
    let states = [Observed::CredentialChanged, Observed::Recovered];
    let when = |made: &ObservationMade| made.since.unwrap_or(made.at);
    let (item, made) = view.observed(&states).into_iter().find(|(_, made)| when(made) > handed_over)?;
    let times = [Some(handed_over), Some(when(made))];
    Some(DecisiveFact::of(DecisiveCode::ChangedAfterHandOver, times, vec![item]))
}

fn promises(view: &View<'_>, kind: PromiseKind) -> Vec<ItemId> {
    view.order.of_kind::<PromiseMade>().filter(|(_, one)| one.kind == kind).map(|(item, _)| item).collect()
}
