//! A recording arrives in pieces, in any order and more than once, and is fixed as one.

use sigu_case::report::{Form, ItemDescribed};
use sigu_evidence::ContentId;
use sigu_server::container::{Header, Role};

use crate::house::{House, Running, header};

const ID: &str = "2f8fad5b-d9cb-469f-a165-70867728950e";

fn piece(house: &House, bytes: &[u8]) -> Vec<u8> {
    let header = header("recording", &[("piece", "video/webm", Role::RecordingPiece, bytes)]);
    house.seal(&header, &[bytes])
}

fn end(house: &House, pieces: u32) -> Vec<u8> {
    house.seal(&Header { pieces: Some(pieces), ..header("recording", &[]) }, &[])
}

fn send(running: &Running, token: &str, rest: &str, body: &[u8]) -> (u16, serde_json::Value) {
    let answer = running.ask_as(token, &format!("POST /api/v1/recordings/{ID}/{rest}"), &[], body);
    (answer.status, answer.json())
}

#[test]
fn pieces_are_put_together_in_their_order() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let pieces: Vec<Vec<u8>> = (0..3u8).map(|n| vec![n; 70_000 + usize::from(n)]).collect();
    for n in [2, 0, 0] {
        let (status, answer) = send(&running, &token, &format!("pieces/{n}"), &piece(&house, &pieces[n]));
        assert_eq!((status, answer["kept"].as_u64()), (200, Some(n as u64)), "{answer}");
    }
    let (status, answer) = send(&running, &token, "end", &end(&house, 3));
    assert_eq!((status, answer["error"]["message"].as_str()), (409, Some("1")));
    assert!(house.order().exhibits.is_empty());
    assert_eq!(send(&running, &token, "pieces/1", &piece(&house, &pieces[1])).0, 200);
    let done = send(&running, &token, "end", &end(&house, 3));
    assert_eq!(done.0, 200, "{}", done.1);
    assert_eq!(send(&running, &token, "end", &end(&house, 3)), done);
    assert_eq!(send(&running, &token, "pieces/1", &piece(&house, &pieces[1])).0, 200);
    let order = house.order();
    assert_eq!(order.exhibits.len(), 2);
    let video = order.exhibits[1].manifest().unwrap();
    assert_eq!(video.content, ContentId::of(&pieces.concat()));
    let named = (video.media_type.as_str(), video.file_name.as_deref());
    assert_eq!(named, ("video/webm", Some("recording.webm")));
    let (_, described) = order.of_kind::<ItemDescribed>().last().unwrap();
    assert_eq!((described.form, described.continuous), (Some(Form::Recording), Some(true)));
    assert!(!house.dir.path().join("state/recordings").join(ID).exists());
    house.assert_clean();
}

#[test]
fn what_is_no_piece_is_refused() {
    let house = House::new();
    let running = house.run(0);
    let token = running.pair();
    let capture = house.seal(&header("chat", &[("a.txt", "text/plain", Role::Text, b"a")]), &[b"a"]);
    assert_eq!(send(&running, &token, "pieces/0", &capture).0, 400);
    assert_eq!(send(&running, &token, "pieces/0", b"junk").0, 422);
    assert_eq!(send(&running, &token, "pieces/4096", &piece(&house, b"x")).0, 413);
    assert_eq!(send(&running, &token, "pieces/-1", &piece(&house, b"x")).0, 400);
    assert_eq!(send(&running, &token, "end", &end(&house, 0)).0, 400);
    // What waits beside the vault is sealed.
    assert_eq!(send(&running, &token, "pieces/0", &piece(&house, b"clear words")).0, 200);
    let kept = std::fs::read(house.dir.path().join("state/recordings").join(ID).join("00000.age")).unwrap();
    assert!(kept.starts_with(b"age-encryption.org/v1"));
    assert!(!kept.windows(5).any(|five| five == b"clear"));
}
