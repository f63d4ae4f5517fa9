//! Folding of text before it is compared, with a way back to the original positions (domain §6.1).
//!
//! Each view is the text as some rule wants to read it: full-width forms, zero-width signs, blanks inside
//! words, look-alikes, repeats, number words. A view knows for each character which original one it came from.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::verdict::Span;

/// The ways a text is read.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ViewKind {
    /// NFKC, nothing invisible, no pictures; case kept.
    Raw,
    /// Lower case.
    Plain,
    /// Without blanks, joiners and repeats; look-alikes folded.
    #[default]
    Words,
    /// Number words as digits.
    Digits,
    /// And no separators between digits.
    Joined,
}

/// `[fold]` of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FoldRow {
    kept_emoji: String,
    joiners: String,
    signs: Vec<(char, char)>,
    lookalikes: Vec<Lookalike>,
    digits: String,
    digit_letters: String,
    digit_separators: String,
    pub(super) quotes: Vec<String>,
    #[serde(skip)]
    digit_of: BTreeMap<char, char>,
}

/// Signs that stand for another beside certain neighbours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lookalike {
    from: String,
    to: char,
    before: String,
    after: String,
}

impl FoldRow {
    /// Makes the number words quick to look up.
    pub(super) fn indexed(mut self) -> Self {
        let signs: Vec<char> = self.digits.chars().collect();
        self.digit_of = signs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        self
    }
}

/// A character of a view and the original character it came from.
type Cell = (char, usize);

/// One reading of a text.
pub(super) struct View {
    pub(super) text: String,
    /// Start of each character in `text`.
    starts: Vec<usize>,
    /// The original character of each.
    sources: Vec<usize>,
}

impl View {
    fn new(cells: &[Cell]) -> Self {
        let mut view = Self {
            text: String::with_capacity(cells.len() * 3),
            starts: Vec::with_capacity(cells.len()),
            sources: Vec::with_capacity(cells.len()),
        };
        for &(c, source) in cells {
            view.starts.push(view.text.len());
            view.sources.push(source);
            view.text.push(c);
        }
        view
    }

    /// The original characters that a non-empty byte range of the view came from.
    pub(super) fn sources(&self, bytes: &Range<usize>) -> Option<Range<usize>> {
        let first = self.starts.binary_search(&bytes.start).ok()?;
        let end = self.starts.partition_point(|&start| start < bytes.end);
        let last = end.checked_sub(1).filter(|&last| last >= first)?;
        Some(self.sources[first]..self.sources[last] + 1)
    }
}

/// A text with all its views.
pub(super) struct Folded<'t> {
    text: &'t str,
    chars: Vec<char>,
    bytes: Vec<usize>,
    raw: View,
    plain: View,
    words: View,
    digits: View,
    joined: View,
}

impl<'t> Folded<'t> {
    /// Folds a text in time proportional to its length.
    pub(super) fn new(text: &'t str, row: &FoldRow) -> Self {
        let (mut bytes, chars): (Vec<usize>, Vec<char>) = text.char_indices().unzip();
        bytes.push(text.len());
        let raw = visible(&chars, row);
        let plain = lower(&raw);
        let words = collapsed(&looked_alike(&tight(&plain, row), row));
        let digits = numbered(&plain, row);
        let joined = joined(&digits, row);
        Self {
            text,
            chars,
            bytes,
            raw: View::new(&raw),
            plain: View::new(&plain),
            words: View::new(&words),
            digits: View::new(&digits),
            joined: View::new(&joined),
        }
    }

    /// The original text.
    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    /// The original characters.
    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    /// One of the readings.
    pub(super) const fn view(&self, kind: ViewKind) -> &View {
        match kind {
            ViewKind::Raw => &self.raw,
            ViewKind::Plain => &self.plain,
            ViewKind::Words => &self.words,
            ViewKind::Digits => &self.digits,
            ViewKind::Joined => &self.joined,
        }
    }

    /// The first line that is not blank, without blanks.
    pub(super) fn first_line(&self) -> &str {
        self.words.text.lines().find(|line| !line.is_empty()).unwrap_or("")
    }

    /// The original character at a byte of the text; the last one's successor for the end.
    pub(super) fn char_at(&self, byte: usize) -> usize {
        self.bytes.partition_point(|&start| start < byte).min(self.chars.len())
    }

    /// A range of original characters as a span.
    pub(super) fn span(&self, chars: &Range<usize>) -> Span {
        let end = chars.end.min(self.chars.len());
        let start = chars.start.min(end);
        Span { start_byte: self.bytes[start], end_byte: self.bytes[end], start_char: start, end_char: end }
    }

    /// Whether a Latin letter or digit touches the range in the original.
    pub(super) fn touched(&self, chars: &Range<usize>) -> bool {
        let sign = |at: Option<usize>| {
            at.and_then(|at| self.chars.get(at))
                .is_some_and(|c| c.nfkc().next().is_some_and(|c| c.is_ascii_alphanumeric()))
        };
        sign(chars.start.checked_sub(1)) || sign(Some(chars.end))
    }
}

fn visible(chars: &[char], row: &FoldRow) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(chars.len());
    for (source, &c) in chars.iter().enumerate() {
        if is_invisible(c) || (is_picture(c) && !row.kept_emoji.contains(c)) {
            continue;
        }
        let sign = row.signs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
        cells.extend(std::iter::once(sign).nfkc().map(|c| (c, source)));
    }
    cells
}

/// Zero-width signs, direction marks, variation selectors and the keycap frame.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}'  | '\u{FEFF}' | '\u{20E3}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

const fn is_picture(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}')
}

fn lower(cells: &[Cell]) -> Vec<Cell> {
    cells.iter().flat_map(|&(c, source)| c.to_lowercase().map(move |c| (c, source))).collect()
}

/// Drops blanks (line ends stay), and joiners between two letters.
fn tight(cells: &[Cell], row: &FoldRow) -> Vec<Cell> {
    let solid: Vec<Cell> = cells.iter().copied().filter(|&(c, _)| c == '\n' || !c.is_whitespace()).collect();
    let letter = |at: Option<usize>| {
        at.and_then(|at| solid.get(at)).is_some_and(|&(c, _)| c.is_alphabetic() && !c.is_ascii_digit())
    };
    let mut out = Vec::with_capacity(solid.len());
    for (at, &cell) in solid.iter().enumerate() {
        let joins = row.joiners.contains(cell.0) && letter(at.checked_sub(1)) && letter(Some(at + 1));
        if !joins {
            out.push(cell);
        }
    }
    out
}

fn looked_alike(cells: &[Cell], row: &FoldRow) -> Vec<Cell> {
    let mut out = cells.to_vec();
    for alike in &row.lookalikes {
        let beside = |set: &str, at: Option<usize>, cells: &[Cell]| {
            set.is_empty() || at.and_then(|at| cells.get(at)).is_some_and(|cell| set.contains(cell.0))
        };
        for at in 0..out.len() {
            let fits = alike.from.contains(out[at].0)
                && beside(&alike.before, Some(at + 1), &out)
                && beside(&alike.after, at.checked_sub(1), &out);
            if fits {
                out[at].0 = alike.to;
            }
        }
    }
    out
}

/// Three or more of the same letter in a row become one.
fn collapsed(cells: &[Cell]) -> Vec<Cell> {
    let mut out = Vec::with_capacity(cells.len());
    for run in cells.chunk_by(|a, b| a.0 == b.0) {
        let kept = if run.len() >= 3 && run[0].0.is_alphabetic() { 1 } else { run.len() };
        out.extend_from_slice(&run[..kept]);
    }
    out
}

fn numbered(cells: &[Cell], row: &FoldRow) -> Vec<Cell> {
    let mut out: Vec<Cell> =
        cells.iter().map(|&(c, source)| (row.digit_of.get(&c).copied().unwrap_or(c), source)).collect();
    for at in 1..out.len() {
        if row.digit_letters.contains(out[at].0) && out[at - 1].0.is_ascii_digit() {
            out[at].0 = '0';
        }
    }
    out
}

fn joined(cells: &[Cell], row: &FoldRow) -> Vec<Cell> {
    let separator = |c: char| row.digit_separators.contains(c);
    let mut out: Vec<Cell> = Vec::with_capacity(cells.len());
    let mut at = 0;
    while at < cells.len() {
        let gap = cells[at..].iter().take_while(|&&(c, _)| separator(c)).count();
        let digit = |cell: Option<&Cell>| cell.is_some_and(|&(c, _)| c.is_ascii_digit());
        let next = cells.get(at + gap);
        let between = gap > 0
            && gap <= 2
            && digit(out.last())
            && (digit(next) || next.is_some_and(|cell| cell.0 == 'x'));
        if !between {
            out.extend_from_slice(&cells[at..at + gap]);
        }
        out.extend(next);
        at += gap + 1;
    }
    out
}
