//! Who was at work when a change was made, read from the stack the browser kept of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::By;
use crate::devtools::Session;

/// Where a script without an address of its own comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Birth {
    /// From the script with this id, by `eval` and its kin.
    Script(String),
    /// From no script: a `javascript:` address, a timer's text, the console.
    Unknown,
}

/// Most steps back from a script to the one that made it.
const MOST_BIRTHS: usize = 16;
/// Most stacks behind each other; the browser is told to keep fewer.
const MOST_STACKS: usize = 64;

/// What is known of scripts.
pub(super) struct Scripts<'a> {
    pub(super) session: &'a Session,
    /// Whether a text stands in what the page received.
    pub(super) known: &'a (dyn Fn(&str) -> bool + Sync),
    /// Where the script with this id comes from.
    pub(super) birth: &'a (dyn Fn(&str) -> Option<Birth> + Sync),
}

/// Judges the stacks of one probe (`DOM.getNodeStackTraces`): the first is the watcher's own, those behind it
/// are of whoever made the change.
pub(super) async fn of(stack: &Value, scripts: &Scripts<'_>) -> By {
    let frames = frames(&stack["creation"]["parent"]);
    if let Some(id) = frames.iter().find_map(|frame| extension(frame["url"].as_str()?)) {
        return By::Extension(id.to_owned());
    }
    // The outermost frame began it all: a page's function called from the console is the console's doing.
    let Some(root) = frames.last() else { return By::Nobody };
    let mut id = script(root);
    for _ in 0..MOST_BIRTHS {
        match (scripts.birth)(&id) {
            Some(Birth::Script(parent)) => id = parent,
            Some(Birth::Unknown) => break,
            None => return By::Page,
        }
    }
    if stands_in_page(scripts, &id).await { By::Page } else { By::Console }
}

/// Returns the script that began what a stack shows.
pub(super) fn root(trace: &Value) -> Option<String> {
    frames(trace).last().map(|frame| script(frame))
}

/// Returns all frames of a stack and of those behind it, the outermost last.
fn frames(trace: &Value) -> Vec<&Value> {
    let mut frames = Vec::new();
    let mut trace = trace;
    for _ in 0..MOST_STACKS {
        frames.extend(trace["callFrames"].as_array().into_iter().flatten());
        trace = &trace["parent"];
    }
    frames
}

fn script(frame: &Value) -> String {
    frame["scriptId"].as_str().unwrap_or_default().to_owned()
}

/// Whether the source of a script stands in what the page received, as that of a `javascript:` address does.
async fn stands_in_page(scripts: &Scripts<'_>, id: &str) -> bool {
    let ask = json!({ "scriptId": id });
    let limit = Duration::from_secs(3);
    let answer = scripts.session.call_within("Debugger.getScriptSource", ask, limit).await;
    let source = answer.ok().and_then(|answer| answer["scriptSource"].as_str().map(str::to_owned));
    source.is_some_and(|source| !source.trim().is_empty() && (scripts.known)(source.trim()))
}

/// Returns the id of the extension an address belongs to.
pub(super) fn extension(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("chrome-extension://").or_else(|| url.strip_prefix("extension://"))?;
    rest.split('/').next().filter(|id| !id.is_empty())
}
