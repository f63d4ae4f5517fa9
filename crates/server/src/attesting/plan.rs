//! What is to be asked of whom now. Pure: the log, the configuration, what is remembered and the clock give the plan.
//!
//! An outsider is due when it has not answered about the checkpoint that should be seen. So there is at most one request
//! for each, however long nobody could be asked. Keys in the memory: `<origin> timestamp <name>`, `<origin> calendars`,
//! `<origin> promise <leaf>`, `<origin> witness <key name>`, and `beacon`.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sigu_attestation::drand::time_of;
use sigu_case::ItemId;
use sigu_vault::{Alarm, Attestable, Error, Proof, Said, Vault};

use super::memory::Memory;
use crate::outside::services::{KnownWitness, Services, TimestampService};

/// Calendars are asked for a new promise once in this time.
const PROMISE_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// A promise is asked for once an hour, and after [`PROMISE_OLD`] once a day.
const PROMISE_AGAIN: SignedDuration = SignedDuration::from_hours(1);
const PROMISE_OLD: SignedDuration = SignedDuration::from_hours(48);
/// A round of drand is younger than this while somebody is at work.
const ROUND_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Evidence is stamped again this long before the certificates of its tokens run out, and once a year.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(90 * 24);
const RENEW_EVERY: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Where a service's certificates never live longer than that: once in this time.
const RENEW_AT_MOST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Where nothing is known of when to look again.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(6);

/// What of a vault is attested, and what should be; read at once.
#[derive(Debug, Clone)]
pub(super) struct Attested {
    /// What outsiders should have seen.
    pub(super) target: Attestable,
    /// The newest checkpoint.
    pub(super) newest: Attestable,
    /// Every proof received.
    pub(super) proofs: Vec<Proof>,
    /// What a witness saw otherwise.
    pub(super) alarm: Option<Alarm>,
    /// The instant of the newest round this machine knows.
    pub(super) round_at: Option<Timestamp>,
}

impl Attested {
    /// Reads it.
    ///
    /// # Errors
    /// Damage in the vault.
    pub(super) fn read(vault: &Vault) -> Result<Self, Error> {
        Ok(Self {
            target: vault.attestable()?,
            newest: vault.newest_attestable()?,
            proofs: vault.proofs()?,
            alarm: vault.alarm()?,
            round_at: vault.newest_round().and_then(|round| time_of(round.round())),
        })
    }

    fn of_log(&self) -> impl Iterator<Item = &Proof> {
        self.proofs.iter().filter(|proof| proof.log == self.target.log)
    }

    /// The largest size a source has spoken about in the newest log; 0 for none.
    pub(super) fn said_up_to(&self, is: impl Fn(&Proof) -> bool) -> u64 {
        self.of_log().filter(|proof| is(proof)).map(|proof| proof.size).max().unwrap_or(0)
    }

    /// Whether what was said must be said again, before certificates run out.
    fn is_to_be_renewed(&self, now: Timestamp) -> bool {
        let tokens = self.of_log().filter_map(|proof| match &proof.said {
            Said::Token { gen_time, expires, .. } => Some((*gen_time, *expires)),
            _ => None,
        });
        let Some((newest, expires)) = tokens.reduce(|one, other| (one.0.max(other.0), one.1.max(other.1)))
        else {
            return false;
        };
        let age = now.duration_since(newest);
        age > RENEW_EVERY || (age > RENEW_AT_MOST && expires.duration_since(now) < RENEW_BEFORE)
    }

    /// Promises that lead into no block yet.
    pub(super) fn promises(&self) -> impl Iterator<Item = &Proof> {
        let settled = |of: &Proof| {
            let is = |one: &&Proof| matches!(one.said, Said::Block { .. });
            self.proofs.iter().filter(is).any(|one| (one.log, one.size) == (of.log, of.size))
        };
        let newest = |of: &Proof| {
            let is = |one: &&Proof| one.said == Said::Promised && (one.log, one.size) == (of.log, of.size);
            self.proofs.iter().rfind(is).is_some_and(|one| one.item == of.item)
        };
        self.proofs.iter().filter(move |one| one.said == Said::Promised && newest(one) && !settled(one))
    }

    /// Heights of blocks that promises lead into, where no header says a time for what they are about.
    pub(super) fn headers_wanted(&self) -> BTreeSet<u64> {
        let dated = |of: &Proof| {
            let is = |one: &&Proof| matches!(one.said, Said::Block { latest: Some(_), .. });
            self.proofs.iter().filter(is).any(|one| (one.log, one.size) == (of.log, of.size))
        };
        let height = |one: &Proof| match one.said {
            Said::Block { height, latest: None } if !dated(one) => Some(height),
            _ => None,
        };
        self.proofs.iter().filter_map(height).collect()
    }
}

/// Whose answer about which log.
pub(super) fn key(origin: &str, what: &str, name: &str) -> String {
    format!("{origin} {what} {name}").trim_end().to_owned()
}

/// The key of the beacon: all logs share it.
pub(super) const BEACON: &str = "beacon";

/// What is to be asked.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Timestamp services.
    pub(super) services: Vec<&'a TimestampService>,
    /// Whether they are to see the newest checkpoint, proofs included: what was said is renewed.
    pub(super) renewal: bool,
    /// Whether calendars get a new digest.
    pub(super) calendars: bool,
    /// Promises to be asked for, by their leaves.
    pub(super) promises: Vec<ItemId>,
    /// Witnesses, each with the size it cosigned last.
    pub(super) witnesses: Vec<(&'a KnownWitness, u64)>,
    /// Whether drand is asked.
    pub(super) beacon: bool,
    /// When there is something to do again, if nothing happens before.
    pub(super) next: Option<Timestamp>,
}

impl Plan<'_> {
    /// Returns whether there is nothing to ask now.
    pub(super) fn is_empty(&self) -> bool {
        self.services.is_empty()
            && !self.calendars
            && self.promises.is_empty()
            && self.witnesses.is_empty()
            && !self.beacon
    }
}

/// Makes plans.
pub(super) struct Planner<'a> {
    pub(super) held: &'a Attested,
    pub(super) services: &'a Services,
    pub(super) memory: &'a Memory,
    pub(super) now: Timestamp,
    /// Waits after failures are passed over, pauses are not: the user wants it now.
    pub(super) eager: bool,
}

impl<'a> Planner<'a> {
    pub(super) fn plan(&self) -> Plan<'a> {
        let mut plan = Plan { beacon: self.wants_round(), ..Plan::default() };
        if self.held.alarm.is_none() {
            self.stamps(&mut plan);
            self.calendars(&mut plan);
            self.witnesses(&mut plan);
        }
        plan.next.get_or_insert(self.after(LOOK_AGAIN));
        plan
    }

    fn origin(&self) -> &'a str {
        self.held.target.key.name()
    }

    fn after(&self, wait: SignedDuration) -> Timestamp {
        self.now.saturating_add(wait).unwrap_or(self.now)
    }

    /// Whether an outsider may be asked now; if not, when.
    fn is_free(&self, key: &str, host: &str, pause: SignedDuration, plan: &mut Plan<'a>) -> bool {
        let rested = self.memory.host(host).and_then(|last| last.saturating_add(pause).ok());
        let waited = self.memory.attempt(key).map(|attempt| attempt.next).filter(|_| !self.eager);
        let from = rested.max(waited).unwrap_or(self.now);
        // A clock that was put back must not keep anybody silent for years.
        let absurd = from > self.after(SignedDuration::from_hours(48));
        if from <= self.now || absurd {
            return true;
        }
        let next = plan.next.map_or(from, |known| known.min(from));
        plan.next = Some(next);
        false
    }

    fn stamps(&self, plan: &mut Plan<'a>) {
        plan.renewal = self.held.is_to_be_renewed(self.now);
        let size = if plan.renewal { self.held.newest.size() } else { self.held.target.size() };
        let mut hosts: Vec<String> = Vec::new();
        for service in self.services.timestamps.iter().filter(|service| service.enabled) {
            let name = service.name.to_string();
            let said = |proof: &Proof| proof.source == name && matches!(proof.said, Said::Token { .. });
            let (key, host) = (key(self.origin(), "timestamp", &name), host_of(&service.url));
            let pause = SignedDuration::from_secs(i64::from(service.pause_s));
            if self.held.said_up_to(said) >= size || hosts.contains(&host) {
                continue;
            }
            if self.is_free(&key, &host, pause, plan) {
                hosts.push(host);
                plan.services.push(service);
            }
        }
    }

    fn calendars(&self, plan: &mut Plan<'a>) {
        if !self.services.calendars.iter().any(|calendar| calendar.enabled) {
            return;
        }
        let said = |proof: &Proof| matches!(proof.said, Said::Promised | Said::Block { .. });
        let due = self.held.said_up_to(said) < self.held.target.size();
        let free = |key: &str, plan: &mut Plan<'a>| self.is_free(key, "", SignedDuration::ZERO, plan);
        plan.calendars = due && free(&key(self.origin(), "calendars", ""), plan);
        for promise in self.held.promises() {
            if free(&key(self.origin(), "promise", &promise.item.to_string()), plan) {
                plan.promises.push(promise.item);
            }
        }
    }

    fn witnesses(&self, plan: &mut Plan<'a>) {
        for witness in self.services.witnesses.iter().filter(|witness| witness.enabled) {
            let public = witness.key.public_key();
            let said = |proof: &Proof| matches!(proof.said, Said::Witness { key, .. } if key == public);
            let last = self.held.said_up_to(said);
            let key = key(self.origin(), "witness", witness.key.name());
            if last < self.held.target.size() && self.is_free(&key, "", SignedDuration::ZERO, plan) {
                plan.witnesses.push((witness, last));
            }
        }
    }

    fn wants_round(&self) -> bool {
        let fresh = self.held.round_at.is_some_and(|at| self.now.duration_since(at) < ROUND_EVERY);
        let enabled = self.services.beacons.iter().any(|relay| relay.enabled);
        let tried = self.memory.attempt(BEACON).is_some_and(|last| last.next > self.now);
        enabled && !fresh && (self.eager || !tried)
    }
}

/// When a source that answered may be asked again, if the log wants it.
pub(super) fn after_promise(now: Timestamp) -> Timestamp {
    now.saturating_add(PROMISE_EVERY).unwrap_or(now)
}

/// When a promise is asked for again that was made at `since`.
pub(super) fn after_waiting(since: Timestamp, now: Timestamp) -> Timestamp {
    let wait = if now.duration_since(since) < PROMISE_OLD { PROMISE_AGAIN } else { PROMISE_EVERY };
    now.saturating_add(wait).unwrap_or(now)
}

/// The host of an address, with its port; the address itself where it is none.
pub(super) fn host_of(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    let host = parsed.and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
    host.unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use sigu_attestation::witness::CosigningKey;
    use sigu_ledger::{Checkpoint, Hash, SigningKey};

    use super::super::reason::Reason;
    use super::*;

    const DAY: i64 = 86_400;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn shown(size: u64) -> Attestable {
        let key = SigningKey::from_seed("sigu/v1/plan", [7; 32]).unwrap();
        let checkpoint = Checkpoint { origin: key.name().to_owned(), size, root: Hash::from_bytes([1; 32]) };
        Attestable { log: 1, key: key.verifying_key(), signed: checkpoint.sign(&key).unwrap() }
    }

    fn proof(source: &str, size: u64, said: Said) -> Proof {
        let item = ItemId { log: 1, seq: size };
        Proof { item, received: at(0), log: 1, size, source: source.to_owned(), said }
    }

    fn token(gen_time: i64, expires: i64) -> Said {
        Said::Token {
            gen_time: at(gen_time),
            earliest: at(gen_time),
            latest: at(gen_time),
            signer: "CN=a".to_owned(),
            root: Hash::from_bytes([2; 32]),
            token: Hash::from_bytes([3; 32]),
            expires: at(expires),
            skew_ms: None,
        }
    }

    fn held(target: u64, newest: u64, proofs: Vec<Proof>) -> Attested {
        Attested { target: shown(target), newest: shown(newest), proofs, alarm: None, round_at: Some(at(0)) }
    }

    /// Who is asked: services, calendars, promises, witnesses, drand.
    fn asked(held: &Attested, services: &Services, memory: &Memory, now: i64, eager: bool) -> String {
        let plan = Planner { held, services, memory, now: at(now), eager }.plan();
        let mut all: Vec<String> = plan.services.iter().map(|one| one.name.to_string()).collect();
        all.extend(plan.renewal.then(|| "renewal".to_owned()));
        all.extend(plan.calendars.then(|| "calendars".to_owned()));
        all.extend(plan.promises.iter().map(|item| format!("promise {item}")));
        all.extend(plan.witnesses.iter().map(|(_, last)| format!("witness {last}")));
        all.extend(plan.beacon.then(|| "drand".to_owned()));
        all.join(", ")
    }

    fn services() -> Services {
        let mut services = Services::built_in();
        let key = CosigningKey::from_seed("w.example/1", &[1; 32]).unwrap().cosigner_key();
        services.add_witness(&format!("witness w {key} http://127.0.0.1:1")).unwrap();
        services
    }

    #[test]
    fn all_that_have_not_seen_it_are_asked_and_no_others() {
        let (services, memory) = (services(), Memory::default());
        let names: Vec<String> = services.timestamps.iter().map(|one| one.name.to_string()).collect();
        let everybody = format!("{}, calendars, witness 0, drand", names.join(", "));
        assert_eq!(asked(&held(3, 3, vec![]), &services, &memory, 61, false), everybody);
        let public = services.witnesses[0].key.public_key();
        let seen = vec![
            proof(&names[0], 3, token(0, 400 * DAY)),
            proof(&names[1], 3, token(0, 400 * DAY)),
            proof(&names[2], 2, token(0, 400 * DAY)),
            proof("a b", 3, Said::Promised),
            proof("w.example/1", 2, Said::Witness { at: at(0), key: public }),
        ];
        let some = format!("{}, promise 1-3, witness 2", names[2]);
        assert_eq!(asked(&held(3, 8, seen.clone()), &services, &memory, 1, false), some);
        let mut off = services;
        for (kind, name) in [("timestamp", names[2].as_str()), ("witness", "w.example/1"), ("calendars", "")]
        {
            off.turn(kind, name, false).unwrap();
        }
        assert_eq!(asked(&held(3, 8, seen), &off, &memory, 1, false), "");
    }

    #[test]
    fn a_pause_is_kept_even_in_a_hurry_and_a_wait_only_without() {
        let mut services = Services::built_in();
        services.calendars.clear();
        services.beacons.clear();
        services.timestamps.truncate(1);
        let (name, url) = (services.timestamps[0].name.to_string(), services.timestamps[0].url.clone());
        services.timestamps[0].pause_s = 15;
        let new = held(3, 3, vec![]);
        let mut memory = Memory::default();
        let key = key(new.target.key.name(), "timestamp", &name);
        memory.begins(&key, &host_of(&url), at(0));
        memory.failed(&key, at(0), Reason::code("unreachable"), 255);
        for (now, eager, due) in
            [(1, false, false), (1, true, false), (14, true, false), (15, true, true), (15, false, true)]
        {
            assert_eq!(!asked(&new, &services, &memory, now, eager).is_empty(), due, "{now} {eager}");
        }
        for _ in 0..7 {
            memory.failed(&key, at(0), Reason::code("unreachable"), 0);
        }
        assert_eq!(asked(&new, &services, &memory, 20, false), "", "a day's wait");
        assert_eq!(asked(&new, &services, &memory, 20, true), name);
        let plan =
            Planner { held: &new, services: &services, memory: &memory, now: at(20), eager: false }.plan();
        assert_eq!(plan.next, Some(at(69_120)));
        assert_eq!(asked(&new, &services, &memory, -90 * DAY, false), name, "a clock that was put back");
    }

    #[test]
    fn two_services_at_one_host_are_asked_one_after_the_other() {
        let mut services = Services::built_in();
        services.calendars.clear();
        services.beacons.clear();
        services.timestamps.truncate(2);
        services.timestamps[1].url = services.timestamps[0].url.clone();
        assert_eq!(
            asked(&held(3, 3, vec![]), &services, &Memory::default(), 0, true),
            services.timestamps[0].name.to_string()
        );
    }

    #[test]
    fn evidence_is_renewed_before_its_certificates_run_out_and_each_year() {
        let mut services = Services::built_in();
        services.calendars.clear();
        services.beacons.clear();
        services.timestamps.truncate(1);
        let name = services.timestamps[0].name.to_string();
        let again = format!("{name}, renewal");
        for (expires, now, said) in [
            (4_000 * DAY, 300 * DAY, ""),
            (4_000 * DAY, 366 * DAY, again.as_str()),
            (200 * DAY, 100 * DAY, ""),
            (200 * DAY, 111 * DAY, again.as_str()),
            (20 * DAY, 25 * DAY, ""),
            (20 * DAY, 31 * DAY, again.as_str()),
        ] {
            let proofs = vec![proof(&name, 3, token(0, expires))];
            let found = asked(&held(3, 4, proofs.clone()), &services, &Memory::default(), now, false);
            assert_eq!(found, said, "{expires} {now}");
            let mut done = proofs;
            done.push(proof(&name, 4, token(now, now + 4_000 * DAY)));
            let found = asked(&held(3, 5, done), &services, &Memory::default(), now + 1, false);
            assert_eq!(found, "", "once is enough");
        }
    }

    #[test]
    fn after_an_alarm_only_drand_is_asked() {
        let sign = sigu_vault::AlarmSign::More { size: 9 };
        let alarm = Alarm { log: 1, witness: "w".to_owned(), sign, at: at(0) };
        let stopped = Attested { alarm: Some(alarm), ..held(3, 3, vec![]) };
        assert_eq!(asked(&stopped, &services(), &Memory::default(), 61, true), "drand");
    }

    #[test]
    fn a_promise_is_asked_for_until_it_lies_in_a_block() {
        let mut services = Services::built_in();
        services.timestamps.clear();
        services.beacons.clear();
        let block = proof("a", 3, Said::Block { height: 9, latest: None });
        let (first, other) = (proof("a", 2, Said::Promised), proof("a", 3, Said::Promised));
        let memory = Memory::default();
        let found = |proofs: Vec<Proof>| asked(&held(3, 3, proofs), &services, &memory, 0, false);
        assert_eq!(found(vec![first.clone(), other.clone()]), "promise 1-2, promise 1-3");
        assert_eq!(found(vec![first, other.clone(), block.clone()]), "promise 1-2");
        assert_eq!(found(vec![other, block]), "");
    }

    #[test]
    fn headers_are_wanted_of_blocks_that_say_no_time() {
        let block = |size, height, latest| proof("a", size, Said::Block { height, latest });
        for (proofs, wanted) in [
            (vec![proof("a", 1, Said::Promised)], vec![]),
            (vec![block(3, 9, None), block(1, 7, None), block(2, 7, None)], vec![7, 9]),
            (vec![block(1, 7, None), block(1, 7, Some(at(0))), block(2, 8, None)], vec![8]),
            // One of several blocks is enough.
            (vec![block(1, 7, None), block(1, 8, Some(at(0)))], vec![]),
        ] {
            let found: Vec<u64> = held(3, 3, proofs).headers_wanted().into_iter().collect();
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn hosts_are_told_apart_by_port() {
        for (url, host) in [
            ("http://timestamp.example.com", "timestamp.example.com:80"),
            ("https://timestamp.example.com/a?b", "timestamp.example.com:443"),
            ("http://127.0.0.1:3180/", "127.0.0.1:3180"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }
}
