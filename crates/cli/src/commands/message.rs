//! `sigu message add`: one line of dialogue, as it was said.

use serde_json::json;
use sigu_case::{Channel, Command, Direction, MessageDetail};
use sigu_evidence::mask_text;

use super::{order_id, time};
use crate::args::MessageAddArgs;
use crate::output::Answer;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn add(context: &Context<'_>, own: &MessageAddArgs) -> Outcome {
    let order = order_id(&own.order)?;
    let said_at = time("--at", &own.at)?;
    let direction = if own.from_me { Direction::Out } else { Direction::In };
    let channel = match own.via.as_str() {
        "platform" => Channel::Platform,
        "email" => Channel::Email,
        "off-platform" => Channel::OffPlatform,
        _ => Channel::Oral,
    };
    let command = Command::RecordMessage {
        order,
        said_at,
        direction,
        channel,
        text: own.text.clone(),
        detail: MessageDetail::default(),
    };
    let items = session::with(context, |vault| Ok(vault.execute(vec![command], clock::now())?))?;
    let item = items[0];
    let words = context.words;
    let values = [("item", item.to_string()), ("at", times::show(said_at)), ("text", mask_text(&own.text))];
    let mut text = words.say("message-added", &values);
    // S18, S36: off the platform a record is easily edited; it is kept all the same.
    if channel == Channel::OffPlatform {
        text = format!("{text}\n{}", words.word("message-off-platform"));
    }
    Ok(Answer::new(
        text,
        json!({ "item": item, "said_at": said_at.to_string(), "off_platform": channel == Channel::OffPlatform }),
    ))
}
