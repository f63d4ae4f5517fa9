//! The closed list of paths a bundle may hold, and what each of them is.
//!
//! A path that is not one of these is not part of the format, whatever it contains.

use crate::ItemId;
use sigu_evidence::item_id::{decimal, log_number};

pub(crate) const BAGIT: &str = "bagit.txt";
pub(crate) const BAG_INFO: &str = "bag-info.txt";
pub(crate) const INDEX_HTML: &str = "data/index.html";
pub(crate) const INDEX_JSON: &str = "data/index.json";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(crate) const VERIFY_MD: &str = "trust/VERIFY.md";
pub(crate) const CHECK_INCLUSION: &str = "trust/check-inclusion.sh";
pub(crate) const CONTENTS: &str = "trust/contents.txt";

/// The files that occur exactly once in every bundle.
pub(crate) const SINGLE: [&str; 9] =
    [BAG_INFO, BAGIT, INDEX_HTML, INDEX_JSON, MANIFEST, TAG_MANIFEST, VERIFY_MD, CHECK_INCLUSION, CONTENTS];

/// What a file of the bundle is, read from its path alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// One of [`SINGLE`].
    Single,
    /// The content of an item.
    Item(ItemId),
    LogVkey(u32),
    LogPem(u32),
    Note(u32),
    Leaf(ItemId),
    Proof(ItemId),
    Disclosures(ItemId),
}

impl Role {
    /// Names the role of a path below the top folder, or `None` where the format knows no such file.
    pub(crate) fn of(path: &str) -> Option<Self> {
        if SINGLE.contains(&path) {
            return Some(Self::Single);
        }
        if let Some(name) = path.strip_prefix("data/items/") {
            let (position, ext) = name.split_once('.')?;
            return is_extension(ext).then_some(Self::Item(position.parse().ok()?));
        }
        let (log, rest) = path.strip_prefix("trust/logs/")?.split_once('/')?;
        Self::in_log(log_number(log)?, rest)
    }

    fn in_log(log: u32, rest: &str) -> Option<Self> {
        match rest {
            "log.vkey" => return Some(Self::LogVkey(log)),
            "log.pem" => return Some(Self::LogPem(log)),
            "checkpoint.note" => return Some(Self::Note(log)),
            _ => {}
        }
        let (folder, name) = rest.split_once('/')?;
        let (seq, ext) = name.split_once('.')?;
        let position = ItemId::new(log, decimal(seq)?);
        match (folder, ext) {
            ("leaves", "json") => Some(Self::Leaf(position)),
            ("proofs", "tlog-proof") => Some(Self::Proof(position)),
            ("disclosures", "txt") => Some(Self::Disclosures(position)),
            _ => None,
        }
    }
}

/// Tells whether `ext` may end the name of an item: `[a-z0-9]{1,8}`.
pub(crate) fn is_extension(ext: &str) -> bool {
    (1..=8).contains(&ext.len()) && ext.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Tells whether a path is relative, goes only down, and uses `[A-Za-z0-9._-]` and `/` only.
pub(crate) fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| {
        !matches!(part, "" | "." | "..")
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    })
}

/// Tells whether a path belongs to the payload.
pub(crate) fn is_payload(path: &str) -> bool {
    path.starts_with("data/")
}

pub(crate) fn item(position: ItemId, ext: &str) -> String {
    format!("data/items/{position}.{ext}")
}

pub(crate) fn in_log(log: u32, name: &str) -> String {
    format!("trust/logs/{log}/{name}")
}

pub(crate) fn leaf(at: ItemId) -> String {
    format!("trust/logs/{}/leaves/{}.json", at.log, at.seq)
}

pub(crate) fn proof(at: ItemId) -> String {
    format!("trust/logs/{}/proofs/{}.tlog-proof", at.log, at.seq)
}

pub(crate) fn disclosures(at: ItemId) -> String {
    format!("trust/logs/{}/disclosures/{}.txt", at.log, at.seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_one_spelling() {
        let at = ItemId::new(2, 30);
        assert_eq!(Role::of(&leaf(at)), Some(Role::Leaf(at)));
        assert_eq!(Role::of(&proof(at)), Some(Role::Proof(at)));
        assert_eq!(Role::of(&disclosures(at)), Some(Role::Disclosures(at)));
        assert_eq!(Role::of(&item(at, "png")), Some(Role::Item(at)));
        assert_eq!(Role::of(&in_log(2, "log.pem")), Some(Role::LogPem(2)));
        for bad in [
            "data/items/2-30",
            "data/items/2-30.PNG",
            "data/items/2-30.tar.gz",
            "data/items/2-030.png",
            "data/items/x/2-30.png",
            "data/other",
            "trust/logs/0/log.pem",
            "trust/logs/2/leaves/1.txt",
            "trust/logs/2/leaves/1.json/x",
            "trust/x",
            "x",
        ] {
            assert_eq!(Role::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_plain_paths_go_down() {
        assert!(is_plain("a/b-1_2.c"));
        for bad in ["", "/a", "a/", "a//b", "a/../b", "./a", "a\\b", "a b", "C:/a", "ä", "a\0b", "a%25"] {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
