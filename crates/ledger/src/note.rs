//! Reading and checking of signed notes (C2SP signed-note v1.0.0).
//!
//! It gives no meaning to the text; a checkpoint does. A parsed note is only claims: its text may be
//! used, or shown to anyone, only as a `VerifiedNote`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::{VerifyingKey, check_name};
use crate::text::has_control;

/// The largest note that is read or written, in bytes: 64 KiB.
pub const MAX_NOTE_BYTES: usize = 64 * 1024;

/// The most signature lines a note may carry; the specification demands at least 16.
pub const MAX_NOTE_SIGNATURES: usize = 100;

/// Says why bytes are not a signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than `MAX_NOTE_BYTES`.
    #[error("the note is larger than 64 KiB")]
    TooLarge,
    /// Not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// A control character other than the newline.
    #[error("the note holds a control character")]
    ControlCharacter,
    /// The last byte is not a newline.
    #[error("the note does not end in a newline")]
    MissingFinalNewline,
    /// No blank line sets the signatures off from the text.
    #[error("no blank line between text and signatures")]
    NoBlankLine,
    /// Nothing follows the last blank line.
    #[error("the note carries no signature")]
    NoSignature,
    /// More than `MAX_NOTE_SIGNATURES`.
    #[error("the note carries more than 100 signatures")]
    TooManySignatures,
    /// Not an em dash, a space, a key name, a space and canonical base64 of more than 4 bytes.
    #[error("signature line {line} is malformed")]
    SignatureLine {
        /// The number of the line among the signature lines, from 1.
        line: usize,
    },
}

/// Says why a well-formed note is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteVerifyError {
    /// No signature line names this key.
    #[error("the note is not signed by the expected key")]
    NotSigned,
    /// A line names this key and its signature does not hold; the whole note is refused.
    #[error("the signature of the expected key does not hold")]
    BadSignature,
}

/// Holds one signature line as it was read; nothing about it has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key name.
    pub name: String,
    /// The key id, big endian in the note.
    pub key_id: u32,
    /// What follows the key id, at least one byte; for Ed25519, 64.
    pub signature: Vec<u8>,
}

/// Holds a note that is well-formed and not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// Holds the text of a note whose signature has been checked; only `Note::verify` makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedNote {
    text: String,
}

impl Note {
    /// Reads a note strictly; every signature line must be well-formed, known or not.
    ///
    /// The text is split off at the last blank line.
    pub fn parse(note: impl AsRef<[u8]>) -> Result<Self, NoteError> {
        let bytes = note.as_ref();
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLarge);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        if has_control(whole) {
            return Err(NoteError::ControlCharacter);
        }
        let body = whole.strip_suffix('\n').ok_or(NoteError::MissingFinalNewline)?;
        let blank = whole.rfind("\n\n").ok_or(NoteError::NoBlankLine)?;
        let lines = body.get(blank + 2..).ok_or(NoteError::NoSignature)?;
        if lines.split('\n').count() > MAX_NOTE_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let read = |(i, line)| parse_signature(line).ok_or(NoteError::SignatureLine { line: i + 1 });
        let signatures = lines.split('\n').enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self { text: whole[..=blank].to_owned(), signatures })
    }

    /// Returns the signature lines in their order, unchecked.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks the note against one key and hands out its text.
    ///
    /// Lines of other keys are ignored, even if they share the name or the id (not both). Every line
    /// of this key must hold, and there must be one.
    pub fn verify(&self, key: &VerifyingKey) -> Result<VerifiedNote, NoteVerifyError> {
        let id = key.key_id();
        let mut known =
            self.signatures.iter().filter(|line| line.key_id == id && line.name == key.name()).peekable();
        if known.peek().is_none() {
            return Err(NoteVerifyError::NotSigned);
        }
        if !known.all(|line| key.accepts(&self.text, &line.signature)) {
            return Err(NoteVerifyError::BadSignature);
        }
        Ok(VerifiedNote { text: self.text.clone() })
    }
}

impl VerifiedNote {
    /// Returns the signed text, with its final newline and without the blank line.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn parse_signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    check_name(name).ok()?;
    let blob = STANDARD.decode(encoded).ok()?;
    let (id, signature) = blob.split_first_chunk::<4>()?;
    if signature.is_empty() {
        return None;
    }
    Some(NoteSignature {
        name: name.to_owned(),
        key_id: u32::from_be_bytes(*id),
        signature: signature.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    fn key() -> SigningKey {
        SigningKey::from_seed("a", [1; 32]).unwrap()
    }

    fn line(text: &str, name: &str) -> String {
        let note = SigningKey::from_seed(name, [2; 32]).unwrap().sign(text).unwrap();
        note.rsplit_once("\n\n").unwrap().1.to_owned()
    }

    #[test]
    fn the_text_ends_at_the_last_blank_line() {
        for text in ["a\n", "\n", "\n\n", "a\n\nb\n", "a\n\n— a AAAA\n", "a\n\n\n"] {
            let note = Note::parse(key().sign(text).unwrap()).unwrap();
            assert_eq!(note.verify(&key().verifying_key()).unwrap().text(), text);
        }
    }

    #[test]
    fn other_signatures_are_ignored_and_counted() {
        let signed = key().sign("text\n").unwrap();
        // Another key under the same name, and under others: all unknown.
        for (others, outcome) in [(16, Ok(())), (99, Ok(())), (100, Err(NoteError::TooManySignatures))] {
            let lines: String = (0..others).map(|i| line("other\n", &"a".repeat(i + 1))).collect();
            let note = Note::parse(format!("{signed}{lines}"));
            assert_eq!(note.as_ref().map(|_| ()), outcome.as_ref().copied());
            if let Ok(note) = note {
                assert_eq!(note.signatures().len(), others + 1);
                assert!(note.verify(&key().verifying_key()).is_ok());
            }
        }
    }

    #[test]
    fn one_bad_line_of_the_known_key_refuses_the_note() {
        let good = key().sign("text\n").unwrap();
        let other = key().sign("other\n").unwrap();
        let bad = other.rsplit_once("\n\n").unwrap().1;
        let note = Note::parse(format!("{good}{bad}")).unwrap();
        assert_eq!(note.verify(&key().verifying_key()), Err(NoteVerifyError::BadSignature));
        let stranger = SigningKey::from_seed("a", [3; 32]).unwrap().verifying_key();
        assert_eq!(note.verify(&stranger), Err(NoteVerifyError::NotSigned));
    }

    #[test]
    fn malformed_notes() {
        use NoteError as E;
        let at = |line| E::SignatureLine { line };
        let cases = [
            ("", E::MissingFinalNewline),
            ("\n", E::NoBlankLine),
            ("text\n\n", E::NoSignature),
            ("text\n\n\n", E::NoSignature),
            ("text\n— a AAAAAAA=\n", E::NoBlankLine),
            ("text\n\n— a AAAAAAA=", E::MissingFinalNewline),
            ("text\n\n- a AAAAAAA=\n", at(1)),
            ("text\n\n— a AAAAAAA=\n—  AAAAAAA=\n", at(2)),
            ("text\n\n— a+b AAAAAAA=\n", at(1)),
            ("text\n\n— a AAAAAAA\n", at(1)),
            ("text\n\n— a AAAAAAB=\n", at(1)),
            ("text\n\n— a AAAAAA==\n", at(1)),
            ("text\n\n— a AAAAAAA= \n", at(1)),
            ("te\txt\n\n— a AAAAAAA=\n", E::ControlCharacter),
        ];
        for (note, error) in cases {
            assert_eq!(Note::parse(note), Err(error), "{note:?}");
        }
        assert!(Note::parse("text\n\n— a AAAAAAA=\n").is_ok());
        assert_eq!(Note::parse(b"\xff\n\n"), Err(E::NotUtf8));
        assert_eq!(Note::parse("a".repeat(MAX_NOTE_BYTES + 1)), Err(E::TooLarge));
    }
}
