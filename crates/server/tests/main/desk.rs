//! The desk: who gets in, and every page in a real browser.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::{Filled, PAGES, Room, SECRETS, name};

/// What the desk answers to a request with exactly these header lines: status, and all of it in text.
pub(crate) fn ask(desk: &Filled, start: &str, headers: &[&str], body: &str) -> (u16, String) {
    let form = "Content-Type: application/x-www-form-urlencoded";
    ask_as(desk, start, &[headers, &[form]].concat(), body)
}

/// The same with the content type among the header lines.
pub(crate) fn ask_as(desk: &Filled, start: &str, headers: &[&str], body: &str) -> (u16, String) {
    let mut socket = TcpStream::connect(("127.0.0.1", desk.port)).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    let head = format!("{start} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{lines}");
    socket.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text.split(' ').nth(1).unwrap().parse().unwrap(), text)
}

/// The value of a header of an answer.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let head = answer.split("\r\n\r\n").next().unwrap();
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value).unwrap_or_default()
}

/// Enters by a new link; gives the header line that keeps one in.
pub(crate) fn enter(desk: &Filled, host: &str) -> String {
    let link = desk.desk.start_link();
    let path = link.strip_prefix(&desk.origin()).unwrap().to_owned();
    let (status, answer) = ask(desk, &format!("GET {path}"), &[host], "");
    assert_eq!((status, header(&answer, "location")), (303, "/"));
    let cookie = header(&answer, "set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let (again, _) = ask(desk, &format!("GET {path}"), &[host], "");
    assert_eq!(again, 401, "a link works once");
    format!("Cookie: {}", cookie.split(';').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_opens_to_one_browser_only() {
    let desk = Filled::new().await;
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let cookie = enter(&desk, &host);
    for path in PAGES {
        assert_eq!(ask(&desk, &format!("GET {path}"), &[&host], "").0, 401, "{path} without the cookie");
    }
    assert_eq!(ask(&desk, "GET /", &[&host, "Cookie: sigu=0"], "").0, 401);
    let port = desk.port;
    for foreign in
        ["Host: evil.example".to_owned(), format!("Host: localhost:{port}"), "Host: 127.0.0.1".to_owned()]
    {
        assert_eq!(ask(&desk, "GET /", &[&foreign, &cookie], "").0, 421, "{foreign}");
    }
    let own = format!("Origin: {}", desk.origin());
    let change = |more: &[&str]| {
        let headers = [&[host.as_str(), cookie.as_str()], more].concat();
        ask(&desk, "POST /language", &headers, "lang=en&back=/orders")
    };
    assert_eq!(change(&[]).0, 403);
    for foreign in ["Origin: null", "Origin: http://evil.example", "Origin: http://127.0.0.1:1"] {
        assert_eq!(change(&[foreign]).0, 403, "{foreign}");
    }
    let (status, answer) = change(&[&own]);
    assert_eq!((status, header(&answer, "location")), (303, "/orders"));
    for back in ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example"] {
        let body = format!("lang=en&back={back}");
        let (_, answer) = ask(&desk, "POST /language", &[&host, &cookie, &own], &body);
        assert_eq!(header(&answer, "location"), "/", "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_forbids_what_is_not_ours_and_no_page_shows_a_secret() {
    let desk = Filled::new().await;
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let cookie = enter(&desk, &host);
    for path in PAGES.iter().chain(&["/assets/desk.css"]) {
        let (status, answer) = ask(&desk, &format!("GET {path}"), &[&host, &cookie], "");
        let expected = if *path == "/none" { 404 } else { 200 };
        assert_eq!(status, expected, "{path}: {answer}");
        let policy = header(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.contains("<b>名字</b>"), "{path}: words of others are not markup");
        for secret in SECRETS {
            assert!(!answer.contains(secret), "{path} shows {secret}");
        }
    }
}

/// Walks all pages and gives all that is wrong with them.
async fn walk(room: &mut Room, lang: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    room.language(lang).await;
    for path in PAGES {
        for width in [390, 1440] {
            room.width(width).await;
            let at =
                |what: &str, found: String| format!("{} ({lang}, {width} px): {what}: {found}", name(path));
            wrong.extend(room.open(path).await.into_iter().map(|one| at("complaint", one)));
            wrong.extend(room.overflow().await.map(|one| at("wider than the window", one.to_string())));
            let told = room.ask("document.documentElement.lang").await;
            if told != if lang == "en" { "en" } else { "zh-CN" } {
                wrong.push(at("another language", told.to_string()));
            }
            // Colours are the same at every width.
            for scheme in if width == 390 { ["light", "dark"].as_slice() } else { &["light"] } {
                room.scheme(scheme).await;
                wrong.extend(room.judged().await.into_iter().map(|one| at(scheme, one)));
            }
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sound_in_chinese() {
    let wrong = walk(&mut Room::new().await, "zh").await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sound_in_english() {
    let wrong = walk(&mut Room::new().await, "en").await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_notices_what_it_is_there_for() {
    let mut room = Room::new().await;
    room.width(390).await;
    assert_eq!(room.open("/").await, Vec::<String>::new());
    assert!(room.overflow().await.is_none() && room.judged().await.is_empty());
    // Three faults, each of which one of the looks has to find.
    room.ask(
        "(() => { const wide = document.createElement('canvas'); wide.width = 900; \
         const field = document.createElement('input'); const far = document.createElement('img'); \
         far.alt = ''; far.src = 'https://evil.example/x.png'; \
         document.querySelector('main').append(wide, field, far); \
         return new Promise(done => { far.onerror = () => done(0) }) })()",
    )
    .await;
    assert!(room.overflow().await.is_some());
    let judged = room.judged().await;
    assert!(judged.iter().any(|one| one.starts_with("label:")), "{judged:?}");
    let complaints = room.complaints();
    assert!(complaints.iter().any(|one| one.contains("Content Security Policy")), "{complaints:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_drawn_without_script() {
    let mut room = Room::new().await;
    room.script(false).await;
    for path in PAGES {
        room.open(path).await;
        let drawn =
            room.ask("[document.querySelectorAll('h1').length, document.body.innerText.length]").await;
        assert_eq!(drawn[0], 1, "{path}");
        assert!(drawn[1].as_u64().is_some_and(|length| length > 60), "{path}: {drawn}");
    }
}
