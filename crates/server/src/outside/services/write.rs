//! Writing the file of services: every field, in one order, with PEM readable as it was given.

use std::fmt::Write as _;

use sigu_attestation::rfc3161::DigestAlgorithm;

use super::{Calendar, KnownWitness, Relay, Root, Services, TimestampService};

pub(super) fn services(services: &Services) -> String {
    let mut out = format!("v = 1\npolicy = {}\n", block(&services.policy_text));
    for one in &services.timestamps {
        timestamp(&mut out, one);
    }
    for Calendar { name, url, promises, enabled } in &services.calendars {
        let promises: Vec<String> = promises.iter().map(|one| quoted(one)).collect();
        let fields = [
            ("name", quoted(name)),
            ("url", quoted(url)),
            ("promises", list(&promises)),
            ("enabled", enabled.to_string()),
        ];
        table(&mut out, "calendar", &fields);
    }
    for Relay { url, enabled } in &services.beacons {
        table(&mut out, "beacon", &[("url", quoted(url)), ("enabled", enabled.to_string())]);
    }
    for KnownWitness { name, key, url, enabled } in &services.witnesses {
        let fields = [
            ("name", quoted(name)),
            ("vkey", quoted(&key.to_string())),
            ("url", quoted(url)),
            ("enabled", enabled.to_string()),
        ];
        table(&mut out, "witness", &fields);
    }
    out
}

fn timestamp(out: &mut String, one: &TimestampService) {
    let root = |root: &Root| match root {
        Root::BuiltIn(root) => quoted(root.name),
        Root::Pem(text) => block(text),
    };
    let roots: Vec<String> = one.roots.iter().map(root).collect();
    let imprint = if one.imprint == DigestAlgorithm::Sm3 { "sm3" } else { "sha256" };
    let fields = [
        ("name", quoted(&one.name.to_string())),
        ("label", quoted(&one.label)),
        ("operator", quoted(&one.operator)),
        ("url", quoted(&one.url)),
        ("roots", list(&roots)),
        ("pause_s", one.pause_s.to_string()),
        ("imprint", quoted(imprint)),
        ("free", one.free.to_string()),
        ("tested", one.tested.to_string()),
        ("enabled", one.enabled.to_string()),
        ("note", block(&one.note)),
    ];
    table(out, "timestamp", &fields);
}

fn table(out: &mut String, name: &str, fields: &[(&str, String)]) {
    let _ = write!(out, "\n[[{name}]]\n");
    for (field, value) in fields {
        let _ = writeln!(out, "{field} = {value}");
    }
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.join(", "))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, false))
}

/// A string of several lines where there are any. The first newline is not part of it.
fn block(text: &str) -> String {
    if text.contains('\n') { format!("\"\"\"\n{}\"\"\"", escaped(text, true)) } else { quoted(text) }
}

fn escaped(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if lines => out.push('\n'),
            sign if sign.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out
}
