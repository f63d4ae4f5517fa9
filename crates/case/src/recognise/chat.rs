//! Pasted dialogues: who said what when, in order, with nothing lost.

mod paste;

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Time;
use regex::Regex;
use serde::{Deserialize, Serialize};
use sigu_evidence::mask_text;

use super::{Hints, Moment, ReplySense, Span, due_time, reply_sense, table};
use crate::Direction;

use paste::Raw;

#[derive(Deserialize)]
struct Table {
    speakers: Speakers,
    gap: Gap,
    omission: Vec<Row>,
    separator: Vec<Row>,
    header: Vec<Row>,
    untimed: Row,
}

#[derive(Deserialize)]
struct Speakers {
    out: Vec<String>,
    out_whole: Vec<String>,
    #[serde(rename = "in")]
    inward: Vec<String>,
    neither: Vec<String>,
}

#[derive(Deserialize)]
struct Gap {
    hours: i64,
}

#[derive(Deserialize)]
struct Row {
    pattern: String,
}

struct Patterns {
    speakers: Speakers,
    gap_seconds: i64,
    omissions: Vec<Regex>,
    separators: Vec<Regex>,
    headers: Vec<Regex>,
    untimed: Regex,
}

static CHAT: LazyLock<Patterns> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/chat.toml"));
    let all = |rows: &[Row]| rows.iter().map(|row| table::pattern(&row.pattern)).collect();
    Patterns {
        gap_seconds: table.gap.hours * 3600,
        omissions: all(&table.omission),
        separators: all(&table.separator),
        headers: all(&table.header),
        untimed: table::pattern(&table.untimed.pattern),
        speakers: table.speakers,
    }
});

/// One message of a dialogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChatLine {
    /// When it was said, in Asia/Shanghai as pasted; `None` without a time or a date for it.
    pub at: Option<Moment>,
    /// The time as written, if there is one.
    pub time_text: Option<String>,
    /// Who spoke, as written.
    pub speaker: Option<String>,
    /// From whom to whom; `None` if neither a name nor a word tells it, and for the system's own lines.
    pub direction: Option<Direction>,
    /// Whether the direction is a conclusion from the other speaker's.
    pub direction_inferred: bool,
    /// The words, secrets masked.
    pub text: String,
    /// The lines of the readable text it was read from, its head included.
    pub spans: Vec<Span>,
    /// Its words in the readable text, one span for each line.
    pub text_spans: Vec<Span>,
    /// The first line, from 1.
    pub line: usize,
    /// What an incoming message amounts to.
    pub sense: Option<ReplySense>,
    /// The deadline it sets, if its own time is known.
    pub due: Option<Timestamp>,
}

/// What the reader should know of a pasted dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatNote {
    /// Messages were not in the order of their times and have been sorted; how many stood too late.
    Sorted(usize),
    /// Messages without any time keep their place after the one before; how many.
    Untimed(usize),
    /// Times without a date and no day known: they are not instants; how many.
    Undated(usize),
    /// Silence of twelve hours or more before the message on this line.
    Gap {
        /// The line of the message after the gap, from 1.
        line: usize,
        /// How long, in whole hours.
        hours: i64,
    },
    /// Something was left out or withdrawn on this line.
    Omission(usize),
}

/// A line that belongs to no message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// The line, from 1.
    pub line: usize,
    /// Where.
    pub span: Span,
    /// The line, secrets masked.
    pub text: String,
}

/// A pasted dialogue. Every line that is not blank is in a message, a separator or `unplaced`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Chat {
    /// The messages, by time.
    pub lines: Vec<ChatLine>,
    /// Lines before the first message.
    pub unplaced: Vec<Withheld>,
    /// Lines that only give a date or say that something was left out.
    pub separators: Vec<Span>,
    /// What to know.
    pub notes: Vec<ChatNote>,
}

/// Tells whether a text is a dialogue: two heads of messages, or one of a known side.
pub(super) fn looks_like_one(text: &str, hints: &Hints) -> bool {
    let heads: Vec<_> = text.lines().take(2_000).filter_map(|line| paste::head(line.trim())).collect();
    let known = |name: &str| side_of(name, hints).is_some();
    let pages = super::labels::has_order_labels(text);
    heads.len() >= 2 && !pages || heads.iter().any(|head| known(head.name)) && (heads.len() >= 2 || !pages)
}

/// Reads a dialogue.
pub(super) fn read(text: &str, hints: &Hints) -> Chat {
    let pasted = paste::read(text, hints);
    let mut chat = Chat {
        unplaced: pasted.unplaced,
        separators: pasted.separators,
        notes: pasted.notes,
        ..Chat::default()
    };
    let mut raws = pasted.messages;
    let late = paste::sort(&mut raws);
    if late > 0 {
        chat.notes.push(ChatNote::Sorted(late));
    }
    let untimed = raws.iter().filter(|raw| raw.time.is_none()).count();
    let undated = raws.iter().filter(|raw| raw.time.is_some() && raw.at.is_none()).count();
    chat.notes.extend((untimed > 0).then_some(ChatNote::Untimed(untimed)));
    chat.notes.extend((undated > 0).then_some(ChatNote::Undated(undated)));
    chat.lines = raws.into_iter().map(|raw| message(raw, text, hints)).collect();
    infer_other_side(&mut chat.lines);
    for line in chat.lines.iter_mut().filter(|line| line.direction == Some(Direction::In)) {
        let raw: Vec<&str> = line.text_spans.iter().filter_map(|span| text.get(span.clone())).collect();
        line.sense = reply_sense(&raw.join("\n"));
    }
    chat.notes.extend(gaps(&chat.lines));
    chat
}

fn message(raw: Raw, text: &str, hints: &Hints) -> ChatLine {
    let words: Vec<&str> = raw.text_spans.iter().filter_map(|span| text.get(span.clone())).collect();
    let words = words.join("\n");
    ChatLine {
        due: raw.at.and_then(|moment| due_time(&words, moment.at)),
        at: raw.at,
        time_text: raw.time,
        direction: raw.speaker.as_deref().and_then(|name| side_of(name, hints)),
        direction_inferred: false,
        speaker: raw.speaker,
        text: mask_text(&words),
        spans: raw.spans,
        text_spans: raw.text_spans,
        line: raw.line,
        sense: None,
    }
}

/// The side a name is on: the user's own names first, then the merchant's, then words.
fn side_of(name: &str, hints: &Hints) -> Option<Direction> {
    let name = table::fold(name);
    let is = |one: &String| {
        let one = table::fold(one);
        !one.is_empty() && name == one
    };
    let has = |word: &String| name.contains(&table::fold(word));
    if hints.own_names.iter().any(is) || CHAT.speakers.out_whole.iter().any(is) {
        return Some(Direction::Out);
    }
    if hints.merchant_names.iter().any(is) || hints.merchant.iter().any(is) {
        return Some(Direction::In);
    }
    if CHAT.speakers.neither.iter().any(has) {
        return None;
    }
    let (out, inward) = (CHAT.speakers.out.iter().any(has), CHAT.speakers.inward.iter().any(has));
    match (out, inward) {
        (true, false) => Some(Direction::Out),
        (false, true) => Some(Direction::In),
        _ => None,
    }
}

/// Between two speakers the one who is not on a known side is on the other.
fn infer_other_side(lines: &mut [ChatLine]) {
    let system = |name: &str| CHAT.speakers.neither.iter().any(|word| name.contains(word.as_str()));
    let mut names: Vec<(String, Option<Direction>)> = lines
        .iter()
        .filter_map(|line| Some((line.speaker.clone()?, line.direction)))
        .filter(|(name, _)| !system(name))
        .collect();
    names.sort_by(|left, right| left.0.cmp(&right.0));
    names.dedup();
    let [(left, left_side), (right, right_side)] = names.as_slice() else { return };
    let other = |side: Direction| if side == Direction::In { Direction::Out } else { Direction::In };
    let inferred = match (left_side, right_side) {
        (Some(side), None) => (right, other(*side)),
        (None, Some(side)) => (left, other(*side)),
        _ => return,
    };
    for line in lines.iter_mut().filter(|line| line.speaker.as_ref() == Some(inferred.0)) {
        (line.direction, line.direction_inferred) = (Some(inferred.1), true);
    }
}

fn gaps(lines: &[ChatLine]) -> Vec<ChatNote> {
    let timed: Vec<(&ChatLine, Moment)> = lines.iter().filter_map(|line| Some((line, line.at?))).collect();
    let gap = |pair: &[(&ChatLine, Moment)]| {
        let silent = pair[1].1.at.as_second() - pair[0].1.at.as_second();
        (silent >= CHAT.gap_seconds).then(|| ChatNote::Gap { line: pair[1].0.line, hours: silent / 3600 })
    };
    timed.windows(2).filter_map(gap).collect()
}

/// Reads a time of day.
fn clock(text: &str) -> Option<(Time, bool)> {
    let text = table::narrow(text);
    let mut parts = text.split(':').map(|part| part.trim().parse::<i8>());
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().transpose().ok()?;
    Time::new(hour, minute, second.unwrap_or(0), 0).ok().map(|time| (time, second.is_some()))
}
