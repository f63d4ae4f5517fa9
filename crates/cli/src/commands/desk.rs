//! `sigu` and `sigu desk`: opens the pages of the vault in the browser, and makes the vault where there is none.

use std::io::IsTerminal;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sigu_server::keys::{self, Form};
use sigu_server::{App, Desk, Held, open};
use sigu_vault::Places;
use tokio::net::TcpListener;

use super::capture::runtime;
use super::init;
use crate::args::InitArgs;
use crate::args::import::DeskArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome, clock, session};

/// How long requests under way may take once the end was asked for.
const ENDING: Duration = Duration::from_secs(10);

pub(super) fn run(context: &Context<'_>, own: &DeskArgs) -> Outcome {
    if !session::places(context.args)?.vault.exists() {
        let made =
            init::run(context, &InitArgs { no_passphrase: false, key_store: false, recovery_out: None })?;
        eprintln!("{}\n", made.text);
    }
    let places = session::places(context.args)?;
    let app =
        App { identity: key(context, &places)?, places, now: clock::now, version: env!("CARGO_PKG_VERSION") };
    runtime()?.block_on(serve(context, own, app))
}

/// The vault key; none yet where only a page can ask for its passphrase.
fn key(context: &Context<'_>, places: &Places) -> Result<Held, Problem> {
    let nobody_to_ask = context.args.passphrase_file.is_none() && !std::io::stdin().is_terminal();
    if nobody_to_ask && keys::form(places)? == Form::Passphrase {
        eprintln!("{}", context.words.word("desk-locked"));
        return Ok(Held::locked());
    }
    let keys = Keys::of(context)?;
    // A vault that does not open is told here, not by a page.
    keys.with(|_| Ok(()))?;
    Ok(keys.identity().clone().into())
}

/// The practice shop: beside our own program, else on the search path.
#[allow(clippy::disallowed_methods, reason = "the edge reads the search path")]
fn shop() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.to_owned()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let name = format!("practice-shop{}", std::env::consts::EXE_SUFFIX);
    // An empty or relative entry means wherever we happen to stand: nothing is started from there.
    let searched = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    let mut all = beside.into_iter().chain(searched);
    all.find_map(|folder| {
        ["sigu-", ""].map(|head| folder.join(format!("{head}{name}"))).into_iter().find(|file| file.is_file())
    })
}

async fn serve(context: &Context<'_>, own: &DeskArgs, app: App) -> Outcome {
    let words = context.words;
    let fault = |why: String| Problem::fault("fault-desk", &[("why", why)]);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, own.port)).await;
    let listener = listener.map_err(|error| super::listen::refused(own.port, &error))?;
    let port = listener.local_addr().map_err(|error| fault(error.to_string()))?.port();
    let desk = Desk::new(app, port, words.clone()).with_tools(super::look::tools());
    let desk = if own.offline { desk } else { desk.with_net(super::stamp::net()?) };
    let desk = Arc::new(match shop() {
        Some(program) => desk.with_shop(program),
        None => desk,
    });
    let link = desk.start_link();
    eprintln!("{}", words.say("desk-open", &[("link", link.to_string())]));
    if !own.no_browser {
        show(&link);
    }
    eprintln!("{}", words.word("desk-stop"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = open(listener, desk, async {
        // Dropped or used, both mean the end.
        let _ = stopped.await;
    });
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = until_stopped(own.until_stdin_closes) => {
            drop(stop);
            tokio::time::timeout(ENDING, serving).await.unwrap_or(Ok(()))
        }
    };
    ended.map_err(|error| fault(error.to_string()))?;
    Ok(Answer::new(words.word("desk-ended"), json!({ "port": port })))
}

/// Ctrl-C, or, where a program started us, the end of our input.
async fn until_stopped(with_stdin: bool) {
    let input = async {
        if !with_stdin {
            return std::future::pending().await;
        }
        let mut lines = super::listen::lines();
        while lines.recv().await.is_some() {}
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = input => {}
    }
}

/// Opens the link in the user's browser; where none can be had, the link is on the terminal.
fn show(link: &str) {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "windows") {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let quiet = std::process::Stdio::null;
    let started =
        std::process::Command::new(program).args(first).arg(link).stdout(quiet()).stderr(quiet()).spawn();
    // It is a convenience; the link is shown either way.
    drop(started);
}
