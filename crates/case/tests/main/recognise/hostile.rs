//! Hostile input: never a panic, bounded time, and a clear word on what was left out.

use proptest::prelude::*;
use sigu_case::recognise::{
    Form, Hints, MAX_BYTES, Note, Truncation, names_match, readable, recognise, reply_sense,
};

use super::{page, read};

fn notes(input: &[u8]) -> Vec<Note> {
    read(input).notes
}

#[test]
fn a_page_of_twenty_megabytes_is_cut() {
    let page = "<div><p>订单号：417260918203145862</p></div>".repeat(20 * 1024 * 1024 / 48);
    let found = read(page.as_bytes());
    assert!(found.notes.contains(&Note::Truncated(Truncation::Size)) && found.truncated());
    assert_eq!(readable(page.as_bytes(), &Hints::default()).text().len().div_ceil(4), MAX_BYTES.div_ceil(4));
    assert_eq!(found.order_numbers[0].text, "417260918203145862");
}

#[test]
fn deep_nesting_is_flat_beyond_a_depth() {
    for open in ["<div>", "<b>", "<table><tr><td>", "<a href=x><div class='a b'>", "<ul><li>"] {
        let page = format!("{}订单号：417260918203145862", open.repeat(1_500));
        let found = read(page.as_bytes());
        assert!(found.notes.contains(&Note::Truncated(Truncation::Nesting)), "{open}");
        assert_eq!(found.order_numbers.len(), 1, "{open}");
    }
    let json = format!("{}{}", r#"{"a":"#.repeat(10_000), r#"{"trade_no":"417260918203145862"}"#);
    assert!(notes(json.as_bytes()).contains(&Note::Truncated(Truncation::Nesting)));
}

#[test]
fn unfinished_input_is_read_as_far_as_it_goes() {
    for input in [
        "<div>订单号：417260918203145862<div class=\"a",
        "<div>订单号：417260918203145862<textarea>ABCD",
        "<div>订单号：417260918203145862<!-- ",
        "<div>订单号：417260918203145862<script>x",
        r#"{"order_no":"417260918203145862","secret":"AB"#,
    ] {
        let found = read(input.as_bytes());
        assert!(found.notes.contains(&Note::Truncated(Truncation::Unfinished)), "{input}: {:?}", found.notes);
        assert_eq!(found.order_numbers[0].text, "417260918203145862", "{input}");
    }
    let half = &page!("voucher_wechat.txt")[..150];
    let hints = Hints { form: Some(Form::VoucherWechat), ..Hints::default() };
    assert!(!recognise(half, &hints).missing.is_empty());
}

#[test]
fn broken_bytes_are_said() {
    assert!(notes(b"a\0b").contains(&Note::NulBytes));
    assert!(notes(b"").contains(&Note::Empty));
    assert!(notes(b"\xff\xc0 order").iter().any(|note| matches!(note, Note::BrokenText(_))));
    let gbk = b"<html><meta charset=\"gbk\"><p>\xb6\xa9\xb5\xa5\xba\xc5 417260918203145862</p>";
    let found = read(gbk);
    assert!(found.notes.contains(&Note::Undecodable("gbk".to_owned())));
    assert_eq!(found.order_numbers[0].text, "417260918203145862");
    let utf16: Vec<u8> =
        "\u{feff}订单号：417260918203145862".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16).order_numbers[0].label.as_deref(), Some("订单号"));
}

#[test]
fn long_runs_take_bounded_time() {
    for input in
        ["订单号：", "<", "&", "<a ", "a@", "[1:1] a:", "----", "卡密：a ", "=?UTF-8?Q?", "1 ", "{\"a\":"]
    {
        let page = input.repeat(12_000 / input.len());
        for form in [Form::Html, Form::PageText, Form::Api, Form::Chat, Form::Mail, Form::Delivered] {
            let hints = Hints { form: Some(form), ..Hints::default() };
            let _ = recognise(&page, &hints);
        }
    }
}

fn forms() -> impl Strategy<Value = Option<Form>> {
    let all = [
        Form::Html,
        Form::PageText,
        Form::Api,
        Form::Chat,
        Form::Mail,
        Form::VoucherWechat,
        Form::VoucherAlipay,
        Form::Delivered,
    ];
    prop_oneof![Just(None), proptest::sample::select(all.to_vec()).prop_map(Some)]
}

/// Bits of pages in any order.
fn soup() -> impl Strategy<Value = String> {
    let bits = [
        "<div class=\"card-display\">",
        "</div>",
        "<td>",
        "<tr>",
        "<table>",
        "</table>",
        "<textarea>",
        "</textarea>",
        "<span>",
        "</span>",
        "<br>",
        "&amp;",
        "&#x4e2d;",
        "订单号：",
        "417260918203145862",
        "金额",
        "：",
        "￥30.00",
        "\n",
        "\t",
        "卡号：AB12CD34 ",
        "卡密：",
        "7QKD-ZT4M-90XA",
        "订单状态：",
        "{\"",
        "\":\"",
        "\"}",
        "，",
        "今晚八点前",
        "[14:50] 客服: ",
        "—— 2026年9月21日 ——",
        "已发货/购买数：1/3",
        "\u{feff}",
        "\0",
        "İ",
        "ß",
        "ﬁ",
        "𝟙",
    ];
    let bit = prop_oneof![
        8 => proptest::sample::select(bits.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    proptest::collection::vec(bit, 0..40).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_text_is_read(text in soup(), form in forms()) {
        let hints = Hints { form, ..Hints::default() };
        let found = recognise(&text, &hints);
        let source = readable(text.as_bytes(), &hints);
        for reading in &found.fields {
            prop_assert!(source.reveal(&reading.span).is_some());
        }
        for number in &found.order_numbers {
            prop_assert!(source.reveal(&number.span).is_some());
        }
        for part in found.delivery.iter().flat_map(|one| &one.cards).flat_map(|card| &card.parts) {
            prop_assert!(source.reveal(&part.span).is_some());
        }
        let _ = (names_match(&text, "小鹿"), reply_sense(&text));
    }

    #[test]
    fn a_delivered_code_is_never_printed(code in "[A-Z]{4}[0-9]{3}[A-Z0-9]-[A-Z0-9]{6}-[A-Z0-9]{6}", at in 0..9_usize) {
        let pages = [
            format!("卡密：{code}"),
            format!("订单号：417260918203145862\n卡密：\n{code}\n{code}"),
            format!("<div class=card-display>{code}</div>"),
            format!("<p>使用说明：用 {code} 激活</p><p>订单号：417260918203145862</p>"),
            format!("{{\"secret\":\"{code}\\n{code}\",\"status\":\"{code}\"}}"),
            format!("客服 2026-09-21 14:50:00\n给您 {code}\n客服 2026-09-21 14:51:00\n好"),
            format!("From: a@b.test\nSubject: {code}\nTo: c@d.test\n\n激活码：{code}"),
            format!("商品名称：{code}\n金额：{code}\n下单时间：{code}\n数量：{code}"),
            format!("{code}----Pa55word----{code}"),
        ];
        let found = recognise(&pages[at], &Hints::default());
        prop_assert!(!format!("{found:?}").contains(&code), "{:?}", found);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), form in forms()) {
        let hints = Hints { form, ..Hints::default() };
        let found = recognise(&bytes, &hints);
        prop_assert_eq!(found, recognise(&bytes, &hints));
    }
}
