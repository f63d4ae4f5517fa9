//! An answer of a drand relay is verified or refused; what verifies is kept in one form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigu_attestation::beacon::Beacon;
use sigu_attestation::drand::verify_answer;

fuzz_target!(|bytes: &[u8]| {
    let Ok(round) = verify_answer(bytes, None) else { return };
    assert_eq!(verify_answer(round.to_json().as_bytes(), Some(round.round())).as_ref(), Ok(&round));
    let beacon = Beacon::of_round(&round);
    assert_eq!(Beacon::from_not_before(&beacon.to_not_before()), Ok(beacon));
});
