//! The files of `vectors/` and how a folder of them is walked.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The path of a folder of vectors.
pub(crate) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name)
}

/// The bytes of one vector.
pub(crate) fn read(folder_name: &str, file: &str) -> Vec<u8> {
    fs::read(folder(folder_name).join(file)).unwrap_or_else(|error| panic!("{folder_name}/{file}: {error}"))
}

/// The names of all files with an ending, without it, sorted.
pub(crate) fn stems(folder_name: &str, ending: &str) -> Vec<String> {
    let files = fs::read_dir(folder(folder_name)).unwrap();
    let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut stems: Vec<String> =
        names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect();
    stems.sort();
    stems
}

/// Runs `check` over the good and bad files of one ending; a bad one's message must hold the text that
/// `defects` gives for its name. A file without a line, or a line without a file, fails.
pub(crate) fn walk(
    folder_name: &str,
    ending: &str,
    defects: &[(&str, &str)],
    check: impl Fn(&str, &[u8]) -> Result<(), String>,
) {
    let mut expected: BTreeMap<&str, &str> = defects.iter().copied().collect();
    assert_eq!(expected.len(), defects.len(), "a defect is listed twice");
    let (mut good, mut wrong) = (0, Vec::new());
    for stem in stems(folder_name, ending) {
        let outcome = check(&stem, &read(folder_name, &format!("{stem}{ending}")));
        if let Some(defect) = stem.strip_prefix("bad-") {
            match (expected.remove(defect), outcome) {
                (Some(message), Err(error)) if error.contains(message) => {}
                (message, outcome) => wrong.push(format!("{stem}: {outcome:?}, expected {message:?}")),
            }
        } else if stem.starts_with("good-") {
            good += 1;
            if let Err(error) = outcome {
                wrong.push(format!("{stem}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(expected.is_empty(), "no file for {expected:?}");
    assert!(good > 0, "{folder_name} has no good files");
}
