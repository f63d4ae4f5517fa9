//! What the vault says no to, what failed and what is damaged, by the messages that say it: commands and pages alike.

mod engines;

use crate::attesting::Unread;
use crate::outside::services::{MAX_ENTRIES, ServicesError, ServicesRule};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use sigu_vault::{Damage, Error, Fault, Refusal};

use crate::words::Words;
pub use engines::{of_citation, of_gate, of_mark, of_not_made, of_not_stated, of_not_yet, of_unmarked};

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The case or the vault says no.
    Refused,
    /// Stored bytes are not what they must be.
    Damaged,
    /// The world failed.
    Fault,
}

/// A problem in a message and its values; its advice is the message `<key>-advice` with the same values.
#[derive(Debug, Clone)]
pub struct Said {
    /// What kind of problem.
    pub kind: Kind,
    /// The message.
    pub key: &'static str,
    /// Its values.
    pub values: Vec<(&'static str, String)>,
}

impl Said {
    /// What is wrong, without advice.
    pub fn message(&self, words: &Words) -> String {
        words.say(self.key, &self.values)
    }

    /// What to do about it.
    pub fn advice(&self, words: &Words) -> String {
        words.say(&format!("{}-advice", self.key), &self.values)
    }
}

/// Says an error of the vault.
pub fn said(error: &Error) -> Said {
    match error {
        Error::Refused(refusal) => of_refusal(refusal),
        Error::Fault(fault) => of_fault(fault),
        Error::Damaged(damage) => of_damage(damage),
    }
}

type Values<'a> = &'a [(&'static str, String)];

fn refused(key: &'static str, values: Values<'_>) -> Said {
    Said { kind: Kind::Refused, key, values: values.to_vec() }
}

fn fault(key: &'static str, values: Values<'_>) -> Said {
    Said { kind: Kind::Fault, key, values: values.to_vec() }
}

fn damaged(key: &'static str, values: Values<'_>) -> Said {
    Said { kind: Kind::Damaged, key, values: values.to_vec() }
}

/// Says why it is not known who is to be asked.
pub fn of_unread(unread: &Unread) -> Said {
    match unread {
        Unread::Vault(error) => said(error),
        // It was checked when it was set: a later version wrote it.
        Unread::Services(_) => refused("refused-services-later", &[]),
    }
}

/// Says what is wrong with the list of who is asked.
pub fn of_services(error: &ServicesError, words: &Words) -> Said {
    let mut place = String::new();
    if !error.table.is_empty() {
        place = format!("[[{}]] {}, ", error.table, error.entry);
    }
    if !error.field.is_empty() {
        place = format!("{place}{}: ", error.field);
    }
    let most = match &error.why {
        ServicesRule::Text(most) => most.to_string(),
        ServicesRule::Number(most) => most.to_string(),
        ServicesRule::TooMany => MAX_ENTRIES.to_string(),
        _ => String::new(),
    };
    let line = match &error.why {
        ServicesRule::NotToml { line, .. } => line.to_string(),
        _ => String::new(),
    };
    let why = words.say(&format!("services-rule-{}", error.why.code()), &[("most", most), ("line", line)]);
    refused("refused-services", &[("where", place), ("why", why)])
}

/// A time with its zone, to the second.
fn show(at: Timestamp) -> String {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    Zoned::new(at, zone).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn of_refusal(refusal: &Refusal) -> Said {
    let path = |path: &std::path::PathBuf| ("path", path.display().to_string());
    match refusal {
        Refusal::Case(refusal) => of_case(refusal),
        Refusal::NoVault(at) => refused("refused-no-vault", &[path(at)]),
        Refusal::NotEmpty(at) => refused("refused-not-empty", &[path(at)]),
        Refusal::UnknownFormat(format) => refused("refused-unknown-format", &[("format", format.clone())]),
        Refusal::WrongPassphrase => refused("refused-wrong-passphrase", &[]),
        Refusal::Locked => refused("refused-locked", &[]),
        Refusal::Stopped => refused("refused-stopped", &[]),
        Refusal::WrongKey => refused("refused-wrong-key", &[]),
        Refusal::OlderThanSigned { log, held, signed } => refused(
            "refused-older-than-signed",
            &[("log", log.to_string()), ("held", held.to_string()), ("signed", signed.to_string())],
        ),
        Refusal::OtherHistory { log, signed } => {
            refused("refused-other-history", &[("log", log.to_string()), ("signed", signed.to_string())])
        }
        Refusal::NotWrittenHere { log } => refused("refused-not-written-here", &[("log", log.to_string())]),
        Refusal::SeenOtherwise(alarm) => refused(
            "refused-seen-otherwise",
            &[("witness", alarm.witness.clone()), ("log", alarm.log.to_string()), ("at", show(alarm.at))],
        ),
        Refusal::ForeignProof { source_name, log, size } => refused(
            "refused-foreign-proof",
            &[("source", source_name.clone()), ("log", log.to_string()), ("size", size.to_string())],
        ),
        Refusal::NoCheckpoint { log, size } => {
            refused("refused-no-checkpoint", &[("log", log.to_string()), ("size", size.to_string())])
        }
        Refusal::Busy => refused("refused-busy", &[]),
        Refusal::UnknownItem(item) => refused("refused-unknown-item", &[("item", item.to_string())]),
        Refusal::UnknownField { item, field } => {
            refused("refused-unknown-field", &[("item", item.to_string()), ("field", field.clone())])
        }
        Refusal::ContentTooLarge { item, size } => {
            refused("refused-content-too-large", &[("item", item.to_string()), ("size", size.to_string())])
        }
        Refusal::NothingToExport(order) => {
            refused("refused-nothing-to-export", &[("order", order.to_string())])
        }
        Refusal::Exists(at) => refused("refused-exists", &[path(at)]),
        Refusal::NoBackup(at) => refused("refused-no-backup", &[path(at)]),
        Refusal::InsideVault(at) => refused("refused-inside-vault", &[path(at)]),
        Refusal::Entry(why) => refused("refused-entry", &[("why", why.clone())]),
        Refusal::EntryTooLarge => refused("refused-entry-too-large", &[]),
        Refusal::ImpossibleClock(at) => refused("refused-impossible-clock", &[("at", at.to_string())]),
    }
}

fn of_case(refusal: &sigu_case::Refusal) -> Said {
    use sigu_case::Refusal as Case;
    match refusal {
        Case::UnknownOrder(order) => refused("refused-unknown-order", &[("order", order.to_string())]),
        Case::OrderExists(order) => refused("refused-order-exists", &[("order", order.to_string())]),
        Case::Empty { field } => refused("refused-empty", &[("field", (*field).to_owned())]),
        Case::TooLong { field, chars, max } => refused(
            "refused-too-long",
            &[("field", (*field).to_owned()), ("chars", chars.to_string()), ("max", max.to_string())],
        ),
        Case::ImpossibleTime { field, value } => {
            refused("refused-impossible-time", &[("field", (*field).to_owned()), ("value", show(*value))])
        }
        Case::DeliveredBeforePaid { paid, delivered } => refused(
            "refused-delivered-before-paid",
            &[("paid", show(*paid)), ("delivered", show(*delivered))],
        ),
        Case::ImpossibleAmount(fen) => refused("refused-impossible-amount", &[("fen", fen.to_string())]),
        Case::NothingToChange => refused("refused-nothing-to-change", &[]),
        Case::UnknownItem(item) => refused("refused-unknown-item", &[("item", item.to_string())]),
        Case::Unfit(why) => refused("refused-entry", &[("why", why.clone())]),
        Case::FieldStays(field) => refused("refused-field-stays", &[("field", field.clone())]),
        Case::UnknownPage(page) => refused("refused-unknown-page", &[("page", page.to_string())]),
        Case::PageAddress(url) => refused("refused-page-address", &[("url", url.clone())]),
        Case::PageInterval(hours) => refused("refused-page-interval", &[("hours", hours.to_string())]),
        Case::PageRecipe { field } => refused("refused-page-recipe", &[("field", (*field).to_owned())]),
        Case::ErasedAlready(item) => refused("refused-erased-already", &[("item", item.to_string())]),
    }
}

fn of_fault(failed: &Fault) -> Said {
    match failed {
        Fault::Io { op, path, source } => fault(
            "fault-io",
            &[("op", (*op).to_owned()), ("path", path.display().to_string()), ("why", source.to_string())],
        ),
        Fault::Db(error) => fault("fault-database", &[("why", error.to_string())]),
        Fault::Package(why) => fault("fault-package", &[("why", why.clone())]),
        Fault::OutcomeUnknown => fault("fault-outcome-unknown", &[]),
    }
}

fn of_damage(damage: &Damage) -> Said {
    let what = match damage {
        Damage::Missing(path) => {
            return damaged("damage-missing", &[("path", path.display().to_string())]);
        }
        Damage::Seal(path) => {
            return damaged("damage-seal", &[("path", path.display().to_string())]);
        }
        Damage::Blob(item) => {
            return damaged("damage-content", &[("item", item.to_string())]);
        }
        Damage::File { .. } | Damage::Row { .. } => damage.to_string(),
    };
    damaged("damage-stored", &[("what", what)])
}

#[cfg(test)]
mod tests {
    use sigu_attestation::witness::{CosignerKeyError, PolicyError};

    use super::*;

    #[test]
    fn every_rule_of_services_has_words_in_both_languages() {
        use ServicesRule as R;
        let rules = [
            R::TooLarge,
            R::NotToml { line: 3, message: "expected".to_owned() },
            R::Version,
            R::Missing,
            R::Unknown,
            R::Kind("a text"),
            R::Text(120),
            R::Name,
            R::Twice,
            R::Address,
            R::Root,
            R::Number(86_400),
            R::Imprint,
            R::Key(CosignerKeyError::Form),
            R::Policy(PolicyError::NoQuorum),
            R::TooMany,
        ];
        for why in rules {
            let error = ServicesError { table: "witness", entry: 2, field: "vkey".to_owned(), why };
            for words in [Words::chinese(), Words::in_english()] {
                let said = of_services(&error, &words).message(&words);
                assert!(said.contains("[[witness]] 2, vkey: ") && !said.ends_with("vkey: "), "{said}");
                assert!(!said.contains("{ $"), "{said}");
            }
        }
    }
}
