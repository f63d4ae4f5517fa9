//! Every clock of an order: what started it, whose numbers it uses, when it is due, and how it stands (S21–S48, §3.9).
//!
//! A clock starts, moves and stops by events alone; the instant of looking decides only whether it is still open.
//! A refusal by silence is the one thing time itself brings about: the answer was due and did not come (S46).

mod appeal;
mod bodies;
mod brief;
mod fixation;
mod later;
mod talk;

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::end_of_day;
use crate::coded::coded;
use crate::{House, ItemId, Order, View};

pub use appeal::{Refused, RefusedBy, refused};
pub use brief::Brief;

coded! {
    /// What is counted.
    ClockKind {
        /// The four fixations are archived (S21).
        Archive = "archive",
        /// What was delivered is verified, planned from delivery (S28).
        VerifyPlan = "verify_plan",
        /// What was delivered is verified, by the rule from activation (S28).
        VerifyRule = "verify_rule",
        /// The merchant answers a notice (S33).
        Reply = "reply",
        /// The merchant reissues or refunds (S29).
        Remedy = "remedy",
        /// A promise is kept (S17).
        Promise = "promise",
        /// The appeal goes to the platform, by the default after a refusal (S46).
        AppealSeed = "appeal_seed",
        /// The appeal goes to the platform, by its own window (D1).
        AppealPlatform = "appeal_platform",
        /// The merchant answers the platform.
        MerchantAnswer = "merchant_answer",
        /// The platform decides.
        PlatformDecision = "platform_decision",
        /// Own follow-up of a review by a person.
        HumanReview = "human_review",
        /// Receipt counts as confirmed.
        AutoConfirm = "auto_confirm",
        /// The coverage is claimed (S57).
        CoverageClaim = "coverage_claim",
        /// The coverage ends.
        CoverageEnd = "coverage_end",
        /// 12315 decides whether to take the complaint on (L-CRM-15).
        Acceptance12315 = "acceptance_12315",
        /// 12315 ends its mediation (L-CRM-23).
        Mediation12315 = "mediation_12315",
        /// A decided or announced refund arrives (D9).
        RefundArrival = "refund_arrival",
        /// A refund is so late that it counts as deliberate delay.
        RefundDelay = "refund_delay",
        /// A date of the user's own (S59).
        FollowUp = "follow_up",
        /// The limitation of three years (L-CC-188).
        Limitation = "limitation",
    }
}

impl ClockKind {
    /// Returns whether the buyer has to act before it is due; the others wait for somebody else.
    pub const fn is_own(self) -> bool {
        matches!(
            self,
            Self::Archive
                | Self::VerifyPlan
                | Self::VerifyRule
                | Self::AppealSeed
                | Self::AppealPlatform
                | Self::AutoConfirm
                | Self::CoverageClaim
                | Self::CoverageEnd
                | Self::FollowUp
                | Self::Limitation
        )
    }
}

impl ClockKind {
    /// Returns whether it still matters when the order is closed (S59).
    pub const fn outlasts_the_end(self) -> bool {
        matches!(self, Self::FollowUp | Self::CoverageEnd | Self::RefundArrival)
    }
}

/// Where the length of a clock comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClockSource {
    /// A default of the article: its S-number.
    Default {
        /// The requirement.
        id: String,
    },
    /// The platform's profile.
    Profile {
        /// The profile.
        id: String,
        /// The fact it states.
        fact: Cow<'static, str>,
        /// Whether that fact is unverified (待核验).
        unverified: bool,
    },
    /// A statute.
    Statute {
        /// Its id.
        id: Cow<'static, str>,
    },
    /// What somebody said or agreed: a notice, a promise, a coverage, a date of one's own.
    Said,
}

/// When a clock is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Due {
    /// At an instant.
    At {
        /// The instant.
        at: Timestamp,
    },
    /// By the end of a day, Asia/Shanghai.
    Day {
        /// The earlier reading: the day to plan with.
        planning: Date,
        /// The later reading, where the law can be read in two ways.
        legal: Date,
    },
    /// The holiday schedule of a year is not published: 待公布.
    NotPublished {
        /// The year.
        year: i16,
    },
}

impl Due {
    /// Returns the instant to plan with.
    pub fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At { at } => Some(at),
            Self::Day { planning, .. } => Some(end_of_day(planning)),
            Self::NotPublished { .. } => None,
        }
    }
}

/// How a clock stands at the instant of looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ClockState {
    /// It runs.
    Open,
    /// What it waits for came in time.
    Met {
        /// When.
        at: Timestamp,
    },
    /// What it waits for came too late.
    MetLate {
        /// When.
        at: Timestamp,
    },
    /// It is over, and nothing came.
    Overdue,
}

/// One clock of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What is counted.
    pub kind: ClockKind,
    /// Whether the buyer has to act.
    pub own: bool,
    /// When it started.
    pub started_at: Timestamp,
    /// The leaf that started it; `None` for a fact of the order.
    pub started_by: Option<ItemId>,
    /// Where its length comes from.
    pub source: ClockSource,
    /// When it is due.
    pub due: Due,
    /// How it stands.
    pub state: ClockState,
    /// The clock that is due earlier and decides instead of this one (S46).
    pub decided_by: Option<ClockKind>,
    /// Whether the chance it guards was used up: one complaint for an order, taken.
    pub spent: bool,
}

impl Clock {
    /// Returns whether it runs and decides.
    pub fn is_open(&self) -> bool {
        self.state == ClockState::Open && self.decided_by.is_none()
    }
}

impl Clock {
    fn seen_at(self, now: Timestamp) -> Self {
        let over = self.due.instant().is_some_and(|due| now > due);
        let state = match self.state {
            ClockState::Overdue if !over => ClockState::Open,
            ClockState::Open if over => ClockState::Overdue,
            state => state,
        };
        Self { state, decided_by: None, ..self }
    }
}

/// A clock before it is known how it stands.
pub(crate) struct Start {
    kind: ClockKind,
    at: Timestamp,
    by: Option<ItemId>,
    source: ClockSource,
}

impl Start {
    fn new(kind: ClockKind, at: Timestamp, by: Option<ItemId>, source: ClockSource) -> Self {
        Self { kind, at, by, source }
    }

    /// The clock, due after a span, stopped by the first of what stops it.
    fn after(self, span: SignedDuration, stopped: Option<Timestamp>, now: Timestamp) -> Clock {
        let at = self.at.saturating_add(span).unwrap_or(Timestamp::MAX);
        self.due(Due::At { at }, stopped, now)
    }

    fn due(self, due: Due, stopped: Option<Timestamp>, now: Timestamp) -> Clock {
        let end = due.instant();
        let state = match (stopped, end) {
            (Some(at), Some(end)) if at > end => ClockState::MetLate { at },
            (Some(at), _) => ClockState::Met { at },
            (None, Some(end)) if now > end => ClockState::Overdue,
            (None, _) => ClockState::Open,
        };
        Clock {
            kind: self.kind,
            own: self.kind.is_own(),
            started_at: self.at,
            started_by: self.by,
            source: self.source,
            due,
            state,
            decided_by: None,
            spent: false,
        }
    }
}

/// Returns every clock of an order, soonest first; those without a due time last.
pub fn clocks(view: &View<'_>) -> Vec<Clock> {
    let mut clocks = Vec::new();
    fixation::add(view, &mut clocks);
    talk::add(view, &mut clocks);
    appeal::add(view, &mut clocks);
    bodies::add(view, &mut clocks);
    later::add(view, &mut clocks);
    clocks.sort_by_key(|clock| (clock.due.instant().unwrap_or(Timestamp::MAX), clock.kind, clock.started_at));
    clocks
}

/// Returns every clock an order will have if nothing more happens: those too that silence will start.
pub fn foreseen(order: &Order, house: &House) -> Vec<Clock> {
    clocks(&View::new(order, house, FAR))
}

/// An instant after everything: the last of the year 9000.
const FAR: Timestamp = Timestamp::constant(221_845_392_000, 0);

/// Tells how foreseen clocks stand at an instant; those that have not started are left out.
pub fn standing(foreseen: &[Clock], now: Timestamp) -> Vec<Clock> {
    let started = foreseen.iter().filter(|clock| clock.started_at <= now).cloned();
    let mut clocks: Vec<Clock> = started.map(|clock| clock.seen_at(now)).collect();
    appeal::decide(&mut clocks);
    clocks
}

/// Returns the soonest clock that runs and that the buyer has to meet.
pub fn earliest_own(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().find(|clock| clock.own && clock.is_open())
}

/// The default of the article with that name.
fn default_of(view: &View<'_>, name: &'static str) -> (SignedDuration, ClockSource) {
    let parameter = view.house.parameters().get(name);
    (view.house.parameters().hours(name), ClockSource::Default { id: parameter.source.clone() })
}
