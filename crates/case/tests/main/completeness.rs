//! What fills which need, and when a fixation is complete (S11–S20).

use sigu_case::{Channel, Completeness, Event, FactGap, FixationKind, ItemId, Need, OrderFacts, Slot, State};

use crate::made::{erased, facts, fixed, item, opened, order_a, said, state_of};

use FixationKind::{Communication, Delivery, Description, Transaction};
use Need::{DeliveryResult, Dialogue, OrderPage, ProductPage, Recording, Voucher};

fn state(events: &[Event]) -> State {
    state_of([opened("A", facts())].into_iter().chain(events.iter().cloned()))
}

fn completeness(events: &[Event]) -> Completeness {
    Completeness::of(order_a(&state(events)))
}

/// Expects, after these events on order `A`, needs that are not met and fixations that are complete.
fn check(events: &[Event], missing: &[Need], complete: &[FixationKind]) {
    let found = completeness(events);
    assert_eq!(found.missing(), missing, "{events:?}");
    let done = found.fixations.iter().filter(|fixation| fixation.complete).map(|fixation| fixation.kind);
    assert_eq!(done.collect::<Vec<_>>(), complete, "{events:?}");
    assert_eq!(found.complete(), complete.len());
}

fn slot(slot: Slot) -> Event {
    fixed("A", slot)
}

#[test]
fn there_are_four_fixations_in_the_order_of_the_article() {
    let kinds: Vec<_> = completeness(&[]).fixations.iter().map(|fixation| fixation.kind).collect();
    assert_eq!(kinds, FixationKind::ALL);
    assert_eq!(kinds, [Transaction, Description, Communication, Delivery]);
}

#[test]
fn each_need_is_filled_by_its_slot_and_by_no_other() {
    let nothing = [OrderPage, Voucher, ProductPage, Dialogue, DeliveryResult, Recording];
    check(&[], &nothing, &[]);
    // S13: an order page is no voucher, and a voucher no order page.
    check(&[slot(Slot::Transaction)], &[Voucher, ProductPage, Dialogue, DeliveryResult, Recording], &[]);
    check(&[slot(Slot::Voucher)], &[OrderPage, ProductPage, Dialogue, DeliveryResult, Recording], &[]);
    let both = [slot(Slot::Voucher), slot(Slot::Transaction)];
    check(&both, &[ProductPage, Dialogue, DeliveryResult, Recording], &[Transaction]);
    let rest = [OrderPage, Voucher, Dialogue, DeliveryResult, Recording];
    check(&[slot(Slot::Description)], &rest, &[Description]);
    let rest = [OrderPage, Voucher, ProductPage, DeliveryResult, Recording];
    check(&[slot(Slot::Chat)], &rest, &[Communication]);
    let rest = [OrderPage, Voucher, ProductPage, Dialogue, Recording];
    check(&[slot(Slot::Delivery)], &rest, &[Delivery]);
    // S20: a recording is best, and does not stand in for the result.
    let rest = [OrderPage, Voucher, ProductPage, Dialogue, DeliveryResult];
    check(&[slot(Slot::Recording)], &rest, &[]);
    check(&[slot(Slot::Other), slot(Slot::Other)], &nothing, &[]);
}

#[test]
fn a_need_belongs_to_the_fixation_of_its_slot() {
    for need in Need::ALL {
        assert_eq!(need.slot().fixation(), Some(need.fixation()), "{need:?}");
        assert_eq!(need.required(), need != Recording, "{need:?}");
    }
    assert_eq!(Slot::Other.fixation(), None);
}

#[test]
fn all_four_are_complete_without_a_recording() {
    let slots = [Slot::Transaction, Slot::Voucher, Slot::Description, Slot::Chat, Slot::Delivery];
    check(&slots.map(slot), &[Recording], &FixationKind::ALL);
    check(&Slot::ALL.map(slot), &[], &FixationKind::ALL);
}

#[test]
fn recorded_messages_are_dialogue() {
    let rest = [OrderPage, Voucher, ProductPage, DeliveryResult, Recording];
    for on in Channel::ALL {
        let mut message = said("A");
        if let Event::MessageRecorded { channel, .. } = &mut message {
            *channel = on;
        }
        check(&[message], &rest, &[Communication]);
    }
    let found = completeness(&[said("A"), slot(Slot::Chat), said("A")]);
    let dialogue = &found.fixations[2].needs[0];
    let items: Vec<ItemId> = dialogue.filled_by.iter().map(|(item, _)| *item).collect();
    assert_eq!(items, [item(1), item(2), item(3)]);
}

#[test]
fn what_was_erased_does_not_count() {
    let nothing = Need::ALL;
    let gone = |event: Event, fields: &[&str]| [event, erased(item(1), fields)];
    for one in Slot::ALL {
        check(&gone(slot(one), &[]), &nothing, &[]);
    }
    check(&gone(said("A"), &[]), &nothing, &[]);
    // Without its note a page is still a page.
    let rest = [OrderPage, Voucher, Dialogue, DeliveryResult, Recording];
    check(&gone(slot(Slot::Description), &["note"]), &rest, &[Description]);
    // A second item fills the need again.
    let events = [slot(Slot::Chat), erased(item(1), &[]), said("A")];
    check(&events, &[OrderPage, Voucher, ProductPage, DeliveryResult, Recording], &[Communication]);
    // Replayed after the erasure, the leaf no longer has a manifest.
    let mut replayed = slot(Slot::Delivery);
    if let Event::EvidenceFixed { manifest, .. } = &mut replayed {
        *manifest = None;
    }
    check(&[replayed], &nothing, &[]);
}

#[test]
fn items_of_another_order_do_not_count() {
    let other = opened("B", facts());
    let events = [other, fixed("B", Slot::Chat), fixed("C", Slot::Delivery), said("B")];
    check(&events, &Need::ALL, &[]);
}

#[test]
fn facts_that_are_unknown_are_named() {
    let check = |facts: OrderFacts, gaps: &[FactGap]| {
        let state = state_of([opened("A", facts)]);
        assert_eq!(Completeness::of(order_a(&state)).gaps, gaps);
    };
    check(OrderFacts::default(), &FactGap::ALL);
    check(facts(), &[]);
    check(OrderFacts { order_no: None, ..facts() }, &[FactGap::OrderNo]);
    check(OrderFacts { amount_fen: None, ..facts() }, &[FactGap::Amount]);
    check(OrderFacts { merchant: None, ..facts() }, &[FactGap::Merchant]);
    check(OrderFacts { paid_at: None, ..facts() }, &[FactGap::PaidAt]);
    // An amount of nothing is known; neither the title nor the platform is asked for.
    check(OrderFacts { amount_fen: Some(0), title: None, platform: None, ..facts() }, &[]);
}
