//! The clocks as a calendar (RFC 5545): one event for each that runs, with an alarm for each reminder before it is over.
//!
//! The same clocks give the same bytes: names come from the clocks, times from the log and the settings, nothing from the
//! machine. A clock that moved is another event; one that is met is gone. Subscribed calendars take that over by
//! themselves. All instants are UTC, so that no zone need be described.

use std::collections::BTreeMap;

use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sigu_case::clock::{Brief, ClockKind};
use sigu_case::remind::{ClockName, Distance, Rules, Wishes, plan};
use sigu_vault::Agenda;

use super::message::next;
use super::settings::{Say, Settings};
use crate::tokens::hex;
use crate::told::clock_name;
use crate::words::Words;

/// The form of the calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
/// Who made it.
const PRODUCT: &str = "-//sigu//sigu//EN";

/// Writes the calendar of the clocks that run at an instant.
pub fn feed<'a>(
    agendas: impl IntoIterator<Item = &'a Agenda>,
    settings: &Settings,
    words: &Words,
    now: Timestamp,
) -> String {
    let words = &settings.words(words);
    let mut calendar = Calendar::empty();
    let name = words.word("remind-calendar-name");
    let head = [
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", &name),
        ("X-WR-CALNAME", &name),
        ("X-PUBLISHED-TTL", "PT1H"),
    ];
    for (key, value) in head {
        calendar.append_property(Property::new(key, value));
    }
    let snoozed = BTreeMap::new();
    // An alarm rings on a phone, which has quiet hours of its own.
    let wishes = Wishes { rules: Rules::defaults(), quiet: None, urgent_in_quiet: true, snoozed: &snoozed };
    let mut events: Vec<(ClockName, Vec<Timestamp>)> = Vec::new();
    for agenda in agendas {
        let clocks = Brief::running(&agenda.clocks, now);
        let all = [(&agenda.order, clocks.as_slice())];
        for reminder in plan(all, wishes, Timestamp::MIN, Timestamp::MAX) {
            let before = (reminder.distance != Distance::AtDue).then_some(reminder.at);
            match events.iter_mut().rev().find(|(clock, _)| *clock == reminder.clock) {
                Some((_, alarms)) => alarms.extend(before),
                None => events.push((reminder.clock, before.into_iter().collect())),
            }
        }
    }
    events.sort_by(|(one, _), (other, _)| (one.due_at, one).cmp(&(other.due_at, other)));
    for (clock, alarms) in &events {
        calendar.push(event(clock, alarms, settings, words));
    }
    calendar.to_string()
}

/// What stands for the bytes of a calendar, for whoever asks whether they changed.
pub fn etag(text: &str) -> String {
    format!("\"{}\"", hex(&Sha256::digest(text.as_bytes())[..16]))
}

fn event(clock: &ClockName, alarms: &[Timestamp], settings: &Settings, words: &Words) -> Event {
    let changed = clock.started_at.max(settings.changed_at);
    let uid = uid(clock, settings);
    let (summary, text) = said(clock, settings, words);
    let mut event = Event::new();
    // Without an end it lasts no time.
    for (key, at) in [("DTSTAMP", changed), ("LAST-MODIFIED", changed), ("DTSTART", clock.due_at)] {
        event.add_property(key, utc(at));
    }
    event.uid(&uid).summary(&summary).description(&text).sequence(0);
    event.add_property("TRANSP", "TRANSPARENT").add_property("CLASS", "PRIVATE");
    let mut alarms = alarms.to_vec();
    alarms.push(clock.due_at);
    for at in alarms {
        let seconds = clock.due_at.duration_since(at).as_secs();
        let mut alarm = Alarm::display(&summary, -chrono::Duration::seconds(seconds));
        // The library would make both anew each time.
        alarm.add_property("UID", format!("{seconds}-{uid}")).add_property("DTSTAMP", utc(changed));
        event.alarm(alarm.done());
    }
    event.done()
}

/// What an event is called and what it says: as much as a reminder would.
fn said(clock: &ClockName, settings: &Settings, words: &Words) -> (String, String) {
    if settings.say == Say::Nothing {
        return (words.word("remind-title"), words.say("remind-nothing", &[("count", "1".to_owned())]));
    }
    let order = sigu_evidence::mask_text(clock.order.as_str());
    let name = clock_name(clock.kind, words);
    let key = match clock.kind {
        ClockKind::FollowUp => "remind-calendar-follow-up",
        kind if kind.is_own() => "remind-calendar-own",
        _ => "remind-calendar-theirs",
    };
    let summary = words.say(key, &[("order", order), ("clock", name)]);
    (summary, next(clock.kind, !clock.kind.is_own(), words))
}

/// A name that tells nothing to whoever has not the calendar: a digest under its secret.
fn uid(clock: &ClockName, settings: &Settings) -> String {
    let secret = settings.calendar.as_ref().map(|secret| secret.show()).unwrap_or_default();
    let digest = Sha256::digest(format!("sigu calendar\n{secret}\n{clock}"));
    format!("{}@sigu.invalid", hex(&digest[..16]))
}

/// `20261125T060500Z`.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
