//! Problems: what kept a command from answering, each with a message, advice where there is any, and an exit code.

use serde_json::{Value, json};
use sigu_server::attesting::Unread;
use sigu_server::keys::KeyProblem;
use sigu_server::making::NotMade;
use sigu_server::refusing::{self, Said, of_not_made, of_unread, said};
use sigu_vault::Error;

use crate::lang::Words;

/// The kinds of problems; their numbers are the exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The case or the vault says no.
    Refused = 1,
    /// The command line is off.
    Usage = 2,
    /// Stored bytes are not what they must be.
    Damaged = 4,
    /// The world failed.
    Fault = 5,
}

/// One problem. Its advice is the message `<key>-advice`.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    key: &'static str,
    values: Vec<(&'static str, String)>,
    /// The usage line, for problems with the command line itself.
    pub(crate) usage: Option<String>,
}

type Values<'a> = &'a [(&'static str, String)];

impl Problem {
    fn new(kind: Kind, key: &'static str, values: Values<'_>) -> Self {
        Self { kind, key, values: values.to_vec(), usage: None }
    }

    pub(crate) fn refused(key: &'static str, values: Values<'_>) -> Self {
        Self::new(Kind::Refused, key, values)
    }

    pub(crate) fn damaged(key: &'static str, values: Values<'_>) -> Self {
        Self::new(Kind::Damaged, key, values)
    }

    pub(crate) fn usage(key: &'static str, values: Values<'_>) -> Self {
        Self::new(Kind::Usage, key, values)
    }

    pub(crate) fn fault(key: &'static str, values: Values<'_>) -> Self {
        Self::new(Kind::Fault, key, values)
    }

    pub(crate) fn exit(&self) -> u8 {
        self.kind as u8
    }

    /// What is wrong, without head and advice.
    pub(crate) fn message(&self, words: &Words) -> String {
        words.say(self.key, &self.values)
    }

    fn advice(&self, words: &Words) -> String {
        words.say(&format!("{}-advice", self.key), &self.values)
    }

    pub(crate) fn to_text(&self, words: &Words) -> String {
        let head = words.word(match self.kind {
            Kind::Refused => "problem-refused",
            Kind::Usage => "problem-usage",
            Kind::Damaged => "problem-damaged",
            Kind::Fault => "problem-fault",
        });
        let usage = self.usage.as_ref().map_or(String::new(), |usage| format!("\n{usage}"));
        format!("{head}{}\n{}{usage}", words.say(self.key, &self.values), self.advice(words))
    }

    pub(crate) fn to_json(&self, words: &Words) -> Value {
        let kind = match self.kind {
            Kind::Refused => "refused",
            Kind::Usage => "usage",
            Kind::Damaged => "damaged",
            Kind::Fault => "fault",
        };
        json!({ "error": {
            "kind": kind,
            "code": self.key,
            "message": words.say(self.key, &self.values),
            "advice": self.advice(words),
        }})
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        said(&error).into()
    }
}

impl From<Said> for Problem {
    fn from(said: Said) -> Self {
        let kind = match said.kind {
            refusing::Kind::Refused => Kind::Refused,
            refusing::Kind::Damaged => Kind::Damaged,
            refusing::Kind::Fault => Kind::Fault,
        };
        Self::new(kind, said.key, &said.values)
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        of_unread(&unread).into()
    }
}

impl From<KeyProblem> for Problem {
    fn from(problem: KeyProblem) -> Self {
        match problem {
            KeyProblem::Vault(error) => error.into(),
            KeyProblem::Store(why) => Self::fault("fault-key-store", &[("why", why)]),
            KeyProblem::NoStore => Self::refused("refused-no-key-store", &[]),
        }
    }
}

impl From<NotMade> for Problem {
    fn from(error: NotMade) -> Self {
        of_not_made(&error).into()
    }
}
