//! Pages that are computed: tall, sticky, framed, giant, in GBK, redirecting, wanting a token.

use std::fmt::Write;

use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::pages::count;
use crate::web::{Asked, found};

const MOST_NODES: u32 = 2_000_000;
const NODES_PER_CHUNK: u32 = 2_000;

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/_pages/", get(index))
        .route("/_pages/tall", get(|| async { Html(rows("长页", "", 500)) }))
        .route("/_pages/sticky", get(|| async { Html(rows("吸顶页头", STICKY, 300)) }))
        .route("/_pages/frames", get(frames))
        .route("/_pages/frames/inner", get(|| async { Html(INNER) }))
        .route("/_pages/gbk", get(gbk))
        .route("/_pages/redirect-loop", get(redirect_loop))
        .route("/_pages/giant-dom", get(giant))
        .route("/_pages/cookies/api", get(cookies_api))
        .route("/_pages/cookies/set", get(cookies_set))
}

/// Every page below `/_pages/` that can be opened by itself.
const NAMES: &str = "tall lazy virtual frames gbk gbk?chunked=1 redirect-loop never-ends hangs wrong-length \
    huge?mb=500 download alerts hostile giant-dom?n=200000 sse websocket worker service-worker canvas shadow \
    collapsed sticky heavy blocked edited animated cookies";

async fn index() -> Html<String> {
    let link = |name: &str| format!("<li><a href=\"/_pages/{name}\">{name}</a></li>\n");
    let links: String = NAMES.split_whitespace().map(link).collect();
    Html(format!("<!DOCTYPE html><meta charset=\"utf-8\"><title>test pages</title><ul>\n{links}</ul>"))
}

const STICKY: &str = "<header style=\"position:sticky;top:0;height:80px;background:#1b2a41;color:#fff;\
    padding:20px;box-sizing:border-box\">吸顶页头 sticky header</header><div style=\"position:fixed;right:10px;\
    bottom:10px;background:#f5455c;color:#fff;padding:14px\">固定按钮</div>";

/// Rows of 40 px each, numbered from 1.
fn rows(title: &str, above: &str, rows: u32) -> String {
    let mut text = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>{title}</title><style>\
         body{{margin:0;\
         font:16px sans-serif}}.row{{height:40px;line-height:40px;padding:0 20px;box-sizing:border-box;\
         border-bottom:1px solid #ddd}}.row:nth-child(odd){{background:#f3f6fb}}</style>{above}"
    );
    for row in 1..=rows {
        let _ = writeln!(text, "<div class=\"row\" id=\"row-{row}\">第 {row} 行 row {row}</div>");
    }
    text
}

const INNER: &str = "<!DOCTYPE html><meta charset=\"utf-8\"><title>内框</title>\
    <body style=\"background:#e8f4ff\">\
    <p id=\"inner\">框内文字：订单号在框架里</p><textarea readonly>框内文本域</textarea></body>";

/// `?other=http://127.0.0.1:PORT/…` adds a frame of another origin.
async fn frames(Query(fields): Asked) -> Html<String> {
    let other = fields.text("other", 300);
    let is_loopback = ["http://127.0.0.1:", "http://localhost:"].iter().any(|start| other.starts_with(start));
    let foreign = if is_loopback {
        let address = other.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        format!("<iframe id=\"other\" src=\"{address}\" width=\"600\" height=\"300\"></iframe>")
    } else {
        String::new()
    };
    Html(format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>框架页</title><h1>外层</h1>\
         <iframe id=\"same\" src=\"/_pages/frames/inner\" width=\"600\" height=\"200\"></iframe>\
         <iframe id=\"srcdoc\" srcdoc=\"&lt;p id=doc&gt;srcdoc 里的文字&lt;/p&gt;\" width=\"600\" \
         height=\"100\"></iframe>{foreign}"
    ))
}

const GBK_TEXT: &str = "<!DOCTYPE html><html><head><title>订单查询</title></head><body><h1>订单详情</h1>\
    <p id=\"status\">订单状态：已完成</p><p>卡密：镕昇囍堃</p><p>商品名称：星海点卡 100元</p></body></html>";

/// `?chunked=1` sends the same bytes in chunks that cut characters in two; without it the length is said.
async fn gbk(Query(fields): Asked) -> Response {
    let (bytes, ..) = encoding_rs::GBK.encode(GBK_TEXT);
    let bytes = bytes.into_owned();
    let body = if count(&fields, "chunked", 0, 1) == 1 {
        let parts: Vec<_> = bytes.chunks(7).map(|part| Ok::<_, std::io::Error>(part.to_vec())).collect();
        Body::from_stream(futures_util::stream::iter(parts))
    } else {
        Body::from(bytes)
    };
    ([(header::CONTENT_TYPE, "text/html; charset=gbk")], body).into_response()
}

async fn redirect_loop(Query(fields): Asked) -> Response {
    let step = count(&fields, "n", 0, 2);
    found(&format!("/_pages/redirect-loop?n={}", (step + 1) % 3))
}

/// `?n=` elements, in chunks, so that the server keeps none of them.
async fn giant(Query(fields): Asked) -> Response {
    let wanted = count(&fields, "n", 200_000, MOST_NODES);
    let head = "<!DOCTYPE html><meta charset=\"utf-8\"><title>巨大文档</title><body><div>".to_owned();
    let parts = (0..wanted.div_ceil(NODES_PER_CHUNK)).map(move |part| {
        let from = part * NODES_PER_CHUNK;
        let to = wanted.min(from + NODES_PER_CHUNK);
        (from..to).fold(String::new(), |mut text, node| {
            let _ = write!(text, "<i id=\"n{node}\">{node}</i> ");
            text
        })
    });
    let all = std::iter::once(head).chain(parts).map(Ok::<_, std::io::Error>);
    let body = Body::from_stream(futures_util::stream::iter(all));
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Sets session cookies, as the page asks for it.
async fn cookies_set() -> Response {
    let cookies = AppendHeaders([
        (header::SET_COOKIE, "sid=session-cookie-7f3a91; Path=/_pages; HttpOnly; SameSite=Lax"),
        (header::SET_COOKIE, "login_token=token-cookie-c41be2; Path=/_pages"),
    ]);
    (StatusCode::NO_CONTENT, cookies).into_response()
}

/// Answers only with the cookie, the header and the token in the query.
async fn cookies_api(headers: HeaderMap, Query(fields): Asked) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has_cookie = crate::web::cookie(&headers, "sid").is_some();
    if has_cookie && bearer == "Bearer practice-5be1" && fields.text("token", 60) == "query-90af" {
        Json(json!({ "code": 200, "msg": "已登录", "user": "练习用户" })).into_response()
    } else {
        (StatusCode::UNAUTHORIZED, Json(json!({ "code": 401, "msg": "未登录" }))).into_response()
    }
}
