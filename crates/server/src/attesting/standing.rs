//! How it stands with each outsider, for people and programs.

use jiff::Timestamp;
use sigu_attestation::bracket::Source;
use sigu_attestation::witness::CosignerKey;
use sigu_vault::{Proof, Said, Vault};

use super::memory::{Attempt, Memory};
use super::plan::{Attested, BEACON, key};
use super::{Unread, services};
use crate::answers::{Outsider, OutsiderKind, OutsiderState, Outsiders};
use crate::outside::services::Services;

/// Tells how it stands. `state` is the folder of this machine's memory, `by_default` whether outsiders are asked where
/// nobody said.
///
/// # Errors
/// Damage in the vault, or a setting of a later version.
pub fn standing(vault: &Vault, memory: &Memory, by_default: bool) -> Result<Outsiders, Unread> {
    let look = Look { held: Attested::read(vault)?, services: services(vault)?, memory };
    let size = look.held.target.size();
    Ok(Outsiders {
        asks: vault.asks_outsiders()?.unwrap_or(by_default),
        log: look.held.target.log,
        size,
        voices: look.voices(size),
        quorum: look.quorum(size),
        outsiders: look.all(),
        alarm: look.held.alarm.clone(),
    })
}

struct Look<'a> {
    held: Attested,
    services: Services,
    memory: &'a Memory,
}

impl Look<'_> {
    fn proofs(&self, is: impl Fn(&Proof) -> bool) -> Vec<&Proof> {
        let log = self.held.target.log;
        self.held.proofs.iter().filter(|proof| proof.log == log && is(proof)).collect()
    }

    /// Counts who vouches for the first `size` leaves, those under one root once.
    fn voices(&self, size: u64) -> usize {
        let mut seen: Vec<Source> = Vec::new();
        for bound in self.proofs(|proof| proof.size >= size).into_iter().filter_map(Proof::not_after) {
            let same = |known: &Source| match (known, &bound.by) {
                (Source::Service { root: one, .. }, Source::Service { root: other, .. }) => one == other,
                (Source::Witness { key: one, .. }, Source::Witness { key: other, .. }) => one == other,
                (Source::Block { .. }, Source::Block { .. }) => true,
                _ => false,
            };
            if !seen.iter().any(same) {
                seen.push(bound.by);
            }
        }
        seen.len()
    }

    /// Whether the policy has what it wants; `None` where it wants nothing.
    fn quorum(&self, size: u64) -> Option<bool> {
        let policy = self.services.policy().ok().filter(|policy| policy.asks_for_witnesses())?;
        let cosigned = self.proofs(|proof| proof.size >= size);
        let public = |proof: &&Proof| match proof.said {
            Said::Witness { key, .. } => Some(key),
            _ => None,
        };
        let keys: Vec<[u8; 32]> = cosigned.iter().filter_map(public).collect();
        let cosigners: Vec<&CosignerKey> = policy
            .witnesses()
            .map(|(_, key, _)| key)
            .filter(|key| keys.contains(&key.public_key()))
            .collect();
        Some(policy.is_satisfied_by(cosigners))
    }

    fn all(&self) -> Vec<Outsider> {
        let mut all: Vec<Outsider> = Vec::new();
        for service in &self.services.timestamps {
            let name = service.name.to_string();
            let said = self.proofs(|one| one.source == name && matches!(one.said, Said::Token { .. }));
            all.push(Outsider {
                label: service.label.clone(),
                operator: service.operator.clone(),
                urls: vec![service.url.clone()],
                free: service.free,
                tested: service.tested || !said.is_empty(),
                ..self.one(OutsiderKind::Timestamp, name, service.enabled, &said)
            });
        }
        all.push(self.calendars());
        for witness in &self.services.witnesses {
            let public = witness.key.public_key();
            let is = |one: &Proof| matches!(one.said, Said::Witness { key, .. } if key == public);
            let name = witness.key.name().to_owned();
            all.push(Outsider {
                label: witness.name.clone(),
                urls: vec![witness.url.clone()],
                ..self.one(OutsiderKind::Witness, name, witness.enabled, &self.proofs(is))
            });
        }
        all.push(self.beacon());
        all
    }

    fn attempt(&self, kind: OutsiderKind, name: &str) -> Option<&Attempt> {
        let origin = self.held.target.key.name();
        match kind {
            OutsiderKind::Beacon => self.memory.attempt(BEACON),
            OutsiderKind::Calendars => self.memory.attempt(&key(origin, "calendars", "")),
            OutsiderKind::Timestamp | OutsiderKind::Witness => {
                self.memory.attempt(&key(origin, kind.code(), name))
            }
        }
    }

    /// One outsider by what it said of the newest log.
    fn one(&self, kind: OutsiderKind, name: String, enabled: bool, said: &[&Proof]) -> Outsider {
        let size = said.iter().map(|proof| proof.size).max().unwrap_or(0);
        let last = said.iter().max_by_key(|proof| (proof.size, proof.item.seq));
        let (said_at, skew_ms) = last.map_or((None, None), |proof| own_clock(proof));
        let attempt = self.attempt(kind, &name);
        let why = attempt.and_then(|attempt| attempt.why.as_ref());
        let state = match (enabled, size >= self.held.target.size(), why.is_some(), size) {
            (false, ..) => OutsiderState::Off,
            (_, true, ..) => OutsiderState::Whole,
            (_, _, true, _) => OutsiderState::Failed,
            (_, _, _, 0) => OutsiderState::New,
            _ => OutsiderState::Behind,
        };
        let waits = matches!(state, OutsiderState::Failed);
        Outsider {
            kind,
            label: name.clone(),
            name,
            operator: String::new(),
            urls: Vec::new(),
            free: true,
            tested: !said.is_empty(),
            state,
            size,
            said_at,
            skew_ms,
            why: why.filter(|_| waits).map(|why| (why.code.clone(), why.detail.clone())),
            next: attempt.filter(|_| waits).map(|attempt| attempt.next),
            promises: 0,
            headers_wanted: Vec::new(),
        }
    }

    fn calendars(&self) -> Outsider {
        let enabled = self.services.calendars.iter().any(|one| one.enabled);
        let said = self.proofs(|one| matches!(one.said, Said::Promised | Said::Block { .. }));
        let mut one = self.one(OutsiderKind::Calendars, "opentimestamps".to_owned(), enabled, &said);
        one.urls = self.services.calendars.iter().map(|one| one.url.clone()).collect();
        one.promises = self.held.promises().count();
        one.headers_wanted = self.held.headers_wanted().into_iter().collect();
        // A promise is no proof: only a block vouches, and only where its header is known.
        let proved =
            said.iter().filter(|one| one.not_after().is_some()).map(|one| one.size).max().unwrap_or(0);
        let is_behind = one.state == OutsiderState::Behind && proved == 0;
        if is_behind || (one.state == OutsiderState::Whole && proved < self.held.target.size()) {
            let newest = one.size;
            let mut last = said.iter().filter(|proof| proof.size == newest);
            let in_block = last.any(|proof| matches!(proof.said, Said::Block { .. }));
            one.state = if in_block { OutsiderState::Header } else { OutsiderState::Promised };
        }
        one.size = proved;
        one
    }

    fn beacon(&self) -> Outsider {
        let enabled = self.services.beacons.iter().any(|one| one.enabled);
        let mut one = self.one(OutsiderKind::Beacon, "drand".to_owned(), enabled, &[]);
        one.urls = self.services.beacons.iter().map(|one| one.url.clone()).collect();
        one.said_at = self.held.round_at;
        if one.state == OutsiderState::New && one.said_at.is_some() {
            one.state = OutsiderState::Whole;
        }
        one
    }
}

/// When an outsider said it, by its own clock, and how far that was ahead of this machine's.
fn own_clock(proof: &Proof) -> (Option<Timestamp>, Option<i64>) {
    match &proof.said {
        Said::Token { gen_time, skew_ms, .. } => (Some(*gen_time), *skew_ms),
        Said::Block { latest, .. } => (*latest, None),
        Said::Witness { at, .. } => (Some(*at), None),
        Said::Promised => (None, None),
    }
}
