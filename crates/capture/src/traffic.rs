//! Everything the browser received, written down as it comes: every tab, frame and worker, visit by visit.
//!
//! A visit is one document in a tab and all that was asked for on its behalf. Bodies are asked for the moment
//! they are complete; a body is byte for byte what came when its length is the length the network counted.

mod entry;
mod ledger;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::clock::Deadline;
use crate::devtools::{CallError, DevTools, Event, Session};
use crate::exchange::{Exchange, Frames};
use ledger::Ledger;
pub use ledger::{Tab, TabId};

/// Larger bodies are named, not kept: 64 MiB.
pub const LARGEST_BODY: u64 = 64 << 20;

const EVENTS: &[&str] = &[
    "Target.attachedToTarget",
    "Target.detachedFromTarget",
    "Target.targetInfoChanged",
    "Target.targetDestroyed",
    "Target.targetCrashed",
    "Page.frameNavigated",
    "Network.requestWillBeSent",
    "Network.requestWillBeSentExtraInfo",
    "Network.responseReceived",
    "Network.responseReceivedExtraInfo",
    "Network.requestServedFromCache",
    "Network.dataReceived",
    "Network.loadingFinished",
    "Network.loadingFailed",
    "Network.webSocketCreated",
    "Network.webSocketFrameSent",
    "Network.webSocketFrameReceived",
];

/// The record of what a browser received. Clones share it.
#[derive(Clone)]
pub struct Traffic {
    devtools: DevTools,
    ledger: Arc<Mutex<Ledger>>,
}

impl Traffic {
    /// Begins to write down what the browser receives, in all tabs there are and will be.
    ///
    /// `prepare` is asked for what is to be said to each new tab before its first byte runs.
    ///
    /// # Errors
    /// When the browser is gone or refuses.
    pub async fn record(
        devtools: &DevTools,
        prepare: impl Fn(&Session) + Send + 'static,
    ) -> Result<Self, CallError> {
        let traffic = Self { devtools: devtools.clone(), ledger: Arc::default() };
        let mut events = devtools.listen(EVENTS);
        let own = traffic.clone();
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                own.take(&event, &prepare);
            }
        });
        let kinds = ["page", "iframe", "worker", "shared_worker", "service_worker"];
        let attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
            "filter": kinds.map(|kind| json!({ "type": kind })) });
        devtools.browser().call("Target.setDiscoverTargets", json!({ "discover": true })).await?;
        devtools.browser().call("Target.setAutoAttach", attach).await?;
        for tab in traffic.tabs() {
            traffic.ready(&tab.id).await?;
        }
        Ok(traffic)
    }

    /// Waits until a tab writes down what it receives. One that was there before us does not wait for us.
    ///
    /// # Errors
    /// When the browser or the tab is gone.
    pub async fn ready(&self, id: &TabId) -> Result<(), CallError> {
        let session = self.session(id).ok_or(CallError::Closed)?;
        session.call("Network.enable", buffers()).await.map(drop)
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, event: &Event, prepare: &impl Fn(&Session)) {
        if event.method == "Target.attachedToTarget" {
            return self.attached(event, prepare);
        }
        if event.method == "Target.targetCrashed" {
            return self.crashed(event);
        }
        let wanted = self.ledger().take(event);
        if let (Some(body), Some(session)) = (wanted, &event.session) {
            self.ask_body(self.devtools.session(Arc::clone(session)), body);
        }
    }

    /// A tab, frame or worker is there, and waits. Everything is asked before it is let run; nothing is awaited,
    /// because a paused service worker answers only once it runs.
    fn attached(&self, event: &Event, prepare: &impl Fn(&Session)) {
        let Some(id) = event.params["sessionId"].as_str() else { return };
        let session = self.devtools.session(id);
        let info = &event.params["targetInfo"];
        let kind = info["type"].as_str().unwrap_or_default();
        if !self.ledger().attached(id, event.session.as_deref(), info) {
            drop(session.post("Runtime.runIfWaitingForDebugger", json!({})));
            return;
        }
        // Answers are of no use here: what cannot be asked of this kind of target is refused by it.
        drop(session.post("Network.enable", buffers()));
        let attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        drop(session.post("Target.setAutoAttach", attach));
        if kind == "page" || kind == "iframe" {
            drop(session.post("Page.enable", json!({})));
        }
        if kind == "page" {
            prepare(&session);
        }
        drop(session.post("Runtime.runIfWaitingForDebugger", json!({})));
    }

    /// What was asked of a page that fell over will never be answered.
    fn crashed(&self, event: &Event) {
        let tab = TabId(event.params["targetId"].as_str().unwrap_or_default().to_owned());
        if let Some(session) = self.ledger().session(&tab) {
            self.devtools.give_up(&session);
        }
    }

    fn ask_body(&self, session: Session, request: String) {
        let answer = session.post("Network.getResponseBody", json!({ "requestId": request }));
        let own = self.clone();
        tokio::spawn(async move {
            let limit = Duration::from_secs(30);
            let body = match tokio::time::timeout(limit, answer).await {
                Ok(Ok(Ok(answer))) => decoded(&answer).ok_or_else(|| "the browser's answer".to_owned()),
                Ok(Ok(Err(why))) => Err(why),
                Ok(Err(_)) => Err("the browser or the tab is gone".to_owned()),
                Err(_) => Err("the browser did not hand it over in time".to_owned()),
            };
            own.ledger().body(&request, body);
        });
    }

    /// Takes what is there of answers without end: of lines that stay open, of a page that broke its loading
    /// off, or of one whose script does not let it hear the end. Of what has not ended a part is kept.
    pub(crate) async fn take_open(&self, id: &TabId) {
        let open = self.ledger().unfinished(id);
        join_all(open.into_iter().take(64).map(|(request, session)| async move {
            self.take_one(&self.devtools.session(session), &request).await;
        }))
        .await;
    }

    async fn take_one(&self, session: &Session, request: &str) {
        const PATIENCE: Duration = Duration::from_millis(1_500);
        let ask = json!({ "requestId": request });
        let whole = session.call_within("Network.getResponseBody", ask.clone(), PATIENCE).await;
        if let Some(bytes) = whole.ok().as_ref().and_then(decoded) {
            return self.ledger().body(request, Ok(bytes));
        }
        let part = session.call_within("Network.streamResourceContent", ask, PATIENCE).await;
        if let Some(bytes) = part.ok().as_ref().and_then(|part| base64(&part["bufferedData"])) {
            self.ledger().part(request, bytes);
        }
    }

    /// Returns the browser's own session.
    #[must_use]
    pub fn browser(&self) -> Session {
        self.devtools.browser()
    }

    /// Leaves a browser context out: what we open there ourselves is not the user's.
    pub(crate) fn leave_out(&self, context: &str) {
        self.ledger().leave_out(context);
    }

    /// Returns the tab a session serves, itself and not one of its frames.
    pub(crate) fn tab_of(&self, session: &str) -> Option<TabId> {
        self.ledger().tab_of(session)
    }

    /// Returns the tabs there are, the one last shown first.
    #[must_use]
    pub fn tabs(&self) -> Vec<Tab> {
        self.ledger().tabs()
    }

    /// Waits for the first tab, at most as long as for any answer.
    ///
    /// # Errors
    /// When there is none, or the browser is gone.
    pub async fn first_tab(&self) -> Result<TabId, CallError> {
        let deadline = Deadline::after(crate::devtools::PATIENCE);
        while !deadline.passed() && !self.devtools.is_closed() {
            if let Some(tab) = self.tabs().into_iter().next() {
                self.ready(&tab.id).await?;
                return Ok(tab.id);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(CallError::Closed)
    }

    /// Returns one tab.
    #[must_use]
    pub fn tab(&self, id: &TabId) -> Option<Tab> {
        self.ledger().tabs().into_iter().find(|tab| &tab.id == id)
    }

    /// Returns the session of a tab.
    #[must_use]
    pub fn session(&self, id: &TabId) -> Option<Session> {
        Some(self.devtools.session(self.ledger().session(id)?))
    }

    /// Returns what a capture of a tab holds while it runs.
    pub(crate) fn turn(&self, id: &TabId) -> Option<Arc<tokio::sync::Mutex<()>>> {
        self.ledger().turn(id)
    }

    /// Returns the sessions of a tab's frames that live in processes of their own, with their frame ids.
    #[must_use]
    pub fn frame_sessions(&self, id: &TabId) -> Vec<(String, Session)> {
        let sessions = self.ledger().frames(id);
        sessions.into_iter().map(|(frame, session)| (frame, self.devtools.session(session))).collect()
    }

    /// Waits until nothing is under way for the tab's visit for `quiet`, or the limit has passed.
    /// Returns the addresses still under way.
    pub async fn settle(&self, id: &TabId, quiet: Duration, limit: Duration) -> Vec<String> {
        let deadline = Deadline::after(limit);
        let mut calm = Deadline::after(quiet);
        let mut seen = usize::MAX;
        loop {
            let (begun, open) = self.ledger().under_way(id);
            if begun != seen || !open.is_empty() {
                seen = begun;
                calm = Deadline::after(quiet);
            }
            if calm.passed() || deadline.passed() || self.devtools.is_closed() {
                return open;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Returns everything of the tab's present visit, in the order it was asked for.
    #[must_use]
    pub fn visit(&self, id: &TabId) -> (Vec<Exchange>, Vec<Frames>) {
        self.ledger().visit(id)
    }

    /// Returns everything of all visits of all tabs from an instant on.
    #[must_use]
    pub fn since(&self, at: jiff::Timestamp) -> (Vec<Exchange>, Vec<Frames>) {
        self.ledger().since(at)
    }
}

/// Bodies outlive the page they belong to, and come byte for byte.
fn buffers() -> Value {
    json!({ "enableDurableMessages": true, "maxTotalBufferSize": 512 << 20,
        "maxResourceBufferSize": LARGEST_BODY, "maxPostDataSize": 4 << 20 })
}

fn decoded(answer: &Value) -> Option<Vec<u8>> {
    if answer["base64Encoded"].as_bool() == Some(true) {
        return base64(&answer["body"]);
    }
    answer["body"].as_str().map(|body| body.as_bytes().to_vec())
}

fn base64(value: &Value) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(value.as_str()?).ok()
}
