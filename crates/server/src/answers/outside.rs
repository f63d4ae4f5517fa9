//! Outsiders: who is asked about this vault, what each said, and between which instants a piece came to be.

use jiff::Timestamp;
use serde::Serialize;
use sigu_attestation::bracket::{Bound, Bracket, Source};
use sigu_case::ItemId;
use sigu_vault::Alarm;
use utoipa::ToSchema;

/// How it stands with outsiders: `sigu stamp --list`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Outsiders {
    /// Whether they are asked without being told to.
    pub asks: bool,
    /// The log that grows.
    pub log: u32,
    /// How many leaves of it outsiders should have seen.
    pub size: u64,
    /// How many independent outsiders vouch for all of them: services by roots, witnesses, blocks.
    pub voices: usize,
    /// Whether the cosignatures are as many as the policy wants; absent where it wants none.
    pub quorum: Option<bool>,
    /// Each of them.
    pub outsiders: Vec<Outsider>,
    /// What a witness saw otherwise: nothing more is signed in this log.
    #[schema(value_type = Option<Object>)]
    pub alarm: Option<Alarm>,
}

/// What kind of outsider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutsiderKind {
    /// A timestamp service.
    Timestamp,
    /// The calendars of OpenTimestamps, together.
    Calendars,
    /// A witness.
    Witness,
    /// drand.
    Beacon,
}

impl OutsiderKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Timestamp, Self::Calendars, Self::Witness, Self::Beacon];

    /// The end of its messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Calendars => "calendars",
            Self::Witness => "witness",
            Self::Beacon => "beacon",
        }
    }
}

/// Where it stands with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutsiderState {
    /// It is not asked.
    Off,
    /// It vouches for everything.
    Whole,
    /// It promised to; nothing is proved yet.
    Promised,
    /// What it promised lies in a block whose header is not known here: it says no time yet.
    Header,
    /// It vouches for what was before; what is new has not been shown to it.
    Behind,
    /// It was never asked.
    New,
    /// It was asked and gave nothing.
    Failed,
}

impl OutsiderState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Off, Self::Whole, Self::Promised, Self::Header, Self::Behind, Self::New, Self::Failed];

    /// The end of its messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Whole => "whole",
            Self::Promised => "promised",
            Self::Header => "header",
            Self::Behind => "behind",
            Self::New => "new",
            Self::Failed => "failed",
        }
    }
}

/// One outsider.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Outsider {
    /// What it is.
    pub kind: OutsiderKind,
    /// Its name in the configuration.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// Who runs it, as far as is known.
    pub operator: String,
    /// Where it is asked; for calendars and relays all addresses.
    pub urls: Vec<String>,
    /// Whether it costs nothing.
    pub free: bool,
    /// Whether a token of it was verified from here.
    pub tested: bool,
    /// Where it stands.
    pub state: OutsiderState,
    /// How many leaves of the newest log it vouches for.
    pub size: u64,
    /// When it last said something, by its own clock; of drand the round's instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub said_at: Option<Timestamp>,
    /// By how much its clock was ahead of this machine's then, in milliseconds.
    pub skew_ms: Option<i64>,
    /// Why the last attempt failed: a code, and a detail that may be empty.
    pub why: Option<(String, String)>,
    /// When it is asked again, if nobody wants it before.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
    /// Promises that lead into no block yet.
    pub promises: usize,
    /// Heights of blocks that promises lead into and whose headers are not known here, ascending.
    pub headers_wanted: Vec<u64>,
}

/// Between which instants a piece came to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Between {
    /// The piece.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// Its entry did not exist before.
    pub not_before: Option<Word>,
    /// Its entry existed by then; the earliest first.
    pub not_after: Vec<Word>,
    /// Milliseconds between the two nearest; negative if somebody is wrong.
    pub width_ms: Option<i64>,
}

/// One instant, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Word {
    /// The instant.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `service`, `block`, `witness` or `drand`.
    pub by: &'static str,
    /// The signer, the witness, the height or the round.
    pub name: String,
}

impl From<&Bound> for Word {
    fn from(bound: &Bound) -> Self {
        let (by, name) = match &bound.by {
            Source::Service { signer, .. } => ("service", signer.clone()),
            Source::Block { height } => ("block", height.to_string()),
            Source::Witness { name, .. } => ("witness", name.clone()),
            Source::Drand { round } => ("drand", round.to_string()),
        };
        Self { at: bound.at, by, name }
    }
}

impl Between {
    /// Tells of a bracket.
    pub fn of(item: ItemId, bracket: &Bracket) -> Self {
        Self {
            item,
            not_before: bracket.not_before.as_ref().map(Word::from),
            not_after: bracket.not_after.iter().map(Word::from).collect(),
            width_ms: bracket.width().map(|width| i64::try_from(width.as_millis()).unwrap_or(i64::MAX)),
        }
    }
}
