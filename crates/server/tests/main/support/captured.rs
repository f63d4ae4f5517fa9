//! A page captured as the evidence browser does: picture, archive, record.

use jiff::Timestamp;
use serde_json::json;
use sigu_capture::archive::{Contents, PageRecord, Resource, write};
use sigu_capture::exchange::{Answer, Body, BodyState, Exchange, Origin, Response};
use sigu_case::report::CaptureMade;
use sigu_case::{Command, ItemId, OrderId, Slot};
use sigu_evidence::{ItemManifest, Source as Way};
use sigu_vault::{Source, Vault};

use super::filled::{PICTURE, now};

pub(crate) const SHOP: &str = "https://shop.example.cn";
const PAGE: &str = "https://shop.example.cn/orders/42?from=home";
/// One red pixel.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\
    \x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82";
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() - 3_600 + seconds).unwrap()
}

fn exchange(url: &str, status: u16, headers: &[(&str, &str)], body: &[u8]) -> Exchange {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Exchange {
        url: url.to_owned(),
        method: "GET".to_owned(),
        started_at: at(0),
        kind: "Document".to_owned(),
        request_headers: Vec::new(),
        request_body: None,
        answer: Answer::Received(Response {
            status,
            reason: "OK".to_owned(),
            headers,
            received_at: at(1),
            body: Body { bytes: body.to_vec(), state: BodyState::AsReceived },
            from: Origin::Network,
        }),
        remote_address: None,
        protocol: None,
        tls: None,
    }
}

/// An archive of a page whose rendered DOM is this.
pub(crate) fn archive(dom: &str) -> Vec<u8> {
    let html = [("Content-Type", "text/html"), ("Set-Cookie", "a=b"), ("X-Foreign", "1")];
    let url = |path: &str| format!("{SHOP}{path}");
    let exchanges = [
        exchange(PAGE, 200, &html, b"<p>before its scripts ran"),
        exchange(&url("/orders/logo.png"), 200, &[("Content-Type", "image/png")], PNG),
        exchange(&url("/s.css"), 200, &[("Content-Type", "text/css")], b"h1{color:rgb(1,2,3)}"),
        exchange(&url("/help"), 302, &[("Location", "/help/1")], b""),
        exchange(&url("/help/1"), 200, &html, "<p>帮助在这里".as_bytes()),
        exchange(&url("/inner"), 200, &html, "<p id=in>内嵌的页面".as_bytes()),
        exchange(&url("/app.js"), 200, &[("Content-Type", "text/javascript")], b"alert(1)"),
    ];
    let dom = Resource {
        target_uri: format!("urn:dom:{PAGE}"),
        media_type: "text/html; charset=utf-8".to_owned(),
        at: at(2),
        bytes: dom.as_bytes().to_vec(),
        about: Vec::new(),
    };
    let page = PageRecord { id: "1".to_owned(), url: PAGE.to_owned(), title: "订单".to_owned(), at: at(0) };
    let contents = Contents {
        pages: &[page],
        exchanges: &exchanges,
        sockets: &[],
        resources: &[dom],
        software: "test",
        created_at: at(3),
    };
    let mut out = std::io::Cursor::new(Vec::new());
    write(&contents, &mut out).unwrap();
    out.into_inner()
}

/// A calm page of an order, as its shop would draw it.
pub(crate) const ORDER_PAGE: &str = "<!doctype html><meta charset=utf-8><title>订单详情</title><style>\
    body{margin:0;font:16px/1.6 sans-serif;background:#f3f4f6;color:#222}\
    header{background:#1d4ed8;color:#fff;padding:12px 20px}main{max-width:640px;margin:20px auto;padding:20px;background:#fff;border-radius:10px}\
    dl{display:grid;grid-template-columns:6em 1fr;gap:4px 12px}dt{color:#777}dd{margin:0}b{color:#15803d}</style>\
    <header>小店数卡</header><main><h1>订单详情</h1><p><b>已支付，自动发货</b></p><dl><dt>商品</dt><dd>100 元点卡</dd>\
    <dt>订单号</dt><dd>20261220113001</dd><dt>实付款</dt><dd>95.00 元</dd><dt>付款时间</dt><dd>2026-12-20 10:20:00</dd></dl>\
    <p><a href='/help'>售后说明</a> <a href='/other'>其他订单</a></p></main>";

/// Fixes a capture as the command does: a picture, the archive, the record. Gives the numbers of the three.
pub(crate) fn put(vault: &Vault, label: &str, archive: &[u8], secret: bool) -> [ItemId; 3] {
    let gaps = json!([{ "code": "page.image_missing", "detail": "https://shop.example.cn/b.png" }]);
    let record = json!({ "url": PAGE, "gaps": gaps }).to_string();
    let files = [
        ("page.png", "image/png", PICTURE, secret),
        ("page.wacz", "application/wacz", archive, secret),
        ("page.json", "application/json", record.as_bytes(), false),
    ];
    let order: OrderId = label.parse().unwrap();
    let sources = files.iter().map(|file| Source::Bytes(file.2.to_vec())).collect();
    let taken = vault.ingest(sources, &|_| {}).unwrap().into_iter().map(Result::unwrap);
    let manifests = files.iter().zip(taken).map(|(&(name, kind, _, secret), taken)| ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: kind.to_owned(),
        file_name: Some(name.to_owned()),
        source: Way::Capture,
        modified_at: None,
        secret,
        masked: secret.then(|| "****".to_owned()),
    });
    let (slot, formed_at, own) = (Slot::Other, Some(at(2)), order.clone());
    let fix = |manifest| Command::FixEvidence { order: own.clone(), slot, formed_at, note: None, manifest };
    let mut commands: Vec<Command> = manifests.map(fix).collect();
    let capture = |first: ItemId| {
        let item = |number: u64| ItemId { log: first.log, seq: first.seq + number };
        let title = Some("订单详情".to_owned());
        let (record, items) = (item(2), (0..3).map(item).collect());
        let made = CaptureMade { at: at(2), order, url: PAGE.to_owned(), title, record, items };
        commands.push(Command::Report(made.into()));
        commands
    };
    let fixed = vault.execute_from(capture, now()).unwrap();
    [fixed[0], fixed[1], fixed[2]]
}
