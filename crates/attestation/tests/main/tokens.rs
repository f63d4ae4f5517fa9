//! Walks `vectors/rfc3161`: every good reply is verified and says what it must, every bad one breaks its
//! rule.

use std::time::Duration;

use sigu_attestation::rfc3161::{
    ChainFault, DigestAlgorithm, Imprint, Request, TokenError, Trust, VerifiedToken, verify_reply,
    verify_token,
};

use crate::files::{read, walk};

/// The pinned roots of the vectors; the second had expired before any of their tokens.
pub(crate) fn trust() -> Trust {
    let roots = [read("rfc3161", "root.pem"), read("rfc3161", "root-of-old.pem")].concat();
    Trust::from_pem(&roots).unwrap()
}

pub(crate) fn request() -> Request {
    Request::parse(&read("rfc3161", "request.tsq")).unwrap()
}

fn trust_for(stem: &str) -> Trust {
    let others = read("rfc3161", "others.pem");
    if stem.contains("no-embedded") { trust().with_others_from_pem(&others).unwrap() } else { trust() }
}

pub(crate) fn request_for(stem: &str) -> Request {
    if stem.contains("sm3") {
        Request::parse(&read("rfc3161", "request-sm3.tsq")).unwrap()
    } else {
        request()
    }
}

fn verify(stem: &str) -> Result<VerifiedToken, TokenError> {
    verify_reply(&read("rfc3161", &format!("{stem}.tsr")), &request_for(stem), &trust_for(stem))
}

const DEFECTS: &[(&str, &str)] = &[
    ("wrong-imprint", "its imprint differs"),
    ("sha1-imprint", "its imprint differs"),
    ("sha512-imprint", "its imprint differs"),
    ("wrong-nonce", "nonce is not that of the request"),
    ("no-nonce", "nonce is not that of the request"),
    ("replay", "nonce is not that of the request"),
    ("version-2", "unknown version"),
    ("critical-extension", "critical extension"),
    ("time-with-offset", "timestamp is malformed"),
    ("time-not-a-day", "timestamp is malformed"),
    ("accuracy-of-1000-millis", "timestamp is malformed"),
    ("changed-time", "signed digest is not that of the timestamp"),
    ("digest-of-something-else", "signed digest is not that of the timestamp"),
    ("two-signers", "2 signers"),
    ("no-signer", "0 signers"),
    ("other-certificate-id", "another certificate than it says"),
    ("certificate-id-is-the-second", "another certificate than it says"),
    ("old-and-new-certificate-id-differ", "another certificate than it says"),
    ("no-certificate-id", "does not say which certificate"),
    ("two-certificate-id-attributes", "signing-certificate-v2 is not there exactly once"),
    ("two-message-digests", "message-digest is not there exactly once"),
    ("wrong-content-type-attribute", "content-type is not that of a timestamp"),
    ("no-signed-attributes", "signer is malformed"),
    ("signer-not-embedded", "signer's certificate is not there"),
    ("sha1-digest", "digest algorithm that proves nothing"),
    ("ecdsa-sha512", "signature algorithm is not known here"),
    ("signature-algorithm-of-another-key", "signature algorithm is not known here"),
    ("p521", "signature algorithm is not known here"),
    ("rsa-1024", "signature does not hold"),
    ("changed-signature", "signature does not hold"),
    ("wrong-purpose", "not for timestamps alone"),
    ("further-purpose", "not for timestamps alone"),
    ("no-purpose", "not for timestamps alone"),
    ("purpose-not-critical", "not critical"),
    ("key-usage-beside-signing", "key usage that is not signing"),
    ("authority-as-signer", "key usage that is not signing"),
    ("expired-certificate", "a certificate had expired"),
    ("certificate-not-yet-valid", "a certificate was not valid yet"),
    ("wrong-root", "no pinned root issued it"),
    ("injected-signer", "signature on the way does not hold"),
    ("root-of-the-same-name", "signature on the way does not hold"),
    ("issued-by-no-authority", "may not issue certificates for timestamps"),
    ("authority-for-servers", "may not issue certificates for timestamps"),
    ("middle-certificate-missing", "no pinned root issued it"),
    ("expired-root", "root was not valid then"),
    ("garbage", "reply is malformed"),
    ("html", "reply is malformed"),
    ("empty", "reply is malformed"),
    ("trailing-bytes", "reply is malformed"),
    ("truncated", "reply is malformed"),
    ("bare-token", "reply is malformed"),
    ("rejection", "status 2, 不支持的算法"),
    ("waiting", "status 3"),
    ("granted-without-token", "holds no token"),
    ("not-signed-data", "not signed data"),
    ("signed-something-else", "what was signed is no timestamp"),
    ("too-large", "larger than 64 KiB"),
];

#[test]
fn every_good_reply_is_verified_and_every_bad_one_breaks_its_rule() {
    walk("rfc3161", ".tsr", DEFECTS, |stem, _| verify(stem).map(drop).map_err(|error| error.to_string()));
}

#[test]
fn what_a_token_says() {
    let token = verify("good-fraction-of-three-digits").unwrap();
    assert_eq!(token.gen_time().to_string(), "2026-11-22T08:00:00.123Z");
    assert_eq!(token.gen_time_text(), "20261122080000.123Z");
    assert_eq!(token.accuracy(), Some(Duration::from_millis(1500)));
    assert_eq!(token.earliest().to_string(), "2026-11-22T07:59:58.623Z");
    assert_eq!(token.latest().to_string(), "2026-11-22T08:00:01.623Z");
    assert_eq!(token.serial(), "1234");
    assert_eq!(token.policy().to_string(), "1.3.6.1.4.1.55555.1.1");
    assert_eq!(token.signer(), "CN=TSA, O=Vectors, C=CN");
    assert_eq!(token.claimed_name(), Some("CN=TSA, O=Vectors, C=CN"));
    assert_eq!(token.imprint(), &Imprint::of(DigestAlgorithm::Sha256, &read("rfc3161", "stamped.note")));
    assert_eq!(token.root_fingerprint(), trust().fingerprints()[0]);
    assert_eq!(token.certificates_expire().to_string(), "2036-01-01T00:00:00Z");
    assert!(!token.is_modified());

    let other = verify("good-claimed-name-differs").unwrap();
    assert_eq!(other.claimed_name(), Some("CN=A name that nothing rests on, O=Vectors, C=CN"));
    assert_eq!(other.signer(), "CN=TSA, O=Vectors, C=CN");
    let long = verify("good-long-fraction").unwrap();
    assert_eq!(long.gen_time().to_string(), "2026-11-22T08:00:28.123456789Z");
    assert_eq!(long.gen_time_text(), "20261122080028.123456789987Z");
    let whole = verify("good-whole-seconds").unwrap();
    assert_eq!((whole.accuracy(), whole.latest()), (None, whole.gen_time()));
    assert!(verify("good-granted-with-modifications").unwrap().is_modified());
}

#[test]
fn the_path_is_handed_out_from_signer_to_root() {
    let token = verify("good-middle-certificate").unwrap();
    assert_eq!(token.certificates().len(), 3);
    // What was exported pins the same roots again, and serves where the token holds no certificates.
    let again = Trust::from_pem(token.chain_pem().as_bytes()).unwrap();
    assert_eq!(again.fingerprints()[2], token.root_fingerprint());
    let stripped = read("rfc3161", "bad-middle-certificate-missing.tsr");
    let helped = trust().with_others_from_pem(token.chain_pem().as_bytes()).unwrap();
    assert!(verify_reply(&stripped, &request(), &helped).is_ok());
}

#[test]
fn certificates_that_are_known_are_not_believed() {
    let others = read("rfc3161", "root.pem");
    let only_old = Trust::from_pem(&read("rfc3161", "root-of-old.pem")).unwrap();
    let trust = only_old.with_others_from_pem(&others).unwrap();
    let outcome = verify_reply(&read("rfc3161", "good-fraction-of-three-digits.tsr"), &request(), &trust);
    assert_eq!(outcome, Err(TokenError::Chain(ChainFault::UnknownIssuer)));
    let nobody = verify_reply(&read("rfc3161", "good-openssl-alone.tsr"), &request(), &Trust::default());
    assert_eq!(nobody, Err(TokenError::Chain(ChainFault::UnknownIssuer)));
}

#[test]
fn a_policy_that_was_asked_for_must_be_named() {
    let reply = read("rfc3161", "good-fraction-of-three-digits.tsr");
    let asked =
        |policy: &str| verify_reply(&reply, &request().with_policy(policy.parse().unwrap()), &trust());
    assert!(asked("1.3.6.1.4.1.55555.1.1").is_ok());
    assert_eq!(asked("1.3.6.1.4.1.55555.1.2"), Err(TokenError::PolicyMismatch));
}

#[test]
fn a_bare_token_is_verified_too_and_a_lost_request_costs_the_nonce_only() {
    let bare = read("rfc3161", "bad-bare-token.tsr");
    let token = verify_token(&bare, &request(), &trust()).unwrap();
    let replay = read("rfc3161", "bad-replay.tsr");
    let lost = Request::without_nonce(request().imprint().clone());
    assert!(verify_reply(&replay, &lost, &trust()).is_ok());
    let whole = verify_reply(&read("rfc3161", "good-whole-seconds.tsr"), &lost, &trust()).unwrap();
    assert_ne!(token.token_digest(), whole.token_digest());
}

#[test]
fn a_changed_byte_is_seen() {
    let good = read("rfc3161", "good-openssl-alone.tsr");
    let before = verify_reply(&good, &request(), &trust()).unwrap();
    for at in 0..good.len() {
        for bit in [0x01, 0x80] {
            let mut bytes = good.clone();
            bytes[at] ^= bit;
            // What still passes says the same: the byte stood outside of what is signed and meant.
            if let Ok(after) = verify_reply(&bytes, &request(), &trust()) {
                let same = |one: &VerifiedToken| {
                    (one.gen_time(), one.imprint().clone(), one.certificates().to_vec())
                };
                assert_eq!(same(&after), same(&before), "byte {at}");
            }
        }
    }
}

/// With the feature, tokens signed with SM2 are verified like others; without it, the algorithm is not known.
#[test]
fn sm2_is_known_if_asked_for() {
    let root = Trust::from_pem(&read("rfc3161-sm2", "root.pem")).unwrap();
    let asked = request_for("sm3");
    let outcome = |stem: &str| {
        let verified = verify_reply(&read("rfc3161-sm2", &format!("{stem}.tsr")), &asked, &root);
        verified.map(|token| token.gen_time().to_string())
    };
    if cfg!(feature = "sm2") {
        for good in ["good-sm2", "good-sm2-signed-data"] {
            assert_eq!(outcome(good), Ok("2027-01-01T08:00:00.5Z".to_owned()), "{good}");
        }
        assert_eq!(outcome("bad-changed-signature"), Err(TokenError::Signature));
        assert_eq!(outcome("bad-wrong-root"), Err(TokenError::Chain(ChainFault::UnknownIssuer)));
    } else {
        assert_eq!(outcome("good-sm2"), Err(TokenError::SignatureAlgorithm));
        assert_eq!(outcome("good-sm2-signed-data"), Err(TokenError::NotSignedData));
        assert_eq!(outcome("bad-wrong-root"), Err(TokenError::SignatureAlgorithm));
    }
}
