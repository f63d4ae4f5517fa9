//! Receivers on loopback, one for each form, each as strict as its maker's documentation: whatever is not of the form is
//! refused in the receiver's own words.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::Notify;

use crate::support::outside::run;

/// How a receiver behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// It takes what is of its form.
    Good,
    /// It answers with this status.
    Down(u16),
    /// It takes it and never answers.
    Silent,
    /// It answers with a page, as a hotel would.
    Page,
    /// It answers 200 and says no.
    No,
}

/// What came in.
#[derive(Debug, Clone)]
pub(super) struct Came {
    pub(super) kind: String,
    pub(super) body: Value,
    pub(super) mood: Mood,
}

impl Came {
    /// The words in it, whatever the form.
    pub(super) fn text(&self) -> String {
        let at = |path: &str| self.body.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let paths =
            ["/text/content", "/content/text", "/title", "/body", "/desp", "/message", "/text"].map(at);
        paths.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

struct Own {
    mood: Mutex<Mood>,
    came: Mutex<Vec<Came>>,
    /// Somebody came while it was silent.
    arrived: Notify,
}

/// All forms at one origin: `/wecom`, `/dingtalk`, …
#[derive(Clone)]
pub(super) struct Receivers {
    pub(super) origin: String,
    own: Arc<Own>,
}

/// What signs.
pub(super) const KEY: &str = "SEC0123456789abcdef";
/// A token in the head.
pub(super) const TOKEN: &str = "tk_0123456789abcdef";

impl Receivers {
    pub(super) async fn new() -> Self {
        let (mood, came) = (Mutex::new(Mood::Good), Mutex::default());
        let own = Arc::new(Own { mood, came, arrived: Notify::new() });
        let app = Router::new()
            .route("/{kind}", post(receive))
            .route("/bark/push", post(bark))
            .with_state(own.clone());
        Self { origin: run(app).await, own }
    }

    pub(super) fn mood(&self, mood: Mood) {
        *self.own.mood.lock().unwrap() = mood;
    }

    /// What came in since the last time.
    pub(super) fn came(&self) -> Vec<Came> {
        std::mem::take(&mut self.own.came.lock().unwrap())
    }

    /// Waits until somebody comes while it is silent.
    pub(super) async fn arrived(&self) {
        self.own.arrived.notified().await;
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.origin)
    }
}

type Asked = std::collections::BTreeMap<String, String>;

async fn bark(state: State<Arc<Own>>, headers: HeaderMap, body: Json<Value>) -> Response {
    receive(state, Path("bark".to_owned()), Query(Asked::new()), headers, body).await
}

async fn receive(
    State(own): State<Arc<Own>>,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let mood = *own.mood.lock().unwrap();
    if matches!(mood, Mood::Good | Mood::Silent) {
        own.came.lock().unwrap().push(Came { kind: kind.clone(), body: body.clone(), mood });
    }
    match mood {
        Mood::Good => match wrong(&kind, &asked, &headers, &body) {
            None => good(&kind),
            Some(why) => no(&kind, why),
        },
        Mood::Down(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::Silent => {
            own.arrived.notify_one();
            std::future::pending().await
        }
        Mood::Page => "<html><title>Welcome to our hotel</title></html>".into_response(),
        Mood::No => no(&kind, "not today"),
    }
}

fn good(kind: &str) -> Response {
    match kind {
        "wecom" | "dingtalk" => Json(json!({ "errcode": 0, "errmsg": "ok" })).into_response(),
        "feishu" => Json(json!({ "code": 0, "msg": "success", "data": {} })).into_response(),
        "bark" => Json(json!({ "code": 200, "message": "success", "timestamp": 1 })).into_response(),
        "serverchan" => Json(json!({ "code": 0, "message": "", "data": { "pushid": "1" } })).into_response(),
        "ntfy" => Json(json!({ "id": "x", "event": "message" })).into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

fn no(kind: &str, why: &str) -> Response {
    match kind {
        "wecom" | "dingtalk" => Json(json!({ "errcode": 40035, "errmsg": why })).into_response(),
        "feishu" => Json(json!({ "code": 9499, "msg": why })).into_response(),
        "serverchan" => Json(json!({ "code": 40001, "message": why })).into_response(),
        "bark" => (StatusCode::BAD_REQUEST, Json(json!({ "code": 400, "message": why }))).into_response(),
        _ => (StatusCode::BAD_REQUEST, Json(json!({ "code": 40000, "error": why }))).into_response(),
    }
}

/// What of a request is not of its form.
fn wrong(kind: &str, asked: &Asked, headers: &HeaderMap, body: &Value) -> Option<&'static str> {
    let text = |path: &str| body.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let keys = |wanted: &[&str]| {
        let mut own: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        own.sort_unstable();
        own == wanted
    };
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    let json = headers.get("content-type").is_some_and(|value| value == "application/json");
    let sound = match kind {
        "wecom" => {
            let short = text("/text/content").is_some_and(|text| text.len() <= 2_048);
            keys(&["msgtype", "text"]) && body["msgtype"] == "text" && short && asked.contains_key("key")
        }
        "dingtalk" => {
            let form = keys(&["msgtype", "text"]) && text("/text/content").is_some();
            let stamp = asked.get("timestamp").map(String::as_str).unwrap_or_default();
            let sign = mac(KEY.as_bytes(), &format!("{stamp}\n{KEY}"));
            form && stamp.len() == 13
                && asked.get("sign") == Some(&sign)
                && asked.contains_key("access_token")
        }
        "feishu" => {
            let stamp = text("/timestamp").unwrap_or_default();
            let sign = mac(format!("{stamp}\n{KEY}").as_bytes(), "");
            let form = keys(&["content", "msg_type", "sign", "timestamp"]) && body["msg_type"] == "text";
            form && stamp.len() == 10 && text("/sign") == Some(&sign) && text("/content/text").is_some()
        }
        "bark" => {
            let form = keys(&["body", "device_key", "group", "title"]);
            form && text("/device_key") == Some(KEY) && text("/title").is_some() && text("/body").is_some()
        }
        "serverchan" => {
            let line = text("/title").is_some_and(|title| !title.contains('\n'));
            keys(&["desp", "title"]) && line && text("/desp").is_some()
        }
        "ntfy" => {
            let form = keys(&["message", "priority", "tags", "title", "topic"]);
            let signed = bearer == Some(&format!("Bearer {TOKEN}"));
            let priority = body["priority"].as_u64().is_some_and(|one| (1..=5).contains(&one));
            form && signed && priority && text("/topic").is_some() && body["tags"].is_array()
        }
        "json" => {
            let wanted = ["clocks", "count", "late", "repeated", "sent_at", "text", "title", "version"];
            keys(&wanted) && text("/version") == Some("sigu-reminder/1")
        }
        _ => return Some("no such receiver"),
    };
    if sound && json { None } else { Some("not of the form") }
}

fn mac(key: &[u8], text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
