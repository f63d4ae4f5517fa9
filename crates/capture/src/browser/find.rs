//! Which browser is installed: Chromium, Chrome or Edge, on the search path or where their installers put them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A browser that speaks DevTools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its program.
    pub program: PathBuf,
}

const NAMES: [&str; 9] = [
    "chromium",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "chromium-browser",
    "chrome",
    "chrome.exe",
    "msedge.exe",
];

const PLACES: [&str; 8] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    "/snap/bin/chromium",
];

/// Finds a browser: the one named, else the first on the search path (`PATH`), else where installers put them.
#[must_use]
pub fn find(named: Option<&Path>, search_path: &OsStr) -> Option<Installed> {
    let on_path =
        NAMES.iter().flat_map(|name| std::env::split_paths(search_path).map(move |dir| dir.join(name)));
    let program = match named {
        Some(named) => named.is_file().then(|| named.to_owned()),
        None => on_path.chain(PLACES.iter().map(PathBuf::from)).find(|path| path.is_file()),
    };
    program.map(|program| Installed { program })
}
