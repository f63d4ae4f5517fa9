//! What a person types for each thing a history tells of.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sigu_case::claim::yuan;
use sigu_case::report::Report;
use sigu_case::{ItemId, OrderFacts};
use sigu_evidence::{ContentId, ItemManifest, Source};

/// Fields and what is typed into them.
pub(super) type Filling = Vec<(String, String)>;

/// A time as the browser's field has it.
pub(super) fn wall(at: Timestamp) -> String {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The manifest a history wants in order to place what is noted.
pub(super) fn manifest(text: &str) -> ItemManifest {
    ItemManifest {
        content: ContentId::of(text.as_bytes()),
        size: text.len() as u64,
        media_type: "text/plain".to_owned(),
        file_name: None,
        source: Source::File,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

/// Only what is known is typed.
fn typed(pairs: Vec<(&str, Option<String>)>) -> Filling {
    pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn yes_no(value: Option<bool>) -> Option<String> {
    value.map(|yes| if yes { "yes" } else { "no" }.to_owned())
}

fn tick(value: Option<bool>) -> Option<String> {
    value.filter(|yes| *yes).map(|_| "yes".to_owned())
}

/// What is typed when an order is opened, and what is added later.
pub(super) fn facts(known: &OrderFacts) -> (Filling, Filling) {
    let money = |fen: Option<i64>| fen.map(yuan);
    let time = |at: Option<Timestamp>| at.map(wall);
    let first = typed(vec![
        ("title", known.title.clone()),
        ("goods", known.goods.map(|kind| kind.code().to_owned())),
        ("order_no", known.order_no.clone()),
        ("amount", money(known.amount_fen)),
        ("merchant", known.merchant.clone()),
        ("platform", known.platform.clone()),
        ("paid_at", time(known.paid_at)),
        ("delivered_at", time(known.delivered_at)),
    ]);
    let later = typed(vec![
        ("profile", known.profile.clone()),
        ("status", known.status.clone()),
        ("quantity", known.quantity.map(|count| count.to_string())),
        ("unit_price", money(known.unit_fen)),
        ("charge_account", known.charge_account.clone()),
        ("internal_no", known.internal_no.clone()),
        ("escrow", yes_no(known.escrow)),
        ("created_at", time(known.created_at)),
        ("revealed_at", time(known.revealed_at)),
        ("credited_at", time(known.credited_at)),
        ("activated_at", time(known.activated_at)),
        ("handed_over_at", time(known.handed_over_at)),
        ("confirmed_at", time(known.confirmed_at)),
    ]);
    (first, later)
}

/// Which note a report is, and what is typed into it; `own` tells which item here is which of the history.
#[allow(clippy::too_many_lines, reason = "a table: one row for each kind")]
pub(super) fn note(report: &Report, own: &dyn Fn(ItemId) -> String) -> (&'static str, Filling) {
    let proof = |item: Option<ItemId>| item.map(own);
    let money = |fen: Option<i64>| fen.map(yuan);
    let code = |code: &str| Some(code.to_owned());
    let (what, pairs) = match report {
        Report::ObservationMade(one) => (
            "observe",
            vec![
                ("observed", code(one.state.code())),
                ("place", code(one.place.code())),
                ("text", one.text.clone()),
                ("since", one.since.map(wall)),
                ("count", one.count.map(|count| count.to_string())),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::ProblemFound(one) => (
            "problem",
            vec![
                ("scenario", one.scenario.map(|scenario| scenario.code().to_owned())),
                ("fraud", tick(one.fraud)),
                ("resale", tick(one.resale)),
                ("note", one.note.clone()),
            ],
        ),
        Report::PaymentSeen(one) => (
            "payment",
            vec![
                ("channel", code(one.channel.code())),
                ("txn", one.txn.clone()),
                ("merchant_order_no", one.merchant_order_no.clone()),
                ("payee", one.payee.clone()),
                ("payer", one.payer.clone()),
                ("amount", money(one.amount_fen)),
                ("product", one.product.clone()),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::PartyNamed(one) => (
            "party",
            vec![
                ("role", code(one.role.code())),
                ("name", one.name.clone()),
                ("legal_name", one.legal_name.clone()),
                ("licence", one.licence.clone()),
                ("address", one.address.clone()),
                ("contact", one.contact.clone()),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::PromiseMade(one) => (
            "promise",
            vec![
                ("text", code(&one.text)),
                ("kind", code(one.kind.code())),
                ("place", code(one.place.code())),
                ("due_at", one.due_at.map(wall)),
                ("proof", proof(one.proof)),
            ],
        ),
        other => return moved(other, own),
    };
    at(what, report, pairs)
}

#[allow(clippy::too_many_lines, reason = "a table: one row for each kind")]
fn moved(report: &Report, own: &dyn Fn(ItemId) -> String) -> (&'static str, Filling) {
    let proof = |item: Option<ItemId>| item.map(own);
    let money = |fen: Option<i64>| fen.map(yuan);
    let code = |code: &str| Some(code.to_owned());
    let (what, pairs) = match report {
        Report::SilenceNoted(one) => ("silence", vec![("body", code(one.body.code()))]),
        Report::StepTaken(one) => (
            "step",
            vec![
                ("body", code(one.body.code())),
                ("category", one.category.clone()),
                ("reference", one.reference.clone()),
                ("amount", money(one.claim_fen)),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::StepMoved(one) => (
            "stage",
            vec![
                ("body", code(one.body.code())),
                ("stage", code(one.stage.code())),
                ("note", one.note.clone()),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::DecisionMade(one) => (
            "decision",
            vec![
                ("verdict", code(one.verdict.code())),
                ("body", code(one.body.code())),
                ("text", one.text.clone()),
                ("amount", money(one.refund_fen)),
                ("by_machine", tick(one.by_machine)),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::RefundSeen(one) => (
            "refund",
            vec![
                ("refund", code(one.state.code())),
                ("amount", money(one.amount_fen)),
                ("destination", code(one.destination.code())),
                ("shown_by", code(one.shown_by.code())),
                ("body", one.body.map(|body| body.code().to_owned())),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::CoverageBought(one) => (
            "coverage",
            vec![
                ("issuer", code(&one.issuer)),
                ("fee", money(one.fee_fen)),
                ("days", one.period_days.map(|days| days.to_string())),
                ("claim_within", one.claim_within_h.map(|hours| hours.to_string())),
                ("condition", one.condition.clone()),
                ("proof", proof(one.proof)),
            ],
        ),
        Report::OrderClosed(one) => {
            ("close", vec![("outcome", code(one.outcome.code())), ("note", one.note.clone())])
        }
        Report::ItemDescribed(one) => {
            let mut pairs = vec![
                ("item", Some(own(one.item))),
                ("caption", one.caption.clone()),
                ("proves", one.proves.clone()),
                ("form", one.form.map(|form| form.code().to_owned())),
                ("url", one.url.clone()),
                ("own_account", yes_no(one.own_account)),
                ("original_kept", yes_no(one.original_kept)),
                ("continuous", yes_no(one.continuous)),
                ("lawful", yes_no(one.lawful)),
            ];
            pairs.extend(one.parts.iter().map(|part| (part.code(), Some("yes".to_owned()))));
            ("describe", pairs)
        }
        other => panic!("no note for {other:?}"),
    };
    at(what, report, pairs)
}

/// With the time it happened at.
fn at(
    what: &'static str,
    report: &Report,
    mut pairs: Vec<(&str, Option<String>)>,
) -> (&'static str, Filling) {
    pairs.push(("at", Some(wall(report.at()))));
    (what, typed(pairs))
}
