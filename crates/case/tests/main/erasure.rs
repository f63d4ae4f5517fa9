//! Erasure: the state after the event is the state a replay gives from the leaves that are left.

use sigu_case::wire::v1::{KEPT_ON_ERASE, from_wire, to_wire};
use sigu_case::{Event, Recorded, Slot, State};

use crate::made::{NOW, erased, facts, fixed, item, opened, recorded, replay, said, time};

/// Order `A` (leaf 0) with an exhibit (1) and a message (2).
fn log() -> Vec<Event> {
    vec![opened("A", facts()), fixed("A", Slot::Delivery), said("A")]
}

/// The leaf as it can still be read: without the named fields, or with none but those that are always kept.
fn left_of(event: &Event, fields: &[&str]) -> Event {
    let (kind, written) = to_wire(event).unwrap();
    let mut left = written.clone();
    for (name, _) in written.iter() {
        let name = name.as_str();
        if if fields.is_empty() { !KEPT_ON_ERASE.contains(&name) } else { fields.contains(&name) } {
            left.remove(name);
        }
    }
    from_wire(kind, &left).unwrap().unwrap()
}

fn state(mut events: Vec<Event>, seq: u64, fields: &[&str]) -> State {
    events.push(erased(item(seq), fields));
    replay(&recorded(events, time(NOW)))
}

/// Erases fields of one leaf and expects the same from the running state and from a replay of what is left.
fn check(seq: usize, fields: &[&str], gone: bool) -> State {
    let live = state(log(), seq as u64, fields);
    let mut events = log();
    events[seq] = left_of(&events[seq], fields);
    assert_eq!(live, state(events, seq as u64, fields), "{seq} {fields:?}");
    assert_eq!(live.erased(item(seq as u64)), Some(gone), "{seq} {fields:?}");
    live
}

#[test]
fn running_and_replayed_states_agree() {
    check(1, &[], true);
    check(1, &["note"], false);
    check(1, &["file.name"], false);
    check(1, &["file.modified_at"], false);
    check(1, &["note", "file.name", "file.modified_at"], false);
    check(2, &[], true);
}

#[test]
fn what_an_exhibit_was_for_stays_and_what_it_was_goes() {
    let state = check(1, &[], true);
    let order = state.owner(item(1)).unwrap();
    let exhibit = &order.exhibits[0];
    assert_eq!((exhibit.slot, exhibit.fixed_at), (Slot::Delivery, time(NOW)));
    assert!(exhibit.formed_at.is_some());
    assert_eq!((exhibit.manifest(), &exhibit.note), (None, &None));
    let message = &order.messages[0];
    assert!(message.text.is_some(), "the neighbour is untouched");
}

#[test]
fn when_and_where_a_message_was_said_stays_and_its_words_go() {
    let state = check(2, &[], true);
    let order = state.owner(item(2)).unwrap();
    let (left, Event::MessageRecorded { said_at, direction, channel, .. }) = (&order.messages[0], said("A"))
    else {
        unreachable!("the message of the table")
    };
    assert_eq!((left.said_at, left.direction, left.channel), (said_at, direction, channel));
    assert_eq!(left.text, None);
    assert!(order.exhibits[0].manifest().is_some(), "the neighbour is untouched");
}

#[test]
fn erasing_twice_is_erasing_once() {
    let mut once = state(log(), 1, &[]);
    let again = Recorded { item: item(9), at: time(NOW), event: erased(item(1), &[]) };
    let before = once.clone();
    once.apply(again);
    assert_eq!(once, before);
}

#[test]
fn erasing_what_is_not_there_changes_no_order() {
    let before = replay(&recorded(log(), time(NOW)));
    for seq in [0, 7] {
        let after = state(log(), seq, &[]);
        assert!(after.orders().eq(before.orders()), "{seq}");
        assert_eq!(after.erased(item(seq)), None);
    }
}
