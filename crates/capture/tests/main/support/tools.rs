//! Tools of others that read archives, and a replay of archives.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::archive_sample::member;

fn found(folder: &str, name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join("bin").join(name);
    assert!(path.exists(), "{name} is missing; scripts/need.sh test installs it in {folder}");
    path
}

/// A Python tool of the project.
pub(crate) fn tool(name: &str) -> PathBuf {
    found(".venv", name)
}

/// Runs to a good end and gives all it said.
pub(crate) fn run(command: &mut Command) -> String {
    let done = command.output().expect("the tool starts");
    let shown = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{shown}");
    shown
}

/// A package laid before the tools of others, in a folder of its own.
pub(crate) struct Judged {
    folder: tempfile::TempDir,
    package: Vec<u8>,
}

impl Judged {
    pub(crate) fn new(package: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("visit.wacz"), &package).unwrap();
        std::fs::write(folder.path().join("data.warc.gz"), member(&package, "archive/data.warc.gz")).unwrap();
        Self { folder, package }
    }

    fn told(&self, name: &str, args: &[&str]) -> String {
        run(Command::new(tool(name)).args(args).current_dir(self.folder.path()))
    }

    /// warcio confirms the digests of so many records, all there are.
    pub(crate) fn digests_pass(&self, records: u64) {
        let shown = self.told("warcio", &["check", "-v", "data.warc.gz"]);
        assert_eq!(shown.matches("digest pass").count() as u64, records, "{shown}");
        assert!(!shown.contains("no digest to check"), "{shown}");
    }

    /// wacz accepts the package.
    pub(crate) fn package_is_valid(&self) {
        let shown = self.told("wacz", &["validate", "-f", "visit.wacz"]);
        assert!(shown.contains("1.1.1") && shown.contains("Valid"), "{shown}");
    }

    /// cdxj-indexer makes the same index; gives its lines.
    pub(crate) fn index_is_the_same(&self) -> usize {
        let mut indexer = Command::new(tool("cdxj-indexer"));
        let indexer =
            indexer.args(["--sort", "--post-append", "data.warc.gz"]).current_dir(self.folder.path());
        let theirs = indexer.stderr(Stdio::null()).output().unwrap();
        let ours = String::from_utf8(member(&self.package, "indexes/index.cdx")).unwrap();
        assert_eq!(String::from_utf8_lossy(&theirs.stdout), ours);
        ours.lines().count()
    }
}

/// A replay of packages by pywb, which ends with it.
pub(crate) struct Replay {
    server: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Replay {
    pub(crate) fn of(packages: &[&[u8]]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..packages.len()).map(|number| format!("visit{number}.wacz")).collect();
        for (name, package) in names.iter().zip(packages) {
            std::fs::write(folder.path().join(name), package).unwrap();
        }
        let manage = |args: &[&str]| {
            run(Command::new(found(".venv-pywb", "wb-manager")).args(args).current_dir(folder.path()))
        };
        manage(&["init", "c"]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        manage(&[["add", "--unpack-wacz", "c"].as_slice(), names.as_slice()].concat());
        let (server, port) = serve(folder.path());
        Self { server, port, _folder: folder }
    }

    /// Where a page of September 2026 or later is replayed; `how` is pywb's modifier, such as `id_`.
    pub(crate) fn url(&self, when: &str, how: &str, url: &str) -> String {
        format!("http://127.0.0.1:{}/c/{when}{how}/{url}", self.port)
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        // It is gone already when this fails.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Starts the replay of a folder and waits until it answers, at most half a minute.
fn serve(folder: &Path) -> (Child, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new(found(".venv-pywb", "wayback"))
        .args(["-b", "127.0.0.1", "-p", &port.to_string(), "-t", "4"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = server.stderr.take().unwrap();
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        // Read on when nobody listens: a full pipe would stop the server.
        BufReader::new(log).lines().map_while(Result::ok).for_each(|line| drop(send.send(line)));
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
    // It is gone already when this fails.
    let _ = server.kill();
    let _ = server.wait();
    panic!("the replay did not start in time:\n{shown}");
}
