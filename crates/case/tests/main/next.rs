//! The next step: one at every instant of the five cases, in both languages, with its command.

use sigu_case::next::{StepCode, next_step};
use sigu_case::report::Body;
use sigu_case::{House, Order, State, View};

use crate::history::case;
use crate::made::{facts, opened, order_a, state_of, time};

fn house() -> House {
    House::of(&State::default())
}

fn step_at(order: &Order, at: &str) -> (StepCode, Vec<Body>) {
    let house = house();
    let step = next_step(&View::new(order, &house, time(&format!("{at}+08:00"))));
    assert!(!step.say.is_incomplete() && !step.why.is_incomplete(), "{step:?}");
    for text in [&step.say.zh, &step.say.en, &step.why.zh, &step.why.en, &step.command] {
        assert!(!text.contains('{') && !text.contains("  "), "{step:?}");
    }
    (step.code, step.bodies)
}

#[test]
fn every_case_is_led_from_payment_to_close() {
    use StepCode::{
        Appeal, AppealBeforeWindow, CheckRefund, Collect, DeclineInvite, Nothing, SendNotice, TurnTo,
        WaitBody, WaitReply,
    };
    let _ = (AppealBeforeWindow, CheckRefund, Collect);
    let table: &[(&str, &str, StepCode, &[Body])] = &[
        ("C01", "2026-09-18T20:40:00", SendNotice, &[]),
        ("C01", "2026-09-18T20:51:00", WaitReply, &[]),
        ("C01", "2026-09-19T01:00:00", TurnTo, &[Body::WechatPay]),
        ("C01", "2026-09-20T15:23:00", Nothing, &[]),
        ("C02", "2026-10-01T09:20:00", SendNotice, &[]),
        ("C02", "2026-10-01T11:10:00", TurnTo, &[Body::Alipay]),
        ("C02", "2026-10-09T09:00:00", WaitBody, &[Body::Complaint12315]),
        ("C02", "2026-10-21T09:00:00", Nothing, &[]),
        ("C03", "2026-09-21T14:40:00", SendNotice, &[]),
        ("C03", "2026-09-21T14:51:00", WaitReply, &[]),
        ("C03", "2026-09-21T16:06:00", DeclineInvite, &[]),
        ("C03", "2026-09-21T16:10:00", WaitReply, &[]),
        ("C03", "2026-09-21T18:30:00", Collect, &[]),
        ("C03", "2026-09-21T22:30:00", WaitBody, &[Body::Platform]),
        ("C03", "2026-09-22T17:42:00", TurnTo, &[Body::WechatPay, Body::Alipay, Body::Bank]),
        ("C04", "2026-09-11T10:41:00", SendNotice, &[]),
        ("C04", "2026-09-11T11:00:00", WaitReply, &[]),
        ("C04", "2026-09-11T12:40:00", Appeal, &[]),
        ("C05", "2026-08-15T08:10:00", SendNotice, &[]),
        ("C05", "2026-08-15T08:31:00", WaitReply, &[]),
        ("C05", "2026-08-15T13:00:00", Collect, &[]),
        ("C05", "2026-08-22T00:00:00", Nothing, &[]),
    ];
    let mut wrong = Vec::new();
    for (id, at, code, body) in table {
        let found = step_at(&case(id), at);
        if found != (*code, body.to_vec()) {
            wrong.push(format!("{id} {at}: {found:?}, wanted {code:?} {body:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_window_that_closes_first_is_met_first() {
    let late = case("C03").as_of(time("2026-09-21T14:40:00+08:00"));
    assert_eq!(step_at(&late, "2026-09-21T20:30:00").0, StepCode::AppealBeforeWindow);
    assert_eq!(step_at(&late, "2026-09-21T19:30:00").0, StepCode::SendNotice);
}

#[test]
fn a_new_order_is_filled_in_and_fixed() {
    let empty = state_of([opened("A", sigu_case::OrderFacts::default())]);
    assert_eq!(step_at(order_a(&empty), "2026-09-20T14:00:00").0, StepCode::FillFacts);
    let paid = state_of([opened("A", facts())]);
    assert_eq!(step_at(order_a(&paid), "2026-09-20T14:00:00").0, StepCode::FixEvidence);
}
