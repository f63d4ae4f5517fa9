//! An attacker who mends all manifests: whatever member is removed, doubled, cut, extended or swapped is still named.

use sigu_bundle::{Finding, FindingCode, Grade};

use crate::built::{NAME, files_of, get, good, mend, pack, refused, set, verify_bytes};
use crate::stamped::{STAMPED_NAME, read};

type Files = Vec<(String, Vec<u8>)>;

/// A package to attack.
struct Base {
    name: &'static str,
    files: Files,
}

/// One as it was always made, and one with outside proofs.
fn bases() -> [Base; 2] {
    let stamped = Base { name: STAMPED_NAME, files: files_of(&read("good-stamped.zip")) };
    [Base { name: NAME, files: good().files() }, stamped]
}

fn attack(files: &Files, what: &str) {
    Base { name: NAME, files: good().files() }.attack(files, what);
}

impl Base {
    /// Mends, packs, verifies; passes over what mending undid.
    #[track_caller]
    fn attack(&self, files: &Files, what: &str) {
        let original = &self.files;
        for contents_too in [false, true] {
            let mut mended = files.clone();
            mend(&mut mended, contents_too);
            if mended == *original {
                continue;
            }
            let report = verify_bytes(&pack(self.name, &mended));
            assert_eq!(report.grade, Grade::Altered, "{what}, contents mended: {contents_too}");
            let named =
                |finding: &Finding| finding.path.is_some() || finding.code == FindingCode::ExportMissing;
            assert!(report.findings.iter().any(named), "{what}: {:?}", report.findings);
        }
    }
}

#[test]
fn removed_members_are_missed() {
    for base in bases() {
        for at in 0..base.files.len() {
            let mut less = base.files.clone();
            let (path, _) = less.remove(at);
            base.attack(&less, &format!("without {path}"));
        }
    }
}

#[test]
fn doubled_members_are_refused() {
    for base in bases() {
        let files = &base.files;
        for at in 0..files.len() {
            let mut more = files.clone();
            more.insert(at, files[at].clone());
            refused(&verify_bytes(&pack(base.name, &more)), FindingCode::DuplicatePath);
            let (path, bytes) = files[at].clone();
            let mut copy = files.clone();
            copy.push((copy_name(&path), bytes));
            base.attack(&copy, &format!("{path} copied"));
        }
    }
}

/// A name beside the original one that fits the format where it can.
fn copy_name(path: &str) -> String {
    let (stem, ext) = path.rsplit_once('.').unwrap();
    match path.split('/').rev().nth(1) {
        Some("items") => format!("{stem}.bin"),
        Some("leaves" | "proofs" | "disclosures") => format!("{stem}9.{ext}"),
        _ => format!("{stem}2.{ext}"),
    }
}

#[test]
fn cut_and_extended_members_are_refused() {
    for base in bases() {
        let files = &base.files;
        for (at, (path, bytes)) in files.iter().enumerate() {
            let shorter =
                [0, bytes.len() / 2, bytes.len().saturating_sub(1)].map(|len| bytes[..len].to_vec());
            let longer = [&b"\n"[..], b"x", b"{}\n"].map(|more| [bytes, more].concat());
            for changed in shorter.into_iter().chain(longer).filter(|changed| changed != bytes) {
                let mut altered = files.clone();
                altered[at].1 = changed;
                base.attack(&altered, &format!("{path} with other bytes"));
            }
        }
    }
}

#[test]
fn swapped_members_are_refused() {
    let [plain, stamped] = bases();
    swap(&plain, &|_| true);
    swap(&stamped, &|path| path.contains("/stamped/") || path.contains("/beacons/"));
}

/// Swaps every two of these files.
fn swap(base: &Base, which: &dyn Fn(&str) -> bool) {
    let files = &base.files;
    let some: Vec<usize> = (0..files.len()).filter(|at| which(&files[*at].0)).collect();
    for (number, a) in some.iter().enumerate() {
        for b in &some[number + 1..] {
            if files[*a].1 == files[*b].1 {
                continue;
            }
            let mut swapped = files.clone();
            swapped[*a].1 = files[*b].1.clone();
            swapped[*b].1 = files[*a].1.clone();
            base.attack(&swapped, &format!("{} and {} swapped", files[*a].0, files[*b].0));
        }
    }
}

#[test]
fn a_dropped_line_of_disclosures_is_missed() {
    let files = good().files();
    let mut dropped = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.contains("/disclosures/")) {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        for line in 0..lines.len() {
            // Nothing binds the other fields of the leaf that does the binding; see the format.
            if path.ends_with("2/disclosures/5.txt") && line == 2 {
                continue;
            }
            let mut fewer = lines.clone();
            fewer.remove(line);
            let mut altered = files.clone();
            set(&mut altered, path, fewer.concat());
            attack(&altered, &format!("{path} without line {line}"));
            let mut doubled = lines.clone();
            doubled.insert(line, lines[line]);
            set(&mut altered, path, doubled.concat());
            attack(&altered, &format!("{path} with line {line} twice"));
            dropped += 1;
        }
    }
    assert!(dropped > 10);
}

#[test]
fn a_whole_item_taken_out_with_its_leaf_is_missed() {
    let mut files = good().files();
    files.retain(|(path, _)| {
        !["data/items/2-1.txt", "2/leaves/1.json", "2/proofs/1.tlog-proof", "2/disclosures/1.txt"]
            .iter()
            .any(|gone| path.ends_with(gone))
    });
    mend(&mut files, false);
    refused(&verify_bytes(&pack(NAME, &files)), FindingCode::ContentsFileMissing);
    let text = String::from_utf8(get(&files, "trust/contents.txt").unwrap()).unwrap();
    let kept: String = text
        .split_inclusive('\n')
        .filter(|line| {
            !line.contains("2-1.txt")
                && !line.contains("logs/2/leaves/1.")
                && !line.contains("2/disclosures/1.")
        })
        .collect();
    set(&mut files, "trust/contents.txt", kept.into_bytes());
    mend(&mut files, true);
    let report = verify_bytes(&pack(NAME, &files));
    refused(&report, FindingCode::ExportContents);
    assert_eq!(report.findings.len(), 1, "only the signed leaf can tell: {:?}", report.findings);
}
