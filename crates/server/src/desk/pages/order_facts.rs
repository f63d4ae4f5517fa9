//! 订单信息: what is known of an order, added to and put right.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::claim::yuan;
use sigu_case::{Command, GoodsKind, House, Order, OrderFacts};
use sigu_vault::Vault;

use super::one_order;
use crate::desk::form::{Field, Typed, local};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::masked;

/// The names facts have in the log, and those of the fields.
pub(super) const NAMED: &[(&str, &str)] = &[
    ("title", "title"),
    ("order_no", "order_no"),
    ("merchant", "merchant"),
    ("platform", "platform"),
    ("paid_at", "paid_at"),
    ("delivered_at", "delivered_at"),
    ("created_at", "created_at"),
    ("credited_at", "credited_at"),
    ("handed_over_at", "handed_over_at"),
    ("confirmed_at", "confirmed_at"),
    ("activated_at", "activated_at"),
    ("revealed_at", "revealed_at"),
    ("quantity", "quantity"),
    ("unit_price", "unit_price"),
    ("status", "status"),
    ("profile", "profile"),
    ("charge_account", "charge_account"),
    ("internal_no", "internal_no"),
    ("order", "order"),
];

#[derive(Template)]
#[template(path = "order_facts.html")]
struct Facts<'a> {
    frame: Frame<'a>,
    order: String,
    title: String,
    kept: bool,
    wrong: Vec<String>,
    fields: Vec<Field>,
}

type Pairs = Vec<(String, String)>;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kept: String,
}

pub(super) async fn page(Path(id): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let order = one_order(vault, &id)?;
            let mut typed = Typed::new(&visit.words, Vec::new());
            for (name, value) in known(&order.facts) {
                typed.suggest(name, value);
            }
            html(&drawn(visit, &order, &House::of(&vault.house()?), &typed, !asked.kept.is_empty()))
        })
        .await
}

pub(super) async fn keep(Path(id): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit.answer(move |visit, vault| kept(visit, vault, &id, pairs)).await
}

fn kept(visit: &Visit, vault: &Vault, id: &str, pairs: Pairs) -> Result<Response, Refusal> {
    let order = one_order(vault, id)?;
    let known = known(&order.facts);
    // A form sends all that it shows: only what was changed is put right, the rest stays to the last digit.
    let changed = |(name, value): &(String, String)| {
        !known.iter().any(|(own, was)| own == name && was.trim() == value.trim())
    };
    let mut typed = Typed::new(&visit.words, pairs.into_iter().filter(changed).collect());
    let facts = all(&mut typed);
    if !typed.is_wrong() {
        let path = format!("/orders/{id}/facts?kept=yes");
        if facts == OrderFacts::default() {
            return Ok(Redirect::to(&path).into_response());
        }
        let command = Command::AmendOrder { order: order.id.clone(), facts };
        match vault.execute(vec![command], visit.now) {
            Ok(_) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => typed.blame(error, NAMED)?,
        }
    }
    for (name, value) in known {
        typed.suggest(name, value);
    }
    again(&drawn(visit, &order, &House::of(&vault.house()?), &typed, false))
}

fn drawn<'a>(visit: &'a Visit, order: &Order, house: &House, typed: &Typed<'_>, kept: bool) -> Facts<'a> {
    let fields = [first(typed), rest(typed, house)].into_iter().flatten().collect::<Vec<_>>();
    Facts {
        frame: visit.frame("orders"),
        order: order.id.to_string(),
        title: masked(order.facts.title.as_deref()),
        kept,
        wrong: typed.elsewhere(&fields),
        fields,
    }
}

/// The fields of a new order.
pub(super) fn first(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.line("title", "arg-title"),
        typed.choice("goods", "arg-goods", goods(typed), Some("write-unknown")),
        typed.line("order_no", "arg-no"),
        typed.money("amount", "arg-amount"),
        typed.line("merchant", "arg-merchant"),
        typed.line("platform", "arg-platform"),
        typed.when("paid_at", "new-paid"),
        typed.when("delivered_at", "new-delivered"),
    ]
}

fn goods(typed: &Typed<'_>) -> [(String, String); GoodsKind::ALL.len()] {
    GoodsKind::ALL.map(|kind| {
        let code = kind.code();
        (code.to_owned(), typed.words().word(&format!("goods-{}", code.replace('_', "-"))))
    })
}

/// What is known later, or rarely.
fn rest(typed: &Typed<'_>, house: &House) -> Vec<Field> {
    let words = typed.words();
    let profiles =
        house.registry().profiles().iter().map(|one| (one.id.clone(), words.pick(&one.name).to_owned()));
    let both = ["yes", "no"].map(|code| (code.to_owned(), words.word(&format!("note-{code}"))));
    vec![
        typed.choice("profile", "arg-profile", profiles, Some("write-unknown")),
        typed.line("status", "arg-status"),
        typed.number("quantity", "arg-quantity"),
        typed.money("unit_price", "arg-unit-price"),
        typed.line("charge_account", "arg-charge-account"),
        typed.line("internal_no", "arg-internal-no"),
        typed.choice("escrow", "arg-escrow", both, Some("write-unknown")),
        typed.when("created_at", "arg-created"),
        typed.when("revealed_at", "arg-revealed"),
        typed.when("credited_at", "arg-credited"),
        typed.when("activated_at", "arg-activated"),
        typed.when("handed_over_at", "arg-handed-over"),
        typed.when("confirmed_at", "arg-confirmed"),
    ]
}

/// The facts of both, read; what is wrong is named beside its field.
pub(super) fn all(typed: &mut Typed<'_>) -> OrderFacts {
    let escrow = typed.text("escrow").map(|answer| answer == "yes");
    OrderFacts {
        title: typed.text("title"),
        goods: typed.text("goods").and_then(|code| GoodsKind::from_code(&code)),
        order_no: typed.text("order_no"),
        amount_fen: typed.fen("amount"),
        merchant: typed.text("merchant"),
        platform: typed.text("platform"),
        paid_at: typed.time("paid_at"),
        delivered_at: typed.time("delivered_at"),
        created_at: typed.time("created_at"),
        credited_at: typed.time("credited_at"),
        handed_over_at: typed.time("handed_over_at"),
        confirmed_at: typed.time("confirmed_at"),
        activated_at: typed.time("activated_at"),
        revealed_at: typed.time("revealed_at"),
        quantity: typed.count("quantity"),
        unit_fen: typed.fen("unit_price"),
        status: typed.text("status"),
        profile: typed.text("profile"),
        charge_account: typed.text("charge_account"),
        internal_no: typed.text("internal_no"),
        escrow,
    }
}

/// What is known already, as the fields have it, with card secrets masked.
fn known(facts: &OrderFacts) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let words = |value: &Option<String>| masked(value.as_deref());
    let money = |value: Option<i64>| value.map(yuan).unwrap_or_default();
    let mut all = vec![
        ("title", words(&facts.title)),
        ("goods", facts.goods.map(|kind| kind.code().to_owned()).unwrap_or_default()),
        ("order_no", text(&facts.order_no)),
        ("amount", money(facts.amount_fen)),
        ("merchant", words(&facts.merchant)),
        ("platform", text(&facts.platform)),
        ("profile", text(&facts.profile)),
        ("status", words(&facts.status)),
        ("quantity", facts.quantity.map(|count| count.to_string()).unwrap_or_default()),
        ("unit_price", money(facts.unit_fen)),
        ("charge_account", text(&facts.charge_account)),
        ("internal_no", text(&facts.internal_no)),
        ("escrow", facts.escrow.map(|yes| if yes { "yes" } else { "no" }).unwrap_or_default().to_owned()),
    ];
    all.extend(facts.times().map(|(name, at)| (name, at.map(local).unwrap_or_default())));
    all
}
