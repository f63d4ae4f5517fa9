//! The forms of what is noted: their fields, and the report each becomes.

use jiff::Timestamp;
use sigu_case::OrderId;
use sigu_case::claim::ClaimKind;
use sigu_case::report::{
    Body, ClaimChosen, DecisionMade, Destination, ObservationMade, Observed, OrderClosed, Outcome,
    PartyNamed, PayChannel, PaymentSeen, Place, ProblemFound, RefundProof, RefundSeen, RefundState, Report,
    Role, StepTaken, Verdict,
};
use sigu_case::scenario::{Scenario, Table};

use crate::desk::form::{Field, Typed};

/// The names fields have in the log, and those they have here.
pub(super) const NAMED: &[(&str, &str)] = &[
    ("happened_at", "at"),
    ("note", "note"),
    ("observed.text", "text"),
    ("observed.since", "since"),
    ("party.name", "name"),
    ("party.legal_name", "legal_name"),
    ("party.licence", "licence"),
    ("party.contact", "contact"),
    ("payment.txn", "txn"),
    ("payment.payee", "payee"),
    ("payment.product", "product"),
    ("claim.basis", "basis"),
    ("step.category", "category"),
    ("step.reference", "reference"),
    ("decision.text", "text"),
];

/// What can be noted, the most usual first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Observe,
    Problem,
    Claim,
    Payment,
    Party,
    Step,
    Decision,
    Refund,
    Close,
}

impl What {
    pub(super) const ALL: [Self; 9] = [
        Self::Observe,
        Self::Problem,
        Self::Claim,
        Self::Payment,
        Self::Party,
        Self::Step,
        Self::Decision,
        Self::Refund,
        Self::Close,
    ];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Problem => "problem",
            Self::Claim => "claim",
            Self::Payment => "payment",
            Self::Party => "party",
            Self::Step => "step",
            Self::Decision => "decision",
            Self::Refund => "refund",
            Self::Close => "close",
        }
    }

    pub(super) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.code() == code)
    }

    /// The usual choice, where there is one.
    pub(super) fn suggest(self, typed: &mut Typed<'_>) {
        let usual: &[(&str, &str)] = match self {
            Self::Observe => &[("place", "issuer")],
            Self::Party => &[("role", "merchant")],
            Self::Step | Self::Decision => &[("body", "platform")],
            Self::Refund => &[("destination", "original"), ("shown_by", "none")],
            Self::Problem | Self::Claim | Self::Payment | Self::Close => &[],
        };
        usual.iter().for_each(|(name, value)| typed.suggest(name, *value));
    }

    pub(super) fn fields(self, typed: &Typed<'_>) -> Vec<Field> {
        let mut fields = match self {
            Self::Observe => observe(typed),
            Self::Problem => problem(typed),
            Self::Claim => claim(typed),
            Self::Payment => payment(typed),
            Self::Party => party(typed),
            Self::Step => step(typed),
            Self::Decision => decision(typed),
            Self::Refund => refund(typed),
            Self::Close => vec![
                typed.coded::<Outcome>("outcome", "arg-outcome", "outcome", CHOOSE).must(),
                typed.area("note", "arg-note"),
            ],
        };
        fields.push(typed.when("at", "note-at"));
        fields
    }

    /// The report; `None` where a choice is missing, which is named beside its field then.
    pub(super) fn report(self, typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
        match self {
            Self::Observe => observed(typed, order, at),
            Self::Problem => found(typed, order, at),
            Self::Claim => claimed(typed, order, at),
            Self::Payment => paid(typed, order, at),
            Self::Party => named(typed, order, at),
            Self::Step => taken(typed, order, at),
            Self::Decision => decided(typed, order, at),
            Self::Refund => refunded(typed, order, at),
            Self::Close => {
                let outcome = typed.chosen("outcome")?;
                Some(OrderClosed { at, order, outcome, note: typed.text("note") }.into())
            }
        }
    }
}

const CHOOSE: Option<&str> = Some("write-choose-one");

fn observe(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.coded::<Observed>("observed", "arg-observed", "observed", CHOOSE).must(),
        typed.coded::<Place>("place", "arg-seen-at", "at", None).must(),
        typed.area("text", "arg-words"),
        typed.when("since", "arg-since"),
        typed.number("count", "arg-count"),
    ]
}

fn observed(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (text, since, count) = (typed.text("text"), typed.time("since"), typed.count("count"));
    let (state, place) = (typed.chosen("observed"), typed.chosen("place"));
    let report = ObservationMade { at, order, state: state?, place: place?, text, since, count, proof: None };
    Some(report.into())
}

fn problem(typed: &Typed<'_>) -> Vec<Field> {
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

fn found(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let scenario = typed.one::<Scenario>("scenario");
    let yes = |name| typed.ticked(name).then_some(true);
    let (fraud, resale) = (yes("fraud"), yes("resale"));
    Some(ProblemFound { at, order, scenario, fraud, resale, note: typed.text("note") }.into())
}

fn claim(typed: &Typed<'_>) -> Vec<Field> {
    let words = typed.words();
    let kinds =
        ClaimKind::ALL.iter().map(|kind| (kind.code().to_owned(), words.pick(&kind.text().name).to_owned()));
    vec![
        typed.choice("claim", "arg-claim", kinds, CHOOSE).must(),
        typed.money("amount", "arg-amount"),
        typed.line("basis", "arg-basis"),
    ]
}

fn claimed(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let (amount_fen, basis) = (typed.fen("amount"), typed.text("basis"));
    let kind = typed.chosen::<ClaimKind>("claim")?.code().to_owned();
    Some(ClaimChosen { at, order, kind, amount_fen, basis }.into())
}

fn payment(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.coded::<PayChannel>("channel", "arg-channel", "pay", CHOOSE).must(),
        typed.line("txn", "arg-txn"),
        typed.line("merchant_order_no", "arg-voucher-order-no"),
        typed.line("payee", "arg-payee"),
        typed.money("amount", "arg-amount"),
        typed.line("product", "arg-product"),
    ]
}

fn paid(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let amount_fen = typed.fen("amount");
    let report = PaymentSeen {
        at,
        order,
        channel: typed.chosen("channel")?,
        txn: typed.text("txn"),
        merchant_order_no: typed.text("merchant_order_no"),
        payee: typed.text("payee"),
        payer: None,
        amount_fen,
        product: typed.text("product"),
        proof: None,
    };
    Some(report.into())
}

fn party(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.coded::<Role>("role", "arg-role", "role", None).must(),
        typed.line("name", "arg-shown-name"),
        typed.line("legal_name", "arg-legal-name"),
        typed.line("licence", "arg-licence"),
        typed.line("address", "arg-address"),
        typed.line("contact", "arg-contact"),
    ]
}

fn named(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let report = PartyNamed {
        at,
        order,
        role: typed.chosen("role")?,
        name: typed.text("name"),
        legal_name: typed.text("legal_name"),
        address: typed.text("address"),
        contact: typed.text("contact"),
        licence: typed.text("licence"),
        proof: None,
    };
    let all = [&report.name, &report.legal_name, &report.address, &report.contact, &report.licence];
    if all.iter().all(|one| one.is_none()) {
        typed.refuse("name", typed.words().word("note-party-empty"));
    }
    Some(report.into())
}

fn step(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.coded::<Body>("body", "arg-body", "body", None).must(),
        typed.line("reference", "arg-reference"),
        typed.line("category", "arg-category"),
        typed.money("amount", "note-claimed"),
    ]
}

fn taken(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let claim_fen = typed.fen("amount");
    let (body, category, reference) =
        (typed.chosen("body")?, typed.text("category"), typed.text("reference"));
    Some(StepTaken { at, order, body, category, reference, claim_fen, proof: None }.into())
}

fn decision(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.coded::<Verdict>("verdict", "arg-verdict", "decided", CHOOSE).must(),
        typed.coded::<Body>("body", "arg-body", "body", None).must(),
        typed.area("text", "arg-words"),
        typed.money("amount", "note-awarded"),
        typed.tick("by_machine", "arg-by-machine"),
    ]
}

fn decided(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let refund_fen = typed.fen("amount");
    let (verdict, body) = (typed.chosen("verdict"), typed.chosen("body"));
    let by_machine = typed.ticked("by_machine").then_some(true);
    let text = typed.text("text");
    let (verdict, body) = (verdict?, body?);
    Some(DecisionMade { at, order, body, verdict, text, by_machine, refund_fen, proof: None }.into())
}

fn refund(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.coded::<RefundState>("refund", "arg-refund", "refund", CHOOSE).must(),
        typed.money("amount", "arg-amount"),
        typed.coded::<Destination>("destination", "arg-destination", "to", None).must(),
        typed.coded::<RefundProof>("shown_by", "arg-shown-by", "shown", None).must(),
    ]
}

fn refunded(typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
    let amount_fen = typed.fen("amount");
    let (state, to, by) = (typed.chosen("refund"), typed.chosen("destination"), typed.chosen("shown_by"));
    let (state, destination, shown_by) = (state?, to?, by?);
    Some(RefundSeen { at, order, amount_fen, state, destination, shown_by, body: None, proof: None }.into())
}
