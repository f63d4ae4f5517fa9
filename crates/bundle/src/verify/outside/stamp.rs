//! One folder in `stamped/`: is it whole, is its checkpoint the beginning of the package's, and who said what over it.

use sigu_attestation::bracket::{Stamp, TiedStamp};
use sigu_attestation::stored::{
    CHECKPOINT_FILE, CONSISTENCY_FILE, SERVICE_ENDINGS, TIMESTAMP_FILE, read_consistency,
};
use sigu_ledger::{Hash, SignedCheckpoint, verify_consistency};

use super::proofs;
use super::token::{self, Beside};
use super::{Folder, Outside, at};
use crate::limits::MAX_SERVICES;
use crate::outside::stamped_checkpoint;
use crate::path::{self, Stamped};
use crate::verify::VerifyFault;
use crate::verify::logs::LogFacts;
use crate::verify::package::Reader;
use crate::verify::tally::Tally;
use crate::{Check, FindingCode, ServiceEnd, ServiceReport, StampId, StampReport, Trusted};

/// Where a folder is, and of which log.
pub(super) struct Place<'a, 'b> {
    pub(super) reader: &'a Reader<'b>,
    pub(super) log: &'a LogFacts,
    pub(super) of: StampId,
    pub(super) folder: &'a Folder,
}

/// A stamped checkpoint that is the beginning of the package's.
struct Tied {
    signed: SignedCheckpoint,
    proof: Vec<Hash>,
}

impl Place<'_, '_> {
    pub(super) fn judge(
        &self,
        trusted: &Trusted,
        outside: &mut Outside,
        tally: &mut Tally,
    ) -> Result<(), VerifyFault> {
        self.check_whole(tally);
        let size = self.of.size;
        let mut report = StampReport {
            size,
            tied: false,
            services: Vec::new(),
            ots: None,
            witnesses: None,
            quorum: false,
        };
        if let Some(tied) = self.tie(tally)? {
            report.tied = true;
            tally.cover(Check::OutsideProofs, 1);
            self.services(&tied, trusted, outside, &mut report, tally)?;
            self.others(&tied, trusted, outside, &mut report)?;
        }
        outside.stamps.insert(self.of, report);
        Ok(())
    }

    /// A folder without its checkpoint, without any proof, or with a part of a proof.
    fn check_whole(&self, tally: &mut Tally) {
        let folder = self.folder;
        let mut missing = |name: &str| tally.fail(FindingCode::StampIncomplete, path::stamped(self.of, name));
        for (stamped, name) in [(Stamped::Note, CHECKPOINT_FILE), (Stamped::Consistency, CONSISTENCY_FILE)] {
            if at(folder, stamped).is_none() {
                missing(name);
            }
        }
        let has = |stamped| at(folder, stamped).is_some();
        if has(Stamped::Header) && !has(Stamped::Ots) {
            missing(TIMESTAMP_FILE);
        } else if folder.services.is_empty() && !has(Stamped::Ots) && !has(Stamped::Cosignatures) {
            missing("");
        }
        for (service, [_, reply, _]) in &folder.services {
            if reply.is_none() {
                missing(&format!("{service}{}", SERVICE_ENDINGS[1]));
            }
        }
    }

    fn bytes(&self, index: Option<&usize>) -> Result<Option<Vec<u8>>, VerifyFault> {
        index.map_or(Ok(None), |index| self.reader.bytes(*index))
    }

    /// Ties the stamped checkpoint to the package's; what is not so is a finding.
    fn tie(&self, tally: &mut Tally) -> Result<Option<Tied>, VerifyFault> {
        let note = self.bytes(at(self.folder, Stamped::Note))?;
        let consistency = self.bytes(at(self.folder, Stamped::Consistency))?;
        // Without a signed checkpoint in the package there is nothing to be tied to; that has its finding already.
        let (Some(key), Some(within)) = (&self.log.key, &self.log.checkpoint) else { return Ok(None) };
        let Some(note) = note else { return Ok(None) };
        let Some(signed) = stamped_checkpoint(&note, key, self.of.size) else {
            tally.fail(FindingCode::StampCheckpoint, path::stamped(self.of, CHECKPOINT_FILE));
            return Ok(None);
        };
        let old = signed.checkpoint();
        if old.size == within.size && old.root != within.root {
            tally.fail(FindingCode::StampOtherHistory, path::stamped(self.of, CHECKPOINT_FILE));
            return Ok(None);
        }
        let Some(consistency) = consistency else { return Ok(None) };
        let holds = |proof: &Vec<Hash>| {
            verify_consistency(old.size, within.size, &old.root, &within.root, proof).is_ok()
        };
        let Some(proof) = read_consistency(&consistency).ok().filter(holds) else {
            tally.fail(FindingCode::StampConsistency, path::stamped(self.of, CONSISTENCY_FILE));
            return Ok(None);
        };
        Ok(Some(Tied { signed, proof }))
    }

    fn services(
        &self,
        tied: &Tied,
        trusted: &Trusted,
        outside: &mut Outside,
        report: &mut StampReport,
        tally: &mut Tally,
    ) -> Result<(), VerifyFault> {
        for (number, (service, [request, reply, chain])) in self.folder.services.iter().enumerate() {
            if number == MAX_SERVICES {
                let name = format!("{service}{}", SERVICE_ENDINGS[1]);
                tally.fail(FindingCode::TooManyProofs, path::stamped(self.of, &name));
                break;
            }
            let Some(reply) = self.bytes(reply.as_ref())? else { continue };
            let beside = Beside {
                request: self.bytes(request.as_ref())?,
                chain: self.bytes(chain.as_ref())?.unwrap_or_default(),
            };
            let judged = token::judge(&reply, &beside, &tied.signed, &trusted.roots);
            let end = match judged {
                Err(defect) => ServiceEnd::Refused(defect),
                Ok((claim, token)) => {
                    let said = token::report(&token);
                    if let Ok(stamp) = Stamp::by_token(&tied.signed, &token) {
                        self.put(tied, stamp, claim, outside);
                    }
                    outside.tokens.put(claim, token);
                    if claim { ServiceEnd::Claimed(said) } else { ServiceEnd::Shown(said) }
                }
            };
            let request = request.is_some();
            report.services.push(ServiceReport { service: service.clone(), request, end });
        }
        Ok(())
    }

    /// OpenTimestamps and witnesses.
    fn others(
        &self,
        tied: &Tied,
        trusted: &Trusted,
        outside: &mut Outside,
        report: &mut StampReport,
    ) -> Result<(), VerifyFault> {
        if let Some(ots) = self.bytes(at(self.folder, Stamped::Ots))? {
            let header = self.bytes(at(self.folder, Stamped::Header))?;
            let (told, stamps) = proofs::ots(&ots, header.as_deref(), &tied.signed, &trusted.blocks);
            report.ots = Some(told);
            for (claim, stamp) in stamps {
                self.put(tied, stamp, claim, outside);
            }
        }
        if let Some(lines) = self.bytes(at(self.folder, Stamped::Cosignatures))? {
            let policy = trusted.policy.as_ref();
            let (told, seen) = proofs::witnesses(&lines, tied.signed.checkpoint(), policy);
            report.witnesses = Some(told);
            report.quorum = policy.is_some_and(|policy| proofs::is_enough(policy, self.log, &seen));
            for cosignature in &seen {
                self.put(tied, Stamp::by_cosignature(cosignature), false, outside);
            }
        }
        Ok(())
    }

    fn put(&self, tied: &Tied, stamp: Stamp, claim: bool, outside: &mut Outside) {
        let within = self.log.checkpoint.as_ref();
        let tied: Option<TiedStamp> = within.and_then(|within| stamp.tie(within, &tied.proof).ok());
        if let Some(tied) = tied {
            outside.upper.entry(self.of.log).or_default().put(claim, tied);
        }
    }
}
