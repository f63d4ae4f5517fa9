//! Order pages of all skins: kept as a plain client gets them, packed as the check wants it.

use std::io::Cursor;

use sigu_capture::archive::{self, Contents, PageRecord};
use sigu_capture::clock::now;
use sigu_capture::exchange::{Answer, BodyState};
use sigu_capture::page::{Capture, Role};
use sigu_practice_shop::{Purchase, Settings, Shop, Skin};

use crate::archive_sample::members;
use crate::support::{Desk, gaps, get, response};

pub(crate) async fn sold(skin: Skin) -> (Shop, Purchase) {
    let now = Some("2026-11-22T01:30:01Z".parse().unwrap());
    let shop = Shop::start(Settings { skin, now, seed: 7, ..Settings::default() }).await.unwrap();
    let purchase = shop.buy(1, 2, "a@mail.test", "abc").unwrap();
    (shop, purchase)
}

/// Every GET of the shop is there with the bytes a plain client gets; returns how many.
fn compare(shop: &Shop, capture: &Capture) -> usize {
    let mut compared = 0;
    for exchange in capture.exchanges.iter().filter(|one| one.url.starts_with(&shop.url("/"))) {
        let Answer::Received(received) = &exchange.answer else {
            panic!("{exchange:?}");
        };
        assert_eq!(received.body.state, BodyState::AsReceived, "{}", exchange.url);
        if exchange.method == "GET" && received.status == 200 {
            let path = exchange.url.strip_prefix(&shop.url("")).unwrap().split('#').next().unwrap();
            assert!(
                received.body.bytes == get(&shop.url(path)).1,
                "{path}: other bytes than a plain client gets"
            );
            compared += 1;
        }
    }
    compared
}

pub(crate) fn packed(capture: &Capture, url: &str) -> Vec<u8> {
    let at = capture.exchanges.iter().find(|exchange| exchange.url == url).unwrap().started_at;
    let title = capture.look.as_ref().unwrap().title.clone();
    let pages = [PageRecord { id: "p1".to_owned(), url: url.to_owned(), title, at }];
    let contents = Contents {
        pages: &pages,
        exchanges: &capture.exchanges,
        sockets: &capture.sockets,
        resources: &[],
        software: "sigu; test",
        created_at: now(),
    };
    let mut out = Cursor::new(Vec::new());
    archive::write(&contents, &mut out).unwrap();
    out.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_page_of_each_skin_is_kept_whole() {
    let desk = Desk::new().await;
    for skin in Skin::ALL {
        let (shop, purchase) = sold(skin).await;
        let capture = desk.capture(&purchase.order_url).await;
        assert_eq!(gaps(&capture), [""; 0], "{skin}: {:?}", capture.gaps);
        let compared = compare(&shop, &capture);
        assert!(compared >= 4, "{skin}: page, two sheets and a script, {compared} compared");
        let look = capture.look.as_ref().unwrap();
        assert!(look.html.contains(&purchase.order_no), "{skin}: the order number");
        let whole = capture.pictures.iter().find(|one| one.role == Role::Screenshot).unwrap();
        assert_eq!((f64::from(whole.width), f64::from(whole.height)), (look.full_width, look.full_height));
        let document = response(&capture, purchase.order_url.strip_prefix(&shop.url("")).unwrap());
        assert_eq!(document.status, 200);
        let package = packed(&capture, &purchase.order_url);
        let report = archive::check(Cursor::new(&package), &archive::Limits::default());
        assert!(report.is_clean(), "{skin}: {:?}", report.findings);
        assert!(members(&package).iter().any(|(name, _)| name == "archive/data.warc.gz"));
    }
}
