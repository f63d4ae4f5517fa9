//! The words and patterns of the comparison: `data/watch.toml`, read once.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    terms: Vec<String>,
    terms_en: Vec<String>,
    number: String,
    unit: String,
    price: String,
    percent: String,
    date: String,
    enumerator: String,
    not_numbered: String,
    bare: String,
    announced: AnnouncedFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnouncedFile {
    date: String,
    date_en: String,
    in_force: Vec<String>,
    published: Vec<String>,
    updated: Vec<String>,
}

/// The table, ready to use.
pub(super) struct Table {
    /// Words of terms.
    pub(super) terms: Regex,
    /// A number that counts something agreed, or a price.
    pub(super) counted: Regex,
    /// A date, whose day and month count nothing.
    pub(super) date: Regex,
    pub(super) number: Regex,
    pub(super) unit: Regex,
    pub(super) enumerator: Regex,
    pub(super) not_numbered: Regex,
    pub(super) bare: Regex,
    pub(super) in_force: Vec<Regex>,
    pub(super) published: Vec<Regex>,
    pub(super) updated: Vec<Regex>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../data/watch.toml"))
        .expect("data/watch.toml is checked by its tests");
    Table::of(&file)
});

fn pattern(text: &str) -> Regex {
    let built = RegexBuilder::new(text).case_insensitive(true).build();
    built.expect("data/watch.toml is checked by its tests")
}

impl Table {
    fn of(file: &File) -> Self {
        let words = file.terms.iter().chain(&file.terms_en).map(|word| regex::escape(word));
        let terms = words.collect::<Vec<_>>().join("|");
        let counted = format!("{}{}|{}|{}{}", file.number, file.unit, file.price, file.percent, file.number);
        let dates = format!("(?<zh>{})|(?<en>{})", file.announced.date, file.announced.date_en);
        let told = |rows: &[String]| {
            rows.iter().map(|row| pattern(&row.replace("DATE", &format!("(?:{dates})")))).collect()
        };
        Self {
            terms: pattern(&terms),
            counted: pattern(&counted),
            date: pattern(&file.date),
            number: pattern(r"\d[\d,.]*"),
            unit: pattern(&format!("^{}", file.unit)),
            enumerator: pattern(&file.enumerator),
            not_numbered: pattern(&file.not_numbered),
            bare: pattern(&file.bare),
            in_force: told(&file.announced.in_force),
            published: told(&file.announced.published),
            updated: told(&file.announced.updated),
        }
    }

    pub(super) fn get() -> &'static Self {
        &TABLE
    }
}
