//! A vault in a scratch folder, a receiver before it on a real socket, and a small client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use sigu_case::{Command, Order, OrderFacts};
use sigu_evidence::{Identity, seal_bytes};
use sigu_server::container::{FileEntry, Header, Role, Viewport, build};
use sigu_server::{App, Receiver, serve};
use sigu_vault::{CheckOptions, Disk, KeyFile, Places, Vault, check, create, os_entropy};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// The device's clock: the browser's own time in the test with the browser must not lie ahead of it.
#[allow(clippy::disallowed_methods, reason = "the edge of these tests")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

pub(crate) const ORDER: &str = "dk01";
pub(crate) const EXTENSION: &str = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";

/// A closed vault with one order, and the means to run receivers before it.
pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) app: App,
    runtime: Runtime,
}

/// A receiver that runs; its runtime ends it with the house.
pub(crate) struct Running {
    pub(crate) receiver: Arc<Receiver>,
    pub(crate) port: u16,
    stop: Option<oneshot::Sender<()>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl House {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = Places { vault: dir.path().join("vault"), state: dir.path().join("state") };
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        let new = create(&places, identity.clone(), &key, now(), Disk::default()).unwrap();
        let facts = OrderFacts {
            title: Some("100 元点卡".to_owned()),
            amount_fen: Some(9_500),
            paid_at: Some(now()),
            delivered_at: Some(now()),
            ..OrderFacts::default()
        };
        let open = Command::OpenOrder { order: ORDER.parse().unwrap(), facts };
        new.vault.execute(vec![open], now()).unwrap();
        new.vault.close().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { dir, app: App { places, identity: identity.into(), now, version: "0.1.0" }, runtime }
    }

    /// Runs a receiver on a port, 0 for any.
    pub(crate) fn run(&self, port: u16) -> Running {
        let listener = self.runtime.block_on(TcpListener::bind(("127.0.0.1", port))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let receiver = Arc::new(Receiver::new(self.app.clone(), port));
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, receiver.clone(), async move { drop(stopped.await) });
        let task = self.runtime.spawn(async move { serving.await.unwrap() });
        Running { receiver, port, stop: Some(stop), task: Some(task) }
    }

    /// Stops a receiver so that its port is free again.
    pub(crate) fn stop(&self, mut running: Running) {
        drop(running.stop.take());
        self.runtime.block_on(running.task.take().unwrap()).unwrap();
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&Vault) -> T) -> T {
        let vault =
            Vault::open(&self.app.places, &self.app.identity.get().unwrap(), Disk::default()).unwrap();
        let done = work(&vault);
        vault.close().unwrap();
        done
    }

    pub(crate) fn order(&self) -> Order {
        self.with(|vault| vault.order(&ORDER.parse().unwrap()).unwrap().unwrap())
    }

    /// Asserts that nothing in the vault is damaged, contents included.
    pub(crate) fn assert_clean(&self) {
        let options = CheckOptions { read_data: true };
        let report = check(&self.app.places, &self.app.identity.get().unwrap(), options, &|_| {}).unwrap();
        assert!(report.clean(), "{:?}", report.findings);
    }

    /// Seals a container to the vault, as the extension does.
    pub(crate) fn seal(&self, header: &Header, files: &[&[u8]]) -> Vec<u8> {
        let plain = build(header, files).unwrap();
        seal_bytes(&plain, &[self.app.identity.get().unwrap().recipient()], &mut os_entropy)
    }
}

/// An answer: status, head in lower case, body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Running {
    /// Sends a request with exactly these header lines and reads the answer to its end.
    pub(crate) fn ask(&self, start: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        let mut head = format!("{start} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        headers.iter().for_each(|line| head.push_str(&format!("{line}\r\n")));
        socket.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // A refusal may come before the body is read.
        let _ = socket.write_all(body);
        let mut bytes = Vec::new();
        let _ = socket.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}", self.port)
    }

    /// Pairs as the extension and returns the token.
    pub(crate) fn pair(&self) -> String {
        let code = self.receiver.offer_code();
        let body = serde_json::json!({ "code": code.as_str(), "name": "Chromium" }).to_string();
        let origin = format!("Origin: {EXTENSION}");
        let answer = self.ask("POST /api/v1/pair", &[&self.host(), &origin], body.as_bytes());
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// Asks with a token.
    pub(crate) fn ask_as(&self, token: &str, start: &str, more: &[&str], body: &[u8]) -> Answer {
        let (host, bearer) = (self.host(), format!("Authorization: Bearer {token}"));
        let own = [host.as_str(), bearer.as_str()];
        let headers: Vec<&str> = own.into_iter().chain(more.iter().copied()).collect();
        self.ask(start, &headers, body)
    }
}

/// The header of a capture of the order page.
pub(crate) fn header(slot: &str, files: &[(&str, &str, Role, &[u8])]) -> Header {
    let entry = |(name, media_type, role, bytes): &(&str, &str, Role, &[u8])| FileEntry {
        name: (*name).to_owned(),
        media_type: (*media_type).to_owned(),
        size: bytes.len() as u64,
        role: *role,
    };
    Header {
        order: ORDER.to_owned(),
        slot: slot.to_owned(),
        url: "https://shop.example/order/1?no=DK1".to_owned(),
        title: "订单详情".to_owned(),
        taken_at: "2026-03-01T09:30:00.123Z".parse().unwrap(),
        viewport: Viewport { width: 1280.0, height: 800.0, scale: 1.0 },
        zoom: 1.0,
        user_agent: "test".to_owned(),
        pieces: None,
        gaps: Vec::new(),
        files: files.iter().map(entry).collect(),
    }
}
