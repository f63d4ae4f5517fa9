//! Pages that are files, and the small scripts and pictures they load.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

/// Name and text of each page.
const PAGES: &[(&str, &str)] = &[
    ("lazy", include_str!("../../assets/pages/lazy.html")),
    ("virtual", include_str!("../../assets/pages/virtual.html")),
    ("hangs", include_str!("../../assets/pages/hangs.html")),
    ("alerts", include_str!("../../assets/pages/alerts.html")),
    ("hostile", include_str!("../../assets/pages/hostile.html")),
    ("sse", include_str!("../../assets/pages/sse.html")),
    ("websocket", include_str!("../../assets/pages/websocket.html")),
    ("worker", include_str!("../../assets/pages/worker.html")),
    ("service-worker", include_str!("../../assets/pages/service-worker.html")),
    ("canvas", include_str!("../../assets/pages/canvas.html")),
    ("shadow", include_str!("../../assets/pages/shadow.html")),
    ("collapsed", include_str!("../../assets/pages/collapsed.html")),
    ("blocked", include_str!("../../assets/pages/blocked.html")),
    ("edited", include_str!("../../assets/pages/edited.html")),
    ("animated", include_str!("../../assets/pages/animated.html")),
    ("cookies", include_str!("../../assets/pages/cookies.html")),
    ("download", include_str!("../../assets/pages/download.html")),
];

const WORKER: &str = include_str!("../../assets/pages/worker.js");
const SERVICE_WORKER: &str = include_str!("../../assets/pages/service-worker.js");

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let pages = PAGES.iter().fold(Router::new(), |router, (name, text)| {
        router.route(&format!("/_pages/{name}"), get(|| async { Html(*text) }))
    });
    pages
        .route("/_pages/worker.js", get(|| async { script(WORKER) }))
        .route("/_pages/service-worker.js", get(|| async { script(SERVICE_WORKER) }))
        .route("/_pages/number/{number}", get(|Path(number): Path<u32>| async move { number.to_string() }))
        .route("/_pages/picture/{file}", get(picture))
}

fn script(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
}

/// `N.svg`: a numbered picture.
async fn picture(Path(file): Path<String>) -> Response {
    let Some(number) = file.strip_suffix(".svg").and_then(|number| number.parse::<u32>().ok()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let hue = number.wrapping_mul(47) % 360;
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"200\">\
         <rect width=\"300\" \
         height=\"200\" fill=\"hsl({hue},60%,55%)\"/><text x=\"150\" y=\"120\" font-size=\"60\" \
         fill=\"#fff\" text-anchor=\"middle\" font-family=\"sans-serif\">{number}</text></svg>"
    );
    ([(header::CONTENT_TYPE, "image/svg+xml")], text).into_response()
}
