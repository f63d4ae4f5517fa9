//! Sub-slots of the four fixations, the payment table, shot lists and the log of what was seen.

use sigu_case::report::{Form, Observed, Part, Place, Waived};
use sigu_case::subslots::{
    Continuity, MapGap, Shot, SubSlot, SubSlotState, SubSlotStatus, delivered_items, observation_log,
    payment_map, recording_shots, sub_slots,
};
use sigu_case::{Channel, Direction, ExhibitContent, GoodsKind, House, Slot, State, View};

use crate::built::{Built, wall};
use crate::history::case;
use crate::made::{label, manifest};

fn state(built: &Built, sub_slot: SubSlot) -> SubSlotState {
    built.look(|view| sub_slots(view).into_iter().find(|one| one.sub_slot == sub_slot).unwrap())
}

fn missing(view: &View<'_>) -> Vec<SubSlot> {
    sub_slots(view).into_iter().filter(SubSlotState::is_missing).map(|one| one.sub_slot).collect()
}

#[test]
fn an_undescribed_item_fills_what_its_slot_implies_and_says_so() {
    let mut built = Built::new();
    let page = built.picture(Slot::Description);
    for sub_slot in [SubSlot::Copy, SubSlot::Spec, SubSlot::AfterSale] {
        assert_eq!(state(&built, sub_slot).status, SubSlotStatus::Filled { by: vec![page], implied: true });
    }
    built.describe(page, |it| it.parts = vec![Part::Copy]);
    assert_eq!(state(&built, SubSlot::Copy).status, SubSlotStatus::Filled { by: vec![page], implied: false });
    assert!(state(&built, SubSlot::Spec).is_missing() && state(&built, SubSlot::AfterSale).is_missing());
}

#[test]
fn what_is_missing_says_how_and_what_is_waived_why() {
    let mut built = Built::new();
    for sub_slot in SubSlot::ALL {
        let SubSlotStatus::Missing { how } = state(&built, *sub_slot).status else { panic!("{sub_slot}") };
        assert!(!how.is_incomplete() && !sub_slot.text().is_incomplete(), "{sub_slot}");
    }
    let waived = [
        (Waived::OrderPage, SubSlot::OrderDetail),
        (Waived::Voucher, SubSlot::Voucher),
        (Waived::PaymentMap, SubSlot::PaymentMap),
        (Waived::Copy, SubSlot::Copy),
        (Waived::Spec, SubSlot::Spec),
        (Waived::AfterSale, SubSlot::AfterSale),
        (Waived::Dialogue, SubSlot::Counterpart),
        (Waived::DeliveryResult, SubSlot::RedeemResult),
        (Waived::Recording, SubSlot::Recording),
    ];
    assert_eq!(waived.len(), Waived::ALL.len());
    for (need, sub_slot) in waived {
        built.waive(need, "店铺已关闭");
        let reason = "店铺已关闭".to_owned();
        assert_eq!(state(&built, sub_slot).status, SubSlotStatus::Waived { reason }, "{need}");
    }
    assert!(built.look(missing).is_empty());
}

#[test]
fn a_link_and_an_erased_item_fill_nothing() {
    let mut built = Built::new();
    let link = built.picture(Slot::Transaction);
    built.describe(link, |it| it.form = Some(Form::Link));
    assert!(state(&built, SubSlot::OrderDetail).is_missing());
    let page = built.picture(Slot::Transaction);
    assert!(!state(&built, SubSlot::OrderDetail).is_missing());
    built.exhibit(page).content = ExhibitContent::Erased;
    assert!(state(&built, SubSlot::OrderDetail).is_missing());
}

#[test]
fn a_recharge_shows_no_code_and_an_account_is_handed_over() {
    let mut built = Built::new();
    built.order.facts.charge_account = Some("feiyu_7731".into());
    for sub_slot in [SubSlot::BeforeReveal, SubSlot::Reveal] {
        assert_eq!(state(&built, sub_slot).status, SubSlotStatus::NotApplicable);
    }
    let mut built = Built::new();
    built.order.facts.goods = Some(GoodsKind::GameAccount);
    assert_eq!(state(&built, SubSlot::BeforeReveal).status, SubSlotStatus::NotApplicable);
    let hand_over = built.picture(Slot::Other);
    built.describe(hand_over, |it| it.parts = vec![Part::HandOver]);
    assert!(!state(&built, SubSlot::Reveal).is_missing());
}

#[test]
fn a_look_at_the_issuer_with_a_proof_is_a_result() {
    let mut built = Built::new();
    built.observe("2026-09-20T13:30:00", Observed::Used, Place::Issuer, None);
    assert!(state(&built, SubSlot::RedeemResult).is_missing(), "words alone are none");
    let shot = built.picture(Slot::Delivery);
    built.observe("2026-09-20T13:31:00", Observed::Used, Place::Issuer, Some(shot));
    assert!(!state(&built, SubSlot::RedeemResult).is_missing());
}

#[test]
fn the_payment_table_names_what_is_missing() {
    let mut built = Built::new();
    assert!(!built.look(|view| payment_map(view, &[])).complete);
    built.pay(None, |_| ());
    let map = built.look(|view| payment_map(view, &[]));
    assert!(map.complete && !map.several_orders);
    let row = &map.rows[0];
    assert_eq!(row.order_no.as_deref(), Some("20260920130000001"));
    assert_eq!(row.product.as_deref(), Some("墨池写作 专业版激活码"));
    let mut bare = Built::new();
    (bare.order.facts.title, bare.order.facts.order_no) = (None, None);
    bare.pay(None, |it| (it.txn, it.payee, it.amount_fen) = (None, None, None));
    let gaps = bare.look(|view| payment_map(view, &[])).rows[0].gaps.clone();
    assert_eq!(gaps, [MapGap::Txn, MapGap::Product, MapGap::OrderNo, MapGap::Amount, MapGap::Payee]);
    let mut other = Built::new();
    other.pay(None, |it| (it.amount_fen, it.merchant_order_no) = (Some(9_900), Some("X1".into())));
    let map = other.look(|view| payment_map(view, &[]));
    assert_eq!(map.rows[0].gaps, [MapGap::AmountDiffers, MapGap::OrderNoDiffers]);
    assert!(map.complete, "what differs is to be explained, not missing");
    assert!(MapGap::ALL.iter().all(|gap| !gap.text().is_incomplete()));
}

#[test]
fn one_payment_for_several_orders_is_warned_of() {
    let mut built = Built::new();
    built.pay(None, |_| ());
    let mut second = built.clone().order;
    second.id = label("B");
    let map = built.look(|view| payment_map(view, &[second.clone(), view.order.clone()]));
    assert_eq!(map.rows[0].other_orders, [label("B")]);
    assert_eq!(map.rows[0].gaps, [MapGap::SeveralOrders]);
    second.reports.clear();
    assert!(!built.look(|view| payment_map(view, &[second])).several_orders);
}

#[test]
fn a_recording_has_its_shot_list() {
    let mut built = Built::new();
    let film = built.file(Slot::Recording, "video/mp4", wall("2026-09-20T14:00:00"));
    let shots = |built: &Built| built.look(recording_shots).remove(0);
    let unknown = shots(&built);
    assert_eq!((unknown.continuity, unknown.described), (Continuity::Unknown, false));
    built.describe(film, |it| {
        it.parts = vec![Part::OrderDetail, Part::Reveal, Part::RedeemResult];
        it.continuous = Some(false);
        it.clock_off_s = Some(1);
    });
    let paused = shots(&built);
    assert_eq!(paused.continuity, Continuity::Paused);
    assert_eq!(paused.there, [Shot::Clock, Shot::OrderPage, Shot::Reveal, Shot::RedeemResult]);
    assert_eq!(paused.missing_required(), [Shot::BeforeReveal]);
    built.describe(film, |it| (it.parts, it.continuous) = (vec![Part::BeforeReveal], Some(true)));
    let whole = shots(&built);
    assert_eq!((whole.continuity, whole.missing_required()), (Continuity::OneTake, vec![]));
    assert!(Shot::ALL.iter().all(|shot| !shot.text().is_incomplete()));
}

#[test]
fn looks_are_logged_by_time_and_items_have_fingerprints_but_no_secrets() {
    let mut built = Built::new();
    let page = built.picture(Slot::Delivery);
    built.exhibit(page).content = ExhibitContent::Kept(manifest());
    built.observe("2026-09-21T09:00:00", Observed::Expired, Place::Issuer, Some(page));
    built.observe("2026-09-20T13:30:00", Observed::Ok, Place::Product, None);
    let log = built.look(observation_log);
    let seen: Vec<_> = log.iter().map(|one| (one.state, one.place)).collect();
    assert_eq!(seen, [(Observed::Ok, Place::Product), (Observed::Expired, Place::Issuer)]);
    let items = built.look(delivered_items);
    assert_eq!(items[0].fingerprint.as_deref().map(str::len), Some(8));
    assert!(!format!("{items:?}").contains("MCX7-22QP"));
    let ExhibitContent::Kept(short) = &mut built.exhibit(page).content else { panic!() };
    short.size = 6;
    assert_eq!(built.look(delivered_items)[0].fingerprint, None, "six characters could be guessed from it");
}

#[test]
fn the_five_cases_miss_what_nobody_saved() {
    use SubSlot::{
        AfterSale, BeforeReveal, Copy, Counterpart, OrderDetail, PaymentMap, Recording, RedeemResult, Reveal,
        Spec, Voucher,
    };
    let page = [Copy, Spec, AfterSale];
    let house = House::of(&State::default());
    for (id, wanted) in [
        ("C01", [&[OrderDetail, Voucher][..], &page, &[Counterpart, BeforeReveal, RedeemResult, Recording]]),
        ("C02", [&[OrderDetail, Voucher], &page, &[Counterpart, BeforeReveal, RedeemResult, Recording]]),
        (
            "C03",
            [
                &[OrderDetail, Voucher, PaymentMap],
                &page,
                &[Counterpart, BeforeReveal, RedeemResult, Recording],
            ],
        ),
        ("C04", [&[OrderDetail, Voucher, PaymentMap], &[], &[Counterpart, Recording]]),
        (
            "C05",
            [&[OrderDetail, Voucher, PaymentMap], &page, &[Counterpart, Reveal, RedeemResult, Recording]],
        ),
    ] {
        let order = case(id);
        let view = View::new(&order, &house, wall("2026-11-01T00:00:00"));
        assert_eq!(missing(&view), wanted.concat(), "{id}");
    }
    let mut built = Built::new();
    built.say(Direction::Out, Channel::Oral, "2026-09-20T13:30:00", "电话里说的");
    assert!(!state(&built, SubSlot::Chat).is_missing());
}
