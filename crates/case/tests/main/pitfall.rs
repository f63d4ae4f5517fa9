//! Pitfalls: each detector finds what it is for and leaves alone what it is not, and what the five cases
//! come to.

use sigu_case::pitfall::{
    Pitfall, PitfallCode as P, PitfallDetail, PitfallState, channel_ratio, pitfalls, pitfalls_in,
};
use sigu_case::report::{
    Body, Destination, Form, Observed, Part, PartyNamed, Place, RefundProof, RefundSeen, RefundState, Role,
};
use sigu_case::scenario::Scenario;
use sigu_case::{Channel, Direction, House, ItemId, Slot, State, View};

use crate::built::{Built, wall};
use crate::history::case;
use crate::made::label;

const NOTICE: &str = "依据《云栈寄售平台售后规则》第三条，无效卡密应补发或退款，请于18:50前处理";

fn all(built: &Built) -> Vec<Pitfall> {
    built.look(pitfalls)
}

fn one(built: &Built, code: P) -> Option<Pitfall> {
    all(built).into_iter().find(|pitfall| pitfall.code == code)
}

fn state(built: &Built, code: P) -> Option<PitfallState> {
    one(built, code).map(|pitfall| pitfall.state)
}

fn said(built: &mut Built, text: &str) -> ItemId {
    built.say(Direction::Out, Channel::Platform, "2026-09-20T14:50:00", text)
}

fn film(built: &mut Built, parts: &[Part], continuous: Option<bool>) {
    let item = built.file(Slot::Recording, "video/mp4", wall("2026-09-20T14:00:00"));
    built.describe(item, |it| (it.parts, it.continuous) = (parts.to_vec(), continuous));
}

fn refund(built: &mut Built, shown_by: RefundProof) {
    built.report(RefundSeen {
        at: wall("2026-09-22T10:00:00"),
        order: label("A"),
        amount_fen: Some(12_800),
        state: RefundState::Received,
        destination: Destination::Original,
        shown_by,
        body: None,
        proof: None,
    });
}

fn party(built: &mut Built, role: Role, name: &str, legal_name: Option<&str>) {
    built.report(PartyNamed {
        at: wall("2026-09-20T12:00:00"),
        order: label("A"),
        role,
        name: Some(name.into()),
        legal_name: legal_name.map(str::to_owned),
        address: None,
        contact: None,
        licence: None,
        proof: None,
    });
}

type Case = (P, PitfallState, fn(&mut Built), fn(&mut Built));

/// The code, how it is reported, what brings it about, and what comes near it and does not.
const CASES: [Case; 33] = [
    (
        P::R1,
        PitfallState::Found,
        |b| _ = b.picture(Slot::Chat),
        |b| {
            let item = b.picture(Slot::Chat);
            b.describe(item, |it| it.parts = vec![Part::Chat, Part::Counterpart]);
        },
    ),
    (
        P::R2,
        PitfallState::Found,
        |b| {
            let item = b.picture(Slot::Chat);
            b.describe(item, |it| it.original_kept = Some(false));
        },
        |b| {
            let item = b.picture(Slot::Chat);
            b.describe(item, |it| it.original_kept = Some(true));
        },
    ),
    (P::R2, PitfallState::Unknown, |b| _ = b.picture(Slot::Chat), |b| _ = b.picture(Slot::Voucher)),
    (
        P::R3,
        PitfallState::Found,
        |b| film(b, &[Part::BeforeReveal, Part::Reveal, Part::RedeemResult], Some(false)),
        |b| film(b, &[Part::BeforeReveal, Part::Reveal, Part::RedeemResult], Some(true)),
    ),
    (P::R3, PitfallState::Found, |b| film(b, &[Part::Reveal], Some(true)), |_| ()),
    (P::R3, PitfallState::Unknown, |b| film(b, &[], None), |_| ()),
    (P::R4, PitfallState::Found, |b| _ = b.pay(None, |it| it.txn = None), |b| _ = b.pay(None, |_| ())),
    (
        P::R5,
        PitfallState::Found,
        |b| {
            said(b, NOTICE);
            b.file(Slot::Description, "image/png", wall("2026-09-21T09:00:00"));
        },
        |b| {
            said(b, NOTICE);
            b.file(Slot::Description, "image/png", wall("2026-09-21T09:00:00"));
            b.picture(Slot::Description);
        },
    ),
    (
        P::R6,
        PitfallState::Found,
        |b| _ = b.file(Slot::Chat, "text/plain", wall("2026-09-20T14:00:00")),
        |b| {
            b.file(Slot::Chat, "text/plain", wall("2026-09-20T14:00:00"));
            b.picture(Slot::Chat);
        },
    ),
    (
        P::R7,
        PitfallState::Found,
        |b| {
            let item = b.picture(Slot::Delivery);
            b.describe(item, |it| it.clock_off_s = Some(-61));
        },
        |b| {
            let item = b.picture(Slot::Delivery);
            b.describe(item, |it| it.clock_off_s = Some(60));
        },
    ),
    (
        P::R7,
        PitfallState::Found,
        |b| b.order.facts.delivered_at = Some(wall("2026-09-20T12:59:59")),
        |b| b.order.facts.delivered_at = Some(wall("2026-09-20T13:00:00")),
    ),
    (
        P::R8,
        PitfallState::Found,
        |b| {
            let item = b.picture(Slot::Description);
            b.describe(item, |it| it.form = Some(Form::Link));
        },
        |b| _ = b.picture(Slot::Description),
    ),
    (
        P::R9,
        PitfallState::Found,
        |b| _ = b.pay(None, |it| it.payer = Some("李四".into())),
        |b| {
            b.pay(None, |it| it.payer = Some("张三".into()));
            party(b, Role::Buyer, "张三", None);
        },
    ),
    (
        P::R9,
        PitfallState::Found,
        |b| {
            let item = b.picture(Slot::Transaction);
            b.describe(item, |it| it.own_account = Some(false));
        },
        |b| {
            let item = b.picture(Slot::Transaction);
            b.describe(item, |it| it.own_account = Some(false));
            let note = b.picture(Slot::Other);
            b.describe(note, |it| it.caption = Some("账号主人的授权说明".into()));
        },
    ),
    (
        P::R10,
        PitfallState::Found,
        |b| _ = b.observe("2026-09-20T13:30:00", Observed::RedeemedByBuyer, Place::Issuer, None),
        |b| _ = b.observe("2026-09-20T13:30:00", Observed::Used, Place::Issuer, None),
    ),
    (
        P::R11,
        PitfallState::Found,
        |b| {
            said(b, NOTICE);
            b.order.messages[0].text = None;
        },
        |b| _ = said(b, NOTICE),
    ),
    (
        P::R11,
        PitfallState::Unknown,
        |b| {
            said(b, NOTICE);
            b.say(Direction::In, Channel::Platform, "2026-09-27T14:50:00", "在吗");
        },
        |b| {
            said(b, NOTICE);
            b.say(Direction::In, Channel::Platform, "2026-09-27T13:50:00", "在吗");
        },
    ),
    (
        P::R12,
        PitfallState::Found,
        |b| {
            let item = b.picture(Slot::Delivery);
            b.describe(item, |it| it.lawful = Some(false));
        },
        |b| {
            let item = b.picture(Slot::Delivery);
            b.describe(item, |it| it.lawful = Some(true));
        },
    ),
    (P::R12, PitfallState::Unknown, |b| _ = b.picture(Slot::Delivery), |_| ()),
    (
        P::R13,
        PitfallState::Unknown,
        |b| {
            let item = b.picture(Slot::Delivery);
            let exhibit = b.exhibit(item);
            let sigu_case::ExhibitContent::Kept(manifest) = &mut exhibit.content else { panic!() };
            manifest.modified_at = Some("2026-09-20T06:05:01Z".into());
        },
        |b| {
            let item = b.picture(Slot::Delivery);
            let exhibit = b.exhibit(item);
            let sigu_case::ExhibitContent::Kept(manifest) = &mut exhibit.content else { panic!() };
            manifest.modified_at = Some("2026-09-20T06:05:00Z".into());
        },
    ),
    (
        P::R14,
        PitfallState::Found,
        |b| _ = b.picture(Slot::Description),
        |b| {
            let item = b.picture(Slot::Description);
            b.describe(item, |it| it.url = Some("https://shop.test/p/1".into()));
        },
    ),
    (
        P::R15,
        PitfallState::Found,
        |b| {
            said(b, NOTICE);
            party(b, Role::Merchant, "橙壳数卡", None);
        },
        |b| {
            said(b, NOTICE);
            party(b, Role::Merchant, "橙壳数卡", Some("橙壳数字工作室"));
        },
    ),
    (
        P::R16,
        PitfallState::Found,
        |b| _ = b.picture(Slot::Other),
        |b| {
            let item = b.picture(Slot::Other);
            b.describe(item, |it| it.proves = Some("对方承认收款".into()));
        },
    ),
    (
        P::OralOnly,
        PitfallState::Found,
        |b| _ = b.say(Direction::In, Channel::Oral, "2026-09-20T14:50:00", "电话里答应退款"),
        |b| {
            b.say(Direction::In, Channel::Oral, "2026-09-20T14:50:00", "电话里答应退款");
            b.picture(Slot::Transaction);
        },
    ),
    (
        P::OffPlatformOnly,
        PitfallState::Found,
        |b| _ = b.say(Direction::Out, Channel::OffPlatform, "2026-09-20T14:50:00", "还没收到"),
        |b| {
            b.say(Direction::Out, Channel::OffPlatform, "2026-09-20T14:50:00", "还没收到");
            said(b, "还没收到");
        },
    ),
    (
        P::WrongCategory,
        PitfallState::Found,
        |b| _ = b.step("2026-09-20T18:00:00", Body::Platform, Some("logistics_delay")),
        |b| _ = b.step("2026-09-20T18:00:00", Body::Platform, Some("无效卡密")),
    ),
    (
        P::Late,
        PitfallState::Found,
        |_| (),
        |b| {
            for slot in [Slot::Transaction, Slot::Voucher, Slot::Description, Slot::Chat, Slot::Delivery] {
                b.picture(slot);
            }
        },
    ),
    (P::Emotional, PitfallState::Found, |b| _ = said(b, "骗子，你不得好死"), |b| _ = said(b, NOTICE)),
    (
        P::PrivacyLeaked,
        PitfallState::Found,
        |b| _ = said(b, "我的身份证号是11010519491231002X"),
        |b| _ = said(b, NOTICE),
    ),
    (
        P::LinkOnly,
        PitfallState::Found,
        |b| {
            let item = b.picture(Slot::Description);
            b.describe(item, |it| it.form = Some(Form::Link));
        },
        |b| {
            let item = b.picture(Slot::Description);
            b.describe(item, |it| it.form = Some(Form::Link));
            b.picture(Slot::Description);
        },
    ),
    (
        P::RefundByShopStatusOnly,
        PitfallState::Found,
        |b| refund(b, RefundProof::ShopStatus),
        |b| {
            refund(b, RefundProof::ShopStatus);
            refund(b, RefundProof::PaymentSide);
        },
    ),
    (
        P::ConfirmedTooEarly,
        PitfallState::Found,
        |b| {
            b.observe("2026-09-20T13:30:00", Observed::Invalid, Place::Issuer, None);
            b.order.facts.confirmed_at = Some(wall("2026-09-20T13:31:00"));
        },
        |b| {
            b.observe("2026-09-20T13:30:00", Observed::Ok, Place::Issuer, None);
            b.order.facts.confirmed_at = Some(wall("2026-09-20T13:31:00"));
        },
    ),
    (
        P::E4BeforeE5,
        PitfallState::Found,
        |b| {
            b.step("2026-09-21T10:00:00", Body::Association, None);
            b.step("2026-09-21T10:00:01", Body::Complaint12315, None);
        },
        |b| {
            b.step("2026-09-21T10:00:00", Body::Complaint12315, None);
            b.step("2026-09-21T10:00:01", Body::Association, None);
        },
    ),
];

#[test]
fn each_detector_finds_its_pitfall_and_nothing_near_it() {
    for (code, reported, brings, near) in CASES {
        let mut built = Built::new();
        brings(&mut built);
        assert_eq!(state(&built, code), Some(reported), "{code} is to be reported");
        let mut built = Built::new();
        near(&mut built);
        assert_eq!(state(&built, code), None, "{code} is not there");
    }
}

#[test]
fn a_notice_is_missed_and_so_is_a_rule_in_it() {
    let mut built = Built::new();
    assert_eq!(state(&built, P::NoNoticeYet), None);
    built.observe("2026-09-20T13:30:00", Observed::Invalid, Place::Issuer, None);
    assert_eq!(state(&built, P::NoNoticeYet), Some(PitfallState::Found));
    said(&mut built, "卡密无效，请于18:50前处理");
    assert_eq!(state(&built, P::NoNoticeYet), None);
    assert_eq!(state(&built, P::NoRuleCited), Some(PitfallState::Found));
    said(&mut built, NOTICE);
    assert_eq!(state(&built, P::NoRuleCited), None);
}

#[test]
fn receipt_confirmed_unseen_and_a_refund_by_words_are_asked_about() {
    let mut built = Built::new();
    built.order.facts.confirmed_at = Some(wall("2026-09-20T13:31:00"));
    assert_eq!(state(&built, P::ConfirmedTooEarly), Some(PitfallState::Unknown));
    refund(&mut built, RefundProof::None);
    assert_eq!(state(&built, P::RefundByShopStatusOnly), Some(PitfallState::Unknown));
}

#[test]
fn a_wrong_category_names_the_right_one() {
    let told = |chosen: &str, scenario| {
        let mut built = Built::new();
        built.step("2026-09-20T18:00:00", Body::Platform, Some(chosen));
        let found = built.look(|view| pitfalls_in(view, scenario));
        let found = found.into_iter().find(|one| one.code == P::WrongCategory)?;
        let Some(PitfallDetail::Category { right, why, .. }) = found.detail else { panic!() };
        assert!(why.is_some_and(|why| !why.is_incomplete()));
        Some(right.into_iter().map(|name| name.zh).collect::<Vec<_>>())
    };
    let used = Some(Scenario::KeyUsed);
    for wrong in ["不会使用", "logistics_delay", "涉嫌色情"] {
        let right = told(wrong, used).unwrap();
        assert_eq!(right.first().map(String::as_str), Some("无效卡密"), "{wrong}");
    }
    for fine in ["无效卡密", "goods_quality", "自己写的一句话"] {
        assert_eq!(told(fine, used), None, "{fine}");
    }
    assert_eq!(told("logistics_delay", None), Some(Vec::new()), "wrong for every digital good");
}

#[test]
fn the_merchant_without_a_name_is_needed_once_an_authority_was_asked() {
    let mut built = Built::new();
    built.step("2026-09-20T18:00:00", Body::Complaint12315, None);
    let found = one(&built, P::R15).unwrap();
    let Some(PitfallDetail::Identity { name, payee, needed_now }) = found.detail else { panic!() };
    assert_eq!((name.as_deref(), payee, needed_now), (Some("橙壳数卡"), None, true));
}

#[test]
fn the_share_on_the_platform_is_counted() {
    let mut built = Built::new();
    assert_eq!(built.look(channel_ratio).platform_bp, None);
    for channel in [Channel::Platform, Channel::Platform, Channel::Email] {
        built.say(Direction::Out, channel, "2026-09-20T14:50:00", "还没收到");
    }
    assert!(!built.look(channel_ratio).warns());
    let theirs = built.say(Direction::In, Channel::OffPlatform, "2026-09-20T14:51:00", "在的");
    let own = built.say(Direction::Out, Channel::OffPlatform, "2026-09-20T14:52:00", "收到");
    let ratio = built.look(channel_ratio);
    assert_eq!((ratio.platform, ratio.email, ratio.off_platform, ratio.oral), (2, 1, 2, 0));
    assert_eq!(ratio.platform_bp, Some(4_000));
    assert_eq!((ratio.first_off_platform, ratio.first_own_off_platform), (Some(theirs), Some(own)));
    assert!(ratio.warns());
}

/// A case, when it is looked at, its scenario, and what is found in it beyond what all have.
type Outcome = (&'static str, &'static str, Scenario, &'static [(P, PitfallState)]);

const COME_TO: [Outcome; 5] = [
    (
        "C01",
        "2026-09-21T00:00:00",
        Scenario::NonDelivery,
        &[
            (P::R15, PitfallState::Found),
            (P::Late, PitfallState::Found),
            (P::NoRuleCited, PitfallState::Found),
        ],
    ),
    (
        "C02",
        "2026-11-01T00:00:00",
        Scenario::ExpiredThoughPermanent,
        &[(P::Late, PitfallState::Found), (P::NoRuleCited, PitfallState::Found)],
    ),
    (
        "C03",
        "2026-09-25T00:00:00",
        Scenario::KeyUsed,
        &[
            (P::R4, PitfallState::Found),
            (P::R15, PitfallState::Found),
            (P::Late, PitfallState::Found),
            (P::RefundByShopStatusOnly, PitfallState::Unknown),
        ],
    ),
    (
        "C04",
        "2026-09-13T00:00:00",
        Scenario::LateDelivery,
        &[
            (P::R4, PitfallState::Found),
            (P::R15, PitfallState::Found),
            (P::Late, PitfallState::Found),
            (P::RefundByShopStatusOnly, PitfallState::Found),
            (P::NoRuleCited, PitfallState::Found),
        ],
    ),
    (
        "C05",
        "2026-08-22T00:00:00",
        Scenario::AccountRecovered,
        &[
            (P::R4, PitfallState::Found),
            (P::R11, PitfallState::Unknown),
            (P::R15, PitfallState::Found),
            (P::Late, PitfallState::Found),
            (P::RefundByShopStatusOnly, PitfallState::Unknown),
            (P::NoRuleCited, PitfallState::Found),
        ],
    ),
];

#[test]
fn the_five_cases_come_to_this() {
    use PitfallState::{Found, Unknown};
    // Every case has a dialogue without a profile page and an original to ask about; all but the account have
    // delivered text that was only typed.
    let common = |id: &str| match id {
        "C05" => vec![(P::R1, Found), (P::R2, Unknown)],
        _ => vec![(P::R1, Found), (P::R2, Unknown), (P::R6, Found), (P::R12, Unknown)],
    };
    let house = House::of(&State::default());
    for (id, at, scenario, own) in COME_TO {
        let order = case(id);
        let view = View::new(&order, &house, wall(at));
        let found: Vec<_> =
            pitfalls_in(&view, Some(scenario)).into_iter().map(|one| (one.code, one.state)).collect();
        let mut wanted = common(id);
        wanted.extend(own);
        wanted.sort_by_key(|(code, _)| *code);
        assert_eq!(found, wanted, "{id}");
    }
}

#[test]
fn in_the_first_case_the_payee_is_somebody_else() {
    let house = House::of(&State::default());
    let c01 = case("C01");
    let found = pitfalls(&View::new(&c01, &house, wall("2026-09-21T00:00:00")));
    let identity = found.iter().find(|one| one.code == P::R15).unwrap();
    let detail = PitfallDetail::Identity {
        name: Some("流萤卡铺".into()),
        payee: Some("云州市小鹿百货店".into()),
        needed_now: false,
    };
    assert_eq!(identity.detail, Some(detail));
}

#[test]
fn every_pitfall_has_name_reason_and_fix() {
    for code in P::ALL {
        let text = code.text();
        assert!(![&text.name, &text.why, &text.fix].into_iter().any(|one| one.is_incomplete()), "{code}");
        assert!(!text.source.is_empty(), "{code}");
    }
    let data = include_str!("../../data/pitfalls.toml");
    assert_eq!(data.matches("[[pitfall]]\n").count(), P::ALL.len());
    assert!(!data.contains("权利丧失"), "D4");
}
