//! What one order says of its merchant.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::Table;
use super::talk::{Answer, Kept, answer, promises};
use super::{Money, began, platform_of};
use crate::coded::coded;
use crate::diagnosis::diagnose;
use crate::purchase_check::Address;
use crate::recognise::names_match;
use crate::report::{
    CaptureMade, ItemDescribed, ObservationMade, Observed, Outcome, PartyNamed, PaymentSeen, ProblemFound,
    Role, Sense, StepTaken,
};
use crate::scenario::Scenario;
use crate::{Direction, GoodsKind, OrderId, View};

/// So many addresses of an order are kept, each so long at most, in bytes.
const MAX_PAGES: usize = 8;
const MAX_PAGE: usize = 300;

coded! {
    /// How a dispute stands.
    Ending {
        /// The money came back by the payment side (D9), a replacement came, or nothing was wrong after all.
        Resolved = "resolved",
        /// Closed as paid back, and nothing of the payment side shows it (D9).
        Unproved = "unproved",
        /// Part of it came back, or it went to the platform's balance.
        Partly = "partly",
        /// Given up, or without success.
        Unresolved = "unresolved",
        /// Not at an end.
        Open = "open",
    }
}

/// What was seen of who the merchant is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Party {
    pub(super) at: Timestamp,
    pub(super) legal_name: Option<String>,
    /// Whether these were there.
    pub(super) address: bool,
    pub(super) contact: bool,
    pub(super) licence: bool,
}

impl Party {
    fn of(named: &PartyNamed) -> Self {
        let there = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        Self {
            at: named.at,
            legal_name: named.legal_name.clone(),
            address: there(&named.address),
            contact: there(&named.contact),
            licence: there(&named.licence),
        }
    }
}

/// What one order says of its merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfOrder {
    /// The order.
    pub order: OrderId,
    /// The merchant's name, trimmed; `None` while it is not known.
    pub name: Option<String>,
    /// When the purchase began: the first instant its facts know, else when it was opened here.
    pub began: Timestamp,
    /// The platform as people name it, else its profile.
    pub platform: String,
    /// The profile it names, if it names one.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What kind of goods it was.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<GoodsKind>,
    /// The price of one, in 分.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit_fen: Option<i64>,
    /// Addresses at which its pages were captured, each once, the first few.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// How its dispute stands; `None` when there is none.
    pub dispute: Option<Ending>,
    /// What became of the first notice; `None` when there was none.
    pub answer: Option<Answer>,
    /// Whether each promise was kept.
    pub promises: Vec<Kept>,
    /// The money.
    pub money: Money,
    /// Bad states seen; `None` when nothing was seen at all.
    pub(super) problems: Option<BTreeSet<Observed>>,
    pub(super) parties: Vec<Party>,
    /// Names money went to, and names that may rightly take it besides the merchant's own.
    pub(super) payees: Vec<String>,
    pub(super) may_take: Vec<String>,
}

impl OfOrder {
    /// Reads one order.
    pub fn of(view: &View<'_>) -> Self {
        let disputed = disputed_since(view).is_some();
        let money = Money::of(view, disputed);
        let parties =
            |role: Role| view.order.of_kind::<PartyNamed>().filter(move |(_, one)| one.role == role);
        Self {
            order: view.order.id.clone(),
            name: name_of(view),
            began: began(&view.order),
            platform: platform_of(view.house, &view.order),
            profile: view.order.facts.profile.clone(),
            goods: view.order.facts.goods,
            unit_fen: view.order.facts.price_of_one().filter(|fen| *fen > 0),
            pages: pages(view),
            dispute: disputed.then(|| ending(view, &money)),
            answer: answer(view),
            promises: promises(view),
            money,
            problems: problems(view),
            parties: parties(Role::Merchant).map(|(_, party)| Party::of(party)).collect(),
            payees: view
                .told::<PaymentSeen>()
                .into_iter()
                .filter_map(|(_, one, _)| one.payee.clone())
                .collect(),
            may_take: may_take(view),
        }
    }
}

/// The merchant's name: the fact of the order, else what the party is called.
pub(crate) fn name_of(view: &View<'_>) -> Option<String> {
    let party = view.party(Role::Merchant);
    let called = party.and_then(|party| party.name.clone().or_else(|| party.legal_name.clone()));
    let name = view.order.facts.merchant.clone().or(called)?;
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// When a problem was found, a demand was made or a step was taken, whichever was first; `None` without a dispute.
pub(crate) fn disputed_since(view: &View<'_>) -> Option<Timestamp> {
    let found = view.told::<ProblemFound>().first().map(|(_, _, at)| *at);
    let taken = view.told::<StepTaken>().first().map(|(_, _, at)| *at);
    let said = view.said(Direction::Out, Sense::Notice).first().map(|(message, _)| message.said_at);
    [found, taken, said].into_iter().flatten().min()
}

/// Returns what went wrong: as it stands now, else, where all is well again, as it stood when the dispute began.
///
/// `None` without a dispute, or where nothing says what went wrong.
pub fn went_wrong(view: &View<'_>) -> Option<Scenario> {
    let since = disputed_since(view)?;
    let then = || diagnose(&View::new(&view.order, view.house, since)).scenario;
    diagnose(view).scenario.or_else(then)
}

/// D9: a refund counts when the payment side shows it; the shop's word and the user's closing do not replace that.
fn ending(view: &View<'_>, money: &Money) -> Ending {
    match view.order.closed() {
        None if money.came_back() => Ending::Resolved,
        None => Ending::Open,
        Some(Outcome::Fine | Outcome::Reissued) => Ending::Resolved,
        Some(Outcome::Refunded | Outcome::RefundedLate | Outcome::PaidByCoverage) => {
            let known = money.without_amount == 0;
            let back = money.refunded_fen > 0 && (!known || money.came_back());
            if back { Ending::Resolved } else { Ending::Unproved }
        }
        Some(Outcome::PartlyRefunded | Outcome::PartialBalance) => Ending::Partly,
        Some(Outcome::GivenUp | Outcome::Unsuccessful) => Ending::Unresolved,
    }
}

/// The bad states that were seen. An order closed as fine needs no other observation.
fn problems(view: &View<'_>) -> Option<BTreeSet<Observed>> {
    let quality = &Table::get().quality;
    let states: BTreeSet<Observed> =
        view.told::<ObservationMade>().into_iter().map(|(_, made, _)| made.state).collect();
    let told = states.iter().any(|state| !quality.says_nothing.contains(state));
    let good = |state: &Observed| quality.fine.contains(state) || quality.says_nothing.contains(state);
    let bad = states.into_iter().filter(|state| !good(state)).collect();
    (told || view.order.closed() == Some(Outcome::Fine)).then_some(bad)
}

/// Where its pages were captured, without what follows a question mark: that may be a secret, and says nothing of a shop.
fn pages(view: &View<'_>) -> Vec<String> {
    let captured = view.told::<CaptureMade>().into_iter().map(|(_, made, _)| made.url.clone());
    let described = view.told::<ItemDescribed>().into_iter().filter_map(|(_, one, _)| one.url.clone());
    let mut pages: Vec<String> = Vec::new();
    for page in captured.chain(described).filter_map(|url| Some(Address::of(&url)?.page())) {
        if pages.len() < MAX_PAGES && page.len() <= MAX_PAGE && !pages.contains(&page) {
            pages.push(page);
        }
    }
    pages
}

/// The platform and who runs it may take the money for the merchant.
fn may_take(view: &View<'_>) -> Vec<String> {
    let platform = view.party(Role::Platform);
    let named = platform.and_then(|party| party.name.clone());
    let legal = platform.and_then(|party| party.legal_name.clone());
    let operator = view.profile.facts.operator_company.as_ref().map(|fact| fact.value.clone());
    [named, legal, operator, view.order.facts.platform.clone()].into_iter().flatten().collect()
}

/// Tells whether a payee is one of the names, whatever its spelling.
pub(crate) fn is_one_of<'a>(payee: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
    names.into_iter().any(|name| name.trim() == payee.trim() || names_match(name, payee))
}
