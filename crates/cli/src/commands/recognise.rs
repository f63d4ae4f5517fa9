//! `sigu recognise`: what can be read from a page, a dialogue, a voucher, a mail or a delivered text.

use std::path::Path;

use sigu_case::recognise::{Confidence, Field, Form, Hints, Reading, Recognised, Value, recognise};
use sigu_evidence::mask_text;
use sigu_server::answers;

use super::{order_id, tone, yuan};
use crate::args::RecogniseArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session, times};

/// The longest file that is read, in bytes: 64 MiB.
const MAX_FILE: u64 = 64 << 20;

pub(super) fn run(context: &Context<'_>, own: &RecogniseArgs) -> Outcome {
    let bytes =
        if own.file.as_os_str() == "-" { tone::standard_input()?.into_bytes() } else { read(&own.file)? };
    let mut hints = match &own.order {
        Some(order) => of_order(context, order)?,
        None => Hints::default(),
    };
    hints.form = own.form.as_deref().and_then(form);
    hints.own_names.extend(own.me.iter().cloned());
    let found = recognise(&bytes, &hints);
    let text = show(&found, context.words);
    Ok(Answer::new(text, answers::json(&answers::Recognised { recognised: found })))
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |why: String| {
        Problem::usage("usage-unreadable", &[("path", path.display().to_string()), ("why", why)])
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > MAX_FILE {
        return Err(Problem::refused("refused-input-too-long", &[]));
    }
    std::fs::read(path).map_err(|error| unreadable(error.to_string()))
}

/// What the case knows already, so that contradictions show.
pub(super) fn of_order(context: &Context<'_>, label: &str) -> Result<Hints, Problem> {
    let id = order_id(label)?;
    let order = session::with(context, |vault| Ok(vault.order(&id)?))?;
    let order =
        order.ok_or_else(|| Problem::refused("refused-unknown-order", &[("order", label.to_owned())]))?;
    let facts = order.facts;
    Ok(Hints {
        order_no: facts.order_no,
        paid_at: facts.paid_at,
        amount_fen: facts.amount_fen,
        merchant: facts.merchant,
        quantity: facts.quantity,
        product: facts.title,
        ..Hints::default()
    })
}

fn form(word: &str) -> Option<Form> {
    Some(match word {
        "html" => Form::Html,
        "page" => Form::PageText,
        "api" => Form::Api,
        "chat" => Form::Chat,
        "mail" => Form::Mail,
        "wechat-bill" => Form::VoucherWechat,
        "alipay-bill" => Form::VoucherAlipay,
        "delivered" => Form::Delivered,
        _ => return None,
    })
}

fn code(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().map(|text| text.replace('_', "-")).unwrap_or_default()
}

pub(super) fn show(found: &Recognised, words: &Words) -> String {
    let field = |one: &str| words.word(&format!("page-field-{one}"));
    let mut lines =
        vec![words.say("recognised-as", &[("form", words.word(&format!("form-{}", code(&found.form))))])];
    lines.extend(found.fields.iter().map(|reading| format!("  {}", reading_line(reading, words))));
    for number in &found.order_numbers {
        let systems: Vec<&str> = number.systems.iter().map(|fit| fit.system.as_str()).collect();
        lines.push(format!(
            "  {}  {}{}",
            words.word("recognised-number"),
            // A label says that it is no card.
            if number.label.is_some() { number.text.clone() } else { mask_text(&number.text) },
            if systems.is_empty() { String::new() } else { words.aside(&systems.join(" ")) }
        ));
    }
    if let Some(delivery) = &found.delivery {
        let cards = delivery.cards.iter().flat_map(|card| card.parts.iter().map(|part| part.masked.clone()));
        lines.push(format!(
            "  {}  {}",
            words.word(&format!("delivery-{}", code(&delivery.sense))),
            cards.take(20).collect::<Vec<_>>().join("  ")
        ));
    }
    if let Some(chat) = &found.chat {
        lines.push(format!("  {}", words.say("recognised-chat", &[("count", chat.lines.len().to_string())])));
    }
    for one in &found.contradictions {
        let values = [("left", one.left.shown.clone()), ("right", one.right.shown.clone())];
        lines.push(format!(
            "  ! {} {}",
            words.word(&format!("contradiction-{}", code(&one.code))),
            words.say("recognised-against", &values)
        ));
    }
    let missing: Vec<String> = found.missing.iter().map(|one| field(&code(one))).collect();
    if !missing.is_empty() {
        lines.push(words.say("recognised-missing", &[("fields", words.list(&missing))]));
    }
    lines.join("\n")
}

/// A field with its value; secrets are masked.
pub(super) fn reading_line(reading: &Reading, words: &Words) -> String {
    let name = words.word(&format!("page-field-{}", code(&reading.field)));
    format!("{name}  {}", value(reading, words))
}

/// Whether a label says that this is the number of an order or payment: it is no card, whatever it looks like.
const fn is_number(reading: &Reading) -> bool {
    matches!(reading.field, Field::OrderNo | Field::PaymentTxn)
        && !matches!(reading.confidence, Confidence::Low)
}

fn value(reading: &Reading, words: &Words) -> String {
    match &reading.value {
        Value::AmountFen(fen) => yuan(*fen),
        Value::Instant(moment) => times::show(moment.at),
        Value::Quantity(count) => count.to_string(),
        Value::Text(text) if is_number(reading) => text.clone(),
        Value::Text(text) => mask_text(text),
        Value::Masked(masked) => masked.clone(),
        Value::Status { shown, .. } => mask_text(shown),
        Value::Empty => words.word("recognised-empty"),
        Value::Unread(text) => mask_text(text),
    }
}
