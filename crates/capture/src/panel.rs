//! The buttons in the page: 固定 and 录制, in a world and a shadow root of their own.
//!
//! What a button asks for comes through a binding that exists in our isolated world only, so the page cannot ask.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::devtools::{Event, Session};
use crate::page::WORLD;
use crate::traffic::{TabId, Traffic};

const SCRIPT: &str = include_str!("panel/panel.js");
const BINDING: &str = "siguCall";

/// What the buttons and the messages beside them say.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Words {
    /// The name of the toolbar.
    pub title: String,
    /// 固定
    pub fix: String,
    /// What it does, with its hotkey.
    pub fix_hint: String,
    /// 录制
    pub record: String,
    /// What it does, with its hotkey.
    pub record_hint: String,
    /// 停止
    pub stop: String,
    /// The name of the list of slots.
    pub slot: String,
    /// The slots: code and name.
    pub slots: Vec<(String, String)>,
    /// While it works.
    pub working: String,
}

/// What a button asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// In which tab.
    pub tab: TabId,
    /// What.
    pub wish: Wish,
    /// The slot chosen; `auto` for what the page itself says.
    pub slot: String,
}

/// What a button can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Fix what is shown.
    Fix,
    /// Begin to record.
    Record,
    /// End the recording.
    Stop,
}

/// Puts the buttons into every page of a tab, before its first byte runs.
pub fn prepare(session: &Session, words: &Words) {
    let words = serde_json::to_string(words).unwrap_or_default();
    drop(session.post("Runtime.enable", json!({})));
    let binding = json!({ "name": BINDING, "executionContextName": WORLD });
    drop(session.post("Runtime.addBinding", binding));
    let script =
        json!({ "source": format!("{SCRIPT}({words})"), "worldName": WORLD, "runImmediately": true });
    drop(session.post("Page.addScriptToEvaluateOnNewDocument", script));
}

/// Hears what the buttons ask for.
#[must_use]
pub fn calls(traffic: &Traffic) -> mpsc::UnboundedReceiver<Call> {
    let mut events = traffic.browser().devtools().listen(&["Runtime.bindingCalled"]);
    let (sender, receiver) = mpsc::unbounded_channel();
    let traffic = traffic.clone();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if let Some(call) = call(&traffic, &event)
                && sender.send(call).is_err()
            {
                return;
            }
        }
    });
    receiver
}

fn call(traffic: &Traffic, event: &Arc<Event>) -> Option<Call> {
    if event.params["name"] != BINDING {
        return None;
    }
    let tab = traffic.tab_of(event.session.as_ref()?)?;
    let asked: Value = serde_json::from_str(event.params["payload"].as_str()?).ok()?;
    let wish = match asked["do"].as_str()? {
        "fix" => Wish::Fix,
        "record" => Wish::Record,
        "stop" => Wish::Stop,
        _ => return None,
    };
    let slot = asked["slot"].as_str().unwrap_or("auto").chars().take(20).collect();
    Some(Call { tab, wish, slot })
}

/// Takes the buttons out of every tab, for a browser that stays open without us.
pub async fn leave(traffic: &Traffic) {
    for tab in traffic.tabs() {
        crate::page::run_in_world(traffic, &tab.id, "globalThis.siguLeave && siguLeave()").await;
    }
}

/// Shows a message beside the buttons of a tab; `recording` also says whether one is under way.
pub async fn tell(traffic: &Traffic, tab: &TabId, text: &str, good: bool, recording: Option<bool>) {
    let (text, now) = (Value::from(text), recording.map_or(Value::Null, Value::from));
    let script = if recording.is_some() {
        format!("globalThis.siguTell && siguTell({text}, {good}, {now})")
    } else {
        format!("globalThis.siguTell && siguTell({text}, {good})")
    };
    crate::page::run_in_world(traffic, tab, &script).await;
}
