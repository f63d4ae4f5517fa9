//! 买前检查: what speaks for and against a purchase, and what to save before paying.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sigu_case::dossier::dossier_of;
use sigu_case::purchase_check::{Advice, Intent, PurchaseCheck, check};
use sigu_case::{GoodsKind, House};
use sigu_vault::Vault;

use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::words::Words;

/// What was typed, as it was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
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
}

#[derive(Template)]
#[template(path = "purchase.html")]
struct Purchase<'a> {
    frame: Frame<'a>,
    asked: Asked,
    price: String,
    goods: Vec<(&'static str, String)>,
    wrong: Vec<&'static str>,
    found: Option<Found>,
}

impl Purchase<'_> {
    /// Whether a field is wrong.
    fn bad(&self, field: &str) -> bool {
        self.wrong.contains(&field)
    }
}

/// The result in words.
struct Found {
    advice: String,
    mood: &'static str,
    factors: Vec<Factor>,
    save: Vec<(String, String)>,
}

struct Factor {
    mood: &'static str,
    mark: String,
    verdict: String,
    name: String,
    text: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| answer(visit, vault, asked)).await
}

fn answer(visit: &Visit, vault: &Vault, asked: Asked) -> Result<Response, Refusal> {
    let words = &visit.words;
    let (found, wrong) = match (&asked.price, intent(&asked)) {
        (None, _) => (None, Vec::new()),
        (Some(_), Err(wrong)) => (None, wrong),
        (Some(_), Ok(intent)) => {
            let house = House::of(&vault.house()?);
            let all = visit.at_hand().merchants(vault, visit.now)?;
            let known = intent.merchant.as_deref().and_then(|name| dossier_of(&all, name));
            (Some(told(&check(&house, known.as_ref(), &intent), words)), Vec::new())
        }
    };
    let goods = GoodsKind::ALL
        .iter()
        .map(|kind| (kind.code(), words.word(&format!("goods-{}", kind.code().replace('_', "-")))));
    let price = asked.price.clone().unwrap_or_default();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page =
        Purchase { frame: visit.frame("merchants"), asked, price, goods: goods.collect(), wrong, found };
    Ok((status, html(&page)?).into_response())
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

fn told(found: &PurchaseCheck, words: &Words) -> Found {
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
