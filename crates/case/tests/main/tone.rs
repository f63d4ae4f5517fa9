//! Tone of messages: the labelled table of domain §6.4, unseen messages, spans, venues, style, totality.

use proptest::prelude::*;
use sigu_case::Direction;
use sigu_case::tone::{
    Context, Label, Slots, Span, Venue, Verdict, check, missing_slots, reason, rewrite, rewriting_patterns,
    style,
};

#[derive(serde::Deserialize)]
struct Tables {
    given: Vec<Row>,
    unseen: Vec<Row>,
    tuned: Vec<Row>,
}

#[derive(serde::Deserialize)]
struct Row {
    id: String,
    d: String,
    label: Label,
    kind: String,
    text: String,
    #[serde(default)]
    venue: Venue,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    secrets: Vec<String>,
}

impl Row {
    fn verdict(&self) -> Verdict {
        let direction = Direction::from_code(&self.d).unwrap();
        let context =
            Context { direction, venue: self.venue, product_names: &self.names, secrets: &self.secrets };
        check(&self.text, &context)
    }
}

fn tables() -> Tables {
    toml::from_str(include_str!("tone_messages.toml")).unwrap()
}

fn heard(text: &str) -> Verdict {
    check(text, &Context { direction: Direction::In, ..Context::default() })
}

fn said(text: &str) -> Verdict {
    check(text, &Context::default())
}

/// The rows whose primary label is wrong, each as one line to read.
fn wrong(rows: &[Row]) -> Vec<String> {
    let line = |row: &Row| {
        let verdict = row.verdict();
        let rules: Vec<_> = verdict.hits.iter().map(|hit| hit.rule).collect();
        (verdict.primary != row.label)
            .then(|| format!("{} {:?}, not {:?} {rules:?}: {}", row.id, verdict.primary, row.label, row.text))
    };
    rows.iter().filter_map(line).collect()
}

fn assert_accurate(rows: &[Row], percent: usize) {
    let wrong = wrong(rows);
    let right = rows.len() - wrong.len();
    assert!(right * 100 >= rows.len() * percent, "{right} of {}:\n{}", rows.len(), wrong.join("\n"));
    println!("{right} of {}\n{}", rows.len(), wrong.join("\n"));
}

#[test]
fn given_messages_are_all_met() {
    assert_accurate(&tables().given, 100);
}

#[test]
fn unseen_messages_are_mostly_met() {
    assert_accurate(&tables().unseen, 85);
}

#[test]
fn tuned_messages_stay_met() {
    assert_accurate(&tables().tuned, 98);
}

#[test]
fn no_lawful_notice_refusal_warning_or_report_is_a_threat() {
    let tables = tables();
    let peaceful = ["lawful", "refusal", "warning", "incident"];
    let rows = tables.given.iter().chain(&tables.unseen).chain(&tables.tuned);
    for row in rows.filter(|row| peaceful.contains(&row.kind.as_str())) {
        assert!(!row.verdict().labels.contains(&Label::Threat), "{}: {}", row.id, row.text);
    }
}

/// Official channels in many wordings; none is a threat, each is noted.
#[test]
fn lawful_notices_are_noted() {
    let channels = [
        "拨打12315",
        "向市场监管局反映",
        "申请仲裁",
        "报警处理",
        "提交消协",
        "向网信办举报",
        "去法院起诉",
        "走法律程序",
        "找律师发函",
        "申请平台介入",
        "向银行申请拒付",
        "到派出所报案",
        "在12377举报",
        "向税务局反映",
        "去黑猫投诉",
        "保留追究的权利",
    ];
    let frames =
        ["不退款我就{}。", "明天18:00前没有答复，我将{}", "你们再拖，我只能{}了", "请退还38元，否则我会{}"];
    for channel in channels {
        for frame in frames {
            let text = frame.replace("{}", channel);
            let verdict = said(&text);
            assert_eq!(verdict.primary, Label::Ok, "{text}: {:?}", verdict.hits);
            assert!(verdict.has_note("lawful_notice"), "{text}");
        }
    }
}

/// The same channels become a threat with hush money, exposure, violence, attacks or organised reviews.
#[test]
fn unlawful_pressure_beside_a_channel_is_a_threat() {
    for text in [
        "给我2000块我就不向12315举报",
        "不给封口费我就去市场监管局举报",
        "我会报警，还会把你家住址发到群里",
        "要么退钱，要么我找人弄死你再去法院",
        "已投诉12315，另外我让人ddos你们网站",
        "我会投诉平台，再找水军刷爆你店差评",
    ] {
        assert_eq!(said(text).primary, Label::Threat, "{text}");
    }
}

#[test]
fn tags_tell_what_is_no_violation() {
    for (text, direction, tag) in [
        ("商家让我加微信被我拒绝", Direction::Out, "incident"),
        ("我不加微信，在这里说", Direction::Out, "refusal"),
        ("平台提醒：不要脱离平台交易，谨防诈骗", Direction::In, "warning"),
        ("卖家威胁要人肉我，我已报警", Direction::Out, "incident"),
        ("商品标题是《骗子酒馆》激活码", Direction::Out, "product_name"),
        ("请联系平台官方客服电话核实", Direction::Out, "official_contact"),
        ("订单号：13912345678", Direction::Out, "order_number"),
    ] {
        let verdict = check(text, &Context { direction, ..Context::default() });
        assert_eq!(verdict.primary, Label::Ok, "{text}: {:?}", verdict.hits);
        assert!(verdict.has_note(tag), "{text}: {:?}", verdict.notes);
    }
}

/// Disguises of the same words; the span covers what was written, disguise included.
#[test]
fn disguises_are_seen_through_and_spans_lead_back() {
    for (text, label, shown) in [
        ("你们是骗\u{200B}子吗", Label::Emotional, "骗\u{200B}子"),
        ("真是ｎｍｓｌ啊", Label::Emotional, "ｎｍｓｌ"),
        ("一个骗骗骗子", Label::Emotional, "骗骗骗子"),
        ("售后加 薇 芯 聊", Label::OffPlatform, "加 薇 芯"),
        ("亲加Ⅴ信", Label::OffPlatform, "加Ⅴ信"),
        ("🐧①②③④⑤⑥⑦", Label::OffPlatform, "🐧①②③④⑤⑥⑦"),
        ("骗*子，退", Label::Emotional, "骗*子"),
    ] {
        let verdict = heard(text);
        assert_eq!(verdict.primary, label, "{text}: {:?}", verdict.hits);
        let hit = verdict.hits.iter().find(|hit| hit.label == label).unwrap();
        assert_eq!(&text[hit.span.start_byte..hit.span.end_byte], shown, "{text}");
        let chars: String =
            text.chars().skip(hit.span.start_char).take(hit.span.end_char - hit.span.start_char).collect();
        assert_eq!(chars, shown, "{text}");
    }
}

#[test]
fn labels_come_by_priority_and_direction() {
    let text = "骗子，不退钱我找人弄死你，加我微信 abc_12345，我电话13900000000";
    let all = [Label::PrivacyLeak, Label::Threat, Label::OffPlatform, Label::Emotional];
    assert_eq!(said(text).labels, all);
    assert_eq!(said(text).severity, 3);
    let heard = heard(text);
    assert_eq!(heard.primary, Label::OffPlatform);
    assert_eq!(said("").labels, [Label::Ok]);
}

#[test]
fn venues_decide_about_personal_data() {
    let (phone, id) = ("电话 13900000000", "身份证 110101199001010015");
    let (bank, code) = ("银行卡 6200000000000005", "验证码 684913");
    for (venue, text, label) in [
        (Venue::MerchantChat, phone, Label::PrivacyLeak),
        (Venue::Group, phone, Label::PrivacyLeak),
        (Venue::PublicPost, id, Label::PrivacyLeak),
        (Venue::PlatformTicket, phone, Label::Ok),
        (Venue::PlatformTicket, id, Label::PrivacyLeak),
        (Venue::Regulator, id, Label::Ok),
        (Venue::Regulator, bank, Label::PrivacyLeak),
        (Venue::Court, bank, Label::Ok),
        (Venue::Police, id, Label::Ok),
        (Venue::PaymentInstitution, bank, Label::Ok),
        (Venue::Police, code, Label::PrivacyLeak),
    ] {
        let verdict = check(text, &Context { venue, ..Context::default() });
        assert_eq!(verdict.primary, label, "{venue:?} {text}: {:?}", verdict.hits);
        assert_eq!(verdict.has_note("allowed_here"), label == Label::Ok, "{venue:?} {text}");
    }
}

#[test]
fn a_text_may_say_where_it_goes() {
    let text = "（提交 12315）投诉人：林某，电话 13900000000";
    let verdict = said(text);
    assert_eq!(
        (verdict.primary, verdict.venue, verdict.venue_from_text),
        (Label::Ok, Venue::Regulator, true)
    );
    let given = check(text, &Context { venue: Venue::Group, ..Context::default() });
    assert_eq!((given.primary, given.venue_from_text), (Label::PrivacyLeak, false));
}

#[test]
fn checksums_grade_identity_numbers() {
    let severity = |text: &str| said(text).hits.iter().map(|hit| hit.severity).max();
    assert_eq!(severity("身份证 110101199001010015"), Some(3));
    assert_eq!(
        severity("身份证 110101199001010014"),
        Some(2),
        "a wrong check digit is still an identity number"
    );
    assert_eq!(severity("身份证 110101199002300015"), None, "there is no 30 February");
    assert_eq!(severity("流水 6200000000000006"), None, "no bank card by its check digit");
}

#[test]
fn delivered_items_are_found_in_any_spacing() {
    let secrets = ["QWER-TYUI-2026".to_owned(), "884-217".to_owned(), "已售罄".to_owned()];
    let context = Context { secrets: &secrets, ..Context::default() };
    for text in ["看 qwertyui2026", "看 Q W E R T Y U I 2 0 2 6", "看ＱＷＥＲ_tyui·2026！"] {
        let verdict = check(text, &context);
        assert!(verdict.hits.iter().any(|hit| hit.rule == "privacy.case_secret"), "{text}");
        assert!(!format!("{verdict:?}{context:?}").to_lowercase().contains("qwer"), "{text}");
    }
    for text in ["看 QW…26 (14)", "页面写着已售罄", "提示 1884217 次"] {
        assert_eq!(check(text, &context).primary, Label::Ok, "{text}");
    }
}

#[test]
fn every_hit_has_a_reason_and_a_sentence() {
    let tables = tables();
    for row in tables.given.iter().chain(&tables.unseen).chain(&tables.tuned) {
        for hit in row.verdict().hits {
            let reason = reason(hit.reason).unwrap();
            assert!(!reason.zh.is_empty() && !reason.en.is_empty() && !reason.basis.is_empty());
            assert!(rewrite(hit.rewrite.unwrap(), &Slots::new()).is_some(), "{}", hit.rule);
        }
    }
}

fn slots() -> Slots {
    [
        ("order_no", "417260918203145862"),
        ("paid_at", "2026-11-18 09:12（北京时间）"),
        ("amount", "36.80"),
        ("delivered_at", "2026-11-18 09:15（北京时间）"),
        ("state", "“该卡已被使用”"),
        ("promise", "“全新未使用”"),
        ("platform", "晨星卡盟"),
        ("rule", "虚拟商品售后规范"),
        ("n", "5"),
        ("duty", "卡类失效需 24 小时内补发或退款"),
        ("due", "2026-11-18 20:00（北京时间）"),
        ("remedy", "退款"),
        ("placeholder_excerpt", "库存不足，请联系客服"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[test]
fn sentences_are_calm_themselves() {
    for pattern in rewriting_patterns() {
        let text = rewrite(pattern, &slots()).unwrap();
        let verdict = said(&text);
        assert_eq!(verdict.primary, Label::Ok, "{text}: {:?}", verdict.hits);
        assert_eq!(missing_slots(pattern, &slots()).unwrap(), Vec::<&str>::new());
        assert!(!text.contains(['{', '}', '【']), "{text}");
        let clumsy: Vec<_> = style(&text).into_iter().map(|found| found.rule).collect();
        assert!(
            clumsy.iter().all(|rule| ["no_rule_cited", "no_absolute_time"].contains(rule)),
            "{text}: {clumsy:?}"
        );
    }
    let ruled = rewrite("anger_to_rule", &slots()).unwrap();
    assert_eq!(style(&ruled), [], "{ruled}");
}

#[test]
fn open_slots_show() {
    let text = rewrite("threat_to_notice", &Slots::new()).unwrap();
    assert!(text.starts_with("如 【到期时间】 前未处理"), "{text}");
    assert_eq!(missing_slots("threat_to_notice", &Slots::new()).unwrap(), ["due"]);
    assert_eq!(rewrite("extra_money_to_claim", &slots()).unwrap(), "我的请求为退还已付款 36.80 元。");
    let sly: Slots = [("amount".to_owned(), "{due}".to_owned())].into();
    assert!(rewrite("extra_money_to_claim", &sly).unwrap().contains("{due}"), "values are not filled again");
    assert_eq!(rewrite("no_such", &slots()), None);
    assert_eq!(missing_slots("no_such", &slots()), None);
}

#[test]
fn style_findings() {
    let rule = "依据晨星卡盟《虚拟商品售后规范》第5条，卡类失效需补发或退款。";
    let due = "请在 2026-11-18 20:00 前";
    let long = format!("{rule}{}", "说明".repeat(100));
    for (text, found) in [
        (format!("{rule}{due}退款。"), vec![]),
        (format!("{rule}{due}补发或退款。"), vec![]),
        (format!("{due}退款。{rule}"), vec!["reversed_order"]),
        (format!("{due}退款。"), vec!["no_rule_cited"]),
        (format!("{rule}请今晚八点前退款。"), vec!["no_absolute_time"]),
        (format!("{rule}请退款。"), vec!["no_absolute_time"]),
        (format!("{rule}{due}退款，并要求赔偿，还要求道歉。"), vec!["several_demands", "several_demands"]),
        (format!("{rule}{due}退款！！"), vec!["exclamation"]),
        (long, vec!["too_long"]),
        ("今天 14:05 我已重试 3 次。".to_owned(), vec![]),
        (String::new(), vec![]),
    ] {
        let rules: Vec<_> = style(&text).into_iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, found, "{text}");
    }
    let finding = &style("请今晚八点前退款")[1];
    assert_eq!((finding.span.start_char, finding.span.end_char), (1, 5));
}

/// Ten thousand characters of the worst kinds take no longer than their length asks.
#[test]
fn long_texts_are_quick() {
    for piece in ["骗子", "加微信", "不", "商家让我", "13900000000 ", "《", "“", "不退我就", "请退款，"]
    {
        let text: String = piece.chars().cycle().take(10_000).collect();
        assert_inside(&text, &said(&text));
        assert!(!style(&text).is_empty(), "{piece}");
    }
}

fn assert_inside(text: &str, verdict: &Verdict) {
    let spans = verdict.hits.iter().map(|hit| hit.span).chain(verdict.notes.iter().map(|note| note.span));
    for Span { start_byte, end_byte, start_char, end_char } in spans {
        assert!(start_byte < end_byte && start_char < end_char);
        let before = text.get(..start_byte).unwrap();
        assert_eq!(before.chars().count(), start_char);
        assert_eq!(text.get(start_byte..end_byte).unwrap().chars().count(), end_char - start_char);
    }
}

/// Pieces that rules look at, strung together with anything.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "骗子",
        "加",
        "薇",
        "❤",
        "芯",
        "微信",
        "qq",
        "①",
        "13900000000",
        "110101199001010015",
        "不",
        "《",
        "》",
        "“",
        "卡密：",
        "ABCD-1234-EFGH",
        "！",
        "\u{200B}",
        "\n",
        " ",
        "退",
        "12315",
        "举报",
        "让我",
        "🐧",
        "\u{FDFA}",
        "İ",
        "㎏",
    ];
    let piece = prop_oneof![proptest::sample::select(words.to_vec()).prop_map(str::to_owned), "\\PC{0,3}"];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_verdict(text in pieces(), incoming: bool, secret in "\\PC{0,8}", name in "\\PC{0,4}") {
        let direction = if incoming { Direction::In } else { Direction::Out };
        let (secrets, names) = ([secret], [name]);
        let context = Context { direction, secrets: &secrets, product_names: &names, ..Context::default() };
        let verdict = check(&text, &context);
        assert_inside(&text, &verdict);
        prop_assert_eq!(verdict.labels.contains(&Label::Ok), verdict.hits.is_empty());
        prop_assert_eq!(verdict.primary, verdict.labels[0]);
        for finding in style(&text) {
            prop_assert!(text.get(finding.span.start_byte..finding.span.end_byte).is_some());
        }
    }
}

#[test]
fn the_short_way_to_an_invitation_agrees_with_the_whole_judgement() {
    use sigu_case::tone::{Invitation, invitation};
    let tables = tables();
    for row in tables.given.iter().chain(&tables.unseen).chain(&tables.tuned) {
        let direction = Direction::from_code(&row.d).unwrap();
        let context =
            Context { direction, venue: row.venue, product_names: &row.names, secrets: &row.secrets };
        let made = invitation(&row.text, &context) == Some(Invitation::Made);
        assert_eq!(made, check(&row.text, &context).labels.contains(&Label::OffPlatform), "{}", row.id);
    }
}

#[test]
fn english_words_with_a_v_are_no_contacts() {
    for text in [
        "Sold virtual goods are not refunded.",
        "No refund for virtual cards",
        "The voucher version is valid",
        "Very sorry, please visit the order page",
    ] {
        assert_eq!(heard(text).primary, Label::Ok, "{text}");
    }
    assert_eq!(heard("加v xk_card_8888 给您补").primary, Label::OffPlatform);
}
