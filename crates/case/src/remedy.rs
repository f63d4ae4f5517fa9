//! What to claim: the kind that fits the scenario and what has happened since, with its amount (S44, domain §4).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::View;
use crate::bilingual::Bilingual;
use crate::claim::{Claim, ClaimError, ClaimKind, Coverage, Purchase, permit};
use crate::coded::coded;
use crate::diagnosis::reading;
use crate::report::{
    ClaimChosen, CoverageBought, DecisionMade, ObservationMade, Observed, ProblemFound, PromiseKind,
    PromiseMade, RefundSeen, Sense,
};
use crate::scenario::{Scenario, Table};
use crate::{Direction, ItemId};

coded! {
    /// What to know about a claim.
    ClaimNote {
        /// The user chose it.
        Chosen = "chosen",
        /// What was bought came in the end, so not all of the price can be asked.
        GoodsReceived = "goods_received",
        /// The amount is the user's to name, at most the price.
        NameAmount = "name_amount",
        /// The merchant refused or led elsewhere, so money is asked and not performance.
        RefusedAlready = "refused_already",
        /// The coverage's own terms decide amount and conditions.
        CoverageTerms = "coverage_terms",
        /// Money on the platform's balance is no refund (D9).
        BalanceNotCounted = "balance_not_counted",
        /// The payment side shows that money already came back.
        AlreadyBack = "already_back",
        /// Only a refund or a report may be asked (D12).
        PerformanceBarred = "performance_barred",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    note: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: ClaimNote,
    text: Bilingual,
}

static TEXTS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/remedy.toml")).expect("data/remedy.toml is checked by its tests")
});

impl ClaimNote {
    /// Returns the note in words, from `data/remedy.toml`.
    pub fn text(self) -> &'static Bilingual {
        let found = TEXTS.note.iter().find(|row| row.code == self);
        &found.expect("data/remedy.toml has every note, checked by its tests").text
    }
}

/// Why a kind of claim is not advised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    /// It cannot be made or is not permitted.
    Error(ClaimError),
    /// What was bought came in the end.
    GoodsReceived,
    /// The merchant refused it, or led elsewhere.
    RefusedAlready,
    /// No kind of claim has that code.
    UnknownKind,
}

/// A kind of claim that was not advised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedClaim {
    /// The kind; `None` for a code that is none.
    pub kind: Option<ClaimKind>,
    /// Why.
    pub why: Unfit,
}

/// What to claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimAdvice {
    /// The kind.
    pub kind: ClaimKind,
    /// The claim; `None` while an amount or a count is missing that only the user can name.
    pub claim: Option<Claim>,
    /// The most that can be asked, in 分, where the price is the limit and is known.
    pub cap_fen: Option<i64>,
    /// Other claims that could be made, in the order of the table.
    pub alternatives: Vec<ClaimKind>,
    /// What is not advised, with the reason.
    pub refused: Vec<RefusedClaim>,
    /// What to know.
    pub notes: Vec<ClaimNote>,
    /// What the payment side shows as come back already, in 分 (D9).
    pub arrived_fen: i64,
    /// What the choice rests on.
    pub items: Vec<ItemId>,
}

/// Advises what to claim in `scenario`, as the order stood at `view.now`. Never fails; the user's choice wins where it
/// is permitted.
pub fn claim_for(view: &View<'_>, scenario: Scenario) -> ClaimAdvice {
    let row = Table::get().row(scenario);
    let (mut refused, mut fit) = (Vec::new(), Vec::new());
    let mut kinds = row.claims.clone();
    kinds.extend(
        [ClaimKind::PromisedMultiple, ClaimKind::FraudDamages]
            .iter()
            .filter(|kind| !row.claims.contains(kind)),
    );
    for kind in kinds {
        let asked = offered(view, scenario, kind, row.claims.contains(&kind));
        match asked {
            Ok(Some(claim)) => fit.push((kind, Some(claim))),
            Ok(None) => fit.push((kind, None)),
            Err(Some(why)) => refused.push(RefusedClaim { kind: Some(kind), why }),
            Err(None) => {}
        }
    }
    let (chosen, items) = chosen(view, scenario, &mut refused);
    let by_user = chosen.is_some();
    // A case without a price still names what is wanted.
    let first = fit.iter().position(|(kind, _)| !is_extra(*kind, &row.claims)).unwrap_or(0);
    let (kind, claim) = chosen
        .or_else(|| fit.get(first).cloned())
        .unwrap_or((row.claims.first().copied().unwrap_or(ClaimKind::Goodwill), None));
    let mut alternatives: Vec<ClaimKind> = fit.into_iter().map(|(other, _)| other).collect();
    alternatives.retain(|other| *other != kind);
    let notes = notes(view, scenario, kind, claim.as_ref(), &refused, by_user);
    let cap_fen = view.order.facts.amount_fen.filter(|fen| *fen > 0);
    ClaimAdvice { kind, claim, cap_fen, alternatives, refused, notes, arrived_fen: arrived_fen(view), items }
}

/// Claims above the price that the scenario's row does not list are alternatives only.
fn is_extra(kind: ClaimKind, listed: &[ClaimKind]) -> bool {
    kind == ClaimKind::FraudDamages || !listed.contains(&kind)
}

/// A kind of the table, made; `Err(None)` for an extra that nothing speaks for.
fn offered(
    view: &View<'_>,
    scenario: Scenario,
    kind: ClaimKind,
    listed: bool,
) -> Result<Option<Claim>, Option<Unfit>> {
    if let Err(error) = permit(kind, scenario) {
        return Err(Some(Unfit::Error(error)));
    }
    if let Some(why) = overtaken(view, scenario, kind) {
        return Err(Some(why));
    }
    match made(view, kind, None) {
        Ok(claim) => Ok(Some(claim)),
        // Compensation is for the user to size; everything else that lacks facts is not offered.
        Err(ClaimError::NeedsFacts) if listed && kind.has_amount() => Ok(None),
        Err(error) if listed => Err(Some(Unfit::Error(error))),
        Err(_) => Err(None),
    }
}

/// What has happened since may leave a kind behind: it came, or the merchant refused to perform.
fn overtaken(view: &View<'_>, scenario: Scenario, kind: ClaimKind) -> Option<Unfit> {
    let received = view.order.facts.credited_at.is_some()
        || view.observed(&[Observed::Credited]).last().is_some_and(|_| scenario == Scenario::LateDelivery);
    let late = scenario == Scenario::LateDelivery && received;
    if late && matches!(kind, ClaimKind::Deliver | ClaimKind::FullRefund) {
        return Some(Unfit::GoodsReceived);
    }
    let only_performs = kind.text().performance && !kind.has_amount() && kind != ClaimKind::MakeUpQuantity;
    (only_performs && kind != ClaimKind::Recovery && refused_to_perform(view))
        .then_some(Unfit::RefusedAlready)
}

fn refused_to_perform(view: &View<'_>) -> bool {
    let against = [Sense::Refusal, Sense::Solicitation];
    against.into_iter().any(|sense| !view.said(Direction::In, sense).is_empty())
}

/// Makes a claim of a kind, with the user's amount where there is one.
fn made(view: &View<'_>, kind: ClaimKind, amount_fen: Option<i64>) -> Result<Claim, ClaimError> {
    let facts = &view.order.facts;
    let purchase = || Purchase::new(facts.amount_fen.unwrap_or(0), facts.quantity.unwrap_or(1));
    match kind {
        ClaimKind::PartialRefund => purchase()?.partial_refund(dead(view)?),
        ClaimKind::MakeUpQuantity => purchase()?.make_up_quantity(dead(view)?),
        ClaimKind::PromisedMultiple => purchase()?.promised(&multiple(view).ok_or(ClaimError::NoMultiple)?),
        ClaimKind::FraudDamages => purchase()?.fraud_damages(fraud(view)),
        ClaimKind::CoveragePayout => {
            let covered = view.order.of_kind::<CoverageBought>().next().is_some();
            let times = u32::from(covered);
            purchase()?.coverage_payout(Coverage { times, limit_fen: None })
        }
        ClaimKind::BalanceRefund | ClaimKind::PayOut | ClaimKind::ReverseCharge => {
            let due = due_sum(view, kind).or(amount_fen).ok_or(ClaimError::NeedsFacts)?;
            Claim::of_sum(kind, amount_fen.unwrap_or(due), due)
        }
        ClaimKind::FullRefund if amount_fen.is_none() => Ok(purchase()?.full_refund()),
        ClaimKind::ReissueOrRefund if amount_fen.is_none() => Ok(purchase()?.reissue_or_refund()),
        ClaimKind::TransferCorrection if amount_fen.is_none() => {
            let purchase = purchase()?;
            purchase.chosen(kind, purchase.paid_fen())
        }
        kind if kind.has_amount() => purchase()?.chosen(kind, amount_fen.ok_or(ClaimError::NeedsFacts)?),
        kind => Claim::plain(kind),
    }
}

/// How many pieces are dead or missing, as last counted.
fn dead(view: &View<'_>) -> Result<u32, ClaimError> {
    let seen: Vec<&ObservationMade> =
        view.observed(&[Observed::Partial]).into_iter().map(|(_, one)| one).collect();
    seen.into_iter().rev().find_map(|one| one.count).ok_or(ClaimError::NeedsFacts)
}

fn multiple(view: &View<'_>) -> Option<String> {
    let promises = view.told::<PromiseMade>().into_iter();
    promises.map(|(_, one, _)| one).find(|one| one.kind == PromiseKind::Multiple).map(|one| one.text.clone())
}

/// CPL 55 needs facts that the user has confirmed; the last word counts.
fn fraud(view: &View<'_>) -> bool {
    view.told::<ProblemFound>().into_iter().rev().find_map(|(_, one, _)| one.fraud) == Some(true)
}

/// The sum that is due: what was decided or announced, else what was charged.
fn due_sum(view: &View<'_>, kind: ClaimKind) -> Option<i64> {
    let decided = view.told::<DecisionMade>().into_iter().rev().find_map(|(_, one, _)| one.refund_fen);
    let said = view.told::<RefundSeen>().into_iter().rev().find_map(|(_, one, _)| one.amount_fen);
    match kind {
        ClaimKind::PayOut => decided.or(said).or(view.order.facts.amount_fen),
        ClaimKind::ReverseCharge => view.order.facts.amount_fen,
        _ => None,
    }
}

fn arrived_fen(view: &View<'_>) -> i64 {
    let arrived = view.order.of_kind::<RefundSeen>().filter(|(_, one)| reading::on_payment_side(one));
    arrived.filter_map(|(_, one)| one.amount_fen).fold(0, i64::saturating_add)
}

/// What the user chose last, if it is permitted and can be made.
fn chosen(
    view: &View<'_>,
    scenario: Scenario,
    refused: &mut Vec<RefusedClaim>,
) -> (Option<(ClaimKind, Option<Claim>)>, Vec<ItemId>) {
    let Some((item, choice, _)) = view.told::<ClaimChosen>().into_iter().next_back() else {
        return (None, Vec::new());
    };
    let Some(kind) = ClaimKind::from_code(&choice.kind) else {
        refused.push(RefusedClaim { kind: None, why: Unfit::UnknownKind });
        return (None, Vec::new());
    };
    match permit(kind, scenario).and_then(|()| made(view, kind, choice.amount_fen)) {
        Ok(claim) => (Some((kind, Some(claim))), vec![item]),
        Err(ClaimError::NeedsFacts) if permit(kind, scenario).is_ok() => (Some((kind, None)), vec![item]),
        Err(error) => {
            refused.push(RefusedClaim { kind: Some(kind), why: Unfit::Error(error) });
            (None, Vec::new())
        }
    }
}

fn notes(
    view: &View<'_>,
    scenario: Scenario,
    kind: ClaimKind,
    claim: Option<&Claim>,
    refused: &[RefusedClaim],
    by_user: bool,
) -> Vec<ClaimNote> {
    let why = |wanted: &Unfit| refused.iter().any(|one| one.why == *wanted);
    let to_balance = crate::report::Destination::Balance;
    let table = [
        (by_user, ClaimNote::Chosen),
        (why(&Unfit::GoodsReceived), ClaimNote::GoodsReceived),
        (claim.is_none() && kind.has_amount(), ClaimNote::NameAmount),
        (why(&Unfit::RefusedAlready), ClaimNote::RefusedAlready),
        (kind == ClaimKind::CoveragePayout, ClaimNote::CoverageTerms),
        (
            view.order.of_kind::<RefundSeen>().any(|(_, one)| one.destination == to_balance),
            ClaimNote::BalanceNotCounted,
        ),
        (arrived_fen(view) > 0, ClaimNote::AlreadyBack),
        (Table::get().row(scenario).performance_barred, ClaimNote::PerformanceBarred),
    ];
    table.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
}
