//! What an incoming message amounts to: refusal, promise, acceptance, or a request for information.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::table;

/// The sense of an incoming message (S17, S37). Invitations to leave the platform are not judged here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplySense {
    /// 不退, 概不退换, 质保已过: starts the clock of the appeal (S46).
    Refusal,
    /// 马上补发, 明天处理: a promise to track (S17).
    Promise,
    /// 已补发, 同意退款: said to be done or agreed; proof is another matter (D9).
    Acceptance,
    /// 请提供订单号: asks for something.
    RequestInfo,
}

#[derive(Deserialize)]
struct Table {
    void: Vec<Void>,
    sense: Vec<Row>,
}

#[derive(Deserialize)]
struct Void {
    pattern: String,
}

#[derive(Deserialize)]
struct Row {
    sense: ReplySense,
    weight: u32,
    patterns: Vec<String>,
}

struct Lexicon {
    voids: Vec<Regex>,
    senses: Vec<(ReplySense, u32, Vec<Regex>)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/reply.toml"));
    let compiled = |row: Row| {
        let patterns = row.patterns.iter().map(|text| table::pattern(text)).collect();
        (row.sense, row.weight, patterns)
    };
    Lexicon {
        voids: table.void.iter().map(|row| table::pattern(&row.pattern)).collect(),
        senses: table.sense.into_iter().map(compiled).collect(),
    }
});

/// Only the beginning of a longer message is judged, in characters.
const MAX_CHARS: usize = 2_000;

/// Tells what an incoming message amounts to; `None` if the words say none of it.
///
/// Negated refusals (不会不退), conditions (如果不退…) and invitations elsewhere are not read. The heaviest words
/// win, of equally heavy ones the last. A help, not a judgement: the user confirms it. Source: S17, S37, S46.
#[must_use]
pub fn reply_sense(text: &str) -> Option<ReplySense> {
    let mut text = table::narrow(table::shorten(text, MAX_CHARS));
    for void in &LEXICON.voids {
        text = void.replace_all(&text, "；").into_owned();
    }
    let hits = LEXICON.senses.iter().flat_map(|(sense, weight, patterns)| {
        let last = patterns.iter().filter_map(|pattern| pattern.find_iter(&text).last());
        last.map(move |hit| (*weight, hit.end(), *sense))
    });
    hits.max_by_key(|(weight, at, _)| (*weight, *at)).map(|(_, _, sense)| sense)
}
