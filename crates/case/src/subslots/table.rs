//! The words and rows of `data/subslots.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{MapGap, Shot, SubSlot};
use crate::FixationKind;
use crate::bilingual::Bilingual;
use crate::report::{Part, Waived};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    sub_slot: Vec<SubSlotRow>,
    shot: Vec<ShotRow>,
    gap: Vec<GapRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubSlotRow {
    code: SubSlot,
    fixation: Fixes,
    pub(super) parts: Vec<Part>,
    #[serde(default)]
    pub(super) messages: bool,
    #[serde(default)]
    pub(super) observed: bool,
    #[serde(default)]
    pub(super) recordings: bool,
    #[serde(default)]
    pub(super) best_only: bool,
    #[serde(default)]
    pub(super) not_for_accounts: bool,
    #[serde(default)]
    pub(super) not_for_recharge: bool,
    pub(super) need: Waived,
    pub(super) name: Bilingual,
    pub(super) how: Bilingual,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fixes {
    Transaction,
    Description,
    Communication,
    Delivery,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShotRow {
    pub(super) code: Shot,
    pub(super) parts: Vec<Part>,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) name: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GapRow {
    code: MapGap,
    text: Bilingual,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/subslots.toml"))
        .expect("data/subslots.toml is checked by its tests")
});

const COMPLETE: &str = "data/subslots.toml has every code, checked by its tests";

/// Returns the table, read once.
pub(super) fn get() -> &'static Table {
    &TABLE
}

impl Table {
    pub(super) fn sub_slot(&self, code: SubSlot) -> &SubSlotRow {
        self.sub_slot.iter().find(|row| row.code == code).expect(COMPLETE)
    }

    pub(super) fn shot(&self, code: Shot) -> &ShotRow {
        self.shot.iter().find(|row| row.code == code).expect(COMPLETE)
    }

    pub(super) fn gap(&self, code: MapGap) -> &Bilingual {
        &self.gap.iter().find(|row| row.code == code).expect(COMPLETE).text
    }
}

impl SubSlotRow {
    pub(super) fn fixation(&self) -> FixationKind {
        match self.fixation {
            Fixes::Transaction => FixationKind::Transaction,
            Fixes::Description => FixationKind::Description,
            Fixes::Communication => FixationKind::Communication,
            Fixes::Delivery => FixationKind::Delivery,
        }
    }
}
