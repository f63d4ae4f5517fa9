//! A browser for tests.

use std::ffi::OsStr;
use std::time::Duration;

use serde_json::{Value, json};
use sigu_capture::browser::{Browser, Launch, attach, find};
use sigu_capture::devtools::Session;
use sigu_capture::environment::Watch;
use sigu_capture::page::{self, Capture, Limits};
use sigu_capture::traffic::{TabId, Traffic};
use tempfile::TempDir;

use super::wait;

/// A headless browser with its first tab, everything written down and watched as `sigu browse` does.
pub(crate) struct Desk {
    pub(crate) browser: Browser,
    pub(crate) traffic: Traffic,
    pub(crate) watch: Watch,
    pub(crate) tab: TabId,
    pub(crate) limits: Limits,
    profile: TempDir,
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
        // A second way in, as a DevTools window has one.
        let flags = flags.iter().copied().chain(["--remote-debugging-port=0"]);
        let launch = Launch {
            installed: find(None, OsStr::new("/usr/bin:/usr/local/bin"))
                .expect("chromium is installed by make test"),
            profile: profile.path().to_owned(),
            headless: true,
            window: (1280, 900),
            fonts: None,
            without_sandbox: true,
            flags: flags.map(str::to_owned).collect(),
        };
        let browser = Browser::launch(&launch).await.unwrap();
        let watch = Watch::new(browser.devtools());
        let watching = watch.clone();
        let prepare = move |session: &Session| {
            watching.prepare(session);
            prepare(session);
        };
        let traffic = Traffic::record(browser.devtools(), prepare).await.unwrap();
        let tab = wait("a tab", || traffic.tabs().into_iter().next()).await.id;
        Self { browser, traffic, watch, tab, limits: Limits::default(), profile }
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

    pub(crate) fn session(&self) -> Session {
        self.traffic.session(&self.tab).unwrap()
    }

    /// Asks the page in its own world; the script gives what JSON can hold, or a promise of it.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let ask = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let answer = self.session().call_within("Runtime.evaluate", ask, Duration::from_secs(60)).await;
        let answer = answer.unwrap_or_else(|error| panic!("{script}: {error}"));
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits in the page until an expression holds; the watch is no part of it.
    pub(crate) async fn until(&self, condition: &str) {
        let script = format!(
            "new Promise(done => {{ const look = () => \
             ({condition}) ? done(1) : setTimeout(look, 10); look() }})"
        );
        self.ask(&script).await;
    }

    /// Clicks as the user does.
    pub(crate) async fn click(&self, selector: &str) {
        let at = format!(
            "(() => {{ const box = document.querySelector('{selector}').getBoundingClientRect(); \
             return [box.x + 4, box.y + box.height / 2] }})()"
        );
        let at = self.ask(&at).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
            self.session().call("Input.dispatchMouseEvent", event).await.unwrap();
        }
    }

    /// A second conversation with the tab, over a connection of its own as a DevTools window has it.
    pub(crate) async fn devtools_window(&self) -> Session {
        let connect = async {
            loop {
                match attach(self.profile.path()).await {
                    Ok(devtools) => return devtools,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        let devtools =
            tokio::time::timeout(Duration::from_secs(15), connect).await.expect("the port is written");
        let ask = json!({ "targetId": self.tab.0, "flatten": true });
        let answer = devtools.browser().call("Target.attachToTarget", ask).await.unwrap();
        devtools.session(answer["sessionId"].as_str().unwrap())
    }
}
