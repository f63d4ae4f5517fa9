//! Captured pages looked at again: what is seen, what a hostile page cannot do, who gets an answer.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::json;
use sigu_vault::{Disk, KeyFile, write_key_file};

use crate::desk::header;
use crate::desk_house::Visitor;
use crate::house::Answer as Http;
use crate::station::{Guest, text, value};
use crate::support::Room;
use crate::support::captured::{PNG, SHOP, archive, put};

const CALM: &str = "<!doctype html><meta charset=gbk><title>订单详情</title><link rel=stylesheet href=/s.css>\
    <h1>100 元点卡</h1><p id=said>自动发货，已支付</p><img id=logo src=logo.png alt=商标>\
    <p><a id=kept href='/help'>帮助</a> <a id=out href='/other' target=_top>其他订单</a></p>\
    <iframe id=inner src='/inner'></iframe><noscript>请开启脚本</noscript>";

/// The port of captured pages and the path a page of ours has in its frame.
fn framed(page: &str) -> (u16, String) {
    let src = page.split("src=\"http://127.0.0.1:").nth(1).expect("a frame").split('"').next().unwrap();
    let (port, path) = src.split_once('/').unwrap();
    (port.parse().unwrap(), format!("/{}", path.replace("&#38;", "&")))
}

fn get(port: u16, path: &str, more: &[&str]) -> Http {
    let host = format!("Host: 127.0.0.1:{port}");
    let lines = [&[host.as_str()], more].concat();
    Guest { port, cookie: String::new() }.raw(&format!("GET {path}"), &lines, 0, b"").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_hands_out_what_it_holds_and_nothing_else() {
    let visitor = Visitor::new().await;
    let [picture, wacz, record] = visitor.desk.with(|vault| put(vault, "C03", &archive(CALM), false));
    for item in [picture, wacz, record] {
        let (_, page) = visitor.get(&format!("/orders/C03/items/{item}"));
        assert!(page.contains(&format!("/orders/C03/items/{wacz}/page\"")), "{page}");
    }
    let (status, page) = visitor.get(&format!("/orders/C03/items/{picture}/page"));
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("sandbox referrerpolicy=\"no-referrer\"") && page.contains("shop.example.cn/b.png")
    );
    let (port, path) = framed(&page);
    let policy = header(&page, "content-security-policy");
    assert!(policy.ends_with(&format!("; frame-src http://127.0.0.1:{port}")), "{policy}");
    let (_, other) = visitor.get("/orders/C03");
    assert!(!header(&other, "content-security-policy").contains("frame-src"), "on that page only");
    let (_, again) = visitor.get(&format!("/orders/C03/items/{wacz}/page"));
    assert_eq!(framed(&again), (port, path.clone()), "one token for one item");
    let token = path.split('/').nth(1).unwrap().to_owned();
    assert_eq!(token.len(), 64, "256 bits");

    let shown = get(port, &path, &[]);
    assert_eq!((shown.status, value(&shown, "content-type")), (200, "text/html; charset=utf-8"));
    let html = text(&shown);
    assert!(html.contains("自动发货") && !html.contains("noscript") && !html.contains("before its scripts"));
    assert!(html.contains(&format!("src=\"/{token}/{SHOP}/orders/logo.png\"")), "{html}");
    let one = |path: &str| get(port, &format!("/{token}/{SHOP}{path}"), &[]);
    assert_eq!(one("/orders/logo.png").body, PNG);
    assert!(text(&one("/help")).contains("帮助在这里"), "a redirect is followed inside");
    assert_eq!(value(&one("/app.js"), "content-type"), "application/octet-stream");
    assert_eq!(one("/nowhere").status, 404);
    let page = get(port, &format!("/{token}/{SHOP}/nowhere"), &["Accept: text/html,*/*"]);
    assert!(page.status == 404 && text(&page).contains("not captured"), "{}", text(&page));
    let alone = format!("; frame-ancestors {}", visitor.desk.origin());
    for (answer, own) in [
        (shown, true),
        (one("/orders/logo.png"), false),
        (one("/nowhere"), false),
        (page, false),
        (one("/help"), false),
    ] {
        let policy = value(&answer, "content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none';"), "{policy}");
        // What is in the page has a sandboxed page above it, whose origin no policy can name.
        assert_eq!(policy.ends_with(&alone), own, "{policy}");
        let said =
            ["referrer-policy", "x-content-type-options", "cache-control"].map(|name| value(&answer, name));
        assert_eq!(said, ["no-referrer", "nosniff", "no-store"]);
        for none in ["set-cookie", "location", "x-foreign"] {
            assert_eq!(value(&answer, none), "", "{none}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_get_nothing() {
    let visitor = Visitor::new().await;
    let [_, wacz, _] = visitor.desk.with(|vault| put(vault, "C03", &archive(CALM), false));
    let (port, path) = framed(&visitor.get(&format!("/orders/C03/items/{wacz}/page")).1);
    let guest = Guest { port, cookie: String::new() };
    for host in
        ["evil.example".to_owned(), format!("localhost:{port}"), format!("127.0.0.1:{}", visitor.desk.port)]
    {
        let line = format!("Host: {host}");
        assert_eq!(guest.raw(&format!("GET {path}"), &[&line], 0, b"").unwrap().status, 421, "{host}");
    }
    let own = format!("Host: 127.0.0.1:{port}");
    for method in ["POST", "PUT", "HEAD", "OPTIONS", "DELETE"] {
        assert_eq!(guest.raw(&format!("{method} {path}"), &[&own], 0, b"").unwrap().status, 405, "{method}");
    }
    let wrong = path.replacen(&path[1..65], &"0".repeat(64), 1);
    for path in [wrong.as_str(), "/", "/orders", "/assets/desk.css", &path[..65]] {
        assert_eq!(get(port, path, &[]).status, 404, "{path}");
    }
    assert_eq!(get(port, &path, &["Sec-Fetch-Dest: document"]).status, 403, "only in a frame");
    assert_eq!(visitor.get("/orders/C03/items/1-1/page").0, 404, "no capture");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_shows_no_captured_page() {
    let visitor = Visitor::new().await;
    let [_, wacz, _] = visitor.desk.with(|vault| put(vault, "C03", &archive(CALM), false));
    let (port, path) = framed(&visitor.get(&format!("/orders/C03/items/{wacz}/page")).1);
    let key = KeyFile::seal_with(&visitor.desk.app.identity.get().unwrap(), b"one two");
    write_key_file(&visitor.desk.app.places.vault, &key, &Disk::default()).unwrap();
    assert_eq!(get(port, &path, &[]).status, 200);
    assert_eq!(visitor.post("/lock", "back=/").0, 303);
    let locked = get(port, &path, &[]);
    assert_eq!((locked.status, locked.body.len()), (423, 0));
    assert_eq!(visitor.post("/unlock", "passphrase=one+two&back=/").0, 303);
    assert_eq!(get(port, &path, &[]).status, 404, "what was shown before has to be opened again");
    assert_eq!(visitor.get(&format!("/orders/C03/items/{wacz}/page")).0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_card_is_shown_when_asked_for() {
    let visitor = Visitor::new().await;
    let [_, wacz, _] = visitor.desk.with(|vault| put(vault, "C03", &archive(CALM), true));
    let path = format!("/orders/C03/items/{wacz}/page");
    let (status, page) = visitor.get(&path);
    assert!(status == 200 && !page.contains("<iframe") && page.contains("?reveal=1"), "{page}");
    let (port, path) = framed(&visitor.get(&format!("{path}?reveal=1")).1);
    assert_eq!(get(port, &path, &[]).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_that_cannot_be_read_are_said_to_be_so() {
    let visitor = Visitor::new().await;
    let whole = archive(CALM);
    for bytes in [b"PK no archive".to_vec(), whole[..whole.len() / 2].to_vec()] {
        let [_, wacz, _] = visitor.desk.with(|vault| put(vault, "C03", &bytes, false));
        let (status, page) = visitor.get(&format!("/orders/C03/items/{wacz}/page"));
        assert!(status == 200 && page.contains("cannot be read") && !page.contains("<iframe"), "{page}");
    }
    // A damaged record in an archive whose lists can be read.
    let mut bytes = whole.clone();
    let first = bytes.windows(3).position(|three| three == b"\x1f\x8b\x08").unwrap();
    let last = bytes.windows(9).rposition(|nine| nine == b"indexes/i").unwrap();
    let lists = bytes.windows(9).position(|nine| nine == b"indexes/i").unwrap();
    assert!(first < lists && lists <= last);
    bytes[first..lists - 40].iter_mut().for_each(|byte| *byte = !*byte);
    let [_, wacz, _] = visitor.desk.with(|vault| put(vault, "C03", &bytes, false));
    let (port, path) = framed(&visitor.get(&format!("/orders/C03/items/{wacz}/page")).1);
    let page = get(port, &path, &["Accept: text/html"]);
    assert!(page.status == 404 && text(&page).contains("<h1>"), "{}", text(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_seen_as_it_was() {
    let mut room = Room::new().await;
    let [_, wacz, _] = room.filled.with(|vault| put(vault, "C03", &archive(CALM), false));
    let path = format!("/orders/C03/items/{wacz}/page");
    for (width, scheme) in [(1440, "light"), (390, "dark"), (360, "light")] {
        room.width(width).await;
        room.scheme(scheme).await;
        assert_eq!(room.open(&path).await, Vec::<String>::new());
        assert_eq!(room.overflow().await, None, "{width}");
        assert_eq!(room.judged().await, Vec::<String>::new(), "{width} {scheme}");
    }
    let frame = room.inside("shop.example.cn/orders/42").await;
    let seen = frame.ask("document.body.innerText").await;
    let seen = seen.as_str().unwrap();
    assert!(seen.contains("自动发货，已支付") && !seen.contains("开启脚本"), "{seen}");
    assert_eq!(frame.ask("document.getElementById('logo').naturalWidth").await, json!(1));
    assert_eq!(
        frame.ask("getComputedStyle(document.querySelector('h1')).color").await,
        json!("rgb(1, 2, 3)")
    );
    assert_eq!(frame.within("shop.example.cn/inner").await.trim(), "内嵌的页面");
    frame.ask("document.getElementById('out').click()").await;
    frame.until("document.body && document.body.innerText.includes('没有固定下来')").await;
    frame.ask("document.querySelector('a').click()").await;
    frame.until("document.getElementById('kept')").await;
    frame.ask("document.getElementById('kept').click()").await;
    frame.until("document.body && document.body.innerText.includes('帮助在这里')").await;
    assert!(room.ask("location.pathname").await.as_str().unwrap().ends_with("/page"), "the desk stays");
}

/// A page that tries whatever a page can try; `EVIL` is somebody who listens, `DESK` the desk.
const HOSTILE: &str = "<!doctype html><html><head><title>calm</title>\
    <meta http-equiv=refresh content='0;url=http://EVIL/refresh'>\
    <base href='http://EVIL/base/' target=_top>\
    <link rel=preconnect href='http://EVIL/'><link rel=prefetch href='http://EVIL/p'>\
    <link rel=stylesheet href='http://EVIL/s.css'><link rel=icon href='http://EVIL/i.ico'>\
    <style>@import 'http://EVIL/i.css';body{background:url(http://EVIL/bg)}\
    @font-face{font-family:f;src:url(http://EVIL/f.woff)}p{font-family:f}</style>\
    <script>document.title='ran';fetch('http://EVIL/fetch');fetch('DESK/lock',{method:'POST'});\
    top.location='http://EVIL/top'</script></head>\
    <body onload=\"document.title='ran'\">\
    <p>还是要看到的字</p><img src='http://EVIL/img' onerror=\"document.title='ran'\">\
    <img srcset='http://EVIL/set 1x'><input type=image src='http://EVIL/input'>\
    <svg onload=\"document.title='ran'\"><image href='http://EVIL/svg'/><script>document.title='ran'</script></svg>\
    <iframe src='DESK/orders'></iframe><iframe src='http://EVIL/frame'></iframe>\
    <iframe srcdoc=\"<img src='http://EVIL/doc'><script>top.location='http://EVIL/t2'</script>\"></iframe>\
    <object data='http://EVIL/object'></object><embed src='http://EVIL/embed'>\
    <video src='http://EVIL/v' poster='http://EVIL/poster' autoplay></video>\
    <form id=form action='DESK/lock' method=post target=_top><button id=send>x</button></form>\
    <form id=away action='http://EVIL/form'><button id=sent formaction='http://EVIL/fa'>x</button></form>\
    <a id=js href=\"javascript:document.title='ran'\">js</a><a id=top href='DESK/' target=_top ping='http://EVIL/ping'>top</a>\
    <a id=blank href='http://EVIL/blank' target=_blank>blank</a></body></html>";

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_page_runs_nothing_and_reaches_nobody() {
    let evil = TcpListener::bind("127.0.0.1:0").unwrap();
    evil.set_nonblocking(true).unwrap();
    let mut room = Room::new().await;
    let place = evil.local_addr().unwrap().to_string();
    let page = HOSTILE.replace("EVIL", &place).replace("DESK", &room.filled.origin());
    let [_, wacz, _] = room.filled.with(|vault| put(vault, "C03", &archive(&page), false));
    room.open(&format!("/orders/C03/items/{wacz}/page")).await;
    let frame = room.inside("shop.example.cn/orders/42").await;
    for what in ["js", "send", "sent", "top", "blank"] {
        assert_eq!(frame.ask("document.title").await, json!("calm"), "before {what}");
        let seen = frame.ask("document.body.innerText").await;
        assert!(seen.as_str().unwrap().contains("还是要看到的字"), "{what}: {seen}");
        frame.ask(&format!("document.getElementById('{what}').click()")).await;
        if matches!(what, "top" | "blank") {
            // Links lead to a page inside the frame that says that there is none.
            frame.until("document.body && document.body.innerText.includes('没有固定下来')").await;
            frame.ask("document.querySelector('a').click()").await;
            frame.until("document.getElementById('js')").await;
        }
    }
    assert!(room.ask("location.pathname").await.as_str().unwrap().ends_with("/page"), "the desk stays");
    assert!(!room.filled.app.identity.is_locked());
    let elsewhere = format!("http://{place}");
    assert!(!room.targets().await.iter().any(|one| one["url"].as_str().unwrap().starts_with(&elsewhere)));
    let nobody = evil.accept().map(|(_, from)| from).map_err(|error| error.kind());
    assert_eq!(nobody, Err(ErrorKind::WouldBlock), "somebody was reached");
}
