//! The plan: what is to be told in the coming days, read from the vault once and gone by until it changes.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sigu_case::clock::{Brief, ClockKind};
use sigu_case::remind::{ClockName, Reminder, Rules, Wishes, plan};
use sigu_vault::{Agenda, Error, JobBook, JobId, Vault};

use super::keeping::{self, Job, Standing};
use super::settings::Settings;

/// How far ahead is planned: a locked desk goes by its plan that long.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);

/// A reminder, ready to be told on each channel.
#[derive(Debug, Clone)]
pub struct Due {
    /// Which, and when.
    pub reminder: Reminder,
    /// One for each channel of the settings.
    pub(super) jobs: Vec<Job>,
}

/// What is to be told. It holds the channels with their keys, and of orders no more than labels and clocks.
#[derive(Debug)]
pub struct Plan {
    /// How the user wants it.
    pub settings: Settings,
    /// What is to be told, soonest first; also what is past and may have been missed.
    pub dues: Vec<Due>,
    /// The lines of the channels in the book.
    pub(super) channels: Vec<JobId>,
    snoozed: BTreeMap<ClockName, Timestamp>,
}

impl Plan {
    /// Reads what is to be told until some time ahead, and what may have been missed.
    ///
    /// # Errors
    /// A fault of the disk; settings of a later version.
    pub fn read<'a>(
        vault: &Vault,
        book: &JobBook,
        agendas: impl IntoIterator<Item = &'a Agenda>,
        now: Timestamp,
        ahead: SignedDuration,
    ) -> Result<Self, Error> {
        let settings = Settings::read(vault)?;
        let snoozed = keeping::snoozed(vault, book)?;
        let channels: Vec<JobId> =
            settings.channels.iter().map(|one| keeping::channel_job(vault, one.id)).collect();
        let mut own = Self { settings, dues: Vec::new(), channels, snoozed };
        let from = now.saturating_sub(Rules::defaults().late()).unwrap_or(Timestamp::MIN);
        let until = now.saturating_add(ahead).unwrap_or(Timestamp::MAX);
        let agendas = agendas.into_iter().map(|agenda| (&agenda.order, agenda.clocks.as_slice()));
        let reminders = plan(agendas, own.wishes(), from, until);
        let jobs = |reminder: &Reminder| -> Vec<Job> {
            own.settings.channels.iter().map(|one| Job::of(vault, one.id, reminder)).collect()
        };
        own.dues = reminders.into_iter().map(|reminder| Due { jobs: jobs(&reminder), reminder }).collect();
        Ok(own)
    }

    /// How the user wants it, as the case understands it.
    pub(super) fn wishes(&self) -> Wishes<'_> {
        Wishes {
            rules: Rules::defaults(),
            quiet: self.settings.quiet,
            urgent_in_quiet: self.settings.urgent_in_quiet,
            snoozed: &self.snoozed,
        }
    }

    /// Returns what lies ahead.
    pub fn ahead(&self, now: Timestamp) -> impl Iterator<Item = &Reminder> {
        self.dues.iter().map(|due| &due.reminder).filter(move |reminder| reminder.at >= now)
    }

    /// Returns how each channel stands on this machine, in the order of the settings; `None` for one never tried.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn standing(&self, book: &JobBook) -> Result<Vec<Option<Standing>>, Error> {
        self.channels.iter().map(|id| keeping::standing(book, *id)).collect()
    }
}

/// Finds the clock of a kind that runs in an order; of several the one that is due first.
pub fn running_clock(agenda: &Agenda, kind: ClockKind, now: Timestamp) -> Option<ClockName> {
    let running = Brief::running(&agenda.clocks, now).into_iter().filter(|clock| clock.kind == kind);
    let named = running.filter_map(|clock| {
        let (order, kind, started_at) = (agenda.order.clone(), clock.kind, clock.started_at);
        Some(ClockName { order, kind, started_at, due_at: clock.due_at? })
    });
    named.min_by_key(|clock| clock.due_at)
}

/// Says why a clock was not put off.
#[derive(Debug, thiserror::Error)]
pub enum NotPutOff {
    /// No clock of that kind runs in the order.
    #[error("no such clock runs")]
    NoClock,
    /// It ends before.
    #[error("it ends before {0}")]
    TooLate(Timestamp),
    /// The vault or the book does not answer.
    #[error(transparent)]
    Vault(#[from] Error),
}

/// Puts the reminders of a clock off by a span, or takes that back; gives the clock and until when.
///
/// # Errors
/// Refuses a clock that does not run, and a span that goes beyond its end.
pub fn put_off(
    vault: &Vault,
    book: &JobBook,
    agendas: &[&Agenda],
    clock: (&str, ClockKind),
    span: Option<SignedDuration>,
    now: Timestamp,
) -> Result<(ClockName, Option<Timestamp>), NotPutOff> {
    let (order, kind) = clock;
    let agenda = agendas.iter().find(|agenda| agenda.order.as_str() == order);
    let clock = agenda.and_then(|agenda| running_clock(agenda, kind, now)).ok_or(NotPutOff::NoClock)?;
    let until = span.map(|span| now.saturating_add(span).unwrap_or(Timestamp::MAX));
    if let Some(until) = until.filter(|until| *until >= clock.due_at) {
        return Err(NotPutOff::TooLate(until));
    }
    keeping::snooze(vault, book, &clock, until)?;
    Ok((clock, until))
}
