//! Flags on who and what one deals with: identity, appeal, legal risks, resale, own redemption, escrow.

use crate::diagnosis::{diagnose, reading};
use crate::platform::SellerType;
use crate::report::{CoverageBought, Observed, ProblemFound, Role};
use crate::scenario::{LegalRisk, Scenario, Table};
use crate::{GoodsKind, View};

use super::{Flag, FlagCode, FlagLevel};

pub(super) fn find(view: &View<'_>) -> Vec<Flag> {
    let mut found = Vec::new();
    found.extend(payload(view));
    found.extend(identity(view));
    found.extend(no_appeal(view));
    found.extend(legal(view));
    found.extend(resale(view));
    found.extend(own_redemption(view));
    found.extend(no_escrow(view));
    found
}

fn payload(view: &View<'_>) -> Option<Flag> {
    let (item, seen) = view.observed(&[Observed::Placeholder]).into_iter().next()?;
    let flag = Flag::new(FlagCode::StatusPayloadContradiction, seen.at, vec![item]);
    let words = seen.text.clone().or_else(|| view.order.facts.status.clone());
    reading::shown_delivered(view).then(|| words.map_or(flag.clone(), |text| flag.clone().saying(&text)))
}

/// S7: a gap everywhere; where no platform takes a guest's complaint, nobody else can name the seller either.
fn identity(view: &View<'_>) -> Option<Flag> {
    let party = view.party(Role::Merchant);
    if party.is_some_and(|party| party.legal_name.is_some()) {
        return None;
    }
    let items = view.told::<crate::report::PartyNamed>();
    let items = items.into_iter().filter(|(_, one, _)| one.role == Role::Merchant).map(|(item, _, _)| item);
    let flag = Flag::new(FlagCode::MerchantIdentityMissing, reading::bought_at(view), items.collect());
    let level = match view.profile.takes_complaints(true) {
        Some(false) => FlagLevel::Warning,
        _ => FlagLevel::Gap,
    };
    Some(Flag { level, ..flag })
}

fn no_appeal(view: &View<'_>) -> Option<Flag> {
    let none = view.profile.takes_complaints(false) == Some(false);
    let alone = matches!(view.profile.seller_type, SellerType::T1 | SellerType::T6);
    let level = if alone { FlagLevel::Warning } else { FlagLevel::Gap };
    let flag = Flag::new(FlagCode::PlatformHasNoAppeal, reading::bought_at(view), Vec::new());
    none.then(|| Flag { level, ..flag }.saying(&view.profile.id))
}

/// D12: of the goods, and of the scenario the order is in.
fn legal(view: &View<'_>) -> Vec<Flag> {
    let goods = view.order.facts.goods;
    let account = goods == Some(GoodsKind::GameAccount);
    let mut risks = match diagnose(view).scenario {
        Some(scenario) => Table::get().risks(scenario, goods),
        None if account => vec![LegalRisk::AccountTrade],
        None => Vec::new(),
    };
    let forbidden: Vec<_> = view.observed(&[Observed::Forbidden]).into_iter().map(|(item, _)| item).collect();
    if !forbidden.is_empty() && !risks.contains(&LegalRisk::ForbiddenGoods) {
        risks.extend(Table::get().risks(Scenario::IllegalGoods, None));
    }
    let flag = |risk: LegalRisk| {
        let (code, items) = match risk {
            LegalRisk::AccountTrade => (FlagCode::AccountTradeLegalRisk, Vec::new()),
            LegalRisk::ForbiddenGoods => (FlagCode::IllegalGoodsRisk, forbidden.clone()),
        };
        let basis = Table::get().risk(risk).basis.join(", ");
        Flag::new(code, reading::bought_at(view), items).saying(&basis)
    };
    risks.sort_unstable();
    risks.dedup();
    risks.into_iter().map(flag).collect()
}

fn resale(view: &View<'_>) -> Option<Flag> {
    let last = view.told::<ProblemFound>().into_iter().rev().find(|(_, one, _)| one.resale.is_some());
    let (item, _, at) = last.filter(|(_, one, _)| one.resale == Some(true))?;
    Some(Flag::new(FlagCode::ResaleRisk, at, vec![item]))
}

fn own_redemption(view: &View<'_>) -> Option<Flag> {
    let (item, seen) = view.observed(&[Observed::RedeemedByBuyer]).into_iter().next()?;
    Some(Flag::new(FlagCode::OwnRedemption, seen.at, vec![item]))
}

/// S56: the article names game accounts and enterprise licences as goods of high value.
fn no_escrow(view: &View<'_>) -> Option<Flag> {
    let facts = &view.order.facts;
    let high = matches!(facts.goods?, GoodsKind::GameAccount | GoodsKind::EnterpriseLicence);
    let of_platform = view.profile.facts.escrow.as_ref().map(|fact| fact.value);
    let held = facts.escrow.or(of_platform) == Some(true);
    let covered = view.order.of_kind::<CoverageBought>().next().is_some();
    (high && !held && !covered).then(|| Flag::new(FlagCode::NoEscrow, reading::bought_at(view), Vec::new()))
}
