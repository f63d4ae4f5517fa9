//! The five faces of the shop.

use std::fmt;
use std::str::FromStr;

/// Which family of card shop the server looks like. One shop has one skin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skin {
    /// A single merchant's card shop, light theme.
    #[default]
    DjUnicorn,
    /// The same software in another theme, which shows nothing for the state 异常.
    DjHyper,
    /// A shop whose order page is drawn by script from JSON, with a password before the card.
    Acg,
    /// A consignment platform of many merchants, with a complaint desk.
    Qs,
    /// A card alliance: orders in a modal table, work orders, refunds to the balance.
    Rbw,
}

impl Skin {
    /// All skins, in the order of the manual.
    pub const ALL: [Skin; 5] = [Skin::DjUnicorn, Skin::DjHyper, Skin::Acg, Skin::Qs, Skin::Rbw];

    /// The name used on the command line and in folder names: `dj-unicorn`, `dj-hyper`, `acg`, `qs`, `rbw`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Skin::DjUnicorn => "dj-unicorn",
            Skin::DjHyper => "dj-hyper",
            Skin::Acg => "acg",
            Skin::Qs => "qs",
            Skin::Rbw => "rbw",
        }
    }

    pub(crate) fn face(self) -> &'static Face {
        match self {
            Skin::DjUnicorn => &UNICORN,
            Skin::DjHyper => &HYPER,
            Skin::Acg => &ACG,
            Skin::Qs => &QS,
            Skin::Rbw => &RBW,
        }
    }
}

impl fmt::Display for Skin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Skin {
    type Err = String;

    fn from_str(text: &str) -> Result<Skin, String> {
        let found = Skin::ALL.into_iter().find(|skin| skin.name() == text);
        found.ok_or_else(|| {
            let names: Vec<&str> = Skin::ALL.iter().map(|skin| skin.name()).collect();
            format!("没有这种店面 no such skin: {text}（可用 known: {}）", names.join(", "))
        })
    }
}

/// Names and particulars of a made-up shop; nothing of it exists.
pub(crate) struct Face {
    pub(crate) name: &'static str,
    pub(crate) merchant: &'static str,
    pub(crate) slogan: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) licence: &'static str,
    pub(crate) qq: &'static str,
    pub(crate) wechat: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) promises: &'static [&'static str],
}

const UNICORN: Face = Face {
    name: "小栈数码",
    merchant: "小栈数码",
    slogan: "正规渠道 · 自动发货 · 售后无忧",
    domain: "xiaozhan.test",
    operator: "示例市小栈数码商行",
    licence: "92000000MA00000001",
    qq: "1000000001",
    wechat: "xiaozhan_test",
    phone: "19900000001",
    promises: &["全场商品官方渠道，假一赔十", "卡密未使用，七天内质量问题包换", "客服在线 9:00-24:00"],
};
const HYPER: Face = Face {
    name: "夜航点卡",
    merchant: "夜航点卡",
    slogan: "24 小时秒发，深夜也有人",
    domain: "yehang.test",
    operator: "示例市夜航网络服务部",
    licence: "92000000MA00000002",
    qq: "1000000002",
    wechat: "yehang_test",
    phone: "19900000002",
    promises: &["付款即发货", "无效卡密 24 小时内包补", "全年无休"],
};
const ACG: Face = Face {
    name: "樱桃数卡",
    merchant: "樱桃数卡",
    slogan: "买得放心，用得开心",
    domain: "yingtao.test",
    operator: "示例市樱桃软件工作室",
    licence: "92000000MA00000003",
    qq: "1000000003",
    wechat: "yingtao_test",
    phone: "19900000003",
    promises: &["自动发货，即买即用", "售后支持请提交工单", "请妥善保管查询密码"],
};
const QS: Face = Face {
    name: "云栈寄售",
    merchant: "老周数码店",
    slogan: "安全可靠的虚拟商品寄售平台",
    domain: "yunzhan.test",
    operator: "示例市云栈信息技术有限公司",
    licence: "91000000MA00000004",
    qq: "1000000004",
    wechat: "laozhou_test",
    phone: "19900000004",
    promises: &["实名商户入驻", "平台担保，投诉冻结资金", "卡密有问题请于购买当日投诉"],
};
const RBW: Face = Face {
    name: "流萤云商城",
    merchant: "流萤云商城",
    slogan: "全网低价货源，一手渠道",
    domain: "liuying.test",
    operator: "示例市流萤网络科技有限公司",
    licence: "91000000MA00000005",
    qq: "1000000005",
    wechat: "liuying_test",
    phone: "19900000005",
    promises: &["24 小时自动处理订单", "工单 24 小时内回复", "订单记录定期清理，请及时保存"],
};
