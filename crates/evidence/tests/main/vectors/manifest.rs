//! Vectors of item manifests, as JSON objects of fields.

use serde_json::{Value, json};
use sigu_evidence::{ContentId, ItemManifest, Source};

use super::Vector;

/// The item of `good-full.json`.
pub(crate) fn full() -> ItemManifest {
    ItemManifest {
        content: ContentId::of(b"7QKD-ZT4M-90XA"),
        size: 14,
        media_type: "text/plain".into(),
        file_name: Some("卡密 截图.txt".into()),
        source: Source::File,
        modified_at: Some("2026-11-22T08:00:00.123Z".into()),
        secret: true,
        masked: Some("7Q…XA (14)".into()),
    }
}

/// The item of `good-least.json`.
pub(crate) fn least() -> ItemManifest {
    ItemManifest {
        content: ContentId::of(b""),
        size: 0,
        media_type: "application/octet-stream".into(),
        file_name: None,
        source: Source::Stdin,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

fn object(manifest: &ItemManifest) -> Value {
    serde_json::to_value(manifest.to_fields().unwrap()).unwrap()
}

/// All vectors of manifests.
pub(crate) fn all() -> Vec<Vector> {
    let with = |name: &str, value: Value| {
        let mut object = object(&full());
        object[name] = value;
        object
    };
    let without = |name: &str| {
        let mut object = object(&full());
        object.as_object_mut().unwrap().remove(name);
        object
    };
    let vectors = vec![
        ("good-full", object(&full())),
        ("good-least", object(&least())),
        ("good-other-fields", with("order.no", json!("A1"))),
        ("bad-no-size", without("blob.size")),
        ("bad-no-secret", without("secret")),
        ("bad-upper-case-id", with("blob.sha256", json!(full().content.to_string().to_uppercase()))),
        ("bad-negative-size", with("blob.size", json!(-1))),
        ("bad-text-size", with("blob.size", json!("14"))),
        ("bad-media-type-parameter", with("blob.media_type", json!("text/plain; charset=utf-8"))),
        ("bad-control-in-name", with("file.name", json!("a\u{7}b"))),
        ("bad-folder-in-name", with("file.name", json!("a/b"))),
        ("bad-long-name", with("file.name", json!("卡".repeat(256)))),
        ("bad-local-time", with("file.modified_at", json!("2026-11-22T16:00:00+08:00"))),
        ("bad-no-such-day", with("file.modified_at", json!("2026-02-29T08:00:00Z"))),
        ("bad-unknown-source", with("source", json!("camera"))),
        ("bad-masked-but-not-secret", with("secret", json!(false))),
    ];
    vectors
        .into_iter()
        .map(|(name, object)| (format!("manifest/{name}.json"), format!("{object:#}\n").into_bytes()))
        .collect()
}
