//! Headers of Bitcoin blocks, 80 bytes, as far as a proof needs them.
//!
//! A header here is a claim: anybody can make one. What speaks for it is the work in its hash, and that a
//! node, or any two block explorers, show the same hash at the height. There is no node here.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::hex::unhex;

/// By how much the time of a block may run ahead of the clocks of the network.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(2);

/// Holds a block header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHeader {
    bytes: [u8; 80],
}

/// Says why a header does not confirm a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Not 80 bytes, nor their hex digits where those may be.
    #[error("a block header has 80 bytes")]
    Length,
    /// Its Merkle root is another one.
    #[error("the block has another Merkle root than the proof leads to")]
    OtherRoot,
    /// Its hash is above the target that it states itself.
    #[error("the block does not hold the work that it states")]
    Work,
}

impl BlockHeader {
    /// Reads 80 bytes: version, previous block, Merkle root, time, target, nonce.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        Ok(Self { bytes: bytes.try_into().map_err(|_| HeaderError::Length)? })
    }

    /// Reads a header as people bring it: its 80 bytes, or 160 hex digits in any case with blanks around.
    pub fn read(bytes: &[u8]) -> Result<Self, HeaderError> {
        if let Ok(header) = Self::parse(bytes) {
            return Ok(header);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| HeaderError::Length)?;
        let bytes = unhex::<80>(&text.trim().to_ascii_lowercase()).ok_or(HeaderError::Length)?;
        Ok(Self { bytes })
    }

    /// Returns the 80 bytes.
    pub fn as_bytes(&self) -> &[u8; 80] {
        &self.bytes
    }

    /// Returns the Merkle root in the order of the header; block explorers show it the other way round.
    pub fn merkle_root(&self) -> [u8; 32] {
        let mut root = [0; 32];
        root.copy_from_slice(&self.bytes[36..68]);
        root
    }

    /// Returns the time the miner wrote into it, in whole seconds.
    pub fn time(&self) -> Timestamp {
        let seconds = u32::from_le_bytes([self.bytes[68], self.bytes[69], self.bytes[70], self.bytes[71]]);
        // Up to the year 2106.
        Timestamp::from_second(i64::from(seconds)).unwrap_or(Timestamp::MAX)
    }

    /// Returns an instant by which the block existed: its time and two hours, by which miners may be ahead.
    pub fn latest(&self) -> Timestamp {
        self.time().checked_add(MAX_AHEAD).unwrap_or(Timestamp::MAX)
    }

    /// Returns the hash of the block as people write it: reversed, so that zeros stand first.
    pub fn hash(&self) -> [u8; 32] {
        let mut hash: [u8; 32] = Sha256::digest(Sha256::digest(self.bytes)).into();
        hash.reverse();
        hash
    }

    /// Returns with how many zero bits the hash begins; each doubles the work. Bitcoin blocks since 2015 have
    /// 66 and more.
    pub fn zero_bits(&self) -> u32 {
        let hash = self.hash();
        let zeros = hash.iter().take_while(|byte| **byte == 0).count();
        // At most 32 bytes: the cast is exact.
        zeros as u32 * 8 + hash.get(zeros).map_or(0, |byte| byte.leading_zeros())
    }

    /// Checks that the block commits to the root a proof leads to, and holds the work that it states.
    ///
    /// That it is a block of Bitcoin at the height in the proof is not checked here.
    pub fn confirms(&self, merkle_root: &[u8; 32]) -> Result<(), HeaderError> {
        if self.merkle_root() != *merkle_root {
            return Err(HeaderError::OtherRoot);
        }
        match self.target() {
            Some(target) if self.hash() <= target => Ok(()),
            _ => Err(HeaderError::Work),
        }
    }

    /// The target: three bytes of value and how far to the left they stand; `None` if it is negative or too
    /// large.
    fn target(&self) -> Option<[u8; 32]> {
        let [low, middle, high, exponent] = [72, 73, 74, 75].map(|at: usize| self.bytes[at]);
        if high & 0x80 != 0 {
            return None;
        }
        let mut target = [0; 32];
        for (i, byte) in [high, middle, low].into_iter().enumerate() {
            // The first byte has weight 256^(exponent-1).
            let place = (32 + i).checked_sub(usize::from(exponent));
            match place {
                Some(place) if place < 32 => target[place] = byte,
                None if byte != 0 => return None,
                _ => {}
            }
        }
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::hex;

    /// The first block of Bitcoin.
    const GENESIS: &str = "01000000\
        0000000000000000000000000000000000000000000000000000000000000000\
        3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a\
        29ab5f49ffff001d1dac2b7c";

    #[test]
    fn the_first_block() {
        let header = BlockHeader::parse(&unhex::<80>(GENESIS).unwrap()).unwrap();
        assert_eq!(hex(&header.hash()), "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
        assert_eq!(header.time().to_string(), "2009-01-03T18:15:05Z");
        assert_eq!(header.latest().to_string(), "2009-01-03T20:15:05Z");
        assert_eq!(header.zero_bits(), 43);
        assert_eq!(header.confirms(&header.merkle_root()), Ok(()));
        assert_eq!(header.confirms(&[0; 32]), Err(HeaderError::OtherRoot));
    }

    #[test]
    fn as_people_bring_it() {
        let header = BlockHeader::parse(&unhex::<80>(GENESIS).unwrap()).unwrap();
        let shouted = GENESIS.to_ascii_uppercase();
        for given in [header.as_bytes().as_slice(), GENESIS.as_bytes(), format!(" {shouted}\r\n").as_bytes()]
        {
            assert_eq!(BlockHeader::read(given), Ok(header));
        }
        let short = &GENESIS[1..];
        for bad in ["", "07", short, &format!("{short}g"), &format!("{GENESIS}0"), &"é".repeat(80)] {
            assert_eq!(BlockHeader::read(bad.as_bytes()), Err(HeaderError::Length), "{bad}");
        }
    }

    #[test]
    fn a_header_without_its_work() {
        let mut bytes = unhex::<80>(GENESIS).unwrap();
        bytes[79] ^= 1;
        let header = BlockHeader::parse(&bytes).unwrap();
        assert_eq!(header.confirms(&header.merkle_root()), Err(HeaderError::Work));
        for target in [[0xff, 0xff, 0xff, 0x1d], [0, 0, 1, 0xff], [0, 0, 0, 0], [1, 0, 0, 1]] {
            bytes[72..76].copy_from_slice(&target);
            let header = BlockHeader::parse(&bytes).unwrap();
            assert_eq!(header.confirms(&header.merkle_root()), Err(HeaderError::Work), "{target:?}");
        }
        assert_eq!(BlockHeader::parse(&bytes[..79]), Err(HeaderError::Length));
    }
}
