//! All known profiles: those built in, and the user's own in front of them.

use std::sync::LazyLock;

use serde::Serialize;

use super::Profile;
use super::built_in::PROFILES;
use super::file::Place;

/// All profiles that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Registry {
    /// The user's first, then the built-in ones.
    profiles: Vec<Profile>,
}

/// A user's profile file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{file}:{line}: {field}: {problem}; allowed: {allowed}")]
pub struct ProfileError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field, with its section.
    pub field: String,
    /// What is wrong.
    pub problem: String,
    /// What may stand there.
    pub allowed: String,
}

static BUILT_IN: LazyLock<Registry> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        let place = Place { file: name, text };
        place
            .read()
            .and_then(|file| file.resolve(place, None))
            .unwrap_or_else(|error| panic!("data/platforms is checked by its tests: {error}"))
    };
    Registry { profiles: PROFILES.iter().map(read).collect() }
});

impl Registry {
    /// Returns the profiles that come with the program, read once.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Adds the user's profiles, each a file name and its TOML text, in front of the built-in ones.
    ///
    /// A profile with `extends` takes what it does not state from that built-in one; without an id of its own
    /// it stands in its place. The first file that cannot be used fails the whole.
    pub fn with_user(files: Vec<(String, String)>) -> Result<Self, ProfileError> {
        let mut own: Vec<Profile> = Vec::new();
        for (file, text) in &files {
            let place = Place { file, text };
            let profile = user_profile(place)?;
            if own.iter().any(|other| other.id == profile.id) {
                return Err(place.wrong("id", "another file has this id", "an id of its own"));
            }
            own.push(profile);
        }
        let replaced = |profile: &&Profile| !own.iter().any(|mine| mine.id == profile.id);
        let built_in: Vec<_> = BUILT_IN.profiles.iter().filter(replaced).cloned().collect();
        own.extend(built_in);
        Ok(Self { profiles: own })
    }

    /// Returns all profiles, the user's first.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Finds a profile by id, else by alias or name, else by host or address of a shop; case does not matter.
    ///
    /// A host also stands for its subdomains.
    pub fn find(&self, key: &str) -> Option<&Profile> {
        let key = key.trim().to_lowercase();
        if key.is_empty() {
            return None;
        }
        let host = host_of(&key);
        let mut all = self.profiles.iter();
        let by_id = all.find(|profile| profile.id == key);
        let by_name = || self.profiles.iter().find(|profile| profile.is_called(&key));
        let by_host = || self.profiles.iter().find(|profile| profile.is_at(host));
        by_id.or_else(by_name).or_else(by_host)
    }
}

impl Profile {
    fn is_called(&self, key: &str) -> bool {
        let names = [self.name.zh.as_str(), self.name.en.as_str()];
        let aliases = self.aliases.iter().map(String::as_str);
        names.into_iter().chain(aliases).any(|name| name.to_lowercase() == key)
    }

    fn is_at(&self, host: &str) -> bool {
        self.hosts.iter().map(|own| own.to_lowercase()).any(|own| {
            host == own
                || host.strip_suffix(&own).is_some_and(|front| front.ends_with('.') && !own.is_empty())
        })
    }
}

fn user_profile(place: Place<'_>) -> Result<Profile, ProfileError> {
    let file = place.read()?;
    let base = match &file.extends {
        None => None,
        Some(id) => Some(BUILT_IN.profiles.iter().find(|profile| profile.id == *id).ok_or_else(|| {
            let ids: Vec<_> = PROFILES.iter().map(|(id, _)| *id).collect();
            place.wrong("extends", &format!("there is no built-in profile `{id}`"), &ids.join(", "))
        })?),
    };
    let profile = file.resolve(place, base)?;
    let taken = PROFILES.iter().any(|(id, _)| *id == profile.id);
    if taken && profile.based_on.as_ref() != Some(&profile.id) {
        let problem = format!("`{}` is a built-in profile", profile.id);
        return Err(place.wrong("id", &problem, "an id of its own, or extends with that id"));
    }
    Ok(profile)
}

/// Returns the host of an address, or the text itself.
fn host_of(key: &str) -> &str {
    let rest = key.split_once("://").map_or(key, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host).trim_end_matches('.')
}
