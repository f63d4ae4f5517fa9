//! How often pages are looked at, and how gently.

use jiff::SignedDuration;
use sigu_case::report::PageWatched;
use sigu_evidence::ContentId;

/// How gently pages are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How many hosts are asked at the same time.
    pub at_once: usize,
    /// How long a host is left alone between two looks at its pages.
    pub gap: SignedDuration,
}

impl Default for Manner {
    fn default() -> Self {
        Self { at_once: 4, gap: SignedDuration::from_secs(10) }
    }
}

/// When one page is looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// After a look that found nothing new.
    pub(super) every: SignedDuration,
    /// After a look that has to be confirmed at once.
    pub(super) gap: SignedDuration,
}

impl Pace {
    /// The interval the user wants, up to a twentieth shorter or longer, always the same for one page: pages of one day
    /// are not all asked for at the same minute.
    pub(super) fn of(page: &PageWatched, manner: Manner) -> Self {
        let whole = SignedDuration::from_hours(page.every_hours.into()).as_secs();
        let name = ContentId::of(format!("{}\n{}", page.page, page.url).as_bytes()).to_string();
        let draw = i64::from_str_radix(&name[..4], 16).unwrap_or(0x8000);
        // From -1/20 to +1/20 of the interval.
        let aside = whole / 10 * draw / 0x1_0000 - whole / 20;
        Self { every: SignedDuration::from_secs(whole + aside), gap: manner.gap }
    }
}
