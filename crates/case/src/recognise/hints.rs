//! What the case already knows of an order, to read with and to hold the input against.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Form;

/// What the caller knows. Everything may be absent; nothing is taken over into the result as found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// The form to read the input as, instead of telling it from the text.
    pub form: Option<Form>,
    /// The shop's order number.
    pub order_no: Option<String>,
    /// When the payment succeeded; also the instant near which a date without a year is read.
    pub paid_at: Option<Timestamp>,
    /// The amount paid, in 分.
    pub amount_fen: Option<i64>,
    /// The merchant's name.
    pub merchant: Option<String>,
    /// Who received the money, as the voucher says.
    pub payee: Option<String>,
    /// How many were bought.
    pub quantity: Option<u32>,
    /// The product's name.
    pub product: Option<String>,
    /// The year of dates written without one, in Asia/Shanghai.
    pub year: Option<i16>,
    /// The day of chat times written without a date, in Asia/Shanghai.
    pub day: Option<Date>,
    /// The user's own names in pasted dialogues.
    pub own_names: Vec<String>,
    /// The other side's names in pasted dialogues.
    pub merchant_names: Vec<String>,
}
