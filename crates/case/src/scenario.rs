//! The 22 scenarios of complaint.

use crate::coded::coded;

coded! {
    /// What went wrong (§4).
    Scenario {
        /// 卡密无效
        KeyInvalid = "KeyInvalid",
        /// 卡密已使用
        KeyUsed = "KeyUsed",
        /// 一卡多售
        DuplicateSale = "DuplicateSale",
        /// 延迟到账
        LateDelivery = "LateDelivery",
        /// 未发货、占位内容
        NonDelivery = "NonDelivery",
        /// 少发、部分无效
        PartialDelivery = "PartialDelivery",
        /// 账号找回
        AccountRecovered = "AccountRecovered",
        /// 售后封号
        AccountBanned = "AccountBanned",
        /// 与描述不符
        NotAsDescribed = "NotAsDescribed",
        /// “永久”却过期
        ExpiredThoughPermanent = "ExpiredThoughPermanent",
        /// 区服不符
        WrongRegion = "WrongRegion",
        /// 商家失联
        MerchantVanished = "MerchantVanished",
        /// 拒绝、推诿
        MerchantRefuses = "MerchantRefuses",
        /// 诱导线下付款
        OffPlatformInduced = "OffPlatformInduced",
        /// 低价诱骗、乱收费
        PriceFeeFraud = "PriceFeeFraud",
        /// 未授权扣款
        UnauthorizedCharge = "UnauthorizedCharge",
        /// 未成年人购买
        MinorPurchase = "MinorPurchase",
        /// 平台驳回、不作为
        PlatformRefuses = "PlatformRefuses",
        /// 充错账号
        RechargeWrongAccount = "RechargeWrongAccount",
        /// 余额不退
        BalanceTrapped = "BalanceTrapped",
        /// 违禁商品
        IllegalGoods = "IllegalGoods",
        /// 已判退未到账
        RefundNotArrived = "RefundNotArrived",
    }
}
