//! The words reports are made of.

use crate::coded::coded;

coded! {
    /// Who is who in a purchase (S7, S62).
    Role {
        /// 买家
        Buyer = "buyer",
        /// 平台经营者
        Platform = "platform",
        /// 商家
        Merchant = "merchant",
        /// 收款方
        Payee = "payee",
        /// 客服
        CustomerService = "customer_service",
        /// 第三方机制: escrow, insurer, mediator.
        ThirdParty = "third_party",
    }
}

coded! {
    /// How it was paid.
    PayChannel {
        /// 微信支付
        WechatPay = "wechat_pay",
        /// 支付宝
        Alipay = "alipay",
        /// 银行卡
        BankCard = "bank_card",
        /// 个人收款码 or an aggregator whose payee is unrelated.
        PersonalCode = "personal_code",
        /// 平台余额
        Balance = "balance",
        /// Anything else.
        Other = "other",
    }
}

coded! {
    /// What a merchant promised (S8, S15, S17).
    PromiseKind {
        /// 即时到账, 自动发货
        Instant = "instant",
        /// 永久有效
        Permanent = "permanent",
        /// 不找回
        NoRecovery = "no_recovery",
        /// 质保, 包售后
        Warranty = "warranty",
        /// 补发
        Reissue = "reissue",
        /// 退款
        Refund = "refund",
        /// 假一赔三 and other multiples.
        Multiple = "multiple",
        /// A property of the goods: region, specification, use.
        Property = "property",
        /// Anything else.
        Other = "other",
    }
}

coded! {
    /// Where a promise stands.
    PromisePlace {
        /// On the product page.
        ProductPage = "product_page",
        /// On the shop's home page.
        ShopPage = "shop_page",
        /// In the dialogue.
        Dialogue = "dialogue",
        /// In a rule of the platform.
        PlatformRule = "platform_rule",
        /// By word of mouth (S9).
        Oral = "oral",
    }
}

coded! {
    /// The state something was seen in (S6, S19).
    Observed {
        /// It works as promised.
        Ok = "ok",
        /// 已使用
        Used = "used",
        /// 无效, 不存在
        Invalid = "invalid",
        /// 已过期
        Expired = "expired",
        /// 未到账
        NotCredited = "not_credited",
        /// 已到账
        Credited = "credited",
        /// 区服不符
        WrongRegion = "wrong_region",
        /// 无法登录
        LoginFailed = "login_failed",
        /// 找回密码失败
        ResetFailed = "reset_failed",
        /// 密码或绑定被改
        CredentialChanged = "credential_changed",
        /// 被封禁
        Banned = "banned",
        /// 被找回
        Recovered = "recovered",
        /// 交付内容只是占位语
        Placeholder = "placeholder",
        /// 未发货
        NotDelivered = "not_delivered",
        /// 少发, 部分无效
        Partial = "partial",
        /// 与描述不符
        Differs = "differs",
        /// The same secret was sold to someone else.
        SoldTwice = "sold_twice",
        /// 店铺关闭, 页面打不开
        ShopClosed = "shop_closed",
        /// 未授权扣款
        ChargedUnasked = "charged_unasked",
        /// 收费与标价不一致
        Overcharged = "overcharged",
        /// 余额不能提取
        BalanceBlocked = "balance_blocked",
        /// 兑换成功 by the buyer's own account (R10).
        RedeemedByBuyer = "redeemed_by_buyer",
        /// 充到了别的账号
        WrongAccount = "wrong_account",
        /// The goods themselves are forbidden (D12).
        Forbidden = "forbidden",
        /// 页面与购买时不同
        PageChanged = "page_changed",
    }
}

coded! {
    /// Where it was seen.
    Place {
        /// The issuer's own site or support.
        Issuer = "issuer",
        /// The shop's page.
        Shop = "shop",
        /// The platform's page or notice.
        Platform = "platform",
        /// The statement or notice of the payment institution.
        Payment = "payment",
        /// The game, program or account itself.
        Product = "product",
        /// The buyer's own device.
        Device = "device",
    }
}

coded! {
    /// What kind of record a piece of evidence is, from the strongest (§5.3).
    Form {
        /// S5: data from platform, payment institution or issuer.
        OfficialData = "official_data",
        /// S4: notarised, or captured by a timestamp service.
        Notarised = "notarised",
        /// S3: one continuous recording on a clean device.
        Recording = "recording",
        /// S2: a full page with address, time and digest.
        FullPage = "full_page",
        /// S1: a cropped screenshot.
        Cropped = "cropped",
        /// S0: the buyer's own statement.
        Statement = "statement",
        /// R6: typed by oneself after the event.
        Transcript = "transcript",
        /// R8: an address only, no bytes.
        Link = "link",
    }
}

coded! {
    /// What exactly a piece of evidence shows: the sub-slots of the four fixations (S12–S20, §5.2).
    Part {
        /// 订单详情页
        OrderDetail = "order_detail",
        /// 订单列表
        OrderList = "order_list",
        /// 支付凭证
        PaymentVoucher = "payment_voucher",
        /// 发货邮件或短信
        DeliveryMail = "delivery_mail",
        /// 发票或收据
        Invoice = "invoice",
        /// 宣传文案
        Copy = "copy",
        /// 规格参数
        Spec = "spec",
        /// 售后承诺
        AfterSale = "after_sale",
        /// 店铺主页
        ShopHome = "shop_home",
        /// 证照与主体信息
        Licence = "licence",
        /// 平台规则
        PlatformRule = "platform_rule",
        /// 完整聊天
        Chat = "chat",
        /// 对方资料页
        Counterpart = "counterpart",
        /// 揭示前的发货页
        BeforeReveal = "before_reveal",
        /// 揭示卡密
        Reveal = "reveal",
        /// 官方兑换页与结果
        RedeemResult = "redeem_result",
        /// 账号状态
        AccountState = "account_state",
        /// 换绑与交接
        HandOver = "hand_over",
        /// 包赔协议
        CoverageTerms = "coverage_terms",
        /// 平台或机构的处理结果
        Decision = "decision",
        /// 支付侧账单
        Statement = "statement",
        /// 官方通知
        OfficialNotice = "official_notice",
        /// 年龄或监护证明
        AgeProof = "age_proof",
        /// 余额页
        BalancePage = "balance_page",
    }
}

coded! {
    /// What a message does, in either direction.
    Sense {
        /// A demand with a due time (S33).
        Notice = "notice",
        /// Refuses to keep the promise or to refund (S37).
        Refusal = "refusal",
        /// Promises something, possibly until a time (S17).
        Promise = "promise",
        /// Invites to leave the platform (S36).
        Solicitation = "solicitation",
        /// Declines such an invitation.
        Declined = "declined",
        /// Agrees, delivers or says it has refunded.
        Acceptance = "acceptance",
        /// Asks for something.
        Question = "question",
        /// Anything else.
        Other = "other",
    }
}

coded! {
    /// The bodies one can turn to: the ladder's steps, with the lanes of E3 and E5 apart (§3.9).
    Body {
        /// E0 商家
        Merchant = "merchant",
        /// E1 平台投诉
        Platform = "platform",
        /// E2 平台人工复核
        PlatformReview = "platform_review",
        /// E3 微信支付
        WechatPay = "wechat_pay",
        /// E3 支付宝
        Alipay = "alipay",
        /// E3 发卡银行
        Bank = "bank",
        /// 包赔或保险
        Coverage = "coverage",
        /// E4 消费者协会
        Association = "association",
        /// E5 12315 投诉
        Complaint12315 = "complaint_12315",
        /// E5 12315 举报
        Report12315 = "report_12315",
        /// E6 黑猫投诉
        Heimao = "heimao",
        /// E7 警方
        Police = "police",
        /// E8 网络与电信举报
        Internet = "internet",
        /// E9 文化市场
        Culture = "culture",
        /// E10 法院
        Court = "court",
        /// E11 仲裁
        Arbitration = "arbitration",
    }
}

coded! {
    /// How far a step has come.
    Stage {
        /// The body has it.
        Received = "received",
        /// It is being handled.
        Accepted = "accepted",
        /// It was not taken on.
        NotAccepted = "not_accepted",
        /// The body asks for more.
        MoreWanted = "more_wanted",
        /// The other side answered.
        Answered = "answered",
        /// Both sides agreed.
        Mediated = "mediated",
        /// Mediation ended without agreement.
        MediationEnded = "mediation_ended",
        /// Closed by the body.
        Closed = "closed",
        /// Withdrawn by the buyer.
        Withdrawn = "withdrawn",
    }
}

coded! {
    /// Which way a body decided.
    Verdict {
        /// 支持买家
        ForBuyer = "for_buyer",
        /// 支持商家
        ForMerchant = "for_merchant",
        /// 部分支持
        Partial = "partial",
        /// 驳回, 不予受理
        Rejected = "rejected",
    }
}

coded! {
    /// Where money went.
    Destination {
        /// 原路返回
        Original = "original",
        /// 平台余额
        Balance = "balance",
        /// Another way to the buyer.
        Other = "other",
    }
}

coded! {
    /// What shows a refund (D9): only the payment side counts.
    RefundProof {
        /// The bill or statement of the payment institution.
        PaymentSide = "payment_side",
        /// What the shop or platform shows.
        ShopStatus = "shop_status",
        /// Nothing but words.
        None = "none",
    }
}

coded! {
    /// What became of a refund.
    RefundState {
        /// It arrived.
        Received = "received",
        /// It was announced.
        Announced = "announced",
        /// It failed.
        Failed = "failed",
    }
}

coded! {
    /// How a purchase ended.
    Outcome {
        /// Nothing was wrong.
        Fine = "fine",
        /// All of the money came back.
        Refunded = "refunded",
        /// It came back after the promised or decided time.
        RefundedLate = "refunded_late",
        /// Part of the money came back.
        PartlyRefunded = "partly_refunded",
        /// Part of it, and to the platform's balance only.
        PartialBalance = "partial_balance",
        /// A working replacement came.
        Reissued = "reissued",
        /// The coverage paid.
        PaidByCoverage = "paid_by_coverage",
        /// It was left at that.
        GivenUp = "given_up",
        /// Every way was tried, without success.
        Unsuccessful = "unsuccessful",
    }
}

coded! {
    /// Why one comes back to a finished purchase (S59).
    FollowUpKind {
        /// 会员到期
        Expiry = "expiry",
        /// 账号找回风险期
        RecoveryWindow = "recovery_window",
        /// 质保到期
        Warranty = "warranty",
        /// Anything else.
        Other = "other",
    }
}

coded! {
    /// Something a purchase may lack for a good reason (S5).
    Waived {
        /// 订单页
        OrderPage = "order_page",
        /// 支付凭证
        Voucher = "voucher",
        /// 付款与商品对应
        PaymentMap = "payment_map",
        /// 宣传文案
        Copy = "copy",
        /// 规格参数
        Spec = "spec",
        /// 售后承诺
        AfterSale = "after_sale",
        /// 对话
        Dialogue = "dialogue",
        /// 交付结果
        DeliveryResult = "delivery_result",
        /// 录屏
        Recording = "recording",
    }
}

coded! {
    /// What a watched page is (S50).
    PageKind {
        /// 平台规则
        Rule = "rule",
        /// 售后条款
        AfterSale = "after_sale",
        /// 公告
        Announcement = "announcement",
        /// 店铺主页
        Shop = "shop",
        /// 商品页
        Product = "product",
    }
}

coded! {
    /// How a watched page is fetched.
    PageWay {
        /// By plain HTTP, as nobody in particular.
        Http = "http",
        /// By the evidence browser, with what the user is logged in to there.
        Browser = "browser",
    }
}
