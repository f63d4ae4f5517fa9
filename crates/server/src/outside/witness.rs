//! The other side: a witness for the logs of others (C2SP tlog-witness), on a second device, at a friend's or a lawyer's.
//!
//! A witness knows a few logs, added by hand, and cosigns a checkpoint if it continues what it saw last. It learns sizes
//! and roots, never what is in a log. Its whole worth is its memory: what it saw is durable before an answer goes out, and
//! a state that cannot be read is a fault, never a new beginning. It does not see when its own folder is put back.
//!
//! [`Witness`] decides and remembers, [`router`] speaks HTTP, [`serve`] runs it.

mod routes;
mod state;

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use sigu_ledger::KeyParseError;
use tokio::net::TcpListener;

pub use routes::router;
pub use state::{Answer, KnownLog, MAX_LOGS, Witness};

/// Says why a witness cannot work, or will not do what its owner asks.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// A file could not be read or written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is not what this program writes. Nothing is cosigned with it in place.
    #[error("{} is damaged", .path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// Refused: not the key of a log.
    #[error("not the key of a log: {0}")]
    Key(#[from] KeyParseError),
    /// Refused: the log is known under another key, and one log has one history.
    #[error("{origin} is known under another key")]
    OtherKey {
        /// The log.
        origin: String,
    },
    /// Refused: as many logs as are kept.
    #[error("a witness knows at most {MAX_LOGS} logs")]
    TooMany,
}

/// Tells the owner what happened at the door.
#[derive(Debug)]
pub enum Told {
    /// A checkpoint was cosigned.
    Cosigned {
        /// Whose.
        origin: String,
        /// Of which size.
        size: u64,
    },
    /// A request was refused.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The folder failed; the asker was told to come again.
    Fault(WitnessError),
}

/// Serves until `stop` is ready; requests under way are finished first. `tell` hears of each submission.
///
/// Where the listener is bound is the owner's decision; every byte that comes is taken for hostile.
///
/// # Errors
/// Fails with the socket.
pub async fn serve(
    listener: TcpListener,
    witness: Arc<Witness>,
    tell: impl Fn(Told) + Send + Sync + 'static,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(witness, tell)).with_graceful_shutdown(stop).await
}
