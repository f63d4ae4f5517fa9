//! Clauses a text may cite: the platform's own as they stood at payment, and statutes that fit what went wrong.

use jiff::civil::Date;
use sigu_case::basis::{BasisLine, Cited, basis, rules_in_force};
use sigu_case::confidence::CheckStatus;
use sigu_case::diagnosis::diagnose;
use sigu_case::letter::named_rule;
use sigu_case::platform::RuleVersion;
use sigu_case::{View, law};
use sigu_evidence::mask_text;

use crate::words::Words;

/// Most characters of a rule's words in a citation.
const QUOTE: usize = 60;

/// One clause.
pub(super) struct Clause {
    pub(super) id: String,
    /// Whether it is a rule of the platform; else a statute.
    pub(super) rule: bool,
    pub(super) name: String,
    /// What it says.
    pub(super) says: String,
    /// Since when, and how well it is known.
    pub(super) since: String,
    pub(super) state: String,
    pub(super) checked: bool,
    /// What is put into the text: in Chinese, as whoever reads it does.
    pub(super) text: String,
}

/// The clauses for an order, the platform's own first.
pub(super) fn clauses(view: &View<'_>, words: &Words) -> Vec<Clause> {
    let rules = rules_in_force(view);
    let rules = rules.iter().enumerate().map(|(at, rule)| of_rule(at, rule, words));
    let scenario = diagnose(view).scenario;
    let lines = scenario.map(|scenario| basis(view, scenario).lines).unwrap_or_default();
    // Those that carry the claim come first.
    let (main, further): (Vec<&BasisLine>, Vec<&BasisLine>) = lines.iter().partition(|line| line.main);
    let laws = main.into_iter().chain(further).filter_map(|line| match &line.citation {
        Cited::Citation(citation) => Some(of_law(citation, words)),
        Cited::Refused(_) => None,
    });
    rules.chain(laws).collect()
}

fn of_rule(at: usize, rule: &RuleVersion, words: &Words) -> Clause {
    let name = named_rule(&rule.title, &rule.article);
    let seen = rule.retrieved_at.map(sigu_case::calendar::day_of);
    let (since, version) = match (rule.in_force_from, seen) {
        (Some(from), _) => {
            (words.say("clause-since", &[("day", from.to_string())]), format!("{}起施行", day(from)))
        }
        (None, Some(seen)) => {
            (words.say("clause-seen", &[("day", seen.to_string())]), format!("{}所见版本", day(seen)))
        }
        (None, None) => (words.word("clause-no-day"), String::new()),
    };
    let version = if version.is_empty() { version } else { format!("（{version}）") };
    let says = mask_text(rule.text.trim());
    let quote: String = says.chars().take(QUOTE).collect();
    let more = if says.chars().count() > QUOTE { "……" } else { "" };
    let quote = if quote.is_empty() { "。".to_owned() } else { format!("：“{quote}{more}”") };
    let key = if rule.snapshot.is_some() { "rule-verified" } else { "rule-unverified" };
    Clause {
        // The list is the same for the same order and day: its place names the rule.
        id: format!("rule-{at}"),
        rule: true,
        text: format!("{name}{version}{quote}"),
        name,
        says,
        since,
        state: words.word(key),
        checked: rule.snapshot.is_some(),
    }
}

fn of_law(citation: &law::Citation, words: &Words) -> Clause {
    let since = citation.in_force_from;
    let version = since.map(|from| format!("（{}起施行）", day(from))).unwrap_or_default();
    let says: Vec<&str> = citation.rows.iter().map(|row| words.pick(&row.summary)).collect();
    Clause {
        id: citation.id.clone(),
        rule: false,
        name: words.pick(&citation.text).to_owned(),
        says: says.join(" "),
        since: since.map_or_else(
            || words.word("clause-no-day"),
            |from| words.say("clause-since", &[("day", from.to_string())]),
        ),
        state: words.pick(&citation.status.label()).to_owned(),
        checked: citation.status == CheckStatus::Checked,
        // What we have of a statute is our own summary: it is named and not quoted.
        text: format!("{}{version}", citation.text.zh),
    }
}

fn day(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}
