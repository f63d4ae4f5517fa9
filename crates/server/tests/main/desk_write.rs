//! What is written at the desk, by forms alone: an order's life, wrong input, secrets, strangers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use sigu_case::report::{DocumentMade, ObservationMade, Observed, Sense};
use sigu_case::{Direction, Order};
use sigu_server::{Desk, Words, open};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::house::{House, ORDER};

/// A desk that runs, and a browser that was let in.
pub(crate) struct Browser {
    pub(crate) house: House,
    port: u16,
    cookie: String,
    _runtime: Runtime,
}

pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        assert!(self.text.contains(words), "{} without {words}:\n{}", self.status, self.text);
    }
}

impl Browser {
    pub(crate) fn new() -> Self {
        let house = House::new();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = Arc::new(Desk::new(house.app.clone(), port, Words::chinese()));
        let link = desk.start_link();
        runtime.spawn(open(listener, desk, std::future::pending()));
        let mut own = Self { house, port, cookie: String::new(), _runtime: runtime };
        let path = link.split_once(&format!(":{port}")).unwrap().1.to_owned();
        let let_in = own.ask("GET", &path, "", &[], b"");
        own.cookie = let_in.header("set-cookie").split(';').next().unwrap().to_owned();
        own
    }

    pub(crate) fn ask(&self, method: &str, path: &str, origin: &str, headers: &[&str], body: &[u8]) -> Page {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nCookie: {}\r\nContent-Length: {}\r\n",
            self.port,
            self.cookie,
            body.len()
        );
        if !origin.is_empty() {
            head.push_str(&format!("Origin: {origin}\r\n"));
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
        Page { status, head, text: String::from_utf8_lossy(&bytes[end + 4..]).into_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Page {
        self.ask("GET", path, "", &[], b"")
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", coded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask("POST", path, &self.origin(), &[kind], body.as_bytes())
    }

    /// Sends a form with files: name and content.
    pub(crate) fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, content) in files {
            let part = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(part.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        let kind = "Content-Type: multipart/form-data; boundary=cut";
        self.ask("POST", path, &self.origin(), &[kind], &body)
    }

    pub(crate) fn order(&self, label: &str) -> Order {
        self.house.with(|vault| vault.order(&label.parse().unwrap()).unwrap().unwrap())
    }
}

#[test]
fn the_life_of_an_order_by_forms_alone() {
    let desk = Browser::new();
    let pasted =
        "订单号：20261120203258\n商品名称：点卡 100 元\n实付款：95.00 元\n付款时间：2026-03-01 20:33:10";
    let read = desk.post("/orders/recognise", &[("paste", pasted)]);
    read.says("value=\"20261120203258\"");
    read.says("value=\"95.00\"");
    read.says("2026-03-01T20:33:10");
    let facts = [("order", "A1"), ("title", "点卡 100 元"), ("amount", "95"), ("merchant", "小店")];
    let more = [("goods", "game_point_card"), ("paid_at", "2026-03-01T20:33:10"), ("delivered_at", "")];
    let opened = desk.post("/orders/new", &[facts.as_slice(), &more].concat());
    assert_eq!((opened.status, opened.header("location")), (303, "/orders/A1"));
    assert_eq!(desk.order("A1").facts.amount_fen, Some(9_500));

    let picture = vec![7; 3 << 20];
    let files: [(&str, &[u8]); 2] = [("订单页.png", &picture), ("订单.txt", "已发货".as_bytes())];
    let fixed = desk.upload("/orders/A1/fix", &[("slot", "transaction"), ("note", "付款后截图")], &files);
    assert_eq!(fixed.status, 303, "{}", fixed.text);
    desk.get(fixed.header("location")).says("已固定 2 项");
    let order = desk.order("A1");
    assert_eq!(order.exhibits[0].manifest().unwrap().size, 3 << 20);
    assert_eq!(order.exhibits[0].manifest().unwrap().media_type, "image/png");

    let noted = [("what", "observe"), ("observed", "used"), ("place", "issuer"), ("text", "该卡已使用")];
    assert_eq!(desk.post("/orders/A1/note", &noted).header("location"), "/orders/A1/note?noted=observe");
    assert_eq!(desk.order("A1").of_kind::<ObservationMade>().next().unwrap().1.state, Observed::Used);

    let talk = desk.get("/orders/A1/talk");
    let draft = talk.text.split_once("<textarea id=\"text\"").unwrap().1.split_once('>').unwrap().1;
    let draft = draft.split_once("</textarea>").unwrap().0.to_owned();
    let hidden = |name: &str| {
        let after = talk.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        after.split_once('"').unwrap().0.to_owned()
    };
    assert!(!draft.is_empty());
    let (kind, due_at) = (hidden("kind"), hidden("due_at"));
    let send =
        [("what", "send"), ("kind", kind.as_str()), ("due_at", due_at.as_str()), ("text", draft.as_str())];
    let sent = desk.post("/orders/A1/talk", &send);
    assert_eq!(sent.status, 303, "{}", sent.text);
    let came = [("what", "reply"), ("came", "不退，自己的问题"), ("via", "platform")];
    assert_eq!(desk.post("/orders/A1/talk", &came).status, 303);
    let order = desk.order("A1");
    assert_eq!(order.messages[0].direction, Direction::Out);
    assert_eq!(order.sense(&order.messages[0]).0, Some(Sense::Notice));
    assert_eq!(order.sense(&order.messages[1]).0, Some(Sense::Refusal));
    let item = order.messages[1].item.to_string();
    let right = [("what", "sense"), ("message", item.as_str()), ("sense", "question"), ("due_at", "")];
    assert_eq!(desk.post("/orders/A1/talk", &right).status, 303);
    let order = desk.order("A1");
    assert_eq!(order.sense(&order.messages[1]).0, Some(Sense::Question));
    assert_eq!(desk.post("/orders/A1/talk", &[("what", "silence")]).status, 303);
    desk.get("/orders/A1/talk").says("class=\"silence\"");
    papers(&desk);
    desk.house.assert_clean();
}

/// What a browser would send of a form that is left as it is: fields and what is chosen.
fn shown(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page.split_once(&format!("action=\"{action}\"")).unwrap().1.split_once("</form>").unwrap().0;
    let after = |tag: &str, name: &str| {
        let value = tag.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.map(|(value, _)| value.to_owned())
    };
    let chosen = |name: &str| {
        let own = form.split_once(&format!("name=\"{name}\"")).unwrap().1.split_once("</select>");
        let option = own?.0.split("<option").find(|option| option.contains(" selected"))?;
        after(option, "value")
    };
    let field = |tag: &str| {
        let name = after(tag, "name")?;
        let value = if tag.starts_with("select") { chosen(&name) } else { after(tag, "value") };
        Some((name, value.unwrap_or_default()))
    };
    let fields = form.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("select"));
    fields.filter_map(field).collect()
}

#[test]
fn details_left_as_they_are_stay_to_the_last_digit() {
    let desk = Browser::new();
    let label: sigu_case::OrderId = "ms".parse().unwrap();
    let facts = sigu_case::OrderFacts {
        title: Some("点卡 卡密：ABCD-EFGH-JKLM-2345".to_owned()),
        paid_at: Some("2026-03-01T12:33:10.123Z".parse().unwrap()),
        amount_fen: Some(9_500),
        ..Default::default()
    };
    let now = "2026-03-02T00:00:00Z".parse().unwrap();
    let open = sigu_case::Command::OpenOrder { order: label, facts: facts.clone() };
    desk.house.with(|vault| vault.execute(vec![open], now).unwrap());
    let entries = || desk.house.with(|vault| vault.log(None).unwrap().len());
    let before = entries();
    let page = desk.get("/orders/ms/facts");
    assert!(!page.text.contains("ABCD-EFGH-JKLM-2345"), "a card in a title is masked");
    let mut fields = shown(&page.text, "/orders/ms/facts");
    assert!(fields.contains(&("paid_at".to_owned(), "2026-03-01T20:33:10".to_owned())), "{fields:?}");
    let send = |fields: &[(String, String)]| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(desk.post("/orders/ms/facts", &pairs).status, 303);
    };
    send(&fields);
    assert_eq!((entries(), desk.order("ms").facts), (before, facts.clone()), "nothing was changed");
    fields.iter_mut().find(|(name, _)| name == "amount").unwrap().1 = "96".to_owned();
    send(&fields);
    let expected = sigu_case::OrderFacts { amount_fen: Some(9_600), ..facts };
    assert_eq!((entries(), desk.order("ms").facts), (before + 1, expected), "only what was changed");
}

/// Looks at the papers of an order, makes one and takes it away.
fn papers(desk: &Browser) {
    let papers = desk.get("/orders/A1/papers");
    papers.says("value=\"timeline\"");
    // What is missing leads to where it is filled in, and names no command.
    papers.says("href=\"/orders/A1/note?what=payment\"");
    assert_eq!(desk.order("A1").of_kind::<DocumentMade>().count(), 0, "looking fixes nothing");
    let made = desk.post("/orders/A1/papers", &[("paper", "timeline")]);
    assert_eq!(made.status, 303, "{}", made.text);
    let (_, paper) =
        desk.order("A1").of_kind::<DocumentMade>().next().map(|(item, one)| (item, one.clone())).unwrap();
    let file = desk.get(&format!("/orders/A1/papers/{}", paper.document));
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.header("content-disposition").starts_with("attachment"), "{}", file.head);
    assert!(file.text.starts_with("%PDF"));
    let lacking = desk.post("/orders/A1/papers", &[("paper", "small-claims")]);
    assert_eq!(lacking.status, 422);
}

#[test]
fn what_was_typed_stays_when_something_is_wrong() {
    let desk = Browser::new();
    let facts = [("order", "A 1"), ("title", "<b>点卡</b>"), ("amount", "十元"), ("paid_at", "昨天")];
    let wrong = desk.post("/orders/new", &facts);
    assert_eq!(wrong.status, 422);
    wrong.says("value=\"A 1\"");
    wrong.says("value=\"十元\"");
    wrong.says("value=\"昨天\"");
    wrong.says("id=\"w-order\"");
    wrong.says("id=\"w-amount\"");
    wrong.says("id=\"w-paid_at\"");
    assert!(!wrong.text.contains("<b>点卡"), "what people type is no markup");
    let taken = desk.post("/orders/new", &[("order", ORDER), ("title", "点卡")]);
    assert_eq!(taken.status, 422);
    taken.says("这个编号已经用了");

    let fix = format!("/orders/{ORDER}/fix");
    let fields = [("slot", "chat"), ("note", "客服说的"), ("formed_at", "上周")];
    let refused = desk.upload(&fix, &fields, &[("a.txt", b"x")]);
    assert_eq!(refused.status, 422);
    refused.says("value=\"客服说的\"");
    refused.says("id=\"w-formed_at\"");
    refused.says("<option value=\"chat\" selected>");
    assert!(desk.order(ORDER).exhibits.is_empty(), "nothing is fixed of a form that is wrong");
    desk.upload(&fix, &[("slot", "chat")], &[]).says("还没有选文件");

    let note = format!("/orders/{ORDER}/note");
    let kept = desk.post(&note, &[("what", "decision"), ("text", "平台：不支持")]);
    assert_eq!(kept.status, 422);
    kept.says("平台：不支持");
    kept.says("id=\"w-verdict\"");

    let talk = format!("/orders/{ORDER}/talk");
    let angry = "你们这群骗子，不退钱我就叫人砸了你的店！";
    let held = desk.post(&talk, &[("what", "send"), ("text", angry)]);
    assert_eq!(held.status, 422);
    held.says("name=\"anyway\"");
    held.says(angry);
    assert!(desk.order(ORDER).messages.is_empty());
    let checked = desk.post(&format!("{talk}/check"), &[("text", angry)]);
    assert_eq!(checked.header("content-type"), "application/json");
    checked.says("\"blocks\":true");
    let sent = desk.post(&talk, &[("what", "send"), ("text", angry), ("anyway", "yes")]);
    assert_eq!(sent.status, 303);
    assert!(!desk.order(ORDER).messages[0].detail.overrode.is_empty(), "what was overridden is on record");
}

#[test]
fn secrets_are_masked_wherever_they_are_seen() {
    let desk = Browser::new();
    let secret = "ABCD-EFGH-JKLM-NPQR";
    let fix = format!("/orders/{ORDER}/fix");
    let fixed =
        desk.upload(&fix, &[("slot", "delivery")], &[("卡密.txt", format!("卡密：{secret}").as_bytes())]);
    assert_eq!(fixed.status, 303, "{}", fixed.text);
    assert!(desk.order(ORDER).exhibits[0].manifest().unwrap().secret);
    let shown = desk.get(fixed.header("location"));
    shown.says("卡密，已遮盖");
    let talk = format!("/orders/{ORDER}/talk");
    let came = [("what", "reply"), ("came", "卡密：ABCD-EFGH-JKLM-NPQR，请查收")];
    assert_eq!(desk.post(&talk, &came).status, 303);
    let leak = desk.post(&format!("{talk}/check"), &[("text", "卡密是 abcd efgh jklm npqr")]);
    leak.says("\"blocks\":true");
    for page in [shown, desk.get(&talk), desk.get(&format!("/orders/{ORDER}/papers"))] {
        assert!(!page.text.contains("EFGH-JKLM"), "{}", page.text);
    }
    assert!(!leak.text.contains("efgh jklm"), "{}", leak.text);
}

#[test]
fn strangers_change_nothing() {
    let desk = Browser::new();
    let kind = "Content-Type: application/x-www-form-urlencoded";
    for origin in ["", "null", "https://shop.example"] {
        let paths = ["/orders/new", "/orders/recognise", "/orders/dk01/note", "/orders/dk01/talk/check"];
        for path in paths {
            assert_eq!(desk.ask("POST", path, origin, &[kind], b"order=X").status, 403, "{origin} {path}");
        }
    }
    assert_eq!(desk.get("/orders/none/talk").status, 404);
    assert_eq!(desk.get("/orders/..%2F/papers").status, 404);
    // Forms of our own pages must come with our own origin.
    assert_eq!(desk.get("/orders/new").header("referrer-policy"), "same-origin");
    assert_eq!(desk.house.with(|vault| vault.orders().unwrap().len()), 1);
}
