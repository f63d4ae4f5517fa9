//! The one test binary of `sigu-case`: tables of what is refused, due, complete and stored, and properties of replay.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod advice;
mod appeal;
mod archive;
mod built;
mod calendar;
mod claim;
mod clocks;
mod completeness;
mod decide;
mod diagnose;
mod dossier;
mod erasure;
mod five_cases;
mod follow_up;
mod history;
mod ladder;
mod law;
mod letter;
mod made;
mod next;
mod page_score;
mod pages_of_shops;
mod pitfall;
mod platform;
mod properties;
mod purchase_check;
mod recognise;
mod reports;
mod scenario;
mod strategy;
mod strength;
mod subslots;
mod tone;
mod wire;
