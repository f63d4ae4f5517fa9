//! How well something is supported, and whether it may stand as it is.

use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// How well a statement is supported: D is shown as 待核验.
    Confidence {
        /// The primary text or code was read.
        A = "A",
        /// The primary text was read but may not be the newest, or two secondary sources agree.
        B = "B",
        /// One secondary source.
        C = "C",
        /// Unverified.
        D = "D",
    }
}

/// Whether a statement may stand as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// 已核对: read in its primary text.
    Checked,
    /// 待核验: to be checked before anybody relies on it.
    ToBeChecked,
}

impl CheckStatus {
    /// Derives the status: confidence C or D, or a flag to check before release, is to be checked.
    pub const fn of(confidence: Confidence, check_before_release: bool) -> Self {
        match confidence {
            Confidence::A | Confidence::B if !check_before_release => Self::Checked,
            _ => Self::ToBeChecked,
        }
    }

    /// Returns the label shown to the user.
    pub fn label(self) -> Bilingual {
        match self {
            Self::Checked => Bilingual::new("已核对", "checked"),
            Self::ToBeChecked => Bilingual::new("待核验", "to be checked"),
        }
    }
}
