//! Pitfalls of what is proved, by what, and against whom.

use super::{Detected, Pitfall, PitfallCode, PitfallDetail, action, table};
use crate::described::exhibits;
use crate::report::{Body, Observed, PartyNamed, PaymentSeen, Role, StepTaken, Waived};
use crate::strength::{Rung, exhibit_strength};
use crate::subslots::{payment_map, waived};
use crate::{ItemId, Slot, View};

/// R4, S14: no payment is matched with the order. Only a purchase that was paid or delivered can lack it.
pub(super) fn no_payment_link(view: &View<'_>) -> Detected {
    let map = payment_map(view, &[]);
    let facts = &view.order.facts;
    if map.rows.is_empty() && facts.completed_at().is_none() {
        return None;
    }
    let linked = map.rows.iter().any(|row| !row.gaps.iter().any(|gap| gap.is_missing()));
    if linked || waived(view, Waived::PaymentMap).is_some() {
        return None;
    }
    Some(Pitfall::found(PitfallCode::R4, map.rows.iter().map(|row| row.payment).collect()))
}

/// R6: text of one's own in a slot that has nothing better.
pub(super) fn own_text_only(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let rung = |one| exhibit_strength(view, one).rung;
    let own = all.iter().filter(|(one, described)| rung(one) == Rung::S0 && !described.is_link());
    let better = |slot: Slot| all.iter().any(|(one, _)| one.slot == slot && rung(one) > Rung::S0);
    let items: Vec<ItemId> = own.filter(|(one, _)| !better(one.slot)).map(|(one, _)| one.item).collect();
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R6, items))
}

/// R8, S22: an address without bytes.
pub(super) fn bare_link(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let items: Vec<ItemId> =
        all.iter().filter(|(_, described)| described.is_link()).map(|(one, _)| one.item).collect();
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R8, items))
}

/// S22: slots that hold nothing but addresses.
pub(super) fn link_only(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let of = |slot: Slot| all.iter().filter(move |(one, _)| one.slot == slot);
    let only =
        |slot: &Slot| of(*slot).next().is_some() && of(*slot).all(|(_, described)| described.is_link());
    let slots: Vec<Slot> = Slot::ALL.into_iter().filter(only).collect();
    let items = slots.iter().flat_map(|slot| of(*slot)).map(|(one, _)| one.item).collect();
    let found = || Pitfall::found(PitfallCode::LinkOnly, items);
    (!slots.is_empty()).then(found).map(|found| found.with(PitfallDetail::Slots { slots }))
}

/// R9: another payer, or another's account, without a note of authorisation.
pub(super) fn not_the_buyers(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let says = |text: &Option<String>| text.as_deref().is_some_and(|it| table::get().authorised.is_match(it));
    let mut notes = all.iter().map(|(one, described)| [&one.note, &described.caption, &described.proves]);
    if notes.any(|texts| texts.into_iter().any(says)) {
        return None;
    }
    let buyer = view.party(Role::Buyer);
    let is_buyer = |payer: &str| {
        let names = buyer.map(|party| [party.name.as_deref(), party.legal_name.as_deref()]);
        names.into_iter().flatten().flatten().any(|name| name == payer)
    };
    let payments = view.order.of_kind::<PaymentSeen>();
    let mut items: Vec<ItemId> = payments
        .filter(|(_, one)| one.payer.as_deref().is_some_and(|payer| !is_buyer(payer)))
        .map(|(item, _)| item)
        .collect();
    items.extend(all.iter().filter(|(_, one)| one.own_account == Some(false)).map(|(one, _)| one.item));
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R9, items))
}

/// R10: the record shows it was redeemed to the buyer's own account.
pub(super) fn redeemed(view: &View<'_>) -> Detected {
    let items: Vec<ItemId> =
        view.observed(&[Observed::RedeemedByBuyer]).into_iter().map(|(item, _)| item).collect();
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R10, items))
}

/// R12: what the user says was not lawful; asked of everything else.
pub(super) fn unlawful(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let with = |lawful| -> Vec<ItemId> {
        all.iter().filter(|(_, one)| one.lawful == lawful).map(|(one, _)| one.item).collect()
    };
    let (bad, open) = (with(Some(false)), with(None));
    if !bad.is_empty() {
        return Some(Pitfall::found(PitfallCode::R12, bad));
    }
    (!open.is_empty()).then(|| Pitfall::asked(PitfallCode::R12, open))
}

/// R15: in a dispute nobody knows the merchant's registered name; 12315 and courts need it.
pub(super) fn no_legal_name(view: &View<'_>) -> Detected {
    let named =
        |(_, party): (ItemId, &PartyNamed)| party.role == Role::Merchant && party.legal_name.is_some();
    let needs = [Body::Complaint12315, Body::Report12315, Body::Court, Body::Arbitration];
    let needed_now = view.order.of_kind::<StepTaken>().any(|(_, step)| needs.contains(&step.body));
    if view.order.of_kind::<PartyNamed>().any(named) || !needed_now && action::dispute_at(view).is_none() {
        return None;
    }
    let merchant = view.party(Role::Merchant);
    let payee = view.order.of_kind::<PaymentSeen>().filter_map(|(_, one)| one.payee.clone()).next_back();
    let name = merchant.and_then(|party| party.name.clone()).or_else(|| view.order.facts.merchant.clone());
    let detail = PitfallDetail::Identity { name, payee, needed_now };
    Some(Pitfall::found(PitfallCode::R15, Vec::new()).with(detail))
}

/// R16: neither the user nor the slot says what a piece of evidence proves.
pub(super) fn no_object(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let unclear = all.iter().filter(|(one, described)| {
        let said = described.proves.as_deref().is_some_and(|text| !text.trim().is_empty());
        !said && described.parts.is_empty() && one.slot == Slot::Other
    });
    let items: Vec<ItemId> = unclear.map(|(one, _)| one.item).collect();
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R16, items))
}
