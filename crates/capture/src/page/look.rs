//! Looking at a page from an isolated world: what it shows, says and contains.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asking::{Asking, PATIENCE};
use super::{Frame, Gap};
use crate::devtools::CallError;
use crate::traffic::{TabId, Traffic};

/// The name of the world our scripts live in, apart from the page's own.
pub(crate) const WORLD: &str = "sigu";
const LOOK: &str = include_str!("look.js");
const SCROLL: &str = include_str!("scroll.js");
const INNER: &str = include_str!("inner.js");
/// How long scrolling through the page may take.
const SCROLLING: Duration = Duration::from_secs(10);
/// Most frames looked at.
const MOST_FRAMES: usize = 100;

/// What a page says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// The address as shown.
    pub url: String,
    /// The title.
    pub title: String,
    /// `loading`, `interactive` or `complete`.
    pub ready: String,
    /// The encoding it was read in.
    pub charset: String,
    /// Whether the tab was out of sight.
    pub hidden: bool,
    /// Width of the viewport in CSS pixels.
    pub width: f64,
    /// Height of the viewport in CSS pixels.
    pub height: f64,
    /// Device pixels to one CSS pixel.
    pub ratio: f64,
    /// Window width to viewport width: page zoom, roughly.
    pub zoom: f64,
    /// Pinch zoom.
    pub scale: f64,
    /// How far it was scrolled to the right, in CSS pixels.
    pub left: f64,
    /// How far it was scrolled down, in CSS pixels.
    pub top: f64,
    /// Width of the whole page in CSS pixels.
    pub full_width: f64,
    /// Height of the whole page in CSS pixels.
    pub full_height: f64,
    /// When the document began to load, in milliseconds since 1970 by the device's clock.
    pub loaded: f64,
    /// The visible text.
    #[serde(skip_serializing)]
    pub text: String,
    /// The rendered DOM.
    #[serde(skip_serializing)]
    pub html: String,
    /// What stands in fields of forms; passwords are left out.
    #[serde(skip_serializing)]
    pub controls: Vec<Control>,
    /// How many parts are collapsed.
    pub collapsed: u32,
    /// Lists that scroll inside the page.
    pub scrollers: Vec<Scroller>,
    /// Images that are to be seen and did not load.
    pub images: Vec<String>,
    /// How many frames it has.
    pub frames: u32,
    /// How many elements it has.
    pub elements: u64,
    /// The browser's language.
    pub language: String,
    /// All its languages.
    pub languages: String,
    /// The device's time zone.
    pub zone: String,
    /// The device's platform, as the browser says.
    pub platform: String,
    /// The screen's size in CSS pixels.
    pub screen: String,
}

/// A field of a form and what stands in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Control {
    /// `input`, `textarea` or `select`.
    pub tag: String,
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub value: String,
}

/// A list that scrolls inside the page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Scroller {
    /// Its whole height in CSS pixels.
    pub height: f64,
    /// The part shown.
    pub shown: f64,
}

/// How far the page was scrolled, in CSS pixels.
#[derive(Debug, Clone, Deserialize)]
struct Scrolled {
    reached: f64,
    wanted: f64,
}

/// One step of an inner list.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Step {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) text: String,
    pub(super) end: bool,
}

/// Our own world in a page.
pub(super) struct World {
    pub(super) asking: Arc<Asking>,
    context: Value,
}

impl World {
    pub(super) async fn enter(asking: Arc<Asking>, frame: &str) -> Result<Self, CallError> {
        let ask = json!({ "frameId": frame, "worldName": WORLD, "grantUniveralAccess": false });
        let answer = asking.call("Page.createIsolatedWorld", ask).await?;
        Ok(Self { asking, context: answer["executionContextId"].clone() })
    }

    async fn ask<T: for<'a> Deserialize<'a>>(&self, script: &str, limit: Duration) -> Result<T, CallError> {
        let ask = json!({ "expression": script, "contextId": self.context, "returnByValue": true,
            "awaitPromise": true });
        let answer = self.asking.call_within("Runtime.evaluate", ask, limit).await?;
        let refused = |message: String| CallError::Refused { method: "page".to_owned(), message };
        if let Some(thrown) = answer.get("exceptionDetails") {
            let words = thrown["exception"]["description"].as_str().or(thrown["text"].as_str());
            return Err(refused(words.unwrap_or("exception").chars().take(300).collect()));
        }
        let text = answer["result"]["value"].as_str().unwrap_or("null");
        serde_json::from_str(text).map_err(|error| refused(error.to_string()))
    }

    /// Runs a script whose answer is of no use; a page that does not answer is noticed elsewhere.
    pub(super) async fn run(&self, script: &str) {
        let ask = json!({ "expression": script, "contextId": self.context });
        let _ = self.asking.call("Runtime.evaluate", ask).await;
    }

    pub(super) async fn look(&self) -> Result<Look, CallError> {
        self.ask(LOOK, PATIENCE * 2).await
    }

    /// Scrolls through the page; returns how far it came when there was no time for all of it.
    pub(super) async fn scroll(&self, most: u32) -> Result<Option<String>, CallError> {
        let script = format!("{SCROLL}({most}, {})", SCROLLING.as_millis());
        let end: Scrolled = self.ask(&script, SCROLLING + PATIENCE).await?;
        let is_short = end.reached < end.wanted;
        Ok(is_short.then(|| format!("{:.0} / {:.0} px", end.reached, end.wanted)))
    }

    /// Scrolls an inner list to a step; a step below zero puts it back.
    pub(super) async fn inner(&self, number: usize, step: i32) -> Result<Option<Step>, CallError> {
        self.ask(&format!("{INNER}({number}, {step})"), PATIENCE).await
    }
}

/// Looks at all frames inside a page, in its own process and in others.
pub(super) async fn frames(
    traffic: &Traffic,
    tab: &TabId,
    asking: &Arc<Asking>,
    gaps: &mut Vec<Gap>,
) -> Vec<Frame> {
    let others = traffic.frame_sessions(tab);
    let elsewhere: HashSet<String> = others.iter().map(|(frame, _)| frame.clone()).collect();
    let mut sessions = vec![(tab.0.clone(), Arc::clone(asking))];
    sessions.extend(others.into_iter().map(|(frame, session)| (frame, Arc::new(asking.of(session)))));
    let mut frames = Vec::new();
    for (root, asking) in sessions {
        let tree = asking.call("Page.getFrameTree", json!({})).await.unwrap_or_default();
        let mut ids = Vec::new();
        collect(&tree["frameTree"], &mut ids);
        if ids.is_empty() && root != tab.0 {
            gaps.push(Gap::new("page.frame_missing", root.clone()));
        }
        for (id, url) in ids.into_iter().filter(|(id, _)| id != &tab.0) {
            // A frame of another process is in the tree of its parent as well; its own session looks at it.
            if id != root && elsewhere.contains(&id) {
                continue;
            }
            let look = if frames.len() < MOST_FRAMES { look_at(&asking, &id).await.ok() } else { None };
            match look {
                Some(look) => frames.push(Frame { url: look.url, html: look.html, text: look.text }),
                None => gaps.push(Gap::new("page.frame_missing", url)),
            }
        }
    }
    frames
}

async fn look_at(asking: &Arc<Asking>, frame: &str) -> Result<Look, CallError> {
    World::enter(Arc::clone(asking), frame).await?.look().await
}

fn collect(tree: &Value, ids: &mut Vec<(String, String)>) {
    let mut open = vec![tree];
    while let Some(tree) = open.pop() {
        let frame = &tree["frame"];
        if let Some(id) = frame["id"].as_str() {
            ids.push((id.to_owned(), frame["url"].as_str().unwrap_or_default().to_owned()));
        }
        open.extend(tree["childFrames"].as_array().into_iter().flatten());
    }
}
