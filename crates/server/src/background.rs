//! What runs by itself in an open desk, in plain words: a line for each job, in one list.
//!
//! Each job has its own file under `desk/` and tells its own line; [`lines`] is the list, to which a new job adds one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_vault::{Error, Vault};
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::words::Words;

/// How one job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackgroundLine {
    /// What it does, in words.
    pub name: String,
    /// How it stands, in words.
    pub state: String,
    /// When it last did something, by the device's clock; `None` if not since the desk was opened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last: Option<Timestamp>,
    /// When it will next, if nothing happens before; `None` where nothing is planned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
}

/// Tells what runs by itself in this desk; without a vault where it is locked, or does not answer.
pub(crate) fn lines(desk: &Desk, vault: Option<&Vault>, words: &Words) -> Vec<BackgroundLine> {
    vec![desk.asking_line(vault, words), desk.watching_line(vault, words), desk.reminding_line(vault, words)]
}

/// As [`lines`], for whoever has not opened the vault: it is opened for a moment where the key is at hand.
pub(crate) fn look(desk: &Desk, words: &Words) -> Vec<BackgroundLine> {
    let opened = desk.app.with_vault::<_, Error>(|vault| Ok(lines(desk, Some(vault), words)));
    opened.unwrap_or_else(|_| lines(desk, None, words))
}
