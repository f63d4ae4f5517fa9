//! Names and small codecs of proofs as they lie in a package: `docs/formats/attestation.md`.
//!
//! It knows no folders and no files; whoever lays out or reads a package takes names and bytes from here.

use std::fmt;
use std::str::FromStr;

use sigu_ledger::Hash;

/// The signed checkpoint that outsiders saw.
pub const CHECKPOINT_FILE: &str = "checkpoint.note";

/// The consistency proof from that checkpoint to the package's.
pub const CONSISTENCY_FILE: &str = "consistency.txt";

/// The OpenTimestamps proof over SHA-256 of the checkpoint file.
pub const TIMESTAMP_FILE: &str = "checkpoint.ots";

/// The header of the block that proof leads to, 80 bytes, if it is known; a claim.
pub const HEADER_FILE: &str = "checkpoint.header";

/// The lines of witnesses over the checkpoint.
pub const COSIGNATURE_FILE: &str = "witness.cosig";

/// What follows the name of a service: request, reply, and the path to its root (a claim).
pub const SERVICE_ENDINGS: [&str; 3] = [".tsq", ".tsr", ".chain.pem"];

/// The most hashes of a consistency proof: RFC 9162 needs no more for 2^64 leaves.
pub const MAX_CONSISTENCY_HASHES: usize = 65;

/// The longest name of a service, in bytes.
const MAX_NAME_BYTES: usize = 32;

/// Returns the name of the file of a drand round in `trust/beacons/`.
pub fn beacon_file(round: u64) -> String {
    format!("quicknet-{round}.json")
}

/// Holds the name of a timestamp service as it stands in file names: 1 to 32 of `a-z`, `0-9` and `-`, a
/// letter first.
///
/// It is the user's word for the service and proves nothing. `checkpoint` and `witness` are taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceName(String);

/// Says that a text is not the name of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a service is 1 to 32 of a-z, 0-9 and -, a letter first")]
pub struct ServiceNameError;

impl FromStr for ServiceName {
    type Err = ServiceNameError;

    fn from_str(text: &str) -> Result<Self, ServiceNameError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let form = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(allowed);
        let taken = ["checkpoint", "witness"].contains(&text);
        if form && !taken && text.len() <= MAX_NAME_BYTES {
            Ok(Self(text.to_owned()))
        } else {
            Err(ServiceNameError)
        }
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says why bytes are not a consistency file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsistencyError {
    /// More than `MAX_CONSISTENCY_HASHES`.
    #[error("more hashes than any consistency proof has")]
    TooMany,
    /// A line is not the canonical base64 of 32 bytes, or has no newline.
    #[error("line {line} is not the canonical base64 of 32 bytes")]
    Line {
        /// Its number, from 1.
        line: usize,
    },
}

/// Writes a consistency proof: base64, one hash a line, each line ended by a newline; nothing for equal
/// sizes.
pub fn write_consistency(proof: &[Hash]) -> String {
    proof.iter().map(|hash| hash.to_base64() + "\n").collect()
}

/// Reads what `write_consistency` writes, and nothing else. Whether the proof holds is
/// `bracket::Stamp::tie`'s matter.
pub fn read_consistency(bytes: &[u8]) -> Result<Vec<Hash>, ConsistencyError> {
    let mut proof = Vec::new();
    for (i, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if i >= MAX_CONSISTENCY_HASHES {
            return Err(ConsistencyError::TooMany);
        }
        let text = line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok());
        let hash = text.and_then(|text| Hash::from_base64(text).ok());
        proof.push(hash.ok_or(ConsistencyError::Line { line: i + 1 })?);
    }
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "freetsa", "tsa-1", &"a".repeat(32)] {
            assert_eq!(good.parse::<ServiceName>().unwrap().to_string(), good);
        }
        for bad in ["", "1", "-a", "A", "a.b", "a/b", "é", "checkpoint", "witness", &"a".repeat(33)] {
            assert_eq!(bad.parse::<ServiceName>(), Err(ServiceNameError), "{bad}");
        }
        assert_eq!(beacon_file(123), "quicknet-123.json");
    }

    #[test]
    fn consistency_files() {
        for count in [0, 1, 65] {
            let proof = vec![Hash::from_bytes([7; 32]); count];
            assert_eq!(read_consistency(write_consistency(&proof).as_bytes()), Ok(proof));
        }
        let good = write_consistency(&[Hash::from_bytes([7; 32])]);
        let bad_line = |line: usize| Err(ConsistencyError::Line { line });
        assert_eq!(read_consistency(good.trim_end().as_bytes()), bad_line(1));
        assert_eq!(read_consistency(format!("{good}\n").as_bytes()), bad_line(2));
        assert_eq!(read_consistency(good.replace('\n', "\r\n").as_bytes()), bad_line(1));
        assert_eq!(read_consistency(good.repeat(66).as_bytes()), Err(ConsistencyError::TooMany));
    }
}
