//! A small vault in a scratch folder, and short ways to write to it, look at it and copy it.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use sigu_case::{Channel, Command, Direction, ItemId, OrderFacts, OrderId, Slot};
use sigu_evidence::{Identity, ItemManifest, mask};
use sigu_vault::{
    CheckOptions, CheckReport, Disk, FindingCode, Ingested, KeyFile, Places, Result, ShortContent, Source,
    Vault, check, create, os_entropy,
};
use tempfile::TempDir;

/// A card secret that the masking finds.
pub(crate) const CARD: &str = "7QK3-M9XW-2TRD-8HXA";
/// The order of all fixtures.
pub(crate) const ORDER: &str = "dk01";

/// The device's clock: minutes after eight in the morning of the first of March.
pub(crate) fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minute)
}

/// A vault's places, keys and scratch folder. The vault itself is closed.
pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) places: Places,
    pub(crate) identity: Identity,
    pub(crate) recovery: Identity,
}

impl House {
    /// A closed vault with one order and nothing in it.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = places_in(dir.path());
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        let new = create(&places, identity.clone(), &key, at(0), Disk::default()).unwrap();
        open_order(&new.vault, ORDER, 1).unwrap();
        new.vault.close().unwrap();
        Self { dir, places, identity, recovery: new.recovery }
    }

    /// Opens the vault on a good disk.
    pub(crate) fn open(&self) -> Vault {
        self.open_on(Disk::default()).unwrap()
    }

    pub(crate) fn open_on(&self, disk: Disk) -> Result<Vault> {
        Vault::open(&self.places, &self.identity, disk)
    }

    /// Opens the vault, works on it, closes it.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Vault) -> T) -> T {
        let vault = self.open();
        let done = work(&vault);
        vault.close().unwrap();
        done
    }

    /// Checks everything, contents included.
    pub(crate) fn check(&self) -> CheckReport {
        check_at(&self.places, &self.identity)
    }

    /// Asserts that a check finds no damage and returns the codes of its notices.
    pub(crate) fn assert_clean(&self) -> Vec<FindingCode> {
        clean(&self.check())
    }

    /// The codes of all a check finds.
    pub(crate) fn codes(&self) -> Vec<FindingCode> {
        codes(&self.check())
    }

    /// The same vault, copied with this machine's memory to a scratch folder of its own.
    pub(crate) fn copy(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let places = places_in(dir.path());
        copy_folder(&self.places.vault, &places.vault);
        copy_folder(&self.places.state, &places.state);
        Self { dir, places, identity: self.identity.clone(), recovery: self.recovery.clone() }
    }

    /// A path in the scratch folder, outside the vault.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// The vault and this machine's memory in one folder.
pub(crate) fn places_in(folder: &Path) -> Places {
    Places { vault: folder.join("vault"), state: folder.join("state") }
}

pub(crate) fn check_at(places: &Places, identity: &Identity) -> CheckReport {
    check(places, identity, CheckOptions { read_data: true }, &|_| {}).unwrap()
}

pub(crate) fn codes(report: &CheckReport) -> Vec<FindingCode> {
    report.findings.iter().map(|finding| finding.code).collect()
}

pub(crate) fn clean(report: &CheckReport) -> Vec<FindingCode> {
    assert!(report.clean(), "{:?}", report.findings);
    codes(report)
}

pub(crate) fn order(label: &str) -> OrderId {
    label.parse().unwrap()
}

pub(crate) fn open_order(vault: &Vault, label: &str, minute: i64) -> Result<Vec<ItemId>> {
    let facts = OrderFacts { title: Some("100 元点卡".to_owned()), ..OrderFacts::default() };
    vault.execute(vec![Command::OpenOrder { order: order(label), facts }], at(minute))
}

/// What is said of content that is not secret.
pub(crate) fn manifest(ingested: &Ingested, name: &str) -> ItemManifest {
    ItemManifest {
        content: ingested.content,
        size: ingested.size,
        media_type: "text/plain".to_owned(),
        file_name: Some(name.to_owned()),
        source: sigu_evidence::Source::File,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

/// What is said of a card secret.
pub(crate) fn secret_manifest(ingested: &Ingested) -> ItemManifest {
    let text = ingested.short.as_ref().and_then(ShortContent::text).unwrap();
    let masked = Some(mask(text).public());
    ItemManifest { secret: true, masked, ..manifest(ingested, "card.txt") }
}

pub(crate) fn fix_command(manifest: ItemManifest) -> Command {
    Command::FixEvidence {
        order: order(ORDER),
        slot: Slot::Description,
        formed_at: None,
        note: Some("as shown".to_owned()),
        manifest,
    }
}

/// Takes contents in and places them in the order, in one batch.
pub(crate) fn try_fix(vault: &Vault, contents: &[Vec<u8>], minute: i64) -> Result<Vec<ItemId>> {
    let sources = contents.iter().map(|bytes| Source::Bytes(bytes.clone())).collect();
    let answers = vault.ingest(sources, &|_| {})?;
    let name = |place: usize| format!("page-{place}.txt");
    let commands = answers.into_iter().enumerate();
    let commands = commands.map(|(place, answer)| fix_command(manifest(&answer.unwrap(), &name(place))));
    vault.execute(commands.collect(), at(minute))
}

/// Fixes one text.
pub(crate) fn fix(vault: &Vault, text: &str, minute: i64) -> ItemId {
    try_fix(vault, &[text.as_bytes().to_vec()], minute).unwrap()[0]
}

/// Fixes one card secret.
pub(crate) fn fix_secret(vault: &Vault, text: &str, minute: i64) -> ItemId {
    let ingested = ingest_one(vault, Source::Bytes(text.as_bytes().to_vec()));
    vault.execute(vec![fix_command(secret_manifest(&ingested))], at(minute)).unwrap()[0]
}

pub(crate) fn ingest_one(vault: &Vault, source: Source) -> Ingested {
    vault.ingest(vec![source], &|_| {}).unwrap().remove(0).unwrap()
}

pub(crate) fn message(text: &str, minute: i64) -> Command {
    Command::RecordMessage {
        order: order(ORDER),
        said_at: at(minute),
        direction: Direction::In,
        channel: Channel::Platform,
        text: text.to_owned(),
        detail: Default::default(),
    }
}

pub(crate) fn say(vault: &Vault, text: &str, minute: i64) -> ItemId {
    vault.execute(vec![message(text, minute)], at(minute)).unwrap()[0]
}

/// The names of the fields of a leaf that can still be read.
pub(crate) fn fields_of(vault: &Vault, item: ItemId) -> Vec<String> {
    let log = vault.log(None).unwrap();
    let entry = log.into_iter().find(|entry| entry.item == item).unwrap();
    entry.fields.into_iter().map(|(name, _)| name).collect()
}

/// All files below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The files of all contents.
pub(crate) fn blobs(places: &Places) -> Vec<PathBuf> {
    files(&places.vault.join("blobs"))
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Puts a copied folder back in the place of another.
pub(crate) fn put_back(copy: &Path, place: &Path) {
    std::fs::remove_dir_all(place).unwrap();
    copy_folder(copy, place);
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
