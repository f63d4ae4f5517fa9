//! Files a page hands over instead of showing them: kept in a folder of ours until they are fixed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::json;
use tokio::sync::mpsc;

use crate::devtools::{CallError, DevTools, Event};

const EVENTS: &[&str] = &["Browser.downloadWillBegin", "Browser.downloadProgress"];

/// A download that came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Where it came from.
    pub url: String,
    /// The name the other side gave it.
    pub name: String,
    /// The file; `None` when it was broken off.
    pub path: Option<PathBuf>,
}

/// Lets downloads go into a folder and tells of each that ends.
///
/// # Errors
/// When the browser is gone or refuses.
pub async fn into_folder(
    devtools: &DevTools,
    folder: &Path,
) -> Result<mpsc::UnboundedReceiver<Download>, CallError> {
    let mut events = devtools.listen(EVENTS);
    let ask = json!({ "behavior": "allowAndName", "downloadPath": folder, "eventsEnabled": true });
    devtools.browser().call("Browser.setDownloadBehavior", ask).await?;
    let (sender, receiver) = mpsc::unbounded_channel();
    let folder = folder.to_owned();
    tokio::spawn(async move {
        let mut begun = HashMap::new();
        while let Some(event) = events.recv().await {
            if let Some(download) = take(&event, &folder, &mut begun)
                && sender.send(download).is_err()
            {
                return;
            }
        }
    });
    Ok(receiver)
}

fn take(event: &Event, folder: &Path, begun: &mut HashMap<String, (String, String)>) -> Option<Download> {
    let text = |name: &str| event.params[name].as_str().unwrap_or_default().to_owned();
    let guid = text("guid");
    if event.method == "Browser.downloadWillBegin" {
        begun.insert(guid, (text("url"), text("suggestedFilename")));
        return None;
    }
    let state = text("state");
    if state != "completed" && state != "canceled" {
        return None;
    }
    let (url, name) = begun.remove(&guid)?;
    // The guid is the browser's own; a name with a way out of the folder in it would not be.
    let is_plain = guid.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    let path = (state == "completed" && is_plain).then(|| folder.join(&guid));
    Some(Download { url, name, path })
}
