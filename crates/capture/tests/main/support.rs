//! A browser for tests, and waiting that ends.

use std::ffi::OsStr;
use std::time::Duration;

use serde_json::json;
use sigu_capture::browser::{Browser, Launch, find};
use sigu_capture::clock::Deadline;
use sigu_capture::devtools::Session;
use sigu_capture::exchange::{Answer, Exchange, Response};
use sigu_capture::page::{self, Capture, Limits};
use sigu_capture::traffic::{TabId, Traffic};
use tempfile::TempDir;

/// A headless browser with its first tab, writing down what it receives.
pub(crate) struct Desk {
    pub(crate) browser: Browser,
    pub(crate) traffic: Traffic,
    pub(crate) tab: TabId,
    pub(crate) limits: Limits,
    _profile: TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::with_flags(&[]).await
    }

    pub(crate) async fn with_flags(flags: &[&str]) -> Self {
        Self::prepared(flags, |_| {}).await
    }

    /// A browser whose tabs are prepared, as with the buttons.
    pub(crate) async fn prepared(flags: &[&str], prepare: impl Fn(&Session) + Send + 'static) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let launch = Launch {
            installed: find(None, OsStr::new("/usr/bin:/usr/local/bin"))
                .expect("chromium is installed by make test"),
            profile: profile.path().join("profile"),
            headless: true,
            window: (1280, 900),
            fonts: None,
            without_sandbox: true,
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        };
        let browser = Browser::launch(&launch).await.unwrap();
        let traffic = Traffic::record(browser.devtools(), prepare).await.unwrap();
        let tab = wait("a tab", || traffic.tabs().into_iter().next()).await.id;
        Self { browser, traffic, tab, limits: Limits::default(), _profile: profile }
    }

    /// Opens an address; panics when the browser refuses it.
    pub(crate) async fn open(&self, url: &str) {
        let refused = page::open(&self.traffic, &self.tab, url, &self.limits).await.unwrap();
        assert_eq!(refused, None, "{url}");
    }

    /// Opens an address and fixes what it shows.
    pub(crate) async fn capture(&self, url: &str) -> Capture {
        self.open(url).await;
        self.fix().await
    }

    /// Fixes what the tab shows.
    pub(crate) async fn fix(&self) -> Capture {
        let capture = page::fix(&self.traffic, &self.tab, &self.limits).await.unwrap();
        for gap in &capture.gaps {
            assert!(page::GAPS.contains(&gap.code), "{gap:?} is not in the list");
        }
        capture
    }

    /// Asks the page in its own world; the script gives what JSON can hold, or a promise of it.
    pub(crate) async fn ask(&self, script: &str) -> serde_json::Value {
        let session = self.traffic.session(&self.tab).unwrap();
        let ask = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let answer = session.call_within("Runtime.evaluate", ask, Duration::from_secs(60)).await.unwrap();
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }
}

/// Codes of the gaps, each once, in their order.
pub(crate) fn gaps(capture: &Capture) -> Vec<&'static str> {
    let mut codes: Vec<_> = capture.gaps.iter().map(|gap| gap.code).collect();
    codes.dedup();
    codes
}

/// The last exchange whose address ends so.
pub(crate) fn exchange<'a>(capture: &'a Capture, end: &str) -> &'a Exchange {
    let found = capture.exchanges.iter().rev().find(|exchange| exchange.url.ends_with(end));
    found.unwrap_or_else(|| panic!("nothing ends with {end} in {:?}", capture.exchanges))
}

/// The response of the exchange whose address ends so.
pub(crate) fn response<'a>(capture: &'a Capture, end: &str) -> &'a Response {
    match &exchange(capture, end).answer {
        Answer::Received(response) => response,
        other => panic!("{end}: {other:?}"),
    }
}

/// A picture as rows of colours.
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) height: usize,
    colours: Vec<[u8; 3]>,
}

impl Pixels {
    pub(crate) fn of(png: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::STRIP_16 | png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        let samples = info.color_type.samples();
        assert!(samples >= 3, "a picture in colours, not {:?}", info.color_type);
        let colours = bytes[..info.buffer_size()].chunks_exact(samples).map(|one| [one[0], one[1], one[2]]);
        Self { width: info.width as usize, height: info.height as usize, colours: colours.collect() }
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.colours[y * self.width + x]
    }

    pub(crate) fn rows(&self, from: usize, to: usize) -> &[[u8; 3]] {
        &self.colours[from * self.width..to * self.width]
    }

    pub(crate) fn count(&self, colour: [u8; 3]) -> usize {
        self.colours.iter().filter(|one| **one == colour).count()
    }
}

/// Waits until there is something, at most half a minute.
pub(crate) async fn wait<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    let deadline = Deadline::after(Duration::from_secs(30));
    loop {
        if let Some(found) = there() {
            return found;
        }
        assert!(!deadline.passed(), "waited half a minute for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A site on this machine that answers fixed paths with fixed bodies.
pub(crate) struct Site {
    address: std::net::SocketAddr,
}

impl Site {
    /// Serves `(path, content type, body)`; anything else is 404.
    pub(crate) async fn serve(pages: Vec<(&'static str, &'static str, Vec<u8>)>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pages = std::sync::Arc::new(pages);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, std::sync::Arc::clone(&pages)));
            }
        });
        Self { address }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn answer(
    mut stream: tokio::net::TcpStream,
    pages: std::sync::Arc<Vec<(&'static str, &'static str, Vec<u8>)>>,
) {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    let mut path = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if path.is_empty() {
            path = line.split(' ').nth(1).unwrap_or("/").to_owned();
        }
        if line.is_empty() {
            break;
        }
    }
    let found = pages.iter().find(|(known, _, _)| *known == path);
    let (status, kind, body) = match found {
        Some((_, kind, body)) => ("200 OK", *kind, body.as_slice()),
        None => ("404 Not Found", "text/plain", &b""[..]),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = writer.write_all(head.as_bytes()).await;
    let _ = writer.write_all(body).await;
}
