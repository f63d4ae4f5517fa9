//! Disclosures, one a line: what can be read keeps its text, and a set of them opens what it commits to.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use sigu_evidence::{Disclosure, match_all};

fuzz_target!(|text: &str| {
    let read = |line: &str| {
        let disclosure = Disclosure::parse(line).ok()?;
        assert_eq!(disclosure.encoded(), line);
        assert_eq!(disclosure.digest().len(), 43);
        Some(disclosure)
    };
    let disclosures: Vec<Disclosure> = text.lines().filter_map(read).collect();
    let digests: Vec<String> = disclosures.iter().map(Disclosure::digest).collect();
    let names: BTreeSet<_> = disclosures.iter().map(Disclosure::name).collect();
    let alike = names.len() < disclosures.len();
    match match_all(&digests, &disclosures) {
        Ok(fields) => {
            assert!(!alike);
            for disclosure in &disclosures {
                assert_eq!(fields.get(disclosure.name().as_str()), Some(disclosure.value()));
            }
        }
        Err(error) => assert!(alike, "{error}"),
    }
    // A digest that is not committed opens nothing.
    if let Some((first, rest)) = disclosures.split_first() {
        let digests = &digests[1..];
        assert!(rest.iter().any(|other| other == first) || match_all(digests, &disclosures).is_err());
    }
});
