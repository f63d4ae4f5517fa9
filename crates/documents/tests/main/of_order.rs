//! Timeline, payments, delivery, rules and cover of the example cases.

use jiff::Timestamp;
use sigu_case::report::{
    ItemDescribed, ObservationMade, Observed, Part, PayChannel, PaymentSeen, Place, RecordingBegan,
    RecordingEnded, RuleCaptured, Sense,
};
use sigu_case::{Channel, Command, Direction, ItemId, MessageDetail, Slot};
use sigu_documents::{Block, Kind, Lang, Made, Paper, pdf, text};
use sigu_evidence::ItemManifest;

use crate::made::{Cases, log_head, plain, written};
use crate::said::{tables, words};

const CARD: &str = "7QKD-ZT4M-90XA";

fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

fn zh(cases: &Cases, id: &str, kind: Kind) -> Made {
    let made = cases.paper(id, kind, Lang::Zh).unwrap_or_else(|refused| panic!("{id}: {refused:?}"));
    let set = pdf::set(&made.paper, &made.pictures).unwrap();
    assert!(set.bytes == pdf::set(&made.paper, &made.pictures).unwrap().bytes, "{id} {}", kind.code());
    written(&format!("{id}-{}.pdf", kind.code()), &set.bytes);
    made
}

fn refused(cases: &Cases, id: &str, kind: Kind) -> String {
    let refused = cases.paper(id, kind, Lang::Zh).unwrap_err();
    refused.missing.iter().map(|one| format!("{} {}\n", one.name, one.how)).collect()
}

/// The rows of the table of that place.
fn table(paper: &Paper, place: usize) -> Vec<Vec<String>> {
    tables(paper).swap_remove(place)
}

fn facts(paper: &Paper) -> Vec<String> {
    let of = |block: &Block| match block {
        Block::Facts { facts, .. } => facts.iter().map(|one| one.text().to_owned()).collect(),
        _ => Vec::new(),
    };
    paper.blocks.iter().flat_map(of).collect()
}

/// Every word of a paper, as text and as Markdown.
fn all(made: &Made) -> String {
    format!("{}\n{}", text::plain(&made.paper), text::markdown(&made.paper))
}

#[test]
fn the_timeline_stands_in_order_with_silence_and_what_was_due() {
    let cases = Cases::told();
    let made = zh(&cases, "C01", Kind::Timeline);
    let rows = table(&made.paper, 0);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0][..3], ["2026-09-18 20:50:00", "买家", "平台内"]);
    assert!(rows[0][3].contains("没有卡密") && rows[0][5] == "2026-09-19 00:50", "{rows:?}");
    assert_eq!(rows[1][..4], ["2026-09-19 00:50:00", "对方", "", "至此时未收到答复"]);
    assert!(rows.iter().all(|row| row[6] == rows[0][6] && row[6].starts_with('#')), "{rows:?}");
    let said = facts(&made.paper);
    assert!(said[0].contains("1 条，其中买家 1 条，对方 0 条"), "{said:?}");
    assert!(said[1].contains("2026-09-18 20:50:00") && said[1].contains("未得到答复"), "{said:?}");
}

#[test]
fn the_timeline_names_rules_and_answers_and_is_told_in_english() {
    let cases = Cases::told();
    let made = zh(&cases, "C03", Kind::Timeline);
    let rows = table(&made.paper, 0);
    let whose: Vec<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(whose, ["买家", "对方", "买家", "对方"]);
    assert!(rows.windows(2).all(|pair| pair[0][0] < pair[1][0]), "{rows:?}");
    assert_eq!(rows[0][4], "《云栈寄售平台售后规则》第三条");
    assert!(facts(&made.paper).iter().any(|one| one.contains("均有回复")), "{:?}", facts(&made.paper));
    let english = cases.paper("C03", Kind::Timeline, Lang::En).unwrap();
    assert_eq!(table(&english.paper, 0)[1][1], "Other side");
}

#[test]
fn what_was_sent_and_a_promise_that_ran_out_stand_in_the_timeline() {
    let mut cases = Cases::told();
    let page = cases.fix("C01", Slot::Transaction, "订单页");
    let message = |direction, said_at: &str, text: &str, detail| Command::RecordMessage {
        order: "C01".parse().unwrap(),
        said_at: at(said_at),
        direction,
        channel: Channel::Platform,
        text: text.into(),
        detail,
    };
    let sent = MessageDetail { exhibits: vec![page], ..MessageDetail::default() };
    cases.also(message(Direction::Out, "2026-09-19T08:00:00", "订单页见附件", sent));
    let due_at = Some(at("2026-09-19T12:00:00"));
    let promised = MessageDetail { sense: Some(Sense::Promise), due_at, ..MessageDetail::default() };
    cases.also(message(Direction::In, "2026-09-19T09:00:00", "中午前给你补", promised));
    let rows = table(&zh(&cases, "C01", Kind::Timeline).paper, 0);
    assert!(rows[2][3].contains("随附：#1") && rows[2][6] != "#1", "{rows:?}");
    assert_eq!(rows[3][5], "2026-09-19 12:00");
    assert_eq!(rows[4][..4], ["2026-09-19 12:00:00", "对方", "", "承诺的时间已到，未见履行"]);
}

fn payment(txn: &str, amount_fen: i64, proof: Option<ItemId>) -> PaymentSeen {
    PaymentSeen {
        at: at("2026-09-18T20:33:00"),
        order: "C01".parse().unwrap(),
        channel: PayChannel::WechatPay,
        txn: Some(txn.to_owned()),
        merchant_order_no: Some("M-77".to_owned()),
        payee: None,
        payer: None,
        amount_fen: Some(amount_fen),
        product: None,
        proof,
    }
}

#[test]
fn a_payment_without_voucher_is_not_printed() {
    let mut cases = Cases::told();
    assert!(refused(&cases, "C01", Kind::Payments).contains("支付凭证"));
    cases.fix("C01", Slot::Voucher, "微信支付账单");
    let made = zh(&cases, "C01", Kind::Payments);
    let rows = table(&made.paper, 0);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][0], "2026-09-18 20:32:10");
    assert_eq!(rows[0][1], "30.00 元");
    assert_eq!(rows[0][2], "4200002431202609187301552864");
    assert_eq!(rows[0][3], "星环手游点卡 300点 ×1");
    assert!(rows[0][5] == "云州市小鹿百货店" && rows[0][6].starts_with('#'), "{rows:?}");
    assert!(facts(&made.paper).iter().any(|one| one.contains("与订单金额一致")));
    assert!(all(&made).contains("各项齐全"));
}

#[test]
fn the_gaps_of_the_payments_are_said_in_words() {
    let mut cases = Cases::told();
    let voucher = cases.fix("C01", Slot::Voucher, "微信支付账单");
    cases.also(Command::Report(payment("4200", 500, Some(voucher)).into()));
    // Of two payments the one without a proof of its own could be on any voucher: it is left out and told.
    let made = zh(&cases, "C01", Kind::Payments);
    assert_eq!(table(&made.paper, 0).len(), 1);
    assert!(
        made.paper.guide.iter().any(|line| line.contains("2026-09-18 20:32:10") && line.contains("未列入"))
    );
    assert!(!all(&made).contains("合计"), "a total of half the payments would mislead");
    let said = all(&made);
    assert!(
        said.contains("未记录收款方") && said.contains("商户单号 M-77 与订单号 417260918203145862 不同"),
        "{said}"
    );

    let other = payment("4200", 100, None);
    cases.also(Command::Report(PaymentSeen { order: "C02".parse().unwrap(), ..other }.into()));
    assert!(all(&zh(&cases, "C01", Kind::Payments)).contains("还出现在订单 C02 中"));
}

fn recorded(cases: &mut Cases, continuous: bool) {
    let order = || "C03".parse().unwrap();
    let at_start = at("2026-09-21T14:31:00");
    let began = RecordingBegan {
        at: at_start,
        order: order(),
        url: "https://yunzhan.test".into(),
        beacon: None,
        before: None,
    };
    let recording = cases.also(Command::Report(began.into()));
    let whole = cases.fix_as(
        "C03",
        Slot::Recording,
        ItemManifest { media_type: "video/webm".into(), ..plain("a recording") },
    );
    let ended = RecordingEnded {
        at: at("2026-09-21T14:36:00"),
        order: order(),
        recording,
        pieces: 1,
        duration_ms: 300_000,
        continuous,
        reason: "stopped".into(),
        whole: Some(whole),
        marks: None,
        key_frames: Vec::new(),
    };
    cases.also(Command::Report(ended.into()));
    let described = ItemDescribed {
        at: at("2026-09-21T14:40:00"),
        order: order(),
        item: whole,
        form: None,
        parts: vec![Part::BeforeReveal, Part::Reveal],
        url: None,
        clock_off_s: None,
        continuous: None,
        original_kept: None,
        own_account: None,
        lawful: None,
        caption: None,
        proves: None,
    };
    cases.also(Command::Report(described.into()));
}

#[test]
fn the_delivery_is_told_from_reveal_to_result_and_no_secret_with_it() {
    let mut cases = Cases::told();
    let secret = ItemManifest { secret: true, masked: Some("7Q…XA（14）".into()), ..plain(CARD) };
    cases.fix_as("C03", Slot::Delivery, secret);
    let page = cases.fix("C03", Slot::Delivery, "兑换结果");
    let seen = ObservationMade {
        at: at("2026-09-21T14:34:20"),
        order: "C03".parse().unwrap(),
        state: Observed::Used,
        place: Place::Issuer,
        text: Some(format!("卡密：{CARD} 已使用")),
        since: Some(at("2026-09-20T23:11:00")),
        count: None,
        proof: Some(page),
    };
    cases.also(Command::Report(seen.into()));
    recorded(&mut cases, true);
    let made = zh(&cases, "C03", Kind::DeliveryCheck);
    let rows = table(&made.paper, 0);
    let steps: Vec<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(steps, ["页面显示发货", "揭示交付内容", "核验结果"]);
    assert_eq!(rows[2][2], "发行方");
    assert!(rows[2][3].contains("已使用") && rows[2][3].contains("2026-09-20 23:11:00"), "{rows:?}");
    assert!(rows.iter().all(|row| row[4].contains('#')), "{rows:?}");
    let said = all(&made);
    assert!(!said.contains(CARD) && !said.contains("ZT4M"), "{said}");
    assert!(said.contains("7Q…XA") && said.contains("早于买家揭示的时间 2026-09-21 14:33:02"), "{said}");
    assert!(
        said.contains("一次连续录制，300 秒，无中断")
            && said.contains("录有：卡密未显示的发货页、点开卡密的瞬间")
    );
    assert!(said.contains("未录有：官方兑换页和结果"), "{said}");
    // What the case file only told, without an exhibit, is left out.
    assert!(made.paper.guide.iter().any(|line| line.contains("未列入") && line.contains("核验结果")));
}

#[test]
fn a_broken_take_is_said_to_be_one() {
    let mut cases = Cases::told();
    recorded(&mut cases, false);
    assert!(all(&zh(&cases, "C03", Kind::DeliveryCheck)).contains("中间有暂停或中断"));
}

#[test]
fn a_placeholder_is_what_was_delivered() {
    let made = zh(&Cases::told(), "C01", Kind::DeliveryCheck);
    let rows = table(&made.paper, 0);
    assert!(rows.iter().any(|row| row[3].contains("只有占位语")), "{rows:?}");
    assert!(all(&made).contains("录屏：没有证据"));
}

/// Captures 《售后规则》第5条 of the platform of C03.
fn rule(cases: &mut Cases, seen: &str, from: Option<&str>, words: &str, page: bool) {
    let snapshot = page.then(|| cases.fix("C03", Slot::Other, words));
    let captured = RuleCaptured {
        at: at(seen),
        platform: "qs".into(),
        title: "售后规则".into(),
        article: "5".into(),
        text: Some(words.into()),
        in_force_from: from.map(|day| day.parse().unwrap()),
        in_force_to: None,
        published_on: None,
        snapshot,
    };
    cases.also(Command::Report(captured.into()));
}

const THEN: &str = "无效卡密退款比例100%，请在24小时内提出。";
const NOW: &str = "无效卡密退款比例80%，请在24小时内提出，逾期不退。";

#[test]
fn rules_are_asked_for_by_what_the_case_knows() {
    let mut cases = Cases::told();
    assert!(refused(&cases, "C03", Kind::RuleComparison).contains("平台规则"));
    rule(&mut cases, "2026-10-01T10:00:00", Some("2026-10-01"), NOW, true);
    assert!(refused(&cases, "C03", Kind::RuleComparison).contains("《售后规则》第5条付款时的版本"));

    let mut cases = Cases::told();
    rule(&mut cases, "2026-09-20T10:00:00", None, THEN, true);
    assert!(refused(&cases, "C03", Kind::RuleComparison).contains("《售后规则》第5条付款之后的版本"));
    rule(&mut cases, "2026-10-01T10:00:00", None, NOW, false);
    assert!(refused(&cases, "C03", Kind::RuleComparison).contains("规则页面证据"));
    cases.wishes.cite_unverified = true;
    let made = cases.paper("C03", Kind::RuleComparison, Lang::Zh).unwrap();
    assert_eq!(table(&made.paper, 0)[1][4], "待核验");
}

#[test]
fn what_changed_in_a_rule_is_marked_in_words_too() {
    let mut cases = Cases::told();
    rule(&mut cases, "2026-09-20T10:00:00", None, THEN, true);
    rule(&mut cases, "2026-10-01T10:00:00", Some("2026-10-01"), NOW, true);
    let made = zh(&cases, "C03", Kind::RuleComparison);
    let rows = table(&made.paper, 0);
    assert_eq!(rows[0][..4], ["付款时", "不详", "不详", "2026-09-20 10:00:00"]);
    assert_eq!(rows[1][..4], ["最近所见", "不详", "2026-10-01", "2026-10-01 10:00:00"]);
    assert!(rows.iter().all(|row| row[4].starts_with('#')) && rows[0][4] != rows[1][4], "{rows:?}");
    let para = made.paper.blocks.iter().find_map(|block| match block {
        Block::Para { spans } => Some(words(spans)),
        _ => None,
    });
    assert_eq!(para.unwrap(), "无效卡密退款比例-100%-+80%+，请在24小时内提出+，逾期不退+。");
    let plain = text::plain(&made.paper);
    assert!(
        plain.contains("〔删：100%〕〔增：80%〕") && plain.contains("退款比例：由 100% 改为 80%"),
        "{plain}"
    );
    assert!(text::markdown(&made.paper).contains("〔删：~~100%~~〕〔增：**80%**〕"));
    assert!(facts(&made.paper).iter().any(|one| one.contains("内容不同")));
}

#[test]
fn the_same_words_seen_after_the_payment_are_no_change() {
    let mut cases = Cases::told();
    rule(&mut cases, "2026-09-20T10:00:00", None, THEN, true);
    rule(&mut cases, "2026-10-01T10:00:00", None, "无效卡密退款比例１００% ，请在24小时内提出。", true);
    let made = zh(&cases, "C03", Kind::RuleComparison);
    let said = facts(&made.paper);
    assert!(
        said.iter().any(|one| one.contains("2026-10-01 10:00:00") && one.contains("内容一致")),
        "{said:?}"
    );
}

/// Reads the code from what is drawn, with another program's reader.
fn decoded(svg: &str) -> String {
    let number = |text: &str| text.parse::<usize>().unwrap();
    let (_, rest) = svg.split_once("width=\"").unwrap();
    let side = number(rest.split('"').next().unwrap());
    let (_, path) = svg.rsplit_once(" d=\"").unwrap();
    let scale = 4;
    let mut grey = vec![255_u8; (side * scale) * (side * scale)];
    for run in path.split('"').next().unwrap().split('z').filter(|run| !run.is_empty()) {
        let (place, rest) = run.trim_start_matches('M').split_once('h').unwrap();
        let (x, y) = place.split_once(' ').map(|(x, y)| (number(x), number(y))).unwrap();
        let long = number(rest.split('v').next().unwrap());
        for row in y * scale..(y + 1) * scale {
            let begin = row * side * scale + x * scale;
            grey[begin..begin + long * scale].fill(0);
        }
    }
    let mut reader = quircs::Quirc::default();
    let code = reader.identify(side * scale, side * scale, &grey).next().unwrap().unwrap();
    String::from_utf8(code.decode().unwrap().payload).unwrap()
}

#[test]
fn the_cover_says_what_is_claimed_and_where_the_log_stands() {
    let mut cases = Cases::told();
    cases.fix("C02", Slot::Voucher, "支付宝账单");
    let made = zh(&cases, "C02", Kind::Cover);
    let said = facts(&made.paper);
    assert!((1..=4).contains(&said.len()), "{said:?}");
    let head = log_head();
    let whole = format!("{}\n{}", head.fingerprint, head.checkpoint);
    let code = made.paper.blocks.iter().find_map(|block| match block {
        Block::Code { text, svg, .. } => Some((text, svg)),
        _ => None,
    });
    let (text, svg) = code.expect("a code");
    assert_eq!(*text, whole);
    assert_eq!(decoded(svg), whole);
    let count = format!("共 {} 件", made.paper.exhibits.len());
    for said in [text::plain(&made.paper), text::markdown(&made.paper)] {
        assert!(said.contains(&head.fingerprint) && said.contains(&count), "{said}");
        assert!(said.contains("trust/VERIFY.md") && said.contains("CsUYapGGPo4dkMgIAUqom"), "{said}");
    }
    cases.log = None;
    assert!(refused(&cases, "C02", Kind::Cover).contains("日志的签名检查点"));
}

#[test]
fn both_languages_have_the_same_words() {
    let keys = |text: &str| -> Vec<String> {
        let keys = text.lines().filter_map(|line| line.split_once(" = "));
        keys.map(|(key, _)| key.trim().to_owned()).collect()
    };
    let zh = keys(include_str!("../../messages/zh-CN/order.ftl"));
    assert_eq!(zh, keys(include_str!("../../messages/en/order.ftl")));
    for state in Observed::ALL {
        assert!(zh.contains(&format!("observed-{}", state.code().replace('_', "-"))), "{}", state.code());
    }
}
