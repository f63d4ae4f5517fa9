//! What belongs to no one order: merchants, platforms, rules, law, the ladder, the log, the vault, what is found.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sigu_case::calendar::day_of;
use sigu_case::dossier::dossier_of;
use sigu_case::law::Table;
use sigu_case::purchase_check::Intent;
use sigu_case::review::{CalendarMonth, review};
use sigu_case::{GoodsKind, House, OrderId};
use sigu_vault::{Error, Vault};
use utoipa::{IntoParams, ToSchema};

use super::call::{Asked, Call, Reads, Sent, Writes, found, made, unfit};
use super::made::unprocessable;
use crate::answers::{
    Found, Ladder, Law, Laws, Log, Merchant, MerchantCheck, Merchants, MonthReview, OpenedFirst, Profile,
    Profiles, Rules, shapes,
};
use crate::background::{self, BackgroundLine};
use crate::buying::{self, Look, look};
use crate::problem::Problem;
use crate::refusing::of_citation;

/// Most answers of a search.
const FOUND: usize = 50;

fn unknown(key: &'static str, name: &'static str, value: &str) -> Problem {
    Problem::refused(StatusCode::NOT_FOUND, key, &[(name, value.to_owned())])
}

/// All merchants one bought from, by one's own orders.
#[utoipa::path(get, path = "/merchants", tag = "house", responses((status = 200, body = Merchants)))]
pub(super) async fn merchants(call: Reads) -> Response {
    call.answer(|call, vault| {
        found(Merchants { merchants: call.at_hand().merchants(vault, call.now)?.to_vec() })
    })
    .await
}

/// One merchant.
#[utoipa::path(get, path = "/merchants/{name}", tag = "house",
    params(("name" = String, Path, description = "A name it was bought from under.")),
    responses((status = 200, body = Merchant)))]
pub(super) async fn merchant(call: Reads, Path(name): Path<String>) -> Response {
    call.answer(move |call, vault| {
        let merchant = dossier_of(&call.at_hand().merchants(vault, call.now)?, &name);
        let merchant = merchant.ok_or_else(|| unknown("refused-unknown-merchant", "name", &name))?;
        found(Merchant { merchant })
    })
    .await
}

#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Purchase {
    /// The price, in 分.
    price_fen: i64,
    /// The address of the offer, or the merchant's name.
    offer: Option<String>,
    /// The merchant; it wins over what the address says.
    merchant: Option<String>,
    /// The platform; it wins over what the address says.
    platform: Option<String>,
    /// What is bought.
    #[param(value_type = Option<shapes::GoodsWord>)]
    #[schema(value_type = Option<shapes::GoodsWord>)]
    goods: Option<String>,
    /// What it costs elsewhere, in 分.
    typical_price_fen: Option<i64>,
    /// Whether the payment is held in escrow.
    escrow: Option<bool>,
    /// Whether there is a coverage.
    coverage: Option<bool>,
    /// Whom the payment goes to.
    payee: Option<String>,
    /// The rate of disputes the shop shows, in hundredths of a percent.
    shown_rate_bp: Option<u32>,
    /// The shop's deposit, in 分.
    deposit_fen: Option<i64>,
    /// Whether one was asked to pay off the platform.
    #[serde(default)]
    off_platform_asked: bool,
}

impl Purchase {
    /// Reads the intent, and the offer beside it.
    fn read(self) -> Result<(Option<String>, Intent), Problem> {
        let goods =
            self.goods.as_deref().map(|code| GoodsKind::from_code(code).ok_or_else(|| unfit("goods")));
        if self.shown_rate_bp.is_some_and(|rate| rate > 10_000) {
            return Err(unfit("shown_rate_bp"));
        }
        let intent = Intent {
            merchant: self.merchant,
            platform: self.platform,
            goods: goods.transpose()?,
            price_fen: self.price_fen,
            typical_price_fen: self.typical_price_fen,
            own_prices: None,
            escrow: self.escrow,
            coverage: self.coverage,
            payee: self.payee,
            shown_rate_bp: self.shown_rate_bp,
            deposit_fen: self.deposit_fen,
            off_platform_asked: self.off_platform_asked,
        };
        Ok((self.offer, intent))
    }
}

fn looked(call: &Call, vault: &Vault, asked: Purchase) -> Result<Look, Problem> {
    let (offer, intent) = asked.read()?;
    let (all, figures) = (call.at_hand().merchants(vault, call.now)?, call.at_hand().figures(vault)?);
    let house = House::of(&vault.house()?);
    Ok(look(&house, &all, figures.lines(), offer.as_deref(), intent, call.now))
}

/// What speaks for and against a purchase, and what to save before paying.
#[utoipa::path(get, path = "/merchants/check", tag = "house", params(Purchase),
    responses((status = 200, body = MerchantCheck)))]
pub(super) async fn before_buying(call: Reads, Asked(asked): Asked<Purchase>) -> Response {
    call.answer(move |call, vault| {
        let Look { whom, check, .. } = looked(call, vault, asked)?;
        found(MerchantCheck { whom, check, opened: None })
    })
    .await
}

/// A purchase that is only thought of, and the order to open for it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Thought {
    /// The label of the order, not yet used.
    order: String,
    /// The product as the shop names it.
    title: Option<String>,
    /// What is intended.
    purchase: Purchase,
}

/// Opens an order before the payment, and fixes the page of the offer where it can be fetched; the rest is its checklist.
#[utoipa::path(post, path = "/merchants/check", tag = "house", request_body = Thought,
    responses((status = 201, body = MerchantCheck)))]
pub(super) async fn save_first(call: Writes, Sent(sent): Sent<Thought>) -> Response {
    let Thought { order, title, purchase } = sent;
    let (own, desk) = (call.clone(), call.desk.clone());
    let seen = tokio::task::spawn_blocking(move || {
        own.desk.app.with_vault::<_, Problem>(|vault| {
            let id: OrderId = order.parse().map_err(|_| unfit("order"))?;
            if vault.order(&id)?.is_some() {
                return Err(Error::from(sigu_case::Refusal::OrderExists(id)).into());
            }
            Ok((id, looked(&own, vault, purchase)?))
        })
    });
    let seen = seen.await.map_err(Problem::fault).and_then(|seen| seen);
    let (order, look) = match seen {
        Ok(seen) => seen,
        Err(problem) => return call.told(Err(problem)),
    };
    let fetched = buying::fetch(desk.asking.net.as_ref(), look.whom.url.as_deref()).await;
    call.answer(move |call, vault| {
        let facts = buying::plan(&look, title);
        let now = (call.desk.app.now)();
        let opened = buying::open(vault, order, facts, (&look.whom, fetched), &call.words, now)?;
        let opened = Some(OpenedFirst::of(&opened));
        made(MerchantCheck { whom: look.whom, check: look.check, opened })
    })
    .await
}

/// What is known of platforms.
#[utoipa::path(get, path = "/profiles", tag = "house", responses((status = 200, body = Profiles<'_>)))]
pub(super) async fn profiles(call: Reads) -> Response {
    call.answer(|_, vault| found(Profiles::of(&House::of(&vault.house()?)))).await
}

/// What is known of one platform.
#[utoipa::path(get, path = "/profiles/{id}", tag = "house",
    params(("id" = String, Path, description = "Its id.")), responses((status = 200, body = Profile<'_>)))]
pub(super) async fn profile(call: Reads, Path(id): Path<String>) -> Response {
    call.answer(move |_, vault| {
        let house = House::of(&vault.house()?);
        let profile = house.registry().find(&id);
        found(Profile { profile: profile.ok_or_else(|| unknown("refused-unknown-profile", "id", &id))? })
    })
    .await
}

/// Captured versions of platforms' rules.
#[utoipa::path(get, path = "/rules", tag = "house", responses((status = 200, body = Rules<'_>)))]
pub(super) async fn rules(call: Reads) -> Response {
    call.answer(|_, vault| found(Rules::of(&vault.house()?))).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// The month, such as `2026-11`; without one the month before in the first week of a month, else the one that runs.
    month: Option<String>,
}

/// A month of purchases: the figures, and what to stop buying where.
#[utoipa::path(get, path = "/review", tag = "house", params(Of), responses((status = 200, body = MonthReview)))]
pub(super) async fn month(call: Reads, Asked(asked): Asked<Of>) -> Response {
    call.answer(move |call, vault| {
        let month =
            asked.month.as_deref().map(|text| text.parse().map_err(|_| unfit("month"))).transpose()?;
        let month = month.unwrap_or_else(|| CalendarMonth::to_review(call.now));
        let (house, figures) = (House::of(&vault.house()?), call.at_hand().figures(vault)?);
        found(MonthReview { review: review(&house, figures.lines(), month, call.now) })
    })
    .await
}

/// Statutes and articles.
#[utoipa::path(get, path = "/law", tag = "house", responses((status = 200, body = Laws)))]
pub(super) async fn laws(call: Reads) -> Response {
    call.beside(|_| found(Laws::all())).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct On {
    /// The day; today if nothing is said.
    on: Option<Date>,
}

/// An article as it was in force on a day.
#[utoipa::path(get, path = "/law/{id}", tag = "house",
    params(("id" = String, Path, description = "Its id, such as L-CPL-48."), On), responses((status = 200, body = Law)))]
pub(super) async fn law(call: Reads, Path(id): Path<String>, Asked(asked): Asked<On>) -> Response {
    call.beside(move |call| {
        let cited = Table::get().cite(&id, asked.on.unwrap_or_else(|| day_of(call.now)));
        let citation = cited.map_err(|refusal| match refusal {
            sigu_case::law::CitationRefused::Unknown { id } => unknown("refused-unknown-law", "id", &id),
            other @ sigu_case::law::CitationRefused::NotInForce { .. } => {
                unprocessable(of_citation(other, &call.words)).of("on")
            }
        })?;
        found(Law { citation })
    })
    .await
}

/// Every body one can turn to; an order's own way is in its advice.
#[utoipa::path(get, path = "/ladder", tag = "house", responses((status = 200, body = Ladder<'_>)))]
pub(super) async fn ladder(call: Reads) -> Response {
    call.beside(|_| found(Ladder { steps: sigu_case::ladder::Ladder::get().rungs().iter().collect() })).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Last {
    /// Only so many of the last leaves.
    last: Option<usize>,
}

/// The log, leaf by leaf, texts masked.
#[utoipa::path(get, path = "/log", tag = "vault", params(Last), responses((status = 200, body = Log)))]
pub(super) async fn log(call: Reads, Asked(asked): Asked<Last>) -> Response {
    call.answer(move |_, vault| found(Log::of(vault, asked.last)?)).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Query {
    /// The words.
    q: String,
}

/// What was recorded, found by its words.
#[utoipa::path(get, path = "/search", tag = "house", params(Query), responses((status = 200, body = Found)))]
pub(super) async fn search(call: Reads, Asked(asked): Asked<Query>) -> Response {
    call.answer(move |_, vault| {
        let answer = vault.search(&asked.q, FOUND)?;
        found(Found { query: asked.q, hits: answer.hits, more: answer.more })
    })
    .await
}

/// What runs by itself: `sigu service status`.
#[derive(Serialize, ToSchema)]
pub(super) struct Background {
    /// A line for each job.
    jobs: Vec<BackgroundLine>,
}

/// What runs by itself in the desk, when it last did something, and when it will next.
#[utoipa::path(get, path = "/background", tag = "vault", responses((status = 200, body = Background)))]
pub(super) async fn background(call: Reads) -> Response {
    call.answer(|call, vault| {
        found(Background { jobs: background::lines(&call.desk, Some(vault), &call.words) })
    })
    .await
}

/// The vault: where it lies, its logs, how they stand.
#[derive(Serialize, ToSchema)]
pub(super) struct TheVault {
    /// Its folder.
    folder: String,
    /// Its logs, oldest first.
    logs: Vec<crate::answers::Head>,
    /// The newest checkpoint, as it is signed.
    checkpoint: String,
    /// The recipient whose key brings all back.
    recovery_recipient: String,
    /// How many orders there are.
    orders: usize,
    /// The program's version.
    version: &'static str,
    /// Long work that goes on.
    work: Option<String>,
}

/// Where the vault lies, its logs' fingerprints, whether long work goes on.
#[utoipa::path(get, path = "/vault", tag = "vault", responses((status = 200, body = TheVault)))]
pub(super) async fn vault(call: Reads) -> Response {
    call.answer(|call, vault| {
        found(TheVault {
            folder: vault.folder().display().to_string(),
            logs: Log::of(vault, Some(0))?.logs,
            checkpoint: vault.newest_checkpoint()?,
            recovery_recipient: vault.recovery_recipient(),
            orders: call.at_hand().summaries(vault)?.len(),
            version: call.desk.app.version,
            work: call.desk.work.going().map(|work| work.id.clone()),
        })
    })
    .await
}
