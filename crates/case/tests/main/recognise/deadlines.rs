//! The table of deadlines that messages set.

use proptest::prelude::*;
use sigu_case::recognise::due_time;

use super::at;

#[test]
fn deadlines_of_messages() {
    let said = at(2026, 9, 21, 14, 50, 0);
    for (text, due) in [
        ("请在 22:30 前补发", Some(at(2026, 9, 21, 22, 30, 0))),
        ("请于13:30前补发或退款", Some(at(2026, 9, 22, 13, 30, 0))),
        ("请于13：30前", Some(at(2026, 9, 22, 13, 30, 0))),
        ("请在 14:50 前", Some(at(2026, 9, 22, 14, 50, 0))),
        ("订单显示已发货但没有卡密，请在 00:50 前补发或退款", Some(at(2026, 9, 22, 0, 50, 0))),
        ("请在今天 22:30 前补发或退款，谢谢。", Some(at(2026, 9, 21, 22, 30, 0))),
        ("今天14:00前", Some(at(2026, 9, 21, 14, 0, 0))),
        ("若今晚八点前没有答复", Some(at(2026, 9, 21, 20, 0, 0))),
        ("今晚八点半之前", Some(at(2026, 9, 21, 20, 30, 0))),
        ("今晚12点前", Some(at(2026, 9, 22, 0, 0, 0))),
        ("今晚24:00前", Some(at(2026, 9, 22, 0, 0, 0))),
        ("晚上十一点前", Some(at(2026, 9, 21, 23, 0, 0))),
        ("明天中午12点前", Some(at(2026, 9, 22, 12, 0, 0))),
        ("明天中午1点前", Some(at(2026, 9, 22, 13, 0, 0))),
        ("明天下午3点30分前", Some(at(2026, 9, 22, 15, 30, 0))),
        ("明早九点前", Some(at(2026, 9, 22, 9, 0, 0))),
        ("后天 10:00 以前", Some(at(2026, 9, 23, 10, 0, 0))),
        ("请在 11 月 18 日 20:00 前回复方案", Some(at(2026, 11, 18, 20, 0, 0))),
        ("9月20日 20:00 前", Some(at(2027, 9, 20, 20, 0, 0))),
        ("11月18日晚8点前", Some(at(2026, 11, 18, 20, 0, 0))),
        ("2026-11-18 20:00", Some(at(2026, 11, 18, 20, 0, 0))),
        ("2026年11月18日 20时前", Some(at(2026, 11, 18, 20, 0, 0))),
        ("请 4小时内 答复", Some(at(2026, 9, 21, 18, 50, 0))),
        ("24 小时内补发", Some(at(2026, 9, 22, 14, 50, 0))),
        ("二十四小时内", Some(at(2026, 9, 22, 14, 50, 0))),
        ("两个小时之内", Some(at(2026, 9, 21, 16, 50, 0))),
        ("半小时内", Some(at(2026, 9, 21, 15, 20, 0))),
        ("30分钟内到账", Some(at(2026, 9, 21, 15, 20, 0))),
        ("3天内处理", Some(at(2026, 9, 24, 23, 59, 59))),
        ("今天内给您处理", Some(at(2026, 9, 21, 23, 59, 59))),
        ("页面标注即时到账，30分钟未到，请18:45前处理", Some(at(2026, 9, 21, 18, 45, 0))),
        ("虚拟商品售出概不退换，质保24小时已过", None),
        ("该激活码已于 2026-09-20 23:11 被使用", None),
        ("今天 14:05 我已按您的说明重试 3 次", None),
        ("我 14:05 前已经试过", Some(at(2026, 9, 22, 14, 5, 0))),
        ("14:05前我试过三次", None),
        ("25:00 前", None),
        ("13月40日 20:00 前", Some(at(2026, 9, 21, 20, 0, 0))),
        ("99999小时内", None),
        ("下午发", None),
        ("", None),
    ] {
        // Words after 前 that tell of the past.
        let due = if text.contains("前已") { None } else { due };
        // An impossible date is no date: nothing is read from its time of day.
        let due = if text.starts_with("13月") { None } else { due };
        let found = due_time(text, said);
        assert_eq!(found, due, "{text}");
    }
}

#[test]
fn the_deadlines_of_the_five_cases() {
    for (text, said, due) in [
        (
            "订单显示已发货但没有卡密，请在 00:50 前补发或退款",
            at(2026, 9, 18, 20, 50, 0),
            at(2026, 9, 19, 0, 50, 0),
        ),
        (
            "页面承诺永久有效，现显示已到期，请于13:30前补发或退款",
            at(2026, 10, 1, 9, 30, 0),
            at(2026, 10, 1, 13, 30, 0),
        ),
        ("无效卡密应补发或退款，请于18:50前处理", at(2026, 9, 21, 14, 50, 0), at(2026, 9, 21, 18, 50, 0)),
        (
            "页面标注即时到账，30分钟未到，请14:45前处理",
            at(2026, 9, 11, 10, 45, 0),
            at(2026, 9, 11, 14, 45, 0),
        ),
        (
            "账号今早无法登录，提示密码已变更，请于12:30前说明并恢复",
            at(2026, 8, 15, 8, 30, 0),
            at(2026, 8, 15, 12, 30, 0),
        ),
    ] {
        assert_eq!(due_time(text, said), Some(due), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_words_are_read(text in "[0-9零十今明晚天时点月日前内小分钟:： \\PC]{0,40}", second in any::<i32>()) {
        let said = jiff::Timestamp::from_second(i64::from(second)).unwrap();
        let _ = due_time(&text, said);
        let _ = due_time(&text, jiff::Timestamp::MAX);
        let _ = due_time(&text, jiff::Timestamp::MIN);
    }
}
