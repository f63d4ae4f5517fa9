//! Two readings of a page compared: what changed, clause by clause, and how much it weighs.

use proptest::prelude::*;
use sigu_case::platform::WatchTopic;
use sigu_case::watch::{DiffPart, Noise, Weight, compare};

const OLD: &str = "售后规则\n第一条 卡密无效的，24 小时内补发。\n第二条 退款比例为 80%。\n第三条 保证金 5000 元。\n第四条 欢迎常来。";

fn weight(new: &str) -> Weight {
    compare(OLD, new, &Noise::default()).weight
}

#[test]
fn a_change_weighs_what_it_is_about() {
    let table = [
        (OLD.to_owned(), Weight::None),
        (OLD.replace(' ', "  ").replace('2', "２"), Weight::None),
        (OLD.replace("第四条 欢迎常来。", "第四条 欢迎再来。"), Weight::Wording),
        (OLD.replace("24 小时", "48 小时"), Weight::Substance),
        (OLD.replace("80%", "50%"), Weight::Substance),
        (OLD.replace("\n第三条 保证金 5000 元。", ""), Weight::Substance),
        (format!("{OLD}\n第五条 逾期未申诉的，平台概不负责。"), Weight::Substance),
    ];
    for (new, wanted) in table {
        assert_eq!(weight(&new), wanted, "{new}");
    }
}

#[test]
fn what_stands_elsewhere_with_the_same_words_is_no_change() {
    let moved = "售后规则\n第三条 保证金 5000 元。\n第一条 卡密无效的，24 小时内补发。\n第二条 退款比例为 80%。\n第四条 欢迎常来。";
    assert_eq!(weight(moved), Weight::None);
}

#[test]
fn a_changed_number_is_told_with_topic_old_and_new() {
    let found = compare(OLD, &OLD.replace("80%", "50%"), &Noise::default());
    let [change] = found.clauses.as_slice() else { panic!("{found:?}") };
    assert_eq!(change.topics, [WatchTopic::RefundRatio]);
    assert_eq!(change.numbers.len(), 1, "{change:?}");
    assert!(change.old.as_deref().is_some_and(|old| old.contains("80%")));
    let told = |wanted: &str, came: bool| {
        change.parts.iter().any(|part| match part {
            DiffPart::Added(text) => came && text.contains(wanted),
            DiffPart::Removed(text) => !came && text.contains(wanted),
            DiffPart::Same(_) => false,
        })
    };
    assert!(told("50", true) && told("80", false), "{:?}", change.parts);
}

#[test]
fn what_flickers_is_known_and_an_amount_in_terms_never_is() {
    let mut noise = Noise::default();
    let with = |line: &str| format!("{OLD}\n{line}");
    noise.learn(&with("今日推荐：蓝色鼠标垫"), &with("今日推荐：红色鼠标垫"));
    let again = compare(&with("今日推荐：蓝色鼠标垫"), &with("今日推荐：红色鼠标垫"), &noise);
    assert_eq!(again.weight, Weight::Noise);
    assert!(again.clauses.is_empty());
    noise.learn(OLD, &OLD.replace("80%", "70%"));
    let real = compare(OLD, &OLD.replace("80%", "50%"), &noise);
    assert_eq!(real.weight, Weight::Substance, "another amount than the two that were seen to flicker");
}

proptest! {
    #[test]
    fn a_reading_is_as_it_is(text in "[一-十退款保证金0-9%。；\n ]{0,300}") {
        let same = compare(&text, &text, &Noise::default());
        prop_assert_eq!(same.weight, Weight::None);
        prop_assert!(same.clauses.is_empty());
    }

    #[test]
    fn an_edited_term_weighs_wherever_it_stands(
        lines in prop::collection::vec("[a-z]{3,12}", 0..20),
        at in any::<prop::sample::Index>(),
        (before, after) in (1_u32..500, 501_u32..999),
    ) {
        let with = |days: u32| {
            let mut all = lines.clone();
            all.insert(at.index(lines.len() + 1), format!("质保期限为 {days} 天。"));
            all.join("\n")
        };
        prop_assert_eq!(compare(&with(before), &with(after), &Noise::default()).weight, Weight::Substance);
    }
}
