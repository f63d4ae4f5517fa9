//! The order a captured page belongs to when the user named none.

use sigu_case::recognise::{Field, Value};
use sigu_case::{Command, OrderFacts, OrderId};
use sigu_vault::Vault;

use super::reading::Found;
use crate::clock;
use crate::problem::Problem;

/// Finds the order whose number surely stands on the page.
pub(super) fn on_page(vault: &Vault, found: &Found) -> Result<Option<OrderId>, Problem> {
    let Some(number) = facts(found).order_no else { return Ok(None) };
    for one in vault.orders()? {
        let order = crate::commands::order_id(&one.order)?;
        if vault.order(&order)?.is_some_and(|order| order.facts.order_no.as_ref() == Some(&number)) {
            return Ok(Some(order));
        }
    }
    Ok(None)
}

/// Opens a new order with what the page surely says.
pub(super) fn open(vault: &Vault, found: &Found) -> Result<OrderId, Problem> {
    let known = vault.orders()?;
    let at = clock::now();
    let day = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%y%m%d").to_string();
    let taken = |label: &str| known.iter().any(|one| one.order == label);
    let label = (1..).map(|number| format!("w{day}-{number}")).find(|label| !taken(label)).unwrap_or(day);
    let order = crate::commands::order_id(&label)?;
    vault.execute(vec![Command::OpenOrder { order: order.clone(), facts: facts(found) }], at)?;
    Ok(order)
}

/// What the page surely says of its order; nothing doubtful is taken over.
fn facts(found: &Found) -> OrderFacts {
    let text = |field| match found.sure(field).map(|reading| &reading.value) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let instant = |field| match found.sure(field).map(|reading| &reading.value) {
        Some(Value::Instant(moment)) => Some(moment.at).filter(|at| *at <= clock::now()),
        _ => None,
    };
    let amount_fen = match found.sure(Field::AmountPaid).map(|reading| &reading.value) {
        Some(Value::AmountFen(fen)) => Some(*fen),
        _ => None,
    };
    OrderFacts {
        order_no: text(Field::OrderNo),
        title: text(Field::ProductName),
        merchant: text(Field::MerchantId),
        amount_fen,
        paid_at: instant(Field::PaidAt),
        ..OrderFacts::default()
    }
}
