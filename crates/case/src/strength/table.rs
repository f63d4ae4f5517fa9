//! The numbers and words of `data/strength.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{ComponentCode, FactCode, Holder, Rung, SourceKind};
use crate::bilingual::Bilingual;
use crate::report::{Form, Part, Place};
use crate::strength::item::Traits;
use crate::{Slot, report};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(super) points: Points,
    pub(super) delay: Delay,
    rung: Vec<RungRow>,
    form: Vec<FormRow>,
    guess: Vec<GuessRow>,
    implied: Vec<ImpliedRow>,
    pub(super) shows: Vec<ShowsRow>,
    observed_at: Vec<PlaceRow>,
    kind: Vec<KindRow>,
    fact: Vec<FactRow>,
    component: Vec<ComponentRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Points {
    pub(super) one_source: i32,
    pub(super) two_sources: i32,
    pub(super) three_sources: i32,
    pub(super) editable_channel: i32,
    pub(super) own_statement: i32,
    pub(super) capture_delay: i32,
    pub(super) neutral_third_party: i32,
    /// Granted to nothing as long as no token is known.
    #[expect(dead_code, reason = "the number stands beside the others; no token can be told yet")]
    pub(super) timestamp_token: i32,
    pub(super) floor: i32,
    pub(super) cap_before_bonus: i32,
    pub(super) cap: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delay {
    pub(super) step_h: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RungRow {
    code: Rung,
    pub(super) points: i32,
    pub(super) name: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormRow {
    form: Form,
    rung: Rung,
    paused: Option<Rung>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuessRow {
    typed: Option<bool>,
    media: Option<String>,
    url: Option<bool>,
    continuous: Option<bool>,
    rung: Rung,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpliedRow {
    slot: String,
    parts: Vec<Part>,
}

/// Which facts a part bears out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowsRow {
    pub(super) part: Part,
    pub(super) kind: SourceKind,
    pub(super) facts: Vec<FactCode>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceRow {
    place: Place,
    kind: SourceKind,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindRow {
    code: SourceKind,
    pub(super) holder: Holder,
    #[serde(default)]
    pub(super) neutral: bool,
    #[serde(default)]
    pub(super) editable: bool,
    pub(super) name: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactRow {
    code: FactCode,
    name: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ComponentRow {
    code: ComponentCode,
    why: Bilingual,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/strength.toml"))
        .expect("data/strength.toml is checked by its tests")
});

/// Returns the table, read once.
pub(crate) fn get() -> &'static Table {
    &TABLE
}

const COMPLETE: &str = "data/strength.toml has every code, checked by its tests";

impl Table {
    pub(super) fn rung(&self, rung: Rung) -> &RungRow {
        self.rung.iter().find(|row| row.code == rung).expect(COMPLETE)
    }

    pub(super) fn kind(&self, kind: SourceKind) -> &KindRow {
        self.kind.iter().find(|row| row.code == kind).expect(COMPLETE)
    }

    pub(super) fn fact(&self, fact: FactCode) -> &Bilingual {
        &self.fact.iter().find(|row| row.code == fact).expect(COMPLETE).name
    }

    pub(super) fn why(&self, code: ComponentCode) -> &Bilingual {
        &self.component.iter().find(|row| row.code == code).expect(COMPLETE).why
    }

    pub(super) fn place(&self, place: report::Place) -> SourceKind {
        self.observed_at.iter().find(|row| row.place == place).expect(COMPLETE).kind
    }

    /// What an undescribed item of a slot shows.
    pub(crate) fn implied(&self, slot: Slot) -> &[Part] {
        self.implied.iter().find(|row| row.slot == slot.code()).map_or(&[], |row| &row.parts)
    }

    /// The rung of a described form.
    pub(super) fn of_form(&self, form: Form, continuous: Option<bool>) -> Rung {
        let row = self.form.iter().find(|row| row.form == form).expect(COMPLETE);
        row.paused.filter(|_| continuous == Some(false)).unwrap_or(row.rung)
    }

    /// The rung an undescribed item is taken for.
    pub(super) fn guess(&self, traits: &Traits<'_>) -> Rung {
        self.guess.iter().find(|row| row.fits(traits)).map_or(Rung::S0, |row| row.rung)
    }
}

impl GuessRow {
    fn fits(&self, traits: &Traits<'_>) -> bool {
        self.typed.is_none_or(|typed| typed == traits.typed)
            && self.media.as_deref().is_none_or(|media| traits.media.starts_with(media))
            && self.url.is_none_or(|url| url == traits.url)
            && self.continuous.is_none_or(|continuous| Some(continuous) == traits.continuous)
    }
}
