//! Where a leaf is: the number of its log inside the vault, and its index in that log.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The place of one leaf, written `1-17`: log 1, leaf 17.
///
/// The order is by log, then by leaf. Logs count from 1, leaves from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The number of the log inside the vault, from 1.
    pub log: u32,
    /// The index of the leaf in that log, from 0.
    pub seq: u64,
}

impl Position {
    /// Makes a position; nothing is checked, since a position is only a name.
    pub fn new(log: u32, seq: u64) -> Self {
        Self { log, seq }
    }
}

/// The text is not `<log>-<seq>` in its one decimal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position is <log>-<seq>, both decimal and without leading zeros")]
pub struct PositionError;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.log, self.seq)
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, PositionError> {
        let (log, seq) = text.split_once('-').ok_or(PositionError)?;
        let log = log_number(log).ok_or(PositionError)?;
        let seq = decimal(seq).ok_or(PositionError)?;
        Ok(Self { log, seq })
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a log number: decimal, from 1.
pub(crate) fn log_number(text: &str) -> Option<u32> {
    decimal(text).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
}

/// Reads a number in its one decimal form: digits only, no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if canonical && digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_form_only() {
        assert_eq!("1-17".parse(), Ok(Position::new(1, 17)));
        assert_eq!(Position::new(2, 0).to_string(), "2-0");
        for bad in ["", "1", "-", "0-1", "01-1", "1-01", "+1-1", "1-+1", "1-1-1", "1- 1", "4294967296-1"] {
            assert_eq!(bad.parse::<Position>(), Err(PositionError), "{bad}");
        }
        assert!("1-18446744073709551616".parse::<Position>().is_err());
    }
}
