//! The product as a witness, asked over HTTP by the product as a log.

use std::sync::{Arc, Mutex};

use serde::Deserialize;
use sigu_attestation::witness::{AddCheckpoint, ForkSign, Refusal, verify_cosignatures};
use sigu_ledger::SignedCheckpoint;
use sigu_server::outside::ask::{
    Submitted, Witnessed, ask_beacon, ask_calendars, ask_services, ask_witness, upgrade,
};
use sigu_server::outside::net::{NetFault, Question, Reply};
use sigu_server::outside::services::KnownWitness;
use sigu_server::outside::witness::{Told, Witness, WitnessError, router};

use crate::support::outside::{Log, TestWitness, counting, net, nobody, run, witness_clock};

/// Shows the checkpoint of a size; `last` is what the log believes the witness saw.
async fn shown(log: &Log, witness: &KnownWitness, last: u64, size: u64, largest: u64) -> Witnessed {
    let signed = log.signed(size);
    let submitted = Submitted { signed: &signed, last_cosigned: last, largest_signed: largest };
    ask_witness(&net(), witness, submitted, |from| async move { Some(log.proven(from, size)) }).await
}

async fn posted(url: &str, body: Vec<u8>) -> Reply {
    let url = format!("{url}/add-checkpoint");
    net()
        .ask(Question { url: &url, body: Some(("text/plain", body)), accept: "*/*", most: 65_536 })
        .await
        .unwrap()
}

async fn fetched(url: &str) -> Reply {
    net().ask(Question { url, body: None, accept: "*/*", most: 65_536 }).await.unwrap()
}

fn body(log: &Log, old: u64, size: u64) -> Vec<u8> {
    let proof = if old == 0 { Vec::new() } else { log.proven(old, size).proof };
    AddCheckpoint { old, proof, note: log.signed(size).note().to_owned() }.to_body().into_bytes()
}

fn size_cosigned(what: &Witnessed) -> Option<u64> {
    match what {
        Witnessed::Cosigned { cosignatures, .. } => Some(cosignatures[0].checkpoint().size),
        _ => None,
    }
}

#[tokio::test]
async fn a_log_and_two_witnesses() {
    let log = Log::new(1, 0);
    let witnesses = [TestWitness::new(1, &[log.vkey()]).await, TestWitness::new(2, &[log.vkey()]).await];
    for TestWitness { known, .. } in &witnesses {
        let Witnessed::Cosigned { lines, cosignatures } = shown(&log, known, 0, 7, 7).await else { panic!() };
        assert_eq!((cosignatures[0].at(), cosignatures[0].cosigner()), (witness_clock(), &known.key));
        let signed = log.signed(7);
        let kept = verify_cosignatures(&lines, signed.checkpoint(), std::slice::from_ref(&known.key));
        assert_eq!(kept.as_ref(), Ok(&cosignatures));
        assert_eq!(size_cosigned(&shown(&log, known, 7, 7, 7).await), Some(7), "the same again");
        assert_eq!(size_cosigned(&shown(&log, known, 7, 20, 20).await), Some(20));
        // What the witness saw is forgotten here, or remembered wrongly: it says so, and is asked once more.
        assert_eq!(size_cosigned(&shown(&log, known, 0, 30, 30).await), Some(30));
        assert_eq!(size_cosigned(&shown(&log, known, 12, 40, 40).await), Some(40));
        assert_eq!(shown(&log, known, 12, 25, 40).await, Witnessed::SawLater { size: 40 });
    }
    assert_ne!(witnesses[0].known.key, witnesses[1].known.key);
}

#[tokio::test]
async fn a_log_that_was_put_back_and_a_second_history_are_told() {
    let (log, other) = (Log::new(1, 0), Log::new(1, 1));
    let TestWitness { known, .. } = &TestWitness::new(1, &[log.vkey()]).await;
    assert_eq!(size_cosigned(&shown(&log, known, 0, 40, 40).await), Some(40));
    assert_eq!(shown(&log, known, 20, 30, 30).await, Witnessed::Ahead { size: 40 });
    assert_eq!(shown(&other, known, 40, 40, 40).await, Witnessed::Fork(ForkSign::OtherRoot));
    assert_eq!(shown(&other, known, 0, 40, 40).await, Witnessed::Fork(ForkSign::OtherRoot));
    assert_eq!(shown(&other, known, 40, 50, 50).await, Witnessed::Fork(ForkSign::ProofRefused));
    assert_eq!(
        size_cosigned(&shown(&log, known, 40, 50, 50).await),
        Some(50),
        "nothing of it moved the witness"
    );
}

#[tokio::test]
async fn what_is_no_consent_is_none() {
    let (log, stranger) = (Log::new(1, 0), Log::new(2, 0));
    let TestWitness { known, .. } = &TestWitness::new(1, &[log.vkey()]).await;
    let refused = Witnessed::Refused(Refusal::UnknownLog);
    assert_eq!(shown(&stranger, known, 0, 9, 9).await, refused);
    let mut elsewhere = known.clone();
    elsewhere.url = nobody().await;
    assert_eq!(shown(&log, &elsewhere, 0, 9, 9).await, Witnessed::Unreachable(NetFault::Unreachable));
    let mut mistaken = known.clone();
    mistaken.key = TestWitness::new(9, &[]).await.known.key;
    assert_eq!(shown(&log, &mistaken, 0, 9, 9).await, Witnessed::Garbage, "signed by somebody else");
    // A proof that does not hold here is not sent: the witness would see a fork.
    let signed = log.signed(30);
    let submitted = Submitted { signed: &signed, last_cosigned: 9, largest_signed: 30 };
    for broken in [None, Some(log.proven(8, 30)), Some(stranger_proof(&log))] {
        let asked = ask_witness(&net(), known, submitted, |_| std::future::ready(broken.clone())).await;
        assert_eq!(asked, Witnessed::OwnProof { from: 9 });
    }
}

fn stranger_proof(log: &Log) -> sigu_server::outside::ask::Proven {
    let mut proven = log.proven(9, 30);
    proven.root = Log::new(1, 1).root(9);
    proven
}

/// The queue asks on threads of a runtime, several at once.
#[tokio::test]
async fn questions_can_go_to_other_threads() {
    fn goes<T: Send>(_: &T) {}
    let (log, net) = (Log::new(1, 0), net());
    let known = TestWitness::new(1, &[log.vkey()]).await.known;
    let signed = log.signed(3);
    let submitted = Submitted { signed: &signed, last_cosigned: 0, largest_signed: 3 };
    goes(&ask_witness(&net, &known, submitted, |_| std::future::ready(None)));
    goes(&ask_beacon(&net, &[]));
    goes(&ask_calendars(&net, &[], b"", &mut counting(1)));
    goes(&ask_services(&net, &[], b"", &mut counting(1)));
    let mut proof = sigu_attestation::opentimestamps::Proof::parse(PROOF).unwrap();
    goes(&upgrade(&net, &[], &mut proof));
}

const PROOF: &[u8] = include_bytes!("../../../../../vectors/opentimestamps/good-pending.ots");

#[derive(Deserialize)]
struct Story {
    log: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    what: String,
    body: String,
    status: u16,
}

#[tokio::test]
async fn the_story_of_litewitness_over_http() {
    let story = include_str!("../../../../../vectors/cosignature/story.json");
    let story: Story = serde_json::from_str(story).unwrap();
    let witness = TestWitness::new(1, &[story.log]).await;
    for Step { what, body, status } in story.steps {
        let reply = posted(&witness.known.url, body.into_bytes()).await;
        assert_eq!(reply.status, status, "{what}");
        if status == 409 {
            assert_eq!(reply.content_type.as_deref(), Some("text/x.tlog.size"), "{what}");
        }
    }
}

#[tokio::test]
async fn what_is_malformed_is_refused_whatever_its_size() {
    let log = Log::new(1, 0);
    let witness = TestWitness::new(1, &[log.vkey()]).await;
    let url = &witness.known.url;
    let above = AddCheckpoint { old: 9, proof: Vec::new(), note: log.signed(8).note().to_owned() };
    let above = above.to_body().into_bytes();
    for body in [vec![], b"old 1\n".to_vec(), vec![0xff; 100], vec![b'a'; 100_000], above] {
        assert_eq!(posted(url, body).await.status, 400);
    }
    assert_eq!(fetched(&format!("{url}/add-checkpoint")).await.status, 405);
    assert_eq!(fetched(&format!("{url}/..%2Fwitness.key/checkpoint")).await.status, 404);
    assert!(witness.witness.logs().unwrap()[0].seen.is_none());
}

#[tokio::test]
async fn who_monitors_gets_the_last_cosigned_checkpoint() {
    use sha2::Digest as _;
    let log = Log::new(1, 0);
    let witness = TestWitness::new(1, &[log.vkey()]).await;
    let digest = sha2::Sha256::digest(log.key.name());
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let url = format!("{}/{name}/checkpoint", witness.known.url);
    assert_eq!(fetched(&url).await.status, 404, "nothing was seen yet");
    for size in [5, 9] {
        shown(&log, &witness.known, 0, size, size).await;
        let note = String::from_utf8(fetched(&url).await.ok().unwrap().body).unwrap();
        let signed = SignedCheckpoint::verify(note.as_bytes(), &log.key.verifying_key()).unwrap();
        assert_eq!(signed.checkpoint().size, size);
        let lines = note.split_once("\n\n").unwrap().1;
        let found = verify_cosignatures(lines, signed.checkpoint(), std::slice::from_ref(&witness.known.key))
            .unwrap();
        assert_eq!(found.len(), 1);
    }
    assert_eq!(fetched(&url.replace(&name, &name.to_uppercase())).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_come_at_once_the_second_is_compared_with_the_first() {
    let histories = [Log::new(1, 0), Log::new(1, 1)];
    let witness = TestWitness::new(1, &[histories[0].vkey()]).await;
    // Sixteen at once, each its own size, eight in each of two histories, all from nothing.
    let bodies = (0..16_u64).map(|i| body(&histories[(i % 2) as usize], 0, 100 + i));
    let asked = bodies.map(|body| {
        let url = witness.known.url.clone();
        tokio::spawn(async move { posted(&url, body).await })
    });
    let replies: Vec<Reply> =
        futures_util::future::join_all(asked).await.into_iter().map(|reply| reply.unwrap()).collect();
    let won: Vec<usize> = (0..16).filter(|i| replies[*i].status == 200).collect();
    let [winner] = won[..] else { panic!("{won:?} were cosigned, all from nothing") };
    let size = format!("{}\n", 100 + winner);
    for (i, reply) in replies.iter().enumerate().filter(|(i, _)| *i != winner) {
        assert_eq!((reply.status, reply.body.as_slice()), (409, size.as_bytes()), "{i}");
    }
    let seen = witness.witness.logs().unwrap()[0].seen.unwrap();
    assert_eq!((seen.size, seen.root), (100 + winner as u64, histories[winner % 2].root(seen.size)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_folder_hold_each_other_up() {
    let log = Log::new(1, 0);
    let first = TestWitness::new(1, &[log.vkey()]).await;
    let again = Witness::open(&first.folder(), witness_clock, &mut counting(77)).unwrap();
    assert_eq!(again.key(), first.known.key, "the key is drawn once");
    let url = run(router(Arc::new(again), |_| {})).await;
    let asked = (1..=40_u64).map(|size| {
        let (url, body) =
            (if size % 2 == 0 { url.clone() } else { first.known.url.clone() }, body(&log, 0, size));
        tokio::spawn(async move { posted(&url, body).await.status })
    });
    let statuses = futures_util::future::join_all(asked).await;
    let mut statuses: Vec<u16> = statuses.into_iter().map(Result::unwrap).collect();
    statuses.sort_unstable();
    // From nothing only one goes on, and nobody trips over the files of another.
    assert_eq!(statuses, [&[200][..], &[409; 39]].concat());
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let log = Log::new(1, 0);
    let witness = TestWitness::new(1, &[log.vkey()]).await;
    assert_eq!(size_cosigned(&shown(&log, &witness.known, 0, 9, 9).await), Some(9));
    let again = Witness::open(&witness.folder(), witness_clock, &mut counting(77)).unwrap();
    let mut known = witness.known.clone();
    known.url = run(router(Arc::new(again), |_| {})).await;
    assert_eq!(shown(&log, &known, 0, 5, 5).await, Witnessed::Ahead { size: 9 });
    assert_eq!(size_cosigned(&shown(&log, &known, 9, 12, 12).await), Some(12));
}

/// Whoever is killed after the state was stored and before the answer was out has stored more than it said, never less.
#[test]
fn what_was_stored_and_not_said_is_said_when_it_is_asked_again() {
    let (log, folder) = (Log::new(1, 0), tempfile::tempdir().unwrap());
    let open = || Witness::open(folder.path(), witness_clock, &mut counting(1)).unwrap();
    open().add(&log.vkey()).unwrap();
    // The answer is dropped, as by a process that dies here.
    drop(open().submit(&body(&log, 0, 9)).unwrap());
    let again = open();
    assert_eq!(again.logs().unwrap()[0].seen.unwrap().size, 9);
    let conflict = again.submit(&body(&log, 0, 9)).unwrap();
    assert_eq!((conflict.status, conflict.body.as_str()), (409, "9\n"));
    assert_eq!(again.submit(&body(&log, 9, 9)).unwrap().status, 200);
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_signed() {
    let log = Log::new(1, 0);
    let folder = tempfile::tempdir().unwrap();
    let witness = Arc::new(Witness::open(folder.path(), witness_clock, &mut counting(1)).unwrap());
    witness.add(&log.vkey()).unwrap();
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let hear = told.clone();
    let tell = move |what: Told| hear.lock().unwrap().push(format!("{what:?}"));
    let url = run(router(witness.clone(), tell)).await;
    assert_eq!(posted(&url, body(&log, 0, 5)).await.status, 200);
    let seen = folder.path().join("seen");
    let file = std::fs::read_dir(&seen).unwrap().next().unwrap().unwrap().path();
    // A folder stands where the new state would be written.
    std::fs::create_dir(file.with_extension("new")).unwrap();
    let failed = posted(&url, body(&log, 5, 9)).await;
    assert_eq!(failed.status, 500);
    assert!(!String::from_utf8_lossy(&failed.body).contains('—'));
    assert_eq!(witness.logs().unwrap()[0].seen.unwrap().size, 5);
    std::fs::remove_dir(file.with_extension("new")).unwrap();
    assert_eq!(posted(&url, body(&log, 5, 9)).await.status, 200);
    // Damage is no new beginning.
    let good = std::fs::read(&file).unwrap();
    for bytes in [&b"{}"[..], b"", &good[..good.len() - 1]] {
        put(&file, bytes);
        assert_eq!(posted(&url, body(&log, 0, 5)).await.status, 500);
    }
    put(&file, &good);
    assert_eq!(posted(&url, body(&log, 9, 12)).await.status, 200);
    put(&folder.path().join("logs.txt"), b"nonsense\n");
    assert_eq!(posted(&url, body(&log, 12, 13)).await.status, 500);
    let told = told.lock().unwrap();
    assert!(told[0].starts_with("Cosigned") && told[1].starts_with("Fault(Io"), "{told:?}");
    assert!(told.last().unwrap().starts_with("Fault(Damaged"), "{told:?}");
}

#[test]
fn logs_are_added_by_hand_and_each_under_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::open(folder.path(), witness_clock, &mut counting(1)).unwrap();
    let log = Log::new(1, 0);
    assert!(witness.add(&log.vkey()).unwrap());
    assert!(!witness.add(&format!(" {}\n", log.vkey())).unwrap(), "known already");
    assert!(matches!(witness.add("nonsense"), Err(WitnessError::Key(_))));
    let other = sigu_ledger::SigningKey::from_seed(log.key.name(), [7; 32]).unwrap().verifying_key();
    let refused = witness.add(&other.to_string()).unwrap_err();
    assert!(matches!(refused, WitnessError::OtherKey { origin } if origin == log.key.name()));
    assert!(witness.add(&Log::new(2, 0).vkey()).unwrap());
    let known = witness.logs().unwrap();
    assert_eq!(
        known.iter().map(|log| log.key.to_string()).collect::<Vec<_>>(),
        [log.vkey(), Log::new(2, 0).vkey()]
    );
    let line = witness.policy_line("http://127.0.0.1:1");
    let policy = format!("{line}\nquorum {}\n", witness.key().name());
    let policy = sigu_attestation::witness::Policy::parse(policy.as_bytes()).unwrap();
    assert_eq!(policy.witnesses().next().unwrap().2, Some("http://127.0.0.1:1"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("witness.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    put(&folder.path().join("witness.key"), b"{}");
    let damaged = Witness::open(folder.path(), witness_clock, &mut counting(1)).unwrap_err();
    assert!(matches!(damaged, WitnessError::Damaged { .. }), "a lost key is not drawn anew");
}

#[allow(clippy::disallowed_methods, reason = "files of a test need no durability")]
fn put(path: &std::path::Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
