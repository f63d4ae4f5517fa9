//! Papers of the example cases: what they say, where each fact comes from, and that the PDF is one.
#![allow(clippy::unwrap_used)]

mod made;
mod papers;
