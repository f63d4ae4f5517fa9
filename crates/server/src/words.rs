//! The words of the product, in Chinese and English, from the `messages/` of the workspace: pages and commands say the same
//! thing in the same words.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader, static_loader};
use sigu_case::bilingual::Bilingual;
use unic_langid::{LanguageIdentifier, langid};

static_loader! {
    static MESSAGES = {
        locales: "../../messages",
        fallback_language: "zh-CN",
        // Isolation marks around values would land in copied text and in scripts.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The words in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    language: LanguageIdentifier,
}

impl Words {
    /// The Chinese words.
    pub fn chinese() -> Self {
        Self { language: langid!("zh-CN") }
    }

    /// The English words.
    pub fn in_english() -> Self {
        Self { language: langid!("en") }
    }

    /// Returns whether these are the English words.
    pub fn english(&self) -> bool {
        self.language == langid!("en")
    }

    /// Returns a message.
    ///
    /// # Panics
    /// On a key that no message file has, or a value it lacks; the tests say every message the code can ask for.
    pub fn say(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'_>> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(value.as_str())))
            .collect();
        MESSAGES
            .try_lookup_with_args(&self.language, key, &values)
            .unwrap_or_else(|| panic!("no message {key}"))
    }

    /// Says a length of time, in seconds, by days and hours or by hours and minutes.
    pub fn span(&self, seconds: i64) -> String {
        let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60);
        let values =
            [("days", days.to_string()), ("hours", hours.to_string()), ("minutes", minutes.to_string())];
        let key = match (days, hours) {
            (0, 0) => "span-minutes",
            (0, _) => "span-hours",
            (_, 0) => "span-whole-days",
            _ => "span-days",
        };
        self.say(key, &values)
    }

    /// Joins a list as the language does.
    pub fn list(&self, items: &[String]) -> String {
        items.join(if self.english() { ", " } else { "、" })
    }

    /// Puts an aside in brackets as the language does.
    pub fn aside(&self, text: &str) -> String {
        if self.english() { format!(" ({text})") } else { format!("（{text}）") }
    }

    /// Chooses from a text in both languages.
    pub fn pick<'a>(&self, text: &'a Bilingual) -> &'a str {
        if self.english() { &text.en } else { &text.zh }
    }

    /// Returns a message without values, or `None` where there is none of that key.
    pub fn try_word(&self, key: &str) -> Option<String> {
        MESSAGES.try_lookup_with_args(
            &self.language,
            key,
            &HashMap::<Cow<'static, str>, FluentValue<'_>>::new(),
        )
    }

    /// Returns a message without values.
    ///
    /// # Panics
    /// As [`Words::say`].
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_length_of_time_has_no_empty_part() {
        let table = [
            (59, "0 分钟", "0 min"),
            (59 * 60, "59 分钟", "59 min"),
            (3_600, "1 小时 0 分", "1 h 0 min"),
            (86_400, "1 天", "1 d"),
            (90_000, "1 天 1 小时", "1 d 1 h"),
        ];
        for (seconds, chinese, english) in table {
            assert_eq!(Words::chinese().span(seconds), chinese);
            assert_eq!(Words::in_english().span(seconds), english);
        }
    }
}
