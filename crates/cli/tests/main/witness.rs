//! `sigu witness` as its owner and a log meet it: the real binary, on a port of this machine, killed in the middle.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use sigu_attestation::witness::{AddCheckpoint, CosignerKey, Policy, verify_cosignatures};
use sigu_ledger::{
    Checkpoint, Hash, SignedCheckpoint, SigningKey, TileId, consistency_proof, leaf_hash, tree_root,
};

use crate::process::Home;

/// A log of 256 leaves, in one of its histories.
struct Log {
    key: SigningKey,
    leaves: Vec<Hash>,
}

impl Log {
    fn new() -> Self {
        let key = SigningKey::from_seed("sigu/v1/mfrggzdfmztwq2lk", [1; 32]).expect("a name");
        Self { key, leaves: (0..=255_u8).map(|i| leaf_hash(&[i])).collect() }
    }

    fn signed(&self, size: u64) -> SignedCheckpoint {
        let root = tree_root(&self.leaves[..usize::try_from(size).expect("small")]);
        let checkpoint = Checkpoint { origin: self.key.name().to_owned(), size, root };
        checkpoint.sign(&self.key).expect("a checkpoint")
    }

    fn body(&self, old: u64, size: u64) -> String {
        let mut tile = |_: TileId| Ok::<_, ()>(self.leaves.clone());
        let none = old == 0 || old == size;
        let proof = if none { vec![] } else { consistency_proof(old, size, &mut tile).expect("a proof") };
        AddCheckpoint { old, proof, note: self.signed(size).note().to_owned() }.to_body()
    }
}

/// A witness that serves until it is stopped or killed.
struct Serving {
    child: Child,
    keyboard: ChildStdin,
    port: u16,
    line: String,
    said: String,
}

fn serve(home: &Home) -> Serving {
    let mut child = home
        .command(&["witness", "serve", "--folder", "w", "--until-stdin-closes", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut said = String::new();
    let line = loop {
        let line = lines.next().unwrap_or_else(|| panic!("it ended: {said}"));
        if line.starts_with("witness ") {
            break line;
        }
        said += &line;
    };
    // What it says later is read, so that it is never held up by a pipe that is full.
    std::thread::spawn(move || lines.for_each(drop));
    let port = line.rsplit(':').next().and_then(|port| port.parse().ok()).expect("an address");
    let keyboard = child.stdin.take().expect("a pipe");
    Serving { child, keyboard, port, line, said }
}

/// Posts a checkpoint; `None` if the connection ended before the answer did.
fn post(port: u16, body: &str) -> Option<(u16, String)> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let head = format!("POST /add-checkpoint HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    write!(socket, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).ok()?;
    let mut text = String::new();
    socket.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse::<usize>().ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length).then(|| (status, body.to_owned()))
}

#[test]
fn a_witness_serves_the_logs_it_knows_and_says_what_it_saw() {
    let (home, log) = (Home::new(), Log::new());
    let vkey = log.key.verifying_key().to_string();
    assert!(home.good(&["witness", "list", "--folder", "w"]).contains("sigu witness add"));
    assert!(home.good(&["witness", "add", &vkey, "--folder", "w"]).contains(log.key.name()));
    assert!(home.good(&["witness", "add", &vkey, "--folder", "w", "--lang", "zh"]).contains("早已加入"));
    assert_eq!(home.json(&["witness", "list", "--folder", "w"])["logs"][0]["seen"], Value::Null);
    let key: CosignerKey = home.good(&["witness", "key", "--folder", "w"]).trim().parse().expect("a key");
    assert_eq!(home.json(&["witness", "key", "--folder", "w"])["name"], key.name());

    let Serving { child, keyboard, port, line, said } = serve(&home);
    assert!(said.contains("127.0.0.1") && !said.contains("Others can reach"), "{said}");
    let policy = format!("{line}\nquorum {}\n", key.name());
    let policy = Policy::parse(policy.as_bytes()).expect("the line is one of a policy");
    assert_eq!(policy.witnesses().next().map(|(_, key, _)| key.clone()), Some(key.clone()));
    let (status, lines) = post(port, &log.body(0, 9)).expect("an answer");
    assert_eq!(status, 200, "{lines}");
    let found = verify_cosignatures(&lines, log.signed(9).checkpoint(), &[key]);
    assert_eq!(found.expect("good lines").len(), 1);
    assert_eq!(post(port, &log.body(0, 12)), Some((409, "9\n".to_owned())));
    let seen = home.json(&["witness", "list", "--folder", "w"])["logs"][0]["seen"].clone();
    assert_eq!(seen, json!({ "size": 9, "root": log.signed(9).checkpoint().root.to_base64() }));
    drop(keyboard);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(answer["line"], line);
}

#[test]
fn what_a_witness_will_not_do_it_says() {
    let (home, log) = (Home::new(), Log::new());
    let vkey = log.key.verifying_key().to_string();
    home.good(&["witness", "add", &vkey, "--folder", "w"]);
    assert!(home.exits(1, &["witness", "add", "nonsense", "--folder", "w"]).contains("name+id+key"));
    let other = SigningKey::from_seed(log.key.name(), [2; 32]).expect("a name").verifying_key().to_string();
    assert!(home.exits(1, &["witness", "add", &other, "--folder", "w"]).contains("another key"));
    home.exits(2, &["witness", "serve", "--listen", "everywhere"]);
    home.file("w/logs.txt", "nonsense\n");
    let damaged = home.exits(4, &["witness", "serve", "--folder", "w", "--until-stdin-closes"]);
    assert!(damaged.contains("logs.txt") && damaged.contains("copy"), "{damaged}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    let refused =
        home.exits(1, &["witness", "serve", "--folder", "v", "--listen", &at, "--until-stdin-closes"]);
    assert!(refused.contains(&at) && refused.contains("--listen"), "{refused}");
}

#[test]
fn what_a_killed_witness_said_it_still_knows() {
    let (home, log) = (Home::new(), Log::new());
    home.good(&["witness", "add", &log.key.verifying_key().to_string(), "--folder", "w"]);
    let mut known = 0;
    for _ in 0..3 {
        let Serving { mut child, keyboard: _open, port, .. } = serve(&home);
        let (sender, answered) = mpsc::channel();
        let (from, log) = (known, &log);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // Each builds on the one before, until the connection is gone.
                for old in from..250 {
                    match post(port, &log.body(old, old + 1)) {
                        Some((200, _)) => sender.send(old + 1).expect("somebody listens"),
                        Some(other) => panic!("{other:?}"),
                        None => break,
                    }
                }
            });
            // Killed while the next one is on its way.
            known = answered.iter().nth(9).expect("ten answers");
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        });
        known = answered.iter().last().unwrap_or(known);
        let seen = home.json(&["witness", "list", "--folder", "w"])["logs"][0]["seen"]["size"].as_u64();
        let seen = seen.expect("something was seen");
        assert!(seen == known || seen == known + 1, "said {known}, remembers {seen}");
        known = seen;
    }
}
