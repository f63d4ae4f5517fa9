//! The time inside an order number, held against the order's own times (§2.3).

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Serialize;

use super::{Flag, FlagCode};
use crate::View;
use crate::diagnosis::instant;
use crate::recognise::{Agreement, Decoded, Form, Hints, NumberKind, recognise};

/// What an order number says of its own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OrderTimeCheck {
    /// The time inside the number; of a number with only a date, that day's beginning in Asia/Shanghai.
    #[serde(serialize_with = "instant")]
    pub decoded: Timestamp,
    /// Whether it fits the order's time, as exactly as the number gives it.
    pub ok: bool,
}

/// Reads the time inside the order number and compares it with when the order was placed, else paid.
///
/// `None` for a number without a time in it, and when there is no time to compare with.
pub fn order_time_check(view: &View<'_>) -> Option<OrderTimeCheck> {
    let facts = &view.order.facts;
    let (number, placed) = (facts.order_no.as_deref()?, facts.created_at.or(facts.paid_at)?);
    let wall = Offset::constant(8).to_datetime(placed);
    let text = format!("订单号：{number}\n下单时间：{} {}", wall.date(), wall.time());
    let hints = Hints {
        form: Some(Form::PageText),
        order_no: Some(number.to_owned()),
        paid_at: facts.paid_at.or(facts.created_at),
        ..Hints::default()
    };
    let read = recognise(&text, &hints);
    let fits = read.order_numbers.iter().flat_map(|one| &one.systems);
    let decoded: Vec<&Decoded> =
        fits.filter(|fit| fit.kind == NumberKind::Order).filter_map(|fit| fit.decoded.as_ref()).collect();
    // A number that fits a system whose time agrees is that system's.
    let agrees = |one: &&&Decoded| matches!(one.agreement, Agreement::Agrees | Agreement::Near);
    let best = decoded.iter().find(agrees).or_else(|| decoded.first())?;
    Some(OrderTimeCheck { decoded: best.moment.at, ok: best.agreement != Agreement::Contradicts })
}

pub(super) fn find(view: &View<'_>) -> Vec<Flag> {
    let Some(check) = order_time_check(view).filter(|check| !check.ok) else { return Vec::new() };
    let facts = &view.order.facts;
    let at = facts.created_at.or(facts.paid_at).unwrap_or(view.order.opened_at);
    let wall = |at| Offset::constant(8).to_datetime(at).to_string();
    let detail = format!("{} / {}", wall(check.decoded), wall(at));
    vec![Flag::new(FlagCode::OrderTimeContradiction, at, Vec::new()).saying(&detail)]
}
