//! Fields: the named facts that a leaf commits to, and the few kinds of value they may have.
//!
//! The values are the part of JSON that has one writing in every implementation: text, whole numbers that a
//! double holds exactly, flags, lists of texts. No floats, no null, no objects. What a field means is not
//! known here. Spec: `docs/formats/item-manifest.md`.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, Serializer};
use serde::{Deserialize, Serialize};

/// Most characters of a field's name.
pub const MAX_NAME_CHARS: usize = 64;
/// Most bytes of a value, written as JSON; keeps every disclosure under its own limit.
pub const MAX_VALUE_BYTES: usize = 512 * 1024;
/// Greatest size of a whole number either way: 2^53 - 1, the last that every JSON reader keeps exact.
pub const MAX_INT: i64 = (1 << 53) - 1;

/// A field's name: `[a-z][a-z0-9_]*(\.[a-z0-9_]+)*`, at most 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldName(String);

/// Why a text is not a field name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldNameError {
    /// More than 64 characters.
    #[error("a field name has at most {MAX_NAME_CHARS} characters")]
    TooLong,
    /// Not lower-case words of letters, digits and `_`, joined by single dots, a letter first.
    #[error("a field name is lower-case words of letters, digits and _, joined by dots")]
    Shape,
}

impl FieldName {
    /// Takes a text that is a name.
    pub fn parse(text: &str) -> Result<Self, FieldNameError> {
        if text.len() > MAX_NAME_CHARS {
            return Err(FieldNameError::TooLong);
        }
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !starts || !text.split('.').all(|word| !word.is_empty() && word.bytes().all(inner)) {
            return Err(FieldNameError::Shape);
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FieldName {
    type Err = FieldNameError;

    fn from_str(text: &str) -> Result<Self, FieldNameError> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for FieldName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A field's value. In JSON it is the bare string, number, boolean or array of strings.
///
/// Reading JSON refuses everything else, and numbers beyond ±(2^53 − 1); so does writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// Text, in NFC if it was typed by a person (which is the caller's to do).
    Text(String),
    /// A whole number within ±[`MAX_INT`]; money is in minor units.
    Int(i64),
    /// True or false.
    Flag(bool),
    /// Texts in an order that means something.
    List(Vec<String>),
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for FieldValue {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<bool> for FieldValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for FieldValue {
    fn from(list: Vec<String>) -> Self {
        Self::List(list)
    }
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Int(int) if int.unsigned_abs() <= MAX_INT.unsigned_abs() => serializer.serialize_i64(*int),
            Self::Int(_) => Err(ser::Error::custom("a whole number beyond 2^53 - 1")),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = FieldValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a whole number within 2^53 - 1, a boolean, or an array of strings")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, int: i64) -> Result<FieldValue, E> {
        if (-MAX_INT..=MAX_INT).contains(&int) {
            Ok(FieldValue::Int(int))
        } else {
            Err(E::invalid_value(de::Unexpected::Signed(int), &self))
        }
    }

    fn visit_u64<E: de::Error>(self, int: u64) -> Result<FieldValue, E> {
        match i64::try_from(int) {
            Ok(int) => self.visit_i64(int),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(int), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FieldValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(FieldValue::List(list))
    }
}

/// Why fields do not take a value, or do not have one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The name is not a field name.
    #[error("bad field name: {0}")]
    Name(#[from] FieldNameError),
    /// The whole number is beyond ±(2^53 − 1).
    #[error("field {name}: the number is beyond 2^53 - 1")]
    IntOutOfRange {
        /// The field.
        name: FieldName,
    },
    /// The value takes more than [`MAX_VALUE_BYTES`] as JSON.
    #[error("field {name}: the value is longer than {MAX_VALUE_BYTES} bytes")]
    TooLong {
        /// The field.
        name: FieldName,
    },
    /// A field that must be there is not.
    #[error("field {name} is missing")]
    Missing {
        /// The field.
        name: String,
    },
    /// A field is there with a value of another kind.
    #[error("field {name} is not {expected}")]
    WrongKind {
        /// The field.
        name: String,
        /// The kind that was asked for.
        expected: &'static str,
    },
}

/// Named facts in the order of their names; every value in it is within the limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<FieldName, FieldValue>);

impl Fields {
    /// Starts with no field.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field, and returns the value it replaces; refuses a value outside the limits.
    pub fn insert(&mut self, name: FieldName, value: FieldValue) -> Result<Option<FieldValue>, FieldError> {
        check_value(&name, &value)?;
        Ok(self.0.insert(name, value))
    }

    /// Sets a field by the text of its name; as [`insert`](Self::insert), for names written in code.
    pub fn put(&mut self, name: &str, value: impl Into<FieldValue>) -> Result<(), FieldError> {
        self.insert(FieldName::parse(name)?, value.into()).map(|_| ())
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> Option<FieldValue> {
        self.0.remove(name)
    }

    /// Returns a field's value of whatever kind.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.0.get(name)
    }

    /// Tells whether there is a field of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Walks over the fields in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&FieldName, &FieldValue)> {
        self.0.iter()
    }

    /// Returns how many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns a text field; `None` if it is missing or of another kind.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.require_text(name).ok()
    }

    /// Returns a number field; `None` if it is missing or of another kind.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        self.require_int(name).ok()
    }

    /// Returns a flag field; `None` if it is missing or of another kind.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.require_flag(name).ok()
    }

    /// Returns a list field; `None` if it is missing or of another kind.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&[String]> {
        self.require_list(name).ok()
    }

    /// Returns a text field, or says which field is missing or of another kind.
    pub fn require_text(&self, name: &str) -> Result<&str, FieldError> {
        match self.require(name)? {
            FieldValue::Text(text) => Ok(text),
            _ => Err(wrong_kind(name, "text")),
        }
    }

    /// Returns a number field, or says which field is missing or of another kind.
    pub fn require_int(&self, name: &str) -> Result<i64, FieldError> {
        match self.require(name)? {
            FieldValue::Int(int) => Ok(*int),
            _ => Err(wrong_kind(name, "a whole number")),
        }
    }

    /// Returns a flag field, or says which field is missing or of another kind.
    pub fn require_flag(&self, name: &str) -> Result<bool, FieldError> {
        match self.require(name)? {
            FieldValue::Flag(flag) => Ok(*flag),
            _ => Err(wrong_kind(name, "true or false")),
        }
    }

    /// Returns a list field, or says which field is missing or of another kind.
    pub fn require_list(&self, name: &str) -> Result<&[String], FieldError> {
        match self.require(name)? {
            FieldValue::List(list) => Ok(list),
            _ => Err(wrong_kind(name, "a list of texts")),
        }
    }

    fn require(&self, name: &str) -> Result<&FieldValue, FieldError> {
        self.get(name).ok_or_else(|| FieldError::Missing { name: name.to_owned() })
    }
}

impl IntoIterator for Fields {
    type Item = (FieldName, FieldValue);
    type IntoIter = std::collections::btree_map::IntoIter<FieldName, FieldValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de> Deserialize<'de> for Fields {
    /// Reads a JSON object; a name that comes twice is refused.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::new();
        while let Some((name, value)) = entries.next_entry::<FieldName, FieldValue>()? {
            if fields.contains(name.as_str()) {
                return Err(de::Error::custom(format_args!("field {name} comes twice")));
            }
            fields.insert(name, value).map_err(de::Error::custom)?;
        }
        Ok(fields)
    }
}

/// Holds a value to its limits; shared with disclosures, which carry one value each.
pub(crate) fn check_value(name: &FieldName, value: &FieldValue) -> Result<(), FieldError> {
    if let FieldValue::Int(int) = value {
        let within = (-MAX_INT..=MAX_INT).contains(int);
        return if within { Ok(()) } else { Err(FieldError::IntOutOfRange { name: name.clone() }) };
    }
    let json = serde_json::to_string(value).expect("invariant: text, flags and lists are JSON");
    if json.len() > MAX_VALUE_BYTES {
        return Err(FieldError::TooLong { name: name.clone() });
    }
    Ok(())
}

fn wrong_kind(name: &str, expected: &'static str) -> FieldError {
    FieldError::WrongKind { name: name.to_owned(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_shape() {
        for good in ["a", "order.amount_fen", "card.redeem_code", "a.1", "a._b", "blob.sha256"] {
            assert_eq!(FieldName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", ".", "a.", ".a", "a..b", "1a", "_sd", "...", "A", "a-b", "a b", "订单", "a\n"] {
            assert_eq!(FieldName::parse(bad), Err(FieldNameError::Shape), "{bad:?}");
        }
        assert!(FieldName::parse(&"a".repeat(64)).is_ok());
        assert_eq!(FieldName::parse(&"a".repeat(65)), Err(FieldNameError::TooLong));
    }

    #[test]
    fn values_are_bare_json() {
        let check = |json: &str, value: FieldValue| {
            assert_eq!(serde_json::from_str::<FieldValue>(json).unwrap(), value);
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        };
        check("\"卡密\"", "卡密".into());
        check("9007199254740991", FieldValue::Int(MAX_INT));
        check("-9007199254740991", FieldValue::Int(-MAX_INT));
        check("true", FieldValue::Flag(true));
        check("[\"a\",\"b\"]", FieldValue::List(vec!["a".into(), "b".into()]));
        check("[]", FieldValue::List(vec![]));
    }

    #[test]
    fn other_json_is_no_value() {
        let bad = "null 1.0 1e3 -0 9007199254740992 -9007199254740992 18446744073709551615 {} {\"a\":1} [1] \
                   [null] [[]] [\"a\",1] 1.5 99999999999999999999999";
        for json in bad.split_ascii_whitespace() {
            assert!(serde_json::from_str::<FieldValue>(json).is_err(), "{json}");
        }
        assert!(serde_json::to_string(&FieldValue::Int(MAX_INT + 1)).is_err());
        assert!(serde_json::to_string(&FieldValue::Int(i64::MIN)).is_err());
    }

    #[test]
    fn getters_name_the_field_they_miss() {
        let mut fields = Fields::new();
        fields.put("order.no", "A1").unwrap();
        fields.put("order.amount_fen", 1990_i64).unwrap();
        assert_eq!(fields.text("order.no"), Some("A1"));
        assert_eq!(fields.int("order.no"), None);
        assert_eq!(fields.require_flag("x").unwrap_err().to_string(), "field x is missing");
        let error = fields.require_list("order.no").unwrap_err();
        assert_eq!(error.to_string(), "field order.no is not a list of texts");
    }

    #[test]
    fn values_outside_the_limits_are_not_taken() {
        let mut fields = Fields::new();
        assert!(matches!(fields.put("n", i64::MAX), Err(FieldError::IntOutOfRange { .. })));
        assert!(fields.put("t", "x".repeat(MAX_VALUE_BYTES - 2)).is_ok());
        assert!(matches!(fields.put("t", "x".repeat(MAX_VALUE_BYTES - 1)), Err(FieldError::TooLong { .. })));
        assert!(matches!(fields.put("T", true), Err(FieldError::Name(FieldNameError::Shape))));
    }

    #[test]
    fn an_object_with_a_name_twice_is_refused() {
        assert!(serde_json::from_str::<Fields>(r#"{"a":1,"b":true}"#).is_ok());
        assert!(serde_json::from_str::<Fields>(r#"{"a":1,"a":1}"#).is_err());
        assert!(serde_json::from_str::<Fields>(r#"{"A":1}"#).is_err());
    }
}
