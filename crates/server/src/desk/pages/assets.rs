//! What pages are drawn with: one style sheet, one script, one mark; all of our own and in the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const ASSETS: [(&str, &str, &str); 3] = [
    ("desk.css", "text/css; charset=utf-8", include_str!("../../../assets/desk.css")),
    ("desk.js", "text/javascript; charset=utf-8", include_str!("../../../assets/desk.js")),
    ("mark.svg", "image/svg+xml", include_str!("../../../assets/mark.svg")),
];

/// Returns one of them; they change with the program only.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(own, _, _)| *own == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache")], *text).into_response()
}
