//! One pass: on each channel everything whose time has come is told in one message, and written down.
//!
//! A reminder is claimed before it is sent and marked when it was taken. If we crash between, the claim grows stale, and it
//! is told again with the words that it may be a repetition: rather twice than never. What was missed is told in the same
//! message, as late. A channel that fails is left alone for a while; the others go on.

use std::sync::Arc;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use sigu_case::remind::{Reminder, Rules};
use sigu_vault::{Error, JobBook, JobClaim, Places};

use super::channel::Channel;
use super::keeping::{self, REMINDER, ToTell};
use super::message::{Message, Telling};
use super::plan::Plan;
use super::send::{NotSent, Ways, send};
use crate::words::Words;

/// What is told later than that is told late.
const IN_TIME: SignedDuration = SignedDuration::from_mins(10);

/// A reminder that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The number of the channel.
    pub channel: u32,
    /// Which.
    pub reminder: Reminder,
    /// Whether it came late.
    pub late: bool,
}

/// A channel that took nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellFailed {
    /// Its number.
    pub channel: u32,
    /// Why.
    pub why: NotSent,
    /// When it is tried again.
    pub next: Option<Timestamp>,
    /// How many reminders wait for it.
    pub waiting: usize,
}

/// What came of a pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed {
    /// What was told.
    pub told: Vec<Told>,
    /// Which channels took nothing.
    pub failed: Vec<TellFailed>,
    /// When there is something to do again.
    pub next: Option<Timestamp>,
}

impl Passed {
    fn at(&mut self, next: Option<Timestamp>) {
        self.next = self.next.into_iter().chain(next).min();
    }
}

/// Tells what is due. `eager` tries channels, too, that are left alone after a failure.
///
/// # Errors
/// A fault of the job book. That a channel takes nothing is no error.
pub async fn pass(
    places: &Places,
    plan: &Arc<Plan>,
    ways: &Ways,
    words: &Words,
    now: Timestamp,
    eager: bool,
) -> Result<Passed, Error> {
    let own = places.clone();
    let book = Arc::new(beside(move || JobBook::open(&own)).await?);
    let words = plan.settings.words(words);
    let each = (0..plan.settings.channels.len()).map(|place| {
        let telling = OnChannel { book: book.clone(), plan: plan.clone(), place, now };
        telling.go(ways, &words, eager)
    });
    let mut passed = Passed::default();
    for one in join_all(each).await {
        let one = one?;
        passed.told.extend(one.told);
        passed.failed.extend(one.failed);
        passed.at(one.next);
    }
    Ok(passed)
}

/// Sends the message that shows that a channel works; gives what it answered.
///
/// # Errors
/// Says why it was not taken.
pub async fn test(ways: &Ways, channel: &Channel, words: &Words, now: Timestamp) -> Result<String, NotSent> {
    send(ways, channel, &Message::test(words, now)).await
}

/// Works with the book where waiting harms nobody.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.expect("work on the job book returns its failures")
}

/// One channel in one pass.
#[derive(Clone)]
struct OnChannel {
    book: Arc<JobBook>,
    plan: Arc<Plan>,
    /// Its place in the settings.
    place: usize,
    now: Timestamp,
}

/// What this process tells on a channel: places in the plan, each with whether it is late and may be a repetition.
#[derive(Default)]
struct Taken {
    dues: Vec<(usize, bool, bool)>,
    next: Option<Timestamp>,
}

impl Taken {
    fn at(&mut self, next: Timestamp) {
        self.next = Some(self.next.map_or(next, |own| own.min(next)));
    }
}

impl OnChannel {
    fn channel(&self) -> &Channel {
        &self.plan.settings.channels[self.place]
    }

    fn reminder(&self, due: usize) -> &Reminder {
        &self.plan.dues[due].reminder
    }

    async fn go(self, ways: &Ways, words: &Words, eager: bool) -> Result<Passed, Error> {
        let own = self.clone();
        let taken = beside(move || own.take(eager)).await?;
        let mut passed = Passed { next: taken.next, ..Passed::default() };
        if taken.dues.is_empty() {
            return Ok(passed);
        }
        let telling: Vec<Telling<'_>> = taken
            .dues
            .iter()
            .map(|(due, late, _)| Telling { reminder: self.reminder(*due), late: *late })
            .collect();
        let repeated = taken.dues.iter().any(|(_, _, repeated)| *repeated);
        let message = Message::of(&telling, &self.plan.settings, words, self.now, repeated);
        let sent = send(ways, self.channel(), &message).await;
        let (own, failed) = (self.clone(), sent.as_ref().err().cloned());
        let dues = taken.dues.clone();
        let next = beside(move || own.write_down(&dues, failed.as_ref())).await?;
        passed.at(next);
        let channel = self.channel().id;
        match sent {
            Ok(_) => {
                let told = |(due, late, _): &(usize, bool, bool)| Told {
                    channel,
                    reminder: self.reminder(*due).clone(),
                    late: *late,
                };
                passed.told = taken.dues.iter().map(told).collect();
            }
            Err(why) => passed.failed.push(TellFailed { channel, why, next, waiting: taken.dues.len() }),
        }
        Ok(passed)
    }

    /// Claims what is due.
    fn take(&self, eager: bool) -> Result<Taken, Error> {
        let mut taken = Taken::default();
        let now = self.now;
        if !eager && let Some(next) = keeping::left_alone(&self.book, self.plan.channels[self.place], now)? {
            taken.at(next);
            return Ok(taken);
        }
        let open = self.open(&mut taken)?;
        let claims: Vec<JobClaim> = open.iter().map(|(_, _, claim)| claim.clone()).collect();
        // All at once: of two processes one tells all of it in one message.
        let won = self.book.claim(REMINDER, &claims)?;
        for ((due, late, claim), won) in open.into_iter().zip(won) {
            match won {
                true => taken.dues.push((due, late, claim.seen.is_some())),
                false => taken.at(now),
            }
        }
        Ok(taken)
    }

    /// What is due and told by nobody yet: its place in the plan, whether it is late, and how it is claimed.
    fn open(&self, taken: &mut Taken) -> Result<Vec<(usize, bool, JobClaim)>, Error> {
        let (now, channel) = (self.now, self.channel());
        // A channel that was added while the clock was ahead must not wait until it gets there.
        let since = if channel.added_at > now { Timestamp::MIN } else { channel.added_at };
        let wishes = self.plan.wishes();
        let mut open = Vec::new();
        for (index, due) in self.plan.dues.iter().enumerate() {
            let reminder = &due.reminder;
            let age = now.duration_since(reminder.at);
            if reminder.at > now {
                taken.at(reminder.at);
                break;
            }
            if reminder.at < since || age > Rules::defaults().late() {
                continue;
            }
            if !wishes.may_tell(&reminder.clock, now) {
                if let Some((_, ends)) = wishes.quiet.and_then(|quiet| quiet.around(now)) {
                    taken.at(ends);
                }
                continue;
            }
            match due.jobs[self.place].stands(&self.book, reminder.at, now)? {
                ToTell::Open(claim) => open.push((index, age > IN_TIME, claim)),
                ToTell::Others(next) => taken.at(next.max(now)),
                ToTell::Done => {}
            }
        }
        Ok(open)
    }

    /// Writes down what came of it; gives when the channel is tried again.
    fn write_down(
        &self,
        dues: &[(usize, bool, bool)],
        failed: Option<&NotSent>,
    ) -> Result<Option<Timestamp>, Error> {
        for (due, late, repeated) in dues {
            let (job, at) = (&self.plan.dues[*due].jobs[self.place], self.reminder(*due).at);
            match failed {
                None => job.told(&self.book, *late, self.now)?,
                // What may have been told before may still have been.
                Some(why) => job.not_told(&self.book, at, why.unsure || *repeated, self.now)?,
            }
        }
        keeping::tried(&self.book, self.plan.channels[self.place], failed, self.now)
    }
}
