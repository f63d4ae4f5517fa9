//! What was seen, what is wrong and wanted, what was paid, who is who: the forms and their reports.

use jiff::Timestamp;
use sigu_case::claim::ClaimKind;
use sigu_case::report::{
    ClaimChosen, ObservationMade, Observed, PartyNamed, PayChannel, PaymentSeen, Place, ProblemFound, Report,
    Role,
};
use sigu_case::scenario::{Scenario, Table};
use sigu_case::{Order, OrderId};

use super::{CHOOSE, proof_field};
use crate::desk::form::{Field, Typed};

pub(super) fn observe(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Observed>("observed", "arg-observed", "observed", CHOOSE).must(),
        typed.coded::<Place>("place", "arg-seen-at", "at", None).must(),
        typed.area("text", "arg-words"),
        typed.when("since", "arg-since"),
        typed.number("count", "arg-count"),
        proof_field(typed, order),
    ]
}

pub(super) fn observed(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (text, since, count) = (typed.text("text"), typed.time("since"), typed.count("count"));
    let (state, place) = (typed.chosen("observed"), typed.chosen("place"));
    let report = ObservationMade {
        at,
        order,
        state: state?,
        place: place?,
        text,
        since,
        count,
        proof: typed.item("proof"),
    };
    Some(report.into())
}

pub(super) fn problem(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    let english = typed.words().english();
    let rows = Table::get().rows().iter().map(|row| {
        let (name, question) =
            if english { (&row.name.en, &row.question.en) } else { (&row.name.zh, &row.question.zh) };
        (row.code.code().to_owned(), format!("{name} · {question}"))
    });
    vec![
        typed.choice("scenario", "arg-scenario", rows, Some("note-not-sure")),
        typed.tick("fraud", "arg-fraud"),
        typed.tick("resale", "arg-resale"),
        typed.area("note", "arg-note"),
    ]
}

pub(super) fn found(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let scenario = typed.one::<Scenario>("scenario");
    let yes = |name| typed.ticked(name).then_some(true);
    let (fraud, resale) = (yes("fraud"), yes("resale"));
    Some(ProblemFound { at, order, scenario, fraud, resale, note: typed.text("note") }.into())
}

pub(super) fn claim(typed: &Typed<'_>, _order: &Order) -> Vec<Field> {
    let words = typed.words();
    let kinds =
        ClaimKind::ALL.iter().map(|kind| (kind.code().to_owned(), words.pick(&kind.text().name).to_owned()));
    vec![
        typed.choice("claim", "arg-claim", kinds, CHOOSE).must(),
        typed.money("amount", "arg-amount"),
        typed.line("basis", "arg-basis"),
    ]
}

pub(super) fn claimed(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (amount_fen, basis) = (typed.fen("amount"), typed.text("basis"));
    let kind = typed.chosen::<ClaimKind>("claim")?.code().to_owned();
    Some(ClaimChosen { at, order, kind, amount_fen, basis }.into())
}

pub(super) fn payment(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<PayChannel>("channel", "arg-channel", "pay", CHOOSE).must(),
        typed.line("txn", "arg-txn"),
        typed.line("merchant_order_no", "arg-voucher-order-no"),
        typed.line("payee", "arg-payee"),
        typed.line("payer", "arg-payer"),
        typed.money("amount", "arg-amount"),
        typed.line("product", "arg-product"),
        proof_field(typed, order),
    ]
}

pub(super) fn paid(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let amount_fen = typed.fen("amount");
    let report = PaymentSeen {
        at,
        order,
        channel: typed.chosen("channel")?,
        txn: typed.text("txn"),
        merchant_order_no: typed.text("merchant_order_no"),
        payee: typed.text("payee"),
        payer: typed.text("payer"),
        amount_fen,
        product: typed.text("product"),
        proof: typed.item("proof"),
    };
    Some(report.into())
}

pub(super) fn party(typed: &Typed<'_>, order: &Order) -> Vec<Field> {
    vec![
        typed.coded::<Role>("role", "arg-role", "role", None).must(),
        typed.line("name", "arg-shown-name"),
        typed.line("legal_name", "arg-legal-name"),
        typed.line("licence", "arg-licence"),
        typed.line("address", "arg-address"),
        typed.line("contact", "arg-contact"),
        proof_field(typed, order),
    ]
}

pub(super) fn named(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let report = PartyNamed {
        at,
        order,
        role: typed.chosen("role")?,
        name: typed.text("name"),
        legal_name: typed.text("legal_name"),
        address: typed.text("address"),
        contact: typed.text("contact"),
        licence: typed.text("licence"),
        proof: typed.item("proof"),
    };
    let all = [&report.name, &report.legal_name, &report.address, &report.contact, &report.licence];
    if all.iter().all(|one| one.is_none()) {
        typed.refuse("name", typed.words().word("note-party-empty"));
    }
    Some(report.into())
}
