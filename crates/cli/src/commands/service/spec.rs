//! What a system is to start: the program with its arguments, and the part of this environment that goes along.

use std::ffi::OsStr;
use std::path::Path;

use sigu_vault::Places;

use crate::Context;
use crate::args::service::ServiceInstallArgs;
use crate::problem::Problem;

/// Variables the desk reads besides what its arguments say: where tools are searched, which browser, how the net is reached.
const VARIABLES: [&str; 10] = [
    "PATH",
    "SIGU_BROWSER",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
];

/// What is started. Every text is free of control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spec {
    /// The program, by its absolute path.
    pub(crate) program: String,
    /// Its arguments.
    pub(crate) args: Vec<String>,
    /// Variables by name.
    pub(crate) variables: Vec<(String, String)>,
    /// Variables that were left behind, for they hold a password, or are no text.
    pub(crate) left_out: Vec<String>,
    /// Who it runs for, where the system wants it said.
    pub(crate) user: Option<String>,
}

impl Spec {
    /// Describes the desk of this vault, as it would be opened from here.
    pub(super) fn of(
        context: &Context<'_>,
        own: &ServiceInstallArgs,
        places: &Places,
    ) -> Result<Self, Problem> {
        let program = std::env::current_exe()
            .map_err(|error| Problem::fault("fault-service", &[("why", error.to_string())]))?;
        let mut args = vec!["--vault".to_owned(), text(&places.vault)?];
        args.extend(["--state-dir".to_owned(), text(&places.state)?]);
        args.extend(["--lang", if context.words.english() { "en" } else { "zh" }].map(str::to_owned));
        if let Some(file) = &context.args.passphrase_file {
            args.extend(["--passphrase-file".to_owned(), text(file)?]);
        }
        args.extend(["desk", "--background", "--port"].map(str::to_owned));
        args.push(own.port.to_string());
        if own.offline {
            args.push("--offline".to_owned());
        }
        let (variables, left_out) = variables();
        Ok(Self { program: text(&program)?, args, variables, left_out, user: user() })
    }
}

/// A path as a text that any of the files can hold, from the root on.
fn text(path: &Path) -> Result<String, Problem> {
    let whole = std::path::absolute(path)
        .map_err(|error| Problem::fault("fault-service", &[("why", error.to_string())]))?;
    match whole.to_str().filter(|text| is_plain(text)) {
        Some(text) => Ok(text.to_owned()),
        None => Err(Problem::refused("refused-service-path", &[("path", whole.display().to_string())])),
    }
}

fn is_plain(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// What of the environment goes along, and the names of what does not.
#[allow(clippy::disallowed_methods, reason = "the edge reads the environment")]
fn variables() -> (Vec<(String, String)>, Vec<String>) {
    let (mut kept, mut left) = (Vec::new(), Vec::new());
    for name in VARIABLES {
        let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else { continue };
        match value.to_str().filter(|value| is_plain(value) && !holds_password(value)) {
            Some(value) => kept.push((name.to_owned(), value.to_owned())),
            None => left.push(name.to_owned()),
        }
    }
    (kept, left)
}

/// Whether an address names somebody with a password: it would lie in a file for as long as the service is installed.
fn holds_password(value: &str) -> bool {
    value
        .split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
}

/// The user as Windows names one; elsewhere the system knows.
#[allow(clippy::disallowed_methods, reason = "the edge reads the environment")]
fn user() -> Option<String> {
    let name = std::env::var("USERNAME").ok().filter(|name| is_plain(name) && !name.is_empty())?;
    match std::env::var("USERDOMAIN").ok().filter(|domain| is_plain(domain) && !domain.is_empty()) {
        Some(domain) => Some(format!("{domain}\\{name}")),
        None => Some(name),
    }
}

/// The name of a program in a path, for what is said to people.
pub(super) fn name_of(program: &str) -> String {
    Path::new(program).file_name().and_then(OsStr::to_str).unwrap_or(program).to_owned()
}
