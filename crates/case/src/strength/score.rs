//! Scores as sums of named components.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::table;
use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// What adds to a score or takes from it (§5.1 (7)).
    ComponentCode {
        /// Nothing shows it.
        NoSource = "no_source",
        /// One source.
        OneSource = "one_source",
        /// Two independent sources.
        TwoSources = "two_sources",
        /// Three or more.
        ThreeSources = "three_sources",
        /// The kind of record (§5.3).
        Rung = "rung",
        /// Only from a channel one side can edit, or typed by oneself (S18, D5).
        EditableChannel = "editable_channel",
        /// Nothing but the buyer's own word (S9): weaker than any source fixed late.
        OwnStatement = "own_statement",
        /// Fixed late (S23, D6).
        CaptureDelay = "capture_delay",
        /// How late is unknown.
        DelayUnknown = "delay_unknown",
        /// A neutral third party holds it (L-EVR-94).
        NeutralThirdParty = "neutral_third_party",
        /// A trusted timestamp: absent, and named so.
        TimestampToken = "timestamp_token",
        /// A source says otherwise.
        Disagreeing = "disagreeing",
        /// The content was erased.
        Erased = "erased",
        /// What the limits of the scale add or take.
        Bounds = "bounds",
    }
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Which.
    pub code: ComponentCode,
    /// What it adds, in hundredths; negative where it takes.
    pub points: i32,
    /// Why, for the user.
    pub why: Bilingual,
}

/// A score in the making: the components add up to it.
#[derive(Debug, Default)]
pub(super) struct Sum {
    components: Vec<Component>,
    total: i32,
}

impl Sum {
    pub(super) fn add(&mut self, code: ComponentCode, points: i32) {
        self.put(code, points, table::get().why(code).clone());
    }

    pub(super) fn add_with(&mut self, code: ComponentCode, points: i32, name: &str, value: &Bilingual) {
        let slot = format!("{{{name}}}");
        let why = table::get().why(code);
        let why = Bilingual::new(why.zh.replace(&slot, &value.zh), why.en.replace(&slot, &value.en));
        self.put(code, points, why);
    }

    fn put(&mut self, code: ComponentCode, points: i32, why: Bilingual) {
        self.total = self.total.saturating_add(points);
        self.components.push(Component { code, points, why });
    }

    /// Takes for every whole step between the event and the fixing; earlier than the event is no delay.
    pub(super) fn delay(&mut self, delay: Option<SignedDuration>) {
        let Some(delay) = delay else { return self.add(ComponentCode::DelayUnknown, 0) };
        let hours = delay.as_hours().max(0);
        let steps = i32::try_from(hours / table::get().delay.step_h.max(1)).unwrap_or(i32::MAX);
        if steps > 0 {
            let text = Bilingual::new(hours.to_string(), hours.to_string());
            let points = table::get().points.capture_delay.saturating_mul(steps);
            self.add_with(ComponentCode::CaptureDelay, points, "hours", &text);
        }
    }

    /// Holds what was added so far between the floor and the cap that bonuses may exceed.
    pub(super) fn bound(&mut self) {
        let points = &table::get().points;
        let held = self.total.clamp(points.floor, points.cap_before_bonus);
        self.settle(held);
    }

    /// Adds what neutral holders and timestamps give: a token is known of nothing yet, and named as absent.
    pub(super) fn bonuses(&mut self, neutral: bool) {
        let points = &table::get().points;
        if neutral {
            self.add(ComponentCode::NeutralThirdParty, points.neutral_third_party);
        }
        self.add(ComponentCode::TimestampToken, 0);
        let held = self.total.min(points.cap);
        self.settle(held);
    }

    fn settle(&mut self, held: i32) {
        if held != self.total {
            self.add(ComponentCode::Bounds, held.saturating_sub(self.total));
            self.total = held;
        }
    }

    pub(super) fn done(self) -> (Vec<Component>, u32) {
        (self.components, u32::try_from(self.total).unwrap_or(0))
    }
}

/// The time from an event to the fixing of what shows it; none is less than zero.
pub(super) fn between(event: Timestamp, fixed: Timestamp) -> SignedDuration {
    fixed.duration_since(event).max(SignedDuration::ZERO)
}
