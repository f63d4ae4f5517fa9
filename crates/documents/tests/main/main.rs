//! Papers of the example cases: what they say, where each fact comes from, and that the PDF is one.
#![allow(clippy::unwrap_used)]

mod copies;
mod edges;
mod golden;
mod looks;
mod made;
mod marks;
mod of_order;
mod outside;
mod overview;
mod papers;
mod said;
