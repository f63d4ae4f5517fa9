//! The binary `sigu`: reads the command line, runs one command, prints its answer, exits with its code.
//!
//! Only here do time, environment and terminal come in. Exit codes: 0 good, 1 refused, 2 usage, 3 not verified,
//! 4 damaged, 5 fault.

mod args;
mod clock;
mod commands;
mod lang;
mod meter;
mod output;
mod problem;
mod session;
mod times;

use std::process::ExitCode;

use crate::args::{Args, Call};
use crate::output::Answer;
use crate::problem::Problem;

fn main() -> ExitCode {
    let words = lang::of_process();
    let mut raw: Vec<std::ffi::OsString> = std::env::args_os().collect();
    // Whoever types the name alone wants to see it.
    if raw.len() == 1 {
        raw.push("desk".into());
    }
    let json = raw.iter().any(|arg| arg == "--json");
    let answer = match args::read(&raw, &words) {
        Ok(Call::Run(args)) => commands::run(*args, &words),
        Ok(Call::Print(text)) => Ok(Answer::text(text)),
        Err(problem) => Err(problem),
    };
    ExitCode::from(output::print(answer, json, &words))
}

/// What a command gives: an answer, or the problem that kept it from giving one.
type Outcome = Result<Answer, Problem>;

/// What every command gets.
struct Context<'a> {
    args: &'a Args,
    words: &'a lang::Words,
}
