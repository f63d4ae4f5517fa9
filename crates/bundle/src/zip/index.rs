//! The strict reader: central directory first, then every header written again and compared.

use std::cmp::Ordering;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::ContainerDefect as Defect;
use super::header::{self, Facts};
use crate::Limits;
use crate::path::is_plain;

const FLAG_ENCRYPTED: u16 = 1;
const FLAG_DESCRIPTOR: u16 = 1 << 3;

/// One member of a container whose headers were found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The full name, top folder included.
    pub name: String,
    /// Where its bytes begin.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
    /// The CRC-32 its bytes must have; not yet compared.
    pub crc32: u32,
}

/// The members of a ZIP in which every byte outside the members' contents is as the profile demands.
#[derive(Debug)]
pub struct ZipIndex {
    members: Vec<Member>,
}

/// The end records, as far as they are needed to find the directory.
struct End {
    count: u64,
    directory_bytes: u64,
    directory_offset: u64,
}

impl ZipIndex {
    /// Reads and checks all headers; contents are not read.
    ///
    /// Memory is bounded by `limits`, never by what the file claims. The first defect ends the reading.
    pub fn open<R: Read + Seek>(mut source: R, limits: &Limits) -> Result<Self, Defect> {
        let len = source.seek(SeekFrom::End(0))?;
        let end = read_end(&mut source, len, limits)?;
        source.seek(SeekFrom::Start(end.directory_offset))?;
        let directory = BufReader::with_capacity(1 << 16, (&mut source).take(end.directory_bytes));
        let members = read_directory(directory, &end, limits)?;
        check_local_headers(&mut source, &members)?;
        Ok(Self { members })
    }

    /// The members, in the order of their names, which is also their order in the file.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Gives the members away.
    pub fn into_members(self) -> Vec<Member> {
        self.members
    }
}

/// Finds the end records at the very end of the file and compares them with their one right form.
fn read_end<R: Read + Seek>(source: &mut R, len: u64, limits: &Limits) -> Result<End, Defect> {
    const TAIL: usize = header::END64_BYTES + header::LOCATOR64_BYTES + header::END_BYTES;
    let tail_bytes = len.min(TAIL as u64);
    source.seek(SeekFrom::Start(len - tail_bytes))?;
    let mut tail = Vec::with_capacity(TAIL);
    source.take(tail_bytes).read_to_end(&mut tail)?;
    let record = tail.len().checked_sub(header::END_BYTES).ok_or(Defect::NotAZip)?;
    if u32_at(&tail, record) != header::END_SIGNATURE || u16_at(&tail, record + 20) != 0 {
        return Err(if find_end(source, len)? { Defect::TrailingBytes } else { Defect::NotAZip });
    }
    let end = if is_wide(&tail, record) { wide_end(&tail)? } else { narrow_end(&tail, record) };
    if end.count > limits.members {
        return Err(Defect::TooMany);
    }
    let written = end
        .directory_offset
        .checked_add(end.directory_bytes)
        .filter(|sum| *sum <= len)
        .map(|_| header::end(end.count, end.directory_bytes, end.directory_offset))
        .ok_or(Defect::NotAZip)?;
    if !tail.ends_with(&written) {
        return Err(Defect::HeaderBytes(None));
    }
    match (end.directory_offset + end.directory_bytes).cmp(&(len - written.len() as u64)) {
        Ordering::Equal => Ok(end),
        // A directory that ends early: bytes were put before the ZIP, or between directory and end.
        Ordering::Less => Err(Defect::LeadingBytes),
        Ordering::Greater => Err(Defect::NotAZip),
    }
}

fn is_wide(tail: &[u8], record: usize) -> bool {
    u64::from(u16_at(tail, record + 10)) == header::FULL_16
        || u64::from(u32_at(tail, record + 12)) == header::FULL_32
        || u64::from(u32_at(tail, record + 16)) == header::FULL_32
}

fn narrow_end(tail: &[u8], record: usize) -> End {
    End {
        count: u16_at(tail, record + 10).into(),
        directory_bytes: u32_at(tail, record + 12).into(),
        directory_offset: u32_at(tail, record + 16).into(),
    }
}

/// Reads the ZIP64 end record, which stands first in a tail of full length.
fn wide_end(tail: &[u8]) -> Result<End, Defect> {
    if tail.len() < header::END64_BYTES + header::LOCATOR64_BYTES + header::END_BYTES {
        return Err(Defect::NotAZip);
    }
    Ok(End { count: u64_at(tail, 32), directory_bytes: u64_at(tail, 40), directory_offset: u64_at(tail, 48) })
}

/// Tells whether a whole end record stands somewhere in the last 64 KiB, which means that something follows it.
fn find_end<R: Read + Seek>(source: &mut R, len: u64) -> Result<bool, Defect> {
    let window = len.min(header::FULL_16 + header::END_BYTES as u64);
    source.seek(SeekFrom::Start(len - window))?;
    let mut bytes = Vec::new();
    source.take(window).read_to_end(&mut bytes)?;
    Ok(bytes.windows(header::END_BYTES).any(|w| w.starts_with(&header::END_SIGNATURE.to_le_bytes())))
}

fn read_directory(mut directory: impl Read, end: &End, limits: &Limits) -> Result<Vec<Member>, Defect> {
    let mut members: Vec<Member> = Vec::new();
    let (mut offset, mut total, mut read) = (0u64, 0u64, 0u64);
    for _ in 0..end.count {
        let raw = read_entry(&mut directory, limits)?;
        read += raw.bytes.len() as u64;
        check_order(members.last(), &raw.name)?;
        check_place(&raw, offset)?;
        let facts = Facts { name: &raw.name, size: raw.size, crc32: raw.crc32, offset };
        if header::central(&facts) != raw.bytes {
            return Err(Defect::HeaderBytes(Some(raw.name)));
        }
        total = total.checked_add(raw.size).filter(|t| *t <= limits.total_bytes).ok_or(Defect::TooLarge)?;
        let begin = offset + header::local(&facts).len() as u64;
        offset = begin.saturating_add(raw.size);
        if offset > end.directory_offset {
            return Err(Defect::Overlap(raw.name));
        }
        members.push(Member { name: raw.name, offset: begin, size: raw.size, crc32: raw.crc32 });
    }
    if read != end.directory_bytes {
        return Err(Defect::HeaderBytes(None));
    }
    if offset != end.directory_offset {
        return Err(Defect::Gap("central directory".into()));
    }
    Ok(members)
}

/// One entry of the central directory as it stands in the file.
struct RawEntry {
    bytes: Vec<u8>,
    name: String,
    size: u64,
    crc32: u32,
    offset: u64,
}

fn read_entry(directory: &mut impl Read, limits: &Limits) -> Result<RawEntry, Defect> {
    let mut bytes = vec![0; header::CENTRAL_BYTES];
    fill(directory, &mut bytes)?;
    if u32_at(&bytes, 0) != header::CENTRAL_SIGNATURE {
        return Err(Defect::HeaderBytes(None));
    }
    let name_bytes = usize::from(u16_at(&bytes, 28));
    let extra_bytes = usize::from(u16_at(&bytes, 30));
    let comment_bytes = usize::from(u16_at(&bytes, 32));
    if name_bytes > limits.path_bytes {
        return Err(Defect::PathTooLong);
    }
    bytes.resize(header::CENTRAL_BYTES + name_bytes + extra_bytes + comment_bytes, 0);
    fill(directory, &mut bytes[header::CENTRAL_BYTES..])?;
    let name = &bytes[header::CENTRAL_BYTES..header::CENTRAL_BYTES + name_bytes];
    let name = check_name(name)?;
    check_kind(&bytes, &name)?;
    let extra = &bytes[header::CENTRAL_BYTES + name_bytes..];
    let (size, offset) = wide_values(&bytes, extra);
    let crc32 = u32_at(&bytes, 16);
    Ok(RawEntry { name, size, crc32, offset, bytes })
}

/// Size and offset, from the ZIP64 field where the 32-bit fields are full. A wrong field is found by the comparison.
fn wide_values(bytes: &[u8], extra: &[u8]) -> (u64, u64) {
    let (size, offset) = (u64::from(u32_at(bytes, 24)), u64::from(u32_at(bytes, 42)));
    let mut values = extra.get(4..).unwrap_or_default().chunks_exact(8).map(|chunk| u64_at(chunk, 0));
    let size = if size == header::FULL_32 { values.next().unwrap_or(size) } else { size };
    if u64::from(u32_at(bytes, 24)) == header::FULL_32 {
        values.next();
    }
    let offset = if offset == header::FULL_32 { values.next().unwrap_or(offset) } else { offset };
    (size, offset)
}

fn check_name(name: &[u8]) -> Result<String, Defect> {
    let shown = || String::from_utf8_lossy(name).into_owned();
    match std::str::from_utf8(name) {
        Ok(text) if is_plain(text) => Ok(text.to_owned()),
        Ok(text) if text.strip_suffix('/').is_some_and(is_plain) => Err(Defect::FolderEntry(shown())),
        _ => Err(Defect::UnsafePath(shown())),
    }
}

/// Names the deviations that deserve a name of their own; all others are header bytes.
fn check_kind(bytes: &[u8], name: &str) -> Result<(), Defect> {
    let flags = u16_at(bytes, 8);
    let name = || name.to_owned();
    if flags & FLAG_ENCRYPTED != 0 {
        Err(Defect::Encrypted(name()))
    } else if flags & FLAG_DESCRIPTOR != 0 {
        Err(Defect::DataDescriptor(name()))
    } else if u16_at(bytes, 10) != 0 {
        Err(Defect::Compressed(name()))
    } else if u32_at(bytes, 38) != header::ATTRIBUTES {
        Err(Defect::SpecialFile(name()))
    } else {
        Ok(())
    }
}

fn check_order(before: Option<&Member>, name: &str) -> Result<(), Defect> {
    match before.map(|m| m.name.as_str().cmp(name)) {
        None | Some(Ordering::Less) => Ok(()),
        Some(Ordering::Equal) => Err(Defect::DuplicateName(name.to_owned())),
        Some(Ordering::Greater) => Err(Defect::Order(name.to_owned())),
    }
}

fn check_place(raw: &RawEntry, expected: u64) -> Result<(), Defect> {
    match raw.offset.cmp(&expected) {
        Ordering::Equal => Ok(()),
        Ordering::Less => Err(Defect::Overlap(raw.name.clone())),
        Ordering::Greater if expected == 0 => Err(Defect::LeadingBytes),
        Ordering::Greater => Err(Defect::Gap(raw.name.clone())),
    }
}

fn check_local_headers<R: Read + Seek>(source: &mut R, members: &[Member]) -> Result<(), Defect> {
    let mut offset = 0;
    for member in members {
        let facts = Facts { name: &member.name, size: member.size, crc32: member.crc32, offset };
        let wanted = header::local(&facts);
        let mut found = vec![0; wanted.len()];
        source.seek(SeekFrom::Start(offset))?;
        fill(source, &mut found)?;
        if found != wanted {
            return Err(Defect::LocalHeader(member.name.clone()));
        }
        offset = member.offset + member.size;
    }
    Ok(())
}

/// Fills the buffer; a file that ends early is a defect, not a fault.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> Result<(), Defect> {
    source.read_exact(buffer).map_err(|fault| match fault.kind() {
        std::io::ErrorKind::UnexpectedEof => Defect::NotAZip,
        _ => Defect::Read(fault),
    })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array_at(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}

/// The bytes at a place that the caller has measured.
fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
