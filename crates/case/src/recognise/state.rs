//! An order's state: the words and codes of each system, and what several of them mean together.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::delivery::Counts;
use super::{Field, Reading, Value, table};

/// Canonical states, in the order an order goes through them (domain dossier 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// An empty cell or a word not in the tables: possibly abnormal (the hyper theme shows 异常 as nothing).
    Unknown,
    /// 待支付
    Unpaid,
    /// 已支付, not delivered yet.
    PaidPendingDelivery,
    /// 处理中
    Processing,
    /// Some of what was bought is delivered.
    PartiallyDelivered,
    /// 已发货, as the site says.
    Delivered,
    /// 已完成, as the site says.
    Completed,
    /// 已关闭, 已过期, 已取消.
    Closed,
    /// 失败
    Failed,
    /// 异常
    Abnormal,
    /// 待退款
    RefundPending,
    /// Refunded to the site's balance: no refund of the money (D9).
    RefundedToBalance,
    /// The site says it refunded; only the payment side proves it (D9).
    RefundedClaimed,
}

#[derive(Deserialize)]
struct Table {
    /// Words that may stand before a state's.
    leads: Vec<String>,
    state: Vec<Row>,
    complaint: Vec<Complaint>,
}

#[derive(Deserialize)]
struct Row {
    state: OrderState,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    codes: Vec<String>,
}

#[derive(Deserialize)]
struct Complaint {
    system: String,
    code: i64,
    means: String,
    shown: Vec<String>,
}

static STATES: LazyLock<Table> =
    LazyLock::new(|| table::parse(include_str!("../../data/recognise/states.toml")));

/// Reads a state from a page's words or an answer's code; anything unknown is `Unknown`.
pub(super) fn read(field: Field, text: &str, system: Option<&str>) -> OrderState {
    if text.parse::<i64>().is_ok() {
        return system.and_then(|system| code(field, text, system)).unwrap_or(OrderState::Unknown);
    }
    let steps = text.split(['/', '→', '|', ',', '，', '、', '\n']);
    let known = steps.filter_map(word);
    known.max().or_else(|| word(text)).unwrap_or(OrderState::Unknown)
}

fn code(field: Field, text: &str, system: &str) -> Option<OrderState> {
    let name = if field == Field::DeliveryStatus { "delivery_status" } else { "status" };
    let code = format!("{system}:{name}:{text}");
    STATES.state.iter().find(|row| row.codes.contains(&code)).map(|row| row.state)
}

fn word(text: &str) -> Option<OrderState> {
    let text = table::fold(text);
    let find = |fits: &dyn Fn(&str) -> bool| {
        STATES
            .state
            .iter()
            .find(|row| row.words.iter().any(|word| fits(&table::fold(word))))
            .map(|row| row.state)
    };
    if text.is_empty() {
        return None;
    }
    find(&|word| text == word).or_else(|| find(&|word| text.contains(word)))
}

/// The order's state from all that the input shows of it; `None` if it shows nothing of a state.
pub(super) fn overall(fields: &[Reading], counts: &Counts) -> Option<OrderState> {
    let partial = counts.delivered.zip(counts.bought).filter(|(delivered, bought)| delivered < bought);
    if partial.is_some_and(|(delivered, _)| delivered > 0) {
        return Some(OrderState::PartiallyDelivered);
    }
    let highest = |field: Field| {
        let states = fields.iter().filter(|one| one.field == field).filter_map(|one| match &one.value {
            Value::Status { state, shown } => Some((*state, shown.parse::<i64>().is_ok())),
            _ => None,
        });
        // A code that may be another system's says less than the words beside it.
        let worded = states.clone().filter(|(state, code)| !code && *state != OrderState::Unknown);
        worded.max().or_else(|| states.max()).map(|(state, _)| state)
    };
    let (order, delivery) = (highest(Field::Status), highest(Field::DeliveryStatus));
    // Not delivered yet says nothing of the payment.
    let waits = delivery == Some(OrderState::PaidPendingDelivery);
    if waits && matches!(order, Some(OrderState::Unpaid | OrderState::Closed)) {
        order
    } else {
        order.max(delivery)
    }
}

/// Reads a text that is a state's word and nothing else.
pub(super) fn exact(text: &str) -> Option<OrderState> {
    static WORDS: LazyLock<HashMap<String, OrderState>> = LazyLock::new(|| {
        let rows = STATES.state.iter().rev();
        rows.flat_map(|row| row.words.iter().map(|word| (table::fold(word), row.state))).collect()
    });
    let text = table::fold(text);
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && !"()".contains(c));
    let find = |word: &str| WORDS.get(word.trim_end_matches('了')).copied();
    let mut rest = text;
    for _ in 0..4 {
        if let found @ Some(_) = find(rest) {
            return found;
        }
        rest = STATES.leads.iter().find_map(|lead| rest.strip_prefix(lead.as_str()))?;
    }
    None
}

/// Reads the state a short text begins with: `订单已关闭：超时未付款`, `支付成功，卡密如下`.
pub(super) fn leading(text: &str) -> Option<OrderState> {
    exact(text).or_else(|| {
        let clause =
            text.split(|c: char| "，,。！!：:；;（(…~～".contains(c)).find(|one| !one.trim().is_empty())?;
        exact(clause.trim())
    })
}

/// What a complaint's code means and the words a page may show for it.
pub(super) struct ComplaintState {
    pub(super) means: &'static str,
    pub(super) shown: &'static [String],
}

/// Finds a complaint's code in a system's table.
pub(super) fn complaint(system: &str, code: i64) -> Option<ComplaintState> {
    let row = STATES.complaint.iter().find(|row| row.system == system && row.code == code)?;
    Some(ComplaintState { means: &row.means, shown: &row.shown })
}
