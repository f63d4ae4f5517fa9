//! `bundle`: the package that leaves the house, written, read and verified.
//!
//! A bundle is a BagIt bag in a ZIP with the proofs beside the payload; `docs/formats/bundle.md` is its specification.
//! Writing goes [`Draft`] → [`Layout`] → bytes, with the leaf that logs the export made in between. Reading is
//! [`verify`], which answers with a [`Report`] made of codes; every text for people is made elsewhere.
//!
//! The crate writes no file and asks no clock. It knows neither vault nor cases: a verifier needs nothing but the
//! package and, if the reader has it, the fingerprint of the log's key.

mod bag;
mod draft;
mod entry;
mod finding;
mod late;
mod layout;
mod limits;
mod manifest;
mod name;
mod outside;
mod path;

mod recipe;
mod report;
mod trusted;
mod verify;
mod zip;

pub use bag::BagInfo;
pub use draft::{Draft, DraftError, LeafPart, LogPart, LogSeal};
pub use entry::{Body, Entry};
pub use finding::{Finding, FindingCode};
pub use late::{LateDisclosure, LateDisclosureError};
pub use layout::{Layout, WriteError};
pub use limits::Limits;
pub use outside::{OutsideParts, RoundPart, ServicePart, StampId, StampPart};
pub use report::{
    BeaconEnd, BlockEnd, BlockReport, BoundReport, BracketReport, Check, CheckResult, ContentState,
    CopyReport, Grade, HeaderReport, ItemReport, LinkState, LogLink, LogReport, NotProved, OtsReport,
    Outcome, OutsideTime, PaperReport, Report, RoundReport, SeenReport, ServiceEnd, ServiceReport,
    StampReport, TokenDefect, TokenReport, Voice, WitnessReport,
};
pub use sigu_evidence::{ItemId, ItemIdError};
pub use trusted::{KnownBlock, KnownBlockError, Trusted};
pub use verify::{Progress, VerifyFault, VerifyOptions, verify};
pub use zip::{ContainerDefect, Member, ZipIndex, ZipWriter};
