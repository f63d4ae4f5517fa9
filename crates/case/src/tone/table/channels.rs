//! Rows of `[[channel]]` and `[style]`, and their patterns compiled.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LawfulFile {
    acts: String,
    reach: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelFile {
    id: String,
    names: String,
    #[serde(default)]
    alone: bool,
}

/// Official channels: each a name near an act, or a phrase that needs none.
pub(in crate::tone) struct Lawful {
    pub(in crate::tone) channels: Vec<(String, Regex)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StyleFile {
    max_chars: usize,
    exclamation: String,
    absolute_time: String,
    relative_time: String,
    asks: String,
    rule: String,
    cited: String,
    alternatives: String,
    demands: BTreeMap<String, String>,
    finding: Vec<FindingRow>,
}

/// What makes a draft clumsy.
pub(in crate::tone) struct Style {
    pub(in crate::tone) max_chars: usize,
    pub(in crate::tone) exclamation: Regex,
    pub(in crate::tone) absolute_time: Regex,
    pub(in crate::tone) relative_time: Regex,
    pub(in crate::tone) asks: Regex,
    pub(in crate::tone) rule: Regex,
    pub(in crate::tone) cited: Regex,
    pub(in crate::tone) alternatives: Regex,
    pub(in crate::tone) demands: Vec<(String, Regex)>,
    pub(in crate::tone) findings: Vec<FindingRow>,
}

/// A finding in two languages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tone) struct FindingRow {
    pub(in crate::tone) id: String,
    pub(in crate::tone) zh: String,
    pub(in crate::tone) en: String,
}

pub(super) fn lawful(row: &LawfulFile, channels: Vec<ChannelFile>) -> Result<Lawful, String> {
    let compiled: Result<Vec<_>, String> = channels
        .into_iter()
        .map(|channel| {
            let (names, acts, reach) = (&channel.names, &row.acts, row.reach);
            let near =
                format!("(?:{names})[^。!?\n]{{0,{reach}}}{acts}|{acts}[^。!?\n]{{0,{reach}}}(?:{names})");
            let pattern = Regex::new(if channel.alone { names } else { &near });
            Ok((channel.id, pattern.map_err(|error| error.to_string())?))
        })
        .collect();
    Ok(Lawful { channels: compiled? })
}

pub(super) fn style(row: StyleFile) -> Result<Style, String> {
    let regex = |text: &str| Regex::new(text).map_err(|error| error.to_string());
    let demands: Result<Vec<_>, String> =
        row.demands.into_iter().map(|(id, text)| Ok((id, regex(&text)?))).collect();
    Ok(Style {
        max_chars: row.max_chars,
        exclamation: regex(&row.exclamation)?,
        absolute_time: regex(&row.absolute_time)?,
        relative_time: regex(&row.relative_time)?,
        asks: regex(&row.asks)?,
        rule: regex(&row.rule)?,
        cited: regex(&row.cited)?,
        alternatives: regex(&row.alternatives)?,
        demands: demands?,
        findings: row.finding,
    })
}
