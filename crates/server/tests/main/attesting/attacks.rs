//! What an owner, or a thief of a key, might try with time and history, and who notices.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use jiff::{SignedDuration, Timestamp};
use sigu_server::attesting::{Memory, standing};
use sigu_server::outside::services::Services;
use sigu_server::{Words, told};
use sigu_vault::{AlarmSign, Disk, adopt};

use super::{House, World};
use crate::support::outside::{clock, run};

fn only_witnesses(list: &Services) -> Services {
    Services { timestamps: vec![], calendars: vec![], beacons: vec![], ..list.clone() }
}

fn only(list: &Services, place: usize) -> Services {
    let mut one = only_witnesses(list);
    one.witnesses = vec![list.witnesses[place].clone()];
    one.policy_text = "quorum none\n".to_owned();
    one
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_put_back_is_told_by_a_witness() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    house.ask(&only_witnesses(&world.list));
    house.say("one");
    house.pass(false).await;
    // The vault and this machine's own memory of it: nothing here notices.
    let old = house.copy();
    house.say("two");
    assert!(house.pass(false).await.alarm.is_none());
    old.say("another two");
    let seen = house.with(|vault| vault.newest_attestable().unwrap().size());
    let alarm = old.pass(true).await.alarm.unwrap();
    assert!(alarm.witness.starts_with('w') && alarm.log == 1, "{alarm:?}");
    assert!(matches!(alarm.sign, AlarmSign::Another { .. } | AlarmSign::More { .. }), "{seen} {alarm:?}");
    assert!(old.try_say("three").is_err(), "nothing more is signed");
    assert_eq!(old.check(), ["seen-otherwise"]);
    old.app.identity.get().unwrap();
    let places = &old.app.places;
    adopt(places, &old.app.identity.get().unwrap(), clock(), Disk::default()).unwrap();
    old.say("in a new log");
    assert_eq!(old.check(), [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_behind_what_a_witness_saw_is_told() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    house.ask(&only_witnesses(&world.list));
    house.say("one");
    let old = house.copy();
    for text in ["two", "three", "four"] {
        house.say(text);
    }
    house.pass(false).await;
    let alarm = old.pass(false).await.alarm.unwrap();
    assert!(matches!(alarm.sign, AlarmSign::More { size } if size > 3), "{alarm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_signed_and_showed_meanwhile_is_no_alarm() {
    let house = Arc::new(House::new());
    let world = World::new(&house.vkey()).await;
    house.say("one");
    let own = house.clone();
    // Between question and answer the log grows, and the witness is shown that.
    let saw = move || {
        let own = own.clone();
        let grow = move || {
            own.say("meanwhile");
            own.with(|vault| vault.newest_attestable().unwrap().size())
        };
        async move {
            let size = tokio::task::spawn_blocking(grow).await.unwrap();
            (StatusCode::CONFLICT, format!("{size}\n"))
        }
    };
    let mut list = only(&world.list, 0);
    list.witnesses[0].url = run(Router::new().route("/add-checkpoint", post(saw))).await;
    house.ask(&list);
    assert_eq!(house.pass(true).await.alarm, None);
    house.say("and it goes on growing");
    house.ask(&only(&world.list, 0));
    let passed = house.pass(true).await;
    assert_eq!((passed.kept.len(), passed.alarm), (1, None));
    assert_eq!(house.check(), [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_histories_shown_to_two_witnesses_meet_at_either() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    let other = house.copy();
    house.say("I never had the card");
    other.say("the card was used already");
    house.ask(&only(&world.list, 0));
    other.ask(&only(&world.list, 1));
    assert_eq!(house.pass(false).await.kept.len(), 1);
    assert_eq!(other.pass(false).await.kept.len(), 1, "a witness alone sees one history");
    house.ask(&only_witnesses(&world.list));
    let alarm = house.pass(true).await.alarm.unwrap();
    assert_eq!((alarm.witness.as_str(), alarm.log), ("w2", 1));
    assert!(matches!(alarm.sign, AlarmSign::Another { .. }), "{alarm:?}");
    let memory = Memory::read(&house.app.places.state);
    let found = house.with(|vault| standing(vault, &memory, true).unwrap());
    for words in [Words::chinese(), Words::in_english()] {
        let said = told::alarm(found.alarm.as_ref().unwrap(), &words, |at| at.to_string());
        assert!(said.contains("w2") && said.contains('1'), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_is_told_by_the_first_token() {
    fn long_ago() -> Timestamp {
        clock() - SignedDuration::from_hours(24 * 30)
    }
    let house = House::new().at(long_ago);
    let world = World::new(&house.vkey()).await;
    house.ask(&world.list);
    let item = house.say("written a month ago, it says");
    let claimed = house.with(|vault| vault.logged_at(&[item]).unwrap()[&item]);
    assert!(clock().duration_since(claimed) > SignedDuration::from_hours(24 * 29));
    // The pass itself asks by the real clock of the net; the vault claims the false one.
    house.pass(false).await;
    let by = house.between(item).not_after.iter().find(|word| word.by == "service").unwrap().at;
    assert!(by.duration_since(claimed) > SignedDuration::from_hours(24 * 29), "no proof goes back with it");
    let later = house.say("and this too");
    assert!(house.check().contains(&"clock-behind"), "a leaf that names a token it cannot have known");
    assert!(house.between(later).not_before.unwrap().at > claimed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_key_signs_what_no_witness_takes() {
    let house = House::new();
    let world = World::new(&house.vkey()).await;
    house.ask(&only_witnesses(&world.list));
    let thief = house.copy();
    house.say("one");
    house.pass(false).await;
    // The owner goes on in a new log; the thief still has the key of the old one.
    adopt(&house.app.places, &house.app.identity.get().unwrap(), clock(), Disk::default()).unwrap();
    thief.say("a forged entry");
    thief.say("and one more");
    let alarm = thief.pass(true).await.alarm.unwrap();
    assert!(matches!(alarm.sign, AlarmSign::Another { .. }), "{alarm:?}");
    // Witnesses do not know the new log before somebody tells them.
    let passed = house.pass(true).await;
    let why: Vec<&str> = passed.unanswered.iter().map(|one| one.why.code.as_str()).collect();
    assert_eq!(why, ["unknown-log"; 2]);
    for witness in &world.witnesses {
        witness.witness.add(&house.vkey()).unwrap();
    }
    assert_eq!(house.pass(true).await.kept.len(), 2);
}
