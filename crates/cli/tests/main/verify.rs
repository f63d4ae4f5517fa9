//! `sigu verify` with outside time: a claim until the reader brings whom he trusts, and every entry between two instants.

use std::path::PathBuf;

use crate::process::Home;

fn vector(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/bundle").join(name);
    path.to_str().expect("a path of the workspace").to_owned()
}

#[test]
fn outside_time_is_a_claim_until_the_reader_brings_whom_he_trusts() {
    let home = Home::new();
    let package = vector("good-stamped.zip");
    let text = home.good(&["verify", &package, "--lang", "zh"]);
    assert!(text.contains("不早于 2023-08-23 23:15:33 +08:00（由 drand 第 123 轮） · 不晚于 "), "{text}");
    assert!(text.contains("CN=Alpha, O=Vectors，自称"), "{text}");
    assert!(text.contains("外部时间：只有包里自带的说法"), "{text}");
    assert!(text.contains("没有你信任的外人为每一条作证"), "{text}");
    let (roots, policy) = (vector("stamped-root.pem"), vector("stamped.policy"));
    let header = vector("stamped-block.header");
    let brought = ["--tsa-root", &roots, "--policy", &policy, "--block-header", &header];
    let call = |more: &[&'static str]| -> Vec<String> {
        let all = ["verify", &package].into_iter().chain(brought).chain(more.iter().copied());
        all.map(str::to_owned).collect()
    };
    let shown = call(&["--lang", "en"]);
    let text = home.good(&shown.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(text.contains("Outside time: shown by 3 outsiders you trust."), "{text}");
    assert!(text.contains("the witnesses are enough for your policy"), "{text}");
    assert!(text.contains("CN=Beta, O=Vectors, a claim"), "{text}");
    assert!(!text.contains("no second history") && !text.contains("by when any of it existed"), "{text}");
    let plain = call(&[]);
    let report = home.json(&plain.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(report["outside_time"]["shown"]["voices"], 3);
    assert_eq!(report["items"][1]["bracket"]["not_before"]["by"]["drand"]["round"], 123);
    assert_eq!(report["items"][1]["bracket"]["claims_only"], false);
}

#[test]
fn a_proof_that_does_not_hold_is_named_and_alters_nothing() {
    let home = Home::new();
    let text = home.good(&["verify", &vector("refused-token-another-request.zip"), "--lang", "en"]);
    assert!(text.contains("alpha: does not count, it answers another request"), "{text}");
    let text = home.exits(3, &["verify", &vector("bad-stamp-other-history.zip"), "--lang", "en"]);
    assert!(text.contains("this key signed two histories"), "{text}");
}

#[test]
fn what_is_no_root_policy_or_block_is_a_wrong_command_line() {
    let home = Home::new();
    let package = vector("good-stamped.zip");
    home.file("x", "not what it should be");
    home.exits(2, &["verify", &package, "--tsa-root", "x"]);
    home.exits(2, &["verify", &package, "--tsa-root", "missing"]);
    home.exits(2, &["verify", &package, "--policy", "x"]);
    home.exits(2, &["verify", &package, "--block-header", "x"]);
    home.exits(2, &["verify", &package, "--block-header", "0123"]);
    // The block alone, by its hash: seen and called by its name.
    let header = home.json(&["verify", &package, "--block-header", &vector("stamped-block.header")]);
    assert_eq!(header["outside_time"]["shown"]["voices"], 1);
}
