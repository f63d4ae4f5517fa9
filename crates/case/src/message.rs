//! One line of dialogue with the merchant, the platform or customer service.

use jiff::Timestamp;
use serde::Serialize;

use crate::ItemId;
use crate::report::Sense;

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the other side to the buyer.
    In,
    /// From the buyer.
    Out,
}

impl Direction {
    /// Returns the direction's name in stored events.
    pub const fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    /// Finds the direction with that stored name.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::In, Self::Out].into_iter().find(|direction| direction.code() == code)
    }
}

/// Where it was said (S18): the platform's own chat, or outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The platform's own chat, ticket or complaint thread.
    Platform,
    /// E-mail.
    Email,
    /// WeChat, QQ, Telegram and the like: easily edited, graded lower, still kept (D5).
    OffPlatform,
    /// Telephone or in person: an own note of it.
    Oral,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 4] = [Self::Platform, Self::Email, Self::OffPlatform, Self::Oral];

    /// Returns the channel's name in stored events.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Email => "email",
            Self::OffPlatform => "off_platform",
            Self::Oral => "oral",
        }
    }

    /// Finds the channel with that stored name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// What a message does beyond its words, as recorded with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MessageDetail {
    /// What it does; `None` where nobody said and the words do not tell.
    pub sense: Option<Sense>,
    /// The time it sets (S33) or promises (S17).
    #[serde(serialize_with = "time_text")]
    pub due_at: Option<Timestamp>,
    /// The exhibits sent with it, in order (S30).
    pub exhibits: Vec<ItemId>,
    /// The findings the user sent it in spite of.
    pub overrode: Vec<String>,
}

fn time_text<S: serde::Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(serializer)
}

/// One line of dialogue, as the user entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The leaf that recorded it.
    pub item: ItemId,
    /// When it was recorded here, by the device's clock.
    pub recorded_at: Timestamp,
    /// When it was said, as the user says.
    pub said_at: Timestamp,
    /// Who spoke.
    pub direction: Direction,
    /// Where.
    pub channel: Channel,
    /// The words; `None` once erased.
    pub text: Option<String>,
    /// What it does.
    pub detail: MessageDetail,
}

impl Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Message", 7)?;
        out.serialize_field("item", &self.item)?;
        out.serialize_field("said_at", &self.said_at.to_string())?;
        out.serialize_field("recorded_at", &self.recorded_at.to_string())?;
        out.serialize_field("direction", &self.direction)?;
        out.serialize_field("channel", &self.channel)?;
        out.serialize_field("text", &self.text.as_deref().map(sigu_evidence::mask_text))?;
        out.serialize_field("detail", &self.detail)?;
        out.end()
    }
}
