//! Files that pages hand over: kept aside until the next capture fixes them with it, then removed.

use std::path::PathBuf;
use std::time::Duration;

use sigu_capture::downloads::{Download, into_folder};
use tokio::sync::mpsc::UnboundedReceiver;

use super::start::{self, Open};
use crate::problem::Problem;
use crate::{Context, session};

/// How long a file that came instead of a page may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder downloads go to, and those that ended.
pub(super) struct Downloads {
    folder: PathBuf,
    ended: UnboundedReceiver<Download>,
}

impl Downloads {
    pub(super) async fn open(context: &Context<'_>, open: &Open) -> Result<Self, Problem> {
        let folder = session::places(context.args)?.state.join("downloads");
        let ended = into_folder(open.traffic.browser().devtools(), &folder).await.map_err(start::gone)?;
        Ok(Self { folder, ended })
    }

    /// Returns what came to its end so far.
    pub(super) fn ended(&mut self) -> Vec<Download> {
        std::iter::from_fn(|| self.ended.try_recv().ok()).collect()
    }

    /// Waits for the file that came instead of a page: the browser says of such an address that it was aborted.
    pub(super) async fn expected(&mut self, refused: Option<&str>) -> Vec<Download> {
        let mut files = self.ended();
        if files.is_empty()
            && refused == Some("net::ERR_ABORTED")
            && let Ok(Some(file)) = tokio::time::timeout(PATIENCE, self.ended.recv()).await
        {
            files.push(file);
        }
        files
    }
}

impl Drop for Downloads {
    fn drop(&mut self) {
        // What is in it was fixed, or was never asked to be.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
