//! The camera: a page of ours in a browser context of its own, served from memory, reached by nobody else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{PIECE, Settings};
use crate::devtools::{CallError, Event, Session};
use crate::traffic::Traffic;

/// An address that no name server knows; the page is answered from memory. It is secure by its scheme.
const ADDRESS: &str = "https://camera.invalid/";
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>camera</title>";
const SCRIPT: &str = include_str!("recorder.js");
/// A busy machine answers late.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Camera {
    session: Session,
    context: String,
}

type Drawn = Pin<Box<dyn Future<Output = Result<Duration, CallError>> + Send>>;

/// A picture the camera is drawing, or none.
pub(super) struct Drawing(Option<Drawn>);

impl Drawing {
    pub(super) fn nothing() -> Self {
        Self(None)
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// Waits until it is drawn, and tells how long that took; for ever when nothing is.
    pub(super) async fn done(&mut self) -> Result<Duration, CallError> {
        match &mut self.0 {
            Some(drawing) => drawing.await,
            None => pending().await,
        }
    }
}

impl Camera {
    pub(super) async fn open(traffic: &Traffic, settings: &Settings) -> Result<Self, CallError> {
        let browser = traffic.browser();
        let made = browser.call("Target.createBrowserContext", json!({ "disposeOnDetach": true })).await?;
        let context = made["browserContextId"].as_str().unwrap_or_default().to_owned();
        traffic.leave_out(&context);
        let ask = json!({ "url": "about:blank", "browserContextId": context, "background": true });
        let target = browser.call("Target.createTarget", ask).await?;
        let ask = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", ask).await?;
        let session = browser.devtools().session(attached["sessionId"].as_str().unwrap_or_default());
        let camera = Self { session, context };
        camera.serve().await?;
        let (width, height) = settings.size;
        let label = Value::from(settings.label.as_str());
        camera.run(&format!("{SCRIPT}({width}, {height}, {label}, {})", PIECE.as_millis())).await?;
        Ok(camera)
    }

    /// Answers the one address with the one page, and goes there.
    async fn serve(&self) -> Result<(), CallError> {
        let mut paused = self.session.devtools().listen(&["Fetch.requestPaused"]);
        self.session.call("Fetch.enable", json!({})).await?;
        self.session.call("Runtime.enable", json!({})).await?;
        self.session.call("Runtime.addBinding", json!({ "name": "siguPiece" })).await?;
        let session = self.session.clone();
        tokio::spawn(async move {
            while let Some(event) = paused.recv().await {
                if event.session == session.id().cloned() {
                    answer(&session, &event);
                }
            }
        });
        self.session.call_within("Page.navigate", json!({ "url": ADDRESS }), PATIENCE).await.map(drop)
    }

    /// Hears the pieces.
    pub(super) fn pieces(&self) -> mpsc::UnboundedReceiver<Arc<Event>> {
        self.session.devtools().listen(&["Runtime.bindingCalled"])
    }

    pub(super) fn owns(&self, event: &Event) -> bool {
        event.session.as_ref() == self.session.id()
    }

    pub(super) async fn run(&self, script: &str) -> Result<Value, CallError> {
        run(&self.session, script).await
    }

    /// Draws a picture; done not before `pace` is over, so that a lively page cannot keep the machine busy.
    pub(super) fn picture(&self, data: &str, url: &str, pace: Duration) -> Drawing {
        // Both are made of JSON: base64 from the browser, and an address of a page.
        let script = format!("picture({}, {})", Value::from(data), Value::from(url));
        let session = self.session.clone();
        let began = Instant::now();
        Drawing(Some(Box::pin(async move {
            let (drawn, ()) = tokio::join!(run(&session, &script), tokio::time::sleep(pace));
            drawn.map(|_| began.elapsed())
        })))
    }

    pub(super) async fn close(self) {
        let ask = json!({ "browserContextId": self.context });
        let browser = self.session.devtools().browser();
        // When the browser is gone the context is gone with it.
        let _ = browser.call_within("Target.disposeBrowserContext", ask, Duration::from_secs(3)).await;
    }
}

async fn run(session: &Session, script: &str) -> Result<Value, CallError> {
    let ask = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
    let mut answer = session.call_within("Runtime.evaluate", ask, PATIENCE).await?;
    match answer.get("exceptionDetails") {
        Some(thrown) => {
            let words = thrown["exception"]["description"].as_str().unwrap_or("exception").to_owned();
            Err(CallError::Refused { method: "camera".to_owned(), message: words })
        }
        None => Ok(answer["result"]["value"].take()),
    }
}

fn answer(session: &Session, event: &Event) {
    let is_ours = event.params["request"]["url"] == ADDRESS;
    let (code, body) = if is_ours { (200, PAGE) } else { (404, "") };
    let headers = json!([{ "name": "content-type", "value": "text/html; charset=utf-8" }]);
    let ask = json!({ "requestId": event.params["requestId"], "responseCode": code,
        "responseHeaders": headers, "body": STANDARD.encode(body) });
    drop(session.post("Fetch.fulfillRequest", ask));
}
