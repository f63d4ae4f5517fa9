//! How strong a case is on its merits, said honestly, and what to do with a weak one (merit guard of domain §4).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::diagnosis::{DecisiveCode, diagnose, reading};
use crate::flag::{FlagCode, flags};
use crate::report::{Observed, PaymentSeen, Place};
use crate::scenario::Scenario;
use crate::{Channel, Slot, View};

coded! {
    /// How strong.
    Strength {
        /// Own word only, or something speaks against the buyer.
        Weak = "weak",
        /// Order and dialogue.
        Medium = "medium",
        /// Three independent sources, a result among them.
        Strong = "strong",
    }
}

coded! {
    /// Who shows something, independently of the others.
    Source {
        /// The shop's pages: order, description, delivery.
        Shop = "shop",
        /// The payment institution.
        Payment = "payment",
        /// The issuer or the product itself.
        Issuer = "issuer",
        /// The dialogue on the platform or by mail.
        Dialogue = "dialogue",
        /// The platform's decision.
        Platform = "platform",
    }
}

coded! {
    /// Why a case is as strong as it is.
    MeritReason {
        /// Three or more independent sources, a result among them.
        ThreeSources = "three_sources",
        /// A fact decides for the buyer.
        DecisiveFact = "decisive_fact",
        /// Order and dialogue are there.
        OrderAndTalk = "order_and_talk",
        /// Nothing of the issuer or the product itself shows the defect.
        NoResult = "no_result",
        /// Nothing but the buyer's own word.
        OwnWord = "own_word",
        /// The buyer's own account redeemed it.
        OwnRedemption = "own_redemption",
        /// The issuer's time of use lies after the reveal.
        UsedAfterReveal = "used_after_reveal",
        /// The buyer typed the account.
        OwnTyping = "own_typing",
        /// Bought for resale.
        Resale = "resale",
        /// A fair warranty had clearly run out.
        WarrantyOver = "warranty_over",
    }
}

impl MeritReason {
    /// Whether the reason alone makes a case weak.
    const fn weakens(self) -> bool {
        matches!(
            self,
            Self::OwnWord
                | Self::OwnRedemption
                | Self::UsedAfterReveal
                | Self::OwnTyping
                | Self::Resale
                | Self::WarrantyOver
        )
    }

    /// Returns the reason in words, from `data/merit.toml`.
    pub fn text(self) -> &'static Bilingual {
        let found = TEXTS.reason.iter().find(|row| row.code == self);
        &found.expect("data/merit.toml has every reason, checked by its tests").text
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    goodwill: Bilingual,
    fair_warranty_days: i64,
    reason: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: MeritReason,
    text: Bilingual,
}

static TEXTS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/merit.toml")).expect("data/merit.toml is checked by its tests")
});

/// How strong a case is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merit {
    /// The grade; it never says what a court will do.
    pub strength: Strength,
    /// Why, the weakening reasons first.
    pub reasons: Vec<MeritReason>,
    /// The independent sources there are.
    pub sources: Vec<Source>,
    /// Whether to ask for goodwill, with no legal citation beyond the contract.
    pub goodwill: bool,
}

impl Merit {
    /// Returns the advice for a weak case; `None` for the others.
    pub fn advice(&self) -> Option<&'static Bilingual> {
        self.goodwill.then_some(&TEXTS.goodwill)
    }
}

/// Grades a case in `scenario` as it stood at `view.now`. Never fails.
pub fn merit(view: &View<'_>, scenario: Scenario) -> Merit {
    let sources = sources(view);
    let result = sources.contains(&Source::Issuer) || !view.observed(&[Observed::Placeholder]).is_empty();
    let mut reasons = against(view, scenario);
    let shown = view.order.messages.iter().any(|one| one.channel != Channel::Oral) || !sources.is_empty();
    if !shown {
        reasons.push(MeritReason::OwnWord);
    }
    let weak = !reasons.is_empty();
    let decisive = diagnose(view).decisive.is_some_and(|fact| fact.for_buyer);
    if decisive {
        reasons.push(MeritReason::DecisiveFact);
    }
    let three = sources.len() >= 3 && result;
    reasons.extend(match (three, result) {
        (true, _) => Some(MeritReason::ThreeSources),
        (false, true) => Some(MeritReason::OrderAndTalk),
        (false, false) => Some(MeritReason::NoResult),
    });
    let strength = match (weak, three) {
        (true, _) => Strength::Weak,
        (false, true) => Strength::Strong,
        (false, false) => Strength::Medium,
    };
    reasons.sort_by_key(|reason| !reason.weakens());
    Merit { strength, reasons, sources, goodwill: strength == Strength::Weak }
}

/// What makes a case weak whatever else there is.
fn against(view: &View<'_>, scenario: Scenario) -> Vec<MeritReason> {
    let raised: Vec<FlagCode> = flags(view).into_iter().map(|flag| flag.code).collect();
    let mut found = Vec::new();
    for (code, reason) in
        [(FlagCode::OwnRedemption, MeritReason::OwnRedemption), (FlagCode::ResaleRisk, MeritReason::Resale)]
    {
        if raised.contains(&code) {
            found.push(reason);
        }
    }
    let diagnosis = diagnose(view);
    if diagnosis.decisive.is_some_and(|fact| fact.code == DecisiveCode::UsedAfterReveal) {
        found.push(MeritReason::UsedAfterReveal);
    }
    if scenario == Scenario::RechargeWrongAccount && !by_seller(view) {
        found.push(MeritReason::OwnTyping);
    }
    if warranty_over(view, scenario) {
        found.push(MeritReason::WarrantyOver);
    }
    found
}

/// The order names the account it was to be credited to, and another one was credited.
fn by_seller(view: &View<'_>) -> bool {
    view.order.facts.charge_account.is_some() && !view.observed(&[Observed::WrongAccount]).is_empty()
}

/// A warranty that the page dated, that lasted long, and that was over when the defect was first seen.
fn warranty_over(view: &View<'_>, scenario: Scenario) -> bool {
    if scenario == Scenario::ExpiredThoughPermanent {
        return false;
    }
    let promised = view.told::<crate::report::PromiseMade>();
    let dated = promised.into_iter().filter(|(_, one, _)| one.kind == crate::report::PromiseKind::Warranty);
    let Some(end) = dated.filter_map(|(_, one, _)| one.due_at).max() else { return false };
    let days = end.duration_since(reading::bought_at(view)).as_hours() / 24;
    let defects = view.told::<crate::report::ObservationMade>();
    let good = [Observed::Ok, Observed::Credited, Observed::PageChanged, Observed::RedeemedByBuyer];
    let first = defects.into_iter().find(|(_, one, _)| !good.contains(&one.state)).map(|(_, _, at)| at);
    days >= TEXTS.fair_warranty_days && first.is_some_and(|at| at > end)
}

/// The independent sources of an order.
fn sources(view: &View<'_>) -> Vec<Source> {
    let mut found = Vec::new();
    for exhibit in reading::kept(view) {
        found.extend(match exhibit.slot {
            Slot::Transaction | Slot::Description => Some(Source::Shop),
            Slot::Voucher => Some(Source::Payment),
            Slot::Chat => Some(Source::Dialogue),
            Slot::Delivery | Slot::Recording | Slot::Other => None,
        });
    }
    // A delivered content is the shop's, whatever slot shows it.
    if reading::kept(view).any(|one| matches!(one.slot, Slot::Delivery | Slot::Recording)) {
        found.push(Source::Shop);
    }
    if view.order.of_kind::<PaymentSeen>().any(|(_, seen)| seen.txn.is_some()) {
        found.push(Source::Payment);
    }
    if view.order.messages.iter().any(|one| matches!(one.channel, Channel::Platform | Channel::Email)) {
        found.push(Source::Dialogue);
    }
    let seen = view.told::<crate::report::ObservationMade>();
    found.extend(seen.into_iter().filter_map(|(_, one, _)| match one.place {
        Place::Issuer | Place::Product => Some(Source::Issuer),
        Place::Payment => Some(Source::Payment),
        Place::Platform => Some(Source::Platform),
        Place::Shop | Place::Device => None,
    }));
    if view.order.of_kind::<crate::report::DecisionMade>().next().is_some() {
        found.push(Source::Platform);
    }
    found.sort_unstable();
    found.dedup();
    found
}
