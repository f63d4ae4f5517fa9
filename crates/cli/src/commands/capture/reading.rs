//! What the recogniser reads in a capture: the page itself, and the JSON it was made of.

use serde_json::{Value, json};
use sigu_capture::exchange::{Answer, BodyState, Exchange};
use sigu_capture::page::Capture;
use sigu_case::recognise::{Confidence, Field, Hints, Reading, Recognised, recognise};
use sigu_case::{OrderFacts, Slot};

/// The longest JSON body that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// Most JSON bodies that are read.
const MOST: usize = 20;

/// What was read, and where.
pub(super) struct Found {
    /// The rendered page with its frames.
    pub(super) page: Recognised,
    /// JSON answers in which something was found, with their address.
    pub(super) answers: Vec<(String, Recognised)>,
}

/// Reads a capture with what the case knows of its order.
pub(super) fn read(capture: &Capture, facts: &OrderFacts) -> Found {
    let hints = Hints {
        order_no: facts.order_no.clone(),
        paid_at: facts.paid_at,
        amount_fen: facts.amount_fen,
        merchant: facts.merchant.clone(),
        quantity: facts.quantity,
        product: facts.title.clone(),
        ..Hints::default()
    };
    let page = recognise(shown(capture).as_bytes(), &hints);
    let bodies = capture.exchanges.iter().filter_map(json_body).take(MOST);
    let answers = bodies.map(|(url, body)| (url.to_owned(), recognise(body, &hints)));
    let answers = answers.filter(|(_, found)| !found.fields.is_empty()).collect();
    Found { page, answers }
}

/// The page with its frames, and what stands in its fields as if it were written there.
fn shown(capture: &Capture) -> String {
    let Some(look) = &capture.look else { return String::new() };
    let mut html = look.html.clone();
    for frame in &capture.frames {
        html.push('\n');
        html.push_str(&frame.html);
    }
    html
}

fn url_plain(url: &str) -> String {
    sigu_capture::archive::redact::url(url).text
}

/// The body of an answer in JSON.
fn json_body(exchange: &Exchange) -> Option<(&str, &[u8])> {
    let Answer::Received(response) = &exchange.answer else { return None };
    let kind = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_json = kind.is_some_and(|(_, value)| value.to_ascii_lowercase().contains("json"));
    let whole = matches!(response.body.state, BodyState::AsReceived | BodyState::Transcoded);
    (is_json && whole && response.body.bytes.len() <= LONGEST)
        .then_some((exchange.url.as_str(), response.body.bytes.as_slice()))
}

impl Found {
    /// Returns all readings: of the page first.
    fn all(&self) -> impl Iterator<Item = &Recognised> {
        std::iter::once(&self.page).chain(self.answers.iter().map(|(_, found)| found))
    }

    /// Tells whether card secrets are shown.
    pub(super) fn shows_secrets(&self) -> bool {
        self.all().any(|found| found.delivery.as_ref().is_some_and(|delivery| !delivery.cards.is_empty()))
    }

    /// Returns the best reading of a field: of the page, else of what it was made of.
    pub(super) fn best(&self, field: Field) -> Option<&Reading> {
        self.all().find_map(|found| found.best(field).filter(|reading| reading.value.is_read()))
    }

    /// Returns the reading of a field when nothing speaks against it.
    pub(super) fn sure(&self, field: Field) -> Option<&Reading> {
        self.best(field).filter(|reading| reading.confidence == Confidence::High && !reading.competes)
    }

    /// Says what the page is, for a capture whose slot was left open. Many shops show order and card on one page: it
    /// is the order's page until the order has one, and what was delivered after that.
    pub(super) fn slot(&self, has_order_page: bool) -> Slot {
        use sigu_case::recognise::Form;
        let has = |field| self.best(field).is_some();
        let is_order = has(Field::OrderNo) && (has(Field::Status) || has(Field::AmountPaid));
        match self.page.form {
            Form::Chat => Slot::Chat,
            Form::VoucherWechat | Form::VoucherAlipay => Slot::Voucher,
            _ if self.shows_secrets() && (has_order_page || !is_order) => Slot::Delivery,
            _ if has(Field::PaymentTxn) && has(Field::Payee) => Slot::Voucher,
            _ if is_order => Slot::Transaction,
            _ if has(Field::ProductName) || has(Field::UnitPrice) => Slot::Description,
            _ => Slot::Other,
        }
    }

    /// Returns it for the record; secrets are masked.
    pub(super) fn to_json(&self) -> Value {
        let answers: Vec<Value> = self
            .answers
            .iter()
            .map(|(url, found)| json!({ "url": url_plain(url), "recognised": found }))
            .collect();
        json!({ "page": self.page, "answers": answers })
    }
}
