//! The facts of an order from the form of a history.

use jiff::civil::Date;

use super::HistoryError;
use super::form::{CaseForm, Shop, Text};
use super::read::{coded, fen, not_one_of, time, value};
use super::words::observed_in;
use crate::platform::{AppealWindow, Profile, Registry};
use crate::report::Observed;
use crate::{GoodsKind, OrderFacts};

pub(super) fn facts(form: &CaseForm) -> Result<OrderFacts, HistoryError> {
    let shop = form.shop.clone().unwrap_or_default();
    let goods = form.goods.clone().unwrap_or_default();
    let order = form.order.clone().unwrap_or_default();
    let delivery = form.delivery.clone().unwrap_or_default();
    let at = |text: &Option<Text>, field| text.as_ref().map(|text| time(text, field)).transpose();
    let money = |text: &Option<Text>, field| text.as_ref().map(|text| fen(text, field)).transpose();
    let (platform, merchant) = names(&shop);
    Ok(OrderFacts {
        title: value(goods.name.as_ref()).or_else(|| value(form.title.as_ref())),
        goods: goods.kind.as_ref().map(goods_kind).transpose()?,
        order_no: value(order.no.as_ref()),
        amount_fen: money(&order.amount, "order.amount")?,
        merchant,
        platform,
        paid_at: at(&order.paid, "order.paid")?,
        delivered_at: at(&order.delivered, "order.delivered")?,
        created_at: at(&order.created, "order.created")?,
        credited_at: at(&order.credited, "order.credited")?,
        handed_over_at: at(&order.rebind_done, "order.rebind_done")?,
        confirmed_at: at(&order.confirmed, "order.confirmed")?,
        activated_at: at(&delivery.activated, "delivery.activated")?,
        revealed_at: at(&delivery.revealed, "delivery.revealed")?,
        quantity: goods.qty,
        unit_fen: money(&goods.unit, "goods.unit")?,
        status: value(order.status_text.as_ref()),
        profile: profile(&shop),
        charge_account: value(goods.charge_account.as_ref()),
        internal_no: value(order.internal_id.as_ref()),
        escrow: shop.escrow,
    })
}

/// `平台 / 店铺 名` names both; one name alone is the merchant's, and its host the platform's.
fn names(shop: &Shop) -> (Option<String>, Option<String>) {
    let name = value(shop.name.as_ref());
    let host = value(shop.host.as_ref());
    match (name.as_deref().and_then(|name| name.split_once(" / 店铺 ")), value(shop.merchant.as_ref())) {
        (Some((platform, merchant)), None) => (Some(platform.to_owned()), Some(merchant.to_owned())),
        (_, Some(merchant)) => (name.or(host), Some(merchant)),
        (None, None) => (host.or_else(|| name.clone()), name),
    }
}

/// What a history says of the platform that its profile does not: a profile of its own, named after the host.
///
/// Returns the id and the text of that profile; `None` where the history adds nothing to what is known.
pub(super) fn own_profile(shop: &Shop, read_on: Date) -> Result<Option<(String, String)>, HistoryError> {
    let base = profile(shop).and_then(|id| Registry::built_in().find(&id));
    let window = shop.appeal_window.as_ref().map(window).transpose()?;
    let new_window = window.filter(|stated| base.and_then(Profile::window) != Some(*stated));
    let decides = base.and_then(|base| base.facts.complaint_sla_h.as_ref()).map(|fact| fact.value);
    let new_hours = shop.complaint_sla_h.filter(|stated| decides != Some(*stated));
    if new_window.is_none() && new_hours.is_none() {
        return Ok(None);
    }
    let base = base.map_or("generic-t6", |base| base.id.as_str());
    let host = shop.host.as_ref().map_or("own-shop", |host| host.value.as_str());
    let id: String =
        host.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let mut text = format!(
        "id = \"{id}\"\nextends = \"{base}\"\nsource = \"history\"\nchecked_at = \"{read_on}\"\n\n[facts]\n"
    );
    if let Some(window) = new_window {
        let (kind, hours) = match window {
            AppealWindow::SameDay => ("same_day", None),
            AppealWindow::HoursAfterRefusal(n) => ("hours_after_refusal", Some(n)),
            AppealWindow::HoursAfterOrder(n) => ("hours_after_order", Some(n)),
            AppealWindow::DaysAfterDelivery(n) => ("days_after_delivery", Some(n)),
        };
        let n = hours.map_or_else(String::new, |n| format!(", n = {n}"));
        text.push_str(&format!("appeal_window = {{ value = {{ kind = \"{kind}\"{n} }} }}\n"));
    }
    if let Some(hours) = new_hours {
        text.push_str(&format!("complaint_sla_h = {{ value = {hours} }}\n"));
    }
    Ok(Some((id, text)))
}

/// `SameDay`, or a kind and a number: `HoursAfterRefusal 24`.
fn window(text: &Text) -> Result<AppealWindow, HistoryError> {
    let (kind, n) = text.value.split_once(' ').unwrap_or((&text.value, ""));
    let n = n.trim().parse::<u32>().ok();
    let read = match (kind, n) {
        ("SameDay", None) => Some(AppealWindow::SameDay),
        ("HoursAfterRefusal", Some(n)) => Some(AppealWindow::HoursAfterRefusal(n)),
        ("HoursAfterOrder", Some(n)) => Some(AppealWindow::HoursAfterOrder(n)),
        ("DaysAfterDelivery", Some(n)) => Some(AppealWindow::DaysAfterDelivery(n)),
        _ => None,
    };
    let allowed = "SameDay, HoursAfterRefusal N, HoursAfterOrder N, DaysAfterDelivery N";
    read.ok_or_else(|| not_one_of(text, "shop.appeal_window", allowed))
}

fn profile(shop: &Shop) -> Option<String> {
    let system = shop.system.as_ref().map(|system| system.value.to_ascii_lowercase().replace('_', "-"));
    system.or_else(|| shop.kind.as_ref().map(|kind| format!("generic-{}", kind.value.to_ascii_lowercase())))
}

/// `GamePointCard` or `game_point_card`.
fn goods_kind(text: &Text) -> Result<GoodsKind, HistoryError> {
    let mut code = String::new();
    for letter in text.value.chars() {
        if letter.is_ascii_uppercase() && !code.is_empty() {
            code.push('_');
        }
        code.push(letter.to_ascii_lowercase());
    }
    coded(text, "goods.kind", |_| GoodsKind::from_code(&code), GoodsKind::ALL.iter().map(|kind| kind.code()))
}

/// The rule and article of `《标题》第5条`.
pub(super) fn cited(text: &str) -> Option<(String, String)> {
    let (title, rest) = text.strip_prefix('《')?.split_once('》')?;
    let article = rest.strip_prefix('第')?.split_once('条')?.0;
    Some((title.to_owned(), article.to_owned()))
}

pub(super) fn state(text: &Text, field: &'static str) -> Result<Observed, HistoryError> {
    let allowed = Observed::ALL.iter().map(|state| state.code());
    coded(text, field, |words| Observed::from_code(words).or_else(|| observed_in(words)), allowed)
}
