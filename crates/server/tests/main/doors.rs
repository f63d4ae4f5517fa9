//! Who gets in: host, origin, code, token, sizes.

use serde_json::json;
use sigu_server::Held;
use sigu_server::pairing::MAX_WRONG_TRIES;

use crate::house::{EXTENSION, House, Running};

fn try_code(running: &Running, code: &str) -> (u16, String) {
    let body = json!({ "code": code, "name": "test" }).to_string();
    let answer = running.ask("POST /api/v1/pair", &[&running.host()], body.as_bytes());
    (answer.status, answer.code())
}

#[test]
fn a_code_pairs_once_and_the_token_opens_until_it_is_revoked() {
    let house = House::new();
    let running = house.run(0);
    let code = running.receiver.offer_code();
    let body = json!({ "code": code.as_str(), "name": "Chromium" }).to_string();
    let origin = format!("Origin: {EXTENSION}");
    let answer = running.ask("POST /api/v1/pair", &[&running.host(), &origin], body.as_bytes());
    assert_eq!(answer.status, 200);
    let paired = answer.json();
    assert_eq!(paired["recipient"], house.app.identity.get().unwrap().recipient().to_string());
    assert_eq!(paired["app"]["version"], "0.1.0");
    assert!(answer.head.contains(&format!("access-control-allow-origin: {EXTENSION}")), "{}", answer.head);
    assert_eq!(try_code(&running, &code), (410, "code_gone".to_owned()));
    let token = paired["token"].as_str().unwrap();
    assert_eq!(running.ask_as(token, "GET /api/v1/orders", &[&origin], b"").status, 200);
    let listed = running.receiver.pairings().list().unwrap();
    assert_eq!((listed[0].name.as_str(), listed[0].origin.as_deref()), ("Chromium", Some(EXTENSION)));
    assert!(running.receiver.pairings().revoke(listed[0].id).unwrap());
    assert_eq!(running.ask_as(token, "GET /api/v1/orders", &[], b"").status, 401);
}

#[test]
fn a_locked_app_asks_to_come_again_and_keeps_the_code() {
    let mut house = House::new();
    let open = house.run(0);
    let token = open.pair();
    house.stop(open);
    let held = std::mem::replace(&mut house.app.identity, Held::locked());
    let running = house.run(0);
    let code = running.receiver.offer_code();
    assert_eq!(try_code(&running, &code), (423, "locked".to_owned()));
    let asked = running.ask_as(&token, "GET /api/v1/orders", &[], b"");
    assert_eq!((asked.status, asked.code()), (423, "locked".to_owned()));
    let delivery = "Sigu-Delivery: 00000000-0000-4000-8000-000000000000";
    let sent = running.ask_as(&token, "POST /api/v1/captures", &[delivery], b"sealed");
    assert_eq!((sent.status, sent.code()), (423, "locked".to_owned()), "not one the extension would drop");
    house.stop(running);
    house.app.identity = held;
    let unlocked = house.run(0);
    assert_eq!(unlocked.ask_as(&token, "GET /api/v1/orders", &[], b"").status, 200);
}

#[test]
fn wrong_tries_end_a_code() {
    let house = House::new();
    let running = house.run(0);
    assert_eq!(try_code(&running, "1-0000-0000"), (410, "code_gone".to_owned()));
    let code = running.receiver.offer_code();
    for _ in 0..MAX_WRONG_TRIES {
        assert_eq!(try_code(&running, "1-0000-0000"), (403, "code_wrong".to_owned()));
    }
    assert_eq!(try_code(&running, &code), (410, "code_gone".to_owned()));
    assert_ne!(*running.receiver.offer_code(), *code);
}

#[test]
fn nothing_is_readable_without_a_token() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let last = if token.ends_with('0') { '1' } else { '0' };
    let other = format!("{}{last}", &token[..token.len() - 1]);
    let starts = [
        "GET /api/v1/orders",
        "POST /api/v1/captures",
        "GET /",
        "GET /none",
        "POST /api/v1/recordings/x/end",
    ];
    for start in starts {
        let answer = running.ask(start, &[&running.host()], b"");
        assert_eq!((answer.status, answer.code().as_str()), (401, "token"), "{start}");
        assert_eq!(running.ask_as(&other, start, &[], b"").status, 401, "{start}");
    }
    assert_eq!(running.ask_as(&token, "GET /none", &[], b"").status, 404);
    assert_eq!(running.ask_as(&token, "POST /api/v1/orders", &[], b"").status, 405);
}

#[test]
fn foreign_hosts_and_origins_are_turned_away() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let bearer = format!("Authorization: Bearer {token}");
    let port = running.port;
    for host in ["127.0.0.1".to_owned(), format!("localhost:{port}"), format!("evil.example:{port}")] {
        let line = format!("Host: {host}");
        assert_eq!(running.ask("GET /api/v1/orders", &[&line, &bearer], b"").status, 421, "{host}");
    }
    let origins = [
        "https://evil.example",
        "null",
        "http://127.0.0.1:80",
        "chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba",
    ];
    for origin in origins {
        let line = format!("Origin: {origin}");
        for start in ["GET /api/v1/orders", "OPTIONS /api/v1/orders", "POST /api/v1/pair"] {
            let answer = running.ask_as(&token, start, &[&line], b"");
            assert_eq!((answer.status, answer.code().as_str()), (403, "origin"), "{start} {origin}");
            assert!(!answer.head.contains("access-control-allow-origin"), "{start} {origin}");
        }
    }
    let paired = format!("Origin: {EXTENSION}");
    let preflight = running.ask("OPTIONS /api/v1/orders", &[&running.host(), &paired], b"");
    assert_eq!(preflight.status, 204);
    assert!(preflight.head.contains("access-control-allow-headers: authorization"));
}

#[test]
fn a_token_is_of_one_extension_only() {
    let house = House::new();
    let running = house.run(0);
    let chrome = running.pair();
    let code = running.receiver.offer_code();
    let fox = "Origin: moz-extension://0f8fad5b-d9cb-469f-a165-70867728950e";
    let body = json!({ "code": code.as_str() }).to_string();
    assert_eq!(running.ask("POST /api/v1/pair", &[&running.host(), fox], body.as_bytes()).status, 200);
    assert_eq!(running.ask_as(&chrome, "GET /api/v1/orders", &[fox], b"").status, 403);
}

#[test]
fn a_body_beyond_its_limit_is_refused() {
    let house = House::new();
    let running = house.run(0);
    let _code = running.receiver.offer_code();
    let answer = running.ask("POST /api/v1/pair", &[&running.host()], &[b'x'; 5000]);
    assert_eq!((answer.status, answer.code().as_str()), (413, "body"));
    let answer = running.ask("POST /api/v1/pair", &[&running.host()], b"{");
    assert_eq!((answer.status, answer.code().as_str()), (400, "json"));
}

#[test]
fn open_orders_tell_fixations_clocks_and_the_next_step() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let answer = running.ask_as(&token, "GET /api/v1/orders", &[], b"").json();
    let order = &answer["orders"][0];
    assert_eq!(order["order"], "dk01");
    assert_eq!(order["title"], "100 元点卡");
    assert_eq!(order["complete"], 0);
    assert_eq!(order["fixations"].as_array().unwrap().len(), 4);
    assert_eq!(order["fixations"][0]["needs"][0]["slot"], "transaction");
    assert_eq!(order["fixations"][0]["needs"][0]["present"], false);
    let archive = order["clocks"].as_array().unwrap().iter().find(|clock| clock["code"] == "archive");
    assert!(archive.unwrap()["due_at"].as_str().unwrap().ends_with("+08:00"), "{order}");
    assert_eq!(order["next"]["code"], "fix_evidence");
    assert!(order["next"]["say"]["zh"].as_str().unwrap().chars().count() > 2);
}
