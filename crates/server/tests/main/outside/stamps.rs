//! Timestamp services: a real one, and every way in which one fails.

use std::path::Path;
use std::process::Command;

use sigu_attestation::rfc3161::{ChainFault, RejectionReason, Request, TokenError};
use sigu_server::outside::ask::{Again, AskError, TokenAnswer, ask_service, ask_services};
use sigu_server::outside::net::{Net, NetFault};

use crate::support::outside::{Log, Tsa, clock, counting, hasty, net, nobody, vector};

fn note() -> Vec<u8> {
    Log::new(1, 0).signed(9).note().as_bytes().to_vec()
}

async fn asked(net: &Net, tsa: &Tsa, path: &str, from: u8) -> Result<TokenAnswer, AskError> {
    ask_service(net, &tsa.service("test", path), &note(), &mut counting(from)).await
}

#[tokio::test]
async fn a_good_token_is_verified_and_kept_whole() {
    let (tsa, net) = (Tsa::new().await, net());
    let before = clock();
    let answer = asked(&net, &tsa, "/", 1).await.unwrap();
    let after = clock();
    assert!(answer.token.gen_time() <= after && answer.token.latest() >= before);
    assert!(answer.took_ms >= 0 && answer.skew_ms.abs() <= answer.took_ms + 2, "{}", answer.skew_ms);
    assert_eq!(answer.odd_content_type, None);
    let request = Request::parse(&answer.request).unwrap();
    assert_eq!(request.nonce(), Some(&[1; 8][..]));
    let again = asked(&net, &tsa, "/", 2).await.unwrap();
    assert_ne!(
        (answer.request.as_slice(), answer.token.serial()),
        (again.request.as_slice(), again.token.serial())
    );

    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("f.tsq", answer.request.as_slice()),
        ("f.tsr", &answer.reply),
        ("roots.pem", tsa.root.certificate.as_bytes()),
        ("chain.pem", answer.chain_pem.as_bytes()),
        ("note", &note()),
    ] {
        put(&folder.path().join(name), bytes);
    }
    openssl_agrees(folder.path(), &["-queryfile", "f.tsq"]);
    openssl_agrees(folder.path(), &["-data", "note"]);
    rfc3161_client_agrees(folder.path());
    assert!(answer.chain_pem.ends_with(&tsa.root.certificate), "the root is the last of the path");
}

fn openssl_agrees(folder: &Path, about: &[&str]) {
    let output = Command::new("openssl")
        .args(["ts", "-verify", "-in", "f.tsr", "-CAfile", "roots.pem"])
        .args(about)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const CLIENT: &str = "
from cryptography import x509
from rfc3161_client import VerifierBuilder, decode_timestamp_response
root = x509.load_pem_x509_certificate(open('roots.pem', 'rb').read())
reply = decode_timestamp_response(open('f.tsr', 'rb').read())
assert VerifierBuilder(roots=[root]).build().verify_message(reply, open('note', 'rb').read())
";

fn rfc3161_client_agrees(folder: &Path) {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv-stamps/bin/python");
    let output = Command::new(&python).args(["-c", CLIENT]).current_dir(folder).output();
    let output =
        output.unwrap_or_else(|error| panic!("scripts/need.sh test makes {}: {error}", python.display()));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn an_odd_content_type_is_told_and_counts() {
    let tsa = Tsa::new().await;
    let answer = asked(&net(), &tsa, "/badct", 1).await.unwrap();
    assert_eq!(answer.odd_content_type.as_deref(), Some("text/html"));
}

#[tokio::test]
async fn every_way_to_fail_has_its_name() {
    use AskError as E;
    let (tsa, net) = (Tsa::new().await, net());
    asked(&net, &tsa, "/", 1).await.unwrap();
    let chain = |fault| E::Token(TokenError::Chain(fault));
    let cases = [
        ("/500", E::Net(NetFault::Status(500)), Again::Later),
        ("/404", E::Net(NetFault::Status(404)), Again::Later),
        ("/moved", E::Net(NetFault::Status(307)), Again::Later),
        ("/cut", E::Net(NetFault::CutOff), Again::Later),
        ("/large", E::Net(NetFault::TooLarge), Again::Later),
        ("/endless", E::Net(NetFault::TooLarge), Again::Later),
        ("/garbage", E::Token(TokenError::Malformed("reply")), Again::Later),
        ("/empty", E::Token(TokenError::Malformed("reply")), Again::Later),
        ("/wronghash", E::Token(TokenError::ImprintMismatch), Again::Later),
        ("/replay", E::Token(TokenError::NonceMismatch), Again::Later),
        ("/expired", chain(ChainFault::Expired), Again::Later),
        ("/wrongroot", chain(ChainFault::Signature), Again::AfterChange),
    ];
    for (path, expected, again) in cases {
        let error = asked(&net, &tsa, path, 7).await.unwrap_err();
        assert_eq!((&error, error.again()), (&expected, again), "{path}");
    }
    for (path, reason, again) in [
        ("/reject", RejectionReason::BadAlgorithm, Again::AfterChange),
        ("/busy", RejectionReason::SystemFailure, Again::Later),
    ] {
        let error = asked(&net, &tsa, path, 7).await.unwrap_err();
        let E::Token(TokenError::Rejected(rejection)) = &error else { panic!("{error:?}") };
        assert_eq!((rejection.status, rejection.reason, error.again()), (2, Some(reason), again));
    }
}

#[tokio::test]
async fn who_is_slow_or_gone_is_given_up() {
    let tsa = Tsa::new().await;
    assert_eq!(asked(&hasty(), &tsa, "/slow", 1).await.unwrap_err(), AskError::Net(NetFault::TimedOut));
    tsa.release();
    let mut gone = tsa.service("gone", "/");
    gone.url = nobody().await;
    let error = ask_service(&net(), &gone, &note(), &mut counting(1)).await.unwrap_err();
    assert_eq!((&error, error.again()), (&AskError::Net(NetFault::Unreachable), Again::Later));
    gone.url = "stamps.example".to_owned();
    let error = ask_service(&net(), &gone, &note(), &mut counting(1)).await.unwrap_err();
    assert_eq!((&error, error.again()), (&AskError::Net(NetFault::Address), Again::AfterChange));
    gone.roots.clear();
    let error = ask_service(&net(), &gone, &note(), &mut counting(1)).await.unwrap_err();
    assert_eq!(error.again(), Again::AfterChange);
    assert!(matches!(error, AskError::Roots(_)));
}

/// Replies that `openssl ts` will not make: the vectors, to the very request they answer.
#[tokio::test]
async fn replies_of_the_vectors_come_to_their_verdicts_over_http() {
    let (tsa, net) = (Tsa::new().await, net());
    let nonce = 0xf102_0304_0506_0708_u64.to_be_bytes();
    let mut random = |bytes: &mut [u8]| bytes.copy_from_slice(&nonce);
    let mut ask = async |name: &str| {
        let mut service = tsa.service("vectors", &format!("/vector/{name}.tsr"));
        let roots =
            [vector("root.pem"), vector("root-of-old.pem")].map(|pem| String::from_utf8(pem).unwrap());
        service.roots = roots.into_iter().map(sigu_server::outside::services::Root::Pem).collect();
        let answer = ask_service(&net, &service, &vector("stamped.note"), &mut random).await;
        if let Ok(answer) = &answer {
            assert_eq!(answer.request, vector("request.tsq"), "the request of the vectors");
        }
        answer.map(|answer| answer.token.gen_time()).map_err(|error| (error.again(), error))
    };
    assert!(ask("good-rsa-sha256").await.is_ok());
    let cases = [
        ("bad-wrong-purpose", TokenError::Purpose, Again::AfterChange),
        ("bad-further-purpose", TokenError::Purpose, Again::AfterChange),
        ("bad-purpose-not-critical", TokenError::PurposeNotCritical, Again::AfterChange),
        ("bad-expired-certificate", TokenError::Chain(ChainFault::Expired), Again::Later),
        ("bad-expired-root", TokenError::Chain(ChainFault::RootNotValid), Again::AfterChange),
        ("bad-wrong-root", TokenError::Chain(ChainFault::UnknownIssuer), Again::AfterChange),
        ("bad-wrong-imprint", TokenError::ImprintMismatch, Again::Later),
        ("bad-replay", TokenError::NonceMismatch, Again::Later),
        ("bad-changed-signature", TokenError::Signature, Again::Later),
        ("bad-granted-without-token", TokenError::NoToken, Again::Later),
        ("bad-sha1-digest", TokenError::DigestAlgorithm, Again::AfterChange),
    ];
    for (name, expected, again) in cases {
        assert_eq!(ask(name).await, Err((again, AskError::Token(expected))), "{name}");
    }
}

#[tokio::test]
async fn several_are_asked_at_once() {
    let (tsa, net) = (Tsa::new().await, net());
    let services = [tsa.service("slow", "/slow"), tsa.service("good", "/"), tsa.service("bad", "/500")];
    let note = note();
    let mut random = counting(1);
    let asking = ask_services(&net, &services, &note, &mut random);
    // The first answers only when the others have been asked: one after the other, this would never end.
    let releasing = async {
        asked(&net, &tsa, "/", 9).await.unwrap();
        tsa.release();
    };
    let (answers, ()) = tokio::join!(asking, releasing);
    let [(slow, first), (_, second), (_, third)] = &answers[..] else { panic!() };
    assert_eq!(slow.name.to_string(), "slow");
    let (first, second) = (first.as_ref().unwrap(), second.as_ref().unwrap());
    assert_ne!(first.request, second.request, "each has a nonce of its own");
    assert_eq!(third.as_ref().unwrap_err(), &AskError::Net(NetFault::Status(500)));
}

#[allow(clippy::disallowed_methods, reason = "files of a test need no durability")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
