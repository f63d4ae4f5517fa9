//! The packages in `vectors/bundle/`: what one version wrote or refused, every later one does too.
//!
//! `bad-<code>.zip` and `bad-<code>--<how>.zip` are refused with that finding; all others are consistent. The files are
//! frozen: one that is there is never written again. `SIGU_WRITE_VECTORS=1 cargo test -p sigu-bundle` writes those that
//! are missing; those with outside proofs are written by `tests/make_stamped.py`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use sigu_bundle::{FindingCode, Grade};

use crate::built::{NAME, Plan, codes, get, good, mend, pack, set, verify_bytes};
use crate::hostile_zip::{End, Raw, forge, raw};

type Files = Vec<(String, Vec<u8>)>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/bundle")
}

fn name_of(code: FindingCode) -> String {
    serde_json::to_value(code).unwrap().as_str().unwrap().to_owned()
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a switch for whoever adds a vector")]
fn every_vector_is_there_and_judged_as_its_name_says() {
    let write = std::env::var_os("SIGU_WRITE_VECTORS").is_some();
    for (name, bytes) in all() {
        let path = folder().join(name);
        if write && !path.exists() {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, bytes).unwrap();
        }
        assert!(path.exists(), "{} is missing", path.display());
    }
    let mut seen = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let Some(stem) = path
            .file_stem()
            .and_then(|s| s.to_str())
            .filter(|_| path.extension().is_some_and(|e| e == "zip"))
        else {
            continue;
        };
        let report = verify_bytes(&std::fs::read(&path).unwrap());
        let found: BTreeSet<String> = codes(&report).into_iter().map(name_of).collect();
        match stem.strip_prefix("bad-").map(|name| name.split_once("--").map_or(name, |(code, _)| code)) {
            Some(code) => assert!(found.contains(code), "{stem}: {:?}", report.findings),
            None => assert_eq!(
                (report.grade, found.len()),
                (Grade::Consistent, 0),
                "{stem}: {:?}",
                report.findings
            ),
        }
        seen += 1;
    }
    assert!(seen >= all().len());
}

fn all() -> Vec<(String, Vec<u8>)> {
    use FindingCode as C;
    let bad = |code: C, bytes| (format!("bad-{}.zip", name_of(code)), bytes);
    let mut list = vec![("good-two-logs.zip".to_owned(), good().zip())];
    let tiny = |change: fn(&mut Raw)| {
        let mut members = [raw("t/a"), raw("t/b")];
        change(&mut members[1]);
        forge(&members, &End::default())
    };
    let honest = tiny(|_| {});
    list.push(bad(C::NotAZip, honest[..honest.len() - 1].to_vec()));
    list.push(bad(C::ZipTrailingBytes, [&honest[..], b"x"].concat()));
    list.push(bad(C::ZipLeadingBytes, [b"x", &honest[..]].concat()));
    list.push(bad(C::ZipLocalHeader, tiny(|m| m.local_name = Some(b"t/c".to_vec()))));
    list.push(bad(C::ZipOverlap, tiny(|m| m.offset = Some(0))));
    list.push(bad(C::ZipCompressed, tiny(|m| m.method = 8)));
    list.push(bad(C::ZipDataDescriptor, tiny(|m| m.flags |= 8)));
    list.push(bad(C::SpecialFile, tiny(|m| m.mode = 0o120_777)));
    list.push(bad(C::UnsafePath, tiny(|m| m.name = "t/../../x".into())));
    list.push(bad(C::DuplicatePath, tiny(|m| m.name = "t/a".into())));
    list.extend(altered().into_iter().map(|(code, bytes)| bad(code, bytes)));
    let unlinked = Plan { linked: false, ..Plan::default() }.build();
    list.push(bad(C::LinkMissing, unlinked.zip()));
    list
}

/// Packages whose container is sound.
fn altered() -> Vec<(FindingCode, Vec<u8>)> {
    use FindingCode as C;
    let make = |code, change: fn(&mut Files), mended: bool| {
        let mut files = good().files();
        change(&mut files);
        files.sort();
        if mended {
            mend(&mut files, true);
        }
        (code, pack(NAME, &files))
    };
    vec![
        make(C::UnknownFile, |files| files.push(("trust/extra.txt".into(), b"x".to_vec())), true),
        make(C::DigestDiffers, |files| set(files, "data/index.html", b"changed\n".to_vec()), false),
        make(C::ExportContents, |files| set(files, "data/index.html", b"changed\n".to_vec()), true),
        make(C::ContentMissing, |files| files.retain(|(path, _)| path != "data/items/1-2.png"), true),
        make(C::ContentDiffers, |files| set(files, "data/items/2-1.txt", b"changed\n".to_vec()), true),
        make(
            C::LeafNumber,
            |files| replace(files, "trust/logs/2/leaves/2.json", "trust/logs/2/leaves/1.json"),
            true,
        ),
        make(C::NotIncluded, |files| edit(files, "trust/logs/2/leaves/1.json", "08:00:01", "07:00:01"), true),
        make(
            C::ProofIndex,
            |files| edit(files, "trust/logs/2/proofs/1.tlog-proof", "index 1\n", "index 2\n"),
            true,
        ),
        make(
            C::DisclosureNoMatch,
            |files| replace(files, "trust/logs/2/disclosures/2.txt", "trust/logs/1/disclosures/2.txt"),
            true,
        ),
        make(
            C::CheckpointSignature,
            |files| edit(files, "trust/logs/2/checkpoint.note", "\n6\n", "\n7\n"),
            true,
        ),
        make(C::PemDiffers, |files| replace(files, "trust/logs/2/log.pem", "trust/logs/1/log.pem"), true),
    ]
}

fn replace(files: &mut Files, to: &str, from: &str) {
    let bytes = get(files, from).unwrap();
    set(files, to, bytes);
}

fn edit(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(get(files, path).unwrap()).unwrap();
    assert!(text.contains(from), "{path}");
    set(files, path, text.replacen(from, to, 1).into_bytes());
}
