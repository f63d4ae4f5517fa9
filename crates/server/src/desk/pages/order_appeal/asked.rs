//! Questions a layman can answer: one for each thing that can go wrong, those that fit what is known first.

use sigu_case::advice::Advice;
use sigu_case::bilingual::Bilingual;
use sigu_case::scenario::{Scenario, Table};

use crate::desk::form::Typed;
use crate::words::Words;

/// One question; yes is a scenario.
pub(super) struct Question {
    pub(super) scenario: &'static str,
    pub(super) ask: String,
    pub(super) hint: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// All questions, and how many of them fit what is known; what was typed stays chosen.
pub(super) fn questions(advice: &Advice, typed: &Typed<'_>, words: &Words) -> (Vec<Question>, usize) {
    let diagnosis = &advice.diagnosis;
    let fitting: Vec<Scenario> = diagnosis.scenario.into_iter().chain(diagnosis.others.clone()).collect();
    let rest = Table::get().rows().iter().map(|row| row.code).filter(|code| !fitting.contains(code));
    let chosen = typed.one("scenario").or(diagnosis.scenario);
    let question = |scenario: Scenario| {
        let row = Table::get().row(scenario);
        let own = |text: &Bilingual| words.pick(text).to_owned();
        Question {
            scenario: scenario.code(),
            ask: own(&row.question),
            hint: own(&row.hint),
            name: own(&row.name),
            chosen: chosen == Some(scenario),
        }
    };
    (fitting.iter().copied().chain(rest).map(question).collect(), fitting.len())
}
