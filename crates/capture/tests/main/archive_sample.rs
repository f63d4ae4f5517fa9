//! A visit to a shop, made up: what the other tests of archives write.

use std::io::{Cursor, Read as _};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use sigu_capture::archive::{Contents, PageRecord, Resource, Summary, write};
use sigu_capture::exchange::{
    Answer, Body, BodyState, Exchange, Frames, Headers, Origin, Response, SocketLine, Tls,
};

/// The page whose replay is compared.
pub(crate) const PAGE: &str = "https://shop.example.cn/goods/42?from=home";
pub(crate) const PAGE_BODY: &str =
    "<!doctype html><meta charset=utf-8><title>点卡</title><p>100元点卡，自动发货，卡密有效期 365 天。</p>";

#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) pages: Vec<PageRecord>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) sockets: Vec<Frames>,
    pub(crate) resources: Vec<Resource>,
}

impl Visit {
    pub(crate) fn contents(&self) -> Contents<'_> {
        Contents {
            pages: &self.pages,
            exchanges: &self.exchanges,
            sockets: &self.sockets,
            resources: &self.resources,
            software: "sigu 0.1.0; Chromium 156",
            created_at: at(100),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.written().0
    }

    pub(crate) fn written(&self) -> (Vec<u8>, Summary) {
        let mut out = Cursor::new(Vec::new());
        let summary = write(&self.contents(), &mut out).expect("writing to memory");
        (out.into_inner(), summary)
    }
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_microsecond(1_790_000_000_000_000 + seconds * 1_000_000 + 250_000).expect("in range")
}

pub(crate) fn headers(list: &[(&str, &str)]) -> Headers {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn received(status: u16, head: &[(&str, &str)], bytes: &[u8]) -> Answer {
    Answer::Received(Response {
        status,
        reason: "OK".to_owned(),
        headers: headers(head),
        received_at: at(1),
        body: Body { bytes: bytes.to_vec(), state: BodyState::AsReceived },
        from: Origin::Network,
    })
}

pub(crate) fn exchange(url: &str, seconds: i64, answer: Answer) -> Exchange {
    Exchange {
        url: url.to_owned(),
        method: "GET".to_owned(),
        started_at: at(seconds),
        kind: "Document".to_owned(),
        request_headers: headers(&[("Accept", "*/*"), ("User-Agent", "Chromium")]),
        request_body: None,
        answer,
        remote_address: Some("203.0.113.7:443".to_owned()),
        protocol: Some("h2".to_owned()),
        tls: Some(tls()),
    }
}

fn tls() -> Tls {
    Tls {
        protocol: "TLS 1.3".to_owned(),
        cipher: "AES_128_GCM".to_owned(),
        subject: "shop.example.cn".to_owned(),
        issuer: "Example CA".to_owned(),
        valid_from: at(-1_000),
        valid_to: at(1_000_000),
        chain: vec![vec![0x30, 0x03, 1, 2, 3], vec![0x30; 100]],
        error: None,
    }
}

fn with_body(mut exchange: Exchange, state: BodyState, from: Origin) -> Exchange {
    if let Answer::Received(response) = &mut exchange.answer {
        response.body.state = state;
        response.from = from;
    }
    exchange
}

/// The order, asked for with secrets in every place.
fn order() -> Exchange {
    let mut order = exchange(
        "https://shop.example.cn/api/order?token=hidden-1&no=7",
        6,
        received(200, &[("content-type", "application/json")], br#"{"card":"7QKD-ZT4M-90XA"}"#),
    );
    order.method = "POST".to_owned();
    order.kind = "XHR".to_owned();
    order.request_headers = headers(&[
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", "31"),
        ("cookie", "sid=hidden-2"),
        ("referer", "https://shop.example.cn/goods/42?token=hidden-1"),
        (":path", "/api/order?token=hidden-1&no=7"),
    ]);
    order.request_body = Some(b"no=7&search_pwd=hidden-3&x=\xe5\x8d\xa1".to_vec());
    order
}

/// A page with its picture, and requests without answer.
fn plain_exchanges() -> Vec<Exchange> {
    let html = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Encoding", "br"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "77"),
        ("Set-Cookie", "PHPSESSID=not-for-strangers"),
    ];
    vec![
        exchange("http://shop.example.cn/goods/42", 1, received(301, &[("Location", PAGE)], b"")),
        exchange(PAGE, 2, received(200, &html, PAGE_BODY.as_bytes())),
        exchange(
            "https://shop.example.cn/logo.png",
            3,
            received(200, &[("Content-Type", "image/png")], &[0x89; 300]),
        ),
        exchange(
            "https://cdn.example.com:8443/a.js?b=2&a=1",
            4,
            Answer::Failed("net::ERR_ABORTED".to_owned()),
        ),
        exchange("https://shop.example.cn/poll", 5, Answer::Pending),
    ]
}

/// Bodies that are not as they were sent, and addresses that are not of the web.
fn odd_exchanges() -> Vec<Exchange> {
    let gbk = exchange(
        "https://shop.example.cn/notice",
        7,
        received(200, &[("Content-Type", "text/html; charset=gbk")], "<p>公告".as_bytes()),
    );
    let text = [("Content-Type", "text/plain")];
    vec![
        with_body(gbk, BodyState::Transcoded, Origin::ServiceWorker),
        with_body(
            exchange("https://shop.example.cn/big", 8, received(200, &text, b"first part")),
            BodyState::Cut { of: Some(9_000) },
            Origin::DiskCache,
        ),
        with_body(
            exchange("https://shop.example.cn/gone", 9, received(204, &[], b"")),
            BodyState::Absent { why: "浏览器已丢弃".to_owned() },
            Origin::MemoryCache,
        ),
        exchange(
            "wss://shop.example.cn/chat?token=hidden-4",
            10,
            received(101, &[("Upgrade", "websocket")], b""),
        ),
        exchange("blob:https://shop.example.cn/0a1b", 10, received(200, &text, b"made by a script")),
        exchange("data:text/plain,x", 10, received(200, &text, b"x")),
    ]
}

/// One of every kind of answer, body and origin.
pub(crate) fn visit() -> Visit {
    let exchanges = [plain_exchanges(), vec![order()], odd_exchanges()].concat();
    let line = |seconds, sent, text: &str| SocketLine { at: at(seconds), sent, text: text.to_owned() };
    Visit {
        pages: vec![PageRecord {
            id: "p1".to_owned(),
            url: PAGE.to_owned(),
            title: "点卡 \"100元\"".to_owned(),
            at: at(2),
        }],
        exchanges,
        sockets: vec![Frames {
            url: "wss://shop.example.cn/chat?token=hidden-4".to_owned(),
            lines: vec![line(11, true, r#"{"token":"hidden-5","say":"在吗"}"#), line(12, false, "在的")],
        }],
        resources: vec![Resource {
            target_uri: format!("urn:screenshot:{PAGE}"),
            media_type: "image/png".to_owned(),
            at: at(13),
            bytes: vec![0x89, b'P', b'N', b'G'],
            about: vec![("device-pixel-ratio".to_owned(), "2".to_owned())],
        }],
    }
}

/// The members of a package by path, in order.
pub(crate) fn members(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).expect("a ZIP");
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).expect("a member");
            let name = file.name().expect("UTF-8").into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable");
            (name, bytes)
        })
        .collect()
}

pub(crate) fn member(package: &[u8], name: &str) -> Vec<u8> {
    members(package).into_iter().find(|(path, _)| path == name).expect("the member is there").1
}

/// The records as text, members of gzip joined.
pub(crate) fn records(package: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let warc = member(package, "archive/data.warc.gz");
    MultiGzDecoder::new(warc.as_slice()).read_to_end(&mut out).expect("gzip");
    out
}
