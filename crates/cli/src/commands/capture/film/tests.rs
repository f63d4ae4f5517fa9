//! Pieces that cannot be written when they come: they wait, in their order, and their key frames with them.

#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "a test takes a folder of the vault away and gives it back")]

use std::path::PathBuf;

use sigu_capture::recording::Reason;
use sigu_case::{Order, OrderFacts};
use sigu_evidence::Identity;
use sigu_vault::{Disk, KeyFile, Places, create, os_entropy};

use super::*;
use crate::commands::capture::interrupted;

/// A vault with an order, and a recording of it under way.
struct House {
    folder: tempfile::TempDir,
    keys: Keys,
    order: OrderId,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = Places { vault: folder.path().join("vault"), state: folder.path().join("state") };
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        let made = create(&places, identity.clone(), &key, clock::now(), Disk::default()).unwrap();
        let order = crate::commands::order_id("P1").unwrap();
        let open = Command::OpenOrder { order: order.clone(), facts: OrderFacts::default() };
        made.vault.execute(vec![open], clock::now()).unwrap();
        made.vault.close().unwrap();
        Self { folder, keys: Keys::at(places, identity), order }
    }

    fn film(&self) -> Film {
        Film::begin(self.keys.clone(), self.order.clone(), "https://shop.test/", "#1", None, None).unwrap()
    }

    /// As long as what it gives is there, the vault takes nothing in.
    fn full(&self) -> Full {
        let incoming = self.folder.path().join("vault/incoming");
        let away = self.folder.path().join("away");
        std::fs::rename(&incoming, &away).unwrap();
        std::fs::write(&incoming, b"").unwrap();
        Full { incoming, away }
    }

    fn order(&self) -> Order {
        self.keys.with(|vault| Ok(vault.order(&self.order)?)).unwrap().unwrap()
    }
}

struct Full {
    incoming: PathBuf,
    away: PathBuf,
}

impl Full {
    fn over(self) {
        std::fs::remove_file(&self.incoming).unwrap();
        std::fs::rename(&self.away, &self.incoming).unwrap();
    }
}

fn piece(number: u32) -> Part {
    Part::Piece(Piece { number, offset_ms: u64::from(number) * 2_000, bytes: format!("<{number}>").into() })
}

fn frame(offset_ms: u64) -> Part {
    let jpeg = format!("jpeg {offset_ms}").into();
    Part::KeyFrame(KeyFrame { at: clock::now(), offset_ms, url: String::new(), jpeg })
}

fn last(pieces: u32) -> Part {
    let at = clock::now();
    Part::Ended(Ended { at, duration_ms: 6_000, pieces, continuous: true, reason: Reason::Stopped })
}

fn names(order: &Order) -> Vec<String> {
    let manifests = order.exhibits.iter().filter_map(|one| one.manifest()?.file_name.clone());
    manifests
        .map(|name| name.rsplit_once(['.', '-']).unwrap().0.rsplit(['.', '-']).next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_piece_that_could_not_be_written_goes_before_the_next_and_its_key_frames_with_it() {
    let house = House::new();
    let mut film = house.film();
    assert!(film.take(piece(0)).unwrap().is_none());
    film.take(frame(2_100)).unwrap();
    let full = house.full();
    assert!(film.take(piece(1)).is_err());
    film.take(frame(4_100)).unwrap();
    assert!(film.take(piece(2)).is_err());
    assert_eq!(house.order().of_kind::<RecordingPiece>().count(), 1, "nothing by halves");
    full.over();
    assert!(film.take(piece(3)).unwrap().is_none());
    let filmed = film.take(last(4)).unwrap().unwrap();
    assert_eq!((filmed.key_frames, filmed.size), (2, "<0><1><2><3>".len()));

    let order = house.order();
    let pieces: Vec<_> = order.of_kind::<RecordingPiece>().map(|(_, one)| one.clone()).collect();
    assert_eq!(pieces.iter().map(|one| one.number).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(pieces.is_sorted_by_key(|one| one.piece), "in the log in their order");
    let digest = |number: u32| sigu_evidence::ContentId::of(format!("<{number}>").as_bytes());
    for one in &pieces {
        let exhibit = order.exhibits.iter().find(|exhibit| exhibit.item == one.piece).unwrap();
        assert_eq!(exhibit.manifest().unwrap().content, digest(one.number));
    }
    assert_eq!(names(&order)[..4], ["part0000", "part0001", "0002100ms", "0004100ms"]);
    let (_, ended) = order.of_kind::<RecordingEnded>().next().unwrap();
    assert_eq!((ended.pieces, ended.continuous, ended.whole.is_some()), (4, true, true));
}

#[test]
fn what_could_not_be_written_to_the_end_is_said_and_the_next_start_ends_the_recording_once() {
    let house = House::new();
    let mut film = house.film();
    film.take(piece(0)).unwrap();
    let full = house.full();
    assert!(film.take(piece(1)).is_err());
    let Err(lost) = film.take(last(2)) else { panic!("it cannot have been written") };
    let told = lost.message(&crate::lang::Words::in_english());
    assert!(told.contains("1 pieces are in the log, 1 after them"), "{told}");
    full.over();

    assert!(interrupted::ended(&house.keys).unwrap().is_empty(), "whoever holds it is still filming");
    drop(film);
    let ended = interrupted::ended(&house.keys).unwrap();
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].pieces, ended[0].reason.as_str(), ended[0].continuous), (1, "interrupted", false));
    assert!(interrupted::ended(&house.keys).unwrap().is_empty(), "once is enough");
    assert_eq!(house.order().of_kind::<RecordingEnded>().count(), 1);
}

#[test]
fn a_recording_that_broke_off_keeps_its_key_frames_and_other_recordings_their_end() {
    let house = House::new();
    let mut whole = house.film();
    whole.take(piece(0)).unwrap();
    whole.take(last(1)).unwrap().unwrap();
    drop(whole);
    drop(house.film());
    let mut film = house.film();
    for part in [frame(100), frame(200), piece(0), frame(2_100), piece(1), frame(4_100)] {
        film.take(part).unwrap();
    }
    let began = film.began;
    drop(film);
    let ended = interrupted::ended(&house.keys).unwrap();
    let found: Vec<_> = ended.iter().map(|one| (one.pieces, one.key_frames.len())).collect();
    assert_eq!(found, [(0, 0), (2, 3)]);
    assert_eq!(ended[1].recording, began);
    assert_eq!(house.order().of_kind::<RecordingEnded>().count(), 3);
}

#[test]
fn the_strip_names_the_log_and_what_nobody_knew_before() {
    let round = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/drand/good-round-123.json");
    let round = sigu_attestation::drand::verify_answer(&std::fs::read(round).unwrap(), None).unwrap();
    assert_eq!(beacon(8, "3f0c", None), "#8 3f0c");
    assert_eq!(beacon(8, "3f0c", Some(&round)), "#8 3f0c · drand 123 fb8f7bc29bf24db5");
}
