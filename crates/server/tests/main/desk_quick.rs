//! What the desk keeps from page to page is never older than the vault, and goes with the key.

use std::path::Path;

use sigu_case::{Command, OrderFacts};

use crate::desk::header;
use crate::desk_house::Visitor;
use crate::support::Filled;

/// Opens an order as a command beside the pages does.
fn open(desk: &Filled, label: &str, merchant: &str) {
    desk.with(|vault| {
        let facts = OrderFacts {
            merchant: Some(merchant.to_owned()),
            title: Some("鼎卡".to_owned()),
            paid_at: Some((desk.app.now)() - jiff::SignedDuration::from_hours(1)),
            ..OrderFacts::default()
        };
        let order = label.parse().unwrap();
        vault.execute(vec![Command::OpenOrder { order, facts }], (desk.app.now)()).unwrap();
    });
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// Whether each page that keeps something shows an order and its merchant.
fn shown(visitor: &Visitor, label: &str) -> [bool; 5] {
    let page = |path: &str| {
        let (status, page) = visitor.get(path);
        assert_eq!(status, 200, "{path}: {page}");
        page
    };
    // One character: it is looked for in the lines of all orders.
    let href = format!("/orders/{label}\"");
    [
        page("/").contains(&href),
        page("/orders").contains(&href),
        page("/search?q=%E9%BC%8E").contains(&href),
        page("/merchants").contains("鼎盛数卡"),
        page("/merchants/check?price=1&merchant=%E9%BC%8E%E7%9B%9B%E6%95%B0%E5%8D%A1").contains("1 order"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_shows_what_was_logged_elsewhere_and_notices_a_vault_that_was_put_back() {
    let visitor = Visitor::new().await;
    let places = visitor.desk.app.places.clone();
    let aside = visitor.desk.folder.path().join("aside");
    copy(&places.vault, &aside.join("vault"));
    copy(&places.state, &aside.join("state"));
    assert_eq!(visitor.get("/merchants/%E9%BC%8E%E7%9B%9B%E6%95%B0%E5%8D%A1").0, 404);
    let before = shown(&visitor, "ding1");
    assert_eq!(before[..4], [false; 4]);
    open(&visitor.desk, "ding1", "鼎盛数卡");
    let after = shown(&visitor, "ding1");
    assert_eq!(after[..4], [true; 4]);
    assert!(visitor.get("/merchants/%E9%BC%8E%E7%9B%9B%E6%95%B0%E5%8D%A1").1.contains("/orders/ding1"));
    std::fs::remove_dir_all(&places.vault).unwrap();
    std::fs::remove_dir_all(places.state.join("heads")).unwrap();
    copy(&aside.join("vault"), &places.vault);
    copy(&aside.join("state"), &places.state);
    assert_eq!(shown(&visitor, "ding1"), before);
    assert_eq!(visitor.get("/merchants/%E9%BC%8E%E7%9B%9B%E6%95%B0%E5%8D%A1").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_comes_in_pieces_with_its_length() {
    let visitor = Visitor::new().await;
    let (at, status, page) = visitor.work("/vault/export", "order=C03");
    assert_eq!(status, 200, "{page}");
    let answer = visitor.bytes(&format!("{at}/package"));
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let body = &answer[end + 4..];
    assert_eq!(header(&head, "content-length"), body.len().to_string());
    let state = std::fs::read_dir(&visitor.desk.app.places.state).unwrap().map(Result::unwrap);
    let folder =
        state.map(|one| one.path()).find(|path| path.to_string_lossy().contains("/export-")).unwrap();
    let made = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read(made).unwrap() == body, "bit by bit");
}
