//! Properties of replay: it never fails, and the log up to any leaf gives the one state it gave then.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sigu_case::page::PageFixed;
use sigu_case::wire::v1::{from_wire, to_wire};
use sigu_case::{
    Channel, Command, Completeness, Direction, Event, GoodsKind, ItemId, MessageDetail, OrderFacts, OrderId,
    Recorded, Refusal, Slot, State, decide,
};
use sigu_evidence::{FieldValue, ItemManifest};

use crate::made::{item, label, manifest, replay, time};

/// Most leaves of a generated log; erasures name leaves up to a few past it.
const LEAVES: usize = 24;

fn labels() -> impl Strategy<Value = OrderId> {
    select(vec!["A", "B", "C"]).prop_map(label)
}

/// Any instant that decide may let pass, to the millisecond.
fn times() -> impl Strategy<Value = Timestamp> {
    (946_684_800_000_i64..4_102_444_800_000).prop_map(|ms| Timestamp::from_millisecond(ms).unwrap())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", "[ \n\t\u{3000}]{0,3}", Just("卡密：7QKD-ZT4M-90XA-11PL".to_owned())]
}

fn facts() -> impl Strategy<Value = OrderFacts> {
    let text = || option::of(texts());
    let amount = option::of(-2..=10_000_000_002_i64);
    let time = || option::of(times());
    let goods = option::of(select(GoodsKind::ALL.to_vec()));
    (text(), goods, text(), amount, text(), text(), time(), time()).prop_map(
        |(title, goods, order_no, amount_fen, merchant, platform, paid_at, delivered_at)| OrderFacts {
            title,
            goods,
            order_no,
            amount_fen,
            merchant,
            platform,
            paid_at,
            delivered_at,
            ..OrderFacts::default()
        },
    )
}

fn manifests() -> impl Strategy<Value = ItemManifest> {
    (any::<u32>(), any::<bool>()).prop_map(|(size, named)| ItemManifest {
        size: size.into(),
        file_name: named.then(|| "截图.png".to_owned()),
        ..manifest()
    })
}

fn items() -> impl Strategy<Value = ItemId> {
    (1_u32..3, 0..LEAVES as u64 + 4).prop_map(|(log, seq)| ItemId::new(log, seq))
}

fn pages() -> impl Strategy<Value = &'static str> {
    select(vec!["rules", "shop"])
}

fn erased_fields() -> impl Strategy<Value = Vec<String>> {
    vec(select(vec!["note", "text", "blob.sha256", "order", "no.such"]).prop_map(str::to_owned), 0..3)
}

fn events() -> impl Strategy<Value = Event> {
    let slots = select(Slot::ALL.to_vec());
    let directions = select(vec![Direction::In, Direction::Out]);
    let channels = select(Channel::ALL.to_vec());
    prop_oneof![
        select(crate::reports::every_kind()).prop_map(Event::Reported),
        (labels(), facts()).prop_map(|(order, facts)| Event::OrderOpened { order, facts }),
        (labels(), facts()).prop_map(|(order, facts)| Event::OrderAmended { order, facts }),
        (labels(), slots, option::of(times()), option::of(texts()), option::of(manifests())).prop_map(
            |(order, slot, formed_at, note, manifest)| Event::EvidenceFixed {
                order,
                slot,
                formed_at,
                note,
                manifest
            }
        ),
        (labels(), times(), directions, channels, option::of(texts())).prop_map(
            |(order, said_at, direction, channel, text)| Event::MessageRecorded {
                detail: MessageDetail::default(),
                order,
                said_at,
                direction,
                channel,
                text
            }
        ),
        (pages(), option::of(manifests())).prop_map(|(page, manifest)| {
            Event::PageFixed(Box::new(PageFixed { manifest, ..crate::made::page_fixed(page) }))
        }),
        labels().prop_map(|order| Event::ExportMade { order }),
        (items(), erased_fields()).prop_map(|(item, fields)| Event::ContentErased { item, fields }),
    ]
}

/// A log as it may lie on a disk: nobody asked whether its events make sense.
fn logs() -> impl Strategy<Value = Vec<Recorded>> {
    let place = |(seq, (at, event))| Recorded { item: item(seq), at, event };
    vec((times(), events()), 0..LEAVES).prop_map(move |log| (0..).zip(log).map(place).collect())
}

/// The command that asks for an event; replayed leftovers are asked for whole.
fn command(event: Event) -> Command {
    match event {
        Event::OrderOpened { order, facts } => Command::OpenOrder { order, facts },
        Event::OrderAmended { order, facts } => Command::AmendOrder { order, facts },
        Event::EvidenceFixed { order, slot, formed_at, note, manifest: kept } => {
            let manifest = kept.unwrap_or_else(manifest);
            Command::FixEvidence { order, slot, formed_at, note, manifest }
        }
        Event::MessageRecorded { order, said_at, direction, channel, text, detail } => {
            Command::RecordMessage {
                order,
                said_at,
                direction,
                channel,
                detail,
                text: text.unwrap_or_default(),
            }
        }
        Event::ExportMade { order } => Command::MakeExport { order },
        Event::PageFixed(fixed) => Command::FixPage(fixed),
        Event::Reported(report) => Command::Report(report),
        Event::ContentErased { item, fields } => Command::EraseContent { item, fields },
    }
}

fn stored(one: &Recorded) -> Recorded {
    let (kind, fields) = to_wire(&one.event).unwrap();
    Recorded { event: from_wire(kind, &fields).unwrap().unwrap(), ..one.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_log_can_be_replayed_and_any_prefix_gives_what_it_gave(log in logs()) {
        let stored: Vec<Recorded> = log.iter().map(stored).collect();
        prop_assert_eq!(&stored, &log);
        let mut state = State::default();
        for (len, one) in log.iter().enumerate() {
            prop_assert_eq!(&state, &replay(&stored[..len]));
            state.apply(one.clone());
        }
        prop_assert_eq!(&state, &replay(&stored));
    }

    #[test]
    fn whatever_is_not_placed_is_reported(log in logs()) {
        let state = replay(&log);
        for one in &log {
            let Some(order) = one.event.order().filter(|_| !matches!(one.event, Event::OrderOpened { .. })) else {
                continue;
            };
            let reported = state.unplaced().iter().any(|left| (left.item, &left.order) == (one.item, order));
            let placed = state.owner(one.item).is_some_and(|owner| owner.id == *order);
            prop_assert!(reported != placed, "{:?}", one);
        }
    }

    #[test]
    fn every_state_has_its_four_fixations(log in logs()) {
        for order in replay(&log).orders() {
            let found = Completeness::of(order);
            prop_assert_eq!(found.fixations.len(), 4);
            for state in found.fixations.iter().flat_map(|fixation| &fixation.needs) {
                prop_assert_eq!(state.met(), !found.missing().contains(&state.need));
                prop_assert!(state.filled_by.is_sorted_by_key(|(item, _)| *item));
            }
        }
    }

    #[test]
    fn what_is_decided_finds_its_place_and_can_be_stored(asked in vec((times(), events()), 0..LEAVES)) {
        let mut state = State::default();
        let mut seq = 0;
        for (at, event) in asked {
            for event in decide(&state, &command(event), at).unwrap_or_default() {
                let one = Recorded { item: item(seq), at, event };
                prop_assert_eq!(&stored(&one), &one);
                state.apply(one);
                seq += 1;
            }
        }
        prop_assert_eq!(state.unplaced(), []);
        for order in state.orders() {
            prop_assert!(order.facts.amount_fen.is_none_or(|fen| (0..=10_000_000_000).contains(&fen)));
        }
    }

    #[test]
    fn amounts_stay_the_whole_numbers_they_were(fen in prop_oneof![any::<i64>(), 0..=10_000_000_000_i64]) {
        let facts = OrderFacts { amount_fen: Some(fen), ..OrderFacts::default() };
        let command = Command::OpenOrder { order: label("A"), facts };
        let answer = decide(&State::default(), &command, time("2026-09-20T12:00:00Z"));
        if !(0..=10_000_000_000).contains(&fen) {
            prop_assert_eq!(answer, Err(Refusal::ImpossibleAmount(fen)));
            return Ok(());
        }
        let (kind, fields) = to_wire(&answer.unwrap()[0]).unwrap();
        prop_assert_eq!(fields.get("order.amount_fen"), Some(&FieldValue::Int(fen)));
        let Ok(Some(Event::OrderOpened { facts, .. })) = from_wire(kind, &fields) else {
            return Err(TestCaseError::fail("not the event it was"));
        };
        prop_assert_eq!(facts.amount_fen, Some(fen));
    }
}
