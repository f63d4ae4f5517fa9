//! Answers of an interface as text: the sentences in them, where they are some.

use serde_json::Value;

/// More texts than this are data.
const MAX_TEXTS: usize = 5_000;

/// The texts of an answer in their order, HTML and all; empty when it holds data only.
pub(super) fn texts(body: &str) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let mut texts = Vec::new();
    collect(&value, &mut texts);
    if texts.len() > MAX_TEXTS { Vec::new() } else { texts }
}

/// The reader of JSON goes no deeper than 128.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if is_prose(text) => texts.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| collect(one, texts)),
        Value::Object(all) => all.values().for_each(|one| collect(one, texts)),
        _ => {}
    }
}

/// Words and no name, number, date or address.
fn is_prose(text: &str) -> bool {
    let text = text.trim();
    let chinese = text.chars().filter(|sign| ('\u{4e00}'..='\u{9fff}').contains(sign)).count();
    let words = text.split_ascii_whitespace().count();
    !text.starts_with("http") && (chinese >= 4 || words >= 4)
}
