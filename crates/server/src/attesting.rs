//! Asking outsiders about this vault: what is to be asked now, asking it, and keeping what they answered.
//!
//! What is due follows from the log ([`plan`]); this machine remembers only when it asked and why that failed ([`memory`]).
//! A [`pass`] asks all that is due at once and keeps the answers in one commit. Fixing evidence never waits for it: without
//! a net everything works, and one request for each outsider makes up for a month. [`standing`] says how it stands.

mod change;
mod header;
mod memory;
mod pass;
mod plan;
mod reason;
mod standing;

pub use change::{NotChanged, TypedService, set_services};
pub use header::{Taken, take_header};
pub use memory::{Attempt, Memory};
pub use pass::{Passed, Unanswered, pass};
pub use reason::Reason;
pub use sigu_attestation::opentimestamps::BlockHeader;
pub use standing::standing;

use sigu_vault::{Error, Vault};

use crate::outside::services::{Services, ServicesError};

/// Returns who is asked for this vault: as the user set it, or those that come with the program.
///
/// # Errors
/// Damage in the vault, or a setting that a later version wrote.
pub fn services(vault: &Vault) -> Result<Services, Unread> {
    match vault.services()? {
        None => Ok(Services::built_in()),
        Some(text) => Ok(Services::parse(&text)?),
    }
}

/// Why it is not known who is to be asked.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The vault does not answer.
    #[error(transparent)]
    Vault(#[from] Error),
    /// What is set there is not understood here.
    #[error(transparent)]
    Services(#[from] ServicesError),
}
