//! The passphrase, the lock, the recovery key.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use sigu_vault::{Disk, KeyFile, read_key_file, replace_recovery, write_key_file};

use crate::desk::{ask, header};
use crate::desk_house::Visitor;
use crate::support::{Filled, PAGES, Room};

const PASSPHRASE: &str = "correct horse battery staple";
const TYPED: &str = "correct+horse+battery+staple";

/// Minutes since the tests' now, for the one desk that is left alone.
static LATER: AtomicI64 = AtomicI64::new(0);

fn later() -> Timestamp {
    let start: Timestamp = "2026-12-20T04:00:00Z".parse().unwrap();
    start.checked_add(SignedDuration::from_mins(LATER.load(Ordering::Relaxed))).unwrap()
}

/// Keeps the key under the passphrase, as the command does.
fn under_passphrase(desk: &Filled) {
    let identity = desk.app.identity.get().unwrap();
    let key = KeyFile::seal_with(&identity, PASSPHRASE.as_bytes());
    write_key_file(&desk.app.places.vault, &key, &Disk::default()).unwrap();
}

fn is_under(visitor: &Visitor, passphrase: &str) -> bool {
    match read_key_file(&visitor.desk.app.places.vault).unwrap() {
        KeyFile::Passphrase(text) => KeyFile::open_with(&text, passphrase.as_bytes()).is_ok(),
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_set_changed_and_removed_and_never_shown() {
    let visitor = Visitor::new().await;
    let send = |body: &str| visitor.post("/vault/settings/passphrase", body);
    let (status, page) = send(&format!("what=set&new={TYPED}&again=other"));
    assert_eq!(status, 422);
    assert!(page.contains("id=\"again-wrong\"") && !page.contains("id=\"new-wrong\""), "{page}");
    assert!(!page.contains("correct horse") && !page.contains("correct+horse"), "{page}");
    assert_eq!(send("what=set&new=&again=").0, 422);
    assert!(matches!(read_key_file(&visitor.desk.app.places.vault), Ok(KeyFile::Plain(_))));
    let (status, answer) = send(&format!("what=set&new={TYPED}&again={TYPED}"));
    assert_eq!((status, header(&answer, "location")), (303, "/vault/settings?done=set"));
    assert!(is_under(&visitor, PASSPHRASE));
    assert_eq!(visitor.get("/orders").0, 200, "who set it stays in");

    for body in ["what=set&old=wrong&new=next&again=next", "what=set&new=next&again=next"] {
        let (status, page) = send(body);
        assert_eq!(status, 422, "{body}");
        assert!(page.contains("id=\"old-wrong\"") && !page.contains("value=\"wrong\""), "{page}");
    }
    assert_eq!(send(&format!("what=set&old={TYPED}&new=next&again=next")).0, 303);
    assert!(is_under(&visitor, "next"));
    let (status, page) = send("what=remove&old=wrong");
    assert_eq!(status, 422);
    assert!(page.contains("id=\"remove-old-wrong\""), "{page}");
    assert!(is_under(&visitor, "next"));
    assert_eq!(send("what=remove&old=next").0, 303);
    assert!(matches!(read_key_file(&visitor.desk.app.places.vault), Ok(KeyFile::Plain(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_shows_nothing_and_keeps_what_was_being_typed() {
    let visitor = Visitor::new().await;
    assert!(!visitor.get("/").1.contains("action=\"/lock\""), "nothing to lock without a passphrase");
    assert_eq!(visitor.post("/lock", "back=/orders").0, 303);
    assert_eq!(visitor.get("/orders").0, 200, "a key in clear is not hidden by forgetting it");
    under_passphrase(&visitor.desk);
    assert!(visitor.get("/").1.contains("action=\"/lock\""));
    let (status, answer) = visitor.post("/lock", "back=/orders");
    assert_eq!((status, header(&answer, "location")), (303, "/orders"));
    assert!(visitor.desk.app.identity.is_locked());
    for path in PAGES {
        let (status, page) = visitor.get(path);
        assert_eq!(status, 423, "{path}");
        assert!(page.contains("action=\"/unlock\"") && !page.contains("C03</"), "{path}: {page}");
        assert!(!page.contains("橙壳数卡"), "{path}");
    }

    let (status, page) = visitor.post("/orders/new", "order=kept1&title=%3Cb%3Etyped&note=");
    assert_eq!(status, 423);
    assert!(!page.contains("typed") && !page.contains("kept1"), "a locked page shows nothing: {page}");
    let waiting = page.split("name=\"waiting\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let (status, page) = visitor.post("/unlock", &format!("passphrase=wrong&waiting={waiting}&back=/"));
    assert_eq!(status, 422);
    assert!(page.contains("id=\"passphrase-wrong\"") && page.contains(waiting), "{page}");
    assert!(visitor.desk.app.identity.is_locked());

    let body = format!("passphrase={TYPED}&waiting={waiting}&back=/orders");
    let (status, page) = visitor.post("/unlock", &body);
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("action=\"/orders/new\"") && page.contains("name=\"order\" value=\"kept1\""),
        "{page}"
    );
    assert!(page.contains("value=\"&#60;b&#62;typed\"") && !page.contains("<b>typed"), "{page}");
    assert!(!visitor.get("/orders").1.contains("kept1"), "nothing is sent without its writer");
    assert_eq!(visitor.post("/orders/new", "order=kept1&title=%3Cb%3Etyped&note=").0, 303);
    assert!(visitor.get("/orders").1.contains("kept1"));

    visitor.post("/lock", "back=/");
    for back in ["//evil.example", "https://evil.example"] {
        visitor.post("/lock", "back=/");
        let (status, answer) = visitor.post("/unlock", &format!("passphrase={TYPED}&back={back}"));
        assert_eq!((status, header(&answer, "location")), (303, "/"), "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_passphrases_do_not_wait_behind_the_lock() {
    let visitor = Visitor::new().await;
    under_passphrase(&visitor.desk);
    visitor.post("/lock", "back=/");
    let (status, page) = visitor.post("/vault/settings/passphrase", "what=set&old=a&new=b&again=b");
    assert_eq!(status, 423);
    assert!(page.contains("name=\"waiting\" value=\"\""), "{page}");

    let host = format!("Host: 127.0.0.1:{}", visitor.desk.port);
    let kind = "Content-Type: multipart/form-data; boundary=xx";
    let part =
        |name: &str, body: &str| format!("--xx\r\nContent-Disposition: form-data; {name}\r\n\r\n{body}\r\n");
    let body = format!(
        "{}{}--xx--\r\n",
        part("name=\"note\"", "a note"),
        part("name=\"file\"; filename=\"card.txt\"", "ABCD-EFGH")
    );
    let cookie = crate::desk::enter(&visitor.desk, &host);
    let origin = format!("Origin: {}", visitor.desk.origin());
    let headers = [host.as_str(), &cookie, &origin, kind];
    let (status, page) = crate::desk::ask_as(&visitor.desk, "POST /orders/C03/fix", &headers, &body);
    assert_eq!(status, 423, "{page}");
    let waiting = page.split("name=\"waiting\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!waiting.is_empty(), "{page}");
    let (status, page) =
        ask(&visitor.desk, "POST /unlock", &headers[..3], &format!("passphrase={TYPED}&waiting={waiting}"));
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("value=\"a note\"") && page.contains("multipart/form-data"), "{page}");
    assert!(!page.contains("ABCD-EFGH") && !page.contains("card.txt"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_locks_when_nobody_is_there_and_news_for_a_page_is_nobody() {
    let visitor = Visitor::to(Filled::with_clock(later).await);
    under_passphrase(&visitor.desk);
    let host = format!("Host: 127.0.0.1:{}", visitor.desk.port);
    let cookie = crate::desk::enter(&visitor.desk, &host);
    let by_script = |path: &str| {
        let headers = [host.as_str(), &cookie, "Sec-Fetch-Dest: empty"];
        ask(&visitor.desk, &format!("GET {path}"), &headers, "").0
    };
    assert_eq!(visitor.get("/").0, 200);
    LATER.store(14, Ordering::Relaxed);
    assert_eq!(visitor.get("/").0, 200);
    LATER.store(28, Ordering::Relaxed);
    assert_eq!(by_script("/"), 200, "fourteen minutes after the last page");
    LATER.store(29, Ordering::Relaxed);
    assert_eq!(by_script("/"), 423, "what scripts ask is nobody at the desk");
    assert!(visitor.desk.app.identity.is_locked());
    assert_eq!(visitor.post("/unlock", &format!("passphrase={TYPED}&back=/")).0, 303);
    assert_eq!(visitor.post("/vault/settings/idle", "minutes=7").0, 422);
    assert_eq!(visitor.post("/vault/settings/idle", "minutes=0").0, 303);
    LATER.store(29 + 10_000, Ordering::Relaxed);
    assert_eq!(visitor.get("/").0, 200, "never means never");
    assert!(visitor.get("/vault/settings").1.contains("value=\"0\" checked"));
    let again = sigu_server::Desk::new(visitor.desk.app.clone(), 1, sigu_server::Words::chinese());
    assert!(format!("{again:?}").contains("at hand"), "a key is not printed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_recovery_key_is_compared_and_not_shown() {
    let visitor = Visitor::new().await;
    let app = &visitor.desk.app;
    let own = replace_recovery(&app.places.vault, &app.identity.get().unwrap(), &Disk::default()).unwrap();
    let key = own.to_secret_string();
    let (status, answer) = visitor.post("/vault/settings/recovery", &format!("key={}", key.to_lowercase()));
    assert_eq!((status, header(&answer, "location")), (303, "/vault/settings?done=recovery"));
    let vault_key = app.identity.get().unwrap().to_secret_string();
    for wrong in [vault_key.as_str(), &key[..40], ""] {
        let (status, page) = visitor.post("/vault/settings/recovery", &format!("key={wrong}"));
        assert_eq!(status, 422);
        assert!(page.contains("id=\"key-wrong\""), "{page}");
        assert!(wrong.is_empty() || !page.contains(wrong), "a key is never shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_recovery_key_is_made_by_who_may_and_shown_once() {
    let visitor = Visitor::new().await;
    let make = |body: &str| visitor.post("/vault/settings/recovery/new", body);
    let app = visitor.desk.app.clone();
    let recipient = || visitor.desk.with(|vault| vault.recovery_recipient());
    under_passphrase(&visitor.desk);
    let before = recipient();
    let refused = [
        ("ready=yes&old=wrong", "id=\"old-wrong\""),
        ("ready=yes", "id=\"old-wrong\""),
        (&format!("old={TYPED}"), "id=\"ready-wrong\""),
    ];
    for (body, said) in refused {
        let (status, page) = make(body);
        assert_eq!(status, 422, "{body}");
        assert!(page.contains(said) && !page.contains("AGE-SECRET"), "{body}: {page}");
    }
    assert_eq!(recipient(), before, "whoever may not changes nothing");
    let (status, page) = make(&format!("ready=yes&old={TYPED}"));
    assert_eq!(status, 200, "{page}");
    let shown = page.split_once("<code><span>").unwrap().1.split_once("</code>").unwrap().0;
    let key: String = shown.split("<span>").map(|group| group.trim_end_matches("</span>")).collect();
    let made = sigu_evidence::Identity::parse(&key).unwrap().recipient().to_string();
    assert_eq!(recipient(), made);
    assert_ne!(made, before);
    let (_, page) = visitor.get("/vault/settings/recovery/new");
    assert!(!page.contains("AGE-SECRET"), "it is not shown again");
    assert!(visitor.get("/orders").0 == 200 && !app.identity.is_locked(), "the desk goes on");
}

/// Complaints of a page that is on the screen, at both widths, light and dark.
async fn judged(room: &Room, what: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for width in [390, 1440] {
        room.width(width).await;
        for scheme in ["light", "dark"] {
            room.scheme(scheme).await;
            let found =
                room.judged().await.into_iter().chain(room.overflow().await.map(|one| one.to_string()));
            wrong.extend(found.map(|one| format!("{what} ({width}, {scheme}): {one}")));
        }
    }
    wrong
}

/// Presses the button of a form and waits for the page that comes of it.
async fn press(room: &Room, form: &str, then: &str) {
    room.ask(&format!("document.querySelector('form[action=\"{form}\"] button').click()")).await;
    let there = format!(
        "new Promise(done => {{ const look = () => document.querySelector('{then}') ? done(true) : \
         setTimeout(look, 50); look() }})"
    );
    // The page that is left answers no more; the one that came does.
    while room.try_ask(&there).await != Some(serde_json::Value::Bool(true)) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_keeps_a_form_through_the_browser_and_its_pages_are_sound() {
    let mut room = Room::before(Filled::with_shop(crate::desk_practice::program()).await).await;
    let mut wrong = Vec::new();
    wrong.extend(room.open("/vault/settings").await);
    wrong.extend(judged(&room, "settings-plain").await);
    under_passphrase(&room.filled);
    wrong.extend(room.open("/vault/settings?done=set").await);
    wrong.extend(judged(&room, "settings").await);
    wrong.extend(room.open("/vault").await);
    wrong.extend(judged(&room, "vault").await);
    wrong.extend(room.open("/orders/new").await);
    room.ask("document.querySelector('[name=order]').value = 'typed1'; document.querySelector('[name=title]').value = '100 元点卡'").await;
    let host = format!("Host: 127.0.0.1:{}", room.filled.port);
    let cookie = crate::desk::enter(&room.filled, &host);
    let origin = format!("Origin: {}", room.filled.origin());
    assert_eq!(ask(&room.filled, "POST /lock", &[&host, &cookie, &origin], "back=/").0, 303);
    press(&room, "/orders/new", "#passphrase").await;
    wrong.extend(judged(&room, "locked").await);
    room.ask("document.querySelector('#passphrase').value = 'wrong'").await;
    press(&room, "/unlock", "#passphrase-wrong").await;
    wrong.extend(judged(&room, "locked-wrong").await);
    room.ask(&format!("document.querySelector('#passphrase').value = '{PASSPHRASE}'")).await;
    press(&room, "/unlock", "#resume").await;
    wrong.extend(judged(&room, "resume").await);
    press(&room, "/orders/new", ".order-head").await;
    assert!(room.filled.with(|vault| vault.order(&"typed1".parse().unwrap()).unwrap().is_some()));

    let busy = std::fs::File::open(room.filled.app.places.vault.join("lock")).unwrap();
    busy.lock().unwrap();
    wrong.extend(room.open("/vault").await);
    let folder = room.filled.folder.path().join("backup");
    room.ask(&format!("document.querySelector('#folder').value = '{}'", folder.display())).await;
    press(&room, "/vault/backup", "[data-work]").await;
    wrong.extend(judged(&room, "going").await);
    drop(busy);
    // By script the page turns into the result by itself.
    while room.try_ask("document.querySelector('h1.good') !== null").await != Some(true.into()) {}
    wrong.extend(judged(&room, "backed-up").await);

    wrong.extend(room.open("/practice").await);
    press(&room, "/practice/start", ".shop").await;
    wrong.extend(judged(&room, "practice").await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn long_work_goes_on_when_nobody_looks_one_at_a_time_and_is_stopped() {
    let visitor = Visitor::new().await;
    let busy = std::fs::File::open(visitor.desk.app.places.vault.join("lock")).unwrap();
    busy.lock().unwrap();
    let folder = visitor.desk.folder.path().join("backup");
    let (_, answer) = visitor.post("/vault/backup", &format!("folder={}", folder.display()));
    let at = header(&answer, "location").to_owned();
    let (status, page) = visitor.get(&at);
    assert_eq!(status, 200);
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\"") && page.contains("<progress"), "{page}");
    assert!(page.contains(&format!("action=\"{at}/stop\"")), "{page}");
    let (_, second) = visitor.post("/vault/check", "contents=yes");
    assert_eq!(header(&second, "location"), at, "one at a time");
    assert!(visitor.get("/vault").1.contains(&format!("href=\"{at}\"")), "the way back to it");
    assert_eq!(visitor.post(&format!("{at}/stop"), "").0, 303);
    drop(busy);
    let (status, page) = std::iter::repeat_with(|| visitor.get(&at))
        .find(|(_, page)| !page.contains("data-work"))
        .expect("it ends");
    assert_eq!(status, 200);
    assert!(page.contains("Stopped") && page.contains("class=\"late\""), "{page}");
    assert!(!folder.join("backup.json").exists(), "what was stopped is no backup");
    let (_, status, page) = visitor.work("/vault/backup", &format!("folder={}", folder.display()));
    assert_eq!(status, 200, "{page}");
    assert!(folder.join("backup.json").is_file());
    assert_eq!(visitor.get(&at).0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_closed_is_opened_again() {
    let visitor = Visitor::new().await;
    let open = |what: &str| visitor.get("/orders/dk01/note").1.contains(&format!("note?what={what}\""));
    assert!(open("close") && !open("reopen"));
    let closed =
        || visitor.desk.with(|vault| vault.order(&"dk01".parse().unwrap()).unwrap().unwrap().closed());
    assert_eq!(visitor.post("/orders/dk01/note", "what=close&outcome=refunded").0, 303);
    assert!(closed().is_some() && open("reopen") && !open("close"));
    assert_eq!(visitor.post("/orders/dk01/note", "what=reopen&note=too+early").0, 303);
    assert!(closed().is_none() && open("close"));
}
