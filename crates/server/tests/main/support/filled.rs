//! A vault with the five example cases, as `sigu case import` takes them in, and one order that is fresh.

use std::net::Ipv4Addr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use sigu_case::history::{History, HistoryContent, HistoryEvidence};
use sigu_case::report::RuleCaptured;
use sigu_case::{Command, OrderFacts, Slot};
use sigu_evidence::{Identity, ItemManifest, find_secrets, mask_text};
use sigu_server::{App, Desk, Words};
use sigu_vault::{Disk, Ingested, KeyFile, Places, Source, Vault, create, os_entropy};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::{captured, watched};

const CASES: &str = include_str!("../../../../case/tests/main/cases.yaml");
/// A picture of an order page, 420 by 760 pixels.
pub(crate) const PICTURE: &[u8] = include_bytes!("order.png");
/// Delivered secrets of the cases that no page may show.
pub(crate) const SECRETS: [&str; 3] = ["MCX7-22QP-91LD-0W4H", "7QKD-ZT4M-90XA", "YST0093821"];

/// The instant at which everything is looked at: after all that the cases tell.
pub(crate) fn now() -> Timestamp {
    "2026-12-20T04:00:00Z".parse().unwrap()
}

/// A desk over a filled vault, served until it is dropped.
pub(crate) struct Filled {
    pub(crate) desk: Arc<Desk>,
    pub(crate) port: u16,
    pub(crate) app: App,
    pub(crate) folder: TempDir,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Filled {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Filled {
    pub(crate) async fn new() -> Self {
        Self::with_vault(fill).await
    }

    /// A desk over a vault filled in another way.
    pub(crate) async fn with_vault(fill: impl FnOnce(&Vault)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill);
        Self::serving(folder, app, |desk| desk).await
    }

    pub(crate) async fn with_clock(now: fn() -> Timestamp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App { now, ..app(&folder, fill) };
        Self::serving(folder, app, |desk| desk).await
    }

    /// A desk that can start the practice shop.
    pub(crate) async fn with_shop(program: std::path::PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill);
        Self::serving(folder, app, |desk| desk.with_shop(program)).await
    }

    /// A desk with this net whose vault is filled so.
    pub(crate) async fn with_net(net: sigu_server::outside::net::Net, fill: impl FnOnce(&Vault)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill);
        Self::serving(folder, app, |desk| desk.with_net(net)).await
    }

    /// A desk that others of the user find.
    pub(crate) async fn findable() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder, fill);
        Self::serving(folder, app, Desk::findable).await
    }

    async fn serving(folder: TempDir, app: App, with: impl FnOnce(Desk) -> Desk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk = with(Desk::new(app.clone(), port, Words::chinese()));
        let desk = Arc::new(desk.with_addresses(|| vec![Ipv4Addr::LOCALHOST]));
        let own = desk.clone();
        let serving = tokio::spawn(async move {
            sigu_server::open(listener, own, std::future::pending()).await.unwrap();
        });
        Self { desk, port, app, folder, serving }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Works on the vault between the pages.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Vault) -> T) -> T {
        let vault =
            Vault::open(&self.app.places, &self.app.identity.get().unwrap(), Disk::default()).unwrap();
        let done = work(&vault);
        vault.close().unwrap();
        done
    }
}

fn app(folder: &TempDir, fill: impl FnOnce(&Vault)) -> App {
    let places = Places { vault: folder.path().join("vault"), state: folder.path().join("state") };
    let identity = Identity::generate(&mut os_entropy);
    let key = KeyFile::Plain(identity.clone());
    let new = create(&places, identity.clone(), &key, now(), Disk::default()).unwrap();
    fill(&new.vault);
    new.vault.close().unwrap();
    App { places, identity: identity.into(), now, version: "0.1.0" }
}

/// The five example cases.
pub(crate) fn cases() -> History {
    History::parse(CASES, now()).unwrap()
}

/// The words of a piece of evidence of the cases.
pub(crate) fn noted(one: &HistoryEvidence) -> &str {
    match &one.content {
        HistoryContent::Noted(text) => text,
        HistoryContent::File(name) => panic!("the cases name no files: {name}"),
    }
}

/// Takes in the cases, as `sigu case import` does.
pub(crate) fn take_in(vault: &Vault) {
    let history = cases();
    let evidence: Vec<&HistoryEvidence> = history.evidence().collect();
    let source = |one: &&HistoryEvidence| Source::Bytes(noted(one).as_bytes().to_vec());
    let taken = vault.ingest(evidence.iter().map(source).collect(), &|_| {}).unwrap();
    let manifests =
        evidence.iter().zip(taken).map(|(one, taken)| Some(manifest(one.slot, &taken.unwrap()))).collect();
    vault.execute_from(|first| history.commands(first, manifests), now()).unwrap();
}

fn fill(vault: &Vault) {
    take_in(vault);
    let before = |minutes: i64| now().checked_sub(jiff::SignedDuration::from_mins(minutes)).ok();
    let facts = OrderFacts {
        title: Some(
            "100 元点卡，一个<b>名字</b>很长的商品：自动发货、付款后秒发、永久质保、售后七天".to_owned(),
        ),
        merchant: Some("橙壳数卡".to_owned()),
        amount_fen: Some(9_500),
        paid_at: before(100),
        delivered_at: before(95),
        ..OrderFacts::default()
    };
    let fresh = Command::OpenOrder { order: "dk01".parse().unwrap(), facts };
    let rule = |text: &str, from| {
        let rule = RuleCaptured {
            at: now(),
            platform: "acg".to_owned(),
            title: "售后规则".to_owned(),
            article: "3".to_owned(),
            text: Some(text.to_owned()),
            in_force_from: Some(from),
            in_force_to: None,
            published_on: None,
            snapshot: None,
        };
        Command::Report(rule.into())
    };
    let rules = [
        rule("卡密有问题的，二十四小时内联系客服，核实后补发或者退款。", date(2026, 1, 1)),
        rule("卡密有问题的，十二小时内联系客服，核实后补发。", date(2026, 9, 1)),
    ];
    let picture = picture(vault, "订单详情.png", false);
    vault.execute([vec![fresh], rules.into(), vec![picture]].concat(), now()).unwrap();
    captured::put(vault, "dk01", &captured::archive(captured::ORDER_PAGE), false);
    watched::put(vault);
}

/// Fixes the picture of an order page to the fresh order.
pub(crate) fn picture(vault: &Vault, name: &str, secret: bool) -> Command {
    let taken = vault.ingest(vec![Source::Bytes(PICTURE.to_vec())], &|_| {}).unwrap().pop().unwrap().unwrap();
    let manifest = ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: "image/png".to_owned(),
        file_name: Some(name.to_owned()),
        source: sigu_evidence::Source::File,
        modified_at: None,
        secret,
        masked: None,
    };
    let (order, note) = ("dk01".parse().unwrap(), None);
    Command::FixEvidence { order, slot: Slot::Other, formed_at: None, note, manifest }
}

fn manifest(slot: Slot, taken: &Ingested) -> ItemManifest {
    let text = taken.short.as_ref().and_then(|short| short.text());
    let secret = text.filter(|text| slot == Slot::Delivery && !find_secrets(text).is_empty());
    ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: "text/plain".to_owned(),
        file_name: None,
        source: sigu_evidence::Source::File,
        modified_at: None,
        secret: secret.is_some(),
        masked: secret.map(mask_text),
    }
}
