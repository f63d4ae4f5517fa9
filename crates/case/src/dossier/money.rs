//! What was paid to a merchant and what came back (D9), in 分.

use serde::{Deserialize, Serialize};

use crate::View;
use crate::report::{Destination, RefundProof, RefundSeen, RefundState};

/// Sums in 分 over all orders of a merchant. What no amount is known of is not in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Paid.
    pub paid_fen: i64,
    /// How many orders have no known amount.
    pub without_amount: u32,
    /// Came back, as the payment side shows (D9).
    pub refunded_fen: i64,
    /// Went to the platform's balance only: it did not come back.
    pub to_balance_fen: i64,
    /// Said to have come back, shown by nothing of the payment side.
    pub unproved_fen: i64,
    /// Paid in disputes that are not at an end, less what came back.
    pub open_fen: i64,
}

impl Money {
    /// Reads one order.
    pub(super) fn of(view: &View<'_>, disputed: bool) -> Self {
        let amount = view.order.facts.amount_fen.map(|fen| fen.max(0));
        let mut money = Self { paid_fen: amount.unwrap_or(0), ..Self::default() };
        money.without_amount = u32::from(amount.is_none());
        for (_, refund, _) in view.told::<RefundSeen>() {
            money.refund(refund);
        }
        if disputed && view.order.closed().is_none() {
            money.open_fen = money.paid_fen.saturating_sub(money.refunded_fen).max(0);
        }
        money
    }

    /// Takes in one refund; what was only announced or failed adds nothing.
    pub(crate) fn refund(&mut self, refund: &RefundSeen) {
        if refund.state != RefundState::Received {
            return;
        }
        let sum = match (refund.destination, refund.shown_by) {
            (Destination::Balance, _) => &mut self.to_balance_fen,
            (_, RefundProof::PaymentSide) => &mut self.refunded_fen,
            _ => &mut self.unproved_fen,
        };
        *sum = sum.saturating_add(refund.amount_fen.unwrap_or(0).max(0));
    }

    /// Tells whether all that was paid came back by the payment side; not while the amount is unknown.
    pub(super) fn came_back(&self) -> bool {
        self.without_amount == 0 && self.paid_fen > 0 && self.refunded_fen >= self.paid_fen
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.paid_fen = self.paid_fen.saturating_add(other.paid_fen);
        self.without_amount = self.without_amount.saturating_add(other.without_amount);
        self.refunded_fen = self.refunded_fen.saturating_add(other.refunded_fen);
        self.to_balance_fen = self.to_balance_fen.saturating_add(other.to_balance_fen);
        self.unproved_fen = self.unproved_fen.saturating_add(other.unproved_fen);
        self.open_fen = self.open_fen.saturating_add(other.open_fen);
    }
}
