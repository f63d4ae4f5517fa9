//! A small HTTP client that keeps cookies and shows bodies as they came.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use sigu_practice_shop::{Knobs, Settings, Shop, Skin};

/// Nothing here takes longer; a hanging server fails the test.
const PATIENCE: Duration = Duration::from_secs(30);

/// 2026-11-22 09:30:01 in China.
pub(crate) fn noon() -> Timestamp {
    "2026-11-22T01:30:01Z".parse().unwrap()
}

pub(crate) fn shop(skin: Skin) -> Shop {
    shop_with(skin, Knobs::default())
}

pub(crate) fn shop_with(skin: Skin, knobs: Knobs) -> Shop {
    let settings = Settings { skin, knobs, now: Some(noon()), seed: 7, ..Settings::default() };
    Shop::start_on_thread(settings).unwrap()
}

pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    /// As it came, with the chunks' sizes if it was chunked.
    pub(crate) raw: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        if self.header("transfer-encoding") == Some("chunked") {
            unchunked(&self.raw)
        } else {
            self.raw.clone()
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn place(&self) -> &str {
        assert!((300..400).contains(&self.status), "{} {}", self.status, self.text());
        self.header("location").unwrap()
    }

    /// Fails with the whole page if one of the texts is not in it.
    pub(crate) fn shows(&self, wanted: &[&str]) {
        let text = self.text();
        for one in wanted {
            assert!(text.contains(one), "{one} is not in\n{text}");
        }
    }

    pub(crate) fn hides(&self, unwanted: &str) {
        assert!(!self.text().contains(unwanted), "{unwanted} is in\n{}", self.text());
    }
}

fn unchunked(mut raw: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = raw.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..end]).unwrap(), 16).unwrap();
        let from = end + 2;
        if size == 0 || raw.len() < from + size {
            break;
        }
        whole.extend_from_slice(&raw[from..from + size]);
        raw = &raw[(from + size + 2).min(raw.len())..];
    }
    whole
}

impl Browser {
    pub(crate) fn of(shop: &Shop) -> Browser {
        Browser { address: shop.address(), cookies: BTreeMap::new() }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask(path, None, usize::MAX)
    }

    /// The beginning of an answer that may have no end.
    pub(crate) fn get_some(&mut self, path: &str, most: usize) -> Answer {
        self.ask(path, None, most)
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.ask(path, Some(("application/x-www-form-urlencoded", pairs.join("&"))), usize::MAX)
    }

    pub(crate) fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        self.ask(path, Some(("application/json", body.to_string())), usize::MAX)
    }

    fn ask(&mut self, path: &str, body: Option<(&str, String)>, most: usize) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let method = if body.is_some() { "POST" } else { "GET" };
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        if !cookies.is_empty() {
            request += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        if let Some((kind, body)) = body {
            request += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        } else {
            request += "\r\n";
        }
        stream.write_all(request.as_bytes()).unwrap();
        let answer = read(&mut stream, most);
        for line in answer.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie: ")) {
            let pair = line[12..].split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

/// A signal to the test process (a child that ended) must not end a read.
pub(crate) fn read_once(stream: &mut TcpStream, part: &mut [u8]) -> usize {
    loop {
        match stream.read(part) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            other => return other.unwrap(),
        }
    }
}

fn read(stream: &mut TcpStream, most: usize) -> Answer {
    let (mut all, mut part) = (Vec::new(), vec![0; 65_536]);
    while all.len() < most {
        let got = read_once(stream, &mut part);
        if got == 0 {
            break;
        }
        all.extend_from_slice(&part[..got]);
    }
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let head = String::from_utf8(all[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, raw: all[end + 4..].to_vec() }
}

/// Percent-encodes everything but letters and digits.
pub(crate) fn encoded(text: &str) -> String {
    let one = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

/// An address of the consignment platform's JSON, below `/home`.
pub(crate) fn home(path: &str) -> String {
    format!("{}/{path}", "/home")
}
