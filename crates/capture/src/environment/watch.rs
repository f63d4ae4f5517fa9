//! Who changed the page: for every change that still stands after loading, the script that made it, or none.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sigu_evidence::mask::mask_text;

use super::cause::{self, Birth, Scripts};
use super::{By, Edit, PageState};
use crate::devtools::{CallError, DevTools, Session};
use crate::page::WORLD;
use crate::traffic::{TabId, Traffic};

const WATCH: &str = include_str!("watch.js");
/// How long a page may take to answer one question.
const PATIENCE: Duration = Duration::from_secs(8);
/// Most frames of a tab that are asked.
const MOST_FRAMES: usize = 20;
/// Most edits that are told; more are counted.
const MOST_EDITS: usize = 200;
/// Most scripts without an address that are remembered.
const MOST_SCRIPTS: usize = 50_000;

/// Watches the tabs of a browser for changes no script of their pages made. Clones share what they know.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    /// Scripts without an address of their own, by session and id.
    nameless: HashMap<(Arc<str>, String), Birth>,
    /// Extensions whose scripts ran, by session.
    extensions: HashSet<(Arc<str>, String)>,
}

impl Watch {
    /// Begins to remember where scripts come from, in all tabs given to [`Watch::prepare`].
    #[must_use]
    pub fn new(devtools: &DevTools) -> Self {
        let watch = Self::default();
        let mut events = devtools.listen(&["Debugger.scriptParsed"]);
        let own = watch.clone();
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                if let Some(session) = &event.session {
                    own.seen().script(session, &event.params);
                }
            }
        });
        watch
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares a tab before its first byte runs; for the `prepare` of [`Traffic::record`].
    ///
    /// The debugger is on so that asynchronous stacks are kept, and never pauses: a `debugger` statement of
    /// the page passes unnoticed.
    pub fn prepare(&self, session: &Session) {
        let asks = [
            ("Debugger.enable", json!({ "maxScriptsCacheSize": 0 })),
            ("Debugger.setSkipAllPauses", json!({ "skip": true })),
            ("Debugger.setAsyncCallStackDepth", json!({ "maxDepth": 32 })),
            ("DOM.enable", json!({})),
            ("DOM.setNodeStackTracesEnabled", json!({ "enable": true })),
            (
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": WATCH, "worldName": WORLD, "runImmediately": true }),
            ),
        ];
        for (method, params) in asks {
            // What a tab refuses shows when it is read: then it was not watched.
            drop(session.post(method, params));
        }
    }

    /// Returns the ids of extensions whose scripts ran in the tab, in order.
    #[must_use]
    pub fn extensions(&self, session: &Session) -> Vec<String> {
        let seen = self.seen();
        let own = seen.extensions.iter().filter(|(of, _)| Some(of) == session.id());
        let mut ids: Vec<_> = own.map(|(_, id)| id.clone()).collect();
        ids.sort();
        ids
    }

    /// Tells which changes of the page that still stand no script of the page made.
    ///
    /// `known` tells whether a text stands in what the page received: the source of a `javascript:` address
    /// does.
    pub(super) async fn read(
        &self,
        traffic: &Traffic,
        tab: &TabId,
        known: &(dyn Fn(&str) -> bool + Sync),
    ) -> PageState {
        let mut state = PageState::default();
        let Some(session) = traffic.session(tab) else { return state };
        let elsewhere: Vec<String> =
            traffic.frame_sessions(tab).into_iter().map(|(frame, _)| frame).collect();
        let tree = session.call_within("Page.getFrameTree", json!({}), PATIENCE).await.unwrap_or_default();
        for (number, frame) in frames(&tree["frameTree"]).into_iter().enumerate() {
            if elsewhere.contains(&frame) || number >= MOST_FRAMES {
                state.unwatched_frames += 1;
                continue;
            }
            match read_frame(&session, &frame).await {
                Ok(Some(read)) => self.judge(&session, read, known, &mut state).await,
                Ok(None) | Err(_) if number > 0 => state.unwatched_frames += 1,
                Ok(None) | Err(_) => return state,
            }
        }
        state.watched = true;
        state
    }

    async fn judge(
        &self,
        session: &Session,
        read: Read,
        known: &(dyn Fn(&str) -> bool + Sync),
        state: &mut PageState,
    ) {
        state.watched_late |= read.said.late;
        state.dropped += read.said.dropped;
        for (batch, stack) in read.said.batches.into_iter().zip(&read.stacks) {
            let scripts = Scripts { session, known, birth: &|id| self.birth(session, id) };
            let by = cause::of(stack, &scripts).await;
            if by != By::Page {
                add(state, batch, &by);
            }
        }
    }

    /// Where the script with this id comes from; `None` where it has an address of its own.
    fn birth(&self, session: &Session, id: &str) -> Option<Birth> {
        let session = Arc::clone(session.id()?);
        self.seen().nameless.get(&(session, id.to_owned())).cloned()
    }
}

impl Seen {
    fn script(&mut self, session: &Arc<str>, params: &Value) {
        let text = |name: &str| params[name].as_str().unwrap_or_default();
        if let Some(id) = cause::extension(text("url")) {
            self.extensions.insert((Arc::clone(session), id.to_owned()));
        }
        let key = (Arc::clone(session), text("scriptId").to_owned());
        // The name a script gives itself (`sourceURL`) is no address.
        if !text("embedderName").is_empty() {
            self.nameless.remove(&key);
        } else if self.nameless.len() < MOST_SCRIPTS {
            let birth = cause::root(&params["stackTrace"]).map_or(Birth::Unknown, Birth::Script);
            self.nameless.insert(key, birth);
        }
    }
}

/// What a frame's watcher said, and the stack of each batch beside it.
struct Read {
    said: Said,
    stacks: Vec<Value>,
}

#[derive(Deserialize)]
struct Said {
    late: bool,
    started: bool,
    dropped: u64,
    batches: Vec<Batch>,
}

#[derive(Deserialize)]
struct Batch {
    at: f64,
    more: u64,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    kind: String,
    name: String,
    place: String,
    before: String,
    after: String,
}

/// Reads one frame; `None` when it was not watched, or stacks are not kept.
async fn read_frame(session: &Session, frame: &str) -> Result<Option<Read>, CallError> {
    let world = json!({ "frameId": frame, "worldName": WORLD, "grantUniveralAccess": false });
    let context = session.call_within("Page.createIsolatedWorld", world, PATIENCE).await?;
    let context = &context["executionContextId"];
    let ask = |expression: &str, by_value: bool| {
        json!({ "expression": expression, "contextId": context, "returnByValue": by_value,
            "awaitPromise": true })
    };
    let said = ask("globalThis.siguEdits ? siguEdits() : ''", true);
    let said = session.call_within("Runtime.evaluate", said, PATIENCE).await?;
    let Ok(said) = serde_json::from_str::<Said>(said["result"]["value"].as_str().unwrap_or_default()) else {
        return Ok(None);
    };
    let probes = session.call_within("Runtime.evaluate", ask("siguProbes", false), PATIENCE).await?;
    let stacks = stacks(session, &probes["result"]["objectId"]).await?;
    // The first is the self-test: a change whose maker is known must show its maker.
    let Some((first, stacks)) = stacks.split_first() else { return Ok(None) };
    let works = said.started && first["creation"]["parent"].is_object() && stacks.len() == said.batches.len();
    Ok(works.then(|| Read { said, stacks: stacks.to_vec() }))
}

/// Returns where each child of a detached element was made.
async fn stacks(session: &Session, object: &Value) -> Result<Vec<Value>, CallError> {
    session.call_within("DOM.getDocument", json!({ "depth": 0 }), PATIENCE).await?;
    let node = json!({ "objectId": object, "depth": 1 });
    let node = session.call_within("DOM.describeNode", node, PATIENCE).await?;
    let children = node["node"]["children"].as_array().cloned().unwrap_or_default();
    let backend: Vec<&Value> = children.iter().map(|child| &child["backendNodeId"]).collect();
    let ids = json!({ "backendNodeIds": backend });
    let ids = session.call_within("DOM.pushNodesByBackendIdsToFrontend", ids, PATIENCE).await?;
    let ids = ids["nodeIds"].as_array().cloned().unwrap_or_default();
    let asked: Vec<_> =
        ids.iter().map(|id| session.post("DOM.getNodeStackTraces", json!({ "nodeId": id }))).collect();
    let answers = tokio::time::timeout(PATIENCE, futures_util::future::join_all(asked)).await;
    let late =
        |_| CallError::Late { method: "DOM.getNodeStackTraces".to_owned(), seconds: PATIENCE.as_secs() };
    let answers = answers.map_err(late)?;
    Ok(answers.into_iter().map(|answer| answer.ok().and_then(Result::ok).unwrap_or_default()).collect())
}

fn add(state: &mut PageState, batch: Batch, by: &By) {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a float beyond the range becomes its end, which is refused"
    )]
    let at = Timestamp::from_millisecond(batch.at as i64).unwrap_or_default();
    state.more += batch.more;
    for item in batch.items.into_iter().filter(|item| !opened(item, by)) {
        if state.edits.len() >= MOST_EDITS {
            state.more += 1;
            continue;
        }
        state.edits.push(Edit {
            at,
            by: by.clone(),
            kind: item.kind,
            name: item.name,
            place: item.place,
            before: mask_text(&item.before),
            after: mask_text(&item.after),
        });
    }
}

/// The user may open what the page lets him open: the browser itself then sets the attribute.
fn opened(item: &Item, by: &By) -> bool {
    let last = item.place.rsplit(" > ").next().unwrap_or_default();
    let tag = last.split('#').next().unwrap_or_default();
    *by == By::Nobody
        && item.kind == "attribute"
        && item.name == "open"
        && matches!(tag, "details" | "dialog")
}

fn frames(tree: &Value) -> Vec<String> {
    let mut open = vec![tree];
    let mut ids = Vec::new();
    while let Some(tree) = open.pop() {
        ids.extend(tree["frame"]["id"].as_str().map(str::to_owned));
        open.extend(tree["childFrames"].as_array().into_iter().flatten());
    }
    ids
}
