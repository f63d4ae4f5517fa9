//! `sigu ocr`: the text a picture may hold, as a suggestion. Nothing of it is kept, and secrets are masked always.

use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};
use sigu_capture::import::Tools;
use sigu_capture::ocr::{Line, Refusal, Suggestion, suggest};
use sigu_case::recognise::{self, Hints, Recognised};
use sigu_evidence::{find_secrets, mask};

use super::{look, recognise as fields};
use crate::args::import::OcrArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome};

pub(super) fn run(context: &Context<'_>, own: &OcrArgs) -> Outcome {
    let hints = match &own.order {
        Some(order) => fields::of_order(context, order)?,
        None => Hints::default(),
    };
    let (tools, words) = (look::tools(), context.words);
    let (mut text, mut read, mut failed, mut exit) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for path in &own.files {
        match one(path, &tools, &hints) {
            Ok(page) => {
                text.extend(page.lines(words));
                read.push(page.to_json());
            }
            // Of one picture alone the problem is the answer; without the program no picture can be read.
            Err(problem) if own.files.len() == 1 || problem.is_about_tools() => return Err(problem.into()),
            Err(NotRead { problem, .. }) => {
                let path = path.display().to_string();
                exit = exit.max(problem.exit());
                text.push(
                    words.say("ocr-failed", &[("path", path.clone()), ("why", problem.message(words))]),
                );
                failed.push(json!({ "path": path, "error": problem.to_json(words)["error"] }));
            }
        }
    }
    text.push(words.word("ocr-notice"));
    let json = json!({ "suggested": read, "failed": failed, "notice": words.word("ocr-notice") });
    Ok(Answer::new(text.join("\n"), json).with_exit(exit))
}

/// A picture that was not read.
struct NotRead {
    problem: Problem,
    tools: bool,
}

impl NotRead {
    fn is_about_tools(&self) -> bool {
        self.tools
    }
}

impl From<NotRead> for Problem {
    fn from(not_read: NotRead) -> Self {
        not_read.problem
    }
}

/// What was read in one picture, masked.
struct Page {
    path: String,
    confidence: u8,
    /// The lines as they may be shown.
    lines: Vec<(String, Line)>,
    found: Recognised,
}

fn one(path: &Path, tools: &Tools, hints: &Hints) -> Result<Page, NotRead> {
    let bytes = fields::read(path).map_err(|problem| NotRead { problem, tools: false })?;
    let read = suggest(&bytes, tools).map_err(|refusal| not_read(path, refusal))?;
    let found = recognise::recognise(&read.text, hints);
    let shown = masked(&read, &found, hints);
    let lines = shown.into_iter().zip(read.lines).collect();
    Ok(Page { path: path.display().to_string(), confidence: read.confidence, lines, found })
}

fn not_read(path: &Path, refusal: Refusal) -> NotRead {
    let path = ("path", path.display().to_string());
    let tools = matches!(refusal, Refusal::ToolMissing | Refusal::LanguageMissing);
    let problem = match refusal {
        Refusal::ToolMissing => Problem::refused("refused-no-tesseract", &[]),
        Refusal::LanguageMissing => Problem::refused("refused-no-chinese-ocr", &[]),
        Refusal::TooLarge => Problem::refused("refused-picture-too-large", &[path]),
        Refusal::NotAPicture => Problem::refused("refused-not-a-picture", &[path]),
        Refusal::Broken(_) => Problem::refused("refused-picture-broken", &[path]),
        Refusal::TimeLimit => Problem::fault("fault-ocr-slow", &[path]),
        Refusal::Failed(why) => Problem::fault("fault-ocr", &[path, ("why", why)]),
    };
    NotRead { problem, tools }
}

/// The lines with every secret masked: what looks like one in the whole text, and what the recogniser took for one.
fn masked(read: &Suggestion, found: &Recognised, hints: &Hints) -> Vec<String> {
    let mut secrets = find_secrets(&read.text);
    // Its spans point into the text as it was decoded, which is this text unless it was taken for a mail.
    if recognise::readable(read.text.as_bytes(), hints).text() == read.text {
        secrets.extend(recognised_secrets(found));
    }
    let mut lines = Vec::new();
    let mut start = 0;
    for line in read.text.split('\n') {
        let end = start + line.len();
        lines.push(masked_line(&read.text, start..end, &secrets));
        start = end + 1;
    }
    lines
}

fn recognised_secrets(found: &Recognised) -> Vec<Range<usize>> {
    let cards = found.delivery.iter().flat_map(|delivery| &delivery.cards);
    let parts = cards.flat_map(|card| &card.parts).map(|part| &part.span);
    let masked = |one: &&recognise::Reading| matches!(one.value, recognise::Value::Masked(_));
    let readings = found.fields.iter().filter(masked).map(|one| &one.span);
    parts.chain(readings).cloned().collect()
}

/// One line of the text, its secrets masked; of overlapping ones the first that begins hides the rest with it.
fn masked_line(text: &str, line: Range<usize>, secrets: &[Range<usize>]) -> String {
    let within = |secret: &Range<usize>| secret.start.max(line.start)..secret.end.min(line.end);
    let mut own: Vec<Range<usize>> = secrets.iter().map(within).filter(|one| one.start < one.end).collect();
    own.sort_by_key(|secret| (secret.start, std::cmp::Reverse(secret.end)));
    let mut out = String::new();
    let mut at = line.start;
    for secret in own {
        let start = secret.start.max(at);
        if start >= secret.end {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(&mask(&text[start..secret.end]).public());
        at = secret.end;
    }
    out.push_str(&text[at..line.end]);
    out
}

impl Page {
    fn lines(&self, words: &Words) -> Vec<String> {
        let path = ("path", self.path.clone());
        if self.lines.is_empty() {
            return vec![words.say("ocr-none", &[path])];
        }
        let mut lines = vec![words.say("ocr-file", &[path, ("confidence", self.confidence.to_string())])];
        lines.extend(self.lines.iter().map(|(text, line)| format!("  {:>3}  {text}", line.confidence)));
        if !self.found.fields.is_empty() {
            lines.push(words.word("ocr-fields"));
            lines.push(fields::show(&self.found, words));
        }
        lines
    }

    fn to_json(&self) -> Value {
        let line = |(text, line): &(String, Line)| {
            let place = line.place;
            json!({
                "text": text,
                "confidence": line.confidence,
                "left": place.left, "top": place.top, "width": place.width, "height": place.height,
            })
        };
        json!({
            "path": self.path,
            "confidence": self.confidence,
            "lines": self.lines.iter().map(line).collect::<Vec<Value>>(),
            "recognised": self.found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_across_lines_and_once() {
        let text = "卡号 ABCD1234EFGH\n完";
        let first = "卡号 ".len();
        let secrets = [first..first + 12, first + 4..first + 12, first + 8..text.len()];
        let end = text.find('\n').unwrap();
        assert_eq!(masked_line(text, 0..end, &secrets), "卡号 AB…GH (12)");
        assert_eq!(masked_line(text, end + 1..text.len(), &secrets), mask("完").public());
        assert_eq!(masked_line(text, 0..end, &[]), "卡号 ABCD1234EFGH");
    }
}
