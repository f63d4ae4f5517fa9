//! The diagnosis: which scenario an order is in, why, what else fits, and the fact that decides (domain §4, D10).
//!
//! The rules are data (`data/diagnosis.toml`). What the user chose wins; otherwise the weightiest rule whose conditions
//! hold, and of equally weighty ones the one seen last.

mod condition;
mod decisive;
pub(crate) mod reading;

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Serialize, Serializer};

pub(crate) use condition::Condition;
pub use decisive::{DecisiveCode, DecisiveFact};

use crate::bilingual::Bilingual;
use crate::report::{ObservationMade, Observed, ProblemFound};
use crate::scenario::Scenario;
use crate::{ItemId, View};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    late_after_minutes: i64,
    delivered_status: String,
    chosen: Bilingual,
    rule: Vec<Row>,
    decisive: Vec<decisive::Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    scenario: Scenario,
    #[serde(default)]
    observed: Vec<Observed>,
    #[serde(default)]
    cleared_by: Vec<Observed>,
    #[serde(default)]
    with: Vec<String>,
    rank: u8,
    #[serde(default)]
    only_alone: bool,
    why: Bilingual,
}

struct Rule {
    row: Row,
    with: Vec<Condition>,
}

struct Rules {
    late_after_minutes: i64,
    delivered_status: Regex,
    chosen: Bilingual,
    rules: Vec<Rule>,
    decisive: Vec<decisive::Row>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    read(include_str!("../data/diagnosis.toml")).expect("data/diagnosis.toml is checked by its tests")
});

fn read(text: &str) -> Result<Rules, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let rule = |row: Row| {
        let with = row.with.iter().map(|word| Condition::parse(word)).collect::<Result<_, _>>()?;
        Ok::<_, String>(Rule { row, with })
    };
    Ok(Rules {
        late_after_minutes: file.late_after_minutes,
        delivered_status: Regex::new(&file.delivered_status).map_err(|error| error.to_string())?,
        chosen: file.chosen,
        rules: file.rule.into_iter().map(rule).collect::<Result<_, _>>()?,
        decisive: file.decisive,
    })
}

/// Tells whether a status says that the shop delivered.
fn says_delivered(status: &str) -> bool {
    RULES.delivered_status.is_match(status)
}

/// From how many minutes on an instant credit came late.
fn late_after_minutes() -> i64 {
    RULES.late_after_minutes
}

/// One reason for a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The rule of `data/diagnosis.toml`, or `chosen`.
    pub code: String,
    /// The scenario it speaks for.
    pub scenario: Scenario,
    /// The reason in words.
    pub why: Bilingual,
    /// The leaves that show it.
    pub items: Vec<ItemId>,
}

/// Which scenario an order is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The scenario; `None` when nothing is known to be wrong.
    pub scenario: Option<Scenario>,
    /// Whether the user chose it.
    pub chosen_by_user: bool,
    /// Why, the reasons of the scenario first.
    pub because: Vec<Because>,
    /// Scenarios that fit as well, the weightiest first.
    pub others: Vec<Scenario>,
    /// The fact that decides, where there is one.
    pub decisive: Option<DecisiveFact>,
}

/// A rule that holds.
struct Hit<'r> {
    row: &'r Row,
    /// When what it rests on was last seen.
    at: Timestamp,
    items: Vec<ItemId>,
}

/// Diagnoses an order as it stood at `view.now`. Never fails; an order in order has no scenario.
pub fn diagnose(view: &View<'_>) -> Diagnosis {
    let mut hits: Vec<Hit<'_>> = RULES.rules.iter().filter_map(|rule| rule.holds(view)).collect();
    let alone = hits.iter().all(|hit| hit.row.only_alone);
    hits.retain(|hit| alone || !hit.row.only_alone);
    hits.sort_by_key(|hit| (hit.row.rank, std::cmp::Reverse(hit.at)));
    let chosen = chosen(view);
    let scenario =
        chosen.as_ref().map(|one| one.scenario).or_else(|| hits.first().map(|hit| hit.row.scenario));
    let mut because: Vec<Because> = chosen.iter().cloned().chain(hits.iter().map(Hit::because)).collect();
    because.sort_by_key(|one| Some(one.scenario) != scenario);
    let mut others = Vec::new();
    for hit in &hits {
        if Some(hit.row.scenario) != scenario && !others.contains(&hit.row.scenario) {
            others.push(hit.row.scenario);
        }
    }
    let decisive = scenario.and_then(|scenario| decisive::find(view, scenario));
    Diagnosis { scenario, chosen_by_user: chosen.is_some(), because, others, decisive }
}

/// What the user last chose.
fn chosen(view: &View<'_>) -> Option<Because> {
    let (item, scenario) = view
        .told::<ProblemFound>()
        .into_iter()
        .rev()
        .find_map(|(item, found, _)| Some((item, found.scenario?)))?;
    Some(Because { code: "chosen".to_owned(), scenario, why: RULES.chosen.clone(), items: vec![item] })
}

impl Hit<'_> {
    fn because(&self) -> Because {
        Because {
            code: self.row.id.clone(),
            scenario: self.row.scenario,
            why: self.row.why.clone(),
            items: self.items.clone(),
        }
    }
}

impl Rule {
    fn holds(&self, view: &View<'_>) -> Option<Hit<'_>> {
        let (at, mut items) = match self.row.observed.is_empty() {
            true => (Timestamp::MIN, Vec::new()),
            false => self.seen(view)?,
        };
        for condition in &self.with {
            items.extend(condition.met(view)?);
        }
        Some(Hit { row: &self.row, at, items })
    }

    /// The observations it rests on, unless a later one says that all is well again.
    fn seen(&self, view: &View<'_>) -> Option<(Timestamp, Vec<ItemId>)> {
        let all = view.told::<ObservationMade>();
        let cleared = all.iter().filter(|(_, made, _)| self.row.cleared_by.contains(&made.state));
        let from = cleared.map(|(_, _, at)| *at).max();
        let open: Vec<_> = all
            .iter()
            .filter(|(_, made, at)| {
                self.row.observed.contains(&made.state) && from.is_none_or(|from| *at > from)
            })
            .collect();
        let at = open.iter().map(|(_, _, at)| *at).max()?;
        Some((at, open.iter().map(|(item, _, _)| *item).collect()))
    }
}

/// Serialises an instant as text.
pub(crate) fn instant<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// Serialises an instant that may be unknown as text.
#[allow(clippy::ref_option, reason = "serde hands the field by reference")]
pub(crate) fn maybe_instant<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(serializer)
}
