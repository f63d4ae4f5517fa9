//! Programs of others, run with limits: no shell, no input but what we give, bounded output and time.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Programs that help when they are installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    /// `ffprobe`: streams, codecs and gaps of videos.
    pub ffprobe: Option<PathBuf>,
    /// `tesseract`: text of pictures, as a suggestion.
    pub tesseract: Option<PathBuf>,
}

impl Tools {
    /// Looks for the programs in the folders of a `PATH` value.
    #[must_use]
    pub fn find(path_var: &OsStr) -> Self {
        let find = |name: &str| {
            let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            let folders = std::env::split_paths(path_var).filter(|folder| folder.is_absolute());
            folders.map(|folder| folder.join(&name)).find(|path| path.is_file())
        };
        Self { ffprobe: find("ffprobe"), tesseract: find("tesseract") }
    }
}

/// What a program may use.
#[derive(Clone, Copy)]
pub(crate) struct Allowance {
    pub(crate) output: u64,
    pub(crate) time: Duration,
}

/// Why a program gave nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    Start(io::Error),
    TimeLimit,
    OutputLimit,
    /// It ended badly; the start of what it said.
    Failed(String),
}

/// How long a program may take to end after its output has ended.
const ENDING: Duration = Duration::from_secs(5);
/// Words of a failing program that are kept.
const MAX_SAID: u64 = 4096;

/// Runs a program to its end and gives its output.
pub(crate) fn run(
    program: &Path,
    arguments: &[OsString],
    input: Option<Vec<u8>>,
    allowance: Allowance,
) -> Result<Vec<u8>, Trouble> {
    let mut command = Command::new(program);
    command.args(arguments).env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C.UTF-8");
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(Trouble::Start)?;
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        // A program that stops reading has its reasons; its exit tells.
        thread::spawn(move || pipe.write_all(&input));
    }
    let output = child.stdout.take().map(|pipe| gather(pipe, allowance.output + 1));
    let said = child.stderr.take().map(|pipe| gather(pipe, MAX_SAID));
    let result = finish(&mut child, output, said, allowance);
    if result.is_err() {
        // Already ended is fine.
        let _ = child.kill();
        let _ = child.wait();
    }
    result
}

fn finish(
    child: &mut Child,
    output: Option<Receiver<Vec<u8>>>,
    said: Option<Receiver<Vec<u8>>>,
    allowance: Allowance,
) -> Result<Vec<u8>, Trouble> {
    let receive = |from: Option<Receiver<Vec<u8>>>, time| {
        from.and_then(|from| from.recv_timeout(time).ok()).ok_or(Trouble::TimeLimit)
    };
    let output = receive(output, allowance.time)?;
    if output.len() as u64 > allowance.output {
        return Err(Trouble::OutputLimit);
    }
    let said = receive(said, ENDING)?;
    for _ in 0..500 {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(output),
            Ok(Some(_)) => return Err(Trouble::Failed(String::from_utf8_lossy(&said).into_owned())),
            Ok(None) => thread::park_timeout(Duration::from_millis(10)),
            Err(error) => return Err(Trouble::Start(error)),
        }
    }
    Err(Trouble::TimeLimit)
}

/// Reads a pipe to its end, keeping at most `most` bytes; of a long output the rest stays unread.
fn gather(mut pipe: impl Read + Send + 'static, most: u64) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a failure is still given; the exit tells the rest.
        let _ = (&mut pipe).take(most).read_to_end(&mut bytes);
        if most == MAX_SAID {
            let _ = io::copy(&mut pipe, &mut io::sink());
        }
        let _ = send.send(bytes);
    });
    receive
}
