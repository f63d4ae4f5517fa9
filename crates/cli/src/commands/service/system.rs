//! Systems that start a program by themselves: where they want its file, and the commands by which they are told.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sigu_vault::Places;

use super::spec::Spec;
use super::{launchd, systemd, task};
use crate::problem::Problem;

/// The unit's name.
const UNIT: &str = "sigu.service";
/// As much of what a command complains of as is repeated, in characters.
const COMPLAINT: usize = 300;

/// Which system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Systemd,
    Launchd,
    Windows,
}

/// One command of the system's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    words: Vec<String>,
    /// Whether it may fail: what it takes away is not there.
    may_fail: bool,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ran {
    Done,
    /// It is not on this machine.
    Missing,
    /// It says no, with its first words.
    Failed(String),
}

fn step(words: &[&str]) -> Step {
    Step { words: words.iter().map(|word| (*word).to_owned()).collect(), may_fail: false }
}

fn perhaps(words: &[&str]) -> Step {
    Step { may_fail: true, ..step(words) }
}

impl System {
    /// The one of this machine.
    pub(super) const fn own() -> Self {
        if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Launchd
        } else {
            Self::Systemd
        }
    }

    /// The one of that word; this machine's without one.
    pub(super) fn of(word: Option<&str>) -> Self {
        match word {
            Some("systemd") => Self::Systemd,
            Some("launchd") => Self::Launchd,
            Some("windows") => Self::Windows,
            _ => Self::own(),
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::Launchd => "launchd",
            Self::Windows => "windows",
        }
    }

    /// Where its file lies.
    pub(super) fn place(self, places: &Places) -> Result<PathBuf, Problem> {
        let base = directories::BaseDirs::new().ok_or_else(|| Problem::usage("usage-no-home", &[]))?;
        Ok(match self {
            Self::Systemd => base.config_dir().join("systemd/user").join(UNIT),
            Self::Launchd => {
                base.home_dir().join("Library/LaunchAgents").join(format!("{}.plist", launchd::LABEL))
            }
            Self::Windows => places.state.join("sigu-desk.xml"),
        })
    }

    /// What the file says, as text.
    pub(super) fn text(self, spec: &Spec) -> Result<String, Problem> {
        match self {
            Self::Systemd => Ok(systemd::text(spec)),
            Self::Launchd => Ok(launchd::text(spec)),
            Self::Windows => task::text(spec),
        }
    }

    /// The file's bytes.
    pub(super) fn file(self, text: &str) -> Vec<u8> {
        match self {
            Self::Windows => task::file(text),
            Self::Systemd | Self::Launchd => text.as_bytes().to_vec(),
        }
    }

    /// What has the file followed from now on; of one that is new what went before ends.
    pub(super) fn enabling(self, file: &Path, new: bool) -> Vec<Step> {
        let path = file.display().to_string();
        match self {
            Self::Systemd => vec![
                step(&["systemctl", "--user", "daemon-reload"]),
                step(&["systemctl", "--user", "enable", UNIT]),
                step(&["systemctl", "--user", if new { "restart" } else { "start" }, UNIT]),
            ],
            Self::Launchd => {
                let begin = step(&["launchctl", "bootstrap", &domain(), &path]);
                let end = perhaps(&["launchctl", "bootout", &agent()]);
                let allow = perhaps(&["launchctl", "enable", &agent()]);
                // It may run already; then the last command says so, and starts nothing.
                if new {
                    vec![end, allow, begin]
                } else {
                    vec![allow, Step { may_fail: true, ..begin }, step(&["launchctl", "kickstart", &agent()])]
                }
            }
            Self::Windows => vec![
                step(&["schtasks", "/Create", "/TN", task::NAME, "/XML", &path, "/F"]),
                step(&["schtasks", "/Run", "/TN", task::NAME]),
            ],
        }
    }

    /// What ends it and has it forgotten; the file goes after this.
    pub(super) fn disabling(self) -> Vec<Step> {
        match self {
            Self::Systemd => vec![step(&["systemctl", "--user", "disable", "--now", UNIT])],
            Self::Launchd => vec![perhaps(&["launchctl", "bootout", &agent()])],
            Self::Windows => vec![
                perhaps(&["schtasks", "/End", "/TN", task::NAME]),
                step(&["schtasks", "/Delete", "/TN", task::NAME, "/F"]),
            ],
        }
    }

    /// What notices that the file is gone.
    pub(super) fn afterwards(self) -> Vec<Step> {
        match self {
            Self::Systemd => vec![step(&["systemctl", "--user", "daemon-reload"])],
            Self::Launchd | Self::Windows => Vec::new(),
        }
    }

    /// What succeeds if the system has it running, or, on Windows, knows it.
    pub(super) fn asking(self) -> Step {
        match self {
            Self::Systemd => step(&["systemctl", "--user", "is-active", "--quiet", UNIT]),
            Self::Launchd => step(&["launchctl", "print", &agent()]),
            Self::Windows => step(&["schtasks", "/Query", "/TN", task::NAME]),
        }
    }
}

/// The user's session, as launchd names it.
fn domain() -> String {
    #[cfg(unix)]
    let user = rustix::process::getuid().as_raw();
    #[cfg(not(unix))]
    let user = 0;
    format!("gui/{user}")
}

fn agent() -> String {
    format!("{}/{}", domain(), launchd::LABEL)
}

impl Step {
    /// Runs it to its end.
    pub(super) fn run(&self) -> Ran {
        let [program, args @ ..] = self.words.as_slice() else { return Ran::Done };
        let output = Command::new(program).args(args).stdin(Stdio::null()).output();
        match output {
            Ok(output) if output.status.success() || self.may_fail => Ran::Done,
            Ok(output) => {
                let said = if output.stderr.is_empty() { output.stdout } else { output.stderr };
                let said = String::from_utf8_lossy(&said);
                let first = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
                Ran::Failed(first.chars().filter(|sign| !sign.is_control()).take(COMPLAINT).collect())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ran::Missing,
            Err(error) => Ran::Failed(error.to_string()),
        }
    }

    /// The command as it is typed.
    pub(super) fn typed(&self) -> String {
        self.words.iter().map(|word| typed(word)).collect::<Vec<_>>().join(" ")
    }
}

/// A word as it is typed into the shell of this machine.
fn typed(word: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./:\\@+=".contains(sign);
    if !word.is_empty() && word.chars().all(plain) && (cfg!(windows) || !word.contains('\\')) {
        return word.to_owned();
    }
    if cfg!(windows) { format!("\"{word}\"") } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_command_is_shown_so_that_a_shell_takes_it_as_it_is() {
        for (word, shown) in [
            ("--user", "--user"),
            ("/XML", "/XML"),
            ("sigu desk", "'sigu desk'"),
            ("a'b", "'a'\\''b'"),
            ("四固", "'四固'"),
            ("$HOME", "'$HOME'"),
        ] {
            assert_eq!(typed(word), shown);
        }
    }
}
