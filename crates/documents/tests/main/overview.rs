//! Papers over several orders: 商家档案 and 年度回顾, their counts, their exhibits, their plots.

use sigu_case::report::{MerchantNoted, RuleCaptured};
use sigu_case::{Command, OrderFacts, Slot};
use sigu_documents::{Block, Lang, Made, Plot, pdf, text};
use sigu_evidence::{ContentId, ItemManifest, Source};

use crate::made::{Cases, NOW, written};
use crate::said::{tables, words};

const IDS: [&str; 5] = ["C01", "C02", "C03", "C04", "C05"];

/// The value of a row of names and values.
fn field(made: &Made, name: &str) -> String {
    let fields = made.paper.blocks.iter().filter_map(|block| match block {
        Block::Fields { rows } => Some(rows),
        _ => None,
    });
    let row = fields.flatten().find(|row| row.name == name);
    words(&row.unwrap_or_else(|| panic!("no row {name}")).value)
}

fn plots(made: &Made) -> Vec<&Plot> {
    let plots = made.paper.blocks.iter().filter_map(|block| match block {
        Block::Plot(plot) => Some(plot),
        _ => None,
    });
    plots.collect()
}

/// The numbers of a plot at one of its places.
fn at<'a>(plot: &'a Plot, label: &str) -> Vec<&'a str> {
    let bar = plot.bars.iter().find(|bar| bar.label == label);
    bar.unwrap_or_else(|| panic!("no {label}")).sizes.iter().map(|size| size.shown.as_str()).collect()
}

/// The exhibits listed at the end, which are numbered from 1 without holes.
fn listed(made: &Made) -> Vec<Vec<String>> {
    let list = tables(&made.paper).pop().unwrap();
    let numbers: Vec<&str> = list.iter().map(|row| row[0].as_str()).collect();
    let counted: Vec<String> = (1..=list.len()).map(|no| format!("#{no}")).collect();
    assert_eq!(numbers, counted);
    list
}

/// All five cases bought from one merchant.
fn one_merchant() -> Cases {
    let mut cases = Cases::told();
    for id in &IDS[1..] {
        let facts = OrderFacts { merchant: Some("流萤卡铺".into()), ..OrderFacts::default() };
        cases.tell(&Command::AmendOrder { order: id.parse().unwrap(), facts });
    }
    cases
}

fn noted() -> MerchantNoted {
    MerchantNoted {
        at: "2026-10-01T00:00:00Z".parse().unwrap(),
        merchant: "流萤卡铺".into(),
        deposit_fen: None,
        shown_rate_bp: None,
        escrow: None,
        coverage: None,
        note: None,
        proof: None,
    }
}

#[test]
fn a_dossier_over_five_orders_counts_and_numbers_them_all() {
    let cases = one_merchant();
    let made = cases.merchant("C03", Lang::Zh).unwrap();
    assert_eq!(made.paper.about, "流萤卡铺");
    assert_eq!(field(&made, "自己的纠纷率"), "5/5，100.00%（95% 区间 56.55%–100.00%）");
    assert_eq!(field(&made, "解决率"), "2/5，40.00%（95% 区间 11.76%–76.93%）");
    assert_eq!(field(&made, "首次答复（中位数）"), "1 小时 45 分");
    assert!(field(&made, "保证金").starts_with("不详（用 sigu merchant note --deposit"));
    let [orders, next, _] = tables(&made.paper).try_into().unwrap();
    let ids: Vec<&str> = orders.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(ids, ["C05", "C04", "C01", "C02", "C03"], "by time");
    assert_eq!(
        orders[0][1..6],
        ["2026-08-03", "星海远征 满级号", "1860.00", "账号被找回", "称已退款，无支付凭证"]
    );
    assert!(orders.iter().all(|row| !row[4].contains("不详") && row[6].starts_with('#')), "{orders:?}");
    let list = listed(&made);
    assert_eq!(list.len(), made.paper.exhibits.len(), "each number of the paper is in the list");
    let mut from_first: Vec<&str> = list.iter().map(|row| row[1].as_str()).collect();
    from_first.dedup();
    assert_eq!(from_first, ids, "order by order");
    assert!(list.iter().all(|row| row[4].is_empty() || row[4].chars().count() == 16), "{list:?}");
    let money = plots(&made).into_iter().find(|plot| plot.title == "全部订单的金额").unwrap();
    assert_eq!((at(money, "已付"), at(money, "只退到平台余额")), (vec!["2123.00"], vec!["12.00"]));
    assert_eq!(at(money, "称已退，无支付凭证").len(), 1);
    assert!(next.iter().any(|row| row[0] == "自己的纠纷率" && row[1] == "不利"), "{next:?}");
    assert!(made.paper.guide.iter().any(|line| line.contains("C03") && line.contains("证据包")));
}

#[test]
fn every_case_has_a_dossier_in_both_languages_and_the_same_bytes_twice() {
    let cases = Cases::told();
    for id in IDS {
        for lang in [Lang::Zh, Lang::En] {
            let made = cases.merchant(id, lang).unwrap();
            assert!(!listed(&made).is_empty(), "{id}");
            let interval = if lang == Lang::Zh { "自己的纠纷率" } else { "Own dispute rate" };
            assert!(field(&made, interval).contains("20.65%–100.00%"), "{id}");
        }
    }
    for (name, made) in [
        ("merchant", one_merchant().merchant("C03", Lang::Zh).unwrap()),
        ("merchant-en", cases.merchant("C03", Lang::En).unwrap()),
        ("year", cases.year(2026, Lang::Zh).unwrap()),
        ("year-en", cases.year(2026, Lang::En).unwrap()),
    ] {
        let one = pdf::set(&made.paper, &made.pictures).unwrap();
        let two = pdf::set(&made.paper, &made.pictures).unwrap();
        assert!(one.bytes == two.bytes && one.pages > 1, "{name}");
        assert!(one.rare.is_empty(), "{name}");
        written(&format!("{name}.pdf"), &one.bytes);
        written(&format!("{name}.md"), text::markdown(&made.paper).as_bytes());
    }
}

#[test]
fn what_was_noted_is_said_with_its_day_and_its_exhibit() {
    let mut cases = Cases::told();
    let proof = cases.order("C01").exhibits[0].item;
    let deposit = MerchantNoted { deposit_fen: Some(50_000), proof: Some(proof), ..noted() };
    let rest = MerchantNoted {
        escrow: Some(false),
        shown_rate_bp: Some(312),
        note: Some("客服只在晚上，卡密：7QKD-ZT4M-90XA-PLMN".into()),
        ..noted()
    };
    for note in [deposit, rest] {
        cases.tell(&Command::Report(note.into()));
    }
    let made = cases.merchant("C01", Lang::Zh).unwrap();
    let deposit = field(&made, "保证金");
    assert!(deposit.starts_with("500.00 元（2026-10-01 所见）　#"), "{deposit}");
    assert_eq!(field(&made, "担保交易"), "没有（2026-10-01 所见）");
    assert_eq!(field(&made, "平台显示的纠纷率"), "3.12%（2026-10-01 所见）");
    assert!(field(&made, "包赔或保险").starts_with("不详"));
    let said = text::plain(&made.paper);
    assert!(said.contains("客服只在晚上") && !said.contains("7QKD-ZT4M-90XA-PLMN"));
    let unproved: Vec<&String> = made.paper.guide.iter().filter(|line| line.contains("--proof")).collect();
    assert_eq!(unproved.len(), 3, "escrow, rate and note have no exhibit: {unproved:?}");
}

#[test]
fn an_order_without_an_exhibit_is_told_to_the_sender_only() {
    let mut cases = Cases::told();
    let facts = OrderFacts { merchant: Some("流萤卡铺".into()), ..OrderFacts::default() };
    cases.tell(&Command::OpenOrder { order: "BARE".parse().unwrap(), facts });
    let made = cases.merchant("BARE", Lang::Zh).unwrap();
    assert_eq!(tables(&made.paper)[0].len(), 1, "C01 alone");
    assert!(made.paper.guide.iter().any(|line| line.starts_with("订单 BARE 没有证据")));
    assert!(field(&made, "自己的纠纷率").starts_with("1/2，"), "the counts have it");
    let factors: Vec<String> = tables(&made.paper)[1].iter().map(|row| row[0].clone()).collect();
    assert!(!factors.contains(&"保证金".to_owned()), "nothing is said of a price nobody knows: {factors:?}");
}

#[test]
fn a_secret_has_eight_digits_and_an_order_of_nobody_no_dossier() {
    let mut cases = Cases::default();
    cases.tell(&Command::OpenOrder { order: "A".parse().unwrap(), facts: OrderFacts::default() });
    let refused = cases.merchant("A", Lang::Zh).unwrap_err();
    assert_eq!(refused.missing.len(), 1);
    assert!(refused.missing[0].how.contains("sigu order set A --merchant"), "{refused:?}");
    assert!(cases.merchant("NONE", Lang::Zh).is_err());

    let facts = OrderFacts { merchant: Some("流萤卡铺".into()), ..OrderFacts::default() };
    cases.tell(&Command::AmendOrder { order: "A".parse().unwrap(), facts });
    let manifest = ItemManifest {
        content: ContentId::of(b"7QKD-ZT4M-90XA-PLMN"),
        size: 19,
        media_type: "text/plain".into(),
        file_name: None,
        source: Source::Text,
        modified_at: None,
        secret: true,
        masked: Some("7Q***".into()),
    };
    cases.tell(&Command::FixEvidence {
        order: "A".parse().unwrap(),
        slot: Slot::Delivery,
        formed_at: None,
        note: None,
        manifest,
    });
    let list = listed(&cases.merchant("A", Lang::Zh).unwrap());
    assert_eq!((list.len(), list[0][4].len()), (1, 8));
}

#[test]
fn a_year_has_its_sums_and_its_plots_the_numbers_of_its_tables() {
    let made = Cases::told().year(2026, Lang::Zh).unwrap();
    assert_eq!(made.paper.title, "2026 年度回顾");
    assert_eq!((field(&made, "订单"), field(&made, "已付")), ("5".into(), "2123.00 元".into()));
    assert_eq!(field(&made, "已退回"), "30.00 元");
    let [counts, money, scenarios, endings] = plots(&made).try_into().unwrap();
    assert_eq!(
        (at(counts, "8 月"), at(counts, "9 月"), at(counts, "10 月")),
        (vec!["1", "1"], vec!["4", "3"], vec!["0", "1"])
    );
    assert_eq!(at(money, "8 月"), ["1860.00", "1860.00", "0.00"]);
    assert_eq!(at(money, "9 月"), ["263.00", "135.00", "30.00"]);
    assert_eq!(at(scenarios, "账号被找回"), ["1"]);
    assert_eq!(at(endings, "称已退款，无支付凭证"), ["2"]);
    let (markdown, plain) = (text::markdown(&made.paper), text::plain(&made.paper));
    for plot in plots(&made) {
        for bar in &plot.bars {
            let numbers: Vec<&str> = bar.sizes.iter().map(|size| size.shown.as_str()).collect();
            let row = format!("| {} | {} |", bar.label, numbers.join(" | "));
            assert!(markdown.contains(&row), "{row}");
            assert!(plain.contains(&format!("{}：{}", plot.labels, bar.label)), "{}", bar.label);
            assert!(numbers.iter().all(|number| plot.alt.contains(number)), "{}", plot.alt);
        }
    }
    assert!(made.paper.exhibits.is_empty() && !made.paper.rests_on.is_empty());
}

#[test]
fn a_year_of_nothing_is_refused_and_one_of_one_order_is_fine() {
    let refused = Cases::told().year(2025, Lang::Zh).unwrap_err();
    assert_eq!(refused.missing.len(), 1);
    assert_eq!(refused.missing[0].name, "2025 年的记录");
    assert!(Cases::default().year(2026, Lang::En).is_err());

    let mut cases = Cases::default();
    let paid = OrderFacts { paid_at: Some(NOW.parse().unwrap()), ..OrderFacts::default() };
    cases.tell(&Command::OpenOrder { order: "A".parse().unwrap(), facts: paid });
    let made = cases.year(2026, Lang::Zh).unwrap();
    assert_eq!(plots(&made).len(), 2, "no dispute, nothing to plot of them");
    let set = pdf::set(&made.paper, &made.pictures).unwrap();
    written("year-of-one.pdf", &set.bytes);
}

#[test]
fn the_rule_log_has_every_version_and_what_changed() {
    let mut cases = Cases::told();
    let refused = Cases::one("A", OrderFacts::default()).rules(Lang::Zh).unwrap_err();
    assert!(refused.missing[0].how.contains("sigu rule add"), "{refused:?}");
    let rule = |at: &str, article: &str, text: &str| RuleCaptured {
        at: at.parse().unwrap(),
        platform: "qs".into(),
        title: "《平台售后规则》".into(),
        article: article.into(),
        text: Some(text.into()),
        in_force_from: None,
        in_force_to: None,
        published_on: None,
        snapshot: None,
    };
    for one in [
        rule("2026-09-01T00:00:00Z", "5", "无效卡密退款70%。"),
        rule("2026-09-15T00:00:00Z", "5", "无效卡密退款 70%。"),
        rule("2026-10-01T00:00:00Z", "5", "无效卡密退款50%。"),
        rule("2026-10-02T00:00:00Z", "6", "商家保证金1000元。卡密：7QKD-ZT4M-90XA"),
    ] {
        cases.tell(&Command::Report(one.into()));
    }
    let made = cases.rules(Lang::Zh).unwrap();
    let said = text::markdown(&made.paper);
    for part in
        ["《平台售后规则》第5条", "第 1 版与第 2 版文字相同", "第 2 版到第 3 版", "退款比例：由 70% 改为 50%"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("ZT4M"), "{said}");
    let tables = tables(&made.paper);
    let of_five = tables.iter().find(|rows| rows.len() == 3).unwrap_or_else(|| panic!("{tables:?}"));
    assert_eq!(of_five[0][0], "1");
    assert_eq!(made.paper.rests_on.len(), 5, "one was captured in the cases");
    let english = text::markdown(&cases.rules(Lang::En).unwrap().paper);
    assert!(english.contains("Rule-watch log") && english.contains("From version 2 to 3"), "{english}");
}
