//! The stored form: every event comes back, under the names of the table, and nothing else is taken for an event.

use sigu_case::page::PageFixed;
use sigu_case::report::Sense;
use sigu_case::wire::v1::{KEPT_ON_ERASE, WireError, from_wire, to_wire};
use sigu_case::{Channel, Direction, Event, GoodsKind, ItemId, MessageDetail, OrderFacts, Slot};
use sigu_evidence::{FieldName, FieldValue, Fields, ItemManifest};

use crate::made::{erased, facts, fixed, item, label, manifest, opened, page_fixed, said, time};

const ORDER_FIELDS: [&str; 9] = [
    "order",
    "order.amount_fen",
    "order.delivered_at",
    "order.goods",
    "order.merchant",
    "order.no",
    "order.paid_at",
    "order.platform",
    "order.title",
];

/// Expects an event under this kind, with exactly these fields, and the same event back from them.
fn check(event: &Event, kind: &str, names: &[&str]) {
    let (written, fields) = to_wire(event).unwrap();
    let found: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((written, &found[..]), (kind, names), "{event:?}");
    assert_eq!(from_wire(kind, &fields), Ok(Some(event.clone())));
}

fn message(direction: Direction, channel: Channel, text: Option<&str>) -> Event {
    let said_at = time("2026-09-20T05:20:00.123456789Z");
    Event::MessageRecorded {
        order: label("A"),
        said_at,
        direction,
        channel,
        text: text.map(str::to_owned),
        detail: MessageDetail::default(),
    }
}

fn bare(slot: Slot, manifest: Option<ItemManifest>) -> Event {
    Event::EvidenceFixed { order: label("A"), slot, formed_at: None, note: None, manifest }
}

#[test]
fn orders_come_back() {
    check(&opened("A", facts()), "order.opened", &ORDER_FIELDS);
    check(&opened("A", OrderFacts::default()), "order.opened", &["order"]);
    let amended = |facts| Event::OrderAmended { order: label("z_9-A"), facts };
    check(&amended(facts()), "order.amended", &ORDER_FIELDS);
    let fen = OrderFacts { amount_fen: Some(-1), ..OrderFacts::default() };
    check(&amended(fen), "order.amended", &["order", "order.amount_fen"]);
    for goods in GoodsKind::ALL.map(Some) {
        let event = opened("A", OrderFacts { goods, ..OrderFacts::default() });
        check(&event, "order.opened", &["order", "order.goods"]);
    }
}

#[test]
fn evidence_comes_back() {
    let all = [
        "blob.media_type",
        "blob.sha256",
        "blob.size",
        "file.modified_at",
        "file.name",
        "formed_at",
        "note",
        "order",
        "secret",
        "secret.masked",
        "slot",
        "source",
    ];
    let least = ItemManifest { file_name: None, modified_at: None, masked: None, ..manifest() };
    let few = ["blob.media_type", "blob.sha256", "blob.size", "order", "secret", "slot", "source"];
    for slot in Slot::ALL {
        check(&fixed("A", slot), "evidence.fixed", &all);
        check(&bare(slot, Some(least.clone())), "evidence.fixed", &few);
        check(&bare(slot, None), "evidence.fixed", &["order", "slot"]);
    }
}

#[test]
fn messages_come_back_and_secrets_in_them_are_masked_beside() {
    let names = ["channel", "direction", "order", "said_at", "text"];
    for channel in Channel::ALL {
        for direction in [Direction::In, Direction::Out] {
            check(&message(direction, channel, Some("在吗")), "message.recorded", &names);
            check(&message(direction, channel, None), "message.recorded", &names[..4]);
        }
    }
    let secret = message(Direction::In, Channel::Platform, Some("卡密：7QKD-ZT4M-90XA-11PL"));
    let masked = ["channel", "direction", "order", "said_at", "text", "text.masked"];
    check(&secret, "message.recorded", &masked);
    let (_, fields) = to_wire(&secret).unwrap();
    assert!(!fields.text("text.masked").unwrap().contains("ZT4M"));
}

/// A message with everything that can be said of it.
fn told(order: &str) -> Event {
    let Event::MessageRecorded { order, said_at, direction, channel, text, .. } = said(order) else {
        panic!()
    };
    let detail = MessageDetail {
        sense: Some(Sense::Notice),
        due_at: Some(time("2026-09-20T09:20:00Z")),
        exhibits: vec![item(1), item(3)],
        overrode: vec!["insult".into()],
    };
    Event::MessageRecorded { order, said_at, direction, channel, text, detail }
}

#[test]
fn everything_that_can_be_known_comes_back() {
    let at = |text| Some(time(text));
    let all = OrderFacts {
        created_at: at("2026-09-20T05:02:11Z"),
        credited_at: at("2026-09-20T05:03:00Z"),
        handed_over_at: at("2026-09-20T05:04:00Z"),
        confirmed_at: at("2026-09-20T05:05:00Z"),
        activated_at: at("2026-09-20T05:20:05Z"),
        revealed_at: at("2026-09-20T05:03:30Z"),
        quantity: Some(3),
        unit_fen: Some(4_267),
        status: Some("已完成".into()),
        profile: Some("dj".into()),
        charge_account: Some("feiyu_7731".into()),
        internal_no: Some("8841302".into()),
        escrow: Some(true),
        ..facts()
    };
    for event in [opened("A", all), told("A")] {
        let (kind, fields) = to_wire(&event).unwrap();
        assert_eq!(from_wire(kind, &fields), Ok(Some(event)));
    }
}

#[test]
fn exports_and_erasures_come_back() {
    check(&Event::ExportMade { order: label("A") }, "export.made", &["order"]);
    let names = ["erased.fields", "erased.log", "erased.seq"];
    check(&erased(item(0), &[]), "content.erased", &names);
    check(&erased(ItemId::new(u32::MAX, (1 << 53) - 1), &["note", "text"]), "content.erased", &names);
}

#[test]
fn versions_of_pages_come_back() {
    let whole = page_fixed("rules");
    let later = PageFixed { before: Some(item(3)), cut: false, text: Some("x".into()), ..whole.clone() };
    for fixed in [whole, later] {
        let event = Event::PageFixed(Box::new(fixed));
        let (kind, fields) = to_wire(&event).unwrap();
        assert_eq!((kind, from_wire(kind, &fields)), ("page.fixed", Ok(Some(event))));
    }
}

#[test]
fn names_that_stay_are_field_names_in_use() {
    let page = Event::PageFixed(Box::new(page_fixed("rules")));
    let events = [fixed("A", Slot::Chat), told("A"), page];
    let written: Vec<Fields> = events.iter().map(|event| to_wire(event).unwrap().1).collect();
    for name in KEPT_ON_ERASE {
        assert!(FieldName::parse(name).is_ok(), "{name}");
        assert!(written.iter().any(|fields| fields.contains(name)), "{name}");
    }
}

#[test]
fn times_are_utc_and_amounts_whole_numbers() {
    let (_, fields) = to_wire(&opened("A", facts())).unwrap();
    assert_eq!(fields.text("order.paid_at"), Some("2026-09-20T05:02:40Z"));
    assert_eq!(fields.get("order.amount_fen"), Some(&FieldValue::Int(12_800)));
}

#[test]
fn other_kinds_are_nothing_of_ours() {
    let (_, fields) = to_wire(&opened("A", facts())).unwrap();
    for kind in ["", "genesis", "order.open", "Order.opened", "order.opened ", "order.opened.v2"] {
        assert_eq!(from_wire(kind, &fields), Ok(None), "{kind}");
        assert_eq!(from_wire(kind, &Fields::new()), Ok(None), "{kind}");
    }
}

/// Puts another value in the place of one field, or none, and expects the field to be named.
fn broken(event: &Event, name: &'static str, value: Option<FieldValue>) {
    let (kind, mut fields) = to_wire(event).unwrap();
    fields.remove(name).unwrap();
    if let Some(value) = value.clone() {
        fields.put(name, value).unwrap();
    }
    assert_eq!(from_wire(kind, &fields), Err(WireError::Field(name)), "{value:?}");
}

#[test]
fn fields_without_which_there_is_no_event() {
    let (order, exhibit, message, gone) =
        (opened("A", facts()), fixed("A", Slot::Chat), said("A"), erased(item(1), &["note"]));
    let export = Event::ExportMade { order: label("A") };
    for event in [&order, &exhibit, &message, &export] {
        broken(event, "order", None);
        broken(event, "order", Some("no label".into()));
        broken(event, "order", Some(1.into()));
    }
    for (event, name) in [
        (&exhibit, "slot"),
        (&message, "said_at"),
        (&message, "direction"),
        (&message, "channel"),
        (&gone, "erased.log"),
        (&gone, "erased.seq"),
        (&gone, "erased.fields"),
    ] {
        broken(event, name, None);
        broken(event, name, Some("elsewhere".into()));
        broken(event, name, Some(true.into()));
    }
    for name in ["erased.log", "erased.seq"] {
        broken(&gone, name, Some((-1).into()));
    }
    broken(&gone, "erased.log", Some((1_i64 << 32).into()));
    for (event, name) in [
        (&order, "order.goods"),
        (&order, "order.paid_at"),
        (&order, "order.delivered_at"),
        (&exhibit, "formed_at"),
    ] {
        broken(event, name, Some("elsewhere".into()));
    }
}

#[test]
fn what_no_field_can_hold_is_refused() {
    let refused = |event: &Event| assert!(to_wire(event).is_err(), "{event:?}");
    let amount = |fen| OrderFacts { amount_fen: Some(fen), ..OrderFacts::default() };
    refused(&opened("A", amount(i64::MAX)));
    refused(&erased(item(1 << 53), &[]));
    refused(&erased(item(u64::MAX), &[]));
    let line_end = ItemManifest { file_name: Some("a\nb".into()), ..manifest() };
    refused(&bare(Slot::Other, Some(line_end)));
    refused(&message(Direction::In, Channel::Oral, Some(&"x".repeat(512 << 10))));
}
