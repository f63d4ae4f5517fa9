//! Attaching to a browser that is already running with remote debugging on.

use std::path::Path;

use crate::devtools::{CallError, DevTools};

/// Attaches to the browser whose profile folder this is, by the file `DevToolsActivePort` it wrote there.
///
/// # Errors
/// [`CallError::Connect`] when the file is missing or wrong, or nobody answers at the port.
pub async fn attach(profile: &Path) -> Result<DevTools, CallError> {
    let path = profile.join("DevToolsActivePort");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| CallError::Connect(format!("{}: {error}", path.display())))?;
    let url = address(&text)
        .ok_or_else(|| CallError::Connect(format!("{}: no port and path in it", path.display())))?;
    DevTools::over_socket(&url).await
}

/// Reads the two lines of the file: a port, and the path of the browser's own session.
fn address(text: &str) -> Option<String> {
    let (port, path) = text.trim().split_once('\n')?;
    let port: u16 = port.trim().parse().ok()?;
    let path = path.trim();
    path.starts_with("/devtools/browser/").then(|| format!("ws://127.0.0.1:{port}{path}"))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn two_lines_are_an_address_and_anything_else_is_none() {
        let good = "43571\n/devtools/browser/7f3e";
        assert_eq!(address(good).as_deref(), Some("ws://127.0.0.1:43571/devtools/browser/7f3e"));
        for bad in ["", "43571", "x\n/devtools/browser/7", "99999\n/devtools/browser/7", "80\n/evil"] {
            assert_eq!(address(bad), None, "{bad:?}");
        }
    }
}
