//! Quiet hours: a span of each day in China in which nothing is told.

use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use crate::calendar::{day_of, instant};

pub(super) const A_MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A span of each day, wall time in Asia/Shanghai; it may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: Time,
    until: Time,
}

/// Not a span of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a span of the day such as 22:30-08:00")]
pub struct NotQuiet;

impl Default for Quiet {
    /// Half past ten in the evening to eight in the morning.
    fn default() -> Self {
        Self { from: Time::constant(22, 30, 0, 0), until: Time::constant(8, 0, 0, 0) }
    }
}

impl Quiet {
    /// Returns the span that holds an instant, its first instant and the first one after it; `None` outside.
    pub fn around(self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let today = day_of(at);
        let spans = [today.yesterday().ok(), Some(today)].into_iter().flatten().map(|day| self.on(day));
        spans.into_iter().find(|(begins, ends)| (*begins..*ends).contains(&at))
    }

    /// The span that begins on a day.
    fn on(self, day: Date) -> (Timestamp, Timestamp) {
        let last = if self.until <= self.from { day.tomorrow().unwrap_or(day) } else { day };
        let at = |day: Date, time: Time| instant(day.to_datetime(time), Timestamp::MIN);
        (at(day, self.from), at(last, self.until))
    }
}

impl std::fmt::Display for Quiet {
    /// Writes `22:30-08:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, until) = (self.from, self.until);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from.hour(), from.minute(), until.hour(), until.minute())
    }
}

impl FromStr for Quiet {
    type Err = NotQuiet;

    fn from_str(text: &str) -> Result<Self, NotQuiet> {
        let time = |text: &str| -> Option<Time> {
            let (hour, minute) = text.trim().split_once(':')?;
            let two = |part: &str| -> Option<i8> {
                let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| part.parse().ok())?
            };
            Time::new(two(hour)?, two(minute)?, 0, 0).ok()
        };
        let (from, until) = text.split_once(['-', '–', '—']).ok_or(NotQuiet)?;
        let (from, until) = time(from).zip(time(until)).ok_or(NotQuiet)?;
        // A span of no length, or of the whole day, says nothing or everything.
        if from == until { Err(NotQuiet) } else { Ok(Self { from, until }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let wall = |text: &str| format!("2026-{text}+08:00").parse::<Timestamp>().unwrap();
        let night: Quiet = "22:30-08:00".parse().unwrap();
        assert_eq!(night, Quiet::default());
        for (at, span) in [
            ("11-24T22:29:59", None),
            ("11-24T22:30:00", Some(("11-24T22:30:00", "11-25T08:00:00"))),
            ("11-25T00:00:00", Some(("11-24T22:30:00", "11-25T08:00:00"))),
            ("11-25T07:59:59", Some(("11-24T22:30:00", "11-25T08:00:00"))),
            ("11-25T08:00:00", None),
        ] {
            assert_eq!(night.around(wall(at)), span.map(|(from, until)| (wall(from), wall(until))), "{at}");
        }
        let noon: Quiet = "12:00-14:00".parse().unwrap();
        assert!(
            noon.around(wall("11-24T13:00:00")).is_some() && noon.around(wall("11-24T23:00:00")).is_none()
        );
    }

    #[test]
    fn what_is_no_span_of_the_day_is_refused() {
        for (text, read) in [
            ("22:30-08:00", Some("22:30-08:00")),
            (" 9:05 – 10:00 ", Some("09:05-10:00")),
            ("22:30", None),
            ("24:00-08:00", None),
            ("08:00-08:00", None),
            ("+1:00-08:00", None),
            ("a:b-c:d", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Quiet>().ok().map(|quiet| quiet.to_string()).as_deref(), read, "{text}");
        }
    }
}
