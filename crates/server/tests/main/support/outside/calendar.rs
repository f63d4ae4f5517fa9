//! Calendars of OpenTimestamps: they promise, and when told so bring what they promised into a block that was mined here,
//! at the lowest difficulty. It is no block of Bitcoin.
//!
//! The first part of the path says how one behaves: `/good`, `/foreign` (promises in the name of a stranger), `/vague`
//! (no promise at all), `/garbage`, `/large`, `/cut`, `/slow`, or a status.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sha2::{Digest as _, Sha256};
use sigu_server::outside::services::Calendar;

use super::cut;

/// The height the made-up blocks say.
const HEIGHT: u64 = 920_000;
const BITCOIN: [u8; 8] = [0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01];
const PENDING: [u8; 8] = [0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e];

/// All calendars of one port.
pub(crate) struct Calendars {
    pub(crate) origin: String,
    book: Arc<Book>,
}

#[derive(Default)]
struct Book {
    /// What was sent to each way, in the order it came.
    sent: Mutex<Vec<(String, Vec<u8>)>>,
    /// Merkle roots and blocks by what was promised, once it is in a block.
    blocks: Mutex<HashMap<String, [u8; 80]>>,
    promised: Mutex<Vec<String>>,
    asked: Mutex<Vec<String>>,
}

struct At {
    book: Arc<Book>,
    origin: String,
}

impl Calendars {
    pub(crate) const HEIGHT: u64 = HEIGHT;

    /// Starts them.
    pub(crate) async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Book::default());
        let at = Arc::new(At { book: book.clone(), origin: origin.clone() });
        let app = Router::new()
            .route("/{way}/digest", post(promise))
            .route("/{way}/timestamp/{commitment}", get(kept))
            .with_state(at);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { origin, book }
    }

    /// The calendar that behaves so.
    pub(crate) fn calendar(&self, way: &str) -> Calendar {
        let url = format!("{}/{way}", self.origin);
        Calendar { name: way.to_owned(), url, promises: Vec::new(), enabled: true }
    }

    /// Brings all that was promised into blocks, each its own; gives the headers.
    pub(crate) fn mine(&self) -> Vec<[u8; 80]> {
        let promised = self.book.promised.lock().unwrap();
        let mut blocks = self.book.blocks.lock().unwrap();
        let mine = |commitment: &String| {
            let header = header(&merkle_root(&unhex(commitment)));
            blocks.insert(commitment.clone(), header);
            header
        };
        promised.iter().map(mine).collect()
    }

    /// What was sent to the calendar that behaves so.
    pub(crate) fn sent(&self, way: &str) -> Vec<Vec<u8>> {
        let sent = self.book.sent.lock().unwrap();
        sent.iter().filter(|(to, _)| to == way).map(|(_, bytes)| bytes.clone()).collect()
    }

    /// Which promises were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.book.asked.lock().unwrap().clone()
    }
}

async fn promise(State(at): State<Arc<At>>, Path(way): Path<String>, digest: Bytes) -> Response {
    at.book.sent.lock().unwrap().push((way.clone(), digest.to_vec()));
    let uri = match way.as_str() {
        "foreign" => "https://calendar.example".to_owned(),
        _ => format!("{}/{way}", at.origin),
    };
    match way.as_str() {
        // A way that begins so is one more calendar that is good.
        way if way.starts_with("good") || way == "foreign" => {
            let salt = way.len() as u8;
            let message = [&[salt; 4][..], &digest, &[salt; 8]].concat();
            at.book.promised.lock().unwrap().push(hex(&message));
            let steps = [&[0xf1, 4][..], &[salt; 4], &[0xf0, 8], &[salt; 8]].concat();
            [steps, attestation(PENDING, &string(uri.as_bytes()))].concat().into_response()
        }
        "vague" => attestation([7; 8], b"trust me").into_response(),
        "garbage" => "<html>".into_response(),
        "large" => vec![0; 10_001].into_response(),
        "cut" => cut(),
        "slow" => std::future::pending().await,
        status => StatusCode::from_u16(status.parse().unwrap()).unwrap().into_response(),
    }
}

async fn kept(State(at): State<Arc<At>>, Path((way, commitment)): Path<(String, String)>) -> Response {
    at.book.asked.lock().unwrap().push(format!("{way}/{commitment}"));
    if way == "good-then-garbage" {
        return "<html>".into_response();
    }
    if !at.book.blocks.lock().unwrap().contains_key(&commitment) {
        return (StatusCode::NOT_FOUND, "Pending confirmation in Bitcoin blockchain").into_response();
    }
    let mut height = Vec::new();
    let mut rest = HEIGHT;
    while rest >= 0x80 {
        height.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    height.push(rest as u8);
    let steps = [&[0x08, 0xf0, 32][..], &[0; 32], &[0x08, 0x08]].concat();
    [steps, attestation(BITCOIN, &height)].concat().into_response()
}

/// What the steps of [`kept`] lead to.
fn merkle_root(message: &[u8]) -> [u8; 32] {
    let below = [&Sha256::digest(message)[..], &[0; 32]].concat();
    Sha256::digest(Sha256::digest(below)).into()
}

/// A header whose hash is below the easiest target.
fn header(merkle_root: &[u8; 32]) -> [u8; 80] {
    let mut header = [0; 80];
    header[3] = 0x20;
    header[36..68].copy_from_slice(merkle_root);
    header[68..72].copy_from_slice(&1_795_420_800_u32.to_le_bytes());
    header[72..76].copy_from_slice(&[0xff, 0xff, 0x7f, 0x20]);
    for nonce in 0..u32::MAX {
        header[76..].copy_from_slice(&nonce.to_le_bytes());
        if Sha256::digest(Sha256::digest(header))[31] < 0x7f {
            break;
        }
    }
    header
}

fn attestation(kind: [u8; 8], payload: &[u8]) -> Vec<u8> {
    [&[0][..], &kind, &string(payload)].concat()
}

/// Lengths below 128 are one byte.
fn string(bytes: &[u8]) -> Vec<u8> {
    assert!(bytes.len() < 128);
    [&[bytes.len() as u8][..], bytes].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
