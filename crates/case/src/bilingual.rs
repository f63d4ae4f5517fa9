//! A text for people, in the two languages of the house.

use serde::{Deserialize, Serialize};

/// The same thing said in Chinese and in English.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Makes a text from both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Tells whether one of the languages says nothing.
    pub fn is_incomplete(&self) -> bool {
        self.zh.trim().is_empty() || self.en.trim().is_empty()
    }

    /// Returns the text with `{name}` replaced by `value` in both languages.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let slot = format!("{{{name}}}");
        Self { zh: self.zh.replace(&slot, value), en: self.en.replace(&slot, value) }
    }
}
