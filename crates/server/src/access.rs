//! Tokens of programs that use the API: named, made and taken back by the user, for reading or for writing too.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_vault::os_entropy;
use zeroize::Zeroizing;

use crate::tokens::{Holder, Tokens};

/// Most tokens that are held at a time.
pub const MAX_TOKENS: usize = 32;
/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 40;

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Look at what is there; never a secret in clear.
    Read,
    /// Record, make and set, too; and secrets that are asked for by name.
    Write,
}

impl Level {
    /// Returns the level's name in files, on the command line and in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// A token that was given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Its number.
    pub id: u32,
    /// Its name, to know and to revoke it by; no two are alike.
    pub name: String,
    /// What it may do.
    pub level: Level,
    /// When it was made.
    pub made_at: Timestamp,
    /// The SHA-256 of the token, in hex.
    token_sha256: String,
}

impl Holder for Access {
    fn id(&self) -> u32 {
        self.id
    }

    fn token_sha256(&self) -> &str {
        &self.token_sha256
    }
}

/// Why a token is not made.
#[derive(Debug, thiserror::Error)]
pub enum NotGiven {
    /// The name is empty, too long, or has characters that cannot be shown.
    #[error("a name has 1 to {MAX_NAME_CHARS} characters")]
    Name,
    /// There is a token of that name.
    #[error("there is a token of that name")]
    Taken,
    /// There are [`MAX_TOKENS`] already.
    #[error("there are {MAX_TOKENS} tokens already")]
    Many,
    /// The list cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The list of tokens, `access.json` in the state folder.
#[derive(Debug, Clone)]
pub struct Accesses {
    tokens: Tokens<Access>,
}

impl Accesses {
    /// The list in this state folder; the folder is made with the first token.
    pub fn in_folder(state: &Path) -> Self {
        Self { tokens: Tokens::in_file(state.join("access.json")) }
    }

    /// Returns all, oldest first.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is not what its writer writes.
    pub fn list(&self) -> io::Result<Vec<Access>> {
        self.tokens.list()
    }

    /// Makes a token: the only time it is seen.
    ///
    /// # Errors
    /// Refuses a name that cannot be shown or is taken, and too many tokens; fails when the list cannot be written.
    pub fn add(&self, name: &str, level: Level, now: Timestamp) -> Result<Zeroizing<String>, NotGiven> {
        let name = name.trim();
        let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count());
        if !fits || name.contains(char::is_control) {
            return Err(NotGiven::Name);
        }
        // One that works is never pushed out by another.
        if self.list()?.len() >= MAX_TOKENS {
            return Err(NotGiven::Many);
        }
        let made = self.tokens.add_unless(
            |one| one.name == name,
            MAX_TOKENS,
            &mut os_entropy,
            |id, token_sha256| Access { id, name: name.to_owned(), level, made_at: now, token_sha256 },
        )?;
        made.ok_or(NotGiven::Taken)
    }

    /// Takes a token back. Answers whether there was one of that name.
    ///
    /// # Errors
    /// Fails when the list cannot be written; then the token still works.
    pub fn revoke(&self, name: &str) -> io::Result<bool> {
        self.tokens.revoke(|one| one.name == name.trim())
    }

    /// Finds whose token it is.
    pub(crate) fn of_token(&self, token: &str) -> io::Result<Option<Access>> {
        self.tokens.of_token(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_has_a_name_of_its_own_and_is_kept_as_a_digest() {
        let dir = tempfile::tempdir().unwrap();
        let all = Accesses::in_folder(dir.path());
        let token = all.add(" 脚本 ", Level::Read, now()).unwrap();
        let text = std::fs::read_to_string(dir.path().join("access.json")).unwrap();
        assert!(!text.contains(token.as_str()));
        let found = all.of_token(&token).unwrap().unwrap();
        assert_eq!((found.name.as_str(), found.level), ("脚本", Level::Read));
        assert!(matches!(all.add("脚本", Level::Write, now()), Err(NotGiven::Taken)));
        for name in ["", "  ", "a\nb", "字".repeat(41).as_str()] {
            assert!(matches!(all.add(name, Level::Read, now()), Err(NotGiven::Name)), "{name:?}");
        }
        assert!(all.revoke("脚本").unwrap() && !all.revoke("脚本").unwrap());
        assert_eq!(all.of_token(&token).unwrap(), None);
    }

    #[test]
    fn a_full_list_takes_no_more_and_loses_none() {
        let dir = tempfile::tempdir().unwrap();
        let all = Accesses::in_folder(dir.path());
        let first = all.add("0", Level::Read, now()).unwrap();
        for number in 1..MAX_TOKENS {
            all.add(&number.to_string(), Level::Read, now()).unwrap();
        }
        assert!(matches!(all.add("more", Level::Read, now()), Err(NotGiven::Many)));
        assert!(all.of_token(&first).unwrap().is_some());
    }
}
