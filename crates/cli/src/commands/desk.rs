//! `sigu` and `sigu desk`: opens the pages of the vault in the browser, and makes the vault where there is none. Where a desk
//! over the vault is open already, its pages are opened and no second one is served.

use std::io::{ErrorKind, IsTerminal};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sigu_server::doorbell;
use sigu_server::keys::{self, Form};
use sigu_server::{App, Desk, Held, open};
use sigu_vault::Places;
use tokio::net::TcpListener;

use super::capture::{launch, runtime};
use super::{ending, init};
use crate::args::InitArgs;
use crate::args::import::DeskArgs;
use crate::lang::Words;
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
    // Who names a port, or is a program, wants a desk of its own.
    let joins = own.port == 0 && !own.background && !own.until_stdin_closes;
    if let Some(answer) = joins.then(|| join(context, own, &places)).flatten() {
        return Ok(answer);
    }
    let identity = key(context, own, &places)?;
    let app = App { identity, places, now: clock::now, version: env!("CARGO_PKG_VERSION") };
    runtime()?.block_on(serve(context, own, app))
}

/// Opens the pages of the desk that is open already; `None` where there is none, or it does not answer.
fn join(context: &Context<'_>, own: &DeskArgs, places: &Places) -> Option<Answer> {
    let found = doorbell::find(places)?;
    let link = found.ring(context.words, true).ok()?.link?;
    let port = found.port.to_string();
    if own.no_browser {
        eprintln!("{}", context.words.say("desk-open", &[("link", link)]));
    } else {
        show(&link);
    }
    let json = json!({ "port": found.port, "joined": true });
    Some(Answer::new(context.words.say("desk-joined", &[("port", port)]), json))
}

/// The vault key; none yet where only a page can ask for its passphrase.
fn key(context: &Context<'_>, own: &DeskArgs, places: &Places) -> Result<Held, Problem> {
    let terminal = std::io::stdin().is_terminal() && !own.background;
    let nobody_to_ask = context.args.passphrase_file.is_none() && !terminal;
    let form = keys::form(places)?;
    if nobody_to_ask && form == Form::Passphrase {
        let told = if own.background { "desk-background-locked" } else { "desk-locked" };
        eprintln!("{}", context.words.word(told));
        return Ok(Held::locked());
    }
    if own.background && form == Form::Store {
        // The key store may open only after this service began: the page looks again.
        let opened =
            keys::open::<Problem>(places, || Err(Problem::refused("refused-passphrase-needed", &[])));
        return Ok(opened.map_or_else(|_| Held::locked(), Held::from));
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
    let listener = listener.map_err(|error| refused(own.port, &app.places, &error))?;
    let port = listener.local_addr().map_err(|error| fault(error.to_string()))?.port();
    let desk = Desk::new(app, port, words.clone()).with_tools(super::look::tools()).findable();
    let desk = if own.offline { desk } else { desk.with_net(super::stamp::net()?) };
    // Without one, pages that only a browser can read are not read, and the list says so.
    let desk = match launch(context, &own.browser) {
        Ok(launch) => desk.with_browser(launch),
        Err(_) => desk,
    };
    let desk = Arc::new(match shop() {
        Some(program) => desk.with_shop(program),
        None => desk,
    });
    greet(words, own, &desk, port);
    let end = until_stopped(own.until_stdin_closes);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = open(listener, desk, async {
        // Dropped or used, both mean the end.
        let _ = stopped.await;
    });
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = end => {
            drop(stop);
            tokio::time::timeout(ENDING, serving).await.unwrap_or(Ok(()))
        }
    };
    ended.map_err(|error| fault(error.to_string()))?;
    Ok(Answer::new(words.word("desk-ended"), json!({ "port": port })))
}

/// Says how to get in. A service says no link: what it says is kept in the system's journal.
fn greet(words: &Words, own: &DeskArgs, desk: &Desk, port: u16) {
    if own.background {
        eprintln!("{}", words.say("desk-background", &[("port", port.to_string())]));
        return;
    }
    let link = desk.start_link();
    eprintln!("{}", words.say("desk-open", &[("link", link.to_string())]));
    if !own.no_browser {
        show(&link);
    }
    eprintln!("{}", words.word("desk-stop"));
}

/// Why the port cannot be had: this very vault is open there, or something else is.
fn refused(port: u16, places: &Places, error: &std::io::Error) -> Problem {
    let values = [("port", port.to_string())];
    let own = || doorbell::find(places).is_some_and(|found| found.port == port);
    match error.kind() {
        ErrorKind::AddrInUse if own() => Problem::refused("refused-desk-open", &values),
        ErrorKind::AddrInUse => Problem::refused("refused-desk-port", &values),
        _ => super::listen::refused(port, error),
    }
}

/// Returns what is ready when somebody wants it to end, or, where a program started us, at the end of our input.
fn until_stopped(with_stdin: bool) -> impl Future<Output = ()> {
    let asked = ending::asked();
    let input = async move {
        if !with_stdin {
            return std::future::pending().await;
        }
        let mut lines = super::listen::lines();
        while lines.recv().await.is_some() {}
    };
    async move {
        tokio::select! {
            () = asked => {}
            () = input => {}
        }
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
