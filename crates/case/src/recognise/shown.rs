//! The last look before readings leave: secrets in free texts are masked.

use sigu_evidence::mask_text;

use super::{Field, Reading, Value};

/// Masks secrets in every text that is no number of an order or payment.
pub(super) fn mask_fields(fields: &mut [Reading]) {
    for one in fields {
        let numbers = matches!(one.field, Field::OrderNo | Field::PaymentTxn);
        match &mut one.value {
            Value::Text(_) if numbers => {}
            Value::Text(text) | Value::Unread(text) | Value::Status { shown: text, .. } => {
                *text = mask_text(text)
            }
            _ => {}
        }
    }
}
