//! Pages that are hard to take completely: long, lazy, virtual, framed, in shadow, collapsed, moving.

use serde_json::json;
use sigu_capture::exchange::{BodyState, Origin};
use sigu_capture::page::{Capture, Role};
use sigu_practice_shop::{Settings, Shop};

use crate::support::{Desk, Pixels, Site, exchange, gaps, response, wait};

async fn shop() -> Shop {
    Shop::start(Settings::default()).await.unwrap()
}

fn picture(capture: &Capture) -> Pixels {
    let whole: Vec<_> = capture.pictures.iter().filter(|one| one.role == Role::Screenshot).collect();
    assert_eq!(whole.len(), 1, "one picture of the whole page: {:?}", capture.gaps);
    let pixels = Pixels::of(&whole[0].png);
    assert_eq!((pixels.width as u32, pixels.height as u32), (whole[0].width, whole[0].height));
    pixels
}

fn text(capture: &Capture) -> &str {
    &capture.look.as_ref().expect("the page answers").text
}

const ODD: [u8; 3] = [0xf3, 0xf6, 0xfb];
const EVEN: [u8; 3] = [255; 3];
const LINE: [u8; 3] = [0xdd; 3];

/// What the screen shows when scrolled to a height.
async fn shown(desk: &Desk, top: u32) -> Pixels {
    use base64::Engine as _;
    desk.ask(&format!("scrollTo(0, {top})")).await;
    let session = desk.traffic.session(&desk.tab).unwrap();
    let answer = session.call("Page.captureScreenshot", json!({ "format": "png" })).await.unwrap();
    let png = base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap()).unwrap();
    Pixels::of(&png)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tall_page_is_in_one_picture_to_the_pixel() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/tall")).await;
    desk.ask("scrollTo(0, 333)").await;
    let capture = desk.fix().await;
    assert_eq!(gaps(&capture), [""; 0]);
    let whole = picture(&capture);
    assert_eq!((whole.width, whole.height), (1280, 20_000));
    for row in 0..500 {
        let colour = if row % 2 == 0 { ODD } else { EVEN };
        assert_eq!(whole.at(1_200, row * 40 + 20), colour, "row {}", row + 1);
        assert_eq!(whole.at(1_200, row * 40 + 39), LINE, "below row {}", row + 1);
    }
    assert_eq!(desk.ask("scrollY").await, 333, "it is left where it was");
    assert!(text(&capture).contains("第 1 行") && text(&capture).contains("第 500 行 row 500"));
    // The numbers themselves: what a person sees at the top, in the middle and at the bottom.
    for top in [0, 9_980, 20_000] {
        let screen = shown(&desk, top).await;
        let from = usize::try_from(top).unwrap().min(20_000 - screen.height);
        assert!(screen.rows(0, screen.height) == whole.rows(from, from + screen.height), "at {top}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sticks_to_the_screen_is_in_the_picture_once() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = desk.capture(&shop.url("/_pages/sticky")).await;
    assert_eq!(gaps(&capture), [""; 0]);
    let whole = picture(&capture);
    assert_eq!(whole.height, 12_080);
    let header: Vec<_> = (0..whole.height).filter(|y| whole.at(900, *y) == [0x1b, 0x2a, 0x41]).collect();
    assert_eq!(header, (0..80).collect::<Vec<_>>());
    let button: Vec<_> = (0..whole.height).filter(|y| whole.at(1_262, *y) == [0xf5, 0x45, 0x5c]).collect();
    assert!((30..80).contains(&button.len()), "{button:?}");
    assert_eq!(button.last().unwrap() - button[0] + 1, button.len(), "one button: {button:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_load_when_seen_are_all_there() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = desk.capture(&shop.url("/_pages/lazy")).await;
    assert_eq!(gaps(&capture), [""; 0]);
    for number in 1..=40 {
        let picture = response(&capture, &format!("/_pages/picture/{number}.svg"));
        assert_eq!(picture.body.state, BodyState::AsReceived);
        assert!(String::from_utf8_lossy(&picture.body.bytes).contains(&format!(">{number}</text>")));
    }
    assert_eq!(text(&capture).matches("张已加载").count(), 20);
    let whole = picture(&capture);
    let coloured = (0..whole.height).filter(|y| {
        let [red, green, blue] = whole.at(20, *y);
        red.max(green).max(blue) - red.min(green).min(blue) > 100
    });
    assert_eq!(coloured.count(), 40 * 200, "forty pictures of 200 px");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_list_is_read_to_its_end() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = desk.capture(&shop.url("/_pages/virtual")).await;
    assert_eq!(gaps(&capture), [""; 0]);
    assert_eq!(capture.lists.len(), 1);
    let lines: Vec<_> = capture.lists[0].lines().collect();
    let expected: Vec<_> = (1..=500).map(|row| format!("消息 {row} message {row}")).collect();
    assert_eq!(lines, expected);
    let parts: Vec<_> = capture.pictures.iter().filter(|one| one.role == Role::List).collect();
    assert!(parts.len() >= 20_000 / 600, "{} pictures of the list", parts.len());
    assert_eq!(desk.ask("document.getElementById('box').scrollTop").await, 0, "it is put back");
    assert!(Pixels::of(&parts[0].png).rows(0, 600) != Pixels::of(&parts[1].png).rows(0, 600));
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_this_and_of_other_origins_are_read() {
    let (desk, shop, other) = (Desk::new().await, shop().await, shop().await);
    let foreign = format!("http://localhost:{}/_pages/frames/inner", other.address().port());
    let capture = desk.capture(&shop.url(&format!("/_pages/frames?other={foreign}"))).await;
    assert_eq!(gaps(&capture), [""; 0]);
    let frame = |url: &str| {
        let found = capture.frames.iter().find(|frame| frame.url == url);
        found.unwrap_or_else(|| panic!("no frame {url} in {:?}", capture.frames))
    };
    for url in [shop.url("/_pages/frames/inner"), foreign.clone()] {
        assert!(frame(&url).text.contains("框内文字：订单号在框架里"), "{url}");
        assert!(frame(&url).html.contains("<textarea readonly=\"\">框内文本域</textarea>"), "{url}");
        assert_eq!(response(&capture, url.trim_start_matches("http:")).body.state, BodyState::AsReceived);
    }
    assert_eq!(frame("about:srcdoc").text.trim(), "srcdoc 里的文字");
    assert_eq!(capture.frames.len(), 3);
    let whole = picture(&capture);
    assert!(whole.count([0xe8, 0xf4, 0xff]) > 600 * 300, "both frames with their ground are in the picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_shadow_trees_are_read_and_closed_ones_are_in_the_picture() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = desk.capture(&shop.url("/_pages/shadow")).await;
    assert_eq!(gaps(&capture), ["page.closed_shadow"]);
    assert_eq!(capture.gaps[0].detail, "1", "the open ones are read");
    let look = capture.look.as_ref().unwrap();
    for (what, from) in [("text", &look.text), ("html", &look.html)] {
        assert!(from.contains("开放影子树：订单状态 已完成"), "{what}: {from}");
        assert!(from.contains("声明式影子树里的文字"), "{what}: {from}");
        assert!(!from.split("<script>").next().unwrap().contains("SHAD-OWCL-OSED-0001"), "{what} of closed");
    }
    assert!(look.html.contains("<template shadowrootmode=\"open\">"), "{}", look.html);
    let whole = picture(&capture);
    let dark = |y: usize| (8..200).any(|x| whole.at(x, y).iter().all(|part| *part < 100));
    let lines = (1..200).filter(|y| dark(*y) && !dark(*y - 1)).count();
    assert!(lines >= 3, "three lines of text are drawn, {lines} found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_collapsed_is_laid_open_in_a_second_picture_only() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/collapsed")).await;
    let before = desk.ask("document.documentElement.outerHTML + document.body.offsetHeight").await;
    let capture = desk.fix().await;
    assert_eq!(gaps(&capture), [""; 0]);
    let roles: Vec<_> = capture.pictures.iter().map(|one| one.role).collect();
    assert_eq!(roles, [Role::Screenshot, Role::Expanded]);
    let [plain, open] = [0, 1].map(|number: usize| Pixels::of(&capture.pictures[number].png));
    let dark = |of: &Pixels| {
        (0..of.height.min(900))
            .flat_map(|y| (0..600).map(move |x| (x, y)))
            .filter(|(x, y)| of.at(*x, *y)[0] < 100)
            .count()
    };
    assert!(dark(&open) > dark(&plain) + 300, "more is written: {} and {}", dark(&plain), dark(&open));
    let look = capture.look.as_ref().unwrap();
    assert!(look.html.contains("折叠在 details 里的退款说明"));
    let typed: Vec<_> = look.controls.iter().map(|control| control.value.as_str()).collect();
    assert_eq!(typed, ["COLL-APSE-DCAR-D001", "由脚本写入的值"]);
    let after = desk.ask("document.documentElement.outerHTML + document.body.offsetHeight").await;
    assert_eq!(before, after, "the page is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_forbid_copying_or_only_draw_are_taken() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let capture = desk.capture(&shop.url("/_pages/blocked")).await;
    assert!(text(&capture).contains("订单号：BLOCKED000000001"));
    assert!(picture(&capture).count([0; 3]) > 100);
    let capture = desk.capture(&shop.url("/_pages/canvas")).await;
    assert!(!text(&capture).contains("CANV"), "a canvas has no text");
    assert!(picture(&capture).count([0xc2, 0x41, 0x0c]) > 300, "but what it draws is in the picture");
    let capture = desk.capture(&shop.url("/_pages/animated")).await;
    assert_eq!(gaps(&capture), [""; 0]);
    assert!(text(&capture).contains("付款后请联系客服"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_gbk_is_kept_as_sent_and_read_as_meant() {
    let (desk, shop) = (Desk::new().await, shop().await);
    for address in ["/_pages/gbk", "/_pages/gbk?chunked=1"] {
        let capture = desk.capture(&shop.url(address)).await;
        let body = &response(&capture, address).body;
        assert_eq!(body.state, BodyState::AsReceived, "{address}");
        let (decoded, _, wrong) = encoding_rs::GBK.decode(&body.bytes);
        assert!(!wrong && decoded.contains("卡密：镕昇囍堃"), "{address}");
        assert!(std::str::from_utf8(&body.bytes).is_err(), "the bytes are not UTF-8");
        let look = capture.look.as_ref().unwrap();
        assert_eq!(look.charset, "GBK");
        assert_eq!(look.title, "订单查询");
        assert!(look.text.contains("卡密：镕昇囍堃"), "{}", look.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_stay_open_and_workers_are_written_down() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/websocket")).await;
    wait("the echo", || (desk.traffic.visit(&desk.tab).1.first()?.lines.len() >= 2).then_some(())).await;
    let capture = desk.fix().await;
    let lines: Vec<_> = capture.sockets[0].lines.iter().map(|line| (line.sent, line.text.as_str())).collect();
    assert_eq!(lines, [(true, "在吗"), (false, "客服：在吗")]);
    assert!(text(&capture).contains("客服：在吗"));

    desk.open(&shop.url("/_pages/sse")).await;
    desk.ask("new Promise((done) => setInterval(() => list.children.length > 2 && done(1), 20))").await;
    let capture = desk.fix().await;
    assert!(text(&capture).contains("商家消息 1") && text(&capture).contains("商家消息 3"));
    assert_eq!(gaps(&capture), ["traffic.body_missing"], "the stream has no end: {:?}", capture.gaps);
    let stream = &response(&capture, "/_pages/sse/events").body;
    assert_eq!(stream.state, BodyState::Cut { of: None }, "{:?}", exchange(&capture, "/_pages/sse/events"));
    assert!(String::from_utf8_lossy(&stream.bytes).contains("data: 商家消息 1\n"), "what came is kept");

    desk.open(&shop.url("/_pages/worker")).await;
    desk.ask("new Promise((done) => setInterval(() => fetched.textContent && done(1), 20))").await;
    let capture = desk.fix().await;
    assert_eq!(gaps(&capture), [""; 0]);
    assert_eq!(response(&capture, "/_pages/number/7").body.bytes, b"7");
    assert!(response(&capture, "/_pages/worker.js").body.bytes.starts_with(b"onmessage"));

    desk.open(&shop.url("/_pages/service-worker")).await;
    desk.ask("new Promise((done) => setInterval(() => out.textContent !== '等待' && done(1), 20))").await;
    let capture = desk.fix().await;
    let made = response(&capture, "/_pages/from-worker.txt");
    assert_eq!(made.from, Origin::ServiceWorker, "what the site's own script made up is marked");
    assert_eq!(made.body.bytes, b"made by the service worker");
}

/// Elements named like the properties one asks a document, a window or a form for.
const NAMED: &str = "<!doctype html><meta charset=utf-8><title>订单 A1</title>\
    <img name=title alt=''><form name=body></form><img name=documentElement alt=''>\
    <form name=querySelectorAll></form><form name=scrollingElement></form><img name=readyState alt=''><form name=doctype></form>\
    <a id=innerHeight></a><a id=scrollY></a><a id=JSON></a><a id=Array></a>\
    <form class=collapse style='display:none'><input name=textContent><input name=getAttribute>卡密</form>\
    <form style='height:200px;overflow:auto'><input name=clientHeight><input name=scrollHeight>\
    <input name=innerText><input name=scrollTop><input name=getBoundingClientRect>\
    <div style='height:700px;border-bottom:1px solid'>聊天第一行</div>聊天末行</form>\
    <p>订单号：A1B2C3</p>";

#[tokio::test(flavor = "multi_thread")]
async fn elements_with_names_of_properties_hide_nothing() {
    let desk = Desk::new().await;
    let site = Site::of(vec![("/named", NAMED)]).await;
    let capture = desk.capture(&site.url("/named")).await;
    assert_eq!(gaps(&capture), [""; 0], "{:?}", capture.gaps);
    let look = capture.look.as_ref().unwrap();
    assert_eq!((look.title.as_str(), look.ready.as_str()), ("订单 A1", "complete"));
    assert!(look.text.contains("订单号：A1B2C3"), "{}", look.text);
    assert!(look.html.starts_with("<!DOCTYPE html>\n<html><head>"), "{}", look.html);
    assert_eq!(look.collapsed, 1);
    assert_eq!(capture.lists, ["聊天第一行\n聊天末行\n"]);
    assert!(capture.pictures.iter().any(|one| one.role == Role::Expanded));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_look_says_through_which_glass_it_was_seen() {
    let (desk, shop) = (Desk::new().await, shop().await);
    let session = desk.traffic.session(&desk.tab).unwrap();
    let glass = json!({ "width": 800, "height": 600, "deviceScaleFactor": 2, "mobile": false });
    session.call("Emulation.setDeviceMetricsOverride", glass).await.unwrap();
    let capture = desk.capture(&shop.url("/_pages/cookies")).await;
    let look = capture.look.as_ref().unwrap();
    let seen = [look.width, look.height, look.ratio, look.full_width, look.full_height];
    assert_eq!(seen, [800.0, 600.0, 2.0, 800.0, 600.0]);
    assert_eq!(desk.ask("[innerWidth, innerHeight, devicePixelRatio]").await, json!([800, 600, 2]));
    let whole = picture(&capture);
    assert_eq!((whole.width, whole.height), (1_600, 1_200), "two device pixels to each");
    // A page longer than the glass, put together of two tiles.
    desk.ask("document.body.insertAdjacentHTML('beforeend', '<div style=height:4000px;background:teal>')")
        .await;
    let capture = desk.fix().await;
    let (whole, full) = (picture(&capture), capture.look.as_ref().unwrap().full_height);
    assert!(full > 4_000.0 && full < 4_200.0, "{full}");
    assert_eq!((whole.width, whole.height as f64), (1_600, full * 2.0));
    assert_eq!(whole.count([0, 128, 128]), 8_000 * (1_600 - 32), "every pixel of it");
    assert_eq!(desk.ask("[innerWidth, innerHeight, devicePixelRatio]").await, json!([800, 600, 2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fits_the_screen_hears_nothing_of_its_capture() {
    let (desk, shop) = (Desk::new().await, shop().await);
    desk.open(&shop.url("/_pages/edited")).await;
    let hear = "window.heard = []; \
        for (const kind of ['resize', 'scroll', 'blur', 'focus', 'visibilitychange']) \
        { addEventListener(kind, () => heard.push(kind), true); } 0";
    desk.ask(hear).await;
    desk.fix().await;
    assert_eq!(desk.ask("heard.join()").await, "");
}
