//! The papers' own words, in Chinese and English, from `messages/`.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader, static_loader};
use sigu_case::bilingual::Bilingual;
use unic_langid::{LanguageIdentifier, langid};

use crate::kind::Lang;

static_loader! {
    static MESSAGES = {
        locales: "./messages",
        fallback_language: "zh-CN",
        // Isolation marks around values would land in copied text.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The words in one language.
#[derive(Debug, Clone)]
pub struct Words {
    lang: Lang,
    language: LanguageIdentifier,
}

impl Words {
    /// The words of a language.
    pub fn of(lang: Lang) -> Self {
        let language = match lang {
            Lang::Zh => langid!("zh-CN"),
            Lang::En => langid!("en"),
        };
        Self { lang, language }
    }

    /// Returns which language these are.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Returns a message with its values.
    ///
    /// # Panics
    /// On a key that no message file has; the tests make every kind of paper.
    pub fn say(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        self.look_up(key, values).unwrap_or_else(|| panic!("no message {key}"))
    }

    /// Returns a message without values.
    ///
    /// # Panics
    /// As [`Words::say`].
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// Returns a message without values, or `None` where there is none of that key.
    pub fn try_word(&self, key: &str) -> Option<String> {
        self.look_up(key, &[])
    }

    fn look_up(&self, key: &str, values: &[(&'static str, &str)]) -> Option<String> {
        let values: HashMap<Cow<'static, str>, FluentValue<'_>> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(*value))).collect();
        MESSAGES.try_lookup_with_args(&self.language, key, &values)
    }

    /// Names a part of a text by its code in the engine's tables; what has no name of its own here, such as a citation,
    /// is its own name.
    pub(crate) fn part(&self, code: &str) -> String {
        let plain = code.trim_end_matches("_short");
        let name = self.try_word(&format!("element-{}", plain.replace('_', "-")));
        name.unwrap_or_else(|| code.to_owned())
    }

    /// Chooses from a text in both languages.
    pub fn pick<'a>(&self, text: &'a Bilingual) -> &'a str {
        match self.lang {
            Lang::Zh => &text.zh,
            Lang::En => &text.en,
        }
    }

    /// Joins a list as the language does.
    pub fn list<T: AsRef<str>>(&self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(if self.lang == Lang::En { ", " } else { "、" })
    }

    /// Joins the entries of a long list, which may have commas of their own.
    pub fn entries<T: AsRef<str>>(&self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(if self.lang == Lang::En { "; " } else { "；" })
    }

    /// Joins sentences as the language does.
    pub fn sentences<T: AsRef<str>>(&self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(if self.lang == Lang::En { " " } else { "" })
    }
}
