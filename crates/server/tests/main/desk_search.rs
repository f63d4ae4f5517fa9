//! The search of the desk: the field on every page, answers by order with their words marked, nothing of a secret.

use crate::desk::{ask, enter};
use crate::support::{Filled, Room, SECRETS};

/// Asks for words; gives the page.
fn found(desk: &Filled, cookie: &str, asked: &str) -> String {
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let (status, page) = ask(desk, &format!("GET /search?q={asked}"), &[&host, cookie], "");
    assert_eq!(status, 200, "{page}");
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_stand_by_order_with_their_words_marked() {
    let desk = Filled::new().await;
    let cookie = enter(&desk, &format!("Host: 127.0.0.1:{}", desk.port));
    // 點卡 for 点卡.
    let page = found(&desk, &cookie, "%E9%BB%9E%E5%8D%A1");
    assert!(page.contains("<mark>点卡</mark>") && page.contains("href=\"/orders/dk01\""), "{page}");
    assert!(page.contains("value=\"點卡\""), "what was typed stays in the field");
    assert!(!page.contains("<b>名字</b>"), "words of others are not markup");
    // 退款 stands in messages, which are shown in their dialogue.
    let page = found(&desk, &cookie, "%E9%80%80%E6%AC%BE");
    assert!(page.contains("<mark>退款</mark>") && page.contains("/talk#m1-"), "{page}");
    let page = found(&desk, &cookie, "%3Cb%3Enone%3C");
    assert!(page.contains("没有找到") && !page.contains("<b>none"), "{page}");
    let page = found(&desk, &cookie, "");
    assert!(page.contains("找什么"), "{page}");
    for secret in SECRETS {
        let page = found(&desk, &cookie, secret);
        assert!(page.contains("没有找到"), "{secret} is found: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slash_goes_to_the_field_and_enter_asks() {
    let mut room = Room::new().await;
    room.open("/orders").await;
    let typed = room
        .ask(
            "(() => { document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true })); \
             return document.activeElement.id })()",
        )
        .await;
    assert_eq!(typed, "find");
}
