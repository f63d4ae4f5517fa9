//! One pass: everything that is due is asked at once; what came back is kept in one commit.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::Timestamp;
use sigu_attestation::drand::VerifiedRound;
use sigu_attestation::opentimestamps::Proof as Timestamps;
use sigu_case::ItemId;
use sigu_vault::{Alarm, AlarmSign, Answer, Attestable, Error, NewProof, Vault, os_entropy};

use super::memory::Memory;
use super::plan::{Attested, BEACON, Plan, Planner, after_promise, after_waiting, host_of, key};
use super::reason::Reason;
use super::{Unread, services};
use crate::outside::ask::{
    AskError, CalendarAnswer, Failed, Proven, Submitted, TokenAnswer, Witnessed, ask_beacon, ask_calendars,
    ask_services, ask_witness, upgrade,
};
use crate::outside::net::Net;
use crate::outside::services::{KnownWitness, Services, TimestampService};
use crate::receiver::App;

/// Who gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Its name or address.
    pub who: String,
    /// Why.
    pub why: Reason,
    /// When it is asked again, if nobody wants it before.
    pub next: Option<Timestamp>,
}

/// What came of a pass.
#[derive(Debug, Clone, Default)]
pub struct Passed {
    /// Who answered, with the leaf that says so.
    pub kept: Vec<(String, ItemId)>,
    /// Who did not.
    pub unanswered: Vec<Unanswered>,
    /// The round of drand that is known now, if one was fetched.
    pub round: Option<u64>,
    /// What a witness saw otherwise: nothing more is signed.
    pub alarm: Option<Alarm>,
    /// When there is something to do again.
    pub next: Option<Timestamp>,
}

/// Asks all that is due. `eager` passes over waits after failures: the user wants it now.
///
/// # Errors
/// Refuses while the vault is locked; damage and faults of the vault. That nobody answers is no error.
pub async fn pass(app: &App, net: &Net, eager: bool) -> Result<Passed, Unread> {
    let now = (app.now)();
    let (held, services) = on_vault(app, |vault| Ok((Attested::read(vault)?, services(vault)?))).await?;
    let before = Memory::read(&app.places.state);
    let plan = Planner { held: &held, services: &services, memory: &before, now, eager }.plan();
    let mut passed = Passed { next: plan.next, ..Passed::default() };
    if plan.is_empty() {
        return Ok(passed);
    }
    let mut memory = before.clone();
    begin(&plan, &held, &mut memory, now);
    // Before anybody is asked: a crash must not make a storm. A folder that cannot be written costs politeness only.
    drop(memory.write(&app.places.state));
    let promises = on_vault(app, promised(&plan)).await?;
    let answers = ask(app, net, &services, &held, &plan, promises).await;
    let book = Book { held: &held, now: (app.now)(), memory, passed };
    let (kept, mut book) = book.read(answers, plan.renewal);
    if !kept.is_empty() {
        let sources: Vec<String> = kept.proofs.iter().map(|proof| proof.source.clone()).collect();
        let at = book.now;
        let (alarm, items) = on_vault(app, move |vault| Ok(kept.keep(vault, at)?)).await?;
        book.passed.kept = sources.into_iter().zip(items).collect();
        book.passed.alarm = alarm;
    }
    drop(book.memory.write(&app.places.state));
    passed = book.passed;
    Ok(passed)
}

/// Works on the vault where waiting harms nobody.
async fn on_vault<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Vault) -> Result<T, Unread> + Send + 'static,
) -> Result<T, Unread> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || app.with_vault(work)).await;
    done.expect("work on the vault returns its failures")
}

/// Writes down who is about to be asked.
fn begin(plan: &Plan<'_>, held: &Attested, memory: &mut Memory, now: Timestamp) {
    let origin = held.target.key.name();
    for service in &plan.services {
        memory.begins(&key(origin, "timestamp", &service.name.to_string()), &host_of(&service.url), now);
    }
    if plan.calendars {
        memory.begins(&key(origin, "calendars", ""), "", now);
    }
    for item in &plan.promises {
        memory.begins(&key(origin, "promise", &item.to_string()), "", now);
    }
    for (witness, _) in &plan.witnesses {
        memory.begins(&key(origin, "witness", witness.key.name()), &host_of(&witness.url), now);
    }
    if plan.beacon {
        memory.begins(BEACON, "", now);
    }
}

/// A promise as it is kept.
struct Promise {
    item: ItemId,
    log: u32,
    size: u64,
    proof: Timestamps,
}

/// Reads the promises of a plan; one that cannot be read is damage that a check names.
fn promised(plan: &Plan<'_>) -> impl FnOnce(&Vault) -> Result<Vec<Promise>, Unread> + Send + 'static {
    let items = plan.promises.clone();
    move |vault| {
        let known: BTreeMap<ItemId, (u32, u64)> =
            vault.proofs()?.into_iter().map(|proof| (proof.item, (proof.log, proof.size))).collect();
        let mut found = Vec::new();
        for item in items {
            let Some((log, size)) = known.get(&item).copied() else { continue };
            if let Ok(proof) = Timestamps::parse(&vault.proof_files(item)?.reply) {
                found.push(Promise { item, log, size, proof });
            }
        }
        Ok(found)
    }
}

/// What everybody said.
struct Answers<'a> {
    services: Vec<(&'a TimestampService, Result<TokenAnswer, AskError>)>,
    calendars: Option<Result<CalendarAnswer, Vec<Failed>>>,
    promises: Vec<(Promise, crate::outside::ask::Upgrade)>,
    witnesses: Vec<(&'a KnownWitness, Witnessed)>,
    beacon: Option<Result<VerifiedRound, Vec<Failed>>>,
}

async fn ask<'a>(
    app: &App,
    net: &'a Net,
    services: &'a Services,
    held: &Attested,
    plan: &Plan<'a>,
    promises: Vec<Promise>,
) -> Answers<'a> {
    let stamped = if plan.renewal { &held.newest } else { &held.target };
    let note = held.target.signed.note().as_bytes();
    let mut random = os_entropy;
    let stamped = stamped.signed.note().as_bytes();
    let asked = ask_services(net, plan.services.iter().copied(), stamped, &mut random);
    let calendars = plan.calendars.then(|| ask_calendars(net, &services.calendars, note, &mut os_entropy));
    let calendars = async {
        match calendars {
            Some(asking) => Some(asking.await),
            None => None,
        }
    };
    let upgrades = join_all(promises.into_iter().map(|mut promise| async move {
        let done = upgrade(net, &services.calendars, &mut promise.proof).await;
        (promise, done)
    }));
    let witnesses = join_all(
        plan.witnesses
            .iter()
            .map(|(witness, last)| async move { (*witness, show(app, net, held, witness, *last).await) }),
    );
    let beacon = async {
        if plan.beacon {
            Some(ask_beacon(net, &services.beacons).await.map(|found| found.round))
        } else {
            None
        }
    };
    let (services, calendars, promises, witnesses, beacon) =
        tokio::join!(asked, calendars, upgrades, witnesses, beacon);
    Answers { services, calendars, promises, witnesses, beacon }
}

/// Shows the newest checkpoint to a witness; the proof it wants is read from the vault. The target would do, but a witness
/// that saw a later one cosigns no earlier one, and would be asked for it for ever.
async fn show(app: &App, net: &Net, held: &Attested, witness: &KnownWitness, last: u64) -> Witnessed {
    let Attestable { log, signed, .. } = &held.newest;
    let (log, size) = (*log, held.newest.size());
    let submitted = Submitted { signed, last_cosigned: last, largest_signed: size };
    ask_witness(net, witness, submitted, |from| async move {
        let read = on_vault(app, move |vault| Ok(vault.consistency(log, from, size)?)).await;
        read.ok().map(|(root, proof)| Proven { root, proof })
    })
    .await
}

/// What is to be kept.
#[derive(Default)]
struct Keep {
    proofs: Vec<NewProof>,
    round: Option<VerifiedRound>,
    /// What witnesses saw otherwise, by the log as it was when they were asked.
    alarms: Vec<Alarm>,
}

impl Keep {
    fn is_empty(&self) -> bool {
        self.proofs.is_empty() && self.round.is_none() && self.alarms.is_empty()
    }

    /// The round first, so that the leaves of the proofs are younger than it. Where an alarm stands, nothing else is kept.
    fn keep(self, vault: &Vault, at: Timestamp) -> Result<(Option<Alarm>, Vec<ItemId>), Error> {
        for alarm in self.alarms {
            if vault.raise_alarm(&alarm)? {
                return Ok((Some(alarm), Vec::new()));
            }
        }
        if let Some(round) = &self.round {
            vault.keep_round(round)?;
        }
        let items = if self.proofs.is_empty() { Vec::new() } else { vault.keep_proofs(self.proofs, at)? };
        Ok((None, items))
    }
}

/// Reads answers and writes down what came of each.
struct Book<'a> {
    held: &'a Attested,
    now: Timestamp,
    memory: Memory,
    passed: Passed,
}

impl<'a> Book<'a> {
    fn read(mut self, answers: Answers<'a>, renewal: bool) -> (Keep, Self) {
        let mut keep = Keep::default();
        let held = self.held;
        let stamped = if renewal { &held.newest } else { &held.target };
        for (service, answer) in answers.services {
            self.service(service, answer, stamped, &mut keep);
        }
        if let Some(answer) = answers.calendars {
            self.calendars(answer, &mut keep);
        }
        for (promise, done) in answers.promises {
            self.promise(promise, &done, &mut keep);
        }
        for (witness, answer) in answers.witnesses {
            self.witness(witness, answer, &mut keep);
        }
        match answers.beacon {
            Some(Ok(round)) => {
                self.memory.answered(BEACON, self.now, self.now);
                self.passed.round = Some(round.round());
                keep.round = Some(round);
            }
            Some(Err(failed)) => self.all_failed(BEACON, failed),
            None => {}
        }
        (keep, self)
    }

    fn key(&self, what: &str, name: &str) -> String {
        key(self.held.target.key.name(), what, name)
    }

    fn service(
        &mut self,
        service: &TimestampService,
        answer: Result<TokenAnswer, AskError>,
        about: &Attestable,
        keep: &mut Keep,
    ) {
        let name = service.name.to_string();
        let key = self.key("timestamp", &name);
        match answer {
            Ok(found) => {
                self.memory.answered(&key, self.now, self.now);
                keep.proofs.push(NewProof {
                    log: about.log,
                    size: about.size(),
                    source: name,
                    answer: Answer::Token {
                        request: found.request,
                        reply: found.reply,
                        token: Box::new(found.token),
                        skew_ms: Some(found.skew_ms),
                    },
                });
            }
            Err(error) => self.failed(&key, name, Reason::from(&error)),
        }
    }

    fn calendars(&mut self, answer: Result<CalendarAnswer, Vec<Failed>>, keep: &mut Keep) {
        let key = self.key("calendars", "");
        match answer {
            Ok(found) => {
                self.memory.answered(&key, self.now, after_promise(self.now));
                let (log, size) = (self.held.target.log, self.held.target.size());
                let source = found.promised.join(" ");
                let answer = Answer::Timestamps { proof: found.proof, header: None };
                keep.proofs.push(NewProof { log, size, source, answer });
                for one in found.failed {
                    let why = Reason::from(&one.error);
                    self.passed.unanswered.push(Unanswered { who: one.who, why, next: None });
                }
            }
            Err(failed) => self.all_failed(&key, failed),
        }
    }

    fn promise(&mut self, promise: Promise, done: &crate::outside::ask::Upgrade, keep: &mut Keep) {
        let key = self.key("promise", &promise.item.to_string());
        let known = self.held.proofs.iter().find(|one| one.item == promise.item);
        // Whoever answers, even with "not yet", is heard again in an hour; a fault of the net waits as others do.
        if let (Some(failed), false) = (done.failed.first(), done.changed) {
            self.failed(&key, failed.who.clone(), Reason::from(&failed.error));
        } else {
            let since = known.map_or(self.now, |one| one.received);
            self.memory.answered(&key, self.now, after_waiting(since, self.now));
        }
        let leads_on = !promise.proof.bitcoin_roots().is_empty();
        if done.changed && leads_on {
            let source = known.map_or_else(String::new, |one| one.source.clone());
            let answer = Answer::Timestamps { proof: promise.proof, header: None };
            keep.proofs.push(NewProof { log: promise.log, size: promise.size, source, answer });
        }
    }

    fn witness(&mut self, witness: &KnownWitness, answer: Witnessed, keep: &mut Keep) {
        let name = witness.key.name().to_owned();
        let key = self.key("witness", &name);
        let (log, size) = (self.held.newest.log, self.held.newest.size());
        if let Some(why) = Reason::of_witness(&answer) {
            return self.failed(&key, witness.name.clone(), why);
        }
        self.memory.answered(&key, self.now, self.now);
        let sign = match answer {
            Witnessed::Cosigned { lines, cosignatures } => {
                let Some(by) = cosignatures.into_iter().next() else { return };
                let answer = Answer::Cosignature { lines, by };
                return keep.proofs.push(NewProof { log, size, source: name, answer });
            }
            Witnessed::Ahead { size } => AlarmSign::More { size },
            Witnessed::Fork(_) => AlarmSign::Another { size },
            _ => return,
        };
        keep.alarms.push(Alarm { log, witness: witness.name.clone(), sign, at: self.now });
    }

    fn failed(&mut self, key: &str, who: String, why: Reason) {
        let mut jitter = [0];
        os_entropy(&mut jitter);
        self.memory.failed(key, self.now, why.clone(), jitter[0]);
        let next = self.memory.attempt(key).map(|attempt| attempt.next);
        self.passed.next = self.passed.next.min(next).or(next);
        self.passed.unanswered.push(Unanswered { who, why, next });
    }

    fn all_failed(&mut self, key: &str, failed: Vec<Failed>) {
        let mut failed = failed.into_iter();
        // One attempt, however many were asked in it.
        if let Some(one) = failed.next() {
            self.failed(key, one.who, Reason::from(&one.error));
        }
        let next = self.memory.attempt(key).map(|attempt| attempt.next);
        self.passed.unanswered.extend(failed.map(|one| {
            let why = Reason::from(&one.error);
            Unanswered { who: one.who, why, next }
        }));
    }
}
