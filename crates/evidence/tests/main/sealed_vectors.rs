//! Walks over `vectors/sealed`: good files open, each bad one is refused for its own reason.
//!
//! Every file goes through both readers, in memory and streaming, which must agree.

use std::io::{self, Read};

use sigu_evidence::{Identity, OpenReader, SealedError, open_bytes, parse_plain_key_file};

use crate::vectors::{committed, walk};

const SHARE: &str = "X25519 share";
const BODY: &str = "X25519 body";

#[rustfmt::skip]
const BAD: &[(&str, SealedError)] = &[
    ("bad-unknown-version-line.age", SealedError::UnknownVersion),
    ("bad-crlf-version-line.age", SealedError::UnknownVersion),
    ("bad-truncated-header.age", SealedError::HeaderTruncated),
    ("bad-truncated-nonce.age", SealedError::NonceTruncated),
    ("bad-header-too-long.age", SealedError::HeaderTooLong),
    ("bad-no-recipient.age", SealedError::HeaderMalformed { what: "no recipient" }),
    ("bad-two-arguments.age", SealedError::HeaderMalformed { what: "X25519 takes one argument" }),
    ("bad-double-space.age", SealedError::HeaderMalformed { what: "stanza arguments" }),
    ("bad-passphrase-beside-key.age", SealedError::HeaderMalformed { what: "a passphrase beside other recipients" }),
    ("bad-share-wrong-length.age", SealedError::WrongLength { what: SHARE }),
    ("bad-body-wrong-length.age", SealedError::WrongLength { what: BODY }),
    ("bad-zero-shared-secret.age", SealedError::ZeroSharedSecret),
    ("bad-low-order-share.age", SealedError::ZeroSharedSecret),
    ("bad-another-key.age", SealedError::NoMatchingIdentity),
    ("bad-wrong-mac.age", SealedError::WrongMac),
    ("bad-added-stanza.age", SealedError::WrongMac),
    ("bad-noncanonical-base64-share.age", SealedError::NonCanonicalBase64 { what: SHARE }),
    ("bad-noncanonical-base64-body.age", SealedError::NonCanonicalBase64 { what: "stanza body" }),
    ("bad-noncanonical-base64-mac.age", SealedError::NonCanonicalBase64 { what: "header code" }),
    ("bad-padded-base64-share.age", SealedError::Base64 { what: SHARE }),
    ("bad-padded-base64-body.age", SealedError::Base64 { what: "stanza body" }),
    ("bad-space-after-mac.age", SealedError::Base64 { what: "header code" }),
    ("bad-flipped-nonce.age", SealedError::Damaged { chunk: 0 }),
    ("bad-flipped-bit.age", SealedError::Damaged { chunk: 0 }),
    ("bad-no-payload.age", SealedError::MissingFinalChunk),
    ("bad-truncated-tag.age", SealedError::ChunkTruncated { chunk: 0 }),
    ("bad-truncated-payload.age", SealedError::Damaged { chunk: 0 }),
    ("bad-trailing-byte.age", SealedError::Damaged { chunk: 0 }),
    ("bad-short-chunk-not-final.age", SealedError::MissingFinalChunk),
    ("bad-swapped-chunks.age", SealedError::Damaged { chunk: 0 }),
    ("bad-missing-final-chunk.age", SealedError::MissingFinalChunk),
    ("bad-empty-final-chunk.age", SealedError::EmptyFinalChunk),
    ("bad-trailing-byte-after-full-chunk.age", SealedError::TrailingData),
];

const GOOD: &[(&str, ())] = &[
    ("good-empty.age", ()),
    ("good-short.age", ()),
    ("good-two-recipients.age", ()),
    ("good-two-chunks.age", ()),
    ("good-unknown-stanza.age", ()),
    ("good-made-by-age.age", ()),
];

fn key(name: &str) -> Identity {
    let files = committed("sealed");
    let (_, text) = files.iter().find(|(file, _)| file == name).unwrap();
    parse_plain_key_file(std::str::from_utf8(text).unwrap()).unwrap()
}

fn read(sealed: &[u8], identity: &Identity) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    OpenReader::new(sealed, &[identity])?.read_to_end(&mut plain)?;
    Ok(plain)
}

#[test]
fn good_files_open() {
    let (vault, recovery) = (key("vault.key"), key("recovery.key"));
    let plain = committed("sealed");
    walk("sealed", "good-", ".age", GOOD, |name, sealed, ()| {
        let (_, expected) = plain.iter().find(|(file, _)| *file == name.replace(".age", ".plain")).unwrap();
        assert!(open_bytes(sealed, &[&vault]).unwrap()[..] == expected[..], "{name}");
        assert!(read(sealed, &vault).unwrap() == *expected, "{name}");
        let other = open_bytes(sealed, &[&recovery]).map(|_| ());
        let expected =
            if name.contains("two-recipients") { Ok(()) } else { Err(SealedError::NoMatchingIdentity) };
        assert_eq!(other, expected, "{name}");
    });
}

#[test]
fn bad_files_are_refused_for_their_own_reason() {
    let vault = key("vault.key");
    walk("sealed", "bad-", ".age", BAD, |name, sealed, expected| {
        assert_eq!(open_bytes(sealed, &[&vault]).map(|_| ()), Err(*expected), "{name}");
        let error = read(sealed, &vault).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{name}");
        assert_eq!(error.get_ref().unwrap().downcast_ref(), Some(expected), "{name}");
    });
}
