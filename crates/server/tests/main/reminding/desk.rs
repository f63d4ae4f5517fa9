//! The pages and the API of reminders, and the address of the calendar, as browsers and programs meet them.

use std::time::Duration;

use serde_json::json;
use sigu_case::{Command, OrderFacts};
use sigu_server::access::Level;
use sigu_server::reminding::Settings;
use sigu_vault::Vault;

use super::receivers::{Mood, Receivers};
use crate::desk::{ask, header};
use crate::desk_api::Program;
use crate::desk_house::Visitor;
use crate::support::outside::net;
use crate::support::{Filled, now, take_in};

const AT: &str = "/settings/reminders";

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

async fn visitor() -> Visitor {
    Visitor::to(Filled::with_net(net(), take_in).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_added_tested_and_removed_and_its_key_never_shown() {
    let (visitor, receivers) = (visitor().await, Receivers::new().await);
    let (status, page) = visitor.get(AT);
    assert_eq!(status, 200);
    assert!(page.contains("nobody reminds you") && page.contains("22:30-08:00"), "{page}");
    let (_, page) = visitor.get(&format!("{AT}?kind=dingtalk"));
    assert!(page.contains("Signing key") && page.contains("type=\"password\""), "{page}");
    for (body, said) in [
        ("what=add&kind=wecom&url=", "Fill this in"),
        ("what=add&kind=wecom&url=robots", "Not an address of the web"),
        ("what=add&kind=json&url=http://192.168.1.9/in", "not encrypted"),
        ("what=add&kind=mail&url=https://a.example&to=me&from=me", "smtps://server"),
        ("what=quiet&span=late", "22:30-08:00"),
    ] {
        let (status, page) = visitor.post(AT, body);
        assert_eq!(status, 422, "{body}");
        assert!(page.contains(said), "{body}: {page}");
    }
    let (status, page) = visitor.post(AT, "what=add&kind=bark&url=nonsense&key=a-device-key-of-mine");
    assert_eq!(status, 422);
    assert!(!page.contains("a-device-key-of-mine"), "what is secret is not sent back");
    let address = receivers.url("wecom?key=693a91f6-7aaa-4bc4-97a0");
    let body = format!("what=add&kind=wecom&name=home&url={}", escaped(&address));
    assert_eq!(visitor.post(AT, &body).0, 303);
    let (_, page) = visitor.get(AT);
    assert!(page.contains("home (WeCom group robot)") && page.contains("not used yet"), "{page}");
    assert!(!page.contains("693a91f6"), "a key is in the address");
    receivers.came();
    let (_, page) = visitor.post(AT, "what=test&id=1");
    assert!(page.contains("took the test. errcode 0 ok"), "{page}");
    assert!(receivers.came().iter().any(|came| came.text().contains("测试")));
    receivers.mood(Mood::No);
    let (_, page) = visitor.post(AT, "what=test&id=1");
    assert!(page.contains("did not get the test: not taken: errcode 40035 not today"), "{page}");
    assert_eq!(visitor.post(AT, "what=test&id=9").0, 404);
    assert_eq!(visitor.post(AT, "what=quiet&span=12:00-13:00&say=nothing").0, 303);
    let (_, page) = visitor.get(AT);
    assert!(page.contains("12:00-13:00") && page.contains("value=\"nothing\" checked"), "{page}");
    assert_eq!(visitor.post(AT, "what=remove&id=1").0, 303);
    assert_eq!(visitor.post(AT, "what=remove&id=1").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_is_there_for_whoever_knows_its_address_and_nobody_else() {
    let visitor = visitor().await;
    let (_, page) = visitor.post(AT, "what=calendar");
    let address = |page: &str| {
        let from = page.find("/calendar/").unwrap();
        page[from..].split('<').next().unwrap().to_owned()
    };
    let path = address(&page);
    assert_eq!(path.len(), "/calendar/.ics".len() + 32, "{path}");
    let (_, hidden) = visitor.get(AT);
    assert!(!hidden.contains(&path), "shown when it is asked for");
    assert_eq!(address(&visitor.post(AT, "what=calendar-show").1), path);
    let host = format!("Host: 127.0.0.1:{}", visitor.desk.port);
    let get = |path: &str, more: &[&str]| {
        ask(&visitor.desk, &format!("GET {path}"), &[&[host.as_str()], more].concat(), "")
    };
    // No cookie.
    let (status, answer) = get(&path, &[]);
    assert_eq!(status, 200);
    assert_eq!(header(&answer, "content-type"), "text/calendar; charset=utf-8");
    assert!(answer.contains("BEGIN:VCALENDAR") && answer.contains("BEGIN:VEVENT"), "{answer}");
    let etag = header(&answer, "etag").to_owned();
    let (status, answer) = get(&path, &[&format!("If-None-Match: {etag}")]);
    assert_eq!((status, answer.contains("VCALENDAR")), (304, false));
    let wrong = path.replace(&path[10..14], "0000");
    for path in [wrong.as_str(), "/calendar/.ics", "/calendar/x.ics", "/calendar/x"] {
        let (status, answer) = get(path, &[]);
        assert_eq!(status, 404, "{path}");
        assert!(!answer.contains('<'), "no page: {answer}");
    }
    let (status, _) = ask(&visitor.desk, &format!("GET {path}"), &["Host: evil.example"], "");
    assert_eq!(status, 421, "no other name leads here");
    let (_, page) = visitor.post(AT, "what=calendar");
    let renewed = address(&page);
    assert_eq!((get(&path, &[]).0, get(&renewed, &[]).0), (404, 200), "the old address is void");
    assert_eq!(visitor.post(AT, "what=calendar-stop").0, 303);
    assert_eq!(get(&renewed, &[]).0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sets_reminders_and_hears_no_key() {
    let desk = Filled::with_net(net(), take_in).await;
    let receivers = Receivers::new().await;
    let (writer, reader) = (Program::with(&desk, Level::Write), Program::with(&desk, Level::Read));
    let all = reader.get("/reminders").is(200);
    assert_eq!((&all["quiet"], &all["say"]), (&json!("22:30-08:00"), &json!("label")));
    let set = writer.send("PUT", "/reminders", &json!({ "quiet": "", "say": "nothing" })).is(200);
    assert_eq!((&set["quiet"], &set["say"]), (&json!(null), &json!("nothing")));
    assert_eq!(writer.send("PUT", "/reminders", &json!({ "quiet": "late" })).is(422)["field"], "quiet");
    let url = receivers.url("wecom?key=693a91f6-7aaa-4bc4-97a0");
    let wrong = writer.post("/reminders/channels", &json!({ "kind": "wecom" })).is(422);
    assert_eq!(wrong["field"], "url");
    let added = writer.post("/reminders/channels", &json!({ "kind": "wecom", "url": url })).is(201);
    assert!(!added.to_string().contains("693a91f6"), "{added}");
    let tested = writer.post("/reminders/channels/1/test", &json!({})).is(200);
    assert_eq!((&tested["taken"], &tested["said"]), (&json!(true), &json!("errcode 0 ok")));
    assert_eq!(writer.post("/reminders/channels/7/test", &json!({})).status, 404);
    assert_eq!(reader.post("/reminders/channels/1/test", &json!({})).status, 403);
    let calendar = writer.post("/reminders/calendar", &json!({})).is(200);
    assert!(calendar["url"].as_str().unwrap().ends_with(".ics"));
    let again = writer.post("/reminders/calendar", &json!({})).is(200);
    assert_eq!(again, calendar, "it stays until it is renewed");
    assert_ne!(writer.post("/reminders/calendar", &json!({ "renew": true })).is(200), calendar);
    assert_eq!(writer.send("DELETE", "/reminders/calendar", &json!({})).is(200)["url"], json!(null));
    assert_eq!(writer.send("DELETE", "/reminders/channels/1", &json!({})).is(200)["channels"], json!([]));
    let none = writer.post("/orders/C01/snooze", &json!({ "clock": "verify_plan", "minutes": 60 })).is(422);
    assert_eq!(none["field"], "clock", "no such clock runs: {none}");
    assert_eq!(desk.with(|vault| Settings::read(vault).unwrap().channels.len()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_tells_by_itself() {
    let bought = |vault: &Vault| {
        let at = "2026-12-19T00:00:00Z".parse().ok();
        let facts = OrderFacts { paid_at: at, delivered_at: at, ..OrderFacts::default() };
        let order = Command::OpenOrder { order: "dk01".parse().unwrap(), facts };
        vault.execute(vec![order], now()).unwrap();
    };
    let desk = Filled::with_net(net(), bought).await;
    let receivers = Receivers::new().await;
    let writer = Program::with(&desk, Level::Write);
    // As if it had been added before the purchase, so that what was due yesterday was missed and is told as late.
    let added = json!({ "kind": "json", "url": receivers.url("json") });
    writer.post("/reminders/channels", &added).is(201);
    let at = "2026-12-01T00:00:00Z".parse().unwrap();
    desk.with(|vault| {
        let mut settings = Settings::read(vault).unwrap();
        settings.channels[0].added_at = at;
        settings.quiet = None;
        settings.keep(vault, at).unwrap();
    });
    writer.send("PUT", "/reminders", &json!({})).is(200);
    // What was set wakes the loop.
    let told = async {
        loop {
            let all = writer.get("/reminders").is(200);
            if all["told"][0]["state"].as_str().is_some_and(|state| state != "claimed") {
                return all;
            }
            tokio::task::yield_now().await;
        }
    };
    let told = tokio::time::timeout(Duration::from_mins(1), told).await.expect("a reminder within a minute");
    let came = receivers.came();
    assert_eq!(came.len(), 1, "one message");
    assert_eq!(came[0].body["late"], true);
    assert_eq!(told["told"][0]["state"], "told_late");
}
