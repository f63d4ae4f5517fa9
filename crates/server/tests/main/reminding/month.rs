//! A month with a virtual clock: sleep, a clock that is put forward and back, a channel that is down for days, a crash
//! between claiming and telling, two processes. Each reminder comes once on each channel, in time or late on waking.
//!
//! What should come is worked out beside the product, from the plan and the instants at which somebody looked.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sigu_case::Command;
use sigu_case::remind::Reminder;
use sigu_case::report::{OrderClosed, Outcome};
use sigu_server::reminding::channel::Field;
use sigu_server::reminding::{ChannelKind, ToldState, told};
use sigu_vault::JobBook;

use super::receivers::{Came, Mood, Receivers};
use super::{House, hours, minutes, wall};

/// A message: when, and about which clocks: order, code, due.
type Heard = BTreeMap<Timestamp, Vec<(String, String, String)>>;

fn heard(came: &[Came]) -> Heard {
    let mut all = Heard::new();
    for one in came {
        let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
        let at = text(&one.body, "sent_at").parse().unwrap();
        let clocks = one.body["clocks"].as_array().unwrap().iter();
        let about = clocks.map(|clock| (text(clock, "order"), text(clock, "clock"), text(clock, "due_at")));
        assert!(all.insert(at, about.collect()).is_none(), "one message at a time, not a storm");
    }
    all.values_mut().for_each(|clocks| clocks.sort());
    all
}

/// What should be heard: each reminder when somebody looks first after its time, outside quiet hours.
struct Expected {
    reminders: Vec<Reminder>,
    told: Vec<bool>,
    heard: Heard,
}

impl Expected {
    fn new(reminders: Vec<Reminder>) -> Self {
        Self { told: vec![false; reminders.len()], reminders, heard: Heard::new() }
    }

    fn look(&mut self, now: Timestamp) {
        let quiet = sigu_case::remind::Quiet::default().around(now);
        for (reminder, told) in self.reminders.iter().zip(&mut self.told) {
            let clock = &reminder.clock;
            let urgent = quiet
                .is_some_and(|(_, ends)| clock.kind.is_own() && clock.due_at >= now && clock.due_at <= ends);
            if *told || reminder.at > now || (quiet.is_some() && !urgent) {
                continue;
            }
            *told = true;
            let due = clock.due_at.display_with_offset(jiff::tz::offset(8)).to_string();
            let about = (clock.order.to_string(), clock.kind.to_string(), due);
            let all = self.heard.entry(now).or_default();
            if !all.contains(&about) {
                all.push(about);
            }
        }
        self.heard.values_mut().for_each(|clocks| clocks.sort());
    }
}

/// Orders through the month, with notices that stay unanswered.
fn orders(house: &House, begin: Timestamp) {
    for number in 0..12 {
        // Odd hours, so that windows begin and end by day and by night.
        let at = begin + hours(number * 53 + 7);
        let label = format!("o{number}");
        house.order(&label, at);
        if number % 2 == 0 {
            house.notice(&label, at + hours(3));
        }
    }
}

/// The instants at which a process looks: whenever the clock says that something is to be told, while it is awake.
fn looks(reminders: &[Reminder], begin: Timestamp, asleep: &[(Timestamp, Timestamp)]) -> Vec<Timestamp> {
    let awake = |at: &Timestamp| !asleep.iter().any(|(from, until)| (*from..*until).contains(at));
    let mut all: Vec<Timestamp> = reminders.iter().map(|one| one.at).collect();
    all.extend((0..30 * 24).step_by(6).map(|hour| begin + hours(hour)));
    all.extend(asleep.iter().map(|(_, until)| *until));
    all.sort();
    all.dedup();
    all.retain(awake);
    all
}

#[tokio::test]
async fn a_month_passes_and_each_reminder_comes_once() {
    let begin = wall("2026-11-01T00:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    let good = house.channel(ChannelKind::Json, &[(Field::Url, &receivers.url("json"))], begin);
    orders(&house, begin);
    // The plan of the whole month, to compare with: the product reads its own at every look.
    let end = begin + hours(24 * 34);
    let whole: Vec<Reminder> = house.with(|vault| {
        let (book, agendas) = (JobBook::open(&house.places).unwrap(), vault.agendas().unwrap());
        let plan = sigu_server::reminding::Plan::read(vault, &book, &agendas, begin, hours(24 * 34)).unwrap();
        plan.dues.iter().map(|due| due.reminder.clone()).collect()
    });
    assert!(whole.len() > 60, "{}", whole.len());
    let asleep = [
        (wall("2026-11-03T01:00"), wall("2026-11-03T09:30")),
        (wall("2026-11-08T12:00"), wall("2026-11-11T12:00")),
    ];
    let mut expected = Expected::new(whole.clone());
    let mut last = begin;
    for now in looks(&whole, begin, &asleep) {
        // Two processes look at once; each has read its own plan.
        let (one, other) = (house.plan(now), house.plan(now));
        let (first, second) = tokio::join!(house.go_by(&one, now), house.go_by(&other, now));
        assert!(first.failed.is_empty() && second.failed.is_empty());
        expected.look(now);
        // The clock is put back by two hours for a moment, and nothing comes twice.
        if now.duration_since(last) > hours(5) {
            house.pass(now - hours(2)).await;
        }
        last = now;
    }
    house.pass(end).await;
    expected.look(end);
    assert_eq!(heard(&receivers.came()), expected.heard);
    let kept = house.with(|vault| told(vault, &JobBook::open(&house.places).unwrap()).unwrap());
    assert_eq!(kept.len(), whole.len(), "each once");
    let awake = |at: Timestamp| !asleep.iter().any(|(from, until)| (*from..*until).contains(&at));
    for one in &kept {
        assert_eq!(one.channel, good);
        let late = one.since.duration_since(one.at) > minutes(10);
        assert_eq!(one.state == ToldState::ToldLate, late, "{one:?}");
        // Nothing is late but what fell into sleep; quiet hours were planned around.
        assert!(!late || !awake(one.at), "{one:?}");
    }
    assert!(kept.iter().any(|one| one.state == ToldState::ToldLate), "somebody slept");
}

#[tokio::test]
async fn a_clock_that_is_put_forward_and_back_loses_nothing_and_tells_nothing_twice() {
    let begin = wall("2026-11-02T09:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    house.channel(ChannelKind::Json, &[(Field::Url, &receivers.url("json"))], begin);
    house.order("a", begin);
    let mut expected = Expected::new(house.plan(begin).dues.iter().map(|due| due.reminder.clone()).collect());
    // Forty days ahead everything is too old to be told; nothing of it may be lost by that.
    for now in
        [begin + hours(24 * 40), begin + minutes(30), begin + hours(5), begin + hours(1), begin + hours(26)]
    {
        house.pass(now).await;
        if now < begin + hours(24 * 30) {
            expected.look(now);
        }
    }
    assert_eq!(heard(&receivers.came()), expected.heard);
    assert!(expected.told.iter().all(|told| *told));
}

#[tokio::test]
async fn what_was_missed_comes_as_one_message_that_says_so() {
    let begin = wall("2026-11-02T09:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    house.channel(ChannelKind::Json, &[(Field::Url, &receivers.url("json"))], begin);
    for number in 0..30 {
        house.order(&format!("o{number}"), begin + minutes(number));
    }
    let passed = house.pass(begin + hours(24 * 3)).await;
    let came = receivers.came();
    assert_eq!(came.len(), 1, "no storm");
    assert_eq!(came[0].body["count"], 60, "two clocks of each order");
    assert_eq!(came[0].body["late"], true);
    assert!(passed.told.iter().all(|one| one.late) && passed.told.len() == 30 * 8);
    let text = came[0].text();
    assert!(text.contains("下面的提醒来晚了") && text.contains("请打开四固查看"), "{text}");
    assert!(text.len() < 2_048, "{}", text.len());
    assert!(house.pass(begin + hours(24 * 3 + 1)).await.told.is_empty());
    assert!(receivers.came().is_empty());
}

#[tokio::test]
async fn a_crash_between_claim_and_told_is_told_again_with_a_word_of_warning() {
    let begin = wall("2026-11-02T09:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    house.channel(ChannelKind::Json, &[(Field::Url, &receivers.url("json"))], begin);
    house.order("a", begin);
    let now = begin + minutes(1);
    receivers.mood(Mood::Silent);
    {
        // It was sent and not answered when the process died.
        let dying = house.pass(now);
        tokio::select! {
            _ = dying => panic!("nobody answered"),
            () = receivers.arrived() => {}
        }
    }
    receivers.mood(Mood::Good);
    let first = receivers.came();
    assert_eq!((first.len(), first[0].mood), (1, Mood::Silent));
    let at_once = house.pass(now + minutes(1)).await;
    assert!(at_once.told.is_empty() && receivers.came().is_empty(), "another process may be at it");
    let again = house.pass(now + minutes(6)).await;
    let second = receivers.came();
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].body["repeated"], true);
    assert!(second[0].text().contains("可能是重复的"), "{}", second[0].text());
    assert_eq!(again.told.len(), 1);
    assert!(house.pass(now + minutes(12)).await.told.is_empty(), "and then no more");
}

#[tokio::test]
async fn a_channel_that_is_down_hears_it_late_and_the_others_in_time() {
    let begin = wall("2026-11-02T09:00");
    let (house, up, down) = (House::new(begin), Receivers::new().await, Receivers::new().await);
    let one = house.channel(ChannelKind::Json, &[(Field::Url, &up.url("json"))], begin);
    let other = house.channel(ChannelKind::Json, &[(Field::Url, &down.url("json"))], begin);
    house.order("a", begin);
    down.mood(Mood::Down(503));
    let mut now = begin;
    let mut tries = 0;
    let mut waits: Vec<SignedDuration> = Vec::new();
    while now < begin + hours(10) {
        let passed = house.pass(now).await;
        assert!(passed.told.iter().all(|told| told.channel == one));
        for failed in &passed.failed {
            tries += 1;
            assert_eq!((failed.channel, failed.why.code.as_str()), (other, "status"));
            waits.push(failed.next.unwrap().duration_since(now));
        }
        now += minutes(10);
    }
    assert!(tries <= 16, "it is left alone in between: {tries}");
    assert!(waits.is_sorted() && waits.last() == Some(&hours(1)), "{waits:?}");
    down.mood(Mood::Good);
    house.pass(begin + hours(10) + minutes(30)).await;
    let (first, late) = (up.came(), down.came());
    assert!(first.iter().all(|came| came.body["late"] == false) && first.len() > 2);
    assert_eq!(late.len(), 1, "one message for all of it");
    assert_eq!(late[0].body["late"], true);
    let count = |channel: u32| {
        let kept = house.with(|vault| told(vault, &JobBook::open(&house.places).unwrap()).unwrap());
        kept.iter().filter(|one| one.channel == channel).count()
    };
    assert_eq!(count(one), count(other));
}

#[tokio::test]
async fn what_may_have_arrived_is_sent_again_with_a_word_of_warning() {
    let begin = wall("2026-11-02T09:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    house.channel(ChannelKind::Wecom, &[(Field::Url, &receivers.url("wecom?key=k"))], begin);
    house.order("a", begin);
    receivers.mood(Mood::Page);
    let passed = house.pass(begin).await;
    assert!(passed.failed[0].why.unsure);
    receivers.mood(Mood::Good);
    house.pass(begin + minutes(1)).await;
    let came = receivers.came();
    assert_eq!(came.len(), 1);
    assert!(came[0].text().contains("可能是重复的"));
}

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "a folder out of the way, not one to keep")]
async fn a_locked_vault_is_reminded_of_by_the_plan_that_was_made() {
    let begin = wall("2026-11-02T09:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    house.channel(ChannelKind::Json, &[(Field::Url, &receivers.url("json"))], begin);
    house.order("a", begin);
    let plan = house.plan(begin);
    // Nothing below opens the vault: it is not even there.
    let (vault, away) = (house.places.vault.clone(), house.places.vault.with_extension("away"));
    std::fs::rename(&vault, &away).unwrap();
    for now in [begin, begin + hours(1), begin + hours(2), begin + hours(25)] {
        house.go_by(&plan, now).await;
    }
    std::fs::rename(&away, &vault).unwrap();
    let came = receivers.came();
    assert_eq!(came.len(), 4);
    let passed = house.pass(begin + hours(25)).await;
    assert!(passed.told.is_empty(), "what was told then is known now");
}

#[tokio::test]
async fn done_and_snoozed_are_not_told() {
    let begin = wall("2026-11-02T09:00");
    let (house, receivers) = (House::new(begin), Receivers::new().await);
    house.channel(ChannelKind::Json, &[(Field::Url, &receivers.url("json"))], begin);
    house.order("a", begin);
    house.pass(begin).await;
    receivers.came();
    let snoozed = house.with(|vault| {
        let (book, agendas) = (JobBook::open(&house.places).unwrap(), vault.agendas().unwrap());
        let agendas: Vec<_> = agendas.iter().collect();
        let kind = sigu_case::clock::ClockKind::VerifyPlan;
        let late =
            sigu_server::reminding::put_off(vault, &book, &agendas, ("a", kind), Some(hours(2)), begin);
        assert!(matches!(late, Err(sigu_server::reminding::NotPutOff::TooLate(_))), "it ends before");
        sigu_server::reminding::put_off(vault, &book, &agendas, ("a", kind), Some(minutes(100)), begin)
            .unwrap()
    });
    assert_eq!(snoozed.1, Some(begin + minutes(100)));
    assert!(house.pass(begin + minutes(60)).await.told.is_empty(), "half time is passed over");
    let passed = house.pass(begin + minutes(100)).await;
    assert_eq!(passed.told.len(), 1);
    assert!(passed.told[0].reminder.distance.to_string().starts_with("snoozed-"));
    // The order is closed, and its clocks are gone.
    let (order, at) = ("a".parse().unwrap(), begin + minutes(101));
    let closed = OrderClosed { at, order, outcome: Outcome::Fine, note: None };
    house.with(|vault| vault.execute(vec![Command::Report(closed.into())], at).unwrap());
    receivers.came();
    for now in [at, begin + hours(12), begin + hours(25), begin + hours(24 * 4)] {
        assert!(house.pass(now).await.told.is_empty());
    }
    assert!(receivers.came().is_empty());
}
