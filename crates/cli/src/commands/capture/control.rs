//! The way from another `sigu` to the evidence browser that is open: a line of JSON over loopback, with a secret
//! that only this user can read.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use tokio::sync::{mpsc, oneshot};

use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session};

const FILE: &str = "browse.json";
/// The longest line that is read, in bytes.
const LONGEST: u64 = 64 << 10;
/// How long a capture may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// One wish from outside, and where its answer goes: text, JSON and whether it went well.
pub(super) struct Wish {
    pub(super) asked: Value,
    pub(super) answer: oneshot::Sender<Value>,
}

fn place(context: &Context<'_>) -> Result<PathBuf, Problem> {
    Ok(session::places(context.args)?.state.join(FILE))
}

/// The open door; dropped, its file goes away.
pub(super) struct Door {
    file: PathBuf,
}

impl Drop for Door {
    fn drop(&mut self) {
        // It was removed already when this fails.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Opens the door for wishes.
pub(super) fn open(context: &Context<'_>) -> Result<(Door, mpsc::UnboundedReceiver<Wish>), Problem> {
    let fault = |error: std::io::Error| Problem::fault("fault-control", &[("why", error.to_string())]);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(fault)?;
    let port = listener.local_addr().map_err(fault)?.port();
    let mut secret = [0_u8; 32];
    sigu_vault::os_entropy(&mut secret);
    let secret = secret.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let file = place(context)?;
    write_private(&file, &json!({ "port": port, "secret": secret }).to_string()).map_err(fault)?;
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (sender, secret) = (sender.clone(), secret.clone());
            std::thread::spawn(move || serve(stream, &secret, &sender));
        }
    });
    Ok((Door { file }, receiver))
}

#[allow(clippy::disallowed_methods, reason = "made anew at every start; nothing is lost with it")]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

/// Answers one connection: one line in, one line out. Who does not know the secret is not answered.
fn serve(stream: TcpStream, secret: &str, wishes: &mpsc::UnboundedSender<Wish>) {
    // A peer that says nothing is let go.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let Ok(mut out) = stream.try_clone() else { return };
    let mut line = String::new();
    let mut reader = BufReader::new(std::io::Read::take(stream, LONGEST));
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let Ok(asked) = serde_json::from_str::<Value>(&line) else { return };
    let known = asked["secret"].as_str().unwrap_or_default();
    if !bool::from(known.as_bytes().ct_eq(secret.as_bytes())) {
        return;
    }
    let (answer, answered) = oneshot::channel();
    if wishes.send(Wish { asked, answer }).is_err() {
        return;
    }
    if let Ok(answer) = answered.blocking_recv() {
        // Whoever asked is gone when this fails; what was fixed is fixed.
        let _ = writeln!(out, "{answer}");
    }
}

/// Asks the evidence browser that is open.
pub(super) fn ask(context: &Context<'_>, wish: &Value) -> Outcome {
    let closed = || Problem::refused("refused-no-browser-open", &[]);
    let text = std::fs::read_to_string(place(context)?).map_err(|_| closed())?;
    let door: Value = serde_json::from_str(&text).map_err(|_| closed())?;
    let port = door["port"].as_u64().and_then(|port| u16::try_from(port).ok()).ok_or_else(closed)?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|_| closed())?;
    let mut wish = wish.clone();
    wish["secret"] = door["secret"].clone();
    let answer = exchange(&mut stream, &wish)
        .map_err(|error| Problem::fault("fault-control", &[("why", error.to_string())]))?;
    let text = answer["text"].as_str().unwrap_or_default().to_owned();
    let exit = answer["exit"].as_u64().and_then(|exit| u8::try_from(exit).ok()).unwrap_or(5);
    Ok(Answer::new(text, answer["json"].clone()).with_exit(exit))
}

fn exchange(stream: &mut TcpStream, wish: &Value) -> std::io::Result<Value> {
    stream.set_read_timeout(Some(PATIENCE))?;
    writeln!(stream, "{wish}")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    serde_json::from_str(&line).map_err(std::io::Error::other)
}
