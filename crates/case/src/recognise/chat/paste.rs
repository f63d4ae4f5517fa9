//! The lines of a pasted dialogue: heads, dates between, what follows a head, and sorting.

use jiff::civil::Date;
use regex::Captures;

use super::super::{Hints, Moment, Precision, Span, table, time};
use super::{CHAT, ChatNote, Withheld, clock, side_of};

/// More lines than this are kept as one message's continuation.
const MAX_MESSAGES: usize = 20_000;

/// A message before its side is known.
pub(super) struct Raw {
    pub(super) at: Option<Moment>,
    pub(super) time: Option<String>,
    pub(super) speaker: Option<String>,
    pub(super) spans: Vec<Span>,
    pub(super) text_spans: Vec<Span>,
    pub(super) line: usize,
}

/// A pasted text in its parts.
#[derive(Default)]
pub(super) struct Pasted {
    pub(super) messages: Vec<Raw>,
    pub(super) unplaced: Vec<Withheld>,
    pub(super) separators: Vec<Span>,
    pub(super) notes: Vec<ChatNote>,
    /// The date of the last separator or head.
    day: Option<Date>,
}

/// The head of a message.
pub(super) struct Head<'l> {
    pub(super) name: &'l str,
    date: Option<&'l str>,
    time: Option<&'l str>,
    /// The text on the same line, as a range of it.
    text: Option<Span>,
}

/// Reads a line as a message's head with a time.
pub(super) fn head(line: &str) -> Option<Head<'_>> {
    if line.len() > 16 * 1024 || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    CHAT.headers.iter().find_map(|pattern| {
        let head = of_captures(&pattern.captures(line)?);
        let timed = head.time.is_some_and(|time| clock(time).is_some());
        let named = !head.name.is_empty() && !super::super::labels::is_label(head.name);
        (timed && named).then_some(head)
    })
}

fn of_captures<'l>(found: &Captures<'l>) -> Head<'l> {
    let group = |name| found.name(name);
    Head {
        name: group("name").map_or("", |part| part.as_str().trim()),
        date: group("date").map(|part| part.as_str()),
        time: group("time").map(|part| part.as_str()),
        text: group("text").map(|part| part.range()),
    }
}

/// Reads a whole paste.
pub(super) fn read(text: &str, hints: &Hints) -> Pasted {
    let mut pasted = Pasted { day: hints.day, ..Pasted::default() };
    let mut at = 0;
    for (n, raw) in text.split('\n').enumerate() {
        let line = raw.trim_start_matches('\u{feff}');
        let start = at + (raw.len() - line.len()) + (line.len() - line.trim_start().len());
        let line = line.trim();
        at += raw.len() + 1;
        if !line.is_empty() {
            pasted.line(line, start, n + 1, hints);
        }
    }
    pasted
}

impl Pasted {
    fn line(&mut self, line: &str, start: usize, number: usize, hints: &Hints) {
        let span = start..start + line.len();
        if self.separator(line, &span, number, hints) {
            return;
        }
        let untimed = || self.untimed(line, hints);
        match head(line).filter(|_| self.messages.len() < MAX_MESSAGES).or_else(untimed) {
            Some(head) => {
                let raw = self.message(&head, &span, number, hints);
                self.messages.push(raw);
            }
            None => match self.messages.last_mut() {
                Some(message) => {
                    message.spans.push(span.clone());
                    message.text_spans.push(span);
                }
                None => {
                    self.unplaced.push(Withheld { line: number, span, text: sigu_evidence::mask_text(line) })
                }
            },
        }
    }

    fn separator(&mut self, line: &str, span: &Span, number: usize, hints: &Hints) -> bool {
        if line.len() > 200 {
            return false;
        }
        let date = CHAT.separators.iter().find_map(|pattern| {
            let found = pattern.captures(line)?;
            Some(found.name("date")?.as_str().to_owned())
        });
        if let Some(date) = date {
            self.day = day(&date, self.day, hints).or(self.day);
        } else if CHAT.omissions.iter().any(|pattern| pattern.is_match(line)) {
            self.notes.push(ChatNote::Omission(number));
        } else {
            return false;
        }
        self.separators.push(span.clone());
        true
    }

    /// `名字：文本` counts as a message if the name is a known side or has spoken before.
    fn untimed<'l>(&self, line: &'l str, hints: &Hints) -> Option<Head<'l>> {
        if line.len() > 16 * 1024 || self.messages.len() >= MAX_MESSAGES {
            return None;
        }
        let head = of_captures(&CHAT.untimed.captures(line)?);
        let recent = self.messages.iter().rev().take(50);
        let spoke = recent.filter_map(|one| one.speaker.as_deref()).any(|name| name == head.name);
        let known = spoke || side_of(head.name, hints).is_some();
        (known && !super::super::labels::is_label(head.name)).then_some(head)
    }

    fn message(&mut self, head: &Head<'_>, span: &Span, number: usize, hints: &Hints) -> Raw {
        if let Some(date) = head.date {
            self.day = day(date, self.day, hints);
        }
        let clock = head.time.and_then(clock);
        let at = self.day.zip(clock).and_then(|(day, (time, seconds))| {
            let precision = if seconds { Precision::Second } else { Precision::Minute };
            let at = time::instant(day.to_datetime(time))?;
            Some(Moment { at, precision, year_from_hint: false })
        });
        let text = head.text.as_ref().filter(|text| !text.is_empty());
        Raw {
            at,
            time: head.time.map(str::to_owned),
            speaker: Some(table::shorten(head.name, 40).to_owned()),
            spans: vec![span.clone()],
            text_spans: text.map(|text| span.start + text.start..span.start + text.end).into_iter().collect(),
            line: number,
        }
    }
}

/// A date as written; without a year in the year of the last date, else of the hints.
fn day(text: &str, last: Option<Date>, hints: &Hints) -> Option<Date> {
    let year = hints.year.or(last.map(Date::year));
    let hints = Hints { year, ..hints.clone() };
    time::read(text, &hints).map(|moment| time::SHANGHAI.to_datetime(moment.at).date())
}

/// Sorts by time; a message without one stays behind the one before it. Gives how many stood too late.
pub(super) fn sort(messages: &mut Vec<Raw>) -> usize {
    let mut last = None;
    let mut latest = None;
    let mut late = 0;
    let mut keyed = Vec::with_capacity(messages.len());
    for raw in messages.drain(..) {
        if let Some(moment) = raw.at {
            late += usize::from(latest.is_some_and(|before| moment.at < before));
            latest = latest.max(Some(moment.at));
            last = Some(moment.at);
        }
        keyed.push((last, raw));
    }
    keyed.sort_by_key(|(key, _)| *key);
    messages.extend(keyed.into_iter().map(|(_, raw)| raw));
    late
}
