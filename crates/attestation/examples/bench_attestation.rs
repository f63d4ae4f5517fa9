//! How long a check takes: tokens of several kinds, a drand round, a proof, a cosignature. Prints Markdown.
//!
//! Run with `cargo run --release -p sigu-attestation --example bench_attestation`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement reads files and a clock")]

use std::path::Path;
use std::time::Instant;

use sigu_attestation::drand::verify_answer;
use sigu_attestation::opentimestamps::Proof;
use sigu_attestation::rfc3161::{Request, Trust, verify_reply};
use sigu_attestation::witness::{CosignerKey, verify_cosignatures};
use sigu_ledger::{SignedCheckpoint, VerifyingKey};

fn read(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(file)).unwrap()
}

fn text(file: &str) -> String {
    String::from_utf8(read(file)).unwrap()
}

/// Runs `check` for about a second and prints microseconds a run: the least and the middle of ten rounds.
fn measure(what: &str, mut check: impl FnMut() -> bool) {
    let mut rounds: Vec<f64> = (0..10)
        .map(|_| {
            let (start, mut runs) = (Instant::now(), 0u32);
            while start.elapsed().as_millis() < 100 {
                assert!(check(), "{what}");
                runs += 1;
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(runs)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("| {what} | {:.0} | {:.0} |", rounds[0], rounds[5]);
}

fn main() {
    println!("| check | µs, best | µs, median |\n|---|---|---|");
    let request = Request::parse(&read("rfc3161/request.tsq")).unwrap();
    let trust = Trust::from_pem(&read("rfc3161/root.pem")).unwrap();
    for (what, file) in [
        ("token, ECDSA P-256, path of 2", "good-openssl-alone"),
        ("token, ECDSA P-256, path of 3", "good-middle-certificate"),
        ("token, RSA 2048 under a P-256 root", "good-rsa-sha256"),
        ("token, ECDSA P-384 under a P-256 root", "good-p384-sha384"),
    ] {
        let reply = read(&format!("rfc3161/{file}.tsr"));
        measure(what, || verify_reply(&reply, &request, &trust).is_ok());
    }
    let round = read("drand/good-round-123.json");
    measure("drand round", || verify_answer(&round, None).is_ok());
    let proof = read("opentimestamps/good-example-hello-world.ots");
    measure("OpenTimestamps proof into a block", || Proof::parse(&proof).unwrap().bitcoin_roots().len() == 1);
    let log: VerifyingKey = text("checkpoint/key.vkey").parse().unwrap();
    let signed = SignedCheckpoint::verify(&read("cosignature/checkpoint.note"), &log).unwrap();
    let witness: [CosignerKey; 1] = [text("cosignature/witness.vkey").parse().unwrap()];
    let lines = text("cosignature/good-one.cosig");
    measure("cosignature", || verify_cosignatures(&lines, signed.checkpoint(), &witness).is_ok());
}
