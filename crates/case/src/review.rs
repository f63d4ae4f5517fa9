//! The review 购买回顾 at a month's end: what to stop buying where, with the figures behind it (S52, S53, S55, S58).
//!
//! Nothing of it is stored. Figures are counted as they stood at the month's end; what they mean follows from rules in
//! `data/review.toml`. Where the orders are too few to say, it says so. A month is one of China.

mod figures;
mod month;
mod rules;
mod table;

use jiff::Timestamp;
use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::dossier::{Figures, Replies};
use crate::platform::WatchTopic;
use crate::strategy::StrategyTask;
use crate::{GoodsKind, House};

pub use figures::{InMonth, Sums};
pub use month::{CalendarMonth, CalendarMonthError};
pub use table::Measure;

coded! {
    /// What a part of the review is about.
    SubjectKind {
        /// A merchant, by all its spellings.
        Merchant = "merchant",
        /// A platform, by its profile where it has one.
        Platform = "platform",
        /// A kind of goods.
        Goods = "goods",
    }
}

impl SubjectKind {
    /// Returns its words, from `data/review.toml`.
    pub fn text(self) -> &'static Bilingual {
        table::words(&table::get().subject, self.code())
    }
}

coded! {
    /// What a reason asks for; the later is the milder.
    Action {
        /// Not to buy there any more.
        Stop = "stop",
        /// To buy little, and to ask first.
        Careful = "careful",
        /// To look at something before ordering.
        Look = "look",
    }
}

impl Action {
    /// Returns its words, from `data/review.toml`.
    pub fn text(self) -> &'static Bilingual {
        table::words(&table::get().action, self.code())
    }
}

coded! {
    /// What follows for a subject.
    Outlook {
        /// A reason says stop.
        Stop = "stop",
        /// A reason asks for care.
        Careful = "careful",
        /// Something is to be looked at.
        Look = "look",
        /// Nothing speaks against it, and too few orders to say more.
        TooFew = "too_few",
        /// Nothing speaks against it.
        Fine = "fine",
    }
}

impl Outlook {
    /// Returns its words, from `data/review.toml`.
    pub fn text(self) -> &'static Bilingual {
        table::words(&table::get().verdict, self.code())
    }
}

/// One reason, with the figure it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The rule, by its code in `data/review.toml`.
    pub rule: String,
    /// What it asks for.
    pub action: Action,
    /// What was measured.
    pub measure: Measure,
    /// How much, in the measure's unit.
    pub value: i64,
    /// From how much on the rule holds.
    pub at_least: i64,
    /// Why, in words.
    pub text: Bilingual,
}

/// One merchant, platform or kind of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its name: as people write it, a profile's id, or the code of the kind of goods.
    pub name: String,
    /// The figures, as of the month's end.
    pub sums: Sums,
    /// What of them is of the month.
    pub in_month: InMonth,
    /// Why what follows, the strongest first.
    pub because: Vec<Because>,
    /// What follows.
    pub outlook: Outlook,
}

/// A change of a platform's rules in the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// The change, with whom it touches.
    pub task: StrategyTask,
    /// Topics whose value went down.
    pub worse: Vec<WatchTopic>,
}

/// The review of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The month.
    pub month: CalendarMonth,
    /// Up to when was counted: the month's end, or now if it is not over.
    pub until: Timestamp,
    /// Whether the month is over.
    pub over: bool,
    /// All together.
    pub sums: Sums,
    /// What of it is of the month.
    pub in_month: InMonth,
    /// How soon all merchants answered.
    pub replies: Replies,
    /// Merchants, platforms and kinds of goods one bought from in the month, or of which something is to be said; what
    /// is to be stopped first.
    pub subjects: Vec<Subject>,
    /// Changes of rules in the month.
    pub rules: Vec<RuleChange>,
    /// Below so many orders a rate speaks only where even its interval is clear.
    pub few_orders: u32,
    /// Below so many it never does.
    pub fewest_orders: u32,
}

/// Sums up a month from what was read of all orders, as known at `now`.
///
/// A month that has not begun has nothing in it.
pub fn review<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Figures>,
    month: CalendarMonth,
    now: Timestamp,
) -> Review {
    let orders: Vec<&Figures> = orders.into_iter().collect();
    let end = month.end();
    let until = end.min(now);
    let span = figures::Span { from: month.start(), until };
    let rules = rules::changes(house, &orders, span);
    let mut subjects = figures::subjects(house, &orders, span);
    for subject in &mut subjects {
        subject.because = rules::because(house, subject, &rules);
        subject.outlook = rules::outlook(subject);
    }
    subjects.retain(|subject| subject.in_month.is_any() || !subject.because.is_empty());
    subjects.sort_by(|a, b| {
        let key = |one: &Subject| (one.outlook, one.kind, std::cmp::Reverse(one.sums.lost_fen));
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    let (sums, in_month, replies) = figures::whole(&orders, span);
    let (few_orders, fewest_orders) = (figures::few_orders(), rules::fewest_orders());
    Review {
        month,
        until,
        over: now >= end,
        sums,
        in_month,
        replies,
        subjects,
        rules,
        few_orders,
        fewest_orders,
    }
}

/// Returns the kind of goods a subject is about.
pub fn goods_of(subject: &Subject) -> Option<GoodsKind> {
    (subject.kind == SubjectKind::Goods).then(|| GoodsKind::from_code(&subject.name)).flatten()
}
