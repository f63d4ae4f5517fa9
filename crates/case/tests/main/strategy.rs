//! The strategy review: tasks come from changed rules only, and the watched topics stand from the start.

use jiff::civil::{Date, date};
use sigu_case::platform::{NoticeVerdict, WatchTopic};
use sigu_case::report::{Outcome, RuleCaptured};
use sigu_case::strategy::{NoticeGiven, StrategyTask, review, watch_list};
use sigu_case::{Event, House, OrderFacts, State};

use crate::dossier::{closed, say, state};
use crate::made::{facts, opened, time};

const NOW: &str = "2026-11-22T08:00:00Z";

fn rule(at: &str, text: &str) -> RuleCaptured {
    RuleCaptured {
        at: time(at),
        platform: "qs".into(),
        title: "平台售后规则".into(),
        article: "第5条".into(),
        text: Some(text.into()),
        in_force_from: None,
        in_force_to: None,
        published_on: None,
        snapshot: None,
    }
}

fn tasks(state: &State) -> Vec<StrategyTask> {
    crate::dossier::assert_figures(state);
    review(&House::of(state), state.orders(), time(NOW))
}

fn order(id: &str, merchant: &str, profile: &str) -> Event {
    let (merchant, profile) = (Some(merchant.to_owned()), Some(profile.to_owned()));
    opened(id, OrderFacts { merchant, profile, ..facts() })
}

#[test]
fn topics_are_watched_before_anything_is_captured() {
    let state = State::default();
    let list = watch_list(&House::of(&state), time(NOW));
    let topics: Vec<WatchTopic> = list.topics.iter().map(|topic| topic.topic).collect();
    assert_eq!(topics, WatchTopic::ALL);
    for topic in &list.topics {
        assert!(!topic.last_checked.is_known() && !topic.name.is_incomplete(), "{topic:?}");
        assert_eq!(topic.articles, 0);
    }
    assert_eq!(tasks(&state), []);
}

#[test]
fn a_changed_value_is_a_task_with_whom_it_touches() {
    let state = state(vec![
        order("A", "小栈数码", "qs"),
        order("B", "小栈数码", "qs"),
        closed("B", Outcome::Fine),
        order("C", "流萤卡铺", "acg"),
        say(rule("2026-09-01T00:00:00Z", "无效卡密退款70%。商家保证金1000元。")),
        say(rule("2026-10-01T00:00:00Z", "无效卡密退款50%。商家保证金1000元。")),
    ]);
    let found = tasks(&state);
    assert_eq!(found.len(), 1);
    let task = &found[0];
    assert_eq!(task.changes.len(), 1);
    let change = &task.changes[0];
    let amount = |value: &Option<sigu_case::platform::WatchedValue>| value.as_ref().map(|one| one.amount);
    assert_eq!(
        (change.topic, amount(&change.old), amount(&change.new)),
        (WatchTopic::RefundRatio, Some(7_000), Some(5_000))
    );
    assert_eq!(task.advice.len(), 1);
    assert_eq!(task.merchants, ["小栈数码"]);
    assert_eq!(task.open_orders.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["A"]);
    assert_eq!(task.notice, NoticeGiven::Unknown);
    assert_eq!(task.review_by.value(), Some(&date(2026, 10, 8)));
    let early = review(&House::of(&state), state.orders(), time("2026-09-15T00:00:00Z"));
    assert_eq!(early, [], "the second version was not captured yet");
    let list = watch_list(&House::of(&state), time(NOW));
    assert_eq!((list.rules.len(), list.rules[0].versions), (1, 2));
    assert_eq!(list.rules[0].check_again.value(), Some(&date(2026, 10, 31)));
    assert_eq!(list.topics[1].articles, 1, "the deposit");
    assert_eq!(list.topics[2].articles, 0, "no time limit");
}

#[test]
fn only_other_words_make_a_task() {
    let first = "无效卡密应补发或退款。";
    let table = [
        (Some("无效卡密应补发或退款。"), 0),
        (Some(" 无效卡密 应补发或退款。\n"), 0),
        (Some("无效卡密应先补发，再退款。"), 1),
        (Some("  "), 0),
        (None, 0),
    ];
    for (second, expected) in table {
        let later = RuleCaptured { text: second.map(str::to_owned), ..rule("2026-10-01T00:00:00Z", "") };
        let state = state(vec![say(rule("2026-09-01T00:00:00Z", first)), say(later)]);
        let found = tasks(&state);
        assert_eq!(found.len(), expected, "{second:?}");
        assert!(found.iter().all(|task| task.changes.is_empty()));
    }
    // Another article, or another platform, is another rule.
    let other = RuleCaptured { article: "第6条".into(), ..rule("2026-10-01T00:00:00Z", "别的") };
    let elsewhere = RuleCaptured { platform: "云栈".into(), ..rule("2026-10-01T00:00:00Z", "别的") };
    let state = state(vec![say(rule("2026-09-01T00:00:00Z", first)), say(other), say(elsewhere)]);
    assert_eq!(tasks(&state), []);
}

#[test]
fn notice_is_judged_from_the_day_the_measures_are_in_force() {
    type Row<'a> = (Option<Date>, Option<Date>, Option<NoticeVerdict>, &'a str);
    let table: &[Row<'_>] = &[
        (Some(date(2026, 1, 30)), Some(date(2026, 1, 31)), None, "办法"),
        (Some(date(2026, 1, 31)), Some(date(2026, 2, 1)), Some(NoticeVerdict::TooShort), "不足七日"),
        (
            Some(date(2026, 3, 1)),
            Some(date(2026, 3, 8)),
            Some(NoticeVerdict::EnoughUnlessImportant),
            "满七日",
        ),
        (Some(date(2026, 3, 1)), Some(date(2026, 3, 16)), Some(NoticeVerdict::Ample), "十五日"),
        (None, Some(date(2026, 3, 16)), None, "待核验"),
        (Some(date(2026, 3, 1)), None, None, "待核验"),
    ];
    for (published_on, in_force_from, verdict, words) in table {
        let later = RuleCaptured {
            published_on: *published_on,
            in_force_from: *in_force_from,
            ..rule("2026-03-02T00:00:00Z", "退款50%")
        };
        let state = state(vec![say(rule("2026-01-01T00:00:00Z", "退款70%")), say(later)]);
        let task = tasks(&state).remove(0);
        let given = match task.notice {
            NoticeGiven::Judged { notice } => Some(notice.verdict),
            NoticeGiven::BeforeTheMeasures | NoticeGiven::Unknown => None,
        };
        assert_eq!(given, *verdict, "{published_on:?} {in_force_from:?}");
        assert!(task.notice.text().zh.contains(words), "{:?}", task.notice.text());
        let ahead = in_force_from.filter(|from| *from > date(2026, 3, 2));
        assert_eq!(task.review_by.value().copied(), Some(ahead.unwrap_or(date(2026, 3, 9))));
    }
}
