//! The forms of what is noted: their fields, and the report each becomes.

mod kept;
mod moved;
mod seen;

use jiff::Timestamp;
use sigu_case::report::Report;
use sigu_case::{Order, OrderId};
use sigu_evidence::mask_text;

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
    ("promise.text", "text"),
    ("due_at", "due_at"),
    ("coverage.issuer", "issuer"),
    ("coverage.condition", "condition"),
    ("need.reason", "reason"),
    ("item.caption", "caption"),
    ("item.proves", "proves"),
    ("item.url", "url"),
    ("payment.payer", "payer"),
    ("proof", "proof"),
];

/// A form: its fields, and the report it becomes; `None` where a choice is missing, which is named beside its field.
pub(super) struct What {
    pub(super) code: &'static str,
    /// The usual choice in a field, where there is one.
    usual: &'static [(&'static str, &'static str)],
    fields: fn(&Typed<'_>, &Order) -> Vec<Field>,
    report: fn(&mut Typed<'_>, OrderId, Timestamp) -> Option<Report>,
}

/// What can be noted, the most usual first.
const ALL: [What; 18] = [
    What { code: "observe", usual: &[("place", "issuer")], fields: seen::observe, report: seen::observed },
    What { code: "problem", usual: &[], fields: seen::problem, report: seen::found },
    What { code: "claim", usual: &[], fields: seen::claim, report: seen::claimed },
    What { code: "payment", usual: &[], fields: seen::payment, report: seen::paid },
    What { code: "party", usual: &[("role", "merchant")], fields: seen::party, report: seen::named },
    What {
        code: "promise",
        usual: &[("place", "product_page")],
        fields: kept::promise,
        report: kept::promised,
    },
    What { code: "silence", usual: &[("body", "merchant")], fields: moved::silence, report: moved::silent },
    What { code: "step", usual: PLATFORM, fields: moved::step, report: moved::taken },
    What { code: "stage", usual: PLATFORM, fields: moved::stage, report: moved::staged },
    What { code: "decision", usual: PLATFORM, fields: moved::decision, report: moved::decided },
    What {
        code: "refund",
        usual: &[("destination", "original"), ("shown_by", "none")],
        fields: moved::refund,
        report: moved::refunded,
    },
    What { code: "describe", usual: &[], fields: kept::describe, report: kept::described },
    What { code: "waive", usual: &[], fields: kept::waive, report: kept::waived },
    What { code: "coverage", usual: &[], fields: kept::coverage, report: kept::covered },
    What { code: "kept", usual: &[], fields: kept::judge, report: kept::judged },
    What { code: "follow-up", usual: &[], fields: kept::follow_up, report: kept::followed },
    What { code: "followed", usual: &[], fields: kept::done, report: kept::came_back },
    What { code: "close", usual: &[], fields: moved::close, report: moved::closed },
];

/// What is noted of an order that is closed.
const REOPEN: What = What { code: "reopen", usual: &[], fields: moved::reopen, report: moved::reopened };

const PLATFORM: &[(&str, &str)] = &[("body", "platform")];
const CHOOSE: Option<&str> = Some("write-choose-one");

impl What {
    /// The forms of an order: to close it, or to open it again where it is closed.
    pub(super) fn all(order: &Order) -> impl Iterator<Item = &'static Self> {
        let closed = order.closed().is_some();
        let usual = ALL.iter().filter(move |one| !(closed && one.code == "close"));
        closed.then_some(&REOPEN).into_iter().chain(usual)
    }

    pub(super) fn of(code: &str) -> Option<&'static Self> {
        ALL.iter().chain([&REOPEN]).find(|what| what.code == code)
    }

    /// Puts the usual choices where nothing was typed.
    pub(super) fn suggest(&self, typed: &mut Typed<'_>) {
        self.usual.iter().for_each(|(name, value)| typed.suggest(name, *value));
    }

    pub(super) fn fields(&self, typed: &Typed<'_>, order: &Order) -> Vec<Field> {
        let mut fields = (self.fields)(typed, order);
        fields.push(typed.when("at", "note-at"));
        fields
    }

    pub(super) fn report(&self, typed: &mut Typed<'_>, order: OrderId, at: Timestamp) -> Option<Report> {
        (self.report)(typed, order, at)
    }
}

/// The evidence of an order to choose from, the newest first.
fn exhibits(order: &Order) -> Vec<(String, String)> {
    let kept = order.exhibits.iter().rev().filter_map(|one| Some((one, one.manifest()?)));
    kept.map(|(one, manifest)| {
        let name =
            manifest.masked.as_deref().or(manifest.file_name.as_deref()).unwrap_or(&manifest.media_type);
        (one.item.to_string(), format!("{} {}", one.item, mask_text(name)))
    })
    .collect()
}

/// The first words of what was said, to tell messages apart.
const SHORT: usize = 24;

/// The choice of what shows it: evidence, or something said.
fn proof_field(typed: &Typed<'_>, order: &Order) -> Field {
    let said = order.messages.iter().rev().map(|one| {
        let words: String = mask_text(one.text.as_deref().unwrap_or_default()).chars().take(SHORT).collect();
        (one.item.to_string(), format!("{} {words}", one.item))
    });
    typed.choice("proof", "note-proof", exhibits(order).into_iter().chain(said), Some("note-no-proof"))
}
