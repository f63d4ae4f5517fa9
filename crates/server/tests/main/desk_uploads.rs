//! Files in pieces: over connections that break, servers that die, and from people who mean no good.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sigu_case::Slot;
use sigu_evidence::ContentId;
use sigu_server::App;

use crate::house::{House, ORDER, now};
use crate::station::{Guest, Station, film, place, text, value};
use crate::support::Room;

/// Everything that lies in a folder, names and bytes.
fn at_rest(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        all.extend_from_slice(entry.file_name().as_encoded_bytes());
        if entry.path().is_dir() {
            all.extend(at_rest(&entry.path()));
        } else {
            all.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    all
}

fn holds(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_file_in_pieces_is_fixed_once_and_every_wrong_piece_is_told_where_to_go_on() {
    let house = House::new();
    let station = Station::of(&house);
    let desk = station.desk();
    let content = film(300_000);
    let begun = desk.told(&json!({
        "name": "录屏.webm", "size": content.len(), "modified": 1_772_000_000_123_i64, "order": ORDER,
        "slot": "auto", "note": "从点开到提示无效", "formed_at": "2026-03-01 09:30"
    }));
    assert_eq!((begun.status, value(&begun, "upload-offset")), (201, "0"));
    let file = place(&begun);
    assert_eq!(value(&begun, "location"), file);
    assert_eq!(desk.piece(&file, 0, &content[..100_000]).status, 204);
    for wrong in [0, 50_000, 200_000] {
        let answer = desk.piece(&file, wrong, &content[wrong..]);
        assert_eq!((answer.status, value(&answer, "upload-offset")), (409, "100000"), "{wrong}");
    }
    let beyond = desk.piece(&file, 100_000, &film(200_001));
    assert_eq!((beyond.status, value(&beyond, "upload-offset")), (413, "100000"));
    let early = desk.finish(&file, None);
    assert_eq!((early.status, value(&early, "upload-offset")), (409, "100000"));
    assert_eq!(desk.piece(&file, 100_000, &content[100_000..]).status, 204);
    assert_eq!(desk.offset(&file), content.len());

    let digest = ContentId::of(&content).to_string();
    let first = desk.finish(&file, Some(&digest));
    assert_eq!(first.status, 200, "{}", text(&first));
    assert_eq!(desk.finish(&file, None).json(), first.json(), "the same again is the same answer");
    let order = house.order();
    assert_eq!(order.exhibits.len(), 1);
    let exhibit = &order.exhibits[0];
    let manifest = exhibit.manifest().unwrap();
    assert_eq!(exhibit.item.to_string(), first.json()["item"].as_str().unwrap());
    assert_eq!((exhibit.slot, exhibit.note.as_deref()), (Slot::Recording, Some("从点开到提示无效")));
    assert_eq!(exhibit.formed_at.unwrap().to_string(), "2026-03-01T01:30:00Z");
    assert_eq!((manifest.content.to_string(), manifest.size), (digest, content.len() as u64));
    assert_eq!(manifest.modified_at.as_deref(), Some("2026-02-25T06:13:20.123Z"));
    assert!(house.with(|vault| vault.content(exhibit.item).unwrap()) == content);
    let left = std::fs::metadata(house.app.places.state.join("uploads")).is_ok();
    assert!(left && at_rest(&house.app.places.state.join("uploads")).len() < 10_000, "pieces are gone");
    house.assert_clean();
}

#[test]
fn a_crash_between_the_commit_and_the_note_of_it_fixes_nothing_twice() {
    let house = House::new();
    let station = Station::of(&house);
    let desk = station.desk();
    let file = place(&desk.begin("a.png", 5));
    assert_eq!(desk.piece(&file, 0, b"12345").status, 204);
    let folder = house.app.places.state.join(file.trim_start_matches('/'));
    let kept = house.dir.path().join("kept");
    let pieces = |from: &Path| -> Vec<_> {
        let entries = std::fs::read_dir(from).unwrap().flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "piece")).collect()
    };
    let piece = pieces(&folder).remove(0);
    std::fs::copy(&piece, &kept).unwrap();
    let fixed = desk.finish(&file, None);
    assert_eq!(fixed.status, 200, "{}", text(&fixed));
    assert!(pieces(&folder).is_empty());
    // As if it had crashed: the log has it, the note of the answer is not there, the pieces are.
    std::fs::remove_file(folder.join("done.age")).unwrap();
    std::fs::copy(&kept, &piece).unwrap();
    assert_eq!(desk.finish(&file, None).json(), fixed.json());
    assert_eq!(house.order().exhibits.len(), 1);
    // The same file sent another time, on purpose, is another piece of evidence.
    let again = place(&desk.begin("a.png", 5));
    assert_ne!(again, file);
    assert_eq!(desk.piece(&again, 0, b"12345").status, 204);
    assert_eq!(desk.finish(&again, None).status, 200);
    assert_eq!(house.order().exhibits.len(), 2);
}

#[test]
fn what_is_not_what_was_sent_is_dropped_whole() {
    let house = House::new();
    let station = Station::of(&house);
    let desk = station.desk();
    let file = place(&desk.begin("a.png", 5));
    assert_eq!(desk.piece(&file, 0, b"12345").status, 204);
    assert_eq!(desk.finish(&file, Some("no digest")).status, 400);
    let answer = desk.finish(&file, Some(&ContentId::of(b"12346").to_string()));
    assert_eq!(answer.status, 422, "{}", text(&answer));
    assert_eq!(desk.get(&file).status, 404);
    assert!(house.order().exhibits.is_empty());
    house.assert_clean();
}

#[test]
fn nothing_acknowledged_is_lost_with_the_server_and_nothing_at_rest_can_be_read() {
    let house = House::new();
    let content = [b"MCX7-22QP-91LD-0W4H ".repeat(8_000), film(50_000)].concat();
    let cut = 120_000;
    let station = Station::of(&house);
    let file = place(&station.desk().begin("卡密截图.bin", content.len()));
    assert_eq!(station.desk().piece(&file, 0, &content[..cut]).status, 204);
    // The server dies while the next piece comes.
    let desk = station.desk();
    let offset = format!("Upload-Offset: {cut}");
    assert!(desk.partly(&format!("PATCH {file}"), &[&offset], 40_000, &content[cut..cut + 10_000]).is_none());
    drop(station);
    let all = at_rest(&house.app.places.state);
    assert!(all.len() > cut, "the piece is there");
    assert!(!holds(&all, b"MCX7-22QP") && !holds(&all, "卡密截图".as_bytes()), "but sealed");

    let again = Station::of(&house);
    let begun = again.desk().begin("卡密截图.bin", content.len());
    assert_eq!((begun.status, place(&begun)), (200, file.clone()), "the same file goes on");
    let from = again.desk().offset(&file);
    assert!(from >= cut, "{from}");
    assert_eq!(again.desk().piece(&file, from, &content[from..]).status, 204);
    let fixed = again.desk().finish(&file, Some(&ContentId::of(&content).to_string()));
    assert_eq!(fixed.status, 200, "{}", text(&fixed));
    drop(again);
    let last = Station::of(&house);
    assert_eq!(last.desk().finish(&file, None).json(), fixed.json(), "also after another start");
    assert_eq!(house.order().exhibits.len(), 1);
    house.assert_clean();
}

#[test]
fn a_large_film_over_a_connection_that_keeps_breaking_ends_bit_identical() {
    let house = House::new();
    let station = Station::of(&house);
    let size = 64 << 20;
    assert!(station.desk().send_breaking("现场.mp4", size) > 2);
    let content = film(size);
    let order = house.order();
    let manifest = order.exhibits[0].manifest().unwrap();
    assert_eq!((manifest.content, manifest.size), (ContentId::of(&content), content.len() as u64));
    house.assert_clean();
}

#[test]
fn foreign_ids_names_sizes_and_orders_reach_nothing() {
    let house = House::new();
    let station = Station::of(&house);
    let desk = station.desk();
    for id in [
        "..",
        "%2e%2e%2f%2e%2e%2fvault",
        "..%5c..%5cvault",
        "0123456789abcdef0123456789abcdeF",
        "0123456789abcdef0123456789abcdef",
        "%00",
        "a",
    ] {
        for start in ["HEAD", "PATCH", "DELETE"] {
            let answer = desk.ask(&format!("{start} /uploads/{id}"), &["Upload-Offset: 0"], b"");
            assert!(matches!(answer.status, 404 | 400), "{start} {id}: {}", answer.status);
        }
    }
    let refused = |more: serde_json::Value| {
        let mut body = json!({ "name": "a", "size": 1, "order": ORDER });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.told(&body).status
    };
    assert_eq!(refused(json!({ "size": (2_u64 << 30) + 1 })), 413);
    assert_eq!(refused(json!({ "order": "none" })), 404);
    assert_eq!(refused(json!({ "order": "../x" })), 404);
    assert_eq!(refused(json!({ "slot": "x" })), 422);
    assert_eq!(refused(json!({ "formed_at": "yesterday" })), 422);
    let stranger = Guest { port: desk.port, cookie: String::new() };
    assert_eq!(stranger.begin("a", 1).status, 401);

    for (name, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.png", "y.png"),
        ("a\u{0}\nb.txt", "ab.txt"),
        ("<img src=x onerror=alert(1)>.html", "<img src=x onerror=alert(1)>.html"),
    ] {
        let file = place(&desk.begin(name, 1));
        assert_eq!(desk.piece(&file, 0, b"1").status, 204);
        let fixed = desk.finish(&file, None);
        assert_eq!(fixed.status, 200, "{name}: {}", text(&fixed));
        let order = house.order();
        let manifest = order.exhibits.last().unwrap().manifest().unwrap();
        assert_eq!(manifest.file_name.as_deref(), Some(kept));
    }
    assert!(!text(&desk.get(&format!("/orders/{ORDER}/evidence"))).contains("<img src=x"));
    let page = house.order().exhibits.last().unwrap().item;
    let served = desk.get(&format!("/orders/{ORDER}/items/{page}/content"));
    assert_eq!(value(&served, "content-type"), "application/octet-stream", "never as a page");
    assert!(value(&served, "content-disposition").starts_with("attachment"));
    house.assert_clean();
}

#[test]
fn only_so_many_are_under_way_and_one_that_is_given_up_is_gone() {
    let house = House::new();
    let station = Station::of(&house);
    let desk = station.desk();
    let first = place(&desk.begin("0", 1));
    for n in 1..64 {
        assert_eq!(desk.begin(&n.to_string(), 1).status, 201, "{n}");
    }
    assert_eq!(desk.begin("one more", 1).status, 429);
    assert_eq!(desk.ask(&format!("DELETE {first}"), &[], b"").status, 204);
    assert_eq!(desk.get(&first).status, 404);
    assert_eq!(desk.begin("one more", 1).status, 201);
}

fn tomorrow() -> Timestamp {
    now().checked_add(SignedDuration::from_hours(25)).unwrap()
}

#[test]
fn what_nobody_goes_on_with_is_removed_after_a_day() {
    let house = House::new();
    let station = Station::of(&house);
    let file = place(&station.desk().begin("a.png", 5));
    assert_eq!(station.desk().piece(&file, 0, b"123").status, 204);
    drop(station);
    let station = Station::with(App { now: tomorrow, ..house.app.clone() });
    let other = place(&station.desk().begin("b.png", 5));
    assert_eq!(station.desk().get(&file).status, 404);
    assert_eq!(station.desk().offset(&other), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_browser_a_large_file_goes_in_pieces_and_on_after_a_break() {
    let mut room = Room::new().await;
    room.width(360).await;
    room.open("/orders/C03/fix?slot=recording").await;
    let path = room.filled.folder.path().join("录屏.webm");
    #[allow(clippy::disallowed_methods, reason = "a file to choose, not one to keep")]
    std::fs::write(&path, film(9 << 20)).unwrap();
    let found = json!({ "expression": "document.querySelector('input[type=file]')" });
    let object = room.call("Runtime.evaluate", found).await["result"]["objectId"].clone();
    let files = json!({ "objectId": object, "files": [path.to_str().unwrap()] });
    room.call("DOM.setFileInputFiles", files).await;
    // The second piece breaks off once.
    room.ask(
        "(() => { const real = fetch; let pieces = 0; window.fetch = (place, how) => \
         how?.method === 'PATCH' && ++pieces === 2 ? Promise.reject(new TypeError('broke')) : real(place, how); \
         document.querySelector('[name=note]').value = '从点开到提示无效'; \
         document.querySelector('form[data-uploads] button').click() })()",
    )
    .await;
    room.until("document.querySelector('.sending li progress')").await;
    assert_eq!((room.overflow().await, room.judged().await), (None, Vec::new()));
    room.until("document.querySelector('.notice.good .fixed li')").await;
    let said = room.ask("document.querySelector('.notice.good').innerText").await;
    assert!(said.as_str().unwrap().contains("录屏.webm"), "{said}");
    let order = room.filled.with(|vault| vault.order(&"C03".parse().unwrap()).unwrap().unwrap());
    let exhibit = order.exhibits.last().unwrap();
    assert_eq!(exhibit.manifest().unwrap().content, ContentId::of(&film(9 << 20)));
    assert_eq!((exhibit.slot, exhibit.note.as_deref()), (Slot::Recording, Some("从点开到提示无效")));
    assert_eq!(room.complaints(), Vec::<String>::new());
}
