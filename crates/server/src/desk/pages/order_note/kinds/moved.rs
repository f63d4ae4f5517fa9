//! What moved: steps taken and how they stand, decisions, refunds, the end: the forms and their reports.

use jiff::Timestamp;
use sigu_case::report::{
    Body, DecisionMade, Destination, OrderClosed, OrderReopened, Outcome, RefundProof, RefundSeen,
    RefundState, Report, SilenceNoted, Stage, StepMoved, StepTaken, Verdict,
};
use sigu_case::{Order, OrderId};

use super::{CHOOSE, proof_field};
use crate::desk::form::{Field, Typed};

pub(super) fn step(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Body>("body", "arg-body", "body", None).must(),
        typed.line("reference", "arg-reference"),
        typed.line("category", "arg-category"),
        typed.money("amount", "note-claimed"),
        proof_field(typed, order),
    ]
}

pub(super) fn taken(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let claim_fen = typed.fen("amount");
    let (body, category, reference) =
        (typed.chosen("body")?, typed.text("category"), typed.text("reference"));
    Some(StepTaken { at, order, body, category, reference, claim_fen, proof: typed.item("proof") }.into())
}

pub(super) fn decision(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Verdict>("verdict", "arg-verdict", "decided", CHOOSE).must(),
        typed.coded::<Body>("body", "arg-body", "body", None).must(),
        typed.area("text", "arg-words"),
        typed.money("amount", "note-awarded"),
        typed.tick("by_machine", "arg-by-machine"),
        proof_field(typed, order),
    ]
}

pub(super) fn decided(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let refund_fen = typed.fen("amount");
    let (verdict, body) = (typed.chosen("verdict"), typed.chosen("body"));
    let by_machine = typed.ticked("by_machine").then_some(true);
    let text = typed.text("text");
    let (verdict, body) = (verdict?, body?);
    Some(
        DecisionMade { at, order, body, verdict, text, by_machine, refund_fen, proof: typed.item("proof") }
            .into(),
    )
}

pub(super) fn refund(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<RefundState>("refund", "arg-refund", "refund", CHOOSE).must(),
        typed.money("amount", "arg-amount"),
        typed.coded::<Destination>("destination", "arg-destination", "to", None).must(),
        typed.coded::<RefundProof>("shown_by", "arg-shown-by", "shown", None).must(),
        typed.coded::<Body>("body", "note-from", "body", Some("write-unknown")),
        proof_field(typed, order),
    ]
}

pub(super) fn refunded(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let amount_fen = typed.fen("amount");
    let (state, to, by) = (typed.chosen("refund"), typed.chosen("destination"), typed.chosen("shown_by"));
    let (state, destination, shown_by) = (state?, to?, by?);
    Some(
        RefundSeen {
            at,
            order,
            amount_fen,
            state,
            destination,
            shown_by,
            body: typed.one("body"),
            proof: typed.item("proof"),
        }
        .into(),
    )
}

pub(super) fn stage(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Body>("body", "arg-body", "body", None).must(),
        typed.coded::<Stage>("stage", "arg-stage", "stage", CHOOSE).must(),
        typed.area("note", "arg-note"),
        proof_field(typed, order),
    ]
}

pub(super) fn staged(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (stage, body) = (typed.chosen("stage"), typed.chosen("body"));
    let (note, proof) = (typed.text("note"), typed.item("proof"));
    Some(StepMoved { at, order, body: body?, stage: stage?, note, proof }.into())
}

pub(super) fn silence(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    vec![typed.coded::<Body>("body", "note-silent", "body", None).must()]
}

pub(super) fn silent(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let body = typed.chosen("body")?;
    Some(SilenceNoted { at, order, body }.into())
}

pub(super) fn close(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Outcome>("outcome", "arg-outcome", "outcome", CHOOSE).must(),
        typed.area("note", "arg-note"),
    ]
}

pub(super) fn closed(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let outcome = typed.chosen("outcome")?;
    Some(OrderClosed { at, order, outcome, note: typed.text("note") }.into())
}

pub(super) fn reopen(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    vec![typed.area("note", "arg-note")]
}

#[allow(clippy::unnecessary_wraps, reason = "all forms answer alike")]
pub(super) fn reopened(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    Some(OrderReopened { at, order, note: typed.text("note") }.into())
}
