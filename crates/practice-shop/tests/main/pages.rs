//! The hard pages are hard in the way their name says.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use sigu_practice_shop::{Settings, Shop, Skin};
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::browser::{Browser, read_once, shop};

#[test]
fn every_page_of_the_index_is_there() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let index = browser.get("/_pages/").text();
    let links: Vec<&str> = index.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() >= 27, "{links:?}");
    for link in links {
        let answer = browser.get_some(link, 400);
        let wanted = if link.contains("redirect") { 302 } else { 200 };
        assert_eq!(answer.status, wanted, "{link}");
    }
}

#[test]
fn the_tall_page_has_500_rows() {
    let shop = shop(Skin::DjUnicorn);
    let text = Browser::of(&shop).get("/_pages/tall").text();
    assert_eq!(text.matches("class=\"row\"").count() * 40, 20_000);
    assert!(text.contains("第 500 行"));
}

#[test]
fn gbk_is_the_same_with_and_without_chunks() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let (whole, chunked) = (browser.get("/_pages/gbk"), browser.get("/_pages/gbk?chunked=1"));
    assert_eq!(whole.header("content-type"), Some("text/html; charset=gbk"));
    assert!(whole.header("content-length").is_some());
    assert_eq!(chunked.header("transfer-encoding"), Some("chunked"));
    assert_eq!(whole.bytes(), chunked.bytes());
    // 订单 in GBK.
    assert!(whole.bytes().windows(4).any(|four| four == [0xB6, 0xA9, 0xB5, 0xA5]));
    std::str::from_utf8(&whole.bytes()).unwrap_err();
}

#[test]
fn redirects_go_round() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let mut path = "/_pages/redirect-loop".to_owned();
    for _ in 0..7 {
        path = browser.get(&path).place().to_owned();
    }
    assert_eq!(path, "/_pages/redirect-loop?n=1");
}

#[test]
fn endless_answers_go_on_until_the_shop_stops() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    browser.get_some("/_pages/never-ends", 400).shows(&["正在加载", "第 1 行"]);
    let events = browser.get_some("/_pages/sse/events", 300);
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    events.shows(&["data: 商家消息 1"]);
    let mut hanging = TcpStream::connect(shop.address()).unwrap();
    hanging.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    hanging.write_all(b"GET /_pages/hangs/image.png HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    drop(shop);
    let mut rest = Vec::new();
    let closed = hanging.read_to_end(&mut rest);
    assert!(rest.is_empty(), "{rest:?}");
    assert!(closed.is_ok() || closed.unwrap_err().kind() == std::io::ErrorKind::ConnectionReset);
}

#[test]
fn the_length_is_wrong() {
    let shop = shop(Skin::DjUnicorn);
    let answer = Browser::of(&shop).get("/_pages/wrong-length");
    assert_eq!(answer.header("content-length"), Some("4096"));
    assert!(!answer.raw.is_empty() && answer.raw.len() < 4_096, "{}", answer.raw.len());
}

#[test]
fn huge_bodies_are_as_long_as_asked() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    assert_eq!(browser.get("/_pages/huge?mb=3").bytes().len(), 3 << 20);
    let said = browser.get("/_pages/huge?mb=2&length=1");
    assert_eq!((said.header("content-length"), said.raw.len()), (Some("2097152"), 2 << 20));
    let nodes = browser.get("/_pages/giant-dom?n=4321").text();
    assert_eq!(nodes.matches("<i id=").count(), 4_321);
}

#[test]
fn the_heavy_page_weighs_40_megabytes_and_is_always_the_same() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let text = browser.get("/_pages/heavy").text();
    let links: Vec<&str> =
        text.split("/_pages/heavy/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links.len(), 300);
    let total: usize = links.iter().map(|link| browser.get(&format!("/_pages/heavy/{link}")).raw.len()).sum();
    assert_eq!(total, 300 * 133_334);
    for link in ["0.bmp", "1.js", "2.css"] {
        let path = format!("/_pages/heavy/{link}");
        assert_eq!(browser.get(&path).raw, browser.get(&path).raw);
    }
    assert!(browser.get("/_pages/heavy/0.bmp").raw.starts_with(b"BM"));
}

#[test]
fn the_token_page_wants_all_three_tokens() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    assert_eq!(browser.get("/_pages/cookies/api?token=query-90af").status, 401);
    browser.get("/_pages/cookies/set");
    assert_eq!(browser.cookies.len(), 2, "{:?}", browser.cookies);
    let request = "GET /_pages/cookies/api?token=query-90af HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                   Cookie: sid=x\r\nAuthorization: Bearer practice-5be1\r\n\r\n";
    let mut stream = TcpStream::connect(shop.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("已登录"), "{answer}");
}

#[test]
fn downloads_are_attachments() {
    let shop = shop(Skin::DjUnicorn);
    let answer = Browser::of(&shop).get("/_pages/download/file");
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment;"));
}

/// A text frame of a client, masked with zeros (RFC 6455, section 5.2).
fn frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

#[test]
fn the_socket_says_again_what_it_hears() {
    let shop = shop(Skin::DjUnicorn);
    let mut stream = TcpStream::connect(shop.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let request = "GET /_pages/websocket/echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n\
                   Upgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(&frame("在吗")).unwrap();
    let (mut all, wanted) = (Vec::new(), "客服：在吗".as_bytes());
    while !all.windows(wanted.len()).any(|part| part == wanted) {
        let mut part = [0; 1_024];
        let got = read_once(&mut stream, &mut part);
        assert!(got > 0, "closed after {}", String::from_utf8_lossy(&all));
        all.extend_from_slice(&part[..got]);
    }
    // The answer to the sample key of RFC 6455, section 1.3.
    assert!(String::from_utf8_lossy(&all).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

#[test]
fn the_certificate_is_nobodys() {
    let shop = Shop::start_on_thread(Settings { tls: true, ..Settings::default() }).unwrap();
    assert!(shop.url("/").starts_with("https://127.0.0.1:"));
    let config = ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = TcpStream::connect(shop.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let error = client.complete_io(&mut stream).unwrap_err().to_string();
    assert!(error.contains("UnknownIssuer"), "{error}");
}
