//! The only serialised form of events: a kind and a set of fields, each of which becomes a disclosure of the leaf.

pub mod v1;
