//! Makes the vectors under `vectors/` and walks over the committed ones.
//!
//! The committed bytes are what counts: a test holds them against what is made here, so neither a change of
//! a writer nor of this file passes unseen. `cargo run -p sigu-evidence --example make_vectors` writes them.

pub(crate) mod disclosure;
pub(crate) mod key_file;
pub(crate) mod manifest;
pub(crate) mod sealed;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// One vector: its path below `vectors/`, and its bytes.
pub(crate) type Vector = (String, Vec<u8>);

/// The folder `vectors/` of the workspace.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

/// All vectors that this code makes.
pub(crate) fn all() -> Vec<Vector> {
    [sealed::all(), key_file::all(), disclosure::all(), manifest::all()].concat()
}

/// A repeatable source of bytes, so that vectors come out the same every time.
pub(crate) fn repeatable(seed: &str) -> impl FnMut(&mut [u8]) {
    let seed = seed.to_owned();
    let mut counter = 0_u64;
    move |out| {
        for part in out.chunks_mut(32) {
            let block = Sha256::new().chain_update(&seed).chain_update(counter.to_be_bytes()).finalize();
            part.copy_from_slice(&block[..part.len()]);
            counter += 1;
        }
    }
}

/// Reads the committed files of one kind: name and bytes, sorted.
#[cfg(test)]
pub(crate) fn committed(kind: &str) -> Vec<(String, Vec<u8>)> {
    let folder = folder().join(kind);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Calls `check` for each committed file whose name begins so; the names must be exactly the expected ones.
#[cfg(test)]
pub(crate) fn walk<'a, E>(
    kind: &str,
    start: &str,
    end: &str,
    expected: &'a [(&'a str, E)],
    check: impl Fn(&str, &[u8], &E),
) {
    let files = committed(kind);
    let files: Vec<_> =
        files.iter().filter(|(name, _)| name.starts_with(start) && name.ends_with(end)).collect();
    for (name, _) in expected {
        assert!(files.iter().any(|(file, _)| file == name), "{kind}/{name} is not committed");
    }
    for (name, bytes) in files {
        let (_, wanted) = expected
            .iter()
            .find(|(file, _)| file == name)
            .unwrap_or_else(|| panic!("{kind}/{name} is not expected by any test"));
        check(name, bytes, wanted);
    }
}

#[test]
fn the_committed_vectors_are_the_ones_made_here() {
    for (name, bytes) in all() {
        let committed = std::fs::read(folder().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(committed == bytes, "{name} differs from what the writer makes now");
    }
}
