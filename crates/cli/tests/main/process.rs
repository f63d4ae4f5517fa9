//! The real binary in a folder of its own: nothing of the machine's user is read or written.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A home for one test, with a vault in it.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
}

impl Home {
    /// A folder without a vault.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with a vault whose key is a plain file, and its recovery key in `recovery.txt`.
    pub(crate) fn with_vault() -> Self {
        let home = Self::new();
        home.good(&["init", "--no-passphrase", "--recovery-out", "recovery.txt"]);
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The command, not yet run, in English.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigu"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("LANG", "en_US.UTF-8")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary starts")
    }

    /// Runs and expects this exit code; gives standard output and error together.
    pub(crate) fn exits(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{text}");
        text
    }

    pub(crate) fn good(&self, args: &[&str]) -> String {
        self.exits(0, args)
    }

    /// Runs with `--json` and parses the one document on standard output.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let output = self.run(&args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    }

    /// Writes a file into the home.
    #[allow(clippy::disallowed_methods, reason = "a test's own input needs no durability")]
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path().join(name), bytes).expect("a file in a temporary folder");
        self
    }
}
