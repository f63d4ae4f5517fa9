//! The pages of an order and the viewer of its evidence: what they show, what they never show, how bytes leave.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use sigu_case::report::CopyMade;
use sigu_case::{Channel, Command, Direction, ItemId, MessageDetail, Slot};
use sigu_evidence::{ItemManifest, Source as Origin, mask};
use sigu_server::{Desk, Words, open};
use sigu_vault::{Source, Vault};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::house::{Answer, House, ORDER, now};

const CARD: &str = "7QK3-M9XW-2TRD-8HXA";
const HOSTILE: &str = "<img src=x onerror=alert(1)>.html";
const FILM: &[u8] = b"0123456789";

/// A desk before a vault, with the cookie of someone who was let in.
struct Visitor {
    port: u16,
    cookie: String,
    _runtime: Runtime,
}

impl Visitor {
    fn of(house: &House) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = Arc::new(Desk::new(house.app.clone(), port, Words::chinese()));
        let link = desk.start_link();
        runtime.spawn(async move { open(listener, desk, std::future::pending()).await });
        let mut own = Self { port, cookie: String::new(), _runtime: runtime };
        let path = link.split_once(&format!(":{port}")).unwrap().1.to_owned();
        let head = own.get(&path, &[]).head;
        let cookie = head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        own.cookie = cookie.to_owned();
        own
    }

    fn get(&self, path: &str, more: &[&str]) -> Answer {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let (port, cookie) = (self.port, &self.cookie);
        let more: String = more.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n{more}\r\n"
        );
        socket.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn page(&self, path: &str) -> String {
        let answer = self.get(path, &[]);
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{path}: {text}");
        text
    }
}

/// Fixes bytes in the order; `secret` marks them as a card secret.
fn fix(vault: &Vault, slot: Slot, name: &str, media_type: &str, bytes: &[u8], secret: bool) -> ItemId {
    let taken = vault.ingest(vec![Source::Bytes(bytes.to_vec())], &|_| {}).unwrap();
    let taken = taken.into_iter().next().unwrap().unwrap();
    let manifest = ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: media_type.to_owned(),
        file_name: Some(name.to_owned()),
        source: Origin::File,
        modified_at: None,
        secret,
        masked: secret.then(|| mask(CARD).with_digest()),
    };
    let order = ORDER.parse().unwrap();
    let command = Command::FixEvidence { order, slot, formed_at: None, note: None, manifest };
    vault.execute(vec![command], now()).unwrap()[0]
}

fn say(vault: &Vault, text: &str) {
    let command = Command::RecordMessage {
        order: ORDER.parse().unwrap(),
        said_at: now(),
        direction: Direction::In,
        channel: Channel::Platform,
        text: text.to_owned(),
        detail: MessageDetail::default(),
    };
    vault.execute(vec![command], now()).unwrap();
}

#[test]
fn the_overview_tells_the_step_the_four_and_the_story() {
    let house = House::new();
    let item = house.with(|vault| {
        say(vault, "<b>亲</b>，卡没问题");
        fix(vault, Slot::Transaction, "订单.png", "image/png", b"png", false)
    });
    let page = Visitor::of(&house).page(&format!("/orders/{ORDER}"));
    for part in
        ["下一步", "交易记录", "商品描述", "沟通内容", "交付结果", "支付凭证", "时限", "经过", "还不知道"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains(&format!("/orders/{ORDER}/items/{item}/content")), "a picture is drawn small");
    assert!(page.contains("卡没问题") && !page.contains("<b>亲</b>"), "words are escaped");
    assert!(!page.contains("style=") && !page.contains("<script>"), "the page's own policy forbids them");
    assert!(page.contains(r#"aria-current="page">概览"#));
}

#[test]
fn an_order_that_is_not_there_is_not_found() {
    let house = House::new();
    let visitor = Visitor::of(&house);
    for path in [
        "none",
        "n%20o",
        "none/evidence",
        "none/log",
        "dk01/items/1-99",
        "dk01/items/x",
        "dk01/items/1-99/content",
    ] {
        assert_eq!(visitor.get(&format!("/orders/{path}"), &[]).status, 404, "{path}");
    }
}

#[test]
fn hostile_names_and_texts_are_only_words() {
    let house = House::new();
    let (page, text) = house.with(|vault| {
        let page = fix(vault, Slot::Description, HOSTILE, "text/html", b"<script>alert(1)</script>", false);
        let words = format!("<script>alert(1)</script> {CARD}");
        (page, fix(vault, Slot::Chat, "聊天.txt", "text/plain", words.as_bytes(), false))
    });
    let visitor = Visitor::of(&house);
    let item = |id| format!("/orders/{ORDER}/items/{id}");
    for path in [
        format!("/orders/{ORDER}"),
        format!("/orders/{ORDER}/evidence"),
        format!("/orders/{ORDER}/log"),
        item(page),
    ] {
        let shown = visitor.page(&path);
        assert!(!shown.contains("<img src=x") && shown.contains("onerror"), "{path}");
    }
    let shown = visitor.page(&item(text));
    assert!(shown.contains("alert(1)") && !shown.contains("<script>alert"), "the text is shown as text");
    assert!(!shown.contains(CARD), "and its secrets masked");
    let saved = visitor.get(&format!("{}/content", item(page)), &[]);
    assert_eq!(saved.body, b"<script>alert(1)</script>");
    assert!(saved.head.contains("content-type: application/octet-stream"), "{}", saved.head);
    assert!(saved.head.contains(&format!(
        "content-disposition: attachment; filename=\"{page}.html\"; filename*=utf-8''%3cimg"
    )));
}

#[test]
fn bytes_come_with_headers_that_let_nothing_run() {
    let house = House::new();
    let items = house.with(|vault| {
        [
            ("image/png", true),
            ("image/svg+xml", false),
            ("application/pdf", false),
            ("video/webm", true),
            ("text/plain", false),
        ]
        .map(|(kind, inline)| (fix(vault, Slot::Other, "x", kind, kind.as_bytes(), false), kind, inline))
    });
    let visitor = Visitor::of(&house);
    for (item, kind, inline) in items {
        let answer = visitor.get(&format!("/orders/{ORDER}/items/{item}/content"), &[]);
        assert_eq!((answer.status, answer.body.as_slice()), (200, kind.as_bytes()));
        assert!(
            answer.head.contains("content-security-policy: sandbox; default-src 'none'\r\n"),
            "{}",
            answer.head
        );
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{kind}");
        assert_eq!(answer.head.contains("content-disposition: inline"), inline, "{kind}");
        assert_eq!(answer.head.contains(&format!("content-type: {kind}")), inline, "{kind}");
    }
}

#[test]
fn a_film_is_read_in_parts() {
    let house = House::new();
    let item = house.with(|vault| fix(vault, Slot::Recording, "film.webm", "video/webm", FILM, false));
    let visitor = Visitor::of(&house);
    let path = format!("/orders/{ORDER}/items/{item}/content");
    for (range, status, said, body) in [
        ("bytes=2-4", 206, "bytes 2-4/10", &FILM[2..5]),
        ("bytes=8-", 206, "bytes 8-9/10", &FILM[8..]),
        ("bytes=-3", 206, "bytes 7-9/10", &FILM[7..]),
        ("bytes=10-", 416, "bytes */10", &FILM[..0]),
    ] {
        let answer = visitor.get(&path, &[&format!("Range: {range}")]);
        assert_eq!((answer.status, answer.body.as_slice()), (status, body), "{range}");
        assert!(answer.head.contains(&format!("content-range: {said}")), "{}", answer.head);
    }
    assert_eq!(visitor.get(&path, &[]).body, FILM);
    assert!(visitor.page(&format!("/orders/{ORDER}/items/{item}")).contains("<video controls"));
}

#[test]
fn a_secret_stays_covered_until_it_is_asked_for() {
    let house = House::new();
    let (secret, copy) = house.with(|vault| {
        let secret = fix(vault, Slot::Delivery, "卡密.txt", "text/plain", CARD.as_bytes(), true);
        let copy = fix(vault, Slot::Other, "遮住.png", "image/png", b"png", false);
        let made = CopyMade {
            order: ORDER.parse().unwrap(),
            at: now(),
            of: secret,
            copy,
            covers: true,
            marks: Vec::new(),
        };
        vault.execute(vec![Command::Report(made.into())], now()).unwrap();
        (secret, copy)
    });
    let visitor = Visitor::of(&house);
    let page = format!("/orders/{ORDER}/items/{secret}");
    let whole = house.with(|vault| vault.order(&ORDER.parse().unwrap()).unwrap().unwrap());
    let digest = whole.exhibits[0].manifest().unwrap().content;
    for path in [
        format!("/orders/{ORDER}"),
        format!("/orders/{ORDER}/evidence"),
        format!("/orders/{ORDER}/log"),
        page.clone(),
    ] {
        let shown = visitor.page(&path);
        assert!(!shown.contains(CARD) && !shown.contains(&digest.to_string()), "{path}");
    }
    let shown = visitor.page(&page);
    assert!(shown.contains(&format!("/items/{copy}/content")) && shown.contains(&digest.prefix8()));
    let refused = visitor.get(&format!("{page}/content"), &[]);
    assert_eq!(refused.status, 403);
    assert!(!String::from_utf8_lossy(&refused.body).contains(CARD));
    assert_eq!(visitor.get(&format!("{page}/content?reveal=0"), &["Range: bytes=0-3"]).status, 403);
    let revealed = visitor.get(&format!("{page}/content?reveal=1"), &[]);
    assert_eq!((revealed.status, revealed.body.as_slice()), (200, CARD.as_bytes()));
    assert!(!revealed.head.contains("filename*"), "a secret's file name stays here");
}

#[test]
fn the_log_of_an_order_holds_its_entries_alone() {
    let house = House::new();
    house.with(|vault| {
        fix(vault, Slot::Voucher, "付款.png", "image/png", b"png", false);
        let facts = sigu_case::OrderFacts { title: Some("别的订单".to_owned()), ..Default::default() };
        vault.execute(vec![Command::OpenOrder { order: "other".parse().unwrap(), facts }], now()).unwrap();
    });
    let page = Visitor::of(&house).page(&format!("/orders/{ORDER}/log"));
    assert!(page.contains("固定证据") && page.contains("付款.png") && page.contains("新建订单"));
    assert!(!page.contains("别的订单"));
}
