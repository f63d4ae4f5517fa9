//! 固定: what is on the screen of a tab, completely, with what could not be had named.

mod asking;
mod certificate;
mod inner;
mod look;
mod picture;
mod shadow;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::clock::{self, Deadline};
use crate::devtools::{CallError, Session};
use crate::exchange::{Exchange, Frames};
use crate::traffic::{TabId, Traffic};
use asking::Asking;
pub(crate) use look::WORLD;
use look::World;
pub use look::{Control, Look};

/// Our buttons are taken out of the page before it is looked at, and put back after.
const HIDE: &str = "globalThis.siguHide && siguHide()";
const SHOW: &str = "globalThis.siguShow && siguShow()";

/// How much of a page is looked at, and how long its answers may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most CSS pixels of height in the picture of the whole page.
    pub height: u32,
    /// How long the page may stay silent before it counts as quiet.
    pub quiet: Duration,
    /// How long to wait for it to become quiet.
    pub patience: Duration,
    /// How long the whole capture may take; what is not there by then is a gap.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let [quiet, patience, whole] = [120, 4_000, 60_000].map(Duration::from_millis);
        Self { height: 60_000, quiet, patience, whole }
    }
}

/// What a file of a capture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The whole page as shown.
    Screenshot,
    /// The whole page with what was collapsed laid open.
    Expanded,
    /// A part of a list that scrolls inside the page.
    List,
}

/// A picture of a capture.
#[derive(Clone)]
pub struct Picture {
    /// What it shows.
    pub role: Role,
    /// From 1; a page too tall for one picture, or a list, has several.
    pub number: u32,
    /// PNG.
    pub png: Vec<u8>,
    /// Width in device pixels.
    pub width: u32,
    /// Height in device pixels.
    pub height: u32,
}

/// Something that could not be had, or was done otherwise. The code names the message that says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Its name, such as `page.silent`.
    pub code: &'static str,
    /// What it concerns: an address, a number, the browser's words.
    pub detail: String,
}

impl Gap {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// All codes a [`Gap`] can have; a test compares them with the message files.
pub const GAPS: [&str; 15] = [
    "page.status",
    "page.silent",
    "page.still_loading",
    "page.too_tall",
    "page.moved_on",
    "page.no_picture",
    "page.no_expanded_picture",
    "page.image_missing",
    "page.frame_missing",
    "page.list_cut",
    "page.closed_shadow",
    "page.dialog",
    "page.scripts_stopped",
    "traffic.body_missing",
    "traffic.failed",
];

/// What was on the screen, and what the browser received for it.
#[derive(Clone)]
pub struct Capture {
    /// When the capture began.
    pub began_at: Timestamp,
    /// When it was complete.
    pub ended_at: Timestamp,
    /// What the page said of itself; `None` when it did not answer.
    pub look: Option<Look>,
    /// The frames of the page with their address and rendered DOM.
    pub frames: Vec<Frame>,
    /// The pictures.
    pub pictures: Vec<Picture>,
    /// What lists inside the page showed while they were scrolled through.
    pub lists: Vec<String>,
    /// What the browser received for this document.
    pub exchanges: Vec<Exchange>,
    /// Its WebSocket lines.
    pub sockets: Vec<Frames>,
    /// What could not be had.
    pub gaps: Vec<Gap>,
}

/// A frame inside the page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Its address.
    pub url: String,
    /// Its rendered DOM.
    pub html: String,
    /// Its visible text.
    pub text: String,
}

/// Fixes what a tab shows. One capture of a tab waits for the other: each scrolls and hides the buttons.
///
/// # Errors
/// [`CallError::Closed`] when the browser or the tab is gone. What else goes wrong is named in the gaps.
pub async fn fix(traffic: &Traffic, tab: &TabId, limits: &Limits) -> Result<Capture, CallError> {
    let turn = traffic.turn(tab).ok_or(CallError::Closed)?;
    let _turn = turn.lock().await;
    let session = traffic.session(tab).ok_or(CallError::Closed)?;
    let visit = traffic.tab(tab).map(|tab| tab.visits);
    let mut capture = Capture::begun();
    let asking = Asking::new(session.clone(), Deadline::after(limits.whole));
    capture.look_at(traffic, tab, asking, limits).await;
    traffic.settle(tab, Duration::ZERO, Duration::from_secs(2)).await;
    traffic.take_open(tab).await;
    if session.devtools().is_closed() || traffic.session(tab).is_none() {
        return Err(CallError::Closed);
    }
    if traffic.tab(tab).map(|tab| tab.visits) != visit {
        let address = traffic.tab(tab).map(|tab| tab.url).unwrap_or_default();
        capture.gaps.push(Gap::new("page.moved_on", address));
    }
    (capture.exchanges, capture.sockets) = traffic.visit(tab);
    certificate::fill(&session, &mut capture.exchanges).await;
    capture.gaps.extend(status(&capture));
    capture.gaps.extend(missing(&capture.exchanges));
    let images = capture.look.iter().flat_map(|look| &look.images);
    capture.gaps.extend(images.map(|url| Gap::new("page.image_missing", url)));
    capture.ended_at = clock::now();
    Ok(capture)
}

impl Capture {
    fn begun() -> Self {
        let now = clock::now();
        Self {
            began_at: now,
            ended_at: now,
            look: None,
            frames: Vec::new(),
            pictures: Vec::new(),
            lists: Vec::new(),
            exchanges: Vec::new(),
            sockets: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// Looks at the page: what loads when seen, what it says, its pictures, lists and frames.
    async fn look_at(&mut self, traffic: &Traffic, tab: &TabId, asking: Asking, limits: &Limits) {
        let entered = World::enter(Arc::new(asking), &tab.0).await;
        let Some(world) = note(&mut self.gaps, entered) else { return };
        world.run(HIDE).await;
        let short = note(&mut self.gaps, world.scroll(limits.height).await).flatten();
        self.gaps.extend(short.map(|how_far| Gap::new("page.silent", how_far)));
        if !traffic.settle(tab, limits.quiet, limits.patience).await.is_empty() {
            // What ended without a word, as by `window.stop()`, is not loading.
            traffic.take_open(tab).await;
            let open = traffic.settle(tab, Duration::ZERO, Duration::ZERO).await;
            self.gaps.extend(open.into_iter().map(|address| Gap::new("page.still_loading", address)));
        }
        self.look = note(&mut self.gaps, world.look().await);
        if let Some(look) = &self.look {
            self.pictures = picture::whole(&world.asking, look, limits, &mut self.gaps).await;
            self.lists = inner::lists(&world, look, &mut self.pictures, &mut self.gaps).await;
        }
        if let Some(look) = &self.look {
            self.gaps.extend(shadow::closed(&world.asking, look).await);
        }
        self.frames = look::frames(traffic, tab, &world.asking, &mut self.gaps).await;
        world.run(SHOW).await;
    }
}

/// Runs a script of ours in our world of a tab; what it answers is of no use.
pub(crate) async fn run_in_world(traffic: &Traffic, tab: &TabId, script: &str) {
    let Some(session) = traffic.session(tab) else { return };
    let asking = Asking::new(session, Deadline::after(asking::PATIENCE));
    if let Ok(world) = World::enter(Arc::new(asking), &tab.0).await {
        world.run(script).await;
    }
}

/// Keeps what was answered; a page that does not answer is a gap, not a failure.
fn note<T>(gaps: &mut Vec<Gap>, answer: Result<T, CallError>) -> Option<T> {
    answer.map_err(|error| gaps.push(Gap::new("page.silent", error.to_string()))).ok()
}

/// Names the answer of the server to the page itself when it says that something is wrong (RFC 9110, section 15).
fn status(capture: &Capture) -> Option<Gap> {
    use crate::exchange::Answer;
    // A visit begins with its document; a frame's comes first only where the page itself was not asked for.
    let of_frame = |one: &Exchange| capture.frames.iter().any(|frame| frame.url == one.url);
    let documents = capture.exchanges.iter().take_while(|one| one.kind == "Document" && !of_frame(one));
    let answers = documents.filter_map(|one| match &one.answer {
        Answer::Received(response) => Some(response.status),
        _ => None,
    });
    let status = answers.last().filter(|status| *status >= 400)?;
    Some(Gap::new("page.status", status.to_string()))
}

/// Names what was asked for and is not there.
fn missing(exchanges: &[Exchange]) -> Vec<Gap> {
    use crate::exchange::{Answer, BodyState};
    let gap = |exchange: &Exchange| match &exchange.answer {
        Answer::Failed(why) => Some(Gap::new("traffic.failed", format!("{} ({why})", exchange.url))),
        Answer::Received(response) => match &response.body.state {
            BodyState::Absent { why } if why != "redirect" => {
                Some(Gap::new("traffic.body_missing", format!("{} ({why})", exchange.url)))
            }
            BodyState::Cut { .. } => {
                Some(Gap::new("traffic.body_missing", format!("{} (cut)", exchange.url)))
            }
            _ => None,
        },
        Answer::Pending => None,
    };
    exchanges.iter().filter_map(gap).take(200).collect()
}

/// Opens a tab at an address and waits until it is loaded, or the limit has passed.
///
/// Returns the browser's word when the address could not be opened: `net::ERR_…`.
///
/// # Errors
/// When the browser is gone.
pub async fn open(
    traffic: &Traffic,
    tab: &TabId,
    url: &str,
    limits: &Limits,
) -> Result<Option<String>, CallError> {
    traffic.ready(tab).await?;
    let session = traffic.session(tab).ok_or(CallError::Closed)?;
    let answer = session.call_within("Page.navigate", json!({ "url": url }), limits.patience * 3).await;
    let refused = match answer {
        Ok(answer) => answer["errorText"].as_str().map(str::to_owned),
        Err(CallError::Closed) => return Err(CallError::Closed),
        Err(error) => Some(error.to_string()),
    };
    loaded(&session, limits.patience).await;
    traffic.settle(tab, limits.quiet, limits.patience).await;
    Ok(refused)
}

/// Waits until the document says that it is complete, or the limit has passed.
async fn loaded(session: &Session, limit: Duration) {
    let ask = json!({ "expression": "document.readyState", "returnByValue": true });
    let deadline = Deadline::after(limit);
    while !deadline.passed() && !session.devtools().is_closed() {
        let answer = session.call_within("Runtime.evaluate", ask.clone(), deadline.left()).await;
        if matches!(&answer, Ok(answer) if answer["result"]["value"] == "complete") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}
