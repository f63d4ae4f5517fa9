//! The description: committed as it is made, sound by somebody else's judgement, and true of what is answered.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sigu_server::access::Level;
use sigu_server::openapi;

use super::Program;
use super::secrets::all_reads;
use crate::support::Filled;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Python of the validators, as `scripts/need.sh test` prepares it.
fn python() -> PathBuf {
    top().join(".venv-api/bin/python3")
}

#[test]
fn the_committed_description_is_that_of_the_code() {
    let path = top().join("docs/api/openapi.json");
    let made = format!("{}\n", openapi().to_pretty_json().unwrap());
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(made == committed, "docs/api/openapi.json is not what the code says: run `make openapi`");
}

#[test]
fn every_operation_says_what_it_does_and_who_may() {
    let document = serde_json::to_value(openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(
                operation["summary"].as_str().is_some_and(|text| text.ends_with('.')),
                "{at}: {operation}"
            );
            assert!(operation["responses"]["default"].is_object(), "{at}");
            let who = operation["security"].as_array().unwrap();
            assert_eq!(who.len(), if method == "get" { 2 } else { 1 }, "{at}");
        }
    }
}

#[test]
fn somebody_elses_validator_finds_it_sound() {
    let path = top().join("docs/api/openapi.json");
    let judged = Command::new(python()).args(["-m", "openapi_spec_validator"]).arg(path).output();
    let judged = judged.expect("scripts/need.sh test prepares the validators");
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{said}{}", String::from_utf8_lossy(&judged.stderr));
}

/// Judges answers by the schemas of the description, with the validator of others.
const JUDGE: &str = r#"
import json, sys
from jsonschema import Draft202012Validator
told = json.load(sys.stdin)
document, wrong = told["document"], []
for one in told["answers"]:
    operation = document["paths"][one["path"]][one["method"]]
    content = operation["responses"][str(one["status"])]["content"]["application/json"]
    schema = {"components": document["components"], "allOf": [content["schema"]]}
    for error in Draft202012Validator(schema).iter_errors(one["body"]):
        wrong.append(f'{one["method"]} {one["at"]}: {error.json_path}: {error.message[:300]}')
print("\n".join(wrong[:20]))
sys.exit(bool(wrong))
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_as_it_is_described() {
    let desk = Filled::new().await;
    let writer = Program::with(&desk, Level::Write);
    let mut answers: Vec<Value> = Vec::new();
    for (path, at) in all_reads(&writer) {
        let answer = writer.get(&at);
        let is_json = answer.header("content-type") == "application/json";
        if answer.status == 200 && is_json && !path.ends_with("/content") {
            answers.push(
                json!({ "method": "get", "path": path, "at": at, "status": 200, "body": answer.json() }),
            );
        }
    }
    let noted = json!({ "kind": "problem.found", "note": "x" });
    for (path, at, body) in [
        ("/orders/{order}/notes", "/orders/dk01/notes", noted),
        ("/orders/{order}/messages", "/orders/dk01/messages", json!({ "text": "不退" })),
        ("/orders", "/orders", json!({ "order": "new" })),
        ("/orders/{order}/papers", "/orders/C02/papers", json!({ "kind": "timeline", "format": "txt" })),
        ("/orders/{order}/items", "/orders/dk01/items?slot=other", json!({ "any": 1 })),
    ] {
        let body = writer.post(at, &body).is(201);
        answers.push(json!({ "method": "post", "path": path, "at": at, "status": 201, "body": body }));
    }
    let seen: std::collections::BTreeSet<&str> =
        answers.iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert!(seen.len() > 25, "{seen:?}");
    let told = json!({ "document": openapi(), "answers": answers }).to_string();
    let mut judge = Command::new(python())
        .args(["-c", JUDGE])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("scripts/need.sh test prepares the validators");
    std::io::Write::write_all(&mut judge.stdin.take().unwrap(), told.as_bytes()).unwrap();
    let judged = judge.wait_with_output().unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
}
