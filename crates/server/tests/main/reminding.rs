//! Reminders: a simulated month, what leaves, each channel's own form against receivers on loopback, the calendar.

mod calendar;
mod desk;
mod forms;
mod leaks;
mod mail;
mod month;
mod receivers;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sigu_case::report::Sense;
use sigu_case::{Channel as Way, Command, Direction, MessageDetail, OrderFacts};
use sigu_evidence::Identity;
use sigu_server::Words;
use sigu_server::reminding::channel::Field;
use sigu_server::reminding::{AHEAD, Channel, ChannelKind, Passed, Plan, Settings, Ways, pass};
use sigu_vault::{Disk, JobBook, KeyFile, Places, Vault, create, os_entropy};
use tempfile::TempDir;

use crate::support::outside::net;

/// A wall time of Asia/Shanghai.
fn wall(text: &str) -> Timestamp {
    format!("{text}:00+08:00").parse().unwrap()
}

/// A desktop that takes nothing, as a machine without one.
fn no_screen(_: &str, _: &str) -> Result<(), String> {
    Err("no session bus".to_owned())
}

/// A vault in a scratch folder, and the ways out of its machine.
struct House {
    _dir: TempDir,
    places: Places,
    identity: Identity,
    ways: Ways,
}

impl House {
    fn new(at: Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = Places { vault: dir.path().join("vault"), state: dir.path().join("state") };
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        create(&places, identity.clone(), &key, at, Disk::default()).unwrap().vault.close().unwrap();
        let ways = Ways { net: Some(net()), desktop: no_screen };
        Self { _dir: dir, places, identity, ways }
    }

    fn with<T>(&self, work: impl FnOnce(&Vault) -> T) -> T {
        let vault = Vault::open(&self.places, &self.identity, Disk::default()).unwrap();
        let done = work(&vault);
        vault.close().unwrap();
        done
    }

    /// An order that was paid and delivered at an instant.
    fn order(&self, label: &str, at: Timestamp) {
        let facts = OrderFacts { paid_at: Some(at), delivered_at: Some(at), ..OrderFacts::default() };
        let open = Command::OpenOrder { order: label.parse().unwrap(), facts };
        self.with(|vault| vault.execute(vec![open], at).unwrap());
    }

    /// A notice that was sent in an order.
    fn notice(&self, label: &str, at: Timestamp) {
        let said = Command::RecordMessage {
            order: label.parse().unwrap(),
            said_at: at,
            direction: Direction::Out,
            channel: Way::Platform,
            text: "请处理".to_owned(),
            detail: MessageDetail { sense: Some(Sense::Notice), ..MessageDetail::default() },
        };
        self.with(|vault| vault.execute(vec![said], at).unwrap());
    }

    /// Changes how the user wants it.
    fn set<T>(&self, at: Timestamp, work: impl FnOnce(&mut Settings) -> T) -> T {
        self.with(|vault| {
            let mut settings = Settings::read(vault).unwrap();
            let done = work(&mut settings);
            settings.keep(vault, at).unwrap();
            done
        })
    }

    /// Adds a channel and gives its number.
    fn channel(&self, kind: ChannelKind, fields: &[(Field, &str)], at: Timestamp) -> u32 {
        let mut channel = Channel::of(kind, at);
        for (field, text) in fields {
            channel.fill(*field, text);
        }
        self.set(at, |settings| settings.add(channel).unwrap())
    }

    /// What is planned at an instant, as one process reads it.
    fn plan(&self, now: Timestamp) -> Arc<Plan> {
        self.with(|vault| {
            let (book, agendas) = (JobBook::open(&self.places).unwrap(), vault.agendas().unwrap());
            Arc::new(Plan::read(vault, &book, &agendas, now, AHEAD).unwrap())
        })
    }

    async fn pass(&self, now: Timestamp) -> Passed {
        self.go_by(&self.plan(now), now).await
    }

    /// A pass by a plan that was made before, as while the vault is locked.
    async fn go_by(&self, plan: &Arc<Plan>, now: Timestamp) -> Passed {
        pass(&self.places, plan, &self.ways, &Words::chinese(), now, false).await.unwrap()
    }
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}
