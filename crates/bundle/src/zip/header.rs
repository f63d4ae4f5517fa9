//! The bytes of every ZIP header, as a function of name, size, checksum and offset.
//!
//! Writer and reader share these functions: the reader's check is to write the header again and compare.

pub(super) const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
pub(super) const CENTRAL_SIGNATURE: u32 = 0x0201_4b50;
pub(super) const END_SIGNATURE: u32 = 0x0605_4b50;
const END64_SIGNATURE: u32 = 0x0606_4b50;
const LOCATOR64_SIGNATURE: u32 = 0x0706_4b50;

pub(super) const LOCAL_BYTES: usize = 30;
pub(super) const CENTRAL_BYTES: usize = 46;
pub(super) const END_BYTES: usize = 22;
pub(super) const END64_BYTES: usize = 56;
pub(super) const LOCATOR64_BYTES: usize = 20;

/// Sizes and offsets from here on do not fit their 32-bit field and move to a ZIP64 field.
pub(super) const FULL_32: u64 = 0xffff_ffff;
/// Counts from here on do not fit their 16-bit field.
pub(super) const FULL_16: u64 = 0xffff;

const FLAG_UTF8: u16 = 0x0800;
const MADE_BY: u16 = 0x031e;
const DOS_TIME: u16 = 0;
const DOS_DATE: u16 = 0x0021;
/// `0100644 << 16`: a regular file.
pub(super) const ATTRIBUTES: u32 = 0o100_644 << 16;
const ZIP64_TAG: u16 = 1;

/// What a header says about one member.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) name: &'a str,
    pub(super) size: u64,
    pub(super) crc32: u32,
    pub(super) offset: u64,
}

/// Little-endian fields, one after the other.
struct Fields(Vec<u8>);

impl Fields {
    fn u16(&mut self, value: u16) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn u32(&mut self, value: u32) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn u64(&mut self, value: u64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// The low half of a field whose value may have moved to ZIP64.
    fn capped(&mut self, value: u64) -> &mut Self {
        self.u32(u32::try_from(value).unwrap_or(u32::MAX))
    }

    fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.0.extend_from_slice(value);
        self
    }
}

fn version_needed(facts: &Facts<'_>) -> u16 {
    if facts.size >= FULL_32 || facts.offset >= FULL_32 { 45 } else { 20 }
}

/// The local header, ZIP64 field included; the data follows at once.
pub(super) fn local(facts: &Facts<'_>) -> Vec<u8> {
    let wide = facts.size >= FULL_32;
    let mut out = Fields(Vec::with_capacity(LOCAL_BYTES + facts.name.len() + 20));
    out.u32(LOCAL_SIGNATURE);
    common(&mut out, facts);
    out.u16(if wide { 20 } else { 0 }).bytes(facts.name.as_bytes());
    if wide {
        out.u16(ZIP64_TAG).u16(16).u64(facts.size).u64(facts.size);
    }
    out.0
}

/// The entry of the central directory, ZIP64 field included.
pub(super) fn central(facts: &Facts<'_>) -> Vec<u8> {
    let extra = central_extra(facts);
    let mut out = Fields(Vec::with_capacity(CENTRAL_BYTES + facts.name.len() + extra.len()));
    out.u32(CENTRAL_SIGNATURE).u16(MADE_BY);
    common(&mut out, facts);
    out.u16(u16::try_from(extra.len()).expect("at most 28 bytes"));
    // Comment, disk number, internal attributes: none.
    out.u16(0).u16(0).u16(0).u32(ATTRIBUTES).capped(facts.offset);
    out.bytes(facts.name.as_bytes()).bytes(&extra);
    out.0
}

/// The fields both headers share, from the version needed to the length of the name.
fn common(out: &mut Fields, facts: &Facts<'_>) {
    out.u16(version_needed(facts)).u16(FLAG_UTF8).u16(0).u16(DOS_TIME).u16(DOS_DATE);
    out.u32(facts.crc32).capped(facts.size).capped(facts.size);
    out.u16(u16::try_from(facts.name.len()).expect("names are bounded by Limits::path_bytes"));
}

fn central_extra(facts: &Facts<'_>) -> Vec<u8> {
    let mut values = Fields(Vec::new());
    if facts.size >= FULL_32 {
        values.u64(facts.size).u64(facts.size);
    }
    if facts.offset >= FULL_32 {
        values.u64(facts.offset);
    }
    if values.0.is_empty() {
        return values.0;
    }
    let mut extra = Fields(Vec::new());
    extra.u16(ZIP64_TAG).u16(u16::try_from(values.0.len()).expect("at most 24 bytes")).bytes(&values.0);
    extra.0
}

/// The records after the central directory: ZIP64 ones where demanded, then the end record without a comment.
pub(super) fn end(count: u64, directory_bytes: u64, directory_offset: u64) -> Vec<u8> {
    let mut out = Fields(Vec::with_capacity(END64_BYTES + LOCATOR64_BYTES + END_BYTES));
    if count >= FULL_16 || directory_bytes >= FULL_32 || directory_offset >= FULL_32 {
        out.u32(END64_SIGNATURE).u64(END64_BYTES as u64 - 12).u16(MADE_BY).u16(45).u32(0).u32(0);
        out.u64(count).u64(count).u64(directory_bytes).u64(directory_offset);
        out.u32(LOCATOR64_SIGNATURE).u32(0).u64(directory_offset + directory_bytes).u32(1);
    }
    let capped_count = u16::try_from(count).unwrap_or(u16::MAX);
    out.u32(END_SIGNATURE).u16(0).u16(0).u16(capped_count).u16(capped_count);
    out.capped(directory_bytes).capped(directory_offset).u16(0);
    out.0
}

/// The size of the whole ZIP that holds members of these names and sizes, in this order.
pub(crate) fn zip_bytes<'a>(members: impl Iterator<Item = (&'a str, u64)>) -> u64 {
    let (mut offset, mut directory, mut count) = (0u64, 0u64, 0u64);
    for (name, size) in members {
        let facts = Facts { name, size, crc32: 0, offset };
        directory += central(&facts).len() as u64;
        offset += local(&facts).len() as u64 + size;
        count += 1;
    }
    offset + directory + end(count, directory, offset).len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = FULL_32;

    fn lengths(size: u64, offset: u64) -> (usize, usize, u16) {
        let facts = Facts { name: "n", size, crc32: 7, offset };
        let (l, c) = (local(&facts), central(&facts));
        assert_eq!(l[4..6], c[6..8], "both headers need the same version");
        (l.len() - LOCAL_BYTES - 1, c.len() - CENTRAL_BYTES - 1, u16::from_le_bytes([l[4], l[5]]))
    }

    #[test]
    fn zip64_fields_appear_exactly_when_demanded() {
        assert_eq!(lengths(LIMIT - 1, LIMIT - 1), (0, 0, 20));
        assert_eq!(lengths(LIMIT, 0), (20, 20, 45));
        assert_eq!(lengths(0, LIMIT), (0, 12, 45));
        assert_eq!(lengths(5 << 30, 6 << 30), (20, 28, 45));
    }

    #[test]
    fn zip64_values_stand_in_the_order_of_the_appnote() {
        let facts = Facts { name: "n", size: 5 << 30, crc32: 7, offset: 6 << 30 };
        let c = central(&facts);
        assert_eq!(&c[20..28], &[0xff; 8], "both 32-bit sizes are full");
        assert_eq!(&c[42..46], &[0xff; 4], "the 32-bit offset is full");
        let mut want = vec![1, 0, 24, 0];
        for value in [5u64 << 30, 5 << 30, 6 << 30] {
            want.extend_from_slice(&value.to_le_bytes());
        }
        assert_eq!(&c[47..], want);
    }

    #[test]
    fn end_records_widen_for_count_size_or_offset() {
        assert_eq!(end(65_534, 1, 1).len(), END_BYTES);
        for (count, size, offset) in [(65_535, 1, 1), (1, LIMIT, 1), (1, 1, LIMIT)] {
            assert_eq!(end(count, size, offset).len(), END64_BYTES + LOCATOR64_BYTES + END_BYTES);
        }
    }
}
