//! What a line of dialogue does: read from its words, until the user says otherwise.

use jiff::Timestamp;

use crate::history::promise_in;
use crate::recognise::{DeliverySense, Form, Hints, ReplySense, due_time, recognise, reply_sense};
use crate::report::{PromiseKind, Sense};
use crate::tone::{Context, Invitation, invitation};
use crate::{Direction, MessageDetail};

/// Reads what a line does and the time it sets.
///
/// What the buyer says is a notice when it sets a time; what the other side says is an invitation elsewhere (S36)
/// before it is anything else. A line whose words do not tell stays without a sense.
pub fn detail(direction: Direction, text: &str, said_at: Timestamp) -> MessageDetail {
    let due_at = due_time(text, said_at);
    let context = Context { direction, ..Context::default() };
    let invited = || invitation(text, &context);
    let sense = match direction {
        Direction::Out if due_at.is_some() => Some(Sense::Notice),
        Direction::Out => (invited() == Some(Invitation::Declined)).then_some(Sense::Declined),
        Direction::In if invited() == Some(Invitation::Made) => Some(Sense::Solicitation),
        Direction::In => reply_sense(text).map(|sense| match sense {
            ReplySense::Refusal => Sense::Refusal,
            ReplySense::Promise => Sense::Promise,
            ReplySense::Acceptance => Sense::Acceptance,
            ReplySense::RequestInfo => Sense::Question,
        }),
    };
    let due_at = due_at.filter(|_| matches!(sense, Some(Sense::Notice | Sense::Promise)));
    MessageDetail { sense, due_at, ..MessageDetail::default() }
}

/// Tells whether delivered text delivers nothing: a placeholder without anything like a card (§2.6, D10).
pub fn delivers_nothing(text: &str) -> bool {
    let read = recognise(text, &Hints { form: Some(Form::Delivered), ..Hints::default() });
    read.delivery.is_some_and(|delivery| matches!(delivery.sense, DeliverySense::Placeholder))
}

/// Tells whether a line of the merchant's promises something of the goods that a buyer relies on (S17).
pub fn promises(text: &str) -> bool {
    let relied_on =
        [PromiseKind::Instant, PromiseKind::Permanent, PromiseKind::NoRecovery, PromiseKind::Multiple];
    relied_on.contains(&promise_in(text))
}
