//! What a reader brings to judge outsiders by. None of it comes from the package.

use sigu_attestation::opentimestamps::BlockHeader;
use sigu_attestation::rfc3161::Trust;
use sigu_attestation::witness::Policy;
use sigu_ledger::Hash;

/// Whom the reader believes; by default nobody, so that all outside time is a claim.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// Roots of timestamp services.
    pub roots: Trust,
    /// Witnesses, and how many of them are enough.
    pub policy: Option<Policy>,
    /// Blocks the reader found in Bitcoin.
    pub blocks: Vec<KnownBlock>,
}

/// A block the reader found in Bitcoin, with a node or in two places that do not know each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBlock {
    /// Its hash, as it is usually written: zeros first.
    Hash([u8; 32]),
    /// Its header.
    Header(BlockHeader),
}

/// Says that a text is neither the hash nor the header of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a block is 64 hex digits of its hash, 160 hex digits of its header, or the 80 bytes of the header")]
pub struct KnownBlockError;

impl KnownBlock {
    /// Reads 80 bytes, or 64 or 160 hex digits in any case with blanks around.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, KnownBlockError> {
        if let Ok(header) = BlockHeader::read(bytes) {
            return Ok(Self::Header(header));
        }
        let digits = std::str::from_utf8(bytes).map_err(|_| KnownBlockError)?.trim().to_ascii_lowercase();
        let hash: Hash = digits.parse().map_err(|_| KnownBlockError)?;
        Ok(Self::Hash(*hash.as_bytes()))
    }

    /// The hash, as it is usually written.
    pub fn hash(&self) -> [u8; 32] {
        match self {
            Self::Hash(hash) => *hash,
            Self::Header(header) => header.hash(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms() {
        let header = BlockHeader::parse(&[7; 80]).expect("80 bytes");
        assert_eq!(KnownBlock::parse(&[7; 80]), Ok(KnownBlock::Header(header)));
        assert_eq!(KnownBlock::parse("07".repeat(80).as_bytes()), Ok(KnownBlock::Header(header)));
        let hash = KnownBlock::Hash([0xAB; 32]);
        assert_eq!(KnownBlock::parse(format!(" {}\n", "aB".repeat(32)).as_bytes()), Ok(hash));
        assert_eq!(KnownBlock::Header(header).hash(), header.hash());
        for bad in ["", "07", &"0g".repeat(32), &"0".repeat(63)] {
            assert_eq!(KnownBlock::parse(bad.as_bytes()), Err(KnownBlockError), "{bad}");
        }
    }
}
