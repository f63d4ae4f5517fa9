//! Reports: every kind comes back from its leaf as it was, and nothing impossible gets in.

use sigu_case::report::{
    Body, CaptureMade, ClaimChosen, CopyMade, CoverageBought, DecisionMade, Destination, DocumentMade,
    FollowUpDone, FollowUpKind, FollowUpSet, Form, ItemDescribed, MerchantNoted, MessageJudged, NeedWaived,
    ObservationMade, Observed, OrderClosed, OrderReopened, Outcome, PageKind, PageWatched, PageWay, Part,
    PartyNamed, PayChannel, PaymentSeen, Place, ProblemFound, ProfileAdded, PromiseJudged, PromiseKind,
    PromiseMade, PromisePlace, RecordingBegan, RecordingEnded, RecordingPiece, RefundProof, RefundSeen,
    RefundState, Report, Role, RuleCaptured, Sense, SilenceNoted, Stage, StepMoved, StepTaken, Verdict,
    Waived,
};
use sigu_case::scenario::Scenario;
use sigu_case::wire::v1::{from_wire, to_wire};
use sigu_case::{Command, Event, MessageDetail, Refusal, Slot, State, decide};

use crate::made::{NOW, facts, fixed, item, label, opened, order_a, said, state_of, time};

/// One report of every kind, about order `A` with the exhibit 1-1 and the message 1-2.
#[expect(clippy::too_many_lines, reason = "a table: one entry for each kind")]
pub(crate) fn every_kind() -> Vec<Report> {
    let (at, order) = (time("2026-09-20T05:30:00Z"), label("A"));
    let later = Some(time("2026-09-21T05:30:00Z"));
    let text = |text: &str| Some(text.to_owned());
    let proof = Some(item(1));
    vec![
        PartyNamed {
            at,
            order: order.clone(),
            role: Role::Merchant,
            name: text("橙壳数卡"),
            legal_name: text("橙壳数字工作室"),
            address: text("云州市"),
            contact: text("QQ"),
            licence: text("92"),
            proof,
        }
        .into(),
        PaymentSeen {
            at,
            order: order.clone(),
            channel: PayChannel::Alipay,
            txn: text("2026092022001412345678901234"),
            merchant_order_no: text("K7"),
            payee: text("橙壳数字工作室"),
            payer: text("林某"),
            amount_fen: Some(12_800),
            product: text("激活码"),
            proof,
        }
        .into(),
        PromiseMade {
            at,
            order: order.clone(),
            kind: PromiseKind::Permanent,
            place: PromisePlace::ProductPage,
            text: "永久有效".into(),
            due_at: later,
            proof,
        }
        .into(),
        PromiseJudged { at, order: order.clone(), promise: item(1), kept: false }.into(),
        ObservationMade {
            at,
            order: order.clone(),
            state: Observed::Used,
            place: Place::Issuer,
            text: text("已被使用"),
            since: Some(at),
            count: Some(1),
            proof,
        }
        .into(),
        ItemDescribed {
            at,
            order: order.clone(),
            item: item(1),
            form: Some(Form::FullPage),
            parts: vec![Part::Copy, Part::Spec],
            url: text("https://orangeshell.test/buy/1"),
            clock_off_s: Some(-3),
            continuous: Some(true),
            original_kept: Some(true),
            own_account: Some(true),
            lawful: Some(true),
            caption: text("订单页"),
            proves: text("付款"),
        }
        .into(),
        CaptureMade {
            at,
            order: order.clone(),
            url: "https://yunzhan.test/order?orderId=Y26".into(),
            title: text("订单查询"),
            record: item(1),
            items: vec![item(1)],
        }
        .into(),
        RecordingBegan {
            at,
            order: order.clone(),
            url: "https://yunzhan.test/card".into(),
            beacon: text("#12 9f3ac0de"),
            before: proof,
        }
        .into(),
        RecordingPiece { at, order: order.clone(), recording: item(1), number: 3, piece: item(1) }.into(),
        RecordingEnded {
            at,
            order: order.clone(),
            recording: item(1),
            pieces: 4,
            duration_ms: 8_120,
            continuous: true,
            reason: "stopped".into(),
            whole: proof,
            marks: proof,
            key_frames: vec![item(1)],
        }
        .into(),
        CopyMade {
            at,
            order: order.clone(),
            of: item(1),
            copy: item(1),
            covers: true,
            marks: vec!["cover 10,10,200,40".into(), "number 1,30,60".into()],
        }
        .into(),
        DocumentMade {
            at,
            order: order.clone(),
            document: item(1),
            kind: "appeal".into(),
            format: "pdf".into(),
            as_of: at,
            rests_on: vec![item(1), item(2)],
        }
        .into(),
        MessageJudged { at, order: order.clone(), message: item(2), sense: Sense::Refusal, due_at: later }
            .into(),
        SilenceNoted { at, order: order.clone(), body: Body::Merchant }.into(),
        ProblemFound {
            at,
            order: order.clone(),
            scenario: Some(Scenario::KeyUsed),
            fraud: Some(false),
            resale: Some(false),
            note: text("x"),
        }
        .into(),
        ClaimChosen {
            at,
            order: order.clone(),
            kind: "full_refund".into(),
            amount_fen: Some(12_800),
            basis: text("L-CPL-55"),
        }
        .into(),
        StepTaken {
            at,
            order: order.clone(),
            body: Body::Alipay,
            category: text("卡密无效"),
            reference: text("T1"),
            claim_fen: Some(1),
            proof,
        }
        .into(),
        StepMoved {
            at,
            order: order.clone(),
            body: Body::Alipay,
            stage: Stage::Accepted,
            note: text("n"),
            proof,
        }
        .into(),
        DecisionMade {
            at,
            order: order.clone(),
            body: Body::Platform,
            verdict: Verdict::ForBuyer,
            text: text("买家胜诉"),
            by_machine: Some(true),
            refund_fen: Some(12_800),
            proof,
        }
        .into(),
        RefundSeen {
            at,
            order: order.clone(),
            amount_fen: Some(12_800),
            state: RefundState::Received,
            destination: Destination::Original,
            shown_by: RefundProof::PaymentSide,
            body: Some(Body::Alipay),
            proof,
        }
        .into(),
        CoverageBought {
            at,
            order: order.clone(),
            issuer: "蓝鲸".into(),
            fee_fen: Some(9_300),
            period_days: Some(180),
            claim_within_h: Some(72),
            condition: text("换绑完成"),
            proof,
        }
        .into(),
        NeedWaived { at, order: order.clone(), need: Waived::Recording, reason: "手机不支持".into() }.into(),
        FollowUpSet {
            at,
            order: order.clone(),
            kind: FollowUpKind::Expiry,
            due_at: time("2026-12-20T05:30:00Z"),
            note: text("n"),
        }
        .into(),
        FollowUpDone { at, order: order.clone(), follow_up: item(1) }.into(),
        OrderClosed { at, order: order.clone(), outcome: Outcome::Refunded, note: text("n") }.into(),
        OrderReopened { at, order, note: text("n") }.into(),
        MerchantNoted {
            at,
            merchant: "橙壳数卡".into(),
            deposit_fen: Some(100_000),
            shown_rate_bp: Some(312),
            escrow: Some(false),
            coverage: Some(false),
            note: text("n"),
            proof,
        }
        .into(),
        RuleCaptured {
            at,
            platform: "rbw".into(),
            title: "晨星卡盟虚拟商品售后规范".into(),
            article: "5".into(),
            text: Some("卡类失效 24 小时内补发或退款".into()),
            in_force_from: Some("2026-01-01".parse().unwrap()),
            in_force_to: Some("2026-12-31".parse().unwrap()),
            published_on: Some("2025-12-20".parse().unwrap()),
            snapshot: proof,
        }
        .into(),
        PageWatched {
            at,
            page: "rules".parse().unwrap(),
            url: "https://shop.example/rules?id=5".into(),
            name: text("售后规范"),
            kind: PageKind::Rule,
            platform: text("rbw"),
            merchant: text("橙壳数卡"),
            bound_to: Some(label("A")),
            title: text("晨星卡盟虚拟商品售后规范"),
            article: text("5"),
            select: vec!["main".into()],
            remove: vec![".ad".into()],
            mask: vec!["已有\\d+人".into()],
            way: PageWay::Http,
            every_hours: 24,
            watched: true,
        }
        .into(),
        ProfileAdded { at, id: "mine".into(), toml: "id = \"mine\"\n".into() }.into(),
    ]
}

fn state() -> State {
    state_of([opened("A", facts()), fixed("A", Slot::Transaction), said("A"), opened("B", facts())])
}

#[test]
fn every_kind_is_decided_stored_and_replayed_as_it_was() {
    let kinds: Vec<&str> = every_kind().iter().map(Report::kind).collect();
    assert_eq!(kinds, Report::KINDS);
    for report in every_kind() {
        let event = Event::Reported(report.clone());
        let decided = decide(&state(), &Command::Report(report.clone()), time(NOW));
        assert_eq!(decided.as_deref(), Ok(std::slice::from_ref(&event)), "{}", report.kind());
        let (kind, fields) = to_wire(&event).unwrap();
        assert_eq!(from_wire(kind, &fields), Ok(Some(event)), "{kind}");
    }
}

#[test]
fn what_is_about_no_order_belongs_to_the_house() {
    let mut events = vec![opened("A", facts()), fixed("A", Slot::Transaction), said("A")];
    events.extend(every_kind().into_iter().map(Event::Reported));
    let state = state_of(events);
    assert_eq!(state.house().len(), 4);
    assert_eq!(order_a(&state).reports.len(), Report::KINDS.len() - 4);
    assert_eq!(order_a(&state).of_kind::<PaymentSeen>().count(), 1);
}

#[test]
fn impossible_reports_are_refused_by_field() {
    let at = time("2026-09-20T05:30:00Z");
    let refund = |order: &str, amount_fen, at, proof| RefundSeen {
        at,
        order: label(order),
        amount_fen,
        state: RefundState::Received,
        destination: Destination::Original,
        shown_by: RefundProof::None,
        body: None,
        proof,
    };
    let promise = |text: &str, due_at| PromiseMade {
        at,
        order: label("A"),
        kind: PromiseKind::Other,
        place: PromisePlace::Dialogue,
        text: text.into(),
        due_at,
        proof: None,
    };
    let far = time("2027-09-20T05:30:00Z");
    let before = time("2026-09-20T05:29:59Z");
    let rule = RuleCaptured {
        at,
        platform: "x".into(),
        title: "y".into(),
        article: "1".into(),
        text: Some("z".into()),
        in_force_from: None,
        in_force_to: None,
        published_on: None,
        snapshot: Some(item(77)),
    };
    let table: Vec<(Report, Refusal)> = vec![
        (refund("C", Some(1), at, None).into(), Refusal::UnknownOrder(label("C"))),
        (refund("A", Some(-1), at, None).into(), Refusal::ImpossibleAmount(-1)),
        (refund("A", Some(10_000_000_001), at, None).into(), Refusal::ImpossibleAmount(10_000_000_001)),
        (
            refund("A", Some(1), far, None).into(),
            Refusal::ImpossibleTime { field: "happened_at", value: far },
        ),
        (refund("A", Some(1), at, Some(item(9))).into(), Refusal::UnknownItem(item(9))),
        (refund("B", Some(1), at, Some(item(1))).into(), Refusal::UnknownItem(item(1))),
        (promise(" \n", None).into(), Refusal::Empty { field: "promise.text" }),
        (promise("x", Some(before)).into(), Refusal::ImpossibleTime { field: "due_at", value: before }),
        (rule.into(), Refusal::UnknownItem(item(77))),
    ];
    for (report, refusal) in table {
        assert_eq!(decide(&state(), &Command::Report(report), time(NOW)), Err(refusal));
    }
}

#[test]
fn a_view_of_the_past_knows_nothing_later() {
    let mut events = vec![opened("A", facts()), fixed("A", Slot::Transaction), said("A")];
    events.extend(every_kind().into_iter().map(Event::Reported));
    let state = state_of(events);
    let then = order_a(&state).as_of(time("2026-09-20T05:15:00Z"));
    assert_eq!((then.reports.len(), then.messages.len(), then.exhibits.len()), (0, 0, 1));
    assert!(then.facts.paid_at.is_some());
    let before = order_a(&state).as_of(time("2026-09-20T05:02:40Z"));
    assert!(before.facts.paid_at.is_some() && before.facts.delivered_at.is_none());
}

#[test]
fn the_last_word_on_a_message_is_the_users() {
    let judged = |sense| {
        Event::Reported(
            MessageJudged { at: time(NOW), order: label("A"), message: item(1), sense, due_at: None }.into(),
        )
    };
    let state = state_of([opened("A", facts()), said("A"), judged(Sense::Promise), judged(Sense::Refusal)]);
    let order = order_a(&state);
    assert_eq!(order.messages[0].detail, MessageDetail::default());
    assert_eq!(order.sense(&order.messages[0]), (Some(Sense::Refusal), None));
}

#[test]
fn a_closed_order_can_be_opened_again() {
    let closed = OrderClosed { at: time(NOW), order: label("A"), outcome: Outcome::Fine, note: None };
    let reopened = OrderReopened { at: time(NOW), order: label("A"), note: None };
    let mut events = vec![opened("A", facts()), Event::Reported(closed.into())];
    assert_eq!(order_a(&state_of(events.clone())).closed(), Some(Outcome::Fine));
    events.push(Event::Reported(reopened.into()));
    assert_eq!(order_a(&state_of(events)).closed(), None);
}

#[test]
fn kinds_are_such_as_leaves_can_have() {
    let leaf_kind = regex::Regex::new(r"^[a-z]+(\.[a-z_]+)*$").unwrap();
    for kind in Report::KINDS {
        assert!(leaf_kind.is_match(kind), "{kind}");
    }
}

#[test]
fn a_view_of_the_past_knows_no_rule_captured_later() {
    let rule = every_kind().into_iter().find(|report| report.kind() == "rule.captured").unwrap();
    let captured = rule.at();
    let events = [opened("A", facts()), fixed("A", Slot::Transaction), Event::Reported(rule)];
    let state = state_of(events);
    let house = sigu_case::House::of(&state);
    let known = |at| {
        let view = sigu_case::View::new(order_a(&state), &house, at);
        view.rule_book().history("rbw", "晨星卡盟虚拟商品售后规范", "5").len()
    };
    let second = jiff::SignedDuration::from_secs(1);
    assert_eq!((known(captured - second), known(captured)), (0, 1));
}
