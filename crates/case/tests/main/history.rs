//! Histories kept elsewhere: the example cases are taken whole, and a mistake is named by line and field.

use sigu_case::history::{History, HistoryContent, HistoryProblem};
use sigu_case::{Event, Order, Recorded, State, decide};
use sigu_evidence::{ContentId, ItemManifest, Source};

use crate::made::{item, label, time};

pub(crate) const CASES: &str = include_str!("cases.yaml");

/// What taking in a piece of evidence would say of it.
fn manifest(content: &HistoryContent) -> ItemManifest {
    let HistoryContent::Noted(text) = content else { panic!("the cases have no files") };
    ItemManifest {
        content: ContentId::of(text.as_bytes()),
        size: text.len() as u64,
        media_type: "text/plain".into(),
        file_name: None,
        source: Source::File,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

/// Records a history as the vault would.
pub(crate) fn told(text: &str) -> State {
    let history = History::parse(text, time("2026-11-22T08:00:00Z")).unwrap();
    let manifests = history.evidence().map(|one| Some(manifest(&one.content))).collect();
    let at = time("2026-11-22T08:00:00Z");
    let mut state = State::default();
    let mut seq = 1;
    for command in history.commands(item(1), manifests) {
        let events: Vec<Event> =
            decide(&state, &command, at).unwrap_or_else(|no| panic!("{no}: {command:?}"));
        for event in events {
            state.apply(Recorded { item: item(seq), at, event });
            seq += 1;
        }
    }
    assert_eq!(state.unplaced(), []);
    state
}

/// One of the five cases.
pub(crate) fn case(id: &str) -> Order {
    told(CASES).order(&label(id)).unwrap().clone()
}

#[test]
fn the_five_cases_are_taken_whole() {
    let state = told(CASES);
    assert_eq!(state.orders().count(), 5);
    let c01 = case("C01");
    assert_eq!(c01.facts.amount_fen, Some(3_000));
    assert_eq!(c01.facts.profile.as_deref(), Some("acg"));
    assert_eq!(c01.messages.len(), 1);
    let c03 = case("C03");
    assert_eq!(c03.facts.platform.as_deref(), Some("云栈寄售发卡"));
    assert_eq!(c03.facts.merchant.as_deref(), Some("小栈数码"));
    assert_eq!(c03.messages.len(), 4);
}

#[test]
fn mistakes_are_named_by_line_and_field() {
    let refused = |text: &str| History::parse(text, time("2026-11-22T08:00:00Z")).unwrap_err();
    let word = |text: &str| match refused(text) {
        error if matches!(error.problem, HistoryProblem::Word { .. }) => (error.line, error.field),
        other => panic!("{other}"),
    };
    let time = refused("id: A\norder:\n  paid: 昨天\n");
    assert_eq!((time.line, time.field.as_str()), (3, "order.paid"));
    assert_eq!(time.problem, HistoryProblem::Time("昨天".into()));
    let amount = refused("id: A\norder: {amount: 12.345}\n");
    assert_eq!((amount.line, amount.field.as_str()), (2, "order.amount"));
    let label = refused("- id: A\n- id: 订单\n");
    assert_eq!((label.line, label.problem), (2, HistoryProblem::Label("订单".into())));
    let event = "id: A\nevents:\n  - {at: 2026-09-19T00:50:00, what: nothing}\n";
    assert_eq!(word(event), (3, "events.what".into()));
    assert_eq!(word("id: A\npayment: {channel: Gold}\n"), (2, "payment.channel".into()));
    assert_eq!(word("id: A\ngoods:\n  kind: Shoes\n"), (3, "goods.kind".into()));
    assert_eq!(
        word("id: A\nchat:\n  - {at: 2026-09-19T00:50:00, dir: up, ch: platform, text: x}\n"),
        (3, "chat.dir".into())
    );
    for (line, form) in
        [(2, "id: A\nshoes: 1\n"), (3, "id: A\norder:\n  no: x\n  no: y\n"), (1, "id: [\n"), (1, "{}")]
    {
        let error = refused(form);
        assert!(matches!(error.problem, HistoryProblem::Form(_)), "{form}: {error}");
        assert!(error.line >= line, "{form}: {error}");
    }
}

#[test]
fn what_a_history_adds_to_a_profile_becomes_a_profile_of_its_own() {
    let shop = |more: &str| format!("id: A\nshop: {{name: x, host: Y.test, system: QS, {more}}}\n");
    let added = |more: &str| told(&shop(more)).house().len();
    assert_eq!(added("appeal_window: SameDay, complaint_sla_h: 24"), 0);
    let state = told(&shop("appeal_window: HoursAfterOrder 12"));
    let order = state.order(&label("A")).unwrap();
    assert_eq!(order.facts.profile.as_deref(), Some("y-test"));
    let house = sigu_case::House::of(&state);
    assert_eq!(house.unreadable, Vec::<String>::new());
    let window = house.profile(order).window();
    assert_eq!(window, Some(sigu_case::platform::AppealWindow::HoursAfterOrder(12)));
    let refused = History::parse(&shop("appeal_window: Friday"), time("2026-11-22T08:00:00Z")).unwrap_err();
    assert_eq!((refused.line, refused.field.as_str()), (2, "shop.appeal_window"));
}
