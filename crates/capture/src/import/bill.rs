//! Bills as CSV that WeChat Pay and Alipay give to their users: whose, from when to when, how many rows.
//!
//! Before the table stands a preamble; its words and the heads of the columns are known from exports
//! of users.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use regex::Regex;

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::text::Decoded;
use super::times;

/// More rows than this are not read.
const MAX_ROWS: u64 = 500_000;

/// Words of a preamble, and who writes them.
const MARKS: [(&str, &str); 5] = [
    ("微信支付账单明细", "wechat_pay"),
    ("支付宝交易记录明细查询", "alipay"),
    ("支付宝支付科技有限公司", "alipay"),
    ("支付宝（中国）网络技术有限公司", "alipay"),
    ("支付宝账户：", "alipay"),
];

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static HOLDER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^(?:微信昵称|支付宝账户|账号|姓名)[:：]\s*\[?([^\],\r\n]{1,80})"));
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:起始时间|起始日期)[:：]\s*\[?([0-9:/ -]{8,20})\]?\s*,*\s*(?:终止时间|终止日期)[:：]\s*\[?([0-9:/ -]{8,20})",
    )
});
static EXPORTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"导出时间[:：]\s*\[?(\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}:\d{2})"));
static STATED: LazyLock<Regex> = LazyLock::new(|| pattern(r"共\s*(\d{1,7})\s*笔记录"));
static MOMENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}(?::\d{2})?$"));
/// Every known table has one of the first heads and this one.
const HEADS: [&str; 3] = ["交易时间", "交易创建时间", "交易号"];
const DIRECTION: &str = "收/支";

/// Who made a bill; `None` when the text is no bill.
pub(super) fn issuer(text: &str) -> Option<&'static str> {
    let start = &text[..text.floor_char_boundary(8 << 10)];
    let table = start.contains(DIRECTION) || start.contains("交易记录") || start.contains("账单明细");
    MARKS.iter().find(|(mark, _)| table && start.contains(mark)).map(|(_, issuer)| *issuer)
}

pub(super) fn look(looked: &mut Looked, bill: Decoded) {
    let text = bill.text;
    looked.say(fact::ENCODING, bill.encoding);
    looked.say(fact::BILL_ISSUER, issuer(&text).unwrap_or_default());
    let (preamble, table) = split(&text);
    let first = |pattern: &Regex, n: usize| {
        pattern.captures(preamble).and_then(|found| Some(found.get(n)?.as_str().trim().to_owned()))
    };
    for holder in HOLDER.captures_iter(preamble).take(4) {
        looked.say(fact::BILL_HOLDER, hide_middle(holder[1].trim()));
    }
    let (from, to) = (first(&PERIOD, 1), first(&PERIOD, 2));
    looked.say(fact::BILL_FROM, from.as_deref().unwrap_or_default());
    looked.say(fact::BILL_TO, to.as_deref().unwrap_or_default());
    looked.say_time(clock::BILL_EXPORTED, first(&EXPORTED, 1).and_then(|time| times::iso(&time)));
    match table {
        None => looked.find(finding::BILL_NO_HEAD, Severity::Defect, ""),
        Some(table) => {
            let period = [from, to].map(|end| end.and_then(|end| times::loose(&end)));
            let rows = look_at_rows(looked, table, period);
            // Older exports state the number below the table.
            let stated = STATED.captures(preamble).or_else(|| STATED.captures(table));
            compare_rows(looked, rows, stated.and_then(|found| found[1].parse().ok()));
        }
    }
    looked.give_text(text);
}

/// What stands before the heads of the columns, and the table from its heads on.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(200) {
        let first = line.split(',').next().unwrap_or_default().trim_matches(['"', ' ', '\t', '\u{feff}']);
        if HEADS.contains(&first) && line.contains(DIRECTION) {
            return (&text[..at], Some(&text[at..]));
        }
        at += line.len();
    }
    (text, None)
}

/// Counts the rows that begin like a row: any of the first five cells is a time.
fn look_at_rows(looked: &mut Looked, table: &str, period: [Option<DateTime>; 2]) -> u64 {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(table.as_bytes());
    if let Ok(heads) = reader.headers() {
        let heads: Vec<&str> = heads.iter().filter(|head| !head.is_empty()).collect();
        looked.say(fact::BILL_COLUMNS, heads.join(","));
    }
    let (mut rows, mut outside) = (0, 0u64);
    for record in reader.records().take(usize::try_from(MAX_ROWS).unwrap_or(usize::MAX)) {
        let Ok(record) = record else { continue };
        let moment = record.iter().take(5).find(|cell| MOMENT.is_match(cell)).and_then(times::loose);
        let Some(moment) = moment else { continue };
        rows += 1;
        let [from, to] = period;
        let late = to.is_some_and(|to| moment > to && moment.date() > to.date());
        outside += u64::from(from.is_some_and(|from| moment < from) || late);
    }
    if outside > 0 {
        looked.find(finding::BILL_OUTSIDE, Severity::Note, format!("{outside} rows"));
    }
    rows
}

fn compare_rows(looked: &mut Looked, rows: u64, stated: Option<u64>) {
    looked.say(fact::BILL_ROWS, rows);
    let Some(stated) = stated else { return };
    looked.say(fact::BILL_STATED_ROWS, stated);
    if stated != rows {
        let detail = format!("{rows} rows there, {stated} stated");
        looked.find(finding::BILL_ROWS_DIFFER, Severity::Doubt, detail);
    }
}

/// Names and accounts keep their ends: enough to recognise one's own.
fn hide_middle(name: &str) -> String {
    let all: Vec<char> = name.chars().collect();
    let keep = match all.len() {
        0..=1 => return name.to_owned(),
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let tail = if all.len() <= 4 { 0 } else { 2 };
    let (head, end) = (all[..keep].iter(), all[all.len() - tail..].iter());
    head.chain(&['*'; 3]).chain(end).collect()
}
