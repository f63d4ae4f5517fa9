//! Dialogs of pages nobody sits in front of: closed and written down, so that none keeps a capture from its end.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use crate::devtools::Event;
use crate::page::Gap;
use crate::traffic::Traffic;

/// After so many dialogs a page gets no further turn: it opens them in a loop.
const MOST: usize = 10;

/// The dialogs closed so far.
pub struct Dialogs(Arc<Mutex<Vec<Gap>>>);

impl Dialogs {
    /// Closes every dialog from now on: none is confirmed, and a page may always be left.
    #[must_use]
    pub fn close_all(traffic: &Traffic) -> Self {
        let said: Arc<Mutex<Vec<Gap>>> = Arc::default();
        let mut events = traffic.browser().devtools().listen(&["Page.javascriptDialogOpening"]);
        let (own, traffic) = (Arc::clone(&said), traffic.clone());
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                close(&traffic, &event, &mut own.lock().unwrap_or_else(PoisonError::into_inner));
            }
        });
        Self(said)
    }

    /// Returns what was closed, as gaps of a capture.
    #[must_use]
    pub fn said(&self) -> Vec<Gap> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn close(traffic: &Traffic, event: &Event, said: &mut Vec<Gap>) {
    let Some(session) = &event.session else { return };
    let session = traffic.browser().devtools().session(Arc::clone(session));
    let words: String = event.params["message"].as_str().unwrap_or_default().chars().take(200).collect();
    let leaving = event.params["type"] == "beforeunload";
    if said.len() < MOST {
        said.push(Gap::new("page.dialog", words));
    } else if said.len() == MOST {
        drop(session.post("Emulation.setScriptExecutionDisabled", json!({ "value": true })));
        said.push(Gap::new("page.scripts_stopped", words));
    }
    drop(session.post("Page.handleJavaScriptDialog", json!({ "accept": leaving })));
}
