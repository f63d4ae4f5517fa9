//! When what goes on in the foreground ends: Ctrl-C, or the word of a system that shuts down or stops a service.

use std::future::Future;

/// Returns what is ready once somebody wants it to end. It is listened for from the call on, not from the first wait: what
/// is asked before is not lost, and does not end the process the hard way.
///
/// Ctrl-C and SIGTERM, by which systemd, launchd and a shutting down system ask; on Windows Ctrl-C, the closed window and
/// the shutdown.
#[cfg(unix)]
pub(super) fn asked() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        let (Ok(mut interrupt), Ok(mut terminate)) = heard else {
            // Where no signal can be heard, each ends the process as it always did.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Returns what is ready once somebody wants it to end: Ctrl-C, a closed window, the shutdown.
#[cfg(windows)]
pub(super) fn asked() -> impl Future<Output = ()> {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
    let heard = (ctrl_c(), ctrl_close(), ctrl_shutdown());
    async move {
        let (Ok(mut key), Ok(mut close), Ok(mut shutdown)) = heard else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = key.recv() => {}
            _ = close.recv() => {}
            _ = shutdown.recv() => {}
        }
    }
}
