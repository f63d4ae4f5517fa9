//! Chats as text: whose layout it is, from when to when, who speaks, and where it is silent.
//!
//! Sources of the layouts: QQ's message manager writes `2026-11-22 14:03:11 名字(12345)` below a head;
//! WeChat's mail forwarding writes `————— 2026-11-22 —————` and `名字  14:03`; others are as users copy them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use regex::{Captures, Regex};

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::text::Decoded;
use super::times;

/// Silence that is reported, in hours.
const GAP_HOURS: i64 = 12;
/// Silences named one by one.
const MAX_GAPS: usize = 20;
/// Different names that are counted.
const MAX_SPEAKERS: usize = 10_000;

/// How one program shows the head of a message.
struct Layout {
    name: &'static str,
    /// Words that this program alone writes; one head line is then enough.
    mark: Option<Regex>,
    head: Regex,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

const DATE: &str = r"(?P<date>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)";
const TIME: &str =
    r"(?P<half>上午|下午|中午|晚上|凌晨)?\s*(?P<time>\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)(?:\s*(?P<m>[AP]M))?";

/// In the order in which they are tried: the more particular first.
static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let layout = |name, mark: Option<&str>, head: &str| Layout {
        name,
        mark: mark.map(pattern),
        head: pattern(&head.replace("DATE", DATE).replace("TIME", TIME)),
    };
    vec![
        layout(
            "qq",
            Some(r"消息记录（此消息记录为文本格式|(?m)^消息对象[:：]"),
            r"^DATE\s+TIME\s+(?P<name>.{0,60}?)(?:[(（]\d{5,12}[)）]|<[^<>]{3,80}>)$",
        ),
        layout("wangwang", None, r"^(?P<name>[^\s()（）]{1,40})\s*[(（]\s*DATE\s+TIME\s*[)）]\s*[:：]?"),
        layout(
            "wechat",
            Some(r"(?m)聊天记录如下|^[—–]{3,}\s*\d{4}-\d{2}-\d{2}\s*[—–]{3,}"),
            r"^(?P<name>[^:：]{1,60}?)\s{1,4}(?:DATE\s+)?TIME$",
        ),
        layout("name_then_time", None, r"^(?P<name>[^:：]{1,40}?)\s+DATE\s+TIME$"),
        layout(
            "time_then_name",
            None,
            r"^[\[【]?DATE\s+TIME[\]】]?\s*(?P<name>[^:：\s]{1,40})\s*(?:[:：].*)?$",
        ),
        layout("clock_then_name", None, r"^[\[【]TIME[\]】]\s*(?P<name>[^:：\s]{1,40})\s*[:：]"),
    ]
});

static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"^[—–\-=*\s]*{DATE}(?:\s*(?:星期|周)[一二三四五六日天])?[—–\-=*\s]*$"))
});
static WITH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^消息对象[:：](.{1,100})$|^(?:Dear[:：]?\s*)?(.{1,100}?)的?聊天记录如下"));

/// The layout of a text, by its mark and one head line, or by two head lines.
pub(super) fn layout(text: &str) -> Option<&'static str> {
    pick(text).map(|layout| layout.name)
}

fn pick(text: &str) -> Option<&'static Layout> {
    let start = &text[..text.floor_char_boundary(64 << 10)];
    let heads =
        |layout: &Layout| start.lines().filter(|line| layout.head.is_match(line.trim())).take(2).count();
    LAYOUTS.iter().find(|layout| match &layout.mark {
        Some(mark) if mark.is_match(start) => heads(layout) >= 1,
        // This head is too common to be believed without the mark.
        Some(_) if layout.name == "wechat" => false,
        _ => heads(layout) >= 2,
    })
}

#[derive(Default)]
struct Walk {
    date: Option<Date>,
    messages: u64,
    speakers: BTreeSet<String>,
    first: Option<DateTime>,
    last: Option<DateTime>,
    previous: Option<DateTime>,
    gaps: Vec<(DateTime, i64)>,
    unordered: u64,
}

pub(super) fn look(looked: &mut Looked, chat: Decoded) {
    looked.say(fact::ENCODING, chat.encoding);
    if let Some(layout) = pick(&chat.text) {
        looked.say(fact::CHAT_LAYOUT, layout.name);
        let mut walk = Walk::default();
        for line in chat.text.lines() {
            walk.line(layout, line.trim());
        }
        let with = WITH.captures(&chat.text).and_then(|found| found.get(1).or(found.get(2)));
        looked.quote(fact::CHAT_WITH, with.map_or("", |name| name.as_str()));
        say(looked, &walk);
    }
    looked.give_text(chat.text);
}

impl Walk {
    fn line(&mut self, layout: &Layout, line: &str) {
        if line.len() > 400 {
            return;
        }
        if let Some(found) = SEPARATOR.captures(line) {
            self.date = date(&found);
        } else if let Some(found) = layout.head.captures(line) {
            self.messages += 1;
            if self.speakers.len() < MAX_SPEAKERS {
                self.speakers.insert(found.name("name").map_or("", |name| name.as_str().trim()).to_owned());
            }
            self.date = date(&found).or(self.date);
            if let Some(at) = self.date.and_then(|date| moment(date, &found)) {
                self.at(at);
            }
        }
    }

    fn at(&mut self, at: DateTime) {
        if let Some(previous) = self.previous {
            let hours = at.duration_since(previous).as_hours();
            if hours >= GAP_HOURS {
                self.gaps.push((previous, hours));
            }
            self.unordered += u64::from(at < previous);
        }
        self.previous = Some(at);
        self.first = self.first.into_iter().chain([at]).min();
        self.last = self.last.into_iter().chain([at]).max();
    }
}

fn date(found: &Captures<'_>) -> Option<Date> {
    times::loose(found.name("date")?.as_str()).map(DateTime::date)
}

fn moment(date: Date, found: &Captures<'_>) -> Option<DateTime> {
    let mut clock = found.name("time")?.as_str().split([':', '：']).map(|part| part.parse::<i8>().ok());
    let (mut hour, minute, second) = (clock.next()??, clock.next()??, clock.next().flatten().unwrap_or(0));
    let half = found.name("half").or(found.name("m")).map(|half| half.as_str());
    if matches!(half, Some("下午" | "晚上" | "中午" | "PM"))
        && (1..12).contains(&hour)
        && !(half == Some("中午") && hour >= 11)
    {
        hour += 12;
    } else if matches!(half, Some("AM" | "凌晨")) && hour == 12 {
        hour = 0;
    }
    Some(date.to_datetime(jiff::civil::Time::new(hour, minute, second, 0).ok()?))
}

fn say(looked: &mut Looked, walk: &Walk) {
    looked.say_time(clock::CHAT_FIRST, walk.first.and_then(|time| times::wall(time, None)));
    looked.say_time(clock::CHAT_LAST, walk.last.and_then(|time| times::wall(time, None)));
    looked.say(fact::CHAT_MESSAGES, walk.messages);
    looked.say(fact::CHAT_SPEAKERS, walk.speakers.len());
    looked.say(fact::CHAT_GAPS, walk.gaps.len());
    if let Some(longest) = walk.gaps.iter().map(|gap| gap.1).max() {
        looked.say(fact::CHAT_LONGEST_GAP, longest);
    }
    for (after, hours) in walk.gaps.iter().take(MAX_GAPS) {
        looked.find(finding::CHAT_GAP, Severity::Note, format!("{hours} h after {after}"));
    }
    if walk.unordered > 0 {
        looked.find(finding::CHAT_ORDER, Severity::Doubt, format!("{} messages", walk.unordered));
    }
}
