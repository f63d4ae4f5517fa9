//! Answers whose body does not do what a body should: without end, too short, very long, never there.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{StreamExt, stream};

use crate::pages::{count, noise};
use crate::web::Asked;

const MEGABYTE: usize = 1 << 20;
const HTML: &str = "text/html; charset=utf-8";

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/_pages/never-ends", get(never_ends))
        .route("/_pages/hangs/image.png", get(std::future::pending::<Response>))
        .route("/_pages/wrong-length", get(wrong_length))
        .route("/_pages/huge", get(huge))
        .route("/_pages/download/file", get(download))
}

/// A document that gains a line five times a second for as long as somebody reads.
async fn never_ends() -> Response {
    let head = "<!DOCTYPE html><meta charset=\"utf-8\"><title>没有结尾</title><h1>正在加载</h1>\n".to_owned();
    let lines = stream::unfold(1_u64, |line| async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Some((format!("<p>第 {line} 行</p>\n"), line + 1))
    });
    let all = stream::iter([head]).chain(lines).map(Ok::<_, std::io::Error>);
    ([(header::CONTENT_TYPE, HTML)], Body::from_stream(all)).into_response()
}

/// Says 4096 bytes, sends fewer and closes the connection.
async fn wrong_length() -> Response {
    let text =
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>长度不符</title><p id=\"text\">只有这些字节</p>";
    // The pause lets the bytes out before the server sees that the body ends too early.
    let pause = stream::once(tokio::time::sleep(Duration::from_millis(50))).filter_map(|()| async { None });
    let all = stream::iter([Bytes::from_static(text.as_bytes())]).chain(pause);
    let body = Body::from_stream(all.map(Ok::<_, std::io::Error>));
    ([(header::CONTENT_TYPE, HTML), (header::CONTENT_LENGTH, "4096")], body).into_response()
}

/// `?mb=`: so many megabytes (2²⁰ bytes) that do not compress, at most 4096; `&length=1` says how many.
async fn huge(Query(fields): Asked) -> Response {
    let megabytes = count(&fields, "mb", 500, 4_096);
    let block = Bytes::from(noise(500, MEGABYTE));
    let blocks = std::iter::repeat_n(block, megabytes as usize).map(Ok::<_, std::io::Error>);
    let body = Body::from_stream(stream::iter(blocks));
    let mut response = ([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response();
    if count(&fields, "length", 0, 1) == 1 {
        let length = u64::from(megabytes) * MEGABYTE as u64;
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    }
    response
}

/// An attachment with a Chinese name (RFC 6266).
async fn download() -> Response {
    let name = "attachment; filename=\"order.txt\"; filename*=UTF-8''%E8%AE%A2%E5%8D%95.txt";
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CONTENT_DISPOSITION, name)];
    (headers, "订单号,商品,金额\nA1B2C3D4E5F6G7H8,星海OL 点卡 100元面值,94.50\n").into_response()
}
