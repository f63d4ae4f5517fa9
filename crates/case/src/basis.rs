//! What a claim rests on: statutes as of the day of payment, and the platform's own rules in force then (S27, domain §3, §4).
//!
//! The articles are those of the scenario's row, joined by those of a refusal in words. `data/basis.toml` says which of
//! them are further ones unless something holds.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::calendar::day_of;
use crate::diagnosis::{Condition, reading};
use crate::report::{RuleCaptured, Sense};
use crate::scenario::{Scenario, Table};
use crate::{Direction, View, law, platform};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    article: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    scenario: Scenario,
    id: String,
    #[serde(default)]
    main_when: Vec<String>,
}

static WEIGHTS: LazyLock<Vec<(Row, Vec<Condition>)>> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../data/basis.toml")).expect("data/basis.toml is checked by its tests");
    let parsed = |row: Row| {
        let any = row.main_when.iter().map(|word| Condition::parse(word)).collect::<Result<Vec<_>, _>>();
        (row, any.expect("the conditions of data/basis.toml are checked by its tests"))
    };
    file.article.into_iter().map(parsed).collect()
});

/// What may be said of an article on the day of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cited {
    /// It may be cited.
    Citation(Box<law::Citation>),
    /// It may not, and why.
    Refused(law::CitationRefused),
}

/// One article a claim rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BasisLine {
    /// The id of domain §3.
    pub id: String,
    /// Whether it carries the claim here; the others are for further argument.
    pub main: bool,
    /// The scenario whose row names it.
    pub of: Scenario,
    /// The citation as of [`Basis::on`].
    pub citation: Cited,
    /// When it helps.
    pub why: Bilingual,
}

/// One rule of the platform a claim rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// The rule as it was in force at payment, or as seen.
    pub citation: platform::Citation,
}

/// What a claim rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// The day in China whose law is cited: of the payment, else of the order.
    #[serde(serialize_with = "day")]
    pub on: Date,
    /// The articles, grouped by statute in the order of the scenario's row.
    pub lines: Vec<BasisLine>,
    /// Rules of the platform; one without a saved page is unverified (S27).
    pub rules: Vec<RuleLine>,
}

impl Basis {
    /// Returns the articles that carry the claim and may be cited.
    pub fn main(&self) -> impl Iterator<Item = &BasisLine> {
        self.lines.iter().filter(|line| line.main && matches!(line.citation, Cited::Citation(_)))
    }
}

/// Returns what a claim in `scenario` rests on, as the order stood at `view.now`. Never fails: an article that was not
/// in force is there with the reason.
pub fn basis(view: &View<'_>, scenario: Scenario) -> Basis {
    let on = day_of(reading::bought_at(view));
    let mut rows = vec![scenario];
    let refused = !view.said(Direction::In, Sense::Refusal).is_empty();
    // Only what a refusal cites joins: a bare no adds no article of its own.
    let joined = refused && scenario != Scenario::MerchantRefuses;
    rows.extend(joined.then_some(Scenario::MerchantRefuses));
    let mut lines: Vec<BasisLine> = Vec::new();
    for of in rows {
        for id in &Table::get().row(of).basis {
            if !lines.iter().any(|line| line.id == *id) {
                lines.push(line(view, of, scenario, id, on));
            }
        }
    }
    Basis { on, lines: by_statute(lines), rules: rules(view) }
}

fn line(view: &View<'_>, of: Scenario, scenario: Scenario, id: &str, on: Date) -> BasisLine {
    let cited = law::Table::get().cite(id, on);
    let why = law::Table::get().find(id).map(|article| article.when.clone()).unwrap_or_default();
    let weight = WEIGHTS.iter().find(|(row, _)| row.scenario == of && row.id == id);
    let carries = |any: &Vec<Condition>| any.iter().any(|condition| condition.met(view).is_some());
    // What the row of another scenario adds is further argument, unless the table says when it carries.
    let main = weight.map_or(of == scenario, |(_, any)| carries(any));
    let citation = cited.map_or_else(Cited::Refused, |cited| Cited::Citation(Box::new(cited)));
    BasisLine { id: id.to_owned(), main, of, citation, why }
}

/// Keeps the statutes in the order in which they first appear, and their articles by number.
fn by_statute(lines: Vec<BasisLine>) -> Vec<BasisLine> {
    let statute = |id: &str| id.rsplit_once('-').map_or(id.to_owned(), |(statute, _)| statute.to_owned());
    let number = |id: &str| {
        let digits = id.rsplit_once('-').map_or("", |(_, number)| number);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse::<u32>().unwrap_or(0)
    };
    let order: Vec<String> = lines.iter().map(|line| statute(&line.id)).collect();
    let first = |id: &str| order.iter().position(|one| *one == statute(id));
    let mut lines = lines;
    lines.sort_by_key(|line| (first(&line.id), number(&line.id)));
    lines
}

/// The platform's rules as they stood at payment, to be cited.
fn rules(view: &View<'_>) -> Vec<RuleLine> {
    let at = reading::bought_at(view);
    let book = view.rule_book();
    let cited = rules_in_force(view);
    let cited = cited.iter().filter_map(|rule| book.cite(&rule.platform, &rule.title, &rule.article, at));
    cited.map(|citation| RuleLine { citation }).collect()
}

/// Returns the platform's rules as they stood at payment: those of the profile, and those captured for this platform.
/// Each article once, by title and article.
pub fn rules_in_force(view: &View<'_>) -> Vec<platform::RuleVersion> {
    let at = reading::bought_at(view);
    let book = view.rule_book();
    let own = view.profile.rules.iter().map(|rule| (&rule.platform, &rule.title, &rule.article));
    let names = [Some(view.profile.id.as_str()), view.order.facts.platform.as_deref()];
    let captured = view.house.notes().iter().filter_map(|logged| {
        let rule = match &logged.report {
            crate::report::Report::RuleCaptured(rule) => rule,
            _ => return None,
        };
        let RuleCaptured { platform, title, article, .. } = rule;
        names.contains(&Some(platform.as_str())).then_some((platform, title, article))
    });
    let mut keys: Vec<_> = own.chain(captured).collect();
    keys.sort();
    keys.dedup();
    let stood = |(platform, title, article): (&String, &String, &String)| {
        book.in_force(platform, title, article, at).version().cloned()
    };
    keys.into_iter().filter_map(stood).collect()
}

fn day<S: serde::Serializer>(on: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(on)
}
