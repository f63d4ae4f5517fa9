//! The README and the manual are run: every `$` line of a `console` block, in order, in an empty folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One command of a document and the exit code the document promises.
#[derive(Debug, PartialEq)]
struct Line {
    number: usize,
    command: String,
    exits: i32,
}

/// Reads the `$` lines of the `console` blocks; a line that ends with `\` goes on in the next one.
fn commands(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let (mut inside, mut open) = (false, false);
    for (place, line) in text.lines().enumerate() {
        if let Some(kind) = line.strip_prefix("```") {
            assert!(!open, "line {place}: a command goes on beyond its block");
            inside = !inside && kind.trim() == "console";
            continue;
        }
        let start = if inside && !open { line.strip_prefix("$ ") } else { None };
        if let Some(command) = start {
            found.push(Line { number: place + 1, command: command.to_owned(), exits: 0 });
        } else if open {
            let last = found.last_mut().expect("an open command was begun");
            last.command.push('\n');
            last.command.push_str(line);
        } else {
            continue;
        }
        open = line.ends_with('\\');
    }
    found.into_iter().map(promised).collect()
}

fn promised(line: Line) -> Line {
    let Some((command, code)) = line.command.rsplit_once("# exits ") else { return line };
    let exits = code.trim().parse().unwrap_or_else(|_| panic!("line {}: exits {code}?", line.number));
    Line { command: command.trim_end().to_owned(), exits, number: line.number }
}

/// The shell a reader has: an empty folder, an empty home, `sigu` on the path, no terminal.
#[allow(clippy::disallowed_methods, reason = "the reader's PATH, with our folder before it")]
fn shell(folder: &Path, home: &Path, locale: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_sigu")).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(binary.to_owned()).chain(std::env::split_paths(&path));
    let mut bash = Command::new("bash");
    bash.current_dir(folder).stdin(Stdio::null());
    bash.env("PATH", std::env::join_paths(all).expect("folders of PATH")).env("HOME", home);
    for (name, place) in [
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_CACHE_HOME", ".cache"),
    ] {
        bash.env(name, home.join(place));
    }
    for name in ["LC_ALL", "LC_MESSAGES", "LANGUAGE", "SIGU_VAULT", "SIGU_STATE_DIR"] {
        bash.env_remove(name);
    }
    bash.env("LANG", locale);
    bash
}

fn run(document: &str, locale: &str) {
    let text = std::fs::read_to_string(root().join(document)).expect("the document is there");
    let lines = commands(&text);
    assert!(lines.iter().any(|line| line.command.starts_with("sigu ")), "{document} shows no command");
    let (folder, home) = (TempDir::new().expect("a folder"), TempDir::new().expect("a home"));
    for line in lines {
        let mut bash = shell(folder.path(), home.path(), locale);
        let output = bash.args(["-e", "-o", "pipefail", "-c", &line.command]).output().expect("bash runs");
        assert!(
            output.status.code() == Some(line.exits),
            "{document}:{}: {}\nexited {:?}, promised {}\n{}{}",
            line.number,
            line.command,
            output.status.code(),
            line.exits,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
}

#[test]
fn commands_are_read_as_written() {
    let text = "```text\n$ no\n```\n```console\n$ a \\\n  b\nanswer\n$ c  # exits 3\n```\n$ no\n";
    let line = |number, command: &str, exits| Line { number, command: command.to_owned(), exits };
    assert_eq!(commands(text), [line(5, "a \\\n  b", 0), line(8, "c", 3)]);
}

#[test]
fn the_readme_works() {
    run("README.md", "en_US.UTF-8");
}

#[test]
fn the_chinese_readme_works() {
    run("README.zh-CN.md", "zh_CN.UTF-8");
}

#[test]
fn the_manual_works() {
    run("docs/manual/README.md", "en_US.UTF-8");
}

#[test]
fn the_chinese_manual_works() {
    run("docs/manual/README.zh-CN.md", "zh_CN.UTF-8");
}

/// What the two languages show is the same: the same commands in the same order, whatever the words in them.
#[test]
fn both_manuals_show_the_same_commands() {
    for folder in ["", "docs/manual/"] {
        let verbs = |name: &str| -> Vec<(String, i32)> {
            let text =
                std::fs::read_to_string(root().join(folder).join(name)).expect("the document is there");
            let verb =
                |line: Line| (line.command.split(' ').take(2).collect::<Vec<_>>().join(" "), line.exits);
            let all = commands(&text).into_iter().map(verb);
            all.filter(|(command, _)| command.starts_with("sigu ")).collect()
        };
        assert_eq!(verbs("README.md"), verbs("README.zh-CN.md"), "in {folder}");
    }
}
