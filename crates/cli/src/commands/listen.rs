//! `sigu listen`: receives what the browser extension fixes, until it is stopped.

use std::io::{BufRead, ErrorKind, IsTerminal};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sigu_server::{App, Receiver, serve};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::capture::runtime;
use super::ending;
use crate::args::import::ListenArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome, clock};

/// How long requests under way may take once the end was asked for.
pub(super) const ENDING: Duration = Duration::from_secs(20);

pub(super) fn run(context: &Context<'_>, own: &ListenArgs) -> Outcome {
    let keys = Keys::of(context)?;
    // A vault that does not open is told now, not to the first browser.
    keys.with(|_| Ok(()))?;
    let app = App {
        places: keys.places().clone(),
        identity: keys.identity().clone().into(),
        now: clock::now,
        version: env!("CARGO_PKG_VERSION"),
    };
    let paired = super::pairing::all(&app.places)?.len();
    runtime()?.block_on(receive(context.words, own, app, paired))
}

async fn receive(words: &Words, own: &ListenArgs, app: App, paired: usize) -> Outcome {
    let fault = |why: String| Problem::fault("fault-listen", &[("why", why)]);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, own.port)).await;
    let listener = listener.map_err(|error| refused(own.port, &error))?;
    let port = listener.local_addr().map_err(|error| fault(error.to_string()))?.port();
    let receiver = Arc::new(Receiver::new(app, port));
    let keyboard = std::io::stdin().is_terminal();
    let mut lines = (keyboard || own.until_stdin_closes).then(lines);
    eprintln!("{}", words.say("listen-open", &[("port", port.to_string())]));
    if paired > 0 {
        eprintln!("{}", words.say("listen-paired", &[("count", paired.to_string())]));
    }
    offer(words, &receiver);
    eprintln!("{}", words.word("listen-how"));
    eprintln!("{}", words.word(if keyboard { "listen-another" } else { "listen-stop" }));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = serve(listener, receiver.clone(), async {
        // Dropped or used, both mean the end.
        let _ = stopped.await;
    });
    tokio::pin!(serving);
    let mut end = std::pin::pin!(ending::asked());
    let stopping = async {
        loop {
            tokio::select! {
                () = &mut end => break,
                line = next(&mut lines) => match line {
                    Some(()) => offer(words, &receiver),
                    None if own.until_stdin_closes => break,
                    None => lines = None,
                },
            }
        }
    };
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = stopping => {
            drop(stop);
            // What is being fixed is finished either way; a browser that sends nothing more is not waited for.
            tokio::time::timeout(ENDING, serving).await.unwrap_or(Ok(()))
        }
    };
    ended.map_err(|error| fault(error.to_string()))?;
    Ok(Answer::new(words.say("listen-ended", &[("port", port.to_string())]), json!({ "port": port })))
}

/// Shows a new pairing code; the one before is void.
fn offer(words: &Words, receiver: &Receiver) {
    eprintln!("{}", words.say("listen-code", &[("code", receiver.offer_code().to_string())]));
}

pub(super) fn refused(port: u16, error: &std::io::Error) -> Problem {
    let values = [("port", port.to_string())];
    match error.kind() {
        ErrorKind::AddrInUse => Problem::refused("refused-port-taken", &values),
        ErrorKind::PermissionDenied => Problem::refused("refused-port-forbidden", &values),
        _ => Problem::fault("fault-listen", &[("why", error.to_string())]),
    }
}

/// Standard input line by line; the channel closes with it. What is typed does not matter.
pub(super) fn lines() -> UnboundedReceiver<()> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || sender.send(()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next line, `None` at the end; never, where nobody types.
async fn next(lines: &mut Option<UnboundedReceiver<()>>) -> Option<()> {
    match lines {
        Some(lines) => lines.recv().await,
        None => std::future::pending().await,
    }
}
