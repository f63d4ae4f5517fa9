//! Captured pages looked at again: what is seen, what a hostile page cannot do, who gets an answer.

use std::io::ErrorKind;
use std::net::TcpListener;

use jiff::Timestamp;
use serde_json::json;
use sigu_capture::archive::{Contents, PageRecord, Resource, write};
use sigu_capture::exchange::{Answer, Body, BodyState, Exchange, Origin, Response};
use sigu_case::report::CaptureMade;
use sigu_case::{Command, ItemId, Slot};
use sigu_evidence::{ItemManifest, Source as Way};
use sigu_vault::{Disk, KeyFile, Source, write_key_file};

use crate::desk::header;
use crate::desk_house::Visitor;
use crate::house::Answer as Http;
use crate::station::{Guest, text, value};
use crate::support::{Filled, Room, now};

const SHOP: &str = "https://shop.example.cn";
const PAGE: &str = "https://shop.example.cn/orders/42?from=home";
/// One red pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\
    \x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82";
const CALM: &str = "<!doctype html><meta charset=gbk><title>订单详情</title><link rel=stylesheet href=/s.css>\
    <h1>100 元点卡</h1><p id=said>自动发货，已支付</p><img id=logo src=logo.png alt=商标>\
    <p><a id=kept href='/help'>帮助</a> <a id=out href='/other' target=_top>其他订单</a></p>\
    <iframe id=inner src='/inner'></iframe><noscript>请开启脚本</noscript>";

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
fn archive(dom: &str) -> Vec<u8> {
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

/// Fixes a capture as the command does: a picture, the archive, the record. Gives the numbers of the three.
fn put(desk: &Filled, archive: &[u8], secret: bool) -> [ItemId; 3] {
    let gaps = json!([{ "code": "page.image_missing", "detail": "https://shop.example.cn/b.png" }]);
    let record = json!({ "url": PAGE, "gaps": gaps }).to_string();
    let files = [
        ("page.png", "image/png", PNG.to_vec(), secret),
        ("page.wacz", "application/wacz", archive.to_vec(), secret),
        ("page.json", "application/json", record.into_bytes(), false),
    ];
    let order = || "C03".parse().unwrap();
    desk.with(|vault| {
        let sources = files.iter().map(|file| Source::Bytes(file.2.clone())).collect();
        let taken = vault.ingest(sources, &|_| {}).unwrap();
        let taken: Vec<_> = taken.into_iter().map(Result::unwrap).collect();
        let fixed = vault.execute_from(
            |first| {
                let item = |number: u64| ItemId { log: first.log, seq: first.seq + number };
                let fix = |((name, kind, _, secret), taken): (
                    &(&str, &str, Vec<u8>, bool),
                    &sigu_vault::Ingested,
                )| {
                    Command::FixEvidence {
                        order: order(),
                        slot: Slot::Other,
                        formed_at: Some(at(2)),
                        note: None,
                        manifest: ItemManifest {
                            content: taken.content,
                            size: taken.size,
                            media_type: (*kind).to_owned(),
                            file_name: Some((*name).to_owned()),
                            source: Way::Capture,
                            modified_at: None,
                            secret: *secret,
                            masked: secret.then(|| "****".to_owned()),
                        },
                    }
                };
                let mut commands: Vec<Command> = files.iter().zip(&taken).map(fix).collect();
                let made = CaptureMade {
                    at: at(2),
                    order: order(),
                    url: PAGE.to_owned(),
                    title: Some("订单详情".to_owned()),
                    record: item(2),
                    items: (0..3).map(item).collect(),
                };
                commands.push(Command::Report(made.into()));
                commands
            },
            now(),
        );
        let fixed = fixed.unwrap();
        [fixed[0], fixed[1], fixed[2]]
    })
}

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
    let [picture, wacz, record] = put(&visitor.desk, &archive(CALM), false);
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
    for answer in [shown, one("/orders/logo.png"), one("/nowhere"), page, one("/help")] {
        let policy = value(&answer, "content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none';"), "{policy}");
        assert!(policy.ends_with(&format!("frame-ancestors {}", visitor.desk.origin())), "{policy}");
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
    let [_, wacz, _] = put(&visitor.desk, &archive(CALM), false);
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
    let [_, wacz, _] = put(&visitor.desk, &archive(CALM), false);
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
    let [_, wacz, _] = put(&visitor.desk, &archive(CALM), true);
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
        let [_, wacz, _] = put(&visitor.desk, &bytes, false);
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
    let [_, wacz, _] = put(&visitor.desk, &bytes, false);
    let (port, path) = framed(&visitor.get(&format!("/orders/C03/items/{wacz}/page")).1);
    let page = get(port, &path, &["Accept: text/html"]);
    assert!(page.status == 404 && text(&page).contains("<h1>"), "{}", text(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_seen_as_it_was() {
    let mut room = Room::new().await;
    let [_, wacz, _] = put(&room.filled, &archive(CALM), false);
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
    let [_, wacz, _] = put(&room.filled, &archive(&page), false);
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
