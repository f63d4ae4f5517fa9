//! Which leaf is meant: the number of its log inside the vault, and its index in that log.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The place of one leaf, written `1-17`: log 1, leaf 17.
///
/// The order is by log, then by leaf. Logs count from 1, leaves from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId {
    /// The number of the log inside the vault, from 1.
    pub log: u32,
    /// The index of the leaf in that log, from 0.
    pub seq: u64,
}

impl ItemId {
    /// Makes an id; nothing is checked, since an id is only a name.
    pub fn new(log: u32, seq: u64) -> Self {
        Self { log, seq }
    }
}

/// The text is not `<log>-<seq>` in its one decimal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an item id is <log>-<seq>, both decimal and without leading zeros")]
pub struct ItemIdError;

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.log, self.seq)
    }
}

impl FromStr for ItemId {
    type Err = ItemIdError;

    fn from_str(text: &str) -> Result<Self, ItemIdError> {
        let (log, seq) = text.split_once('-').ok_or(ItemIdError)?;
        let log = log_number(log).ok_or(ItemIdError)?;
        let seq = decimal(seq).ok_or(ItemIdError)?;
        Ok(Self { log, seq })
    }
}

impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ItemId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Reads a log number: decimal, from 1.
pub fn log_number(text: &str) -> Option<u32> {
    decimal(text).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
}

/// Reads a number in its one decimal form: digits only, no sign, no leading zero.
pub fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if canonical && digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_form_only() {
        assert_eq!("1-17".parse(), Ok(ItemId::new(1, 17)));
        assert_eq!(ItemId::new(2, 0).to_string(), "2-0");
        for bad in ["", "1", "-", "0-1", "01-1", "1-01", "+1-1", "1-+1", "1-1-1", "1- 1", "4294967296-1"] {
            assert_eq!(bad.parse::<ItemId>(), Err(ItemIdError), "{bad}");
        }
        assert!("1-18446744073709551616".parse::<ItemId>().is_err());
    }
}
