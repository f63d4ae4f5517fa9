//! A timestamp service: `openssl ts -reply` behind HTTP, and ways in which a service or somebody between can fail.
//!
//! | path | answers |
//! |---|---|
//! | `/` | a good reply |
//! | `/badct` | a good reply as `text/html` |
//! | `/replay` | the first reply it ever gave |
//! | `/wronghash` | a good reply to another digest |
//! | `/expired`, `/wrongroot` | a reply signed by another party |
//! | `/reject`, `/busy` | a refusal for good, and one for now (RFC 3161 §2.4.2) |
//! | `/500`, `/404`, `/moved`, `/garbage`, `/empty`, `/large`, `/endless`, `/cut` | what is no reply |
//! | `/slow` | nothing until [`Tsa::release`], then a good reply |
//! | `/together` | nothing until the other of [`Tsa::two`] is asked too, then a good reply |
//! | `/vector/<name>` | the file of that name from `vectors/rfc3161` |

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use sigu_attestation::rfc3161::{Imprint, Request};
use sigu_server::outside::services::{Root, TimestampService};
use tokio::sync::{Barrier, Notify, watch};

use super::pki::Party;
use super::{cut, run};

const KIND: &str = "application/timestamp-reply";
/// PKIStatusInfo: rejection, badAlg.
const REJECTED: &[u8] = &[0x30, 9, 0x30, 7, 2, 1, 2, 3, 2, 7, 0x80];
/// PKIStatusInfo: rejection, systemFailure.
const BUSY: &[u8] = &[0x30, 12, 0x30, 10, 2, 1, 2, 3, 5, 6, 0, 0, 0, 0x40];
const CONFIG: &str = "[tsa]\ndefault_tsa = one\n[one]\nserial = $ENV::SERIAL\ndefault_policy = 1.3.6.1.4.1.55555.1.1\n\
    digests = sha256, sha384, sha512, sm3\nsigner_digest = sha256\naccuracy = secs:1, millisecs:500\n\
    clock_precision_digits = 3\ness_cert_id_alg = sha256\n";

/// One service with all its ways.
pub(crate) struct Tsa {
    pub(crate) origin: String,
    pub(crate) root: Party,
    desk: Arc<Desk>,
}

struct Desk {
    folder: tempfile::TempDir,
    serial: AtomicU64,
    first: Mutex<Option<Vec<u8>>>,
    release: Notify,
    together: Arc<Barrier>,
    /// From when to when it worked on each good reply.
    served: watch::Sender<Vec<(Instant, Instant)>>,
}

/// The bytes of a vector of timestamps.
pub(crate) fn vector(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/rfc3161").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Tsa {
    /// Makes certificates and starts the service.
    pub(crate) async fn new() -> Self {
        Self::beside(Arc::new(Barrier::new(1))).await
    }

    /// Two services under different roots.
    pub(crate) async fn two() -> [Self; 2] {
        let together = Arc::new(Barrier::new(2));
        [Self::beside(together.clone()).await, Self::beside(together).await]
    }

    async fn beside(together: Arc<Barrier>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (root, stranger) = (Party::root("Root"), Party::root("Root"));
        let parties = [
            ("good", Party::service("Stamps", &root, 2024, 2044)),
            ("expired", Party::service("Stamps", &root, 2020, 2024)),
            ("wrongroot", Party::service("Stamps", &stranger, 2024, 2044)),
        ];
        for (name, party) in &parties {
            put(&folder.path().join(format!("{name}.crt")), party.certificate.as_bytes());
            put(&folder.path().join(format!("{name}.key")), party.key.as_bytes());
        }
        put(&folder.path().join("tsa.cnf"), CONFIG.as_bytes());
        let desk = Arc::new(Desk {
            folder,
            serial: AtomicU64::new(1),
            first: Mutex::new(None),
            release: Notify::new(),
            together,
            served: watch::Sender::default(),
        });
        let app = Router::new()
            .route("/", post(good))
            .route("/{way}", post(other))
            .route("/vector/{name}", post(kept))
            .with_state(desk.clone());
        Self { origin: run(app).await, root, desk }
    }

    /// The service behind one of the paths, with its root pinned.
    pub(crate) fn service(&self, name: &str, path: &str) -> TimestampService {
        TimestampService {
            name: name.parse().unwrap(),
            label: name.to_owned(),
            operator: "Tests".to_owned(),
            url: format!("{}{path}", self.origin),
            roots: vec![Root::Pem(self.root.certificate.clone())],
            pause_s: 0,
            imprint: sigu_attestation::rfc3161::DigestAlgorithm::Sha256,
            free: true,
            tested: false,
            enabled: true,
            note: String::new(),
        }
    }

    /// Lets `/slow` go on.
    pub(crate) fn release(&self) {
        self.desk.release.notify_one();
    }

    /// From when to when it worked on its replies, once there are so many.
    pub(crate) async fn served(&self, count: usize) -> Vec<(Instant, Instant)> {
        let mut served = self.desk.served.subscribe();
        served.wait_for(|all| all.len() >= count).await.unwrap().clone()
    }
}

async fn good(State(desk): State<Arc<Desk>>, query: Bytes) -> Response {
    stamped(&desk, "good", &query).await
}

async fn kept(Path(name): Path<String>) -> Response {
    ([(CONTENT_TYPE, KIND)], vector(&name)).into_response()
}

async fn other(State(desk): State<Arc<Desk>>, Path(way): Path<String>, query: Bytes) -> Response {
    let reply = |bytes: &'static [u8]| ([(CONTENT_TYPE, KIND)], bytes).into_response();
    match way.as_str() {
        "badct" => {
            let mut response = stamped(&desk, "good", &query).await;
            response.headers_mut().insert(CONTENT_TYPE, "text/html".parse().unwrap());
            response
        }
        "replay" => {
            let first = desk.first.lock().unwrap().clone();
            ([(CONTENT_TYPE, KIND)], first.expect("a good reply was given before")).into_response()
        }
        "wronghash" => stamped(&desk, "good", &about_something_else(&query)).await,
        "expired" | "wrongroot" => stamped(&desk, &way, &query).await,
        "slow" => {
            desk.release.notified().await;
            stamped(&desk, "good", &query).await
        }
        "together" => {
            desk.together.wait().await;
            stamped(&desk, "good", &query).await
        }
        "reject" => reply(REJECTED),
        "busy" => reply(BUSY),
        "garbage" => reply(b"<html>Please log in</html>"),
        "empty" => reply(b""),
        "large" => ([(CONTENT_TYPE, KIND)], vec![0; 65_537]).into_response(),
        "endless" => {
            let pieces = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![0; 1024]));
            Body::from_stream(pieces).into_response()
        }
        "moved" => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/")]).into_response(),
        "cut" => cut(),
        status => StatusCode::from_u16(status.parse().unwrap()).unwrap().into_response(),
    }
}

/// The request with its nonce, about another digest.
fn about_something_else(query: &[u8]) -> Vec<u8> {
    let asked = Request::parse(query).unwrap();
    let nonce = asked.nonce().unwrap();
    let mut entropy = [0; 8];
    entropy[8 - nonce.len()..].copy_from_slice(nonce);
    Request::new(Imprint::from_sha256([9; 32]), entropy).to_der()
}

/// Signs on a thread that may wait.
#[allow(clippy::disallowed_methods, reason = "what the service itself takes is no fault of who asks")]
async fn stamped(desk: &Arc<Desk>, party: &str, query: &[u8]) -> Response {
    let began = Instant::now();
    let (at, party, query) = (desk.clone(), party.to_owned(), query.to_vec());
    let reply = tokio::task::spawn_blocking(move || sign(&at, &party, &query)).await.unwrap();
    desk.first.lock().unwrap().get_or_insert_with(|| reply.clone());
    desk.served.send_modify(|all| all.push((began, Instant::now())));
    ([(CONTENT_TYPE, KIND)], reply).into_response()
}

/// `openssl ts -reply`, with a serial number of its own for each call: OpenSSL keeps them in a file without a lock.
fn sign(desk: &Desk, party: &str, query: &[u8]) -> Vec<u8> {
    let number = desk.serial.fetch_add(1, Ordering::Relaxed);
    let place = |ending: &str| desk.folder.path().join(format!("{number}.{ending}"));
    put(&place("tsq"), query);
    put(&place("serial"), format!("{number:04x}\n").as_bytes());
    let output = Command::new("openssl")
        .args(["ts", "-reply", "-section", "one", "-config", "tsa.cnf"])
        .args(["-signer", &format!("{party}.crt"), "-inkey", &format!("{party}.key")])
        .arg("-queryfile")
        .arg(place("tsq"))
        .arg("-out")
        .arg(place("tsr"))
        .env("SERIAL", place("serial"))
        .current_dir(desk.folder.path())
        .output()
        .unwrap_or_else(|error| panic!("openssl must be installed and on the path: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(place("tsr")).unwrap()
}

#[allow(clippy::disallowed_methods, reason = "files of a test need no durability")]
fn put(path: &std::path::Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
