//! Flags on payments and refunds: payee, amount, transactions, what arrived where.

use crate::View;
use crate::claim::yuan;
use crate::diagnosis::reading;
use crate::recognise::names_match;
use crate::report::{Destination, PaymentSeen, RefundSeen, RefundState, Role};

use super::{Flag, FlagCode};

pub(super) fn find(view: &View<'_>) -> Vec<Flag> {
    let mut found = Vec::new();
    found.extend(payee(view));
    found.extend(amount(view));
    found.extend(transactions(view));
    found.extend(missing(view));
    found.extend(to_balance(view));
    found
}

/// A payee that matches the name shown or the registered name is the merchant.
fn payee(view: &View<'_>) -> Vec<Flag> {
    let mut names: Vec<&str> = view.order.facts.merchant.as_deref().into_iter().collect();
    if let Some(party) = view.party(Role::Merchant) {
        names.extend(party.name.as_deref());
        names.extend(party.legal_name.as_deref());
    }
    let is_name = |text: &str| text.chars().any(char::is_alphabetic);
    let payments = view.told::<PaymentSeen>();
    let other = payments.into_iter().filter_map(|(item, seen, at)| {
        let payee = seen.payee.as_deref().filter(|payee| is_name(payee))?;
        let differs = !names.is_empty() && !names.iter().any(|name| names_match(name, payee));
        differs.then(|| {
            let shown = format!("{payee} / {}", names[0]);
            Flag::new(FlagCode::PayeeMismatch, at, vec![item]).saying(&shown)
        })
    });
    other.collect()
}

/// The vouchers of an order together show its amount; one transaction counts once.
fn amount(view: &View<'_>) -> Option<Flag> {
    let known = view.order.facts.amount_fen?;
    let mut counted: Vec<&PaymentSeen> = Vec::new();
    let (mut items, mut last) = (Vec::new(), None);
    for (item, seen, at) in view.told::<PaymentSeen>() {
        let again = seen.txn.is_some() && counted.iter().any(|one| one.txn == seen.txn);
        if seen.amount_fen.is_some() && !again {
            counted.push(seen);
            items.push(item);
            last = Some(at);
        }
    }
    let single = counted.iter().any(|seen| seen.amount_fen == Some(known));
    let sum: i64 = counted.iter().filter_map(|seen| seen.amount_fen).fold(0, i64::saturating_add);
    let flag = Flag::new(FlagCode::AmountMismatch, last?, items);
    (!single && sum != known).then(|| flag.saying(&format!("{} / {}", yuan(sum), yuan(known))))
}

fn transactions(view: &View<'_>) -> Vec<Flag> {
    let all = view.told::<PaymentSeen>();
    let mut found = Vec::new();
    for (at, (item, seen, when)) in all.iter().enumerate() {
        let Some(txn) = &seen.txn else { continue };
        for (earlier_item, earlier, _) in &all[..at] {
            let Some(earlier_txn) = &earlier.txn else { continue };
            let items = vec![*earlier_item, *item];
            let names_differ =
                seen.product.is_some() && earlier.product.is_some() && seen.product != earlier.product;
            let numbers_differ = seen.merchant_order_no.is_some()
                && earlier.merchant_order_no.is_some()
                && seen.merchant_order_no != earlier.merchant_order_no;
            if txn == earlier_txn && (names_differ || numbers_differ) {
                found.push(Flag::new(FlagCode::SharedPayment, *when, items));
            } else if txn != earlier_txn && seen.amount_fen.is_some() && seen.amount_fen == earlier.amount_fen
            {
                found.push(Flag::new(FlagCode::DuplicateTransaction, *when, items));
            }
        }
    }
    found
}

/// D9: only the payment side shows that money came back.
fn missing(view: &View<'_>) -> Option<Flag> {
    let (at, item) = reading::refund_announced(view)?;
    let flag = Flag::new(FlagCode::RefundNotArrived, at, vec![item]);
    Some(Flag { resolved_at: reading::arrived_after(view, at), ..flag })
}

fn to_balance(view: &View<'_>) -> Option<Flag> {
    let refunds = view.told::<RefundSeen>();
    let fits = |one: &RefundSeen| one.destination == Destination::Balance && one.state != RefundState::Failed;
    let (item, seen, at) = refunds.into_iter().find(|(_, one, _)| fits(one))?;
    let flag = Flag::new(FlagCode::RefundToBalanceOnly, at, vec![item]);
    let flag = Flag { resolved_at: reading::arrived_after(view, at), ..flag };
    Some(seen.amount_fen.map_or_else(|| flag.clone(), |fen| flag.clone().saying(&yuan(fen))))
}
