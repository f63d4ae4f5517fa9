//! What outsiders said, as it goes into a package: `docs/formats/attestation.md`, "In a package".
//!
//! Only its form is checked here, so that no package is made that a verifier calls altered. Whether a proof holds,
//! and what it is worth, is for [`crate::verify`] and its reader.

use std::collections::BTreeSet;

use serde::Serialize;
use sigu_attestation::opentimestamps::{BlockHeader, Proof};
use sigu_attestation::rfc3161::Request;
use sigu_attestation::stored::{
    CHECKPOINT_FILE, COSIGNATURE_FILE, HEADER_FILE, SERVICE_ENDINGS, ServiceName, TIMESTAMP_FILE,
};
use sigu_attestation::{drand, witness};
use sigu_ledger::{Checkpoint, SignedCheckpoint, VerifyingKey};

use crate::limits::{MAX_ROUNDS, MAX_SERVICES, MAX_STAMPS};
use crate::path::{self, Role, Stamped};
use crate::{DraftError, Entry, Limits, LogPart};

/// A checkpoint that outsiders have seen: its log and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct StampId {
    /// The number of the log inside the vault, from 1.
    pub log: u32,
    /// How many leaves the checkpoint covers, from 1.
    pub size: u64,
}

/// Everything of outsiders that goes along, and the page for strangers; empty by default.
#[derive(Clone, Debug, Default)]
pub struct OutsideParts {
    /// What was said over checkpoints; one for each size of a log.
    pub stamps: Vec<StampPart>,
    /// The rounds of drand that leaves of the package name.
    pub rounds: Vec<RoundPart>,
    /// `trust/checker.html`, whole.
    pub checker_page: Option<Vec<u8>>,
}

/// What outsiders said over one checkpoint: at least one proof.
#[derive(Clone, Debug)]
pub struct StampPart {
    /// Of which log, and how large it was.
    pub of: StampId,
    /// The signed checkpoint they saw, byte for byte.
    pub note: String,
    /// Timestamp services, each name once.
    pub services: Vec<ServicePart>,
    /// An OpenTimestamps proof over SHA-256 of the note.
    pub ots: Option<Vec<u8>>,
    /// The 80 bytes of the block it leads to, if known; not without the proof.
    pub header: Option<Vec<u8>>,
    /// Cosignature lines of witnesses, each ended by a newline.
    pub cosignatures: Option<String>,
}

/// What one timestamp service was asked and answered (RFC 3161).
#[derive(Clone, Debug)]
pub struct ServicePart {
    /// Its name in file names.
    pub name: ServiceName,
    /// The request as sent.
    pub request: Vec<u8>,
    /// The reply as received.
    pub reply: Vec<u8>,
    /// The path to its root in PEM, the signer's certificate first, the root last; a claim.
    pub chain_pem: Option<String>,
}

/// One round of drand quicknet.
#[derive(Clone, Debug)]
pub struct RoundPart {
    /// Its number.
    pub round: u64,
    /// `{"round":…,"signature":…}`.
    pub json: Vec<u8>,
}

impl OutsideParts {
    /// Lays the parts out; refuses what no verifier would take. `logs` are those of the package.
    pub(crate) fn entries(self, logs: &[LogPart]) -> Result<(Vec<Entry>, BTreeSet<StampId>), DraftError> {
        if self.stamps.len() > MAX_STAMPS || self.rounds.len() > MAX_ROUNDS {
            return Err(DraftError::TooManyProofs);
        }
        let (mut entries, mut stamps) = (Vec::new(), BTreeSet::new());
        for stamp in self.stamps {
            let of = stamp.of;
            let log = logs.iter().find(|log| log.number == of.log);
            let checkpoint = log.and_then(|log| stamped_checkpoint(stamp.note.as_bytes(), &log.key, of.size));
            let signed = checkpoint.filter(|_| stamps.insert(of)).ok_or(DraftError::Stamp(of))?;
            entries.extend(stamp.entries(signed.checkpoint())?);
        }
        let mut rounds = BTreeSet::new();
        for RoundPart { round, json } in self.rounds {
            if drand::verify_answer(&json, Some(round)).is_err() || !rounds.insert(round) {
                return Err(DraftError::Round(round));
            }
            entries.push(Entry::bytes(path::round(round), json));
        }
        if let Some(page) = self.checker_page {
            if page.is_empty() || page.len() as u64 > Limits::default().page_bytes {
                return Err(DraftError::CheckerPage);
            }
            entries.push(Entry::bytes(path::CHECKER_PAGE, page));
        }
        Ok((entries, stamps))
    }
}

impl StampPart {
    fn entries(self, checkpoint: &Checkpoint) -> Result<Vec<Entry>, DraftError> {
        let of = self.of;
        if self.services.is_empty() && self.ots.is_none() && self.cosignatures.is_none() {
            return Err(DraftError::Stamp(of));
        }
        if self.services.len() > MAX_SERVICES {
            return Err(DraftError::TooManyProofs);
        }
        let mut entries = vec![Entry::bytes(path::stamped(of, CHECKPOINT_FILE), self.note.into())];
        let mut put = |name: &str, bytes: Vec<u8>, good: bool| {
            let path = path::stamped(of, name);
            let most = match Role::of(&path) {
                Some(Role::Stamped(_, stamped)) => Stamped::most_bytes(stamped).unwrap_or(u64::MAX),
                _ => 0,
            };
            let twice = entries.iter().any(|entry| entry.path == path);
            if !good || bytes.is_empty() || bytes.len() as u64 > most || twice {
                return Err(DraftError::Proof(path));
            }
            entries.push(Entry::bytes(path, bytes));
            Ok(())
        };
        for service in self.services {
            let [request, reply, chain] = SERVICE_ENDINGS.map(|ending| format!("{}{ending}", service.name));
            let readable = Request::parse(&service.request).is_ok();
            put(&request, service.request, readable)?;
            put(&reply, service.reply, true)?;
            if let Some(pem) = service.chain_pem {
                put(&chain, pem.into(), true)?;
            }
        }
        let has_ots = self.ots.is_some();
        if let Some(ots) = self.ots {
            let readable = Proof::parse(&ots).is_ok();
            put(TIMESTAMP_FILE, ots, readable)?;
        }
        if let Some(header) = self.header {
            let readable = has_ots && BlockHeader::parse(&header).is_ok();
            put(HEADER_FILE, header, readable)?;
        }
        if let Some(lines) = self.cosignatures {
            let readable = witness::verify_cosignatures(&lines, checkpoint, &[]).is_ok();
            put(COSIGNATURE_FILE, lines.into(), readable)?;
        }
        Ok(entries)
    }
}

/// Reads the note of a stamped folder: a checkpoint of this log, of this size, signed by the log and nobody else.
pub(crate) fn stamped_checkpoint(note: &[u8], key: &VerifyingKey, size: u64) -> Option<SignedCheckpoint> {
    let signed = SignedCheckpoint::verify(note, key).ok()?;
    let alone = sigu_ledger::Note::parse(note).is_ok_and(|note| note.signatures().len() == 1);
    (alone && signed.checkpoint().size == size).then_some(signed)
}
