//! A page of 300 resources and 40 MB, the same bytes each time.

use std::fmt::Write;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::pages::noise;

const RESOURCES: u64 = 300;
/// 300 of them are 40 MB (40 × 10⁶ bytes, and 200 more for the rounding).
const SIZE: usize = 133_334;

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/_pages/heavy", get(page)).route("/_pages/heavy/{file}", get(resource))
}

const HEAD: &str = "<!DOCTYPE html><meta charset=\"utf-8\"><title>很重的页</title><h1>300 个资源</h1>\
    <p id=\"done\">加载中</p>\n";
const TAIL: &str = "<script>addEventListener('load', function () { \
    document.getElementById('done').textContent \
    = '完成'; });</script>";

async fn page() -> Html<String> {
    let mut text = HEAD.to_owned();
    for number in 0..RESOURCES {
        text += &match number % 3 {
            0 => format!("<img src=\"/_pages/heavy/{number}.bmp\" width=\"20\" height=\"20\" alt=\"\">\n"),
            1 => format!("<script src=\"/_pages/heavy/{number}.js\"></script>\n"),
            _ => format!("<link rel=\"stylesheet\" href=\"/_pages/heavy/{number}.css\">\n"),
        };
    }
    Html(text + TAIL)
}

async fn resource(Path(file): Path<String>) -> Response {
    let parts = file.split_once('.').and_then(|(number, kind)| Some((number.parse::<u64>().ok()?, kind)));
    let Some((number, kind)) = parts.filter(|(number, _)| *number < RESOURCES) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (media, bytes) = match kind {
        "bmp" => ("image/bmp", bitmap(number)),
        "js" => ("text/javascript", comment(number)),
        "css" => ("text/css", comment(number)),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
}

/// Hex noise in a comment.
fn comment(number: u64) -> Vec<u8> {
    let mut text = String::with_capacity(SIZE);
    text.push_str("/*");
    for byte in noise(number, SIZE / 2 - 2) {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str("*/");
    text.into_bytes()
}

/// A 24-bit bitmap of noise, 200 pixels wide: BITMAPFILEHEADER and BITMAPINFOHEADER before the rows.
fn bitmap(number: u64) -> Vec<u8> {
    const WIDTH: u32 = 200;
    const HEIGHT: u32 = 222;
    const HEAD: u32 = 54;
    let mut bytes = Vec::with_capacity(SIZE);
    bytes.extend_from_slice(b"BM");
    for word in
        [HEAD + WIDTH * 3 * HEIGHT, 0, HEAD, 40, WIDTH, HEIGHT, (24 << 16) | 1, 0, 0, 2835, 2835, 0, 0]
    {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    let rows = noise(number, SIZE - bytes.len());
    bytes.extend_from_slice(&rows);
    bytes
}
