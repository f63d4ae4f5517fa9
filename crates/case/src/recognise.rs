//! The recogniser: what a saved page, a pasted text, a dialogue, an e-mail or a voucher says about an order.
//!
//! [`recognise`] reads foreign bytes and gives typed fields, order numbers with the time inside, masked card
//! secrets, states and contradictions; everything page-specific is in tables under `data/recognise/`. It never
//! panics, works in bounded time and says what it left out. Pages are read by a small reader of its own and not
//! by a browser's parser, because spans into the source are needed and hostile nesting must stay linear.
//! Source: domain dossier §2, S2, S12–S14, S16–S19, D9, D10.

mod chat;
mod contradiction;
mod delivery;
mod due;
mod entity;
mod field;
mod forms;
mod goods;
mod grid;
mod hints;
mod html;
mod json;
mod labels;
mod lines;
mod mail;
mod names;
mod numbers;
mod pairs;
mod phrases;
mod readable;
mod readings;
mod reply;
mod result;
mod scope;
mod settle;
mod shown;
mod state;
mod system;
mod table;
mod time;
mod value;

pub use chat::{Chat, ChatLine, ChatNote, Withheld};
pub use contradiction::{Contradiction, ContradictionCode, Side};
pub use delivery::{Card, CardPart, Delivery, DeliverySense, Placeholder};
pub use due::due_time;
pub use field::{Confidence, Field, Place, Reading, Value};
pub use forms::Form;
pub use hints::Hints;
pub use mail::{Mail, MailPart, PartReading};
pub use names::names_match;
pub use numbers::{Agreement, Decoded, Fit, NumberKind, OrderNumber, SecretUrl};
pub use readable::{MAX_BYTES, Readable, readable};
pub use reply::{ReplySense, reply_sense};
pub use result::{Note, Recognised, Span, Truncation};
pub use state::OrderState;
pub use system::SystemGuess;
pub use time::{Moment, Precision};

use lines::Document;

/// Reads foreign bytes as an order's page, voucher, dialogue, mail or delivered content.
///
/// Takes any bytes (at most [`MAX_BYTES`] of them are read) and what the case knows; gives what was found, with
/// masked secrets and spans into [`readable`]'s text. Never fails: what cannot be read is said in `notes`.
/// Wall times are read in Asia/Shanghai. Source: domain dossier §2, S12.
pub fn recognise(input: impl AsRef<[u8]>, hints: &Hints) -> Recognised {
    let source = readable(input.as_ref(), hints);
    let mut document = Document::read(&source);
    let systems = system::guess(&document, source.text());
    let reader = readings::Reader { form: source.form, systems: &systems, hints };
    let (mut fields, payloads) = reader.fields(&document);
    let delivery = delivery::read(&payloads);
    let (order_numbers, secret_urls) = numbers::find(&document, &fields, &delivery, hints);
    let chat = (source.form == Form::Chat).then(|| chat::read(source.text(), hints));
    let counts = delivery::counts(&document).with_quantity(&fields);
    let state = state::overall(&fields, &counts);
    let contradictions = contradiction::find(&contradiction::Facts {
        form: source.form,
        systems: &systems,
        fields: &fields,
        numbers: &order_numbers,
        delivery: delivery.as_ref(),
        counts: &counts,
        state,
        hints,
    });
    shown::mask_fields(&mut fields);
    let mut notes = source.notes.clone();
    notes.append(&mut document.notes);
    Recognised {
        form: source.form,
        systems,
        missing: forms::missing(source.form, &fields),
        fields,
        order_numbers,
        secret_urls,
        state,
        delivered_count: counts.delivered,
        bought_count: counts.bought,
        delivery,
        chat,
        mail: source.mail,
        contradictions,
        notes,
    }
}
