//! The words of the product, in Chinese and English, from `messages/`.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader, static_loader};
use unic_langid::{LanguageIdentifier, langid};

static_loader! {
    static MESSAGES = {
        locales: "./messages",
        fallback_language: "zh-CN",
        // Isolation marks around values would land in copied text and in scripts.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The words in one language.
pub(crate) struct Words {
    language: LanguageIdentifier,
}

impl Words {
    /// Chooses the language: `--lang` on the command line, else the locale; Chinese unless it says English.
    #[allow(clippy::disallowed_methods, reason = "the edge reads the locale")]
    pub(crate) fn of_process() -> Self {
        let mut args = std::env::args().skip(1);
        let mut asked = None;
        while let Some(arg) = args.next() {
            if arg == "--lang" {
                asked = args.next();
            } else if let Some(value) = arg.strip_prefix("--lang=") {
                asked = Some(value.to_owned());
            }
        }
        let locale = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        };
        let name = asked.or_else(locale).unwrap_or_default();
        Self { language: if name.starts_with("en") { langid!("en") } else { langid!("zh-CN") } }
    }

    /// The Chinese words, whatever the locale.
    pub(crate) fn chinese() -> Self {
        Self { language: langid!("zh-CN") }
    }

    /// The English words, whatever the locale.
    pub(crate) fn in_english() -> Self {
        Self { language: langid!("en") }
    }

    /// Returns whether these are the English words.
    pub(crate) fn english(&self) -> bool {
        self.language == langid!("en")
    }

    /// Returns a message.
    ///
    /// # Panics
    /// On a key that no message file has, or a value it lacks; the tests say every message the code can ask for.
    pub(crate) fn say(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'_>> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(value.as_str())))
            .collect();
        MESSAGES
            .try_lookup_with_args(&self.language, key, &values)
            .unwrap_or_else(|| panic!("no message {key}"))
    }

    /// Joins a list as the language does.
    pub(crate) fn list(&self, items: &[String]) -> String {
        items.join(if self.english() { ", " } else { "、" })
    }

    /// Puts an aside in brackets as the language does.
    pub(crate) fn aside(&self, text: &str) -> String {
        if self.english() { format!(" ({text})") } else { format!("（{text}）") }
    }

    /// Returns a message without values, or `None` where there is none of that key.
    pub(crate) fn try_word(&self, key: &str) -> Option<String> {
        MESSAGES.try_lookup_with_args(
            &self.language,
            key,
            &HashMap::<Cow<'static, str>, FluentValue<'_>>::new(),
        )
    }

    /// Returns a message without values.
    pub(crate) fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }
}
