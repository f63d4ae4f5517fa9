//! The same replies before OpenSSL and before the Python package rfc3161-client: whoever has no program of
//! ours comes to the same verdict. Where they differ, the reason stands in a list.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use sigu_attestation::rfc3161::verify_reply;

use crate::files::{folder, read, stems};
use crate::tokens::{request_for, trust};

/// What OpenSSL 3 passes and is refused here. It does not look at critical extensions of TSTInfo, at the form
/// of its time and accuracy, at content-type, at what authorities in the middle are for, or behind the end;
/// it takes SHA-1 and short keys where its level of security is low, and whatever the key fits; and it knows
/// more curves.
const OPENSSL_PASSES: &[&str] = &[
    "bad-accuracy-of-1000-millis",
    "bad-authority-for-servers",
    "bad-critical-extension",
    "bad-ecdsa-sha512",
    "bad-p521",
    "bad-rsa-1024",
    "bad-sha1-digest",
    "bad-signature-algorithm-of-another-key",
    "bad-time-not-a-day",
    "bad-time-with-offset",
    "bad-trailing-bytes",
    "bad-wrong-content-type-attribute",
];

/// What OpenSSL 3 refuses and is verified here: a name of the service that is not its certificate's (a claim,
/// here), PSS, and a signer named by key id.
const OPENSSL_REFUSES: &[&str] = &["good-claimed-name-differs", "good-rsa-pss", "good-signer-by-key-id"];

/// `openssl ts -verify` at the time of the token.
fn openssl(stem: &str, at: i64) -> bool {
    let query = if stem.contains("sm3") { "request-sm3.tsq" } else { "request.tsq" };
    let reply = format!("{stem}.tsr");
    let at = at.to_string();
    let roots = written(&[read("rfc3161", "root.pem"), read("rfc3161", "root-of-old.pem")].concat());
    let output = Command::new("openssl")
        .args(["ts", "-verify", "-queryfile", query, "-in", &reply, "-attime", &at])
        .arg("-CAfile")
        .arg(roots.path())
        .args(["-untrusted", "others.pem"])
        .current_dir(folder("rfc3161"))
        .output()
        .unwrap_or_else(|error| panic!("openssl must be installed and on the path: {error}"));
    output.status.success()
}

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    use std::io::Write as _;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

#[test]
fn openssl_comes_to_the_same_verdicts() {
    let others = read("rfc3161", "others.pem");
    let trust = trust().with_others_from_pem(&others).unwrap();
    let (mut passes, mut refuses) = (BTreeSet::new(), BTreeSet::new());
    for stem in stems("rfc3161", ".tsr") {
        let ours = verify_reply(&read("rfc3161", &format!("{stem}.tsr")), &request_for(&stem), &trust);
        let at = ours.as_ref().map_or(1_795_334_400, |token| token.gen_time().as_second());
        match (ours.is_ok(), openssl(&stem, at)) {
            (false, true) => passes.insert(stem),
            (true, false) => refuses.insert(stem),
            _ => false,
        };
    }
    assert_eq!(passes, OPENSSL_PASSES.iter().map(|one| (*one).to_owned()).collect(), "openssl passes");
    assert_eq!(refuses, OPENSSL_REFUSES.iter().map(|one| (*one).to_owned()).collect(), "openssl refuses");
}

/// What rfc3161-client refuses and is verified here: it takes DER only, status 0 only, no SM3, nine digits at
/// most, no PSS, no signer by key id, and is led astray by a certificate that looks like the signer's.
const CLIENT_REFUSES: &[&str] = &[
    "good-granted-with-modifications",
    "good-injected-certificates",
    "good-long-fraction",
    "good-open-lengths",
    "good-openssl-unsorted-set",
    "good-rsa-pss",
    "good-signer-by-key-id",
    "good-sm3-imprint",
    "good-unsorted-attributes",
];

/// What rfc3161-client passes and is refused here: it does not look at the ids of certificates at all, nor at
/// nonce, version and critical extensions, and takes whatever algorithm OpenSSL takes.
const CLIENT_PASSES: &[&str] = &[
    "bad-certificate-id-is-the-second",
    "bad-critical-extension",
    "bad-ecdsa-sha512",
    "bad-no-certificate-id",
    "bad-no-nonce",
    "bad-old-and-new-certificate-id-differ",
    "bad-other-certificate-id",
    "bad-p521",
    "bad-replay",
    "bad-rsa-1024",
    "bad-sha1-digest",
    "bad-sha512-imprint",
    "bad-signature-algorithm-of-another-key",
    "bad-two-certificate-id-attributes",
    "bad-version-2",
    "bad-wrong-content-type-attribute",
    "bad-wrong-nonce",
];

#[test]
fn rfc3161_client_comes_to_the_same_verdicts() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = top.join(".venv-stamps/bin/python");
    let output = Command::new(&python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_by_client.py"))
        .arg(folder("rfc3161"))
        .output()
        .unwrap_or_else(|error| panic!("scripts/need.sh test makes {}: {error}", python.display()));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let passed: BTreeSet<String> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    let all = stems("rfc3161", ".tsr");
    let differ = |good: bool| -> BTreeSet<&str> {
        let prefix = if good { "good-" } else { "bad-" };
        let names = all.iter().filter(|stem| stem.starts_with(prefix) && passed.contains(*stem) != good);
        names.map(String::as_str).collect()
    };
    assert_eq!(differ(true), CLIENT_REFUSES.iter().copied().collect(), "rfc3161-client refuses");
    assert_eq!(differ(false), CLIENT_PASSES.iter().copied().collect(), "rfc3161-client passes");
}
