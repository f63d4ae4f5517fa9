//! Walks over `vectors/key-file`.

use sigu_evidence::{Identity, KeyFileError, open_identity, parse_plain_key_file};

use crate::vectors::key_file::PASSPHRASE;
use crate::vectors::sealed::vault;
use crate::vectors::walk;

const fn malformed(what: &'static str) -> Result<(), KeyFileError> {
    Err(KeyFileError::Malformed { what })
}

const WRONG: Result<(), KeyFileError> = Err(KeyFileError::WrongPassphrase);
const COSTLY: Result<(), KeyFileError> = Err(KeyFileError::CostTooHigh);

const FILES: &[(&str, Result<(), KeyFileError>)] = &[
    ("good-default-cost.key", Ok(())),
    ("good-least-cost.key", Ok(())),
    ("good-plain.key", Ok(())),
    ("bad-wrong-version.key", malformed("the version line")),
    ("bad-crlf.key", malformed("the version line")),
    ("bad-no-line-end.key", malformed("three lines, each with its line end")),
    ("bad-extra-line.key", malformed("three lines, each with its line end")),
    ("bad-comment.key", malformed("three lines, each with its line end")),
    ("bad-unknown-kdf.key", malformed("the kdf line")),
    ("bad-swapped-parameters.key", malformed("a parameter of the kdf")),
    ("bad-double-space.key", malformed("the kdf line")),
    ("bad-leading-zero.key", malformed("a number of the kdf")),
    ("bad-plus-sign.key", malformed("a number of the kdf")),
    ("bad-too-little-memory.key", malformed("cost below what Argon2 allows")),
    ("bad-no-passes.key", malformed("cost below what Argon2 allows")),
    ("bad-too-much-memory.key", COSTLY),
    ("bad-too-many-passes.key", COSTLY),
    ("bad-too-many-lanes.key", COSTLY),
    ("bad-number-overflow.key", COSTLY),
    ("bad-short-salt.key", malformed("length of salt")),
    ("bad-padded-salt.key", malformed("base64 of salt")),
    ("bad-noncanonical-salt.key", malformed("base64 of salt")),
    ("bad-short-sealed.key", malformed("length of sealed")),
    ("bad-altered-salt.key", WRONG),
    ("bad-altered-cost.key", WRONG),
    ("bad-altered-sealed.key", WRONG),
    ("bad-plain-comment.key", malformed("the key")),
    ("bad-plain-no-line-end.key", malformed("no line end")),
    ("bad-plain-lower-case.key", malformed("the key")),
    ("bad-plain-wrong-checksum.key", malformed("the key")),
];

fn open(name: &str, text: &str) -> Result<Identity, KeyFileError> {
    if name.contains("-plain") {
        parse_plain_key_file(text)
    } else {
        open_identity(text, PASSPHRASE.as_bytes())
    }
}

#[test]
fn key_files_open_or_are_refused_as_expected() {
    walk("key-file", "", ".key", FILES, |name, bytes, expected| {
        let opened = open(name, std::str::from_utf8(bytes).unwrap());
        assert_eq!(opened.as_ref().map(|_| &()), expected.as_ref(), "{name}");
        assert_eq!(expected.is_ok(), name.starts_with("good-"), "{name}");
        if let Ok(identity) = opened {
            assert_eq!(identity.recipient(), vault().recipient(), "{name}");
        }
    });
}

#[test]
fn another_passphrase_is_wrong() {
    walk("key-file", "good-least-cost", ".key", &FILES[1..2], |_, bytes, _| {
        let opened = open_identity(std::str::from_utf8(bytes).unwrap(), b"correct horse");
        assert_eq!(opened.map(|_| ()), WRONG);
    });
}
