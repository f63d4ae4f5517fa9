//! The recogniser against pages, vouchers, dialogues and mails written after the facts of the domain dossier.

mod chats;
mod deadlines;
mod hostile;
mod replies;

use jiff::Timestamp;
use jiff::civil::datetime;
use jiff::tz::Offset;
use sigu_case::recognise::{
    Agreement, Confidence, ContradictionCode, DeliverySense, Field, Form, Hints, Note, NumberKind,
    OrderState, PartReading, Recognised, Value, names_match, readable, recognise,
};

/// A page of `tests/main/pages`.
macro_rules! page {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/main/pages/", $name)).as_slice()
    };
}
use page;

fn at(year: i16, month: i8, day: i8, hour: i8, minute: i8, second: i8) -> Timestamp {
    Offset::constant(8).to_timestamp(datetime(year, month, day, hour, minute, second, 0)).unwrap()
}

fn read(page: &[u8]) -> Recognised {
    recognise(page, &Hints::default())
}

/// A value in one line, for tables.
fn short(found: &Recognised, field: Field) -> String {
    let Some(reading) = found.best(field) else { return "-".to_owned() };
    match &reading.value {
        Value::Text(text) | Value::Masked(text) => text.clone(),
        Value::AmountFen(fen) => format!("{fen}分"),
        Value::Quantity(count) => format!("x{count}"),
        Value::Instant(moment) => Offset::constant(8).to_datetime(moment.at).to_string(),
        Value::Status { state, shown } => format!("{state:?}({shown})"),
        Value::Empty => "empty".to_owned(),
        Value::Unread(text) => format!("unread {text}"),
    }
}

fn codes(found: &Recognised) -> Vec<ContradictionCode> {
    found.contradictions.iter().map(|one| one.code).collect()
}

fn check(page: &[u8], form: Form, system: &str, expected: &[(Field, &str)]) -> Recognised {
    let found = read(page);
    assert_eq!(found.form, form);
    assert_eq!(found.systems.first().map_or("", |guess| guess.id.as_str()), system, "{:?}", found.systems);
    for (field, value) in expected {
        assert_eq!(short(&found, *field), *value, "{field:?} of {:#?}", found.fields);
    }
    found
}

#[test]
fn dujiaoka_unicorn() {
    let page = page!("dj_unicorn.html");
    let expected = [
        (Field::OrderNo, "K7Q2M9XA4T0RB6ZD"),
        (Field::ProductName, "墨池写作 专业版激活码(永久) x 1"),
        (Field::Quantity, "x1"),
        (Field::CreatedAt, "2026-09-20T13:02:11"),
        (Field::Contact, "lin@mail.test"),
        (Field::DeliveryMode, "自动发货"),
        (Field::AmountPaid, "12800分"),
        (Field::Status, "Completed(已完成)"),
        (Field::PayMethod, "支付宝"),
    ];
    let found = check(page, Form::Html, "dj", &expected);
    let delivery = found.delivery.as_ref().unwrap();
    assert_eq!((delivery.sense, delivery.count, delivery.repeated), (DeliverySense::Cards, 1, 0));
    assert!(delivery.cards[0].parts[0].masked.starts_with("MC…4H (19, "));
    let source = readable(page, &Hints::default());
    assert_eq!(source.reveal(&delivery.cards[0].parts[0].span), Some("MCX7-22QP-91LD-0W4H"));
    assert_eq!(found.missing, [Field::MerchantId]);
    assert!(found.contradictions.is_empty(), "{:?}", found.contradictions);
    let url = &found.secret_urls[0];
    assert_eq!(url.masked, "https://orangeshell.test/detail-order-sn/K7…ZD (16)");
    assert_eq!(source.reveal(&url.span), Some("https://orangeshell.test/detail-order-sn/K7Q2M9XA4T0RB6ZD"));
    let status = found.best(Field::Status).unwrap();
    assert_eq!(status.place.line, 13);
    assert_eq!(status.place.path.as_deref(), Some("div.order-card > div.mb-1 > span.badge"));
    assert_eq!((status.label.as_str(), status.confidence), ("订单状态", Confidence::High));
}

#[test]
fn dujiaoka_luna_has_two_cards_for_three_bought() {
    let expected = [
        (Field::OrderNo, "B8W3K1ZP5N7QX2LM"),
        (Field::AmountPaid, "128050分"),
        (Field::Quantity, "x3"),
        (Field::Status, "Completed(已完成)"),
        (Field::PayMethod, "微信支付"),
    ];
    let found = check(page!("dj_luna.html"), Form::Html, "dj", &expected);
    assert_eq!(found.delivery.as_ref().unwrap().count, 2);
    assert_eq!(codes(&found), [ContradictionCode::QuantityMismatch]);
    let sides = (&found.contradictions[0].left.shown, &found.contradictions[0].right.shown);
    assert_eq!(sides, (&"3".to_owned(), &"2".to_owned()));
}

#[test]
fn an_empty_status_is_unknown_and_no_error() {
    let expected =
        [(Field::OrderNo, "C4N8V2JX6M0TQ5RY"), (Field::Status, "Unknown()"), (Field::AmountPaid, "3000分")];
    let found = check(page!("dj_hyper_abnormal.html"), Form::Html, "dj", &expected);
    assert_eq!(found.state, Some(OrderState::Unknown));
    let delivery = found.delivery.as_ref().unwrap();
    assert_eq!(delivery.sense, DeliverySense::Placeholder);
    assert_eq!(delivery.placeholder.as_ref().unwrap().id, "out_of_stock");
}

#[test]
fn dujiaoka_fork_delivers_a_link() {
    let found = check(page!("djh_morpho.html"), Form::Html, "djh", &[(Field::OrderNo, "D5P1W7HC3K9ZA2NB")]);
    let delivery = found.delivery.unwrap();
    assert_eq!((delivery.count, delivery.cards[0].shape.as_str()), (1, "link"));
    assert_eq!(delivery.cards[0].parts.len(), 2);
    assert_eq!(found.secret_urls.len(), 1);
}

#[test]
fn acg_says_delivered_and_delivers_words() {
    let expected = [
        (Field::OrderNo, "417260918203145862"),
        (Field::CreatedAt, "2026-09-18T20:31:45"),
        (Field::PaidAt, "2026-09-18T20:32:10"),
        (Field::AmountPaid, "3000分"),
        (Field::Status, "PaidPendingDelivery(已支付)"),
        (Field::DeliveryStatus, "Delivered(已发货)"),
        (Field::ProductName, "星环手游点卡 300点"),
        (Field::PayMethod, "微信支付"),
        (Field::Quantity, "x1"),
    ];
    let found = check(page!("acg_placeholder.html"), Form::Html, "acg", &expected);
    assert_eq!(codes(&found), [ContradictionCode::StatusPayload]);
    let number = found.order_numbers.iter().find(|one| one.text == "417260918203145862").unwrap();
    let fit = number.systems.iter().find(|fit| fit.system == "acg").unwrap();
    let decoded = fit.decoded.as_ref().unwrap();
    assert_eq!(decoded.moment.at, at(2026, 9, 18, 20, 31, 45));
    assert_eq!(decoded.agreement, Agreement::Agrees);
}

#[test]
fn an_api_answer_is_read_by_the_same_words() {
    let expected = [
        (Field::OrderNo, "417260918203145862"),
        (Field::AmountPaid, "3000分"),
        (Field::Quantity, "x2"),
        (Field::Status, "PaidPendingDelivery(1)"),
        (Field::DeliveryStatus, "Delivered(1)"),
        (Field::PaidAt, "2026-09-18T20:32:10"),
    ];
    let found = check(page!("acg_answer.txt"), Form::Api, "acg", &expected);
    assert_eq!(found.state, Some(OrderState::Delivered));
    assert_eq!(found.delivery.as_ref().unwrap().count, 2);
    assert!(found.contradictions.is_empty(), "{:?}", found.contradictions);
    assert_eq!(found.best(Field::AmountPaid).unwrap().place.path.as_deref(), Some("data.amount"));
    let seconds = r#"{"order_sn":"K7Q2M9XA4T0RB6ZD","trade_no":"2026092022001412345678901234","status":4,"created_at":1789880531}"#;
    let found = read(seconds.as_bytes());
    assert_eq!(short(&found, Field::CreatedAt), "2026-09-20T13:02:11");
    assert_eq!(short(&found, Field::OrderNo), "K7Q2M9XA4T0RB6ZD");
    assert_eq!(short(&found, Field::PaymentTxn), "2026092022001412345678901234");
    assert_eq!(found.state, Some(OrderState::Completed));
}

#[test]
fn qs_sold_two_and_gave_one() {
    let expected = [
        (Field::OrderNo, "Y2609211430129f3c07be"),
        (Field::AmountPaid, "4500分"),
        (Field::CreatedAt, "2026-09-21T14:30:12"),
        (Field::PayMethod, "支付宝扫码"),
        (Field::Quantity, "x2"),
    ];
    let page = page!("qs.html");
    let found = check(page, Form::Html, "qs", &expected);
    let delivery = found.delivery.as_ref().unwrap();
    assert_eq!((delivery.count, delivery.cards[0].shape.as_str()), (1, "labelled_pair"));
    let source = readable(page, &Hints::default());
    let parts: Vec<_> =
        delivery.cards[0].parts.iter().map(|part| source.reveal(&part.span).unwrap()).collect();
    assert_eq!(parts, ["YST0093821", "7QKD-ZT4M-90XA"]);
    assert_eq!(codes(&found), [ContradictionCode::QuantityMismatch]);
    assert_eq!(found.delivered_count, Some(1));
    let fit = &found.order_numbers[0].systems[0];
    assert_eq!((fit.system.as_str(), fit.decoded.as_ref().unwrap().agreement), ("qs", Agreement::Agrees));
}

#[test]
fn qfk_shows_another_word_than_its_code() {
    let found = read(page!("qfk_complaint.txt"));
    assert_eq!(found.systems[0].id, "qfk");
    let mismatch: Vec<_> =
        found.contradictions.iter().filter(|one| one.code == ContradictionCode::LabelMismatch).collect();
    assert_eq!(mismatch.len(), 1, "{:?}", found.contradictions);
    assert_eq!(
        (mismatch[0].left.shown.as_str(), mismatch[0].right.shown.as_str()),
        ("2 平台介入中", "已解决")
    );
    let fit = found.order_numbers[0].systems.iter().find(|fit| fit.system == "qfk").unwrap();
    assert_eq!(fit.decoded.as_ref().unwrap().moment.at, at(2026, 10, 11, 14, 30, 25));
}

#[test]
fn rainbow_refunds_to_the_balance_only() {
    let expected = [
        (Field::ProductName, "飞羽传说 648元宝 直充(即时到账)"),
        (Field::AmountPaid, "6000分"),
        (Field::Status, "RefundedToBalance(已退款(平台余额))"),
        (Field::CreatedAt, "2026-09-11T10:15:30"),
        (Field::ChargeAccount, "feiyu_7731"),
        (Field::OrderNo, "8841302"),
    ];
    let found = check(page!("rbw.html"), Form::Html, "rbw", &expected);
    assert_eq!(found.state, Some(OrderState::RefundedToBalance));
    let number = found.order_numbers.iter().find(|one| one.text == "20260911101530742").unwrap();
    assert_eq!(number.systems[0].system, "rbw");
    assert_eq!(number.systems[0].decoded.as_ref().unwrap().agreement, Agreement::Agrees);
    assert!(found.secret_urls[0].masked.ends_with("skey=0f…f0 (32)"), "{:?}", found.secret_urls);
    let code = recognise(r#"{"tradeno":"20260911101530742","djzt":1,"status":4}"#, &Hints::default());
    assert_eq!(code.state, Some(OrderState::RefundedToBalance));
}

#[test]
fn columns_name_the_cells_below() {
    let expected = [
        (Field::CreatedAt, "2026-08-01T08:00:09"),
        (Field::OrderNo, "T20260801080009"),
        (Field::AmountPaid, "8800分"),
        (Field::Status, "RefundedClaimed(完成付款 订单已退款)"),
    ];
    let found = check(page!("fkn.html"), Form::Html, "fkn", &expected);
    assert_eq!(found.delivery.as_ref().unwrap().count, 1);
    assert_eq!(codes(&found), [ContradictionCode::QuantityMismatch]);
    assert!(found.best(Field::AmountPaid).unwrap().competes, "90 and 88 yuan compete");
    assert_eq!((found.delivered_count, found.bought_count), (Some(1), Some(3)));
    assert_eq!(found.state, Some(OrderState::PartiallyDelivered));
    let tabs = "订单号\t下单时间\t金额\n417260918203145862\t2026-09-18 20:31:45\t30.00\n";
    let found = read(tabs.as_bytes());
    assert_eq!(short(&found, Field::OrderNo), "417260918203145862");
    assert_eq!(short(&found, Field::AmountPaid), "3000分");
}

#[test]
fn copied_text_of_a_page() {
    let expected = [
        (Field::OrderNo, "20260911101530742"),
        (Field::ProductName, "飞羽传说 648元宝 直充"),
        (Field::UnitPrice, "3000分"),
        (Field::Quantity, "x2"),
        (Field::AmountPaid, "6000分"),
        (Field::CreatedAt, "2026-09-11T10:15:00"),
        (Field::Status, "Completed(正在处理 → 已完成)"),
        (Field::MerchantId, "晨星卡盟"),
    ];
    let found = check(page!("page_text.txt"), Form::PageText, "rbw", &expected);
    assert!(found.missing.is_empty(), "{:?}", found.missing);
    let agreement = found.order_numbers[0].systems[0].decoded.as_ref().unwrap().agreement;
    assert_eq!(agreement, Agreement::Agrees, "the page gives minutes only");
}

#[test]
fn vouchers_name_payee_payment_and_time() {
    let wechat = [
        (Field::PaymentTxn, "4200002431202609187301552864"),
        (Field::OrderNo, "417260918203145862"),
        (Field::AmountPaid, "3000分"),
        (Field::PaidAt, "2026-09-18T20:32:10"),
        (Field::Payee, "云州市小鹿百货店"),
        (Field::ProductName, "星环手游点卡 300点"),
    ];
    let found = check(page!("voucher_wechat.txt"), Form::VoucherWechat, "", &wechat);
    assert_eq!(found.missing, [Field::MerchantId]);
    let payment = found.order_numbers.iter().find(|one| one.text.starts_with("42")).unwrap();
    assert_eq!(payment.systems[0].kind, NumberKind::Payment);
    assert_eq!(payment.systems[0].decoded.as_ref().unwrap().agreement, Agreement::Agrees);
    let alipay = [
        (Field::PaymentTxn, "2026092022001412345678901234"),
        (Field::OrderNo, "K7Q2M9XA4T0RB6ZD"),
        (Field::AmountPaid, "12800分"),
        (Field::PaidAt, "2026-09-20T13:02:40"),
        (Field::Payee, "橙壳数字工作室"),
    ];
    check(page!("voucher_alipay.txt"), Form::VoucherAlipay, "", &alipay);
}

#[test]
fn what_the_case_knows_is_held_against_the_input() {
    let wechat = page!("voucher_wechat.txt");
    let hints = Hints {
        merchant: Some("流萤卡铺".to_owned()),
        amount_fen: Some(3_100),
        order_no: Some("417260918203145863".to_owned()),
        ..Hints::default()
    };
    let expected = [
        ContradictionCode::PayeeMismatch,
        ContradictionCode::AmountMismatch,
        ContradictionCode::OrderNoMismatch,
    ];
    assert_eq!(codes(&recognise(wechat, &hints)), expected);
    let same = Hints {
        merchant: Some("云州市青石区橙壳数字工作室(个体工商户)".to_owned()),
        amount_fen: Some(12_800),
        order_no: Some("K7Q2M9XA4T0RB6ZD".to_owned()),
        ..Hints::default()
    };
    assert_eq!(codes(&recognise(page!("voucher_alipay.txt"), &same)), []);
    let cards = "ABCD1234EFGH\nABCD1234EFGI\n";
    let other = Hints { product: Some("云视听季卡CDK".to_owned()), ..Hints::default() };
    assert_eq!(codes(&recognise(page!("dj_unicorn.html"), &other)), [ContradictionCode::ProductMismatch]);
    let product = Some("墨池写作 专业版激活码（永久）".to_owned());
    let named = Hints { product, ..Hints::default() };
    assert_eq!(codes(&recognise(page!("dj_unicorn.html"), &named)), []);
    let three = Hints { quantity: Some(3), ..Hints::default() };
    assert_eq!(codes(&recognise(cards, &three)), [ContradictionCode::QuantityMismatch]);
}

#[test]
fn a_time_inside_the_number_is_compared() {
    let page = |number: &str, time: &str| format!("订单号：{number}\n下单时间：{time}\n金额：30元");
    for (number, time, agreement) in [
        ("417260918203145862", "2026-09-18 20:31:50", Agreement::Agrees),
        ("417260918203145862", "2026-09-18 20:31:51", Agreement::Near),
        ("417260918203145862", "2026-09-18 20:36:45", Agreement::Near),
        ("417260918203145862", "2026-09-18 20:36:46", Agreement::Contradicts),
        ("417260918203145862", "2026-09-18", Agreement::Agrees),
        ("417260918203145862", "2026-09-17", Agreement::Contradicts),
        ("417260918203145862", "09-18 20:31", Agreement::NothingToCompare),
        ("Y2609211430129f3c07be", "2026-09-21 14:30:12", Agreement::Agrees),
        ("202610111430250041123450007", "2026年10月11日 14:30", Agreement::Agrees),
        ("20260911101530742", "2026-09-11 10:15:30", Agreement::Agrees),
    ] {
        let found = read(page(number, time).as_bytes());
        let decoded: Vec<_> =
            found.order_numbers[0].systems.iter().filter_map(|fit| fit.decoded.as_ref()).collect();
        assert_eq!(decoded.len(), 1, "{number}");
        assert_eq!(decoded[0].agreement, agreement, "{number} {time}");
        let flagged = codes(&found).contains(&ContradictionCode::DecodedTime);
        assert_eq!(flagged, agreement == Agreement::Contradicts, "{number} {time}");
    }
}

#[test]
fn numbers_fit_their_systems() {
    for (text, systems) in [
        ("417260918203145862", "acg"),
        ("417261318203145862", ""),
        ("417260918253145862", ""),
        ("Y2609211430129f3c07be", "qs"),
        ("202610111430250041123450007", "qfk kmf wechat_complaint"),
        ("200201820200101080076610000", "kmf wechat_complaint"),
        ("20260911101530742", "rbw"),
        ("K7Q2M9XA4T0RB6ZD", "dj"),
        ("1234567890123456", "dj"),
        ("DN202602110002", "djn"),
        ("4200002431202609187301552864", "wechat_pay"),
        ("2026092022001412345678901234", "alipay wechat_complaint"),
        ("TK2609182031450A1B2C3D", "acg_ticket"),
        ("LJ20260803-551207", ""),
    ] {
        let found = read(format!("订单号：{text}\n金额：1元").as_bytes());
        let number = found.order_numbers.iter().find(|one| one.text == text).expect(text);
        let fits: Vec<_> = number.systems.iter().map(|fit| fit.system.as_str()).collect();
        assert_eq!(fits.join(" "), systems, "{text}");
    }
    // Without a label: between Chinese words, and never an undated code in clear.
    let found =
        read("关于订单417260918203145862的问题，以及 K7Q2M9XA4T0RB6ZD 和 1234567890123456".as_bytes());
    let shown: Vec<_> = found.order_numbers.iter().map(|one| (one.text.as_str(), one.masked)).collect();
    assert_eq!(shown, [("417260918203145862", false), ("K7…ZD (16)", true)]);
}

#[test]
fn values_in_many_spellings() {
    for (line, field, expected) in [
        ("实付款：￥1,280.50", Field::AmountPaid, "128050分"),
        ("支付金额: 30", Field::AmountPaid, "3000分"),
        ("金额＝３０．５元", Field::AmountPaid, "3050分"),
        ("订单金额（元）：45.00", Field::AmountPaid, "4500分"),
        ("支付金额：-30.00", Field::AmountPaid, "3000分"),
        ("支付金额：30.005", Field::AmountPaid, "unread 30.005"),
        ("支付金额：12 USDT", Field::AmountPaid, "unread 12 USDT"),
        ("支付金额：面议", Field::AmountPaid, "unread 面议"),
        ("支付金额：99999999999999999999", Field::AmountPaid, "unread 99999999999999999999"),
        ("面值：100元", Field::FaceValue, "10000分"),
        ("购买数量：x3", Field::Quantity, "x3"),
        ("张数：5 张", Field::Quantity, "x5"),
        ("下单时间：2026-09-18 20:31:45", Field::CreatedAt, "2026-09-18T20:31:45"),
        ("下单时间：2026年9月18日 20:31", Field::CreatedAt, "2026-09-18T20:31:00"),
        ("下单时间：2026/09/18 20：31：45", Field::CreatedAt, "2026-09-18T20:31:45"),
        ("下单时间：2026-09-18T12:31:45Z", Field::CreatedAt, "2026-09-18T20:31:45"),
        ("下单时间：1789880531", Field::CreatedAt, "2026-09-20T13:02:11"),
        ("下单时间：09-18 20:31", Field::CreatedAt, "unread 09-18 20:31"),
        ("下单时间：2026-13-18 20:31", Field::CreatedAt, "unread 2026-13-18 20:31"),
        ("您的订单号为417260918203145862，请保存", Field::OrderNo, "417260918203145862"),
        ("【订单编号】：LJ20260803-551207", Field::OrderNo, "LJ20260803-551207"),
        ("订单状态：", Field::Status, "Unknown()"),
        ("订单状态：天知道", Field::Status, "Unknown(天知道)"),
        ("收款方：云州市小鹿百货店", Field::Payee, "云州市小鹿百货店"),
        ("使用说明：密码 hunter2secret9", Field::Usage, "使用说明"),
    ] {
        let hints = Hints { form: Some(Form::PageText), ..Hints::default() };
        let found = recognise(line, &hints);
        if field == Field::Usage {
            assert!(!format!("{found:?}").contains("hunter2secret9"), "{line}");
        } else {
            assert_eq!(short(&found, field), expected, "{line}");
        }
    }
    let near = Hints { paid_at: Some(at(2027, 1, 1, 0, 10, 0)), ..Hints::default() };
    let found = recognise("下单时间：12-31 23:59", &near);
    assert_eq!(short(&found, Field::CreatedAt), "2026-12-31T23:59:00");
    let year = Hints { year: Some(2025), ..Hints::default() };
    assert_eq!(short(&recognise("下单时间：9月18日", &year), Field::CreatedAt), "2025-09-18T00:00:00");
}

#[test]
fn labels_and_values_in_many_layouts() {
    for layout in [
        "<p>订单金额：30.00元</p>",
        "<p><b>订单金额</b>：30.00元</p>",
        "<p>订单金额：￥<em>30.00</em></p>",
        "<div><label>订单金额</label><span>￥</span><b>30.00</b>元</div>",
        "<dl><dt>订单金额</dt><dd>30.00</dd></dl>",
        "<div><div class=l>订单金额</div><div class=r>￥30.00</div></div>",
        "<table><tr><th>订单金额</th><td>30.00</td></tr></table>",
        "<table><tr><td>商品</td><td>点卡</td><td>订单金额</td><td>30.00</td></tr></table>",
        "<table><tr><th>订单号</th><th>订单金额</th></tr><tr><td>A1B2C3D4</td><td>30.00</td></tr></table>",
        "<ul><li><strong>订单金额：</strong>30.00</li><li>商品：点卡</li></ul>",
        "<p>订单金额&nbsp;：&yen;30.00&nbsp;元</p>",
        "<p>订单金额<br>30.00</p>",
        "<label>订单金额</label><input readonly value='30.00'>",
        "<p>商品：点卡　订单金额：30.00　数量：1</p>",
        "<p>您的订单金额为30.00元，感谢</p>",
        "<P CLASS=x>订单金额（元）：<SPAN>30.00</SPAN>",
    ] {
        let found = read(layout.as_bytes());
        assert_eq!(found.form, Form::Html, "{layout}");
        assert_eq!(short(&found, Field::AmountPaid), "3000分", "{layout}");
        let span = found.best(Field::AmountPaid).unwrap().span.clone();
        let source = readable(layout.as_bytes(), &Hints::default());
        assert!(source.reveal(&span).unwrap().contains("30.00"), "{layout}");
    }
    // Words that only look like a label.
    for text in
        ["<p>商品订单金额不详</p>", "<p>订单金额</p><p>订单状态：已完成</p>", "<nav>商品</nav><p>30.00</p>"]
    {
        let found = read(text.as_bytes());
        assert!(
            !found.fields.iter().any(|one| one.field == Field::AmountPaid && one.value.is_read()),
            "{text}"
        );
        assert!(found.best(Field::ProductName).is_none(), "{text}");
    }
}

#[test]
fn states_in_words_and_codes() {
    for (text, state) in [
        ("待支付", OrderState::Unpaid),
        ("未付款", OrderState::Unpaid),
        ("已付款 / 已发货", OrderState::Delivered),
        ("完成付款 订单完成", OrderState::Completed),
        ("完成付款 订单已退款", OrderState::RefundedClaimed),
        ("已退款(平台余额)", OrderState::RefundedToBalance),
        ("待退款", OrderState::RefundPending),
        ("未发货", OrderState::PaidPendingDelivery),
        ("部分发货", OrderState::PartiallyDelivered),
        ("正在处理", OrderState::Processing),
        ("有异常", OrderState::Abnormal),
        ("已过期", OrderState::Closed),
        ("delivered", OrderState::Delivered),
        ("unpaid", OrderState::Unpaid),
        ("7", OrderState::Unknown),
    ] {
        assert_eq!(read(format!("订单状态：{text}").as_bytes()).state, Some(state), "{text}");
    }
    assert_eq!(read(b"hello").state, None);
}

#[test]
fn card_shapes_are_counted_and_masked() {
    for (text, shape, count) in [
        ("MCX7-22QP-91LD-0W4H", "code", 1),
        ("A1B2C3D4E5F6", "plain", 1),
        ("1234567890123456 987654321098", "columns", 1),
        ("YST0093821\t7QKD-ZT4M-90XA", "columns", 1),
        ("YST0093821|7QKDZT4M90XA", "columns", 1),
        ("卡号：YST0093821    卡密：7QKD-ZT4M-90XA", "labelled_pair", 1),
        (
            "卡号：YST0093821\n卡密：7QKD-ZT4M-90XA\n卡号：YST0093822\n卡密：8QKD-ZT4M-90XB",
            "labelled_first",
            2,
        ),
        ("卡密1：AB12\n卡密2：CD34", "labelled", 2),
        ("user01----p@ss:w0rd----a@b.test----xyz", "account", 1),
        ("user01@mail.test:Passw0rd", "account", 1),
        ("https://pan.test/s/1AbCdEfGhIjK 提取码：x8k2", "link", 1),
        ("1. ABCD1234EFGH\n2. ABCD1234EFGI\n3、ABCD1234EFGJ", "plain", 3),
        ("【卡密】ABCD1234EFGH", "plain", 1),
    ] {
        let found = read(text.as_bytes());
        assert_eq!(found.form, Form::Delivered, "{text}");
        let delivery = found.delivery.as_ref().unwrap();
        assert_eq!((delivery.sense, delivery.count), (DeliverySense::Cards, count), "{text}");
        assert_eq!(delivery.cards[0].shape, shape, "{text}");
        let shown = format!("{found:?}");
        for part in text.split(['\n', ' ', '：', '\t', '|', '-']).filter(|part| part.len() >= 8) {
            assert!(!shown.contains(part), "{part} leaks in {shown}");
        }
    }
    let twice = read(b"ABCD1234EFGH\nABCD1234EFGH\n").delivery.unwrap();
    assert_eq!((twice.count, twice.repeated), (1, 1));
}

#[test]
fn texts_that_stand_in_for_a_card() {
    for (text, id) in [
        ("正在发货中，请耐心等待", "being_delivered"),
        ("付款成功，等待充值", "being_delivered"),
        ("请联系客服QQ领取卡密", "ask_for_it"),
        ("加群 领取", ""),
        ("加微信领取", "ask_for_it"),
        ("有人在您付款前抢走了这张卡", "taken_by_others"),
        ("库存可使用卡密不足", "out_of_stock"),
        ("商品未发货或暂无卡密信息", "nothing_there"),
    ] {
        let hints = Hints { form: Some(Form::Delivered), ..Hints::default() };
        let delivery = recognise(text, &hints).delivery.unwrap();
        let found = delivery.placeholder.map(|one| one.id).unwrap_or_default();
        assert_eq!(found, if id.is_empty() { "ask_for_it" } else { id }, "{text}");
        assert_eq!(delivery.sense, DeliverySense::Placeholder);
    }
    // A card beside the words is a delivery.
    let hints = Hints { form: Some(Form::Delivered), ..Hints::default() };
    let found = recognise("请联系客服领取\nABCD1234EFGH", &hints).delivery.unwrap();
    assert_eq!((found.sense, found.placeholder), (DeliverySense::Cards, None));
}

#[test]
fn mails_are_decoded() {
    let expected = [
        (Field::OrderNo, "K7Q2M9XA4T0RB6ZD"),
        (Field::AmountPaid, "12800分"),
        (Field::CreatedAt, "2026-09-20T13:02:11"),
    ];
    let page = page!("mail_delivery.eml");
    let found = check(page, Form::Mail, "", &expected);
    let mail = found.mail.as_ref().unwrap();
    assert_eq!(mail.from.as_deref(), Some("橙壳数卡 <noreply@orangeshell.test>"));
    assert_eq!(mail.subject.as_deref(), Some("您的订单已完成"));
    assert_eq!(mail.sent_at, Some(at(2026, 9, 20, 13, 2, 41)));
    let readings: Vec<_> = mail.parts.iter().map(|part| part.reading).collect();
    assert_eq!(readings, [PartReading::Read, PartReading::Alternative]);
    let delivery = found.delivery.as_ref().unwrap();
    assert_eq!(delivery.count, 1);
    let source = readable(page, &Hints::default());
    assert_eq!(source.reveal(&delivery.cards[0].parts[0].span), Some("MCX7-22QP-91LD-0W4H"));

    let found = read(page!("mail_html.eml"));
    assert_eq!(short(&found, Field::OrderNo), "417260918203145862");
    let found = read(page!("mail_gbk.eml"));
    assert_eq!(found.mail.as_ref().unwrap().parts[0].reading, PartReading::Undecodable);
    assert!(found.notes.contains(&Note::Undecodable("gb2312".to_owned())));
    assert!(found.missing.contains(&Field::OrderNo));
}

#[test]
fn delivered_accounts_are_no_charge_accounts() {
    for text in ["账号：user01x 密码：pass88word", "账号：user01x\n密码：pass88word"] {
        let page = format!("<p>订单号：417260918203145862</p><pre>{}</pre>", text.replace('\n', "<br>"));
        let found = read(page.as_bytes());
        assert_eq!(found.best(Field::ChargeAccount), None, "{text}");
        assert_eq!(found.delivery.as_ref().unwrap().cards[0].parts.len(), 2, "{text}");
        let shown = format!("{found:?}");
        assert!(!shown.contains("user01x") && !shown.contains("pass88word"), "{shown}");
    }
    let found = read("<p>充值账号：feiyu_7731</p><p>订单金额：60元</p>".as_bytes());
    assert_eq!(short(&found, Field::ChargeAccount), "feiyu_7731");
}

#[test]
fn systems_without_a_page_of_their_own_here() {
    for (text, system, state) in [
        (
            r#"{"order_no":"DN202602110002","guest_email":"lin@mail.test","wallet_paid_amount":"0.00","status":"delivered"}"#,
            "djn",
            OrderState::Delivered,
        ),
        (
            r#"{"out_order_id":"ABCDEFGHIJKLMNOPQRSTUVWXYZ1","contact_txt":"lin@mail.test","status":true}"#,
            "kmf",
            OrderState::Unknown,
        ),
    ] {
        let found = read(text.as_bytes());
        assert_eq!(found.systems[0].id, system);
        assert_eq!(found.state, Some(state), "{text}");
        assert!(found.order_numbers[0].systems.iter().any(|fit| fit.system == system), "{text}");
    }
}

#[test]
fn results_can_be_written_as_json() {
    fn writes<T: serde::Serialize>() {}
    writes::<Recognised>();
}

#[test]
fn company_names() {
    for (left, right, same) in [
        ("云州市小鹿百货店", "流萤卡铺", false),
        ("橙壳数字工作室", "云州市青石区橙壳数字工作室(个体工商户)", true),
        ("橙壳数字工作室", "云州市青石区橙壳数字工作室（个体工商户）", true),
        ("北京星火科技有限公司", "星火科技", true),
        ("广东省深圳市星火科技有限公司", "星火科技有限公司", true),
        ("星火科技（北京）有限公司", "星火科技有限公司", true),
        ("星火科技有限公司", "星火贸易有限公司", false),
        ("好又多超市青石店", "好又多超市红石店", false),
        ("*鹿百货店", "小鹿百货店", true),
        ("**店", "小鹿店", false),
        ("*壳数字工作室", "小鹿百货店", false),
        ("ＡＢＣ Shop", "abc shop", true),
        ("", "小鹿百货店", false),
        ("", "", false),
        ("流萤卡铺", "流萤卡铺", true),
    ] {
        assert_eq!(names_match(left, right), same, "{left} / {right}");
        assert_eq!(names_match(right, left), same, "{right} / {left}");
    }
}

#[test]
fn no_secret_is_printed() {
    let secrets = [
        "MCX7-22QP-91LD-0W4H",
        "YST0093821",
        "7QKD-ZT4M-90XA",
        "AAKX1234QQ01",
        "KQ7X9MZT44PWRL2C",
        "1AbCdEfGhIjK",
    ];
    let pages = [
        page!("dj_unicorn.html"),
        page!("dj_luna.html"),
        page!("djh_morpho.html"),
        page!("acg_answer.txt"),
        page!("qs.html"),
        page!("qfk_complaint.txt"),
        page!("fkn.html"),
        page!("mail_delivery.eml"),
        page!("chat_thread.txt"),
    ];
    for page in pages {
        let shown = format!("{:?} {:?}", read(page), readable(page, &Hints::default()));
        for secret in secrets {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}
