//! Packages made of real leaves, real proofs and real signatures, always the same; and the attacker's tools.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use sigu_bundle::{
    BagInfo, Body, Draft, Entry, Finding, FindingCode, Grade, ItemId, Layout, LeafPart, LogPart, LogSeal,
    OutsideParts, Report, VerifyOptions, ZipIndex, ZipWriter, verify,
};
use sigu_evidence::{ContentId, Disclosure, FieldValue, Fields, commit};
use sigu_ledger::{Checkpoint, Hash, Leaf, SigningKey, leaf_hash, tree_root};

/// A repeatable sequence in place of randomness.
pub(crate) fn entropy(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut counter = 0_u64;
    move |out| {
        for part in out.chunks_mut(32) {
            let block = ContentId::of(&[&[seed][..], &counter.to_be_bytes()].concat());
            part.copy_from_slice(&block.as_bytes()[..part.len()]);
            counter += 1;
        }
    }
}

/// A log in memory.
pub(crate) struct Log {
    pub(crate) number: u32,
    pub(crate) key: SigningKey,
    pub(crate) leaves: Vec<LeafPart>,
}

impl Log {
    pub(crate) fn new(number: u32, origin: &str, before: Option<&Log>) -> Self {
        let key = SigningKey::from_seed(origin, [number as u8; 32]).unwrap();
        let mut log = Self { number, key, leaves: Vec::new() };
        let mut fields = vec![("log.vkey", log.key.verifying_key().to_string().into())];
        if let Some(before) = before {
            let (note, root) = (before.note(), before.root());
            fields.push(("prev.origin", before.key.name().into()));
            fields.push(("prev.size", (before.leaves.len() as i64).into()));
            fields.push(("prev.root", root.to_string().into()));
            fields.push(("prev.note_sha256", ContentId::of(note.as_bytes()).to_string().into()));
        }
        log.push("genesis", &fields);
        log
    }

    pub(crate) fn push(&mut self, kind: &str, fields: &[(&str, FieldValue)]) -> ItemId {
        let seq = self.leaves.len() as u64;
        let mut all = Fields::new();
        for (name, value) in fields {
            all.put(name, value.clone()).unwrap();
        }
        let mut entropy = entropy((self.number * 100) as u8 + seq as u8);
        let (disclosures, sd) = commit(&all, &mut entropy);
        let mut nonce = [0; 16];
        entropy(&mut nonce);
        let at = format!("2026-11-22T08:00:{seq:02}.000Z");
        let leaf = Leaf { kind: kind.into(), seq, at, nonce, sd, not_before: None };
        self.leaves.push(LeafPart { bytes: leaf.encode().unwrap(), disclosures });
        ItemId::new(self.number, seq)
    }

    fn hashes(&self) -> Vec<Hash> {
        self.leaves.iter().map(|leaf| leaf_hash(&leaf.bytes)).collect()
    }

    fn root(&self) -> Hash {
        tree_root(&self.hashes())
    }

    /// The hashes of the leaves, and what is to be signed.
    pub(crate) fn checkpoint(&self) -> (Vec<Hash>, Checkpoint) {
        let (origin, size) = (self.key.name().to_owned(), self.leaves.len() as u64);
        (self.hashes(), Checkpoint { origin, size, root: self.root() })
    }

    pub(crate) fn note(&self) -> String {
        self.checkpoint().1.sign(&self.key).unwrap().note().to_owned()
    }

    pub(crate) fn seal(&self, skip: &[u64]) -> LogSeal {
        let hashes = self.hashes();
        let all = (0..hashes.len() as u64).filter(|seq| !skip.contains(seq));
        let proofs = all.map(|seq| (seq, inclusion(&hashes, seq as usize))).collect();
        LogSeal { number: self.number, checkpoint_note: self.note(), proofs, consistency: BTreeMap::new() }
    }

    pub(crate) fn part(&self, skip: &[u64]) -> LogPart {
        let leaves = self.leaves.iter().cloned().enumerate().map(|(seq, leaf)| (seq as u64, leaf));
        let leaves = leaves.filter(|(seq, _)| !skip.contains(seq)).collect();
        LogPart { number: self.number, key: self.key.verifying_key(), leaves }
    }
}

/// RFC 9162 §2.1.3.1, as it is written there.
fn inclusion(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let half = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(half);
    let (mut path, sibling) = if index < half {
        (inclusion(left, index), tree_root(right))
    } else {
        (inclusion(right, index - half), tree_root(left))
    };
    path.push(sibling);
    path
}

/// What a test may want to do differently when a package is made.
pub(crate) struct Plan {
    pub(crate) contents: BTreeMap<ItemId, (&'static str, Vec<u8>)>,
    /// Changes what the export leaf says, before it is logged.
    pub(crate) export_fields: fn(&mut Vec<(&'static str, FieldValue)>),
    /// Changes the second log before the export.
    pub(crate) second: fn(&mut Log),
    /// Changes the entries of items before they are drafted.
    pub(crate) items: fn(&mut Vec<Entry>),
    /// Drops what the second log says of the first.
    pub(crate) linked: bool,
    /// One more leaf of the first log, after the second was begun.
    pub(crate) first_grows: bool,
}

pub(crate) const PNG: ItemId = ItemId { log: 1, seq: 2 };
pub(crate) const TEXT: ItemId = ItemId { log: 2, seq: 1 };
/// Its content is withheld, so that it can be disclosed later.
pub(crate) const CLOSED: ItemId = ItemId { log: 2, seq: 2 };
pub(crate) const EXPORT: ItemId = ItemId { log: 2, seq: 5 };
pub(crate) const NAME: &str = "sigu-20261122-2-5";
pub(crate) const CLOSED_BYTES: &[u8] = b"6222 0000 1111 2222";

impl Default for Plan {
    fn default() -> Self {
        let contents = BTreeMap::from([
            (PNG, ("png", (0..1500u32).map(|i| (i * 7 % 251) as u8).collect())),
            (TEXT, ("txt", "商家：卡密没问题。\n".into())),
        ]);
        Self {
            contents,
            export_fields: |_| {},
            second: |_| {},
            items: |_| {},
            linked: true,
            first_grows: false,
        }
    }
}

/// A finished package and what it was made of.
pub(crate) struct Built {
    pub(crate) layout: Layout,
    pub(crate) contents: BTreeMap<ItemId, (&'static str, Vec<u8>)>,
    pub(crate) first: Log,
    pub(crate) second: Log,
    /// The disclosures of [`CLOSED`] that are not in the package.
    pub(crate) kept_back: Vec<Disclosure>,
}

pub(crate) fn blob(bytes: &[u8]) -> [(&'static str, FieldValue); 3] {
    [
        ("blob.sha256", ContentId::of(bytes).to_string().into()),
        ("blob.size", (bytes.len() as i64).into()),
        ("slot", "delivery".into()),
    ]
}

impl Plan {
    pub(crate) fn build(self) -> Built {
        let second = self.second;
        self.build_with(&second)
    }

    /// The same, with another change of the second log before the export.
    pub(crate) fn build_with(self, change: &dyn Fn(&mut Log)) -> Built {
        let mut first = Log::new(1, "sigu/v1/aaaaaaaaaaaaaaaa", None);
        first.push("order.opened", &[("order", "A-1".into()), ("order.amount_fen", 9900.into())]);
        first.push("evidence.fixed", &blob(&self.contents[&PNG].1));
        first.push("order.opened", &[("order", "of somebody else".into())]);
        let mut second = Log::new(2, "sigu/v1/bbbbbbbbbbbbbbbb", self.linked.then_some(&first));
        if self.first_grows {
            first.push("order.opened", &[("order", "late".into())]);
        }
        second.push("evidence.fixed", &blob(&self.contents[&TEXT].1));
        second.push("evidence.fixed", &blob(CLOSED_BYTES));
        let kept_back =
            second.leaves[2].disclosures.extract_if(.., |d| d.name().as_str() != "slot").collect();
        second.push("evidence.fixed", &[]);
        let gone: [(&str, FieldValue); 3] = [
            ("erased.log", 2.into()),
            ("erased.seq", 3.into()),
            ("erased.fields", FieldValue::List(Vec::new())),
        ];
        second.push("content.erased", &gone);
        change(&mut second);
        self.finish(first, second, kept_back)
    }

    fn finish(self, first: Log, mut second: Log, kept_back: Vec<Disclosure>) -> Built {
        let mut items: Vec<Entry> =
            self.contents.iter().map(|(at, (ext, bytes))| item(*at, ext, bytes)).collect();
        (self.items)(&mut items);
        let bag = BagInfo { date: "2026-11-22".into(), external_identifier: "A-1".into() };
        // The last leaf of the first log is of another order and stays at home.
        let logs = vec![first.part(&[3, 4]), second.part(&[])];
        let (html, json) = (b"<!doctype html>\n".to_vec(), b"[]\n".to_vec());
        let draft = Draft::new(bag, html, json, items, logs, OutsideParts::default()).unwrap();
        let mut fields = vec![
            ("export.contents_sha256", draft.contents_sha256().to_string().into()),
            ("export.withheld", FieldValue::List(vec!["2-2 blob.sha256".into(), "2-2 blob.size".into()])),
            ("order", "A-1".into()),
        ];
        (self.export_fields)(&mut fields);
        let at = second.push("export.made", &fields);
        let leaf = second.leaves.last().unwrap().clone();
        let seals = vec![first.seal(&[3, 4]), second.seal(&[])];
        let name = format!("sigu-20261122-{at}");
        let layout = draft.finish(&name, (at, leaf), seals).unwrap();
        Built { layout, contents: self.contents, first, second, kept_back }
    }
}

fn item(at: ItemId, ext: &str, bytes: &[u8]) -> Entry {
    Entry::item(at, ext, bytes.len() as u64, crc32fast::hash(bytes), ContentId::of(bytes))
}

impl Built {
    pub(crate) fn zip(&self) -> Vec<u8> {
        let mut open = |at: ItemId| -> std::io::Result<Box<dyn Read>> {
            Ok(Box::new(Cursor::new(self.contents[&at].1.clone())))
        };
        self.layout.write(Vec::new(), &mut open, &mut |_| {}).unwrap()
    }

    /// All files, as an attacker holds them: path below the top folder, and bytes.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let bytes = |entry: &Entry| match &entry.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Item(at) => self.contents[at].1.clone(),
        };
        self.layout.entries().iter().map(|entry| (entry.path.clone(), bytes(entry))).collect()
    }
}

pub(crate) fn good() -> Built {
    Plan::default().build()
}

/// The smallest package with every kind of file: two linked logs, a content, and a leaf with all withheld.
pub(crate) fn small() -> Built {
    let kept = ItemId::new(1, 1);
    let contents = BTreeMap::from([(kept, ("txt", b"7QKD".to_vec()))]);
    let mut first = Log::new(1, "sigu/v1/a", None);
    first.push("evidence.fixed", &blob(&contents[&kept].1));
    let mut second = Log::new(2, "sigu/v1/b", Some(&first));
    second.push("evidence.fixed", &blob(CLOSED_BYTES));
    let kept_back = std::mem::take(&mut second.leaves[1].disclosures);
    let export_fields: fn(&mut Vec<(&'static str, FieldValue)>) = |fields| {
        let withheld = ["blob.sha256", "blob.size", "slot"].map(|name| format!("2-1 {name}"));
        fields[1].1 = FieldValue::List(withheld.into());
    };
    Plan { contents, export_fields, ..Plan::default() }.finish(first, second, kept_back)
}

/// Makes both manifests, the Oxum, and on request `contents.txt`, fit what is there: what every attacker can do.
pub(crate) fn mend(files: &mut [(String, Vec<u8>)], contents_too: bool) {
    files.sort();
    set_oxum(files);
    if contents_too {
        let old = get(files, "trust/contents.txt").unwrap_or_default();
        let old = String::from_utf8_lossy(&old).into_owned();
        let known = |path: &str| old.lines().any(|line| line.get(66..) == Some(path));
        let text = list(files, |path| known(path) || path.starts_with("data/"));
        set(files, "trust/contents.txt", text);
    }
    let text = list(files, |path| path.starts_with("data/"));
    set(files, "manifest-sha256.txt", text);
    let text = list(files, |path| !path.starts_with("data/") && path != "tagmanifest-sha256.txt");
    set(files, "tagmanifest-sha256.txt", text);
}

fn set_oxum(files: &mut [(String, Vec<u8>)]) {
    let payload: Vec<_> = files.iter().filter(|(path, _)| path.starts_with("data/")).collect();
    let bytes: usize = payload.iter().map(|(_, bytes)| bytes.len()).sum();
    let oxum = format!("Payload-Oxum: {bytes}.{}\n", payload.len());
    if let Some((_, info)) = files.iter_mut().find(|(path, _)| path == "bag-info.txt") {
        let text = String::from_utf8_lossy(info).into_owned();
        *info = text.split("Payload-Oxum").next().unwrap_or_default().to_owned().into_bytes();
        info.extend_from_slice(oxum.as_bytes());
    }
}

fn list(files: &[(String, Vec<u8>)], keep: impl Fn(&str) -> bool) -> Vec<u8> {
    let lines = files.iter().filter(|(path, _)| keep(path));
    lines.map(|(path, bytes)| format!("{}  {path}\n", ContentId::of(bytes))).collect::<String>().into_bytes()
}

pub(crate) fn get(files: &[(String, Vec<u8>)], path: &str) -> Option<Vec<u8>> {
    files.iter().find(|(there, _)| there == path).map(|(_, bytes)| bytes.clone())
}

/// Replaces a file that is there; one that was removed stays away.
pub(crate) fn set(files: &mut [(String, Vec<u8>)], path: &str, bytes: Vec<u8>) {
    if let Some((_, there)) = files.iter_mut().find(|(there, _)| there == path) {
        *there = bytes;
    }
}

/// Packs files as the real writer does, in whatever order and however often they are given.
pub(crate) fn pack(name: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Vec::new());
    for (path, bytes) in files {
        zip.begin(&format!("{name}/{path}"), bytes.len() as u64, crc32fast::hash(bytes)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap()
}

/// All files of a good ZIP: path below the top folder, and bytes.
pub(crate) fn files_of(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let index = ZipIndex::open(Cursor::new(zip), &Default::default()).unwrap();
    let file = |member: &sigu_bundle::Member| {
        let (_, path) = member.name.split_once('/').unwrap();
        (path.to_owned(), zip[member.offset as usize..(member.offset + member.size) as usize].to_vec())
    };
    index.members().iter().map(file).collect()
}

/// Unpacks a good ZIP into a folder and gives the top folder.
pub(crate) fn unpack(zip: &[u8], to: &Path) -> PathBuf {
    let index = ZipIndex::open(Cursor::new(zip), &Default::default()).unwrap();
    for member in index.members() {
        let path = to.join(&member.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &zip[member.offset as usize..(member.offset + member.size) as usize]).unwrap();
    }
    to.join(index.members()[0].name.split('/').next().unwrap())
}

pub(crate) fn verify_bytes_with(zip: &[u8], options: &VerifyOptions) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    std::fs::write(&path, zip).unwrap();
    let report = verify(&path, options, &|_| {}).unwrap();
    assert_eq!(report.grade == Grade::Altered, !report.findings.is_empty());
    report
}

pub(crate) fn verify_bytes(zip: &[u8]) -> Report {
    verify_bytes_with(zip, &VerifyOptions::default())
}

pub(crate) fn codes(report: &Report) -> Vec<FindingCode> {
    report.findings.iter().map(|finding| finding.code).collect()
}

/// The package is refused, and for this reason among others.
#[track_caller]
pub(crate) fn refused(report: &Report, code: FindingCode) {
    assert_eq!(report.grade, Grade::Altered, "expected {code:?}");
    assert!(codes(report).contains(&code), "expected {code:?}, found {:?}", report.findings);
}

/// Finds something about a file among the findings.
pub(crate) fn names(findings: &[Finding], path: &str) -> bool {
    findings.iter().any(|finding| finding.path.as_deref() == Some(path))
}
