//! The bytes that all parts of a proof are made of: single bytes, numbers and byte strings with their length.

/// Says why bytes are not a proof or an answer of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtsError {
    /// Larger than what is read.
    #[error("larger than any proof or answer that is read")]
    TooLarge,
    /// The first 31 bytes are not those of a proof.
    #[error("not an OpenTimestamps proof")]
    Magic,
    /// A major version other than 1.
    #[error("a proof of the unknown version {0}")]
    Version(u64),
    /// The file was digested by something else than SHA-1, RIPEMD-160 or SHA-256.
    #[error("the digest of the file is of an unknown kind")]
    FileDigest,
    /// The bytes end before the proof does.
    #[error("the proof ends too early")]
    Truncated,
    /// The bytes go on after the proof.
    #[error("bytes after the end of the proof")]
    TrailingBytes,
    /// A step that is not known.
    #[error("the unknown step 0x{0:02x}")]
    UnknownOp(u8),
    /// A step with nothing to add, or more than 4096 bytes before or after a step.
    #[error("a step with an empty argument, or a message of more than 4096 bytes")]
    Length,
    /// A number above 2^64-1.
    #[error("a number above 2^64-1")]
    Number,
    /// What an attestation says is malformed.
    #[error("a malformed attestation")]
    Attestation,
    /// Deeper than 256 steps.
    #[error("a path of more than 256 steps")]
    Depth,
    /// An answer that is about no message of this proof.
    #[error("the answer is about no message of this proof")]
    NotInProof,
}

/// Reads bytes from the front.
pub(crate) struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, OtsError> {
        Ok(self.bytes(1)?[0])
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8], OtsError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(OtsError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Reads a number: seven bits a byte, the lowest first, the top bit set on all but the last.
    pub(crate) fn number(&mut self) -> Result<u64, OtsError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(OtsError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(OtsError::Number)
    }

    /// Reads a byte string of at most `max` bytes with its length before it.
    pub(crate) fn string(&mut self, max: usize, error: OtsError) -> Result<&'a [u8], OtsError> {
        let length = usize::try_from(self.number()?).ok().filter(|length| *length <= max).ok_or(error)?;
        self.bytes(length)
    }

    pub(crate) fn finish(&self) -> Result<(), OtsError> {
        if self.rest.is_empty() { Ok(()) } else { Err(OtsError::TrailingBytes) }
    }
}

pub(crate) fn write_number(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        // Seven bits: the cast is exact.
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(crate) fn write_string(out: &mut Vec<u8>, bytes: &[u8]) {
    // Lengths are at most 8192: the cast is exact.
    write_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for value in [0, 1, 127, 128, 300, 358_391, u64::MAX] {
            let mut bytes = Vec::new();
            write_number(&mut bytes, value);
            assert_eq!(Input::new(&bytes).number(), Ok(value));
        }
        let nine = [0xff; 9];
        assert_eq!(Input::new(&[&nine[..], &[2]].concat()).number(), Err(OtsError::Number));
        assert_eq!(Input::new(&[&nine[..], &[0x80, 1]].concat()).number(), Err(OtsError::Number));
        assert_eq!(Input::new(&nine).number(), Err(OtsError::Truncated));
        assert_eq!(Input::new(&[5, 1]).string(4, OtsError::Length), Err(OtsError::Length));
    }
}
