//! How papers say what was counted: rates with their intervals, spans of time, sums.

use sigu_case::claim::yuan;
use sigu_case::dossier::{BasisPoints, Ending, Endings, Rate, Replies};

use crate::draft::Draft;
use crate::paper::{Block, Span};
use crate::plot::{Bar, Plot, Shape, Size};
use crate::words::Words;

/// A rate with its sample and interval; `None` when the sample is empty, which is not 0 % (D8).
pub(super) fn rate(words: &Words, rate: &Rate) -> Option<String> {
    let (share, interval) = (rate.share_bp.value()?, rate.interval.value()?);
    let values = [rate.hits, rate.of].map(|count| count.to_string());
    Some(words.say(
        "rate",
        &[
            ("hits", &values[0]),
            ("of", &values[1]),
            ("share", &percent(*share)),
            ("low", &percent(interval.low_bp)),
            ("high", &percent(interval.high_bp)),
        ],
    ))
}

/// Hundredths of a percent as people read them.
pub(super) fn percent(bp: BasisPoints) -> String {
    format!("{}.{:02}%", bp / 100, bp % 100)
}

/// A sum in 元.
pub(super) fn money(words: &Words, fen: i64) -> String {
    words.say("money", &[("yuan", &yuan(fen))])
}

/// How soon the first answer came: the median, and how many came at all.
pub(super) fn replies<S>(draft: &Draft<'_, S>, replies: &Replies) -> Vec<(String, Vec<Span>)> {
    let counts = [replies.answered, replies.unanswered, replies.waiting].map(|count| count.to_string());
    let median = replies.median_s.value().map(|seconds| span(&draft.words, *seconds));
    let counted = draft.say(
        "replies-counted",
        &[("answered", &counts[0]), ("unanswered", &counts[1]), ("waiting", &counts[2])],
    );
    let median = median.unwrap_or_else(|| unknown(draft, "unknown-reply"));
    vec![
        (draft.word("replies-median"), vec![Span::Text(median)]),
        (draft.word("replies-answers"), vec![Span::Text(counted)]),
    ]
}

/// 不详, with where it would be noted.
pub(super) fn unknown<S>(draft: &Draft<'_, S>, how: &str) -> String {
    draft.say("unknown", &[("how", &draft.word(how))])
}

fn span(words: &Words, seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60);
    let values = [days, hours, minutes].map(|part| part.to_string());
    let key = if days > 0 { "span-days" } else { "span-hours" };
    words.say(key, &[("days", &values[0]), ("hours", &values[1]), ("minutes", &values[2])])
}

/// Bars of one series, one below the other, each named by a message or by itself.
pub(super) fn bars<S>(draft: &mut Draft<'_, S>, of: [&str; 3], rows: Vec<(String, Size)>) {
    let [title, unit, labels] = of.map(|key| draft.word(key));
    let bars = rows.into_iter().map(|(label, size)| Bar { label, sizes: vec![size] }).collect();
    let series = vec![unit.clone()];
    let plot = Plot { title, unit, shape: Shape::Bars, labels, series, bars, alt: String::new() };
    let plot = plot.spoken(&draft.words);
    draft.push(Block::Plot(plot));
}

/// How disputes ended, as bars; nothing where there was no dispute.
pub(super) fn endings<S>(draft: &mut Draft<'_, S>, endings: Endings) {
    let rows = Ending::ALL.iter().map(|one| {
        let label = draft.word(&format!("ending-{}", one.code()));
        (label, Size::count(endings.count(*one)))
    });
    let rows: Vec<(String, Size)> = rows.collect();
    if rows.iter().any(|(_, size)| size.size > 0) {
        bars(draft, ["endings-title", "unit-disputes", "endings-labels"], rows);
    }
}
