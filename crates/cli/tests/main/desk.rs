//! `sigu desk`: one link, one browser, and an end when whoever started it goes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};

use crate::process::Home;

/// The pages being served; they end with the test.
struct Served {
    child: Child,
    input: Option<ChildStdin>,
    /// Kept open: a program that cannot speak ends.
    _said: BufReader<ChildStderr>,
    address: String,
    once: String,
}

impl Served {
    fn of(home: &Home) -> Self {
        Self::by(home.command(&["desk", "--no-browser", "--until-stdin-closes"]))
    }

    fn by(mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
        let link = said.by_ref().lines().map_while(Result::ok).find_map(|line| {
            let at = line.find("http://")?;
            Some(line[at..].trim().to_owned())
        });
        let link = link.expect("a link is shown");
        let rest = link.strip_prefix("http://").expect("it was looked for");
        let (address, path) = rest.split_once('/').expect("a path");
        let input = child.stdin.take();
        Self { input, _said: said, child, address: address.to_owned(), once: format!("/{path}") }
    }

    fn asks(&self, path: &str, more: &str) -> String {
        asked(&self.address, &format!("GET {path}"), more, "")
    }

    /// Sends a form as the browser that was let in.
    fn sends(&self, path: &str, cookie: &str, body: &str) -> String {
        let more = format!("Cookie: {cookie}\r\nOrigin: http://{}\r\n", self.address);
        asked(&self.address, &format!("POST {path}"), &more, body)
    }

    /// Enters by the link and gives the cookie.
    fn enter(&self) -> String {
        let entered = self.asks(&self.once, "");
        let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        cookie.split(';').next().expect("a value").to_owned()
    }
}

/// One question to one address.
fn asked(address: &str, start: &str, more: &str, body: &str) -> String {
    let form = "Content-Type: application/x-www-form-urlencoded";
    let length = body.len();
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!(
        "{start} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{form}\r\nContent-Length: {length}\r\n{more}\r\n{body}"
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers text");
    answer
}

impl Drop for Served {
    fn drop(&mut self) {
        self.input = None;
        // It is gone already when this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn one_link_opens_the_pages_once_and_they_end_with_their_input() {
    let home = Home::with_vault();
    home.good(&["order", "new", "A", "--title", "<script>alert(1)</script>"]);
    let mut served = Served::of(&home);
    let closed = served.asks("/", "");
    assert!(closed.starts_with("HTTP/1.1 401") && !closed.contains("alert(1)"), "{closed}");
    let entered = served.asks(&served.once, "");
    assert!(entered.starts_with("HTTP/1.1 303"), "{entered}");
    let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a value");
    let page = served.asks("/orders", &format!("Cookie: {cookie}\r\n"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("&#60;script"), "{page}");
    assert!(!page.contains("<script>alert(1)"), "{page}");
    assert!(served.asks(&served.once, "").starts_with("HTTP/1.1 401"), "a link works once");
    // A command works beside it, and the page shows what it did.
    home.good(&["order", "new", "B"]);
    assert!(served.asks("/orders", &format!("Cookie: {cookie}\r\n")).contains("/orders/B"));
    served.input = None;
    let ended = served.child.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
}

#[test]
fn a_vault_with_a_passphrase_begins_locked_where_no_terminal_asks() {
    let home = Home::with_vault();
    home.good(&["order", "new", "A", "--title", "blue whale"]);
    let file = home.file("new-passphrase", "four unrelated words").path().join("new-passphrase");
    home.good(&["key", "passphrase", "--new-passphrase-file", file.to_str().expect("text")]);
    let served = Served::of(&home);
    let cookie = served.enter();
    let locked = served.asks("/orders", &format!("Cookie: {cookie}\r\n"));
    assert!(locked.starts_with("HTTP/1.1 423") && !locked.contains("blue whale"), "{locked}");
    let wrong = served.sends("/unlock", &cookie, "passphrase=other&back=/orders");
    assert!(wrong.starts_with("HTTP/1.1 422"), "{wrong}");
    let opened = served.sends("/unlock", &cookie, "passphrase=four+unrelated+words&back=/orders");
    assert!(opened.starts_with("HTTP/1.1 303") && opened.contains("location: /orders"), "{opened}");
    let page = served.asks("/orders", &format!("Cookie: {cookie}\r\n"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("blue whale"), "{page}");
}

#[test]
fn the_practice_shop_opens_with_practice_and_ends_with_the_desk() {
    let home = Home::with_vault();
    let mut served = Served::of(&home);
    let cookie = served.enter();
    let started = served.sends("/practice/start", &cookie, "");
    assert!(started.starts_with("HTTP/1.1 303"), "{started}");
    let guide = served.asks("/practice", &format!("Cookie: {cookie}\r\n"));
    let shop = guide.split("href=\"http://").nth(1).and_then(|rest| rest.split('/').next());
    let shop = shop.unwrap_or_else(|| panic!("the shop stands beside the program: {guide}")).to_owned();
    assert!(asked(&shop, "GET /", "", "").starts_with("HTTP/1.1 200"));
    served.input = None;
    let ended = served.child.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
    assert!(TcpStream::connect(&shop).is_err(), "the shop is gone with the desk");
}
