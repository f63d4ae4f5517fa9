//! The example cases through the binary: imported and step by step, what is said of them, and what is never shown.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::Value;

use crate::process::Home;

const CASES: &str = include_str!("../../../case/tests/main/cases.yaml");

/// Delivered secrets of the cases that no answer may show.
const SECRETS: [&str; 3] = ["MCX7-22QP-91LD-0W4H", "7QKD-ZT4M-90XA", "YST0093821"];

fn imported() -> Home {
    let home = Home::with_vault();
    home.file("cases.yaml", CASES);
    home.good(&["case", "import", "cases.yaml"]);
    home
}

fn shown(home: &Home, order: &str, at: &str) -> Value {
    home.json(&["case", "show", order, "--at", at])["advice"].clone()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// Codes of the flags that warn.
fn warnings(advice: &Value) -> Vec<&str> {
    let flags = advice["flags"].as_array().unwrap().iter();
    let mut codes: Vec<&str> =
        flags.filter(|flag| flag["level"] == "warning").map(|flag| flag["code"].as_str().unwrap()).collect();
    codes.dedup();
    codes
}

#[test]
fn imported_cases_come_out_as_they_say() {
    let home = imported();
    let table = [
        ("C01", "2026-09-20 15:23", "non_delivery", "not_received", "full_refund"),
        ("C02", "2026-10-20 16:00", "expired_though_permanent", "not_as_described", "reissue_or_refund"),
        ("C03", "2026-09-24 11:00", "key_used", "goods_quality", "full_refund"),
        ("C04", "2026-09-12 10:00", "late_delivery", "not_received", "partial_compensation"),
        ("C05", "2026-08-22 00:00", "account_recovered", "account_recovered", "coverage_payout"),
    ];
    for (order, at, scenario, category, claim) in table {
        let advice = shown(&home, order, at);
        let dispute = &advice["dispute"];
        assert_eq!(dispute["scenario"], scenario, "{order}");
        assert_eq!(dispute["category"]["canonical"][0], category, "{order}");
        assert_eq!(dispute["claim"]["kind"], claim, "{order}: {}", dispute["claim"]);
        assert_eq!(advice["next"]["code"], "nothing", "{order} is closed");
        for part in ["clocks", "timeline", "pitfalls", "facts", "sub_slots"] {
            assert!(!advice[part].as_array().unwrap().is_empty(), "{order} {part}");
        }
        assert!(dispute["readiness"]["missing"].is_array() && dispute["route"]["steps"].is_array());
    }
    let c01 = shown(&home, "C01", "2026-09-20 15:23");
    let flags = ["StatusPayloadContradiction", "PayeeMismatch", "MerchantIdentityMissing"];
    assert!(flags.iter().all(|flag| warnings(&c01).contains(flag)), "{:?}", warnings(&c01));
    assert_eq!(c01["order_time_check"]["ok"], true);
    let steps: Vec<&str> = c01["dispute"]["route"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["E0", "E3", "E5"]);
    let c03 = shown(&home, "C03", "2026-09-24 11:00");
    assert_eq!(c03["dispute"]["category"]["on_platform"]["code"], "无效卡密");
    assert_eq!(warnings(&c03), ["OffPlatformSolicitation", "RefundNotArrived"]);
    let before = shown(&home, "C05", "2026-08-15 13:00");
    assert_eq!(before["earliest_own"], "appeal_seed");
    assert_eq!(before["diagnosis"]["scenario"], "account_recovered");
}

/// The third case as its buyer would have lived it.
#[test]
#[expect(clippy::too_many_lines, reason = "one purchase from payment to close, in its order")]
fn a_case_step_by_step() {
    let home = Home::with_vault();
    let run = |line: &[&str]| home.good(line);
    run(&[
        "order",
        "new",
        "D",
        "--profile",
        "qs",
        "--goods",
        "membership",
        "--title",
        "云视听季卡CDK",
        "--amount",
        "45",
        "--no",
        "Y2609211430129f3c07be",
        "--created",
        "2026-09-21 14:30:12",
        "--delivered",
        "2026-09-21 14:30:15",
        "--revealed",
        "2026-09-21 14:33:02",
        "--merchant",
        "小栈数码",
        "--platform",
        "云栈寄售发卡",
    ]);
    home.file("card.txt", "卡号：YST0093821    卡密：7QKD-ZT4M-90XA");
    run(&["fix", "card.txt", "--order", "D", "--as", "delivery", "--formed", "2026-09-21 14:33:02"]);
    run(&[
        "observe",
        "D",
        "used",
        "--at",
        "2026-09-21 14:34:20",
        "--since",
        "2026-09-20 23:11",
        "--words",
        "该激活码已被使用",
    ]);
    let next = |code: &str| {
        let step = &home.json(&["next", "D"])["steps"][0]["step"];
        assert_eq!(step["code"], code, "{step}");
    };
    next("send_notice");
    let draft = home.json(&["notice", "D"]);
    assert!(draft["letter"]["chars"].as_u64().unwrap() <= 200, "{draft}");
    assert_eq!(draft["gate"]["blocked"].as_array().unwrap().len(), 0, "{draft}");
    let rude = home.exits(1, &["notice", "D", "--text", "骗子，退钱！！！", "--send"]);
    assert!(rude.contains("emotional") && rude.contains("--anyway"), "{rude}");
    let leak =
        home.exits(1, &["notice", "D", "--text", "卡密是 7QKD-ZT4M-90XA，请在 18:50 前补发或退款", "--send"]);
    assert!(leak.contains("privacy_leak") && !leak.contains("90XA"), "{leak}");
    let sent = [
        "notice",
        "D",
        "--text",
        "依据《云栈寄售平台售后规则》第三条，无效卡密应补发或退款，请于18:50前处理",
        "--send",
        "--anyway",
        "--at",
        "2026-09-21 14:50",
    ];
    run(&sent);
    let reply = home.json(&["reply", "D", "加v yz_shop_01 微信给你换一张", "--at", "2026-09-21 16:05"]);
    assert_eq!((&reply["sense"], &reply["next"]["code"]), (&"solicitation".into(), &"decline_invite".into()));
    run(&[
        "message",
        "add",
        "--order",
        "D",
        "--at",
        "2026-09-21 16:07",
        "--from-me",
        "--via",
        "platform",
        "请在平台内处理，我不添加外部联系方式",
    ]);
    let refusal = home.json(&["reply", "D", "卡没问题，不退", "--at", "2026-09-21 18:20"]);
    assert_eq!(refusal["sense"], "refusal");
    let then = shown(&home, "D", "2026-09-21 18:30");
    let clock =
        then["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == "appeal_platform").unwrap();
    assert_eq!(clock["due"]["at"], "2026-09-21T15:59:59Z");
    let appeal = home.json(&["appeal", "D", "--own-statements"]);
    let text = appeal["statement"]["text"].as_str().unwrap();
    let place = |part| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
    assert!(place("事实") < place("依据") && place("依据") < place("诉求"), "{text}");
    run(&["step", "taken", "D", "--category", "无效卡密", "--at", "2026-09-21 19:05"]);
    run(&["decision", "D", "for-buyer", "--at", "2026-09-22 17:40", "--amount", "45"]);
    run(&["refund", "D", "failed", "--at", "2026-09-22 17:41", "--amount", "45"]);
    next("turn_to");
    run(&[
        "refund",
        "D",
        "received",
        "--at",
        "2026-09-24 10:12",
        "--amount",
        "45",
        "--shown-by",
        "payment-side",
    ]);
    next("close");
    run(&["close", "D", "refunded-late", "--at", "2026-09-24 10:20"]);
    next("nothing");
    run(&["reopen", "D"]);
    next("close");
}

#[test]
fn no_answer_shows_a_secret() {
    let home = imported();
    let mut asked: Vec<Vec<&str>> = vec![
        vec!["order", "list"],
        vec!["due"],
        vec!["next"],
        vec!["merchant", "list"],
        vec!["log"],
        vec!["rule", "list"],
        vec!["merchant", "show", "小栈数码"],
        vec!["merchant", "review"],
        vec!["check-merchant", "小栈数码", "--price", "45"],
    ];
    for order in ["C01", "C02", "C03", "C04", "C05"] {
        asked.push(vec!["order", "show", order]);
        asked.push(vec!["advise", order]);
        asked.push(vec!["notice", order]);
        asked.push(vec!["appeal", order, "--own-statements"]);
    }
    home.file("secret.txt", format!("卡密：{}\n", SECRETS[0]));
    asked.push(vec!["recognise", "secret.txt"]);
    for args in asked {
        for args in [
            args.clone(),
            args.iter().copied().chain(["--json"]).collect(),
            args.iter().copied().chain(["--lang", "zh"]).collect(),
        ] {
            let output = home.run(&args);
            let text = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(!text.is_empty() && output.status.code() != Some(101), "{args:?}\n{text}");
            for secret in SECRETS {
                assert!(!text.contains(secret), "{args:?} shows {secret}\n{text}");
            }
        }
    }
}

#[test]
fn a_bad_history_is_refused_whole() {
    let home = Home::with_vault();
    home.file("bad.yaml", format!("{CASES}\n- id: C06\n  order: {{paid: soon}}\n"));
    let text = home.exits(1, &["case", "import", "bad.yaml"]);
    assert!(text.contains("order.paid") && text.contains("soon") && text.contains("line "), "{text}");
    home.file("file.yaml", "id: F\norder: {paid: 2026-09-01T10:00:00}\nevidence:\n  - {at: 2026-09-01T10:00:00, what: order_page, file: missing.png}\n");
    let text = home.exits(1, &["case", "import", "file.yaml"]);
    assert!(text.contains("line 4"), "{text}");
    assert_eq!(home.json(&["order", "list"])["orders"].as_array().unwrap().len(), 0);
    home.file("cases.yaml", CASES);
    home.good(&["case", "import", "cases.yaml"]);
    let again = home.exits(1, &["case", "import", "cases.yaml"]);
    assert!(again.contains("C01"), "{again}");
    assert_eq!(home.json(&["order", "list"])["orders"].as_array().unwrap().len(), 5);
}

#[test]
fn what_is_due_is_listed_and_the_view_survives_a_rebuild() {
    let home = Home::with_vault();
    assert!(home.good(&["due"]).contains("No clock"));
    home.good(&["order", "new", "E", "--amount", "30", "--paid", "2026-11-20 10:00", "--merchant", "x"]);
    home.good(&[
        "follow-up",
        "add",
        "E",
        "--at",
        "2026-11-20 10:00",
        "--due",
        "2030-01-01 10:00",
        "--kind",
        "expiry",
    ]);
    let due = home.json(&["due"]);
    let kinds: Vec<&str> =
        due["clocks"].as_array().unwrap().iter().map(|one| one["clock"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["follow_up"]);
    home.good(&["rebuild"]);
    home.good(&["check"]);
    assert_eq!(home.json(&["due"])["clocks"], due["clocks"]);
    assert_eq!(home.json(&["next"])["steps"][0]["order"], "E");
}

#[test]
fn tables_and_judges_answer_on_the_command_line() {
    let home = Home::with_vault();
    let law = home.json(&["law", "L-CPL-20"]);
    assert_eq!(law["citation"]["text"]["zh"], "《消费者权益保护法》第二十条");
    assert!(home.exits(1, &["law", "L-CRM-15", "--on", "2025-01-01"]).contains("2026-04-15"));
    home.exits(1, &["law", "L-NOPE-1"]);
    assert!(home.good(&["ladder"]).lines().count() >= 12);
    assert!(home.good(&["ladder", "E5"]).contains("E4"), "the order trap is told");
    assert!(home.exits(1, &["order", "new", "Z", "--profile", "nosuch"]).contains("profile list"));
    home.file("unknown.yaml", "id: U\nshop: {system: NoSuchShop}\n");
    assert!(home.good(&["case", "import", "unknown.yaml"]).contains("nosuchshop"));
    assert!(home.good(&["profile", "list"]).contains("qs"));
    assert!(home.good(&["profile", "check", "dj"]).contains("dj"));
    home.file("mine.toml", "id = \"mine\"\nextends = \"qs\"\nsource = \"shop page\"\nchecked_at = \"2026-11-20\"\n\n[facts]\ncomplaint_sla_h = { value = 12 }\n");
    home.good(&["profile", "add", "mine.toml"]);
    assert_eq!(home.json(&["profile", "show", "mine"])["profile"]["facts"]["complaint_sla_h"]["value"], 12);
    home.file("bad.toml", "id = \"bad\"\nextends = \"qs\"\nsource = \"x\"\nchecked_at = \"2026-11-20\"\n[facts]\ncomplaint_sla_h = { value = \"soon\" }\n");
    assert!(home.exits(1, &["profile", "add", "bad.toml"]).contains("line 6"));
    home.good(&[
        "rule",
        "add",
        "mine",
        "售后规范",
        "5",
        "--words",
        "24 小时内补发或退款",
        "--from",
        "2026-01-01",
    ]);
    assert!(home.good(&["rule", "list"]).contains("unverified"));
    home.good(&["merchant", "note", "小栈", "--deposit", "1000", "--shown-rate", "3.12%"]);
    assert!(home.good(&["merchant", "show", "小栈"]).contains("3.12%"));
    let check = home.json(&["check-merchant", "小栈", "--price", "600", "--goods", "game-account"]);
    assert_eq!(check["check"]["high_value"], true);
    let mut tone = home.command(&["tone", "--json"]);
    let mut child =
        tone.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), "退钱，骗子\n请在 20:00 前回复\n".as_bytes())
        .unwrap();
    let answer: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    let primary: Vec<&Value> =
        answer["verdicts"].as_array().unwrap().iter().map(|one| &one["verdict"]["primary"]).collect();
    assert_eq!(texts(&serde_json::json!(primary)), ["emotional", "ok"]);
}

/// The command a next step names is one that there is, with the options it names.
#[test]
fn every_next_step_names_a_command_that_is_there() {
    let home = Home::new();
    let table = include_str!("../../../case/data/next.toml");
    let commands = table.lines().filter_map(|line| {
        let (key, value) = line.split_once(" = ")?;
        ["command", "otherwise"].contains(&key).then(|| value.trim_matches('"').to_owned())
    });
    let mut seen = 0;
    for command in commands {
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let plain =
            |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
        let mut asked: Vec<&str> = words.iter().take_while(plain).copied().collect();
        if words[0] == "promise" {
            asked = vec!["promise", "kept"];
        }
        let help = home.good(&[&asked[..], &["--help"]].concat());
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(&format!("{option} ")), "{command}\n{help}");
        }
        if let Some(kind) = command.split("--kind ").nth(1) {
            assert!(help.contains(kind), "{command}\n{help}");
        }
        seen += 1;
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
fn what_is_due_stands_soonest_first() {
    let home = Home::with_vault();
    for (order, due) in [("L", "2031-01-01 10:00"), ("S", "2030-01-01 10:00"), ("M", "2030-06-01 10:00")] {
        home.good(&["order", "new", order, "--paid", "2026-11-01 10:00"]);
        home.good(&["follow-up", "add", order, "--at", "2026-11-01 10:00", "--due", due]);
    }
    let due = home.json(&["due"]);
    let clocks = due["clocks"].as_array().unwrap();
    let orders: Vec<&str> = clocks.iter().map(|one| one["order"].as_str().unwrap()).collect();
    assert_eq!(orders, ["S", "M", "L"]);
    let text = home.good(&["due"]);
    let place = |order: &str| text.find(&format!(" {order} ")).unwrap_or_else(|| panic!("{order} in {text}"));
    assert!(place("S") < place("M") && place("M") < place("L"), "{text}");
    home.good(&["close", "M", "fine"]);
    assert_eq!(home.json(&["due"])["clocks"].as_array().unwrap().len(), 3, "follow-ups outlast the end");
}
