//! Parsers: what is written is read back, and no bytes whatever make them panic.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sigu_ledger::{
    Checkpoint, Hash, Leaf, NotBefore, Note, SignedCheckpoint, SigningKey, TlogProof, VerifyingKey,
    decode_tile, verify_consistency, verify_inclusion,
};

fn hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash::from_bytes)
}

/// A hash as `_sd` spells it: base64url without padding.
fn digest(hash: Hash) -> String {
    hash.to_base64().trim_end_matches('=').replace('+', "-").replace('/', "_")
}

prop_compose! {
    fn leaf()(
        kind in r"[a-z]{1,9}(\.[a-z_]{1,9}){0,3}",
        seq in 0..1u64 << 53,
        at in r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z",
        nonce: [u8; 16],
        sd in prop::collection::vec(hash(), 0..20),
        beacon in prop::option::of((hash(), hash(), 0..1u64 << 53)),
    ) -> Leaf {
        let sd = sd.into_iter().map(digest).collect::<BTreeSet<_>>().into_iter().collect();
        let not_before = beacon.map(|(chain, rand, round)| {
            NotBefore { chain: chain.to_string(), rand: rand.to_string(), round }
        });
        Leaf { kind, seq, at, nonce, sd, not_before }
    }
}

fn key(name: &str, seed: [u8; 32]) -> SigningKey {
    SigningKey::from_seed(name, seed).unwrap()
}

/// Puts foreign bytes before everything that reads any.
fn read_everything(bytes: &[u8]) {
    let _ = Leaf::parse(bytes);
    let _ = Note::parse(bytes);
    let _ = TlogProof::parse(bytes);
    let _ = decode_tile(bytes);
    let _ = SignedCheckpoint::verify(bytes, &key("a", [1; 32]).verifying_key());
    let text = String::from_utf8_lossy(bytes);
    let _ = Checkpoint::parse_text(&text);
    let _ = VerifyingKey::parse(&text);
    let _ = text.parse::<Hash>();
    let _ = Hash::from_base64(&text);
}

proptest! {
    #[test]
    fn leaves_come_back(leaf in leaf()) {
        let bytes = leaf.encode().unwrap();
        prop_assert_eq!(Leaf::parse(&bytes).unwrap(), leaf);
    }

    #[test]
    fn a_leaf_has_one_spelling(leaf in leaf(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = leaf.encode().unwrap();
        let at = at.index(bytes.len());
        let same = bytes[at] == byte;
        bytes[at] = byte;
        // Whatever still parses is another leaf, never the same one in other bytes.
        if let Ok(read) = Leaf::parse(&bytes) {
            prop_assert_eq!(read == leaf, same);
        }
    }

    #[test]
    fn keys_and_hashes_come_back(seed: [u8; 32], name in r"[^\s+\p{Cc}]{1,20}", hash in hash()) {
        let public = key(&name, seed).verifying_key();
        prop_assert_eq!(VerifyingKey::parse(&public.to_string()), Ok(public));
        prop_assert_eq!(hash.to_string().parse(), Ok(hash));
        prop_assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
    }

    #[test]
    fn proof_files_come_back(
        size: u64,
        root in hash(),
        index: u64,
        hashes in prop::collection::vec(hash(), 0..=63),
        extra: Option<Vec<u8>>,
        seed: [u8; 32],
    ) {
        let signing = key("sigu/v1/abcdefghijklmnop", seed);
        let checkpoint = Checkpoint { origin: signing.name().to_owned(), size, root };
        let signed = checkpoint.sign(&signing).unwrap();
        let read = SignedCheckpoint::verify(signed.note().as_bytes(), &signing.verifying_key());
        prop_assert_eq!(read.as_ref(), Ok(&signed));
        prop_assert_eq!(Checkpoint::parse_text(&checkpoint.to_text()), Ok(checkpoint));
        let proof = TlogProof { index, hashes, checkpoint_note: signed.note().to_owned(), extra };
        prop_assert_eq!(TlogProof::parse(proof.to_text().as_bytes()), Ok(proof));
    }

    #[test]
    fn a_changed_byte_of_a_checkpoint_is_seen(at in any::<prop::sample::Index>(), bit in 0..8u32) {
        let signing = key("sigu/v1/abcdefghijklmnop", [1; 32]);
        let root = Hash::from_bytes([7; 32]);
        let signed = Checkpoint { origin: signing.name().to_owned(), size: 5, root }.sign(&signing).unwrap();
        let mut bytes = signed.note().as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1u8 << bit;
        prop_assert!(SignedCheckpoint::verify(&bytes, &signing.verifying_key()).is_err());
    }

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_everything(&bytes);
    }

    #[test]
    fn no_broken_text_makes_a_parser_panic(
        text in "(c2sp.org/tlog-proof@v1\n)?((extra|index|—|a|0|1|AAAA|\\{|\"v\":1|,|\\}| |\\+)*\n){0,8}",
    ) {
        read_everything(text.as_bytes());
    }

    #[test]
    fn no_numbers_make_a_verifier_panic(
        a in prop_oneof![any::<u64>(), 0..9u64, u64::MAX - 9..=u64::MAX],
        b in prop_oneof![any::<u64>(), 0..9u64, u64::MAX - 9..=u64::MAX],
        proof in prop::collection::vec(hash(), 0..70),
        root in hash(),
    ) {
        prop_assert!(verify_inclusion(&root, a, b, &proof, &Hash::from_bytes([0; 32])).is_err());
        prop_assert!(a == b || verify_consistency(a, b, &root, &Hash::from_bytes([0; 32]), &proof).is_err());
    }
}
