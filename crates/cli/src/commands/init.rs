//! `sigu init`: a new vault, and the recovery key shown once.

use fast_qr::QRBuilder;
use serde_json::json;
use sigu_evidence::Identity;
use sigu_server::keys::{self, Keep};
use sigu_vault::{Disk, KeyFile, create, os_entropy};

use super::{key, write_private};
use crate::args::InitArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &InitArgs) -> Outcome {
    let places = session::places(context.args)?;
    if let Some(path) = own.recovery_out.as_ref().filter(|path| path.exists()) {
        return Err(Problem::refused("refused-exists", &[("path", path.display().to_string())]));
    }
    let identity = Identity::generate(&mut os_entropy);
    let (form, kept) = kept_as(context, own, &identity)?;
    let made = create(&places, identity, &kept, clock::now(), Disk::default())?;
    let fingerprint = made.vault.logs()?.pop().map(|(_, _, fingerprint, _)| fingerprint).unwrap_or_default();
    made.vault.close()?;
    let shown = show_recovery(context, &made.recovery, own.recovery_out.as_deref())?;
    let words = context.words;
    let text = format!(
        "{}\n{}\n{}\n\n{}",
        words.say("init-done", &[("path", places.vault.display().to_string())]),
        words.word(&format!("init-key-{form}")),
        words.say("init-fingerprint", &[("fingerprint", fingerprint.clone())]),
        shown.0
    );
    let json = json!({ "vault": places.vault, "key": form, "key_fingerprint": fingerprint, "recovery_key": shown.1 });
    Ok(Answer::new(text, json))
}

/// Chooses the form of the key: as asked, else a passphrase typed now, else a plain file with a warning.
fn kept_as(
    context: &Context<'_>,
    own: &InitArgs,
    identity: &Identity,
) -> Result<(&'static str, KeyFile), Problem> {
    let (form, how) = if own.key_store {
        ("store", Keep::InStore)
    } else if own.no_passphrase {
        ("plain", Keep::Plain)
    } else {
        match session::passphrase(context.args, context.words, "ask-new-passphrase")? {
            Some(passphrase) => {
                key::confirm(context, &passphrase)?;
                ("passphrase", Keep::Under(passphrase))
            }
            None => ("plain", Keep::Plain),
        }
    };
    Ok((form, keys::kept(identity, &how)?))
}

/// The recovery key as text and picture, or into a file; `None` in JSON once it is in a file.
pub(super) fn show_recovery(
    context: &Context<'_>,
    recovery: &Identity,
    out: Option<&std::path::Path>,
) -> Result<(String, Option<String>), Problem> {
    let secret = recovery.to_secret_string();
    if let Some(path) = out {
        write_private(path, format!("{}\n", secret.as_str()))?;
        return Ok((context.words.say("recovery-written", &[("path", path.display().to_string())]), None));
    }
    let picture = QRBuilder::new(secret.as_str()).build().map(|code| code.to_str()).unwrap_or_default();
    let text = format!("{}\n\n{}\n\n{picture}", context.words.word("recovery-once"), secret.as_str());
    Ok((text, Some(secret.to_string())))
}
