//! Searching a vault by words: what of an order can be found, and when a text has the words asked for.
//!
//! [`passages`] says which texts of an order can be found, [`Fold`] how a text is read before it is compared,
//! [`tokens`] by which parts an index knows it, and [`Query`] what somebody asks for. All of it is pure, so that an index
//! that is made again is the same. Card secrets are never among the texts: each is masked before it is taken.

mod fold;
mod marks;
mod passages;
mod query;
mod words;

pub use fold::Fold;
pub use marks::{Marked, Piece};
pub use passages::{Part, Passage, Target, house_passages, passages};
pub use query::Query;
pub use words::tokens;
