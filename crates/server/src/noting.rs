//! Notes as JSON: a kind and its fields, as they stand in the log, become a report. Every kind a person may write goes
//! through here; those a program writes do not.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sigu_case::OrderId;
use sigu_case::report::Report;
use sigu_case::wire::WireError;
use sigu_evidence::{FieldValue, Fields};

/// What only this program writes, with the files that belong to it; and what needs a look of its own before it is taken.
const NOT_BY_HAND: [&str; 10] = [
    "capture.made",
    "recording.began",
    "recording.piece",
    "recording.ended",
    "copy.made",
    "document.made",
    "profile.added",
    "rule.captured",
    "page.watched",
    "merchant.noted",
];

/// The kinds of notes of an order that a person may write.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    Report::KINDS.iter().copied().filter(|kind| !NOT_BY_HAND.contains(kind))
}

/// Why a note is not taken: the field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNoted {
    /// It says no kind, or one that is none.
    #[error("kind is missing or unknown")]
    Kind,
    /// A field its kind does not have.
    #[error("{0} is no field of this kind")]
    Unknown(String),
    /// A field that is missing or not what it must be.
    #[error("{0} is missing or not what it must be")]
    Field(String),
}

impl NotNoted {
    /// The field it is about.
    pub fn field(&self) -> &str {
        match self {
            Self::Kind => "kind",
            Self::Unknown(field) | Self::Field(field) => field,
        }
    }
}

/// Reads a note of an order; what does not say when it happened, happened now.
///
/// # Errors
/// Names the field that is wrong.
pub fn note(order: &OrderId, note: &Map<String, Value>, now: Timestamp) -> Result<Report, NotNoted> {
    let kind = note.get("kind").and_then(Value::as_str).ok_or(NotNoted::Kind)?;
    let kind = kinds().find(|own| *own == kind).ok_or(NotNoted::Kind)?;
    let form = Report::form_of(kind).ok_or(NotNoted::Kind)?;
    let mut fields = Fields::new();
    for (name, value) in note.iter().filter(|(name, value)| *name != "kind" && !value.is_null()) {
        let known = name != "order" && form.iter().any(|field| field.name == name);
        if !known {
            return Err(NotNoted::Unknown(name.clone()));
        }
        let value = held(value).ok_or_else(|| NotNoted::Field(name.clone()))?;
        fields.put(name, value).map_err(|_| NotNoted::Field(name.clone()))?;
    }
    let own = [("order", order.to_string()), ("happened_at", now.to_string())];
    for (name, value) in own {
        if !fields.contains(name) {
            fields.put(name, value).map_err(|_| NotNoted::Field(name.to_owned()))?;
        }
    }
    match Report::take(kind, &fields) {
        Ok(Some(report)) => Ok(report),
        Ok(None) => Err(NotNoted::Kind),
        Err(WireError::Field(name)) => Err(NotNoted::Field(name.to_owned())),
        Err(_) => Err(NotNoted::Kind),
    }
}

fn held(value: &Value) -> Option<FieldValue> {
    Some(match value {
        Value::String(text) => FieldValue::Text(text.clone()),
        Value::Bool(flag) => FieldValue::Flag(*flag),
        Value::Number(number) => FieldValue::Int(number.as_i64()?),
        Value::Array(all) => {
            FieldValue::List(all.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<_>>()?)
        }
        Value::Null | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Report, NotNoted> {
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        note(&"dk01".parse().unwrap(), value.as_object().unwrap(), now)
    }

    #[test]
    fn a_note_is_read_as_it_is_shown() {
        let noted = json!({ "kind": "step.taken", "step.body": "platform", "claim.amount_fen": 9500 });
        let report = read(noted).unwrap();
        assert_eq!(report.kind(), "step.taken");
        assert_eq!(report.at().to_string(), "2026-03-01T08:00:00Z");
        let shown = sigu_case::report::Logged {
            item: "1-2".parse().unwrap(),
            recorded_at: report.at(),
            report: report.clone(),
        };
        let mut shown = serde_json::to_value(shown).unwrap();
        let fields = shown.as_object_mut().unwrap();
        fields.remove("item");
        fields.remove("recorded_at");
        assert_eq!(read(shown).unwrap(), report);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (value, field) in [
            (json!({}), "kind"),
            (json!({ "kind": "document.made" }), "kind"),
            (json!({ "kind": "step.taken" }), "step.body"),
            (json!({ "kind": "step.taken", "step.body": "moon" }), "step.body"),
            (json!({ "kind": "step.taken", "step.body": "platform", "order": "other" }), "order"),
            (json!({ "kind": "step.taken", "step.body": "platform", "note": "x" }), "note"),
            (json!({ "kind": "step.taken", "step.body": "platform", "proof": 3 }), "proof"),
            (
                json!({ "kind": "step.taken", "step.body": "platform", "claim.amount_fen": 1.5 }),
                "claim.amount_fen",
            ),
            (json!({ "kind": "order.closed", "outcome": "refunded", "happened_at": "soon" }), "happened_at"),
        ] {
            assert_eq!(read(value.clone()).unwrap_err().field(), field, "{value}");
        }
    }
}
