//! How much of the dialogue ran on the platform (S35).

use serde::Serialize;

use crate::{Channel, Direction, ItemId, View};

/// How many messages ran where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelRatio {
    /// On the platform.
    pub platform: usize,
    /// By e-mail.
    pub email: usize,
    /// Off the platform.
    pub off_platform: usize,
    /// Oral, by own notes.
    pub oral: usize,
    /// The share on the platform, in hundredths of a percent; `None` without messages.
    pub platform_bp: Option<u32>,
    /// The first message off the platform: the moment to warn.
    pub first_off_platform: Option<ItemId>,
    /// The first that the buyer sent there.
    pub first_own_off_platform: Option<ItemId>,
}

impl ChannelRatio {
    /// Tells whether to warn: anything ran off the platform.
    pub fn warns(&self) -> bool {
        self.off_platform > 0
    }
}

/// Counts the messages of an order by channel, erased ones too.
pub fn channel_ratio(view: &View<'_>) -> ChannelRatio {
    let said = view.order.dialogue();
    let count = |channel| said.iter().filter(|message| message.channel == channel).count();
    let (platform, all) = (count(Channel::Platform), said.len());
    let share = |part: usize| u32::try_from(part.saturating_mul(10_000) / all).ok();
    let mut off = said.iter().filter(|message| message.channel == Channel::OffPlatform).peekable();
    let first_off_platform = off.peek().map(|message| message.item);
    let own = off.find(|message| message.direction == Direction::Out);
    ChannelRatio {
        platform,
        email: count(Channel::Email),
        off_platform: count(Channel::OffPlatform),
        oral: count(Channel::Oral),
        platform_bp: (all > 0).then(|| share(platform)).flatten(),
        first_off_platform,
        first_own_off_platform: own.map(|message| message.item),
    }
}
