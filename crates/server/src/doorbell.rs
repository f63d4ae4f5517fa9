//! How another `sigu` of the same user finds the desk that is open over a vault, and gets in.
//!
//! The desk that is open first holds the lock of a file in the state folder, and writes its port and a secret into another,
//! which its owner alone can read. Who wants in looks first whether the lock is held: then the port is that desk's, and
//! the secret goes to nobody else. For the secret the desk makes a start link, as it does for the terminal it was started
//! in. A locked desk stays locked; its page asks for the passphrase.
//!
//! Decision 0030.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_evidence::ContentId;
use sigu_vault::{Places, os_entropy};
use zeroize::{Zeroize, Zeroizing};

use crate::background::BackgroundLine;
use crate::keep;
use crate::tokens::hex;
use crate::words::Words;

/// Where the desk is asked.
pub(crate) const PATH: &str = "/bell";
/// The header that carries the secret. No page of another origin can send it.
pub(crate) const HEADER: &str = "x-sigu-bell";
/// How long a desk may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the lock is tried, and how long between.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(20);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 256 << 10;

/// What the file says.
#[derive(Serialize, Deserialize)]
struct Plate {
    v: u32,
    port: u16,
    /// When the desk was opened, by the device's clock.
    since: Timestamp,
    pid: u32,
    secret: String,
}

impl Drop for Plate {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// The bell of an open desk. Dropped, nobody finds the desk any more.
pub struct Doorbell {
    plate: PathBuf,
    secret: Zeroizing<String>,
    since: Timestamp,
    /// Held as long as the desk is open; the system lets go of it with the process, however that ends.
    _lock: File,
}

impl std::fmt::Debug for Doorbell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Doorbell").field("plate", &self.plate).finish_non_exhaustive()
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        // It says nothing true any more; where it stays, the lock that nobody holds says so.
        let _ = std::fs::remove_file(&self.plate);
    }
}

/// A desk that was found open.
#[derive(Clone)]
pub struct Found {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// When it was opened, by the device's clock.
    pub since: Timestamp,
    /// Its process.
    pub pid: u32,
    secret: Zeroizing<String>,
}

/// What a desk answers to its bell.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// A link that opens its pages in one browser, once, where one was wanted. The link before is void.
    pub link: Option<String>,
    /// Whether it waits for the passphrase.
    pub locked: bool,
    /// When it was opened, by the device's clock.
    pub since: Timestamp,
    /// What runs by itself in it.
    pub background: Vec<BackgroundLine>,
}

/// The place of a file of the desk of one vault: a user may have several vaults and one state folder.
fn place(places: &Places, end: &str) -> PathBuf {
    let vault = places.vault.canonicalize().unwrap_or_else(|_| places.vault.clone());
    let name = ContentId::of(vault.as_os_str().as_encoded_bytes());
    places.state.join(format!("desk-{}.{end}", name.prefix8()))
}

/// Opens the lock file; its content means nothing.
fn lock_file(places: &Places) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place(places, "lock"))
}

/// Takes the lock; `None` where another desk holds it. Who only looks holds it for a moment: it is tried again.
fn taken(places: &Places) -> io::Result<Option<File>> {
    let lock = lock_file(places)?;
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

impl Doorbell {
    /// Hangs the bell of a desk that listens on this port; `None` where another desk over the same vault has one.
    ///
    /// # Errors
    /// Fails where the state folder cannot be written.
    pub fn hang(places: &Places, port: u16, now: Timestamp) -> io::Result<Option<Self>> {
        keep::folder(&places.state)?;
        let Some(lock) = taken(places)? else { return Ok(None) };
        let mut random = Zeroizing::new([0; 32]);
        os_entropy(random.as_mut());
        let secret = Zeroizing::new(hex(random.as_ref()));
        let plate = Plate { v: 1, port, since: now, pid: std::process::id(), secret: secret.to_string() };
        let text = Zeroizing::new(serde_json::to_vec(&plate).expect("numbers and text always serialise"));
        let plate = place(places, "json");
        keep::replace(&plate, &text)?;
        Ok(Some(Self { plate, secret, since: now, _lock: lock }))
    }

    /// Tells whether somebody rings who read the plate.
    pub(crate) fn knows(&self, secret: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.secret.as_bytes().ct_eq(secret.as_bytes()).into()
    }

    /// When the desk was opened.
    pub(crate) const fn since(&self) -> Timestamp {
        self.since
    }
}

/// Finds the desk that is open over a vault; `None` where there is none that can be found.
pub fn find(places: &Places) -> Option<Found> {
    // Whoever can have the lock meets no desk: a plate that is there was left behind.
    let lock = lock_file(places).ok()?;
    if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let text = Zeroizing::new(keep::read(&place(places, "json")).ok().flatten()?);
    let plate: Plate = serde_json::from_slice(&text).ok().filter(|plate: &Plate| plate.v == 1)?;
    let secret = Zeroizing::new(plate.secret.clone());
    Some(Found { port: plate.port, since: plate.since, pid: plate.pid, secret })
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("port", &self.port).field("pid", &self.pid).finish_non_exhaustive()
    }
}

impl Found {
    /// Asks the desk how it stands, in these words, and for a start link if one is wanted.
    ///
    /// # Errors
    /// Fails where it does not answer in time, or not as a desk does.
    pub fn ring(&self, words: &Words, link: bool) -> io::Result<Answer> {
        let lang = if words.english() { "en" } else { "zh" };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = Zeroizing::new(format!(
            "POST {PATH}?link={link}&lang={lang} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{HEADER}: {}\r\n\
            Content-Length: 0\r\n\r\n",
            self.secret.as_str()
        ));
        stream.write_all(head.as_bytes())?;
        let mut answer = Zeroizing::new(String::new());
        stream.take(LONGEST).read_to_string(&mut answer)?;
        let bad = || io::Error::new(io::ErrorKind::InvalidData, "not the answer of a desk");
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(bad)?;
        if !head.starts_with("HTTP/1.1 200 ") {
            return Err(bad());
        }
        serde_json::from_str(body).map_err(|_| bad())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> (tempfile::TempDir, Places) {
        let folder = tempfile::tempdir().unwrap();
        let places = Places { vault: folder.path().join("vault"), state: folder.path().join("state") };
        (folder, places)
    }

    #[test]
    fn the_first_desk_is_found_as_long_as_it_is_open() {
        let (_folder, places) = room();
        let now: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
        assert!(find(&places).is_none(), "nobody is there");
        let bell = Doorbell::hang(&places, 47_616, now).unwrap().unwrap();
        assert!(Doorbell::hang(&places, 47_617, now).unwrap().is_none(), "one bell for one vault");
        let found = find(&places).unwrap();
        assert_eq!((found.port, found.since, found.pid), (47_616, now, std::process::id()));
        assert!(bell.knows(&found.secret) && !bell.knows("") && !bell.knows(&"0".repeat(64)));
        assert!(!format!("{found:?} {bell:?}").contains(found.secret.as_str()));
        let other = Places { vault: places.vault.with_file_name("other"), ..places.clone() };
        assert!(find(&other).is_none(), "a desk of another vault is not taken for it");
        drop(bell);
        assert!(find(&places).is_none());
        assert!(!place(&places, "json").exists());
    }

    #[test]
    fn a_plate_left_behind_leads_nowhere() {
        let (_folder, places) = room();
        let bell = Doorbell::hang(&places, 47_616, Timestamp::UNIX_EPOCH).unwrap().unwrap();
        let text = keep::read(&place(&places, "json")).unwrap().unwrap();
        drop(bell);
        keep::replace(&place(&places, "json"), &text).unwrap();
        assert!(find(&places).is_none(), "whoever listens there now gets no secret");
        assert!(Doorbell::hang(&places, 1, Timestamp::UNIX_EPOCH).unwrap().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn the_plate_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, places) = room();
        let _bell = Doorbell::hang(&places, 1, Timestamp::UNIX_EPOCH).unwrap().unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place(&places, "json")), 0o600);
        assert_eq!(mode(&places.state), 0o700);
    }
}
