//! `sigu check`: whether everything stored is what it must be.

use sigu_vault::{CheckOptions, CheckReport, FindingCode, Severity, check};

use crate::args::CheckArgs;
use crate::lang::Words;
use crate::meter::Meter;
use crate::output::Answer;
use crate::{Context, Outcome, session};

pub(super) fn run(context: &Context<'_>, own: &CheckArgs) -> Outcome {
    let places = session::places(context.args)?;
    let identity = session::identity(context, &places)?;
    let meter = Meter::new(0);
    let options = CheckOptions { read_data: own.read_data };
    let report = check(&places, &identity, options, &|progress| meter.add(progress.bytes))?;
    drop(meter);
    let json = serde_json::to_value(&report).expect("a report always serialises");
    let exit = if report.clean() { 0 } else { 4 };
    Ok(Answer::new(text(&report, own.read_data, context.words), json).with_exit(exit))
}

fn text(report: &CheckReport, read_data: bool, words: &Words) -> String {
    let mut lines = vec![words.say(
        "check-counts",
        &[
            ("leaves", report.leaves.to_string()),
            ("checkpoints", report.checkpoints.to_string()),
            ("blobs", report.blobs.to_string()),
            ("read", report.blobs_read.to_string()),
        ],
    )];
    for finding in &report.findings {
        let mark = if finding.severity == Severity::Damage { "✗" } else { "·" };
        let detail = finding.detail.as_ref().map_or(String::new(), |detail| words.aside(detail));
        lines.push(format!("{mark} {}: {}{detail}", finding.place, words.word(&key(finding.code))));
    }
    lines.push(words.word(match (report.clean(), read_data) {
        (true, true) => "check-clean",
        (true, false) => "check-clean-names-only",
        (false, _) => "check-damaged",
    }));
    lines.join("\n")
}

fn key(code: FindingCode) -> String {
    format!("check-{}", code.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_words() {
        for words in [Words::chinese(), Words::in_english()] {
            for code in FindingCode::ALL {
                assert!(!words.word(&key(*code)).is_empty());
            }
        }
    }
}
