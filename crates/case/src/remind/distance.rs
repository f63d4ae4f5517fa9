//! How far from a clock's due time a reminder is.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

/// How far from the due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distance {
    /// When the clock starts.
    AtOnce,
    /// When half of the window is left.
    Half,
    /// That many minutes before.
    Before {
        /// The minutes, at least one.
        minutes: u32,
    },
    /// When it is over.
    AtDue,
    /// When the user wanted to be told again.
    Snoozed {
        /// That instant.
        until: Timestamp,
    },
}

impl Distance {
    /// Returns the instant it falls on; `None` where that lies before the clock starts.
    pub(super) fn instant(self, started: Timestamp, due: Timestamp) -> Option<Timestamp> {
        let at = match self {
            Self::AtOnce => started,
            Self::Half => due.checked_sub(due.duration_since(started) / 2).ok()?,
            Self::Before { minutes } => {
                due.checked_sub(SignedDuration::from_mins(i64::from(minutes))).ok()?
            }
            Self::AtDue => due,
            Self::Snoozed { until } => until,
        };
        (at >= started).then_some(at)
    }
}

impl std::fmt::Display for Distance {
    /// Writes it as the table has it: `at-once`, `half`, `7d`, `2h`, `15min`, `due`; a snoozed one with its second.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtOnce => f.write_str("at-once"),
            Self::Half => f.write_str("half"),
            Self::AtDue => f.write_str("due"),
            Self::Before { minutes } if minutes % 1_440 == 0 => write!(f, "{}d", minutes / 1_440),
            Self::Before { minutes } if minutes % 60 == 0 => write!(f, "{}h", minutes / 60),
            Self::Before { minutes } => write!(f, "{minutes}min"),
            Self::Snoozed { until } => write!(f, "snoozed-{}", until.as_second()),
        }
    }
}

/// Not a distance of the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a distance: {0}")]
pub struct NotADistance(String);

impl FromStr for Distance {
    type Err = NotADistance;

    fn from_str(text: &str) -> Result<Self, NotADistance> {
        let wrong = || NotADistance(text.to_owned());
        let (unit, each) = match text {
            "at-once" => return Ok(Self::AtOnce),
            "half" => return Ok(Self::Half),
            "due" => return Ok(Self::AtDue),
            _ if text.ends_with("min") => ("min", 1),
            _ if text.ends_with('h') => ("h", 60),
            _ => ("d", 1_440),
        };
        let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
        let minutes = number.and_then(|number| number.checked_mul(each)).filter(|minutes| *minutes > 0);
        minutes.map(|minutes| Self::Before { minutes }).ok_or_else(wrong)
    }
}

impl<'de> serde::Deserialize<'de> for Distance {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Distance {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_written_as_they_are_read() {
        for text in ["at-once", "half", "due", "7d", "60d", "2h", "30min", "90min", "15min"] {
            assert_eq!(text.parse::<Distance>().unwrap().to_string(), text);
        }
        for wrong in ["", "d", "0h", "-1d", "1w", "1.5h", "half ", "99999999999d", "9999999d"] {
            assert!(wrong.parse::<Distance>().is_err(), "{wrong}");
        }
    }
}
