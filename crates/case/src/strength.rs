//! How strong each piece of evidence is, and how well each fact is borne out (§5.1, §5.3, S9, S18, S23).
//!
//! A score is a sum of named components in hundredths, never a promise of what a court does. It never
//! rises because
//! something was fixed later.

mod fact;
mod item;
mod score;
mod sources;
pub(crate) mod table;

pub use fact::{FactStrength, fact_strength};
pub use item::{ExhibitStrength, exhibit_strength};
pub use score::{Component, ComponentCode};
pub use sources::{Holder, Source, SourceKind};

use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// A rung of the ladder of §5.3; later ones are stronger.
    Rung {
        /// 口述或自己的陈述; also what one typed oneself (R6) and a bare address (R8).
        S0 = "S0",
        /// 局部截图
        S1 = "S1",
        /// 整页保存, with address, time and digest.
        S2 = "S2",
        /// 一镜到底的录屏
        S3 = "S3",
        /// 公证或时间戳取证
        S4 = "S4",
        /// 官方数据
        S5 = "S5",
    }
}

coded! {
    /// A fact that sources can bear out.
    FactCode {
        /// 已付款及金额 (S13).
        Paid = "paid",
        /// 已下单 (S12).
        OrderPlaced = "order_placed",
        /// 商家的承诺 (S15, S17).
        Promised = "promised",
        /// 交付后的状态 (S19).
        DeliveredState = "delivered_state",
        /// 商家拒绝或未答复 (S37).
        MerchantRefused = "merchant_refused",
        /// 商家主体身份 (R15).
        MerchantIdentity = "merchant_identity",
        /// 退款到账 (D9).
        Refund = "refund",
    }
}

impl Rung {
    /// Returns the rung's name, from `data/strength.toml`.
    pub fn text(self) -> &'static Bilingual {
        &table::get().rung(self).name
    }
}

impl FactCode {
    /// Returns the fact's name, from `data/strength.toml`.
    pub fn text(self) -> &'static Bilingual {
        table::get().fact(self)
    }
}
