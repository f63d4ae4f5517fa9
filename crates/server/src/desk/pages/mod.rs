//! The pages, one file each: it reads what it shows, and its template draws it.

mod access;
pub(super) mod assets;
mod calendar;
mod content;
mod evidence;
mod item;
mod item_mark;
mod item_page;
mod law;
mod log;
mod merchant;
mod merchants;
mod order;
mod order_appeal;
mod order_facts;
mod order_fix;
mod order_ladder;
mod order_new;
mod order_note;
mod order_papers;
mod order_talk;
mod orders;
mod outside;
mod outsiders;
mod phone;
mod practice;
mod profile;
mod purchase;
mod recovery;
mod reminders;
mod review;
mod rules;
mod search;
mod settings;
mod today;
mod unlock;
mod vault;
mod vault_work;
mod versions;
mod watch;
mod watch_page;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, middleware};
use sigu_case::{Order, OrderId};
use sigu_vault::Vault;

use super::page::Visit;
use super::refusal::Refusal;
use super::{Desk, door, live, resumable};

pub(super) use content::read as bytes_of;
pub(super) use evidence::concerning;
pub(super) use unlock::opens_itself;
pub(super) use vault_work::{name_of, packed};
pub(super) use watch_page::saved as saved_page;

/// Largest form, in bytes; files come another way.
const MAX_FORM: usize = 256 << 10;

/// Merchants, rules and law, the vault.
fn house() -> Router<Arc<Desk>> {
    Router::new()
        .route("/merchants", get(merchants::page))
        .route("/merchants/check", get(purchase::page).post(purchase::save_first))
        .route("/merchants/{name}", get(merchant::page))
        .route("/rules", get(rules::page))
        .route("/rules/profiles/{id}", get(profile::page))
        .route("/rules/versions", get(versions::page))
        .route("/rules/watch", get(watch::page).post(watch::add))
        .route("/rules/watch/{name}", get(watch_page::page).post(watch_page::change))
        .route("/rules/watch/{name}/{item}/content", get(watch_page::bytes))
        .route("/rules/review", get(review::page))
        .route("/rules/law", get(law::page))
        .route("/rules/law/{id}", get(law::card))
        .route("/vault", get(vault::page))
        .route("/vault/log", get(log::page))
        .route("/vault/outside", get(outside::page))
        .route("/vault/outside/ask", post(outside::ask))
        .route("/vault/outside/switch", post(outside::switch))
        .route("/vault/outside/services", get(outsiders::page).post(outsiders::change))
        .route("/vault/check", post(vault_work::check))
        .route("/vault/backup", post(vault_work::backup))
        .route("/vault/export", post(vault_work::export))
        .route("/vault/work/{id}", get(vault_work::page))
        .route("/vault/work/{id}/stop", post(vault_work::stop))
        .route("/vault/work/{id}/package", get(vault_work::package))
        .route("/practice", get(practice::page))
        .route("/practice/enter", get(practice::enter))
        .route("/practice/start", post(practice::start))
        .route("/practice/stop", post(practice::stop))
        .route("/practice/again", post(practice::again))
        .route("/vault/access", get(access::page).post(access::give))
        .route("/vault/access/revoke", post(access::take_back))
        .route("/vault/settings", get(settings::page))
        .route("/vault/settings/passphrase", post(settings::passphrase))
        .route("/vault/settings/idle", post(settings::idle))
        .route("/vault/settings/recovery", post(settings::recovery))
        .route("/vault/settings/recovery/new", get(recovery::page).post(recovery::make))
        .route("/settings/reminders", get(reminders::page).post(reminders::change))
        .route("/orders/{id}/snooze", post(reminders::snooze))
        .route("/calendar/{name}", get(calendar::feed))
}

/// All pages behind the door.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(today::page))
        .route("/orders", get(orders::page))
        .route("/search", get(search::page))
        .route("/orders/{id}", get(order::page))
        .route("/orders/{id}/evidence", get(evidence::page))
        .route("/orders/{id}/log", get(evidence::log))
        .route("/orders/{id}/follow-up", post(order::follow_up::set))
        .route("/orders/{id}/items/{item}", get(item::page))
        .route("/orders/{id}/items/{item}/content", get(content::bytes))
        .route("/orders/{id}/items/{item}/mark", get(item_mark::page).post(item_mark::fix))
        .route("/orders/{id}/items/{item}/mark/preview", get(item_mark::preview))
        .route("/orders/{id}/items/{item}/page", get(item_page::page))
        .merge(house())
        // Upload from a phone, large files in pieces, and what is new while a page is open.
        .route("/phone", get(phone::page).post(phone::open))
        .route("/phone/end", post(phone::end))
        .route("/phone/code.svg", get(phone::code))
        .route("/live", get(live::events))
        .merge(resumable::routes())
        // What is written: a new order, evidence, talk, papers, notes.
        .route(
            "/orders/new",
            get(order_new::page)
                .post(order_new::open)
                .layer(axum::extract::DefaultBodyLimit::max(order_fix::MAX_UPLOAD)),
        )
        .route(
            "/orders/recognise",
            post(order_new::recognised).layer(axum::extract::DefaultBodyLimit::max(order_fix::MAX_UPLOAD)),
        )
        .route(
            "/orders/{id}/fix",
            get(order_fix::page)
                .post(order_fix::fix)
                .layer(axum::extract::DefaultBodyLimit::max(order_fix::MAX_UPLOAD)),
        )
        .route("/orders/{id}/facts", get(order_facts::page).post(order_facts::keep))
        .route("/orders/{id}/talk", get(order_talk::page).post(order_talk::change))
        .route("/orders/{id}/talk/check", post(order_talk::check))
        .route("/orders/{id}/appeal", get(order_appeal::page).post(order_appeal::change))
        .route("/orders/{id}/appeal/check", post(order_appeal::check))
        .route("/orders/{id}/ladder", get(order_ladder::page))
        .route("/orders/{id}/papers", get(order_papers::page).post(order_papers::make))
        .route("/orders/{id}/papers/{item}", get(order_papers::download))
        .route("/orders/{id}/note", get(order_note::page).post(order_note::keep))
        .route("/start", get(door::start))
        .route("/language", post(door::language))
        .route("/lock", post(unlock::lock))
        .route("/unlock", post(unlock::unlock))
        .route("/assets/{name}", get(assets::asset))
        .fallback(async |visit: Visit| visit.refuse(&Refusal::not_found()))
        .method_not_allowed_fallback(async |visit: Visit| {
            visit.refuse(&Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "page-not-found"))
        })
        .layer(axum::extract::DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(desk.clone(), unlock::gate))
        .layer(middleware::from_fn_with_state(desk.clone(), door::guard))
        .with_state(desk)
}

/// The order an address names.
fn one_order(vault: &Vault, id: &str) -> Result<Order, Refusal> {
    let id: OrderId = id.parse().map_err(|_| Refusal::not_found())?;
    vault.order(&id)?.ok_or_else(Refusal::not_found)
}
