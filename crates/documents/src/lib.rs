//! DOCUMENTS: papers made from a case: what the buyer sends, files or shows.
//!
//! A view of a case goes in, a [`Paper`] comes out, block by block; [`pdf`] and [`text`] render it and know nothing of
//! cases. The same case gives the same paper and the same bytes; times come from the case. Every sentence of fact
//! carries the number of an exhibit, and a paper names the items it rests on. No I/O but [`fonts::write_to`], no clock.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod changes;
pub mod code;
mod draft;
pub mod fonts;
mod kind;
mod manifest;
pub mod mark;
mod paper;
mod papers;
pub mod pdf;
mod plot;
mod source;
pub mod text;
pub mod times;
mod words;

pub use draft::{Made, Missing, Refused};
pub use kind::{Kind, Lang};
pub use manifest::Manifest;
pub use paper::{Block, Column, Fact, Field, Numbering, Paper, Paste, Pictures, Span};
pub use papers::{of_merchant, of_order, of_rules, of_year};
pub use plot::{Bar, Plot, Shape, Size};
pub use source::{Case, LogHead, Overview, Wishes};
pub use words::Words;
