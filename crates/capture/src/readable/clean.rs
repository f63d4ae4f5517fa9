//! What flickers is taken out of a line.

use regex::{Captures, Regex};

use super::lines::tidy;
use super::table::Table;

/// Longer lines are left as they are: none of a real page is, and searching them costs.
const MAX_LINE: usize = 64 << 10;

/// A line without clocks, counters and what the recipe masks; empty when nothing that can be read is left.
pub(super) fn cleaned(line: &str, masks: &[Regex]) -> String {
    if line.len() > MAX_LINE {
        return line.to_owned();
    }
    let table = Table::get();
    let mut text = line.to_owned();
    for place in table.any_noise.matches(line) {
        text = without(&text, &table.noise[place]);
    }
    for mask in masks {
        text = without(&text, mask);
    }
    if text == line {
        return text;
    }
    let text = tidy(&text);
    if text.chars().any(char::is_alphanumeric) { text } else { String::new() }
}

/// The text without what the pattern finds: its group `noise` where it has one.
fn without(text: &str, pattern: &Regex) -> String {
    let kept = |found: &Captures<'_>| {
        let (Some(whole), Some(noise)) = (found.get(0), found.name("noise")) else { return String::new() };
        format!("{}{}", &text[whole.start()..noise.start()], &text[noise.end()..whole.end()])
    };
    pattern.replace_all(text, kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn what_flickers_goes() {
        let table = [
            ("12:30:45", ""),
            ("北京时间 12:30:45", ""),
            ("今天是2026年11月24日 星期二", ""),
            ("今天是2026年3月1日，欢迎光临", "欢迎光临"),
            ("当前时间：2026-11-24 12:30:45", ""),
            ("剩余 2 天 3 小时", ""),
            ("距活动结束还有 2 天 3 小时 4 分 5 秒", ""),
            ("距离活动结束还有2天", ""),
            ("倒计时 01:22:33", ""),
            ("限时特价 剩余 02:11:09", "限时特价"),
            ("3分钟前", ""),
            ("张三 3 小时前 购买", "张三 购买"),
            ("刚刚 发布", "发布"),
            ("已售 12,345 件", ""),
            ("已售1.2万+ | 库存 99", ""),
            ("浏览：3201 次", ""),
            ("阅读量 8 万", ""),
            ("访问量：123456", ""),
            ("当前在线 88 人", "当前"),
            ("3201 人付款", ""),
            ("1.5万人已购买", ""),
            ("好评率 98.7%", ""),
            ("© 2019-2026 某某网络", "某某网络"),
            ("Copyright © 2026 Shop Inc.", "Shop Inc."),
            ("2015-2026 © 版权所有", "版权所有"),
            ("请求编号：9f86d081884c7d65", ""),
            ("Ray ID: 8a1b2c3d4e5f6071", ""),
            ("您的IP：203.0.113.7", ""),
            ("页面执行时间 0.023 秒", ""),
            ("Processed in 0.023 second(s), 5 queries", ""),
            ("https://shop.example/a?utm_source=x&id=3", "https://shop.example/a&id=3"),
            ("5 minutes ago", ""),
            ("1,204 views", ""),
        ];
        for (line, want) in table {
            let left = cleaned(line, &[]);
            assert_eq!(left.trim_matches([',', ' ', '，']), want, "{line}");
        }
    }

    #[test]
    fn what_is_agreed_stays() {
        let lines = [
            "商家须缴纳保证金 1000 元。",
            "买家应在收货后 48 小时内申诉。",
            "自 2026 年 3 月 1 日起生效",
            "本规则于2026年3月1日发布，自2026年3月8日起施行。",
            "剩余 3 天未使用的时长按比例退款",
            "剩余时长不足 2 天的不予退款",
            "距离到期还有 3 天以上的，可申请退款",
            "24小时前的订单不予受理",
            "须于活动开始3天前提交",
            "发货前 24 小时前通知",
            "客服在线 24 小时",
            "在线时间 9:00-22:00",
            "客服时间：09:00:00-22:00:00",
            "每日23:59:59前下单的当日发货",
            "截止2026年3月1日 23:59:59",
            "2026年3月1日 00:00:00起执行",
            "申诉截止时间：北京时间 2026年3月1日 18:00",
            "每人限购 3 件，每个账号限 1 次购买机会",
            "满 3 件 8 折",
            "退款比例为 70%",
            "关注 7 天后可提现",
            "库存 7 天未售出自动下架",
            "质保 30 天，激活后 2 小时内验证",
            "手续费 2%，最低 1 元",
            "第 12 条 投诉处理时限为 3 个工作日",
            "处理时间：24 小时",
            "收藏 30 元以上商品",
        ];
        for line in lines {
            assert_eq!(cleaned(line, &[]), line);
        }
    }
}
