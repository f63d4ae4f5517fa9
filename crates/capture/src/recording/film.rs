//! The film: which tab is shown, when a key frame is due, what goes on the time line, how it ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::camera::{Camera, Drawing};
use super::{
    Ended, KEY_FRAMES, KeyFrame, Mark, MarkKind, Order, PICTURES, Part, Piece, Reason, STALL, Settings,
};
use crate::clock;
use crate::devtools::{CallError, Event};
use crate::traffic::{TabId, Traffic};

const EVENTS: &[&str] = &[
    "Page.screencastFrame",
    "Page.screencastVisibilityChanged",
    "Page.frameNavigated",
    "Target.attachedToTarget",
    "Target.targetDestroyed",
];

/// How long a picture of a still page is waited for.
const STILL: Duration = Duration::from_secs(10);

pub(super) struct Film {
    traffic: Traffic,
    camera: Camera,
    parts: mpsc::UnboundedSender<Part>,
    settings: Settings,
    began: Timestamp,
    current: Option<TabId>,
    /// The tabs that were recorded so far, with the address each showed last.
    shown: HashMap<TabId, String>,
    last_key: Option<Timestamp>,
    /// The next frame is kept whatever its time: the page has changed.
    key_due: bool,
    /// The newest picture the camera has not been given yet; an older one that waited makes room for it.
    newest: Option<Picture>,
    /// What the camera is drawing.
    drawing: Drawing,
    pieces: u32,
    paused: bool,
    one_take: bool,
    /// What the camera said when it would not go on.
    trouble: String,
}

/// A picture of the tab, a JPEG in base64, and the address the tab showed.
struct Picture {
    data: String,
    url: String,
}

enum Next {
    Drawn(Result<Duration, CallError>),
    Event(Option<Arc<Event>>),
    Piece(Option<Arc<Event>>),
    Order(Option<Order>),
}

impl Film {
    pub(super) fn new(
        traffic: Traffic,
        camera: Camera,
        parts: mpsc::UnboundedSender<Part>,
        settings: Settings,
    ) -> Self {
        let began = clock::now();
        Self {
            traffic,
            camera,
            parts,
            settings,
            began,
            current: None,
            shown: HashMap::new(),
            last_key: None,
            key_due: true,
            newest: None,
            drawing: Drawing::nothing(),
            pieces: 0,
            paused: false,
            one_take: true,
            trouble: String::new(),
        }
    }

    pub(super) async fn run(mut self, tab: TabId, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut events = self.traffic.browser().devtools().listen(EVENTS);
        let mut pieces = self.camera.pieces();
        for one in self.traffic.tabs() {
            self.watch(&one.id);
        }
        let url = self.url(&tab);
        self.current = Some(tab);
        self.mark(MarkKind::Began, url);
        self.still().await;
        let (reason, done) = loop {
            let next = tokio::select! {
                biased;
                piece = pieces.recv() => Next::Piece(piece),
                drawn = self.drawing.done() => Next::Drawn(drawn),
                order = orders.recv() => Next::Order(order),
                event = events.recv() => Next::Event(event),
            };
            match next {
                Next::Piece(Some(event)) => self.piece(&event),
                Next::Drawn(Ok(took)) => self.drawn(took),
                Next::Drawn(Err(why)) => {
                    self.drawing = Drawing::nothing();
                    self.trouble = why.to_string();
                    break (Reason::CameraGone, None);
                }
                Next::Event(Some(event)) => {
                    if let Some(reason) = self.event(&event) {
                        break (reason, None);
                    }
                }
                Next::Order(Some(Order::Stop(done))) => break (Reason::Stopped, Some(done)),
                Next::Order(Some(order)) => self.order(order).await,
                Next::Order(None) => break (Reason::Stopped, None),
                Next::Piece(None) | Next::Event(None) => break (Reason::BrowserGone, None),
            }
        };
        self.end(reason, pieces, done).await;
    }

    fn watch(&self, tab: &TabId) {
        if let Some(session) = self.traffic.session(tab) {
            let (width, height) = self.settings.size;
            let ask = json!({ "format": "jpeg", "quality": 85, "maxWidth": width, "maxHeight": height });
            drop(session.post("Page.startScreencast", ask));
        }
    }

    fn offset(&self, at: Timestamp) -> u64 {
        u64::try_from(at.as_millisecond() - self.began.as_millisecond()).unwrap_or(0)
    }

    fn url(&self, tab: &TabId) -> String {
        self.traffic.tab(tab).map(|tab| tab.url).unwrap_or_default()
    }

    /// Whoever listened is gone when this fails; the recording ends with the handle.
    fn give(&self, part: Part) {
        let _ = self.parts.send(part);
    }

    fn mark(&mut self, kind: MarkKind, detail: String) {
        let at = clock::now();
        self.key_due = true;
        self.give(Part::Mark(Mark { at, offset_ms: self.offset(at), kind, detail }));
    }

    fn piece(&mut self, event: &Event) {
        if !self.camera.owns(event) || event.params["name"] != "siguPiece" {
            return;
        }
        let text = event.params["payload"].as_str().unwrap_or_default();
        let piece: Value = serde_json::from_str(text).unwrap_or_default();
        let bytes = STANDARD.decode(piece["data"].as_str().unwrap_or_default()).unwrap_or_default();
        if piece["number"].as_u64() != Some(u64::from(self.pieces)) || bytes.is_empty() {
            self.one_take = false;
        }
        let offset_ms = piece["ms"].as_u64().unwrap_or_default();
        self.give(Part::Piece(Piece { number: self.pieces, offset_ms, bytes }));
        self.pieces += 1;
    }

    /// Takes one event of the browser; a reason ends the recording.
    fn event(&mut self, event: &Event) -> Option<Reason> {
        let params = &event.params;
        match event.method.as_str() {
            "Page.screencastFrame" => self.frame(event),
            "Page.screencastVisibilityChanged" if params["visible"] == true => {
                if let Some(tab) = self.tab_of(event) {
                    self.turn_to(tab);
                }
            }
            "Page.frameNavigated" if params["frame"].get("parentId").is_none() => {
                if let Some(tab) = self.tab_of(event) {
                    let url = params["frame"]["url"].as_str().unwrap_or_default().to_owned();
                    let is_shown = self.current.as_ref() == Some(&tab);
                    self.turn_to(tab);
                    if is_shown {
                        self.mark(MarkKind::Navigated, url);
                    }
                }
            }
            "Target.attachedToTarget" if params["targetInfo"]["type"] == "page" => {
                let id = params["targetInfo"]["targetId"].as_str().unwrap_or_default();
                self.watch(&TabId(id.to_owned()));
            }
            "Target.targetDestroyed" => return self.destroyed(params),
            _ => {}
        }
        None
    }

    fn tab_of(&self, event: &Event) -> Option<TabId> {
        let session = event.session.as_ref()?;
        self.traffic.tab_of(session)
    }

    fn turn_to(&mut self, tab: TabId) {
        if self.current.as_ref() != Some(&tab) {
            let url = self.url(&tab);
            // Its closing is marked even when it closes before its first frame.
            self.shown.insert(tab.clone(), url.clone());
            self.current = Some(tab);
            self.mark(MarkKind::TabSwitched, url);
        }
    }

    fn destroyed(&mut self, params: &Value) -> Option<Reason> {
        let id = TabId(params["targetId"].as_str().unwrap_or_default().to_owned());
        let url = self.shown.remove(&id)?;
        self.mark(MarkKind::TabClosed, url);
        if self.current.as_ref() != Some(&id) {
            return None;
        }
        let left = self.traffic.tabs().into_iter().find(|tab| tab.id != id);
        self.current = None;
        match left {
            Some(tab) => self.turn_to(tab.id),
            None => return Some(Reason::TabClosed),
        }
        None
    }

    /// Takes a picture at once, so that the browser goes on to the next: the last one it draws always comes.
    fn frame(&mut self, frame: &Event) {
        let (Some(session), Some(tab)) = (frame.session.clone(), self.tab_of(frame)) else { return };
        let session = self.traffic.browser().devtools().session(session);
        let number = &frame.params["sessionId"];
        drop(session.post("Page.screencastFrameAck", json!({ "sessionId": number })));
        if self.current.as_ref() == Some(&tab) && !self.paused {
            self.picture(tab, frame.params["data"].as_str().unwrap_or_default().to_owned());
        }
    }

    /// Takes a picture of a tab, a JPEG in base64.
    fn picture(&mut self, tab: TabId, data: String) {
        let url = self.url(&tab);
        self.shown.insert(tab, url.clone());
        self.key_frame(&data, &url);
        self.newest = Some(Picture { data, url });
        if self.drawing.is_nothing() {
            self.draw();
        }
    }

    /// Gives the camera the newest picture, if there is one.
    fn draw(&mut self) {
        self.drawing = match self.newest.take() {
            Some(Picture { data, url }) => self.camera.picture(&data, &url, PICTURES),
            None => Drawing::nothing(),
        };
    }

    /// Goes on to the next picture; whoever watches the film is told where the one before stood for long.
    fn drawn(&mut self, took: Duration) {
        if took >= STALL {
            self.mark(MarkKind::Stalled, took.as_secs().to_string());
        }
        self.draw();
    }

    fn key_frame(&mut self, data: &str, url: &str) {
        let at = clock::now();
        let far = self.last_key.is_none_or(|last| {
            at.as_millisecond() - last.as_millisecond() >= i64::try_from(KEY_FRAMES.as_millis()).unwrap_or(0)
        });
        if let (true, Ok(jpeg)) = (far || self.key_due, STANDARD.decode(data)) {
            self.key_due = false;
            self.last_key = Some(at);
            let offset_ms = self.offset(at);
            self.give(Part::KeyFrame(KeyFrame { at, offset_ms, url: url.to_owned(), jpeg }));
        }
    }

    async fn order(&mut self, order: Order) {
        match order {
            Order::Pause if !self.paused => {
                self.paused = true;
                self.newest = None;
                self.one_take = false;
                let words = Value::from(self.settings.paused.as_str());
                let _ = self.camera.run(&format!("pause({words})")).await;
                self.mark(MarkKind::Paused, String::new());
            }
            Order::Resume if self.paused => {
                self.paused = false;
                let _ = self.camera.run("resume()").await;
                self.mark(MarkKind::Resumed, String::new());
            }
            Order::Note(words) => self.mark(MarkKind::Noted, words),
            Order::Pause | Order::Resume | Order::Stop(_) => {}
        }
    }

    /// Takes a picture of the tab now: a film begins and ends with what is on the screen, whether it moves or not.
    async fn still(&mut self) {
        let Some((tab, session)) = self.current.clone().and_then(|tab| {
            let session = self.traffic.session(&tab)?;
            Some((tab, session))
        }) else {
            return;
        };
        let ask = json!({ "format": "jpeg", "quality": 85, "optimizeForSpeed": true });
        // A tab that shows nothing any more, or does not answer, has no picture: the film is what came before.
        if let Ok(answer) = session.call_within("Page.captureScreenshot", ask, STILL).await {
            self.key_due = true;
            self.picture(tab, answer["data"].as_str().unwrap_or_default().to_owned());
        }
    }

    /// Draws what has come, and has the camera hand over its last piece.
    async fn finish(&mut self) -> Result<(), CallError> {
        while !self.drawing.is_nothing() {
            let took = self.drawing.done().await?;
            self.drawn(took);
        }
        self.camera.run("finish()").await.map(drop)
    }

    async fn end(
        mut self,
        reason: Reason,
        mut pieces: mpsc::UnboundedReceiver<Arc<Event>>,
        done: Option<oneshot::Sender<()>>,
    ) {
        if reason == Reason::Stopped && !self.paused {
            self.still().await;
        }
        for tab in self.traffic.tabs() {
            if let Some(session) = self.traffic.session(&tab.id) {
                drop(session.post("Page.stopScreencast", json!({})));
            }
        }
        let finished = self.finish().await.is_ok();
        // The camera answers after its last piece: whatever there is has come.
        while let Ok(event) = pieces.try_recv() {
            self.piece(&event);
        }
        let is_gone = self.traffic.browser().devtools().is_closed();
        let reason = if is_gone { Reason::BrowserGone } else { reason };
        let at = clock::now();
        let trouble = std::mem::take(&mut self.trouble);
        self.mark(MarkKind::Ended, trouble);
        let continuous = self.one_take && finished && reason == Reason::Stopped && self.pieces > 0;
        let duration_ms = self.offset(at);
        self.give(Part::Ended(Ended { at, duration_ms, pieces: self.pieces, continuous, reason }));
        self.camera.close().await;
        if let Some(done) = done {
            let _ = done.send(());
        }
    }
}
