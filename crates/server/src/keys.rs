//! How the vault key is kept and by what it opens: what commands and pages do alike.

use sigu_evidence::Identity;
use sigu_vault::{Disk, Error, KeyFile, Places, read_key_file, write_key_file};
use zeroize::Zeroizing;

/// The ways to keep the vault key. Their codes are the ends of the messages `init-key-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In clear, in a file only its owner can read.
    Plain,
    /// Under a passphrase.
    Passphrase,
    /// In the operating system's key store.
    Store,
}

impl Form {
    /// Returns the code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Passphrase => "passphrase",
            Self::Store => "store",
        }
    }
}

/// Whether this build reaches the operating system's key store.
pub const HAS_STORE: bool = cfg!(feature = "key-store");

/// Why a key was not opened or not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyProblem {
    /// The vault says why.
    #[error(transparent)]
    Vault(#[from] Error),
    /// The key store says why.
    #[error("key store: {0}")]
    Store(String),
    /// This build reaches no key store.
    #[error("this build has no key store")]
    NoStore,
}

/// Returns how the vault key is kept.
///
/// # Errors
/// Refuses a folder without a vault; reports a damaged `key` file.
pub fn form(places: &Places) -> Result<Form, Error> {
    Ok(match read_key_file(&places.vault)? {
        KeyFile::Plain(_) => Form::Plain,
        KeyFile::Passphrase(_) => Form::Passphrase,
        KeyFile::KeyStore(_) => Form::Store,
    })
}

/// Has the vault key. `passphrase` is asked only where one is needed.
///
/// # Errors
/// What kept the key from being read, or what `passphrase` answered; a wrong passphrase is a refusal.
pub fn open<E: From<KeyProblem>>(
    places: &Places,
    passphrase: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> Result<Identity, E> {
    Ok(match read_key_file(&places.vault).map_err(KeyProblem::from)? {
        KeyFile::Plain(identity) => identity,
        KeyFile::Passphrase(text) => {
            KeyFile::open_with(&text, passphrase()?.as_bytes()).map_err(KeyProblem::from)?
        }
        KeyFile::KeyStore(account) => from_store(&account)?,
    })
}

/// How the key shall be kept from now on.
#[derive(Debug)]
pub enum Keep {
    /// In clear.
    Plain,
    /// Under this passphrase.
    Under(Zeroizing<String>),
    /// In the operating system's key store.
    InStore,
}

/// Makes the `key` file that keeps the key so.
///
/// # Errors
/// Only with the key store.
pub fn kept(identity: &Identity, how: &Keep) -> Result<KeyFile, KeyProblem> {
    Ok(match how {
        Keep::Plain => KeyFile::Plain(identity.clone()),
        Keep::Under(passphrase) => KeyFile::seal_with(identity, passphrase.as_bytes()),
        Keep::InStore => into_store(identity)?,
    })
}

/// Keeps the key of a vault so from now on. The key itself stays the same.
///
/// # Errors
/// When the key store or the disk fails; then it is kept as before.
pub fn keep(places: &Places, identity: &Identity, how: &Keep) -> Result<(), KeyProblem> {
    Ok(write_key_file(&places.vault, &kept(identity, how)?, &Disk::default())?)
}

/// What a typed recovery key is to a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The one that opens its backups.
    Fits,
    /// A whole key, and another one.
    Another,
    /// No key: something is mistyped.
    Mistyped,
}

/// Compares a typed recovery key with the public half the vault names. Blanks and small letters are taken as slips.
pub fn recovery_fits(typed: &str, recipient: &str) -> Fit {
    let text: Zeroizing<String> = Zeroizing::new(
        typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect(),
    );
    match Identity::parse(&text) {
        Ok(identity) if identity.recipient().to_string() == recipient => Fit::Fits,
        Ok(_) => Fit::Another,
        Err(_) => Fit::Mistyped,
    }
}

/// Puts the vault key into the operating system's key store.
#[cfg(feature = "key-store")]
fn into_store(identity: &Identity) -> Result<KeyFile, KeyProblem> {
    let mut random = [0; 8];
    sigu_vault::os_entropy(&mut random);
    let account = crate::tokens::hex(&random);
    entry(&account)?.set_password(&identity.to_secret_string()).map_err(problem)?;
    Ok(KeyFile::KeyStore(account))
}

/// Has the vault key from the operating system's key store.
#[cfg(feature = "key-store")]
fn from_store(account: &str) -> Result<Identity, KeyProblem> {
    let secret = Zeroizing::new(entry(account)?.get_password().map_err(problem)?);
    Identity::parse(&secret).map_err(|error| KeyProblem::Store(error.to_string()))
}

#[cfg(feature = "key-store")]
fn entry(account: &str) -> Result<keyring::Entry, KeyProblem> {
    keyring::Entry::new("sigu", account).map_err(problem)
}

#[cfg(feature = "key-store")]
fn problem(error: keyring::Error) -> KeyProblem {
    KeyProblem::Store(error.to_string())
}

/// Puts the vault key into the operating system's key store: not in this build.
#[cfg(not(feature = "key-store"))]
fn into_store(_: &Identity) -> Result<KeyFile, KeyProblem> {
    Err(KeyProblem::NoStore)
}

/// Has the vault key from the operating system's key store: not in this build.
#[cfg(not(feature = "key-store"))]
fn from_store(_: &str) -> Result<Identity, KeyProblem> {
    Err(KeyProblem::NoStore)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_key_is_told_from_another_and_from_a_slip() {
        let (own, other) = (key(), key());
        let recipient = own.recipient().to_string();
        let text = own.to_secret_string().to_ascii_lowercase();
        let typed = format!(" {} {}\n", &text[..30], &text[30..]);
        assert_eq!(recovery_fits(&typed, &recipient), Fit::Fits);
        assert_eq!(recovery_fits(&other.to_secret_string(), &recipient), Fit::Another);
        assert_eq!(recovery_fits(&text[..text.len() - 1], &recipient), Fit::Mistyped);
        assert_eq!(recovery_fits("", &recipient), Fit::Mistyped);
    }

    fn key() -> Identity {
        Identity::generate(&mut sigu_vault::os_entropy)
    }
}
