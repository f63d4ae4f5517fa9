//! `sigu key`: how the vault key is kept, and a new recovery key.

use std::io::IsTerminal;

use serde_json::json;
use sigu_server::keys::{self, Keep};
use sigu_vault::{Disk, replace_recovery};
use zeroize::Zeroizing;

use super::init;
use crate::args::{Args, PassphraseArgs, RecoveryArgs};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session};

pub(super) fn passphrase(context: &Context<'_>, own: &PassphraseArgs) -> Outcome {
    let places = session::places(context.args)?;
    let identity = session::identity(context, &places)?;
    let (form, how) = if own.remove {
        ("plain", Keep::Plain)
    } else if own.key_store {
        ("store", Keep::InStore)
    } else {
        ("passphrase", Keep::Under(new_passphrase(context, own)?))
    };
    keys::keep(&places, &identity, &how)?;
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
