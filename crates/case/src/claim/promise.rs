//! A promised multiple in the seller's own words: 假一赔三, 假一罚十.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// How promises are written, from `data/claims.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PromiseTable {
    pattern: String,
    digits: BTreeMap<char, u32>,
    units: BTreeMap<char, u32>,
}

/// A multiple of the price that the seller promised to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromisedMultiple {
    /// How many times the price: 3 for 假一赔三.
    pub times: u32,
    /// The words of the promise, as found.
    pub excerpt: String,
}

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&super::FILE.promise.pattern).expect("data/claims.toml is checked by its tests")
});

/// Finds the first promised multiple in `text`; compatibility forms such as full-width digits count too.
///
/// `None` when there is none or its number cannot be read.
pub fn promised_multiple(text: &str) -> Option<PromisedMultiple> {
    let text: String = text.nfkc().collect();
    PATTERN.captures_iter(&text).find_map(|found| {
        let times = number(found.name("times")?.as_str()).filter(|times| *times > 0)?;
        Some(PromisedMultiple { times, excerpt: found[0].to_owned() })
    })
}

/// Reads `10`, `三`, `十`, `十五`, `二十` or `一百`; `None` for anything that is not such a number.
fn number(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let table = &super::FILE.promise;
    let (mut sum, mut digit) = (0u32, None);
    for c in text.chars() {
        if let Some(unit) = table.units.get(&c) {
            sum = sum.checked_add(digit.take().unwrap_or(1) * unit)?;
        } else if digit.replace(*table.digits.get(&c)?).is_some() {
            // Two digits in a row, such as 三四, are an estimate and no number.
            return None;
        }
    }
    sum.checked_add(digit.unwrap_or(0))
}
