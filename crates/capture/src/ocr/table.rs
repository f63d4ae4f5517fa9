//! The table of words that tesseract writes (TSV), put together to lines.

use super::{Line, Place, Suggestion};

/// More words than this are not read.
const MAX_WORDS: usize = 100_000;

struct Word<'a> {
    line: [&'a str; 4],
    place: Place,
    confidence: f32,
    text: &'a str,
}

pub(super) fn read(table: &str) -> Suggestion {
    let words: Vec<Word<'_>> = table.lines().filter_map(word).take(MAX_WORDS).collect();
    page(words.chunk_by(|one, next| one.line == next.line).filter_map(line).collect())
}

/// A page of lines, from above to below.
pub(super) fn page(mut lines: Vec<Line>) -> Suggestion {
    lines.sort_by_key(|line| (line.place.top, line.place.left));
    let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    let confidence = mean(lines.iter().map(|line| (line.characters(), f32::from(line.confidence))));
    Suggestion { text, confidence, lines }
}

/// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(row: &str) -> Option<Word<'_>> {
    let cells: Vec<&str> = row.split('\t').collect();
    let ["5", page, block, paragraph, line, _, left, top, width, height, confidence, text] = cells[..] else {
        return None;
    };
    let number = |cell: &str| cell.parse::<u32>().ok();
    let place =
        Place { left: number(left)?, top: number(top)?, width: number(width)?, height: number(height)? };
    let confidence = confidence.parse::<f32>().ok().filter(|value| (0.0..=100.0).contains(value))?;
    let text = text.trim();
    (!text.is_empty()).then_some(Word { line: [page, block, paragraph, line], place, confidence, text })
}

fn line(words: &[Word<'_>]) -> Option<Line> {
    let mut text = String::new();
    for word in words {
        let spaced = text.chars().last().is_some_and(|c| !is_wide(c))
            && word.text.chars().next().is_some_and(|c| !is_wide(c));
        if spaced {
            text.push(' ');
        }
        text.push_str(word.text);
    }
    let places = || words.iter().map(|word| word.place);
    let left = places().map(|place| place.left).min()?;
    let top = places().map(|place| place.top).min()?;
    let right = places().map(|place| place.left.saturating_add(place.width)).max()?;
    let bottom = places().map(|place| place.top.saturating_add(place.height)).max()?;
    let place = Place { left, top, width: right - left, height: bottom - top };
    Some(Line {
        text,
        confidence: mean(words.iter().map(|word| (word.text.chars().count(), word.confidence))),
        place,
    })
}

/// Characters of Chinese writing, between which no space belongs.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}')
        || matches!(c, '\u{ff00}'..='\u{ffef}')
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of values from 0 to 100 over at most some million characters"
)]
fn mean(parts: impl Iterator<Item = (usize, f32)>) -> u8 {
    let add = |(all, sum): (f32, f32), (length, confidence): (usize, f32)| {
        (all + length as f32, sum + confidence * length as f32)
    };
    let (all, sum) = parts.fold((0.0, 0.0), add);
    if all == 0.0 { 0 } else { (sum / all).round().clamp(0.0, 100.0) as u8 }
}
