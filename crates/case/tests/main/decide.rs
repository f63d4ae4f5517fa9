//! What is accepted and what is refused: one line for each reason to say no, and for each border.

use sigu_case::{
    Channel, Command, Direction, Event, MAX_NOTE_CHARS, MAX_TEXT_CHARS, MessageDetail, OrderFacts, Refusal,
    Slot, State, decide,
};

use crate::made::{NOW, erased, facts, fixed, item, label, manifest, opened, said, state_of, time};

/// Order `A` (leaf 0) with an exhibit (1), a message (2), and one of each that was erased (3 and 4).
fn state() -> State {
    let events = [opened("A", facts()), fixed("A", Slot::Delivery), said("A")];
    let gone = [fixed("A", Slot::Other), said("A"), erased(item(3), &[]), erased(item(4), &[])];
    state_of(events.into_iter().chain(gone))
}

/// Asks at [`NOW`] and expects an answer; what is accepted is one event, which then belongs to an order.
fn check(command: Command, expected: Result<Event, Refusal>) {
    let (mut state, at) = (state(), time(NOW));
    let answer = decide(&state, &command, at);
    assert_eq!(answer, expected.map(|event| vec![event]), "{command:?}");
    for event in answer.into_iter().flatten() {
        state.apply(sigu_case::Recorded { item: item(99), at, event });
        assert_eq!(state.unplaced(), []);
    }
}

fn open(order: &str, facts: OrderFacts) -> Command {
    Command::OpenOrder { order: label(order), facts }
}

fn amend(order: &str, facts: OrderFacts) -> Command {
    Command::AmendOrder { order: label(order), facts }
}

fn fix(order: &str, formed_at: Option<&str>, note: Option<&str>) -> Command {
    Command::FixEvidence {
        order: label(order),
        slot: Slot::Voucher,
        formed_at: formed_at.map(time),
        note: note.map(str::to_owned),
        manifest: manifest(),
    }
}

fn say(order: &str, said_at: &str, text: &str) -> Command {
    Command::RecordMessage {
        order: label(order),
        said_at: time(said_at),
        direction: Direction::Out,
        channel: Channel::Email,
        text: text.into(),
        detail: MessageDetail::default(),
    }
}

fn erase(seq: u64, fields: &[&str]) -> Command {
    Command::EraseContent { item: item(seq), fields: fields.iter().map(|field| (*field).into()).collect() }
}

/// The same facts with one of them otherwise.
fn with(change: impl FnOnce(&mut OrderFacts)) -> OrderFacts {
    let mut facts = facts();
    change(&mut facts);
    facts
}

/// Nothing known but one fact.
fn only(change: impl FnOnce(&mut OrderFacts)) -> OrderFacts {
    let mut facts = OrderFacts::default();
    change(&mut facts);
    facts
}

#[test]
fn what_is_in_order_becomes_one_event() {
    check(open("B", facts()), Ok(opened("B", facts())));
    check(open("B", OrderFacts::default()), Ok(opened("B", OrderFacts::default())));
    let refund = only(|facts| facts.amount_fen = Some(0));
    check(amend("A", refund.clone()), Ok(Event::OrderAmended { order: label("A"), facts: refund }));
    let event = Event::EvidenceFixed {
        order: label("A"),
        slot: Slot::Voucher,
        formed_at: Some(time(NOW)),
        note: Some("n".into()),
        manifest: Some(manifest()),
    };
    check(fix("A", Some(NOW), Some("n")), Ok(event));
    let event = Event::MessageRecorded {
        order: label("A"),
        said_at: time(NOW),
        direction: Direction::Out,
        channel: Channel::Email,
        text: Some("请补发".into()),
        detail: MessageDetail::default(),
    };
    check(say("A", NOW, "请补发"), Ok(event));
    check(Command::MakeExport { order: label("A") }, Ok(Event::ExportMade { order: label("A") }));
    check(erase(1, &[]), Ok(erased(item(1), &[])));
    check(erase(1, &["note"]), Ok(erased(item(1), &["note"])));
}

#[test]
fn an_order_must_be_there_and_be_opened_once() {
    let unknown = || Err(Refusal::UnknownOrder(label("X")));
    check(open("A", OrderFacts::default()), Err(Refusal::OrderExists(label("A"))));
    check(amend("X", facts()), unknown());
    check(fix("X", None, None), unknown());
    check(say("X", NOW, "在吗"), unknown());
    check(Command::MakeExport { order: label("X") }, unknown());
    // Labels are not the same when they differ in case.
    check(open("a", OrderFacts::default()), Ok(opened("a", OrderFacts::default())));
}

#[test]
fn an_amendment_changes_something() {
    for facts in [OrderFacts::default(), facts(), only(|facts| facts.amount_fen = Some(12_800))] {
        check(amend("A", facts), Err(Refusal::NothingToChange));
    }
}

#[test]
fn texts_are_neither_empty_nor_too_long() {
    type Put = fn(&mut OrderFacts, String);
    let fields: [(&'static str, Put); 4] = [
        ("title", |facts, text| facts.title = Some(text)),
        ("order_no", |facts, text| facts.order_no = Some(text)),
        ("merchant", |facts, text| facts.merchant = Some(text)),
        ("platform", |facts, text| facts.platform = Some(text)),
    ];
    for (field, put) in fields {
        let facts = |text: String| with(|facts| put(facts, text));
        for blank in ["", " \t\n", "\u{3000}"] {
            check(open("B", facts(blank.into())), Err(Refusal::Empty { field }));
            check(amend("A", facts(blank.into())), Err(Refusal::Empty { field }));
        }
        let longest = facts("卡".repeat(200));
        check(open("B", longest.clone()), Ok(opened("B", longest)));
        let too_long = Refusal::TooLong { field, chars: 201, max: 200 };
        check(open("B", facts("卡".repeat(201))), Err(too_long));
    }
}

#[test]
fn notes_and_messages_are_neither_empty_nor_too_long() {
    check(fix("A", None, Some(" ")), Err(Refusal::Empty { field: "note" }));
    check(say("A", NOW, "\n"), Err(Refusal::Empty { field: "text" }));
    let accepted = |command| assert!(decide(&state(), &command, time(NOW)).is_ok());
    accepted(fix("A", None, Some(&"卡".repeat(MAX_NOTE_CHARS))));
    accepted(say("A", NOW, &"卡".repeat(MAX_TEXT_CHARS)));
    let (field, max) = ("note", MAX_NOTE_CHARS);
    let long = fix("A", None, Some(&"卡".repeat(max + 1)));
    check(long, Err(Refusal::TooLong { field, chars: max + 1, max }));
    let (field, max) = ("text", MAX_TEXT_CHARS);
    check(say("A", NOW, &"卡".repeat(max + 1)), Err(Refusal::TooLong { field, chars: max + 1, max }));
}

#[test]
fn times_lie_between_2000_and_tomorrow() {
    let bad = ["1999-12-31T23:59:59.999Z", "2026-09-21T12:00:00.001Z", "9999-12-30T00:00:00Z"];
    for value in bad.map(time) {
        let refused = |field| Err(Refusal::ImpossibleTime { field, value });
        let text = value.to_string();
        check(open("B", only(|facts| facts.paid_at = Some(value))), refused("paid_at"));
        check(open("B", only(|facts| facts.delivered_at = Some(value))), refused("delivered_at"));
        check(amend("A", only(|facts| facts.paid_at = Some(value))), refused("paid_at"));
        check(fix("A", Some(&text), None), refused("formed_at"));
        check(say("A", &text, "在吗"), refused("said_at"));
    }
    for value in ["2000-01-01T00:00:00Z", "2026-09-21T12:00:00Z"] {
        let accepted = only(|facts| facts.paid_at = Some(time(value)));
        check(open("B", accepted.clone()), Ok(opened("B", accepted)));
    }
}

#[test]
fn amounts_are_between_nothing_and_100_million_yuan() {
    for fen in [-1, 10_000_000_001, i64::MIN, i64::MAX] {
        check(open("B", only(|facts| facts.amount_fen = Some(fen))), Err(Refusal::ImpossibleAmount(fen)));
        check(amend("A", only(|facts| facts.amount_fen = Some(fen))), Err(Refusal::ImpossibleAmount(fen)));
    }
    for fen in [0, 1, 10_000_000_000] {
        let accepted = only(|facts| facts.amount_fen = Some(fen));
        check(open("B", accepted.clone()), Ok(opened("B", accepted)));
    }
}

#[test]
fn nothing_is_delivered_before_it_was_paid() {
    let (early, late) = (time("2026-09-20T05:00:00Z"), time("2026-09-20T06:00:00Z"));
    let both =
        |paid, delivered| only(|facts| (facts.paid_at, facts.delivered_at) = (Some(paid), Some(delivered)));
    let refused = |paid, delivered| Err(Refusal::DeliveredBeforePaid { paid, delivered });
    check(open("B", both(late, early)), refused(late, early));
    check(open("B", both(early, early)), Ok(opened("B", both(early, early))));
    // The other half is what the order knew before.
    let (paid, delivered) = (facts().paid_at.unwrap(), facts().delivered_at.unwrap());
    check(amend("A", only(|facts| facts.paid_at = Some(late))), refused(late, delivered));
    check(amend("A", only(|facts| facts.delivered_at = Some(early))), refused(paid, early));
}

#[test]
fn what_the_log_is_read_by_is_not_erased_on_its_own() {
    for field in ["order", "slot", "blob.sha256", "text", "secret", "formed_at", "", "no.such"] {
        check(erase(1, &["note", field]), Err(Refusal::FieldStays(field.to_owned())));
    }
}

#[test]
fn only_what_is_there_can_be_erased_and_only_once() {
    // No leaf, a leaf that is an order, a leaf that is itself an erasure.
    for seq in [77, 0, 5] {
        check(erase(seq, &[]), Err(Refusal::UnknownItem(item(seq))));
    }
    for seq in [3, 4] {
        check(erase(seq, &[]), Err(Refusal::ErasedAlready(item(seq))));
    }
}
