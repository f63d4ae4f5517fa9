//! Card secrets: in no answer, unless a token to write asks for the content itself.

use serde_json::{Value, json};
use sigu_server::access::Level;
use sigu_server::openapi;

use super::Program;
use crate::support::watched::PAGE;
use crate::support::{Filled, SECRETS};

/// Every operation that only looks, with what stands in its place.
pub(super) fn all_reads(program: &Program<'_>) -> Vec<(String, String)> {
    let document = serde_json::to_value(openapi()).unwrap();
    let orders = program.get("/orders?per_page=500").is(200);
    let labels: Vec<String> = orders["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["order"].as_str().unwrap().to_owned())
        .collect();
    let mut paths = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if !item["get"].is_object() {
            continue;
        }
        let mut asked = vec![path.replace("{name}", "%E6%A9%99%E5%A3%B3%E6%95%B0%E5%8D%A1")];
        if path.contains("{order}") {
            asked = labels.iter().map(|label| path.replace("{order}", label)).collect();
        }
        for path_asked in asked {
            let at = match path_asked.as_str() {
                "/search" => "/search?q=%E9%80%80%E6%AC%BE".to_owned(),
                "/merchants/check" => "/merchants/check?price_fen=1200".to_owned(),
                "/profiles/{id}" => "/profiles/acg".to_owned(),
                "/law/{id}" => "/law/L-CPL-48".to_owned(),
                "/watch/{page}" => format!("/watch/{PAGE}"),
                "/watch/{page}/{item}/content" => {
                    let page = program.get(&format!("/watch/{PAGE}")).is(200);
                    let item = page["versions"][0]["item"].as_str().unwrap();
                    format!("/watch/{PAGE}/{item}/content")
                }
                other => other.to_owned(),
            };
            paths.push((path.clone(), at));
        }
    }
    let items = |label: &str| -> Vec<String> {
        let all = program.get(&format!("/orders/{label}/items")).is(200);
        all["items"].as_array().unwrap().iter().map(|one| one["item"].as_str().unwrap().to_owned()).collect()
    };
    let mut wanted = Vec::new();
    for (template, at) in paths {
        if at.contains("{item}") {
            let label = at.split('/').nth(2).unwrap();
            wanted.extend(items(label).iter().map(|item| (template.clone(), at.replace("{item}", item))));
        } else if !at.contains('{') {
            wanted.push((template, at));
        }
    }
    wanted
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_holds_a_secret_that_was_not_asked_for() {
    let desk = Filled::new().await;
    let reader = Program::with(&desk, Level::Read);
    let writer = Program::with(&desk, Level::Write);
    let reads = all_reads(&reader);
    assert!(reads.len() > 60, "{}", reads.len());
    let mut withheld = 0;
    for (_, path) in &reads {
        for program in [&reader, &writer] {
            let answer = program.get(path);
            let text = answer.text();
            for secret in SECRETS {
                assert!(!text.contains(secret), "{path} gives {secret}");
            }
            if path.ends_with("/content") && answer.status == 403 {
                assert_eq!(answer.json()["code"], "item-secret", "{path}");
                withheld += 1;
            }
        }
    }
    assert!(withheld >= 2, "{withheld}");
    let secret = reads
        .iter()
        .map(|(_, path)| path)
        .find(|path| path.ends_with("/content") && reader.get(path).status == 403);
    let shown = format!("{}?secret=show", secret.unwrap());
    assert_eq!(reader.get(&shown).json()["code"], "api-needs-write");
    let given = writer.get(&shown);
    assert_eq!(given.status, 200);
    assert!(SECRETS.iter().any(|secret| given.text().contains(secret)), "{}", given.text());
    assert_eq!(writer.get(&format!("{shown}x")).json()["field"], "secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_comes_back_masked() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    let secret = SECRETS[0];
    let said = json!({ "text": format!("卡密 {secret} 用不了") });
    let answers: Vec<Value> = vec![
        writer.post("/orders/dk01/messages", &said).is(201),
        writer.send("PATCH", "/orders/dk01/facts", &json!({ "title": format!("卡密 {secret}") })).is(200),
        writer
            .post("/orders/dk01/notes", &json!({ "kind": "problem.found", "note": format!("卡密 {secret}") }))
            .is(201),
        writer.fix("dk01", "delivery", "card.txt", format!("卡密 {secret}").as_bytes()),
        writer.get("/orders/dk01").is(200),
        writer.get("/orders").is(200),
        writer.get("/orders/dk01/advice").is(200),
        writer.get("/orders/dk01/talk").is(200),
        writer.get("/orders/dk01/log").is(200),
        writer.get("/search?q=%E7%94%A8%E4%B8%8D%E4%BA%86").is(200),
    ];
    for answer in answers {
        assert!(!answer.to_string().contains(secret), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_copy_of_a_picture_is_made_and_looked_at() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    let marks = json!({ "marks": ["cover 68,304,284,32", "number 1,40,560"] });
    let path = "/orders/dk01/items/1-79";
    let seen = writer.get(&format!("{path}/marks/preview?mark=cover+68,304,284,32&mark=number+1,40,560"));
    assert_eq!((seen.status, seen.header("content-type")), (200, "image/png"));
    let made = writer.post(&format!("{path}/marks"), &marks).is(201);
    let copy = made["item"].as_str().unwrap();
    let content = writer.get(&format!("/orders/dk01/items/{copy}/content"));
    assert_eq!(content.bytes, seen.bytes, "the copy is what was looked at");
    let told = writer.get(path).is(200);
    assert_eq!(told["copies"][0], copy, "{told}");
    let again = writer.post(&format!("/orders/dk01/items/{copy}/marks"), &marks);
    assert_eq!(again.json()["code"], "refused-mark-copy");
}
