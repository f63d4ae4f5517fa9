//! Chats, bills and plain texts in the encodings of their exports.

use encoding_rs::GB18030;
use sigu_capture::import::Kind;
use sigu_capture::import::codes::{clock, fact, finding};

use super::{finds, look_at, said};

const QQ: &str = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n\
================================================================\n消息分组:我的好友\n\
================================================================\n消息对象:飞鱼卡铺\n\
================================================================\n\n\
2026-11-20 9:03:11 我(10001)\n在吗\n\n2026-11-20 21:03:12 飞鱼卡铺(123456789)\n在的\n\n\
2026-11-22 14:03:11 飞鱼卡铺<shop@qq.com>\n已发货\n";

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn a_qq_export_is_summed_up_in_every_encoding() {
    let cases: [(&str, Vec<u8>); 6] = [
        ("UTF-8", QQ.into()),
        ("UTF-8", [b"\xef\xbb\xbf", QQ.as_bytes()].concat()),
        ("gb18030", GB18030.encode(QQ).0.into_owned()),
        ("UTF-16LE", [vec![0xff, 0xfe], utf16(QQ, false)].concat()),
        ("UTF-16LE", utf16(QQ, false)),
        ("UTF-16BE", utf16(QQ, true)),
    ];
    for (encoding, bytes) in cases {
        let looked = look_at("全部消息记录.txt", bytes);
        assert_eq!(looked.kind, Kind::Chat, "{encoding}");
        for (code, value) in [
            (fact::ENCODING, encoding),
            (fact::CHAT_LAYOUT, "qq"),
            (fact::CHAT_WITH, "飞鱼卡铺"),
            (fact::CHAT_MESSAGES, "3"),
            (fact::CHAT_SPEAKERS, "2"),
            (fact::CHAT_GAPS, "2"),
            (fact::CHAT_LONGEST_GAP, "40"),
        ] {
            assert_eq!(looked.fact(code), Some(value), "{encoding} {code}");
        }
        assert_eq!(said(&looked, clock::CHAT_FIRST), ["2026-11-20T01:03:11Z"]);
        assert_eq!(said(&looked, clock::CHAT_LAST), ["2026-11-22T06:03:11Z"]);
        assert_eq!(looked.finding(finding::CHAT_GAP).unwrap().detail, "12 h after 2026-11-20T09:03:11");
        assert_eq!(looked.text.as_deref(), Some(QQ), "{encoding}");
    }
}

#[test]
fn layouts_are_told_apart() {
    let cases = [
        (
            "“小王”和“飞鱼”的聊天记录如下:\n\n—————  2026-11-22  —————\n\n小王  14:03\n\n在吗\n\n飞鱼  14:05\n\n在",
            "wechat",
            2,
        ),
        ("tb_1234 (2026-11-22 14:03:11):\n在吗\n飞鱼:小二 (2026-11-22 14:05:11):\n在", "wangwang", 2),
        ("小王 2026-11-22 14:03\n在吗\n卖家飞鱼 2026/11/22 14:05\n在", "name_then_time", 2),
        ("2026-11-22 14:03:11 小王：在吗\n2026-11-22 14:05:11 飞鱼：在", "time_then_name", 2),
        ("[14:03] 小王：在吗\n[14:05] 飞鱼：在", "clock_then_name", 2),
    ];
    for (text, layout, speakers) in cases {
        let looked = look_at("a.txt", text);
        assert_eq!((looked.kind, looked.fact(fact::CHAT_LAYOUT)), (Kind::Chat, Some(layout)), "{text}");
        assert_eq!(looked.fact(fact::CHAT_SPEAKERS), Some(speakers.to_string().as_str()), "{text}");
        if layout != "clock_then_name" {
            assert!(said(&looked, clock::CHAT_FIRST)[0].starts_with("2026-11-22T06:03"), "{text}");
        }
    }
    for text in ["明天 14:03 见", "会议 2026-11-22 14:03", "订单号：123\n下单时间：2026-11-22 14:03:11"]
    {
        assert_eq!(look_at("a.txt", text).kind, Kind::Text, "{text}");
    }
}

#[test]
fn halves_of_the_day_and_disorder() {
    let text = "2026-11-22 下午2:03:11 小王(10001)\na\n2026-11-22 1:03:11 PM 飞鱼(10002)\nb\n";
    let looked = look_at("a.txt", text);
    assert_eq!(said(&looked, clock::CHAT_FIRST), ["2026-11-22T05:03:11Z"]);
    assert_eq!(said(&looked, clock::CHAT_LAST), ["2026-11-22T06:03:11Z"]);
    assert!(finds(&looked, finding::CHAT_ORDER));
}

const WECHAT: &str = "微信支付账单明细,,,,,,,,\n微信昵称：[小王在上海],,,,,,,,\n\
起始时间：[2026-11-01 00:00:00] 终止时间：[2026-11-22 23:59:59],,,,,,,,\n导出类型：[全部],,,,,,,,\n\
导出时间：[2026-11-22 14:03:11],,,,,,,,\n,,,,,,,,\n共2笔记录,,,,,,,,\n收入：0笔 0.00元,,,,,,,,\n\
----------------------微信支付账单明细列表--------------------,,,,,,,,\n\
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n\
2026-11-22 12:00:00,商户消费,飞鱼,\"会员,月卡\n第二行\",支出,¥30.00,零钱,支付成功,1000039501\t,10000\t,\"/\"\n\
2026-11-20 09:00:00,商户消费,飞鱼,点卡,支出,¥50.00,零钱,支付成功,1000039502\t,10001\t,\"/\"\n";

#[test]
fn a_bill_of_wechat_pay_is_summed_up() {
    let looked = look_at("微信支付账单.csv", WECHAT);
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::Bill, "text/csv"));
    for (code, value) in [
        (fact::BILL_ISSUER, "wechat_pay"),
        (fact::BILL_HOLDER, "小王***上海"),
        (fact::BILL_FROM, "2026-11-01 00:00:00"),
        (fact::BILL_TO, "2026-11-22 23:59:59"),
        (fact::BILL_ROWS, "2"),
        (fact::BILL_STATED_ROWS, "2"),
    ] {
        assert_eq!(looked.fact(code), Some(value), "{code}");
    }
    assert_eq!(said(&looked, clock::BILL_EXPORTED), ["2026-11-22T06:03:11Z"]);
    assert_eq!(looked.findings, []);
    assert!(looked.fact(fact::BILL_COLUMNS).unwrap().starts_with("交易时间,交易类型"));
}

#[test]
fn doubtful_bills_are_found() {
    let last = WECHAT.rfind("2026-11-20").unwrap();
    assert!(finds(&look_at("a.csv", &WECHAT[..last]), finding::BILL_ROWS_DIFFER));
    assert!(finds(
        &look_at("a.csv", WECHAT.replace("2026-11-20 09", "2026-10-20 09")),
        finding::BILL_OUTSIDE
    ));
    assert!(finds(&look_at("a.csv", WECHAT.replace("交易时间,", "时间,")), finding::BILL_NO_HEAD));
}

#[test]
fn bills_of_alipay_old_and_new_are_summed_up() {
    let new = "------------------------------------------------------------------------------------\n导出信息：\n姓名：王小明\n\
        支付宝账户：13800000000\n起始时间：[2026-11-01 00:00:00]    终止时间：[2026-11-22 23:59:59]\n导出交易类型：[全部]\n\
        导出时间：[2026-11-22 14:03:11]\n共1笔记录\n\n\
        ------------------------支付宝支付科技有限公司  电子客户回单------------------------\n\
        交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,\n\
        2026-11-20 20:32:58,日用百货,飞鱼,a***@b.com,点卡,支出,19.40,花呗,交易成功,202611202\t,210\t,,\n";
    let old = "支付宝交易记录明细查询\n账号:[buyer@example.com]\n起始日期:[2026-11-01 00:00:00]    终止日期:[2026-11-22 00:00:00]\n\
        ---------------------------------交易记录明细列表------------------------------------\n\
        交易号                  ,商家订单号               ,交易创建时间              ,付款时间                ,最近修改时间              ,\
        交易来源地     ,类型              ,交易对方            ,商品名称                ,金额（元）   ,收/支     ,交易状态    ,\
        服务费（元）   ,成功退款（元）  ,备注                  ,资金状态     ,\n\
        2026112022001     ,T1     ,2026-11-20 20:32:58 ,2026-11-20 20:33:00 ,2026-11-20 20:33:00 ,其他 ,即时到账交易 ,飞鱼 ,点卡 ,19.40 ,支出 ,\
        交易成功 ,0.00 ,0.00 , ,已支出 ,\n\
        ------------------------------------------------------------------------------------\n共1笔记录,,,,\n";
    for (name, text, holder) in [("new.csv", new, "王***"), ("old.csv", old, "buy***om")] {
        let looked = look_at(name, GB18030.encode(text).0);
        assert_eq!((looked.kind, looked.fact(fact::BILL_ISSUER)), (Kind::Bill, Some("alipay")), "{name}");
        assert_eq!(looked.fact(fact::BILL_HOLDER), Some(holder), "{name}");
        assert_eq!(looked.fact(fact::ENCODING), Some("gb18030"), "{name}");
        assert_eq!(
            (looked.fact(fact::BILL_ROWS), looked.fact(fact::BILL_STATED_ROWS)),
            (Some("1"), Some("1"))
        );
        assert!(looked.fact(fact::BILL_FROM).unwrap().starts_with("2026-11-01"), "{name}");
        let doubts: Vec<_> = looked.findings.iter().filter(|one| one.code != finding::TIME_NONE).collect();
        assert!(doubts.is_empty(), "{name}: {doubts:?}");
    }
}

#[test]
fn other_texts_are_told_apart() {
    let cases = [
        ("a,b,c\n1,2,3\n4,5,6\n", Kind::Table, "text/csv"),
        ("{\"order\": 1}", Kind::Json, "application/json"),
        ("[{\"order\": 1}]", Kind::Json, "application/json"),
        ("你好", Kind::Text, "text/plain"),
        ("\u{1}\u{2}\u{3}\u{4}", Kind::Unknown, "application/octet-stream"),
    ];
    for (text, kind, media_type) in cases {
        let looked = look_at("a", text);
        assert_eq!((looked.kind, looked.media_type.as_str()), (kind, media_type), "{text}");
    }
    assert!(finds(&look_at("a", ""), finding::EMPTY));
}
