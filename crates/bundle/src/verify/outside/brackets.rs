//! Each leaf between two instants, and what that shows of the whole package.

use std::collections::BTreeMap;

use sigu_attestation::beacon::{Beacon, BeaconError};
use sigu_attestation::bracket::{Bound, Bracket, Source, bracket, not_before_by_round, not_before_by_token};
use sigu_attestation::rfc3161::VerifiedToken;
use sigu_ledger::{Checkpoint, Hash, NotBefore};

use super::Outside;
use crate::verify::logs::LogFacts;
use crate::{BeaconEnd, BoundReport, BracketReport, ItemId, ItemReport, NotProved, OutsideTime, Voice};

/// What outsiders show of the package as a whole.
pub(in crate::verify) struct Coverage {
    pub(in crate::verify) outside_time: OutsideTime,
    /// What is shown of what no package shows by itself.
    pub(in crate::verify) shown: Vec<NotProved>,
}

/// Brackets every leaf that was shown to be in its log.
pub(in crate::verify) fn brackets(
    outside: &Outside,
    logs: &[LogFacts],
    items: &mut [ItemReport],
    export: Option<ItemId>,
) -> Coverage {
    let within: BTreeMap<u32, &Checkpoint> =
        logs.iter().filter_map(|log| Some((log.number, log.checkpoint.as_ref()?))).collect();
    for item in items.iter_mut().filter(|item| item.in_log) {
        let (beacon, lower) = match &item.not_before {
            Some(nb) => lower(outside, nb),
            None => (None, None),
        };
        let Some(checkpoint) = within.get(&item.position.log) else { continue };
        item.bracket = report(outside, checkpoint, item.position, lower);
        item.bracket.beacon = beacon;
    }
    Coverage { outside_time: outside_time(outside, &within), shown: shown(outside, items, export) }
}

/// What the beacon of a leaf shows; the flag says whether it is only a claim.
fn lower(outside: &Outside, nb: &NotBefore) -> (Option<BeaconEnd>, Option<(bool, Bound)>) {
    let end = |end| (Some(end), None);
    match Beacon::from_not_before(nb) {
        Err(BeaconError::UnknownChain) => end(BeaconEnd::Unknown),
        Err(_) => end(BeaconEnd::Differs),
        Ok(Beacon::Drand { round, .. }) => match outside.rounds.get(&round) {
            None | Some(None) => end(BeaconEnd::Absent),
            Some(Some(shown)) => match not_before_by_round(nb, shown) {
                Ok(bound) => (Some(BeaconEnd::Shown), Some((false, bound))),
                Err(_) => end(BeaconEnd::Differs),
            },
        },
        Ok(Beacon::Token { digest, .. }) => by_token(outside, nb, &digest),
    }
}

fn by_token(outside: &Outside, nb: &NotBefore, digest: &Hash) -> (Option<BeaconEnd>, Option<(bool, Bound)>) {
    let find = |tokens: &'_ [VerifiedToken]| {
        tokens
            .iter()
            .find(|token| token.token_digest() == *digest)
            .map(|token| not_before_by_token(nb, token))
    };
    let (claim, found) = match find(&outside.tokens.shown) {
        Some(found) => (false, Some(found)),
        None => (true, find(&outside.tokens.claimed)),
    };
    match found {
        None => (Some(BeaconEnd::Absent), None),
        Some(Err(_)) => (Some(BeaconEnd::Differs), None),
        Some(Ok(bound)) => {
            (Some(if claim { BeaconEnd::Claimed } else { BeaconEnd::Shown }), Some((claim, bound)))
        }
    }
}

fn report(outside: &Outside, within: &Checkpoint, at: ItemId, lower: Option<(bool, Bound)>) -> BracketReport {
    let (shown, claimed) = outside
        .upper
        .get(&at.log)
        .map_or((&[][..], &[][..]), |said| (said.shown.as_slice(), said.claimed.as_slice()));
    let shown_lower = lower.as_ref().filter(|(claim, _)| !claim).map(|(_, bound)| bound.clone());
    let shown = bracket(within, at.seq, shown_lower, shown);
    let claimed = bracket(within, at.seq, None, claimed);
    let mut upper: Vec<(bool, Bound)> = shown.not_after.iter().map(|bound| (false, bound.clone())).collect();
    upper.extend(claimed.not_after.into_iter().map(|bound| (true, bound)));
    upper.sort_by_key(|(claim, bound)| (bound.at, *claim));
    let all = Bracket {
        not_before: lower.as_ref().map(|(_, bound)| bound.clone()),
        not_after: upper.iter().map(|(_, bound)| bound.clone()).collect(),
    };
    let some = lower.is_some() || !upper.is_empty();
    let claims_only = some && lower.iter().chain(&upper).all(|(claim, _)| *claim);
    BracketReport {
        beacon: None,
        not_before: lower.map(bound),
        not_after: upper.into_iter().map(bound).collect(),
        width_seconds: shown.width().or_else(|| all.width()).map(|width| width.as_secs()),
        contradiction: all.is_contradictory(),
        claims_only,
    }
}

fn bound((claim, bound): (bool, Bound)) -> BoundReport {
    let by = match bound.by {
        Source::Service { signer, root } => Voice::Service { signer, root },
        Source::Block { height } => Voice::Block { height },
        Source::Witness { name, .. } => Voice::Witness { name },
        Source::Drand { round } => Voice::Drand { round },
    };
    BoundReport { at: bound.at, by, claim }
}

/// All bounds of all logs together: the first leaf of a log is in every one of its trees.
fn outside_time(outside: &Outside, within: &BTreeMap<u32, &Checkpoint>) -> OutsideTime {
    let (mut shown, mut claimed) = (Vec::new(), false);
    for (log, said) in &outside.upper {
        let Some(checkpoint) = within.get(log) else { continue };
        shown.extend(bracket(checkpoint, 0, None, &said.shown).not_after);
        claimed |= !said.claimed.is_empty();
    }
    let all = Bracket { not_before: None, not_after: shown };
    match all.voices() {
        0 if claimed => OutsideTime::Claimed,
        0 => OutsideTime::None,
        voices => OutsideTime::Shown { voices },
    }
}

/// What is shown for every leaf. That of the export is left out: it commits to all proofs, so none can be about it.
fn shown(outside: &Outside, items: &[ItemReport], export: Option<ItemId>) -> Vec<NotProved> {
    let counted = || items.iter().filter(|item| Some(item.position) != export);
    let has_time = |item: &ItemReport| item.bracket.not_after.iter().any(|bound| !bound.claim);
    let has_witnesses = |item: &ItemReport| {
        outside
            .stamps
            .iter()
            .any(|(of, stamp)| of.log == item.position.log && stamp.quorum && item.position.seq < of.size)
    };
    let mut shown = Vec::new();
    if counted().next().is_some() && counted().all(has_time) {
        shown.push(NotProved::ExistenceTime);
    }
    if counted().next().is_some() && counted().all(|item| item.in_log && has_witnesses(item)) {
        shown.push(NotProved::OneHistory);
    }
    shown
}
