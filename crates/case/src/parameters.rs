//! The numbers of the article that are defaults, not law (S63): one table holds them all.

use std::sync::LazyLock;

use jiff::SignedDuration;
use serde::Deserialize;

use crate::bilingual::Bilingual;

/// The numbers by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    rows: Vec<Parameter>,
}

/// One number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The number.
    pub value: u32,
    /// `h` for hours, `bp` for hundredths of a percent.
    pub unit: String,
    /// The requirement it comes from.
    pub source: String,
    /// What it is.
    pub what: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parameter: Vec<Parameter>,
}

static DEFAULTS: LazyLock<Parameters> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../data/parameters.toml"))
        .expect("data/parameters.toml is checked by its tests");
    Parameters { rows: file.parameter }
});

impl Parameters {
    /// Returns the defaults.
    pub fn defaults() -> &'static Self {
        &DEFAULTS
    }

    /// Returns them with one changed; an unknown name changes nothing.
    #[must_use]
    pub fn with(mut self, name: &str, value: u32) -> Self {
        for row in self.rows.iter_mut().filter(|row| row.name == name) {
            row.value = value;
        }
        self
    }

    /// Returns all of them.
    pub fn rows(&self) -> &[Parameter] {
        &self.rows
    }

    /// Returns the one of that name, if the table has it.
    pub(crate) fn named(&self, name: &str) -> Option<&Parameter> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// Returns one of those the table has.
    pub(crate) fn get(&self, name: &'static str) -> &Parameter {
        self.rows.iter().find(|row| row.name == name).expect("data/parameters.toml is checked by its tests")
    }

    /// Returns one of those the table has as a span of time.
    pub(crate) fn hours(&self, name: &'static str) -> SignedDuration {
        SignedDuration::from_hours(self.get(name).value.into())
    }
}
