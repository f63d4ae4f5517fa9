//! The API, `/api/v1`: everything the pages do, as JSON, for programs that were given a token.
//!
//! In reading order: `door` says who may speak, `call` is what every operation is asked with, then one file for each
//! area. Operations are those that pages and commands have in common; here they are only read and answered. What the
//! description says (`openapi.json`) is made from the handlers and types themselves.

mod call;
mod door;
mod house;
mod items;
mod made;
mod orders;
mod outside;
mod phone;
mod remind;
mod settings;
mod spec;
mod talk;
mod watch;
mod work;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::call::Reads;
use super::{Desk, resumable, upload};
use crate::problem::Problem;

pub(super) use call::writes;
pub(super) use door::Wrong;
pub use spec::openapi;

/// Where it is.
pub(super) const BASE: &str = "/api/v1";
/// Largest JSON that is read, in bytes.
const MAX_JSON: usize = 2 << 20;

/// All operations with their descriptions, at their places below [`BASE`].
fn operations() -> OpenApiRouter<Arc<Desk>> {
    of_orders()
        .merge(of_evidence())
        .merge(of_talk())
        .merge(of_house())
        .merge(of_vault())
        .merge(of_reminders())
}

fn of_orders() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(orders::due))
        .routes(routes!(orders::next))
        .routes(routes!(orders::list, orders::open))
        .routes(routes!(orders::one))
        .routes(routes!(orders::amend))
        .routes(routes!(orders::advice))
        .routes(routes!(orders::log))
        .routes(routes!(orders::follow_ups_of, orders::set_follow_up))
        .routes(routes!(orders::note))
        .routes(routes!(orders::recognise))
}

fn of_evidence() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(items::list, items::fix))
        .routes(routes!(items::one))
        .routes(routes!(items::content))
        .routes(routes!(outside::between))
        .routes(routes!(made::preview))
        .routes(routes!(made::mark))
        .routes(routes!(made::papers, made::make))
        .merge(resumable::described())
        .routes(routes!(phone::read, phone::open, phone::close))
}

fn of_talk() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(talk::talk))
        .routes(routes!(talk::say))
        .routes(routes!(talk::draft, talk::send))
        .routes(routes!(talk::check))
        .routes(routes!(talk::statement, talk::file))
}

fn of_house() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(house::merchants))
        .routes(routes!(house::before_buying, house::save_first))
        .routes(routes!(house::merchant))
        .routes(routes!(house::profiles))
        .routes(routes!(house::profile))
        .routes(routes!(house::rules))
        .routes(routes!(watch::list, watch::add))
        .routes(routes!(watch::one, watch::set))
        .routes(routes!(watch::look))
        .routes(routes!(watch::bytes))
        .routes(routes!(house::month))
        .routes(routes!(house::laws))
        .routes(routes!(house::law))
        .routes(routes!(house::ladder))
        .routes(routes!(house::search))
}

fn of_vault() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(house::log))
        .routes(routes!(house::vault))
        .routes(routes!(house::background))
        .routes(routes!(outside::read))
        .routes(routes!(outside::ask))
        .routes(routes!(outside::list, outside::set))
        .routes(routes!(outside::header))
        .routes(routes!(work::check))
        .routes(routes!(work::backup))
        .routes(routes!(work::export))
        .routes(routes!(work::one))
        .routes(routes!(work::stop))
        .routes(routes!(work::package))
        .routes(routes!(settings::read, settings::set))
}

fn of_reminders() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(remind::read, remind::set))
        .routes(routes!(remind::add))
        .routes(routes!(remind::remove))
        .routes(routes!(remind::test))
        .routes(routes!(remind::subscribe, remind::unsubscribe))
        .routes(routes!(remind::snooze))
}

/// The router of the API, beside that of the pages.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    let (operations, _) = operations().split_for_parts();
    let unknown = |call: Reads| async move {
        Problem::refused(StatusCode::NOT_FOUND, "api-unknown", &[]).in_words(&call.words)
    };
    let not_so = |call: Reads| async move {
        Problem::refused(StatusCode::METHOD_NOT_ALLOWED, "api-method", &[]).in_words(&call.words)
    };
    let inner = operations
        .route("/openapi.json", axum::routing::get(spec::document))
        .route("/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(not_so)
        .layer(axum::extract::DefaultBodyLimit::max(MAX_JSON));
    Router::new()
        .nest(BASE, inner)
        .route(BASE, axum::routing::any(unknown))
        .layer(middleware::from_fn_with_state(desk.clone(), door::guard))
        .with_state(desk)
}

/// Largest file that is taken in one piece, in bytes.
const MAX_FILE: u64 = upload::MAX_FILE;
