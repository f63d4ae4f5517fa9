//! Every command as a user meets it: answers, refusals with advice, exit codes, both languages, secrets masked.

use crate::process::Home;

/// A home with an order `A` that has a page, a card secret and a message.
fn case() -> Home {
    let home = Home::with_vault();
    home.good(&["order", "new", "A", "--title", "点卡", "--amount", "30", "--paid", "2026-09-18 20:32:10"]);
    home.file("page.png", "page").file("card.txt", "卡号：YST0093821    卡密：7QKD-ZT4M-90XA");
    home.good(&["fix", "page.png", "--order", "A", "--as", "transaction"]);
    home.good(&["fix", "card.txt", "--order", "A", "--as", "delivery", "--note", "已使用"]);
    home.good(&[
        "message",
        "add",
        "--order",
        "A",
        "--at",
        "2026-09-18 21:00",
        "--from-them",
        "--via",
        "platform",
        "卡密：7QKD-ZT4M-90XA 没问题",
    ]);
    home
}

#[test]
fn refusals_name_the_field_and_say_what_to_do() {
    let home = case();
    home.file("taken.zip", "x");
    let table: [(i32, &[&str], &str); 22] = [
        (1, &["--vault", "nowhere", "order", "list"], "sigu init"),
        (1, &["init", "--no-passphrase"], "not empty"),
        (1, &["order", "new", "A"], "order set"),
        (2, &["order", "new", "带中文"], "1 to 32"),
        (2, &["order", "new", "B", "--amount", "1.005"], "two decimals"),
        (2, &["order", "new", "B", "--paid", "yesterday"], "2026-09-21 14:30"),
        (1, &["order", "new", "B", "--paid", "1999-01-01 00:00"], "Not before 2000"),
        (
            1,
            &["order", "new", "B", "--paid", "2026-09-18 20:00", "--delivered", "2026-09-18 19:00"],
            "Check both",
        ),
        (1, &["order", "set", "A", "--amount", "30"], "at least one new value"),
        (1, &["order", "show", "Z"], "order list"),
        (1, &["fix", "page.png", "--order", "Z", "--as", "other"], "order new"),
        (5, &["fix", "missing.png", "--order", "A", "--as", "other"], "missing.png"),
        (2, &["fix", "page.png", "--order", "A", "--as", "nonsense"], "voucher"),
        (2, &["fix"], "Missing"),
        (
            1,
            &[
                "message",
                "add",
                "--order",
                "A",
                "--at",
                "2026-09-18 21:00",
                "--from-me",
                "--via",
                "email",
                "  ",
            ],
            "empty",
        ),
        (1, &["erase", "1-2"], "--yes"),
        (1, &["erase", "1-99", "--yes"], "sigu log"),
        (1, &["erase", "1-2", "--field", "slot", "--yes"], "note, file.name"),
        (2, &["erase", "two", "--yes"], "1-17"),
        (1, &["export", "--order", "A", "--out", "taken.zip"], "nothing is overwritten"),
        (1, &["export", "--order", "A", "--withhold", "no.such"], "sigu log"),
        (2, &["export", "--order", "A", "--to", "bob"], "age-keygen"),
    ];
    for (code, args, advice) in table {
        let text = home.exits(code, args);
        assert!(text.contains(advice), "{args:?}: {text}");
    }
    home.good(&["check", "--read-data"]);
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let home = case();
    let error = &home.json(&["order", "show", "Z"])["error"];
    assert_eq!(error["kind"], "refused");
    assert_eq!(error["code"], "refused-unknown-order");
    assert!(error["message"].as_str().is_some_and(|text| text.contains('Z')));
}

#[test]
fn no_answer_shows_a_card_secret() {
    let home = case();
    let calls: [&[&str]; 7] = [
        &["order", "show", "A"],
        &["order", "list"],
        &["log"],
        &["log", "--json"],
        &["order", "show", "A", "--json"],
        &["check", "--read-data", "--json"],
        &["export", "--order", "A", "--out", "a.zip"],
    ];
    for args in calls {
        let text = home.good(args);
        assert!(!text.contains("ZT4M") && !text.contains("YST0093821"), "{args:?}: {text}");
    }
    let package = std::fs::read(home.path().join("a.zip")).expect("the package");
    for secret in ["ZT4M", "YST0093821"] {
        assert!(!package.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    let shown = home.good(&["order", "show", "A"]);
    assert!(shown.contains("7Q…XA (14)"), "{shown}");
}

#[test]
fn late_evidence_is_kept_and_marked() {
    let home = case();
    let order = home.json(&["order", "show", "A"]);
    let needs = order["completeness"]["fixations"][0]["needs"][0]["filled_by"][0][1].clone();
    assert_eq!(needs["state"], "late");
    assert!(needs["late_by_s"].as_i64().is_some_and(|seconds| seconds > 0));
    assert_eq!(order["completeness"]["archive"]["due_at"], "2026-09-19T12:32:10Z");
}

#[test]
fn a_package_goes_round_and_is_graded() {
    let home = case();
    let export = home.json(&["export", "--order", "A", "--out", "a.zip"]);
    let key = export["key_fingerprint"].as_str().expect("a fingerprint").to_owned();
    assert_eq!(export["checker_sha256"], home.json(&["checker"])["sha256"]);
    assert_eq!(home.json(&["verify", "a.zip"])["grade"], "consistent");
    assert_eq!(home.json(&["verify", "a.zip", "--root", &key])["grade"], "key-confirmed");
    home.exits(3, &["verify", "a.zip", "--root", &"0".repeat(64)]);
    home.exits(2, &["verify", "a.zip", "--root", "nonsense"]);
    home.good(&["disclose", "1-3", "--field", "blob", "--out", "open.json"]);
    let report = home.json(&["verify", "a.zip", "--with", "open.json"]);
    let item = report["items"]
        .as_array()
        .and_then(|items| items.iter().find(|item| item["position"] == "1-3"))
        .cloned();
    assert!(item.is_some_and(|item| item["content"]["matches-late"].is_object()), "{report}");
    let mut bytes = std::fs::read(home.path().join("a.zip")).expect("the package");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    home.file("bad.zip", bytes);
    let text = home.exits(3, &["verify", "bad.zip"]);
    assert!(text.contains('✗'), "{text}");
    home.exits(5, &["verify", "missing.zip"]);
}

#[test]
fn what_was_recorded_is_found_by_its_words() {
    let home = Home::new();
    home.good(&["init", "--no-passphrase", "--recovery-out", "r.txt"]);
    home.good(&["order", "new", "K7", "--title", "视频会员年卡", "--no", "ORDER-20260801"]);
    let said = "您的會員已被他人使用";
    home.good(&[
        "message",
        "add",
        "--order",
        "K7",
        "--at",
        "2026-05-20 15:02",
        "--from-them",
        "--via",
        "platform",
        said,
    ]);
    let text = home.good(&["--lang", "zh", "search", "会员"]);
    assert!(text.contains("K7") && text.contains("【會員】") && text.contains("【会员】"), "{text}");
    let answer = home.json(&["search", "rder-2026", "年卡"]);
    assert_eq!(answer["hits"][0]["order"], "K7", "{answer}");
    assert_eq!(answer["hits"][0]["target"]["kind"], "order", "{answer}");
    assert!(home.good(&["--lang", "en", "search", "nothing"]).contains("Nothing has"));
}

#[test]
fn both_languages_say_it() {
    let home = case();
    assert!(home.good(&["--lang", "zh", "order", "show", "A"]).contains("四固定"));
    assert!(home.good(&["--lang", "en", "order", "show", "A"]).contains("Four fixations"));
    for lang in ["zh", "en"] {
        for command in [
            "init",
            "order",
            "fix",
            "message",
            "search",
            "log",
            "check",
            "export",
            "verify",
            "disclose",
            "erase",
            "backup",
            "restore",
            "key",
            "rebuild",
            "completions",
            "man",
        ] {
            home.good(&["--lang", lang, command, "--help"]);
        }
        assert!(home.good(&["--lang", lang, "completions", "bash"]).contains("sigu"));
        assert!(home.good(&["--lang", lang, "man"]).contains(".TH"));
    }
    assert!(home.exits(2, &["--lang", "zh", "nonsense"]).contains("没有命令"));
}

#[test]
fn a_passphrase_opens_is_changed_and_is_removed() {
    let home = Home::new();
    home.file("one", "correct horse\n").file("two", "battery staple\n");
    home.good(&["init", "--passphrase-file", "one", "--recovery-out", "r.txt"]);
    home.exits(1, &["order", "list"]);
    home.exits(1, &["order", "list", "--passphrase-file", "two"]);
    home.good(&["order", "list", "--passphrase-file", "one"]);
    home.good(&["key", "passphrase", "--passphrase-file", "one", "--new-passphrase-file", "two"]);
    home.good(&["check", "--passphrase-file", "two"]);
    home.good(&["key", "passphrase", "--passphrase-file", "two", "--remove"]);
    home.good(&["check"]);
}

#[test]
fn the_recovery_key_restores_on_a_new_machine() {
    let home = case();
    home.good(&["backup", "copy"]);
    home.good(&["key", "recovery", "--recovery-out", "new.txt"]);
    home.good(&["backup", "copy2"]);
    let new = Home::new();
    let at = |name: &str| home.path().join(name).display().to_string();
    new.exits(1, &["restore", &at("copy2"), "--recovery-key-file", &at("recovery.txt")]);
    new.good(&["restore", &at("copy2"), "--recovery-key-file", &at("new.txt")]);
    new.good(&["check", "--read-data"]);
    new.good(&["order", "show", "A"]);
    new.good(&["order", "set", "A", "--merchant", "云栈"]);
    new.good(&["export", "--order", "A", "--out", "a.zip"]);
    new.good(&["verify", "a.zip"]);
    let older = Home::new();
    older.good(&["restore", &at("copy"), "--recovery-key-file", &at("recovery.txt")]);
    older.good(&["check", "--read-data"]);
}

#[test]
fn standard_input_folders_and_unreadable_files() {
    let home = case();
    std::fs::create_dir_all(home.path().join("all/deep")).expect("folders");
    home.file("all/one.txt", "1").file("all/deep/two.txt", "2").file("empty", "");
    let fixed = home.json(&["fix", "all", "empty", "--order", "A", "--as", "other"]);
    assert_eq!(fixed["fixed"].as_array().map(Vec::len), Some(3));
    let part = home.json(&["fix", "page.png", "missing", "--order", "A", "--as", "other"]);
    assert_eq!(part["fixed"].as_array().map(Vec::len), Some(1));
    assert_eq!(part["failed"][0]["code"], "source-unreadable");
    let mut child = home
        .command(&["fix", "-", "--order", "A", "--as", "delivery", "--secret", "--json"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"ABCD-1234-EFGH").expect("a pipe");
    let output = child.wait_with_output().expect("the binary ends");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["fixed"][0]["masked"], "AB…GH (14)");
    home.good(&["check", "--read-data"]);
}

#[test]
fn two_processes_at_once_both_get_their_say() {
    let home = case();
    let children: Vec<_> = (0..6)
        .map(|number| {
            let minute = format!("2026-09-18 22:0{number}");
            home.command(&[
                "message",
                "add",
                "--order",
                "A",
                "--at",
                &minute,
                "--from-me",
                "--via",
                "platform",
                "请处理",
            ])
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("the binary starts")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("the binary ends").success());
    }
    let order = home.json(&["order", "show", "A"]);
    assert_eq!(order["order"]["messages"].as_array().map(Vec::len), Some(7));
    home.good(&["check", "--read-data"]);
}

#[test]
fn a_labelled_order_number_is_shown_whole_and_a_card_of_the_same_shape_masked() {
    let home = Home::new();
    home.file(
        "page.txt",
        "订单详情\n订单号：A1B2C3D4E5F6G7H8\n支付时间：2026-09-18 20:32:10\n卡密：Q7W8E9R1T2Y3U4I5\n",
    );
    let shown = home.good(&["recognise", "page.txt"]);
    assert!(shown.contains("A1B2C3D4E5F6G7H8"), "{shown}");
    assert!(!shown.contains("Q7W8E9R1T2Y3U4I5") && shown.contains("Q7…I5 (16"), "{shown}");
    home.file("lone.txt", "Q7W8E9R1T2Y3U4I5\n");
    let shown = home.good(&["recognise", "lone.txt"]);
    assert!(!shown.contains("Q7W8E9R1T2Y3U4I5"), "no label says what it is: {shown}");
}
