//! The file of services: what comes with the program, what is refused and by which name, and that it is written as read.

use sha2::{Digest as _, Sha256};
use sigu_server::outside::services::{
    BUILT_IN_ROOTS, Calendar, KnownWitness, Root, Services, ServicesError, ServicesRule,
};

use crate::support::outside::vector;

const WITNESS: &str = include_str!("../../../../../vectors/cosignature/witness.vkey");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_comes_with_the_program_is_of_different_operators_and_not_called_tested() {
    let services = Services::built_in();
    let mut operators: Vec<&str> = services.timestamps.iter().map(|one| one.operator.as_str()).collect();
    operators.sort_unstable();
    operators.dedup();
    assert!(operators.len() >= 3 && operators.len() == services.timestamps.len(), "{operators:?}");
    for service in &services.timestamps {
        assert!(service.free && !service.tested && service.enabled, "{}", service.name);
        assert_eq!(service.trust().unwrap().fingerprints().len(), service.roots.len());
    }
    let sectigo = services.timestamps.iter().find(|one| one.name.to_string() == "sectigo").unwrap();
    assert!(sectigo.pause_s >= 15);
    assert!(services.calendars.len() >= 3 && services.beacons.len() >= 3);
    assert!(!services.policy().unwrap().asks_for_witnesses());
    assert_eq!(Services::parse(&services.to_toml()), Ok(services));
}

#[test]
fn roots_are_the_files_the_list_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/roots");
    let list = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    let files =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.filter(|name| name.ends_with(".pem")).collect();
    files.sort();
    let names: Vec<String> = BUILT_IN_ROOTS.iter().map(|root| format!("{}.pem", root.name)).collect();
    assert_eq!(files, names);
    for root in BUILT_IN_ROOTS {
        let row = list.lines().find(|line| line.starts_with(&format!("| `{}.pem`", root.name))).unwrap();
        assert!(row.contains(&hex(&Sha256::digest(root.pem))), "{row}");
        let trust = sigu_attestation::rfc3161::Trust::from_pem(root.pem.as_bytes()).unwrap();
        let [fingerprint] = trust.fingerprints()[..] else { panic!("{} is one certificate", root.name) };
        assert!(row.contains(&fingerprint.to_string()), "{row}");
    }
}

#[test]
fn what_is_written_reads_as_the_same() {
    let mut services = Services::built_in();
    let own = &mut services.timestamps[0];
    own.label = "名字 \"quoted\" \\ and more".to_owned();
    own.note = "first line\nsecond \"\"\" line\r\n\ttabbed\u{7f}".to_owned();
    own.roots.push(Root::Pem(String::from_utf8(vector("root.pem")).unwrap()));
    own.imprint = sigu_attestation::rfc3161::DigestAlgorithm::Sm3;
    own.pause_s = 86_400;
    (own.free, own.tested, own.enabled) = (false, true, false);
    services.calendars[0].enabled = false;
    services.calendars[0].promises.clear();
    services.beacons[0].enabled = false;
    services.witnesses.push(KnownWitness {
        name: "家里的旧电脑".to_owned(),
        key: WITNESS.trim().parse().unwrap(),
        url: "http://192.168.1.7:8750/w".to_owned(),
        enabled: true,
    });
    services.policy_text = format!("witness home {}\nquorum home\n", WITNESS.trim());
    assert_eq!(services.check(), Ok(()));
    assert_eq!(Services::parse(&services.to_toml()), Ok(services.clone()));
    assert!(services.policy().unwrap().asks_for_witnesses());
    services.timestamps[0].url = "ftp://example".to_owned();
    let error = services.check().unwrap_err();
    assert_eq!(
        error.to_string(),
        "timestamp 1, url: is not an address of http or https without user, query or slash at the end"
    );
}

/// A file whose one timestamp service has this line instead of its own.
fn with(table: &str, field: &str, line: &str) -> String {
    let fields: &[&str] = match table {
        "timestamp" => {
            &["name = \"a\"", "operator = \"b\"", "url = \"http://c\"", "roots = [\"usertrust-rsa\"]"]
        }
        "calendar" => &["name = \"a\"", "url = \"http://c\""],
        "beacon" => &["url = \"http://c\""],
        _ => &["name = \"a\"", "url = \"http://c\""],
    };
    let vkey = format!("vkey = \"{}\"", WITNESS.trim());
    let fields = fields.iter().copied().chain((table == "witness").then_some(vkey.as_str()));
    let kept = fields.filter(|one| !one.starts_with(&format!("{field} =")));
    let all: Vec<&str> = kept.chain([line]).collect();
    format!("v = 1\n[[{table}]]\n{}\n", all.join("\n"))
}

#[test]
fn what_is_wrong_is_named() {
    use ServicesRule as R;
    let cases: [(&'static str, &str, &str, R); 20] = [
        ("timestamp", "name", "name = \"Big\"", R::Name),
        ("timestamp", "name", "name = \"witness\"", R::Name),
        ("timestamp", "name", "", R::Missing),
        ("timestamp", "operator", "operator = 7", R::Kind("a text")),
        ("timestamp", "operator", "operator = \"a\\nb\"", R::Text(120)),
        ("timestamp", "url", "url = \"c\"", R::Address),
        ("timestamp", "url", "url = \"http://me@c\"", R::Address),
        ("timestamp", "roots", "roots = [\"nobody\"]", R::Root),
        ("timestamp", "roots", "roots = []", R::Missing),
        ("timestamp", "roots", "roots = \"usertrust-rsa\"", R::Kind("a list of texts")),
        ("timestamp", "pause_s", "pause_s = -1", R::Number(86_400)),
        ("timestamp", "pause_s", "pause_s = 86401", R::Number(86_400)),
        ("timestamp", "imprint", "imprint = \"sha1\"", R::Imprint),
        ("timestamp", "enabled", "enabled = \"yes\"", R::Kind("true or false")),
        ("timestamp", "urls", "urls = \"http://c\"", R::Unknown),
        ("calendar", "url", "url = \"http://c/\"", R::Address),
        ("calendar", "promises", "promises = [\"https://*\"]", R::Address),
        ("beacon", "url", "url = \"http://c?x=1\"", R::Address),
        ("witness", "vkey", "vkey = \"a+b\"", R::Key(sigu_attestation::witness::CosignerKeyError::Form)),
        ("witness", "vkey", "", R::Missing),
    ];
    for (table, field, line, why) in cases {
        let expected = ServicesError { table, entry: 1, field: field.to_owned(), why };
        assert_eq!(Services::parse(&with(table, field, line)), Err(expected), "{line}");
        assert!(Services::parse(&with(table, "none", "enabled = true")).is_ok(), "{table}");
    }
}

#[test]
fn the_file_itself() {
    let rule = |text: &str| {
        Services::parse(text).map_err(|error| (error.table, error.entry, error.field, error.why))
    };
    let whole = |field: &str, why| Err(("", 0, field.to_owned(), why));
    assert_eq!(rule(""), whole("v", ServicesRule::Version));
    assert_eq!(rule("v = 2"), whole("v", ServicesRule::Version));
    assert_eq!(rule("v = 1\nwitnesses = 3"), whole("witnesses", ServicesRule::Unknown));
    assert!(matches!(rule("v = 1\n\nv = 1"), Err((_, _, _, ServicesRule::NotToml { line: 3, .. }))));
    assert_eq!(rule(&"#".repeat(300_000)), whole("", ServicesRule::TooLarge));
    assert!(matches!(rule("v = 1\npolicy = \"quorum x\\n\""), Err((_, _, _, ServicesRule::Policy(_)))));
    let twice = with("beacon", "none", "enabled = true") + "[[beacon]]\nurl = \"http://c\"\n";
    assert_eq!(rule(&twice), Err(("beacon", 2, "url".to_owned(), ServicesRule::Twice)));
    let many: String = (0..17).map(|i| format!("[[beacon]]\nurl = \"http://c{i}\"\n")).collect();
    assert_eq!(rule(&format!("v = 1\n{many}")), Err(("beacon", 17, String::new(), ServicesRule::TooMany)));
    assert_eq!(rule("v = 1\nbeacon = 1"), Err(("beacon", 0, String::new(), ServicesRule::Kind("a table"))));
    assert_eq!(rule("v = 1").unwrap().policy_text, "quorum none\n");
}

#[test]
fn promises_of_a_pool_are_those_of_its_calendars() {
    let pool = &Services::built_in().calendars[0];
    for known in [
        "https://alice.btc.calendar.opentimestamps.org",
        "https://bob.calendar.opentimestamps.org",
        &pool.url,
    ] {
        assert!(pool.knows(known), "{known}");
    }
    for stranger in [
        "http://alice.btc.calendar.opentimestamps.org",
        "https://calendar.opentimestamps.org",
        "https://evil.example/.calendar.opentimestamps.org",
        "https://evil.example:1.calendar.opentimestamps.org",
        "https://alice.calendar.opentimestamps.org/x",
        "https://alice.calendar.opentimestamps.org.evil.example",
        "https://.calendar.opentimestamps.org",
    ] {
        assert!(!pool.knows(stranger), "{stranger}");
    }
    let path = Calendar {
        name: "a".to_owned(),
        url: "http://a".to_owned(),
        promises: vec!["http://*.b.example:81/x".to_owned()],
        enabled: true,
    };
    assert!(path.knows("http://c.b.example:81/x") && !path.knows("http://c.b.example:81"));
}
