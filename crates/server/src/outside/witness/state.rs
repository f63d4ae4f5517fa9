//! The memory of a witness: its key, the logs it knows, and what it saw of each.
//!
//! | file | holds |
//! |---|---|
//! | `witness.key` | name and seed of its own key, which signs nothing else; made on first use, readable by its owner alone |
//! | `logs.txt` | the keys of the logs, one a line |
//! | `seen/<SHA-256 of the origin>.json` | size, root and cosigned checkpoint that it saw last |
//! | `witness.lock` | nothing; held while any of them changes |

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sigu_attestation::witness::{AddCheckpoint, CosignerKey, CosigningKey, Decision, Seen, decide};
use sigu_ledger::{Hash, VerifyingKey};
use zeroize::{Zeroize as _, Zeroizing};

use super::WitnessError;
use crate::keep;
use crate::tokens::hex;

/// Most logs that one witness knows.
pub const MAX_LOGS: usize = 256;

const WORDS: &str = "text/plain; charset=utf-8";

/// A witness whose state lies in a folder. Its calls wait for the disk: an async caller makes them on a thread for that.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    key: CosigningKey,
    now: fn() -> Timestamp,
}

/// Holds an answer to `add-checkpoint`; where it is 200, what it says is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// Cosignature lines, a size, or words.
    pub body: String,
    /// The log and the size that were cosigned.
    pub cosigned: Option<(String, u64)>,
}

/// Holds a log the witness knows.
#[derive(Clone, Debug)]
pub struct KnownLog {
    /// Its key, under its origin.
    pub key: VerifyingKey,
    /// What was seen of it last, if anything.
    pub seen: Option<Seen>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptKey {
    v: u32,
    name: String,
    seed: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptSeen {
    v: u32,
    origin: String,
    size: u64,
    root: String,
    /// The checkpoint with the cosignature, for who monitors.
    note: String,
}

impl Witness {
    /// Opens a witness; on first use makes the folder and draws name and key.
    ///
    /// # Errors
    /// Fails with the disk, or where the key is damaged.
    pub fn open(
        folder: &Path,
        now: fn() -> Timestamp,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, WitnessError> {
        let seen = folder.join("seen");
        keep::folder(&seen).map_err(|error| WitnessError::Io { path: seen, error })?;
        let path = folder.join("witness.key");
        let _lock = lock(folder)?;
        let kept = if let Some(kept) = read_key(&path)? { kept } else { make_key(&path, random)? };
        let key = signing(&kept).ok_or(WitnessError::Damaged { path })?;
        Ok(Self { folder: folder.to_owned(), key, now })
    }

    /// Returns the public half of its key.
    pub fn key(&self) -> CosignerKey {
        self.key.cosigner_key()
    }

    /// Returns the line that is given to the owner of a log: name, key and address, as in a policy (C2SP tlog-policy).
    pub fn policy_line(&self, url: &str) -> String {
        let key = self.key();
        format!("witness {} {key} {url}", key.name())
    }

    /// Returns the logs it knows, in the order they were added, with what it saw of them.
    ///
    /// # Errors
    /// Fails with the disk, or where a file is damaged.
    pub fn logs(&self) -> Result<Vec<KnownLog>, WitnessError> {
        let with_seen = |key: VerifyingKey| {
            let seen = self.seen(key.name())?.map(|(seen, _)| seen);
            Ok(KnownLog { key, seen })
        };
        self.keys()?.into_iter().map(with_seen).collect()
    }

    /// Adds a log by its key. Answers whether it is new.
    ///
    /// # Errors
    /// Refuses a text that is no key, and another key of a log that is known; fails with the disk.
    pub fn add(&self, vkey: &str) -> Result<bool, WitnessError> {
        let key = VerifyingKey::parse(vkey.trim())?;
        let _lock = lock(&self.folder)?;
        let mut keys = self.keys()?;
        if let Some(known) = keys.iter().find(|known| known.name() == key.name()) {
            let same = known.public_key() == key.public_key();
            let origin = key.name().to_owned();
            return if same { Ok(false) } else { Err(WitnessError::OtherKey { origin }) };
        }
        if keys.len() >= MAX_LOGS {
            return Err(WitnessError::TooMany);
        }
        keys.push(key);
        let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
        replace(&self.logs_file(), text.as_bytes())?;
        Ok(true)
    }

    /// Answers a body of `add-checkpoint`. What is cosigned has replaced what was seen, durably, when this returns; all of
    /// it happens under the lock, so that of two who come at once the second is compared with the first.
    ///
    /// # Errors
    /// Fails with the disk, or where a file is damaged; then nothing was cosigned.
    pub fn submit(&self, body: &[u8]) -> Result<Answer, WitnessError> {
        let _lock = lock(&self.folder)?;
        let keys = self.keys()?;
        let mut broken = None;
        let seen = |origin: &str| match self.seen(origin) {
            Ok(seen) => seen.map(|(seen, _)| seen),
            Err(error) => {
                broken = Some(error);
                None
            }
        };
        let decision = decide(body, &keys, seen, &self.key, (self.now)());
        if let Some(error) = broken {
            return Err(error);
        }
        let status = decision.status();
        match decision {
            Decision::Accept(accepted) => {
                let (origin, after) = (accepted.origin().to_owned(), accepted.after());
                let line = accepted.into_answer();
                // It was parsed to be accepted.
                let note = AddCheckpoint::parse(body).map(|request| request.note).unwrap_or_default();
                self.keep(&origin, after, &(note + &line))?;
                Ok(Answer { status, content_type: WORDS, body: line, cosigned: Some((origin, after.size)) })
            }
            refused => {
                let (content_type, body) = refused.refusal().unwrap_or((WORDS, String::new()));
                Ok(Answer { status, content_type, body, cosigned: None })
            }
        }
    }

    /// Returns the checkpoint it cosigned last of the log whose origin has this SHA-256, in lower-case hex; `None` where
    /// there is none.
    ///
    /// # Errors
    /// Fails with the disk, or where a file is damaged.
    pub fn latest(&self, origin_sha256: &str) -> Result<Option<String>, WitnessError> {
        let keys = self.keys()?;
        let Some(key) = keys.iter().find(|key| digest(key.name()) == origin_sha256) else { return Ok(None) };
        Ok(self.seen(key.name())?.map(|(_, note)| note))
    }

    fn logs_file(&self) -> PathBuf {
        self.folder.join("logs.txt")
    }

    fn seen_file(&self, origin: &str) -> PathBuf {
        self.folder.join("seen").join(digest(origin) + ".json")
    }

    fn keys(&self) -> Result<Vec<VerifyingKey>, WitnessError> {
        let path = self.logs_file();
        let Some(bytes) = read(&path)? else { return Ok(Vec::new()) };
        let text = String::from_utf8(bytes).map_err(|_| WitnessError::Damaged { path: path.clone() })?;
        let keys = text.lines().map(VerifyingKey::parse).collect::<Result<Vec<_>, _>>();
        keys.map_err(|_| WitnessError::Damaged { path })
    }

    /// What was seen of a log, with the note. What cannot be read is damage: to take it for nothing seen would let a log
    /// begin anew.
    fn seen(&self, origin: &str) -> Result<Option<(Seen, String)>, WitnessError> {
        let path = self.seen_file(origin);
        let Some(bytes) = read(&path)? else { return Ok(None) };
        let kept = serde_json::from_slice::<KeptSeen>(&bytes).ok();
        let kept = kept.filter(|kept| kept.v == 1 && kept.origin == origin);
        let kept = kept.and_then(|kept| {
            let root = Hash::from_base64(&kept.root).ok()?;
            Some((Seen { size: kept.size, root }, kept.note))
        });
        kept.map(Some).ok_or(WitnessError::Damaged { path })
    }

    fn keep(&self, origin: &str, seen: Seen, note: &str) -> Result<(), WitnessError> {
        let Seen { size, root } = seen;
        let (origin_text, root, note) = (origin.to_owned(), root.to_base64(), note.to_owned());
        let kept = KeptSeen { v: 1, origin: origin_text, size, root, note };
        let path = self.seen_file(origin);
        let bytes = serde_json::to_vec_pretty(&kept)
            .map_err(|error| WitnessError::Io { path: path.clone(), error: io::Error::other(error) })?;
        replace(&path, &bytes)
    }
}

fn digest(origin: &str) -> String {
    hex(Sha256::digest(origin.as_bytes()).as_slice())
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, WitnessError> {
    keep::read(path).map_err(|error| WitnessError::Io { path: path.to_owned(), error })
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), WitnessError> {
    keep::replace(path, bytes).map_err(|error| WitnessError::Io { path: path.to_owned(), error })
}

fn lock(folder: &Path) -> Result<File, WitnessError> {
    let path = folder.join("witness.lock");
    keep::lock(&path).map_err(|error| WitnessError::Io { path, error })
}

fn read_key(path: &Path) -> Result<Option<KeptKey>, WitnessError> {
    let Some(bytes) = read(path)?.map(Zeroizing::new) else { return Ok(None) };
    let kept = serde_json::from_slice(&bytes);
    kept.map(Some).map_err(|_| WitnessError::Damaged { path: path.to_owned() })
}

/// Draws name and key. The name means nothing and belongs to nobody, as a log's origin.
fn make_key(path: &Path, random: &mut dyn FnMut(&mut [u8])) -> Result<KeptKey, WitnessError> {
    let (mut name, mut seed) = ([0; 10], Zeroizing::new([0; 32]));
    random(&mut name);
    random(seed.as_mut());
    let name = format!("sigu/witness/v1/{}", hex(&name));
    let kept = KeptKey { v: 1, name, seed: hex(seed.as_ref()) };
    let bytes = serde_json::to_vec_pretty(&kept).map(Zeroizing::new);
    let bytes =
        bytes.map_err(|error| WitnessError::Io { path: path.to_owned(), error: io::Error::other(error) })?;
    replace(path, &bytes)?;
    Ok(kept)
}

fn signing(kept: &KeptKey) -> Option<CosigningKey> {
    let digits = kept.seed.as_bytes();
    if kept.v != 1 || digits.len() != 64 {
        return None;
    }
    let mut seed = Zeroizing::new([0; 32]);
    for (byte, pair) in seed.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    CosigningKey::from_seed(&kept.name, &seed).ok()
}

impl Drop for KeptKey {
    fn drop(&mut self) {
        self.seed.zeroize();
    }
}
