//! What the API refuses, each time with problem details: a code, words in the language asked for, the field.

use serde_json::{Value, json};
use sigu_server::access::{Accesses, Level};

use super::{Answer, Program, raw};
use crate::desk::{ask, enter};
use crate::support::Filled;

/// Checks that an answer is a problem of this status and code; gives the field it names.
#[track_caller]
fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let details = answer.json();
    assert_eq!((answer.status, details["code"].as_str()), (status, Some(code)), "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(details["type"], format!("urn:sigu:problem:{code}"));
    assert_eq!(details["status"], status);
    for words in ["title", "detail", "advice"] {
        assert!(details[words].as_str().is_some_and(|text| !text.is_empty()), "{words}: {details}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(answer.header("access-control-allow-origin"), "", "no site of others may read this");
    details["field"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_speak_is_told_why() {
    let desk = Filled::new().await;
    let (reader, writer) = (Program::with(&desk, Level::Read), Program::with(&desk, Level::Write));
    let nobody = Program::saying(&desk, &[]);
    problem(&nobody.get("/orders"), 401, "api-no-token");
    problem(&nobody.get("/openapi.json"), 401, "api-no-token");
    problem(&nobody.get("/nothing"), 401, "api-no-token");
    let wrong = Program::saying(&desk, &["Authorization: Bearer 0123"]);
    let refused = wrong.get("/orders");
    problem(&refused, 401, "api-wrong-token");
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    problem(&Program::saying(&desk, &["Authorization: Basic eDp5"]).get("/orders"), 401, "api-wrong-token");

    // A token to read looks, and looks words over; it records nothing.
    reader.get("/orders").is(200);
    reader.post("/orders/dk01/check", &json!({ "text": "请退款" })).is(200);
    let note = json!({ "kind": "problem.found" });
    problem(&reader.post("/orders/dk01/notes", &note), 403, "api-needs-write");
    problem(&reader.post("/vault/work/check", &json!({})), 403, "api-needs-write");
    problem(&reader.post("/uploads", &json!({ "size": 1 })), 403, "api-needs-write");
    // Before anything is read: not even broken JSON is looked at.
    let broken = reader.ask("POST", "/orders", &["Content-Type: application/json"], b"{");
    problem(&broken, 403, "api-needs-write");

    // Another host, another site.
    let port = desk.port;
    for host in ["Host: evil.example".to_owned(), format!("Host: localhost:{port}")] {
        problem(&raw(port, "GET", "/orders", &[&host], b""), 421, "api-host");
    }
    let foreign = writer.ask("GET", "/orders", &["Origin: https://evil.example"], b"");
    problem(&foreign, 403, "api-origin");
    problem(&writer.ask("POST", "/orders", &["Origin: null"], b"{}"), 403, "api-origin");
    let asked = raw(port, "OPTIONS", "/orders", &[&format!("Host: 127.0.0.1:{port}")], b"");
    problem(&asked, 401, "api-no-token");

    // A token that was taken back.
    let all = Accesses::in_folder(&desk.app.places.state);
    assert!(all.revoke("read").unwrap());
    problem(&reader.get("/orders"), 401, "api-wrong-token");
    writer.get("/orders").is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_was_let_in_looks_and_no_more() {
    let desk = Filled::new().await;
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let cookie = enter(&desk, &host);
    let origin = format!("Origin: {}", desk.origin());
    let browser = Program::saying(&desk, &[&cookie, &origin]);
    browser.get("/orders").is(200);
    browser.get("/openapi.json").is(200);
    problem(&browser.post("/orders/dk01/notes", &json!({})), 403, "api-browser-writes");
    problem(&browser.post("/orders/dk01/check", &json!({ "text": "x" })), 403, "api-browser-writes");
    let secret = browser.get("/orders/dk01/items/1-79/content?secret=show");
    problem(&secret, 403, "api-needs-write");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_tokens_are_not_looked_at_any_more() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    let wrong = Program::saying(&desk, &["Authorization: Bearer 00"]);
    for _ in 0..20 {
        problem(&wrong.get("/orders"), 401, "api-wrong-token");
    }
    let refused = wrong.get("/orders");
    problem(&refused, 429, "api-many-wrong");
    assert_eq!(refused.header("retry-after"), "60");
    problem(&writer.get("/orders"), 429, "api-many-wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_tells_programs_so() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    let identity = desk.app.identity.get().unwrap();
    let under = sigu_server::keys::Keep::Under(zeroize::Zeroizing::new("open sesame".to_owned()));
    sigu_server::keys::keep(&desk.app.places, &identity, &under).unwrap();
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let (cookie, origin) = (enter(&desk, &host), format!("Origin: {}", desk.origin()));
    let person = |path: &str, form: &str| ask(&desk, path, &[&host, &cookie, &origin], form).0;
    assert_eq!(person("POST /lock", "back=/"), 303);
    problem(&writer.get("/orders"), 423, "refused-locked");
    problem(&writer.post("/orders/dk01/notes", &json!({})), 423, "refused-locked");
    assert_eq!(person("POST /unlock", "passphrase=open+sesame&back=/"), 303);
    writer.get("/orders").is(200);
}

#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::too_many_lines, reason = "a table: one row for each thing that can be wrong")]
async fn what_is_wrong_is_named_by_its_field() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    for (method, path, body, status, code, field) in [
        ("POST", "/orders", json!({}), 422, "api-field", "order"),
        ("POST", "/orders", json!({ "order": "a b" }), 422, "api-field", "order"),
        ("POST", "/orders", json!({ "order": "dk01" }), 422, "refused-order-exists", "order"),
        ("POST", "/orders", json!({ "order": "x", "amount_fen": "9" }), 422, "api-json-field", "amount_fen"),
        ("POST", "/orders", json!({ "order": "x", "amount": 9 }), 422, "api-json-field", "amount"),
        ("POST", "/orders", json!({ "order": "x", "paid_at": "soon" }), 422, "api-json-field", "paid_at"),
        ("POST", "/orders", json!({ "order": "x", "goods": "moon" }), 422, "api-field", "goods"),
        (
            "POST",
            "/orders",
            json!({ "order": "x", "profile": "moon" }),
            422,
            "refused-unknown-profile",
            "profile",
        ),
        (
            "POST",
            "/orders",
            json!({ "order": "x", "amount_fen": -1 }),
            422,
            "refused-impossible-amount",
            "amount_fen",
        ),
        ("PATCH", "/orders/dk01/facts", json!({ "order": "C03" }), 422, "api-field", "order"),
        ("POST", "/orders/dk01/notes", json!({ "kind": "moon" }), 422, "api-field", "kind"),
        ("POST", "/orders/dk01/notes", json!({ "kind": "step.taken" }), 422, "api-field", "step.body"),
        ("POST", "/orders/dk01/messages", json!({}), 422, "api-json-field", "text"),
        (
            "POST",
            "/orders/dk01/messages",
            json!({ "text": "x", "channel": "moon" }),
            422,
            "api-field",
            "channel",
        ),
        ("POST", "/orders/dk01/messages", json!({ "text": "" }), 422, "refused-empty", "text"),
        (
            "POST",
            "/orders/dk01/appeal",
            json!({ "text": " ", "body": "platform" }),
            422,
            "refused-empty",
            "text",
        ),
        ("POST", "/orders/dk01/appeal", json!({ "text": "x", "body": "moon" }), 422, "api-field", "body"),
        ("POST", "/orders/dk01/papers", json!({ "kind": "moon" }), 422, "api-field", "kind"),
        ("POST", "/orders/dk01/items/1-79/marks", json!({ "marks": ["moon"] }), 422, "api-field", "marks"),
        ("POST", "/orders/dk01/items/1-79/marks", json!({ "marks": [] }), 422, "refused-mark-none", "marks"),
        ("POST", "/vault/work/backup", json!({ "folder": "here" }), 422, "api-field", "folder"),
        ("PUT", "/settings", json!({ "idle_minutes": 7 }), 422, "api-field", "idle_minutes"),
        ("POST", "/phone", json!({ "order": "dk01", "address": "10.9.9.9" }), 422, "api-field", "address"),
        ("GET", "/orders?page=x", json!(null), 422, "api-parameters", "page"),
        ("GET", "/orders?moon=1", json!(null), 422, "api-parameters", "moon"),
        ("GET", "/merchants/check", json!(null), 422, "api-parameters", "price_fen"),
        (
            "POST",
            "/orders/nope/notes",
            json!({ "kind": "problem.found" }),
            404,
            "refused-unknown-order",
            "order",
        ),
        ("GET", "/orders/nope", json!(null), 404, "refused-unknown-order", "order"),
        ("GET", "/orders/a%20b", json!(null), 404, "refused-unknown-order", "order"),
        ("GET", "/orders/dk01/items/9-9", json!(null), 404, "refused-unknown-item", "item"),
        ("GET", "/orders/dk01/items/x/content", json!(null), 404, "refused-unknown-item", "item"),
        ("GET", "/vault/work/none", json!(null), 404, "api-no-work", "id"),
    ] {
        let answer = if body.is_null() { writer.get(path) } else { writer.send(method, path, &body) };
        let named = problem(&answer, status, code);
        assert_eq!(named, field, "{method} {path} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_at_all_is_refused_in_either_language() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    let json_type = "Content-Type: application/json";
    let broken = writer.ask("POST", "/orders", &[json_type], b"{\"order\": ");
    problem(&broken, 400, "api-json");
    problem(&writer.ask("POST", "/orders", &["Content-Type: text/plain"], b"{}"), 415, "api-json-type");
    problem(&writer.get("/nothing"), 404, "api-unknown");
    problem(&writer.ask("DELETE", "/orders", &[], b""), 405, "api-method");
    problem(&writer.get("/merchants/nobody"), 404, "refused-unknown-merchant");
    problem(&writer.get("/profiles/nothing"), 404, "refused-unknown-profile");
    problem(&writer.get("/law/L-NONE-1"), 404, "refused-unknown-law");
    problem(&writer.get("/orders/dk01/notice"), 422, "refused-no-problem-noted");

    // Too large: JSON at its limit, files before anything of them is read.
    let blanks = vec![b' '; 3 << 20];
    let large = writer.ask("POST", "/orders", &[json_type], &blanks);
    problem(&large, 413, "api-large");
    let path = "/orders/dk01/items?slot=other";
    let large = writer.ask("POST", path, &["Content-Length: 3000000000"], b"");
    problem(&large, 413, "api-large");
    let large = writer.post("/uploads", &json!({ "size": 3_000_000_000_u64, "order": "dk01" }));
    problem(&large, 413, "api-upload");

    let chinese = writer.ask("GET", "/orders/nope", &["Accept-Language: en;q=0.2, zh-CN"], b"").json();
    assert!(chinese["detail"].as_str().unwrap().contains("订单"), "{chinese}");
    let english = writer.ask("GET", "/orders/nope", &["Accept-Language: fr, en-GB;q=0.8, zh;q=0.1"], b"");
    assert_eq!(english.json()["detail"], "There is no order nope.");
    assert_eq!(chinese["code"], english.json()["code"], "codes are the same in every language");
    assert!(desk.with(|vault| vault.orders().unwrap().iter().all(|one| one.order != "x")));
}
