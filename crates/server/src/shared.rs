//! What stands around an order: the house, and the orders that one of its payments may have paid too.

use std::collections::BTreeSet;

use sigu_case::report::PaymentSeen;
use sigu_case::{Order, OrderId, State};
use sigu_vault::{Error, Vault};

/// Most places that are looked at for one transaction number; with more, all orders are read.
const MOST: usize = 50;

/// Returns what belongs to no order, and every order in which a transaction number of this one stands.
///
/// # Errors
/// When the vault cannot be read.
pub fn around(vault: &Vault, order: &Order) -> Result<State, Error> {
    let mut others: BTreeSet<OrderId> = BTreeSet::new();
    for (_, payment) in order.of_kind::<PaymentSeen>() {
        let Some(txn) = payment.txn.as_deref() else { continue };
        let found = vault.search(txn, MOST)?;
        if found.more {
            return vault.state();
        }
        others.extend(found.hits.iter().filter_map(|hit| hit.order.as_deref()?.parse().ok()));
    }
    others.remove(&order.id);
    vault.state_of(&others)
}
