//! Values the tables are made of, always the same.

use jiff::Timestamp;
use sigu_case::page::{PageChange, PageFixed};
use sigu_case::report::{PageKind, PageWatched, PageWay};
use sigu_case::{
    Channel, Direction, Event, GoodsKind, ItemId, MessageDetail, Order, OrderFacts, OrderId, Recorded, Slot,
    State,
};
use sigu_evidence::{ContentId, ItemManifest, Source};

/// The device's clock in tests that do not care for another.
pub(crate) const NOW: &str = "2026-09-20T12:00:00Z";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn label(text: &str) -> OrderId {
    text.parse().unwrap()
}

/// A leaf of the first log.
pub(crate) fn item(seq: u64) -> ItemId {
    ItemId::new(1, seq)
}

/// Every fact known, as of a purchase in order.
pub(crate) fn facts() -> OrderFacts {
    OrderFacts {
        title: Some("墨池写作 专业版激活码(永久)".into()),
        goods: Some(GoodsKind::SoftwareActivationCode),
        order_no: Some("K7Q2M9XA4T0RB6ZD".into()),
        amount_fen: Some(12_800),
        merchant: Some("橙壳数字工作室".into()),
        platform: Some("orangeshell.test".into()),
        paid_at: Some(time("2026-09-20T13:02:40+08:00")),
        delivered_at: Some(time("2026-09-20T13:02:41+08:00")),
        ..OrderFacts::default()
    }
}

pub(crate) fn manifest() -> ItemManifest {
    ItemManifest {
        content: ContentId::of(b"MCX7-22QP-91LD-0W4H"),
        size: 19,
        media_type: "text/plain".into(),
        file_name: Some("激活码.txt".into()),
        source: Source::File,
        modified_at: Some("2026-09-20T05:03:00Z".into()),
        secret: true,
        masked: Some("MC…4H (19)".into()),
    }
}

pub(crate) fn opened(order: &str, facts: OrderFacts) -> Event {
    Event::OrderOpened { order: label(order), facts }
}

pub(crate) fn fixed(order: &str, slot: Slot) -> Event {
    Event::EvidenceFixed {
        order: label(order),
        slot,
        formed_at: Some(time("2026-09-20T05:10:00Z")),
        note: Some("发货页".into()),
        manifest: Some(manifest()),
    }
}

pub(crate) fn said(order: &str) -> Event {
    Event::MessageRecorded {
        order: label(order),
        said_at: time("2026-09-20T05:20:00Z"),
        direction: Direction::In,
        channel: Channel::Platform,
        text: Some("卡密没问题，不退".into()),
        detail: MessageDetail::default(),
    }
}

/// A first version of a watched page with everything that can be known of one.
pub(crate) fn page_fixed(page: &str) -> PageFixed {
    PageFixed {
        page: page.parse().unwrap(),
        seen_at: time("2026-09-20T05:40:00Z"),
        url: Some("https://shop.example/rules".into()),
        status: Some(200),
        profile: Some("readable/1".into()),
        text: Some("第五条 卡类失效 24 小时内补发或退款".into()),
        cut: true,
        text_sha256: Some(ContentId::of("第五条 卡类失效 24 小时内补发或退款".as_bytes())),
        before: None,
        change: Some(PageChange::Substance),
        in_force_from: Some("2026-10-01".parse().unwrap()),
        published_on: Some("2026-09-10".parse().unwrap()),
        manifest: Some(manifest()),
    }
}

/// That a page is watched.
pub(crate) fn page_watched(page: &str) -> PageWatched {
    PageWatched {
        at: time("2026-09-20T05:30:00Z"),
        page: page.parse().unwrap(),
        url: "https://shop.example/rules".into(),
        name: None,
        kind: PageKind::Rule,
        platform: None,
        merchant: None,
        bound_to: None,
        title: None,
        article: None,
        select: Vec::new(),
        remove: Vec::new(),
        mask: Vec::new(),
        way: PageWay::Http,
        every_hours: 24,
        watched: true,
    }
}

pub(crate) fn erased(item: ItemId, fields: &[&str]) -> Event {
    Event::ContentErased { item, fields: fields.iter().map(|field| (*field).to_owned()).collect() }
}

/// Gives events their places in the first log, all recorded at the same instant.
pub(crate) fn recorded(events: impl IntoIterator<Item = Event>, at: Timestamp) -> Vec<Recorded> {
    let place = |(seq, event)| Recorded { item: item(seq), at, event };
    (0..).zip(events).map(place).collect()
}

pub(crate) fn replay(recorded: &[Recorded]) -> State {
    let mut state = State::default();
    for one in recorded {
        state.apply(one.clone());
    }
    state
}

/// Replays events that happened at [`NOW`].
pub(crate) fn state_of(events: impl IntoIterator<Item = Event>) -> State {
    replay(&recorded(events, time(NOW)))
}

/// The order `A` of a state that must have it.
pub(crate) fn order_a(state: &State) -> &Order {
    state.order(&label("A")).unwrap()
}
