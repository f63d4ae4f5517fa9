//! What does not fit together in an input, or between it and what the case knows.

use serde::Serialize;

use super::delivery::Counts;
use super::{
    Agreement, Delivery, DeliverySense, Field, Form, Hints, OrderNumber, OrderState, Reading, SystemGuess,
    Value, field, names_match, state, table, time, value,
};

/// Which two things contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionCode {
    /// The status says delivered, the content only stands in for a card (D10).
    StatusPayload,
    /// The time inside the order number is more than five minutes from the page's (2.3).
    DecodedTime,
    /// The money went to another name than the merchant's (2.8).
    PayeeMismatch,
    /// The amount is another than the case's, or than the voucher's.
    AmountMismatch,
    /// More or fewer cards than were bought.
    QuantityMismatch,
    /// The word shown is not what the code behind it means (2.2.7).
    LabelMismatch,
    /// The order number is another than the case's.
    OrderNoMismatch,
    /// The product's name is another than the case's.
    ProductMismatch,
}

/// One side of a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// What it is: a field's name, or `case.` and one for what the case knows.
    pub what: String,
    /// Its value, secrets masked.
    pub shown: String,
}

/// Two values that cannot both be right, or that a reader must explain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Which kind.
    pub code: ContradictionCode,
    /// What the input says first.
    pub left: Side,
    /// What stands against it.
    pub right: Side,
}

/// What contradictions are looked for in.
pub(super) struct Facts<'a> {
    pub(super) form: Form,
    pub(super) systems: &'a [SystemGuess],
    pub(super) fields: &'a [Reading],
    pub(super) numbers: &'a [OrderNumber],
    pub(super) delivery: Option<&'a Delivery>,
    pub(super) counts: &'a Counts,
    pub(super) state: Option<OrderState>,
    pub(super) hints: &'a Hints,
}

fn side(what: &str, shown: impl Into<String>) -> Side {
    Side { what: what.to_owned(), shown: sigu_evidence::mask_text(&shown.into()) }
}

/// Finds every contradiction.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Contradiction> {
    let mut found = Vec::new();
    found.extend(facts.status_payload());
    found.extend(facts.decoded_time());
    found.extend(facts.payee());
    found.extend(facts.amount());
    found.extend(facts.order_no());
    found.extend(facts.product());
    found.extend(facts.quantity());
    found.extend(facts.labels());
    found
}

impl Facts<'_> {
    fn best(&self, field: Field) -> Option<&Value> {
        field::best(self.fields, field).map(|one| &one.value).filter(|value| value.is_read())
    }

    fn text(&self, field: Field) -> Option<&str> {
        match self.best(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn status_payload(&self) -> Option<Contradiction> {
        let delivery = self.delivery.filter(|one| one.sense == DeliverySense::Placeholder)?;
        let says_delivered =
            |state: OrderState| matches!(state, OrderState::Delivered | OrderState::Completed);
        let shown = self.fields.iter().find_map(|one| match &one.value {
            Value::Status { state, shown } if says_delivered(*state) => Some(shown.as_str()),
            _ => None,
        });
        let placeholder = delivery.placeholder.as_ref()?;
        Some(Contradiction {
            code: ContradictionCode::StatusPayload,
            left: side("status", shown.filter(|_| self.state.is_some())?),
            right: side("delivered", placeholder.excerpt.as_str()),
        })
    }

    fn decoded_time(&self) -> Vec<Contradiction> {
        let of_number = |number: &OrderNumber| {
            // A number that also fits a system whose time agrees is that system's.
            let decoded = number.systems.iter().filter_map(|fit| fit.decoded.as_ref());
            let mut against = decoded.clone().filter(|one| one.agreement == Agreement::Contradicts);
            let agrees = decoded.clone().any(|one| one.agreement != Agreement::Contradicts);
            let first = against.next().filter(|_| !agrees)?;
            Some(Contradiction {
                code: ContradictionCode::DecodedTime,
                left: side("order_no", wall(first.moment.at)),
                right: side("page", wall(first.compared_with?.at)),
            })
        };
        let labelled = self.numbers.iter().filter(|number| number.label.is_some());
        labelled.filter_map(of_number).collect()
    }

    fn payee(&self) -> Option<Contradiction> {
        let payee = self.text(Field::Payee).map(|text| ("payee", text));
        let payee = payee.or(self.hints.payee.as_deref().map(|text| ("case.payee", text)))?;
        let hinted = self.hints.merchant.as_deref().map(|text| ("case.merchant", text));
        let merchant = hinted.or_else(|| self.text(Field::MerchantId).map(|text| ("merchant_id", text)))?;
        let is_name = |text: &str| text.chars().any(|c| c.is_alphabetic());
        if !is_name(payee.1) || !is_name(merchant.1) || names_match(payee.1, merchant.1) {
            return None;
        }
        Some(Contradiction {
            code: ContradictionCode::PayeeMismatch,
            left: side(payee.0, payee.1),
            right: side(merchant.0, merchant.1),
        })
    }

    fn amount(&self) -> Option<Contradiction> {
        let Some(Value::AmountFen(found)) = self.best(Field::AmountPaid) else { return None };
        let known = self.hints.amount_fen.filter(|known| known != found)?;
        let voucher = matches!(self.form, Form::VoucherWechat | Form::VoucherAlipay);
        Some(Contradiction {
            code: ContradictionCode::AmountMismatch,
            left: side(if voucher { "voucher.amount_paid" } else { "amount_paid" }, value::yuan(*found)),
            right: side("case.amount_paid", value::yuan(known)),
        })
    }

    fn order_no(&self) -> Option<Contradiction> {
        let known = self.hints.order_no.as_deref()?;
        let found = self.text(Field::OrderNo)?;
        let readings = self.fields.iter().filter(|one| one.field == Field::OrderNo);
        let named = readings.clone().any(|one| one.value == Value::Text(known.to_owned()));
        (!named).then(|| Contradiction {
            code: ContradictionCode::OrderNoMismatch,
            left: Side { what: "order_no".to_owned(), shown: found.to_owned() },
            right: Side { what: "case.order_no".to_owned(), shown: known.to_owned() },
        })
    }

    /// A name that holds the other (`… x 1`) is the same product.
    fn product(&self) -> Option<Contradiction> {
        let (found, known) = (self.text(Field::ProductName)?, self.hints.product.as_deref()?);
        let (left, right) = (table::fold(found), table::fold(known));
        let same = left.contains(&right) || right.contains(&left);
        (!same).then(|| Contradiction {
            code: ContradictionCode::ProductMismatch,
            left: side("product_name", found),
            right: side("case.product_name", known),
        })
    }

    fn quantity(&self) -> Option<Contradiction> {
        let found = match self.best(Field::Quantity) {
            Some(Value::Quantity(count)) => Some(("quantity", *count)),
            _ => None,
        };
        let counted = self.counts.bought.map(|count| ("page.bought", count));
        let bought = counted.or(found).or(self.hints.quantity.map(|count| ("case.quantity", count)))?;
        let cards = self.delivery.filter(|one| one.sense == DeliverySense::Cards && !one.truncated);
        let cards = cards.and_then(|one| u32::try_from(one.count + one.repeated).ok());
        let delivered = cards.map(|count| ("delivered.count", count));
        let delivered = delivered.or(self.counts.delivered.map(|count| ("page.delivered", count)))?;
        (bought.1 != delivered.1).then(|| Contradiction {
            code: ContradictionCode::QuantityMismatch,
            left: side(bought.0, bought.1.to_string()),
            right: side(delivered.0, delivered.1.to_string()),
        })
    }

    /// Compares codes of an answer with the words shown beside them.
    fn labels(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        found.extend(self.complaint_label());
        for field in [Field::Status, Field::DeliveryStatus] {
            found.extend(self.status_label(field));
        }
        found
    }

    fn shown_words(&self, field: Field) -> (Option<&str>, Option<&str>) {
        let of_field = self.fields.iter().filter(|one| one.field == field);
        let shown: Vec<&str> = of_field
            .filter_map(|one| match &one.value {
                Value::Status { shown, .. } if !shown.is_empty() => Some(shown.as_str()),
                _ => None,
            })
            .collect();
        let is_code = |text: &&&str| text.parse::<i64>().is_ok();
        (shown.iter().find(is_code).copied(), shown.iter().find(|text| !is_code(text)).copied())
    }

    fn complaint_label(&self) -> Option<Contradiction> {
        let (Some(code), Some(shown)) = self.shown_words(Field::ComplaintStatus) else { return None };
        let number = code.parse().ok()?;
        let known = self.systems.iter().find_map(|guess| state::complaint(&guess.id, number))?;
        if known.shown.iter().any(|word| shown.contains(word.as_str())) {
            return None;
        }
        Some(Contradiction {
            code: ContradictionCode::LabelMismatch,
            left: side("complaint_status", format!("{code} {}", known.means)),
            right: side("shown", shown),
        })
    }

    fn status_label(&self, field: Field) -> Option<Contradiction> {
        let (Some(code), Some(shown)) = self.shown_words(field) else { return None };
        let system = self.systems.first().map(|guess| guess.id.as_str());
        let (coded, worded) = (state::read(field, code, system), state::read(field, shown, None));
        let refunds = [OrderState::RefundedToBalance, OrderState::RefundedClaimed];
        let same = coded == worded || (refunds.contains(&coded) && refunds.contains(&worded));
        if same || coded == OrderState::Unknown || worded == OrderState::Unknown {
            return None;
        }
        Some(Contradiction {
            code: ContradictionCode::LabelMismatch,
            left: side("status", code),
            right: side("shown", shown),
        })
    }
}

fn wall(at: jiff::Timestamp) -> String {
    time::SHANGHAI.to_datetime(at).to_string()
}
