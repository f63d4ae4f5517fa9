//! The page of outside proofs, by somebody who clicks.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::json;
use sigu_server::access::{Accesses, Level};
use sigu_server::attesting::Memory;
use sigu_server::outside::services::Services;

use super::World;
use crate::desk::header;
use crate::desk_api::Program;
use crate::desk_house::Visitor;
use crate::support::outside::{TestWitness, Tsa, net};
use crate::support::{Filled, now, take_in};

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_desk_says_so_and_asks_nobody() {
    let visitor = Visitor::new().await;
    let (status, page) = visitor.get("/vault/outside");
    assert_eq!(status, 200);
    assert!(page.contains("uses no network now") && !page.contains("Ask now"), "{page}");
    let (status, answer) = visitor.post("/vault/outside/ask", "");
    assert_eq!(status, 303);
    let (_, page) = visitor.get(header(&answer, "location"));
    assert!(page.contains("Nobody was asked") && !page.contains("Asked."), "{page}");
    assert!(visitor.desk.with(|vault| vault.proofs().unwrap()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn witnesses_and_services_are_added_turned_off_and_removed() {
    let visitor = Visitor::new().await;
    let at = "/vault/outside/services";
    let vkey = visitor.desk.with(|vault| vault.attestable().unwrap().key.to_string());
    let (_, page) = visitor.get(at);
    assert!(page.contains(&vkey.replace('+', "&#43;")) || page.contains(&vkey), "what a witness must know");
    for (body, said) in [
        ("what=witness&line=", "needed"),
        ("what=witness&line=witness+a+b+c", "cannot be read"),
        ("what=service&name=Own&operator=me&url=http://127.0.0.1:9/x&roots=x", "lower-case letters"),
        ("what=service&name=own&operator=me&url=ftp://x&roots=x", "http"),
        ("what=service&name=own&operator=me&url=http://127.0.0.1:9/x&roots=x", "root certificate in PEM"),
        ("what=header&header=00", "160 hex digits"),
        ("what=header&header=", "needed"),
    ] {
        let (status, page) = visitor.post(at, body);
        assert_eq!(status, 422, "{body}");
        assert!(page.to_lowercase().contains(&said.to_lowercase()) || said == "needed", "{body}: {page}");
    }
    assert_eq!(visitor.desk.with(|vault| vault.services().unwrap()), None, "nothing was kept");
    let witness = TestWitness::new(1, &[vkey]).await.known;
    let line = format!("witness friend {} {}", witness.key, witness.url);
    assert_eq!(visitor.post(at, &format!("what=witness&line={}", escaped(&line))).0, 303);
    assert_eq!(visitor.post(at, "what=least&least=1").0, 303);
    assert_eq!(visitor.post(at, "what=off&kind=calendars&which=").0, 303);
    let read = || Services::parse(&visitor.desk.with(|vault| vault.services().unwrap().unwrap())).unwrap();
    let list = read();
    assert_eq!((list.witnesses.len(), list.least(), list.calendars[0].enabled), (1, 1, false));
    let (_, page) = visitor.get(at);
    assert!(page.contains("friend") && page.contains("At least 1"), "{page}");
    let name = escaped(witness.key.name());
    assert_eq!(visitor.post(at, &format!("what=remove&kind=witness&which={name}")).0, 303);
    assert_eq!((read().witnesses.len(), read().least()), (0, 0));
    assert_eq!(visitor.post(at, "what=remove&kind=witness&which=nobody").0, 404);
    assert_eq!(visitor.post(at, "what=reset").0, 303);
    assert_eq!(visitor.desk.with(|vault| vault.services().unwrap()), None);
    assert_eq!(visitor.post("/vault/outside/switch", "asks=yes").0, 303);
    assert_eq!(visitor.desk.with(|vault| vault.asks_outsiders().unwrap()), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_by_a_click_the_page_shows_who_vouches_and_the_piece_since_when() {
    let filled = Filled::with_net(net(), |vault| {
        take_in(vault);
        vault.set_asks_outsiders(false).unwrap();
    })
    .await;
    let world = World::new(&filled.with(|vault| vault.attestable().unwrap().key.to_string())).await;
    filled.with(|vault| vault.set_services(Some(&world.list.to_toml())).unwrap());
    let visitor = Visitor::to(filled);
    let (_, page) = visitor.get("/vault/outside");
    assert!(page.contains("No outsider vouches") && page.contains("Never asked yet"), "{page}");
    assert!(page.contains("not asked automatically"), "{page}");
    assert_eq!(visitor.post("/vault/outside/ask", "").0, 303);
    // Who takes long is asked on; the next question waits its turn and finds all answered.
    assert_eq!(visitor.post("/vault/outside/ask", "").0, 303);
    let (_, page) = visitor.get("/vault/outside");
    assert!(page.contains("4 independent outsiders vouch"), "{page}");
    assert!(page.contains("There are enough witnesses"), "{page}");
    assert!(page.contains("Timestamp") && page.contains("A calendar"), "{page}");
    let order = visitor.desk.with(|vault| {
        let all = vault.orders().unwrap();
        let order = all.iter().find(|one| one.exhibits > 0).unwrap().order.parse().unwrap();
        vault.order(&order).unwrap().unwrap()
    });
    let piece = order.exhibits.iter().find(|one| one.manifest().is_some()).unwrap().item;
    let (status, page) = visitor.get(&format!("/orders/{}/items/{piece}", order.id));
    assert_eq!(status, 200);
    assert!(page.contains("not after") && page.contains("timestamp service"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_whose_header_is_wanted_is_named_by_its_height() {
    let filled = Filled::with_net(net(), |vault| {
        take_in(vault);
        vault.set_asks_outsiders(false).unwrap();
    })
    .await;
    let world = World::new(&filled.with(|vault| vault.attestable().unwrap().key.to_string())).await;
    let list = Services {
        timestamps: vec![],
        beacons: vec![],
        witnesses: vec![],
        policy_text: "quorum none\n".to_owned(),
        ..world.list.clone()
    };
    filled.with(|vault| vault.set_services(Some(&list.to_toml())).unwrap());
    let visitor = Visitor::to(filled);
    let asked = || {
        assert_eq!(visitor.post("/vault/outside/ask", "").0, 303);
        while visitor.get("/vault/outside").1.contains("Asking.") {}
    };
    let shows = |path| visitor.get(path).1.contains("Bitcoin blocks 920000");
    let paths = ["/vault/outside", "/vault/outside/services"];
    asked();
    assert_eq!(paths.map(shows), [false; 2]);
    let headers = world.calendars.mine();
    asked();
    assert_eq!(paths.map(shows), [true; 2]);
    for header in headers {
        let digits: String = header.iter().map(|byte| format!("{byte:02x}")).collect();
        let (status, page) = visitor.post(paths[1], &format!("what=header&header={digits}"));
        // The second calendar's block is not needed any more, but taken all the same.
        assert_eq!(status, 303, "{page}");
    }
    assert_eq!(paths.map(shows), [false; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_hangs_up_loses_no_answer() {
    let filled = Filled::with_net(net(), |vault| {
        take_in(vault);
        vault.set_asks_outsiders(false).unwrap();
    })
    .await;
    let tsa = Tsa::new().await;
    let list = Services {
        timestamps: vec![tsa.service("slow", "/slow")],
        calendars: vec![],
        beacons: vec![],
        witnesses: vec![],
        policy_text: "quorum none\n".to_owned(),
    };
    filled.with(|vault| vault.set_services(Some(&list.to_toml())).unwrap());
    let accesses = Accesses::in_folder(&filled.app.places.state);
    let token = accesses.add("hasty", Level::Write, now()).unwrap();
    let visitor = Visitor::to(filled);
    let is_asking = || visitor.get("/vault/outside").1.contains("Asking.");
    let port = visitor.desk.port;
    let mut program = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head =
        format!("POST /api/v1/outside/ask HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n");
    write!(program, "{head}Authorization: Bearer {}\r\n\r\n", token.as_str()).unwrap();
    while !is_asking() {}
    drop(program);
    assert!(is_asking(), "it goes on without the program");
    tsa.release();
    while is_asking() {}
    let proofs = visitor.desk.with(|vault| vault.proofs().unwrap());
    assert_eq!(proofs.iter().map(|proof| proof.source.as_str()).collect::<Vec<_>>(), ["slow"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_the_list_asks_anew_those_who_were_given_up_on() {
    let visitor = Visitor::new().await;
    let program = Program::with(&visitor.desk, Level::Write);
    let state = &visitor.desk.app.places.state;
    let own = Services::built_in().to_toml();
    let by_page = || visitor.post("/vault/outside/services", "what=reset").0;
    let by_program = || program.send("PUT", "/outside/services", &json!({ "toml": own })).status;
    let other = || program.send("PUT", "/outside/services", &json!({ "asks": true })).status;
    let changes: [(&dyn Fn() -> u16, u16, bool); 3] =
        [(&by_page, 303, true), (&by_program, 200, true), (&other, 200, false)];
    for (change, status, is_forgiven) in changes {
        let failed = json!({ "last": now(), "failures": 7, "next": now(), "why": null });
        let memory = json!({ "attempts": { "log timestamp one": failed }, "hosts": {} });
        serde_json::from_value::<Memory>(memory).unwrap().write(state).unwrap();
        assert!(Memory::read(state).attempt("log timestamp one").is_some());
        assert_eq!(change(), status);
        assert_eq!(Memory::read(state).attempt("log timestamp one").is_none(), is_forgiven);
    }
}
