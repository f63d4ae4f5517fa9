//! `sigu service`: the desk is started by the system, so that what runs by itself runs without anybody.
//!
//! A file says what is started, the system's own command has it followed. What cannot be run here is told as it is typed.

mod launchd;
mod spec;
mod system;
mod systemd;
mod task;

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use sigu_server::background::BackgroundLine;
use sigu_server::doorbell::{self, Answer as Rung, Found};
use sigu_server::keys::{self, Form};
use sigu_vault::Places;

use self::spec::{Spec, name_of};
use self::system::{Ran, Step, System};
use crate::args::service::{ServiceCommand, ServiceInstallArgs, ServicePlace};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session, times};

/// How long is waited for somebody who may be at the port.
const KNOCK: Duration = Duration::from_millis(500);

pub(super) fn run(context: &Context<'_>, own: &ServiceCommand) -> Outcome {
    match own {
        ServiceCommand::Install(own) => install(context, own),
        ServiceCommand::Remove(own) => remove(context, own),
        ServiceCommand::Status(own) => status(context, own),
    }
}

fn install(context: &Context<'_>, own: &ServiceInstallArgs) -> Outcome {
    let places = session::places(context.args)?;
    let (system, words) = (System::of(own.place.system.as_deref()), context.words);
    let form = keys::form(&places)?;
    let spec = Spec::of(context, own, &places)?;
    let text = system.text(&spec)?;
    if own.print {
        return Ok(Answer::text(text));
    }
    let file = system.place(&places)?;
    let bytes = system.file(&text);
    let before = std::fs::read(&file).ok();
    if before.is_none() {
        free(own.port)?;
    }
    let new = before.as_ref() != Some(&bytes);
    if new {
        put(&file, &bytes)?;
    }
    let steps = system.enabling(&file, new);
    let done = followed(&steps);
    let path = [("path", file.display().to_string())];
    let mut lines = vec![words.say(if new { "service-written" } else { "service-there" }, &path)];
    lines.push(said(&done, words, "service-started"));
    if form == Form::Passphrase && context.args.passphrase_file.is_none() {
        lines.push(words.word("service-begins-locked"));
    }
    if !spec.left_out.is_empty() {
        lines.push(words.say("service-left-out", &[("names", words.list(&spec.left_out))]));
    }
    if system == System::Systemd {
        lines.push(words.word("service-while-logged-in"));
    }
    lines.push(words.say("service-how", &[("program", name_of(&spec.program))]));
    let json = json!({
        "system": system.word(), "file": file, "changed": new, "port": own.port,
        "started": done.is_ok(), "to_type": to_type(&done),
    });
    Ok(Answer::new(lines.join("\n"), json).with_exit(exit(&done)))
}

/// Refuses a port that somebody has: the service would start and end again, with nobody there to read why.
fn free(port: u16) -> Result<(), Problem> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match TcpStream::connect_timeout(&address, KNOCK) {
        Ok(_) => Err(Problem::refused("refused-service-port", &[("port", port.to_string())])),
        Err(_) => Ok(()),
    }
}

/// Writes the file, readable by its owner alone, whole or not at all.
#[allow(clippy::disallowed_methods, reason = "a file of the system's, not part of the vault")]
fn put(file: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let fault = |error: std::io::Error| {
        let values = [("op", "write".to_owned()), ("path", file.display().to_string())];
        Problem::fault("fault-io", &[values.as_slice(), &[("why", error.to_string())]].concat())
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(fault)?;
    let beside = file.with_extension("new");
    // What an interrupted run left is nobody's.
    let _ = std::fs::remove_file(&beside);
    super::write_private(&beside, bytes)?;
    std::fs::rename(&beside, file).map_err(fault)
}

/// Runs commands in their order; the first that does not run leaves the others to be typed.
fn followed(steps: &[Step]) -> Result<(), (Ran, &[Step])> {
    for (place, step) in steps.iter().enumerate() {
        match step.run() {
            Ran::Done => {}
            other => return Err((other, &steps[place..])),
        }
    }
    Ok(())
}

type Followed<'a> = Result<(), (Ran, &'a [Step])>;

fn exit(done: &Followed<'_>) -> u8 {
    if done.is_ok() { 0 } else { 5 }
}

fn to_type(done: &Followed<'_>) -> Vec<String> {
    done.as_ref().err().map(|(_, rest)| rest.iter().map(Step::typed).collect()).unwrap_or_default()
}

/// Says how commands ended, and those that are left to be typed.
fn said(done: &Followed<'_>, words: &Words, well: &str) -> String {
    let Err((why, rest)) = done else { return words.word(well) };
    let head = match why {
        Ran::Failed(complaint) => words.say("service-failed", &[("why", complaint.clone())]),
        Ran::Missing | Ran::Done => words.word("service-no-command"),
    };
    let typed = rest.iter().map(|step| format!("  {}", step.typed()));
    std::iter::once(head).chain(typed).collect::<Vec<_>>().join("\n")
}

fn remove(context: &Context<'_>, own: &ServicePlace) -> Outcome {
    let places = session::places(context.args)?;
    let (system, words) = (System::of(own.system.as_deref()), context.words);
    let file = system.place(&places)?;
    if !file.exists() {
        let json = json!({ "system": system.word(), "file": file, "removed": false });
        return Ok(Answer::new(words.word("service-none"), json));
    }
    let before = system.disabling();
    let ended = followed(&before);
    let gone = std::fs::remove_file(&file);
    gone.map_err(|error| Problem::fault("fault-service", &[("why", error.to_string())]))?;
    let after = system.afterwards();
    let noticed = followed(&after);
    let done = ended.and(noticed);
    let path = [("path", file.display().to_string())];
    let lines = [words.say("service-removed", &path), said(&done, words, "service-ended")];
    let json = json!({ "system": system.word(), "file": file, "removed": true, "to_type": to_type(&done) });
    Ok(Answer::new(lines.join("\n"), json).with_exit(exit(&done)))
}

fn status(context: &Context<'_>, own: &ServicePlace) -> Outcome {
    let places = session::places(context.args)?;
    let (system, words) = (System::of(own.system.as_deref()), context.words);
    let file = system.place(&places)?;
    let installed = file.exists();
    let runs = installed.then(|| system.asking().run());
    let desk = open_desk(&places, words);
    let path = [("path", file.display().to_string())];
    let mut lines = vec![match installed {
        true => words.say("service-installed", &path),
        false => words.word("service-not-installed"),
    }];
    lines.extend(runs.as_ref().map(|runs| match (runs, system) {
        (Ran::Done, System::Windows) => words.word("service-known"),
        (Ran::Done, _) => words.word("service-runs"),
        (Ran::Failed(_), _) => words.word("service-rests"),
        (Ran::Missing, _) => words.word("service-not-asked"),
    }));
    lines.extend(desk_lines(desk.as_ref(), words));
    let json = json!({
        "system": system.word(), "file": file, "installed": installed,
        "runs": runs.and_then(|runs| match runs {
            Ran::Done if system != System::Windows => Some(true),
            Ran::Failed(_) => Some(false),
            Ran::Done | Ran::Missing => None,
        }),
        "desk": desk.as_ref().map(desk_json),
    });
    Ok(Answer::new(lines.join("\n"), json))
}

/// The desk that is open over the vault, by whomever, with what it answers; `None` answered where it is silent.
fn open_desk(places: &Places, words: &Words) -> Option<(Found, Option<Rung>)> {
    let found = doorbell::find(places)?;
    let rung = found.ring(words, false).ok();
    Some((found, rung))
}

fn desk_lines(desk: Option<&(Found, Option<Rung>)>, words: &Words) -> Vec<String> {
    let Some((found, rung)) = desk else { return vec![words.word("service-no-desk")] };
    let values = [("port", found.port.to_string()), ("at", times::show(found.since))];
    let mut lines = vec![words.say("service-desk", &values)];
    let Some(rung) = rung else {
        lines.push(words.word("service-desk-silent"));
        return lines;
    };
    lines.push(words.word(if rung.locked { "service-desk-locked" } else { "service-desk-unlocked" }));
    lines.push(words.word("background-head"));
    lines.extend(rung.background.iter().map(|line| line_of(line, words)));
    lines
}

fn line_of(line: &BackgroundLine, words: &Words) -> String {
    let at = |key, at: Option<jiff::Timestamp>| {
        at.map(|at| words.say(key, &[("at", times::show(at))])).unwrap_or_default()
    };
    let (last, next) = (at("background-last", line.last), at("background-next", line.next));
    let times = [last, next].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" · ");
    let times = if times.is_empty() { times } else { format!("  {times}") };
    format!("  {}  {}{times}", line.name, line.state)
}

fn desk_json((found, rung): &(Found, Option<Rung>)) -> Value {
    json!({
        "port": found.port, "since": found.since, "pid": found.pid,
        "locked": rung.as_ref().map(|rung| rung.locked),
        "background": rung.as_ref().map(|rung| &rung.background),
    })
}
