//! Conversations with the merchant: chat, ticket, complaint and work order are one thing with other rules.

use jiff::{SignedDuration, Timestamp};

use crate::clock::{china, wall};
use crate::knobs::Merchant;
use crate::skin::Face;

/// Whose words a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Buyer,
    Merchant,
    Platform,
}

impl Who {
    /// The class of a line on the page.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Who::Buyer => "buyer",
            Who::Merchant => "merchant",
            Who::Platform => "platform",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Who::Buyer => "我",
            Who::Merchant => "商家",
            Who::Platform => "平台客服",
        }
    }
}

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) who: Who,
    pub(crate) at: Timestamp,
    pub(crate) text: String,
}

impl Line {
    pub(crate) fn time(&self) -> String {
        wall(self.at)
    }
}

/// Which desk a conversation stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    Chat,
    Ticket,
    Complaint,
    WorkOrder,
}

/// How a complaint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Waiting for the merchant.
    Open,
    /// The merchant answered.
    Answered,
    /// The platform's staff decides.
    Platform,
    /// The buyer was right.
    Solved,
    /// The merchant was right.
    Rejected,
    /// The buyer withdrew it.
    Withdrawn,
}

impl Outcome {
    /// `status` and `result` of the consignment platform's JSON.
    pub(crate) fn numbers(self) -> (i32, i32) {
        match self {
            Outcome::Open | Outcome::Answered | Outcome::Platform => (0, 0),
            Outcome::Solved => (1, 2),
            Outcome::Rejected => (1, 1),
            Outcome::Withdrawn => (-1, 0),
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Outcome::Open => "待处理",
            Outcome::Answered => "处理中",
            Outcome::Platform => "平台介入处理中",
            Outcome::Solved => "已处理（买家胜诉）",
            Outcome::Rejected => "已处理（商家胜诉）",
            Outcome::Withdrawn => "已撤销",
        }
    }

    /// The number in the other platform's back end: 3 is 已解决, 4 is 已驳回.
    pub(crate) fn backend(self) -> i32 {
        match self {
            Outcome::Open => 0,
            Outcome::Answered => 1,
            Outcome::Platform => 2,
            Outcome::Solved => 3,
            Outcome::Rejected | Outcome::Withdrawn => 4,
        }
    }

    /// What that platform's page says for the number: its table is another one.
    pub(crate) fn mismatched_label(self) -> &'static str {
        ["待商户处理", "商户已回复", "已解决", "已驳回", "平台介入中"][self.backend() as usize]
    }
}

/// A conversation.
#[derive(Debug, Clone)]
pub(crate) struct Thread {
    pub(crate) desk: Desk,
    pub(crate) number: String,
    pub(crate) order: String,
    pub(crate) topic: String,
    pub(crate) title: String,
    pub(crate) owner: String,
    /// The six digits sent to the phone; empty where there are none.
    pub(crate) code: String,
    pub(crate) opened: Timestamp,
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<Line>,
    pub(crate) pictures: Vec<String>,
}

impl Thread {
    /// Adds the buyer's words and what the merchant answers to them.
    pub(crate) fn say(&mut self, text: String, at: Timestamp, merchant: Merchant, face: &Face) {
        self.lines.push(Line { who: Who::Buyer, at, text });
        let asked = self.lines.iter().filter(|line| line.who == Who::Buyer).count();
        if let Some(text) = answer(merchant, asked, face) {
            self.lines.push(Line { who: Who::Merchant, at: at + SignedDuration::from_secs(1), text });
            if self.outcome == Outcome::Open {
                self.outcome = Outcome::Answered;
            }
        }
    }

    pub(crate) fn opened_at(&self) -> String {
        wall(self.opened)
    }

    /// The end of the merchant's 24 hours.
    pub(crate) fn expires(&self) -> Timestamp {
        self.opened + SignedDuration::from_hours(24)
    }

    /// The outcome at a moment: after 24 hours the platform decides what is still open.
    pub(crate) fn standing(&self, now: Timestamp) -> Outcome {
        let is_open = matches!(self.outcome, Outcome::Open | Outcome::Answered);
        if is_open && now >= self.expires() { Outcome::Platform } else { self.outcome }
    }
}

fn answer(merchant: Merchant, asked: usize, face: &Face) -> Option<String> {
    let texts: [String; 3] = match merchant {
        Merchant::Silent => return None,
        Merchant::Helpful => [
            "您好，已收到您的问题，请提供订单号，我们马上核实。".to_owned(),
            "已经在核实了，核实后给您补发或原路退款，请稍等。".to_owned(),
            "亲，补发已提交，请刷新订单页查看。".to_owned(),
        ],
        Merchant::Refusing => [
            "虚拟商品一经售出概不退换，下单前页面写得很清楚。".to_owned(),
            "卡密我们查过是正常的，是您自己用掉的，不处理。".to_owned(),
            "不退，随便你投诉。".to_owned(),
        ],
        Merchant::SolicitingWechat => [
            format!("平台上不方便说，您加我微信 {} 处理，快一些。", face.wechat),
            "先把投诉撤了，加微信私下转账退给您。".to_owned(),
            format!("微信 {}，或者加QQ {}，备注订单号。", face.wechat, face.qq),
        ],
    };
    texts.into_iter().nth((asked.max(1) - 1) % 3)
}

/// What a complaint must satisfy; the sentence the buyer reads otherwise.
pub(crate) fn complaint_fault(qq: &str, phone: &str, text: &str) -> Option<&'static str> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if qq.len() < 5 || !digits(qq) {
        return Some("请填写正确的QQ号码（5位以上数字）");
    }
    if phone.len() != 11 || !digits(phone) {
        return Some("请填写正确的手机号码");
    }
    (text.chars().count() < 20).then_some("投诉说明不能少于20个字")
}

/// Whether two moments are on one day in China.
pub(crate) fn same_day(one: Timestamp, other: Timestamp) -> bool {
    china(one).date() == china(other).date()
}
