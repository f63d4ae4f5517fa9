//! Starting the browser for a command, and asking under which conditions it sees what it sees.

use std::path::PathBuf;

use sigu_capture::browser::{Browser, Launch, LaunchError, attach, find};
use sigu_capture::devtools::{CallError, DevTools, Session};
use sigu_capture::environment::{self, Environment, Machine, Watch};
use sigu_capture::page::Capture;
use sigu_capture::panel::{self, Words};
use sigu_capture::traffic::{TabId, Traffic};

use crate::args::capture::{BrowseArgs, BrowserArgs};
use crate::problem::Problem;
use crate::{Context, session};

/// A browser with a tab, writing down what it receives.
pub(super) struct Open {
    /// The browser we started; one that was there before us is left running.
    own: Option<Browser>,
    pub(super) traffic: Traffic,
    pub(super) tab: TabId,
    machine: Machine,
    watch: Watch,
}

impl Open {
    /// Waits until the browser ends, because the user closed it or it died.
    pub(super) async fn ended(&mut self) {
        match &mut self.own {
            Some(browser) => browser.ended().await,
            None => self.traffic.browser().devtools().closed().await,
        }
    }

    /// Ends the browser if it is ours; else leaves nothing of ours in it.
    pub(super) async fn close(self) {
        match self.own {
            Some(browser) => browser.close().await,
            None => panel::leave(&self.traffic).await,
        }
    }
}

/// Settles how the browser is to be started.
#[allow(clippy::disallowed_methods, reason = "the edge reads the search path")]
pub(super) fn launch(context: &Context<'_>, own: &BrowserArgs, headless: bool) -> Result<Launch, Problem> {
    let search_path = std::env::var_os("PATH").unwrap_or_default();
    let installed = find(own.browser.as_deref(), &search_path).ok_or_else(|| match &own.browser {
        Some(named) => {
            Problem::refused("refused-browser-not-there", &[("path", named.display().to_string())])
        }
        None => Problem::refused("refused-no-browser", &[]),
    })?;
    let profile = match &own.profile {
        Some(profile) => profile.clone(),
        None => profile(context)?,
    };
    let window = (1280, 900);
    Ok(Launch {
        installed,
        profile,
        headless,
        window,
        fonts: fonts(context)?,
        without_sandbox: own.no_sandbox,
        flags: own.browser_flag.clone(),
    })
}

/// Our fonts, for a machine that has none for Chinese: evidence would be rendered as boxes. Windows and macOS bring theirs.
fn fonts(context: &Context<'_>) -> Result<Option<PathBuf>, Problem> {
    let listed = std::process::Command::new("fc-list").args([":lang=zh", "family"]).output();
    let has_chinese = listed.is_ok_and(|listed| listed.stdout.iter().any(|byte| !byte.is_ascii_whitespace()));
    if !cfg!(target_os = "linux") || has_chinese {
        return Ok(None);
    }
    let folder = session::places(context.args)?.state.join("fonts");
    sigu_documents::fonts::write_to(&folder).map_err(|error| {
        let values =
            [("op", "write".to_owned()), ("path", folder.display().to_string()), ("why", error.to_string())];
        Problem::fault("fault-io", &values)
    })?;
    Ok(Some(folder))
}

/// The folder of the evidence browser's own profile, beside the vault's state: logins stay from one use to the next.
fn profile(context: &Context<'_>) -> Result<PathBuf, Problem> {
    Ok(session::places(context.args)?.state.join("browser"))
}

/// Starts it; with `words` every page gets the buttons.
pub(super) async fn open(launch: &Launch, words: Option<Words>) -> Result<Open, Problem> {
    let browser = Browser::launch(launch).await.map_err(problem)?;
    let devtools = browser.devtools().clone();
    let flags = Some(browser.flags().to_vec());
    attend(devtools, Some(browser), flags, words).await
}

/// The evidence browser: one of ours, or one that is running already.
pub(super) async fn browse(context: &Context<'_>, own: &BrowseArgs) -> Result<Open, Problem> {
    let words = Some(super::words::panel(context.words));
    match &own.attach {
        Some(profile) => {
            let devtools = attach(profile).await;
            let why = |error: CallError| Problem::refused("refused-attach", &[("why", error.to_string())]);
            attend(devtools.map_err(why)?, None, None, words).await
        }
        None => open(&launch(context, &own.browser, own.headless)?, words).await,
    }
}

async fn attend(
    devtools: DevTools,
    own: Option<Browser>,
    flags: Option<Vec<String>>,
    words: Option<Words>,
) -> Result<Open, Problem> {
    let watch = Watch::new(&devtools);
    let watching = watch.clone();
    let prepare = move |session: &Session| {
        watching.prepare(session);
        if let Some(words) = &words {
            panel::prepare(session, words);
        }
    };
    let traffic = Traffic::record(&devtools, prepare).await.map_err(gone)?;
    let tab = traffic.first_tab().await.map_err(gone)?;
    let machine = machine(flags, own.is_some());
    Ok(Open { own, traffic, tab, machine, watch })
}

/// What the machine says that no page knows.
#[allow(clippy::disallowed_methods, reason = "the edge reads the environment")]
fn machine(flags: Option<Vec<String>>, own_profile: bool) -> Machine {
    let variables = std::env::vars_os();
    let variables =
        variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let variables = variables.filter(|(name, _)| name.to_ascii_lowercase().ends_with("proxy")).collect();
    let hosts_file = if cfg!(windows) { r"C:\Windows\System32\drivers\etc\hosts" } else { "/etc/hosts" };
    Machine { variables, hosts_file: hosts_file.into(), flags, own_profile }
}

/// Says under which conditions a capture was made.
pub(super) async fn environment(open: &Open, tab: &TabId, capture: &Capture) -> Environment {
    environment::examine(&open.traffic, tab, &open.watch, capture, &open.machine).await
}

/// The browser went away in the middle.
pub(super) fn gone(error: CallError) -> Problem {
    Problem::fault("fault-browser-gone", &[("why", error.to_string())])
}

fn problem(error: LaunchError) -> Problem {
    Problem::fault("fault-browser-start", &[("why", error.to_string())])
}
