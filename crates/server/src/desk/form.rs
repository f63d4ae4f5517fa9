//! Forms: what was typed is read field by field, and what is wrong is named beside its field with all that was typed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sigu_case::{Coded, ItemId};
use sigu_vault::{Error, Refusal};

use crate::reading;
use crate::words::Words;

/// What was typed into a form, by the names of its fields.
pub(super) struct Typed<'a> {
    words: &'a Words,
    pairs: Vec<(String, String)>,
    wrong: BTreeMap<&'static str, String>,
}

impl<'a> Typed<'a> {
    pub(super) const fn new(words: &'a Words, pairs: Vec<(String, String)>) -> Self {
        Self { words, pairs, wrong: BTreeMap::new() }
    }

    pub(super) const fn words(&self) -> &'a Words {
        self.words
    }

    /// What stands in a field, as typed; browsers send line ends of two characters.
    pub(super) fn raw(&self, name: &str) -> String {
        let found = self.pairs.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.replace("\r\n", "\n")).unwrap_or_default()
    }

    /// Puts a value where nothing was typed.
    pub(super) fn suggest(&mut self, name: &str, value: impl Into<String>) {
        if self.raw(name).trim().is_empty() {
            self.pairs.retain(|(own, _)| own != name);
            self.pairs.push((name.to_owned(), value.into()));
        }
    }

    /// Puts another value in the place of what was typed.
    pub(super) fn put(&mut self, name: &str, value: String) {
        self.pairs.retain(|(own, _)| own != name);
        self.pairs.push((name.to_owned(), value));
    }

    /// All that was chosen under one name.
    pub(super) fn every(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        Some(self.raw(name).trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    pub(super) fn needed(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name);
        if text.is_none() {
            self.refuse(name, self.words.word("write-needed"));
        }
        text
    }

    pub(super) fn time(&mut self, name: &'static str) -> Option<Timestamp> {
        let read = reading::time(&self.text(name)?).ok();
        if read.is_none() {
            self.refuse(name, self.words.word("write-no-time"));
        }
        read
    }

    pub(super) fn fen(&mut self, name: &'static str) -> Option<i64> {
        let read = reading::fen(&self.text(name)?);
        if read.is_none() {
            self.refuse(name, self.words.word("write-no-amount"));
        }
        read
    }

    pub(super) fn count(&mut self, name: &'static str) -> Option<u32> {
        let read = self.text(name)?.parse().ok().filter(|count| *count > 0);
        if read.is_none() {
            self.refuse(name, self.words.word("write-no-count"));
        }
        read
    }

    /// One of the words of a type; anything else counts as nothing chosen.
    pub(super) fn one<T: Coded>(&self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        T::all().iter().copied().find(|value| value.word() == text)
    }

    /// One of the words of a type, which must be chosen.
    pub(super) fn chosen<T: Coded>(&mut self, name: &'static str) -> Option<T> {
        let one = self.one(name);
        if one.is_none() {
            self.refuse(name, self.words.word("write-choose"));
        }
        one
    }

    pub(super) fn item(&self, name: &str) -> Option<ItemId> {
        self.text(name)?.parse().ok()
    }

    /// An item that must be chosen.
    pub(super) fn named_item(&mut self, name: &'static str) -> Option<ItemId> {
        let item = self.item(name);
        if item.is_none() {
            self.refuse(name, self.words.word("write-choose"));
        }
        item
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    pub(super) fn refuse(&mut self, name: &'static str, why: String) {
        self.wrong.entry(name).or_insert(why);
    }

    pub(super) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// What is wrong beside no field that is shown.
    pub(super) fn elsewhere(&self, fields: &[Field]) -> Vec<String> {
        self.beside_none(fields.iter())
    }

    /// The same over the fields of several forms.
    pub(super) fn beside_none<'f>(&self, fields: impl Iterator<Item = &'f Field> + Clone) -> Vec<String> {
        let beside = |name: &str| fields.clone().any(|field| field.name == name);
        self.wrong.iter().filter(|(name, _)| !beside(name)).map(|(_, why)| why.clone()).collect()
    }

    /// Puts what the case says no to beside its field; `named` has the fields that are called otherwise there.
    /// What is no such refusal comes back.
    pub(super) fn blame(&mut self, error: Error, named: &[(&str, &'static str)]) -> Result<(), Error> {
        let Error::Refused(Refusal::Case(refusal)) = &error else { return Err(error) };
        use sigu_case::Refusal as Case;
        let words = self.words;
        let field =
            |own: &str| named.iter().find(|(theirs, _)| *theirs == own).map_or("form", |(_, name)| *name);
        let (name, why) = match refusal {
            Case::UnknownOrder(_) => return Err(error),
            Case::OrderExists(_) => ("order", words.word("write-label-taken")),
            Case::Empty { field: own } => (field(own), words.word("write-needed")),
            Case::TooLong { field: own, chars, max } => {
                let values = [("chars", chars.to_string()), ("max", max.to_string())];
                (field(own), words.say("write-too-long", &values))
            }
            Case::ImpossibleTime { field: own, .. } => (field(own), words.word("write-impossible-time")),
            Case::DeliveredBeforePaid { .. } => ("delivered_at", words.word("write-delivered-before-paid")),
            Case::ImpossibleAmount(_) => ("amount", words.word("refused-impossible-amount-advice")),
            other => ("form", other.to_string()),
        };
        self.refuse(name, why);
        Ok(())
    }

    fn field(&self, name: &'static str, label: &str, kind: &'static str) -> Field {
        let words = self.words;
        let hint = words.try_word(&format!("{label}-hint")).unwrap_or_default();
        Field {
            name,
            label: words.word(label),
            hint,
            value: self.raw(name),
            wrong: self.wrong.get(name).cloned().unwrap_or_default(),
            optional: words.word("write-optional"),
            kind,
            seconds: false,
            choices: Vec::new(),
        }
    }

    pub(super) fn line(&self, name: &'static str, label: &str) -> Field {
        self.field(name, label, "line")
    }

    /// A line that is not shown while it is typed, and not shown again.
    pub(super) fn secret(&self, name: &'static str, label: &str) -> Field {
        Field { value: String::new(), ..self.field(name, label, "secret") }
    }

    pub(super) fn area(&self, name: &'static str, label: &str) -> Field {
        self.field(name, label, "area")
    }

    pub(super) fn money(&self, name: &'static str, label: &str) -> Field {
        self.field(name, label, "money")
    }

    pub(super) fn number(&self, name: &'static str, label: &str) -> Field {
        self.field(name, label, "number")
    }

    pub(super) fn tick(&self, name: &'static str, label: &str) -> Field {
        self.field(name, label, "tick")
    }

    /// A time; what can be read is put in the form the browser's own field takes.
    pub(super) fn when(&self, name: &'static str, label: &str) -> Field {
        let field = self.field(name, label, "time");
        let Ok(at) = reading::time(&field.value) else { return field };
        let value = local(at);
        Field { seconds: value.len() > 16, value, ..field }
    }

    /// A choice among values with their names; `empty` adds the choice of none, by its words.
    pub(super) fn choice(
        &self,
        name: &'static str,
        label: &str,
        choices: impl IntoIterator<Item = (String, String)>,
        empty: Option<&str>,
    ) -> Field {
        let field = self.field(name, label, "choice");
        let none = empty.map(|key| (String::new(), self.words.word(key)));
        let choice = |(value, label): (String, String)| {
            let chosen = value == field.value;
            Choice { value, label, chosen }
        };
        let choices = none.into_iter().chain(choices).map(choice).collect();
        Field { choices, ..field }
    }

    /// A choice among the words of a type, named by the messages `<prefix>-<word>`.
    pub(super) fn coded<T: Coded>(
        &self,
        name: &'static str,
        label: &str,
        prefix: &str,
        empty: Option<&str>,
    ) -> Field {
        let named = |value: &T| {
            let key = format!("{prefix}-{}", value.word().replace('_', "-"));
            (value.word().to_owned(), self.words.word(&key))
        };
        self.choice(name, label, T::all().iter().map(named), empty)
    }
}

/// A time as the browser's field has it, in Asia/Shanghai: `2026-08-03T14:05`, with seconds where there are any.
pub(super) fn local(at: Timestamp) -> String {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let whole = at.as_second() % 60 == 0;
    at.to_zoned(zone).strftime(if whole { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" }).to_string()
}

/// A field of a form, as the template draws it.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) value: String,
    /// What is wrong with it and what to do; empty for nothing.
    pub(super) wrong: String,
    /// The mark of a field that may stay empty; empty where it may not.
    pub(super) optional: String,
    pub(super) kind: &'static str,
    /// Whether a time is given to the second.
    pub(super) seconds: bool,
    pub(super) choices: Vec<Choice>,
}

impl Field {
    /// The field, which must be filled in.
    pub(super) fn must(mut self) -> Self {
        self.optional.clear();
        self
    }
}

/// One of several.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}
