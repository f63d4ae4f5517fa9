//! The keys of a vault and where they lie.
//!
//! | key | where | what its holder can do |
//! |---|---|---|
//! | vault key (X25519) | `key`: plain, under a passphrase, or in the system's key store | read everything |
//! | recovery key (X25519) | on paper, shown once | read everything |
//! | name key, row key, log seeds | `keys.age`, for both of the above | name blobs; unseal rows; sign the log |
//!
//! `keys.age` holds the vault key too, so that a new recovery key opens blobs sealed before it was made.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sigu_evidence::{Identity, KdfCost, NameKey, Recipient, RowKey, open_bytes, seal_bytes};
use sigu_ledger::SigningKey;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::disk::Disk;
use crate::error::{Damage, Fault, Refusal, Result};
use crate::layout::Layout;
use crate::os_entropy;
use crate::settings::Settings;

/// The form of the `key` file.
#[derive(Debug)]
pub enum KeyFile {
    /// The vault key in clear, in a file only its owner can read.
    Plain(Identity),
    /// The vault key under a passphrase.
    Passphrase(String),
    /// The vault key lies in the operating system's key store under this account name.
    KeyStore(String),
}

const KEY_STORE_HEAD: &str = "sigu-key-store/v1 ";

/// Reads the `key` file of the vault in `folder`.
///
/// # Errors
/// Refuses a folder without a vault; reports a `key` file that is missing or not what its writer writes as damage.
pub fn read_key_file(folder: &Path) -> Result<KeyFile> {
    let layout = Layout::new(folder);
    if !layout.settings().exists() && !layout.database().exists() {
        return Err(Refusal::NoVault(folder.to_owned()).into());
    }
    let path = layout.key();
    let text = Zeroizing::new(read_text(&path)?);
    if let Some(account) = text.strip_prefix(KEY_STORE_HEAD).and_then(|rest| rest.strip_suffix('\n')) {
        let fits =
            (1..=64).contains(&account.len()) && account.bytes().all(|byte| byte.is_ascii_alphanumeric());
        return if fits {
            Ok(KeyFile::KeyStore(account.to_owned()))
        } else {
            Err(Damage::file(&path, "bad account").into())
        };
    }
    if let Ok(identity) = sigu_evidence::parse_plain_key_file(&text) {
        return Ok(KeyFile::Plain(identity));
    }
    // Whether the rest is well formed shows when it is opened; deriving a key here would cost a quarter of a second.
    if text.starts_with("sigu-key/v1\n") {
        return Ok(KeyFile::Passphrase(text.to_string()));
    }
    Err(Damage::file(&path, "no form of a key file").into())
}

impl KeyFile {
    /// Opens the passphrase form.
    ///
    /// # Errors
    /// Refuses a wrong passphrase.
    pub fn open_with(text: &str, passphrase: &[u8]) -> Result<Identity> {
        sigu_evidence::open_identity(text, passphrase).map_err(|error| match error {
            sigu_evidence::KeyFileError::WrongPassphrase => Refusal::WrongPassphrase.into(),
            other => Damage::file(Path::new("key"), other).into(),
        })
    }

    /// Makes the passphrase form, at the default cost (64 MiB, 3 passes).
    pub fn seal_with(identity: &Identity, passphrase: &[u8]) -> Self {
        Self::Passphrase(sigu_evidence::seal_identity(
            identity,
            passphrase,
            KdfCost::default(),
            &mut os_entropy,
        ))
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        match self {
            Self::Plain(identity) => sigu_evidence::plain_key_file(identity),
            Self::Passphrase(text) => Zeroizing::new(text.clone()),
            Self::KeyStore(account) => Zeroizing::new(format!("{KEY_STORE_HEAD}{account}\n")),
        }
    }
}

/// Replaces the `key` file: what opens the vault from now on. The vault key itself stays the same.
///
/// # Errors
/// Fails when the file cannot be written durably; then the old one stands.
pub fn write_key_file(folder: &Path, key: &KeyFile, disk: &Disk) -> Result<()> {
    Ok(disk.replace(&Layout::new(folder).key(), key.to_text().as_bytes())?)
}

/// Makes a new recovery key and seals the other keys for it. Blobs fixed before stay readable with the old paper too.
///
/// # Errors
/// Fails when the files cannot be written durably.
pub fn replace_recovery(folder: &Path, identity: &Identity, disk: &Disk) -> Result<Identity> {
    let layout = Layout::new(folder);
    let keys = Keys::load(&layout, identity)?;
    let mut settings = Settings::load(&layout, &keys.row)?;
    let recovery = Identity::generate(&mut os_entropy);
    settings.recovery = recovery.recipient();
    // The keys come first: if we crash between the two, the old paper is void, the settings still name it, and the
    // command is simply run again; the vault key opens both states.
    keys.store(&layout, &settings.recipients(), disk)?;
    settings.store(&layout, &keys.row, disk)?;
    Ok(recovery)
}

/// The seed of one log's signing key.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct LogSeed {
    log: u32,
    origin: String,
    seed: String,
}

/// The plain form of `keys.age`.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct KeysV1 {
    v: u32,
    vault: String,
    name: String,
    row: String,
    logs: Vec<LogSeed>,
}

/// All keys of an open vault.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) vault: Identity,
    pub(crate) name: NameKey,
    pub(crate) row: RowKey,
    pub(crate) logs: Vec<(u32, SigningKey)>,
}

impl Keys {
    /// Opens `keys.age` with the vault key or the recovery key.
    pub(crate) fn load(layout: &Layout, identity: &Identity) -> Result<Self> {
        let path = layout.keys();
        let bytes = read_bytes(&path)?;
        let plain = open_bytes(&bytes, &[identity]).map_err(|error| match error {
            sigu_evidence::SealedError::NoMatchingIdentity => Refusal::WrongKey.into(),
            other => crate::Error::from(Damage::file(&path, other)),
        })?;
        let stored: KeysV1 = serde_json::from_slice(&plain).map_err(|error| Damage::file(&path, error))?;
        Self::from_stored(&stored).ok_or_else(|| Damage::file(&path, "not the keys of a vault").into())
    }

    fn from_stored(stored: &KeysV1) -> Option<Self> {
        let logs = stored
            .logs
            .iter()
            .map(|log| Some((log.log, SigningKey::from_seed(&log.origin, parse_hex(&log.seed)?).ok()?)))
            .collect::<Option<Vec<_>>>()?;
        (stored.v == 1).then_some(())?;
        Some(Self {
            vault: Identity::parse(&stored.vault).ok()?,
            name: NameKey::from_bytes(parse_hex(&stored.name)?),
            row: RowKey::from_bytes(parse_hex(&stored.row)?),
            logs,
        })
    }

    /// Seals the keys for the recipients and replaces `keys.age` durably.
    pub(crate) fn store(&self, layout: &Layout, recipients: &[Recipient], disk: &Disk) -> Result<()> {
        let stored = KeysV1 {
            v: 1,
            vault: self.vault.to_secret_string().to_string(),
            name: hex(self.name.as_bytes()),
            row: hex(self.row.as_bytes()),
            logs: self
                .logs
                .iter()
                .map(|(log, key)| LogSeed { log: *log, origin: key.name().to_owned(), seed: hex(key.seed()) })
                .collect(),
        };
        let plain =
            Zeroizing::new(serde_json::to_vec(&stored).expect("strings and numbers always serialise"));
        Ok(disk.replace(&layout.keys(), &seal_bytes(&plain, recipients, &mut os_entropy))?)
    }

    /// Returns the signing key of a log.
    pub(crate) fn signer(&self, log: u32) -> Option<&SigningKey> {
        self.logs.iter().find(|(number, _)| *number == log).map(|(_, key)| key)
    }

    /// Makes the signing key of a new log, with an origin tied to nothing.
    pub(crate) fn new_signer() -> SigningKey {
        let mut seed = Zeroizing::new([0; 32]);
        os_entropy(seed.as_mut());
        SigningKey::from_seed(&new_origin(), *seed).expect("the origin has neither blank nor plus")
    }
}

/// `sigu/v1/` and 80 random bits in lower base32.
fn new_origin() -> String {
    let mut random = [0; 10];
    os_entropy(&mut random);
    let bits = random.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let digit =
        |place: u32| b"abcdefghijklmnopqrstuvwxyz234567"[((bits >> (5 * place)) & 31) as usize] as char;
    format!("sigu/v1/{}", (0..16).rev().map(digit).collect::<String>())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).ok()?;
    }
    Some(bytes)
}

pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Damage::Missing(path.to_owned()).into(),
        _ => Fault::io("read", path, source).into(),
    })
}

pub(crate) fn read_text(path: &Path) -> Result<String> {
    Ok(String::from_utf8(read_bytes(path)?).map_err(|_| Damage::file(path, "not UTF-8"))?)
}
