//! Who may speak to the receiver: a code shown once, a token for each browser, kept as a digest.
//!
//! | secret | bits | lives | guarded by |
//! |---|---|---|---|
//! | code | 40 | ten minutes, five wrong tries, one use | comparison in constant time |
//! | token | 256 | until revoked | only its SHA-256 is kept |

use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::tokens::{Holder, Tokens, shown_name};

/// How long a code can be used.
pub const CODE_LIVES: SignedDuration = SignedDuration::from_mins(10);
/// How many wrong tries end a code.
pub const MAX_WRONG_TRIES: u32 = 5;
/// Most browsers that are paired at a time.
pub const MAX_PAIRINGS: usize = 32;
/// Longest name of a browser, in characters.
pub const MAX_NAME_CHARS: usize = 80;

/// Digits and letters that cannot be mistaken for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET_CHARS: usize = 8;

/// A code that waits to be typed into the extension. Not printable: [`Offer::text`] is for the user's eyes.
pub(crate) struct Offer {
    secret: Zeroizing<[u8; SECRET_CHARS]>,
    until: Timestamp,
    wrong: u32,
}

/// Why a code does not pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeFault {
    /// No code is offered, or it is used up, too old or tried too often.
    Gone,
    /// It is another code.
    Wrong,
}

impl Offer {
    /// Draws a code that lives from `now`.
    pub(crate) fn new(now: Timestamp, entropy: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut secret = Zeroizing::new([0; SECRET_CHARS]);
        entropy(secret.as_mut());
        // 256 is a multiple of 32: every character is as likely as any other.
        secret.iter_mut().for_each(|byte| *byte = ALPHABET[usize::from(*byte % 32)]);
        Self { secret, until: now + CODE_LIVES, wrong: 0 }
    }

    /// The code as it is shown: port, then the secret in two groups, such as `43817-K7QD-T2MX`.
    pub(crate) fn text(&self, port: u16) -> Zeroizing<String> {
        let secret = String::from_utf8_lossy(self.secret.as_ref());
        Zeroizing::new(format!("{port}-{}-{}", &secret[..4], &secret[4..]))
    }

    /// Tries a typed code; blanks, hyphens and case do not matter, nor does `O` for 0 or `I` and `L` for 1.
    pub(crate) fn try_code(&mut self, typed: &str, port: u16, now: Timestamp) -> Result<(), CodeFault> {
        if now > self.until || self.wrong >= MAX_WRONG_TRIES {
            return Err(CodeFault::Gone);
        }
        let expected = Zeroizing::new(normal(&self.text(port)));
        let typed = Zeroizing::new(normal(typed));
        if bool::from(expected.as_bytes().ct_eq(typed.as_bytes())) {
            return Ok(());
        }
        self.wrong += 1;
        Err(CodeFault::Wrong)
    }
}

fn normal(typed: &str) -> String {
    let kept = typed.chars().filter(char::is_ascii_alphanumeric).take(64);
    kept.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    })
    .collect()
}

/// A browser that is paired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Its number, to revoke it by.
    pub id: u32,
    /// How it calls itself.
    pub name: String,
    /// The extension's origin, such as `chrome-extension://…`; `None` where it sent none.
    pub origin: Option<String>,
    /// When it was paired.
    pub paired_at: Timestamp,
    /// The SHA-256 of its token, in hex.
    token_sha256: String,
}

impl Holder for Pairing {
    fn id(&self) -> u32 {
        self.id
    }

    fn token_sha256(&self) -> &str {
        &self.token_sha256
    }
}

/// The list of paired browsers, `pairings.json` in the state folder. Read anew for each request, so that a revocation
/// by another process holds at once.
#[derive(Debug, Clone)]
pub struct Pairings {
    tokens: Tokens<Pairing>,
}

impl Pairings {
    /// The list in this state folder; the folder is made when the first browser pairs.
    pub fn in_folder(state: &Path) -> Self {
        Self { tokens: Tokens::in_file(state.join("pairings.json")) }
    }

    /// Returns all, oldest first.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is not what its writer writes.
    pub fn list(&self) -> io::Result<Vec<Pairing>> {
        self.tokens.list()
    }

    /// Takes a browser's right to speak away. Answers whether there was one of that number.
    ///
    /// # Errors
    /// Fails when the list cannot be written; then the browser is still paired.
    pub fn revoke(&self, id: u32) -> io::Result<bool> {
        self.tokens.revoke(|pairing| pairing.id == id)
    }

    /// Adds a browser and gives its token: the only time it is seen. Beyond [`MAX_PAIRINGS`] the oldest goes.
    pub(crate) fn add(
        &self,
        name: &str,
        origin: Option<&str>,
        now: Timestamp,
        entropy: &mut dyn FnMut(&mut [u8]),
    ) -> io::Result<Zeroizing<String>> {
        self.tokens.add(MAX_PAIRINGS, entropy, |id, token_sha256| Pairing {
            id,
            name: shown_name(name, MAX_NAME_CHARS, "browser"),
            origin: origin.map(str::to_owned),
            paired_at: now,
            token_sha256,
        })
    }

    /// Finds the browser of a token. Every kept digest is compared, each in constant time.
    pub(crate) fn of_token(&self, token: &str) -> io::Result<Option<Pairing>> {
        self.tokens.of_token(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        "2026-03-01T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
    }

    fn counted(bytes: &mut [u8]) {
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from(place * 7 % 256).unwrap();
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let mut offer = Offer::new(at(0), &mut counted);
        assert_eq!(*offer.text(43817), "43817-07EN-W3AH");
        for typed in ["43817-07EN-W3AH", " 43817 07en w3ah ", "43817-O7EN-W3AH", "4381707ENW3AH"] {
            assert_eq!(offer.try_code(typed, 43817, at(10)), Ok(()), "{typed}");
        }
        assert_eq!(offer.try_code("43818-07EN-W3AH", 43817, at(1)), Err(CodeFault::Wrong));
    }

    #[test]
    fn a_code_ends_by_age_and_by_wrong_tries() {
        let mut old = Offer::new(at(0), &mut counted);
        let code = old.text(1);
        assert_eq!(old.try_code(&code, 1, at(11)), Err(CodeFault::Gone));
        let mut tried = Offer::new(at(0), &mut counted);
        for _ in 0..MAX_WRONG_TRIES {
            assert_eq!(tried.try_code("1-0000-0000", 1, at(1)), Err(CodeFault::Wrong));
        }
        assert_eq!(tried.try_code(&code, 1, at(1)), Err(CodeFault::Gone));
    }

    #[test]
    fn tokens_are_kept_as_digests_and_revoked_by_number() {
        let dir = tempfile::tempdir().unwrap();
        let pairings = Pairings::in_folder(dir.path());
        let token = pairings.add("火狐\n", Some("moz-extension://a"), at(0), &mut counted).unwrap();
        let text = std::fs::read_to_string(dir.path().join("pairings.json")).unwrap();
        assert!(!text.contains(token.as_str()));
        let found = pairings.of_token(&token).unwrap().unwrap();
        assert_eq!((found.id, found.name.as_str()), (1, "火狐"));
        assert_eq!(pairings.of_token("00").unwrap(), None);
        assert!(pairings.revoke(1).unwrap());
        assert!(!pairings.revoke(1).unwrap());
        assert_eq!(pairings.of_token(&token).unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.path().join("pairings.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
