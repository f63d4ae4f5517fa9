//! What the figures mean: the rules of `data/review.toml`, and changes of platforms' rules in the month.

use super::figures::{Span, few_orders};
use super::table::{Limit, Measure, RuleRow, get};
use super::{Action, Because, Outlook, RuleChange, Subject, SubjectKind};
use crate::House;
use crate::calendar::day_of;
use crate::claim::yuan;
use crate::dossier::{Figures, Rate};
use crate::platform::{NoticeVerdict, WatchTopic, WatchUnit, WatchedChange, WatchedValue};
use crate::strategy::{NoticeGiven, StrategyTask, review_of};

/// The changes that were captured in the month, or took effect in it.
pub(super) fn changes(house: &House, orders: &[&Figures], span: Span) -> Vec<RuleChange> {
    let tasks = review_of(house, orders.iter().copied(), span.until);
    let within = |task: &StrategyTask| {
        let captured = task.new.captured_at.value().is_some_and(|at| span.has(*at));
        let (first, end) = (day_of(span.from), day_of(span.until));
        let in_force = task.new.in_force_from.value().is_some_and(|day| first <= *day && *day < end);
        captured || in_force
    };
    let change = |task: StrategyTask| {
        let mut worse: Vec<WatchTopic> =
            task.changes.iter().filter(|change| is_worse(change)).map(|change| change.topic).collect();
        worse.dedup();
        RuleChange { task, worse }
    };
    tasks.into_iter().filter(within).map(change).collect()
}

/// Whether a value went down. What is stated no more says nothing, and neither do days against working days.
fn is_worse(change: &WatchedChange) -> bool {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return false };
    match (minutes(old), minutes(new)) {
        (Some(old), Some(new)) => new < old,
        _ => old.unit == new.unit && new.amount < old.amount,
    }
}

fn minutes(value: &WatchedValue) -> Option<i64> {
    let times = match value.unit {
        WatchUnit::Minutes => 1,
        WatchUnit::Hours => 60,
        WatchUnit::Days => 24 * 60,
        WatchUnit::BasisPoints | WatchUnit::Fen | WatchUnit::WorkingDays => return None,
    };
    value.amount.checked_mul(times)
}

/// Every reason that holds for a subject, the strongest first.
pub(super) fn because(house: &House, subject: &Subject, rules: &[RuleChange]) -> Vec<Because> {
    let own: Vec<&RuleChange> = rules.iter().filter(|change| is_of(change, subject)).collect();
    let rows = get().rule.iter().filter(|row| row.on.contains(&subject.kind));
    let mut found: Vec<Because> = rows.filter_map(|row| holds(house, row, subject, &own)).collect();
    found.sort_by_key(|one| one.action);
    found
}

fn is_of(change: &RuleChange, subject: &Subject) -> bool {
    subject.kind == SubjectKind::Platform && change.task.platform == subject.name
}

fn holds(house: &House, row: &RuleRow, subject: &Subject, rules: &[&RuleChange]) -> Option<Because> {
    let at_least = match row.limit {
        Some(Limit::DisputeRate) => i64::from(house.parameters().get("dispute_rate").value),
        None => row.at_least?,
    };
    let value = measured(row.measure, subject, rules)?;
    (value >= at_least && subject.sums.orders >= row.orders).then(|| Because {
        rule: row.code.clone(),
        action: row.action,
        measure: row.measure,
        value,
        at_least,
        text: filled(row, subject, value, at_least),
    })
}

/// The measure of a subject; `None` where it is not known.
fn measured(measure: Measure, subject: &Subject, rules: &[&RuleChange]) -> Option<i64> {
    let sums = &subject.sums;
    let down = |topic: WatchTopic| rules.iter().filter(|change| change.worse.contains(&topic)).count();
    let count = |all: usize| i64::try_from(all).unwrap_or(i64::MAX);
    Some(match measure {
        Measure::Unresolved => sums.endings.unresolved.into(),
        Measure::RateLow => low_of(sums.disputes)?,
        Measure::Lost => sums.lost_fen,
        Measure::LostShare => share(sums.lost_fen, sums.money.paid_fen)?,
        Measure::BrokenLow => {
            let kept = sums.promises.kept;
            low_of(Rate::new(kept.of - kept.hits, kept.of))?
        }
        Measure::Unanswered => sums.replies.unanswered.into(),
        // A platform's deposit is another thing than a merchant's, and what nobody saw is not short.
        Measure::DepositShort => sums.dearest_fen.saturating_sub(*sums.deposit_fen.value()?),
        Measure::RefundRatioDown => count(down(WatchTopic::RefundRatio)),
        Measure::DepositDown => count(down(WatchTopic::Deposit)),
        Measure::TimeLimitDown => count(down(WatchTopic::TimeLimit)),
        Measure::ShortNotice => count(rules.iter().filter(|change| is_short(change)).count()),
        Measure::RulesChanged => count(rules.len()),
    })
}

fn is_short(change: &RuleChange) -> bool {
    let judged = match change.task.notice {
        NoticeGiven::Judged { notice } => Some(notice.verdict),
        NoticeGiven::BeforeTheMeasures | NoticeGiven::Unknown => None,
    };
    judged == Some(NoticeVerdict::TooShort)
}

fn low_of(rate: Rate) -> Option<i64> {
    rate.interval.value().map(|interval| interval.low_bp.into())
}

/// A part of a whole in hundredths of a percent, rounded down; `None` of nothing.
fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| i64::try_from(i128::from(part) * 10_000 / i128::from(whole)).unwrap_or(i64::MAX))
}

fn filled(row: &RuleRow, subject: &Subject, value: i64, at_least: i64) -> crate::bilingual::Bilingual {
    let sums = &subject.sums;
    let shown = |amount: i64| match row.measure {
        Measure::Lost | Measure::DepositShort => yuan(amount),
        Measure::RateLow | Measure::LostShare | Measure::BrokenLow => percent(amount),
        _ => amount.to_string(),
    };
    let interval = sums.disputes.interval.value();
    let end = |bp: Option<u32>| bp.map_or_else(|| "?".to_owned(), |bp| percent(bp.into()));
    let slots = [
        ("name", subject.name.clone()),
        ("value", shown(value)),
        ("at_least", shown(at_least)),
        ("orders", sums.orders.to_string()),
        ("hits", sums.disputes.hits.to_string()),
        ("rate", end(sums.disputes.share_bp.value().copied())),
        ("low", end(interval.map(|one| one.low_bp))),
        ("high", end(interval.map(|one| one.high_bp))),
        ("paid", yuan(sums.money.paid_fen)),
        ("lost", yuan(sums.lost_fen)),
    ];
    slots.iter().fold(row.say.clone(), |text, (name, value)| text.with(name, value))
}

/// From so many orders on a rate may speak, if even its interval is clear.
pub(super) fn fewest_orders() -> u32 {
    get().rule.iter().filter(|row| row.measure == Measure::RateLow).map(|row| row.orders).max().unwrap_or(1)
}

/// Writes hundredths of a percent: 500 is `5%`, 1250 is `12.5%`.
fn percent(bp: i64) -> String {
    let text = format!("{}.{:02}", bp / 100, bp % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// What follows from the reasons; without any the number of orders decides what can be said.
pub(super) fn outlook(subject: &Subject) -> Outlook {
    match subject.because.first().map(|one| one.action) {
        Some(Action::Stop) => Outlook::Stop,
        Some(Action::Careful) => Outlook::Careful,
        Some(Action::Look) => Outlook::Look,
        None if subject.sums.orders < few_orders() => Outlook::TooFew,
        None => Outlook::Fine,
    }
}
