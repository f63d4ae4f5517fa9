//! Captures and recordings in words.

use serde_json::{Value, json};
use sigu_capture::page::Gap;
use sigu_capture::panel;
use sigu_case::recognise::Field;
use sigu_evidence::mask_text;

use super::deposit::Deposited;
use super::film::{Filmed, code};
use crate::commands::recognise;
use crate::lang::Words;
use crate::output::Answer;

/// How many gaps and notes of one kind are named one by one.
const NAMED: usize = 3;

/// What the buttons in the page say.
pub(super) fn panel(words: &Words) -> panel::Words {
    let codes = ["auto", "transaction", "voucher", "description", "chat", "delivery", "other"];
    let slot = |code: &str| (code.to_owned(), words.word(&format!("slot-{code}")));
    panel::Words {
        title: words.word("panel-title"),
        fix: words.word("panel-fix"),
        fix_hint: words.word("panel-fix-hint"),
        record: words.word("panel-record"),
        record_hint: words.word("panel-record-hint"),
        stop: words.word("panel-stop"),
        slot: words.word("panel-slot"),
        slots: codes.map(slot).into(),
        working: words.word("panel-working"),
    }
}

/// The key of a coded message: dots and underscores are dashes there.
fn key(prefix: &str, code: &str) -> String {
    format!("{prefix}-{}", code.replace(['.', '_'], "-"))
}

/// The answer of a capture.
pub(super) fn answer(words: &Words, fixed: &Deposited) -> Answer {
    let gap = |gap: &Gap| json!({ "code": gap.code, "detail": mask_text(&gap.detail) });
    let item = |(item, name, size, content): &(sigu_case::ItemId, String, u64, sigu_evidence::ContentId)| {
        let digest = if fixed.found.shows_secrets() { content.prefix8() } else { content.to_string() };
        json!({ "item": item, "name": name, "size": size, "sha256": digest })
    };
    let json = json!({
        "order": fixed.order.to_string(),
        "slot": fixed.slot.code(),
        "url": mask_text(&fixed.url),
        "title": mask_text(&fixed.title),
        "capture": fixed.capture,
        "items": fixed.items.iter().map(item).collect::<Vec<Value>>(),
        "requests": fixed.requests,
        "gaps": fixed.gaps.iter().map(gap).collect::<Vec<Value>>(),
        "environment": fixed.environment,
        "recognised": fixed.found.to_json(),
        "milliseconds": fixed.milliseconds,
    });
    Answer::new(lines(words, fixed).join("\n"), json)
}

fn lines(words: &Words, fixed: &Deposited) -> Vec<String> {
    let values = [
        ("title", mask_text(&fixed.title)),
        ("slot", words.word(&format!("slot-{}", fixed.slot.code()))),
        ("order", fixed.order.to_string()),
    ];
    // What a person needs comes first: the first lines stand beside the button.
    let mut lines = vec![words.say("captured-as", &values)];
    if fixed.gaps.is_empty() {
        lines.push(words.word("captured-complete"));
    } else {
        lines.push(words.word("captured-gaps"));
        lines.extend(gaps(words, &fixed.gaps));
    }
    lines.extend(recognised(words, fixed));
    lines.extend(environment(words, fixed));
    lines.push(format!("  {}", mask_text(&fixed.url)));
    for (item, name, size, _) in &fixed.items {
        lines
            .push(format!("  {item}  {name}  {}", words.say("captured-size", &[("size", size.to_string())])));
    }
    let seconds = format!("{}.{}", fixed.milliseconds / 1000, fixed.milliseconds % 1000 / 100);
    lines.push(words.say("captured-time", &[("seconds", seconds), ("requests", fixed.requests.to_string())]));
    lines
}

fn recognised(words: &Words, fixed: &Deposited) -> Vec<String> {
    let fields = [
        Field::OrderNo,
        Field::ProductName,
        Field::AmountPaid,
        Field::PaidAt,
        Field::Status,
        Field::MerchantId,
    ];
    let found = fields.into_iter().filter_map(|field| fixed.found.best(field));
    let line = |reading| {
        let sure = fixed.found.sure(field_of(reading)).is_some();
        let mark = if sure { String::new() } else { format!(" {}", words.word("captured-unsure")) };
        format!("  {}{mark}", recognise::reading_line(reading, words))
    };
    let lines: Vec<String> = found.map(line).collect();
    if lines.is_empty() { lines } else { std::iter::once(words.word("captured-read")).chain(lines).collect() }
}

const fn field_of(reading: &sigu_case::recognise::Reading) -> Field {
    reading.field
}

/// Gaps, those of one kind together.
pub(super) fn gaps(words: &Words, gaps: &[Gap]) -> Vec<String> {
    let mut codes: Vec<&'static str> = gaps.iter().map(|gap| gap.code).collect();
    codes.dedup();
    codes.sort_unstable();
    codes.dedup();
    let line = |code: &'static str| {
        let own: Vec<&Gap> = gaps.iter().filter(|gap| gap.code == code).collect();
        let mut detail: Vec<String> = own.iter().take(NAMED).map(|gap| mask_text(&gap.detail)).collect();
        if own.len() > NAMED {
            detail.push(words.say("captured-more", &[("count", (own.len() - NAMED).to_string())]));
        }
        let values = [("count", own.len().to_string()), ("detail", words.list(&detail))];
        format!("  · {}", words.say(&key("gap", code), &values))
    };
    codes.into_iter().map(line).collect()
}

fn environment(words: &Words, fixed: &Deposited) -> Vec<String> {
    use sigu_capture::environment::Severity;
    let notes = fixed.environment.notes.iter().filter(|note| note.severity != Severity::Fine);
    let lines: Vec<String> = notes
        .map(|note| {
            let text = words.say(&key("seen", note.code), &[("detail", mask_text(&note.detail))]);
            format!("  · {text}")
        })
        .collect();
    if lines.is_empty() {
        return vec![words.word("captured-clean")];
    }
    std::iter::once(words.word("captured-environment")).chain(lines).collect()
}

/// The answer of a recording that ended.
pub(super) fn filmed(words: &Words, filmed: &Filmed) -> Answer {
    let values = [
        ("order", filmed.order.to_string()),
        ("recording", filmed.recording.to_string()),
        ("seconds", (filmed.ended.duration_ms / 1000).to_string()),
        ("pieces", filmed.ended.pieces.to_string()),
        ("frames", filmed.key_frames.to_string()),
        ("size", filmed.size.to_string()),
    ];
    let mut lines = vec![words.say("recorded", &values)];
    if let Some(item) = filmed.whole {
        lines.push(words.say("recorded-item", &[("item", item.to_string())]));
    }
    let reason = code(&filmed.ended.reason).replace('_', "-");
    if filmed.ended.reason != sigu_capture::recording::Reason::Stopped {
        lines.push(words.word(&format!("recorded-{reason}")));
    }
    lines.push(words.word(if filmed.ended.continuous {
        "recorded-one-take"
    } else {
        "recorded-not-one-take"
    }));
    Answer::new(lines.join("\n"), filmed.to_json())
}
