//! Answers on the terminal or as JSON; one JSON document on standard output, whatever happens.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::lang::Words;
use crate::problem::Problem;

/// What a command answers.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) json: Value,
    pub(crate) exit: u8,
}

impl Answer {
    /// An answer that is text in both forms.
    pub(crate) fn text(text: String) -> Self {
        let json = json!({ "text": text });
        Self { text, json, exit: 0 }
    }

    pub(crate) fn new(text: String, json: Value) -> Self {
        Self { text, json, exit: 0 }
    }

    pub(crate) fn with_exit(self, exit: u8) -> Self {
        Self { exit, ..self }
    }
}

/// Prints and returns the exit code. A reader that went away is not an error of ours.
pub(crate) fn print(outcome: Result<Answer, Problem>, json: bool, words: &Words) -> u8 {
    let (exit, printed) = match outcome {
        Ok(answer) if json => (answer.exit, line(&mut io::stdout(), &pretty(&answer.json))),
        Ok(answer) => (answer.exit, line(&mut io::stdout(), answer.text.trim_end())),
        Err(problem) if json => (problem.exit(), line(&mut io::stdout(), &pretty(&problem.to_json(words)))),
        Err(problem) => (problem.exit(), line(&mut io::stderr(), &problem.to_text(words))),
    };
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => 5,
        _ => exit,
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a JSON value always serialises")
}

fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "{text}")?;
    out.flush()
}
