//! What pages are drawn with: one style sheet, a few scripts, one mark; all of our own and in the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const ASSETS: [(&str, &str, &str); 8] = [
    ("desk.css", "text/css; charset=utf-8", include_str!("../../../assets/desk.css")),
    ("desk.js", "text/javascript; charset=utf-8", include_str!("../../../assets/desk.js")),
    ("draft.js", "text/javascript; charset=utf-8", include_str!("../../../assets/draft.js")),
    ("live.js", "text/javascript; charset=utf-8", include_str!("../../../assets/live.js")),
    ("mark.js", "text/javascript; charset=utf-8", include_str!("../../../assets/mark.js")),
    ("sha256.js", "text/javascript; charset=utf-8", include_str!("../../../assets/sha256.js")),
    ("upload.js", "text/javascript; charset=utf-8", include_str!("../../../assets/upload.js")),
    ("mark.svg", "image/svg+xml", include_str!("../../../assets/mark.svg")),
];

/// Returns one of them; they change with the program only.
pub(in crate::desk) async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(own, _, _)| *own == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache")], *text).into_response()
}
