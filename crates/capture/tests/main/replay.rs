//! The order page of each skin, captured by a real browser, before the tools of others; and its replay by pywb, in
//! the real browser again, beside the page as it was while the shop was there.

use std::io::Cursor;

use serde_json::Value;
use sigu_capture::archive;
use sigu_practice_shop::{Purchase, Skin};

use crate::pages_of_shops::{packed, sold};
use crate::support::{Desk, Judged, Replay, gaps};

/// What a person sees of a document: its text, what is in its fields, its pictures, and how each element looks.
const SIGHT: &str = "(d) => ({ text: d.body.innerText,
  fields: [...d.querySelectorAll('input,textarea')].map((e) => e.value),
  pictures: [...d.images].map((e) => [e.complete, e.naturalWidth, e.naturalHeight]),
  looks: [...d.body.querySelectorAll('*')].map((e) => { const s = d.defaultView.getComputedStyle(e);
    return [e.localName, s.display, s.color, s.backgroundColor, s.fontSize].join(' ') }) })";

/// An order page as it was.
struct Seen {
    skin: Skin,
    purchase: Purchase,
    sight: Value,
    package: Vec<u8>,
}

/// Opens and captures the order page; then the shop is gone.
async fn seen(desk: &Desk, skin: Skin) -> Seen {
    let (shop, purchase) = sold(skin).await;
    let capture = desk.capture(&purchase.order_url).await;
    assert_eq!(gaps(&capture), [""; 0], "{skin}: {:?}", capture.gaps);
    let sight = desk.ask(&format!("({SIGHT})(document)")).await;
    let package = packed(&capture, &purchase.order_url);
    drop(shop);
    Seen { skin, purchase, sight, package }
}

/// The page in the replay's frame, as soon as its text is the wanted one, or as it is after 20 seconds.
async fn replayed(desk: &Desk, replay: &Replay, page: &Seen) -> Value {
    desk.open(&replay.url("2026", "", &page.purchase.order_url)).await;
    let wanted = &page.sight["text"];
    desk.ask(&format!(
        "new Promise((done) => {{ const end = Date.now() + 20000; const look = () => {{
          const d = document.querySelector('iframe')?.contentDocument;
          const now = d && d.body && d.readyState === 'complete' ? ({SIGHT})(d) : null;
          if ((now && now.text === {wanted}) || Date.now() > end) done(now); else setTimeout(look, 30) }};
        look() }})"
    ))
    .await
}

/// What is to be seen on every order page, so that two empty pages are not alike.
fn is_the_order(page: &Seen) {
    let (skin, sight) = (page.skin, &page.sight);
    let shown = format!("{} {}", sight["text"], sight["fields"]);
    assert!(shown.contains(&page.purchase.order_no), "{skin}: the order number in {shown}");
    let fen = page.purchase.amount_fen;
    let amount = format!("{}.{:02}", fen / 100, fen % 100);
    assert!(shown.contains(&amount), "{skin}: {amount} in {shown}");
    if skin == Skin::Rbw {
        let picture = &sight["pictures"][0];
        assert!(picture[0] == true && picture[1].as_u64() > Some(0), "{skin}: {picture}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_page_of_each_skin_passes_the_tools_of_others_and_replays_as_it_was() {
    let desk = Desk::new().await;
    let mut pages = Vec::new();
    for skin in Skin::ALL {
        let page = seen(&desk, skin).await;
        is_the_order(&page);
        let report = archive::check(Cursor::new(&page.package), &archive::Limits::default());
        assert!(report.is_clean(), "{skin}: {:?}", report.findings);
        let judged = Judged::new(page.package.clone());
        judged.digests_pass(report.records);
        judged.package_is_valid();
        assert!(judged.index_is_the_same() >= 4, "{skin}: page, two sheets and a script");
        pages.push(page);
    }
    let packages: Vec<&[u8]> = pages.iter().map(|page| page.package.as_slice()).collect();
    let replay = Replay::of(&packages);
    for page in &pages {
        let sight = replayed(&desk, &replay, page).await;
        for part in ["text", "fields", "pictures", "looks"] {
            assert_eq!(sight[part], page.sight[part], "{}: {part} in the replay", page.skin);
        }
    }
}
