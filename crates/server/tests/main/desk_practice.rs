//! The guided first case: a shop of its own, a vault of its own, and ticks that come from what is there.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use sigu_case::{Channel, Command, Direction, MessageDetail, OrderFacts};
use sigu_vault::{Disk, KeyFile, Vault, read_key_file};

use crate::desk::{ask, header};
use crate::desk_house::Visitor;
use crate::support::Filled;

/// The shop's program, which a build of the whole workspace puts two folders above the tests.
pub(crate) fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built =
        own.ancestors().nth(2).unwrap().join(format!("practice-shop{}", std::env::consts::EXE_SUFFIX));
    assert!(built.is_file(), "cargo test --workspace builds {}", built.display());
    built
}

/// What a host answers to a plain question.
fn fetched(host: &str, path: &str) -> String {
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The practice vault of a desk.
fn practised<T>(desk: &Filled, work: impl FnOnce(&Vault) -> T) -> T {
    let real = &desk.app.places;
    let places = sigu_vault::Places {
        vault: real.vault.with_file_name("vault-practice"),
        state: real.state.join("practice"),
    };
    let KeyFile::Plain(identity) = read_key_file(&places.vault).unwrap() else { panic!("another key") };
    let vault = Vault::open(&places, &identity, Disk::default()).unwrap();
    let done = work(&vault);
    vault.close().unwrap();
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_has_a_shop_and_a_vault_of_its_own_and_ticks_what_is_there() {
    let visitor = Visitor::to(Filled::with_shop(program()).await);
    let orders = visitor.desk.with(|vault| vault.orders().unwrap().len());
    let (_, closed) = visitor.get("/practice");
    assert!(
        closed.contains("action=\"/practice/start\"") && !closed.contains("target=\"_blank\""),
        "{closed}"
    );
    assert_eq!(visitor.post("/practice/start", "").0, 303);
    let (_, guide) = visitor.get("/practice");
    let shop = guide.split("href=\"http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert!(fetched(&shop, "/").starts_with("HTTP/1.1 200"), "the shop answers");
    let ticks = |page: &str| page.matches("<li class=\"done\"").count();
    assert_eq!(ticks(&guide), 0, "{guide}");

    // Over to the practice desk, and the first desk still knows its visitor.
    let (status, answer) = visitor.get("/practice/enter?to=/orders/new");
    assert_eq!(status, 303);
    let link = header(&answer, "location").strip_prefix("http://").unwrap().to_owned();
    let (host, path) = link.split_once('/').unwrap();
    let entered = fetched(host, &format!("/{path}"));
    assert_eq!(header(&entered, "location"), "/orders/new", "{entered}");
    let cookie = header(&entered, "set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(cookie.split('=').next(), visitor_cookie(&visitor).split('=').next(), "cookies know no ports");
    assert_eq!(visitor.get("/orders").0, 200);

    practised(&visitor.desk, |vault| {
        let order = Command::OpenOrder { order: "lian1".parse().unwrap(), facts: OrderFacts::default() };
        vault.execute(vec![order], visitor_now()).unwrap();
    });
    let (_, guide) = visitor.get("/practice");
    assert_eq!(ticks(&guide), 1, "{guide}");
    assert!(guide.contains("to=/orders/lian1/fix"), "{guide}");
    practised(&visitor.desk, |vault| {
        let order = "lian1".parse().unwrap();
        let text = "卡密提示已被使用，请退款".to_owned();
        let message = Command::RecordMessage {
            order,
            said_at: visitor_now(),
            channel: Channel::Platform,
            direction: Direction::Out,
            text,
            detail: MessageDetail::default(),
        };
        vault.execute(vec![message], visitor_now()).unwrap();
    });
    let (_, guide) = visitor.get("/practice");
    assert_eq!(ticks(&guide), 2, "{guide}");
    assert!(guide.contains("<li class=\"done\" id=\"step-talk\""), "{guide}");
    assert_eq!(visitor.desk.with(|vault| vault.orders().unwrap().len()), orders, "nothing mixes");

    assert_eq!(visitor.post("/practice/again", "").0, 303);
    let (_, guide) = visitor.get("/practice");
    assert_eq!(ticks(&guide), 0, "begun anew");
    assert!(TcpStream::connect(&shop).is_err(), "the shop before is gone");
    let shop = guide.split("href=\"http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(visitor.post("/practice/stop", "").0, 303);
    assert!(TcpStream::connect(&shop).is_err(), "it ends when practice ends");
    assert_eq!(visitor.get("/orders").0, 200);
}

fn visitor_now() -> jiff::Timestamp {
    "2026-12-20T04:00:00Z".parse().unwrap()
}

fn visitor_cookie(visitor: &Visitor) -> String {
    let host = format!("Host: 127.0.0.1:{}", visitor.desk.port);
    crate::desk::enter(&visitor.desk, &host).trim_start_matches("Cookie: ").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_a_shop_says_how_to_get_one() {
    let visitor = Visitor::new().await;
    let (status, page) = visitor.get("/practice");
    assert_eq!(status, 200);
    assert!(page.contains("practice-shop") && !page.contains("action=\"/practice/start\""), "{page}");
    assert_eq!(visitor.post("/practice/start", "").0, 303);
    let host = format!("Host: 127.0.0.1:{}", visitor.desk.port);
    assert_eq!(ask(&visitor.desk, "GET /practice", &[&host], "").0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_was_not_made_for_practice_is_neither_opened_nor_removed() {
    let visitor = Visitor::to(Filled::with_shop(program()).await);
    let beside = visitor.desk.app.places.vault.with_file_name("vault-practice");
    std::fs::create_dir_all(beside.join("mine")).unwrap();
    for path in ["/practice/start", "/practice/again"] {
        let (status, page) = visitor.post(path, "");
        assert_eq!(status, 409, "{path}");
        assert!(page.contains("vault-practice"), "{path} names what is in the way: {page}");
        assert!(beside.join("mine").is_dir(), "{path} leaves it as it is");
    }
}
