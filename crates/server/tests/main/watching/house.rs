//! A vault whose machine has a clock that the test moves, and short ways to look at pages with it.

use std::sync::atomic::AtomicI64;

use jiff::Timestamp;
use sigu_capture::browser::Launch;
use sigu_case::page::PageLabel;
use sigu_case::report::PageWatched;
use sigu_case::{Command, OrderFacts};
use sigu_evidence::Identity;
use sigu_server::App;
use sigu_server::outside::net::{Limits, Net};
use sigu_server::watching::{Eyes, Looked, Manner, Outcome, Passed, Wanted, pass};
use sigu_vault::{CheckOptions, Disk, KeyFile, Places, Vault, check, create, os_entropy};
use tempfile::TempDir;

/// A clock that stands until the test moves it; each test has its own.
macro_rules! clock {
    ($name:ident) => {
        mod $name {
            use std::sync::atomic::{AtomicI64, Ordering};

            pub(super) static SECOND: AtomicI64 = AtomicI64::new(1_772_352_000);

            pub(super) fn now() -> jiff::Timestamp {
                jiff::Timestamp::from_second(SECOND.load(Ordering::SeqCst)).unwrap()
            }
        }
    };
}
pub(crate) use clock;

/// How pages are looked at in tests: hosts need no rest.
pub(crate) const AT_ONCE: Manner = Manner { at_once: 8, gap: jiff::SignedDuration::ZERO };

/// A vault on a machine whose clock the test moves.
pub(crate) struct House {
    dir: TempDir,
    pub(crate) app: App,
    identity: Identity,
    eyes: Eyes,
    clock: &'static AtomicI64,
}

impl House {
    pub(crate) fn new(clock: &'static AtomicI64, now: fn() -> Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = Places { vault: dir.path().join("vault"), state: dir.path().join("state") };
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        create(&places, identity.clone(), &key, now(), Disk::default()).unwrap().vault.close().unwrap();
        let app = App { places, identity: identity.clone().into(), now, version: "0" };
        let limits =
            Limits { connect: std::time::Duration::from_secs(20), whole: std::time::Duration::from_secs(60) };
        Self { dir, app, identity, eyes: Eyes::new(Net::new(limits, now).unwrap()), clock }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.app.now)()
    }

    /// With a browser for pages that need one.
    pub(crate) fn with_browser(self, launch: Launch) -> Self {
        Self { eyes: self.eyes.with_browser(launch), ..self }
    }

    /// Moves the clock.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, std::sync::atomic::Ordering::SeqCst);
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&Vault) -> T) -> T {
        let vault = Vault::open(&self.app.places, &self.identity, Disk::default()).unwrap();
        let done = work(&vault);
        vault.close().unwrap();
        done
    }

    pub(crate) fn open_order(&self, label: &str, facts: OrderFacts) {
        let open = Command::OpenOrder { order: label.parse().unwrap(), facts };
        self.with(|vault| vault.execute(vec![open], self.now()).unwrap());
    }

    pub(crate) fn watch(&self, pages: impl IntoIterator<Item = PageWatched>) {
        let commands = pages.into_iter().map(|page| {
            let page = PageWatched { at: self.now(), ..page };
            Command::Report(page.into())
        });
        let commands = commands.collect();
        self.with(|vault| vault.execute(commands, self.now()).unwrap());
    }

    pub(crate) async fn pass(&self, manner: Manner) -> Passed {
        pass(&self.app, &self.eyes, manner, Wanted::Due).await.unwrap()
    }

    /// Looks until nothing is due any more; gives what every look came to.
    pub(crate) async fn settle(&self) -> Vec<Looked> {
        let mut all = Vec::new();
        for _ in 0..20 {
            let passed = self.pass(AT_ONCE).await;
            if passed.pages.is_empty() {
                return all;
            }
            all.extend(passed.pages);
        }
        panic!("there is always something due: {all:?}");
    }

    /// Looks until one page has an answer that is not "look again".
    pub(crate) async fn look(&self, page: &str) -> Outcome {
        let page: PageLabel = page.parse().unwrap();
        let mut last = Outcome::Suspected;
        for _ in 0..5 {
            let own = [page.clone()];
            let passed = pass(&self.app, &self.eyes, AT_ONCE, Wanted::Now(&own)).await.unwrap();
            last = passed.pages.into_iter().next().unwrap().outcome;
            if last != Outcome::Suspected {
                break;
            }
        }
        last
    }

    pub(crate) fn texts(&self, page: &str) -> Vec<String> {
        let versions = self.with(|vault| vault.page(&page.parse().unwrap()).unwrap());
        versions.into_iter().map(|version| version.fixed.text.unwrap_or_default()).collect()
    }

    pub(crate) fn assert_clean(&self) {
        let report =
            check(&self.app.places, &self.identity, CheckOptions { read_data: true }, &|_| {}).unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }

    /// Bytes of the vault's folder.
    pub(crate) fn stored(&self) -> u64 {
        fn size(folder: &std::path::Path) -> u64 {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let of = |path: std::path::PathBuf| {
                if path.is_dir() { size(&path) } else { std::fs::metadata(&path).unwrap().len() }
            };
            entries.map(of).sum()
        }
        size(&self.dir.path().join("vault"))
    }
}
