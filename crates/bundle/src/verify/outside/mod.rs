//! Outside time: the folders in `stamped/`, the rounds of drand, and each leaf between two instants.
//!
//! Two kinds of file lie there. What the exporter laid down (that a folder is whole, that its note is a checkpoint of
//! this log, that the package goes on from it) must be right, like everything of his: otherwise it is a finding.
//! What outsiders said is a statement of others: it holds, is a claim or is refused, and makes a package neither
//! better nor worse.

mod brackets;
mod proofs;
mod stamp;
mod token;

use std::collections::BTreeMap;

use sigu_attestation::bracket::TiedStamp;
use sigu_attestation::drand::{VerifiedRound, verify_answer};
use sigu_attestation::rfc3161::VerifiedToken;
use sigu_attestation::stored::CHECKPOINT_FILE;

use super::VerifyFault;
use super::logs::LogFacts;
use super::package::Reader;
use super::tally::Tally;
use crate::limits::{MAX_ROUNDS, MAX_STAMPS};
use crate::path::{self, Role, Stamped};
use crate::{Check, FindingCode, RoundReport, StampId, StampReport, Trusted};

pub(super) use brackets::brackets;

/// What the reader's own word is behind, and what only the package's is.
#[derive(Clone)]
struct Said<T> {
    shown: Vec<T>,
    claimed: Vec<T>,
}

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self { shown: Vec::new(), claimed: Vec::new() }
    }
}

impl<T> Said<T> {
    fn put(&mut self, claim: bool, one: T) {
        if claim { self.claimed.push(one) } else { self.shown.push(one) }
    }
}

/// All that outsiders said in a package.
pub(super) struct Outside {
    /// Upper bounds by log, each tied to the checkpoint of the package.
    upper: BTreeMap<u32, Said<TiedStamp>>,
    /// Tokens that may show beacons.
    tokens: Said<VerifiedToken>,
    /// Rounds by number; `None` where a file is not the round.
    rounds: BTreeMap<u64, Option<VerifiedRound>>,
    /// The reports of all stamps.
    stamps: BTreeMap<StampId, StampReport>,
}

/// The files of one folder, by their place in the package.
#[derive(Default)]
struct Folder {
    one: BTreeMap<&'static str, usize>,
    /// By the name of the service: request, reply, path.
    services: BTreeMap<String, [Option<usize>; 3]>,
}

/// Judges all outside proofs.
pub(super) fn read(
    reader: &Reader<'_>,
    logs: &[LogFacts],
    trusted: &Trusted,
    tally: &mut Tally,
) -> Result<Outside, VerifyFault> {
    let mut outside = Outside {
        upper: BTreeMap::new(),
        tokens: Said::default(),
        rounds: BTreeMap::new(),
        stamps: BTreeMap::new(),
    };
    for (number, (of, folder)) in folders(reader).into_iter().enumerate() {
        if number == MAX_STAMPS {
            tally.fail(FindingCode::TooManyProofs, path::stamped(of, CHECKPOINT_FILE));
            break;
        }
        match logs.iter().find(|log| log.number == of.log) {
            Some(log) => {
                stamp::Place { reader, log, of, folder: &folder }.judge(trusted, &mut outside, tally)?
            }
            None => tally.fail(FindingCode::StampUnknownLog, path::stamped(of, "")),
        }
    }
    read_rounds(reader, &mut outside, tally)?;
    Ok(outside)
}

fn folders(reader: &Reader<'_>) -> BTreeMap<StampId, Folder> {
    let mut all: BTreeMap<StampId, Folder> = BTreeMap::new();
    for (index, file) in reader.package.files.iter().enumerate() {
        let Some(Role::Stamped(of, stamped)) = file.role else { continue };
        let folder = all.entry(of).or_default();
        match stamped.of_service(&file.path) {
            Some((service, place)) => {
                folder.services.entry(service.to_owned()).or_default()[place] = Some(index);
            }
            None => {
                folder.one.insert(stamped.file(), index);
            }
        }
    }
    all
}

fn read_rounds(reader: &Reader<'_>, outside: &mut Outside, tally: &mut Tally) -> Result<(), VerifyFault> {
    let mut files = BTreeMap::new();
    for (index, file) in reader.package.files.iter().enumerate() {
        if let Some(Role::Round(round)) = file.role {
            files.insert(round, index);
        }
    }
    for (number, (round, index)) in files.into_iter().enumerate() {
        if number == MAX_ROUNDS {
            tally.fail(FindingCode::TooManyProofs, path::round(round));
            break;
        }
        let shown = reader.bytes(index)?.and_then(|json| verify_answer(&json, Some(round)).ok());
        outside.rounds.insert(round, shown);
    }
    if !outside.rounds.is_empty() {
        tally.cover(Check::OutsideProofs, outside.rounds.len() as u64);
    }
    Ok(())
}

impl Outside {
    /// The stamps of a log, by size.
    pub(super) fn stamps_of(&self, log: u32) -> Vec<StampReport> {
        self.stamps.iter().filter(|(of, _)| of.log == log).map(|(_, report)| report.clone()).collect()
    }

    /// The rounds, by number.
    pub(super) fn rounds(&self) -> Vec<RoundReport> {
        let report =
            |(round, shown): (&u64, &Option<_>)| RoundReport { round: *round, holds: shown.is_some() };
        self.rounds.iter().map(report).collect()
    }
}

/// The name of a lone file in its folder.
fn at(folder: &Folder, stamped: Stamped) -> Option<&usize> {
    folder.one.get(stamped.file())
}
