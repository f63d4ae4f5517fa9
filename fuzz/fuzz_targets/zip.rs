//! A ZIP is refused or is, byte for byte, what our own writer makes of its members.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use sigu_bundle::{Limits, Member, ZipIndex, ZipWriter};

/// Much less than the format allows, so that limits are met.
const LIMITS: Limits =
    Limits { members: 64, total_bytes: 1 << 16, path_bytes: 96, small_bytes: 1 << 12, list_bytes: 1 << 14 };

fuzz_target!(|bytes: &[u8]| {
    let Ok(index) = ZipIndex::open(Cursor::new(bytes), &LIMITS) else { return };
    let again = ZipIndex::open(Cursor::new(bytes), &LIMITS).expect("the same bytes are read again");
    assert_eq!(again.members(), index.members());
    check_limits(index.members());
    assert_eq!(rewrite(bytes, index.members()), bytes);
});

fn check_limits(members: &[Member]) {
    assert!(members.len() as u64 <= LIMITS.members);
    assert!(members.iter().map(|member| member.size).sum::<u64>() <= LIMITS.total_bytes);
    assert!(members.iter().all(|member| member.name.len() <= LIMITS.path_bytes));
    assert!(members.is_sorted_by(|one, next| one.name < next.name));
}

/// Writes the members anew, with the checksums they claim: those are compared by `verify`, not here.
fn rewrite(bytes: &[u8], members: &[Member]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Vec::new());
    for member in members {
        let end = usize::try_from(member.offset + member.size).expect("inside the file");
        let content = &bytes[end - usize::try_from(member.size).expect("inside the file")..end];
        zip.begin(&member.name, member.size, member.crc32).expect("a name that was read");
        zip.write_all(content).expect("writing to memory");
    }
    zip.finish().expect("writing to memory")
}
