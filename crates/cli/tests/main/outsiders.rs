//! Outsiders by the command line: who is asked, where nobody answers; the log as files; the page for strangers. Nothing
//! leaves this machine.

use std::net::TcpListener;
use std::path::Path;

use sigu_attestation::witness::CosigningKey;
use sigu_evidence::ContentId;

use crate::process::Home;

/// An address of this machine where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// A list of one of each kind, all of them where nobody listens.
fn list() -> String {
    let witness = CosigningKey::from_seed("w.example/1", &[1; 32]).expect("a name").cosigner_key();
    format!(
        "v = 1\npolicy = \"\"\"\nquorum none\n\"\"\"\n\n\
         [[timestamp]]\nname = \"one\"\noperator = \"Tests\"\nurl = \"{}\"\nroots = [\"usertrust-rsa\"]\n\n\
         [[calendar]]\nname = \"two\"\nurl = \"{}\"\n\n[[beacon]]\nurl = \"{}\"\n\n\
         [[witness]]\nname = \"three\"\nvkey = \"{witness}\"\nurl = \"{}\"\n",
        nobody(),
        nobody(),
        nobody(),
        nobody(),
    )
}

/// The same vault on the same machine, as it is now.
fn copied(home: &Home) -> Home {
    fn copy(from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                std::fs::create_dir(&target).expect("a folder");
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).expect("a file");
            }
        }
    }
    let other = Home::new();
    copy(home.path(), other.path());
    other
}

#[test]
fn where_nobody_answers_each_is_named_and_nothing_is_lost() {
    let home = Home::with_vault();
    home.file("list.toml", list());
    assert!(home.good(&["services", "--set", "list.toml"]).contains("From now on as in list.toml"));
    assert!(home.good(&["stamp", "--list"]).contains("Never asked yet"));
    let said = home.good(&["stamp"]);
    for who in ["one", "two", "three", "http://127.0.0.1:"] {
        assert!(said.contains(&format!("No answer: {who}")), "{who}: {said}");
    }
    let asked = home.json(&["stamp"]);
    let unanswered = asked["unanswered"].as_array().expect("a list");
    assert_eq!(unanswered.len(), 4, "who wants it now does not wait: {asked}");
    assert!(unanswered.iter().all(|one| one["code"] == "unreachable" && one["next"].is_string()), "{asked}");
    assert!(asked["kept"].as_array().is_some_and(Vec::is_empty), "{asked}");
    assert!(asked["alarm"].is_null() && asked["round"].is_null(), "{asked}");
    let shown = home.good(&["stamp", "--list"]);
    assert!(shown.contains("No outsider vouches for the first 1 entries yet."), "{shown}");
    assert!(shown.contains("cannot be reached. Next try 20"), "{shown}");
    assert!(home.good(&["stamp", "--list", "--lang", "zh"]).contains("没有拿到：连不上"));
    let shown = home.json(&["stamp", "--list"]);
    let outsiders = shown["outsiders"].as_array().expect("a list");
    let kinds: Vec<&str> = outsiders.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["timestamp", "calendars", "witness", "beacon"]);
    assert!(
        outsiders.iter().all(|one| one["state"] == "failed" && one["why"][0] == "unreachable"),
        "{shown}"
    );
    home.good(&["order", "new", "A"]);
    home.good(&["check", "--read-data"]);
}

#[test]
fn a_block_header_that_fits_nothing_is_refused_with_what_to_do() {
    let home = Home::with_vault();
    home.file("header", [7_u8; 80]).file("short", [7_u8; 79]);
    let digits = "07".repeat(80);
    for (given, advice) in [
        ("00", "block explorer"),
        ("short", "block explorer"),
        ("header", "sigu stamp --list"),
        (digits.as_str(), "sigu stamp --list"),
    ] {
        let said = home.exits(1, &["stamp", "--block-header", given]);
        assert!(said.contains(advice), "{given}: {said}");
    }
    home.exits(2, &["stamp", "--list", "--block-header", &digits]);
}

#[test]
fn who_is_asked_is_shown_set_and_reset_and_mistakes_are_named() {
    let home = Home::with_vault();
    let shown = home.good(&["services"]);
    assert!(shown.contains("[[timestamp]]") && shown.contains("comes with the program"), "{shown}");
    home.file("list.toml", list());
    home.file("bad.toml", list().replacen("name = \"one\"", "name = \"one\"\ncolour = \"red\"", 1));
    let ftp = list().replacen("url = \"http://", "url = \"ftp://", 1);
    home.file("ftp.toml", ftp).file("none.toml", "not [toml");
    let table: [(i32, &[&str], &str); 6] = [
        (2, &["services", "--set", "missing.toml"], "missing.toml"),
        (1, &["services", "--set", "bad.toml"], "[[timestamp]] 1, colour"),
        (1, &["services", "--set", "ftp.toml"], "[[timestamp]] 1, url"),
        (1, &["services", "--set", "none.toml"], "docs/formats/outsiders.md"),
        (2, &["services", "--set", "list.toml", "--reset"], "cannot be used together"),
        (2, &["services", "--automatic", "maybe"], "maybe"),
    ];
    for (code, args, said) in table {
        let text = home.exits(code, args);
        assert!(text.contains(said), "{args:?}: {text}");
    }
    assert_eq!(home.json(&["services"])["own"], false, "nothing of it was kept");
    home.good(&["services", "--set", "list.toml"]);
    let set = home.json(&["services"]);
    assert_eq!((&set["own"], &set["asks"]), (&true.into(), &true.into()));
    assert!(set["toml"].as_str().is_some_and(|toml| toml.contains("127.0.0.1")), "{set}");
    assert!(home.good(&["services", "--automatic", "no"]).contains("not asked automatically"));
    assert!(home.good(&["stamp", "--list"]).contains("sigu services --automatic yes"));
    home.good(&["services", "--reset", "--automatic", "yes"]);
    let set = home.json(&["services"]);
    assert_eq!((&set["own"], &set["asks"]), (&false.into(), &true.into()));
}

#[test]
fn the_log_is_published_once_and_by_its_owner_only() {
    let home = Home::with_vault();
    let out = home.path().join("out").display().to_string();
    let published = home.json(&["publish", &out]);
    assert_eq!((&published["size"], &published["before"]), (&1.into(), &0.into()));
    let vkey = published["vkey"].as_str().expect("a key");
    let checkpoint = std::fs::read_to_string(home.path().join("out/checkpoint")).expect("a checkpoint");
    assert!(vkey.starts_with(checkpoint.lines().next().expect("an origin")), "{vkey}");
    assert!(home.path().join("out/tile/entries/000.p/1").is_file());
    let again = home.good(&["publish", &out]);
    assert!(
        again.contains("1 entries of the log (1 were there), 0 new files") && again.contains(vkey),
        "{again}"
    );
    let stranger = Home::with_vault();
    let refused = stranger.exits(1, &["publish", &out]);
    assert!(refused.contains("not this log") && refused.contains("empty place"), "{refused}");
    stranger.good(&["order", "new", "A"]);

    let nobody = nobody();
    let mut bucket = home.command(&["publish", "s3://logs/mine"]);
    let variables =
        [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "a-secret"), ("AWS_REGION", "r")];
    let output = bucket.envs(variables).env("AWS_ENDPOINT_URL", &nobody).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("s3://logs/mine") && !said.contains("a-secret"), "{said}");
    assert!(home.exits(2, &["publish", "s3:///mine"]).contains("s3://bucket/prefix"));
    home.exits(2, &["publish"]);
}

#[test]
fn a_log_that_was_put_back_is_told_by_what_is_published() {
    let home = Home::with_vault();
    let out = home.path().join("out").display().to_string();
    let old = copied(&home);
    home.good(&["order", "new", "A"]);
    home.good(&["publish", &out]);
    let told = old.exits(1, &["publish", &out]);
    assert!(told.contains("differs") && told.contains("restore --adopt"), "{told}");
    assert!(old.exits(1, &["order", "new", "B"]).contains("restore --adopt"));
    let shown = old.good(&["stamp", "--list"]);
    assert!(shown.contains("more than were ever signed here"), "{shown}");
    assert_eq!(old.json(&["stamp", "--list"])["alarm"]["sign"]["saw"], "more");
    old.exits(4, &["check"]);
    home.good(&["publish", &out]);
}

#[test]
fn the_page_for_strangers_is_written_once_and_named_by_its_digest() {
    let home = Home::new();
    let digest = home.json(&["checker"])["sha256"].as_str().expect("a digest").to_owned();
    assert!(home.good(&["checker", "--out", "page.html"]).contains(&digest));
    let page = std::fs::read(home.path().join("page.html")).expect("the page");
    let own: String = ContentId::of(&page).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(own, digest);
    let refused = home.exits(2, &["checker", "--out", "page.html"]);
    assert!(refused.contains("page.html") && refused.contains("does not exist yet"), "{refused}");
}
