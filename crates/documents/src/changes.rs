//! What changed between two versions of a text, as runs of words that stayed, went and came.

use sigu_case::watch::{DiffPart, word_changes};

pub use sigu_case::watch::same_words;

use crate::paper::Span;

/// Returns the later text with what it lost and won against the earlier one.
pub fn spans(old: &str, new: &str) -> Vec<Span> {
    let span = |part: DiffPart| match part {
        DiffPart::Same(text) => Span::Text(text),
        DiffPart::Removed(text) => Span::Removed(text),
        DiffPart::Added(text) => Span::Added(text),
    };
    word_changes(old, new).into_iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Span {
        Span::text(words)
    }

    #[test]
    fn numbers_change_as_a_whole_and_single_signs_do_not_split_a_clause() {
        let removed = |words: &str| Span::Removed(words.to_owned());
        let added = |words: &str| Span::Added(words.to_owned());
        assert_eq!(
            spans("退款比例100%，24小时内。", "退款比例80%，24小时内。"),
            [text("退款比例"), removed("100%"), added("80%"), text("，24小时内。")]
        );
        assert_eq!(spans("可退款。", "概不退换。"), [removed("可退款"), added("概不退换"), text("。")]);
        assert_eq!(spans("包退。", "包退。七日内。"), [text("包退。"), added("七日内。")]);
        assert_eq!(spans("包退。七日内。", "包退。"), [text("包退。"), removed("七日内。")]);
    }

    #[test]
    fn spaces_and_width_are_no_change() {
        assert!(same_words("５ 天内\n退", "5天内退") && !same_words("5天", "7天"));
        assert_eq!(spans("５天", "5天"), [text("5天")]);
        assert!(spans("5天 内", "5天\n内").iter().all(|span| matches!(span, Span::Text(_))));
    }

    #[test]
    fn a_long_text_is_compared_clause_by_clause() {
        let old = "甲乙丙丁。".repeat(2_000);
        let new = old.replacen("甲乙", "甲己", 1);
        let spans = spans(&old, &new);
        assert_eq!(spans[..2], [Span::Removed("甲乙丙丁。".into()), Span::Added("甲己丙丁。".into())]);
    }
}
