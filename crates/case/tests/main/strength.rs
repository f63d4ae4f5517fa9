//! Strength: rungs and components of single items, corroboration of facts, and that waiting never helps.

use proptest::prelude::*;
use sigu_case::report::{Destination, RefundSeen, RefundState};
use sigu_case::report::{
    Form, Observed, Part, PartyNamed, Place, PromiseKind, PromiseMade, PromisePlace, RefundProof, Role,
};
use sigu_case::strength::{
    ComponentCode, ExhibitStrength, FactCode, FactStrength, Rung, SourceKind, exhibit_strength, fact_strength,
};
use sigu_case::{Channel, Direction, ExhibitContent, House, ItemId, Slot, State, View};

use crate::built::{Built, wall};
use crate::history::case;
use crate::made::label;

fn weighed(built: &Built, item: ItemId) -> ExhibitStrength {
    built.look(|view| {
        let exhibit = view.order.exhibits.iter().find(|exhibit| exhibit.item == item).unwrap();
        exhibit_strength(view, exhibit)
    })
}

fn fact(built: &Built, code: FactCode) -> FactStrength {
    built.look(|view| fact_strength(view).into_iter().find(|one| one.fact == code).unwrap())
}

fn adds_up(components: &[sigu_case::strength::Component], score: u32) {
    let sum: i32 = components.iter().map(|component| component.points).sum();
    assert_eq!(sum, i32::try_from(score).unwrap(), "{components:#?}");
}

#[test]
fn a_described_form_gives_its_rung_and_stronger_forms_score_more() {
    let forms = [
        (Form::Statement, Rung::S0, 20),
        (Form::Transcript, Rung::S0, 20),
        (Form::Link, Rung::S0, 20),
        (Form::Cropped, Rung::S1, 40),
        (Form::FullPage, Rung::S2, 50),
        (Form::Recording, Rung::S3, 55),
        (Form::Notarised, Rung::S4, 70),
        (Form::OfficialData, Rung::S5, 80),
    ];
    for (form, rung, score) in forms {
        let mut built = Built::new();
        let item = built.picture(Slot::Transaction);
        built.describe(item, |it| it.form = Some(form));
        let found = weighed(&built, item);
        assert_eq!((found.rung, found.guessed, found.score), (rung, false, score), "{form}");
        adds_up(&found.components, found.score);
    }
}

#[test]
fn an_undescribed_item_is_guessed_and_says_so() {
    let guesses = [
        ("image/png", None, None, Rung::S1),
        ("image/png", Some("https://shop.test/o/1"), None, Rung::S2),
        ("text/html", None, None, Rung::S1),
        ("text/html", Some("https://shop.test/o/1"), None, Rung::S2),
        ("video/mp4", None, None, Rung::S1),
        ("video/mp4", None, Some(false), Rung::S1),
        ("video/mp4", None, Some(true), Rung::S3),
        ("text/plain", None, None, Rung::S0),
        ("message/rfc822", None, None, Rung::S2),
        ("application/octet-stream", None, None, Rung::S1),
    ];
    for (media, url, continuous, rung) in guesses {
        let mut built = Built::new();
        let item = built.file(Slot::Recording, media, wall("2026-09-20T14:00:00"));
        built.describe(item, |it| (it.url, it.continuous) = (url.map(str::to_owned), continuous));
        let found = weighed(&built, item);
        assert_eq!((found.rung, found.guessed), (rung, true), "{media} {url:?} {continuous:?}");
    }
}

#[test]
fn a_paused_recording_is_no_continuous_one() {
    let mut built = Built::new();
    let item = built.file(Slot::Recording, "video/mp4", wall("2026-09-20T14:00:00"));
    built.describe(item, |it| it.form = Some(Form::Recording));
    assert_eq!(weighed(&built, item).rung, Rung::S3);
    built.describe(item, |it| it.continuous = Some(false));
    assert_eq!(weighed(&built, item).rung, Rung::S1);
}

#[test]
fn delay_takes_ten_for_each_whole_day_down_to_ten() {
    let days = [
        ("2026-09-20T13:00:00", 40),
        ("2026-09-21T12:59:59", 40),
        ("2026-09-21T13:00:00", 30),
        ("2026-09-22T13:00:00", 20),
        ("2026-09-23T13:00:00", 10),
        ("2026-09-29T13:00:00", 10),
    ];
    for (fixed, score) in days {
        let mut built = Built::new();
        let item = built.file(Slot::Transaction, "image/png", wall(fixed));
        let found = weighed(&built, item);
        assert_eq!(found.score, score, "{fixed}");
        adds_up(&found.components, found.score);
    }
}

#[test]
fn the_delay_counts_from_what_the_item_shows() {
    let mut built = Built::new();
    let item = built.file(Slot::Delivery, "image/png", wall("2026-09-25T14:00:00"));
    assert_eq!(weighed(&built, item).score, 10);
    built.observe("2026-09-25T13:00:00", Observed::Expired, Place::Issuer, Some(item));
    assert_eq!((weighed(&built, item).score, weighed(&built, item).delay_s), (40, Some(3_600)));
    built.order.facts.paid_at = None;
    built.order.reports.clear();
    let unknown = weighed(&built, item);
    assert!(unknown.components.iter().any(|one| one.code == ComponentCode::DelayUnknown));
}

#[test]
fn no_timestamp_is_granted_and_it_is_named_as_absent() {
    let mut built = Built::new();
    let item = built.picture(Slot::Transaction);
    let found = weighed(&built, item);
    let token = found.components.iter().find(|one| one.code == ComponentCode::TimestampToken).unwrap();
    assert_eq!(token.points, 0);
    built.exhibit(item).content = ExhibitContent::Erased;
    assert_eq!(weighed(&built, item).score, 0);
}

#[test]
fn two_holders_bear_a_payment_out_and_three_more_so() {
    let mut built = Built::new();
    let only_typed = fact(&built, FactCode::Paid);
    assert_eq!((only_typed.independent, only_typed.score), (0, 10));
    assert_eq!(only_typed.sources[0].kind, SourceKind::OwnNote);
    let voucher = built.picture(Slot::Voucher);
    built.pay(Some(voucher), |_| ());
    let one = fact(&built, FactCode::Paid);
    assert_eq!((one.independent, one.score), (1, 50));
    assert_eq!(one.sources.iter().filter(|source| source.item == Some(voucher)).count(), 1);
    built.picture(Slot::Transaction);
    let two = fact(&built, FactCode::Paid);
    assert_eq!((two.independent, two.score), (2, 80));
    for found in [only_typed, one, two] {
        adds_up(&found.components, found.score);
    }
}

#[test]
fn the_state_seen_at_issuer_shop_and_payment_is_borne_out_by_three() {
    let mut built = Built::new();
    for place in [Place::Issuer, Place::Shop, Place::Payment] {
        let item = built.picture(Slot::Delivery);
        built.observe("2026-09-20T13:30:00", Observed::Invalid, place, Some(item));
    }
    let found = fact(&built, FactCode::DeliveredState);
    assert_eq!((found.independent, found.score), (3, 100));
    let other = built.picture(Slot::Delivery);
    built.observe("2026-09-20T13:31:00", Observed::Expired, Place::Issuer, Some(other));
    let rows = built.look(fact_strength);
    let states: Vec<_> =
        rows.iter().filter_map(|one| one.state.map(|state| (state, one.independent))).collect();
    assert_eq!(states, [(Observed::Invalid, 3), (Observed::Expired, 1)], "another state is another fact");
}

#[test]
fn two_pages_of_one_holder_are_one_source() {
    let mut built = Built::new();
    built.picture(Slot::Transaction);
    let list = built.picture(Slot::Other);
    built.describe(list, |it| it.parts = vec![Part::OrderList]);
    assert_eq!(fact(&built, FactCode::OrderPlaced).independent, 1);
    let mail = built.file(Slot::Other, "message/rfc822", wall("2026-09-20T14:00:00"));
    built.describe(mail, |it| it.parts = vec![Part::DeliveryMail]);
    assert_eq!(fact(&built, FactCode::OrderPlaced).independent, 2);
}

#[test]
fn in_a_shop_of_one_merchant_page_and_chat_have_one_holder() {
    let promise = |profile: &str| {
        let mut built = Built::new();
        built.order.facts.profile = Some(profile.into());
        let page = built.picture(Slot::Description);
        let said = built.say(Direction::In, Channel::Platform, "2026-09-20T12:50:00", "永久有效");
        for (place, proof) in [(PromisePlace::ProductPage, page), (PromisePlace::Dialogue, said)] {
            built.report(PromiseMade {
                at: wall("2026-09-20T12:50:00"),
                order: label("A"),
                kind: PromiseKind::Permanent,
                place,
                text: "永久有效".into(),
                due_at: None,
                proof: Some(proof),
            });
        }
        fact(&built, FactCode::Promised).independent
    };
    assert_eq!((promise("acg"), promise("qs")), (1, 2));
}

#[test]
fn what_one_typed_is_no_source_and_off_platform_chat_counts_less() {
    let mut built = Built::new();
    let typed = built.file(Slot::Voucher, "text/plain", wall("2026-09-20T14:00:00"));
    built.pay(Some(typed), |_| ());
    assert_eq!(fact(&built, FactCode::Paid).independent, 0);
    for (channel, score) in
        [(Channel::Platform, 40), (Channel::Email, 40), (Channel::OffPlatform, 20), (Channel::Oral, 10)]
    {
        let mut built = Built::new();
        built.say(Direction::In, channel, "2026-09-20T18:00:00", "卡密没问题，不退");
        assert_eq!(fact(&built, FactCode::MerchantRefused).score, score, "{channel:?}");
    }
}

#[test]
fn another_amount_disagrees_unless_payments_add_up() {
    let mut built = Built::new();
    let voucher = built.picture(Slot::Voucher);
    built.pay(Some(voucher), |it| it.amount_fen = Some(10_000));
    let found = fact(&built, FactCode::Paid);
    assert_eq!((found.disagreeing.len(), found.independent), (1, 0));
    let second = built.picture(Slot::Voucher);
    built.pay(Some(second), |it| it.amount_fen = Some(2_800));
    let found = fact(&built, FactCode::Paid);
    assert_eq!((found.disagreeing.len(), found.independent), (0, 1));
}

#[test]
fn the_payee_bears_the_registered_name_out_or_contradicts_it() {
    for (payee, agrees) in [("云州市橙壳数字工作室(个体工商户)", true), ("云州市小鹿百货店", false)]
    {
        let mut built = Built::new();
        let licence = built.picture(Slot::Other);
        built.describe(licence, |it| it.parts = vec![Part::Licence]);
        built.report(PartyNamed {
            at: wall("2026-09-20T12:00:00"),
            order: label("A"),
            role: Role::Merchant,
            name: None,
            legal_name: Some("橙壳数字工作室".into()),
            address: None,
            contact: None,
            licence: None,
            proof: Some(licence),
        });
        let voucher = built.picture(Slot::Voucher);
        built.pay(Some(voucher), |it| it.payee = Some(payee.into()));
        let found = fact(&built, FactCode::MerchantIdentity);
        assert_eq!(
            (found.independent, found.disagreeing.is_empty()),
            (1 + usize::from(agrees), agrees),
            "{payee}"
        );
    }
}

#[test]
fn a_refund_the_shop_shows_is_the_shops_word() {
    let refund = |shown_by, proved: bool| {
        let mut built = Built::new();
        let proof = proved.then(|| built.picture(Slot::Other));
        built.report(RefundSeen {
            at: wall("2026-09-20T13:30:00"),
            order: label("A"),
            amount_fen: Some(12_800),
            state: RefundState::Received,
            destination: Destination::Original,
            shown_by,
            body: None,
            proof,
        });
        let found = fact(&built, FactCode::Refund);
        (found.sources[0].kind, found.score)
    };
    assert_eq!(refund(RefundProof::PaymentSide, true), (SourceKind::PaymentBill, 50));
    assert_eq!(refund(RefundProof::ShopStatus, true), (SourceKind::ShopPage, 40));
    assert_eq!(refund(RefundProof::PaymentSide, false), (SourceKind::OwnNote, 10));
}

/// A fact, how many hold a source of it, and its score.
type Row = (FactCode, usize, u32);

#[test]
fn the_five_cases_rest_on_what_was_said_and_typed() {
    use FactCode::{DeliveredState, MerchantIdentity, MerchantRefused, OrderPlaced, Paid, Promised, Refund};
    // The cases hold no files: only the dialogue is a source, and it was recorded weeks later.
    let expected: [(&str, &[Row]); 5] = [
        (
            "C01",
            &[
                (Paid, 0, 10),
                (OrderPlaced, 0, 10),
                (Promised, 0, 10),
                (DeliveredState, 0, 10),
                (MerchantRefused, 1, 10),
                (MerchantIdentity, 0, 0),
                (Refund, 0, 10),
            ],
        ),
        ("C02", &[(Promised, 0, 10), (MerchantRefused, 1, 10), (MerchantIdentity, 0, 10)]),
        (
            "C03",
            &[(Promised, 0, 0), (DeliveredState, 0, 10), (MerchantRefused, 1, 10), (MerchantIdentity, 0, 0)],
        ),
        ("C04", &[(DeliveredState, 0, 10), (MerchantRefused, 1, 10), (Refund, 0, 10)]),
        ("C05", &[(Promised, 1, 10), (MerchantRefused, 1, 10), (MerchantIdentity, 0, 0)]),
    ];
    let house = House::of(&State::default());
    for (id, wanted) in expected {
        let order = case(id);
        let view = View::new(&order, &house, wall("2026-11-01T00:00:00"));
        let facts = fact_strength(&view);
        for (code, independent, score) in wanted {
            let found = facts.iter().find(|one| one.fact == *code).unwrap();
            assert_eq!((found.independent, found.score), (*independent, *score), "{id} {code}");
        }
        for exhibit in &view.order.exhibits {
            let found = exhibit_strength(&view, exhibit);
            assert_eq!((found.rung, found.guessed, found.score), (Rung::S0, false, 10), "{id}");
        }
    }
}

#[test]
fn every_code_has_words_and_none_promises_a_verdict() {
    for text in Rung::ALL
        .iter()
        .map(|it| it.text())
        .chain(FactCode::ALL.iter().map(|it| it.text()))
        .chain(SourceKind::ALL.iter().map(|it| it.text()))
    {
        assert!(!text.is_incomplete(), "{text:?}");
    }
    let data = include_str!("../../data/strength.toml");
    for code in ComponentCode::ALL {
        assert!(data.contains(&format!("code = \"{code}\"")), "{code}");
    }
    for code in Form::ALL.iter().map(|it| it.code()).chain(Place::ALL.iter().map(|it| it.code())) {
        assert!(data.contains(&format!("= \"{code}\"")), "{code}");
    }
    for promise in ["采信", "胜诉", "court will"] {
        assert!(!data.contains(promise), "{promise}");
    }
}

proptest! {
    #[test]
    fn strength_never_rises_with_delay(early in 0_i64..2_000_000, wait in 0_i64..2_000_000, media in 0_usize..4) {
        let media = ["image/png", "video/mp4", "text/plain", "message/rfc822"][media];
        let score = |seconds: i64| {
            let mut built = Built::new();
            let fixed = wall("2026-09-20T00:00:00") + jiff::SignedDuration::from_secs(seconds);
            let item = built.file(Slot::Voucher, media, fixed);
            built.exhibit(item).formed_at = Some(wall("2026-09-20T13:00:00"));
            built.pay(Some(item), |_| ());
            (weighed(&built, item).score, fact(&built, FactCode::Paid).score)
        };
        let (before, after) = (score(early), score(early + wait));
        prop_assert!(after.0 <= before.0 && after.1 <= before.1, "{before:?} {after:?}");
        prop_assert!((10..=100).contains(&after.0) && (10..=100).contains(&after.1));
    }
}
