//! Calendars: what they are sent, what they promise, and what becomes of it.

use std::path::Path;
use std::process::Command;

use sha2::{Digest as _, Sha256};
use sigu_attestation::opentimestamps::{BlockHeader, OtsError, Proof};
use sigu_server::outside::ask::{AskError, CalendarAnswer, Failed, ask_calendars, upgrade};
use sigu_server::outside::net::{Net, NetFault};
use sigu_server::outside::services::Calendar;

use crate::support::outside::{Calendars, Log, counting, hasty, net, nobody};

fn note() -> Vec<u8> {
    Log::new(1, 0).signed(9).note().as_bytes().to_vec()
}

async fn left(net: &Net, calendars: &[Calendar]) -> Result<CalendarAnswer, Vec<Failed>> {
    ask_calendars(net, calendars, &note(), &mut counting(5)).await
}

#[tokio::test]
async fn several_calendars_make_one_proof_and_none_sees_the_digest() {
    let (running, net) = (Calendars::new().await, net());
    let mut off = running.calendar("good-off");
    off.enabled = false;
    let calendars = [running.calendar("good"), running.calendar("500"), off, running.calendar("good2")];
    let answer = left(&net, &calendars).await.unwrap();
    assert_eq!(answer.promised, ["good", "good2"]);
    let failed = Failed { who: "500".to_owned(), error: AskError::Net(NetFault::Status(500)) };
    assert_eq!(answer.failed, [failed]);
    let digest: [u8; 32] = Sha256::digest(note()).into();
    let blinded = Proof::blinded(&digest, &[5; 16]).to_vec();
    assert_eq!(running.sent("good"), std::slice::from_ref(&blinded));
    assert_eq!((running.sent("good2"), running.sent("good-off")), (vec![blinded], vec![]));
    let mut proof = answer.proof;
    assert!(proof.is_about(&note()) && proof.bitcoin_roots().is_empty());

    let early = upgrade(&net, &calendars, &mut proof).await;
    assert!(!early.changed && early.failed.is_empty());
    assert_eq!(early.waiting.len(), 2);
    let blocks = running.mine();
    let late = upgrade(&net, &calendars, &mut proof).await;
    assert!(late.changed && late.waiting.is_empty() && late.failed.is_empty());
    assert!(!upgrade(&net, &calendars, &mut proof).await.changed, "the same again is no news");
    let roots = proof.bitcoin_roots();
    assert_eq!(roots.iter().map(|(height, _)| *height).collect::<Vec<_>>(), [Calendars::HEIGHT; 2]);
    for block in blocks {
        let block = BlockHeader::parse(&block).unwrap();
        assert!(roots.iter().any(|(_, root)| block.confirms(root).is_ok()));
    }
    ots_agrees(&proof);
}

/// `ots` reads what was made here, and sees the blocks.
fn ots_agrees(proof: &Proof) {
    let folder = tempfile::tempdir().unwrap();
    put(&folder.path().join("checkpoint.note"), &note());
    put(&folder.path().join("checkpoint.ots"), &proof.to_bytes());
    let ots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv-stamps/bin/ots");
    let run = |args: &[&str]| {
        let output = Command::new(&ots).args(args).current_dir(folder.path()).output();
        output.unwrap_or_else(|error| panic!("scripts/need.sh test makes {}: {error}", ots.display()))
    };
    let info = run(&["info", "checkpoint.ots"]);
    assert!(info.status.success(), "{}", String::from_utf8_lossy(&info.stderr));
    let told = String::from_utf8(info.stdout).unwrap();
    assert!(told.contains(&format!("BitcoinBlockHeaderAttestation({})", Calendars::HEIGHT)), "{told}");
    let verified = run(&["--no-bitcoin", "verify", "-f", "checkpoint.note", "checkpoint.ots"]);
    let told = String::from_utf8_lossy(&verified.stderr);
    assert!(told.contains(&format!("check that Bitcoin block {}", Calendars::HEIGHT)), "{told}");
}

#[tokio::test]
async fn every_way_to_fail_has_its_name() {
    let (running, net) = (Calendars::new().await, net());
    let cases = [
        ("503", AskError::Net(NetFault::Status(503))),
        ("cut", AskError::Net(NetFault::CutOff)),
        ("large", AskError::Net(NetFault::TooLarge)),
        ("foreign", AskError::NoPromise),
        ("vague", AskError::NoPromise),
        ("garbage", AskError::Calendar(OtsError::UnknownOp(b'<'))),
    ];
    for (way, expected) in cases {
        let failed = left(&net, &[running.calendar(way)]).await.unwrap_err();
        assert_eq!(failed, [Failed { who: way.to_owned(), error: expected }]);
    }
    let slow = left(&hasty(), &[running.calendar("slow")]).await.unwrap_err();
    assert_eq!(slow[0].error, AskError::Net(NetFault::TimedOut));
    let mut gone = running.calendar("gone");
    gone.url = nobody().await;
    let both = left(&net, &[gone, running.calendar("good")]).await.unwrap();
    assert_eq!(both.failed[0].error, AskError::Net(NetFault::Unreachable));
    assert_eq!(left(&net, &[]).await.unwrap_err(), []);
}

#[tokio::test]
async fn only_known_calendars_are_asked_again() {
    let (running, net) = (Calendars::new().await, net());
    let mut known = running.calendar("good");
    let mut broken = running.calendar("good-then-garbage");
    let answer = left(&net, &[known.clone(), broken.clone()]).await.unwrap();
    running.mine();
    let mut proof = answer.proof.clone();
    known.enabled = false;
    broken.url += "-moved";
    let none = upgrade(&net, &[known.clone(), broken], &mut proof).await;
    assert_eq!((none.changed, none.unknown.len(), running.asked().len()), (false, 2, 0));
    // A pool answers in the name of the calendars behind it.
    known.enabled = true;
    known.promises = vec![running.calendar("good-then-garbage").url];
    let some = upgrade(&net, &[known], &mut proof).await;
    assert!(some.changed && some.unknown.is_empty());
    assert_eq!(some.failed[0].error, AskError::Calendar(OtsError::UnknownOp(b'<')));
    assert_eq!((running.asked().len(), proof.bitcoin_roots().len()), (2, 1));
}

#[allow(clippy::disallowed_methods, reason = "files of a test need no durability")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
