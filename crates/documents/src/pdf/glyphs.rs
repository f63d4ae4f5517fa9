//! Signs that no font of ours has: PDF/A refuses them, so they are said in words, `[U+20BB7]`, and the paper says so.

use std::collections::BTreeSet;

use crate::fonts::covers;
use crate::paper::Paper;

/// Returns the paper with rare signs written out, and which they were.
pub(super) fn replace_rare(paper: &Paper) -> (Paper, Vec<char>) {
    let mut rare = BTreeSet::new();
    let mut paper = paper.clone();
    paper.each_text(&mut |text| {
        if let Some(plain) = replaced(text, &mut rare) {
            *text = plain;
        }
    });
    (paper, rare.into_iter().collect())
}

/// Signs that are invisible or that order the text; they print nothing, and a name could hide behind them.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

fn replaced(text: &str, rare: &mut BTreeSet<char>) -> Option<String> {
    let plain =
        |sign: char| sign == '\n' || sign == '\t' || (!sign.is_control() && !is_unseen(sign) && covers(sign));
    if text.chars().all(plain) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        if plain(sign) {
            out.push(sign);
        } else if !is_unseen(sign) && !sign.is_control() {
            rare.insert(sign);
            out.push_str(&format!("[U+{:04X}]", u32::from(sign)));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_signs_are_written_out_and_unseen_ones_go() {
        let mut rare = BTreeSet::new();
        assert_eq!(replaced("点卡 100元", &mut rare), None);
        assert_eq!(replaced("𠮷野\u{202E}家", &mut rare).as_deref(), Some("[U+20BB7]野家"));
        assert_eq!(replaced("㐂😀", &mut rare), None);
        assert_eq!(rare.into_iter().collect::<String>(), "𠮷");
    }
}
