//! The only serialised form of events: a kind and a set of fields, each of which becomes a disclosure of the leaf.

mod field_kind;
pub mod v1;

pub use field_kind::{FieldForm, FieldKind, Holds};
pub use v1::WireError;
