//! Times, apps and kinds in file names.

use sigu_capture::import::codes::{clock, fact, finding};

use super::{finds, look_at, said};

#[test]
fn names_tell_times() {
    let morning = "2026-11-22T06:03:11Z";
    let cases = [
        ("Screenshot_20261122_140311.jpg", Some(morning)),
        ("Screenshot_20261122-140311.png", Some(morning)),
        ("Screenshot_2026-11-22-14-03-11-123_com.tencent.mm.jpg", Some(morning)),
        ("Screenshot_20261122_140311_com.taobao.idlefish.jpg", Some(morning)),
        ("IMG_20261122_140311.jpg", Some(morning)),
        ("VID_20261122_140311.mp4", Some(morning)),
        ("微信图片_20261122140311.jpg", Some(morning)),
        ("微信图片_20261122140311_12.png", Some(morning)),
        ("微信截图_20261122140311.png", Some(morning)),
        ("QQ截图20261122140311.png", Some(morning)),
        ("QQ图片20261122140311.jpg", Some(morning)),
        ("屏幕截图 2026-11-22 140311.png", Some(morning)),
        ("截屏2026-11-22 14.03.11.png", Some(morning)),
        ("截屏2026-11-22 下午2.03.11.png", Some(morning)),
        ("Screen Shot 2026-11-22 at 2.03.11 PM.png", Some(morning)),
        ("Screenshot 2026-11-22 at 14.03.11.png", Some(morning)),
        ("录屏_2026年11月22日14时03分11.mp4", Some(morning)),
        ("mmexport1700000000000.jpg", Some("2023-11-14T22:13:20Z")),
        ("mmexport0123456789abcdef0123456789abcdef_1700000000000.jpeg", Some("2023-11-14T22:13:20Z")),
        ("wx_camera_1700000000000.mp4", Some("2023-11-14T22:13:20Z")),
        ("20261122.jpg", None),
        ("order-20261322-140311.png", None),
        ("订单 2026112214031100012345.png", None),
        ("1700000000000.jpg", None),
        ("", None),
    ];
    for (name, expected) in cases {
        let looked = look_at(name, "x");
        assert_eq!(said(&looked, clock::NAME).first().map(String::as_str), expected, "{name}");
    }
}

#[test]
fn only_milliseconds_know_their_zone() {
    assert!(look_at("mmexport1700000000000.jpg", "x").formed_at[0].zone_known);
    assert!(!look_at("IMG_20261122_140311.jpg", "x").formed_at[0].zone_known);
}

#[test]
fn names_tell_apps_and_screenshots() {
    let looked = look_at("Screenshot_20261122_140311_com.taobao.idlefish.jpg", "x");
    assert_eq!(looked.fact(fact::NAME_APP), Some("com.taobao.idlefish"));
    assert_eq!(looked.fact(fact::NAME_SCREENSHOT), Some("yes"));
    assert_eq!(look_at("IMG_20261122_140311.jpg", "x").fact(fact::NAME_SCREENSHOT), None);
}

#[test]
fn a_name_that_promises_another_kind_is_found() {
    let pdf = b"%PDF-1.4\n%%EOF";
    assert!(finds(&look_at("截图.png", pdf), finding::NAME_MISMATCH));
    assert!(!finds(&look_at("账单.PDF", pdf), finding::NAME_MISMATCH));
    assert!(!finds(&look_at("账单", pdf), finding::NAME_MISMATCH));
    assert!(finds(&look_at("录屏.mp4", b"\x89PNG\r\n\x1a\n"), finding::NAME_MISMATCH));
    assert!(!finds(&look_at("a.txt", "hello"), finding::NAME_MISMATCH));
}

#[test]
fn times_ahead_and_apart_are_found() {
    assert!(finds(&look_at("IMG_20261224_140311.jpg", "x"), finding::TIME_FUTURE));
    assert!(!finds(&look_at("IMG_20261122_140311.jpg", "x"), finding::TIME_FUTURE));
    assert!(finds(&look_at("a.jpg", "x"), finding::TIME_NONE));
}
