//! A text with the places where the words stand, and a short piece of it to show.

use std::ops::Range;

use serde::Serialize;

use super::Part;

/// A text in which words were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marked {
    /// What the text is.
    pub part: Part,
    /// The whole text, card secrets masked.
    pub text: String,
    /// Where the words stand: ranges of characters, in order, apart.
    pub marks: Vec<Range<usize>>,
}

/// A stretch of text that is marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are what was looked for.
    pub marked: bool,
}

impl Marked {
    /// Cuts the text to about `width` characters around the first mark, and parts it into what is marked and what is not.
    /// Line ends become blanks; `…` stands where something was left out.
    pub fn excerpt(&self, width: usize) -> Vec<Piece> {
        let chars: Vec<char> = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let first = self.marks.first().cloned().unwrap_or(0..0);
        let spare = width.saturating_sub(first.len());
        let mut start = first.start.saturating_sub(spare / 3);
        let end = (start + width).max(first.end).min(chars.len());
        if end == chars.len() {
            start = start.min(end.saturating_sub(width));
        }
        let left_out = |yes: bool| yes.then(|| Piece { text: "…".to_owned(), marked: false });
        let mut pieces: Vec<Piece> = left_out(start > 0).into_iter().collect();
        let mut put = |range: Range<usize>, marked: bool| {
            if !range.is_empty() {
                pieces.push(Piece { text: chars[range].iter().collect(), marked });
            }
        };
        let mut at = start;
        for mark in self.marks.iter().filter(|mark| mark.start >= start && mark.end <= end) {
            put(at..mark.start, false);
            put(mark.clone(), true);
            at = mark.end;
        }
        put(at..end, false);
        pieces.extend(left_out(end < chars.len()));
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, mark: Range<usize>, width: usize) -> String {
        let marked = Marked { part: Part::Note, text: text.to_owned(), marks: vec![mark] };
        let show = |piece: Piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text };
        marked.excerpt(width).into_iter().map(show).collect()
    }

    #[test]
    fn a_piece_is_cut_around_the_first_mark() {
        assert_eq!(excerpt("点卡无效", 0..2, 20), "[点卡]无效");
        assert_eq!(excerpt("一\n点卡\n", 2..4, 20), "一 [点卡] ");
        let long = format!("{}点卡{}", "前".repeat(50), "后".repeat(50));
        assert_eq!(excerpt(&long, 50..52, 8), format!("…前前[点卡]{}…", "后".repeat(4)));
        assert_eq!(excerpt(&long, 101..102, 8), format!("…{}[后]", "后".repeat(7)));
        assert_eq!(excerpt("", 0..0, 8), "");
    }
}
