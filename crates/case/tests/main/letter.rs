//! Letters: every scenario and kind is short, calm and in order; the gate, the plan, the catalogue and the
//! timeline.

use jiff::Timestamp;
use sigu_case::calendar::day_of;
use sigu_case::catalogue::{CatalogueGap, catalogue};
use sigu_case::claim::{Basis, Claim, ClaimKind};
use sigu_case::letter::{
    Gate, Letter, LetterInput, LetterKind, PartKind, SendStage, draft, gate, gate_knowing, send_plan,
};
use sigu_case::scenario::{Scenario, Table};
use sigu_case::timeline::{TimelineKind, timeline};
use sigu_case::tone::{self, Context, Label, Venue, style};
use sigu_case::{House, Order, State, View, law, platform};

use crate::history::case;
use crate::made::time;

pub(crate) const CASES: [(&str, &str, Scenario, ClaimKind, Option<i64>); 5] = [
    ("C01", "2026-09-19T01:00:00+08:00", Scenario::NonDelivery, ClaimKind::FullRefund, Some(3_000)),
    (
        "C02",
        "2026-10-01T11:30:00+08:00",
        Scenario::ExpiredThoughPermanent,
        ClaimKind::ReissueOrRefund,
        Some(12_800),
    ),
    ("C03", "2026-09-21T18:30:00+08:00", Scenario::KeyUsed, ClaimKind::FullRefund, Some(4_500)),
    ("C04", "2026-09-11T12:40:00+08:00", Scenario::LateDelivery, ClaimKind::PartialCompensation, Some(1_200)),
    (
        "C05",
        "2026-08-15T13:05:00+08:00",
        Scenario::AccountRecovered,
        ClaimKind::CoveragePayout,
        Some(186_000),
    ),
];

/// What must never be printed: the codes delivered in C02 and C03. C01 delivered a sentence, which is the
/// proof.
pub(crate) const SECRETS: [&str; 4] = ["MCX7-22QP-91LD-0W4H", "YST0093821", "7QKD-ZT4M-90XA", "haige_game"];

pub(crate) fn house() -> House {
    House::of(&State::default())
}

pub(crate) fn claim(kind: ClaimKind, amount_fen: Option<i64>) -> Claim {
    Claim { kind, amount_fen, count: None, basis: Basis::Price }
}

pub(crate) fn laws(scenario: Scenario, at: Timestamp) -> Vec<law::Citation> {
    let ids = &Table::get().row(scenario).basis;
    ids.iter().filter_map(|id| law::Table::get().cite(id, day_of(at)).ok()).collect()
}

pub(crate) fn rule(verified: bool) -> platform::Citation {
    platform::Citation {
        title: "云栈寄售平台售后规则".into(),
        article: "3".into(),
        text: "无效卡密应当补发或者退款。".into(),
        snapshot: verified.then(|| crate::made::item(90)),
        retrieved_at: None,
        verified,
        dated: true,
    }
}

fn input<'a>(
    kind: LetterKind,
    scenario: Scenario,
    claim: &'a Claim,
    laws: &'a [law::Citation],
    rules: &'a [platform::Citation],
) -> LetterInput<'a> {
    LetterInput { kind, scenario, claim, laws, rules, due_at: None, cite_unverified: false }
}

fn written(order: &Order, at: &str, kind: LetterKind, scenario: Scenario, claim: &Claim) -> Letter {
    let (house, at) = (house(), time(at));
    let (view, laws) = (View::new(order, &house, at), laws(scenario, at));
    draft(&view, &input(kind, scenario, claim, &laws, &[]))
}

fn codes(gate: &Gate) -> Vec<&str> {
    gate.blocked.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn every_scenario_and_kind_is_short_calm_and_in_order() {
    let mut seen = 0;
    for (id, at, own, ..) in CASES {
        let order = case(id);
        let all = Scenario::ALL.iter().copied().filter(|scenario| id == "C02" || *scenario == own);
        for scenario in all {
            for kind in LetterKind::ALL.iter().copied() {
                let first = Table::get().row(scenario).claims[0];
                let asked = claim(first, Some(3_000));
                let letter = written(&order, at, kind, scenario, &asked);
                let text = &letter.text;
                assert!(letter.chars <= 200 && letter.chars == text.chars().count(), "{text}");
                let verdict = tone::check(text, &Context::default());
                assert_eq!(verdict.labels, [Label::Ok], "{id} {scenario} {kind}\n{text}\n{:?}", verdict.hits);
                assert_eq!(style(text), [], "{id} {scenario} {kind}\n{text}");
                assert_eq!(letter.findings, [], "{id} {scenario} {kind}\n{text}");
                let parts: Vec<PartKind> = letter.parts.iter().map(|part| part.kind).collect();
                assert_eq!(parts, PartKind::ALL, "{text}");
                assert!(text.contains("（北京时间）") && !text.contains(['{', '}', '!', '！']), "{text}");
                assert!(SECRETS.iter().all(|secret| !format!("{letter:?}").contains(secret)), "{text}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, (4 + 22) * 7);
}

#[test]
fn the_five_cases_say_what_happened() {
    let wanted = [
        ("抱歉，商品刚被其他买家买走", "2026年9月19日 05:00"),
        ("2026年10月1日 09:12", "2026年10月1日 15:30"),
        ("2026年9月20日 23:11 被使用，早于我首次查看的 2026年9月21日 14:33", "2026年9月21日 22:30"),
        ("用时 125 分钟", "2026年9月11日 16:40"),
        ("登录信息被更改", "2026年8月15日 17:05"),
    ];
    for ((id, at, scenario, kind, amount), (fact, due)) in CASES.into_iter().zip(wanted) {
        let letter = written(&case(id), at, LetterKind::Notice, scenario, &claim(kind, amount));
        assert!(letter.text.contains(fact), "{id}\n{}", letter.text);
        assert!(letter.text.contains(due), "{id}\n{}", letter.text);
    }
    let (id, at, scenario, kind, amount) = CASES[1];
    let answer = written(&case(id), at, LetterKind::AnswerRefusal, scenario, &claim(kind, amount));
    assert!(
        answer.text.contains("售出概不退换") && answer.text.contains("第六百二十二条"),
        "{}",
        answer.text
    );
    let weak = written(&case(id), at, LetterKind::Goodwill, scenario, &claim(kind, amount));
    assert!(weak.text.contains("《民法典》") && !weak.text.contains("消费者权益"), "{}", weak.text);
}

#[test]
fn a_rule_of_the_platform_is_cited_only_with_its_snapshot() {
    let (house, order) = (house(), case("C03"));
    let at = time(CASES[2].1);
    let (view, asked) = (View::new(&order, &house, at), claim(ClaimKind::FullRefund, Some(4_500)));
    let drafted = |rule: &[platform::Citation], unverified| {
        let given = input(LetterKind::Notice, Scenario::KeyUsed, &asked, &[], rule);
        draft(&view, &LetterInput { cite_unverified: unverified, ..given })
    };
    let named = "《云栈寄售平台售后规则》第3条";
    assert!(drafted(&[rule(true)], false).text.contains(named));
    let left = drafted(&[rule(false)], false);
    assert!(!left.text.contains(named) && left.text.contains("《民法典》"), "{}", left.text);
    assert_eq!(left.unverified, [named]);
    assert!(drafted(&[rule(false)], true).text.contains(named));
}

#[test]
fn the_due_time_is_the_full_minute_after_the_time_given() {
    let (house, order) = (house(), case("C02"));
    let view = View::new(&order, &house, time("2026-10-01T11:30:20+08:00"));
    let asked = claim(ClaimKind::FullRefund, Some(1));
    let given = input(LetterKind::Notice, Scenario::KeyInvalid, &asked, &[], &[]);
    assert_eq!(draft(&view, &given).due_at, time("2026-10-01T15:31:00+08:00"));
    let set = LetterInput { due_at: Some(time("2026-10-02T09:00:00+08:00")), ..given };
    assert_eq!(draft(&view, &set).due_at, time("2026-10-02T09:00:00+08:00"));
}

#[test]
fn the_gate_blocks_and_can_be_overridden_by_code() {
    let (house, order) = (house(), case("C02"));
    let view = View::new(&order, &house, time(CASES[1].1));
    let cited = "依据《民法典》第五百七十七条，应当按约定履行。";
    let table: &[(&str, &[&str])] = &[
        ("你这个骗子", &["emotional"]),
        ("加我微信 abc_12345 谈", &["off_platform"]),
        ("请在 2026年10月1日 13:30 前退款。", &["no_rule_cited"]),
        ("依据《民法典》第五百七十七条，请尽快退款。", &["no_absolute_time"]),
        ("请在 2026年10月1日 13:30 前退款。依据《民法典》第五百七十七条。", &["reversed_order"]),
        ("订单号：1，卡密：MCX7-22QP-91LD-0W4H", &["privacy_leak"]),
        ("您好，请在【到期时间】前回复。", &["open_slot"]),
    ];
    for (text, wanted) in table {
        let looked = gate(text, &view, Venue::MerchantChat);
        let found = codes(&looked);
        assert!(wanted.iter().all(|code| found.contains(code)), "{text}: {found:?}");
        assert!(!looked.open(&[]) && looked.open(&looked.codes()), "{text}");
    }
    let long = format!("{cited}请在 2026年10月1日 13:30 前退款。{}", "事".repeat(200));
    assert_eq!(codes(&gate(&long, &view, Venue::MerchantChat)), ["too_long"]);
    let clean = format!("{cited}请在 2026年10月1日 13:30 前退款。");
    assert!(gate(&clean, &view, Venue::MerchantChat).open(&[]));
    let unknown =
        gate("依据《星云规则》第5条，请在 2026年10月1日 13:30 前退款。", &view, Venue::MerchantChat);
    assert_eq!(unknown.warnings[0].code, "rule_unknown");
    let secrets = ["MCX7-22QP-91LD-0W4H".to_owned()];
    let spaced = gate_knowing("mcx7 22qp 91ld 0w4h", &view, Venue::MerchantChat, &secrets);
    let leak = spaced.blocked.iter().find(|finding| finding.code == "privacy_leak").unwrap();
    assert_eq!(leak.severity, 3);
    assert!(spaced.open(&["privacy_leak".to_owned()]));
    let mended = gate("你这个骗子", &view, Venue::MerchantChat).blocked[0].suggestion.clone().unwrap();
    assert!(mended.contains("K7Q2M9XA4T0RB6ZD") && !mended.contains("骗子"), "{mended}");
}

#[test]
fn exhibits_are_planned_in_order_with_captions() {
    let (house, order) = (house(), case("C04"));
    let view = View::new(&order, &house, time(CASES[3].1));
    let asked = claim(ClaimKind::Deliver, None);
    let letter = draft(&view, &input(LetterKind::Notice, Scenario::LateDelivery, &asked, &[], &[]));
    let plan = send_plan(&view, &letter);
    let stages: Vec<SendStage> = plan.iter().map(|step| step.stage).collect();
    assert_eq!(stages, [SendStage::Promise, SendStage::Failure, SendStage::Failure]);
    let words = "订单号：20260911101530742；付款时间：2026年9月11日 10:15；承诺：“即时到账”；实际：未到账";
    assert_eq!(plan[0].caption, words);
    let decline = draft(&view, &input(LetterKind::StayOnPlatform, Scenario::LateDelivery, &asked, &[], &[]));
    assert_eq!(send_plan(&view, &decline), []);
}

#[test]
fn a_secret_exhibit_is_planned_as_a_masked_copy_and_what_was_sent_is_marked() {
    use crate::made::{facts, fixed, item, opened, order_a, said, state_of};
    use sigu_case::Slot;
    let state = state_of([opened("A", facts()), fixed("A", Slot::Delivery), said("A")]);
    let mut order = order_a(&state).clone();
    order.messages[0].detail.exhibits = vec![item(1)];
    let (house, asked) = (house(), claim(ClaimKind::Reissue, None));
    let view = View::new(&order, &house, time("2026-09-20T12:00:00Z"));
    let letter = draft(&view, &input(LetterKind::Notice, Scenario::KeyInvalid, &asked, &[], &[]));
    let plan = send_plan(&view, &letter);
    assert!(plan[0].masked_copy && plan[0].note.zh.contains("打码"));
    assert_eq!(plan[0].sent_with, Some(item(2)));
    let rows = catalogue(&view);
    assert_eq!(rows.iter().map(|row| row.no).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(rows[1].digest.len(), 8);
    assert!(rows[1].gaps.contains(&CatalogueGap::OriginalUnknown));
    assert!(!format!("{rows:?}{plan:?}").contains(SECRETS[0]));
}

#[test]
fn a_picture_is_sent_as_its_copy_and_a_secret_only_covered() {
    use crate::built::{Built, wall};
    use crate::made::label;
    use sigu_case::report::CopyMade;
    use sigu_case::{ItemId, Slot};
    let mut built = Built::new();
    let card = built.picture(Slot::Delivery);
    let asked = claim(ClaimKind::Reissue, None);
    let copy = |built: &mut Built, covers: bool| {
        let copy = built.picture(Slot::Other);
        let (at, order) = (wall("2026-09-21T09:00:00"), label("A"));
        built.report(CopyMade { at, order, of: card, copy, covers, marks: Vec::new() });
        copy
    };
    let planned = |built: &Built| -> Vec<(ItemId, Option<ItemId>)> {
        built.look(|view| {
            let letter = draft(view, &input(LetterKind::Notice, Scenario::KeyInvalid, &asked, &[], &[]));
            send_plan(view, &letter).iter().map(|step| (step.item, step.copy)).collect()
        })
    };
    assert_eq!(planned(&built), [(card, None)]);
    let marked = copy(&mut built, false);
    assert_eq!(planned(&built), [(card, Some(marked))]);
    let mut secret = built.clone();
    if let sigu_case::ExhibitContent::Kept(manifest) = &mut secret.exhibit(card).content {
        manifest.secret = true;
    }
    assert_eq!(planned(&secret), [(card, None)]);
    let covered = copy(&mut built, true);
    copy(&mut built, false);
    assert_eq!(planned(&built), [(card, Some(covered))], "what was covered once is not shown again");
}

#[test]
fn the_catalogue_keeps_the_order_of_the_four_fixations() {
    let (house, order) = (house(), case("C04"));
    let rows = catalogue(&View::new(&order, &house, time("2026-09-13T00:00:00+08:00")));
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["商品页面", "沟通记录（按时间录入）", "账号状态", "账号状态"]);
    assert_eq!(rows[1].covers.len(), 2);
    assert_eq!(rows[0].digest.len(), 16);
}

#[test]
fn silence_stands_on_the_timeline_at_its_due_time() {
    let house = house();
    let c01 = case("C01");
    let rows = timeline(&View::new(&c01, &house, time("2026-09-19T00:49:59+08:00")));
    assert_eq!(rows.len(), 1);
    let rows = timeline(&View::new(&c01, &house, time("2026-09-19T00:50:01+08:00")));
    assert_eq!(rows.len(), 2, "{rows:#?}");
    assert_eq!((rows[1].kind, rows[1].at), (TimelineKind::Silence, time("2026-09-19T00:50:00+08:00")));
    assert_eq!(rows[0].due_at, Some(time("2026-09-19T00:50:00+08:00")));
    let c03 = case("C03");
    let rows = timeline(&View::new(&c03, &house, time("2026-09-25T00:00:00+08:00")));
    assert_eq!(rows[0].cites, ["《云栈寄售平台售后规则》第三条"]);
    assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

mod any_text {
    use proptest::prelude::*;
    use sigu_case::letter::gate;
    use sigu_case::tone::Venue;
    use sigu_case::{House, State, View};

    use crate::history::case;
    use crate::made::time;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is typed, the gate answers, and an override of all it names opens it.
        #[test]
        fn is_judged_and_can_be_overridden(text in "[\\PC退款请前骗子v0-9！？。，：]{0,80}") {
            let house = House::of(&State::default());
            let order = case("C03");
            let view = View::new(&order, &house, time("2026-09-21T18:30:00+08:00"));
            let judged = gate(&text, &view, Venue::MerchantChat);
            prop_assert!(judged.open(&judged.codes()));
            prop_assert_eq!(judged.open(&[]), judged.blocked.is_empty());
        }
    }
}
