//! What stock validators of bags and archives were seen to let pass, and forgeries only a signature tells.

use sigu_bundle::{Entry, FindingCode, Grade, ItemId};
use sigu_evidence::{ContentId, FieldValue};
use sigu_ledger::{Checkpoint, SigningKey, leaf_hash, tree_root};

use crate::built::{NAME, Plan, codes, get, good, mend, pack, refused, set, verify_bytes};

type Files = Vec<(String, Vec<u8>)>;

fn packed(change: impl Fn(&mut Files)) -> sigu_bundle::Report {
    let mut files = good().files();
    change(&mut files);
    files.sort();
    verify_bytes(&pack(NAME, &files))
}

fn mended(change: impl Fn(&mut Files)) -> sigu_bundle::Report {
    packed(|files| {
        change(files);
        mend(files, true);
    })
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(get(files, path).unwrap()).unwrap()
}

#[test]
fn files_no_manifest_lists() {
    for path in ["extra.txt", "trust/extra", "noextension", "data/extra", "trust/logs/2/deep/er/file.txt"] {
        refused(&packed(|files| files.push((path.into(), b"x".to_vec()))), FindingCode::UnknownFile);
        refused(&mended(|files| files.push((path.into(), b"x".to_vec()))), FindingCode::UnknownFile);
    }
    // A name the format knows, and still no place in any list.
    let report = packed(|files| files.push(("data/items/1-0.bin".into(), b"x".to_vec())));
    refused(&report, FindingCode::NotInManifest);
    refused(&report, FindingCode::NotInContents);
    refused(&report, FindingCode::ContentUnclaimed);
}

#[test]
fn a_manifest_of_another_algorithm() {
    let lie = format!("{}  data/index.html\n", "0".repeat(64));
    refused(
        &mended(|files| files.push(("manifest-sm3.txt".into(), lie.clone().into()))),
        FindingCode::UnknownFile,
    );
}

#[test]
fn changes_of_the_same_length() {
    let report = packed(|files| {
        let mut bytes = get(files, "data/items/1-2.png").unwrap();
        bytes[9] ^= 1;
        set(files, "data/items/1-2.png", bytes);
    });
    for code in [FindingCode::DigestDiffers, FindingCode::ContentsDiffer, FindingCode::ContentDiffers] {
        refused(&report, code);
    }
}

#[test]
fn lists_that_say_things_twice_or_otherwise() {
    let manifest = |change: fn(String) -> String| {
        packed(|files| {
            let changed = change(text(files, "manifest-sha256.txt"));
            set(files, "manifest-sha256.txt", changed.into_bytes());
        })
    };
    // The same name with two digests.
    let twice = manifest(|list| list + &format!("{}  data/items/2-1.txt\n", "0".repeat(64)));
    refused(&twice, FindingCode::ManifestLine);
    refused(&manifest(|list| list.to_uppercase()), FindingCode::ManifestLine);
    refused(&manifest(|list| list.replace("  data", " *data")), FindingCode::ManifestLine);
    refused(&manifest(|list| list.replace("\n", "\r\n")), FindingCode::ListedFileMissing);
    refused(
        &manifest(|list| list.replace("data/index.html", "data/./index.html")),
        FindingCode::ListedFileMissing,
    );
    refused(
        &manifest(|list| list.replace("data/index.html", "data/%69ndex.html")),
        FindingCode::ListedFileMissing,
    );
    refused(
        &manifest(|list| list.lines().rev().map(|line| format!("{line}\n")).collect()),
        FindingCode::ManifestLine,
    );
    // Digests removed: nothing to check is not the same as nothing wrong.
    refused(&manifest(|_| String::new()), FindingCode::NotInManifest);
}

#[test]
fn members_missing_and_no_longer_listed() {
    for path in
        ["data/index.html", "data/index.json", "trust/VERIFY.md", "bag-info.txt", "trust/contents.txt"]
    {
        refused(&mended(|files| files.retain(|(there, _)| there != path)), FindingCode::FileMissing);
    }
}

#[test]
fn a_bag_that_describes_itself_otherwise() {
    let info = |from: &'static str, to: &'static str| {
        packed(move |files| {
            let changed = text(files, "bag-info.txt").replacen(from, to, 1);
            set(files, "bag-info.txt", changed.into_bytes());
        })
    };
    refused(&info("Payload-Oxum: ", "Payload-Oxum: 1"), FindingCode::PayloadOxum);
    refused(&info("sigu/1", "sigu/2"), FindingCode::BagInfo);
    refused(&info("2026-11-22", "2026-11-23"), FindingCode::TopFolder);
    let report = packed(|files| set(files, "bagit.txt", b"BagIt-Version: 0.97\n".to_vec()));
    refused(&report, FindingCode::BagDeclaration);
}

/// Signs the second log's checkpoint with a key the attacker made, and rewrites all its proofs.
fn resign(files: &mut Files, key: &SigningKey, put_key: bool) {
    let built = good();
    let old = built.second.note();
    let hashes: Vec<_> = built.second.leaves.iter().map(|leaf| leaf_hash(&leaf.bytes)).collect();
    let checkpoint = Checkpoint { origin: key.name().into(), size: 6, root: tree_root(&hashes) };
    let new = checkpoint.sign(key).unwrap().note().to_owned();
    for (path, bytes) in files.iter_mut().filter(|(path, _)| path.starts_with("trust/logs/2/")) {
        if path.ends_with(".tlog-proof") || path.ends_with("checkpoint.note") {
            *bytes = String::from_utf8(bytes.clone()).unwrap().replace(&old, &new).into_bytes();
        }
    }
    if put_key {
        set(files, "trust/logs/2/log.vkey", format!("{}\n", key.verifying_key()).into());
        set(files, "trust/logs/2/log.pem", key.verifying_key().to_pem().into());
    }
}

#[test]
fn signatures_that_are_not_the_logs() {
    let name = good().second.key.name().to_owned();
    let other = SigningKey::from_seed(&name, [99; 32]).unwrap();
    refused(&mended(|files| resign(files, &other, false)), FindingCode::CheckpointSignature);
    // With the attacker's key in the package too, the genesis leaf and the logged contents speak against it.
    let report = mended(|files| resign(files, &other, true));
    assert!(report.logs[1].signature_ok);
    refused(&report, FindingCode::GenesisKey);
    refused(&report, FindingCode::ExportContents);
    refused(&mended(|files| set(files, "trust/logs/2/log.vkey", b"x\n".to_vec())), FindingCode::KeyMalformed);
    let pem = other.verifying_key().to_pem();
    refused(&mended(|files| set(files, "trust/logs/2/log.pem", pem.clone().into())), FindingCode::PemDiffers);
}

#[test]
fn notes_and_proofs_with_something_added() {
    let name = good().second.key.name().to_owned();
    let extra = SigningKey::from_seed("witness", [7; 32]).unwrap();
    let line = extra.sign(&format!("{name}\n6\n")).unwrap();
    let line = line.lines().last().unwrap().to_owned() + "\n";
    let report = mended(|files| {
        let old = text(files, "trust/logs/2/checkpoint.note");
        for (path, bytes) in files.iter_mut().filter(|(path, _)| path.starts_with("trust/logs/2/")) {
            if path.ends_with(".tlog-proof") || path.ends_with(".note") {
                let new = String::from_utf8(bytes.clone()).unwrap().replace(&old, &format!("{old}{line}"));
                *bytes = new.into_bytes();
            }
        }
    });
    assert_eq!(codes(&report)[0], FindingCode::CheckpointMalformed);
    let report = mended(|files| {
        let proof = text(files, "trust/logs/2/proofs/1.tlog-proof").replacen("index", "extra eA==\nindex", 1);
        set(files, "trust/logs/2/proofs/1.tlog-proof", proof.into_bytes());
    });
    assert_eq!(codes(&report), [FindingCode::ProofMalformed]);
}

#[test]
fn exporters_that_contradict_themselves() {
    let fields = |change: fn(&mut Vec<(&'static str, FieldValue)>)| {
        verify_bytes(&Plan { export_fields: change, ..Plan::default() }.build().zip())
    };
    refused(&fields(|fields| drop(fields.remove(0))), FindingCode::ExportMissing);
    refused(&fields(|fields| drop(fields.remove(1))), FindingCode::ExportWithheld);
    refused(&fields(|fields| fields[0].1 = "zz".into()), FindingCode::FieldMalformed);
    refused(
        &fields(|fields| fields[1].1 = FieldValue::List(vec!["2-2".into()])),
        FindingCode::FieldMalformed,
    );
    refused(
        &fields(|fields| fields[0].1 = ContentId::of(b"").to_string().into()),
        FindingCode::ExportContents,
    );
    let second = |change| verify_bytes(&Plan { second: change, ..Plan::default() }.build().zip());
    let twice = second(|log| {
        log.push("export.made", &[("export.contents_sha256", ContentId::of(b"").to_string().into())]);
    });
    refused(&twice, FindingCode::ExportTwice);
    refused(
        &second(|log| {
            log.push("genesis", &[]);
        }),
        FindingCode::GenesisMissing,
    );
    let missing = second(|log| _ = log.push("evidence.fixed", &[("blob.sha256", "0".repeat(64).into())]));
    refused(&missing, FindingCode::ContentMissing);
    let malformed = second(|log| _ = log.push("evidence.fixed", &[("blob.sha256", "x".into())]));
    refused(&malformed, FindingCode::FieldMalformed);
    let itself = second(|log| {
        let fields =
            [("erased.log", 2.into()), ("erased.seq", 9.into()), ("erased.fields", FieldValue::List(vec![]))];
        log.push("content.erased", &fields);
    });
    refused(&itself, FindingCode::FieldMalformed);
}

#[test]
fn contents_without_a_leaf_that_commits_to_them() {
    let with = |items| verify_bytes(&Plan { items, ..Plan::default() }.build().zip());
    let other: fn(&mut Vec<Entry>) = |items| {
        let bytes = b"not what was logged";
        let wrong = Entry::bytes("data/items/2-1.txt", bytes.to_vec());
        items[1] = wrong;
    };
    refused(&with(other), FindingCode::ContentDiffers);
    let unclaimed: fn(&mut Vec<Entry>) =
        |items| items.push(Entry::bytes("data/items/2-3.txt", b"x".to_vec()));
    refused(&with(unclaimed), FindingCode::ContentUnclaimed);
    let absent: fn(&mut Vec<Entry>) = |items| drop(items.remove(0));
    refused(&with(absent), FindingCode::ContentMissing);
}

#[test]
fn a_log_that_lies_about_the_one_before() {
    use crate::built::Log;
    let relinked: fn(&mut Log) = |log| {
        let other = Log::new(1, "sigu/v1/cccccccccccccccc", None);
        *log = Log::new(2, log.key.name(), Some(&other));
        log.push("order.opened", &[]);
    };
    let report = verify_bytes(
        &Plan { second: relinked, items: |items| drop(items.remove(1)), ..Plan::default() }.build().zip(),
    );
    refused(&report, FindingCode::LinkDiffers);
    assert_eq!(report.grade, Grade::Altered);
    assert_eq!(report.export, Some(ItemId::new(2, 2)));
}
