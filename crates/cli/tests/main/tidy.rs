//! The house rules that no compiler checks: arrows, module heads, forgotten tests, messages, pins, sizes, words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

const PREFIX: &str = "sigu-";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace is there")
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// All files below a folder of the workspace that were not built.
fn files(below: &str) -> Vec<PathBuf> {
    let built = ["target", ".git", "corpus", "artifacts"];
    WalkDir::new(root().join(below))
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !built.iter().any(|name| entry.file_name() == *name))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// Fails with all complaints at once.
pub(crate) fn none(complaints: &[String], rule: &str) {
    assert!(complaints.is_empty(), "{rule}:\n  {}", complaints.join("\n  "));
}

/// The lines of the first fenced block after a heading.
fn block_after<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let mut lines = text.lines().skip_while(|line| !(line.starts_with('#') && line.ends_with(heading)));
    assert!(lines.next().is_some(), "no heading {heading}");
    lines
        .skip_while(|line| !line.starts_with("```"))
        .skip(1)
        .take_while(|line| !line.starts_with("```"))
        .filter(|line| !line.trim().is_empty())
        .collect()
}

type Arrows = BTreeMap<String, BTreeSet<String>>;

fn written_arrows() -> Arrows {
    let text = read(&root().join("ARCHITECTURE.md"));
    let row = |line: &str| {
        let (from, to) = line.split_once('→').or_else(|| line.split_once('–')).expect("an arrow or a dash");
        let to = to.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        (from.trim().to_owned(), to.collect())
    };
    block_after(&text, "Allowed arrows").into_iter().map(row).collect()
}

fn built_arrows() -> Arrows {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let packages = metadata.expect("cargo describes the workspace").packages;
    let short = |name: &str| name.strip_prefix(PREFIX).map(str::to_owned);
    packages
        .iter()
        .filter_map(|package| {
            let normal = package.dependencies.iter().filter(|one| one.kind == DependencyKind::Normal);
            Some((short(package.name.as_ref())?, normal.filter_map(|one| short(one.name.as_ref())).collect()))
        })
        .collect()
}

#[test]
fn arrows_are_those_of_the_architecture() {
    let (written, built) = (written_arrows(), built_arrows());
    assert!(written.keys().eq(built.keys()), "crates: written {written:?}, built {built:?}");
    for (from, to) in &built {
        let allowed = &written[from];
        // `all` is for the edge: it may use any crate and need not use every one.
        assert!(allowed.contains("all") || to == allowed, "{from}: written {allowed:?}, built {to:?}");
    }
}

#[test]
fn every_source_says_what_it_is() {
    let sources = files("crates").into_iter().chain(files("fuzz")).filter(|path| is(path, "rs"));
    let mute: Vec<String> =
        sources.filter(|path| !read(path).starts_with("//!")).map(|path| shown(&path)).collect();
    none(&mute, "files that do not begin with //!");
}

/// The file that must declare a test module, and the module's name.
fn declared_in(path: &Path) -> (PathBuf, String) {
    let folder = path.parent().expect("below tests/main");
    let stem = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let (folder, name) = if stem(path) == "mod" {
        (folder.parent().expect("below tests/main"), stem(folder))
    } else {
        (folder, stem(path))
    };
    let heads = [folder.join("main.rs"), folder.join("mod.rs"), folder.with_extension("rs")];
    (heads.into_iter().find(|head| head.is_file()).expect("a module has a head"), name)
}

#[test]
fn no_test_file_is_forgotten() {
    let mut forgotten = Vec::new();
    for path in files("crates").into_iter().filter(|path| is(path, "rs")) {
        let place = shown(&path);
        let Some((_, below)) = place.split_once("/tests/") else { continue };
        if !below.contains('/') {
            forgotten.push(format!("{place}: a test binary of its own; move it below tests/main/"));
        } else if below != "main/main.rs" {
            let (head, name) = declared_in(&path);
            let declared = read(&head).lines().any(|line| line.trim().ends_with(&format!("mod {name};")));
            if !declared {
                forgotten.push(format!("{place}: not declared in {}", shown(&head)));
            }
        }
    }
    none(&forgotten, "test files that never run");
}

/// Messages and attributes of a Fluent file with their whole values.
fn messages(path: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::<String, String>::new();
    let (mut message, mut current) = (String::new(), String::new());
    for line in read(path).lines().filter(|line| !line.starts_with('#')) {
        let indented = line.starts_with([' ', '\t']);
        let head = line.trim_start().split_once('=').map(|(name, value)| (name.trim(), value));
        let attribute = head.and_then(|(name, value)| Some((name.strip_prefix('.')?, value)));
        match (indented, head, attribute) {
            (true, _, Some((name, value))) => {
                current = format!("{message}.{name}");
                assert!(found.insert(current.clone(), value.trim().to_owned()).is_none(), "{current} twice");
            }
            (false, Some((name, value)), _) => {
                (message, current) = (name.to_owned(), name.to_owned());
                let twice = found.insert(current.clone(), value.trim().to_owned()).is_some();
                assert!(!twice, "{}: {current} twice", shown(path));
            }
            _ if line.trim().is_empty() => {}
            _ => {
                let value = found.get_mut(&current);
                let value = value.unwrap_or_else(|| panic!("{}: stray line {line}", shown(path)));
                value.push(' ');
                value.push_str(line.trim());
            }
        }
    }
    found
}

/// Where words for people stand: those of commands and pages, and those of papers.
const SPEAKERS: [&str; 2] = ["messages", "crates/documents/messages"];

/// All messages of one place in a language; no key stands in two files.
fn spoken(speaker: &str, language: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for path in files(&format!("{speaker}/{language}")).into_iter().filter(|path| is(path, "ftl")) {
        for (key, value) in messages(&path) {
            assert!(all.insert(key.clone(), value).is_none(), "{}: {key} stands elsewhere too", shown(&path));
        }
    }
    all
}

/// What is put into a message: `{ $name }`, and `{"{name}"}` where a template does it.
fn variables(value: &str) -> BTreeSet<&str> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let after = |mark| value.split(mark).skip(1);
    after("$").chain(after("{\"{")).map(|rest| rest.split(ends).next().unwrap_or_default()).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let mut complaints = Vec::new();
    for speaker in SPEAKERS {
        let (chinese, english) = (spoken(speaker, "zh-CN"), spoken(speaker, "en"));
        for key in chinese.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
            complaints.extend(unlike(key, chinese.get(key), english.get(key)));
        }
    }
    none(&complaints, "messages");
}

fn unlike(key: &str, zh: Option<&String>, en: Option<&String>) -> Option<String> {
    let (Some(zh), Some(en)) = (zh, en) else {
        return Some(format!("{key}: only in {}", if zh.is_some() { "zh-CN" } else { "en" }));
    };
    if zh.is_empty() || en.is_empty() {
        return Some(format!("{key}: empty"));
    }
    let (zh, en) = (variables(zh), variables(en));
    (zh != en).then(|| format!("{key}: zh {zh:?}, en {en:?}"))
}

#[test]
fn every_problem_has_words_and_advice() {
    let known = spoken("messages", "en");
    let kinds = ["refused-", "usage-", "damage-", "fault-"];
    let mut missing = BTreeSet::new();
    let shared = root().join("crates/server/src/refusing.rs");
    for path in files("crates/cli/src").into_iter().chain([shared]).filter(|path| is(path, "rs")) {
        for literal in read(&path).split('"').skip(1).step_by(2) {
            let key = literal
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            if key && kinds.iter().any(|kind| literal.starts_with(kind) && literal != *kind) {
                let both = [literal.to_owned(), format!("{literal}-advice")];
                missing.extend(both.into_iter().filter(|key| !known.contains_key(key)));
            }
        }
    }
    none(&missing.into_iter().collect::<Vec<_>>(), "messages the code asks for");
}

/// Files that are or would be committed.
fn tracked() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    match listed {
        Ok(output) if output.status.success() => {
            let names = String::from_utf8(output.stdout).expect("paths here are UTF-8");
            names
                .split('\0')
                .filter(|name| !name.is_empty())
                .map(|name| root().join(name))
                .filter(|path| path.is_file())
                .collect()
        }
        // An unpacked source package: everything that was not built.
        _ => files(""),
    }
}

fn wordy(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Places where `word` stands with `before` true of the byte before it and `after` of the bytes behind it.
fn stands(text: &[u8], word: &[u8], after: impl Fn(&[u8]) -> bool) -> bool {
    text.windows(word.len()).enumerate().any(|(at, found)| {
        found == word && (at == 0 || !wordy(text[at - 1])) && after(&text[at + word.len()..])
    })
}

/// Words that must not stand anywhere; put together here, so that this file does not hold them.
fn hosts_and_homes(text: &[u8]) -> Option<&'static str> {
    let slash = |name: &str| format!("/{name}/").into_bytes();
    if ["work", "root"].iter().any(|name| stands(text, &slash(name), |_| true)) {
        return Some("a path of one machine");
    }
    let a_home = |rest: &[u8]| {
        let name = rest.iter().take_while(|byte| wordy(**byte)).count();
        name > 0 && rest.get(name) == Some(&b'/')
    };
    if stands(text, &slash("home"), a_home) {
        return Some("a path in somebody's home");
    }
    let registries = [["crates", "io"], ["docs", "rs"], ["pypi", "org"], ["npmjs", "com"], ["npmjs", "org"]];
    let named = |[name, end]: &[&str; 2]| {
        // The name of the index stands in lock files and is the same everywhere.
        stands(text, format!("{name}.{end}").as_bytes(), |rest| !rest.starts_with(b"-index"))
    };
    registries.iter().any(named).then_some("the host of a registry")
}

fn marker(text: &[u8]) -> Option<&'static str> {
    let words = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"]];
    let alone = |rest: &[u8]| !rest.first().is_some_and(|byte| wordy(*byte));
    words.iter().any(|pair| stands(text, pair.concat().as_bytes(), alone)).then_some("a reminder in code")
}

#[test]
fn nothing_unfinished_and_nobodys_machine_is_named() {
    let code = ["rs", "toml", "sh", "py", "js", "ftl", "yml", "yaml"];
    let mut complaints = Vec::new();
    for path in tracked() {
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let is_code = code.iter().any(|extension| is(&path, extension)) || path.ends_with("Makefile");
        let reminder = if is_code { marker(&bytes) } else { None };
        complaints
            .extend(hosts_and_homes(&bytes).or(reminder).map(|what| format!("{}: {what}", shown(&path))));
    }
    none(&complaints, "words that must not stand here");
}

/// SHA-256 over the lines `sha256sum` prints for the files, as `docs/formats/pin.sh` computes it.
fn pin(paths: &[&str]) -> String {
    let mut all = Sha256::new();
    for path in paths {
        let bytes = std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        all.update(format!("{}  {path}\n", hex(&Sha256::digest(&bytes))));
    }
    hex(&all.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn formats_are_pinned_to_their_codecs() {
    let mut complaints = Vec::new();
    for path in files("docs/formats").into_iter().filter(|path| is(path, "md")) {
        let text = read(&path);
        let last = text.lines().last().unwrap_or_default();
        let pinned = last.strip_prefix("Codec: ").and_then(|rest| rest.rsplit_once(" sha256:"));
        let Some((paths, digest)) = pinned else {
            complaints.push(format!("{}: no pin in the last line", shown(&path)));
            continue;
        };
        if pin(&paths.split(' ').collect::<Vec<_>>()) != digest {
            complaints.push(format!(
                "{}: its codec changed; read it again, then run docs/formats/pin.sh",
                shown(&path)
            ));
        }
    }
    none(&complaints, "formats and their code");
}

#[test]
fn no_source_is_longer_than_800_lines() {
    let sources =
        files("crates").into_iter().filter(|path| ["rs", "py", "sh"].iter().any(|one| is(path, one)));
    let long: Vec<String> = sources
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > 800)
        .map(|(lines, path)| format!("{}: {lines} lines", shown(&path)))
        .collect();
    none(&long, "files to be cut");
}

/// Whether `crate::module::…::function` is a test of that crate, or `crate::module` a file of tests.
fn guard_exists(name: &str) -> bool {
    let mut parts: Vec<&str> = name.split("::").collect();
    let place = root().join("crates").join(parts.remove(0));
    let Some(&last) = parts.last() else { return false };
    let file = |parts: &[&str]| {
        let path = parts.join("/");
        let heads = [place.join("tests/main").join(&path), place.join("src").join(&path)];
        heads
            .into_iter()
            .map(|head| PathBuf::from(format!("{}.rs", head.display())))
            .find(|file| file.is_file())
    };
    if let Some(whole) = file(&parts) {
        return read(&whole).contains("#[test]") || read(&whole).contains("fn ");
    }
    let names_it = |file: PathBuf| read(&file).contains(&format!("fn {last}("));
    file(&parts[..parts.len() - 1]).is_some_and(names_it)
}

#[test]
fn every_invariant_names_a_guard_that_exists() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let mut complaints = Vec::new();
    for paragraph in text.split("\n\n").filter(|one| one.contains("**Architecture Invariant**")) {
        let words: String = paragraph.chars().take(60).collect();
        let Some((_, guards)) = paragraph.rsplit_once("Guarded by") else {
            complaints.push(format!("no guard: {words}"));
            continue;
        };
        let guards: Vec<&str> = guards.split('`').skip(1).step_by(2).collect();
        let missing = guards.iter().filter(|guard| !(**guard == "clippy.toml" || guard_exists(guard)));
        complaints.extend(missing.map(|guard| format!("{guard}: no such test")));
        if guards.is_empty() {
            complaints.push(format!("no guard: {words}"));
        }
    }
    none(&complaints, "invariants of ARCHITECTURE.md");
}
