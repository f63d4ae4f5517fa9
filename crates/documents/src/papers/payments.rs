//! 付款与商品对应表: which payment was for which goods, and what the table leaves open (S14).

use sigu_case::claim::yuan;
use sigu_case::report::PaymentSeen;
use sigu_case::subslots::{MapGap, PaymentMap, PaymentRow, payment_map};
use sigu_case::{ItemId, Slot};
use sigu_evidence::mask_text;

use super::guide;
use crate::draft::Draft;
use crate::paper::{Block, Span};
use crate::times;

/// The columns with their share of the width.
const COLUMNS: [(&str, u32); 7] = [
    ("payments-at", 14),
    ("payments-amount", 11),
    ("payments-txn", 20),
    ("payments-goods", 22),
    ("payments-order-no", 17),
    ("payments-payee", 16),
    ("payments-exhibit", 10),
];

pub(super) fn write(draft: &mut Draft<'_>) {
    let map = payment_map(draft.case.view, draft.case.others);
    if map.rows.is_empty() {
        draft.miss("payment");
        return;
    }
    order(draft);
    let single = map.rows.len() == 1;
    let (mut cells, mut listed, mut proofs) = (Vec::new(), Vec::new(), Vec::new());
    for row in &map.rows {
        let shown_by = shown_by(draft, row, single);
        let shown = draft.marks(&shown_by);
        if shown.is_empty() {
            draft.left_out(&name(draft, row));
            continue;
        }
        cells.push(row_cells(draft, row, shown));
        proofs.extend(shown_by);
        listed.push(row);
    }
    if listed.is_empty() {
        draft.miss("voucher");
        return;
    }
    draft.table(&COLUMNS, cells);
    if listed.len() == map.rows.len() {
        total(draft, &map, &proofs);
    }
    gaps(draft, &listed);
    draft.guide(draft.word("guide-payments"));
    guide::end(draft);
}

/// What was ordered, where the order's page shows it.
fn order(draft: &mut Draft<'_>) {
    let facts = &draft.case.view.order.facts;
    let money = |fen| draft.say("money", &[("yuan", &yuan(fen))]);
    let said = [
        facts.order_no.clone(),
        facts.title.as_deref().map(mask_text),
        facts.quantity.map(|count| draft.say("payments-count", &[("count", &count.to_string())])),
        facts.amount_fen.map(money),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() {
        return;
    }
    let text = draft.say("payments-order", &[("order", &draft.words.list(&said))]);
    let page = draft.of_slot(Slot::Transaction);
    let fact = draft.numbers.fact(&text, &page);
    if fact.is_none() {
        draft.left_out(&text);
    }
    draft.facts([fact], false);
}

/// What shows a payment: its own proof; the vouchers of the order only where there is no other payment they could be
/// of. The order's page goes with it, since goods and number come from there.
fn shown_by(draft: &mut Draft<'_>, row: &PaymentRow, single: bool) -> Vec<ItemId> {
    let mut proofs: Vec<ItemId> = row.proof.into_iter().collect();
    if draft.numbers.cite(&proofs).is_empty() {
        proofs = if single { draft.of_slot(Slot::Voucher) } else { Vec::new() };
    }
    if !proofs.is_empty() {
        proofs.extend(draft.of_slot(Slot::Transaction));
    }
    proofs
}

fn name(draft: &Draft<'_>, row: &PaymentRow) -> String {
    let amount = row.amount_fen.map(|fen| draft.say("money", &[("yuan", &yuan(fen))]));
    draft.say("payments-one", &[("at", &times::second(row.paid_at)), ("amount", &amount.unwrap_or_default())])
}

fn row_cells(draft: &Draft<'_>, row: &PaymentRow, shown: Vec<Span>) -> Vec<Vec<Span>> {
    let quantity = draft.case.view.order.facts.quantity;
    let goods = row.product.as_deref().map(mask_text).map(|product| match quantity {
        Some(count) => format!("{product} ×{count}"),
        None => product,
    });
    let money = row.amount_fen.map(|fen| draft.say("money", &[("yuan", &yuan(fen))]));
    vec![
        Span::cell(times::second(row.paid_at)),
        Span::cell(money.unwrap_or_default()),
        Span::cell(row.txn.clone().unwrap_or_default()),
        Span::cell(goods.unwrap_or_default()),
        Span::cell(row.order_no.clone().unwrap_or_default()),
        Span::cell(row.payee.as_deref().map(mask_text).unwrap_or_default()),
        shown,
    ]
}

/// What the payments come to, against the order's amount.
fn total(draft: &mut Draft<'_>, map: &PaymentMap, proofs: &[ItemId]) {
    let paid: Option<Vec<i64>> = map.rows.iter().map(|row| row.amount_fen).collect();
    let Some((paid, price)) = paid.zip(draft.case.view.order.facts.amount_fen) else { return };
    let paid = paid.into_iter().fold(0_i64, i64::saturating_add);
    let differs = paid.saturating_sub(price);
    let key = if differs == 0 { "payments-total-same" } else { "payments-total-differs" };
    let values = [("paid", yuan(paid)), ("price", yuan(price)), ("differs", yuan(differs.saturating_abs()))];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let fact = draft.numbers.fact(draft.say(key, &values), proofs);
    draft.facts([fact], false);
}

/// What the table lacks or leaves open, in words.
fn gaps(draft: &mut Draft<'_>, rows: &[&PaymentRow]) {
    let mut items = Vec::new();
    for row in rows.iter().filter(|row| !row.gaps.is_empty()) {
        let said: Vec<String> = row.gaps.iter().map(|gap| gap_words(draft, row, *gap)).collect();
        let said = draft.words.list(&said);
        let (name, value) = (name(draft, row), said);
        items.push(Span::cell(draft.say("text-field", &[("name", &name), ("value", &value)])));
        for gap in row.gaps.iter().filter(|gap| !gap.is_missing()) {
            draft.guide(draft.words.pick(gap.text()).to_owned());
        }
    }
    if items.is_empty() {
        draft.note(draft.word("payments-no-gaps"));
        return;
    }
    if rows.iter().flat_map(|row| &row.gaps).any(|gap| gap.is_missing()) {
        let order = draft.case.view.order.id.to_string();
        draft.guide(draft.say("how-payment", &[("order", &order)]));
    }
    draft.heading(1, draft.word("payments-gaps"));
    draft.push(Block::List { numbered: false, items });
}

fn gap_words(draft: &Draft<'_>, row: &PaymentRow, gap: MapGap) -> String {
    let seen = draft.case.view.order.of_kind::<PaymentSeen>().find(|(item, _)| *item == row.payment);
    let voucher = seen.and_then(|(_, one)| one.merchant_order_no.clone()).unwrap_or_default();
    let others: Vec<&str> = row.other_orders.iter().map(|order| order.as_str()).collect();
    let (others, own) = (draft.words.list(&others), row.order_no.clone().unwrap_or_default());
    let key = format!("gap-{}", gap.code().replace('_', "-"));
    draft.say(&key, &[("voucher", &voucher), ("own", &own), ("others", &others)])
}
