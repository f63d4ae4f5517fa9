//! `sigu message add` and `sigu reply`: lines of dialogue, as they were said.

use jiff::Timestamp;
use serde_json::json;
use sigu_case::next::next_step;
use sigu_case::report::Sense;
use sigu_case::{Channel, Direction, House, View};
use sigu_evidence::mask_text;
use sigu_server::answers;
use sigu_server::talking::{self, Line};

use super::{advise, order_id, time};
use crate::args::{MessageAddArgs, MessageReplyArgs};
use crate::output::Answer;
use crate::{Context, Outcome, clock, session, times};

/// A line to be recorded.
struct Typed<'a> {
    order: &'a str,
    said_at: Timestamp,
    direction: Direction,
    channel: Channel,
    text: &'a str,
}

pub(super) fn add(context: &Context<'_>, own: &MessageAddArgs) -> Outcome {
    let direction = if own.from_me { Direction::Out } else { Direction::In };
    let said_at = time("--at", &own.at)?;
    record(
        context,
        &Typed { order: &own.order, said_at, direction, channel: channel(&own.via), text: &own.text },
    )
}

/// What the merchant said, and what follows from it.
pub(super) fn reply(context: &Context<'_>, own: &MessageReplyArgs) -> Outcome {
    let said_at = own.at.as_deref().map_or_else(|| Ok(clock::now()), |text| time("--at", text))?;
    let line = Typed {
        order: &own.order,
        said_at,
        direction: Direction::In,
        channel: channel(&own.via),
        text: &own.text,
    };
    let mut answer = record(context, &line)?;
    let (order, state) = session::with(context, |vault| advise::load(vault, &own.order))?;
    let house = House::of(&state);
    let step = next_step(&View::new(&order, &house, clock::now()));
    answer.text = format!("{}\n{}", answer.text, advise::step_lines(&step, context.words));
    answer.json["next"] = json!(step);
    Ok(answer)
}

fn record(context: &Context<'_>, line: &Typed<'_>) -> Outcome {
    let order = order_id(line.order)?;
    let Typed { said_at, direction, channel, .. } = *line;
    let own = Line { order, said_at, direction, channel, text: line.text.to_owned() };
    let (item, detail) = session::with(context, |vault| Ok(talking::record(vault, own, clock::now())?))?;
    let (sense, due_at) = (detail.sense, detail.due_at);
    let words = context.words;
    let values =
        [("item", item.to_string()), ("at", times::show(line.said_at)), ("text", mask_text(line.text))];
    let mut lines = vec![words.say("message-added", &values)];
    if let Some(sense) = sense {
        lines
            .push(words.say("message-read-as", &[("sense", words.word(&format!("sense-{}", sense.code())))]));
    }
    if let Some(due_at) = due_at {
        lines.push(words.say("message-due", &[("due", times::show(due_at))]));
    }
    if sense == Some(Sense::Solicitation) {
        lines.push(words.word("message-solicitation"));
    }
    // S18, S36: off the platform a record is easily edited; it is kept all the same.
    let off = line.channel == Channel::OffPlatform;
    if off {
        lines.push(words.word("message-off-platform"));
    }
    let said = answers::Said { item, said_at: line.said_at, off_platform: off, sense, due_at, next: None };
    let json = answers::json(&said);
    Ok(Answer::new(lines.join("\n"), json))
}

/// The channel of a word on the command line.
pub(super) fn channel(word: &str) -> Channel {
    Channel::ALL.into_iter().find(|channel| channel.code().replace('_', "-") == word).unwrap_or(Channel::Oral)
}
