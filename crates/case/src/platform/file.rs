//! Reading a profile file: TOML to profile, and errors that name line, field and what is allowed.

use jiff::civil::Date;
use serde::Deserialize;

use super::fact::{Provenance, day_or_nothing};
use super::facts::StatedFacts;
use super::registry::ProfileError;
use super::rules::StatedRule;
use super::{Facts, Profile, SellerType};
use crate::bilingual::Bilingual;
use crate::confidence::Confidence;

/// A profile as a file states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileFile {
    id: Option<String>,
    pub(super) extends: Option<String>,
    name: Option<Bilingual>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    seller_type: Option<SellerType>,
    system: Option<String>,
    source: Option<String>,
    #[serde(default, deserialize_with = "day_or_nothing")]
    checked_at: Option<Date>,
    confidence: Option<Confidence>,
    #[serde(default)]
    facts: StatedFacts,
    #[serde(default)]
    rules: Vec<StatedRule>,
}

/// A file's name and text, for saying where something is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Place<'_> {
    /// Reads the file; what is wrong is named with its line.
    pub(super) fn read(self) -> Result<ProfileFile, ProfileError> {
        toml::from_str(self.text).map_err(|error| self.unreadable(&error))
    }

    /// Makes an error at the line that sets `field`, else at line 1.
    pub(super) fn wrong(self, field: &str, problem: &str, allowed: &str) -> ProfileError {
        let key = field.rsplit('.').next().unwrap_or(field);
        let sets = |line: &str| {
            let name = line.trim_start().split(['=', ' ', '.', ']']).next().unwrap_or_default();
            name.trim_start_matches('[') == key || line.trim_start().starts_with(&format!("[facts.{key}"))
        };
        let line = self.text.lines().position(sets).map_or(1, |at| at + 1);
        self.at(line, field.to_owned(), problem, allowed)
    }

    fn at(self, line: usize, field: String, problem: &str, allowed: &str) -> ProfileError {
        ProfileError {
            file: self.file.to_owned(),
            line,
            field,
            problem: problem.to_owned(),
            allowed: allowed.to_owned(),
        }
    }

    fn unreadable(self, error: &toml::de::Error) -> ProfileError {
        let start = error.span().map_or(0, |span| span.start).min(self.text.len());
        let before = self.text.as_bytes().iter().take(start);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        let (problem, allowed) = match error.message().split_once(", expected ") {
            Some((problem, allowed)) => (problem, allowed),
            None => (error.message(), "see the manual's page on profiles"),
        };
        self.at(line, self.field_at(line), problem, allowed)
    }

    /// Returns the key that the given line sets, with its section; empty before the first key.
    fn field_at(self, line: usize) -> String {
        let mut section = "";
        let mut field = "";
        for text in self.text.lines().take(line).map(str::trim) {
            if let Some(name) = text.strip_prefix('[').filter(|_| text.ends_with(']') && !text.contains('='))
            {
                (section, field) = (name.trim_matches(['[', ']']), "");
            } else if let Some((key, _)) = text.split_once('=').filter(|(key, _)| is_key(key.trim())) {
                field = key.trim();
            }
        }
        match (section, field) {
            ("", field) => field.to_owned(),
            (section, "") => section.to_owned(),
            (section, field) => format!("{section}.{field}"),
        }
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

impl ProfileFile {
    /// Makes the profile, with everything it does not state taken from `base`.
    pub(super) fn resolve(self, place: Place<'_>, base: Option<&Profile>) -> Result<Profile, ProfileError> {
        let head = self.head(place)?;
        self.keeps_to_its_base(place, base)?;
        let id = self.id.or_else(|| base.map(|base| base.id.clone()));
        let id = id.filter(|id| is_id(id)).ok_or_else(|| {
            place.wrong("id", "the profile has no usable id", "1 to 40 of a-z 0-9 and -, such as my-shop")
        })?;
        let facts = self.facts.resolve(&head);
        let rules = self.rules.into_iter().map(|rule| rule.of(&id)).collect();
        let profile = Profile {
            name: needed(place, "name", self.name.or_else(|| base.map(|base| base.name.clone())))?,
            aliases: self.aliases,
            hosts: self.hosts,
            seller_type: needed(
                place,
                "seller_type",
                self.seller_type.or(base.map(|base| base.seller_type)),
            )?,
            system: self.system.or_else(|| base.and_then(|base| base.system.clone())),
            based_on: base.map(|base| base.id.clone()),
            facts: base.map_or_else(|| facts.clone(), |base| facts.clone().over(&base.facts)),
            rules,
            id,
        };
        dangling(&profile.facts).map_or(Ok(()), |code| {
            let codes = own_codes(&profile.facts);
            Err(place.wrong("facts.category_map", &format!("no entry has the code `{code}`"), &codes))
        })?;
        Ok(profile)
    }

    fn head(&self, place: Place<'_>) -> Result<Provenance, ProfileError> {
        let source = self.source.clone().filter(|source| !source.trim().is_empty()).ok_or_else(|| {
            place.wrong("source", "the source of the facts is missing", "a text, such as the page's title")
        })?;
        let checked_at = self.checked_at.ok_or_else(|| {
            place.wrong("checked_at", "the day of the last look is missing", "a day such as 2026-11-22")
        })?;
        // What nobody vouches for is unverified.
        let confidence = self.confidence.unwrap_or(Confidence::D);
        Ok(Provenance { source, checked_at, confidence, note: None })
    }

    fn keeps_to_its_base(&self, place: Place<'_>, base: Option<&Profile>) -> Result<(), ProfileError> {
        if base.is_none() {
            return Ok(());
        }
        let fixed = [("seller_type", self.seller_type.is_some()), ("system", self.system.is_some())];
        match fixed.into_iter().find(|(_, stated)| *stated) {
            Some((field, _)) => {
                let allowed = "id, name, aliases, hosts, source, checked_at, confidence, [facts], [[rules]]";
                Err(place.wrong(field, "a profile that extends another cannot change this field", allowed))
            }
            None => Ok(()),
        }
    }
}

fn needed<T>(place: Place<'_>, field: &str, value: Option<T>) -> Result<T, ProfileError> {
    value.ok_or_else(|| {
        place.wrong(field, "this field is missing", "needed unless the profile extends another")
    })
}

fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Returns the first code that is mapped to and is no entry of the form.
pub(super) fn dangling(facts: &Facts) -> Option<String> {
    let known = |code: &str| facts.categories.iter().flat_map(|fact| &fact.value).any(|own| own.code == code);
    let mut mapped = facts.category_map.iter().flat_map(|fact| &fact.value);
    mapped.find(|mapping| !known(&mapping.own)).map(|mapping| mapping.own.clone())
}

fn own_codes(facts: &Facts) -> String {
    let codes = facts.categories.iter().flat_map(|fact| &fact.value).map(|own| own.code.as_str());
    let codes: Vec<_> = codes.collect();
    if codes.is_empty() { "no code: the profile has no categories".to_owned() } else { codes.join(", ") }
}
