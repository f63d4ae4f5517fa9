//! Two verifiers that share no code, this one and the page for strangers in `checker/`, say the same of every package.
//!
//! Judged here and not on the page's side, because the tools of the attacker are here and [`verify`] needs no process
//! for each package; the page's judge is asked once, about a folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sigu_bundle::{KnownBlock, VerifyOptions, verify};

use crate::built::{NAME, entropy, files_of, good, mend, pack, small};
use crate::hostile_zip::{End, forge, raw};
use crate::stamped::{STAMPED_NAME, read, trusted};

type Files = Vec<(String, Vec<u8>)>;

/// What both verifiers say; the rest of a report does not concern a reader of the page.
const SAID: [&str; 11] = [
    "grade",
    "findings",
    "logs",
    "items",
    "papers",
    "checks",
    "outside_time",
    "rounds",
    "export",
    "files",
    "bytes",
];

/// What a reader believes: of the vectors with outside proofs.
const BELIEVED: [&str; 3] = ["stamped-root.pem", "stamped.policy", "stamped-block.header"];

#[test]
fn every_vector_is_judged_alike() {
    assert!(compare(&vectors(), false).packages >= 58);
    assert!(compare(&vectors(), true).packages >= 58);
}

#[test]
fn mutations_of_outside_proofs_are_judged_alike() {
    let folder = tempfile::tempdir().unwrap();
    let zip = read("good-stamped.zip");
    let original = files_of(&zip);
    let outside = |path: &str| path.contains("/stamped/") || path.contains("/beacons/");
    let mut count = 0;
    let mut put = |zip: &[u8]| {
        std::fs::write(folder.path().join(format!("{count:05}.zip")), zip).unwrap();
        count += 1;
    };
    for seed in 0..400 {
        let mut dice = Dice(seed * 31);
        let mut files = original.clone();
        for _ in 0..=dice.below(2) {
            let proofs: Vec<usize> = (0..files.len()).filter(|at| outside(&files[*at].0)).collect();
            let at = proofs[dice.below(proofs.len())];
            dice.member_at(&mut files, at);
        }
        mend(&mut files, seed % 2 == 0);
        put(&pack(STAMPED_NAME, &files));
    }
    let compared = compare(folder.path(), true);
    assert_eq!(compared.packages, count);
    assert!(compared.codes.len() >= 12, "only {:?}", compared.codes);
}

#[test]
fn hundreds_of_mutations_are_judged_alike() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    let mut put = |zip: &[u8]| {
        std::fs::write(folder.path().join(format!("{count:05}.zip")), zip).unwrap();
        count += 1;
    };
    for seed in 0..60 {
        put(&Dice(seed * 50).lie());
    }
    for (seed, built) in [(1, good()), (2, small())] {
        let mut dice = Dice(seed);
        let zip = built.zip();
        (0..150).for_each(|_| put(&dice.flip(&zip)));
        (0..40).for_each(|_| put(&dice.cut(&zip)));
        for _ in 0..150 {
            let mut files = built.files();
            for _ in 0..=dice.below(2) {
                dice.member(&mut files);
            }
            match dice.below(3) {
                0 => {}
                contents_too => mend(&mut files, contents_too == 2),
            }
            put(&pack(NAME, &files));
        }
    }
    let compared = compare(folder.path(), false);
    assert_eq!(compared.packages, count);
    assert!(compared.codes.len() >= 50, "only {:?}", compared.codes);
}

/// What was compared.
#[derive(Default)]
struct Compared {
    packages: usize,
    /// The findings that occurred.
    codes: BTreeSet<String>,
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/bundle")
}

/// Judges all packages of a folder twice, for a reader who believes somebody or nobody.
#[track_caller]
fn compare(folder: &Path, believing: bool) -> Compared {
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../checker");
    assert!(checker.join("node_modules/esbuild").is_dir(), "checker/ is not installed: run `make checker`");
    let mut command = Command::new("node");
    command.arg(checker.join("test/judge.mjs")).arg(folder);
    let mut options = VerifyOptions::default();
    if believing {
        command.args(BELIEVED.map(|name| vectors().join(name)));
        options.trusted = trusted();
        // The page takes hashes of blocks and no headers.
        let hashes = options.trusted.blocks.iter().map(|block| KnownBlock::Hash(block.hash()));
        options.trusted.blocks = hashes.collect();
    }
    let judge = command.output().unwrap();
    assert!(judge.status.success(), "{}", String::from_utf8_lossy(&judge.stderr));
    let said = String::from_utf8(judge.stdout).unwrap();
    let mut compared = Compared::default();
    for line in said.lines() {
        let theirs: Value = serde_json::from_str(line).unwrap();
        let name = theirs["name"].as_str().unwrap();
        let report = verify(&folder.join(name), &options, &|_| {}).unwrap();
        let mut ours = serde_json::to_value(&report).unwrap();
        without_quorum(&mut ours);
        for part in SAID {
            let difference = difference(part, &theirs[part], &ours[part], folder == vectors());
            assert_eq!(difference, None, "{name}: path, the page, this verifier");
        }
        let codes =
            ours["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned());
        compared.codes.extend(codes);
        compared.packages += 1;
    }
    compared
}

/// The first place where two values differ.
fn difference(path: &str, a: &Value, b: &Value, exact: bool) -> Option<String> {
    match (a, b) {
        // Where a touched token breaks several rules, the two may name another one first.
        (Value::Object(one), Value::Object(other))
            if !exact && one.contains_key("refused") && other.contains_key("refused") =>
        {
            None
        }
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => one
            .iter()
            .find_map(|(key, value)| difference(&format!("{path}.{key}"), value, &other[key], exact)),
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs.into_iter().find_map(|(at, (a, b))| difference(&format!("{path}[{at}]"), a, b, exact))
        }
        _ => (a != b).then(|| format!("{path}: {a} {b}")),
    }
}

/// The page knows witnesses one by one and no policy.
fn without_quorum(report: &mut Value) {
    for log in report["logs"].as_array_mut().unwrap() {
        for stamp in log["stamps"].as_array_mut().unwrap() {
            stamp.as_object_mut().unwrap().remove("quorum");
        }
    }
}

/// The same throws for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 += 1;
        let mut bytes = [0; 8];
        entropy(self.0 as u8 ^ (self.0 >> 8) as u8)(&mut bytes);
        (u64::from_le_bytes(bytes).wrapping_add(self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)) % end as u64)
            as usize
    }

    /// A container that says of one of its members what is not so.
    fn lie(&mut self) -> Vec<u8> {
        let mut members = [raw("t/a"), raw("t/b"), raw("t/c")];
        let one = &mut members[self.below(3)];
        let mut end = End::default();
        match self.below(16) {
            0 => one.method = 8,
            1 => one.flags |= 1 << self.below(16),
            2 => one.mode = [0o120_777, 0o040_755, 0o100_600][self.below(3)],
            3 => {
                one.name = ["t/../x", "/t/x", "t/x/", "t\\x", "t/\u{5361}", "t/a", "t/0", "u/a"]
                    [self.below(8)]
                .into()
            }
            4 => one.offset = Some(self.below(90) as u32),
            5 => one.local_name = Some(b"t/z".to_vec()),
            6 => one.name = vec![b'n'; 200 + self.below(200)],
            7 => one.local_crc = Some(1),
            8 => one.size = Some([2, 4, u32::MAX][self.below(3)]),
            9 => one.time = 1,
            10 => one.extra = vec![0; 1 + self.below(40)],
            11 => one.comment = b"x".to_vec(),
            12 => one.before = b"between".to_vec(),
            13 => end.count = Some([0, 2, 4, u16::MAX][self.below(4)]),
            14 => end.wide = Some([3, 9, 9].map(|n: u64| n << self.below(60))),
            _ => {}
        }
        let zip = forge(&members, &end);
        match self.below(4) {
            0 => self.flip(&zip),
            1 => [&[0; 7][..], &zip].concat(),
            2 => [&zip, &b"PK\x05\x06 and more"[..]].concat(),
            _ => zip,
        }
    }

    /// Another bit somewhere, in the headers as often as in the contents.
    fn flip(&mut self, zip: &[u8]) -> Vec<u8> {
        let mut zip = zip.to_vec();
        let tail = zip.len() / 4;
        let at = if self.below(2) == 0 { self.below(zip.len()) } else { zip.len() - 1 - self.below(tail) };
        zip[at] ^= 1 << self.below(8);
        zip
    }

    /// Bytes missing at the end, at the beginning or between.
    fn cut(&mut self, zip: &[u8]) -> Vec<u8> {
        let (from, len) = (self.below(zip.len()), 1 + self.below(200));
        match self.below(3) {
            0 => zip[..from].to_vec(),
            1 => zip[from.min(300)..].to_vec(),
            _ => [&zip[..from], &zip[(from + len).min(zip.len())..]].concat(),
        }
    }

    /// Removes, doubles, renames, cuts, extends, rewrites or swaps members.
    fn member(&mut self, files: &mut Files) {
        let at = self.below(files.len());
        self.member_at(files, at);
    }

    fn member_at(&mut self, files: &mut Files, at: usize) {
        let (path, bytes) = files[at].clone();
        match self.below(9) {
            0 => drop(files.remove(at)),
            1 => files.insert(at, (path, bytes)),
            2 => files[at].0 = path.replacen(['1', '2', 'a'], "0", 1),
            3 => files[at].1.truncate(bytes.len() / 2),
            4 => files[at].1.extend_from_slice([&b"\n"[..], b" ", b"x\n", b"\xff"][self.below(4)]),
            5 => {
                let other = self.below(files.len());
                let theirs = files[other].1.clone();
                files[other].1 = std::mem::replace(&mut files[at].1, theirs);
            }
            6 => self.lines(&mut files[at].1),
            _ => self.words(&mut files[at].1),
        }
    }

    /// Removes, doubles or swaps lines.
    fn lines(&mut self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        if lines.is_empty() {
            return;
        }
        let (a, b) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(3) {
            0 => drop(lines.remove(a)),
            1 => lines.insert(b, lines[a].clone()),
            _ => lines.swap(a, b),
        }
        *bytes = lines.concat();
    }

    /// Writes what is there in a way that a loose reader would take for the same, or changes one character.
    fn words(&mut self, bytes: &mut [u8]) {
        let pairs = [(b',', b' '), (b'"', b'\''), (b'1', b'9'), (b'0', b'1'), (b'\n', b'\r'), (b'=', b'A')];
        let (from, to) = pairs[self.below(pairs.len())];
        let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == from).collect();
        match places.len() {
            0 if bytes.is_empty() => {}
            0 => {
                let at = self.below(bytes.len());
                bytes[at] ^= 1;
            }
            count => bytes[places[self.below(count)]] = to,
        }
    }
}
