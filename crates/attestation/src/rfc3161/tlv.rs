//! Reading of BER and writing of DER, element by element (X.690), as far as timestamps need it.
//!
//! It knows no schema. It reads more than DER, for services send more: lengths that are not minimal, lengths
//! left open (X.690 §8.1.3.6) and strings in parts. Tags above 30 do not occur in timestamps and are refused.

use std::borrow::Cow;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Set in the tag of an element that is made of elements.
const CONSTRUCTED: u8 = 0x20;

/// How deep lengths may be left open inside one another; each level is looked through once more.
const MAX_OPEN_DEPTH: u8 = 12;

/// The tag `[number]`, primitive (a context-specific, implicit simple type).
pub(crate) const fn primitive(number: u8) -> u8 {
    0x80 | number
}

/// The tag `[number]`, constructed.
pub(crate) const fn constructed(number: u8) -> u8 {
    0xa0 | number
}

/// Says that bytes are not what they must be, and in which structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

/// Holds one element as it was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    /// The content, without the two zero bytes that end an open length.
    pub(crate) content: &'a [u8],
    /// The whole element, tag and length included.
    pub(crate) raw: &'a [u8],
    structure: &'static str,
}

/// Reads elements one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    structure: &'static str,
}

impl<'a> Reader<'a> {
    /// Begins at the first byte; `structure` is what errors will name.
    pub(crate) fn new(bytes: &'a [u8], structure: &'static str) -> Self {
        Self { rest: bytes, structure }
    }

    /// Says whether all was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads the next element whatever it is.
    pub(crate) fn next(&mut self) -> Result<Tlv<'a>, Malformed> {
        let (tag, header, length) = self.header(self.rest)?;
        let total = match length {
            Some(length) => header.checked_add(length).filter(|total| *total <= self.rest.len()),
            None => Some(header + open_length(&self.rest[header..], MAX_OPEN_DEPTH).ok_or(self.bad())? + 2),
        };
        let total = total.ok_or(self.bad())?;
        let (raw, rest) = self.rest.split_at(total);
        let content = if length.is_some() { &raw[header..] } else { &raw[header..total - 2] };
        self.rest = rest;
        Ok(Tlv { tag, content, raw, structure: self.structure })
    }

    /// Reads the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Tlv<'a>, Malformed> {
        let next = self.next()?;
        if next.tag == tag { Ok(next) } else { Err(self.bad()) }
    }

    /// Reads the next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Malformed> {
        if self.rest.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// Refuses bytes that were not read.
    pub(crate) fn finish(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.bad()) }
    }

    /// The error of this structure.
    pub(crate) fn bad(&self) -> Malformed {
        Malformed(self.structure)
    }

    fn header(&self, bytes: &[u8]) -> Result<(u8, usize, Option<usize>), Malformed> {
        header(bytes).ok_or(self.bad())
    }
}

impl<'a> Tlv<'a> {
    /// Reads what the element is made of.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader::new(self.content, self.structure)
    }

    /// Reads what the element is made of, under another name for errors.
    pub(crate) fn inside_as(&self, structure: &'static str) -> Reader<'a> {
        Reader::new(self.content, structure)
    }

    /// Returns the magnitude of an INTEGER that is not negative, without leading zeros; zero is no byte.
    pub(crate) fn unsigned(&self) -> Result<&'a [u8], Malformed> {
        match self.content {
            [] => Err(Malformed(self.structure)),
            [first, ..] if first & 0x80 != 0 => Err(Malformed(self.structure)),
            bytes => Ok(strip_zeros(bytes)),
        }
    }

    /// Returns the value of an INTEGER from 0 to 2^32-1.
    pub(crate) fn small(&self) -> Result<u32, Malformed> {
        let bytes = self.unsigned()?;
        if bytes.len() > 4 {
            return Err(Malformed(self.structure));
        }
        Ok(bytes.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    /// Returns the value of a BOOLEAN; BER lets any byte but 0 be true.
    pub(crate) fn boolean(&self) -> Result<bool, Malformed> {
        match self.content {
            [byte] => Ok(*byte != 0),
            _ => Err(Malformed(self.structure)),
        }
    }
}

/// Returns the bytes of an OCTET STRING, which BER may have cut into parts (X.690 §8.7.3).
pub(crate) fn octets<'a>(element: &Tlv<'a>) -> Result<Cow<'a, [u8]>, Malformed> {
    if element.tag == OCTET_STRING {
        return Ok(Cow::Borrowed(element.content));
    }
    if element.tag != OCTET_STRING | CONSTRUCTED {
        return Err(Malformed(element.structure));
    }
    let mut parts = element.inside();
    let mut whole = Vec::new();
    while !parts.is_empty() {
        whole.extend_from_slice(parts.take(OCTET_STRING)?.content);
    }
    Ok(Cow::Owned(whole))
}

/// Reads tag and length: the tag, the bytes both take, and the length unless it is left open.
fn header(bytes: &[u8]) -> Option<(u8, usize, Option<usize>)> {
    let (&tag, rest) = bytes.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let &first = rest.first()?;
    match first {
        0..0x80 => Some((tag, 2, Some(usize::from(first)))),
        0x80 if tag & CONSTRUCTED != 0 => Some((tag, 2, None)),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let digits = rest.get(1..=count)?;
            let length = digits.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
            Some((tag, 2 + count, Some(usize::try_from(length).ok()?)))
        }
        _ => None,
    }
}

/// Counts the bytes before the two zero bytes that end an open length.
fn open_length(bytes: &[u8], depth: u8) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(&[0, 0]) {
            return Some(at);
        }
        let (_, header, length) = header(rest)?;
        let length = match length {
            Some(length) => length,
            None => open_length(rest.get(header..)?, depth)? + 2,
        };
        at = at.checked_add(header)?.checked_add(length).filter(|at| *at <= bytes.len())?;
    }
}

/// Drops zero bytes from the front.
pub(crate) fn strip_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

/// Writes one element in DER from the parts of its content.
pub(crate) fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let digits = length.to_be_bytes();
        let digits = strip_zeros(&digits);
        // At most eight digits: the cast is exact.
        bytes.push(0x80 | digits.len() as u8);
        bytes.extend_from_slice(digits);
    }
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// Writes an INTEGER from its magnitude, the most significant byte first.
pub(crate) fn der_unsigned(magnitude: &[u8]) -> Vec<u8> {
    let digits = strip_zeros(magnitude);
    match digits.first() {
        None => der(INTEGER, &[&[0]]),
        Some(first) if first & 0x80 != 0 => der(INTEGER, &[&[0], digits]),
        Some(_) => der(INTEGER, &[digits]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(bytes: &[u8]) -> Result<Tlv<'_>, Malformed> {
        let mut reader = Reader::new(bytes, "test");
        let element = reader.next()?;
        reader.finish()?;
        Ok(element)
    }

    #[test]
    fn lengths() {
        assert_eq!(only(&[4, 2, 7, 8]).unwrap().content, [7, 8]);
        assert_eq!(only(&[4, 0x81, 2, 7, 8]).unwrap().content, [7, 8]);
        assert_eq!(only(&[4, 0x84, 0, 0, 0, 2, 7, 8]).unwrap().content, [7, 8]);
        let open = [0x30, 0x80, 0x30, 0x80, 2, 1, 5, 0, 0, 4, 0, 0, 0];
        let element = only(&open).unwrap();
        assert_eq!(element.content, &open[2..11]);
        assert_eq!(element.raw, open);
        let mut inside = element.inside();
        assert_eq!(inside.take(SEQUENCE).unwrap().inside().take(INTEGER).unwrap().small(), Ok(5));
        assert!(inside.take(OCTET_STRING).unwrap().content.is_empty());
    }

    #[test]
    fn refused() {
        let deep = [0x30, 0x80].repeat(20);
        let deep = [deep, [0, 0].repeat(20)].concat();
        let cases: [&[u8]; 11] = [
            &[],
            &[4],
            &[4, 2, 7],
            &[4, 1, 7, 8],
            &[4, 0x85, 0, 0, 0, 0, 1, 7],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x1f, 0x01, 0],
            &[4, 0x80, 0, 0],
            &[0x30, 0x80, 0],
            &[0x30, 0x80, 4, 9, 0, 0],
            &deep,
        ];
        for bytes in cases {
            assert_eq!(only(bytes).err(), Some(Malformed("test")), "{bytes:02x?}");
        }
    }

    #[test]
    fn values() {
        assert_eq!(only(&[2, 2, 0, 0x80]).unwrap().small(), Ok(128));
        assert_eq!(only(&[2, 1, 0]).unwrap().small(), Ok(0));
        assert!(only(&[2, 1, 0x80]).unwrap().unsigned().is_err());
        assert!(only(&[2, 0]).unwrap().unsigned().is_err());
        assert!(only(&[2, 5, 1, 0, 0, 0, 0]).unwrap().small().is_err());
        let parts = [0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0];
        assert_eq!(octets(&only(&parts).unwrap()).unwrap().as_ref(), [7, 8, 9]);
        assert!(octets(&only(&[0x24, 3, 2, 1, 7]).unwrap()).is_err());
    }

    #[test]
    fn writing() {
        assert_eq!(der(OCTET_STRING, &[&[1], &[2]]), [4, 2, 1, 2]);
        let long = der(OCTET_STRING, &[&[7; 300]]);
        assert_eq!(long[..4], [4, 0x82, 1, 44]);
        assert_eq!(only(&long).unwrap().content, [7; 300]);
        assert_eq!(der_unsigned(&[0, 0]), [2, 1, 0]);
        assert_eq!(der_unsigned(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(der_unsigned(&[0, 1, 0]), [2, 2, 1, 0]);
    }
}
