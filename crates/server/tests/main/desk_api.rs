//! The API: an order's life through it alone, who may ask, what is refused, and that no answer holds a secret.

mod covers;
mod described;
mod refused;
mod secrets;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use sigu_server::access::{Accesses, Level};

use crate::desk::{enter, header};
use crate::support::{Filled, now};

/// A program with a token.
pub(crate) struct Program<'a> {
    desk: &'a Filled,
    headers: Vec<String>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        header(&self.head, name)
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }
}

impl<'a> Program<'a> {
    /// A program that was given a token.
    pub(crate) fn with(desk: &'a Filled, level: Level) -> Self {
        let all = Accesses::in_folder(&desk.app.places.state);
        let token = all.add(level.code(), level, now()).unwrap();
        Self::saying(desk, &[&format!("Authorization: Bearer {}", token.as_str())])
    }

    /// A program that sends these header lines besides the host.
    pub(crate) fn saying(desk: &'a Filled, headers: &[&str]) -> Self {
        let host = format!("Host: 127.0.0.1:{}", desk.port);
        let own = headers.iter().map(|line| (*line).to_owned());
        Self { desk, headers: std::iter::once(host).chain(own).collect() }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, more: &[&str], body: &[u8]) -> Answer {
        let lines: Vec<&str> = self.headers.iter().map(String::as_str).chain(more.iter().copied()).collect();
        raw(self.desk.port, method, path, &lines, body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask(method, path, &["Content-Type: application/json"], body.to_string().as_bytes())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body)
    }

    /// Fixes a file.
    pub(crate) fn fix(&self, order: &str, slot: &str, name: &str, bytes: &[u8]) -> Value {
        let path = format!("/orders/{order}/items?slot={slot}&name={name}");
        self.ask("POST", &path, &[], bytes).is(201)["fixed"][0].clone()
    }
}

/// Asks with exactly these header lines, below the API's place.
pub(crate) fn raw(port: u16, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let mut head = format!("{method} /api/v1{path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|line| line.starts_with("Content-Length:")) {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    headers.iter().for_each(|line| head.push_str(&format!("{line}\r\n")));
    socket.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    // A refusal may come before the body is read.
    let _ = socket.write_all(body);
    let mut bytes = Vec::new();
    let _ = socket.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let bytes = bytes.split_off(end + 4);
    Answer { status, head, bytes }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_lives_through_the_api_alone() {
    let desk = Filled::with_vault(|_| {}).await;
    let program = Program::with(&desk, Level::Write);
    let facts = json!({
        "order": "A1", "title": "100 元点卡", "goods": "game_point_card", "order_no": "202612190001",
        "amount_fen": 9500, "merchant": "橙壳数卡", "platform": "shop.example", "paid_at": "2026-12-20T02:00:00Z",
    });
    let shown = program.post("/orders", &facts).is(201);
    assert_eq!(shown["order"]["facts"]["amount_fen"], 9500);
    let told = json!({ "delivered_at": "2026-12-20T02:05:00Z" });
    let shown = program.send("PATCH", "/orders/A1/facts", &told).is(200);
    assert_eq!(shown["order"]["facts"]["delivered_at"], "2026-12-20T02:05:00Z");
    assert_eq!(shown["order"]["facts"]["merchant"], "橙壳数卡", "what is not said stays");

    // The four fixations.
    for (slot, name, text) in [
        ("transaction", "order.txt", "订单号 202612190001 金额 95.00 元 支付时间 2026-12-20 10:00:00"),
        ("voucher", "pay.txt", "微信支付 交易单号 4200002026122000010001 ￥95.00"),
        ("description", "product.txt", "100 元点卡，自动发货，卡密有问题包退"),
        ("chat", "chat.txt", "买家：卡密显示已使用。商家：稍等。"),
        ("delivery", "card.txt", "卡号 YST0093821 卡密 MCX7-22QP-91LD-0W4H"),
    ] {
        let fixed = program.fix("A1", slot, name, text.as_bytes());
        assert_eq!(fixed["lateness"]["state"], "in_time", "{fixed}");
        assert_eq!(fixed["secret"], slot == "delivery", "{fixed}");
    }
    let seen = json!({
        "kind": "observation.made", "observed": "used", "observed.place": "issuer",
        "observed.text": "该卡密已被使用", "happened_at": "2026-12-20T02:10:00Z",
    });
    let noted = program.post("/orders/A1/notes", &seen).is(201);
    assert_eq!(noted["kind"], "observation.made");
    let problem = json!({ "kind": "problem.found", "scenario": scenario(&program) });
    program.post("/orders/A1/notes", &problem).is(201);
    let claim = json!({ "kind": "claim.chosen", "claim.kind": "full_refund", "claim.amount_fen": 9500 });
    program.post("/orders/A1/notes", &claim).is(201);

    let draft = program.get("/orders/A1/notice").is(200);
    assert!(draft["letter"]["text"].as_str().unwrap().chars().count() > 10, "{draft}");
    let sent = program.post("/orders/A1/notice", &json!({ "said_at": "2026-12-20T02:20:00Z" })).is(201);
    assert!(sent["sent"].is_string(), "{sent}");
    let reply = json!({ "text": "不退，自己的问题。", "said_at": "2026-12-20T03:00:00Z" });
    let said = program.post("/orders/A1/messages", &reply).is(201);
    assert_eq!(said["sense"], "refusal", "{said}");
    assert!(said["next"]["say"]["zh"].is_string(), "{said}");

    let statement = program.get("/orders/A1/appeal?own_statements=true").is(200);
    let words = statement["statement"]["text"].as_str().unwrap().to_owned();
    let filed =
        json!({ "text": words, "body": "platform", "reference": "T-1", "at": "2026-12-20T03:30:00Z" });
    let filed = program.post("/orders/A1/appeal", &filed).is(201);
    let proof = filed["proof"].as_str().unwrap();
    assert_eq!(program.get(&format!("/orders/A1/items/{proof}/content")).text(), words);

    paper_and_package(&program);
    same_as_the_pages(&desk, &program);
}

/// Makes a paper and a package of the order.
fn paper_and_package(program: &Program<'_>) {
    let papers = program.get("/orders/A1/papers").is(200);
    let ready: Vec<&str> =
        papers["ready"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
    assert!(ready.contains(&"catalogue"), "{ready:?}");
    let paper = program.post("/orders/A1/papers", &json!({ "kind": "catalogue", "format": "md" })).is(201);
    let item = paper["item"].as_str().unwrap();
    let text = program.get(&format!("/orders/A1/items/{item}/content")).text();
    assert!(text.starts_with('#') && !text.contains("MCX7-22QP"), "{text}");

    let work = program.post("/vault/work/export", &json!({ "order": "A1" }));
    assert!(work.header("location").starts_with("/api/v1/vault/work/"), "{}", work.head);
    let id = work.is(202)["id"].as_str().unwrap().to_owned();
    let done = until_done(program, &id);
    assert_eq!(done["state"], "done", "{done}");
    let package = program.get(&format!("/vault/work/{id}/package"));
    assert_eq!((package.status, &package.bytes[..2]), (200, b"PK".as_slice()));
}

/// The scenario the engines see themselves, as a person would confirm it.
fn scenario(program: &Program<'_>) -> Value {
    let advice = program.get("/orders/A1/advice").is(200);
    let scenario = advice["advice"]["diagnosis"]["scenario"].clone();
    assert!(scenario.is_string(), "{}", advice["advice"]["diagnosis"]);
    scenario
}

/// Asks until work is over; each question waits for the end itself.
pub(crate) fn until_done(program: &Program<'_>, id: &str) -> Value {
    for _ in 0..100 {
        let standing = program.get(&format!("/vault/work/{id}")).is(200);
        if standing["state"] != "going" {
            return standing;
        }
    }
    panic!("work never ends");
}

/// The pages show what was recorded by the API.
fn same_as_the_pages(desk: &Filled, program: &Program<'_>) {
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let cookie = enter(desk, &host);
    let page = |path: &str| crate::desk::ask(desk, &format!("GET {path}"), &[&host, &cookie], "").1;
    let shown = program.get("/orders/A1").is(200);
    let exhibits = shown["order"]["exhibits"].as_array().unwrap();
    let evidence = page("/orders/A1/evidence");
    for exhibit in exhibits {
        let item = exhibit["item"].as_str().unwrap();
        assert!(evidence.contains(&format!("/orders/A1/items/{item}\"")), "{item} is not on the page");
    }
    let talk = page("/orders/A1/talk");
    assert!(talk.contains("不退，自己的问题。"));
    let messages = shown["order"]["messages"].as_array().unwrap();
    assert!(messages.iter().all(|one| talk.contains(&format!("m{}", one["item"].as_str().unwrap()))));
    let log = program.get("/orders/A1/log").is(200);
    let entries = log["entries"].as_array().unwrap();
    let shown = page("/orders/A1/log");
    assert!(entries.iter().all(|one| shown.contains(one["leaf_hash"].as_str().unwrap())));
    let found = program.get("/search?q=%E8%87%AA%E5%B7%B1%E7%9A%84%E9%97%AE%E9%A2%98").is(200);
    assert_eq!(found["hits"][0]["order"], "A1", "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_at_once_both_write() {
    let desk = Filled::new().await;
    let program = Program::with(&desk, Level::Write);
    let before = program.get("/log?last=0").is(200)["logs"][0]["size"].as_u64().unwrap();
    let note = |text: String| {
        let note = json!({ "kind": "problem.found", "note": text });
        // Another program may hold the vault for a moment; then the answer says to come again.
        let answers = (0..60).map(|_| program.post("/orders/dk01/notes", &note));
        answers.take(60).find(|answer| answer.status != 503).unwrap().is(201)["item"].clone()
    };
    let items: Vec<Value> = std::thread::scope(|scope| {
        let note = &note;
        let writers = ["甲", "乙"]
            .map(|who| scope.spawn(move || (0..10).map(|n| note(format!("{who} {n}"))).collect::<Vec<_>>()));
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let mut places: Vec<&str> = items.iter().map(|item| item.as_str().unwrap()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 20, "each note has a leaf of its own");
    let after = program.get("/log?last=0").is(200)["logs"][0]["size"].as_u64().unwrap();
    assert_eq!(after, before + 20);
    assert!(desk.with(|vault| vault.order(&"dk01".parse().unwrap()).unwrap().unwrap().reports.len()) >= 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_comes_in_pieces_and_a_phone_has_its_door() {
    let desk = Filled::new().await;
    let program = Program::with(&desk, Level::Write);
    let content: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let told = json!({ "name": "film.webm", "size": content.len(), "modified": 1, "order": "dk01" });
    let begun = program.post("/uploads", &told);
    assert_eq!(begun.status, 201, "{}", begun.text());
    let place = begun.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let (first, rest) = content.split_at(100_000);
    let sent = program.ask("PATCH", &place, &["Upload-Offset: 0"], first);
    assert_eq!((sent.status, sent.header("upload-offset")), (204, "100000"));
    let wrong = program.ask("PATCH", &place, &["Upload-Offset: 7"], rest);
    assert_eq!((wrong.status, wrong.header("upload-offset")), (409, "100000"));
    assert_eq!(wrong.json()["code"], "api-upload", "{}", wrong.text());
    program.ask("PATCH", &place, &["Upload-Offset: 100000"], rest).is(204);
    let fixed = program.post(&format!("{place}/finish"), &json!({})).is(200);
    let item = fixed["item"].as_str().unwrap();
    let read = program.get(&format!("/orders/dk01/items/{item}/content"));
    assert_eq!((read.status, read.bytes == content), (200, true));
    let part = program.ask("GET", &format!("/orders/dk01/items/{item}/content"), &["Range: bytes=2-4"], b"");
    assert_eq!((part.status, part.bytes.as_slice()), (206, &content[2..5]));

    let open = program.post("/phone", &json!({ "order": "dk01", "slot": "chat" })).is(201);
    assert!(open["link"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{open}");
    assert_eq!(program.get("/phone").is(200)["open"], true);
    let reader = Program::with(&desk, Level::Read);
    assert_eq!(reader.get("/phone").is(200)["link"], Value::Null, "the link lets one in");
    program.ask("DELETE", "/phone", &[], b"").is(204);
    assert_eq!(program.get("/phone").is(200)["open"], false);
}
