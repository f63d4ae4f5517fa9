//! Archives before the tools of others: warcio, wacz, cdxj-indexer, and a replay with pywb.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Cursor, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use sigu_capture::archive::{Code, Limits, check};

use crate::archive_sample::{PAGE, PAGE_BODY, member, visit};

fn found(folder: &str, name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join("bin").join(name);
    assert!(path.exists(), "{name} is missing; scripts/need.sh test installs it in {folder}");
    path
}

/// A Python tool of the project.
pub(crate) fn tool(name: &str) -> PathBuf {
    found(".venv", name)
}

fn run(command: &mut Command) -> String {
    let done = command.output().expect("the tool starts");
    let shown = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{shown}");
    shown
}

fn in_folder() -> (tempfile::TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let bytes = visit().bytes();
    put(&folder.path().join("visit.wacz"), &bytes);
    put(&folder.path().join("data.warc.gz"), &member(&bytes, "archive/data.warc.gz"));
    (folder, bytes)
}

#[allow(clippy::disallowed_methods, reason = "a file for the tool, gone after the test")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn warcio_confirms_every_digest() {
    let (folder, _) = in_folder();
    let shown =
        run(Command::new(tool("warcio")).args(["check", "-v", "data.warc.gz"]).current_dir(folder.path()));
    let records = visit().written().1.records;
    assert_eq!(shown.matches("digest pass").count() as u64, records, "{shown}");
    assert!(!shown.contains("no digest to check"), "{shown}");
}

#[test]
fn wacz_validates_the_package() {
    let (folder, _) = in_folder();
    let shown =
        run(Command::new(tool("wacz")).args(["validate", "-f", "visit.wacz"]).current_dir(folder.path()));
    assert!(shown.contains("1.1.1") && shown.contains("Valid"), "{shown}");
}

#[test]
fn the_indexer_makes_the_same_index() {
    let (folder, bytes) = in_folder();
    let theirs = Command::new(tool("cdxj-indexer"))
        .args(["--sort", "data.warc.gz"])
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let ours = String::from_utf8(member(&bytes, "indexes/index.cdx")).unwrap();
    assert_eq!(String::from_utf8_lossy(&theirs.stdout), ours);
    assert!(ours.lines().count() >= 9, "{ours}");
}

/// Written by warcio as most tools do: WARC 1.0, SHA-1 in base32.
const FOREIGN: &str = "
from io import BytesIO
from warcio.warcwriter import WARCWriter
from warcio.statusandheaders import StatusAndHeaders
for name, gz in (('foreign.warc.gz', True), ('foreign.warc', False)):
    with open(name, 'wb') as out:
        writer = WARCWriter(out, gzip=gz, warc_version='1.0')
        out_record = writer.create_warcinfo_record(name, {'software': 'x'})
        writer.write_record(out_record)
        for number in range(3):
            head = StatusAndHeaders('200 OK', [('Content-Type', 'text/plain')], protocol='HTTP/1.1')
            url = 'http://a.cn/%d' % number
            writer.write_record(writer.create_warc_record(url, 'response', payload=BytesIO(b'card'), http_headers=head))
";

#[test]
fn archives_of_warcio_are_sound_and_changes_in_them_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    run(Command::new(tool("python3")).args(["-c", FOREIGN]).current_dir(folder.path()));
    for name in ["foreign.warc.gz", "foreign.warc"] {
        let report = check(File::open(folder.path().join(name)).unwrap(), &Limits::default());
        assert!(report.is_sound() && report.records == 4 && report.responses == 3, "{name}: {report:#?}");
    }
    let mut bytes = std::fs::read(folder.path().join("foreign.warc")).unwrap();
    let at = bytes.windows(4).position(|window| window == b"card").expect("the body");
    bytes[at] = b'b';
    assert!(check(Cursor::new(bytes), &Limits::default()).has(Code::DigestWrong));
}

/// Stops the server whatever the test does.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(port: u16, path: &str) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(answer)
}

/// Starts the replay of a folder with the collection `c`.
fn replay(folder: &Path) -> (Server, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = Command::new(found(".venv-pywb", "wayback"))
        .args(["-b", "127.0.0.1", "-p", &port.to_string(), "-t", "2"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = child.stderr.take().unwrap();
    let server = Server(child);
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        BufReader::new(log).lines().map_while(Result::ok).all(|line| send.send(line).is_ok())
    });
    let mut shown = String::new();
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return (server, port);
        }
        if let Ok(line) = lines.recv_timeout(Duration::from_millis(50)) {
            shown = shown + &line + "\n";
        }
    }
    panic!("the replay did not start in time:\n{shown}");
}

#[test]
fn pywb_replays_the_page() {
    let (folder, _) = in_folder();
    let manager = found(".venv-pywb", "wb-manager");
    run(Command::new(&manager).args(["init", "c"]).current_dir(folder.path()));
    run(Command::new(&manager).args(["add", "--unpack-wacz", "c", "visit.wacz"]).current_dir(folder.path()));
    let (_server, port) = replay(folder.path());
    for (address, wanted) in [
        (PAGE, PAGE_BODY),
        ("https://shop.example.cn/notice", "<p>公告"),
        ("https://shop.example.cn/api/order?token=&no=7", r#"{"card":"7QKD-ZT4M-90XA"}"#),
    ] {
        let answer = get(port, &format!("/c/20260921id_/{address}")).expect("an answer");
        let split = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&answer[..split]).into_owned();
        assert!(head.starts_with("HTTP/1.") && head.contains(" 200 "), "{address}\n{head}");
        assert_eq!(String::from_utf8_lossy(&answer[split + 4..]), wanted, "{address}\n{head}");
    }
}
