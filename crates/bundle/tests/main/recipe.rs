//! The recipe in every package, run as a stranger would run it: it passes what is good and stops what is not.

use std::path::Path;
use std::process::Command;

use sigu_ledger::{Checkpoint, SigningKey, tree_root};

use crate::built::{NAME, get, good, mend, pack, set, unpack};
use crate::stamped::read;

type Files = Vec<(String, Vec<u8>)>;

fn blocks(recipe: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in recipe.split_inclusive('\n') {
        match (&mut open, line.trim_end()) {
            (None, "```sh") => open = Some(String::new()),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), _) => block.push_str(line),
            (None, _) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Runs all blocks of the recipe in a fresh folder; gives the numbers of those that fail, from 1.
fn failing(files: &Files) -> Vec<usize> {
    failing_in(&pack(NAME, files))
}

fn failing_in(zip: &[u8]) -> Vec<usize> {
    let folder = tempfile::tempdir().unwrap();
    let top = unpack(zip, folder.path());
    let recipe = String::from_utf8(get(&good().files(), "trust/VERIFY.md").unwrap()).unwrap();
    let blocks = blocks(&recipe);
    assert_eq!(blocks.len(), 9);
    let failed = blocks.iter().enumerate().filter(|(_, block)| !passes(&top, block));
    failed.map(|(at, _)| at + 1).collect()
}

fn passes(top: &Path, block: &str) -> bool {
    let output = Command::new("bash").args(["-c", block]).current_dir(top).output().expect("bash");
    let said = String::from_utf8_lossy(&output.stdout);
    output.status.success() && said.lines().last().is_some_and(|line| line.starts_with("OK "))
}

#[test]
fn every_command_succeeds_on_a_good_package() {
    assert!(failing(&good().files()).is_empty());
}

/// Changes a package, mends the manifests, and expects certain blocks to fail.
fn check(expected: &[usize], change: impl Fn(&mut Files)) {
    let mut files = good().files();
    change(&mut files);
    mend(&mut files, false);
    assert_eq!(failing(&files), expected);
}

fn append(files: &mut Files, path: &str, more: &[u8]) {
    let bytes = get(files, path).unwrap();
    set(files, path, [&bytes, more].concat());
}

#[test]
fn outside_proofs_are_checked_without_us() {
    for good in ["good-stamped", "good-stamped-without-request", "refused-token-of-another-log"] {
        assert_eq!(failing_in(&read(&format!("{good}.zip"))), [] as [usize; 0], "{good}");
    }
    for bad in ["bad-stamp-consistency", "bad-stamp-other-history", "bad-stamp-checkpoint--stranger"] {
        assert_eq!(failing_in(&read(&format!("{bad}.zip"))), [8], "{bad}");
    }
}

#[test]
fn timestamps_hold_under_roots_of_the_reader_or_do_not_count() {
    let root = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(root.path(), read("stamped-root.pem")).unwrap();
    let said = |name: &str, roots: bool| {
        let folder = tempfile::tempdir().unwrap();
        let top = unpack(&read(&format!("{name}.zip")), folder.path());
        let recipe = String::from_utf8(get(&good().files(), "trust/VERIFY.md").unwrap()).unwrap();
        let mut command = Command::new("bash");
        command.args(["-c", &blocks(&recipe)[8]]).current_dir(top).env_remove("ROOTS");
        if roots {
            command.env("ROOTS", root.path());
        }
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        said.lines().last().unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned()
            + if said.contains("does not count:") { "-" } else { "" }
    };
    // Four tokens: three of Alpha, whose root the reader has, and one of Beta.
    assert_eq!((said("good-stamped", false), said("good-stamped", true)), ("4".into(), "3-".into()));
    for refused in ["of-another-log", "another-request", "touched-signature", "unreadable-request"] {
        let name = format!("refused-token-{refused}");
        let rest = if refused == "of-another-log" { "2-" } else { "3-" };
        assert_eq!(said(&name, false), rest, "{name}");
    }
}

#[test]
fn what_stands_in_no_manifest_is_seen() {
    let mut files = good().files();
    append(&mut files, "data/index.html", b"x");
    assert_eq!(failing(&files), [1, 2]);
    let mut files = good().files();
    files.push(("trust/zzz".into(), b"x".to_vec()));
    files.sort();
    assert_eq!(failing(&files), [1, 2]);
}

#[test]
fn mended_manifests_do_not_help() {
    check(&[2], |files| append(files, "data/index.html", b"x"));
    check(&[2], |files| files.retain(|(path, _)| path != "data/index.json"));
    check(&[2, 7], |files| files.push(("data/items/1-1.txt".into(), Vec::new())));
    // A leaf, a content, a line of disclosures, contents.txt itself.
    check(&[2, 5, 6], |files| {
        let other = get(files, "trust/logs/2/leaves/1.json").unwrap();
        set(files, "trust/logs/2/leaves/2.json", other);
    });
    check(&[2, 7], |files| append(files, "data/items/1-2.png", b"x"));
    check(&[2, 6, 7], |files| {
        let other = get(files, "trust/logs/2/disclosures/1.txt").unwrap();
        append(files, "trust/logs/1/disclosures/2.txt", &other[..other.len() - 1]);
    });
    check(&[2], |files| append(files, "trust/contents.txt", b"\n"));
}

#[test]
fn a_checkpoint_by_another_key_or_of_another_log_is_seen() {
    let built = good();
    let hashes: Vec<_> = built.second.leaves.iter().map(|leaf| sigu_ledger::leaf_hash(&leaf.bytes)).collect();
    let origin = built.second.key.name();
    let other = SigningKey::from_seed(origin, [99; 32]).unwrap();
    let checkpoint = Checkpoint { origin: origin.into(), size: 6, root: tree_root(&hashes) };
    let forged = checkpoint.sign(&other).unwrap().note().to_owned();
    // Signed by a stranger; the proofs still embed the old note.
    check(&[3, 5], |files| set(files, "trust/logs/2/checkpoint.note", forged.clone().into_bytes()));
    // With the stranger's key beside it, the contents contradict it, and the two forms of the key.
    check(&[2, 4, 5], |files| {
        set(files, "trust/logs/2/checkpoint.note", forged.clone().into_bytes());
        set(files, "trust/logs/2/log.pem", other.verifying_key().to_pem().into_bytes());
    });
    check(&[5], |files| {
        let proof = get(files, "trust/logs/2/proofs/1.tlog-proof").unwrap();
        set(files, "trust/logs/2/proofs/2.tlog-proof", proof);
    });
    check(&[5], |files| {
        let proof = String::from_utf8(get(files, "trust/logs/2/proofs/1.tlog-proof").unwrap()).unwrap();
        let line = proof.lines().nth(2).unwrap();
        let shorter = proof.replacen(&format!("{line}\n"), "", 1);
        set(files, "trust/logs/2/proofs/1.tlog-proof", shorter.into_bytes());
    });
}
