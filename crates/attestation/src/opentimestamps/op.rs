//! The steps of a proof: each makes one message of another.
//!
//! SHA-1 and RIPEMD-160 stand in old proofs, between digests that are sound. Keccak-256 is not known here.

use std::fmt;

use ripemd::Ripemd160;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::wire::{Input, OtsError, write_string};

/// The longest message before or after a step, in bytes.
const MAX_MESSAGE_BYTES: usize = 4096;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// SHA-1 of the message (tag 02).
    Sha1,
    /// RIPEMD-160 of the message (tag 03).
    Ripemd160,
    /// SHA-256 of the message (tag 08).
    Sha256,
    /// The message and these bytes (tag f0).
    Append(Vec<u8>),
    /// These bytes and the message (tag f1).
    Prepend(Vec<u8>),
    /// The message from its end to its beginning (tag f2).
    Reverse,
    /// The message in lower-case hex (tag f3).
    Hexlify,
}

impl Op {
    /// Reads the rest of a step whose tag was read.
    pub(crate) fn read(tag: u8, input: &mut Input<'_>) -> Result<Self, OtsError> {
        let argument = |input: &mut Input<'_>| {
            let bytes = input.string(MAX_MESSAGE_BYTES, OtsError::Length)?;
            if bytes.is_empty() { Err(OtsError::Length) } else { Ok(bytes.to_vec()) }
        };
        match tag {
            0x02 => Ok(Self::Sha1),
            0x03 => Ok(Self::Ripemd160),
            0x08 => Ok(Self::Sha256),
            0xf0 => argument(input).map(Self::Append),
            0xf1 => argument(input).map(Self::Prepend),
            0xf2 => Ok(Self::Reverse),
            0xf3 => Ok(Self::Hexlify),
            unknown => Err(OtsError::UnknownOp(unknown)),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Sha1 => out.push(0x02),
            Self::Ripemd160 => out.push(0x03),
            Self::Sha256 => out.push(0x08),
            Self::Append(bytes) => {
                out.push(0xf0);
                write_string(out, bytes);
            }
            Self::Prepend(bytes) => {
                out.push(0xf1);
                write_string(out, bytes);
            }
            Self::Reverse => out.push(0xf2),
            Self::Hexlify => out.push(0xf3),
        }
    }

    /// Makes the next message; refuses messages above 4096 bytes before and after, and to turn an empty one.
    pub fn apply(&self, message: &[u8]) -> Result<Vec<u8>, OtsError> {
        let turns = matches!(self, Self::Reverse | Self::Hexlify);
        if message.len() > MAX_MESSAGE_BYTES || (turns && message.is_empty()) {
            return Err(OtsError::Length);
        }
        let result = match self {
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Ripemd160 => Ripemd160::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Append(bytes) => [message, bytes].concat(),
            Self::Prepend(bytes) => [bytes, message].concat(),
            Self::Reverse => message.iter().rev().copied().collect(),
            Self::Hexlify => crate::hex::hex(message).into_bytes(),
        };
        if result.len() > MAX_MESSAGE_BYTES { Err(OtsError::Length) } else { Ok(result) }
    }
}

impl fmt::Display for Op {
    /// Writes the step as `ots info` does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha1 => f.write_str("sha1"),
            Self::Ripemd160 => f.write_str("ripemd160"),
            Self::Sha256 => f.write_str("sha256"),
            Self::Append(bytes) => write!(f, "append {}", crate::hex::hex(bytes)),
            Self::Prepend(bytes) => write!(f, "prepend {}", crate::hex::hex(bytes)),
            Self::Reverse => f.write_str("reverse"),
            Self::Hexlify => f.write_str("hexlify"),
        }
    }
}

/// Names how the file of a proof was digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileDigest {
    /// SHA-1: broken; a proof over it shows little.
    Sha1,
    /// RIPEMD-160.
    Ripemd160,
    /// SHA-256, the only one that is written here.
    Sha256,
}

impl FileDigest {
    pub(crate) fn read(tag: u8) -> Result<Self, OtsError> {
        match tag {
            0x02 => Ok(Self::Sha1),
            0x03 => Ok(Self::Ripemd160),
            0x08 => Ok(Self::Sha256),
            _ => Err(OtsError::FileDigest),
        }
    }

    pub(crate) fn tag(self) -> u8 {
        match self {
            Self::Sha1 => 0x02,
            Self::Ripemd160 => 0x03,
            Self::Sha256 => 0x08,
        }
    }

    pub(crate) fn bytes(self) -> usize {
        if self == Self::Sha256 { 32 } else { 20 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        let apply = |op: Op, message: &[u8]| op.apply(message).map(|bytes| crate::hex::hex(&bytes));
        let cases = [
            (Op::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Op::Ripemd160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
            (Op::Append(b"d".to_vec()), "61626364"),
            (Op::Prepend(b"d".to_vec()), "64616263"),
            (Op::Reverse, "636261"),
            (Op::Hexlify, "363136323633"),
        ];
        for (op, expected) in cases {
            assert_eq!(apply(op, b"abc").unwrap(), expected);
        }
        assert!(apply(Op::Sha256, b"abc").unwrap().starts_with("ba7816bf"));
        assert_eq!(apply(Op::Reverse, b""), Err(OtsError::Length));
        assert_eq!(apply(Op::Hexlify, &[0; 2049]), Err(OtsError::Length));
        assert_eq!(apply(Op::Sha256, &[0; 4097]), Err(OtsError::Length));
        assert_eq!(apply(Op::Append(vec![0; 4096]), b"a"), Err(OtsError::Length));
    }
}
