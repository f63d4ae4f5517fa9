//! Before buying, after buying, and at the month's end, on the command line.

use std::io::{Read, Write};
use std::net::TcpListener;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::process::Home;

/// A shop that answers one question with this status and page, on a port of its own.
fn shop(status: &'static str, page: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else { return };
        let mut asked = [0; 4096];
        // What was asked does not matter.
        let _ = stream.read(&mut asked);
        let length = page.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}"
        );
        // Whoever asked may be gone.
        let _ = stream.write_all(answer.as_bytes());
    });
    format!("http://{address}")
}

/// A wall time so many hours from now, as commands take it.
fn hours(from_now: i64) -> String {
    let at = Timestamp::now() + SignedDuration::from_hours(from_now);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[test]
fn the_page_of_an_offer_is_fetched_and_fixed_and_the_rest_is_a_list() {
    let home = Home::with_vault();
    let url = format!("{}/item/3?ref=x", shop("200 OK", "<title>点卡</title><p>永久有效</p>"));
    let args =
        ["check-merchant", &url, "--price", "30", "--goods", "point-card", "--save", "P1", "--title", "点卡"];
    let found = home.json(&args);
    assert_eq!(found["opened"]["fetched"], "page", "{found}");
    assert_eq!(found["whom"]["host"], "127.0.0.1");
    let order = home.json(&["order", "show", "P1"]);
    let facts = &order["order"]["facts"];
    assert_eq!((&facts["unit_fen"], &facts["amount_fen"]), (&3_000.into(), &Value::Null), "nothing is paid");
    let exhibit = &order["order"]["exhibits"][0];
    assert_eq!((&exhibit["slot"], &exhibit["item"]), (&"description".into(), &found["opened"]["item"]));
    let note = exhibit["note"].as_str().expect("a note");
    assert!(note.contains("plain HTTP") && note.contains(&url), "{note}");
    let next = &home.json(&["next", "P1"])["steps"][0]["step"];
    assert_eq!(next["code"], "save_first", "{next}");
    assert_eq!(home.json(&["merchant", "list"])["merchants"].as_array().map(Vec::len), Some(0));
    // The same page is known again, once its order names the merchant.
    home.good(&["order", "set", "P1", "--merchant", "小栈数码", "--amount", "30", "--paid", &hours(-1)]);
    let again = home.json(&["check-merchant", &url, "--price", "30", "--goods", "point-card"]);
    assert_eq!(
        (&again["whom"]["merchant"], &again["whom"]["known_by"]),
        (&"小栈数码".into(), &"page".into())
    );
    assert!(again["opened"].is_null());
    let text = home.good(&["check-merchant", &url, "--price", "30"]);
    assert!(text.contains("this very page stands in P1"), "{text}");
    home.good(&["check", "--read-data"]);
}

#[test]
fn what_cannot_be_fetched_is_noted_and_shows_nothing() {
    let home = Home::with_vault();
    let missing = format!("{}/gone", shop("404 Not Found", "gone"));
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        format!("http://{}/item", listener.local_addr().expect("an address"))
    };
    for (label, url, offline, fetched) in [
        ("P1", missing.as_str(), false, "status"),
        ("P2", &closed, false, "unreachable"),
        ("P3", "https://shop.example/item", true, "offline"),
        ("P4", "小栈数码", true, "no-address"),
    ] {
        let mut args = vec!["check-merchant", url, "--price", "30", "--save", label];
        args.extend(offline.then_some("--offline"));
        let found = home.json(&args);
        assert_eq!(found["opened"]["fetched"], fetched, "{found}");
        let order = home.json(&["order", "show", label]);
        let exhibits = order["order"]["exhibits"].as_array().expect("a list");
        if fetched == "no-address" {
            assert!(exhibits.is_empty(), "{order}");
            continue;
        }
        assert_eq!(exhibits[0]["slot"], "other", "an address fills no fixation");
        assert_eq!(order["completeness"]["fixations"][1]["complete"], false, "{order}");
    }
    let refused = home.exits(1, &["check-merchant", &missing, "--price", "30", "--save", "P1"]);
    assert!(refused.contains("P1"), "{refused}");
    assert!(home.exits(2, &["check-merchant", "--price", "30", "--save", "带中文"]).contains("1 to 32"));
}

/// A membership, a bought account with a coverage, and goods with a warranty, all of yesterday.
fn purchases() -> Home {
    let home = Home::with_vault();
    let (day, soon) = (hours(-24), hours(-1));
    let open = |label: &str, goods: &str, title: &str, delivered: &str| {
        let order = ["order", "new", label, "--goods", goods, "--title", title, "--amount", "50"];
        home.good(&[order.as_slice(), &["--paid", &day, delivered, &soon]].concat());
    };
    open("M", "membership", "视频会员 月卡", "--delivered");
    open("G", "game-account", "账号", "--handed-over");
    open("W", "point-card", "激活码", "--delivered");
    home.good(&["coverage", "G", "--issuer", "某平台", "--days", "60"]);
    home.good(&["promise", "add", "W", "--kind", "warranty", "质保30天"]);
    home
}

/// What is suggested for an order.
fn reasons(home: &Home, order: &str) -> Vec<String> {
    let found = home.json(&["follow-up", "suggest", order]);
    let all = found["suggestions"].as_array().expect("a list");
    all.iter().map(|one| one["reason"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn dates_are_suggested_set_by_number_and_outlast_the_end() {
    let home = purchases();
    assert_eq!(reasons(&home, "M"), ["term_ends"]);
    assert_eq!(reasons(&home, "G"), ["recovery_first", "recovery_second", "coverage_ends"]);
    assert_eq!(reasons(&home, "W"), ["warranty_ends"]);
    assert!(home.exits(2, &["follow-up", "suggest", "G", "--accept", "4"]).contains("There are 3"));
    assert_eq!(reasons(&home, "G").len(), 3, "nothing was set by that");
    let set = home.json(&["follow-up", "suggest", "G", "--accept", "1", "3"]);
    assert_eq!(set["set"].as_array().map(Vec::len), Some(2), "{set}");
    assert_eq!(reasons(&home, "G"), ["recovery_second"], "what is set is not suggested again");
    for order in ["M", "W"] {
        home.good(&["follow-up", "suggest", order, "--all"]);
    }
    for order in ["M", "G", "W"] {
        home.good(&["close", order, "fine"]);
    }
    let due = home.json(&["due"]);
    let clocks = due["clocks"].as_array().expect("a list");
    let of = |order: &str| {
        clocks.iter().filter(|one| one["order"] == order && one["clock"] == "follow_up").count()
    };
    assert_eq!((of("M"), of("G"), of("W")), (1, 2, 1), "{due}");
    assert_eq!(reasons(&home, "G"), ["recovery_second"], "a closed order's dates can still be set");
    assert!(home.good(&["follow-up", "suggest", "M"]).contains("no date"));
}

#[test]
fn a_month_is_reviewed_with_its_figures() {
    let home = Home::with_vault();
    let empty = home.good(&["review", "--month", "2026-09"]);
    assert!(empty.contains("Nothing was bought"), "{empty}");
    for (order, day) in [("A", "2026-09-10"), ("B", "2026-09-11")] {
        home.good(&[
            "order",
            "new",
            order,
            "--merchant",
            "小栈数码",
            "--profile",
            "qs",
            "--amount",
            "100",
            "--paid",
            &format!("{day} 10:00"),
        ]);
        home.good(&["problem", order, "--at", &format!("{day} 12:00")]);
        home.good(&["close", order, "given-up", "--at", &format!("{day} 20:00")]);
    }
    let found = &home.json(&["review", "--month", "2026-09"])["review"];
    assert_eq!((&found["month"], &found["over"]), (&"2026-09".into(), &true.into()));
    let shop = &found["subjects"][0];
    assert_eq!((&shop["name"], &shop["outlook"]), (&"小栈数码".into(), &"stop".into()), "{found}");
    assert_eq!(shop["sums"]["lost_fen"], 20_000);
    let text = home.good(&["review", "--month", "2026-09"]);
    assert!(text.contains("stop buying") && text.contains("2 disputes were never resolved"), "{text}");
    assert!(home.exits(2, &["review", "--month", "2026-13"]).contains("2026-13"));
}
