//! Marking a picture at the desk: by forms alone, and by hand in a real browser.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use sigu_case::report::CopyMade;
use sigu_case::{Command, ItemId, Order};
use sigu_vault::Source;

use crate::desk_write::Browser;
use crate::support::{Filled, Room, now, picture};

/// No colour of it is a cover's.
fn page() -> RgbImage {
    RgbImage::from_fn(80, 120, |x, y| {
        let bright = |value: u32| u8::try_from(128 + value % 127).unwrap();
        Rgb([bright(x * 7 + y), bright(y * 5), bright(x + y * 3)])
    })
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn read(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// A desk with one picture; gives the path of its item.
fn with_picture(secret: bool) -> (Browser, ItemId, String) {
    let desk = Browser::new();
    let content = png(&page());
    let mut fields = vec![("slot", "transaction")];
    fields.extend(secret.then_some(("secret", "yes")));
    let fixed = desk.upload("/orders/dk01/fix", &fields, &[("order.png", &content)]);
    assert_eq!(fixed.status, 303, "{}", fixed.text);
    let item = desk.order("dk01").exhibits.last().unwrap().item;
    (desk, item, format!("/orders/dk01/items/{item}"))
}

fn copies(order: &Order) -> Vec<CopyMade> {
    order.of_kind::<CopyMade>().map(|(_, made)| made.clone()).collect()
}

#[test]
fn a_copy_by_forms_alone() {
    let (desk, item, path) = with_picture(false);
    desk.get(&path).says(&format!("{path}/mark"));
    let empty = desk.get(&format!("{path}/mark"));
    empty.says("还没有标注");
    empty.says("图片宽 80、高 120");
    // Each thing that is added or removed leads to an address that has it so.
    let area = "add=area&kind=cover&left=10&top=20&width=30&height=40";
    let one = desk.get(&format!("{path}/mark?{area}"));
    let at = format!("{path}/mark?mark=cover+10,20,30,40");
    assert_eq!((one.status, one.header("location")), (303, at.as_str()));
    let two = desk.get(&format!("{at}&add=arrow&x=0&y=0&x2=60&y2=100"));
    let at = format!("{at}&mark=arrow+0,0,60,100");
    assert_eq!(two.header("location"), at);
    let three = desk.get(&format!("{at}&add=number&n=7&at_x=70&at_y=10"));
    let all = format!("{at}&mark=number+7,70,10");
    assert_eq!(three.header("location"), all);
    let shown = desk.get(&all);
    shown.says("左 10、上 20、宽 30、高 40");
    shown.says("value=\"8\"");
    shown.says(&format!("{path}/mark/preview?mark=cover+10,20,30,40&#38;mark=arrow"));
    assert_eq!(desk.get(&format!("{all}&remove=2")).header("location"), at);
    let preview = desk.get(&all.replace("/mark?", "/mark/preview?"));
    assert_eq!((preview.status, preview.header("content-type")), (200, "image/png"));
    assert!(copies(&desk.order("dk01")).is_empty(), "nothing is fixed by looking");

    let marks = [("mark", "cover 10,20,30,40"), ("mark", "arrow 0,0,60,100")];
    let fixed = desk.post(&format!("{path}/mark"), &marks);
    let made = copies(&desk.order("dk01"));
    let [made] = made.as_slice() else { panic!("{made:?}") };
    assert_eq!((made.of, made.covers), (item, true));
    let copy = format!("/orders/dk01/items/{}", made.copy);
    assert_eq!((fixed.status, fixed.header("location")), (303, format!("{copy}?made=1").as_str()));
    let told = desk.get(fixed.header("location"));
    told.says("已固定为副本");
    told.says("要遮的都遮全了");
    told.says(&format!("href=\"{path}\""));
    desk.get(&path).says(&format!("href=\"{copy}\""));
    // The same again is the same copy.
    assert_eq!(desk.post(&format!("{path}/mark"), &marks).header("location"), fixed.header("location"));
    // A copy is not marked: its marks go on, on the original.
    assert_eq!(desk.get(&format!("{copy}/mark")).header("location"), at);
    desk.house.assert_clean();
}

#[test]
fn what_is_covered_is_gone() {
    let (desk, item, path) = with_picture(false);
    let marks = [("mark", "cover 10,20,30,40"), ("mark", "mosaic 50,60,20,30")];
    assert_eq!(desk.post(&format!("{path}/mark"), &marks).status, 303);
    let made = copies(&desk.order("dk01")).remove(0);
    let copy = read(&desk.house.with(|vault| vault.content(made.copy).unwrap()));
    let before = page();
    for (x, y, pixel) in copy.enumerate_pixels() {
        let inside =
            |left, top, width, height| (left..left + width).contains(&x) && (top..top + height).contains(&y);
        match (inside(10, 20, 30, 40), inside(50, 60, 20, 30)) {
            (true, _) => assert_eq!(*pixel, Rgb([0x26, 0x26, 0x26]), "{x},{y}"),
            (_, true) => assert!(pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2], "{x},{y}: {pixel:?}"),
            _ => assert_eq!(pixel, before.get_pixel(x, y), "{x},{y}"),
        }
    }
    assert_eq!(desk.house.with(|vault| vault.content(item).unwrap()), png(&before), "the original stays");
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_all_that_was_typed_stays() {
    let (desk, _, path) = with_picture(false);
    let kept = "mark=box+1,2,3,4";
    let wrong = [
        ("add=area&kind=box&left=80&top=2&width=3&height=4", "left", "80", "0 到 79"),
        ("add=area&kind=box&left=70&top=2&width=11&height=4", "width", "11", "1 到 10"),
        ("add=area&kind=box&left=0&top=2&width=3&height=0", "height", "0", "1 到 118"),
        ("add=area&kind=box&left=0&top=-1&width=3&height=4", "top", "-1", "0 到 119"),
        ("add=area&kind=box&left=0&top=99999999999&width=3&height=4", "top", "99999999999", "0 到 119"),
        ("add=arrow&x=5&y=6&x2=5&y2=6", "x2", "5", "同一点"),
        ("add=number&n=100&at_x=5&at_y=6", "n", "100", "1 到 99"),
    ];
    for (typed, field, value, why) in wrong {
        let page = desk.get(&format!("{path}/mark?{kept}&{typed}"));
        assert_eq!(page.status, 422, "{typed}");
        page.says(&format!("name=\"{field}\" value=\"{value}\""));
        page.says("name=\"mark\" value=\"box 1,2,3,4\"");
        let beside = page.text.split(&format!("id=\"w-{field}\">")).nth(1);
        let beside = beside.and_then(|text| text.split('<').next());
        assert!(beside.is_some_and(|text| text.contains(why)), "{typed}: {beside:?}");
    }
    let (left, kind) = (desk.get(&format!("{path}/mark?add=area&kind=box")), "add=area&kind=x&left=1&top=1");
    assert!(left.status == 422 && left.text.contains("id=\"w-left\""));
    desk.get(&format!("{path}/mark?{kind}&width=1&height=1")).says("id=\"w-kind\"");
    // What no form of ours sends is refused by name, and the rest stays.
    for (query, why) in [("mark=box+1,2,300,4&mark=box+1,2,3,4", "超出了图片"), ("mark=circle+1", "读不出来")]
    {
        let page = desk.get(&format!("{path}/mark?{query}"));
        assert_eq!(page.status, 422);
        page.says(why);
        let preview = desk.get(&format!("{path}/mark/preview?mark=box+1,2,300,4"));
        assert_eq!(preview.status, 422);
    }
    let posted = |marks: &[(&str, &str)]| desk.post(&format!("{path}/mark"), marks);
    for (marks, why) in [
        (vec![], "先画至少一处"),
        (vec![("mark", "box 1,2,300,4")], "超出了图片"),
        (vec![("mark", "box 1,2,3,4"); 201], "最多 200 处"),
    ] {
        let page = posted(&marks);
        assert_eq!(page.status, 422, "{why}");
        page.says(why);
    }
    desk.get(&format!("{path}/mark?{}&add=arrow&x=0&y=0&x2=6&y2=6", vec![kept; 200].join("&")))
        .says("最多 200 处");
    assert!(copies(&desk.order("dk01")).is_empty());
}

#[test]
fn a_secret_is_asked_for_and_covered() {
    let (desk, item, path) = with_picture(true);
    assert!(desk.order("dk01").exhibits[0].manifest().unwrap().secret);
    desk.get(&path).says(&format!("{path}/mark"));
    let asks = desk.get(&format!("{path}/mark?mark=cover+1,2,3,4"));
    asks.says("至少遮盖一处");
    assert!(!asks.text.contains("/content") && !asks.text.contains("/preview"), "it is not shown unasked");
    let shown = format!("{path}/mark?mark=cover+1,2,3,4&reveal=1");
    asks.says(&shown.replace('&', "&#38;"));
    desk.get(&shown).says("/content?reveal=1");
    assert_eq!(desk.get(&format!("{path}/mark/preview?mark=cover+1,2,3,4")).status, 403);
    assert_eq!(desk.get(&format!("{path}/mark/preview?mark=cover+1,2,3,4&reveal=1")).status, 200);
    let bare = desk.post(&format!("{path}/mark"), &[("mark", "box 1,2,3,4"), ("reveal", "1")]);
    assert_eq!(bare.status, 422);
    bare.says("还没有遮盖卡密");
    bare.says("value=\"box 1,2,3,4\"");
    let fixed = desk.post(&format!("{path}/mark"), &[("mark", "cover 1,2,30,40"), ("reveal", "1")]);
    assert_eq!(fixed.status, 303, "{}", fixed.text);
    let made = copies(&desk.order("dk01")).remove(0);
    assert_eq!(made.of, item);
    desk.get(&path).says(&format!("/orders/dk01/items/{}", made.copy));
}

#[test]
fn what_cannot_be_marked_says_so() {
    let (desk, _, _) = with_picture(false);
    let files: [(&str, &[u8]); 2] = [("page.png", b"no picture"), ("words.txt", b"words")];
    assert_eq!(desk.upload("/orders/dk01/fix", &[("slot", "transaction")], &files).status, 303);
    for exhibit in &desk.order("dk01").exhibits[1..] {
        let page = desk.get(&format!("/orders/dk01/items/{}/mark", exhibit.item));
        assert_eq!(page.status, 422);
        page.says("这不是能标注的图片");
    }
    assert_eq!(desk.get("/orders/dk01/items/1-9999/mark").status, 404);
    assert_eq!(desk.post("/orders/none/items/1-1/mark", &[("mark", "box 1,1,1,1")]).status, 404);
}

/// The middle of an element on the screen, moved by so many pixels.
async fn spot(room: &Room, selector: &str, across: f64, down: f64) -> (f64, f64) {
    let selector = Value::from(selector);
    let script = format!(
        "(() => {{ const one = document.querySelector({selector}); one.scrollIntoView({{ block: 'nearest' }});\
         const box = one.getBoundingClientRect();\
         return [box.left + box.width * {across}, box.top + box.height * {down}] }})()"
    );
    let at = room.ask(&script).await;
    (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
}

async fn mouse(room: &Room, kind: &str, (x, y): (f64, f64), held: u8) {
    let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": held, "clickCount": 1 });
    room.call("Input.dispatchMouseEvent", event).await;
}

async fn click(room: &Room, selector: &str) {
    let at = spot(room, selector, 0.5, 0.5).await;
    mouse(room, "mousePressed", at, 1).await;
    mouse(room, "mouseReleased", at, 0).await;
}

async fn drag(room: &Room, from: (f64, f64), to: (f64, f64)) {
    mouse(room, "mousePressed", from, 1).await;
    mouse(room, "mouseMoved", ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0), 1).await;
    mouse(room, "mouseMoved", to, 1).await;
    mouse(room, "mouseReleased", to, 0).await;
}

async fn key(room: &Room, key: &str, modifiers: u8) {
    for kind in ["rawKeyDown", "keyUp"] {
        let code = match key {
            "Delete" => 46,
            "ArrowRight" => 39,
            _ => 90,
        };
        let event =
            json!({ "type": kind, "key": key, "modifiers": modifiers, "windowsVirtualKeyCode": code });
        room.call("Input.dispatchKeyEvent", event).await;
    }
}

/// What is drawn on.
const PICTURE: &str = ".sheet-of svg";
const MARKS: &str = "[...document.querySelectorAll('[data-fix] input[name=mark]')].map(one => one.value)";

fn numbers(mark: &Value) -> Vec<i64> {
    let (_, numbers) = mark.as_str().unwrap().split_once(' ').unwrap();
    numbers.split(',').map(|number| number.parse().unwrap()).collect()
}

/// A browser before the picture of an order page, 420 by 760 pixels.
async fn before_a_picture() -> (Room, Value) {
    let mut room = Room::new().await;
    room.width(1440).await;
    let item = order_of(&room).exhibits[0].item;
    assert_eq!(room.open(&format!("/orders/dk01/items/{item}/mark")).await, Vec::<String>::new());
    room.until("document.querySelector('.sheet-of svg') && document.querySelector('.sheet-of img').complete")
        .await;
    click(&room, "[data-tool=box]").await;
    drag(&room, spot(&room, PICTURE, 0.1, 0.2).await, spot(&room, PICTURE, 0.5, 0.4).await).await;
    let made = room.ask(MARKS).await;
    (room, made)
}

fn order_of(room: &Room) -> Order {
    room.filled.with(|vault| vault.order(&"dk01".parse().unwrap()).unwrap().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drag_makes_a_mark_and_undo_removes_it() {
    let (room, made) = before_a_picture().await;
    let sides = numbers(&made[0]);
    for (side, wanted) in sides.iter().zip([42, 152, 169, 153]) {
        assert!((side - wanted).abs() <= 3, "{made}");
    }
    // A click draws nothing but numbers.
    let from = spot(&room, PICTURE, 0.1, 0.2).await;
    mouse(&room, "mousePressed", from, 1).await;
    mouse(&room, "mouseReleased", from, 0).await;
    assert_eq!(room.ask(MARKS).await, made);

    click(&room, "[data-tool=choose]").await;
    // What is chosen is moved with the pointer and with the keys, and each is undone by itself.
    drag(&room, (from.0 + 20.0, from.1 + 20.0), (from.0 + 60.0, from.1 + 20.0)).await;
    let dragged = numbers(&room.ask(MARKS).await[0]);
    assert!(dragged[0] > sides[0] + 20 && dragged[2..] == sides[2..], "{dragged:?}");
    key(&room, "ArrowRight", 0).await;
    key(&room, "ArrowRight", 8).await;
    assert_eq!(numbers(&room.ask(MARKS).await[0])[0], dragged[0] + 11);
    key(&room, "z", 2).await;
    assert_eq!(numbers(&room.ask(MARKS).await[0]), dragged);
    key(&room, "z", 2).await;
    assert_eq!(numbers(&room.ask(MARKS).await[0]), sides);
    click(&room, "[data-do=undo]").await;
    assert_eq!(room.ask(MARKS).await, json!([]));
    key(&room, "Z", 2 | 8).await;
    assert_eq!(room.ask(MARKS).await, made);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_is_kept_seen_and_fixed() {
    let (mut room, made) = before_a_picture().await;
    click(&room, "[data-tool=cover]").await;
    drag(&room, spot(&room, PICTURE, 0.6, 0.1).await, spot(&room, PICTURE, 0.9, 0.2).await).await;
    key(&room, "Delete", 0).await;
    assert_eq!(room.ask(MARKS).await, made);
    drag(&room, spot(&room, PICTURE, 0.6, 0.1).await, spot(&room, PICTURE, 0.9, 0.2).await).await;
    click(&room, "[data-tool=number]").await;
    click(&room, PICTURE).await;
    let marks = room.ask(MARKS).await;
    assert_eq!(marks.as_array().map(Vec::len), Some(3), "{marks}");
    assert!(marks[2].as_str().unwrap().starts_with("number 1,"), "{marks}");
    for scheme in ["light", "dark"] {
        room.scheme(scheme).await;
        assert_eq!(room.judged().await, Vec::<String>::new(), "{scheme}");
    }
    assert_eq!(room.complaints(), Vec::<String>::new());
    // The address has what is drawn: reloading loses nothing.
    room.until("location.search.includes('number')").await;
    room.call("Page.reload", json!({})).await;
    room.until(&format!("document.querySelector('.sheet-of svg') && {MARKS}.length === 3")).await;
    assert_eq!(room.ask(MARKS).await, marks);

    click(&room, "[data-do=look]").await;
    room.until("document.querySelector('.sheet-of img').src.includes('/preview?')").await;
    assert_eq!(room.press("[data-fix] button").await, Vec::<String>::new());
    let made = copies(&order_of(&room));
    assert_eq!(json!(made[0].marks), marks);
    assert_eq!(room.ask("location.pathname").await, format!("/orders/dk01/items/{}", made[0].copy));
    room.until("document.querySelector('.notice.good')").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finger_draws_on_a_narrow_screen_and_keys_do_without_a_pointer() {
    let filled = Filled::new().await;
    filled.with(|vault| {
        let secret = picture(vault, "卡密.png", true);
        vault.execute(vec![secret], now()).unwrap()
    });
    let mut room = Room::before(filled).await;
    let item = order_of(&room).exhibits.last().unwrap().item;
    room.width(360).await;
    let path = format!("/orders/dk01/items/{item}/mark");
    assert_eq!(room.open(&path).await, Vec::<String>::new());
    assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
    assert_eq!(room.press("main .empty .button").await, Vec::<String>::new());
    room.until("document.querySelector('.sheet-of svg') && document.querySelector('.sheet-of img').complete")
        .await;
    assert!(room.overflow().await.is_none() && room.judged().await.is_empty());
    click(&room, "[data-tool=cover]").await;
    let (from, to) = (spot(&room, PICTURE, 0.2, 0.3).await, spot(&room, PICTURE, 0.8, 0.4).await);
    let touch = async |kind: &str, points: Value| {
        room.call("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points })).await;
    };
    touch("touchStart", json!([{ "x": from.0, "y": from.1 }])).await;
    touch("touchMove", json!([{ "x": to.0, "y": to.1 }])).await;
    touch("touchEnd", json!([])).await;
    room.until(&format!("{MARKS}.length === 1")).await;
    // Pressed by a key a tool places its mark by itself.
    room.ask("document.querySelector('[data-tool=arrow]').click()").await;
    let marks = room.ask(MARKS).await;
    assert!(marks[1].as_str().unwrap().starts_with("arrow "), "{marks}");
    assert_eq!(room.press("[data-fix] button").await, Vec::<String>::new());
    assert!(room.overflow().await.is_none());
    assert!(copies(&order_of(&room))[0].covers);
}

/// A picture as high as a captured page of a long dialogue, and narrow, so that a test can afford it.
fn tall() -> RgbImage {
    RgbImage::from_fn(60, 30_000, |_, y| Rgb([200, u8::try_from(y / 128).unwrap(), 120]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_thirty_thousand_pixels_is_seen_and_marked_to_its_end() {
    let filled = Filled::new().await;
    let item = filled.with(|vault| {
        let taken = vault.ingest(vec![Source::Bytes(png(&tall()))], &|_| {}).unwrap().pop().unwrap().unwrap();
        let mut command = picture(vault, "长图.png", false);
        if let Command::FixEvidence { manifest, .. } = &mut command {
            (manifest.content, manifest.size) = (taken.content, taken.size);
        }
        vault.execute(vec![command], now()).unwrap()[0]
    });
    let mut room = Room::before(filled).await;
    room.width(1440).await;
    let path = format!("/orders/dk01/items/{item}");
    let seen = |place: &str| {
        format!("(one => one?.complete && one.naturalHeight)(document.querySelector('{place}')) === 30000")
    };
    assert_eq!(room.open(&path).await, Vec::<String>::new());
    room.until(&seen("main img")).await;
    assert_eq!(room.open(&format!("{path}/mark")).await, Vec::<String>::new());
    room.until(&format!("document.querySelector('.sheet-of svg') && {}", seen(".sheet-of img"))).await;
    click(&room, "[data-tool=cover]").await;
    room.ask("(one => { one.scrollTop = one.scrollHeight; })(document.querySelector('.canvas'))").await;
    drag(&room, spot(&room, PICTURE, 0.2, 0.9985).await, spot(&room, PICTURE, 0.8, 0.9995).await).await;
    let marks = room.ask(MARKS).await;
    let drawn = numbers(&marks[0]);
    assert!(drawn[1] > 29_900 && drawn[1] + drawn[3] <= 30_000, "{marks}");
    click(&room, "[data-do=look]").await;
    room.until(&format!(
        "document.querySelector('.sheet-of img').src.includes('/preview?') && {}",
        seen(".sheet-of img")
    ))
    .await;
    assert_eq!(room.complaints(), Vec::<String>::new());
}
