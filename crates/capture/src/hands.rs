//! Hands: a scripted user who clicks and types for real, in a browser that somebody else started. For demos and
//! tests; it fixes nothing and knows nothing of what watches.
//!
//! A step is a line: `goto URL`, `click SELECTOR`, `fill SELECTOR TEXT`, `wait SELECTOR`, `keep NAME SELECTOR`,
//! `say SELECTOR`, `count SELECTOR`, `cut NAME SIGN` (keeps what stands after the last sign), `rest MILLISECONDS`. `$NAME` in a later
//! step stands for what was kept.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::attach;
use crate::clock::Deadline;
use crate::devtools::{CallError, DevTools, Session};

const PATIENCE: Duration = Duration::from_secs(20);

/// What kept a step from being done.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The browser is gone or refused.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The page is not as the step needs it.
    #[error("{0}")]
    Step(String),
}

/// Attaches as soon as the browser has opened its port.
async fn attached(profile: &Path) -> Result<DevTools, CallError> {
    let deadline = Deadline::after(PATIENCE);
    loop {
        match attach(profile).await {
            Err(_) if !deadline.passed() => tokio::time::sleep(Duration::from_millis(50)).await,
            done => return done,
        }
    }
}

/// A scripted user in front of one tab.
pub struct Hands {
    session: Session,
    kept: HashMap<String, String>,
}

impl Hands {
    /// Sits down in front of the first tab of the browser whose profile folder this is; it must have been started
    /// with `--remote-debugging-port=0`.
    ///
    /// # Errors
    /// When no browser answers there, or it has no tab.
    pub async fn at(profile: &Path) -> Result<Self, Trouble> {
        let devtools = attached(profile).await?;
        let targets = devtools.browser().call("Target.getTargets", json!({})).await?;
        let page = targets["targetInfos"].as_array().into_iter().flatten().find(|one| one["type"] == "page");
        let page = page.ok_or_else(|| Trouble::Step("no tab is open".to_owned()))?;
        let ask = json!({ "targetId": page["targetId"], "flatten": true });
        let attached = devtools.browser().call("Target.attachToTarget", ask).await?;
        let session = devtools.session(attached["sessionId"].as_str().unwrap_or_default());
        Ok(Self { session, kept: HashMap::new() })
    }

    /// Does one step; what `say` reads is returned.
    ///
    /// # Errors
    /// What kept it from being done.
    pub async fn step(&mut self, step: &str) -> Result<Option<String>, Trouble> {
        let (verb, rest) = step.split_once(' ').unwrap_or((step, ""));
        let rest = self.filled_in(rest);
        match verb {
            "goto" => self.goto(&rest).await?,
            "click" => self.click(&rest).await?,
            "wait" => drop(self.find(&rest).await?),
            "fill" => {
                let (selector, text) = rest.split_once(' ').unwrap_or((&rest, ""));
                self.click(selector).await?;
                self.session.call("Input.insertText", json!({ "text": text })).await?;
            }
            "say" => return self.text(&rest).await.map(Some),
            "count" => return self.count(&rest).await.map(Some),
            "keep" => {
                let (name, selector) = rest.split_once(' ').unwrap_or((&rest, ""));
                let text = self.text(selector).await?;
                self.kept.insert(name.to_owned(), text);
            }
            "cut" => {
                let (name, sign) = rest.split_once(' ').unwrap_or((&rest, " "));
                let kept = self.kept.get_mut(name).ok_or_else(|| Trouble::Step("nothing kept".to_owned()))?;
                *kept = kept.rsplit(sign).next().unwrap_or_default().trim().to_owned();
            }
            "rest" => {
                let pause = rest.parse().map_err(|_| Trouble::Step("milliseconds".to_owned()))?;
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            _ => return Err(Trouble::Step("no such step".to_owned())),
        }
        Ok(None)
    }

    fn filled_in(&self, text: &str) -> String {
        let fill = |text: String, (name, value): (&String, &String)| text.replace(&format!("${name}"), value);
        self.kept.iter().fold(text.to_owned(), fill)
    }

    async fn ask(&self, script: String) -> Result<Value, Trouble> {
        let ask = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        Ok(self.session.call("Runtime.evaluate", ask).await?["result"]["value"].take())
    }

    async fn goto(&self, url: &str) -> Result<(), Trouble> {
        let answer = self.session.call("Page.navigate", json!({ "url": url })).await?;
        match answer["errorText"].as_str() {
            Some(why) => Err(Trouble::Step(why.to_owned())),
            None => self.find("body").await.map(drop),
        }
    }

    /// Waits until an element is there and can be seen, and brings it into view; gives its middle.
    async fn find(&self, selector: &str) -> Result<(f64, f64), Trouble> {
        let deadline = Deadline::after(PATIENCE);
        let script = format!(
            "(() => {{ const e = document.readyState === 'complete' && document.querySelector({}); if (!e) return null; \
             e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const r = e.getBoundingClientRect(); \
             return r.width && r.height ? [r.x + r.width / 2, r.y + r.height / 2] : null; }})()",
            Value::from(selector)
        );
        while !deadline.passed() {
            // A page that is just going away does not answer; the next one does.
            if let Ok(at) = self.ask(script.clone()).await
                && let (Some(x), Some(y)) = (at[0].as_f64(), at[1].as_f64())
            {
                return Ok((x, y));
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Err(Trouble::Step(format!("{selector} did not come")))
    }

    async fn click(&self, selector: &str) -> Result<(), Trouble> {
        let (x, y) = self.find(selector).await?;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let pressed = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.session.call("Input.dispatchMouseEvent", pressed).await?;
        }
        Ok(())
    }

    /// How many elements there are now; nothing is waited for.
    async fn count(&self, selector: &str) -> Result<String, Trouble> {
        let script = format!("document.querySelectorAll({}).length", Value::from(selector));
        Ok(self.ask(script).await?.to_string())
    }

    async fn text(&self, selector: &str) -> Result<String, Trouble> {
        self.find(selector).await?;
        let script =
            format!("(e => e.value ?? e.innerText)(document.querySelector({}))", Value::from(selector));
        Ok(self.ask(script).await?.as_str().unwrap_or_default().trim().to_owned())
    }
}
