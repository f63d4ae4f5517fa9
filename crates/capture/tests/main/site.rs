//! A tiny server and a browser in front of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sigu_capture::browser::{self, Browser, Launch};
use sigu_capture::devtools::{DevTools, Session};
use sigu_capture::environment::Watch;
use sigu_capture::page::{self, Limits};
use sigu_capture::traffic::{TabId, Traffic};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

type Answers = dyn Fn(&Request) -> Vec<u8> + Send + Sync;

/// Serves on a port of its own and ends each connection after its answer; returns the port.
pub(crate) async fn serve(answers: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answers: Arc<Answers> = Arc::new(answers);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, Arc::clone(&answers)));
        }
    });
    port
}

async fn answer(mut stream: TcpStream, answers: Arc<Answers>) {
    let Some(request) = read(&mut stream).await else { return };
    // The browser may have gone away; then nobody misses the answer.
    let _ = stream.write_all(&answers(&request)).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers: HashMap<_, _> =
        lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request { path, headers, body })
}

/// An answer with header lines beside its length.
pub(crate) fn reply(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let head =
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{lines}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A page in UTF-8.
pub(crate) fn html(text: &str) -> Vec<u8> {
    reply("200 OK", &["Content-Type: text/html; charset=utf-8"], text.as_bytes())
}

/// A browser with one tab, everything written down and watched.
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) traffic: Traffic,
    pub(crate) watch: Watch,
    pub(crate) tab: TabId,
    profile: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn open(flags: &[&str]) -> Self {
        #[allow(clippy::disallowed_methods, reason = "tests run the browser of the machine")]
        let path = std::env::var_os("PATH").unwrap();
        let profile = tempfile::tempdir().unwrap();
        let mut flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        // A second way in, as a DevTools window has one.
        flags.push("--remote-debugging-port=0".to_owned());
        let launch = Launch {
            installed: browser::find(None, &path).expect("tests need a Chromium on the search path"),
            profile: profile.path().to_owned(),
            headless: true,
            window: (1000, 800),
            fonts: None,
            without_sandbox: true,
            flags,
        };
        let browser = Browser::launch(&launch).await.unwrap();
        let watch = Watch::new(browser.devtools());
        let own = watch.clone();
        let traffic = Traffic::record(browser.devtools(), move |session| own.prepare(session)).await.unwrap();
        let tab = traffic.tabs().first().expect("the browser opens with one tab").id.clone();
        Self { browser, traffic, watch, tab, profile }
    }

    pub(crate) async fn goto(&self, url: &str) {
        let refused = page::open(&self.traffic, &self.tab, url, &Limits::default()).await.unwrap();
        assert_eq!(refused, None, "{url}");
    }

    pub(crate) fn session(&self) -> Session {
        self.traffic.session(&self.tab).unwrap()
    }

    /// Waits in the page until an expression holds; the watch is no part of it.
    pub(crate) async fn until(&self, condition: &str) {
        let script = format!(
            "new Promise(done => {{ const look = () => \
             ({condition}) ? done(1) : setTimeout(look, 10); look() }})"
        );
        let ask = json!({ "expression": script, "awaitPromise": true });
        let answer = self.session().call_within("Runtime.evaluate", ask, Duration::from_secs(15)).await;
        assert!(answer.is_ok_and(|answer| answer.get("exceptionDetails").is_none()), "{condition}");
    }

    pub(crate) async fn value(&self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "returnByValue": true });
        self.session().call("Runtime.evaluate", ask).await.unwrap()["result"]["value"].clone()
    }

    /// Clicks as the user does.
    pub(crate) async fn click(&self, selector: &str) {
        let at = format!(
            "(() => {{ const box = document.querySelector('{selector}').getBoundingClientRect(); \
             return [box.x + 4, box.y + box.height / 2] }})()"
        );
        let at = self.value(&at).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
            self.session().call("Input.dispatchMouseEvent", event).await.unwrap();
        }
    }

    /// A second conversation with the tab, over a connection of its own as a DevTools window has it.
    pub(crate) async fn devtools_window(&self) -> Session {
        let connect = async {
            loop {
                match browser::attach(self.profile.path()).await {
                    Ok(devtools) => return devtools,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        let devtools: DevTools =
            tokio::time::timeout(Duration::from_secs(15), connect).await.expect("the port is written");
        let ask = json!({ "targetId": self.tab.0, "flatten": true });
        let answer = devtools.browser().call("Target.attachToTarget", ask).await.unwrap();
        devtools.session(answer["sessionId"].as_str().unwrap())
    }
}
