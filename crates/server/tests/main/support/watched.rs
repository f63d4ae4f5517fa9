//! A watched page with two versions, as looks would have left it.

use jiff::SignedDuration;
use sigu_case::page::{PageChange, PageFixed};
use sigu_case::report::{PageKind, PageWatched, PageWay};
use sigu_case::{Command, ItemId};
use sigu_evidence::{ContentId, ItemManifest};
use sigu_vault::{Source, Vault};

use super::filled::now;

/// The page all tests know.
pub(crate) const PAGE: &str = "rbw-rules";
const OLD: &str = "售后须知\n第一条 卡密失效的，48 小时内联系客服，全额退款。\n第二条 商家保证金 1000 元。\n第三条 不服处理结果的，可以在申诉中心申诉。";
const NEW: &str = "售后须知\n第一条 卡密失效的，24 小时内联系客服，退款 50%。\n第二条 商家保证金 500 元。\n第三条 <b>本店</b>概不负责。";

/// That a page is watched, of an address.
pub(crate) fn watched(page: &str, url: &str) -> PageWatched {
    PageWatched {
        at: now(),
        page: page.parse().unwrap(),
        url: url.to_owned(),
        name: Some("橙壳数卡<b>售后须知</b>".to_owned()),
        kind: PageKind::AfterSale,
        platform: None,
        merchant: Some("橙壳数卡".to_owned()),
        bound_to: None,
        title: None,
        article: None,
        select: Vec::new(),
        remove: Vec::new(),
        mask: Vec::new(),
        way: PageWay::Http,
        every_hours: 24,
        watched: true,
    }
}

fn version(vault: &Vault, text: &str, before: Option<ItemId>) -> PageFixed {
    let body = format!("<main>{}</main>", text.replace('\n', "<p>")).into_bytes();
    let taken = vault.ingest(vec![Source::Bytes(body)], &|_| {}).unwrap().pop().unwrap().unwrap();
    let manifest = ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: "text/html".to_owned(),
        file_name: Some(format!("{PAGE}.html")),
        source: sigu_evidence::Source::Capture,
        modified_at: None,
        secret: false,
        masked: None,
    };
    let days = if before.is_some() { 1 } else { 9 };
    PageFixed {
        page: PAGE.parse().unwrap(),
        seen_at: now() - SignedDuration::from_hours(24 * days),
        url: Some("https://shop.example/after-sale".to_owned()),
        status: Some(200),
        profile: Some("readable/1".to_owned()),
        text: Some(text.to_owned()),
        cut: false,
        text_sha256: Some(ContentId::of(text.as_bytes())),
        before,
        change: before.map(|_| PageChange::Substance),
        in_force_from: before.map(|_| "2026-12-28".parse().unwrap()),
        published_on: before.map(|_| "2026-12-19".parse().unwrap()),
        manifest: Some(manifest),
    }
}

/// Declares the page and fixes two versions of it.
pub(crate) fn put(vault: &Vault) {
    let declared = watched(PAGE, "https://shop.example/after-sale");
    vault.execute(vec![Command::Report(declared.into())], now()).unwrap();
    let first = Command::FixPage(Box::new(version(vault, OLD, None)));
    let first = vault.execute(vec![first], now()).unwrap()[0];
    let second = Command::FixPage(Box::new(version(vault, NEW, Some(first))));
    vault.execute(vec![second], now()).unwrap();
}
