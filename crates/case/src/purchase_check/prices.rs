//! What one paid oneself, where nobody says what is usual.

use serde::Serialize;

use crate::GoodsKind;
use crate::dossier::OfOrder;
use crate::dossier::table::Table;

/// The middle of one's own prices of one kind of goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnPrices {
    /// The middle price of one piece, in 分; of an even number the mean of the middle two.
    pub median_fen: i64,
    /// Of so many orders.
    pub of: u32,
    /// Whether all of them were of the merchant one asks about.
    pub same_merchant: bool,
}

impl OwnPrices {
    /// Takes the prices of one's orders of a kind: those of this merchant if they are enough, else those of all.
    ///
    /// `None` without any. Prices of one kind differ with what is in it: they are a hint, and the words say so.
    pub fn of<'a>(
        orders: impl IntoIterator<Item = &'a OfOrder>,
        goods: GoodsKind,
        names: &[&str],
    ) -> Option<Self> {
        let (mut all, mut own) = (Vec::new(), Vec::new());
        for order in orders.into_iter().filter(|order| order.goods == Some(goods)) {
            let Some(fen) = order.unit_fen else { continue };
            all.push(fen);
            if order.name.as_deref().is_some_and(|name| names.contains(&name)) {
                own.push(fen);
            }
        }
        let theirs = Self::middle(own, true).filter(|prices| prices.is_enough());
        theirs.or_else(|| Self::middle(all, false))
    }

    fn middle(mut prices: Vec<i64>, same_merchant: bool) -> Option<Self> {
        prices.sort_unstable();
        let upper = prices.len() / 2;
        let high = *prices.get(upper)?;
        let median_fen = match prices.len() % 2 {
            1 => high,
            _ => prices[upper - 1] + (high - prices[upper - 1]) / 2,
        };
        Some(Self { median_fen, of: u32::try_from(prices.len()).unwrap_or(u32::MAX), same_merchant })
    }

    /// Tells whether they are enough to compare with (own default).
    pub fn is_enough(&self) -> bool {
        self.median_fen > 0 && self.of >= Table::get().number("few_prices")
    }
}
