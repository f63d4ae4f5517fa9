//! Problems: what kept a command from answering, each with a message, advice where there is any, and an exit code.

use serde_json::{Value, json};
use sigu_server::making::NotMade;
use sigu_vault::{Damage, Error, Fault, Refusal};

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
        match error {
            Error::Refused(refusal) => of_refusal(refusal),
            Error::Fault(fault) => of_fault(&fault),
            Error::Damaged(damage) => of_damage(&damage),
        }
    }
}

impl From<NotMade> for Problem {
    fn from(error: NotMade) -> Self {
        match error {
            NotMade::Vault(error) => error.into(),
            // Each thing that is missing, with where it is filled in.
            NotMade::Missing(refused) => {
                let lines: Vec<String> =
                    refused.missing.iter().map(|one| format!("{} — {}", one.name, one.how)).collect();
                Self::refused("refused-paper", &[("missing", lines.join("\n"))])
            }
            NotMade::Drawn(why) => Self::fault("fault-paper", &[("why", why)]),
            NotMade::TakenIn(why) => Self::fault("fault-made", &[("why", why.to_string())]),
        }
    }
}

fn of_refusal(refusal: Refusal) -> Problem {
    let path = |path: std::path::PathBuf| ("path", path.display().to_string());
    match refusal {
        Refusal::Case(refusal) => of_case(refusal),
        Refusal::NoVault(at) => Problem::refused("refused-no-vault", &[path(at)]),
        Refusal::NotEmpty(at) => Problem::refused("refused-not-empty", &[path(at)]),
        Refusal::UnknownFormat(format) => Problem::refused("refused-unknown-format", &[("format", format)]),
        Refusal::WrongPassphrase => Problem::refused("refused-wrong-passphrase", &[]),
        Refusal::WrongKey => Problem::refused("refused-wrong-key", &[]),
        Refusal::OlderThanSigned { log, held, signed } => Problem::refused(
            "refused-older-than-signed",
            &[("log", log.to_string()), ("held", held.to_string()), ("signed", signed.to_string())],
        ),
        Refusal::OtherHistory { log, signed } => Problem::refused(
            "refused-other-history",
            &[("log", log.to_string()), ("signed", signed.to_string())],
        ),
        Refusal::NotWrittenHere { log } => {
            Problem::refused("refused-not-written-here", &[("log", log.to_string())])
        }
        Refusal::Busy => Problem::refused("refused-busy", &[]),
        Refusal::UnknownItem(item) => Problem::refused("refused-unknown-item", &[("item", item.to_string())]),
        Refusal::UnknownField { item, field } => {
            Problem::refused("refused-unknown-field", &[("item", item.to_string()), ("field", field)])
        }
        Refusal::ContentTooLarge { item, size } => Problem::refused(
            "refused-content-too-large",
            &[("item", item.to_string()), ("size", size.to_string())],
        ),
        Refusal::NothingToExport(order) => {
            Problem::refused("refused-nothing-to-export", &[("order", order.to_string())])
        }
        Refusal::Exists(at) => Problem::refused("refused-exists", &[path(at)]),
        Refusal::NoBackup(at) => Problem::refused("refused-no-backup", &[path(at)]),
        Refusal::InsideVault(at) => Problem::refused("refused-inside-vault", &[path(at)]),
        Refusal::Entry(why) => Problem::refused("refused-entry", &[("why", why)]),
        Refusal::EntryTooLarge => Problem::refused("refused-entry-too-large", &[]),
        Refusal::ImpossibleClock(at) => {
            Problem::refused("refused-impossible-clock", &[("at", at.to_string())])
        }
    }
}

fn of_case(refusal: sigu_case::Refusal) -> Problem {
    use sigu_case::Refusal as Case;
    match refusal {
        Case::UnknownOrder(order) => {
            Problem::refused("refused-unknown-order", &[("order", order.to_string())])
        }
        Case::OrderExists(order) => Problem::refused("refused-order-exists", &[("order", order.to_string())]),
        Case::Empty { field } => Problem::refused("refused-empty", &[("field", field.to_owned())]),
        Case::TooLong { field, chars, max } => Problem::refused(
            "refused-too-long",
            &[("field", field.to_owned()), ("chars", chars.to_string()), ("max", max.to_string())],
        ),
        Case::ImpossibleTime { field, value } => Problem::refused(
            "refused-impossible-time",
            &[("field", field.to_owned()), ("value", crate::times::show(value))],
        ),
        Case::DeliveredBeforePaid { paid, delivered } => Problem::refused(
            "refused-delivered-before-paid",
            &[("paid", crate::times::show(paid)), ("delivered", crate::times::show(delivered))],
        ),
        Case::ImpossibleAmount(fen) => {
            Problem::refused("refused-impossible-amount", &[("fen", fen.to_string())])
        }
        Case::NothingToChange => Problem::refused("refused-nothing-to-change", &[]),
        Case::UnknownItem(item) => Problem::refused("refused-unknown-item", &[("item", item.to_string())]),
        Case::Unfit(why) => Problem::refused("refused-entry", &[("why", why)]),
        Case::FieldStays(field) => Problem::refused("refused-field-stays", &[("field", field)]),
        Case::ErasedAlready(item) => {
            Problem::refused("refused-erased-already", &[("item", item.to_string())])
        }
    }
}

fn of_fault(fault: &Fault) -> Problem {
    match fault {
        Fault::Io { op, path, source } => Problem::fault(
            "fault-io",
            &[("op", (*op).to_owned()), ("path", path.display().to_string()), ("why", source.to_string())],
        ),
        Fault::Db(error) => Problem::fault("fault-database", &[("why", error.to_string())]),
        Fault::Package(why) => Problem::fault("fault-package", &[("why", why.clone())]),
        Fault::OutcomeUnknown => Problem::fault("fault-outcome-unknown", &[]),
    }
}

fn of_damage(damage: &Damage) -> Problem {
    let what = match damage {
        Damage::Missing(path) => {
            return Problem::new(Kind::Damaged, "damage-missing", &[("path", path.display().to_string())]);
        }
        Damage::Seal(path) => {
            return Problem::new(Kind::Damaged, "damage-seal", &[("path", path.display().to_string())]);
        }
        Damage::Blob(item) => {
            return Problem::new(Kind::Damaged, "damage-content", &[("item", item.to_string())]);
        }
        Damage::File { .. } | Damage::Row { .. } => damage.to_string(),
    };
    Problem::new(Kind::Damaged, "damage-stored", &[("what", what)])
}
