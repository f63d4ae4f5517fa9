//! Opening the vault a command works on: where it lies and how its key is had.

use std::io::IsTerminal;
use std::path::PathBuf;

use sigu_evidence::Identity;
use sigu_server::keys;
use sigu_vault::{Disk, Places, Vault};
use zeroize::Zeroizing;

use crate::args::Args;
use crate::problem::Problem;
use crate::{Context, lang::Words};

/// Returns where the vault and the rollback guard lie.
pub(crate) fn places(args: &Args) -> Result<Places, Problem> {
    let folders = directories::ProjectDirs::from("", "", "sigu");
    let vault =
        args.vault.clone().or_else(|| folders.as_ref().map(|folders| folders.data_dir().join("vault")));
    let state = args.state_dir.clone().or_else(|| {
        let folders = folders.as_ref()?;
        Some(folders.state_dir().map_or_else(|| folders.data_local_dir().join("state"), PathBuf::from))
    });
    match (vault, state) {
        (Some(vault), Some(state)) => Ok(Places { vault, state }),
        _ => Err(Problem::usage("usage-no-home", &[])),
    }
}

/// Runs `work` on the open vault and closes it, whatever the work answered.
pub(crate) fn with<T>(
    context: &Context<'_>,
    work: impl FnOnce(&Vault) -> Result<T, Problem>,
) -> Result<T, Problem> {
    Keys::of(context)?.with(work)
}

/// The opened key of a vault, for a command that comes back to it many times: the vault itself stays free for others.
#[derive(Clone)]
pub(crate) struct Keys(std::sync::Arc<(Places, Identity)>);

impl Keys {
    /// Asks for the key once.
    pub(crate) fn of(context: &Context<'_>) -> Result<Self, Problem> {
        let places = places(context.args)?;
        let identity = identity(context, &places)?;
        Ok(Self(std::sync::Arc::new((places, identity))))
    }

    /// The key of a vault made by a test.
    #[cfg(test)]
    pub(crate) fn at(places: Places, identity: Identity) -> Self {
        Self(std::sync::Arc::new((places, identity)))
    }

    /// Returns where the vault and the state folder lie.
    pub(crate) fn places(&self) -> &Places {
        &self.0.0
    }

    /// Returns the opened key.
    pub(crate) fn identity(&self) -> &Identity {
        &self.0.1
    }

    /// Runs `work` on the open vault and closes it, whatever the work answered.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Vault) -> Result<T, Problem>) -> Result<T, Problem> {
        let (places, identity) = &*self.0;
        let vault = Vault::open(places, identity, Disk::default())?;
        let done = work(&vault);
        let closed = vault.close();
        let done = done?;
        closed?;
        Ok(done)
    }
}

/// Has the vault key: from the file, with a passphrase, or from the system's key store.
pub(crate) fn identity(context: &Context<'_>, places: &Places) -> Result<Identity, Problem> {
    keys::open(places, || {
        passphrase(context.args, context.words, "ask-passphrase")?
            .ok_or_else(|| Problem::refused("refused-passphrase-needed", &[]))
    })
}

/// Has a passphrase: from `--passphrase-file`, else typed; `None` if there is neither file nor terminal, or it is empty.
pub(crate) fn passphrase(
    args: &Args,
    words: &Words,
    prompt: &str,
) -> Result<Option<Zeroizing<String>>, Problem> {
    let text = match &args.passphrase_file {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Problem::usage(
                    "usage-unreadable",
                    &[("path", path.display().to_string()), ("why", error.to_string())],
                )
            })?;
            Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        None if std::io::stdin().is_terminal() => {
            let typed = rpassword::prompt_password(format!("{} ", words.word(prompt)));
            Zeroizing::new(
                typed.map_err(|error| Problem::usage("usage-prompt", &[("why", error.to_string())]))?,
            )
        }
        None => return Ok(None),
    };
    Ok((!text.is_empty()).then_some(text))
}
