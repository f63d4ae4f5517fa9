//! The rules and words of `data/review.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Action, SubjectKind};
use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// What a rule measures, and its unit.
    Measure {
        /// Disputes that ended without success: a count.
        Unresolved = "unresolved",
        /// The lower end of the interval of the dispute rate: hundredths of a percent.
        RateLow = "rate_low",
        /// What never came back: 分.
        Lost = "lost",
        /// Its share of what was paid: hundredths of a percent.
        LostShare = "lost_share",
        /// The lower end of the interval of broken promises: hundredths of a percent.
        BrokenLow = "broken_low",
        /// Notices without an answer in time: a count.
        Unanswered = "unanswered",
        /// By how much the deposit is less than the dearest order: 分.
        DepositShort = "deposit_short",
        /// Refund ratios that went down in the month: a count.
        RefundRatioDown = "refund_ratio_down",
        /// Deposits that went down in the month: a count.
        DepositDown = "deposit_down",
        /// Time limits that became shorter in the month: a count.
        TimeLimitDown = "time_limit_down",
        /// Changes published less than seven days ahead: a count.
        ShortNotice = "short_notice",
        /// Articles that changed in the month: a count.
        RulesChanged = "rules_changed",
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) rule: Vec<RuleRow>,
    pub(super) action: Vec<Row>,
    pub(super) verdict: Vec<Row>,
    pub(super) subject: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub(super) code: String,
    pub(super) on: Vec<SubjectKind>,
    pub(super) measure: Measure,
    pub(super) at_least: Option<i64>,
    /// A parameter of the house instead of a number.
    pub(super) limit: Option<Limit>,
    /// Of fewer orders the rule says nothing.
    #[serde(default = "one")]
    pub(super) orders: u32,
    pub(super) action: Action,
    pub(super) say: Bilingual,
}

const fn one() -> u32 {
    1
}

/// Parameters a rule may name.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Limit {
    DisputeRate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) code: String,
    pub(super) text: Bilingual,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/review.toml")).expect("data/review.toml is checked by its tests")
});

pub(super) fn get() -> &'static Table {
    &TABLE
}

/// The words of a code the table has.
pub(super) fn words(rows: &'static [Row], code: &str) -> &'static Bilingual {
    let row = rows.iter().find(|row| row.code == code);
    &row.expect("data/review.toml has every code, checked by its tests").text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Outlook;

    #[test]
    fn every_code_has_words_and_every_rule_a_number() {
        for kind in SubjectKind::ALL {
            assert!(!kind.text().is_incomplete());
        }
        for action in Action::ALL {
            assert!(!action.text().is_incomplete());
        }
        for outlook in Outlook::ALL {
            assert!(!outlook.text().is_incomplete());
        }
        let table = get();
        for row in &table.rule {
            assert!(row.at_least.is_some() != row.limit.is_some(), "{}: one number", row.code);
            assert!(!row.say.is_incomplete() && !row.on.is_empty(), "{}", row.code);
        }
        for measure in Measure::ALL {
            assert!(
                table.rule.iter().any(|row| row.measure == *measure),
                "{measure} is measured for nothing"
            );
        }
    }
}
