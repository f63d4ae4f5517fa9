//! What goes wrong while a page is fixed: nothing hangs, what was received stays, what is missing is named.

use std::io::Read as _;
use std::time::Duration;

use serde_json::json;
use sigu_capture::clock::Deadline;
use sigu_capture::devtools::CallError;
use sigu_capture::dialogs::Dialogs;
use sigu_capture::downloads;
use sigu_capture::exchange::{Answer, BodyState};
use sigu_capture::page::{self, Capture, Gap};
use sigu_capture::panel;
use sigu_practice_shop::{Settings, Shop};

use crate::archive_sample::records;
use crate::support::{Desk, Site, exchange, gaps, html, reply, response, wait};

async fn shop() -> Shop {
    Shop::start(Settings::default()).await.unwrap()
}

/// Runs a future and fails when it takes longer than so many seconds.
async fn within<T>(seconds: u64, what: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(seconds);
    tokio::time::timeout(limit, what).await.unwrap_or_else(|_| panic!("not ready after {seconds} s"))
}

fn detail<'a>(capture: &'a Capture, code: &str) -> &'a str {
    let found = capture.gaps.iter().find(|gap| gap.code == code);
    &found.unwrap_or_else(|| panic!("no {code} in {:?}", capture.gaps)).detail
}

/// Waits until the capture of the lazy page has scrolled some way.
async fn under_way(desk: &Desk) {
    let at_first = desk.traffic.visit(&desk.tab).0.len();
    wait("the capture to scroll", || (desk.traffic.visit(&desk.tab).0.len() > at_first + 3).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_killed_during_a_capture_ends_it_at_once() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/lazy")).await;
    let kill = async {
        under_way(&desk).await;
        let group = rustix::process::Pid::from_raw(desk.browser.process().unwrap().cast_signed()).unwrap();
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
        let fixed_by = Deadline::after(Duration::from_secs(3));
        desk.browser.devtools().closed().await;
        fixed_by
    };
    let fix = page::fix(&desk.traffic, &desk.tab, &desk.limits);
    let (fixed, fixed_by) = within(20, async { tokio::join!(fix, kill) }).await;
    assert_eq!(fixed.err(), Some(CallError::Closed));
    assert!(!fixed_by.passed(), "the end is told at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_closed_during_a_capture_ends_it_at_once() {
    let (desk, shop) = (Desk::new().await, shop().await);
    // A second tab keeps the browser open.
    desk.browser.session().call("Target.createTarget", json!({ "url": "about:blank" })).await.unwrap();
    desk.open(&shop.url("/_pages/lazy")).await;
    let close = async {
        under_way(&desk).await;
        let ask = json!({ "targetId": desk.tab.0 });
        desk.browser.session().call("Target.closeTarget", ask).await.unwrap();
        Deadline::after(Duration::from_secs(4))
    };
    let fix = page::fix(&desk.traffic, &desk.tab, &desk.limits);
    let (fixed, fixed_by) = within(20, async { tokio::join!(fix, close) }).await;
    assert_eq!(fixed.err(), Some(CallError::Closed));
    assert!(!fixed_by.passed(), "the end is told at once");
    assert!(!desk.browser.devtools().is_closed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_falls_over_leaves_what_was_received() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/lazy")).await;
    let crash = async {
        under_way(&desk).await;
        let session = desk.traffic.session(&desk.tab).unwrap();
        drop(session.post("Page.crash", json!({})));
    };
    let fix = page::fix(&desk.traffic, &desk.tab, &desk.limits);
    let (fixed, ()) = within(30, async { tokio::join!(fix, crash) }).await;
    let capture = fixed.unwrap();
    detail(&capture, "page.silent");
    let body = &response(&capture, "/_pages/lazy").body;
    assert_eq!(body.state, BodyState::AsReceived);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_stops_loading_is_taken_as_far_as_it_came() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = within(30, desk.capture(&shop.url("/_pages/hangs"))).await;
    let image = shop.url("/_pages/hangs/image.png");
    assert_eq!(gaps(&capture), ["page.still_loading", "page.image_missing"], "{:?}", capture.gaps);
    assert_eq!(detail(&capture, "page.still_loading"), image);
    assert_eq!(exchange(&capture, "image.png").answer, Answer::Pending);
    assert!(capture.look.unwrap().text.contains("正文已经到了"));
    assert_eq!(capture.pictures.len(), 1);

    let url = shop.url("/_pages/never-ends");
    let capture = within(40, desk.capture(&url)).await;
    assert_eq!(detail(&capture, "page.still_loading"), url);
    assert!(detail(&capture, "traffic.body_missing").starts_with(&url));
    let body = &response(&capture, "/_pages/never-ends").body;
    assert_eq!(body.state, BodyState::Cut { of: None });
    assert!(String::from_utf8_lossy(&body.bytes).contains("<p>第 5 行</p>"), "what came is kept");
    let look = capture.look.as_ref().unwrap();
    assert_eq!(look.ready, "loading");
    assert!(look.text.contains("第 5 行"), "{}", look.text);
    assert_eq!(capture.pictures.len(), 1);
}

/// Memory of this process that is in use, in MB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

const READ_IT_ALL: &str = "(async () => { const answer = await fetch('/_pages/huge?mb=500'); let all = 0; \
    for (const reader = answer.body.getReader();;) { \
      const { done, value } = await reader.read(); if (done) return all; all += value.length; } })()";

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_500_mb_is_named_and_not_kept() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/edited")).await;
    let before = resident();
    assert_eq!(desk.ask(READ_IT_ALL).await, 500 << 20);
    let capture = within(30, desk.fix()).await;
    let grown = resident().saturating_sub(before);
    assert!(grown < 400, "{grown} MB more");
    let told = detail(&capture, "traffic.body_missing");
    assert!(told.contains("huge?mb=500") && told.contains("524288000"), "{told}");
    assert!(response(&capture, "huge?mb=500").body.bytes.is_empty());
    assert_eq!(response(&capture, "/_pages/edited").body.state, BodyState::AsReceived);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_shorter_than_said_is_cut_and_keeps_what_came() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let url = shop.url("/_pages/wrong-length");
    page::open(&desk.traffic, &desk.tab, &url, &desk.limits).await.unwrap();
    let capture = within(20, desk.fix()).await;
    let body = &response(&capture, "/_pages/wrong-length").body;
    assert_eq!(body.state, BodyState::Cut { of: Some(4_096) });
    assert!(detail(&capture, "traffic.body_missing").starts_with(&url));
    assert!(capture.look.as_ref().unwrap().text.contains("只有这些字节"));
    assert!(String::from_utf8_lossy(&body.bytes).contains("只有这些字节"), "{body:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_cannot_be_opened_are_told_in_the_browsers_words() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let tls = Shop::start(Settings { tls: true, ..Settings::default() }).await.unwrap();
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/order", listener.local_addr().unwrap())
    };
    let cases = [
        (shop.url("/_pages/redirect-loop"), "net::ERR_TOO_MANY_REDIRECTS"),
        (tls.url("/_pages/edited"), "net::ERR_CERT_AUTHORITY_INVALID"),
        (gone, "net::ERR_CONNECTION_REFUSED"),
    ];
    for (url, expected) in cases {
        let told = within(20, page::open(&desk.traffic, &desk.tab, &url, &desk.limits)).await.unwrap();
        assert_eq!(told.as_deref(), Some(expected), "{url}");
        let capture = within(20, desk.fix()).await;
        assert!(detail(&capture, "traffic.failed").contains(expected), "{:?}", capture.gaps);
        assert_eq!(capture.pictures.len(), 1, "what the browser showed instead");
        assert!(capture.exchanges.iter().any(|one| one.url == url), "{:?}", capture.exchanges);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_server_that_says_no_is_named_with_its_number() {
    let desk = Desk::prepared(&[], |session| panel::prepare(session, &crate::panel::words())).await;
    let site = Site::serve(|request| match request.path.as_str() {
        "/gone" => reply("302 Found", &["Location: /404"], b""),
        "/good" => html("<h1>订单</h1><iframe src=/404></iframe><img src=/500 alt=''>"),
        path => {
            let status = if path == "/500" { "500 Internal Server Error" } else { "404 Not Found" };
            reply(status, &["Content-Type: text/html; charset=utf-8"], "<p>出错了".as_bytes())
        }
    })
    .await;
    for (path, number) in [("/404", "404"), ("/500", "500"), ("/gone", "404")] {
        let capture = within(30, desk.capture(&site.url(path))).await;
        assert_eq!(gaps(&capture), ["page.status"], "{path}: {:?}", capture.gaps);
        assert_eq!(detail(&capture, "page.status"), number, "{path}");
        assert!(capture.look.as_ref().unwrap().text.contains("出错了"), "the page itself is kept");
    }
    let capture = within(30, desk.capture(&site.url("/good"))).await;
    assert!(
        !gaps(&capture).contains(&"page.status"),
        "of frames and pictures nothing is said: {:?}",
        capture.gaps
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_instead_of_a_page_is_handed_over() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let folder = tempfile::tempdir().unwrap();
    let mut files = downloads::into_folder(desk.browser.devtools(), folder.path()).await.unwrap();
    let url = shop.url("/_pages/download/file");
    let told = within(20, page::open(&desk.traffic, &desk.tab, &url, &desk.limits)).await.unwrap();
    assert_eq!(told.as_deref(), Some("net::ERR_ABORTED"));
    let file = within(20, files.recv()).await.unwrap();
    assert_eq!((file.url.as_str(), file.name.as_str()), (url.as_str(), "订单.txt"));
    let mut text = String::new();
    std::fs::File::open(file.path.unwrap()).unwrap().read_to_string(&mut text).unwrap();
    assert!(text.starts_with("订单号,商品,金额\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_captures_of_a_tab_at_once_are_the_same() {
    let desk = Desk::prepared(&[], |session| panel::prepare(session, &crate::panel::words())).await;
    let shop = shop().await;
    desk.open(&shop.url("/_pages/sticky")).await;
    let (one, other) = within(40, async { tokio::join!(desk.fix(), desk.fix()) }).await;
    assert_eq!((gaps(&one), gaps(&other)), (vec![], vec![]));
    assert_eq!(one.look.unwrap().html, other.look.unwrap().html);
    assert!(one.pictures[0].png == other.pictures[0].png);
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogs_without_end_do_not_keep_a_capture_from_its_end() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let dialogs = Dialogs::close_all(&desk.traffic);
    let url = shop.url("/_pages/alerts");
    within(30, page::open(&desk.traffic, &desk.tab, &url, &desk.limits)).await.unwrap();
    wait("the scripts to be stopped", || {
        dialogs.said().iter().any(|gap| gap.code == "page.scripts_stopped").then_some(())
    })
    .await;
    let capture = within(40, desk.fix()).await;
    let said: Vec<Gap> = dialogs.said();
    assert_eq!(said.iter().filter(|gap| gap.code == "page.dialog").count(), 10);
    assert!(said[0].detail.contains("请添加微信领取卡密 0"), "{:?}", said[0]);
    assert_eq!(capture.pictures.len(), 1, "{:?}", capture.gaps);
    assert_eq!(gaps(&capture), [""; 0], "{:?}", capture.gaps);
    assert!(capture.look.unwrap().text.contains("弹窗不停"));
    // The next page runs its scripts again, and the question on leaving keeps nobody.
    within(20, desk.open(&shop.url("/_pages/canvas"))).await;
    assert_eq!(desk.ask("typeof c").await, "object");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_redefines_everything_is_taken_as_it_is() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = within(20, desk.capture(&shop.url("/_pages/hostile"))).await;
    assert_eq!(gaps(&capture), [""; 0], "{:?}", capture.gaps);
    let look = capture.look.unwrap();
    assert_eq!(look.title, "敌意页面");
    assert!(look.text.contains("订单号：HOSTILE000000001"), "{}", look.text);
    assert!(look.html.contains("<textarea readonly=\"\">卡密：不可信</textarea>"));
    assert_eq!(look.controls.len(), 1);
    assert_eq!(look.controls[0].value, "卡密：不可信");
    assert_eq!((look.url, look.collapsed, look.frames), (shop.url("/_pages/hostile"), 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_giant_document_ends_within_its_limits() {
    let (mut desk, shop) = (Desk::new().await, shop().await);
    desk.limits.whole = Duration::from_secs(30);
    let capture = within(60, desk.capture(&shop.url("/_pages/giant-dom?n=200000"))).await;
    let look = capture.look.as_ref().unwrap_or_else(|| panic!("{:?}", capture.gaps));
    assert!(look.elements >= 200_000);
    assert!(look.text.contains("199999") && look.html.contains("<i id=\"n199999\">"));
    assert!(!detail(&capture, "page.too_tall").is_empty());
    assert_eq!(response(&capture, "n=200000").body.state, BodyState::AsReceived);
    // Each tile of so large a page takes seconds: those there was time for are kept, and the rest is named.
    let heights: u32 = capture.pictures.iter().map(|one| one.height).sum();
    if heights < desk.limits.height {
        let told = detail(&capture, "page.no_picture");
        assert!(told.starts_with(&format!("{heights} px: ")), "{told} after {heights}");
    }
}

const LOOPS: &str = "<!doctype html><meta charset=utf-8><title>卡住</title><h1>订单号：LOOP0001</h1>\
    <script>while (1) {}</script>";
const LOOPS_LATER: &str = "<!doctype html><meta charset=utf-8><title>卡住</title><h1>订单号：LOOP0002</h1>\
    <script>addEventListener('scroll', () => { while (1) {} })</script><div style='height:5000px'>";

#[tokio::test(flavor = "multi_thread")]
async fn a_script_without_end_leaves_what_was_received() {
    let site = Site::of(vec![("/loops", LOOPS), ("/later", LOOPS_LATER)]).await;
    for (path, number) in [("/later", "LOOP0002"), ("/loops", "LOOP0001")] {
        let desk = Desk::new().await;
        let url = site.url(path);
        let opening = page::open(&desk.traffic, &desk.tab, &url, &desk.limits);
        within(30, opening).await.unwrap();
        let capture = within(40, desk.fix()).await;
        detail(&capture, "page.silent");
        let body = &response(&capture, path).body;
        assert_eq!(body.state, BodyState::AsReceived, "{path}: {:?}", capture.gaps);
        assert!(String::from_utf8_lossy(&body.bytes).contains(number));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cookie_or_token_gets_into_the_archive() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/cookies")).await;
    desk.ask("new Promise((done) => setInterval(() => /已登录/.test(out.textContent) && done(1), 20))").await;
    let capture = desk.fix().await;
    let sent = &exchange(&capture, "page=1").request_headers;
    let has = |name: &str| sent.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    assert!(has("cookie") && has("authorization"), "the browser did send them");
    let contents = sigu_capture::archive::Contents {
        pages: &[],
        exchanges: &capture.exchanges,
        sockets: &capture.sockets,
        resources: &[],
        software: "sigu; test",
        created_at: capture.ended_at,
    };
    let mut out = std::io::Cursor::new(Vec::new());
    let summary = sigu_capture::archive::write(&contents, &mut out).unwrap();
    let package = out.into_inner();
    let mut all = records(&package);
    all.extend(crate::archive_sample::members(&package).into_iter().flat_map(|(_, bytes)| bytes));
    let found = |secret: &str| all.windows(secret.len()).any(|part| part == secret.as_bytes());
    assert!(found("已登录") && found("登录态"), "the page itself is there");
    let asked = format!("{}/_pages/cookies/api?token=query-90af", shop.url(""));
    let line = "GET /_pages/cookies/api?token=query-90af";
    for secret in ["session-cookie-7f3a91", "token-cookie-c41be2", &asked, line] {
        assert!(!found(secret), "{secret}");
    }
    let script = std::str::from_utf8(&response(&capture, "/_pages/cookies").body.bytes).unwrap().to_owned();
    assert!(script.contains("Bearer practice-5be1"), "what the page itself says is not the buyer's secret");
    assert!(!found("uthorization: Bearer"), "{:?}", summary.removed);
    assert!(summary.removed.values().sum::<u64>() >= 4, "{:?}", summary.removed);
}

#[test]
fn every_gap_there_can_be_is_in_the_list() {
    let mut found = std::collections::BTreeSet::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let call = regex::Regex::new(r#"Gap::new\(\s*"([a-z_.]+)""#).unwrap();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                found.extend(call.captures_iter(&source).map(|one| one[1].to_owned()));
                let others = source.matches("Gap::new(").count() - call.find_iter(&source).count();
                assert_eq!(others, 0, "{}: a gap whose code is not written there", path.display());
            }
        }
    }
    let listed: std::collections::BTreeSet<String> = page::GAPS.map(str::to_owned).into();
    assert_eq!(found, listed);
}
