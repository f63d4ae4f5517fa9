//! Files that others made, pictures that are read, and the receiver of the browser extension, through the binary.

use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use sigu_capture::archive::{self, Contents, PageRecord};
use sigu_capture::exchange::{Answer, Body, BodyState, Exchange, Origin, Response};

use crate::process::Home;

fn home() -> Home {
    let home = Home::with_vault();
    home.good(&["order", "new", "A", "--title", "点卡", "--amount", "30", "--paid", "2026-11-20 20:32:58"]);
    home
}

/// Fixes one file and gives what was seen of it.
fn seen(home: &Home, name: &str) -> Value {
    let answer = home.json(&["fix", name, "--order", "A", "--as", "other"]);
    assert_eq!(answer["not_looked"], 0, "{answer}");
    answer["fixed"][0]["looked"].clone()
}

fn codes(seen: &Value) -> Vec<String> {
    let findings = seen["findings"].as_array().expect("findings").iter();
    findings.map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
}

fn times(seen: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let claims = seen["formed_at"].as_array().expect("claims").iter();
    claims.map(|one| (text(&one["said_by"]), text(&one["at"]))).collect()
}

/// A PNG of 640×360 without pixels, whose EXIF (TIFF, little endian) says when it was taken.
fn photo(software: &str) -> Vec<u8> {
    let taken = b"2026:11:22 14:03:11\0";
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    // IFD0 holds the pointer to the EXIF IFD at 26, which holds DateTimeOriginal at 44.
    tiff.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    tiff.extend([0x03, 0x90, 2, 0, 20, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(taken);
    let head = [0, 0, 2, 0x80, 0, 0, 1, 0x68, 8, 0, 0, 0, 0].to_vec();
    let words = [b"Software\0", software.as_bytes()].concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", head), (b"eXIf", tiff), (b"tEXt", words), (b"IEND", Vec::new())] {
        bytes.extend(u32::try_from(body.len()).expect("short").to_be_bytes());
        bytes.extend(kind);
        bytes.extend(body);
        bytes.extend([0; 4]);
    }
    bytes
}

fn ffmpeg(folder: &Path, arguments: &[&str]) {
    let done = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-v", "error", "-y"])
        .args(arguments)
        .current_dir(folder)
        .status();
    assert!(done.expect("ffmpeg is needed: apt-get install ffmpeg").success(), "{arguments:?}");
}

/// A page with one answer, as the evidence browser writes it.
fn archive() -> Vec<u8> {
    let at = "2026-11-22T06:03:11Z".parse().expect("a time");
    let url = "https://shop.example.com/order/1".to_owned();
    let body = Body {
        bytes: "<html>订单 1 已发货</html>".repeat(50).into_bytes(),
        state: BodyState::AsReceived,
    };
    let response = Response {
        status: 200,
        reason: "OK".to_owned(),
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        received_at: at,
        body,
        from: Origin::Network,
    };
    let exchange = Exchange {
        url: url.clone(),
        method: "GET".to_owned(),
        started_at: at,
        kind: "Document".to_owned(),
        request_headers: Vec::new(),
        request_body: None,
        answer: Answer::Received(response),
        remote_address: None,
        protocol: None,
        tls: None,
    };
    let pages = [PageRecord { id: "1".to_owned(), url, title: "订单".to_owned(), at }];
    let contents = Contents {
        pages: &pages,
        exchanges: &[exchange],
        sockets: &[],
        resources: &[],
        software: "test",
        created_at: at,
    };
    let mut out = Cursor::new(Vec::new());
    archive::write(&contents, &mut out).expect("an archive in memory");
    out.into_inner()
}

#[test]
fn a_photo_tells_its_time_and_its_editor() {
    let home = home();
    home.file("a.png", photo("Adobe Photoshop 27.0"));
    let looked = seen(&home, "a.png");
    assert_eq!((&looked["kind"], &looked["media_type"]), (&json!("image"), &json!("image/png")));
    let taken = ("exif.DateTimeOriginal".to_owned(), "2026-11-22T06:03:11Z".to_owned());
    assert!(times(&looked).contains(&taken), "{looked}");
    assert!(codes(&looked).contains(&"image.edited_with".to_owned()), "{looked}");
    let order = home.json(&["order", "show", "A"]);
    assert!(!order.to_string().contains("2026-11-22T06:03:11Z"), "a claim was taken over: {order}");
}

#[test]
fn both_languages_tell_it_in_three_lines() {
    let home = home();
    home.file("a.jpg", photo("Adobe Photoshop 27.0"));
    let fix = ["fix", "a.jpg", "--order", "A", "--as", "other", "--lang"];
    let chinese = home.good(&[&fix[..], &["zh"]].concat());
    let english = home.good(&[&fix[..], &["en"]].concat());
    for part in [
        "类型：图片（640×360）；文件自称形成于 2026-11-22 14:03:11（EXIF 拍摄时间）。",
        "文件名后缀与内容不符：内容是 image/png。",
        "图片经过修图软件（Adobe Photoshop 27.0）。",
        "形成时间以 --formed 所写为准",
    ] {
        assert!(chinese.contains(part), "{part}: {chinese}");
    }
    for part in ["Looks like a picture (640×360)", "taken, by EXIF", "edits pictures (Adobe Photoshop 27.0)"]
    {
        assert!(english.contains(part), "{part}: {english}");
    }
    assert_eq!(chinese.lines().filter(|line| line.starts_with("  ")).count(), 3, "{chinese}");
    let blind = home.json(&[&fix[..6], &["--no-look"]].concat());
    assert_eq!((&blind["fixed"][0]["looked"], &blind["not_looked"]), (&Value::Null, &Value::Null));
    let blind = home.good(&[&fix[..6], &["--no-look"]].concat());
    assert!(!blind.contains("Looks like"), "{blind}");
}

#[test]
fn an_edit_list_of_a_video_is_told() {
    let home = home();
    let whole = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=8", "-c:v", "mpeg4", "-g", "10"];
    ffmpeg(home.path(), &[&whole[..], &["whole.mp4"]].concat());
    ffmpeg(home.path(), &["-ss", "2.7", "-i", "whole.mp4", "-c", "copy", "cut.mp4"]);
    let looked = seen(&home, "cut.mp4");
    assert_eq!(looked["kind"], "video");
    assert!(codes(&looked).contains(&"video.edit_list".to_owned()), "{looked}");
    assert!(!codes(&seen(&home, "whole.mp4")).contains(&"video.edit_list".to_owned()));
    let told = home.good(&["fix", "cut.mp4", "--order", "A", "--as", "other", "--lang", "zh"]);
    assert!(told.contains("视频（320×180、") && told.contains("视频被剪过"), "{told}");
}

#[test]
fn a_mail_and_a_bill_tell_where_they_are_from() {
    let home = home();
    let mail = "Received: from app.example.com by mx.buyer.test; Sun, 22 Nov 2026 14:04:30 +0800\r\n\
        DKIM-Signature: v=1; a=rsa-sha256; d=mailer.test; s=s1; h=from:date; bh=xx; b=yy\r\n\
        From: shop <no-reply@shop.example.com>\r\nTo: buyer@buyer.test\r\nSubject: order\r\n\
        Date: Sun, 22 Nov 2026 14:04:00 +0800\r\nMessage-ID: <m1@example.com>\r\n\r\nsent\r\n";
    let bill = "支付宝交易记录明细查询\n账号:[buyer@example.com]\n起始日期:[2026-11-01 00:00:00]    终止日期:[2026-11-22 00:00:00]\n\
        ------交易记录明细列表------\n交易号,商家订单号,交易创建时间,交易对方,商品名称,金额（元）,收/支,交易状态,\n\
        2026112022001,T1,2026-11-20 20:32:58,飞鱼,点卡,30.00,支出,交易成功,\n------\n共2笔记录,,,,\n";
    home.file("订单.eml", mail).file("bill.csv", encoding_rs::GB18030.encode(bill).0);
    let looked = seen(&home, "订单.eml");
    assert_eq!(looked["kind"], "mail");
    assert!(times(&looked).contains(&("eml.Date".to_owned(), "2026-11-22T06:04:00Z".to_owned())), "{looked}");
    let looked = seen(&home, "bill.csv");
    assert_eq!(looked["kind"], "bill");
    assert!(codes(&looked).contains(&"bill.rows_differ".to_owned()), "{looked}");
    let fix = ["fix", "订单.eml", "bill.csv", "--order", "A", "--as", "voucher", "--lang", "zh"];
    let told = home.good(&fix);
    for part in [
        "类型：邮件（来自 shop.example.com）；文件自称形成于 2026-11-22 14:04:00 +08:00（发件程序写的时间）",
        "发件域名 shop.example.com，签名域名 mailer.test",
        "类型：支付宝账单（1 笔）",
        "账单写明 2 笔，实有 1 笔。",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn an_archive_of_pages_is_checked_on_the_way_in() {
    let home = home();
    let good = archive();
    let mut bad = good.clone();
    let head = good.windows(12).position(|bytes| bytes == b"data.warc.gz").expect("the records");
    bad[head + 200] ^= 1;
    home.file("good.wacz", &good).file("bad.wacz", &bad);
    let looked = seen(&home, "good.wacz");
    assert_eq!(
        (&looked["kind"], &looked["archive"]["grade"]),
        (&json!("wacz"), &json!("intact")),
        "{looked}"
    );
    assert!(!codes(&looked).contains(&"archive.to_verify".to_owned()));
    let looked = seen(&home, "bad.wacz");
    assert_eq!(looked["archive"]["grade"], "broken", "{looked}");
    let told = home.good(&["fix", "good.wacz", "bad.wacz", "--order", "A", "--as", "other", "--lang", "zh"]);
    assert!(
        told.contains("  · 网页存档核对：完好。") && told.contains("  ! 网页存档核对：已损坏或被改动："),
        "{told}"
    );
}

#[test]
fn a_secret_is_looked_at_without_its_words() {
    let home = home();
    home.file("card.png", photo("SECRETWORD"));
    let answer = home.json(&["fix", "card.png", "--order", "A", "--as", "delivery", "--secret"]);
    assert_eq!(answer["fixed"][0]["looked"]["kind"], "image");
    assert!(!answer.to_string().contains("SECRETWORD"), "{answer}");
    let open = home.json(&["fix", "card.png", "--order", "A", "--as", "delivery"]);
    assert!(open.to_string().contains("SECRETWORD"), "{open}");
}

#[test]
fn of_very_many_files_only_the_first_are_looked_at() {
    let home = home();
    std::fs::create_dir(home.path().join("all")).expect("a folder");
    for number in 0..2_001 {
        home.file(&format!("all/{number:04}.txt"), format!("{number}"));
    }
    let answer = home.json(&["fix", "all", "--order", "A", "--as", "other"]);
    assert_eq!(answer["not_looked"], 1_801);
    let each = answer["fixed"].as_array().expect("items");
    assert_eq!(each.iter().filter(|one| !one["looked"].is_null()).count(), 200);
    let told = home.good(&["fix", "all", "--order", "A", "--as", "other"]);
    assert!(told.contains("only the first 200 were looked at, 1801 were not"), "{told}");
}

/// Paints words in black on white; the font is Noto Sans CJK.
fn paint(home: &Home, words: &str, name: &str) {
    home.file("words.txt", words);
    let text = "drawtext=font=Noto Sans CJK SC:textfile=words.txt:fontsize=40:fontcolor=black:x=40:y=40:line_spacing=30";
    let page = ["-f", "lavfi", "-i", "color=c=white:s=900x420", "-vf", text, "-frames:v", "1", name];
    ffmpeg(home.path(), &page);
}

#[test]
fn text_of_a_picture_is_a_suggestion_and_secrets_stay_masked() {
    let home = home();
    paint(&home, "订单号：202611221403\n支付金额：30.00元\n卡密：7QKD-ZT4M-90XA", "page.png");
    let before = home.json(&["log"]);
    let answer = home.json(&["ocr", "page.png", "--order", "A"]);
    let page = &answer["suggested"][0];
    let lines = page["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 3, "{answer}");
    assert!(lines[0]["text"].as_str().is_some_and(|text| text.contains("202611221403")), "{answer}");
    assert!(
        lines.iter().all(|line| line["confidence"].as_u64().is_some_and(|sure| (30..=100).contains(&sure)))
    );
    let fields = page["recognised"]["fields"].as_array().expect("fields");
    assert!(fields.iter().any(|field| field["field"] == "order_no"), "{answer}");
    let told = home.good(&["ocr", "page.png", "--lang", "zh"]);
    assert!(told.contains("仅供参考，不是证据；请对照原图") && told.contains("202611221403"), "{told}");
    assert!(told.contains('…') && !told.contains("ZT4M"), "{told}");
    assert!(!answer.to_string().contains("ZT4M"), "{answer}");
    assert_eq!(home.json(&["log"]), before, "nothing is kept");
}

#[test]
fn pictures_that_are_not_read_say_why() {
    let home = home();
    home.file("a.txt", "no picture");
    paint(&home, "订单号：202611221403", "page.png");
    assert!(home.exits(1, &["ocr", "a.txt"]).contains("Convert it to PNG"));
    assert!(home.exits(2, &["ocr", "missing.png"]).contains("missing.png"));
    assert!(home.exits(1, &["ocr", "page.png", "--order", "Z"]).contains("order list"));
    let text = home.exits(1, &["ocr", "a.txt", "page.png"]);
    assert!(text.contains("Not read a.txt") && text.contains("202611221403"), "{text}");
    let bare =
        home.command(&["ocr", "page.png"]).env("PATH", home.path()).output().expect("the binary starts");
    let said = String::from_utf8_lossy(&bare.stderr);
    assert_eq!(bare.status.code(), Some(1));
    assert!(said.contains("apt install tesseract-ocr tesseract-ocr-chi-sim"), "{said}");
}

/// Asks the receiver as the extension does; gives the status and the answer.
fn ask(port: u16, start: &str, more: &str, body: &str) -> (u16, Value) {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).expect("the receiver listens");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
    let head = format!("{start} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{more}");
    write!(socket, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).expect("a request");
    let mut text = String::new();
    socket.read_to_string(&mut text).expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("head and body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).expect("JSON"))
}

#[test]
fn the_receiver_pairs_answers_and_ends_with_its_standard_input() {
    let home = home();
    let mut child = home
        .command(&["listen", "--port", "0", "--until-stdin-closes", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut said = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut code = || said.find_map(|line| line.strip_prefix("Pairing code: ").map(str::to_owned));
    let void = code().expect("a code");
    let mut keyboard = child.stdin.take().expect("a pipe");
    keyboard.write_all(b"\n").expect("a pipe");
    let code = code().expect("another code");
    let port: u16 = code.split('-').next().and_then(|port| port.parse().ok()).expect("a port");
    let origin = "Origin: chrome-extension://abcdefghijklmnopabcdefghijklmnop\r\n";
    let pair = |code: &str| {
        let body = json!({ "code": code, "name": "Chromium" }).to_string();
        ask(port, "POST /api/v1/pair", origin, &body)
    };
    assert_eq!(pair(&void).0, 403, "the code before is void");
    let (status, paired) = pair(&code);
    assert_eq!(status, 200, "{paired}");
    let bearer = format!("{origin}Authorization: Bearer {}\r\n", paired["token"].as_str().expect("a token"));
    let (status, orders) = ask(port, "GET /api/v1/orders", &bearer, "");
    assert_eq!((status, orders["orders"].as_array().map(Vec::len)), (200, Some(1)), "{orders}");

    let taken = home.exits(1, &["listen", "--port", &port.to_string(), "--until-stdin-closes"]);
    assert!(taken.contains(&format!("Port {port} is taken")) && taken.contains("--port"), "{taken}");
    let all = home.json(&["pairing", "list"]);
    assert_eq!((&all["pairings"][0]["id"], &all["pairings"][0]["name"]), (&json!(1), &json!("Chromium")));
    assert!(all.to_string().contains("paired_at") && !all.to_string().contains("sha256"), "{all}");
    assert!(home.good(&["pairing", "revoke", "1"]).contains("revoked"));
    assert_eq!(ask(port, "GET /api/v1/orders", &bearer, "").0, 403, "revoked at once");
    assert!(home.exits(1, &["pairing", "revoke", "1"]).contains("pairing list"));
    assert!(home.good(&["pairing", "list", "--lang", "zh"]).contains("还没有配对的浏览器"));

    drop(keyboard);
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(0));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(answer["port"], port);
}

#[test]
fn a_receiver_needs_a_vault() {
    let text = Home::new().exits(1, &["listen", "--port", "0", "--until-stdin-closes"]);
    assert!(text.contains("sigu init"), "{text}");
}
