//! What goes into the fields of a form, by the codes of `ladder.toml`.

use sigu_case::advice::Dispute;
use sigu_case::claim::{Claim, yuan};
use sigu_case::report::{PartyNamed, PayChannel, PaymentSeen, Role};

use crate::draft::Draft;
use crate::times;

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// What the case knows.
    Known(String),
    /// The case could know it and does not.
    Unknown,
    /// It stands below, in its parts, or goes along as a file.
    Elsewhere,
    /// The user's own to give where the form is handed in; it is never kept here.
    ByUser,
}

/// What fields are filled from.
pub(super) struct Values<'a> {
    pub(super) dispute: &'a Dispute,
    pub(super) claim: &'a Claim,
}

impl Values<'_> {
    /// Returns the value of the field of that code.
    pub(super) fn of(&self, draft: &Draft<'_>, code: &str) -> Value {
        let known = self.order(draft, code).or_else(|| party(draft, code)).or_else(|| payment(draft, code));
        known.unwrap_or(Value::ByUser)
    }

    fn order(&self, draft: &Draft<'_>, code: &str) -> Option<Value> {
        let facts = &draft.case.view.order.facts;
        let value = match code {
            "order_no" => facts.order_no.clone(),
            "paid_at" | "purchase_time" => facts.paid_at.or(facts.created_at).map(times::second),
            "amount" => facts.amount_fen.map(|fen| draft.say("money", &[("yuan", &yuan(fen))])),
            "purchase_place" => facts.platform.clone(),
            "purchase_content" => facts.title.clone(),
            "demand" | "request" => Some(draft.words.pick(&self.claim.sentence()).to_owned()),
            "category" => {
                self.dispute.category.on_platform.as_ref().map(|own| draft.words.pick(&own.name).to_owned())
            }
            "statement"
            | "dispute_facts"
            | "lead"
            | "detail_300"
            | "reason"
            | "problem"
            | "pictures"
            | "chat_record"
            | "evidence_package"
            | "platform_decision"
            | "human_review_request" => {
                return Some(Value::Elsewhere);
            }
            _ => return None,
        };
        Some(value.map_or(Value::Unknown, Value::Known))
    }
}

/// Fields that name somebody: `<who>_<what>`.
fn party(draft: &Draft<'_>, code: &str) -> Option<Value> {
    let (who, what) = code.rsplit_once('_')?;
    let role = match who {
        "complainant" | "reporter" => Role::Buyer,
        "respondent" | "reported" => Role::Merchant,
        _ => return None,
    };
    let party = draft.case.view.party(role);
    let value = match what {
        "name" => name(draft, role),
        "address" => party.and_then(|one| one.address.clone()),
        "phone" => party.and_then(|one| one.contact.clone()),
        _ => return None,
    };
    Some(value.map_or(if role == Role::Buyer { Value::ByUser } else { Value::Unknown }, Value::Known))
}

/// Returns the name of a party: the registered one, else the one shown.
pub(super) fn name(draft: &Draft<'_>, role: Role) -> Option<String> {
    let party = draft.case.view.party(role);
    let shown = |one: &PartyNamed| one.legal_name.clone().or_else(|| one.name.clone());
    let merchant = || draft.case.view.order.facts.merchant.clone().filter(|_| role == Role::Merchant);
    party.and_then(shown).or_else(merchant)
}

fn payment(draft: &Draft<'_>, code: &str) -> Option<Value> {
    let payments = draft.case.view.told::<PaymentSeen>();
    let of = |channel: Option<PayChannel>| {
        payments.iter().rev().map(|(_, one, _)| *one).find(|one| channel.is_none_or(|via| one.channel == via))
    };
    let value = match code {
        "wechat_transaction_id" => of(Some(PayChannel::WechatPay)).and_then(|one| one.txn.clone()),
        "alipay_trade_no" => of(Some(PayChannel::Alipay)).and_then(|one| one.txn.clone()),
        "transaction_id" => of(None).and_then(|one| one.txn.clone()),
        "merchant_order_no" => of(None).and_then(|one| one.merchant_order_no.clone()),
        "payee_merchant" | "payee_name" | "payee_account" => of(None).and_then(|one| one.payee.clone()),
        _ => return None,
    };
    Some(value.map_or(Value::Unknown, Value::Known))
}
