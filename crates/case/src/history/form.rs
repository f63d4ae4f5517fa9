//! The form of a history as YAML: fields, and the line each stands on.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use super::{HistoryError, HistoryProblem};

/// A text with its line.
pub(super) type Text = Spanned<String>;

/// One case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseForm {
    pub(super) id: Text,
    pub(super) title: Option<Text>,
    pub(super) shop: Option<Shop>,
    pub(super) goods: Option<Goods>,
    pub(super) order: Option<OrderForm>,
    pub(super) payment: Option<Payment>,
    #[serde(default)]
    pub(super) promise: Vec<Text>,
    pub(super) delivery: Option<Delivery>,
    #[serde(default)]
    pub(super) evidence: Vec<EvidenceForm>,
    #[serde(default)]
    pub(super) chat: Vec<ChatForm>,
    #[serde(default)]
    pub(super) events: Vec<EventForm>,
    pub(super) coverage: Option<CoverageForm>,
    pub(super) outcome: Option<Text>,
    /// What the case should come out as: for tests, read by nobody here.
    #[serde(default, rename = "expect")]
    pub(super) _expect: Option<IgnoredAny>,
}

/// The shop.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shop {
    pub(super) name: Option<Text>,
    pub(super) merchant: Option<Text>,
    pub(super) host: Option<Text>,
    pub(super) system: Option<Text>,
    #[serde(rename = "type")]
    pub(super) kind: Option<Text>,
    pub(super) legal_name: Option<Text>,
    pub(super) contact: Option<Text>,
    pub(super) rule: Option<Text>,
    pub(super) escrow: Option<bool>,
    pub(super) appeal_window: Option<Text>,
    pub(super) complaint_sla_h: Option<u32>,
    #[serde(rename = "theme")]
    pub(super) _theme: Option<Text>,
}

/// The goods.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goods {
    pub(super) kind: Option<Text>,
    pub(super) name: Option<Text>,
    pub(super) qty: Option<u32>,
    pub(super) unit: Option<Text>,
    pub(super) charge_account: Option<Text>,
}

/// The order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderForm {
    pub(super) no: Option<Text>,
    pub(super) internal_id: Option<Text>,
    pub(super) created: Option<Text>,
    pub(super) paid: Option<Text>,
    pub(super) delivered: Option<Text>,
    pub(super) credited: Option<Text>,
    pub(super) rebind_done: Option<Text>,
    pub(super) confirmed: Option<Text>,
    pub(super) amount: Option<Text>,
    pub(super) status_text: Option<Text>,
    pub(super) secret_text: Option<Text>,
}

/// The payment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payment {
    pub(super) channel: Option<Text>,
    pub(super) txn: Option<Text>,
    pub(super) payee: Option<Text>,
    pub(super) payer: Option<Text>,
    pub(super) amount: Option<Text>,
    pub(super) at: Option<Text>,
    pub(super) product: Option<Text>,
}

/// What happened with what was delivered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivery {
    pub(super) activated: Option<Text>,
    pub(super) first_state: Option<Text>,
    pub(super) seen_expired: Option<Text>,
    pub(super) revealed: Option<Text>,
    pub(super) redeem_try: Option<Text>,
    pub(super) issuer_message: Option<Text>,
}

/// A piece of evidence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceForm {
    pub(super) at: Text,
    pub(super) what: Text,
    pub(super) text: Option<Text>,
    pub(super) file: Option<Text>,
    pub(super) url: Option<Text>,
}

/// A line of dialogue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatForm {
    pub(super) at: Text,
    pub(super) dir: Text,
    pub(super) ch: Text,
    pub(super) text: Text,
    pub(super) sense: Option<Text>,
    pub(super) due: Option<Text>,
}

/// Something that happened.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventForm {
    pub(super) at: Text,
    pub(super) what: Text,
    pub(super) amount: Option<Text>,
    pub(super) proof: Option<Text>,
    pub(super) form_type: Option<Text>,
    pub(super) result: Option<Text>,
    pub(super) reference: Option<Text>,
    pub(super) text: Option<Text>,
    pub(super) refund_to_balance: Option<Text>,
    pub(super) by_machine: Option<bool>,
}

/// A coverage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoverageForm {
    pub(super) issuer: Text,
    pub(super) fee: Option<Text>,
    pub(super) period_days: Option<u32>,
    pub(super) claim_within_h: Option<u32>,
    pub(super) condition: Option<Text>,
}

/// Reads one case or a list of them.
pub(super) fn read(text: &str) -> Result<Vec<CaseForm>, HistoryError> {
    let options = || {
        serde_saphyr::options! {
            budget: None,
            merge_keys: serde_saphyr::MergeKeyPolicy::Error,
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        }
    };
    let fault = |error: serde_saphyr::Error| HistoryError {
        line: error.location().map_or(0, |location| location.line()),
        field: String::new(),
        problem: HistoryProblem::Form(first_line(&error.to_string())),
    };
    if is_list(text) {
        serde_saphyr::from_str_with_options(text, options()).map_err(fault)
    } else {
        serde_saphyr::from_str_with_options(text, options()).map(|case| vec![case]).map_err(fault)
    }
}

/// Tells a list of cases from one case by the first thing that is no comment.
fn is_list(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim_start)
        .find(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("---"));
    first.is_some_and(|line| line.starts_with("- ") || line.trim_end() == "-" || line.starts_with('['))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
