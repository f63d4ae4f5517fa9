//! Policies: which logs, which witnesses, and how many of them are enough (C2SP tlog-policy).
//!
//! A policy is its reader's own; one that came in a package is a suggestion. Stricter than the specification:
//! the file is UTF-8, keys are Ed25519, and there are at most 64 of each thing.

use sigu_ledger::VerifyingKey;

use super::key::CosignerKey;
use super::request::decimal;

const MAX_BYTES: usize = 64 * 1024;
const MAX_OF_EACH: usize = 64;

/// Says why a text is not a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Larger than 64 KiB.
    #[error("the policy is larger than 64 KiB")]
    TooLarge,
    /// Not UTF-8, or a control character other than tab and newline.
    #[error("the policy is not UTF-8 text with tabs and newlines only")]
    Characters,
    /// The last line does not end in a newline.
    #[error("the last line of the policy does not end in a newline")]
    MissingFinalNewline,
    /// A line breaks a rule.
    #[error("line {line}: {error}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// Which rule.
        error: PolicyLineError,
    },
    /// No quorum line.
    #[error("the policy has no quorum line")]
    NoQuorum,
}

/// Says which rule a line of a policy breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyLineError {
    /// Not log, witness, group or quorum.
    #[error("not log, witness, group or quorum")]
    Keyword,
    /// Too few or too many words.
    #[error("too few or too many words")]
    Words,
    /// Not a verifier key of the type that belongs there.
    #[error("not a verifier key of the type that belongs here")]
    Key,
    /// The same public key stands in an earlier line.
    #[error("the same key stands in an earlier line")]
    DuplicateKey,
    /// The name is taken, or is `none`.
    #[error("the name is taken")]
    Name,
    /// A name that no earlier line defines.
    #[error("a name that no earlier line defines")]
    UnknownName,
    /// A name that is already a member of a group.
    #[error("a name that is already in a group")]
    Member,
    /// Not `all`, `any` or a number from 1 to the number of members.
    #[error("not all, any or a number from 1 to the number of members")]
    Threshold,
    /// A second quorum line.
    #[error("a second quorum line")]
    SecondQuorum,
    /// More than 64 logs, or witnesses, or groups.
    #[error("more than 64 of them")]
    TooMany,
}

/// Holds a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<(VerifyingKey, Option<String>)>,
    names: Vec<Named>,
    quorum: Option<usize>,
}

/// A witness or a group, under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    name: String,
    in_a_group: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Witness {
        key: Box<CosignerKey>,
        url: Option<String>,
    },
    /// Members are places in the list, always before the group's own.
    Group {
        threshold: usize,
        members: Vec<usize>,
    },
}

impl Policy {
    /// Reads a policy file.
    pub fn parse(file: &[u8]) -> Result<Self, PolicyError> {
        if file.len() > MAX_BYTES {
            return Err(PolicyError::TooLarge);
        }
        let text = std::str::from_utf8(file).map_err(|_| PolicyError::Characters)?;
        let control = |byte: u8| (byte < 0x20 && byte != b'\t' && byte != b'\n') || byte == 0x7f;
        if text.bytes().any(control) {
            return Err(PolicyError::Characters);
        }
        let body = text.strip_suffix('\n').ok_or(PolicyError::MissingFinalNewline)?;
        let mut policy = Self { logs: Vec::new(), names: Vec::new(), quorum: None };
        let mut quorum_seen = false;
        for (i, line) in body.split('\n').enumerate() {
            let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            policy
                .read_line(&words, &mut quorum_seen)
                .map_err(|error| PolicyError::Line { line: i + 1, error })?;
        }
        if quorum_seen { Ok(policy) } else { Err(PolicyError::NoQuorum) }
    }

    fn read_line(&mut self, words: &[&str], quorum_seen: &mut bool) -> Result<(), PolicyLineError> {
        use PolicyLineError as E;
        match words {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] => self.add_log(key, None),
            ["log", key, url] => self.add_log(key, Some(url)),
            ["witness", name, key] => self.add_witness(name, key, None),
            ["witness", name, key, url] => self.add_witness(name, key, Some(url)),
            ["group", name, threshold, members @ ..] if !members.is_empty() => {
                self.add_group(name, threshold, members)
            }
            ["quorum", _] if *quorum_seen => Err(E::SecondQuorum),
            ["quorum", name] => {
                *quorum_seen = true;
                self.quorum =
                    if *name == "none" { None } else { Some(self.find(name).ok_or(E::UnknownName)?) };
                Ok(())
            }
            ["log" | "witness" | "group" | "quorum", ..] => Err(E::Words),
            _ => Err(E::Keyword),
        }
    }

    fn add_log(&mut self, key: &str, url: Option<&str>) -> Result<(), PolicyLineError> {
        let key: VerifyingKey = key.parse().map_err(|_| PolicyLineError::Key)?;
        if self.logs.iter().any(|(known, _)| known.public_key() == key.public_key()) {
            return Err(PolicyLineError::DuplicateKey);
        }
        if self.logs.len() >= MAX_OF_EACH {
            return Err(PolicyLineError::TooMany);
        }
        self.logs.push((key, url.map(str::to_owned)));
        Ok(())
    }

    fn add_witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), PolicyLineError> {
        let key: CosignerKey = key.parse().map_err(|_| PolicyLineError::Key)?;
        if self.witnesses().any(|(_, known, _)| known.public_key() == key.public_key()) {
            return Err(PolicyLineError::DuplicateKey);
        }
        if self.witnesses().count() >= MAX_OF_EACH {
            return Err(PolicyLineError::TooMany);
        }
        self.add_name(name, What::Witness { key: Box::new(key), url: url.map(str::to_owned) })
    }

    fn add_group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), PolicyLineError> {
        let threshold = match threshold {
            "any" => 1,
            "all" => members.len(),
            number => decimal(number)
                .and_then(|k| usize::try_from(k).ok())
                .filter(|k| (1..=members.len()).contains(k))
                .ok_or(PolicyLineError::Threshold)?,
        };
        if self.names.len() >= 2 * MAX_OF_EACH {
            return Err(PolicyLineError::TooMany);
        }
        let mut places = Vec::new();
        for member in members {
            let place = self.find(member).ok_or(PolicyLineError::UnknownName)?;
            // Marked at once, so that a name twice in one group is seen, too.
            if std::mem::replace(&mut self.names[place].in_a_group, true) {
                return Err(PolicyLineError::Member);
            }
            places.push(place);
        }
        self.add_name(name, What::Group { threshold, members: places })
    }

    fn add_name(&mut self, name: &str, what: What) -> Result<(), PolicyLineError> {
        if name == "none" || self.find(name).is_some() {
            return Err(PolicyLineError::Name);
        }
        self.names.push(Named { name: name.to_owned(), in_a_group: false, what });
        Ok(())
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.name == name)
    }

    /// Returns the logs with their addresses.
    pub fn logs(&self) -> impl Iterator<Item = (&VerifyingKey, Option<&str>)> {
        self.logs.iter().map(|(key, url)| (key, url.as_deref()))
    }

    /// Returns the witnesses: name in this policy, key, address.
    pub fn witnesses(&self) -> impl Iterator<Item = (&str, &CosignerKey, Option<&str>)> {
        self.names.iter().filter_map(|named| match &named.what {
            What::Witness { key, url } => Some((named.name.as_str(), &**key, url.as_deref())),
            What::Group { .. } => None,
        })
    }

    /// Says whether any cosignature is asked for at all; `quorum none` asks for none.
    pub fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Says whether these cosigners of one checkpoint are enough.
    ///
    /// The caller hands in cosigners whose cosignatures were verified over that checkpoint.
    pub fn is_satisfied_by<'a>(&self, cosigners: impl IntoIterator<Item = &'a CosignerKey>) -> bool {
        let Some(quorum) = self.quorum else { return true };
        let cosigners: Vec<&CosignerKey> = cosigners.into_iter().collect();
        let mut holds: Vec<bool> = Vec::with_capacity(self.names.len());
        for named in &self.names {
            holds.push(match &named.what {
                What::Witness { key, .. } => cosigners.contains(&&**key),
                What::Group { threshold, members } => {
                    members.iter().filter(|member| holds[**member]).count() >= *threshold
                }
            });
        }
        holds[quorum]
    }
}
