//! `sigu key`: how the vault key is kept, and a new recovery key.

use std::io::IsTerminal;

use serde_json::json;
use sigu_evidence::Identity;
use sigu_vault::{Disk, KeyFile, replace_recovery, write_key_file};
use zeroize::Zeroizing;

use super::init;
use crate::args::{Args, PassphraseArgs, RecoveryArgs};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session};

pub(super) fn passphrase(context: &Context<'_>, own: &PassphraseArgs) -> Outcome {
    let places = session::places(context.args)?;
    let identity = session::identity(context, &places)?;
    let (form, kept) = if own.remove {
        ("plain", init::plain(&identity))
    } else if own.key_store {
        ("store", into_store(&identity)?)
    } else {
        let passphrase = new_passphrase(context, own)?;
        ("passphrase", KeyFile::seal_with(&identity, passphrase.as_bytes()))
    };
    write_key_file(&places.vault, &kept, &Disk::default())?;
    Ok(Answer::new(context.words.word(&format!("init-key-{form}")), json!({ "key": form })))
}

fn new_passphrase(context: &Context<'_>, own: &PassphraseArgs) -> Result<Zeroizing<String>, Problem> {
    // The new passphrase comes from its own file; without one it is typed, whatever file the old one came from.
    let args = Args {
        passphrase_file: own.new_passphrase_file.clone(),
        vault: None,
        lang: None,
        json: false,
        state_dir: None,
        command: crate::args::Command::Rebuild,
    };
    let passphrase = session::passphrase(&args, context.words, "ask-new-passphrase")?
        .ok_or_else(|| Problem::refused("refused-new-passphrase-needed", &[]))?;
    if own.new_passphrase_file.is_none() {
        confirm(context, &passphrase)?;
    }
    Ok(passphrase)
}

/// Asks a second time where a passphrase was typed.
pub(super) fn confirm(context: &Context<'_>, passphrase: &str) -> Result<(), Problem> {
    if context.args.passphrase_file.is_some() || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    let again = rpassword::prompt_password(format!("{} ", context.words.word("ask-passphrase-again")));
    let again =
        Zeroizing::new(again.map_err(|error| Problem::usage("usage-prompt", &[("why", error.to_string())]))?);
    if *again == passphrase { Ok(()) } else { Err(Problem::refused("refused-passphrases-differ", &[])) }
}

pub(super) fn recovery(context: &Context<'_>, own: &RecoveryArgs) -> Outcome {
    let places = session::places(context.args)?;
    if let Some(path) = own.recovery_out.as_ref().filter(|path| path.exists()) {
        return Err(Problem::refused("refused-exists", &[("path", path.display().to_string())]));
    }
    let identity = session::identity(context, &places)?;
    let recovery = replace_recovery(&places.vault, &identity, &Disk::default())?;
    let (shown, secret) = init::show_recovery(context, &recovery, own.recovery_out.as_deref())?;
    let text = format!("{}\n\n{shown}", context.words.word("recovery-replaced"));
    Ok(Answer::new(text, json!({ "recovery_key": secret })))
}

/// Puts the vault key into the operating system's key store.
#[cfg(feature = "key-store")]
pub(super) fn into_store(identity: &Identity) -> Result<KeyFile, Problem> {
    let mut random = [0; 8];
    sigu_vault::os_entropy(&mut random);
    let account: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    entry(&account)?.set_password(&identity.to_secret_string()).map_err(store_problem)?;
    Ok(KeyFile::KeyStore(account))
}

/// Has the vault key from the operating system's key store.
#[cfg(feature = "key-store")]
pub(crate) fn from_store(account: &str) -> Result<Identity, Problem> {
    let secret = Zeroizing::new(entry(account)?.get_password().map_err(store_problem)?);
    Identity::parse(&secret).map_err(|error| Problem::fault("fault-key-store", &[("why", error.to_string())]))
}

#[cfg(feature = "key-store")]
fn entry(account: &str) -> Result<keyring::Entry, Problem> {
    keyring::Entry::new("sigu", account).map_err(store_problem)
}

#[cfg(feature = "key-store")]
fn store_problem(error: keyring::Error) -> Problem {
    Problem::fault("fault-key-store", &[("why", error.to_string())])
}

/// Puts the vault key into the operating system's key store: not in this build.
#[cfg(not(feature = "key-store"))]
pub(super) fn into_store(_: &Identity) -> Result<KeyFile, Problem> {
    Err(Problem::refused("refused-no-key-store", &[]))
}

/// Has the vault key from the operating system's key store: not in this build.
#[cfg(not(feature = "key-store"))]
pub(crate) fn from_store(_: &str) -> Result<Identity, Problem> {
    Err(Problem::refused("refused-no-key-store", &[]))
}
