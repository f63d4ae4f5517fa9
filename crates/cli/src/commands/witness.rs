//! `sigu witness`: a witness for the logs of others; which logs it knows, and its key.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use sigu_server::outside::witness::{KnownLog, Told, Witness, WitnessError, serve};
use sigu_vault::os_entropy;
use tokio::net::TcpListener;

use super::capture::runtime;
use super::ending;
use super::listen::{ENDING, lines};
use crate::args::witness::{WitnessAddArgs, WitnessCommand, WitnessPlace, WitnessServeArgs};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &WitnessCommand) -> Outcome {
    match own {
        WitnessCommand::Serve(own) => receive(context, own),
        WitnessCommand::Add(own) => add(context, own),
        WitnessCommand::List(own) => list(context, own),
        WitnessCommand::Key(own) => key(context, own),
    }
}

/// The folder that was named, or the one in the state folder; no vault is needed.
fn folder(context: &Context<'_>, place: &WitnessPlace) -> Result<PathBuf, Problem> {
    match &place.folder {
        Some(folder) => Ok(folder.clone()),
        None => Ok(session::places(context.args)?.state.join("witness")),
    }
}

fn open(folder: &Path) -> Result<Witness, Problem> {
    Witness::open(folder, clock::now, &mut os_entropy).map_err(problem)
}

fn problem(error: WitnessError) -> Problem {
    match error {
        WitnessError::Io { path, error } => Problem::fault(
            "fault-witness",
            &[("path", path.display().to_string()), ("why", error.to_string())],
        ),
        WitnessError::Damaged { path } => {
            Problem::damaged("damage-witness", &[("path", path.display().to_string())])
        }
        WitnessError::Key(error) => Problem::refused("refused-log-key", &[("why", error.to_string())]),
        WitnessError::OtherKey { origin } => {
            Problem::refused("refused-log-under-other-key", &[("origin", origin)])
        }
        WitnessError::TooMany => Problem::refused("refused-many-logs", &[]),
    }
}

fn add(context: &Context<'_>, own: &WitnessAddArgs) -> Outcome {
    let folder = folder(context, &own.place)?;
    let new = open(&folder)?.add(&own.vkey).map_err(problem)?;
    let origin = own.vkey.trim().split('+').next().unwrap_or_default().to_owned();
    let key = if new { "witness-log-added" } else { "witness-log-known" };
    let json = json!({ "origin": origin, "new": new });
    Ok(Answer::new(context.words.say(key, &[("origin", origin)]), json))
}

fn list(context: &Context<'_>, own: &WitnessPlace) -> Outcome {
    let logs = open(&folder(context, own)?)?.logs().map_err(problem)?;
    let line = |log: &KnownLog| {
        let origin = ("origin", log.key.name().to_owned());
        match log.seen {
            Some(seen) => context.words.say(
                "witness-log-seen",
                &[origin, ("size", seen.size.to_string()), ("root", seen.root.to_base64())],
            ),
            None => context.words.say("witness-log-unseen", &[origin]),
        }
    };
    let text = match logs.as_slice() {
        [] => context.words.word("witness-no-logs"),
        logs => logs.iter().map(line).collect::<Vec<_>>().join("\n"),
    };
    Ok(Answer::new(text, json!({ "logs": logs.iter().map(to_json).collect::<Vec<Value>>() })))
}

fn to_json(log: &KnownLog) -> Value {
    let seen = log.seen.map(|seen| json!({ "size": seen.size, "root": seen.root.to_base64() }));
    json!({ "origin": log.key.name(), "vkey": log.key.to_string(), "seen": seen })
}

fn key(context: &Context<'_>, own: &WitnessPlace) -> Outcome {
    let key = open(&folder(context, own)?)?.key();
    let json = json!({ "name": key.name(), "vkey": key.to_string() });
    Ok(Answer::new(key.to_string(), json))
}

fn receive(context: &Context<'_>, own: &WitnessServeArgs) -> Outcome {
    let folder = folder(context, &own.place)?;
    let witness = open(&folder)?;
    // Damage is told now, not to the first log that asks.
    let logs = witness.logs().map_err(problem)?.len();
    runtime()?.block_on(run_door(context.words, own, Arc::new(witness), logs))
}

async fn run_door(words: &Words, own: &WitnessServeArgs, witness: Arc<Witness>, logs: usize) -> Outcome {
    let fault = |error: &std::io::Error| Problem::fault("fault-witness-door", &[("why", error.to_string())]);
    let listener = TcpListener::bind(own.listen).await;
    let listener = listener.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable | ErrorKind::PermissionDenied => {
            let values = [("address", own.listen.to_string()), ("why", error.to_string())];
            Problem::refused("refused-witness-address", &values)
        }
        _ => fault(&error),
    })?;
    let address = listener.local_addr().map_err(|error| fault(&error))?;
    let url = own.url.clone().unwrap_or_else(|| format!("http://{address}"));
    let line = witness.policy_line(url.trim_end_matches('/'));
    greet(words, own, address, logs, &line);
    let told = words.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = serve(listener, witness, move |what| tell(&told, &what), async {
        // Dropped or used, both mean the end.
        let _ = stopped.await;
    });
    tokio::pin!(serving);
    let mut keyboard = own.until_stdin_closes.then(lines);
    let end = ending::asked();
    let stopping = async {
        match &mut keyboard {
            Some(keyboard) => tokio::select! {
                () = end => {}
                () = async { while keyboard.recv().await.is_some() {} } => {}
            },
            // Where no signal can be heard, the process ends the hard way: its state is durable at any time.
            None => end.await,
        }
    };
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = stopping => {
            drop(stop);
            tokio::time::timeout(ENDING, serving).await.unwrap_or(Ok(()))
        }
    };
    ended.map_err(|error| fault(&error))?;
    let json = json!({ "listen": address.to_string(), "line": line });
    Ok(Answer::new(words.word("witness-ended"), json))
}

fn greet(words: &Words, own: &WitnessServeArgs, address: SocketAddr, logs: usize, line: &str) {
    eprintln!("{}", words.say("witness-open", &[("address", address.to_string())]));
    if !address.ip().is_loopback() {
        eprintln!("{}", words.word("witness-reachable"));
    }
    eprintln!("{}", words.word("witness-line"));
    eprintln!("{line}");
    if own.listen.port() == 0 {
        eprintln!("{}", words.word("witness-any-port"));
    }
    if logs == 0 {
        eprintln!("{}", words.word("witness-no-logs"));
    }
    eprintln!("{}", words.word("witness-stop"));
}

fn tell(words: &Words, what: &Told) {
    let line = match what {
        Told::Cosigned { origin, size } => {
            words.say("witness-cosigned", &[("origin", origin.clone()), ("size", size.to_string())])
        }
        Told::Refused { status } => words.say("witness-refused", &[("status", status.to_string())]),
        Told::Fault(error) => words.say("witness-failed", &[("why", error.to_string())]),
    };
    eprintln!("{line}");
}
