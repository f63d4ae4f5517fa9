//! Pages that stay fresh: what is fixed elsewhere shows, and nobody's words are lost by it.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use sigu_attestation::witness::{CosigningKey, cosign, verify_cosignatures};
use sigu_case::{Command, Slot};
use sigu_evidence::ItemManifest;
use sigu_server::{Desk, Words, open};
use sigu_vault::{Answer, NewProof, Source};
use tokio::net::TcpListener;

use crate::house::House;
use crate::station::{Guest, cookie};
use crate::support::{Filled, Room};

/// Fixes something as a command beside the pages does.
fn fix(filled: &Filled, name: &str) {
    filled.with(|vault| {
        let taken = vault.ingest(vec![Source::Bytes(name.as_bytes().to_vec())], &|_| {}).unwrap();
        let taken = taken.into_iter().next().unwrap().unwrap();
        let manifest = ItemManifest {
            content: taken.content,
            size: taken.size,
            media_type: "text/plain".to_owned(),
            file_name: Some(name.to_owned()),
            source: sigu_evidence::Source::File,
            modified_at: None,
            secret: false,
            masked: None,
        };
        let order = "C03".parse().unwrap();
        let slot = Slot::Other;
        vault
            .execute(
                vec![Command::FixEvidence { order, slot, formed_at: None, note: None, manifest }],
                (filled.app.now)(),
            )
            .unwrap();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fixed_elsewhere_shows_on_the_open_page() {
    let mut room = Room::new().await;
    room.open("/orders/C03/evidence").await;
    let count = room.ask("document.querySelectorAll('.evidence > li').length").await.as_u64().unwrap();
    room.ask("window.before = document.body").await;
    fix(&room.filled, "后来的.txt");
    room.until(&format!("document.querySelectorAll('.evidence > li').length === {}", count + 1)).await;
    let kept = room.ask("window.before === document.body && document.title.length > 0").await;
    assert_eq!(kept, true, "drawn again, not loaded again");
    assert_eq!((room.judged().await, room.complaints()), (Vec::new(), Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_somebody_types_in_is_left_alone_and_says_that_there_is_something_new() {
    let mut room = Room::new().await;
    room.width(360).await;
    room.open("/orders/C03/fix").await;
    room.ask("document.querySelector('[name=note]').value = '还没写完'").await;
    fix(&room.filled, "后来的.txt");
    room.until("document.getElementById('new')").await;
    assert_eq!(room.ask("document.querySelector('[name=note]').value").await, "还没写完");
    let line = room.ask("document.getElementById('new').innerText").await;
    assert!(line.as_str().unwrap().contains("有新内容"), "{line}");
    assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
    assert_eq!(room.complaints(), Vec::<String>::new());
}

/// A witness answers about all that is in the log.
fn witness(filled: &Filled) {
    filled.with(|vault| {
        let (seen, now) = (vault.attestable().unwrap(), (filled.app.now)());
        let key = CosigningKey::from_seed("witness.example/1", &[1; 32]).unwrap();
        let checkpoint = seen.signed.checkpoint();
        let lines = cosign(checkpoint, &key, now).unwrap();
        let by = verify_cosignatures(&lines, checkpoint, &[key.cosigner_key()]).unwrap().remove(0);
        let answer = Answer::Cosignature { lines, by };
        let (log, size, source) = (seen.log, seen.size(), "witness.example/1".to_owned());
        vault.keep_proofs(vec![NewProof { log, size, source, answer }], now).unwrap();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_shows_by_itself_that_an_outsider_vouches_and_other_pages_are_left_alone() {
    let mut room = Room::new().await;
    let stands =
        "fetch('/orders').then((a) => a.text()).then((page) => /data-live=\"([^\"]*)\"/.exec(page)[1])";
    let before = room.ask(stands).await;
    room.open("/orders/dk01/items/1-79").await;
    assert_eq!(room.ask("document.body.innerText.includes('witness.example/1')").await, false);
    room.ask("window.before = document.body").await;
    witness(&room.filled);
    room.until("document.body.innerText.includes('witness.example/1')").await;
    assert_eq!(room.ask("window.before === document.body").await, true, "drawn again, not loaded again");
    assert_eq!(room.ask(stands).await, before);
    assert_eq!(room.complaints(), Vec::<String>::new());
}

#[test]
fn a_page_that_waits_for_news_does_not_keep_the_desk_from_ending() {
    let house = House::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
    let port = listener.local_addr().unwrap().port();
    let desk = Arc::new(Desk::new(house.app.clone(), port, Words::chinese()));
    let link = desk.start_link();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = runtime.spawn(open(listener, desk, async move { drop(stopped.await) }));
    let stranger = Guest { port, cookie: String::new() };
    let start = link.split_once(&format!(":{port}")).unwrap().1;
    let guest = Guest { port, cookie: cookie(&stranger.get(start)) };
    assert_eq!(stranger.get("/live").status, 401);
    let mut waiting = guest.socket("GET /live?at=older", &[], b"");
    let mut told = String::new();
    while !told.contains("event: new") {
        let mut bytes = [0; 1_024];
        let count = waiting.read(&mut bytes).unwrap();
        assert!(count > 0, "{told}");
        told.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    assert!(told.contains("text/event-stream"), "{told}");
    stop.send(()).unwrap();
    let ended = async { tokio::time::timeout(Duration::from_secs(20), serving).await };
    runtime.block_on(ended).expect("it ends at once").unwrap().unwrap();
    waiting.read_to_string(&mut told).unwrap();
}
