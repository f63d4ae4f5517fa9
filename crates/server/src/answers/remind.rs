//! Reminders: how they are set, which channels there are, what is planned, what was told.

use jiff::Timestamp;
use serde::Serialize;
use sigu_case::clock::ClockKind;
use sigu_case::remind::{ClockName, Distance, Reminder};
use sigu_evidence::mask_text;
use sigu_vault::{Error, JobBook};
use utoipa::ToSchema;

use crate::reminding::{Channel, ChannelKind, Kept, NotSent, Plan, Say, Standing, ToldState};

/// How reminders are set, what is planned, what was told: `sigu remind list`, `channels list` and `log` in one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reminders {
    /// The quiet hours, by the clock of China, such as `22:30-08:00`; absent for none.
    pub quiet: Option<String>,
    /// Whether an own clock that ends within them is told of all the same.
    pub urgent_in_quiet: bool,
    /// How much of an order a reminder names.
    pub say: Say,
    /// Whether there is a calendar to subscribe to; its address is asked for by itself.
    pub calendar: bool,
    /// The channels, without their keys.
    pub channels: Vec<ChannelShown>,
    /// What is told in the next fourteen days, soonest first.
    pub planned: Vec<Planned>,
    /// What was told from this machine, newest first.
    pub told: Vec<ToldOf>,
}

impl Reminders {
    /// Puts it together; at most `most` of what is planned and of what was told.
    ///
    /// # Errors
    /// A fault of the job book.
    pub fn of(
        plan: &Plan,
        book: &JobBook,
        told: &[Kept],
        now: Timestamp,
        most: usize,
    ) -> Result<Self, Error> {
        let settings = &plan.settings;
        let standing = plan.standing(book)?;
        let channels = settings.channels.iter().zip(&standing);
        Ok(Self {
            quiet: settings.quiet.map(|quiet| quiet.to_string()),
            urgent_in_quiet: settings.urgent_in_quiet,
            say: settings.say,
            calendar: settings.calendar.is_some(),
            channels: channels.map(|(one, standing)| ChannelShown::of(one, standing.as_ref())).collect(),
            planned: plan.ahead(now).take(most).map(Planned::of).collect(),
            told: told.iter().take(most).map(ToldOf::of).collect(),
        })
    }
}

/// A channel as it may be shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelShown {
    /// Its number.
    pub id: u32,
    /// Its kind.
    pub kind: ChannelKind,
    /// What the user calls it; may be empty.
    pub name: String,
    /// Where it goes, without what is a key.
    pub place: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub added_at: Timestamp,
    /// Whether the way may be in clear.
    pub clear: bool,
    /// When it was tried last on this machine; absent for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub tried_at: Option<Timestamp>,
    /// Failures in a row.
    pub failures: usize,
    /// Why the last failed: a code such as `unreachable`; absent for a good one.
    pub why: Option<String>,
    /// Not tried again before.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
}

impl ChannelShown {
    /// Shows a channel.
    pub fn of(channel: &Channel, standing: Option<&Standing>) -> Self {
        Self {
            id: channel.id,
            kind: channel.kind,
            name: mask_text(&channel.name),
            place: channel.place(),
            added_at: channel.added_at,
            clear: channel.clear,
            tried_at: standing.map(|one| one.at),
            failures: standing.map_or(0, |one| one.failures),
            why: standing.filter(|one| one.failures > 0).map(|one| one.code.clone()),
            next: standing.and_then(|one| one.next),
        }
    }
}

/// A reminder that is planned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Planned {
    /// The order.
    pub order: String,
    /// What is counted.
    #[schema(value_type = String)]
    pub clock: ClockKind,
    /// When it is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// How far from that: `7d`, `half`, `due`.
    #[schema(value_type = String)]
    pub distance: Distance,
    /// When it is told.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl Planned {
    /// Shows a reminder.
    pub fn of(reminder: &Reminder) -> Self {
        Self {
            order: reminder.clock.order.to_string(),
            clock: reminder.clock.kind,
            due_at: reminder.clock.due_at,
            distance: reminder.distance,
            at: reminder.at,
        }
    }
}

/// A reminder that was told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToldOf {
    /// The number of the channel.
    pub channel: u32,
    /// The order.
    pub order: String,
    /// What was counted.
    #[schema(value_type = String)]
    pub clock: ClockKind,
    /// When it was due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// How far from that.
    pub distance: String,
    /// When it was to be told.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How it stands.
    pub state: ToldState,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

impl ToldOf {
    /// Shows what was told.
    pub fn of(kept: &Kept) -> Self {
        Self {
            channel: kept.channel,
            order: kept.order.clone(),
            clock: kept.clock,
            due_at: kept.due_at,
            distance: kept.distance.clone(),
            at: kept.at,
            state: kept.state,
            since: kept.since,
        }
    }
}

/// What came of a test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tested {
    /// The number of the channel.
    pub channel: u32,
    /// Whether it was taken.
    pub taken: bool,
    /// What the channel said, without its keys; may be empty.
    pub said: String,
    /// Why it was not taken: a code such as `refused`.
    pub why: Option<String>,
}

impl Tested {
    /// Shows what came of it.
    pub fn of(channel: u32, sent: &Result<String, NotSent>) -> Self {
        match sent {
            Ok(said) => Self { channel, taken: true, said: said.clone(), why: None },
            Err(why) => Self { channel, taken: false, said: why.detail.clone(), why: Some(why.code.clone()) },
        }
    }
}

/// A clock whose reminders were put off.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PutOff {
    /// The order.
    pub order: String,
    /// What is counted.
    #[schema(value_type = String)]
    pub clock: ClockKind,
    /// When it is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// Until when; absent where it is not put off any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl PutOff {
    /// Shows it.
    pub fn of(clock: &ClockName, until: Option<Timestamp>) -> Self {
        Self { order: clock.order.to_string(), clock: clock.kind, due_at: clock.due_at, until }
    }
}

/// Where the calendar is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Calendar {
    /// The address, with its secret; absent where there is none to subscribe to.
    pub url: Option<String>,
}
