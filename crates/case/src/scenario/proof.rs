//! Proof codes: what a complaint must or may be supported by, and how each is got.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// One thing that can be shown (domain §4, column "proof needed").
    Proof {
        /// 订单详情页 (S12)
        OrderPage = "order_page",
        /// 支付凭证 (S13)
        Voucher = "voucher",
        /// 支付与订单的对应 (S14)
        PaymentLink = "payment_link",
        /// 支付时间
        PaidTime = "paid_time",
        /// 购买时的商品页 (S15)
        ProductDescription = "product_description",
        /// 承诺的到账时间
        PromisedTime = "promised_time",
        /// “永久”承诺
        PermanentPromise = "permanent_promise",
        /// “不找回”承诺
        NoRecoveryPromise = "no_recovery_promise",
        /// 页面上的区服说明
        RegionText = "region_text",
        /// 自己选择的区服
        OwnRegionChoice = "own_region_choice",
        /// 宣传价格
        AdvertisedPrice = "advertised_price",
        /// 结算价格
        CheckoutPrice = "checkout_price",
        /// 额外收费项目
        FeeLines = "fee_lines",
        /// 交付内容页
        DeliveredSecretPage = "delivered_secret_page",
        /// 首次揭示时间
        RevealTime = "reveal_time",
        /// 验证录屏 (S20)
        VerificationRecording = "verification_recording",
        /// 官方报错
        IssuerError = "issuer_error",
        /// 官方显示的使用时间
        IssuerUsedAt = "issuer_used_at",
        /// 官方客服答复
        IssuerReply = "issuer_reply",
        /// 官方使用记录
        IssuerLog = "issuer_log",
        /// 他人使用的痕迹
        OtherUseTrace = "other_use_trace",
        /// 未到账观察 (S8)
        NonDeliveryObservation = "non_delivery_observation",
        /// 实际到账时间
        CreditedTime = "credited_time",
        /// 占位内容截图 (D10)
        PlaceholderCapture = "placeholder_capture",
        /// “已发货”状态
        ShownDelivered = "shown_delivered",
        /// 购买数量
        QuantityBought = "quantity_bought",
        /// 有效交付数量
        QuantityDelivered = "quantity_delivered",
        /// 无效明细
        DeadItemCount = "dead_item_count",
        /// 交接/换绑记录
        HandOverRecord = "hand_over_record",
        /// 登录失败
        LoginFailure = "login_failure",
        /// 重置密码失败
        ResetFailure = "reset_failure",
        /// 官方通知
        OfficialNotice = "official_notice",
        /// 包赔条款 (S57)
        CoverageTerms = "coverage_terms",
        /// 封禁通知
        BanNotice = "ban_notice",
        /// 登录历史
        LoginHistory = "login_history",
        /// 封禁原因发生的时间
        BanCauseTime = "ban_cause_time",
        /// 实际状态
        ActualState = "actual_state",
        /// 到期页面
        ExpiryScreen = "expiry_screen",
        /// 激活时间
        ActivationTime = "activation_time",
        /// 未获回复的消息
        UnansweredMessages = "unanswered_messages",
        /// 店铺关闭页
        ShopClosedPage = "shop_closed_page",
        /// 主体信息缺失
        MissingIdentity = "missing_identity",
        /// 平台对身份请求的答复
        PlatformIdentityAnswer = "platform_identity_answer",
        /// 拒绝原文
        RefusalText = "refusal_text",
        /// 被援引的条款
        CitedClause = "cited_clause",
        /// 诱导消息
        Solicitation = "solicitation",
        /// 转账凭证
        TransferReceipt = "transfer_receipt",
        /// 收款人与店铺的关联
        AgentLink = "agent_link",
        /// 扣款明细
        StatementLines = "statement_lines",
        /// 设备与登录记录
        DeviceRecords = "device_records",
        /// 续费提醒(或没有提醒)
        RenewalNotice = "renewal_notice",
        /// 取消尝试
        CancelAttempts = "cancel_attempts",
        /// 年龄证明
        AgeProof = "age_proof",
        /// 设备操作人
        DeviceOperator = "device_operator",
        /// 支付金额清单
        AmountsList = "amounts_list",
        /// 监护人不追认
        GuardianNonConsent = "guardian_non_consent",
        /// 未使用清单
        UnusedGoodsList = "unused_goods_list",
        /// 平台决定
        PlatformDecision = "platform_decision",
        /// 是否仅由 AI 处理
        AiHandled = "ai_handled",
        /// 人工复核请求
        HumanReviewRequest = "human_review_request",
        /// 提交的下单信息
        OrderFormContent = "order_form_content",
        /// 收货账号信息
        RecipientInfo = "recipient_info",
        /// 余额页面
        BalanceScreen = "balance_screen",
        /// 充值记录
        RechargeRecords = "recharge_records",
        /// 提现规则
        WithdrawalRules = "withdrawal_rules",
        /// 支付端未见退款
        NoRefundOnStatement = "no_refund_on_statement",
    }
}

/// What the data says of one proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofText {
    /// Which proof.
    pub code: Proof,
    /// Its name.
    pub label: Bilingual,
    /// How to get it.
    pub how: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofsFile {
    proof: Vec<ProofText>,
}

static TEXTS: LazyLock<Vec<ProofText>> = LazyLock::new(|| {
    let file: ProofsFile = toml::from_str(include_str!("../../data/proofs.toml"))
        .expect("data/proofs.toml is checked by its tests");
    file.proof
});

impl Proof {
    /// Returns name and way of getting it, from `data/proofs.toml`.
    pub fn text(self) -> &'static ProofText {
        TEXTS
            .iter()
            .find(|text| text.code == self)
            .expect("data/proofs.toml has every proof, checked by its tests")
    }
}
