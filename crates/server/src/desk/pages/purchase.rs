//! 买前检查: what speaks for and against a purchase, and what to save before paying.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::purchase_check::{Advice, Intent};
use sigu_case::{GoodsKind, House, OrderId};
use sigu_vault::Vault;

use super::order_new::free;
use crate::buying::{self, Fetched, Look, fetch, look, plan, whom_lines};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::making::NotMade;
use crate::outside::net::NetFault;
use crate::words::Words;

/// What was typed, as it was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    offer: String,
    merchant: String,
    platform: String,
    goods: String,
    price: Option<String>,
    typical: String,
    escrow: String,
    coverage: String,
    payee: String,
    shown_rate: String,
    deposit: String,
    off_platform: String,
    /// Of the order that is to be opened.
    title: String,
    order: String,
}

#[derive(Template)]
#[template(path = "purchase.html")]
struct Purchase<'a> {
    frame: Frame<'a>,
    asked: Asked,
    price: String,
    goods: Vec<(&'static str, String)>,
    wrong: Vec<&'static str>,
    /// What is wrong with the label of the order.
    label_wrong: String,
    found: Option<Found>,
}

impl Purchase<'_> {
    /// Whether a field is wrong.
    fn bad(&self, field: &str) -> bool {
        self.wrong.contains(&field)
    }

    /// All that was typed, to go along with the wish to save.
    fn typed(&self) -> Vec<(&'static str, &str)> {
        let asked = &self.asked;
        let all = [
            ("offer", &asked.offer),
            ("merchant", &asked.merchant),
            ("platform", &asked.platform),
            ("goods", &asked.goods),
            ("price", &self.price),
            ("typical", &asked.typical),
            ("escrow", &asked.escrow),
            ("coverage", &asked.coverage),
            ("payee", &asked.payee),
            ("shown_rate", &asked.shown_rate),
            ("deposit", &asked.deposit),
            ("off_platform", &asked.off_platform),
        ];
        all.into_iter()
            .map(|(name, value)| (name, value.as_str()))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

/// The result in words.
struct Found {
    advice: String,
    mood: &'static str,
    whom: Vec<String>,
    factors: Vec<Factor>,
    save: Vec<(String, String)>,
    /// A label for the order that is free.
    order: String,
    /// Whether there is an address to fetch.
    fetches: bool,
}

struct Factor {
    mood: &'static str,
    mark: String,
    verdict: String,
    name: String,
    text: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| draw(visit, vault, asked, String::new())).await
}

fn draw(visit: &Visit, vault: &Vault, asked: Asked, label_wrong: String) -> Result<Response, Refusal> {
    let words = &visit.words;
    let (found, wrong) = match (&asked.price, intent(&asked)) {
        (None, _) => (None, Vec::new()),
        (Some(_), Err(wrong)) => (None, wrong),
        (Some(_), Ok(intent)) => {
            let look = looked(visit, vault, &asked.offer, intent)?;
            let free = if asked.order.is_empty() { free(vault)? } else { asked.order.clone() };
            (Some(told(&look, free, words)), Vec::new())
        }
    };
    let goods = GoodsKind::ALL
        .iter()
        .map(|kind| (kind.code(), words.word(&format!("goods-{}", kind.code().replace('_', "-")))));
    let price = asked.price.clone().unwrap_or_default();
    let fine = wrong.is_empty() && label_wrong.is_empty();
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = Frame { path: "/merchants/check", ..visit.frame("merchants") };
    let page = Purchase { frame, asked, price, goods: goods.collect(), wrong, label_wrong, found };
    Ok((status, html(&page)?).into_response())
}

fn looked(visit: &Visit, vault: &Vault, offer: &str, intent: Intent) -> Result<Look, Refusal> {
    let house = House::of(&vault.house()?);
    let (all, figures) = (visit.at_hand().merchants(vault, visit.now)?, visit.at_hand().figures(vault)?);
    Ok(look(&house, &all, figures.lines(), Some(offer), intent, visit.now))
}

/// What is wrong with the label of the order; empty for nothing.
fn label_wrong(vault: &Vault, label: &str, words: &Words) -> Result<String, Refusal> {
    Ok(match label.trim().parse::<OrderId>() {
        Err(_) => words.word("usage-order-label-advice"),
        Ok(order) if vault.order(&order)?.is_some() => words.word("write-label-taken"),
        Ok(_) => String::new(),
    })
}

/// Opens an order before the payment, with the page of the offer; the rest becomes its checklist.
pub(super) async fn save_first(visit: Visit, Form(asked): Form<Asked>) -> Response {
    let (own, typed) = (visit.clone(), asked.clone());
    let seen = tokio::task::spawn_blocking(move || {
        own.desk.app.with_vault::<_, Refusal>(|vault| {
            let Ok(intent) = intent(&typed) else { return Ok(None) };
            if !label_wrong(vault, &typed.order, &own.words)?.is_empty() {
                return Ok(None);
            }
            looked(&own, vault, &typed.offer, intent).map(Some)
        })
    });
    let fault = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault");
    let look = match seen.await.map_err(fault).and_then(|seen| seen) {
        Ok(look) => look,
        Err(refusal) => return visit.refuse(&refusal),
    };
    // Whoever is asked may take a while: the vault is not held meanwhile.
    let fetched = match &look {
        Some(look) => Some(fetch(visit.desk.asking.net.as_ref(), look.whom.url.as_deref()).await),
        None => None,
    };
    visit.answer(move |visit, vault| opened(visit, vault, asked, look.zip(fetched))).await
}

fn opened(
    visit: &Visit,
    vault: &Vault,
    asked: Asked,
    seen: Option<(Look, Fetched)>,
) -> Result<Response, Refusal> {
    let wrong = label_wrong(vault, &asked.order, &visit.words)?;
    let Some((look, fetched)) = seen.filter(|_| wrong.is_empty()) else {
        return draw(visit, vault, asked, wrong);
    };
    let order: OrderId = asked.order.trim().parse().map_err(|_| Refusal::not_found())?;
    let title = Some(asked.title.trim().to_owned()).filter(|title| !title.is_empty());
    let status = match &fetched {
        Fetched::Not(NetFault::Status(status)) => format!("&status={status}"),
        _ => String::new(),
    };
    let path = format!("/orders/{order}?fetched={}{status}", fetched.code());
    let (facts, now) = (plan(&look, title), (visit.desk.app.now)());
    match buying::open(vault, order, facts, (&look.whom, fetched), &visit.words, now) {
        Ok(_) => Ok(Redirect::to(&path).into_response()),
        Err(NotMade::Vault(error)) => Err(error.into()),
        Err(other) => Err(Refusal::because("page-fault", other.to_string())),
    }
}

/// Reads what was typed; names the fields that cannot be read.
fn intent(asked: &Asked) -> Result<Intent, Vec<&'static str>> {
    let mut wrong = Vec::new();
    let mut sum = |field, text: &str| {
        let read = fen(text);
        if read.is_none() && !text.trim().is_empty() {
            wrong.push(field);
        }
        read
    };
    let price = sum("price", asked.price.as_deref().unwrap_or_default());
    let typical_price_fen = sum("typical", &asked.typical);
    let deposit_fen = sum("deposit", &asked.deposit);
    let shown = sum("shown_rate", asked.shown_rate.trim().trim_end_matches(['%', '％']));
    let shown_rate_bp = shown.and_then(|bp| u32::try_from(bp).ok()).filter(|bp| *bp <= 10_000);
    if shown.is_some() && shown_rate_bp.is_none() {
        wrong.push("shown_rate");
    }
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let yes = |text: &str| Some(text == "yes").filter(|_| matches!(text, "yes" | "no"));
    let (Some(price_fen), true) = (price, wrong.is_empty()) else {
        if price.is_none() && !wrong.contains(&"price") {
            wrong.push("price");
        }
        return Err(wrong);
    };
    Ok(Intent {
        merchant: text(&asked.merchant),
        platform: text(&asked.platform),
        goods: GoodsKind::ALL.iter().find(|kind| kind.code() == asked.goods).copied(),
        price_fen,
        typical_price_fen,
        own_prices: None,
        escrow: yes(&asked.escrow),
        coverage: yes(&asked.coverage),
        payee: text(&asked.payee),
        shown_rate_bp,
        deposit_fen,
        off_platform_asked: asked.off_platform == "yes",
    })
}

/// Reads yuan with at most two decimals.
fn fen(text: &str) -> Option<i64> {
    let digits = text.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 12 && part.len() <= 2 && numeric(whole) && numeric(part);
    fits.then(|| format!("{whole}{part:0<2}").parse().ok()).flatten()
}

fn told(look: &Look, order: String, words: &Words) -> Found {
    let found = &look.check;
    let factor = |one: &sigu_case::purchase_check::Factor| Factor {
        mood: one.verdict.code(),
        mark: words.word(&format!("verdict-{}", one.verdict.code())),
        verdict: words.word(&format!("house-verdict-{}", one.verdict.code())),
        name: words.pick(one.kind.text().name).to_owned(),
        text: words.pick(&one.text).to_owned(),
    };
    let save = found.save_first.iter();
    Found {
        advice: words.pick(found.advice.text()).to_owned(),
        mood: match found.advice {
            Advice::Ok => "good",
            Advice::Careful => "warn",
            Advice::BetterNot => "bad",
        },
        whom: if look.whom.url.is_some() { whom_lines(&look.whom, words) } else { Vec::new() },
        order,
        fetches: look.whom.url.is_some(),
        factors: found.factors.iter().map(factor).collect(),
        save: save.map(|one| (words.pick(&one.what).to_owned(), words.pick(&one.why).to_owned())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(price: &str) -> Asked {
        Asked { price: Some(price.to_owned()), ..Asked::default() }
    }

    #[test]
    fn sums_are_read_as_people_type_them() {
        for (text, read) in [("12", Some(1_200)), ("￥12.5", Some(1_250)), ("12.50 元", Some(1_250))] {
            assert_eq!(fen(text), read, "{text}");
        }
        for text in ["", "12.345", "-1", "一百", "1e3"] {
            assert_eq!(fen(text), None, "{text}");
        }
    }

    #[test]
    fn a_field_that_is_wrong_is_named() {
        assert_eq!(intent(&asked("")).unwrap_err(), ["price"]);
        let of = |rate: &str| Asked { shown_rate: rate.to_owned(), ..asked("12") };
        assert_eq!(intent(&of("101%")).unwrap_err(), ["shown_rate"]);
        assert_eq!(intent(&of("1.5%")).unwrap().shown_rate_bp, Some(150));
        let both = Asked { deposit: "x".to_owned(), ..asked("y") };
        assert_eq!(intent(&both).unwrap_err(), ["price", "deposit"]);
    }
}
