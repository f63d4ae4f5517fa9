//! Vectors of key files, under a passphrase and plain.
//!
//! All but `good-default-cost.key` are made at the least cost, to be quick.

use sigu_evidence::{KdfCost, plain_key_file, seal_identity};

use super::sealed::vault;
use super::{Vector, repeatable};

/// The passphrase of the vectors.
pub(crate) const PASSPHRASE: &str = "correct horse 卡密";

fn sealed(cost: KdfCost) -> String {
    seal_identity(&vault(), PASSPHRASE.as_bytes(), cost, &mut repeatable("key file"))
}

/// All vectors of key files.
pub(crate) fn all() -> Vec<Vector> {
    let cheap = sealed(KdfCost { memory_kib: 8, passes: 1, lanes: 1 });
    let plain = plain_key_file(&vault()).to_string();
    let change = |from: &str, to: &str| {
        assert!(cheap.contains(from), "{from}");
        cheap.replacen(from, to, 1)
    };
    let salt = cheap.split_once("salt=").unwrap().1.split_once('\n').unwrap().0;
    let body = cheap.split_once("sealed ").unwrap().1.trim_end();
    let swap = |text: &str| {
        if text.starts_with('A') { text.replacen('A', "B", 1) } else { format!("A{}", &text[1..]) }
    };
    let vectors = vec![
        ("good-default-cost", sealed(KdfCost::default())),
        ("good-least-cost", cheap.clone()),
        ("good-plain", plain.clone()),
        ("bad-wrong-version", change("sigu-key/v1", "sigu-key/v2")),
        ("bad-crlf", cheap.replace('\n', "\r\n")),
        ("bad-no-line-end", cheap.trim_end().to_owned()),
        ("bad-extra-line", format!("{cheap}\n")),
        ("bad-comment", format!("# key\n{cheap}")),
        ("bad-unknown-kdf", change("argon2id", "argon2i")),
        ("bad-swapped-parameters", change("m=8 t=1", "t=1 m=8")),
        ("bad-double-space", change("kdf argon2id", "kdf  argon2id")),
        ("bad-leading-zero", change("m=8", "m=08")),
        ("bad-plus-sign", change("t=1", "t=+1")),
        ("bad-too-little-memory", change("m=8", "m=7")),
        ("bad-no-passes", change("t=1", "t=0")),
        ("bad-too-much-memory", change("m=8", "m=1048577")),
        ("bad-too-many-passes", change("t=1", "t=17")),
        ("bad-too-many-lanes", change("m=8 t=1 p=1", "m=64 t=1 p=5")),
        ("bad-number-overflow", change("m=8", "m=99999999999999999999")),
        ("bad-short-salt", change(salt, "AAAAAAAAAAAAAAAAAAAA")),
        ("bad-padded-salt", change(salt, &format!("{salt}=="))),
        ("bad-noncanonical-salt", change(salt, &format!("{}B", &salt[..21]))),
        ("bad-short-sealed", change(body, &body[..148])),
        ("bad-altered-salt", change(salt, &swap(salt))),
        ("bad-altered-cost", change("m=8", "m=9")),
        ("bad-altered-sealed", change(body, &swap(body))),
        ("bad-plain-comment", format!("# public key\n{plain}")),
        ("bad-plain-no-line-end", plain.trim_end().to_owned()),
        ("bad-plain-lower-case", plain.to_lowercase()),
        ("bad-plain-wrong-checksum", format!("{}\n", plain.trim_end().replace("KEY-1", "KEY-1Q"))),
    ];
    vectors.into_iter().map(|(name, text)| (format!("key-file/{name}.key"), text.into_bytes())).collect()
}
