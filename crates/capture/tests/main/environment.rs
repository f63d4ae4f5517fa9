//! The conditions of a capture: who changed the page, and what the machine and the browser were like.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use sigu_capture::devtools::Session;
use sigu_capture::environment::{
    By, Edit, Environment, HostLine, Machine, NOTES, Severity, clock, examine, host, host_lines, proxies,
    unexplained, without_credentials,
};
use sigu_capture::exchange::{Answer, Body, BodyState, Exchange, Origin, Response};
use sigu_capture::page::{self, Capture, Limits};

use crate::support::{Desk, Site, html, reply};

const ORDER: &str = r##"<!doctype html><title>订单</title>
<p id=amount>实付金额 45.00</p><p id=state class=paid title=待发货>待发货</p><p id=gone>已使用</p>
<p id=clock>-</p><div id=built></div><div id=rows></div>
<details id=more><summary id=sum>说明</summary>更多</details>
<div id=note contenteditable>备注</div>
<a id=link href="javascript:void(document.getElementById('built').dataset.tab = '2')">详情</a>
<button id=go>加载</button>
<script>
  const at = (id) => document.getElementById(id);
  setInterval(() => { at('clock').textContent = new Date().toISOString() }, 20);
  const row = (_, n) => '<i>' + Date.now() + n + '</i>';
  setInterval(() => { at('rows').innerHTML = Array.from({ length: 9 }, row).join('') }, 30);
  at('go').onclick = async () => {
    const lines = await (await fetch('/lines')).json();
    await null;
    at('built').innerHTML = lines.map((line) => '<b>' + line + '</b>').join('');
    setTimeout("at('built').append('以后再说')", 1);
    setTimeout(new Function("at('state').title = '已发货'"), 2);
    eval("at('state').append('!') //# sourceURL=webpack:///a.js");
    setTimeout(() => { window.loaded = true }, 60);
  };
  at('state').onclick = new Function("at('state').classList.add('seen')");
  function show(text) { at('amount').textContent = text }
</script>"##;

async fn shop() -> Site {
    Site::serve(|request| match request.path.as_str() {
        "/order" => html(ORDER),
        "/lines" => {
            reply("200 OK", &["Content-Type: application/json"], br#"["\u8ba2\u5355\u53f7 2026112300017"]"#)
        }
        _ => reply("404 Not Found", &[], b""),
    })
    .await
}

async fn at_order(flags: &[&str]) -> Desk {
    let site = shop().await;
    let desk = Desk::with_flags(flags).await;
    desk.open(&site.url("/order")).await;
    desk
}

async fn conditions(desk: &Desk, machine: &Machine) -> Environment {
    let capture = page::fix(&desk.traffic, &desk.tab, &Limits::default()).await.unwrap();
    examine(&desk.traffic, &desk.tab, &desk.watch, &capture, machine).await
}

async fn edits(desk: &Desk) -> Vec<Edit> {
    let found = conditions(desk, &Machine::default()).await;
    assert!(found.page.watched && !found.page.watched_late, "{:?}", found.page);
    found.page.edits
}

fn codes(found: &Environment) -> Vec<&'static str> {
    found.notes.iter().map(|note| note.code).collect()
}

/// Elements as the Elements panel knows them.
struct Panel(Session);

impl Panel {
    async fn open(desk: &Desk) -> Self {
        let session = desk.devtools_window().await;
        session.call("DOM.enable", json!({})).await.unwrap();
        Self(session)
    }

    async fn node(&self, selector: &str) -> Value {
        let root = self.0.call("DOM.getDocument", json!({ "depth": -1 })).await.unwrap();
        let ask = json!({ "nodeId": root["root"]["nodeId"], "selector": selector });
        self.0.call("DOM.querySelector", ask).await.unwrap()["nodeId"].clone()
    }

    async fn text_node(&self, selector: &str) -> Value {
        let ask = json!({ "nodeId": self.node(selector).await, "depth": 1 });
        let node = self.0.call("DOM.describeNode", ask).await.unwrap();
        let backend = json!({ "backendNodeIds": [node["node"]["children"][0]["backendNodeId"]] });
        self.0.call("DOM.pushNodesByBackendIdsToFrontend", backend).await.unwrap()["nodeIds"][0].clone()
    }

    async fn edit(&self, method: &str, node: Value, mut change: Value) {
        change["nodeId"] = node;
        self.0.call(method, change).await.unwrap();
    }

    async fn console(&self, line: &str) {
        let ask = json!({ "expression": line, "includeCommandLineAPI": true, "userGesture": true,
            "replMode": true, "objectGroup": "console" });
        let answer = self.0.call("Runtime.evaluate", ask).await.unwrap();
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
    }
}

#[tokio::test]
async fn a_page_that_builds_itself_and_a_user_who_uses_it_leave_no_edit() {
    let desk = at_order(&[]).await;
    desk.click("#go").await;
    desk.until("window.loaded").await;
    for place in ["#state", "#link", "#sum", "#note"] {
        desk.click(place).await;
    }
    desk.session().call("Input.insertText", json!({ "text": "我手打的" })).await.unwrap();
    desk.until("document.querySelector('#note').textContent.includes('我手打的')").await;
    desk.until(
        "document.querySelector('#more').open && document.querySelector('#built').dataset.tab === '2'",
    )
    .await;
    desk.until("document.querySelector('#state').className === 'paid seen'").await;
    let found = conditions(&desk, &Machine::default()).await;
    assert_eq!(found.page.edits, []);
    assert_eq!(found.page.unexplained, Vec::<String>::new());
    assert!(found.page.watched && !found.page.watched_late);
    assert!(codes(&found).contains(&"page.unedited"), "{:?}", found.notes);
}

#[tokio::test]
async fn every_way_of_the_elements_panel_leaves_an_edit_by_no_script() {
    let desk = at_order(&[]).await;
    let panel = Panel::open(&desk).await;
    let text = panel.text_node("#amount").await;
    panel.edit("DOM.setNodeValue", text, json!({ "value": "实付金额 9.90" })).await;
    let state = panel.node("#state").await;
    panel.edit("DOM.setAttributeValue", state, json!({ "name": "title", "value": "已退款" })).await;
    let sum = panel.node("#sum").await;
    panel
        .edit(
            "DOM.setOuterHTML",
            sum,
            json!({ "outerHTML": "<summary id=sum>商家<b>承诺赔付</b></summary>" }),
        )
        .await;
    let gone = panel.node("#gone").await;
    panel.edit("DOM.removeNode", gone, json!({})).await;
    let found = conditions(&desk, &Machine::default()).await;
    let edits = &found.page.edits;
    assert!(edits.iter().all(|edit| edit.by == By::Nobody), "{edits:?}");
    let has = |kind: &str, place: &str, before: &str, after: &str| {
        edits.iter().any(|edit| {
            edit.kind == kind && edit.place == place && edit.before == before && edit.after == after
        })
    };
    assert!(has("text", "p#amount", "实付金额 45.00", "实付金额 9.90"), "{edits:?}");
    assert!(has("attribute", "p#state", "待发货", "已退款"), "{edits:?}");
    assert!(edits.iter().any(|edit| edit.after.contains("承诺赔付")), "{edits:?}");
    assert!(has("removed", "html > body", "已使用", ""), "{edits:?}");
    let told = &found.page.unexplained;
    assert!(
        told.iter().any(|text| text.contains("9.90")) && told.iter().any(|text| text == "已退款"),
        "{told:?}"
    );
    assert_eq!(found.worst(), Severity::Warning);
    assert!(codes(&found).contains(&"page.edited_by_hand"));
}

#[tokio::test]
async fn whatever_begins_in_the_console_is_the_consoles_doing() {
    for line in [
        "document.getElementById('amount').firstChild.data = '实付 9.90'",
        "document.getElementById('amount').innerHTML = '<b>实付 9.90</b>'",
        "document.getElementById('amount').textContent = '实付 9.90' //# sourceURL=http://127.0.0.1/shop.js",
        "show('实付 9.90')",
        "setTimeout(() => show('实付 9.90'), 1)",
        "setTimeout(new Function(\"show('实付 9.90')\"), 1)",
        "Promise.resolve().then(async () => { await null; show('实付 9.90') }), 1",
        "eval(\"show('实付 9.90')\")",
    ] {
        let desk = at_order(&[]).await;
        let panel = Panel::open(&desk).await;
        panel.console(line).await;
        desk.until("document.querySelector('#amount').textContent === '实付 9.90'").await;
        let edits = edits(&desk).await;
        assert!(!edits.is_empty() && edits.iter().all(|edit| edit.by == By::Console), "{line}: {edits:?}");
        assert!(edits.iter().any(|edit| edit.after.contains("9.90")), "{line}: {edits:?}");
    }
}

#[tokio::test]
async fn a_page_made_writable_does_not_hide_what_is_typed() {
    let desk = at_order(&[]).await;
    let panel = Panel::open(&desk).await;
    panel.console("document.designMode = 'on'").await;
    desk.click("#amount").await;
    desk.session().call("Input.insertText", json!({ "text": "假的" })).await.unwrap();
    desk.until("document.querySelector('#amount').textContent.includes('假的')").await;
    let edits = edits(&desk).await;
    assert!(edits.iter().any(|edit| edit.by == By::Nobody && edit.after.contains("假的")), "{edits:?}");
}

#[tokio::test]
async fn an_edit_the_page_wrote_over_counts_no_more() {
    let desk = at_order(&[]).await;
    let panel = Panel::open(&desk).await;
    let built = panel.node("#built").await;
    panel.edit("DOM.setOuterHTML", built, json!({ "outerHTML": "<div id=built>假的</div>" })).await;
    assert!(edits(&desk).await.iter().any(|edit| edit.after.contains("假的")));
    desk.click("#go").await;
    desk.until("window.loaded").await;
    let edits = edits(&desk).await;
    assert!(!edits.iter().any(|edit| edit.after.contains("假的")), "{edits:?}");
}

#[tokio::test]
async fn an_extension_that_writes_into_the_page_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        #[allow(clippy::disallowed_methods, reason = "a file of a test")]
        std::fs::write(folder.path().join(name), text).unwrap();
    };
    put(
        "manifest.json",
        r#"{"manifest_version":3,"name":"x","version":"1",
            "content_scripts":[{"matches":["<all_urls>"],"js":["x.js"]}]}"#,
    );
    put("x.js", "document.getElementById('amount').textContent = '实付 1.00'");
    let desk = at_order(&[&format!("--load-extension={}", folder.path().display())]).await;
    desk.until("document.querySelector('#amount').textContent === '实付 1.00'").await;
    let machine = Machine { flags: Some(desk.browser.flags().to_vec()), ..Machine::default() };
    let found = conditions(&desk, &machine).await;
    assert_eq!(found.browser.extensions.len(), 1, "{:?}", found.browser);
    let id = found.browser.extensions[0].clone();
    assert!(!found.page.edits.is_empty());
    assert!(found.page.edits.iter().all(|edit| edit.by == By::Extension(id.clone())), "{:?}", found.page);
    for code in ["browser.extension", "browser.flag", "page.edited_by_extension"] {
        assert!(codes(&found).contains(&code), "{code}: {:?}", found.notes);
    }
}

#[tokio::test]
async fn the_way_to_the_servers_and_the_clock_are_told_without_secrets() {
    let site = Site::serve(|request| match request.path.as_str() {
        "/" => reply(
            "200 OK",
            &["Content-Type: text/html; charset=utf-8", "Date: Sun, 06 Nov 1994 08:49:37 GMT"],
            "<p>订单".as_bytes(),
        ),
        _ => reply("404 Not Found", &[], b""),
    })
    .await;
    let desk = Desk::with_flags(&["--host-resolver-rules=MAP shop.sigu-probe.cn 127.0.0.1"]).await;
    desk.open(&site.url_at("shop.sigu-probe.cn", "/")).await;
    let folder = tempfile::tempdir().unwrap();
    let hosts_file = folder.path().join("hosts");
    #[allow(clippy::disallowed_methods, reason = "a file of a test")]
    std::fs::write(&hosts_file, b"127.0.0.1 localhost\n10.0.0.9\tshop.SIGU-probe.cn # mine\n\xff\xfe")
        .unwrap();
    let machine = Machine {
        variables: vec![("https_proxy".to_owned(), "http://me:hunter2@proxy.cn:3128".to_owned())],
        hosts_file,
        flags: Some(desk.browser.flags().to_vec()),
        own_profile: true,
    };
    let window = desk.devtools_window().await;
    let ask = json!({ "url": "devtools://devtools/bundled/inspector.html" });
    window.devtools().browser().call("Target.createTarget", ask).await.unwrap();
    let found = conditions(&desk, &machine).await;
    let line = HostLine { host: "shop.sigu-probe.cn".to_owned(), address: "10.0.0.9".to_owned() };
    assert_eq!(found.network.hosts_file, [line]);
    assert_eq!(found.network.names[0].used.as_deref(), Some("127.0.0.1"));
    assert!(found.clock.offset_s.unwrap() > 900_000_000, "{:?}", found.clock);
    assert!(found.browser.headless && found.browser.devtools_open && found.browser.own_profile);
    for code in [
        "network.private_address",
        "network.hosts_entry",
        "network.proxy",
        "clock.off",
        "browser.devtools_open",
        "browser.headless",
        "browser.flag",
    ] {
        assert!(codes(&found).contains(&code), "{code}: {:?}", found.notes);
    }
    assert!(codes(&found).iter().all(|code| NOTES.contains(code)));
    assert!(!serde_json::to_string(&found).unwrap().contains("hunter2"));
}

#[tokio::test]
async fn an_answer_from_inside_the_browser_has_no_address() {
    let site = shop().await;
    let desk = Desk::new().await;
    let window = desk.devtools_window().await;
    let mut paused = window.devtools().listen(&["Fetch.requestPaused"]);
    window.call("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*/order" }] })).await.unwrap();
    let own = window.clone();
    tokio::spawn(async move {
        let event = paused.recv().await.unwrap();
        let answer = json!({ "requestId": event.params["requestId"], "responseCode": 200, "body": "5YGH" });
        own.call("Fetch.fulfillRequest", answer).await.unwrap();
    });
    desk.open(&site.url("/order")).await;
    let found = conditions(&desk, &Machine::default()).await;
    assert_eq!(found.network.addressless, ["127.0.0.1"]);
    assert!(codes(&found).contains(&"network.no_address"));
}

#[test]
fn the_clock_is_the_median_over_hosts_of_what_servers_themselves_said() {
    let at: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
    let said = |host: &str, seconds: i64, from: Origin, age: bool| {
        let date = (at - seconds.seconds()).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let mut headers = vec![("date".to_owned(), date)];
        headers.extend(age.then(|| ("Age".to_owned(), "0".to_owned())));
        exchange(&format!("https://{host}/"), headers, from, "", at)
    };
    let offset = |exchanges: &[Exchange]| clock(exchanges).offset_s;
    assert_eq!(offset(&[]), None);
    assert_eq!(
        offset(&[said("a.cn", 9, Origin::DiskCache, false), said("a.cn", 9, Origin::Network, true)]),
        None
    );
    let net = Origin::Network;
    let a = said("a.cn", 3600, net, false);
    assert_eq!(offset(&[a.clone(), said("a.cn", 2, net, false)]), Some(2), "the closest of a host");
    let three = [a, said("b.cn", -90, net, false), said("c.cn", -91, net, false)];
    assert_eq!(offset(&three), Some(-90));
    let hostile = exchange("https://a.cn/", vec![("date".to_owned(), "gestern".to_owned())], net, "", at);
    assert_eq!(offset(&[hostile]), None);
}

#[test]
fn proxies_are_told_without_user_and_password() {
    let variables = [
        ("HTTP_PROXY", "user:pa/ss@10.0.0.1:3128"),
        ("all_proxy", "socks5://u:p@h:1"),
        ("NO_PROXY", "localhost"),
        ("https_proxy", " "),
        ("PATH", "/bin"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let flags = ["--proxy-server=http=http://a:b@c:1;https=d:2", "--lang=zh-CN"].map(str::to_owned);
    assert_eq!(
        proxies(&variables, &flags),
        [
            "HTTP_PROXY=***@10.0.0.1:3128",
            "all_proxy=socks5://***@h:1",
            "NO_PROXY=localhost",
            "--proxy-server=http=http://***@c:1;https=d:2",
        ]
    );
    assert_eq!(without_credentials("https://h.cn/a@b?c=d@e"), "https://***@e");
}

#[test]
fn hosts_files_are_read_however_they_are_written() {
    let hosts = ["a.cn", "b.cn", "localhost"].map(str::to_owned);
    let text =
        "\u{feff}1.1.1.1 a.cn\r\n# 2.2.2.2 a.cn\n3.3.3.3 x b.cn. A.CN#c\n::1 localhost\nfoo a.cn\n4.4.4.4";
    let found = host_lines(text, &hosts);
    let found: Vec<_> = found.iter().map(|line| (line.host.as_str(), line.address.as_str())).collect();
    assert_eq!(found, [("a.cn", "1.1.1.1"), ("b.cn", "3.3.3.3"), ("a.cn", "3.3.3.3")]);
    for (url, expected) in [
        ("https://u:p@Shop.cn:8443/x@y", Some("shop.cn")),
        ("ws://[::1]:80/", Some("::1")),
        ("data:text/html,x", None),
        ("https://", None),
        ("file:///etc", None),
    ] {
        assert_eq!(host(url).as_deref(), expected, "{url}");
    }
}

#[test]
fn recognised_values_are_looked_for_in_what_was_received() {
    let at = Timestamp::UNIX_EPOCH;
    let body = r#"{"no":"2026112300017","fen":4500,"state":"\u5df2\u53d1\u8d27"}"#;
    let exchanges = vec![exchange("https://a.cn/", Vec::new(), Origin::Network, body, at)];
    let capture = Capture {
        began_at: at,
        ended_at: at,
        look: None,
        frames: Vec::new(),
        pictures: Vec::new(),
        lists: Vec::new(),
        exchanges,
        sockets: Vec::new(),
        gaps: Vec::new(),
    };
    let values =
        ["2026112300017", "¥45.00", "已发货", "45.01", "已退款", "2026112300018", ""].map(str::to_owned);
    assert_eq!(unexplained(&values, &capture), ["45.01", "已退款", "2026112300018"]);
}

fn exchange(
    url: &str,
    headers: Vec<(String, String)>,
    from: Origin,
    body: &str,
    received_at: Timestamp,
) -> Exchange {
    let body = Body { bytes: body.as_bytes().to_vec(), state: BodyState::AsReceived };
    let response = Response { status: 200, reason: String::new(), headers, received_at, body, from };
    Exchange {
        url: url.to_owned(),
        method: "GET".to_owned(),
        started_at: received_at,
        kind: "XHR".to_owned(),
        request_headers: Vec::new(),
        request_body: None,
        answer: Answer::Received(response),
        remote_address: Some("203.0.113.7:443".to_owned()),
        protocol: None,
        tls: None,
    }
}
