//! Whether a complaint is ready: each proof there, claimed, waived or missing; and what goes along with it.

use sigu_case::appeal::package;
use sigu_case::readiness::Readiness;
use sigu_case::scenario::Proof;
use sigu_case::{ItemId, Order, View};

use super::super::order::Leaf;
use crate::desk::show::masked;
use crate::words::Words;

/// The gate, closed while required proof is missing.
pub(super) struct Gate {
    pub(super) ok: bool,
    pub(super) only_oral: bool,
    pub(super) rows: Vec<Row>,
}

/// One proof.
pub(super) struct Row {
    /// How it stands: `met`, `claimed`, `waived`, `missing`, `nice`.
    pub(super) state: &'static str,
    pub(super) name: String,
    /// How to get it, or why it cannot be had; empty where it is there.
    pub(super) how: String,
    pub(super) items: Vec<Leaf>,
}

/// What goes with the statement: a group and what is in it.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) items: Vec<Leaf>,
}

pub(super) fn of(readiness: &Readiness, order: &Order, words: &Words) -> Gate {
    let row = |state, proof: Proof, how: bool| Row {
        state,
        name: words.pick(&proof.text().label).to_owned(),
        how: if how { words.pick(&proof.text().how).to_owned() } else { String::new() },
        items: Vec::new(),
    };
    let missing = readiness.missing.iter().map(|proof| row("missing", *proof, true));
    let claimed = readiness.claimed.iter().map(|proof| row("claimed", *proof, true));
    let met = readiness.met.iter().filter(|met| !readiness.claimed.contains(&met.proof)).map(|met| {
        let items = met.items.iter().map(|item| Leaf::of(order, *item)).collect();
        Row { items, ..row("met", met.proof, false) }
    });
    let waived = readiness
        .waived
        .iter()
        .map(|one| Row { how: masked(Some(&one.because)), ..row("waived", one.proof, false) });
    let nice = readiness.missing_nice.iter().map(|proof| row("nice", *proof, true));
    Gate {
        ok: readiness.ok,
        only_oral: readiness.only_oral,
        rows: missing.chain(claimed).chain(met).chain(waived).chain(nice).collect(),
    }
}

pub(super) fn groups(view: &View<'_>, words: &Words) -> Vec<Group> {
    let package = package(view);
    let leaves = |items: &[ItemId]| items.iter().map(|item| Leaf::of(&view.order, *item)).collect();
    let own = package
        .groups
        .iter()
        .map(|group| Group { name: words.pick(&group.label).to_owned(), items: leaves(&group.items) });
    let rest = Group { name: words.word("appeal-rest"), items: leaves(&package.extra) };
    own.chain((!rest.items.is_empty()).then_some(rest)).collect()
}
