//! `sigu completions` and `sigu man`: for the shell and the manual's reader.

use crate::args::{self, CompletionsArgs, ManArgs};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome};

pub(super) fn completions(context: &Context<'_>, own: &CompletionsArgs) -> Outcome {
    let mut out = Vec::new();
    clap_complete::generate(own.shell, &mut args::described(context.words), "sigu", &mut out);
    Ok(Answer::text(String::from_utf8_lossy(&out).into_owned()))
}

pub(super) fn man(context: &Context<'_>, own: &ManArgs) -> Outcome {
    let mut command = args::described(context.words);
    if let Some(name) = &own.page {
        let found = command.find_subcommand(name).cloned();
        command = found.ok_or_else(|| {
            Problem::usage(
                "usage-unknown-command",
                &[("arg", name.clone()), ("value", String::new()), ("valid", String::new())],
            )
        })?;
    }
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out).map_err(|error| {
        Problem::fault(
            "fault-io",
            &[("op", "write".to_owned()), ("path", "man".to_owned()), ("why", error.to_string())],
        )
    })?;
    Ok(Answer::text(String::from_utf8_lossy(&out).into_owned()))
}
