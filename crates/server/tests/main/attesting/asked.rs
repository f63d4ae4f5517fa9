//! Everybody is asked, once, and what they say is kept; nobody answers, and nothing is lost by it.

use jiff::{SignedDuration, Timestamp};
use sigu_server::answers::{OutsiderKind, OutsiderState};
use sigu_server::attesting::{BlockHeader, Memory, standing, take_header};
use sigu_server::outside::ask::{Submitted, Witnessed, ask_witness};
use sigu_server::outside::services::Services;
use sigu_server::{Words, told};
use sigu_vault::Said;

use super::{House, World};
use crate::support::outside::{Calendars, clock, net, nobody};

fn who(passed: &sigu_server::attesting::Passed) -> Vec<&str> {
    let mut who: Vec<&str> = passed.kept.iter().map(|(who, _)| who.as_str()).collect();
    who.sort_unstable();
    who
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_asked_once_and_every_answer_is_kept() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    house.ask(&world.list);
    let first = house.say("before anybody was asked");
    let began = clock();
    let passed = house.pass(false).await;
    let ended = clock();
    let witnesses = world.list.witnesses.iter().map(|one| one.key.name().to_owned());
    let mut all: Vec<String> =
        ["one", "two", "good-a good-b"].map(str::to_owned).into_iter().chain(witnesses).collect();
    all.sort();
    assert_eq!(who(&passed), all, "{:?}", passed.unanswered);
    assert_eq!((passed.round, passed.unanswered.len(), passed.alarm), (Some(123), 0, None));

    let second = house.say("after the tokens");
    let between = house.between(first);
    assert_eq!(between.not_before, None);
    let services: Vec<Timestamp> =
        between.not_after.iter().filter(|word| word.by == "service").map(|word| word.at).collect();
    let slack = SignedDuration::from_secs(2);
    assert_eq!(services.len(), 2);
    assert!(services.iter().all(|at| *at >= began - slack && *at <= ended + slack), "{services:?}");
    assert_eq!(between.not_after.iter().filter(|word| word.by == "witness").count(), 2);
    let between = house.between(second);
    let before = between.not_before.unwrap();
    assert_eq!(before.by, "service", "a token of today is younger than a round of 2023");
    assert!(before.at >= began - slack && between.not_after.is_empty());

    let (sent, again) = (world.calendars.sent("good-a").len(), house.pass(false).await);
    assert_eq!(who(&again).len(), 4, "calendars are asked once a day: {:?}", again.kept);
    assert_eq!(world.calendars.sent("good-a").len(), sent);
    let nothing = house.pass(false).await;
    assert!(nothing.kept.is_empty() && nothing.unanswered.is_empty() && nothing.next.is_some());
    assert!(house.between(second).width_ms.unwrap() >= 0, "the width of its bracket");

    let memory = Memory::read(&house.app.places.state);
    let found = house.with(|vault| standing(vault, &memory, true).unwrap());
    assert_eq!((found.voices, found.quorum, found.asks), (4, Some(true), true));
    assert_eq!(house.check(), [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_are_digests_and_checkpoints() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    house.ask(&world.list);
    house.say("secret words of a case");
    house.pass(false).await;
    let sent = world.calendars.sent("good-a");
    assert_eq!(sent.iter().map(Vec::len).collect::<Vec<_>>(), [32]);
    let note = house.with(|vault| vault.proofs().unwrap());
    let note = house.with(|vault| vault.checkpoint_of(1, note[0].size).unwrap().note().to_owned());
    let digest = sigu_evidence::ContentId::of(note.as_bytes());
    assert_ne!(&sent[0], digest.as_bytes(), "a calendar does not even see the digest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_without_a_net_costs_one_request_of_each_when_it_is_back() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    let none = nobody().await;
    let mut gone = world.list.clone();
    gone.timestamps.iter_mut().for_each(|one| one.url.clone_from(&none));
    gone.timestamps[1].url = nobody().await;
    gone.witnesses.iter_mut().for_each(|one| one.url.clone_from(&none));
    gone.calendars.iter_mut().enumerate().for_each(|(place, one)| one.url = format!("{none}/{place}"));
    gone.beacons.iter_mut().for_each(|one| one.url.clone_from(&none));
    house.ask(&gone);
    for day in 0..30 {
        house.say(&format!("day {day}"));
        let passed = house.pass(day % 2 == 0).await;
        assert!(passed.kept.is_empty() && passed.alarm.is_none());
        if day == 0 {
            let why: Vec<&str> = passed.unanswered.iter().map(|one| one.why.code.as_str()).collect();
            assert_eq!(why, ["unreachable"; 7]);
        }
    }
    let waits = house.pass(false).await;
    assert!(waits.unanswered.is_empty(), "nobody is asked before it is time");
    house.ask(&world.list);
    let mut memory = Memory::read(&house.app.places.state);
    memory.forgive();
    memory.write(&house.app.places.state).unwrap();
    let passed = house.pass(false).await;
    assert_eq!(passed.kept.len(), 5);
    assert_eq!(world.calendars.sent("good-a").len(), 1);
    let proofs = house.with(|vault| vault.proofs().unwrap());
    let size = house.with(|vault| vault.attestable().unwrap().size());
    assert!(proofs.iter().all(|proof| proof.size == size), "what is newest covers all");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_saw_what_is_newest_answers_all_the_same() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    let mut list = world.list.clone();
    list.calendars.clear();
    list.beacons.clear();
    list.witnesses.clear();
    list.policy_text = "quorum none\n".to_owned();
    house.ask(&list);
    house.say("once");
    assert_eq!(house.pass(false).await.kept.len(), 2);
    // The tokens are leaves by now. What the witness answers to the newest checkpoint gets lost on its way.
    let (target, newest) =
        house.with(|vault| (vault.attestable().unwrap(), vault.newest_attestable().unwrap()));
    assert!(target.size() < newest.size());
    let submitted = Submitted { signed: &newest.signed, last_cosigned: 0, largest_signed: newest.size() };
    let witness = &world.list.witnesses[0];
    let lost = ask_witness(&net(), witness, submitted, |_| std::future::ready(None)).await;
    assert!(matches!(lost, Witnessed::Cosigned { .. }), "{lost:?}");
    list.witnesses = vec![witness.clone()];
    house.ask(&list);
    assert_eq!(who(&house.pass(false).await), [witness.key.name()]);
    let proof = house.with(|vault| vault.proofs().unwrap().pop().unwrap());
    assert_eq!(proof.size, newest.size());
    assert!(house.pass(false).await.kept.is_empty(), "it is not asked again");
    assert_eq!(house.check(), [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_none_are_not_kept_and_the_good_one_is() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    let ways = ["garbage", "wronghash", "replay", "reject", "wrongroot", "expired", "500", "cut"];
    let tsa = &world.services[0];
    let mut list = Services { timestamps: Vec::new(), ..world.list.clone() };
    for way in ways {
        list.timestamps.push(tsa.service(&format!("s-{way}"), &format!("/{way}")));
    }
    list.timestamps.push(tsa.service("good", "/"));
    // One host answers for all of them here; in the world they are many.
    house.ask(&list);
    house.say("once");
    let mut kept = Vec::new();
    let mut failed = Vec::new();
    for _ in 0..=list.timestamps.len() {
        let passed = house.pass(false).await;
        kept.extend(passed.kept.into_iter().map(|(who, _)| who));
        failed.extend(passed.unanswered.into_iter().map(|one| (one.who, one.why.code)));
    }
    assert!(kept.contains(&"good".to_owned()), "{kept:?}");
    assert!(!kept.iter().any(|who| who.starts_with("s-")), "{kept:?}");
    for way in ways {
        assert!(failed.iter().any(|(who, _)| *who == format!("s-{way}")), "{way}: {failed:?}");
    }
    let tokens = house.with(|vault| vault.proofs().unwrap());
    let tokens = tokens.iter().filter(|proof| matches!(proof.said, Said::Token { .. })).count();
    assert_eq!((tokens, house.check()), (1, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_becomes_a_block_and_a_header_a_time() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    house.ask(&Services {
        timestamps: vec![],
        witnesses: vec![],
        policy_text: "quorum none\n".into(),
        ..world.list.clone()
    });
    let item = house.say("once");
    house.pass(false).await;
    let stands = || {
        let memory = Memory::read(&house.app.places.state);
        let found = house.with(|vault| standing(vault, &memory, true).unwrap()).outsiders;
        let one = found.into_iter().find(|one| one.kind == OutsiderKind::Calendars).unwrap();
        let wanted = told::headers_wanted(&one, &Words::in_english()).unwrap_or_default();
        (one.state, one.promises, one.headers_wanted, wanted)
    };
    assert_eq!(stands(), (OutsiderState::Promised, 1, vec![], String::new()));
    let said = |house: &House| house.with(|vault| vault.proofs().unwrap().pop().unwrap().said);
    assert_eq!(said(&house), Said::Promised);
    assert_eq!(house.between(item).not_after, [], "a promise proves nothing");
    house.pass(true).await;
    assert_eq!(said(&house), Said::Promised, "not yet");
    let headers = world.calendars.mine();
    house.pass(true).await;
    assert_eq!(said(&house), Said::Block { height: Calendars::HEIGHT, latest: None });
    assert_eq!(house.between(item).not_after, [], "who knows that block?");
    let wanted = "Headers wanted of Bitcoin blocks 920000.".to_owned();
    assert_eq!(stands(), (OutsiderState::Header, 0, vec![Calendars::HEIGHT], wanted));
    let stranger = BlockHeader::read(&[7; 80]).unwrap();
    assert_eq!(house.with(|vault| take_header(vault, &stranger, clock()).unwrap()), None);
    let taken = headers.iter().find_map(|bytes| {
        let header = BlockHeader::read(bytes).unwrap();
        house.with(|vault| take_header(vault, &header, clock()).unwrap())
    });
    assert_eq!(taken.map(|taken| taken.height), Some(Calendars::HEIGHT));
    assert_eq!(house.between(item).not_after.iter().map(|word| word.by).collect::<Vec<_>>(), ["block"]);
    assert_eq!(stands(), (OutsiderState::Whole, 0, vec![], String::new()));
    let asked = world.calendars.asked().len();
    house.pass(true).await;
    assert_eq!(world.calendars.asked().len(), asked, "what lies in a block is asked for no more");
    assert_eq!(house.check(), [] as [&str; 0]);
}
