//! Properties that hold for all inputs: round trips, refusal of every change, and no panic on any bytes.

use std::io::{Read, Write};

use proptest::prelude::*;
use sigu_evidence::{
    Disclosure, FieldName, FieldValue, Fields, Identity, OpenReader, Recipient, RowKey, SealWriter, commit,
    find_secrets, mask_text, match_all, open_bytes, open_identity, parse_plain_key_file, seal_bytes,
    sealed_size,
};

use crate::vectors::repeatable;
use crate::vectors::sealed::vault;

fn sizes() -> impl Strategy<Value = usize> {
    let border = (0_usize..4, -2_isize..=2)
        .prop_map(|(chunks, offset)| (chunks * 65_536).saturating_add_signed(offset));
    prop_oneof![border, 0_usize..300, 0_usize..200_000]
}

fn values() -> impl Strategy<Value = FieldValue> {
    const MAX: i64 = (1 << 53) - 1;
    prop_oneof![
        any::<String>().prop_map(FieldValue::Text),
        (-MAX..=MAX).prop_map(FieldValue::Int),
        any::<bool>().prop_map(FieldValue::Flag),
        prop::collection::vec(any::<String>(), 0..4).prop_map(FieldValue::List),
    ]
}

fn fields() -> impl Strategy<Value = Fields> {
    let name = "[a-z][a-z0-9_]{0,9}(\\.[a-z0-9_]{1,9}){0,3}";
    prop::collection::btree_map(name, values(), 0..10).prop_map(|entries| {
        let mut fields = Fields::new();
        for (name, value) in entries {
            fields.insert(FieldName::parse(&name).unwrap(), value).unwrap();
        }
        fields
    })
}

/// Texts with the words and shapes that masking looks for.
fn shop_texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "卡号",
            "卡密",
            "密码",
            "账号",
            "订单号",
            "CDK",
            "：",
            ":",
            "=",
            "是",
            "----",
            "————",
            "-",
            "…",
            " ",
            "\n",
            "，",
            ",",
            "|",
            "(14)",
            "http://",
            "@",
            "（",
            "】",
            "1",
            "\"",
            "．",
        ])
        .prop_map(str::to_owned),
        "[A-Za-z0-9]{1,20}",
        "[0-9]{8,20}",
        "[ＡＢ１２]{1,9}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn content_of_any_size_comes_back(size in sizes(), piece in 1_usize..100_000, seed in any::<u8>()) {
        let content: Vec<u8> = (0..size).map(|n| (n as u8) ^ seed).collect();
        let recipients = [vault().recipient()];
        let mut writer = SealWriter::new(Vec::new(), &recipients, &mut repeatable("p")).unwrap();
        for part in content.chunks(piece) {
            writer.write_all(part).unwrap();
        }
        let sealed = writer.finish().unwrap();
        prop_assert_eq!(sealed.len() as u64, sealed_size(size as u64, 1));
        prop_assert!(sealed == seal_bytes(&content, &recipients, &mut repeatable("p")));
        prop_assert!(open_bytes(&sealed, &[&vault()]).unwrap()[..] == content[..]);
        let mut read = Vec::new();
        OpenReader::new(&sealed[..], &[&vault()]).unwrap().read_to_end(&mut read).unwrap();
        prop_assert!(read == content);
    }

    #[test]
    fn any_two_readers_agree_on_a_cut_file(size in sizes(), cut in 1_usize..70_000) {
        let sealed = seal_bytes(&vec![7; size], &[vault().recipient()], &mut repeatable("p"));
        let kept = &sealed[..sealed.len().saturating_sub(cut)];
        let expected = open_bytes(kept, &[&vault()]).unwrap_err();
        let mut read = Vec::new();
        let error = OpenReader::new(kept, &[&vault()]).and_then(|mut r| r.read_to_end(&mut read)).unwrap_err();
        prop_assert_eq!(error.get_ref().unwrap().downcast_ref(), Some(&expected));
    }

    #[test]
    fn disclosures_open_to_their_fields(fields in fields(), seed in any::<u32>(), shown in any::<u16>()) {
        let (disclosures, sd) = commit(&fields, &mut repeatable(&seed.to_string()));
        prop_assert!(sd.is_sorted() && sd.len() % 4 == 0 && sd.len() >= fields.len().max(4));
        prop_assert_eq!(match_all(&sd, &disclosures).unwrap(), fields.clone());
        let some: Vec<_> = disclosures
            .iter()
            .enumerate()
            .filter(|(n, _)| shown >> n & 1 == 1)
            .map(|(_, one)| Disclosure::parse(one.encoded()).unwrap())
            .collect();
        let opened = match_all(&sd, &some).unwrap();
        prop_assert_eq!(opened.len(), some.len());
        prop_assert!(opened.iter().all(|(name, value)| fields.get(name.as_str()) == Some(value)));
    }

    #[test]
    fn fields_are_json_and_back(fields in fields()) {
        let json = serde_json::to_string(&fields).unwrap();
        prop_assert_eq!(serde_json::from_str::<Fields>(&json).unwrap(), fields);
    }

    #[test]
    fn rows_come_back(key in any::<[u8; 32]>(), aad in any::<Vec<u8>>(), row in any::<Vec<u8>>()) {
        let key = RowKey::from_bytes(key);
        let sealed = key.seal(&aad, &row, &mut repeatable("row"));
        prop_assert_eq!(&key.open(&aad, &sealed).unwrap()[..], &row[..]);
    }

    #[test]
    fn no_parser_panics_on_any_bytes(bytes in any::<Vec<u8>>(), text in any::<String>()) {
        let _ = open_bytes(&bytes, &[&vault()]);
        let _ = open_bytes(&[b"age-encryption.org/v1\n", &bytes[..]].concat(), &[&vault()]);
        let _ = open_bytes(&[b"age-encryption.org/v1\n-> X25519 ", &bytes[..]].concat(), &[&vault()]);
        let _ = RowKey::from_bytes([1; 32]).open(b"", &bytes);
        let _ = Disclosure::parse(&text);
        let _ = (Identity::parse(&text), Recipient::parse(&text), parse_plain_key_file(&text));
        let _ = open_identity(&format!("sigu-key/v1\n{text}"), b"");
        let _ = serde_json::from_slice::<Fields>(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn masking_is_in_order_and_stable(text in shop_texts()) {
        let mut at = 0;
        for range in find_secrets(&text) {
            prop_assert!(at <= range.start && range.start < range.end && range.end <= text.len());
            prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
            at = range.end;
        }
        let once = mask_text(&text);
        prop_assert_eq!(mask_text(&once), once);
    }

    #[test]
    fn a_labelled_code_never_stays_whole(code in "[A-Za-z0-9]{5,40}", before in shop_texts()) {
        let masked = mask_text(&format!("{before}\n卡密：{code}\n"));
        let last_line = masked.trim_end().rsplit('\n').next().unwrap();
        prop_assert!(!last_line.contains(&code), "{}", masked);
    }
}

#[test]
fn a_change_of_any_byte_is_refused() {
    let sealed = seal_bytes(b"7QKD-ZT4M-90XA", &[vault().recipient()], &mut repeatable("p"));
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut other = sealed.clone();
            other[at] ^= 1 << bit;
            assert!(open_bytes(&other, &[&vault()]).is_err(), "bit {bit} of byte {at}");
        }
        assert!(open_bytes(&sealed[..at], &[&vault()]).is_err(), "cut at {at}");
    }
}
