//! `sigu verify`: a package judged item by item, graded, with what this does not prove. Needs no vault.

mod outside;

use serde_json::json;
use sigu_bundle::{
    ContentState, CopyReport, Grade, ItemId, ItemReport, LateDisclosure, Limits, LogReport, Outcome as Ended,
    PaperReport, Report, VerifyFault, VerifyOptions, verify,
};

use crate::args::VerifyArgs;
use crate::lang::Words;
use crate::meter::Meter;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, times};

pub(super) fn run(context: &Context<'_>, own: &VerifyArgs) -> Outcome {
    let mut limits = Limits::default();
    limits.members = own.max_members.unwrap_or(limits.members);
    limits.total_bytes = own.max_bytes.unwrap_or(limits.total_bytes);
    let disclosures = own.with.iter().map(|path| late(path)).collect::<Result<_, _>>()?;
    let trusted = outside::trusted(own)?;
    let options = VerifyOptions { limits, root: own.root.clone(), disclosures, trusted };
    let total = std::fs::metadata(&own.bundle).map_or(0, |metadata| metadata.len());
    let meter = Meter::new(total);
    let seen = std::sync::atomic::AtomicU64::new(0);
    let report = verify(&own.bundle, &options, &|progress| {
        let before = seen.fetch_max(progress.done, std::sync::atomic::Ordering::Relaxed);
        meter.add(progress.done.saturating_sub(before));
    })
    .map_err(|fault| problem(fault, own))?;
    drop(meter);
    // With a key that should be known, a package that only agrees with itself is not verified.
    let good = match report.grade {
        Grade::Altered => false,
        Grade::Consistent => own.root.is_none(),
        Grade::KeyConfirmed => true,
    };
    let text = text(&report, own.root.is_some(), context.words);
    Ok(Answer::new(text, json!(report)).with_exit(if good { 0 } else { 3 }))
}

fn late(path: &std::path::Path) -> Result<LateDisclosure, Problem> {
    let at = || ("path", path.display().to_string());
    let bytes = std::fs::read(path)
        .map_err(|error| Problem::usage("usage-unreadable", &[at(), ("why", error.to_string())]))?;
    LateDisclosure::parse(&bytes)
        .map_err(|error| Problem::refused("refused-no-disclosure", &[at(), ("why", error.to_string())]))
}

fn problem(fault: VerifyFault, own: &VerifyArgs) -> Problem {
    let path = ("path", own.bundle.display().to_string());
    match fault {
        VerifyFault::Sealed => Problem::refused("refused-bundle-sealed", &[path]),
        VerifyFault::ExpectedKey => {
            Problem::usage("usage-root", &[("value", own.root.clone().unwrap_or_default())])
        }
        VerifyFault::NotAPackage => Problem::refused("refused-not-a-package", &[path]),
        VerifyFault::Changed(name) => Problem::fault("fault-changed", &[("path", name)]),
        VerifyFault::Read(error) => {
            Problem::fault("fault-io", &[("op", "read".to_owned()), path, ("why", error.to_string())])
        }
    }
}

/// The kebab-case name of a code, for message keys.
fn code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn text(report: &Report, root: bool, words: &Words) -> String {
    let mut lines = vec![words.word(&grade_key(report.grade, root)), String::new()];
    for finding in &report.findings {
        let place = finding.path.as_deref().unwrap_or("–");
        let detail = finding.detail.as_ref().map_or(String::new(), |detail| words.aside(detail));
        lines.push(format!("✗ {place}: {}{detail}", words.word(&format!("finding-{}", code(&finding.code)))));
    }
    for check in &report.checks {
        let name = words.word(&format!("verify-{}", code(&check.check)));
        lines.push(match check.outcome {
            Ended::Passed { count } => format!("✓ {name}{}", words.aside(&count.to_string())),
            Ended::Failed => format!("✗ {name}"),
            Ended::NotRun => format!("– {name}"),
        });
    }
    lines.push(String::new());
    lines.extend(report.logs.iter().map(|log| log_line(log, words)));
    lines.extend(outside::lines(report, words));
    lines.push(String::new());
    for item in &report.items {
        item_lines(item, words, &mut lines);
    }
    lines.extend(report.papers.iter().map(|paper| paper_line(paper, words)));
    lines.extend(report.copies.iter().map(|copy| copy_line(copy, words)));
    lines.push(String::new());
    lines.push(words.word("not-proved"));
    lines.extend(
        report
            .not_proved
            .iter()
            .map(|what| format!("  - {}", words.word(&format!("not-proved-{}", code(what))))),
    );
    lines.join("\n")
}

fn grade_key(grade: Grade, root: bool) -> String {
    match grade {
        Grade::Consistent if root => "grade-key-not-confirmed".to_owned(),
        _ => format!("grade-{}", code(&grade)),
    }
}

fn log_line(log: &LogReport, words: &Words) -> String {
    let key = if log.key_confirmed { "verify-log-known" } else { "verify-log-claimed" };
    let values = [
        ("log", log.number.to_string()),
        ("size", log.size.to_string()),
        ("fingerprint", log.key_fingerprint.clone()),
        ("origin", log.origin.clone()),
    ];
    let mut line = words.say(key, &values);
    if let Some(link) = &log.continues {
        let values = [("origin", link.origin.clone()), ("size", link.size.to_string())];
        line = format!("{line}\n  {}", words.say(&format!("link-{}", code(&link.state)), &values));
    }
    line
}

fn item_lines(item: &ItemReport, words: &Words, lines: &mut Vec<String>) {
    let kind = words
        .try_word(&format!("kind-{}", item.kind.replace(['.', '_'], "-")))
        .unwrap_or_else(|| item.kind.clone());
    let log = words.word(if item.in_log { "item-in-log" } else { "item-not-in-log" });
    let name = ["file.name", "text", "text.masked", "secret.masked", "order"]
        .iter()
        .find_map(|field| item.fields.get(*field))
        .map(sigu_server::told::field_value)
        .unwrap_or_default();
    let claimed = words.say("item-claimed", &[("at", times::show_text(&item.claimed_at))]);
    lines.push(format!("{:>6}  {kind}  {name}", item.position.to_string()));
    lines.push(format!("        {} · {log} · {claimed}", content(&item.content, words)));
    if let Some(bracket) = outside::bracket_line(&item.bracket, words) {
        lines.push(format!("        {bracket}"));
    }
    if !item.withheld.is_empty() {
        lines.push(format!(
            "        {}",
            words.say("item-withheld", &[("fields", words.list(&item.withheld))])
        ));
    }
}

/// Whether a paper still rests on evidence that is there.
fn paper_line(paper: &PaperReport, words: &Words) -> String {
    let named = |items: &[ItemId]| words.list(&items.iter().map(ToString::to_string).collect::<Vec<_>>());
    let (key, items) = match (&paper.erased[..], &paper.absent[..]) {
        ([], []) => ("verify-paper-holds", String::new()),
        ([], absent) => ("verify-paper-absent", named(absent)),
        (erased, _) => ("verify-paper-erased", named(erased)),
    };
    let count = paper.rests_on.len().to_string();
    words.say(key, &[("item", paper.paper.to_string()), ("items", items), ("count", count)])
}

/// Of what a picture is a copy, and whether the original is there.
fn copy_line(copy: &CopyReport, words: &Words) -> String {
    let absent = || words.word("verify-copy-original-absent");
    let values = [
        ("copy", copy.copy.to_string()),
        ("of", copy.of.to_string()),
        ("content", copy.original.as_ref().map_or_else(absent, |state| content(state, words))),
    ];
    words.say(if copy.covers { "verify-copy-covering" } else { "verify-copy" }, &values)
}

fn content(state: &ContentState, words: &Words) -> String {
    match state {
        ContentState::Matches { path, sha256, .. } => {
            words.say("content-matches", &[("path", path.clone()), ("digest", sha256.prefix8())])
        }
        ContentState::MatchesLate { sha256, .. } => {
            words.say("content-matches-late", &[("digest", sha256.prefix8())])
        }
        ContentState::Withheld => words.word("content-withheld"),
        ContentState::NotApplicable => words.word("content-none"),
        ContentState::Erased { by } => words.say("content-erased", &[("by", by.to_string())]),
        ContentState::Missing => words.word("content-missing"),
        ContentState::Differs => words.word("content-differs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigu_bundle::{Check, FindingCode, LinkState, NotProved};

    #[test]
    fn every_code_has_words() {
        for words in [Words::chinese(), Words::in_english()] {
            let check =
                |prefix: &str, code: String| assert!(!words.word(&format!("{prefix}-{code}")).is_empty());
            FindingCode::ALL.iter().for_each(|one| check("finding", code(one)));
            Check::ALL.iter().for_each(|one| check("verify", code(one)));
            NotProved::ALL.iter().for_each(|one| check("not-proved", code(one)));
            [Grade::Altered, Grade::Consistent, Grade::KeyConfirmed]
                .iter()
                .for_each(|one| check("grade", code(one)));
            [LinkState::Joined, LinkState::Later, LinkState::Claimed, LinkState::Broken].iter().for_each(
                |one| {
                    let values = [("origin", String::new()), ("size", String::new())];
                    assert!(!words.say(&format!("link-{}", code(one)), &values).is_empty());
                },
            );
        }
    }
}
