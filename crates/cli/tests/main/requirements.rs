//! The table of requirements: every row is there once, and the files and tests it names exist.

use std::path::Path;

use crate::tidy::{none, read, root};

/// One row, cell by cell.
struct Row {
    id: String,
    asks: String,
    places: String,
    tests: String,
    state: String,
}

fn rows(text: &str) -> Vec<Row> {
    let cells = |line: &str| {
        let line = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
        let line = line.expect("a row ends with |");
        line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    let lines = text.lines().filter(|line| line.starts_with('|')).skip(2);
    let row = |line: &str| {
        let [id, asks, places, tests, state] =
            <[String; 5]>::try_from(cells(line)).unwrap_or_else(|found| panic!("five cells: {found:?}"));
        Row { id, asks, places, tests, state }
    };
    lines.map(row).collect()
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether there is nothing in a cell but what stands in backticks, and commas.
fn is_list(cell: &str) -> bool {
    let between: String = cell.split('`').step_by(2).collect();
    cell.matches('`').count().is_multiple_of(2) && between.chars().all(|c| c == ',' || c == ' ')
}

/// Whether a function of that name stands in a source with `#[test]` or `#[tokio::test]` above it, other attributes between
/// them.
fn is_test(source: &str, function: &str) -> bool {
    let head = format!("fn {function}(");
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    let beside = |line: &&&str| line.starts_with("#[") || line.starts_with("//");
    lines.iter().enumerate().any(|(at, line)| {
        let mut above = lines[..at].iter().rev().take_while(beside);
        let is_mark = |line: &&str| *line == "#[test]" || line.starts_with("#[tokio::test");
        line.trim_start_matches("async ").starts_with(&head) && above.any(is_mark)
    })
}

/// What is wrong with a test that a row names.
fn missing_test(name: &str) -> Option<String> {
    let Some((path, function)) = name.split_once("::") else {
        return Some(format!("{name}: not path::function"));
    };
    let file = root().join(path);
    if !is_source(&file) {
        return Some(format!("{path}: no such file of tests"));
    }
    (!is_test(&read(&file), function)).then(|| format!("{name}: no such test"))
}

fn is_source(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|extension| extension == "rs")
}

/// What is wrong with a state: it is `done`, `part: …` or `later: …`, in at most twelve words.
fn bad_state(state: &str) -> Option<String> {
    if state == "done" {
        return None;
    }
    let what = state.strip_prefix("part: ").or_else(|| state.strip_prefix("later: "));
    let words = what.map_or(0, |what| what.split_whitespace().count());
    (!(1..=12).contains(&words)).then(|| format!("state {state:?}"))
}

/// Everything that is wrong with a row.
fn complaints(row: &Row) -> Vec<String> {
    let (places, tests) = (quoted(&row.places), quoted(&row.tests));
    let mut found: Vec<String> = bad_state(&row.state).into_iter().collect();
    let words = row.asks.split_whitespace().count();
    if !(1..=12).contains(&words) {
        found.push(format!("{words} words for what it asks"));
    }
    if row.state.starts_with("later: ") {
        if row.places != "–" || row.tests != "–" {
            found.push("later, and yet something is named".to_owned());
        }
        return found;
    }
    for (what, cell, names) in [("place", &row.places, &places), ("test", &row.tests, &tests)] {
        if names.is_empty() || !is_list(cell) {
            found.push(format!("no list of {what}s: {cell}"));
        }
    }
    let gone = places.iter().filter(|place| !root().join(place).exists());
    found.extend(gone.map(|place| format!("{place}: no such path")));
    found.extend(tests.iter().filter_map(|name| missing_test(name)));
    found
}

#[test]
fn every_requirement_stands_once_and_in_order() {
    let found: Vec<String> =
        rows(&read(&root().join("docs/requirements.md"))).into_iter().map(|row| row.id).collect();
    let articles = (1..=66).map(|number| format!("S{number}"));
    let wanted: Vec<String> = articles.chain((1..=12).map(|number| format!("D{number}"))).collect();
    assert_eq!(found, wanted);
}

#[test]
fn every_requirement_names_what_exists() {
    let rows = rows(&read(&root().join("docs/requirements.md")));
    let of_row = |row: &Row| complaints(row).into_iter().map(|one| format!("{}: {one}", row.id)).collect();
    let all: Vec<Vec<String>> = rows.iter().map(of_row).collect();
    none(&all.concat(), "rows of docs/requirements.md");
}

#[test]
fn rows_that_say_too_much_are_found() {
    let plain = "#[test]\n#[should_panic]\nfn one() {}\nfn other() {}\n";
    let source = format!("{plain}proptest! {{\n    #[test]\n    fn two(x: u8) {{}}\n}}");
    for (function, there) in [("one", true), ("two", true), ("other", false), ("on", false), ("", false)] {
        assert_eq!(is_test(&source, function), there, "{function}");
    }
    let of = |places: &str, tests: &str, state: &str| {
        let [asks, places, tests, state] = ["asks", places, tests, state].map(str::to_owned);
        complaints(&Row { id: "S1".to_owned(), asks, places, tests, state }).len()
    };
    let (place, test) =
        ("`Cargo.toml`", "`crates/cli/tests/main/requirements.rs::rows_that_say_too_much_are_found`");
    for (places, tests, state, wrong) in [
        (place, test, "done", 0),
        (place, test, "part: a rest", 0),
        ("–", "–", "later: all of it", 0),
        (place, "–", "later: all of it", 1),
        ("–", "–", "done", 2),
        ("Cargo.toml", test, "done", 1),
        ("`no/such.rs`", test, "done", 1),
        (place, "`no/such.rs::test`", "done", 1),
        (place, "`crates/cli/tests/main/requirements.rs`", "done", 1),
        (place, "`crates/cli/tests/main/requirements.rs::rows`", "done", 1),
        (place, test, "almost done", 1),
        (place, test, "part: ", 1),
        (place, test, "part", 1),
    ] {
        assert_eq!(of(places, tests, state), wrong, "{places} {tests} {state}");
    }
}
