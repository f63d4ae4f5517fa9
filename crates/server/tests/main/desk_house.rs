//! What is asked of the pages of merchants, rules and law, and the vault.

use std::io::{Read, Write};

use sigu_vault::{CheckOptions, check};

use crate::desk::{ask, enter, header};
use crate::support::Filled;

/// A browser that was let in: the header lines it sends.
pub(crate) struct Visitor {
    pub(crate) desk: Filled,
    host: String,
    cookie: String,
    origin: String,
}

impl Visitor {
    pub(crate) async fn new() -> Self {
        Self::to(Filled::new().await)
    }

    pub(crate) fn to(desk: Filled) -> Self {
        let host = format!("Host: 127.0.0.1:{}", desk.port);
        let cookie = enter(&desk, &host);
        let origin = format!("Origin: {}", desk.origin());
        Self { desk, host, cookie, origin }
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        ask(&self.desk, &format!("GET {path}"), &[&self.host, &self.cookie, "Cookie: sigu-lang=en"], "")
    }

    /// The whole answer as it came.
    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let mut socket = std::net::TcpStream::connect(("127.0.0.1", self.desk.port)).unwrap();
        socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{}\r\n{}\r\n\r\n", self.host, self.cookie);
        socket.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).unwrap();
        bytes
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> (u16, String) {
        let headers = [self.host.as_str(), &self.cookie, &self.origin, "Cookie: sigu-lang=en"];
        ask(&self.desk, &format!("POST {path}"), &headers, body)
    }

    /// Asks for long work and gives where it was shown, and what was shown when it had ended.
    pub(crate) fn work(&self, path: &str, body: &str) -> (String, u16, String) {
        let (status, answer) = self.post(path, body);
        assert_eq!(status, 303, "{answer}");
        let at = header(&answer, "location").to_owned();
        assert!(at.starts_with("/vault/work/"), "{at}");
        loop {
            let (status, page) = self.get(&at);
            if !page.contains("data-work") {
                return (at, status, page);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_is_judged_and_a_wrong_field_is_named_with_all_that_was_typed() {
    let visitor = Visitor::new().await;
    let (status, page) = visitor.get("/merchants/check?merchant=%3Cb%3Enobody&price=12&off_platform=yes");
    assert_eq!(status, 200);
    assert!(page.contains("class=\"card verdict bad\""), "moving off the platform speaks against it");
    assert!(page.contains("&#60;b&#62;nobody") && !page.contains("<b>nobody"), "{page}");
    let (status, page) = visitor.get("/merchants/check?merchant=nobody&price=twelve&deposit=5");
    assert_eq!(status, 422);
    assert!(page.contains("value=\"twelve\" aria-invalid=\"true\""), "{page}");
    assert!(page.contains("value=\"nobody\"") && page.contains("value=\"5\"") && !page.contains("verdict"));
    assert_eq!(visitor.get("/merchants/nobody").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn law_is_found_by_words_and_by_id_and_rules_show_what_changed() {
    let visitor = Visitor::new().await;
    let found =
        |query: &str| visitor.get(&format!("/rules/law?q={query}")).1.matches("href=\"/rules/law/").count();
    let all = found("");
    assert!(all > 20, "{all}");
    assert_eq!(found("l-cpl-48"), 1);
    // The words for 退款, in Chinese, are found by a reader of English too.
    assert!((1..all).contains(&found("%E9%80%80%E6%AC%BE")));
    // The link to all articles is the one that is left.
    assert_eq!(found("zzzz"), 0);
    assert_eq!(visitor.get("/rules/law/L-NONE-1").0, 404);
    assert_eq!(visitor.get("/rules/profiles/none").0, 404);
    let (_, versions) = visitor.get("/rules/versions");
    assert!(versions.contains("<del>") && versions.contains("<ins>"), "{versions}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vault_is_checked_backed_up_and_a_package_of_an_order_leaves_without_secrets() {
    let visitor = Visitor::new().await;
    let (_, status, page) = visitor.work("/vault/check", "contents=yes");
    assert_eq!(status, 200);
    assert!(page.contains("class=\"good\""), "{page}");

    let (status, page) = visitor.post("/vault/backup", "folder=here");
    assert_eq!(status, 422);
    assert!(page.contains("value=\"here\"") && page.contains("id=\"folder-wrong\""), "{page}");
    let inside = format!("folder={}/x", visitor.desk.app.places.vault.display());
    let (_, status, page) = visitor.work("/vault/backup", &inside);
    assert_eq!(status, 422, "not into the vault itself");
    assert!(page.contains("lies inside the vault"), "{page}");
    assert!(page.contains(&inside["folder=".len()..]), "what was typed is still there");
    let folder = visitor.desk.folder.path().join("backup");
    let (_, status, page) = visitor.work("/vault/backup", &format!("folder={}", folder.display()));
    assert_eq!(status, 200, "{page}");
    assert!(folder.join("backup.json").is_file());

    let order = visitor
        .desk
        .with(|vault| vault.orders().unwrap())
        .iter()
        .find(|one| one.complete > 0)
        .unwrap()
        .order
        .clone();
    let (at, status, page) = visitor.work("/vault/export", &format!("order={order}"));
    assert_eq!(status, 200, "{page}");
    assert!(page.contains(&format!("href=\"{at}/package\"")), "{page}");
    let (status, zip) = visitor.get(&format!("{at}/package"));
    assert_eq!((status, header(&zip, "content-type")), (200, "application/zip"));
    assert!(header(&zip, "content-disposition").starts_with("attachment; filename=\"sigu-"), "{zip}");
    assert!(zip.split_once("\r\n\r\n").unwrap().1.starts_with("PK"));
    let (_, status, page) = visitor.work("/vault/export", "order=none");
    assert_eq!(status, 200);
    assert!(page.contains("No package was made"), "{page}");
    assert_eq!(visitor.get(&at).0, 404, "the package before is gone");
    let left = std::fs::read_dir(&visitor.desk.app.places.state).unwrap();
    let left: Vec<_> = left.map(|one| one.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("export-")), "{left:?}");
    assert_eq!(visitor.post("/vault/export", "order=..").0, 404);
    let app = &visitor.desk.app;
    let report =
        check(&app.places, &app.identity.get().unwrap(), CheckOptions { read_data: true }, &|_| {}).unwrap();
    assert!(report.clean(), "{:?}", report.findings);
}
