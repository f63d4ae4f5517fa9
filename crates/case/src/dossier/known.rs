//! A value that may be unknown, as a state of its own: unknown is never sufficient (S54, D8).

use serde::Serialize;

/// Something known, or nothing known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum Known<T> {
    /// It is known.
    Known(T),
    /// Nobody saw it.
    Unknown,
}

impl<T> Known<T> {
    /// Returns the value, if known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// Tells whether it is known.
    pub fn is_known(&self) -> bool {
        self.value().is_some()
    }
}

impl<T> From<Option<T>> for Known<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }
}
