//! How values are shown on pages: money, times, spans, names.

use jiff::Timestamp;
use sigu_case::claim::yuan;
use sigu_documents::times;
use sigu_evidence::mask_text;

use crate::words::Words;

/// An instant on a page: the time for machines, the wall time in Asia/Shanghai, and how far off it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instant {
    /// RFC 3339 in UTC.
    pub(super) machine: String,
    /// `2026-08-03 14:05`.
    pub(super) wall: String,
    /// `还有 3 小时 20 分`, `2 天前`.
    pub(super) span: String,
    /// Whether it is over.
    pub(super) over: bool,
    /// Whether less than three hours are left.
    pub(super) soon: bool,
}

impl Instant {
    pub(super) fn of(at: Timestamp, now: Timestamp, words: &Words) -> Self {
        let seconds = at.duration_since(now).as_secs();
        let span = if (-59..60).contains(&seconds) {
            words.word("span-now")
        } else {
            let key = if seconds < 0 { "span-ago" } else { "span-left" };
            words.say(key, &[("span", words.span(seconds.abs()))])
        };
        Self {
            machine: at.to_string(),
            wall: times::minute(at),
            span,
            over: seconds < 0,
            soon: (0..3 * 3_600).contains(&seconds),
        }
    }
}

/// Money as people read it: `128.00 元`.
pub(super) fn money(fen: i64, words: &Words) -> String {
    words.say("money", &[("yuan", yuan(fen))])
}

/// Words of people or pages, with card secrets masked.
pub(super) fn masked(text: Option<&str>) -> String {
    text.map(mask_text).unwrap_or_default()
}

/// A size as people read it.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes & 0xF_FFFF) * 10) >> 20),
    }
}
