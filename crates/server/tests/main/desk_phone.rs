//! Upload from a phone: who gets in, what can be done there, how it ends; in a real browser too.

use std::net::TcpStream;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sigu_case::Slot;
use sigu_server::App;

use crate::house::{House, ORDER, now};
use crate::station::{Guest, Station, cookie, place, text, value};
use crate::support::{PAGES, Room};

const HOSTILE: &str = "<img src=x onerror=alert(1)>.html";

#[test]
fn the_link_lets_one_phone_in_and_nothing_but_sending_is_behind_it() {
    let house = House::new();
    let station = Station::of(&house);
    let (port, path) = station.open_phone("auto");
    let desk = station.desk();
    let stranger = Guest { port, cookie: String::new() };
    assert_eq!(path.strip_prefix("/u/").unwrap().len(), 64, "256 bits");
    let drawn = desk.get("/phone/code.svg");
    assert_eq!((drawn.status, value(&drawn, "content-type")), (200, "image/svg+xml"));

    for foreign in
        ["Host: evil.example".to_owned(), format!("Host: localhost:{port}"), "Host: 127.0.0.1".to_owned()]
    {
        let answer = stranger.raw(&format!("GET {path}"), &[&foreign], 0, b"").unwrap();
        assert_eq!(answer.status, 421, "{foreign}");
    }
    assert_eq!(stranger.get("/").status, 401);
    assert_eq!(
        Guest { port, cookie: desk.cookie.clone() }.get("/").status,
        401,
        "the desk's cookie is none here"
    );
    assert_eq!(stranger.get(&format!("/u/{}", "0".repeat(64))).status, 401);
    assert_eq!(stranger.begin("a", 1).status, 401);
    // What only asks for the head takes nothing.
    assert_eq!(stranger.ask(&format!("HEAD {path}"), &[], b"").status, 401);
    let let_in = stranger.get(&path);
    assert_eq!(let_in.status, 200);
    let given = value(&let_in, "set-cookie");
    assert!(given.contains("httponly") && given.contains("samesite=strict"), "{given}");
    assert_eq!(stranger.get(&path).status, 401, "a second browser");
    assert_eq!(desk.get("/phone/code.svg").status, 404, "nothing to scan any more");
    assert!(text(&desk.get("/phone")).contains("手机已连接"));

    let phone = Guest { port, cookie: cookie(&let_in) };
    assert_eq!(phone.get(&path).status, 303, "the own link leads back");
    let page = phone.get("/");
    assert_eq!(page.status, 200);
    assert!(value(&page, "content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(Guest { port: desk.port, cookie: phone.cookie.clone() }.get("/").status, 401);
    for path in PAGES.iter().filter(|path| **path != "/") {
        assert_eq!(phone.get(path).status, 404, "{path}");
        assert_eq!(stranger.get(path).status, 401, "{path}");
    }
}

#[test]
fn only_the_phones_own_page_changes_anything() {
    let house = House::new();
    let station = Station::of(&house);
    let phone = station.phone("auto");
    let (host, entered) = (format!("Host: 127.0.0.1:{}", phone.port), format!("Cookie: {}", phone.cookie));
    let desk_origin = format!("Origin: {}", station.desk().origin());
    for origin in ["Origin: null", "Origin: http://evil.example", desk_origin.as_str(), "X: y"] {
        for start in ["POST /uploads", "POST /", "POST /slot", "POST /end"] {
            let answer = phone.raw(start, &[&host, &entered, origin], 0, b"").unwrap();
            assert_eq!(answer.status, 403, "{start} {origin}");
        }
    }
    assert!(house.order().exhibits.is_empty());
    assert_eq!(phone.get("/").status, 200, "nobody ended it");
}

#[test]
fn a_phone_sends_by_a_plain_form_and_in_pieces_for_its_order_only() {
    let house = House::new();
    let station = Station::of(&house);
    let phone = station.phone("auto");
    let sent = phone.upload("/", HOSTILE, b"<script>alert(1)</script>");
    assert_eq!((sent.status, value(&sent, "location")), (303, "/"));
    let page = text(&phone.get("/"));
    assert!(
        page.contains("已收到 1 项") && page.contains("onerror") && !page.contains("<img src=x"),
        "{page}"
    );
    assert_eq!(phone.upload("/", "", b"").status, 422, "nothing chosen");

    assert_eq!(phone.form("/slot", "slot=chat").status, 303);
    // It names another order and another slot; neither counts.
    let begun = phone.told(&json!({ "name": "聊天.png", "size": 4, "order": "other", "slot": "delivery" }));
    let file = place(&begun);
    assert_eq!(phone.piece(&file, 0, b"\x89PNG").status, 204);
    assert_eq!(station.desk().get(&file).status, 404, "each door has its own");
    let fixed = phone.finish(&file, None);
    assert_eq!(fixed.status, 200, "{}", text(&fixed));
    let desk = place(&station.desk().begin("desk.png", 4));
    assert_eq!(phone.get(&desk).status, 404);

    let order = house.order();
    let slots: Vec<Slot> = order.exhibits.iter().map(|one| one.slot).collect();
    assert_eq!((order.id.as_str(), slots.as_slice()), (ORDER, [Slot::Other, Slot::Chat].as_slice()));
    let seen = text(&station.desk().get("/phone"));
    assert!(
        seen.contains("已收到 2 项") && seen.contains("聊天.png") && !seen.contains("<img src=x"),
        "{seen}"
    );
    let page = order.exhibits[0].item;
    let served = station.desk().get(&format!("/orders/{ORDER}/items/{page}/content"));
    assert_eq!(value(&served, "content-type"), "application/octet-stream");
    house.assert_clean();
}

static AHEAD: AtomicI64 = AtomicI64::new(0);

fn ahead() -> Timestamp {
    now().checked_add(SignedDuration::from_mins(AHEAD.load(Ordering::Relaxed))).unwrap()
}

#[test]
fn the_door_closes_by_itself_when_asked_for_another_and_with_the_desk() {
    let house = House::new();
    let station = Station::with(App { now: ahead, ..house.app.clone() });
    let over = |guest: &Guest| {
        let answer = guest.partly("GET /", &[], 0, b"");
        answer.is_none_or(|answer| answer.status == 410)
    };
    let phone = station.phone("auto");
    AHEAD.store(14, Ordering::Relaxed);
    assert_eq!(phone.upload("/", "a.png", b"1").status, 303);
    AHEAD.store(28, Ordering::Relaxed);
    assert_eq!(phone.get("/").status, 200, "a file keeps it open");
    AHEAD.store(30, Ordering::Relaxed);
    assert!(over(&phone));
    let page = text(&station.desk().get("/phone"));
    assert!(page.contains("手机上传已关闭") && page.contains("已收到 1 项"), "{page}");

    let phone = station.phone("auto");
    assert_eq!(station.desk().form("/phone/end", "").status, 303);
    assert!(over(&phone));
    let (one, two) = (station.phone("auto"), station.phone("auto"));
    assert!(over(&one), "another link voids the one before");
    assert_eq!(two.form("/end", "").status, 200);
    assert!(over(&two));
    let last = station.phone("auto");
    drop(station);
    // The task that serves is dropped with its runtime, and the socket with it.
    let closed = (0..500).any(|_| {
        std::thread::yield_now();
        last.partly("GET /", &[], 0, b"").is_none()
    });
    assert!(closed);
}

#[test]
fn only_orders_and_addresses_that_are_there_open_a_door() {
    let house = House::new();
    let station = Station::of(&house);
    let desk = station.desk();
    for body in ["order=none&slot=auto", "slot=auto"] {
        assert_eq!(desk.form("/phone", body).status, 422, "{body}");
    }
    for address in ["0.0.0.0", "127.0.0.2", "8.8.8.8"] {
        let answer = desk.form("/phone", &format!("order={ORDER}&slot=auto&address={address}"));
        assert_eq!(answer.status, 422, "{address}");
    }
    assert!(!text(&desk.get("/phone")).contains("phone-link"));
}

#[test]
fn whoever_holds_connections_open_holds_up_nobody_but_the_phone() {
    let house = House::new();
    let station = Station::of(&house);
    let (port, path) = station.open_phone("auto");
    let held: Vec<_> = (0..100).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    assert_eq!(station.desk().get("/phone").status, 200);
    drop(held);
    assert_eq!(Guest { port, cookie: String::new() }.get(&path).status, 200, "and the phone when they go");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_browser_the_phone_sends_with_progress_and_the_desk_shows_what_came() {
    let mut room = Room::new().await;
    for scheme in ["light", "dark"] {
        room.scheme(scheme).await;
        room.width(360).await;
        room.open("/phone?order=C03").await;
        let opened = room.ask("document.querySelector('form.sheet button').click()").await;
        assert!(opened.is_null());
        room.until("document.getElementById('phone-link')").await;
        assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
        let link = room.ask("document.getElementById('phone-link').textContent").await;
        room.visit(link.as_str().unwrap()).await;
        room.until("document.getElementById('came')").await;
        assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
        let path = room.filled.folder.path().join(format!("录屏-{scheme}.webm"));
        #[allow(clippy::disallowed_methods, reason = "a file to choose, not one to keep")]
        std::fs::write(&path, vec![7; 9 << 20]).unwrap();
        let found = room
            .call("Runtime.evaluate", json!({ "expression": "document.querySelector('input[type=file]')" }));
        let object = found.await["result"]["objectId"].clone();
        room.call("DOM.setFileInputFiles", json!({ "objectId": object, "files": [path.to_str().unwrap()] }))
            .await;
        room.ask("document.querySelector('button.wide').click()").await;
        room.until("document.querySelector('#came-list li')").await;
        let list = room.ask("document.getElementById('came-list').innerText").await;
        let list = list.as_str().unwrap();
        assert!(list.contains('✓') && list.contains("录屏-") && list.contains("9.0 MB"), "{list}");
        assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
        room.open("/phone").await;
        let page = room.ask("document.getElementById('main').innerText").await;
        assert!(page.as_str().unwrap().contains(&format!("录屏-{scheme}.webm")), "{page}");
        assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
        room.ask("document.querySelector('form[action=\"/phone/end\"] button').click()").await;
        room.until("document.querySelector('.notice.good')").await;
    }
    assert_eq!(room.complaints(), Vec::<String>::new());
}
