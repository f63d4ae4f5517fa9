//! What was promised and insured, what cannot be had, when to come back, what a piece of evidence is: the forms and
//! their reports.

use jiff::Timestamp;
use sigu_case::history::promise_in;
use sigu_case::report::{
    CoverageBought, FollowUpDone, FollowUpKind, FollowUpSet, Form, ItemDescribed, NeedWaived, Part,
    PromiseJudged, PromiseKind, PromiseMade, PromisePlace, Report, Waived,
};
use sigu_case::{Order, OrderId};
use sigu_evidence::mask_text;

use super::{CHOOSE, exhibits, proof_field};
use crate::desk::form::{Field, Typed};

pub(super) fn promise(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.area("text", "note-promised").must(),
        typed.coded::<PromiseKind>("kind", "arg-kind", "promised", Some("note-by-words")),
        typed.coded::<PromisePlace>("place", "arg-place", "promised-on", None).must(),
        typed.when("due_at", "arg-due"),
        proof_field(typed, order),
    ]
}

pub(super) fn promised(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (due_at, text) = (typed.time("due_at"), typed.needed("text")?);
    let kind = typed.one("kind").unwrap_or_else(|| promise_in(&text));
    let (place, proof) = (typed.chosen("place")?, typed.item("proof"));
    Some(PromiseMade { at, order, kind, place, text, due_at, proof }.into())
}

pub(super) fn judge(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    let promises = order.of_kind::<PromiseMade>().map(|(item, one)| (item.to_string(), mask_text(&one.text)));
    vec![
        typed.choice("promise", "note-which-promise", promises, CHOOSE).must(),
        yes_or_no(typed, "kept", "note-kept").must(),
    ]
}

pub(super) fn judged(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (promise, kept) = (typed.named_item("promise"), said(typed, "kept"));
    if kept.is_none() {
        typed.refuse("kept", typed.words().word("write-choose"));
    }
    Some(PromiseJudged { at, order, promise: promise?, kept: kept? }.into())
}

pub(super) fn coverage(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.line("issuer", "arg-issuer").must(),
        typed.money("fee", "arg-fee"),
        typed.number("days", "arg-days"),
        typed.number("claim_within", "arg-claim-within"),
        typed.area("condition", "arg-condition"),
        proof_field(typed, order),
    ]
}

pub(super) fn covered(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (fee_fen, period_days) = (typed.fen("fee"), typed.count("days"));
    let claim_within_h = typed.count("claim_within");
    let (condition, proof) = (typed.text("condition"), typed.item("proof"));
    let issuer = typed.needed("issuer")?;
    Some(CoverageBought { at, order, issuer, fee_fen, period_days, claim_within_h, condition, proof }.into())
}

pub(super) fn waive(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Waived>("need", "arg-need", "waived", CHOOSE).must(),
        typed.area("reason", "arg-reason").must(),
    ]
}

pub(super) fn waived(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (need, reason) = (typed.chosen("need"), typed.needed("reason"));
    Some(NeedWaived { at, order, need: need?, reason: reason? }.into())
}

pub(super) fn follow_up(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<FollowUpKind>("kind", "arg-kind", "followed", CHOOSE).must(),
        typed.when("due_at", "note-come-back").must(),
        typed.area("note", "arg-note"),
    ]
}

pub(super) fn followed(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (kind, due_at) = (typed.chosen("kind"), typed.time("due_at"));
    if due_at.is_none() {
        typed.refuse("due_at", typed.words().word("write-needed"));
    }
    Some(FollowUpSet { at, order, kind: kind?, due_at: due_at?, note: typed.text("note") }.into())
}

pub(super) fn done(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    let words = typed.words();
    let open = order.of_kind::<FollowUpSet>().map(|(item, one)| {
        let kind = words.word(&format!("followed-{}", one.kind.code().replace('_', "-")));
        let note = one.note.as_deref().map(|note| words.aside(&mask_text(note))).unwrap_or_default();
        (item.to_string(), format!("{kind}{note}"))
    });
    vec![typed.choice("follow_up", "note-which-date", open, CHOOSE).must()]
}

pub(super) fn came_back(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let follow_up = typed.named_item("follow_up")?;
    Some(FollowUpDone { at, order, follow_up }.into())
}

pub(super) fn describe(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    let mut fields = vec![
        typed.choice("item", "note-which-item", exhibits(order), CHOOSE).must(),
        typed.line("caption", "arg-caption"),
        typed.line("proves", "arg-proves"),
        typed.coded::<Form>("form", "arg-form", "described-as", Some("write-unknown")),
        typed.line("url", "arg-url"),
        yes_or_no(typed, "own_account", "arg-own-account"),
        yes_or_no(typed, "original_kept", "arg-original-kept"),
        yes_or_no(typed, "continuous", "arg-continuous"),
        yes_or_no(typed, "lawful", "arg-lawful"),
    ];
    let box_of =
        |part: &Part| typed.tick(part.code(), &format!("described-part-{}", part.code().replace('_', "-")));
    fields.extend(Part::ALL.iter().map(box_of));
    fields
}

pub(super) fn described(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let item = typed.named_item("item")?;
    let report = ItemDescribed {
        at,
        order,
        item,
        form: typed.one("form"),
        parts: Part::ALL.iter().copied().filter(|part| typed.ticked(part.code())).collect(),
        url: typed.text("url"),
        clock_off_s: None,
        continuous: said(typed, "continuous"),
        original_kept: said(typed, "original_kept"),
        own_account: said(typed, "own_account"),
        lawful: said(typed, "lawful"),
        caption: typed.text("caption"),
        proves: typed.text("proves"),
    };
    Some(report.into())
}

fn yes_or_no(typed: &Typed<'_>, name: &'static str, label: &str) -> Field {
    let words = typed.words();
    let both = ["yes", "no"].map(|code| (code.to_owned(), words.word(&format!("note-{code}"))));
    typed.choice(name, label, both, Some("write-unknown"))
}

fn said(typed: &Typed<'_>, name: &str) -> Option<bool> {
    match typed.text(name).as_deref() {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ => None,
    }
}
