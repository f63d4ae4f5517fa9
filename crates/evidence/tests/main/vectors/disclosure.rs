//! Vectors of disclosures: those published in RFC 9901, some of this writer, and one for each defect.
//!
//! A good vector has two lines, disclosure and digest; a bad one has the disclosure only. Sets are JSON.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sigu_evidence::{Disclosure, Fields, commit};

use super::{Vector, repeatable};

/// Disclosure and digest as RFC 9901 prints them (sections 4.2.1 and 5.1).
const PUBLISHED: &[(&str, &str, &str)] = &[
    (
        "given-name",
        "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
        "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
    ),
    (
        "family-name",
        "WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImZhbWlseV9uYW1lIiwgIkRvZSJd",
        "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo",
    ),
    (
        "email",
        "WyI2SWo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgImVtYWlsIiwgImpvaG5kb2VAZXhhbXBsZS5jb20iXQ",
        "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE",
    ),
    (
        "phone-number",
        "WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgInBob25lX251bWJlciIsICIrMS0yMDItNTU1LTAxMDEiXQ",
        "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI",
    ),
    (
        "phone-number-verified",
        "WyJRZ19PNjR6cUF4ZTQxMmExMDhpcm9BIiwgInBob25lX251bWJlcl92ZXJpZmllZCIsIHRydWVd",
        "XQ_3kPKt1XyX7KANkqVR6yZ2Va5NrPIvPYbyMvRKBMM",
    ),
    (
        "birthdate",
        "WyJQYzMzSk0yTGNoY1VfbEhnZ3ZfdWZRIiwgImJpcnRoZGF0ZSIsICIxOTQwLTAxLTAxIl0",
        "gbOsI4Edq2x2Kw-w5wPEzakob9hV1cRD0ATN3oQL9JM",
    ),
    (
        "updated-at",
        "WyJHMDJOU3JRZmpGWFE3SW8wOXN5YWpBIiwgInVwZGF0ZWRfYXQiLCAxNTcwMDAwMDAwXQ",
        "CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI",
    ),
    (
        "moebius",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
        "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
    ),
];

/// The published disclosure of an object, which is no field value.
const PUBLISHED_OBJECT: &str = "WyJBSngtMDk1VlBycFR0TjRRTU9xUk9BIiwgImFkZHJlc3MiLCB7InN0cmVldF9hZGRyZXNzIjogIjEyMyBNYWluIFN0IiwgImxvY2FsaXR5IjogIkFueXRvd24iLCAicmVnaW9uIjogIkFueXN0YXRlIiwgImNvdW50cnkiOiAiVVMifV0";

fn fields() -> Fields {
    let mut fields = Fields::new();
    fields.put("order.amount_fen", 1990_i64).unwrap();
    fields.put("card.redeem_code", "7QKD-ZT4M-90XA").unwrap();
    fields.put("order.paid", true).unwrap();
    fields.put("order.labels", vec!["卡密".to_owned(), String::new()]).unwrap();
    fields.put("order.no", "A1\n\"<>&é").unwrap();
    fields
}

/// All vectors of disclosures.
pub(crate) fn all() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for (name, disclosure, digest) in PUBLISHED {
        vectors.push((format!("good-rfc9901-{name}.txt"), format!("{disclosure}\n{digest}\n")));
    }
    for made in commit(&fields(), &mut repeatable("disclosures")).0 {
        let name = made.name().as_str().replace(['.', '_'], "-");
        vectors.push((format!("good-{name}.txt"), format!("{}\n{}\n", made.encoded(), made.digest())));
    }
    vectors.extend(bad().into_iter().map(|(name, text)| (format!("bad-{name}.txt"), format!("{text}\n"))));
    vectors.extend(sets().into_iter().map(|(name, set)| (format!("{name}.json"), format!("{set:#}\n"))));
    vectors.into_iter().map(|(name, text)| (format!("disclosure/{name}"), text.into_bytes())).collect()
}

fn bad() -> Vec<(&'static str, String)> {
    let json = |json: &str| URL_SAFE_NO_PAD.encode(json.replace("SALT", "2GLC42sKQveCfGfryNRN9w"));
    let good = json(r#"["SALT","order.no","A1"]"#);
    let standard = STANDARD_NO_PAD.encode(r#"["2GLC42sKQveCfGfryNRN9w","order.no","??>>??>>"]"#);
    assert!(standard.contains(['+', '/']));
    vec![
        ("padded", format!("{}=", json(r#"["SALT","order.no","A12"]"#))),
        ("standard-alphabet", standard),
        ("noncanonical", stray_bits(&json(r#"["SALT","order.no","A"]"#))),
        ("line-end", format!("{}\n{}", &good[..20], &good[20..])),
        ("not-json", URL_SAFE_NO_PAD.encode("[\"2GLC42sKQveCfGfryNRN9w\",")),
        ("not-utf8", URL_SAFE_NO_PAD.encode(b"[\"2GLC42sKQveCfGfryNRN9w\",\"a\",\"\xff\"]")),
        ("trailing-json", json(r#"["SALT","order.no","A1"]1"#)),
        ("object", json(r#"{"a":1}"#)),
        ("two-elements", json(r#"["SALT","A1"]"#)),
        ("four-elements", json(r#"["SALT","order.no","A1",1]"#)),
        ("short-salt", json(r#"["2GLC42sKQveCfGfryNRN","order.no","A1"]"#)),
        ("number-salt", json(r#"[12345678901234567890,"order.no","A1"]"#)),
        ("noncanonical-salt", json(r#"["2GLC42sKQveCfGfryNRN9x","order.no","A1"]"#)),
        ("reserved-sd", json(r#"["SALT","_sd","A1"]"#)),
        ("reserved-dots", json(r#"["SALT","...","A1"]"#)),
        ("upper-case-name", json(r#"["SALT","Order","A1"]"#)),
        ("number-name", json(r#"["SALT",1,"A1"]"#)),
        ("object-value", PUBLISHED_OBJECT.to_owned()),
        ("null-value", json(r#"["SALT","order.no",null]"#)),
        ("float-value", json(r#"["SALT","order.no",1.0]"#)),
        ("unsafe-integer", json(r#"["SALT","order.no",9007199254740992]"#)),
        ("mixed-list", json(r#"["SALT","order.no",["a",1]]"#)),
    ]
}

/// Sets an unused bit of the last base64 character: the same bytes, written otherwise.
fn stray_bits(text: &str) -> String {
    format!("{}1", text.strip_suffix('0').unwrap())
}

fn sets() -> Vec<(&'static str, serde_json::Value)> {
    let (disclosures, sd) = commit(&fields(), &mut repeatable("disclosures"));
    let (others, other_sd) = commit(&fields(), &mut repeatable("other disclosures"));
    let set = |sd: &[String], shown: &[&Disclosure]| {
        let shown: Vec<_> = shown.iter().map(|one| one.encoded()).collect();
        serde_json::json!({"_sd": sd, "disclosures": shown})
    };
    let digest = disclosures[0].digest();
    vec![
        ("good-set-all", set(&sd, &disclosures.iter().collect::<Vec<_>>())),
        ("good-set-one", set(&sd, &[&disclosures[1]])),
        ("bad-set-digest-listed-twice", set(&[&sd[..], &[digest]].concat(), &[&disclosures[0]])),
        ("bad-set-digest-opened-twice", set(&sd, &[&disclosures[0], &disclosures[0]])),
        ("bad-set-not-committed", set(&sd, &[&disclosures[0], &others[1]])),
        ("bad-set-name-twice", set(&[sd.clone(), other_sd].concat(), &[&disclosures[0], &others[0]])),
    ]
}
