//! Bringing a message to a channel, once, and judging what came back.
//!
//! | kind | how | counts as taken |
//! |---|---|---|
//! | desktop | the notification service of the session | it took it |
//! | mail | SMTP, TLS from the first byte or by STARTTLS | `250` after the text |
//! | wecom, dingtalk | JSON to the robot's address | `errcode` 0 |
//! | feishu | JSON to the robot's address | `code` 0 |
//! | bark | JSON to `/push` | `code` 200 |
//! | serverchan | JSON to the user's address | `code` 0 |
//! | ntfy | JSON to the server | status 200 |
//! | json | JSON to the user's address | any status of success |
//!
//! Nothing is tried twice here, and no limit of a service is known: one that answers that it is too much is asked later.

mod desktop;
mod hooks;
mod mail;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sigu_evidence::mask_text;

use super::channel::{Channel, ChannelKind};
use super::message::Message;
use crate::outside::net::{Net, NetFault};

/// The longest answer that is shown, in characters.
const MAX_ANSWER_CHARS: usize = 200;
/// How long a desktop or a mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Shows a notification; the text of an error is for people.
pub type Desktop = fn(&str, &str) -> Result<(), String>;

/// The ways out.
#[derive(Clone, Debug)]
pub struct Ways {
    /// The net; without one only the desktop is told.
    pub net: Option<Net>,
    /// The desktop of this machine.
    pub desktop: Desktop,
}

impl Ways {
    /// Those of this machine.
    pub fn new(net: Option<Net>) -> Self {
        Self { net, desktop: desktop::show }
    }
}

/// Why a message was not taken, as it is kept and shown: a code with words in both languages, and a detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code} {detail}")]
pub struct NotSent {
    /// The end of the message `remind-why-…`.
    pub code: String,
    /// A number or the channel's own words, without its secrets; may be empty.
    pub detail: String,
    /// Whether it may have been taken all the same.
    pub unsure: bool,
    /// Whether only a change of the channel mends it.
    pub change: bool,
}

impl NotSent {
    /// All codes, so that a test can see that each has words.
    pub const CODES: [&'static str; 15] = [
        "offline",
        "address",
        "unreachable",
        "untrusted",
        "slow",
        "cut",
        "large",
        "status",
        "refused",
        "garbage",
        "desktop",
        "login",
        "no-tls",
        "mail",
        "busy",
    ];

    pub(super) fn of(code: &str) -> Self {
        Self { code: code.to_owned(), detail: String::new(), unsure: false, change: false }
    }

    fn with(self, detail: impl ToString) -> Self {
        Self { detail: detail.to_string(), ..self }
    }

    fn unsure(self) -> Self {
        Self { unsure: true, ..self }
    }

    fn change(self) -> Self {
        Self { change: true, ..self }
    }
}

impl From<NetFault> for NotSent {
    fn from(fault: NetFault) -> Self {
        match fault {
            NetFault::Address => Self::of("address").change(),
            NetFault::Unreachable => Self::of("unreachable"),
            NetFault::Untrusted => Self::of("untrusted"),
            NetFault::TimedOut => Self::of("slow").unsure(),
            NetFault::CutOff => Self::of("cut").unsure(),
            // It answered, and with more than any of these says.
            NetFault::TooLarge => Self::of("large").unsure(),
            NetFault::Status(status) => of_status(status),
        }
    }
}

fn of_status(status: u16) -> NotSent {
    match status {
        429 => NotSent::of("busy"),
        400..=499 => NotSent::of("status").with(status).change(),
        _ => NotSent::of("status").with(status),
    }
}

/// Sends a message; gives what the channel said, without its secrets.
///
/// # Errors
/// Says why it was not taken, or that it is not known.
pub async fn send(ways: &Ways, channel: &Channel, message: &Message) -> Result<String, NotSent> {
    let sent = match channel.kind {
        ChannelKind::Desktop => desktop::tell(ways.desktop, message).await,
        ChannelKind::Mail => match &ways.net {
            Some(net) => mail::send(net, channel, message).await,
            None => Err(NotSent::of("offline")),
        },
        _ => match &ways.net {
            Some(net) => hooks::send(net, channel, message).await,
            None => Err(NotSent::of("offline")),
        },
    };
    sent.map(|said| shown(&said, channel))
        .map_err(|error| NotSent { detail: shown(&error.detail, channel), ..error })
}

/// A stranger's words: short, on one line, without what must not be shown.
fn shown(text: &str, channel: &Channel) -> String {
    let mut text: String = text.to_owned();
    for secret in channel.secrets() {
        text = text.replace(secret, "…");
    }
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let masked = mask_text(line.trim());
    match masked.char_indices().nth(MAX_ANSWER_CHARS) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::channel::Field;
    use super::*;

    #[test]
    fn what_a_channel_says_is_shown_short_and_without_its_keys() {
        let mut channel = Channel::of(ChannelKind::Wecom, Timestamp::UNIX_EPOCH);
        channel.fill(Field::Url, "https://robots.example/send?key=693a91f6-7aaa-4bc4");
        for (said, wanted) in [
            ("invalid webhook url", "invalid webhook url"),
            ("key 693a91f6-7aaa-4bc4 is\nunknown", "key … is unknown"),
            ("no https://robots.example/send?key=693a91f6-7aaa-4bc4", "no …"),
        ] {
            assert_eq!(shown(said, &channel), wanted);
        }
        assert_eq!(shown(&"长".repeat(500), &channel).chars().count(), MAX_ANSWER_CHARS + 1);
    }
}
