//! What the shop sells. Games, services and prices are made up.

use crate::knobs::Knobs;

/// The shape of what is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardKind {
    /// 卡号 and 卡密.
    Pair,
    /// One activation code of four groups.
    Code,
    /// 账号----密码----邮箱.
    Account,
}

/// One article; the price in 分.
#[derive(Debug)]
pub(crate) struct Goods {
    pub(crate) id: u32,
    pub(crate) title: &'static str,
    pub(crate) category: &'static str,
    pub(crate) price: i64,
    pub(crate) spec: &'static str,
    pub(crate) region: &'static str,
    pub(crate) server: &'static str,
    pub(crate) validity: &'static str,
    pub(crate) warranty: &'static str,
    pub(crate) refund: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) manual: bool,
    pub(crate) sold: u32,
    pub(crate) stock: u32,
    pub(crate) kind: CardKind,
    pub(crate) colours: (&'static str, &'static str),
    pub(crate) sign: &'static str,
}

/// The article with what the merchant's knobs make of its text.
pub(crate) struct GoodsView {
    pub(crate) id: u32,
    pub(crate) title: &'static str,
    pub(crate) category: &'static str,
    pub(crate) price: String,
    pub(crate) spec: &'static str,
    pub(crate) region: &'static str,
    pub(crate) server: &'static str,
    pub(crate) validity: &'static str,
    pub(crate) warranty: String,
    pub(crate) refund: String,
    pub(crate) usage: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) manual: bool,
    pub(crate) sold: u32,
    pub(crate) stock: u32,
}

impl Goods {
    pub(crate) fn find(id: u32) -> Option<&'static Goods> {
        GOODS.iter().find(|goods| goods.id == id)
    }

    pub(crate) fn view(&self, knobs: &Knobs) -> GoodsView {
        let edited = |text: &str| knobs.edited_text.clone().unwrap_or_else(|| text.to_owned());
        GoodsView {
            id: self.id,
            title: self.title,
            category: self.category,
            price: yuan(self.price),
            spec: self.spec,
            region: self.region,
            server: self.server,
            validity: self.validity,
            warranty: edited(self.warranty),
            refund: edited(self.refund),
            usage: self.usage,
            mode: if self.manual { "人工处理" } else { "自动发货" },
            manual: self.manual,
            sold: self.sold,
            stock: self.stock,
        }
    }

    /// The picture: a cover of two colours with a sign on it.
    pub(crate) fn picture(&self) -> String {
        let (from, to) = self.colours;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 320\"><defs>\
             <linearGradient id=\"g\" \
             x1=\"0\" y1=\"0\" x2=\"1\" y2=\"1\"><stop stop-color=\"{from}\"/><stop offset=\"1\" \
             stop-color=\"{to}\"/></linearGradient></defs>\
             <rect width=\"320\" height=\"320\" fill=\"url(#g)\"/>\
             <circle cx=\"262\" cy=\"60\" r=\"92\" fill=\"#fff\" opacity=\".12\"/>\
             <circle cx=\"40\" cy=\"290\" \
             r=\"120\" fill=\"#fff\" opacity=\".10\"/><text x=\"160\" y=\"176\" font-size=\"76\" \
             font-weight=\"700\" fill=\"#fff\" text-anchor=\"middle\" font-family=\"sans-serif\">{}</text>\
             <text x=\"160\" y=\"226\" font-size=\"24\" fill=\"#fff\" opacity=\".9\" text-anchor=\"middle\" \
             font-family=\"sans-serif\">{}</text></svg>",
            self.sign, self.spec
        )
    }
}

/// `1234` 分 as `12.34`.
pub(crate) fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

pub(crate) const GOODS: &[Goods] = &[
    Goods {
        id: 1,
        title: "星海OL 点卡 100元面值",
        category: "游戏点卡",
        price: 9450,
        spec: "100元 / 1000点",
        region: "国服",
        server: "全区全服通用",
        validity: "自购买之日起 12 个月",
        warranty: "卡密未使用，7 天内无法充值包换包退",
        refund: "卡密无效或已被使用，凭充值页截图 24 小时内联系客服，核实后全额退款",
        usage: "登录星海OL官方充值中心，输入卡号与卡密，点数即时到账。",
        manual: false,
        sold: 3281,
        stock: 96,
        kind: CardKind::Pair,
        colours: ("#3b82f6", "#1e3a8a"),
        sign: "星海",
    },
    Goods {
        id: 2,
        title: "云影视频 VIP 会员月卡（激活码）",
        category: "影音会员",
        price: 1680,
        spec: "月卡 31天",
        region: "国服",
        server: "手机 / 平板 / 电脑",
        validity: "激活码 2027-12-31 前有效",
        warranty: "质保 30 天，掉会员免费补",
        refund: "激活码无效可退款，已激活不支持退款",
        usage: "打开云影视频 → 我的 → 兑换码，粘贴激活码后点击兑换。",
        manual: false,
        sold: 12045,
        stock: 438,
        kind: CardKind::Code,
        colours: ("#f97316", "#b91c1c"),
        sign: "云影",
    },
    Goods {
        id: 3,
        title: "青鸟音乐 豪华绿钻季卡",
        category: "影音会员",
        price: 3300,
        spec: "季卡 93天",
        region: "国服",
        server: "全平台",
        validity: "长期有效",
        warranty: "质保 90 天",
        refund: "未激活可退",
        usage: "在青鸟音乐的会员中心输入激活码。",
        manual: false,
        sold: 902,
        stock: 57,
        kind: CardKind::Code,
        colours: ("#10b981", "#065f46"),
        sign: "青鸟",
    },
    Goods {
        id: 4,
        title: "幻域手游 成品号 70级 含绑定邮箱",
        category: "游戏账号",
        price: 26800,
        spec: "70级 / 3套外观",
        region: "国服",
        server: "华东一区",
        validity: "永久",
        warranty: "承诺不找回，找回包赔",
        refund: "账号描述不符 3 天内可退",
        usage: "请登录后立即修改密码并换绑邮箱。格式：账号----密码----邮箱",
        manual: false,
        sold: 66,
        stock: 4,
        kind: CardKind::Account,
        colours: ("#8b5cf6", "#4c1d95"),
        sign: "幻域",
    },
    Goods {
        id: 5,
        title: "北斗加速器 年卡 人工开通",
        category: "软件会员",
        price: 8800,
        spec: "年卡 365天",
        region: "全球",
        server: "全平台",
        validity: "开通后 365 天",
        warranty: "质保 365 天",
        refund: "24 小时内未开通全额退款",
        usage: "下单后请留意邮箱，客服在 10 分钟到 2 小时内处理。",
        manual: true,
        sold: 318,
        stock: 20,
        kind: CardKind::Code,
        colours: ("#0ea5e9", "#0f172a"),
        sign: "北斗",
    },
    Goods {
        id: 6,
        title: "星海OL 点卡 30元面值",
        category: "游戏点卡",
        price: 2880,
        spec: "30元 / 300点",
        region: "国服",
        server: "全区全服通用",
        validity: "自购买之日起 12 个月",
        warranty: "卡密未使用，7 天内无法充值包换包退",
        refund: "卡密无效或已被使用，凭充值页截图 24 小时内联系客服，核实后全额退款",
        usage: "登录星海OL官方充值中心，输入卡号与卡密，点数即时到账。",
        manual: false,
        sold: 5590,
        stock: 210,
        kind: CardKind::Pair,
        colours: ("#60a5fa", "#4338ca"),
        sign: "星海",
    },
];
