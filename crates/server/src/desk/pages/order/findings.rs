//! What the engines find in an order, in words: problem, clocks, contradictions, weak places, strength, parties.

use jiff::Timestamp;
use sigu_case::Order;
use sigu_case::advice::{Advice, Dispute};
use sigu_case::bilingual::Bilingual;
use sigu_case::clock::ClockState;
use sigu_case::pitfall::PitfallState;
use sigu_case::report::PartyNamed;
use sigu_case::scenario::Table;

use super::dashed;
use crate::desk::show::{Instant, masked};
use crate::told::{clock_due, clock_key, clock_name, clock_source};
use crate::words::Words;

/// What went wrong and what to choose on the form.
pub(in crate::desk::pages) struct Problem {
    pub(in crate::desk::pages) name: String,
    pub(in crate::desk::pages) because: Vec<String>,
    /// Why the platform's form has no entry that fits.
    pub(in crate::desk::pages) no_entry: Option<String>,
    /// Categories to choose.
    pub(in crate::desk::pages) choose: Vec<String>,
    /// Categories not to choose, each with its why.
    pub(in crate::desk::pages) avoid: Vec<(String, String)>,
    pub(in crate::desk::pages) missing: Vec<(String, String)>,
    pub(in crate::desk::pages) merit: String,
    pub(in crate::desk::pages) reasons: Vec<String>,
    pub(in crate::desk::pages) claim: String,
    pub(in crate::desk::pages) laws: Vec<(String, String)>,
    pub(in crate::desk::pages) risks: Vec<String>,
}

/// A clock of the order.
pub(in crate::desk::pages) struct Clock {
    pub(in crate::desk::pages) name: String,
    pub(in crate::desk::pages) own: bool,
    pub(in crate::desk::pages) due: Option<Instant>,
    /// The due time where it is a day, or not known yet.
    pub(in crate::desk::pages) day: String,
    pub(in crate::desk::pages) state: String,
    pub(in crate::desk::pages) from: String,
    pub(in crate::desk::pages) then: String,
}

/// A contradiction or a weak place, with what to do.
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) detail: String,
    pub(super) fix: String,
}

/// How well a fact is borne out.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) score: u32,
    pub(super) said: String,
    /// What the score is made of: points with their sign, and why.
    pub(super) components: Vec<(String, String)>,
}

/// Who someone is.
pub(super) struct Party {
    pub(super) role: String,
    pub(super) name: String,
    pub(super) more: Vec<String>,
}

pub(in crate::desk::pages) fn problem(advice: &Advice, words: &Words) -> Option<Problem> {
    let dispute = advice.dispute.as_ref()?;
    let own = |text: &Bilingual| words.pick(text).to_owned();
    let mut because: Vec<String> = advice.diagnosis.because.iter().map(|one| own(&one.why)).collect();
    because.extend(advice.diagnosis.decisive.as_ref().map(|fact| own(fact.code.text())));
    because.dedup();
    let missing = dispute.readiness.missing.iter().map(|proof| {
        let text = proof.text();
        (own(&text.label), own(&text.how))
    });
    let claim = match &dispute.claim.claim {
        Some(claim) => words.pick(&claim.sentence()).to_owned(),
        None => own(&dispute.claim.kind.text().name),
    };
    Some(Problem {
        name: own(&Table::get().row(dispute.scenario).name),
        because,
        no_entry: no_entry(dispute, words),
        choose: choose(dispute, words),
        avoid: dispute.category.wrong.iter().map(|one| (own(&one.label), own(&one.why))).collect(),
        missing: missing.collect(),
        merit: words.word(&format!("merit-{}", dispute.merit.strength.code())),
        reasons: dispute.merit.reasons.iter().map(|reason| own(reason.text())).collect(),
        claim,
        laws: dispute.laws().iter().map(|law| (own(&law.text), law.id.to_string())).collect(),
        risks: dispute.risks.iter().map(|risk| own(&Table::get().risk(*risk).notice)).collect(),
    })
}

/// The entry of the platform's form where there is one, then the canonical categories.
fn choose(dispute: &Dispute, words: &Words) -> Vec<String> {
    let category = &dispute.category;
    let entry = category.on_platform.as_ref().map(|own| words.pick(&own.name).to_owned());
    let canonical = category.canonical.iter().map(|one| words.pick(&one.text().name).to_owned());
    let mut lines: Vec<String> = entry.into_iter().chain(canonical).collect();
    lines.dedup();
    lines
}

/// Why the platform's form has no entry that fits.
fn no_entry(dispute: &Dispute, words: &Words) -> Option<String> {
    let category = &dispute.category;
    let reason = category.not_mapped_reason.as_ref().filter(|_| category.on_platform.is_none());
    reason.map(|reason| words.pick(reason).to_owned())
}

/// The clocks that run, and those that are over.
pub(in crate::desk::pages) fn clocks(
    advice: &Advice,
    now: Timestamp,
    words: &Words,
) -> (Vec<Clock>, Vec<Clock>) {
    let (open, over): (Vec<_>, Vec<_>) = advice.clocks.iter().partition(|clock| clock.is_open());
    let told =
        |all: Vec<&sigu_case::clock::Clock>| all.into_iter().map(|one| clock(one, now, words)).collect();
    (told(open), told(over))
}

pub(in crate::desk::pages) fn clock(one: &sigu_case::clock::Clock, now: Timestamp, words: &Words) -> Clock {
    let show = |at| Instant::of(at, now, words).wall;
    let state = match (one.state, one.decided_by) {
        (ClockState::Open, Some(kind)) => {
            words.say("clock-decided-by", &[("clock", clock_name(kind, words))])
        }
        (ClockState::Open, None) => words.word("clock-open"),
        (ClockState::Met { at }, _) => words.say("clock-met", &[("at", show(at))]),
        (ClockState::MetLate { at }, _) => words.say("clock-met-late", &[("at", show(at))]),
        (ClockState::Overdue, _) => words.word("clock-overdue"),
    };
    let from = [("at", show(one.started_at)), ("source", clock_source(&one.source, words))];
    let spent = one.spent.then(|| words.word("clock-spent"));
    Clock {
        name: clock_name(one.kind, words),
        own: one.own,
        due: one.due.instant().map(|at| Instant::of(at, now, words)),
        day: clock_due(one.due, words, show),
        state: [Some(state), spent].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        from: words.say("clock-from", &from),
        then: words.word(&format!("clock-after-{}", clock_key(one.kind))),
    }
}

pub(super) fn flags(advice: &Advice, words: &Words) -> Vec<Finding> {
    let finding = |flag: &sigu_case::flag::Flag| {
        let text = flag.code.text();
        Finding {
            name: words.pick(&text.name).to_owned(),
            why: words.pick(&text.why).to_owned(),
            detail: masked(flag.detail.as_deref()),
            fix: words.pick(&text.to_do).to_owned(),
        }
    };
    advice.flags.iter().filter(|flag| flag.is_open()).map(finding).collect()
}

pub(super) fn pitfalls(advice: &Advice, words: &Words) -> Vec<Finding> {
    let found = advice.pitfalls.iter().filter(|pitfall| pitfall.state == PitfallState::Found);
    let finding = |pitfall: &sigu_case::pitfall::Pitfall| {
        let text = pitfall.code.text();
        Finding {
            name: words.pick(&text.name).to_owned(),
            why: words.pick(&text.why).to_owned(),
            detail: String::new(),
            fix: words.pick(&text.fix).to_owned(),
        }
    };
    found.map(finding).collect()
}

pub(super) fn facts(advice: &Advice, words: &Words) -> Vec<Fact> {
    let fact = |one: &sigu_case::strength::FactStrength| {
        let values = [("score", one.score.to_string()), ("count", one.independent.to_string())];
        let state = one.state.map(|state| words.word(&format!("observed-{}", dashed(state.code()))));
        let name = words.pick(one.fact.text());
        let part = |part: &sigu_case::strength::Component| {
            (format!("{:+}", part.points), words.pick(&part.why).to_owned())
        };
        Fact {
            name: state.map_or_else(|| name.to_owned(), |state| format!("{name}{}", words.aside(&state))),
            score: one.score,
            said: words.say("advice-score", &values),
            components: one.components.iter().map(part).collect(),
        }
    };
    advice.facts.iter().map(fact).collect()
}

pub(super) fn parties(order: &Order, words: &Words) -> Vec<Party> {
    let party = |(_, one): (_, &PartyNamed)| {
        let named = [&one.name, &one.legal_name];
        let names = named.into_iter().flatten().map(|name| masked(Some(name))).collect::<Vec<_>>();
        let more = [&one.licence, &one.address, &one.contact].into_iter().flatten();
        Party {
            role: words.word(&format!("role-{}", dashed(one.role.code()))),
            name: names.join(" · "),
            more: more.map(|text| masked(Some(text))).collect(),
        }
    };
    order.of_kind::<PartyNamed>().map(party).collect()
}
