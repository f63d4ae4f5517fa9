//! The way out: what ends a question, and what does not leave this machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::any;
use sigu_server::outside::net::{Limits, Net, NetFault, Question, Reply};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::outside::{clock, cut, hasty, net, nobody, run};

fn fetch(url: &str) -> Question<'_> {
    Question { url, body: None, accept: "*/*", most: 100 }
}

fn app() -> Router {
    Router::new()
        .route("/exact", any(|| async { vec![b'a'; 100] }))
        .route("/more", any(|| async { vec![b'a'; 101] }))
        .route("/refused-at-length", any(|| async { (StatusCode::NOT_FOUND, vec![b'a'; 5000]) }))
        .route("/cut", any(|| async { cut() }))
        .route("/here", any(|| async { redirect("/exact") }))
        .route("/elsewhere", any(|| async { redirect("http://localhost.example/exact") }))
        .route("/round", any(|| async { redirect("/round") }))
        .route("/never", any(std::future::pending::<()>))
}

fn redirect(to: &'static str) -> impl axum::response::IntoResponse {
    (StatusCode::TEMPORARY_REDIRECT, [("location", to)])
}

async fn fetched(path: &str) -> Result<Reply, NetFault> {
    let url = run(app()).await + path;
    let net = if path == "/never" { hasty() } else { net() };
    net.ask(fetch(&url)).await
}

#[tokio::test]
async fn answers_end_within_their_limits() {
    let exact = fetched("/exact").await.unwrap();
    assert_eq!((exact.status, exact.body.len()), (200, 100));
    assert_eq!(fetched("/more").await.unwrap_err(), NetFault::TooLarge);
    assert_eq!(fetched("/cut").await.unwrap_err(), NetFault::CutOff);
    assert_eq!(fetched("/never").await.unwrap_err(), NetFault::TimedOut);
    let refused = fetched("/refused-at-length").await.unwrap();
    assert_eq!(refused.ok().unwrap_err(), NetFault::Status(404));
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    // This machine is asked as it stands, not even led to itself.
    assert_eq!(fetched("/here").await.unwrap().status, 307);
    // Under this address the machine is a host like others.
    let port = run(app()).await.rsplit(':').next().unwrap().to_owned();
    for (path, posted, status) in [
        ("/here", false, 200),
        ("/here", true, 307),
        ("/elsewhere", false, 307),
        ("/elsewhere", true, 307),
        ("/round", false, 307),
    ] {
        let url = format!("http://0.0.0.0:{port}{path}");
        let body = posted.then(|| ("text/plain", vec![1]));
        let reply = net().ask(Question { body, ..fetch(&url) }).await.unwrap();
        assert_eq!(reply.status, status, "{path}, posted: {posted}");
    }
}

#[tokio::test]
async fn who_is_not_there_is_told_from_who_is_slow() {
    let url = nobody().await;
    assert_eq!(net().ask(fetch(&url)).await.unwrap_err(), NetFault::Unreachable);
    for url in
        ["ftp://localhost/", "localhost:80", "http://", "http://me:secret@localhost/", "http://localhost/#a"]
    {
        assert_eq!(net().ask(fetch(url)).await.unwrap_err(), NetFault::Address, "{url}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_cut_off() {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let talking = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(b"220 mail.example ready\r\n").await.unwrap();
    };
    let asking = net();
    let (answer, ()) = tokio::join!(asking.ask(fetch(&url)), talking);
    assert_eq!(answer.unwrap_err(), NetFault::CutOff);
}

#[tokio::test]
async fn a_certificate_nobody_signed_is_not_accepted() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let serving = async {
        let (stream, _) = listener.accept().await.unwrap();
        // The client ends it: that is what is tested.
        drop(acceptor.accept(stream).await);
    };
    let asking = net();
    let (answer, ()) = tokio::join!(asking.ask(fetch(&url)), serving);
    assert_eq!(answer.unwrap_err(), NetFault::Untrusted);
}

#[tokio::test]
async fn who_asks_says_the_program_and_no_more() {
    let heard: Arc<Mutex<Vec<HeaderMap>>> = Arc::default();
    let hear = |State(heard): State<Arc<Mutex<Vec<HeaderMap>>>>, headers: HeaderMap| async move {
        heard.lock().unwrap().push(headers);
        ([("set-cookie", "who=you")], "").into_response()
    };
    let url = run(Router::new().route("/", any(hear)).with_state(heard.clone())).await;
    let net = net();
    net.ask(fetch(&url)).await.unwrap();
    let posted = Question { body: Some(("application/timestamp-query", vec![1])), ..fetch(&url) };
    net.ask(posted).await.unwrap();
    let heard = heard.lock().unwrap();
    for headers in heard.iter() {
        let names: Vec<&str> = headers.keys().map(|name| name.as_str()).collect();
        let allowed = ["user-agent", "accept", "host", "content-type", "content-length"];
        assert!(names.iter().all(|name| allowed.contains(name)), "{names:?}");
        assert_eq!(headers["user-agent"], concat!("sigu/", env!("CARGO_PKG_VERSION")));
    }
    assert_eq!(heard.len(), 2);
}

#[tokio::test]
async fn the_clock_stands_around_the_exchange() {
    let url = run(Router::new().route("/", any(|| async {}))).await;
    let before = clock();
    let reply = net().ask(fetch(&url)).await.unwrap();
    assert!(before <= reply.sent && reply.sent <= reply.received && reply.received <= clock());
    assert!(reply.sent <= reply.midpoint() && reply.midpoint() <= reply.received);
    assert_eq!(Limits::default().whole, Duration::from_secs(20));
    drop(Net::new(Limits::default(), clock).unwrap());
}
