//! `sigu tone`: judges lines from standard input, one verdict a line, in either direction.

use std::io::Read;

use serde_json::{Value, json};
use sigu_case::Direction;
use sigu_case::tone::{Context as Tone, Hit, Label, Slots, Verdict, check, reason, rewrite, style};

use crate::args::ToneArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome};

/// The longest input, in bytes: 16 MiB.
const MAX_INPUT: u64 = 16 << 20;

pub(super) fn run(context: &Context<'_>, own: &ToneArgs) -> Outcome {
    let direction = if own.direction == "in" { Direction::In } else { Direction::Out };
    let text = standard_input()?;
    let tone = Tone { direction, venue: own.venue, product_names: &own.product, ..Tone::default() };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Err(Problem::refused("refused-no-input", &[]));
    }
    let judged: Vec<(&str, Verdict)> = lines.into_iter().map(|line| (line, check(line, &tone))).collect();
    let styled = direction == Direction::Out && own.style;
    let text: Vec<String> =
        judged.iter().map(|(line, verdict)| show(line, verdict, styled, context.words)).collect();
    let json: Vec<Value> = judged.iter().map(|(line, verdict)| as_json(line, verdict, styled)).collect();
    Ok(Answer::new(text.join("\n"), json!({ "verdicts": json })))
}

/// Reads all of standard input as text.
pub(super) fn standard_input() -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_INPUT + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::fault("fault-stdin", &[("why", error.to_string())]))?;
    if bytes.len() as u64 > MAX_INPUT {
        return Err(Problem::refused("refused-input-too-long", &[]));
    }
    String::from_utf8(bytes).map_err(|_| Problem::refused("refused-not-text", &[]))
}

fn show(line: &str, verdict: &Verdict, styled: bool, words: &Words) -> String {
    let labels: Vec<String> = verdict
        .labels
        .iter()
        .map(|label| words.word(&format!("tone-{}", label.code().replace('_', "-"))))
        .collect();
    let mut out = vec![format!("{}  {}", words.list(&labels), hidden(line, verdict))];
    out.extend(verdict.hits.iter().map(|hit| format!("    {}", explain(hit, words))));
    if styled {
        let find = |one: sigu_case::tone::StyleFinding| if words.english() { one.en } else { one.zh };
        out.extend(style(line).into_iter().map(|one| format!("    – {}", find(one))));
    }
    out.join("\n")
}

/// The line as it may be shown: what leaks is masked.
fn hidden(line: &str, verdict: &Verdict) -> String {
    let mut shown = line.to_owned();
    let mut leaks: Vec<&Hit> = verdict.hits.iter().filter(|hit| hit.label == Label::PrivacyLeak).collect();
    leaks.sort_by_key(|hit| std::cmp::Reverse(hit.span.start_byte));
    let mut end = usize::MAX;
    for hit in leaks {
        let (from, to) = (hit.span.start_byte, hit.span.end_byte.min(end));
        if from < to && shown.get(from..to).is_some() {
            shown.replace_range(from..to, "…");
            end = from;
        }
    }
    sigu_evidence::mask_text(&shown)
}

fn explain(hit: &Hit, words: &Words) -> String {
    let why = reason(hit.reason).map_or_else(String::new, |reason| {
        let text = if words.english() { reason.en } else { reason.zh };
        let basis =
            if reason.basis.is_empty() { String::new() } else { words.aside(&reason.basis.join(" ")) };
        format!("{text}{basis}")
    });
    let instead = hit.rewrite.and_then(|pattern| rewrite(pattern, &Slots::new()));
    match instead {
        Some(instead) => format!("– {why}\n      {} {instead}", words.word("tone-instead")),
        None => format!("– {why}"),
    }
}

fn as_json(line: &str, verdict: &Verdict, styled: bool) -> Value {
    let mut value = json!({ "text": hidden(line, verdict), "verdict": verdict });
    if styled {
        value["style"] = json!(style(line));
    }
    value
}
