//! `sigu watch` as its user meets it: the real binary before a page of this machine.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::json;

use crate::process::Home;

/// A page that answers with these words until the test ends; gives its address.
fn page(words: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a port");
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let Ok(mut socket) = socket else { return };
            let mut question = [0; 2048];
            let _ = socket.read(&mut question);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close";
            let _ = write!(socket, "{head}\r\nContent-Length: {}\r\n\r\n{words}", words.len());
        }
    });
    format!("http://{address}/rules")
}

#[test]
fn a_page_is_watched_looked_at_shown_and_stopped() {
    let home = Home::with_vault();
    let url = page("第一条 卡密失效的，48 小时内可以申请退款，退款 80%。");
    let said = home.good(&["watch", "list"]);
    assert!(said.contains("No page is watched"), "{said}");
    let said = home.good(&["watch", "add", &url, "--name", "rules", "--kind", "after_sale", "--every", "2d"]);
    assert!(said.contains("rules is watched, every 2 days"), "{said}");
    assert_eq!(home.json(&["watch", "list"])["pages"][0]["state"], "new");
    let looked = home.json(&["watch", "look", "rules"]);
    assert_eq!(looked["pages"][0]["state"], "first", "{looked}");
    let listed = home.json(&["watch", "list"]);
    assert_eq!(listed["pages"][0]["versions"], 1);
    assert_eq!((&listed["pages"][0]["state"], &listed["pages"][0]["url"]), (&json!("fine"), &json!(url)));
    let shown = home.json(&["watch", "show", "rules"]);
    let item = shown["versions"][0]["item"].as_str().expect("an item");
    assert!(shown["versions"][0]["text"].as_str().expect("a text").contains("48 小时"));
    assert!(home.good(&["watch", "show", "rules"]).contains(item));
    assert!(home.json(&["log"]).to_string().contains("page.fixed"));
    home.good(&["check", "--read-data"]);
    assert!(home.good(&["watch", "stop", "rules"]).contains("not watched any more"));
    let refused = home.exits(1, &["watch", "look", "rules"]);
    assert!(refused.contains("Watch it again"), "{refused}");
    home.good(&["erase", item, "--yes"]);
    assert!(home.good(&["watch", "show", "rules"]).contains("content erased"));
}

#[test]
fn what_cannot_be_watched_is_refused_with_advice() {
    let home = Home::with_vault();
    for (code, args, said) in [
        (1, &["watch", "add", "ftp://a.example/"][..], "http://"),
        (1, &["watch", "add", "https://a.example/", "--order", "none"], "no order none"),
        (2, &["watch", "add", "https://a.example/", "--every", "soon"], "24h or 7d"),
        (2, &["watch", "add", "https://a.example/", "--name", "a b"], "1 to 32"),
        (2, &["watch", "add", "https://a.example/", "--rule", "规则"], "--article"),
        (2, &["watch", "import", "none.json"], "none.json"),
        (1, &["watch", "show", "none"], "sigu watch list"),
        (1, &["watch", "stop", "none"], "sigu watch list"),
    ] {
        let text = home.exits(code, args);
        assert!(text.contains(said), "{args:?}: {text}");
    }
}
