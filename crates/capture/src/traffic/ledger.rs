//! Which request belongs to which visit of which tab; what is under way; how much is held.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::LARGEST_BODY;
use super::entry::{Entry, State};
use crate::clock;
use crate::devtools::Event;
use crate::exchange::{Exchange, Frames, SocketLine};

/// Most bytes of bodies held for all tabs together; beyond it the oldest visits let theirs go.
const MOST_HELD: usize = 384 << 20;
/// Most requests held for all tabs together; beyond it the oldest are forgotten.
const MOST_ENTRIES: usize = 50_000;
/// Most lines held of one WebSocket.
const MOST_LINES: usize = 20_000;

/// A tab's id in this browser.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct TabId(pub String);

/// A tab as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its id.
    pub id: TabId,
    /// The address shown.
    pub url: String,
    /// The title shown.
    pub title: String,
    /// How many documents it has shown.
    pub visits: u32,
}

struct TabState {
    session: Arc<str>,
    url: String,
    title: String,
    /// The visit of the document shown.
    visit: u32,
    /// How many visits were begun, and which loader each of the last ones has; one that ends as a download is
    /// never shown.
    begun: u32,
    loaders: HashMap<String, u32>,
    /// The number of its last sign of life, to tell which tab was used last.
    touched: u64,
    /// Held by the capture under way.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl TabState {
    /// Returns the visit a request belongs to: that of its loader, else of the document shown.
    fn visit_of(&self, loader: Option<&str>) -> u32 {
        loader.and_then(|loader| self.loaders.get(loader)).copied().unwrap_or(self.visit)
    }

    /// Begins the visit of a loader, once: its request and its document may come in either order.
    fn begin(&mut self, loader: &str) {
        if self.loaders.contains_key(loader) {
            return;
        }
        self.begun += 1;
        // Loaders of long ago ask for nothing any more.
        if self.loaders.len() > 64 {
            let shown = self.visit;
            self.loaders.retain(|_, visit| *visit >= shown);
        }
        self.loaders.insert(loader.to_owned(), self.begun);
    }
}

struct Owner {
    tab: TabId,
    /// The frame in a process of its own that this session stands for.
    frame: Option<String>,
}

struct Asked {
    tab: TabId,
    /// The session that told of it first.
    session: Arc<str>,
    visit: u32,
    entry: Entry,
}

struct Line {
    tab: TabId,
    visit: u32,
    frames: Frames,
}

#[derive(Default)]
pub(super) struct Ledger {
    tabs: HashMap<TabId, TabState>,
    /// Which tab a session serves, itself or through a frame or worker.
    owners: HashMap<Arc<str>, Owner>,
    /// By the browser's request id, which is the same in all sessions; `order` keeps when they came.
    asked: HashMap<String, Asked>,
    order: Vec<String>,
    sockets: HashMap<String, Line>,
    held: usize,
    ticks: u64,
    /// Browser contexts that are ours.
    left_out: HashSet<String>,
}

impl Ledger {
    /// Takes a tab, frame or worker in; returns whether it is to be written down.
    pub(super) fn attached(&mut self, session: &str, parent: Option<&str>, info: &Value) -> bool {
        if info["browserContextId"].as_str().is_some_and(|context| self.left_out.contains(context)) {
            return false;
        }
        let session: Arc<str> = session.into();
        let target = info["targetId"].as_str().unwrap_or_default().to_owned();
        let kind = info["type"].as_str().unwrap_or_default();
        if kind == "page" {
            let id = TabId(target);
            self.ticks += 1;
            let state = TabState {
                session: Arc::clone(&session),
                url: info["url"].as_str().unwrap_or_default().to_owned(),
                title: info["title"].as_str().unwrap_or_default().to_owned(),
                visit: 0,
                begun: 0,
                loaders: HashMap::new(),
                touched: self.ticks,
                turn: Arc::default(),
            };
            self.tabs.insert(id.clone(), state);
            self.owners.insert(session, Owner { tab: id, frame: None });
            return true;
        }
        // Workers of no tab, as service workers, serve whoever asks them: they count for the tab used last.
        let tab = parent.and_then(|parent| self.owners.get(parent)).map(|owner| owner.tab.clone());
        let tab = tab.or_else(|| self.tabs().into_iter().next().map(|tab| tab.id));
        if let Some(tab) = tab {
            let frame = (kind == "iframe").then_some(target);
            self.owners.insert(session, Owner { tab, frame });
        }
        true
    }

    pub(super) fn leave_out(&mut self, context: &str) {
        self.left_out.insert(context.to_owned());
    }

    pub(super) fn tab_of(&self, session: &str) -> Option<TabId> {
        self.tabs.iter().find(|(_, state)| &*state.session == session).map(|(id, _)| id.clone())
    }

    /// Takes one event; returns the request whose body is to be asked for.
    pub(super) fn take(&mut self, event: &Event) -> Option<String> {
        let params = &event.params;
        match event.method.as_str() {
            "Target.detachedFromTarget" => self.detached(params),
            "Target.targetDestroyed" => self.destroyed(params),
            "Target.targetInfoChanged" => self.changed(&params["targetInfo"]),
            "Page.frameNavigated" => self.navigated(event),
            "Network.webSocketCreated" => self.socket(event),
            "Network.webSocketFrameSent" => self.line(params, true),
            "Network.webSocketFrameReceived" => self.line(params, false),
            "Network.requestWillBeSent" => self.sent(event),
            _ => return self.progress(event),
        }
        None
    }

    fn detached(&mut self, params: &Value) {
        if let Some(session) = params["sessionId"].as_str() {
            self.owners.remove(session);
        }
    }

    fn destroyed(&mut self, params: &Value) {
        if let Some(target) = params["targetId"].as_str() {
            self.tabs.remove(&TabId(target.to_owned()));
        }
    }

    fn changed(&mut self, info: &Value) {
        let id = TabId(info["targetId"].as_str().unwrap_or_default().to_owned());
        if let Some(tab) = self.tabs.get_mut(&id) {
            info["url"].as_str().unwrap_or_default().clone_into(&mut tab.url);
            info["title"].as_str().unwrap_or_default().clone_into(&mut tab.title);
        }
    }

    /// A tab shows another document: from here on a new visit counts.
    fn navigated(&mut self, event: &Event) {
        let frame = &event.params["frame"];
        let id = TabId(frame["id"].as_str().unwrap_or_default().to_owned());
        self.ticks += 1;
        let ticks = self.ticks;
        if let Some(tab) = self.tabs.get_mut(&id).filter(|_| frame.get("parentId").is_none()) {
            frame["url"].as_str().unwrap_or_default().clone_into(&mut tab.url);
            let loader = frame["loaderId"].as_str().unwrap_or_default();
            tab.begin(loader);
            tab.visit = tab.visit_of(Some(loader));
            tab.touched = ticks;
        }
    }

    fn owner(&self, event: &Event) -> Option<TabId> {
        let session = event.session.as_deref()?;
        self.owners.get(session).map(|owner| owner.tab.clone())
    }

    fn sent(&mut self, event: &Event) {
        let params = &event.params;
        let Some(id) = params["requestId"].as_str() else { return };
        let Some(tab) = self.owner(event).filter(|_| over_network(&params["request"]["url"])) else { return };
        let loader = params["loaderId"].as_str();
        let is_first = self.asked.get(id).is_none_or(|asked| asked.entry.began().is_none());
        if let Some(state) = self.tabs.get_mut(&tab).filter(|_| is_first && begins_visit(&tab, params)) {
            state.begin(id);
        }
        let visit = self.tabs.get(&tab).map_or(0, |state| state.visit_of(loader));
        let asked = self.known(id, &tab, event);
        asked.visit = visit;
        asked.entry.sent(params);
        self.relieve();
    }

    /// Returns what is known of a request, begun now where nothing is.
    fn known(&mut self, id: &str, tab: &TabId, event: &Event) -> &mut Asked {
        let visit = self.tabs.get(tab).map_or(0, |state| state.visit);
        self.asked.entry(id.to_owned()).or_insert_with(|| {
            self.order.push(id.to_owned());
            let session = event.session.clone().unwrap_or_default();
            Asked { tab: tab.clone(), session, visit, entry: Entry::default() }
        })
    }

    fn progress(&mut self, event: &Event) -> Option<String> {
        let params = &event.params;
        let id = params["requestId"].as_str()?;
        // True header lines may come before the request they belong to.
        if !self.asked.contains_key(id) && event.method.ends_with("ExtraInfo") {
            let tab = self.owner(event)?;
            self.known(id, &tab, event);
        }
        let entry = &mut self.asked.get_mut(id)?.entry;
        match event.method.as_str() {
            "Network.requestWillBeSentExtraInfo" => entry.sent_extra(params),
            "Network.responseReceivedExtraInfo" => entry.received_extra(params),
            "Network.requestServedFromCache" => entry.served_from_memory(),
            "Network.responseReceived" => entry.received(params),
            "Network.dataReceived" => entry.counted += params["dataLength"].as_u64().unwrap_or_default(),
            "Network.loadingFailed" => {
                let is_kept = entry.failed(params) && entry.counted <= LARGEST_BODY;
                if is_kept {
                    entry.state = State::AwaitingBody;
                    return Some(id.to_owned());
                }
            }
            "Network.loadingFinished" if entry.counted > LARGEST_BODY => {
                let size = entry.counted;
                entry.body(Err(format!("{size} bytes are more than {LARGEST_BODY}, the most that is kept")));
            }
            "Network.loadingFinished" => {
                entry.state = State::AwaitingBody;
                return Some(id.to_owned());
            }
            _ => {}
        }
        None
    }

    pub(super) fn body(&mut self, request: &str, body: Result<Vec<u8>, String>) {
        self.fill(request, |entry| entry.body(body));
    }

    /// Keeps what there is of a body that has not ended.
    pub(super) fn part(&mut self, request: &str, bytes: Vec<u8>) {
        self.fill(request, |entry| entry.part(bytes));
    }

    fn fill(&mut self, request: &str, fill: impl FnOnce(&mut Entry)) {
        if let Some(asked) = self.asked.get_mut(request) {
            let before = asked.entry.weight();
            fill(&mut asked.entry);
            self.held = (self.held + asked.entry.weight()).saturating_sub(before);
        }
        self.relieve();
    }

    /// Keeps what is held within bounds: bodies of the oldest requests go first, and the record says so.
    fn relieve(&mut self) {
        let mut oldest = 0;
        while self.held > MOST_HELD && oldest < self.order.len() {
            if let Some(asked) = self.asked.get_mut(&self.order[oldest]) {
                self.held = self.held.saturating_sub(asked.entry.weight());
                asked.entry.drop_bodies();
            }
            oldest += 1;
        }
        while self.order.len() > MOST_ENTRIES {
            let gone = self.order.remove(0);
            if let Some(asked) = self.asked.remove(&gone) {
                self.held = self.held.saturating_sub(asked.entry.weight());
            }
        }
    }

    fn socket(&mut self, event: &Event) {
        let Some(tab) = self.owner(event) else { return };
        let visit = self.tabs.get(&tab).map_or(0, |state| state.visit);
        let id = event.params["requestId"].as_str().unwrap_or_default().to_owned();
        let url = event.params["url"].as_str().unwrap_or_default().to_owned();
        self.sockets.insert(id, Line { tab, visit, frames: Frames { url, lines: Vec::new() } });
    }

    fn line(&mut self, params: &Value, sent: bool) {
        let Some(socket) = params["requestId"].as_str().and_then(|id| self.sockets.get_mut(id)) else {
            return;
        };
        let response = &params["response"];
        let is_text = response["opcode"].as_u64() == Some(1);
        if is_text && socket.frames.lines.len() < MOST_LINES {
            let text = response["payloadData"].as_str().unwrap_or_default().to_owned();
            socket.frames.lines.push(SocketLine { at: clock::now(), sent, text });
        }
    }

    pub(super) fn tabs(&self) -> Vec<Tab> {
        let mut tabs: Vec<_> = self.tabs.iter().collect();
        tabs.sort_by_key(|(_, state)| std::cmp::Reverse(state.touched));
        let tab = |(id, state): (&TabId, &TabState)| Tab {
            id: id.clone(),
            url: state.url.clone(),
            title: state.title.clone(),
            visits: state.visit,
        };
        tabs.into_iter().map(tab).collect()
    }

    pub(super) fn session(&self, id: &TabId) -> Option<Arc<str>> {
        self.tabs.get(id).map(|state| Arc::clone(&state.session))
    }

    pub(super) fn turn(&self, id: &TabId) -> Option<Arc<tokio::sync::Mutex<()>>> {
        self.tabs.get(id).map(|state| Arc::clone(&state.turn))
    }

    pub(super) fn frames(&self, id: &TabId) -> Vec<(String, Arc<str>)> {
        let own = self.owners.iter().filter(|(_, owner)| &owner.tab == id);
        let mut frames: Vec<_> =
            own.filter_map(|(session, owner)| Some((owner.frame.clone()?, Arc::clone(session)))).collect();
        frames.sort();
        frames
    }

    /// Returns how many requests the visit has begun, and the addresses of those under way.
    pub(super) fn under_way(&self, id: &TabId) -> (usize, Vec<String>) {
        let of_visit = self.of_visit(id);
        let open = of_visit.iter().filter(|asked| asked.entry.state != State::Done);
        let counts =
            |asked: &&&Asked| !matches!(asked.entry.kind(), "EventSource" | "WebSocket" | "Ping" | "");
        let open = open.filter(counts).map(|asked| asked.entry.url().to_owned()).collect();
        (of_visit.len(), open)
    }

    /// Returns the requests of the visit whose answer has begun and not ended, with their sessions.
    pub(super) fn unfinished(&self, id: &TabId) -> Vec<(String, Arc<str>)> {
        let Some(visit) = self.tabs.get(id).map(|state| state.visit) else { return Vec::new() };
        let own = self.asked.iter().filter(|(_, asked)| &asked.tab == id && asked.visit == visit);
        let open =
            own.filter(|(_, asked)| asked.entry.is_unfinished() && asked.entry.counted <= LARGEST_BODY);
        open.map(|(request, asked)| (request.clone(), Arc::clone(&asked.session))).collect()
    }

    fn of_visit(&self, id: &TabId) -> Vec<&Asked> {
        let Some(visit) = self.tabs.get(id).map(|state| state.visit) else { return Vec::new() };
        let all = self.order.iter().filter_map(|request| self.asked.get(request));
        all.filter(|asked| &asked.tab == id && asked.visit == visit).collect()
    }

    pub(super) fn visit(&self, id: &TabId) -> (Vec<Exchange>, Vec<Frames>) {
        let exchanges = self.of_visit(id).into_iter().flat_map(|asked| asked.entry.exchanges()).collect();
        let visit = self.tabs.get(id).map(|state| state.visit);
        let sockets = self.sockets.values().filter(|line| &line.tab == id && Some(line.visit) == visit);
        (exchanges, by_url(sockets.map(|line| line.frames.clone()).collect()))
    }

    pub(super) fn since(&self, at: Timestamp) -> (Vec<Exchange>, Vec<Frames>) {
        let all = self.order.iter().filter_map(|request| self.asked.get(request));
        let later = all.filter(|asked| asked.entry.began().is_some_and(|began| began >= at));
        let exchanges = later.flat_map(|asked| asked.entry.exchanges()).collect();
        (exchanges, by_url(self.sockets.values().map(|line| line.frames.clone()).collect()))
    }
}

/// What the browser brings along (`chrome:`) and what stands in the page itself (`data:`, `blob:`) was not received.
fn over_network(url: &Value) -> bool {
    let scheme = url.as_str().and_then(|url| url.split_once(':')).map(|(scheme, _)| scheme);
    matches!(scheme, Some("http" | "https" | "ws" | "wss" | "file" | "ftp"))
}

/// The document of the tab itself, not of a frame in it, begins a visit.
fn begins_visit(tab: &TabId, params: &Value) -> bool {
    params["type"] == "Document"
        && params["requestId"] == params["loaderId"]
        && params["frameId"].as_str() == Some(tab.0.as_str())
}

fn by_url(mut frames: Vec<Frames>) -> Vec<Frames> {
    frames.sort_by(|one, other| one.url.cmp(&other.url));
    frames
}
