//! What runs by itself, and how others of the same user find a desk that is open.

use serde_json::Value;
use sigu_server::access::Level;
use sigu_server::{Words, doorbell};

use crate::desk::ask;
use crate::desk_api::Program;
use crate::desk_house::Visitor;
use crate::support::Filled;

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_by_itself_is_told_on_the_page_and_to_programs() {
    let visitor = Visitor::new().await;
    let (status, page) = visitor.get("/vault");
    assert_eq!(status, 200);
    assert!(page.contains("What runs by itself") && page.contains("Asking outsiders"), "{page}");
    assert!(page.contains("offline"), "a desk without a net asks nobody: {page}");
    let jobs = Program::with(&visitor.desk, Level::Read).get("/background").is(200);
    let line = &jobs["jobs"][0];
    assert!(line["name"].is_string() && line["state"].is_string(), "{jobs}");
    assert_eq!((&line["last"], &line["next"]), (&Value::Null, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_desk_is_found_and_gives_one_link_to_whoever_knows_its_secret() {
    let desk = Filled::findable().await;
    let found = doorbell::find(&desk.app.places).unwrap();
    assert_eq!(found.port, desk.port);
    let rings = |link: bool| {
        let found = found.clone();
        tokio::task::spawn_blocking(move || found.ring(&Words::in_english(), link).unwrap())
    };
    let standing = rings(false).await.unwrap();
    assert!(standing.link.is_none() && !standing.locked && standing.background[0].state == "offline");
    let link = rings(true).await.unwrap().link.unwrap();
    let path = link.strip_prefix(&desk.origin()).unwrap().to_owned();
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    assert_eq!(ask(&desk, &format!("GET {path}"), &[&host], "").0, 303, "the link lets one browser in");
    assert_eq!(ask(&desk, &format!("GET {path}"), &[&host], "").0, 401, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_ring_learn_nothing() {
    let desk = Filled::findable().await;
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let wrong = format!("X-Sigu-Bell: {}", "0".repeat(64));
    let bell = "POST /bell?link=true&lang=en";
    for headers in
        [vec![host.as_str()], vec![&host, "X-Sigu-Bell: "], vec![&host, &wrong], vec!["Host: sigu.example"]]
    {
        let (status, answer) = ask(&desk, bell, &headers, "");
        assert_eq!(status, 401, "{headers:?}");
        assert!(!answer.contains("once=") && !answer.contains("outsiders"), "{answer}");
    }
    let (status, answer) = ask(&desk, "GET /bell?link=true&lang=en", &[&host], "");
    assert!(status == 405 || status == 401, "{status}: {answer}");
    let hidden = Filled::new().await;
    assert!(doorbell::find(&hidden.app.places).is_none(), "a desk that is not to be found is not");
    let host = format!("Host: 127.0.0.1:{}", hidden.port);
    assert_eq!(ask(&hidden, bell, &[&host, "X-Sigu-Bell: "], "").0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_is_found_and_stays_locked() {
    use sigu_vault::{Disk, KeyFile, write_key_file};
    let desk = Filled::findable().await;
    let key = KeyFile::seal_with(&desk.app.identity.get().unwrap(), b"four unrelated words");
    write_key_file(&desk.app.places.vault, &key, &Disk::default()).unwrap();
    let host = format!("Host: 127.0.0.1:{}", desk.port);
    let cookie = crate::desk::enter(&desk, &host);
    let origin = format!("Origin: {}", desk.origin());
    assert_eq!(ask(&desk, "POST /lock", &[&host, &cookie, &origin], "").0, 303);
    let found = doorbell::find(&desk.app.places).unwrap();
    let rung =
        tokio::task::spawn_blocking(move || found.ring(&Words::in_english(), true).unwrap()).await.unwrap();
    assert!(rung.locked && rung.link.is_some());
    assert_eq!(ask(&desk, "GET /orders", &[&host, &cookie], "").0, 423, "the bell opens no lock");
}
