//! What a stranger does without us, on a package as the demo makes it: the recipe inside it, and BagIt's own validator.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Home;

/// The tool, from the project's own folder of Python tools or from the path; its absence fails the test.
fn bagit() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/bagit.py");
    if own.exists() { own } else { PathBuf::from("bagit.py") }
}

fn unpacked() -> (Home, PathBuf) {
    let home = Home::with_vault();
    home.good(&["order", "new", "C03", "--paid", "2026-09-21 14:30:12"]);
    home.file("页面.png", [137, 80, 78, 71]).file("card.txt", "7QKD-ZT4M-90XA");
    home.good(&["fix", "页面.png", "--order", "C03", "--as", "transaction"]);
    home.good(&["fix", "card.txt", "--order", "C03", "--as", "delivery"]);
    home.good(&["export", "--order", "C03", "--out", "c.zip"]);
    let done = Command::new("unzip").args(["-q", "c.zip", "-d", "out"]).current_dir(home.path()).status();
    assert!(done.expect("unzip is installed").success());
    let top = std::fs::read_dir(home.path().join("out")).expect("a folder").next().expect("one folder");
    let top = top.expect("readable").path();
    (home, top)
}

#[test]
fn bagit_validates_what_we_export() {
    let (_home, top) = unpacked();
    let done = Command::new(bagit()).args(["--quiet", "--validate"]).arg(&top).status();
    assert!(done.expect("bagit.py is installed; scripts/need.sh test installs it").success());
}

#[test]
fn the_recipe_in_the_package_runs_without_us() {
    let (_home, top) = unpacked();
    let recipe = std::fs::read_to_string(top.join("trust/VERIFY.md")).expect("the recipe");
    let blocks: Vec<&str> =
        recipe.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 5, "the recipe has its steps");
    let path = std::env::var("PATH").unwrap_or_default();
    let path =
        format!("{}:{path}", bagit().parent().map(|folder| folder.display().to_string()).unwrap_or_default());
    for block in blocks {
        let done = Command::new("bash").args(["-c", block]).current_dir(&top).env("PATH", &path).output();
        let done = done.expect("bash is installed");
        assert!(
            done.status.success(),
            "{block}\n{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
    }
}

#[test]
fn age_opens_a_package_sealed_for_a_recipient() {
    let (home, _) = unpacked();
    let made = Command::new("age-keygen").args(["-o", "key"]).current_dir(home.path()).output();
    let made = made.expect("age-keygen is installed");
    let recipient =
        String::from_utf8_lossy(&made.stderr).split_whitespace().last().expect("a recipient").to_owned();
    home.good(&["export", "--order", "C03", "--to", &recipient, "--out", "s.zip.age"]);
    home.exits(1, &["verify", "s.zip.age"]);
    let opened = Command::new("age")
        .args(["-d", "-i", "key", "-o", "s.zip", "s.zip.age"])
        .current_dir(home.path())
        .status();
    assert!(opened.expect("age is installed").success());
    home.good(&["verify", "s.zip"]);
}
