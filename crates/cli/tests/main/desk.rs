//! `sigu desk`: one link, one browser, and an end when whoever started it goes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdin, Stdio};

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
        let mut command = home.command(&["desk", "--no-browser", "--until-stdin-closes"]);
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
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{more}\r\n", self.address);
        stream.write_all(head.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers text");
        answer
    }
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
