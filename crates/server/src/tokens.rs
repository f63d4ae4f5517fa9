//! Who holds a token: one list in one file of the state folder, which keeps of each token its SHA-256 only.
//!
//! Browsers of the extension ([`crate::pairing`]) and programs that use the API ([`crate::access`]) are kept alike.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::keep;

/// Someone who was given a token.
pub(crate) trait Holder: Clone + Serialize + DeserializeOwned {
    /// Its number, which is never given again.
    fn id(&self) -> u32;
    /// The SHA-256 of its token, in hex.
    fn token_sha256(&self) -> &str;
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "T: Holder")]
struct Kept<T> {
    v: u32,
    next: u32,
    // The first kind of list was called so; those that were made are still read.
    #[serde(alias = "pairings")]
    holders: Vec<T>,
}

/// A list of those who hold tokens, read anew each time, so that what another process took back is gone at once.
#[derive(Debug, Clone)]
pub(crate) struct Tokens<T> {
    file: PathBuf,
    of: std::marker::PhantomData<T>,
}

impl<T: Holder> Tokens<T> {
    pub(crate) const fn in_file(file: PathBuf) -> Self {
        Self { file, of: std::marker::PhantomData }
    }

    /// Returns all, oldest first.
    pub(crate) fn list(&self) -> io::Result<Vec<T>> {
        Ok(self.load()?.holders)
    }

    /// Takes tokens back. Answers whether there was any.
    pub(crate) fn revoke(&self, whose: impl Fn(&T) -> bool) -> io::Result<bool> {
        self.change(|kept| {
            let before = kept.holders.len();
            kept.holders.retain(|one| !whose(one));
            Ok(kept.holders.len() < before)
        })
    }

    /// Adds a holder and gives its token: the only time it is seen. Beyond `most` the oldest goes.
    pub(crate) fn add(
        &self,
        most: usize,
        entropy: &mut dyn FnMut(&mut [u8]),
        holder: impl FnOnce(u32, String) -> T,
    ) -> io::Result<Zeroizing<String>> {
        self.add_unless(|_| false, most, entropy, holder).map(|token| token.expect("nobody is in the way"))
    }

    /// The same, unless someone is in the way: then `None`.
    pub(crate) fn add_unless(
        &self,
        in_the_way: impl Fn(&T) -> bool,
        most: usize,
        entropy: &mut dyn FnMut(&mut [u8]),
        holder: impl FnOnce(u32, String) -> T,
    ) -> io::Result<Option<Zeroizing<String>>> {
        let mut random = Zeroizing::new([0; 32]);
        entropy(random.as_mut());
        let token = Zeroizing::new(hex(random.as_ref()));
        self.change(|kept| {
            if kept.holders.iter().any(in_the_way) {
                return Ok(None);
            }
            kept.next += 1;
            kept.holders.push(holder(kept.next, digest(&token)));
            let surplus = kept.holders.len().saturating_sub(most);
            kept.holders.drain(..surplus);
            Ok(Some(token))
        })
    }

    /// Finds the holder of a token. Every kept digest is compared, each in constant time.
    pub(crate) fn of_token(&self, token: &str) -> io::Result<Option<T>> {
        let wanted = digest(token);
        let mut found = None;
        for one in self.load()?.holders {
            if bool::from(one.token_sha256().as_bytes().ct_eq(wanted.as_bytes())) {
                found = Some(one);
            }
        }
        Ok(found)
    }

    fn load(&self) -> io::Result<Kept<T>> {
        match keep::read(&self.file)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            None => Ok(Kept { v: 1, next: 0, holders: Vec::new() }),
        }
    }

    fn change<R>(&self, work: impl FnOnce(&mut Kept<T>) -> io::Result<R>) -> io::Result<R> {
        keep::folder(self.file.parent().unwrap_or(Path::new(".")))?;
        let _lock = keep::lock(&self.file.with_extension("lock"))?;
        let mut kept = self.load()?;
        let done = work(&mut kept)?;
        // A number that is given twice would let one revocation take another's place.
        debug_assert!(kept.holders.iter().all(|one| one.id() <= kept.next), "numbers grow");
        let bytes = serde_json::to_vec_pretty(&kept).map_err(io::Error::other)?;
        keep::replace(&self.file, &bytes)?;
        Ok(done)
    }
}

/// A name as it may be shown: no control characters, not too long, never empty.
pub(crate) fn shown_name(name: &str, most: usize, without: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(most).collect();
    if name.trim().is_empty() { without.to_owned() } else { name.trim().to_owned() }
}

fn digest(token: &str) -> String {
    let mut digest = Sha256::digest(token.as_bytes());
    let text = hex(digest.as_slice());
    digest.as_mut_slice().zeroize();
    text
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
