//! E-mails and MHTML.

use sigu_capture::import::Kind;
use sigu_capture::import::codes::{clock, fact, finding};

use super::{finds, look_at, said};

const MAIL: &str = "Received: from mx2.example.com by mail.buyer.test with ESMTP id 2;\r\n Sun, 22 Nov 2026 14:05:00 +0800 (CST)\r\n\
Received: from app.example.com by mx2.example.com; Sun, 22 Nov 2026 14:04:30 +0800\r\n\
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1;\r\n h=from:date; bh=xx; b=yy\r\n\
From: =?UTF-8?B?6aOe6bG8?= <no-reply@shop.example.com>\r\n\
To: buyer@buyer.test\r\n\
Subject: =?UTF-8?B?6K6i5Y2V5Y+R6LSn?=\r\n\
Date: Sun, 22 Nov 2026 14:04:00 +0800\r\n\
Message-ID: <m1@example.com>\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\r\n\
--b\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n09DQp7a1tdc=\r\n\
--b\r\nContent-Type: application/pdf; name=bill.pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\n\r\n%PDF\r\n--b--\r\n";

#[test]
fn a_mail_tells_its_way() {
    let looked = look_at("订单.eml", MAIL);
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::Mail, "message/rfc822"));
    assert_eq!(said(&looked, clock::MAIL_DATE), ["2026-11-22T06:04:00Z"]);
    assert_eq!(said(&looked, clock::MAIL_RECEIVED), ["2026-11-22T06:05:00Z", "2026-11-22T06:04:30Z"]);
    assert!(looked.formed_at.iter().all(|claim| claim.zone_known));
    for (code, value) in [
        (fact::MAIL_ID, "m1@example.com"),
        (fact::MAIL_FROM, "shop.example.com"),
        (fact::MAIL_DKIM, "example.com"),
        (fact::MAIL_HOPS, "2"),
        (fact::MAIL_SUBJECT, "订单发货"),
    ] {
        assert_eq!(looked.fact(code), Some(value), "{code}");
    }
    assert!(
        looked.fact(fact::MAIL_ATTACHMENT).unwrap().starts_with("bill.pdf, application/pdf"),
        "{looked:?}"
    );
    assert_eq!(looked.findings, [], "nothing to doubt");
    assert!(looked.text.unwrap().starts_with("订单发货\n\n"));
}

#[test]
fn doubtful_mails_are_found() {
    let cases = [
        (MAIL.replace("d=example.com", "d=mailer.test"), finding::MAIL_OTHER_DKIM),
        (MAIL.replace("d=example.com", "d=badexample.com"), finding::MAIL_OTHER_DKIM),
        (MAIL.replace("DKIM-Signature", "X-Signature"), finding::MAIL_NO_DKIM),
        (MAIL.replace("Received", "X-Passed"), finding::MAIL_NO_RECEIVED),
        (MAIL.replace("Date: Sun, 22 Nov 2026 14:04:00 +0800", "Date: yesterday"), finding::MAIL_NO_DATE),
        (MAIL.replace("Date: Sun, 22 Nov 2026 14", "Date: Sun, 22 Nov 2026 11"), finding::MAIL_DATE_APART),
        (MAIL.replace("14:05:00", "14:01:00"), finding::MAIL_ORDER),
    ];
    for (mail, code) in cases {
        let looked = look_at("a.eml", mail);
        assert_eq!(looked.findings.iter().map(|one| one.code).collect::<Vec<_>>(), [code], "{looked:?}");
    }
}

const MHTML: &str = "From: <Saved by Blink>\r\n\
Snapshot-Content-Location: https://user:pw@shop.test/order/1?token=abc#x\r\n\
Subject: =?utf-8?Q?=E8=AE=A2=E5=8D=95?=\r\n\
Date: Sun, 22 Nov 2026 06:03:11 -0000\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----b1\"\r\n\r\n\r\n\
------b1\r\nContent-Type: text/html\r\nContent-ID: <f@mhtml.blink>\r\nContent-Transfer-Encoding: quoted-printable\r\n\
Content-Location: https://shop.test/order/1\r\n\r\n\
<html><link rel=3D\"stylesheet\" href=3D\"cid:css-1@mhtml.blink\"><img src=3D\"https://shop.test/a.png\">=\r\n\
<img src=3D\"https://shop.test/lost.png?sig=3D9\">=E8=AE=A2=E5=8D=95=E5=8F=B7</html>\r\n\
------b1\r\nContent-Type: text/css\r\nContent-ID: <css-1@mhtml.blink>\r\n\r\nb{}\r\n\
------b1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://shop.test/a.png\r\n\r\niVBORw==\r\n\
------b1--\r\n";

#[test]
fn mhtml_tells_page_and_missing_parts() {
    let looked = look_at("order.mhtml", MHTML);
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::Mhtml, "multipart/related"));
    assert_eq!(said(&looked, clock::MHTML_DATE), ["2026-11-22T06:03:11Z"]);
    assert_eq!(looked.fact(fact::URL), Some("https://shop.test/order/1?…"));
    assert_eq!(looked.fact(fact::TITLE), Some("订单"));
    assert_eq!(looked.fact(fact::SOFTWARE), Some("Saved by Blink"));
    assert_eq!(looked.fact(fact::PARTS), Some("3"));
    let found = looked.finding(finding::MHTML_MISSING).unwrap();
    assert_eq!(found.detail, "1 missing: https://shop.test/lost.png?…");
    assert_eq!(looked.findings.len(), 1, "{looked:?}");
    assert!(looked.text.unwrap().contains("订单号"));
    let cut = look_at("order.mhtml", &MHTML[..MHTML.len() - 20]);
    assert!(finds(&cut, finding::MHTML_CUT));
}
