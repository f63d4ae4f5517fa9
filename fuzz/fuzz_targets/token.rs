//! A reply of a timestamp service is verified or refused; a request that can be read comes back.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sigu_attestation::rfc3161::{Request, Trust, verify_reply, verify_token};

/// The request and the roots of the vectors: the seeds hold replies that verify.
static REQUEST: LazyLock<Request> = LazyLock::new(|| {
    Request::parse(include_bytes!("../../vectors/rfc3161/request.tsq")).expect("the request of the vectors")
});
static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    Trust::from_pem(include_bytes!("../../vectors/rfc3161/root.pem")).expect("the root of the vectors")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(token) = verify_reply(bytes, &REQUEST, &TRUST) {
        assert_eq!(token.imprint(), REQUEST.imprint());
        assert!(token.earliest() <= token.gen_time() && token.gen_time() <= token.latest());
        assert_eq!(token.root_fingerprint(), TRUST.fingerprints()[0]);
    }
    let _ = verify_token(bytes, &REQUEST, &TRUST);
    if let Ok(request) = Request::parse(bytes) {
        let again = Request::parse(&request.to_der()).expect("what was read can be written");
        assert_eq!(again, request);
    }
});
