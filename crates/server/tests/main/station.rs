//! A desk before a vault that can be dropped and started again, the browser that was let in, and a phone.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sigu_evidence::ContentId;
use sigu_server::{App, Desk, Words, open};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::house::{Answer, House, ORDER};

/// A desk that runs; dropping it ends it in the middle of whatever it does.
pub(crate) struct Station {
    pub(crate) port: u16,
    cookie: String,
    runtime: Option<Runtime>,
}

impl Drop for Station {
    fn drop(&mut self) {
        // As a killed process: nothing is finished first.
        self.runtime.take().unwrap().shutdown_background();
    }
}

/// Somebody who asks: where, with which cookie.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) port: u16,
    pub(crate) cookie: String,
}

impl Station {
    pub(crate) fn of(house: &House) -> Self {
        Self::with(house.app.clone())
    }

    pub(crate) fn with(app: App) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = Desk::new(app, port, Words::chinese()).with_addresses(|| vec![Ipv4Addr::LOCALHOST]);
        let desk = Arc::new(desk);
        let link = desk.start_link();
        runtime.spawn(open(listener, desk, std::future::pending()));
        let mut own = Self { port, cookie: String::new(), runtime: Some(runtime) };
        let path = link.split_once(&format!(":{port}")).unwrap().1.to_owned();
        own.cookie = cookie(&own.desk().get(&path));
        own
    }

    /// The browser before the desk.
    pub(crate) fn desk(&self) -> Guest {
        Guest { port: self.port, cookie: self.cookie.clone() }
    }

    /// Opens the door for a phone; gives its port and the path of its link.
    pub(crate) fn open_phone(&self, slot: &str) -> (u16, String) {
        let answer = self.desk().form("/phone", &format!("order={ORDER}&slot={slot}"));
        assert_eq!(answer.status, 303, "{}", text(&answer));
        let page = text(&self.desk().get("/phone"));
        let link = page.split("id=\"phone-link\">http://127.0.0.1:").nth(1).expect("a link");
        let (port, path) = link.split('<').next().unwrap().split_once('/').unwrap();
        (port.parse().unwrap(), format!("/{path}"))
    }

    /// A phone that was let in.
    pub(crate) fn phone(&self, slot: &str) -> Guest {
        let (port, path) = self.open_phone(slot);
        let stranger = Guest { port, cookie: String::new() };
        let let_in = stranger.get(&path);
        assert_eq!(let_in.status, 200, "{}", text(&let_in));
        Guest { port, cookie: cookie(&let_in) }
    }
}

pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// The value of a header; names and values are in lower case.
pub(crate) fn value<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let mut lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(own, _)| *own == name).map(|(_, value)| value).unwrap_or_default()
}

pub(crate) fn cookie(answer: &Answer) -> String {
    value(answer, "set-cookie").split(';').next().unwrap().to_owned()
}

impl Guest {
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sends a request with exactly these header lines besides the length; a body of which less is sent than
    /// told breaks off.
    pub(crate) fn raw(&self, start: &str, lines: &[&str], told: usize, body: &[u8]) -> Option<Answer> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut head = format!("{start} HTTP/1.1\r\nConnection: close\r\nContent-Length: {told}\r\n");
        lines.iter().for_each(|line| head.push_str(&format!("{line}\r\n")));
        socket.write_all(format!("{head}\r\n").as_bytes()).ok()?;
        // A refusal may come before the body is read.
        let _ = socket.write_all(body);
        if body.len() < told {
            return None;
        }
        let mut bytes = Vec::new();
        let _ = socket.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some(Answer { status, head, body: bytes[end + 4..].to_vec() })
    }

    /// Asks as a page of its own does.
    pub(crate) fn ask(&self, start: &str, more: &[&str], body: &[u8]) -> Answer {
        self.partly(start, more, body.len(), body).expect("an answer")
    }

    pub(crate) fn partly(&self, start: &str, more: &[&str], told: usize, body: &[u8]) -> Option<Answer> {
        let (host, cookie) = (format!("Host: 127.0.0.1:{}", self.port), format!("Cookie: {}", self.cookie));
        let origin = format!("Origin: {}", self.origin());
        let own = [host.as_str(), cookie.as_str(), origin.as_str()];
        self.raw(start, &[own.as_slice(), more].concat(), told, body)
    }

    /// A connection on which something was asked.
    pub(crate) fn socket(&self, start: &str, more: &[&str], body: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let (host, cookie) = (format!("Host: 127.0.0.1:{}", self.port), format!("Cookie: {}", self.cookie));
        let mut head = format!("{start} HTTP/1.1\r\n{host}\r\n{cookie}\r\n");
        more.iter().for_each(|line| head.push_str(&format!("{line}\r\n")));
        socket.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        socket.write_all(body).unwrap();
        socket
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[], b"")
    }

    pub(crate) fn form(&self, path: &str, body: &str) -> Answer {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask(&format!("POST {path}"), &[kind], body.as_bytes())
    }

    /// Sends a form with one file.
    pub(crate) fn upload(&self, path: &str, name: &str, content: &[u8]) -> Answer {
        let head = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), content, b"\r\n--cut--\r\n"].concat();
        self.ask(&format!("POST {path}"), &["Content-Type: multipart/form-data; boundary=cut"], &body)
    }

    fn json(&self, path: &str, body: &Value) -> Answer {
        self.ask(&format!("POST {path}"), &["Content-Type: application/json"], body.to_string().as_bytes())
    }

    /// Tells of a file that will come.
    pub(crate) fn begin(&self, name: &str, size: usize) -> Answer {
        self.told(&json!({ "name": name, "size": size, "modified": 1_772_000_000_123_i64, "order": ORDER }))
    }

    pub(crate) fn told(&self, body: &Value) -> Answer {
        self.json("/uploads", body)
    }

    /// Sends a piece.
    pub(crate) fn piece(&self, place: &str, offset: usize, piece: &[u8]) -> Answer {
        self.ask(&format!("PATCH {place}"), &[&format!("Upload-Offset: {offset}")], piece)
    }

    /// How much has come.
    pub(crate) fn offset(&self, place: &str) -> usize {
        let answer = self.ask(&format!("HEAD {place}"), &[], b"");
        assert_eq!(answer.status, 200);
        assert!(answer.body.is_empty());
        value(&answer, "upload-offset").parse().unwrap()
    }

    /// Sends a file over a connection that keeps breaking, and has it fixed; gives how often it broke.
    pub(crate) fn send_breaking(&self, name: &str, size: usize) -> usize {
        const PIECE: usize = 4 << 20;
        let content = film(size);
        let file = place(&self.begin(name, size));
        let (mut at, mut draw, mut broken) = (0, 1_u64, 0);
        while at < size {
            let piece = &content[at..size.min(at + PIECE)];
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let breaks = (draw >> 33).is_multiple_of(3);
            let sent = if breaks { (draw >> 20) as usize % piece.len() } else { piece.len() };
            let head = format!("Upload-Offset: {at}");
            let answer = self.partly(&format!("PATCH {file}"), &[&head], piece.len(), &piece[..sent]);
            broken += usize::from(answer.is_none());
            // What broke off may still be on its way to the disk: then this is told with the next piece.
            at = match answer {
                Some(answer) => value(&answer, "upload-offset").parse().unwrap(),
                None => self.offset(&file),
            };
        }
        let fixed = self.finish(&file, Some(&ContentId::of(&content).to_string()));
        assert_eq!(fixed.status, 200, "{}", text(&fixed));
        broken
    }

    pub(crate) fn finish(&self, place: &str, digest: Option<&str>) -> Answer {
        self.json(&format!("{place}/finish"), &json!({ "sha256": digest }))
    }
}

/// Bytes as from a camera: not to be compressed, the same each time.
pub(crate) fn film(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// Where an upload that was begun is.
pub(crate) fn place(answer: &Answer) -> String {
    assert!(matches!(answer.status, 200 | 201), "{}", text(answer));
    answer.json()["place"].as_str().unwrap().to_owned()
}
