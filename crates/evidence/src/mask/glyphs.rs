//! A text as its characters, with full-width forms folded to ASCII and a mark on each.
//!
//! Folding is for looking only: positions always lead back into the original text.

use std::ops::Range;

/// What is known of a character so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing yet.
    Free,
    /// Part of a secret.
    Secret,
    /// Part of something known not to be a secret, such as an order number.
    Public,
}

/// The folded characters of a text.
pub(super) struct Glyphs {
    chars: Vec<char>,
    offsets: Vec<usize>,
    marks: Vec<Mark>,
}

impl Glyphs {
    pub(super) fn new(text: &str) -> Self {
        let (mut offsets, chars): (Vec<usize>, Vec<char>) =
            text.char_indices().map(|(at, c)| (at, fold(c))).unzip();
        offsets.push(text.len());
        let marks = vec![Mark::Free; chars.len()];
        Self { chars, offsets, marks }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    pub(super) fn slice(&self, span: &Range<usize>) -> &[char] {
        &self.chars[span.clone()]
    }

    /// The position after the run of characters from `at` that `keep` holds of.
    pub(super) fn run_end(&self, at: usize, keep: impl Fn(char) -> bool) -> usize {
        at + self.chars[at.min(self.len())..].iter().take_while(|&&c| keep(c)).count()
    }

    pub(super) fn bytes(&self, span: &Range<usize>) -> Range<usize> {
        self.offsets[span.start]..self.offsets[span.end]
    }

    pub(super) fn is_free(&self, span: &Range<usize>) -> bool {
        self.marks[span.clone()].iter().all(|&mark| mark == Mark::Free)
    }

    /// Marks what is still free of the span.
    pub(super) fn mark(&mut self, span: &Range<usize>, mark: Mark) {
        for old in &mut self.marks[span.clone()] {
            if *old == Mark::Free {
                *old = mark;
            }
        }
    }

    /// Whether the span touches an ellipsis, as what is masked already does.
    pub(super) fn touches_ellipsis(&self, span: &Range<usize>) -> bool {
        let before = span.start.checked_sub(1).and_then(|at| self.get(at));
        before == Some('…') || self.get(span.end) == Some('…')
    }
}

/// Letters, digits and the signs that structure a code; other full-width signs end a code and stay.
fn fold(c: char) -> char {
    match c {
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '：'
        | '＝'
        | '｜'
        | '＠'
        | '．'
        | '／'
        | '－'
        | '＿'
        | '＃' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => '-',
        '\u{3000}' | '\u{A0}' | '\t' => ' ',
        _ => c,
    }
}
