//! Flags: what contradicts itself in an order, what is risky, and what a seller's words give away (D3, D7–D10, D12).
//!
//! Each flag has the time it arose and, where it can end, the time it ended. Texts and patterns are `data/flags.toml`.

mod code;
mod money;
mod order_time;
mod risk;
mod talk;

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Serialize};

pub use code::{FlagCode, FlagLevel, FlagText};
pub use order_time::{OrderTimeCheck, order_time_check};
pub(crate) use talk::terms;

use crate::diagnosis::{instant, maybe_instant};
use crate::{ItemId, View};

/// One flag of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// Which.
    pub code: FlagCode,
    /// How much weight it has here.
    pub level: FlagLevel,
    /// When it arose.
    #[serde(serialize_with = "instant")]
    pub at: Timestamp,
    /// When it ended; `None` while it stands.
    #[serde(serialize_with = "maybe_instant")]
    pub resolved_at: Option<Timestamp>,
    /// The leaves that show it.
    pub items: Vec<ItemId>,
    /// The words or values it rests on, secrets masked.
    pub detail: Option<String>,
}

impl Flag {
    fn new(code: FlagCode, at: Timestamp, items: Vec<ItemId>) -> Self {
        Self { code, level: FlagLevel::Warning, at, resolved_at: None, items, detail: None }
    }

    /// Adds what it rests on; secrets are masked here.
    fn saying(self, detail: &str) -> Self {
        Self { detail: Some(sigu_evidence::mask_text(detail)), ..self }
    }

    /// Tells whether it still stands.
    pub fn is_open(&self) -> bool {
        self.resolved_at.is_none()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unfair_terms: Vec<String>,
    short_periods: Vec<String>,
    flag: Vec<FlagText>,
}

struct Table {
    unfair_terms: Vec<Regex>,
    short_periods: Vec<Regex>,
    flags: Vec<FlagText>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../data/flags.toml")).expect("data/flags.toml is checked by its tests");
    Table {
        unfair_terms: compiled(&file.unfair_terms),
        short_periods: compiled(&file.short_periods),
        flags: file.flag,
    }
});

fn compiled(patterns: &[String]) -> Vec<Regex> {
    let one = |text: &String| Regex::new(text).expect("patterns of data/flags.toml are checked by its tests");
    patterns.iter().map(one).collect()
}

/// Returns every flag of an order as it stood at `view.now`, by the time it arose.
pub fn flags(view: &View<'_>) -> Vec<Flag> {
    let finders: [fn(&View<'_>) -> Vec<Flag>; 4] = [money::find, order_time::find, risk::find, talk::find];
    let mut found: Vec<Flag> = finders.into_iter().flat_map(|find| find(view)).collect();
    found.sort_by(|a, b| (a.at, a.code, &a.items).cmp(&(b.at, b.code, &b.items)));
    found
}
