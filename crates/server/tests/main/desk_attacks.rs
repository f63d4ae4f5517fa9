//! A corpus of attacks in everything that comes from outside, on every page that shows it, in a real Chromium: none
//! of it runs, none of it becomes an element of the page.

use serde_json::{Value, json};
use sigu_case::report::{
    ClaimChosen, DecisionMade, ObservationMade, Observed, PartyNamed, Place, PromiseKind, PromiseMade,
    PromisePlace, Role, StepTaken, Verdict,
};
use sigu_case::{Channel, Command, Direction, MessageDetail, OrderFacts, OrderId, Slot};
use sigu_evidence::{ItemManifest, Source as Origin};
use sigu_vault::{Source, Vault};

use crate::support::{Filled, Room, now};

/// Each sets `attacked` where it runs, or makes an element `x-attack`.
const ATTACKS: [&str; 18] = [
    "<script>attacked=1</script>",
    "</title><script>attacked=1</script>",
    "</textarea><script>attacked=1</script>",
    "\"><script>attacked=1</script>",
    "' onfocus=attacked=1 autofocus x='",
    "\" onmouseover=\"attacked=1\" style=\"position:fixed;inset:0\" y=\"",
    "<img src=x onerror=attacked=1>",
    "<svg onload=attacked=1>",
    "<svg><script href=data:,attacked=1 /></svg>",
    "<iframe srcdoc='<script>parent.attacked=1</script>'></iframe>",
    "<x-attack>",
    "<details open ontoggle=attacked=1>",
    "<a href=javascript:attacked=1>",
    "javascript:attacked=1",
    "{{ 7 * 7 }}{% raw %}<x-attack>",
    "<!--><script>attacked=1</script>-->",
    "\u{202e}<x-attack>\u{0}\u{feff}",
    "＜script＞attacked=1＜/script＞&lt;x-attack&gt;&#60;x-attack&#62;",
];

/// What would be there if one of them had its way.
const FOUND: &str = "[window.attacked ?? 0, document.querySelectorAll('x-attack, main script, main iframe, main object, \
    main embed, [onerror], [onload], [onfocus], [onmouseover], [ontoggle], a[href^=\"javascript:\" i]').length]";

fn label(place: usize) -> OrderId {
    format!("A{place:02}").parse().unwrap()
}

/// An order in which everything that can be an attack is one.
#[allow(clippy::too_many_lines, reason = "a list of everything that comes from outside")]
fn attacked(vault: &Vault, order: &OrderId, attack: &str) {
    let text = || Some(attack.to_owned());
    let (at, own) = (now(), || order.clone());
    let facts = OrderFacts {
        title: text(),
        merchant: text(),
        platform: text(),
        order_no: text(),
        status: text(),
        charge_account: text(),
        amount_fen: Some(9_500),
        paid_at: Some(at),
        ..OrderFacts::default()
    };
    let bytes = Source::Bytes(attack.as_bytes().to_vec());
    let taken = vault.ingest(vec![bytes], &|_| {}).unwrap().remove(0).unwrap();
    let manifest = ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: "text/plain".to_owned(),
        // The vault takes no separators and no invisible signs in a name.
        file_name: Some(attack.replace(['/', '\\', '\u{202e}', '\u{0}', '\u{feff}'], "_")),
        source: Origin::File,
        modified_at: None,
        secret: false,
        masked: None,
    };
    let said = |direction| Command::RecordMessage {
        order: own(),
        said_at: at,
        direction,
        channel: Channel::Platform,
        text: attack.to_owned(),
        detail: MessageDetail::default(),
    };
    let seen = ObservationMade {
        at,
        order: own(),
        state: Observed::Used,
        place: Place::Issuer,
        text: text(),
        since: None,
        count: None,
        proof: None,
    };
    let party = PartyNamed {
        at,
        order: own(),
        role: Role::Merchant,
        name: text(),
        legal_name: text(),
        address: text(),
        contact: text(),
        licence: text(),
        proof: None,
    };
    let promise = PromiseMade {
        at,
        order: own(),
        kind: PromiseKind::Permanent,
        place: PromisePlace::ProductPage,
        text: attack.to_owned(),
        due_at: None,
        proof: None,
    };
    let claim = ClaimChosen {
        at,
        order: own(),
        kind: "full_refund".to_owned(),
        amount_fen: Some(9_500),
        basis: text(),
    };
    let step = StepTaken {
        at,
        order: own(),
        body: sigu_case::report::Body::Platform,
        category: text(),
        reference: text(),
        claim_fen: None,
        proof: None,
    };
    let decision = DecisionMade {
        at,
        order: own(),
        body: sigu_case::report::Body::Platform,
        verdict: Verdict::Rejected,
        text: text(),
        by_machine: None,
        refund_fen: None,
        proof: None,
    };
    let fixed =
        Command::FixEvidence { order: own(), slot: Slot::Chat, formed_at: None, note: text(), manifest };
    let reports = [seen.into(), party.into(), promise.into(), claim.into(), step.into(), decision.into()];
    let mut commands = vec![Command::OpenOrder { order: own(), facts }, fixed];
    commands.extend([Direction::In, Direction::Out].map(said));
    commands.extend(reports.map(Command::Report));
    vault.execute(commands, at).unwrap();
}

/// Several attacks in one text, so that there are not as many pages as attacks.
fn texts() -> Vec<String> {
    ATTACKS.chunks(4).map(|some| some.join(" ")).collect()
}

fn fill(vault: &Vault) {
    texts().iter().enumerate().for_each(|(place, attack)| attacked(vault, &label(place), attack));
}

async fn looks(room: &mut Room, path: &str) {
    let wrong = room.open(path).await;
    assert!(wrong.is_empty(), "{path}: {wrong:?}");
    assert_eq!(room.ask(FOUND).await, json!([0, 0]), "{path}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_corpus_of_attacks_runs_or_becomes_part_of_a_page() {
    let mut room = Room::before(Filled::with_vault(fill).await).await;
    for path in ["/", "/orders", "/merchants"] {
        looks(&mut room, path).await;
        let said = room.ask("document.querySelector('main').textContent").await;
        assert!(said.as_str().unwrap().contains("<script>"), "{path} shows them as words");
    }
    for (place, attack) in texts().iter().enumerate() {
        let order = label(place);
        let item = room.filled.with(|vault| vault.order(&order).unwrap().unwrap().exhibits[0].item);
        for page in [
            "",
            "/evidence",
            "/log",
            "/talk",
            "/appeal",
            "/ladder",
            "/papers",
            "/facts",
            "/note?what=observe",
        ] {
            looks(&mut room, &format!("/orders/{order}{page}")).await;
        }
        looks(&mut room, &format!("/orders/{order}/items/{item}")).await;
        let coded = attack.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        for path in
            [format!("/search?q={coded}"), format!("/merchants/{coded}"), format!("/rules/law?q={coded}")]
        {
            looks(&mut room, &path).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_corpus_would_be_seen() {
    let mut room = Room::before(Filled::with_vault(fill).await).await;
    looks(&mut room, "/").await;
    let places =
        ATTACKS.iter().filter(|attack| attack.starts_with('<') && !attack.starts_with("<a ")).count();
    let script = format!(
        "(() => {{ let seen = 0; for (const attack of {}) {{ const main = document.querySelector('main');\
         const before = main.innerHTML; main.innerHTML = attack; if (({FOUND})[1] > 0) seen += 1;\
         main.innerHTML = before; }} return seen; }})()",
        Value::from(ATTACKS.to_vec())
    );
    let seen = room.ask(&script).await.as_u64().unwrap();
    assert!(seen >= places as u64, "{seen} of {places}");
}
