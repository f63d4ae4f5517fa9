//! A headless Chromium that was let in, and what it notices of a page.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sigu_capture::browser::{Browser, Launch, find};
use sigu_capture::devtools::{Event, Session};
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedReceiver;

use super::filled::Filled;

const HEARD: &[&str] =
    &["Page.loadEventFired", "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"];
/// What is wrong with a page by the rules of WCAG 2.2 AA that a machine can check.
const JUDGE: &str = "axe.run(document, { resultTypes: ['violations'] }).then(done => done.violations\
    .filter(one => ['serious', 'critical'].includes(one.impact))\
    .map(one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(', ')))";

/// The script that judges accessibility.
fn axe() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/axe/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).expect("scripts/need.sh test installs axe-core")
}

/// A tab before the pages of a filled vault.
pub(crate) struct Room {
    pub(crate) filled: Filled,
    axe: String,
    tab: Session,
    heard: UnboundedReceiver<Arc<Event>>,
    browser: Browser,
    _profile: TempDir,
}

/// The browser of this machine with a profile.
pub(crate) fn launch(profile: &Path) -> Launch {
    Launch {
        installed: find(None, OsStr::new("/usr/bin:/usr/local/bin"))
            .expect("scripts/need.sh test installs chromium"),
        profile: profile.to_owned(),
        headless: true,
        window: (1440, 900),
        fonts: None,
        without_sandbox: true,
        flags: vec!["--hide-scrollbars".to_owned()],
    }
}

impl Room {
    /// Opens a browser and lets it in through the start link.
    pub(crate) async fn new() -> Self {
        Self::before(Filled::new().await).await
    }

    /// Opens a browser before this desk.
    pub(crate) async fn before(filled: Filled) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let browser = Browser::launch(&launch(profile.path())).await.unwrap();
        let session = browser.session();
        let made = session.call("Target.createTarget", json!({ "url": "about:blank" })).await.unwrap();
        let ask = json!({ "targetId": made["targetId"], "flatten": true });
        let attached = session.call("Target.attachToTarget", ask).await.unwrap();
        let tab = browser.devtools().session(attached["sessionId"].as_str().unwrap());
        let heard = browser.devtools().listen(HEARD);
        for domain in ["Page.enable", "Log.enable", "Runtime.enable", "Network.enable"] {
            tab.call(domain, json!({})).await.unwrap();
        }
        let mut room = Self { filled, axe: axe(), tab, heard, browser, _profile: profile };
        let link = room.filled.desk.start_link();
        room.visit(&link).await;
        room
    }

    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        self.tab.call(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Asks the page; the script gives what JSON can hold, or a promise of it.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let ask = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let answer = self.tab.call_within("Runtime.evaluate", ask, Duration::from_secs(60)).await.unwrap();
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// Asks a page that may just be going; `None` when it is gone.
    pub(crate) async fn try_ask(&self, script: &str) -> Option<Value> {
        let ask = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let answer = self.tab.call_within("Runtime.evaluate", ask, Duration::from_secs(60)).await.ok()?;
        answer["result"].get("value").cloned()
    }

    /// Waits until the page has what the script asks for; pages that are left meanwhile are no matter.
    pub(crate) async fn until(&self, script: &str) {
        let looking = format!(
            "new Promise(done => {{ const look = () => \
             document.readyState === 'complete' && ({script}) ? done(true) : setTimeout(look, 50); look() }})"
        );
        for _ in 0..5 {
            // Where the page went away while it was asked, the next one is.
            if self.try_ask(&looking).await == Some(json!(true)) {
                return;
            }
        }
        let page = self.ask("document.body.innerText").await;
        panic!("never came: {script}\n{page}");
    }

    /// Goes to an address and waits until all of it is there.
    pub(crate) async fn visit(&mut self, url: &str) {
        // What was told of the page before is no concern of this one.
        while self.heard.try_recv().is_ok() {}
        let gone = self.call("Page.navigate", json!({ "url": url })).await;
        assert!(gone.get("errorText").is_none(), "{url}: {gone}");
    }

    /// Opens a page; gives what the browser complained of while it was loading.
    pub(crate) async fn open(&mut self, path: &str) -> Vec<String> {
        let url = format!("{}{path}", self.filled.origin());
        self.visit(&url).await;
        self.loaded(path).await
    }

    /// Presses a button of the page that leads to another one; gives what the browser complained of.
    #[allow(dead_code, reason = "the example that shares this room presses nothing")]
    pub(crate) async fn press(&mut self, button: &str) -> Vec<String> {
        while self.heard.try_recv().is_ok() {}
        let selector = Value::from(button);
        self.ask(&format!("document.querySelector({selector}).click()")).await;
        self.loaded(button).await
    }

    async fn loaded(&mut self, what: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        loop {
            let event = tokio::time::timeout(Duration::from_secs(60), self.heard.recv()).await;
            let event =
                event.unwrap_or_else(|_| panic!("{what} leads to no page")).expect("the browser runs");
            if event.method == "Page.loadEventFired" {
                break;
            }
            wrong.extend(complaint(&event));
        }
        // Its scripts have run when it answers; what they said came before.
        self.ask("document.readyState").await;
        wrong.extend(self.complaints());
        wrong
    }

    /// What the browser complained of since.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        while let Ok(event) = self.heard.try_recv() {
            wrong.extend(complaint(&event));
        }
        wrong
    }

    /// Every tab and frame of the browser.
    #[allow(dead_code, reason = "the example that shares this room looks into no frame")]
    pub(crate) async fn targets(&self) -> Vec<Value> {
        let all = self.browser.session().call("Target.getTargets", json!({})).await.unwrap();
        all["targetInfos"].as_array().cloned().unwrap_or_default()
    }

    /// The frame of another origin whose address has this in it.
    #[allow(dead_code, reason = "the example that shares this room looks into no frame")]
    pub(crate) async fn inside(&self, part: &str) -> Inside {
        let session = self.browser.session();
        for _ in 0..600 {
            let all = self.targets().await;
            let own = all.iter().find(|one| {
                one["type"] == "iframe" && one["url"].as_str().is_some_and(|url| url.contains(part))
            });
            if let Some(own) = own {
                let ask = json!({ "targetId": own["targetId"], "flatten": true });
                let attached = session.call("Target.attachToTarget", ask).await.unwrap();
                return Inside(self.browser.devtools().session(attached["sessionId"].as_str().unwrap()));
            }
            // The tab answers between two looks: no time is spent asleep.
            self.ask("new Promise(done => setTimeout(done, 50))").await;
        }
        panic!("no frame: {part}")
    }

    /// Sets the width of the window in CSS pixels.
    pub(crate) async fn width(&self, width: u32) {
        let height = if width < 600 { 844 } else { 900 };
        let how = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", how).await;
    }

    /// Chooses light or dark.
    pub(crate) async fn scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Chooses the language as the button at the foot does.
    pub(crate) async fn language(&self, lang: &str) {
        let cookie = json!({ "name": "sigu-lang", "value": lang, "url": self.filled.origin() });
        self.call("Network.setCookie", cookie).await;
    }

    pub(crate) async fn script(&self, on: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// How far the page is wider than its window, and what sticks out.
    pub(crate) async fn overflow(&self) -> Option<Value> {
        let found = self
            .ask(
                "(() => { const wide = document.documentElement.clientWidth; \
                 const all = document.documentElement.scrollWidth; if (all <= wide) return null; \
                 const out = [...document.querySelectorAll('main *, header *, footer *')] \
                 .filter(one => one.getBoundingClientRect().right > wide + 1).slice(0, 3) \
                 .map(one => one.outerHTML.slice(0, 120)); return { all, wide, out } })()",
            )
            .await;
        (!found.is_null()).then_some(found)
    }

    /// Serious and critical findings of axe-core.
    pub(crate) async fn judged(&self) -> Vec<String> {
        let there = self.ask("typeof axe !== 'undefined'").await;
        if there != json!(true) {
            // Not the page loads it but we: the policy of the page stays as strict as it is.
            self.ask(&format!("{};0", self.axe)).await;
        }
        let found = self.ask(JUDGE).await;
        let found = found.as_array().unwrap_or_else(|| panic!("no judgement: {found}"));
        found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// A picture of all of the page, as PNG in base64.
    #[allow(dead_code, reason = "pictures are written by the example that shares this room")]
    pub(crate) async fn picture(&self) -> String {
        let how = json!({ "format": "png", "captureBeyondViewport": true });
        self.call("Page.captureScreenshot", how).await["data"].as_str().unwrap().to_owned()
    }
}

/// A frame inside the page that has an origin of its own.
#[allow(dead_code, reason = "the example that shares this room looks into no frame")]
pub(crate) struct Inside(Session);

#[allow(dead_code, reason = "the example that shares this room looks into no frame")]
impl Inside {
    /// Asks the frame, as the developer tools do: scripts of its own do not run there.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let ask = json!({ "expression": script, "returnByValue": true });
        let answer = self.0.call("Runtime.evaluate", ask).await.unwrap();
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }

    /// What stands in a frame within the frame, by a part of its address; empty while it is not there or blank.
    pub(crate) async fn within(&self, part: &str) -> String {
        let tree = self.0.call("Page.getFrameTree", json!({})).await.unwrap();
        let mut frames = tree["frameTree"]["childFrames"].as_array().cloned().unwrap_or_default().into_iter();
        let own = frames.find(|one| one["frame"]["url"].as_str().is_some_and(|url| url.contains(part)));
        let Some(own) = own else { return String::new() };
        let world = self.0.call("Page.createIsolatedWorld", json!({ "frameId": own["frame"]["id"] })).await;
        let ask = json!({ "expression": "document.body.innerText", "returnByValue": true,
            "contextId": world.unwrap()["executionContextId"] });
        let answer = self.0.call("Runtime.evaluate", ask).await.unwrap();
        answer["result"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the frame has what the script asks for; pages it leaves meanwhile are no matter.
    pub(crate) async fn until(&self, script: &str) {
        for _ in 0..2_000 {
            let ask = json!({ "expression": format!("!!({script})"), "returnByValue": true });
            let answer = self.0.call("Runtime.evaluate", ask).await;
            if answer.is_ok_and(|answer| answer["result"]["value"] == true) {
                return;
            }
        }
        panic!("never came: {script}")
    }
}

/// What an event says against a page. That a page answers 404 or 422 is no fault of it.
fn complaint(event: &Event) -> Option<String> {
    let said = &event.params;
    match event.method.as_str() {
        "Log.entryAdded" if said["entry"]["level"] == "error" => {
            let status = said["entry"]["source"] == "network"
                && said["entry"]["text"]
                    .as_str()
                    .is_some_and(|text| text.contains("responded with a status"));
            (!status).then(|| said["entry"]["text"].to_string())
        }
        "Runtime.exceptionThrown" => Some(said["exceptionDetails"].to_string()),
        "Runtime.consoleAPICalled" if said["type"] == "error" => Some(said["args"].to_string()),
        _ => None,
    }
}
