//! Interoperation with the `age` and `age-keygen` commands, which must be on the path.
//!
//! What is sealed here opens there and the other way round, at sizes around a chunk's border.

use std::io::Write;
use std::process::{Command, Stdio};

use sigu_evidence::{Identity, Recipient, open_bytes, plain_key_file, seal_bytes};

use crate::vectors::folder;
use crate::vectors::sealed::{recovery, vault};

const SIZES: [usize; 7] = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000];

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} must be installed and on the path: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n % 251) as u8).collect()
}

fn key_path(name: &str) -> String {
    folder().join("sealed").join(name).to_str().unwrap().to_owned()
}

#[test]
fn age_opens_what_is_sealed_here() {
    let recipients = [vault().recipient(), recovery().recipient()];
    for size in SIZES {
        let sealed = seal_bytes(&content(size), &recipients, &mut crate::vectors::repeatable("age"));
        for key in ["vault.key", "recovery.key"] {
            let opened = run("age", &["--decrypt", "--identity", &key_path(key)], &sealed);
            assert!(opened == content(size), "{size} bytes with {key}");
        }
    }
}

#[test]
fn what_age_seals_opens_here() {
    let arguments = [vault(), recovery()].map(|key| key.recipient().to_string());
    for size in SIZES {
        let sealed = run("age", &["-r", &arguments[0], "-r", &arguments[1]], &content(size));
        for key in [vault(), recovery()] {
            assert!(open_bytes(&sealed, &[&key]).unwrap()[..] == content(size)[..], "{size} bytes");
        }
    }
}

#[test]
fn age_keygen_reads_our_keys_and_we_read_its_keys() {
    let shown = run("age-keygen", &["-y"], plain_key_file(&vault()).as_bytes());
    assert_eq!(String::from_utf8(shown).unwrap().trim_end(), vault().recipient().to_string());
    let made = String::from_utf8(run("age-keygen", &[], b"")).unwrap();
    let line = |start: &str| made.lines().find_map(|line| line.strip_prefix(start)).unwrap();
    let secret = format!("AGE-SECRET-KEY-{}", line("AGE-SECRET-KEY-"));
    let recipient = Recipient::parse(line("# public key: ")).unwrap();
    assert_eq!(Identity::parse(&secret).unwrap().recipient(), recipient);
}
