//! Every byte of the file counts: change any one of them and the package is refused.

use std::io::{Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use sigu_bundle::{Grade, VerifyOptions, verify};

use crate::built::{good, pack, small, verify_bytes};
use crate::stamped::read;

#[test]
fn any_changed_byte_is_noticed_and_named() {
    let zip = small().zip();
    let good = verify_bytes(&zip);
    assert_eq!((good.grade == Grade::Altered, good.logs.len()), (false, 2), "{:?}", good.findings);
    assert!(zip.len() < 36 << 10, "{} bytes: too many for this test", zip.len());
    flip(&zip, 1);
}

/// The same with outside proofs, every eleventh byte.
#[test]
fn any_changed_byte_of_outside_proofs_is_noticed() {
    flip(&read("good-stamped.zip"), 11);
}

fn flip(zip: &[u8], step: usize) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| flip_some(zip, step, &next));
        }
    });
}

/// Takes bytes one after the other, changes one bit of each (another one from byte to byte), and puts it back.
fn flip_some(zip: &[u8], step: usize, next: &AtomicUsize) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(zip).unwrap();
    let mut put = |at: usize, byte: u8| {
        file.seek(SeekFrom::Start(at as u64)).unwrap();
        file.write_all(&[byte]).unwrap();
        file.path().to_owned()
    };
    loop {
        let at = next.fetch_add(step, Ordering::Relaxed);
        let Some(byte) = zip.get(at) else { return };
        let path = put(at, byte ^ (1 << (at % 8)));
        let report = verify(&path, &VerifyOptions::default(), &|_| {}).unwrap();
        assert_eq!(report.grade, Grade::Altered, "byte {at}");
        assert!(!report.findings.is_empty(), "byte {at}");
        put(at, *byte);
    }
}

#[test]
fn any_shorter_file_is_noticed() {
    let zip = good().zip();
    for len in (0..zip.len()).step_by(97).chain(zip.len() - 120..zip.len()) {
        assert_eq!(verify_bytes(&zip[..len]).grade, Grade::Altered, "cut to {len}");
    }
}

/// Keeps the tools of the attacker honest: packing the same files again gives the same bytes.
#[test]
fn repacking_changes_nothing() {
    let built = good();
    assert_eq!(pack(built.layout.name(), &built.files()), built.zip());
}
