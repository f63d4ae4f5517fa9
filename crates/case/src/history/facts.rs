//! The facts of an order from the form of a history.

use super::HistoryError;
use super::form::{CaseForm, Shop, Text};
use super::read::{coded, fen, time, value};
use super::words::observed_in;
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
