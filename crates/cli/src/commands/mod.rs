//! One file per command; each turns arguments into calls of the vault and the answer into words.

mod advise;
mod api;
mod backup;
mod capture;
mod case;
mod check;
mod checker;
mod desk;
mod disclose;
mod doc;
mod due;
mod ending;
mod erase;
mod export;
mod fix;
mod follow_up;
mod init;
pub(crate) mod key;
mod ladder;
mod law;
mod listen;
mod log;
mod look;
mod mark;
mod merchant;
mod message;
mod notice;
mod ocr;
mod order;
mod pairing;
mod profile;
mod publish;
mod rebuild;
mod recognise;
mod remind;
mod report;
mod restore;
mod review;
mod rule;
mod search;
mod service;
mod services;
mod shell;
mod stamp;
mod tone;
mod verify;
mod watch;
mod witness;

use sigu_case::OrderId;

use crate::args::report::{FollowUpCommand, PromiseCommand, StepCommand};
use crate::args::{Args, CaseCommand, Command, KeyCommand, MessageCommand, OrderCommand};
use crate::lang::Words;
use crate::problem::Problem;
use crate::{Context, Outcome};

/// Runs the command.
#[expect(clippy::too_many_lines, reason = "one line for each command")]
pub(crate) fn run(args: Args, words: &Words) -> Outcome {
    let context = Context { args: &args, words };
    match &args.command {
        Command::Init(own) => init::run(&context, own),
        Command::Order(own) => of_order(&context, own),
        Command::Fix(own) => fix::run(&context, own),
        Command::Browse(own) => capture::browse::run(&context, own),
        Command::Capture(own) => capture::run(&context, own),
        Command::Record(own) => capture::record(&context, own),
        Command::Desk(own) => desk::run(&context, own),
        Command::Listen(own) => listen::run(&context, own),
        Command::Pairing(own) => pairing::run(&context, own),
        Command::ApiToken(own) => api::token(&context, own),
        Command::Ocr(own) => ocr::run(&context, own),
        Command::Message(own) => of_message(&context, own),
        Command::Party(own) => report::run(&context, own),
        Command::Payment(own) => report::run(&context, own),
        Command::Promise(own) => of_promise(&context, own),
        Command::Observe(own) => report::run(&context, own),
        Command::Item(own) => report::run(&context, own),
        Command::Problem(own) => report::run(&context, own),
        Command::Claim(own) => report::run(&context, own),
        Command::Step(own) => of_step(&context, own),
        Command::Decision(own) => report::run(&context, own),
        Command::Refund(own) => report::run(&context, own),
        Command::Coverage(own) => report::run(&context, own),
        Command::Waive(own) => report::run(&context, own),
        Command::FollowUp(own) => of_follow_up(&context, own),
        Command::Close(own) => report::run(&context, own),
        Command::Reopen(own) => report::run(&context, own),
        Command::Next(own) => advise::next(&context, own),
        Command::Due => due::run(&context),
        Command::Remind(own) => remind::run(&context, own),
        Command::Advise(own) => advise::advise(&context, own),
        Command::Notice(own) => notice::notice(&context, own),
        Command::Reply(own) => message::reply(&context, own),
        Command::Appeal(own) => notice::appeal(&context, own),
        Command::Mark(own) => mark::run(&context, own),
        Command::Doc(own) => doc::run(&context, own),
        Command::Merchant(own) => merchant::run(&context, own),
        Command::CheckMerchant(own) => merchant::before_buying(&context, own),
        Command::Review(own) => review::run(&context, own),
        Command::Tone(own) => tone::run(&context, own),
        Command::Recognise(own) => recognise::run(&context, own),
        Command::Law(own) => law::run(&context, own),
        Command::Ladder(own) => ladder::run(&context, own),
        Command::Profile(own) => profile::run(&context, own),
        Command::Rule(own) => rule::run(&context, own),
        Command::Watch(own) => watch::run(&context, own),
        Command::Case(CaseCommand::Show(own)) => advise::show(&context, own),
        Command::Case(CaseCommand::Import(own)) => case::import(&context, own),
        Command::Search(own) => search::run(&context, own),
        Command::Log(own) => log::run(&context, own),
        Command::Check(own) => check::run(&context, own),
        Command::Stamp(own) => stamp::run(&context, own),
        Command::Services(own) => services::run(&context, own),
        Command::Publish(own) => publish::run(&context, own),
        Command::Witness(own) => witness::run(&context, own),
        Command::Service(own) => service::run(&context, own),
        Command::Export(own) => export::run(&context, own),
        Command::Verify(own) => verify::run(&context, own),
        Command::Disclose(own) => disclose::run(&context, own),
        Command::Erase(own) => erase::run(&context, own),
        Command::Backup(own) => backup::run(&context, own),
        Command::Restore(own) => restore::run(&context, own),
        Command::Key(own) => of_key(&context, own),
        Command::Rebuild => rebuild::run(&context),
        Command::Openapi => api::openapi(),
        Command::Checker(own) => checker::run(&context, own),
        Command::Completions(own) => shell::completions(&context, own),
        Command::Man(own) => shell::man(&context, own),
    }
}

fn of_order(context: &Context<'_>, own: &OrderCommand) -> Outcome {
    match own {
        OrderCommand::New(own) => order::new(context, own),
        OrderCommand::Set(own) => order::set(context, own),
        OrderCommand::List => order::list(context),
        OrderCommand::Show(own) => order::show(context, own),
    }
}

fn of_message(context: &Context<'_>, own: &MessageCommand) -> Outcome {
    match own {
        MessageCommand::Add(own) => message::add(context, own),
        MessageCommand::Sense(own) => report::run(context, own),
        MessageCommand::Silence(own) => report::run(context, own),
    }
}

fn of_promise(context: &Context<'_>, own: &PromiseCommand) -> Outcome {
    match own {
        PromiseCommand::Add(own) => report::run(context, own),
        PromiseCommand::Kept(own) => report::judge(context, own, true),
        PromiseCommand::Broken(own) => report::judge(context, own, false),
    }
}

fn of_step(context: &Context<'_>, own: &StepCommand) -> Outcome {
    match own {
        StepCommand::Taken(own) => report::run(context, own),
        StepCommand::Moved(own) => report::run(context, own),
    }
}

fn of_follow_up(context: &Context<'_>, own: &FollowUpCommand) -> Outcome {
    match own {
        FollowUpCommand::Add(own) => report::run(context, own),
        FollowUpCommand::Done(own) => report::run(context, own),
        FollowUpCommand::Suggest(own) => follow_up::suggest(context, own),
    }
}

fn of_key(context: &Context<'_>, own: &KeyCommand) -> Outcome {
    match own {
        KeyCommand::Passphrase(own) => key::passphrase(context, own),
        KeyCommand::Recovery(own) => key::recovery(context, own),
    }
}

/// Reads an order's label.
fn order_id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::usage("usage-order-label", &[("value", text.to_owned())]))
}

/// Reads a time given for an argument.
fn time(arg: &str, text: &str) -> Result<jiff::Timestamp, Problem> {
    crate::times::parse(text).map_err(|why| {
        Problem::usage("usage-time", &[("arg", arg.to_owned()), ("value", text.to_owned()), ("why", why)])
    })
}

/// Reads an item's place.
fn item_id(text: &str) -> Result<sigu_case::ItemId, Problem> {
    text.parse().map_err(|_| Problem::usage("usage-item", &[("value", text.to_owned())]))
}

/// Reads yuan with at most two decimals as 分.
fn fen(text: &str) -> Result<i64, Problem> {
    sigu_server::reading::fen(text)
        .ok_or_else(|| Problem::usage("usage-amount", &[("value", text.to_owned())]))
}

/// Writes 分 as yuan.
fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
}

/// Writes a new file that only its owner can read.
#[allow(clippy::disallowed_methods, reason = "a small file the user asked for, not part of the vault")]
fn write_private(path: &std::path::Path, text: impl AsRef<[u8]>) -> Result<(), Problem> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_ref())?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Problem::refused("refused-exists", &[("path", path.display().to_string())])
        }
        _ => Problem::fault(
            "fault-io",
            &[("op", "write".to_owned()), ("path", path.display().to_string()), ("why", error.to_string())],
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_without_rounding() {
        for (text, value) in [
            ("45", Some(4500)),
            ("45.5", Some(4550)),
            ("￥45.05", Some(4505)),
            ("0.01", Some(1)),
            ("45.005", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
            (".5", None),
        ] {
            assert_eq!(fen(text).ok(), value, "{text}");
        }
    }
}
