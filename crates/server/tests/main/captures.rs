//! A delivery becomes evidence once, whatever happens on the way.

use sigu_case::report::{Form, ItemDescribed};
use sigu_evidence::{Identity, seal_bytes};
use sigu_server::container::{Header, Role, build};
use sigu_vault::os_entropy;

use crate::house::{House, Running, header};

const ID: &str = "Sigu-Delivery: 0f8fad5b-d9cb-469f-a165-70867728950e";
const OTHER_ID: &str = "Sigu-Delivery: 1f8fad5b-d9cb-469f-a165-70867728950e";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";
const TEXT: &[u8] = "订单号 DK1".as_bytes();

fn capture(slot: &str) -> Header {
    let picture = ("full-page.png", "image/png", Role::ScreenshotFull, PNG);
    header(slot, &[picture, ("page.txt", "text/plain", Role::Text, TEXT)])
}

fn deliver(running: &Running, token: &str, id: &str, body: &[u8]) -> (u16, serde_json::Value) {
    let answer = running.ask_as(token, "POST /api/v1/captures", &[id], body);
    (answer.status, answer.json())
}

#[test]
fn a_capture_is_fixed_whole_with_its_header() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let sealed = house.seal(&capture("transaction"), &[PNG, TEXT]);
    let (status, answer) = deliver(&running, &token, ID, &sealed);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["items"].as_array().unwrap().len(), 3);
    let order = house.order();
    let name = |place: usize| order.exhibits[place].manifest().unwrap().file_name.clone().unwrap();
    assert_eq!([name(0), name(1), name(2)], ["capture.json", "full-page.png", "page.txt"]);
    assert!(order.exhibits.iter().all(|one| one.note.as_deref() == Some("订单详情")));
    assert_eq!(order.exhibits[0].formed_at.unwrap().to_string(), "2026-03-01T09:30:00.123Z");
    let described: Vec<_> = order.of_kind::<ItemDescribed>().map(|(_, one)| one.clone()).collect();
    assert_eq!(described.len(), 3);
    assert_eq!(described[1].form, Some(Form::FullPage));
    assert_eq!(described[1].item, order.exhibits[1].item);
    assert_eq!(described[1].url.as_deref(), Some("https://shop.example/order/1?no=DK1"));
    house.assert_clean();
}

#[test]
fn the_same_delivery_again_gets_the_same_answer() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let sealed = house.seal(&capture("transaction"), &[PNG, TEXT]);
    let first = deliver(&running, &token, ID, &sealed);
    assert_eq!(first.0, 200);
    assert_eq!(deliver(&running, &token, ID, &sealed), first);
    // The note of the answer is lost, as by a crash after the commit: the vault remembers.
    std::fs::remove_dir_all(house.dir.path().join("state/deliveries")).unwrap();
    assert_eq!(deliver(&running, &token, ID, &sealed), first);
    assert_eq!(house.order().exhibits.len(), 3);
    // The same contents for another slot are another thing.
    let sealed = house.seal(&capture("voucher"), &[PNG, TEXT]);
    assert_eq!(deliver(&running, &token, OTHER_ID, &sealed).0, 200);
    assert_eq!(house.order().exhibits.len(), 6);
}

#[test]
fn a_delivery_of_another_browser_cannot_take_a_name() {
    let house = House::new();
    let running = house.run(0);
    let (one, other) = (running.pair(), running.pair());
    let sealed = house.seal(&capture("transaction"), &[PNG, TEXT]);
    assert_eq!(deliver(&running, &one, ID, &sealed).0, 200);
    assert_eq!(deliver(&running, &other, ID, &sealed).0, 409);
}

#[test]
fn what_cannot_be_fixed_is_refused_and_leaves_nothing() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let good = house.seal(&capture("transaction"), &[PNG, TEXT]);
    let stranger = Identity::generate(&mut os_entropy);
    let plain = build(&capture("transaction"), &[PNG, TEXT]).unwrap();
    let foreign = seal_bytes(&plain, &[stranger.recipient()], &mut os_entropy);
    let junk =
        seal_bytes(b"\0\0\0\x05hello", &[house.app.identity.get().unwrap().recipient()], &mut os_entropy);
    let unknown = Header { order: "nobody".to_owned(), ..capture("transaction") };
    let unknown = house.seal(&unknown, &[PNG, TEXT]);
    let future = Header { taken_at: "2999-01-01T00:00:00Z".parse().unwrap(), ..capture("transaction") };
    let future = house.seal(&future, &[PNG, TEXT]);
    let slot = house.seal(&capture("no-slot"), &[PNG, TEXT]);
    let empty = house.seal(&header("chat", &[]), &[]);
    let cases: [(&str, &[u8], u16, &str); 9] = [
        ("Sigu-Delivery: ../../etc", &good, 400, "delivery"),
        (ID, b"", 422, "sealed"),
        (ID, &good[..good.len() - 1], 422, "sealed"),
        (ID, &foreign, 422, "sealed"),
        (ID, &junk, 422, "container"),
        (ID, &unknown, 404, "unknown_order"),
        (ID, &future, 422, "refused"),
        (ID, &slot, 400, "slot"),
        (ID, &empty, 400, "container"),
    ];
    for (id, body, status, code) in cases {
        let (found, answer) = deliver(&running, &token, id, body);
        assert_eq!((found, answer["error"]["code"].as_str()), (status, Some(code)), "{answer}");
    }
    assert!(house.order().exhibits.is_empty());
    assert_eq!(deliver(&running, &token, ID, &good).0, 200);
}

#[test]
fn a_card_secret_on_the_page_of_the_delivery_is_marked_and_masked() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let text = "卡密：7QK3-M9XW-2TRD-8HXA 请尽快使用".as_bytes();
    let picture = ("visible.png", "image/png", Role::ScreenshotVisible, PNG);
    let header = header("delivery", &[picture, ("page.txt", "text/plain", Role::Text, text)]);
    let (status, answer) = deliver(&running, &token, ID, &house.seal(&header, &[PNG, text]));
    assert_eq!(status, 200, "{answer}");
    let order = house.order();
    let page = order.exhibits[2].manifest().unwrap();
    assert!(page.secret);
    assert!(!page.masked.as_deref().unwrap().contains("M9XW"), "{page:?}");
    assert!(order.exhibits[1].manifest().unwrap().secret, "a picture shows it as well");
}

#[test]
fn many_megabytes_go_through() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let mut big = vec![0; 24 << 20];
    os_entropy(&mut big);
    let header = header("chat", &[("full-page.png", "image/png", Role::ScreenshotFull, &big)]);
    let (status, answer) = deliver(&running, &token, ID, &house.seal(&header, &[&big]));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(house.order().exhibits[1].manifest().unwrap().size, big.len() as u64);
    house.assert_clean();
}
