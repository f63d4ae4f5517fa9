//! Messages to the merchant: the rule, the facts, one demand with a due time; a gate before sending; a plan
//! of what to
//! send with it (S25–S36, D4, D7, domain §6.3).
//!
//! Wording stands in `data/letters.toml`; facts come from the view. A letter never holds a secret, a threat
//! or what
//! nobody reported.

mod gate;
mod plan;
pub(crate) mod slots;
pub(crate) mod table;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

pub use gate::{Finding, Gate, gate, gate_knowing};
pub use plan::{SendStage, SendStep, copy_of, send_plan};
pub(crate) use plan::{described, is_failure};

use crate::calendar::day_of;
use crate::claim::Claim;
use crate::coded::coded;
use crate::confidence::CheckStatus;
use crate::platform::ChatKind;
use crate::scenario::Scenario;
use crate::tone::Venue;
use crate::{ItemId, View, law, platform};
use slots::{Filled, Slots, wall};
use table::{KindRow, Table};

coded! {
    /// What a letter is for.
    LetterKind {
        /// 首次通知: asks for the remedy (S26–S33).
        Notice = "notice",
        /// 催办: a promise or the due time ran out (S37).
        Reminder = "reminder",
        /// 回应拒绝 (S37, D7).
        AnswerRefusal = "answer_refusal",
        /// 婉拒平台外联系 (S36).
        StayOnPlatform = "stay_on_platform",
        /// 请求提供经营主体信息 (L-CPLR-13, L-ECL-15).
        Identity = "identity",
        /// 请求文字确认口头承诺 (S9).
        ConfirmPromise = "confirm_promise",
        /// 协商请求: weak merit, cites the contract only (§4 merit guard).
        Goodwill = "goodwill",
    }
}

coded! {
    /// The parts of a letter, in their order (S26).
    PartKind {
        /// 规则
        Rule = "rule",
        /// 事实
        Fact = "fact",
        /// 诉求
        Demand = "demand",
    }
}

/// What a letter is made of besides the view.
#[derive(Debug, Clone)]
pub struct LetterInput<'a> {
    /// What it is for.
    pub kind: LetterKind,
    /// What went wrong.
    pub scenario: Scenario,
    /// What is asked for.
    pub claim: &'a Claim,
    /// Statutes that may be cited, best first.
    pub laws: &'a [law::Citation],
    /// Rules of the platform that may be cited, best first.
    pub rules: &'a [platform::Citation],
    /// The due time; `None` takes the default of S33, or the parameter in its place, from [`View::now`].
    pub due_at: Option<Timestamp>,
    /// Whether citations that are to be checked (待核验) may stand in the text.
    pub cite_unverified: bool,
}

/// One part of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterPart {
    /// Which.
    pub kind: PartKind,
    /// Its words.
    pub text: String,
    /// The exhibits and messages that show it.
    pub exhibits: Vec<ItemId>,
}

/// A draft, ready to be looked over and copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// What it is for.
    pub kind: LetterKind,
    /// What went wrong.
    pub scenario: Scenario,
    /// The whole text.
    pub text: String,
    /// Its characters (Unicode scalar values).
    pub chars: usize,
    /// The most it may have.
    pub max_chars: usize,
    /// The due time it names, to the minute.
    #[serde(serialize_with = "text")]
    pub due_at: Timestamp,
    /// Rule, facts, demand.
    pub parts: Vec<LetterPart>,
    /// The sentences that were left out to fit, by their names in the table.
    pub shortened: Vec<String>,
    /// The citations that were left out because they are to be checked (待核验).
    pub unverified: Vec<String>,
    /// What its own gate finds.
    pub findings: Vec<Finding>,
}

fn text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// Drafts a letter; total, whatever the view knows.
///
/// Shortening drops all citations but the first, then the way of answering, then optional sentences from
/// the last to the
/// first, and says the rest in its plainest form; never the demand.
pub fn draft(view: &View<'_>, input: &LetterInput<'_>) -> Letter {
    let table = Table::get();
    let row = table.kind(input.kind);
    let due_at = due(view, input.due_at);
    let mut draft = Draft::new(view, input, row, due_at);
    let max_chars = max_chars(view);
    let mut shortened = Vec::new();
    while draft.chars() > max_chars {
        match draft.shorten() {
            Some(what) => shortened.push(what),
            None => break,
        }
    }
    let text = draft.text();
    let looked = gate(&text, view, Venue::MerchantChat);
    Letter {
        kind: input.kind,
        scenario: input.scenario,
        chars: text.chars().count(),
        max_chars,
        due_at,
        shortened,
        unverified: draft.unverified.clone(),
        findings: looked.blocked.into_iter().chain(looked.warnings).collect(),
        parts: draft.parts(),
        text,
    }
}

/// The most characters of one message: 200 (§6.3), or what the channel takes.
fn max_chars(view: &View<'_>) -> usize {
    let channel = view.profile.facts.message_max.as_ref().map(|max| max.value as usize);
    channel.map_or(Table::get().max_chars, |max| max.min(Table::get().max_chars))
}

/// The next full minute, so that the time named is never shorter than the time given.
fn due(view: &View<'_>, given: Option<Timestamp>) -> Timestamp {
    let default = || view.now.saturating_add(view.house.parameters().hours("reply"));
    let at = given.unwrap_or_else(|| default().unwrap_or(view.now));
    let seconds = at.as_second().rem_euclid(60);
    let rest = if seconds == 0 && at.subsec_nanosecond() == 0 { 0 } else { 60 - seconds };
    Timestamp::from_second(at.as_second() + rest).unwrap_or(at)
}

/// A letter while it is made.
struct Draft<'t> {
    row: &'t KindRow,
    slots: Slots,
    cites: Vec<String>,
    unverified: Vec<String>,
    facts: Vec<(&'t str, bool, Filled)>,
}

impl<'t> Draft<'t> {
    fn new(view: &View<'_>, input: &LetterInput<'_>, row: &'t KindRow, due_at: Timestamp) -> Self {
        let table = Table::get();
        let mut slots = Slots::of(view, input.scenario);
        slots.put("duty", table.scenario(input.scenario).duty.clone(), &[]);
        slots.put("due", wall(due_at), &[]);
        let chat = view.profile.facts.chat_kind.as_ref().map_or(ChatKind::None, |fact| fact.value);
        slots.put("reply", table.reply.get(&chat).cloned().unwrap_or_default(), &[]);
        slots.put("demand", demand(input.claim), &[]);
        let (cites, unverified) = cites(view, input, row);
        slots.put("basis", cited(&cites), &[]);
        let fill =
            |one: &'t table::SentenceRow| Some((one.id.as_str(), one.optional, slots.first(&one.of).ok()?));
        let facts = row.facts.iter().filter_map(fill).collect();
        Self { row, slots, cites, unverified, facts }
    }

    fn parts(&self) -> Vec<LetterPart> {
        let whole = |kind, of: &[String]| {
            let filled = self.slots.first(of).ok()?;
            Some(LetterPart { kind, text: filled.text, exhibits: filled.proofs })
        };
        let mut exhibits: Vec<ItemId> = Vec::new();
        for item in self.facts.iter().flat_map(|(_, _, fact)| &fact.proofs) {
            if !exhibits.contains(item) {
                exhibits.push(*item);
            }
        }
        let words = self.facts.iter().map(|(_, _, fact)| fact.text.as_str()).collect();
        let facts = LetterPart { kind: PartKind::Fact, text: words, exhibits };
        let parts =
            [whole(PartKind::Rule, &self.row.rule), Some(facts), whole(PartKind::Demand, &self.row.demand)];
        parts.into_iter().flatten().filter(|part| !part.text.is_empty()).collect()
    }

    fn text(&self) -> String {
        self.parts().iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn chars(&self) -> usize {
        self.text().chars().count()
    }

    /// Leaves one thing out and names it.
    fn shorten(&mut self) -> Option<String> {
        if self.cites.len() > 1 {
            self.cites.truncate(1);
            self.slots.put("basis", cited(&self.cites), &[]);
            return Some("basis".to_owned());
        }
        // The shorter way to ask stands after the longer one.
        if self.row.demand.len() > 1 && self.slots.get("reply").is_some() {
            return Some(self.slots.forget("reply").to_owned());
        }
        if let Some(at) = self.facts.iter().rposition(|(_, optional, _)| *optional) {
            return Some(self.facts.remove(at).0.to_owned());
        }
        self.plainer()
    }

    /// Says one fact in the shortest way the table has for it.
    fn plainer(&mut self) -> Option<String> {
        for (id, _, fact) in &mut self.facts {
            let of = self.row.facts.iter().filter(|one| one.id == *id).flat_map(|one| &one.of);
            let shortest = of.filter_map(|one| self.slots.fill(one).ok()).min_by_key(|one| one.text.len())?;
            if shortest.text.len() < fact.text.len() {
                *fact = shortest;
                return Some(format!("{id}_short"));
            }
        }
        None
    }
}

fn demand(claim: &Claim) -> String {
    let whole = Table::get().demand(claim.kind, true);
    let complete = (!whole.contains("{amount}") || claim.amount_fen.is_some())
        && (!whole.contains("{count}") || claim.count.is_some());
    let amount = claim.amount_fen.map(crate::claim::yuan).unwrap_or_default();
    let count = claim.count.unwrap_or_default().to_string();
    let words = Table::get().demand(claim.kind, complete);
    words.replace("{amount}", &amount).replace("{count}", &count)
}

/// The citations of a letter, at most a rule and two statutes, and those left out as unverified.
fn cites(view: &View<'_>, input: &LetterInput<'_>, row: &KindRow) -> (Vec<String>, Vec<String>) {
    let fixed: Vec<law::Citation> = look_up(view, &row.basis);
    let given = if fixed.is_empty() { preferred(input) } else { fixed };
    let rules = input.rules.iter().filter(|_| row.basis.is_empty() && !row.contract_only);
    let rules: Vec<(String, bool)> = rules.map(|rule| (rule_name(rule), rule.verified)).collect();
    let laws = given.iter().map(|law| (law.text.zh.clone(), law.status == CheckStatus::Checked));
    let (mut kept, mut left): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let may = |(_, checked): &(String, bool)| *checked || input.cite_unverified;
    let (good, bad): (Vec<_>, Vec<_>) = rules.into_iter().partition(may);
    let (good_law, bad_law): (Vec<_>, Vec<_>) = laws.partition(may);
    left.extend(bad.into_iter().chain(bad_law).map(|(name, _)| name));
    kept.extend(good.into_iter().take(1).chain(good_law.into_iter().take(2)).map(|(name, _)| name));
    if kept.is_empty() {
        kept.extend(look_up(view, &Table::get().default_basis).into_iter().map(|law| law.text.zh));
    }
    (kept, left)
}

/// Cites statutes as of the day of the view; one not in force is left out.
pub(crate) fn look_up(view: &View<'_>, ids: &[String]) -> Vec<law::Citation> {
    let day = day_of(view.now);
    ids.iter().filter_map(|id| law::Table::get().cite(id, day).ok()).collect()
}

/// Names a platform rule by title and article (S27): `《售后规范》第5条`.
pub(crate) fn rule_name(rule: &platform::Citation) -> String {
    named_rule(&rule.title, &rule.article)
}

/// Returns how a message names a rule by title and article (S27), however they were noted.
pub fn named_rule(title: &str, article: &str) -> String {
    let title = title.trim().trim_start_matches('《').trim_end_matches('》');
    let article = article.trim();
    match article.contains('第') {
        true => format!("《{title}》{article}"),
        false => format!("《{title}》第{article}条"),
    }
}

/// The statutes given, those the scenario prefers first.
fn preferred(input: &LetterInput<'_>) -> Vec<law::Citation> {
    let row = Table::get().scenario(input.scenario);
    let mut laws = input.laws.to_vec();
    laws.sort_by_key(|law| row.cite.iter().position(|id| *id == law.id).unwrap_or(row.cite.len()));
    laws
}

/// Joins citations; a title that was just named is not named again.
pub(crate) fn cited(names: &[String]) -> String {
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in names {
        let (title, article) =
            name.rsplit_once('》').map_or((name.as_str(), ""), |(title, rest)| (title, rest));
        match grouped.iter_mut().find(|(known, _)| *known == title) {
            Some((_, articles)) => articles.push(article),
            None => grouped.push((title, vec![article])),
        }
    }
    let one = |(title, articles): (&str, Vec<&str>)| match title.starts_with('《') {
        true => format!("{title}》{}", articles.join("、")),
        false => title.to_owned(),
    };
    grouped.into_iter().map(one).collect::<Vec<_>>().join("、")
}
