//! The closed list of paths a bundle may hold, and what each of them is.
//!
//! A path that is not one of these is not part of the format, whatever it contains.

use sigu_attestation::stored;
use sigu_attestation::stored::ServiceName;
use sigu_evidence::item_id::{decimal, log_number};
use sigu_ledger::MAX_SAFE_INTEGER;

use crate::{ItemId, StampId};

pub(crate) const BAGIT: &str = "bagit.txt";
pub(crate) const BAG_INFO: &str = "bag-info.txt";
pub(crate) const INDEX_HTML: &str = "data/index.html";
pub(crate) const INDEX_JSON: &str = "data/index.json";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(crate) const VERIFY_MD: &str = "trust/VERIFY.md";
pub(crate) const CHECK_INCLUSION: &str = "trust/check-inclusion.sh";
pub(crate) const CONTENTS: &str = "trust/contents.txt";
/// The page that judges a package without us; it may be absent.
pub(crate) const CHECKER_PAGE: &str = "trust/checker.html";

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
    /// [`CHECKER_PAGE`].
    CheckerPage,
    /// What outsiders said over one checkpoint.
    Stamped(StampId, Stamped),
    /// The round of drand that a leaf names.
    Round(u64),
}

/// What a file in a folder of `stamped/` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamped {
    Note,
    Consistency,
    Ots,
    Header,
    Cosignatures,
    /// Of a service, whose name is the path's.
    Request,
    Reply,
    Chain,
}

impl Stamped {
    /// The files of a service; each name is followed by its ending.
    const OF_SERVICE: [Self; 3] = [Self::Request, Self::Reply, Self::Chain];

    fn of(name: &str) -> Option<Self> {
        let alone = [Self::Note, Self::Consistency, Self::Ots, Self::Header, Self::Cosignatures];
        if let Some(stamped) = alone.into_iter().find(|stamped| stamped.file() == name) {
            return Some(stamped);
        }
        let is = |stamped: &Self| {
            name.strip_suffix(stamped.file()).is_some_and(|service| service.parse::<ServiceName>().is_ok())
        };
        Self::OF_SERVICE.into_iter().find(is)
    }

    /// The name of the service in a path, and which of its three files it is; `None` for a file of its own.
    pub(crate) fn of_service(self, path: &str) -> Option<(&str, usize)> {
        let place = Self::OF_SERVICE.iter().position(|stamped| *stamped == self)?;
        let (_, name) = path.rsplit_once('/')?;
        Some((name.strip_suffix(self.file())?, place))
    }

    /// The whole name of a file of its own; what follows the service's name for the others.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Note => stored::CHECKPOINT_FILE,
            Self::Consistency => stored::CONSISTENCY_FILE,
            Self::Ots => stored::TIMESTAMP_FILE,
            Self::Header => stored::HEADER_FILE,
            Self::Cosignatures => stored::COSIGNATURE_FILE,
            Self::Request => stored::SERVICE_ENDINGS[0],
            Self::Reply => stored::SERVICE_ENDINGS[1],
            Self::Chain => stored::SERVICE_ENDINGS[2],
        }
    }

    /// The most bytes the format allows; `None` for a note, which is bounded like all small files.
    pub(crate) fn most_bytes(self) -> Option<u64> {
        match self {
            Self::Note => None,
            Self::Consistency => Some(45 * stored::MAX_CONSISTENCY_HASHES as u64),
            Self::Ots | Self::Cosignatures | Self::Reply | Self::Chain => Some(64 << 10),
            Self::Header => Some(80),
            Self::Request => Some(1 << 10),
        }
    }
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
        if path == CHECKER_PAGE {
            return Some(Self::CheckerPage);
        }
        if let Some(name) = path.strip_prefix("trust/beacons/quicknet-") {
            let round = decimal(name.strip_suffix(".json")?)?;
            return (1..=MAX_SAFE_INTEGER).contains(&round).then_some(Self::Round(round));
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
        if folder == "stamped" {
            let (size, name) = name.split_once('/')?;
            let size = decimal(size).filter(|size| (1..=MAX_SAFE_INTEGER).contains(size))?;
            return Some(Self::Stamped(StampId { log, size }, Stamped::of(name)?));
        }
        let (seq, ext) = name.split_once('.')?;
        let position = ItemId::new(log, decimal(seq)?);
        match (folder, ext) {
            ("leaves", "json") => Some(Self::Leaf(position)),
            ("proofs", "tlog-proof") => Some(Self::Proof(position)),
            ("disclosures", "txt") => Some(Self::Disclosures(position)),
            _ => None,
        }
    }

    /// The log a file is of; content, outside proofs and the page make no log.
    pub(crate) fn log(self) -> Option<u32> {
        match self {
            Self::LogVkey(log) | Self::LogPem(log) | Self::Note(log) => Some(log),
            Self::Leaf(at) | Self::Proof(at) | Self::Disclosures(at) => Some(at.log),
            Self::Single | Self::Item(_) | Self::CheckerPage | Self::Stamped(..) | Self::Round(_) => None,
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

pub(crate) fn stamped(of: StampId, name: &str) -> String {
    format!("trust/logs/{}/stamped/{}/{name}", of.log, of.size)
}

pub(crate) fn round(number: u64) -> String {
    format!("trust/beacons/{}", stored::beacon_file(number))
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
        let of = StampId { log: 2, size: 7 };
        for (name, role) in [
            ("checkpoint.note", Stamped::Note),
            ("consistency.txt", Stamped::Consistency),
            ("checkpoint.ots", Stamped::Ots),
            ("checkpoint.header", Stamped::Header),
            ("witness.cosig", Stamped::Cosignatures),
            ("a.tsq", Stamped::Request),
            ("tsa-1.tsr", Stamped::Reply),
            ("freetsa.chain.pem", Stamped::Chain),
        ] {
            assert_eq!(Role::of(&stamped(of, name)), Some(Role::Stamped(of, role)), "{name}");
        }
        assert_eq!(Role::of(&round(123)), Some(Role::Round(123)));
        assert_eq!(Role::of(CHECKER_PAGE), Some(Role::CheckerPage));
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
            "trust/checker.htm",
            "trust/logs/2/stamped/checkpoint.note",
            "trust/logs/2/stamped/0/checkpoint.note",
            "trust/logs/2/stamped/07/checkpoint.note",
            "trust/logs/2/stamped/9007199254740992/checkpoint.note",
            "trust/logs/0/stamped/7/checkpoint.note",
            "trust/logs/2/stamped/7/checkpoint.note2",
            "trust/logs/2/stamped/7/x/a.tsr",
            "trust/logs/2/stamped/7/checkpoint.tsr",
            "trust/logs/2/stamped/7/witness.tsq",
            "trust/logs/2/stamped/7/A.tsr",
            "trust/logs/2/stamped/7/1a.tsr",
            "trust/logs/2/stamped/7/a.b.tsr",
            "trust/logs/2/stamped/7/.tsr",
            "trust/logs/2/stamped/7/a.pem",
            "trust/beacons/quicknet-0.json",
            "trust/beacons/quicknet-01.json",
            "trust/beacons/quicknet-9007199254740992.json",
            "trust/beacons/quicknet-1.txt",
            "trust/beacons/other-1.json",
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
