//! 规则跟踪记录: every version of a platform's rules that was captured, oldest first, and what changed from one to the next
//! (S50, S51, S64).

use std::collections::BTreeMap;

use sigu_case::ItemId;
use sigu_case::platform::RuleVersion;
use sigu_case::report::{Kind as _, RuleCaptured};
use sigu_evidence::mask_text;

use super::rule_comparison::{named, watched};
use crate::changes::{same_words, spans};
use crate::draft::{About, Draft, Made, Refused};
use crate::kind::{Kind, Lang};
use crate::paper::{Block, Span};
use crate::source::Overview;
use crate::times;
use crate::words::Words;

type Own<'a> = Draft<'a, Overview<'a>>;

/// A clause: the platform, the rule's title, the article.
type Clause = (String, String, String);

/// One captured version, with the leaf that says so; what a profile brings along has none.
struct Version {
    rule: RuleVersion,
    leaf: Option<ItemId>,
}

pub(super) fn make(all: &Overview<'_>, lang: Lang) -> Result<Made, Refused> {
    let clauses = clauses(all);
    let leaves: Vec<ItemId> = clauses.values().flatten().filter_map(|one| one.leaf).collect();
    let line = Words::of(lang).word("rule-log-about");
    let about = About { line, order: String::new(), as_of: all.as_of(&[], &leaves) };
    let mut draft = Draft::about(all, Vec::new(), about, lang);
    if clauses.is_empty() {
        draft.miss("rule-log");
        return draft.finish(Kind::RuleLog, String::new());
    }
    leaves.into_iter().for_each(|leaf| draft.numbers.rest_on(leaf));
    draft.note(draft.word("rule-log-foreword"));
    for ((platform, title, article), versions) in &clauses {
        let name = platform_name(all, platform, &draft.words);
        draft.heading(1, format!("{name}{}", named(title, article)));
        section(&mut draft, versions);
    }
    draft.guide(draft.word("guide-rule-log"));
    let title = draft.word("title-rule-log");
    draft.finish(Kind::RuleLog, title)
}

fn platform_name(all: &Overview<'_>, platform: &str, words: &Words) -> String {
    let known = all.house.registry().find(platform);
    known.map_or_else(|| mask_text(platform), |profile| words.pick(&profile.name).to_owned())
}

/// Every clause a version of which was captured by now, each with its versions by the time they were seen.
fn clauses(all: &Overview<'_>) -> BTreeMap<Clause, Vec<Version>> {
    let profiles = all.house.registry().profiles().iter().flat_map(|profile| profile.rules.iter());
    let built_in = profiles.map(|rule| Version { rule: rule.clone(), leaf: None });
    let captured = all.house.notes().iter().filter_map(|logged| {
        let rule = RuleVersion::from(RuleCaptured::of(&logged.report)?);
        Some(Version { rule, leaf: Some(logged.item) })
    });
    let mut clauses: BTreeMap<Clause, Vec<Version>> = BTreeMap::new();
    let seen = |one: &Version| one.rule.retrieved_at.is_none_or(|at| at <= all.now);
    for one in built_in.chain(captured).filter(seen) {
        let known = all.house.registry().find(&one.rule.platform);
        let platform = known.map_or_else(|| one.rule.platform.trim().to_lowercase(), |one| one.id.clone());
        let title = one.rule.title.trim().trim_start_matches('《').trim_end_matches('》').to_owned();
        let article = one.rule.article.trim().to_owned();
        clauses.entry((platform, title, article)).or_default().push(one);
    }
    clauses.values_mut().for_each(|all| all.sort_by_key(|one| one.rule.retrieved_at));
    clauses
}

/// The table of a clause's versions, then each change of its words.
fn section(draft: &mut Own<'_>, versions: &[Version]) {
    let heads = [
        ("rules-version", 10),
        ("rules-published", 18),
        ("rules-from", 18),
        ("rules-seen", 24),
        ("rule-log-leaf", 14),
        ("rule-log-page", 16),
    ];
    let rows = (1_usize..).zip(versions).map(|(number, one)| row(draft, number, one)).collect();
    draft.table(&heads, rows);
    let spoken: Vec<(usize, RuleVersion)> = (1..)
        .zip(versions)
        .filter(|(_, one)| !one.rule.text.trim().is_empty())
        .map(|(number, one)| (number, RuleVersion { text: mask_text(&one.rule.text), ..one.rule.clone() }))
        .collect();
    if let Some((number, first)) = spoken.first() {
        draft.para(draft.say("rule-log-words", &[("number", &number.to_string())]));
        draft.push(Block::Quote { text: first.text.clone() });
    }
    for pair in spoken.windows(2) {
        let [(old_number, old), (new_number, new)] = pair else { continue };
        let values = [("old", old_number.to_string()), ("new", new_number.to_string())];
        let values = [("old", values[0].1.as_str()), ("new", values[1].1.as_str())];
        if same_words(&old.text, &new.text) {
            draft.note(draft.say("rule-log-same", &values));
            continue;
        }
        draft.heading(2, draft.say("rule-log-change", &values));
        draft.push(Block::Para { spans: spans(&old.text, &new.text) });
        watched(draft, old, new);
    }
}

fn row(draft: &Own<'_>, number: usize, one: &Version) -> Vec<Vec<Span>> {
    let unknown = draft.word("rules-unknown");
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| unknown.clone(), |day| day.to_string());
    let page = one.rule.snapshot.map_or_else(|| draft.word("rules-unverified"), |item| item.to_string());
    let leaf = one.leaf.map_or_else(|| draft.word("rule-log-profile"), |item| item.to_string());
    [
        number.to_string(),
        day(one.rule.published_at),
        day(one.rule.in_force_from),
        one.rule.retrieved_at.map_or_else(|| unknown.clone(), times::second),
        leaf,
        page,
    ]
    .map(Span::cell)
    .to_vec()
}
