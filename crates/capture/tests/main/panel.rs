//! The buttons in the page: never in a capture, never to be pressed by the page, back afterwards.

use std::time::Duration;

use serde_json::json;
use sigu_capture::page::Capture;
use sigu_capture::panel::{self, Call, Wish, Words};
use sigu_practice_shop::{Settings, Shop};

use crate::support::{Desk, Site, gaps};

pub(crate) fn words() -> Words {
    let text = str::to_owned;
    Words {
        title: text("四固"),
        fix: text("固定"),
        fix_hint: text("固定这一页"),
        record: text("录制"),
        record_hint: text("录制这一页"),
        stop: text("停止"),
        slot: text("位置"),
        slots: vec![(text("auto"), text("自动")), (text("order"), text("订单"))],
        working: text("正在固定"),
    }
}

async fn with_buttons() -> Desk {
    Desk::prepared(&[], |session| panel::prepare(session, &words())).await
}

const IS_THERE: &str = "document.documentElement.lastElementChild.localName === 'sigu-panel'";

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_with_the_buttons_is_the_same_as_without() {
    let (bare, desk) = (Desk::new().await, with_buttons().await);
    let shop = Shop::start(Settings::default()).await.unwrap();
    for page in ["edited", "sticky", "collapsed", "shadow"] {
        let url = shop.url(&format!("/_pages/{page}"));
        let without = bare.capture(&url).await;
        desk.open(&url).await;
        assert_eq!(desk.ask(IS_THERE).await, true, "{page}: the buttons are in the page");
        let with = desk.fix().await;
        assert_eq!(desk.ask(IS_THERE).await, true, "{page}: the buttons are back");
        assert_eq!(with.gaps, without.gaps, "{page}: the closed root of the buttons is none of the page's");
        let look = |capture: &Capture| capture.look.clone().unwrap();
        assert_eq!(look(&with).html, look(&without).html, "{page}");
        assert_eq!(look(&with).text, look(&without).text, "{page}");
        assert_eq!(with.pictures.len(), without.pictures.len(), "{page}");
        for (one, other) in with.pictures.iter().zip(&without.pictures) {
            assert!(one.png == other.png, "{page}: picture {:?} differs", one.role);
        }
    }
}

/// Alt+Shift and a key, as a person presses it.
async fn press(desk: &Desk, code: &str, key: &str) {
    let session = desk.session();
    for kind in ["rawKeyDown", "keyUp"] {
        let key = json!({ "type": kind, "modifiers": 1 | 8, "code": code, "key": key,
            "windowsVirtualKeyCode": key.as_bytes()[0] });
        session.call("Input.dispatchKeyEvent", key).await.unwrap();
    }
}

/// A page that swallows every key and presses everything it can reach.
const GREEDY: &str = "<!doctype html><meta charset=utf-8><title>t</title><script>
    for (const of of [window, document]) for (const kind of ['keydown', 'keyup', 'click'])
      of.addEventListener(kind, (event) => { event.preventDefault(); event.stopImmediatePropagation(); },
        true);
    window.seen = [];
    new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => seen.push(node))))
      .observe(document, { childList: true, subtree: true });
    function pressAll() {
      const panel = document.querySelector('sigu-panel');
      for (const node of [panel, ...seen]) if (node) {
        node.click && node.click();
        node.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
      }
      const keys = { altKey: true, shiftKey: true, code: 'KeyS', key: 'S', bubbles: true, composed: true };
      for (const of of [window, document, document.body, panel])
        of.dispatchEvent(new KeyboardEvent('keydown', keys));
      return [typeof siguCall, typeof siguPanel, typeof siguTell, typeof siguHide, String(panel.shadowRoot),
        Object.getOwnPropertyNames(window).filter((name) => /sigu/i.test(name)).join()].join(' ');
    }</script><body><h1>订单</h1>";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_cannot_press_the_buttons_and_a_person_can() {
    let desk = with_buttons().await;
    let site = Site::of(vec![("/greedy", GREEDY)]).await;
    let mut calls = panel::calls(&desk.traffic);
    desk.open(&site.url("/greedy")).await;
    let reach = desk.ask("pressAll()").await;
    assert_eq!(reach, "undefined undefined undefined undefined null ", "what the page reaches");
    press(&desk, "KeyS", "S").await;
    let next = tokio::time::timeout(Duration::from_secs(10), calls.recv()).await.expect("a call").unwrap();
    assert_eq!(next, Call { tab: desk.tab.clone(), wish: Wish::Fix, slot: "auto".to_owned() });
    press(&desk, "KeyR", "R").await;
    let next = tokio::time::timeout(Duration::from_secs(10), calls.recv()).await.expect("a call").unwrap();
    assert_eq!(next.wish, Wish::Record, "one call for each key, none from the page");
    desk.ask("pressAll()").await;
    press(&desk, "KeyX", "X").await;
    desk.fix().await;
    assert!(calls.try_recv().is_err(), "no other call");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_removes_what_is_not_its_own_is_taken_as_it_is() {
    let (bare, desk) = (Desk::new().await, with_buttons().await);
    let shop = Shop::start(Settings::default()).await.unwrap();
    let url = shop.url("/_pages/hostile");
    let (without, with) = (bare.capture(&url).await, desk.capture(&url).await);
    assert_eq!(gaps(&with), gaps(&without));
    assert_eq!(with.look.unwrap().html, without.look.unwrap().html);
    assert!(with.pictures[0].png == without.pictures[0].png);
}
