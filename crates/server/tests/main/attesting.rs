//! Outsiders asked about a real vault: real services, calendars, relays and witnesses of this machine.

mod asked;
mod attacks;
mod pages;
mod quick;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use sigu_case::{Command, ItemId, OrderFacts};
use sigu_evidence::Identity;
use sigu_server::App;
use sigu_server::answers::Between;
use sigu_server::attesting::{Passed, pass};
use sigu_server::outside::services::Services;
use sigu_vault::{Disk, KeyFile, Places, Vault, create, os_entropy};
use tempfile::TempDir;

use crate::support::outside::{Beacons, Calendars, TestWitness, Tsa, clock, net};

/// A vault with one order, on a machine with these places.
pub(crate) struct House {
    _dir: TempDir,
    pub(crate) app: App,
    identity: Identity,
}

impl House {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = Places { vault: dir.path().join("vault"), state: dir.path().join("state") };
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        let new = create(&places, identity.clone(), &key, clock(), Disk::default()).unwrap();
        let order = "dk01".parse().unwrap();
        let open = Command::OpenOrder { order, facts: OrderFacts::default() };
        new.vault.execute(vec![open], clock()).unwrap();
        new.vault.close().unwrap();
        Self { _dir: dir, app: Self::app(places, &identity), identity }
    }

    fn app(places: Places, identity: &Identity) -> App {
        App { places, identity: identity.clone().into(), now: clock, version: "0" }
    }

    /// The same vault on another machine, or as it was: a copy of both folders, or of the vault alone.
    pub(crate) fn copy(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = Places { vault: dir.path().join("vault"), state: dir.path().join("state") };
        copy(&self.app.places.vault, &places.vault);
        copy(&self.app.places.state, &places.state);
        Self { _dir: dir, app: Self::app(places, &self.identity), identity: self.identity.clone() }
    }

    /// The same machine with another clock.
    pub(crate) fn at(self, now: fn() -> Timestamp) -> Self {
        Self { app: App { now, ..self.app.clone() }, ..self }
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&Vault) -> T) -> T {
        let vault = Vault::open(&self.app.places, &self.identity, Disk::default()).unwrap();
        let done = work(&vault);
        vault.close().unwrap();
        done
    }

    /// Says something in the order, by this machine's clock.
    pub(crate) fn say(&self, text: &str) -> ItemId {
        self.try_say(text).unwrap()
    }

    pub(crate) fn try_say(&self, text: &str) -> sigu_vault::Result<ItemId> {
        let now = (self.app.now)();
        let said = Command::RecordMessage {
            order: "dk01".parse().unwrap(),
            said_at: now,
            direction: sigu_case::Direction::Out,
            channel: sigu_case::Channel::Platform,
            text: text.to_owned(),
            detail: Default::default(),
        };
        let vault = Vault::open(&self.app.places, &self.identity, Disk::default())?;
        let done = vault.execute(vec![said], now).map(|items| items[0]);
        vault.close()?;
        done
    }

    pub(crate) fn ask(&self, services: &Services) {
        self.with(|vault| vault.set_services(Some(&services.to_toml())).unwrap());
    }

    pub(crate) async fn pass(&self, eager: bool) -> Passed {
        pass(&self.app, &net(), eager).await.unwrap()
    }

    pub(crate) fn between(&self, item: ItemId) -> Between {
        self.with(|vault| Between::of(item, &vault.brackets(&[item]).unwrap()[&item]))
    }

    /// Checks the vault and gives the codes of what is found.
    pub(crate) fn check(&self) -> Vec<&'static str> {
        let options = sigu_vault::CheckOptions { read_data: true };
        let report = sigu_vault::check(&self.app.places, &self.identity, options, &|_| {}).unwrap();
        report.findings.iter().map(|finding| finding.code.code()).collect()
    }

    pub(crate) fn vkey(&self) -> String {
        self.with(|vault| vault.attestable().unwrap().key.to_string())
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Two services under different roots, two calendars, a relay of drand, two witnesses.
pub(crate) struct World {
    pub(crate) services: [Tsa; 2],
    pub(crate) calendars: Calendars,
    _beacons: Beacons,
    pub(crate) witnesses: [Arc<TestWitness>; 2],
    pub(crate) list: Services,
}

impl World {
    pub(crate) async fn new(vkey: &str) -> Self {
        let services = [Tsa::new().await, Tsa::new().await];
        let (calendars, beacons) = (Calendars::new().await, Beacons::new().await);
        let logs = [vkey.to_owned()];
        let witnesses = [1, 2].map(|number| TestWitness::new(number, &logs));
        let [first, second] = witnesses;
        let witnesses = [Arc::new(first.await), Arc::new(second.await)];
        let mut list = Services {
            timestamps: vec![services[0].service("one", "/"), services[1].service("two", "/")],
            calendars: vec![calendars.calendar("good-a"), calendars.calendar("good-b")],
            beacons: vec![beacons.relay("good-round-123")],
            witnesses: witnesses.iter().map(|one| one.known.clone()).collect(),
            policy_text: String::new(),
        };
        list.want_witnesses(2);
        list.check().unwrap();
        Self { services, calendars, _beacons: beacons, witnesses, list }
    }
}
