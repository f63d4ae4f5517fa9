//! Which payment is for which product and order (S14).

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::table;
use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::report::PaymentSeen;
use crate::{ItemId, Order, OrderId, View};

coded! {
    /// What a row of the payment table lacks or leaves open.
    MapGap {
        /// No transaction number.
        Txn = "txn",
        /// No product name.
        Product = "product",
        /// No order number.
        OrderNo = "order_no",
        /// No amount.
        Amount = "amount",
        /// No payee.
        Payee = "payee",
        /// The amount is not the order's, and the payments do not add up to it.
        AmountDiffers = "amount_differs",
        /// The number on the voucher is not the order's: shops often give the channel a number of their own.
        OrderNoDiffers = "order_no_differs",
        /// The same payment stands in other orders.
        SeveralOrders = "several_orders",
    }
}

impl MapGap {
    /// Returns the words for it, from `data/subslots.toml`.
    pub fn text(self) -> &'static Bilingual {
        table::get().gap(self)
    }

    /// Tells whether the row is incomplete with it; the others are to be explained.
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::Txn | Self::Product | Self::OrderNo | Self::Amount | Self::Payee)
    }
}

/// One payment with what it was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentRow {
    /// The report of the payment.
    pub payment: ItemId,
    /// The channel's transaction number.
    pub txn: Option<String>,
    /// When it was paid.
    #[serde(serialize_with = "text")]
    pub paid_at: Timestamp,
    /// The product, as the voucher names it, else as the order does.
    pub product: Option<String>,
    /// The order's number, else the number on the voucher.
    pub order_no: Option<String>,
    /// In 分.
    pub amount_fen: Option<i64>,
    /// 收款方
    pub payee: Option<String>,
    /// The evidence that shows it.
    pub proof: Option<ItemId>,
    /// What is missing or open.
    pub gaps: Vec<MapGap>,
    /// Other orders with the same transaction number.
    pub other_orders: Vec<OrderId>,
}

/// The payment table of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentMap {
    /// One row for each payment, by time.
    pub rows: Vec<PaymentRow>,
    /// Whether there is a row and none lacks anything.
    pub complete: bool,
    /// Whether a payment covers several orders (S14).
    pub several_orders: bool,
}

/// Makes the payment table; `others` are searched for the same transaction number.
pub fn payment_map(view: &View<'_>, others: &[Order]) -> PaymentMap {
    let payments = view.told::<PaymentSeen>();
    let total = payments.iter().filter_map(|(_, one, _)| one.amount_fen).fold(0_i64, i64::saturating_add);
    let rows: Vec<PaymentRow> =
        payments.iter().map(|(item, payment, _)| row(view, *item, payment, total, others)).collect();
    let complete = !rows.is_empty() && rows.iter().all(|row| !row.gaps.iter().any(|gap| gap.is_missing()));
    let several_orders = rows.iter().any(|row| !row.other_orders.is_empty());
    PaymentMap { rows, complete, several_orders }
}

fn row(view: &View<'_>, item: ItemId, payment: &PaymentSeen, total: i64, others: &[Order]) -> PaymentRow {
    let facts = &view.order.facts;
    let mut row = PaymentRow {
        payment: item,
        txn: payment.txn.clone(),
        paid_at: payment.at,
        product: payment.product.clone().or_else(|| facts.title.clone()),
        order_no: facts.order_no.clone().or_else(|| payment.merchant_order_no.clone()),
        amount_fen: payment.amount_fen,
        payee: payment.payee.clone(),
        proof: payment.proof,
        gaps: Vec::new(),
        other_orders: shared_with(view, payment, others),
    };
    let differs = |price: i64, paid: i64| price != paid && price != total;
    let number = payment.merchant_order_no.as_ref().zip(facts.order_no.as_ref());
    row.gaps = [
        (MapGap::Txn, row.txn.is_none()),
        (MapGap::Product, row.product.is_none()),
        (MapGap::OrderNo, row.order_no.is_none()),
        (MapGap::Amount, row.amount_fen.is_none()),
        (MapGap::Payee, row.payee.is_none()),
        (
            MapGap::AmountDiffers,
            facts.amount_fen.zip(row.amount_fen).is_some_and(|(price, paid)| differs(price, paid)),
        ),
        (MapGap::OrderNoDiffers, number.is_some_and(|(voucher, order)| voucher != order)),
        (MapGap::SeveralOrders, !row.other_orders.is_empty()),
    ]
    .into_iter()
    .filter_map(|(gap, open)| open.then_some(gap))
    .collect();
    row
}

fn shared_with(view: &View<'_>, payment: &PaymentSeen, others: &[Order]) -> Vec<OrderId> {
    let Some(txn) = payment.txn.as_deref() else { return Vec::new() };
    let same =
        |order: &Order| order.of_kind::<PaymentSeen>().any(|(_, other)| other.txn.as_deref() == Some(txn));
    let rest = others.iter().filter(|order| order.id != view.order.id);
    rest.filter(|order| same(order)).map(|order| order.id.clone()).collect()
}

fn text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}
