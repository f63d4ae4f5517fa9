//! Whatever is captured: the archive can be read, and no secret is in it.

use std::io::Cursor;
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use sigu_capture::archive::{Limits, PageRecord, Resource, check};
use sigu_capture::exchange::{Answer, Body, BodyState, Exchange, Frames, Origin, Response, SocketLine};

use crate::archive_sample::{Visit, at, exchange, member, members, received, records};
use crate::support::tool;

fn state() -> impl Strategy<Value = BodyState> {
    prop_oneof![
        Just(BodyState::AsReceived),
        Just(BodyState::Transcoded),
        any::<Option<u64>>().prop_map(|of| BodyState::Cut { of }),
        any::<String>().prop_map(|why| BodyState::Absent { why }),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    let head = vec(any::<(String, String)>(), 0..4);
    let response = (any::<u16>(), any::<String>(), head, vec(any::<u8>(), 0..200));
    prop_oneof![
        (response, state()).prop_map(|((status, reason, headers, bytes), state)| {
            let body = Body { bytes, state };
            Answer::Received(Response {
                status,
                reason,
                headers,
                received_at: at(3),
                body,
                from: Origin::Network,
            })
        }),
        any::<String>().prop_map(Answer::Failed),
        Just(Answer::Pending),
    ]
}

fn any_exchange() -> impl Strategy<Value = Exchange> {
    let url = prop_oneof![any::<String>(), "https?://[a-z.%0-9:@\\[]{1,20}(/[ -~]{0,20})?"];
    let request = (vec(any::<(String, String)>(), 0..4), any::<Option<Vec<u8>>>(), any::<String>());
    let other = (any::<Option<String>>(), any::<Option<String>>(), any::<String>(), any::<u32>());
    (url, request, other, answer()).prop_map(
        |(url, (headers, body, method), (ip, protocol, kind, when), answer)| Exchange {
            method,
            kind,
            request_headers: headers,
            request_body: body,
            remote_address: ip,
            protocol,
            ..exchange(&url, i64::from(when), answer)
        },
    )
}

fn any_visit() -> impl Strategy<Value = Visit> {
    let other = (any::<String>(), vec(any::<u8>(), 0..50));
    (vec(any_exchange(), 0..6), other).prop_map(|(exchanges, (text, bytes))| Visit {
        pages: Vec::new(),
        sockets: vec![Frames {
            url: text.clone(),
            lines: vec![SocketLine { at: at(5), sent: true, text: text.clone() }],
        }],
        resources: vec![Resource {
            target_uri: format!("urn:x:{text}"),
            media_type: text.clone(),
            at: at(6),
            bytes,
            about: vec![(text.clone(), text)],
        }],
        exchanges,
    })
}

fn secret_name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("token"),
        Just("access_token"),
        Just("accessToken"),
        Just("session"),
        Just("sid"),
        Just("sk"),
        Just("skey"),
        Just("auth"),
        Just("password"),
        Just("pwd"),
        Just("search_pwd"),
        Just("passwd"),
        Just("client_secret"),
        Just("JSESSIONID"),
        Just("user[pwd]"),
        Just("%74oken"),
    ]
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_visit_is_an_archive_without_findings(visit in any_visit().no_shrink()) {
        let (bytes, summary) = visit.written();
        let report = check(Cursor::new(&bytes), &Limits::default());
        prop_assert!(report.is_clean(), "{:#?}\n{:?}", report.findings, visit.exchanges);
        prop_assert_eq!(report.records, summary.records);
    }

    #[test]
    fn no_bytes_make_the_check_fail(mut bytes in vec(any::<u8>(), 0..300), start in 0_usize..4) {
        let openings: [&[u8]; 4] = [b"PK\x03\x04", b"WARC/1.1\r\n", b"\x1f\x8b\x08\0", b""];
        bytes.splice(..0, openings[start].iter().copied());
        prop_assert!(!check(Cursor::new(&bytes), &Limits::default()).is_clean());
    }

    #[test]
    fn no_secret_is_in_the_archive(
        secret in "Zq[0-9A-Za-z]{8}[,;=/?#@:. ]{0,2}[0-9A-Za-z]{6}qZ",
        name in secret_name(),
    ) {
        let (bytes, summary) = visit_with(&secret, &name).written();
        prop_assert!(!summary.removed.is_empty());
        let mut all = records(&bytes);
        for (path, content) in members(&bytes) {
            if !path.starts_with("archive/") {
                all.extend(content);
            }
        }
        let text = String::from_utf8_lossy(&all).into_owned();
        // Both halves, since a separator may have cut it.
        for part in [&secret[..10], &secret[secret.len() - 8..]] {
            if let Some(at) = text.find(part) {
                let around = text.get(at.saturating_sub(300)..at + 40);
                prop_assert!(false, "{part} in …{around:?}");
            }
        }
    }
}

fn encoded(text: &str) -> String {
    let escape =
        |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(escape).collect()
}

/// Requests with the secret everywhere a browser puts one: address, kind of body, body.
fn places(secret: &str, name: &str) -> Vec<(String, &'static str, String)> {
    let value = encoded(secret);
    let raw = secret.replace(['#', '?', '/', ' ', '@'], ".");
    let address = address(secret, name);
    let plain = name.replace("%74", "t");
    let json = json(secret, name);
    let form = format!("x=1&{name}={value}");
    let multipart =
        format!("--B\r\nContent-Disposition: form-data; name=\"{plain}\"\r\n\r\n{secret}\r\n--B--\r\n");
    vec![
        (address.clone(), "application/x-www-form-urlencoded", form.clone()),
        (format!("https://a.cn/go?to={}", encoded(&address)), "application/json", json.clone()),
        (format!("https://a.cn/go?to={}", encoded(&encoded(&address))), "application/json", json.clone()),
        (format!("https://a.cn/p?{name}={raw}"), "text/plain", json.clone()),
        (format!("https://u:{value}@a.cn/p;{name}={value}/q"), "multipart/form-data; boundary=B", multipart),
        (format!("https://a.cn/#/r?{name}={value}"), "", form),
        (
            format!("https://a.cn/?data={}", encoded(&json)),
            "application/json",
            json[..json.len() - 1].to_owned(),
        ),
    ]
}

fn address(secret: &str, name: &str) -> String {
    let value = encoded(secret);
    format!("https://a.cn/p?x=1&{name}={value}&y=2#{name}={value}")
}

fn json(secret: &str, name: &str) -> String {
    let name = name.replace("%74", "t");
    serde_json::json!({"a": [{name: secret, "b": 1.50}]}).to_string()
}

fn visit_with(secret: &str, name: &str) -> Visit {
    let address = address(secret, name);
    let inside = format!("https://a.cn/go?to={}", encoded(&address));
    let head = [("Location", address.as_str()), ("Set-Cookie", secret), ("X-Auth-Token", secret)];
    let asked = |(url, kind, body): (String, &str, String)| {
        let mut one = exchange(&url, 1, received(302, &head, b""));
        let list =
            [("Content-Type", kind), ("Cookie", secret), ("Authorization", secret), ("Referer", &inside)];
        one.request_headers = list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        one.request_headers.push((":path".to_owned(), address.clone()));
        one.request_body = Some(body.into_bytes());
        one
    };
    let mut exchanges: Vec<Exchange> = places(secret, name).into_iter().map(asked).collect();
    exchanges.push(exchange(&address, 2, Answer::Pending));
    Visit {
        pages: vec![PageRecord { id: "1".to_owned(), url: address.clone(), title: String::new(), at: at(1) }],
        exchanges,
        sockets: vec![Frames {
            url: address.clone(),
            lines: vec![SocketLine { at: at(2), sent: true, text: json(secret, name) }],
        }],
        resources: vec![Resource {
            target_uri: format!("urn:screenshot:{address}"),
            media_type: "image/png".to_owned(),
            at: at(3),
            bytes: vec![1],
            about: vec![("page".to_owned(), address)],
        }],
    }
}

#[test]
fn record_index_pages_and_screenshot_name_the_same_address() {
    let bytes = visit_with("Zq1", "token").bytes();
    let address = "https://a.cn/p?x=1&token=&y=2#token=";
    let all = String::from_utf8_lossy(&records(&bytes)).into_owned();
    for line in [
        format!("WARC-Target-URI: {address}\r\n"),
        format!("WARC-Target-URI: urn:screenshot:{address}\r\n"),
        format!("Location: {address}\r\n"),
        "Sigu-Removed: authorization, cookie, form:token, fragment:token, query:token\r\n".to_owned(),
    ] {
        assert!(all.contains(&line), "{line} is not in {all}");
    }
    for name in ["indexes/index.cdx", "pages/pages.jsonl", "datapackage.json"] {
        let text = String::from_utf8(member(&bytes, name)).unwrap();
        assert!(text.contains(address), "{name}: {text}");
    }
}

/// One batch of arbitrary visits, read by another implementation.
#[test]
fn warcio_reads_arbitrary_visits() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let folder = tempfile::tempdir().unwrap();
    let mut records = 0;
    let mut names = Vec::new();
    for number in 0..60 {
        let visit = any_visit().new_tree(&mut runner).unwrap().current();
        let (bytes, summary) = visit.written();
        records += summary.records;
        let name = format!("{number}.warc.gz");
        put(&folder.path().join(&name), &member(&bytes, "archive/data.warc.gz"));
        names.push(name);
    }
    let mut command = Command::new(tool("warcio"));
    let done = command.args(["check", "-v"]).args(&names).current_dir(folder.path()).output().unwrap();
    let shown = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{shown}");
    assert_eq!(shown.matches("digest pass").count() as u64, records, "{shown}");
}

#[allow(clippy::disallowed_methods, reason = "a file for the tool, gone after the test")]
fn put(path: &std::path::Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
