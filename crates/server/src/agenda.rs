//! What runs: the clocks of all orders, soonest first, and the orders they make urgent. Commands and pages ask the same.

use jiff::Timestamp;
use sigu_case::clock::Brief;
use sigu_case::{Order, OrderId};
use sigu_vault::{Agenda, Error, Vault};

/// A clock of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The order.
    pub order: OrderId,
    /// Its clock.
    pub clock: Brief,
}

/// Returns the clocks that run now, soonest first; those without a due time stand last.
pub fn running<'a>(agendas: impl IntoIterator<Item = &'a Agenda>, now: Timestamp) -> Vec<Running> {
    let mut all: Vec<Running> = Vec::new();
    for agenda in agendas {
        let running = Brief::running(&agenda.clocks, now).into_iter();
        all.extend(running.map(|clock| Running { order: agenda.order.clone(), clock }));
    }
    all.sort_by(|one, other| {
        let key = |one: &Running| (one.clock.due_at.unwrap_or(Timestamp::MAX), one.clock.kind);
        key(one).cmp(&key(other)).then_with(|| one.order.cmp(&other.order))
    });
    all
}

/// Returns at most `most` open orders whose own clocks end soonest; when few have clocks, others that are open follow by
/// label.
///
/// # Errors
/// When the vault cannot be read.
pub fn urgent(vault: &Vault, now: Timestamp, most: usize) -> Result<Vec<Order>, Error> {
    let agendas = vault.agendas()?;
    urgent_among(vault, &agendas, &running(&agendas, now), most)
}

/// As [`urgent`], for someone who has read the clocks already.
///
/// # Errors
/// When the vault cannot be read.
pub fn urgent_among<'a>(
    vault: &Vault,
    agendas: impl IntoIterator<Item = &'a Agenda>,
    running: &[Running],
    most: usize,
) -> Result<Vec<Order>, Error> {
    let mut labels: Vec<OrderId> = Vec::new();
    for one in running.iter().filter(|one| one.clock.kind.is_own()) {
        if labels.len() < most && !labels.contains(&one.order) {
            labels.push(one.order.clone());
        }
    }
    let mut rest: Vec<&OrderId> = agendas.into_iter().map(|agenda| &agenda.order).collect();
    rest.sort();
    // One after the other: reading the lines of all orders would take longer than anything else here.
    for id in rest {
        if labels.len() >= most {
            break;
        }
        if !labels.contains(id) && vault.order_summary(id)?.is_some_and(|order| order.outcome.is_none()) {
            labels.push(id.clone());
        }
    }
    let found = labels.iter().map(|id| vault.order(id)).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().collect())
}
