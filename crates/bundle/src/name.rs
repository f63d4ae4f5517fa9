//! The name of a bundle: the day it was made and the leaf that logged it.

use crate::ItemId;

/// `sigu-<yyyymmdd>-<log>-<seq>`, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BundleName<'a> {
    day: &'a str,
    export: ItemId,
}

impl<'a> BundleName<'a> {
    /// Reads a name; `None` where it has another form.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let (day, export) = name.strip_prefix("sigu-")?.split_once('-')?;
        let is_day = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
        if is_day { Some(Self { day, export: export.parse().ok()? }) } else { None }
    }

    /// Tells whether the name says this day (`yyyy-mm-dd`) and this leaf.
    pub(crate) fn is_for(&self, date: &str, export: ItemId) -> bool {
        self.export == export && date.replace('-', "") == self.day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_and_position() {
        let name = BundleName::parse("sigu-20261122-2-17").expect("well formed");
        assert!(name.is_for("2026-11-22", ItemId::new(2, 17)));
        assert!(!name.is_for("2026-11-23", ItemId::new(2, 17)));
        assert!(!name.is_for("2026-11-22", ItemId::new(2, 18)));
        for bad in ["", "sigu-20261122-17", "sigu-2026112-2-17", "sigu-20261122-2-017", "x-20261122-2-17"] {
            assert_eq!(BundleName::parse(bad), None, "{bad}");
        }
    }
}
