//! ZIP files nobody made by accident, one per trick.

use std::io::Cursor;

use sigu_bundle::{ContainerDefect, FindingCode, Limits, VerifyOptions, ZipIndex};

use crate::built::{NAME, codes, good, names, pack, refused, verify_bytes, verify_bytes_with};

/// A member of which every claim can be a lie.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) name: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) local_name: Option<Vec<u8>>,
    pub(crate) local_crc: Option<u32>,
    pub(crate) size: Option<u32>,
    pub(crate) offset: Option<u32>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) mode: u32,
    pub(crate) time: u16,
    pub(crate) extra: Vec<u8>,
    pub(crate) comment: Vec<u8>,
    pub(crate) before: Vec<u8>,
}

pub(crate) fn raw(name: &str) -> Raw {
    Raw {
        name: name.into(),
        data: b"abc".to_vec(),
        local_name: None,
        local_crc: None,
        size: None,
        offset: None,
        method: 0,
        flags: 0x800,
        mode: 0o100_644,
        time: 0,
        extra: Vec::new(),
        comment: Vec::new(),
        before: Vec::new(),
    }
}

/// The end of a file, which may lie too.
#[derive(Default)]
pub(crate) struct End {
    pub(crate) count: Option<u16>,
    pub(crate) offset: Option<u32>,
    pub(crate) comment: Vec<u8>,
    pub(crate) prefix: Vec<u8>,
    pub(crate) suffix: Vec<u8>,
    /// ZIP64 count, directory size and directory offset.
    pub(crate) wide: Option<[u64; 3]>,
}

pub(crate) fn forge(members: &[Raw], end: &End) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        out.extend(&member.before);
        let offset = member.offset.unwrap_or(out.len() as u32);
        out.extend(header(member, None));
        out.extend(&member.data);
        directory.extend(header(member, Some(offset)));
    }
    let begin = out.len() as u32;
    out.extend(&directory);
    if let Some([count, bytes, offset]) = end.wide {
        let place = out.len() as u64;
        out.extend(0x0606_4b50u32.to_le_bytes());
        out.extend(44u64.to_le_bytes());
        out.extend([0x1e, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for value in [count, count, bytes, offset] {
            out.extend(value.to_le_bytes());
        }
        out.extend(0x0706_4b50u32.to_le_bytes());
        out.extend(0u32.to_le_bytes());
        out.extend(place.to_le_bytes());
        out.extend(1u32.to_le_bytes());
    }
    let count = end.count.unwrap_or(members.len() as u16).to_le_bytes();
    out.extend(0x0605_4b50u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend([count, count].concat());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(end.offset.unwrap_or(begin).to_le_bytes());
    out.extend((end.comment.len() as u16).to_le_bytes());
    out.extend(&end.comment);
    [&end.prefix[..], &out, &end.suffix].concat()
}

/// The local header, or the directory's entry if an offset is given.
fn header(member: &Raw, offset: Option<u32>) -> Vec<u8> {
    let crc = crc32fast::hash(&member.data);
    let (name, crc) = match offset {
        Some(_) => (&member.name, crc),
        None => (member.local_name.as_ref().unwrap_or(&member.name), member.local_crc.unwrap_or(crc)),
    };
    let size = member.size.unwrap_or(member.data.len() as u32);
    let mut out = Vec::new();
    match offset {
        Some(_) => out.extend([0x50, 0x4b, 1, 2, 0x1e, 3]),
        None => out.extend([0x50, 0x4b, 3, 4]),
    }
    for value in [20, member.flags, member.method, member.time, 0x21] {
        out.extend(value.to_le_bytes());
    }
    for value in [crc, size, size] {
        out.extend(value.to_le_bytes());
    }
    out.extend((name.len() as u16).to_le_bytes());
    out.extend((member.extra.len() as u16).to_le_bytes());
    if let Some(offset) = offset {
        out.extend((member.comment.len() as u16).to_le_bytes());
        out.extend([0; 4]);
        out.extend((member.mode << 16).to_le_bytes());
        out.extend(offset.to_le_bytes());
    }
    out.extend(name);
    out.extend(&member.extra);
    if offset.is_some() {
        out.extend(&member.comment);
    }
    out
}

/// One member with one lie.
fn with(change: impl Fn(&mut Raw)) -> Vec<u8> {
    let mut members = [raw("t/a"), raw("t/b")];
    change(&mut members[1]);
    forge(&members, &End::default())
}

fn ending(end: End) -> Vec<u8> {
    forge(&[raw("t/a"), raw("t/b")], &end)
}

#[test]
fn the_forger_can_also_be_honest() {
    let zip = ending(End::default());
    let honest = pack("t", &[("a".into(), b"abc".to_vec()), ("b".into(), b"abc".to_vec())]);
    assert_eq!(zip, honest);
    assert!(ZipIndex::open(Cursor::new(zip), &Limits::default()).is_ok());
}

#[test]
fn unsafe_names() {
    for name in ["t/../x", "../x", "/etc/x", "t\\x", "C:/x", "t//x", "t/./x", "t/a b", "t/\u{0}", "t/%41", ""]
    {
        refused(&verify_bytes(&with(|m| m.name = name.into())), FindingCode::UnsafePath);
    }
    refused(&verify_bytes(&with(|m| m.name = b"t/\xff\xfe".to_vec())), FindingCode::UnsafePath);
    refused(&verify_bytes(&with(|m| m.name = "t/d/".into())), FindingCode::ZipFolderEntry);
    refused(&verify_bytes(&with(|m| m.name = "t/a".into())), FindingCode::DuplicatePath);
    refused(&verify_bytes(&with(|m| m.name = "t/A".into())), FindingCode::ZipOrder);
    refused(&verify_bytes(&with(|m| m.name = "u/b".into())), FindingCode::TopFolder);
    refused(&verify_bytes(&with(|m| m.name = vec![b'x'; 256])), FindingCode::PathTooLong);
}

#[test]
fn members_that_are_not_plain_stored_files() {
    for mode in [0o120_777, 0o100_755, 0o104_644, 0o040_755, 0o010_644, 0] {
        refused(&verify_bytes(&with(|m| m.mode = mode)), FindingCode::SpecialFile);
    }
    refused(&verify_bytes(&with(|m| m.method = 8)), FindingCode::ZipCompressed);
    refused(&verify_bytes(&with(|m| m.flags |= 1)), FindingCode::ZipEncrypted);
    refused(&verify_bytes(&with(|m| m.flags |= 8)), FindingCode::ZipDataDescriptor);
    refused(&verify_bytes(&with(|m| m.flags = 0)), FindingCode::ZipHeaderBytes);
    refused(&verify_bytes(&with(|m| m.time = 1)), FindingCode::ZipHeaderBytes);
    refused(&verify_bytes(&with(|m| m.comment = b"x".to_vec())), FindingCode::ZipHeaderBytes);
    let unix_times = b"UT\x05\x00\x01\x00\x00\x00\x00".to_vec();
    refused(&verify_bytes(&with(|m| m.extra = unix_times.clone())), FindingCode::ZipHeaderBytes);
    // A ZIP64 field for values that need none.
    let wide = [&[1, 0, 16, 0][..], &3u64.to_le_bytes(), &3u64.to_le_bytes()].concat();
    refused(&verify_bytes(&with(|m| m.extra = wide.clone())), FindingCode::ZipHeaderBytes);
}

#[test]
fn directory_and_members_that_disagree() {
    refused(&verify_bytes(&with(|m| m.local_name = Some(b"t/c".to_vec()))), FindingCode::ZipLocalHeader);
    refused(&verify_bytes(&with(|m| m.local_crc = Some(7))), FindingCode::ZipLocalHeader);
    refused(&verify_bytes(&with(|m| m.offset = Some(0))), FindingCode::ZipOverlap);
    refused(&verify_bytes(&with(|m| m.size = Some(0x7fff_ffff))), FindingCode::ZipOverlap);
    refused(&verify_bytes(&with(|m| m.size = Some(2))), FindingCode::ZipGap);
    refused(&verify_bytes(&with(|m| m.before = b"hidden".to_vec())), FindingCode::ZipGap);
    // The 32-bit size is full and no ZIP64 field says the true one.
    let report = verify_bytes(&with(|m| m.size = Some(u32::MAX)));
    refused(&report, FindingCode::ZipHeaderBytes);
}

#[test]
fn ends_that_lie() {
    let prefix = b"#!/bin/sh\n".to_vec();
    refused(&verify_bytes(&ending(End { prefix, ..End::default() })), FindingCode::ZipLeadingBytes);
    let suffix = b"more".to_vec();
    refused(&verify_bytes(&ending(End { suffix, ..End::default() })), FindingCode::ZipTrailingBytes);
    let comment = b"hello".to_vec();
    refused(&verify_bytes(&ending(End { comment, ..End::default() })), FindingCode::ZipTrailingBytes);
    for count in [0, 1, 3, 60_000] {
        let report = verify_bytes(&ending(End { count: Some(count), ..End::default() }));
        assert!(!report.findings.is_empty() && report.files == 0, "{count}");
    }
    refused(&verify_bytes(&ending(End { offset: Some(5), ..End::default() })), FindingCode::ZipLeadingBytes);
    refused(&verify_bytes(&ending(End { offset: Some(9999), ..End::default() })), FindingCode::NotAZip);
    let empty = forge(&[], &End::default());
    refused(&verify_bytes(&empty), FindingCode::TopFolder);
}

#[test]
fn wide_ends_that_lie() {
    let wide =
        |wide| End { wide: Some(wide), count: Some(u16::MAX), offset: Some(u32::MAX), ..End::default() };
    refused(&verify_bytes(&ending(wide([2, 98, 72]))), FindingCode::ZipHeaderBytes);
    refused(&verify_bytes(&ending(wide([2, u64::MAX, 2]))), FindingCode::NotAZip);
    refused(&verify_bytes(&ending(wide([2, 98, u64::MAX]))), FindingCode::NotAZip);
    refused(&verify_bytes(&ending(wide([u64::MAX, 98, 72]))), FindingCode::TooManyFiles);
    let none = End { count: Some(u16::MAX), offset: Some(u32::MAX), ..End::default() };
    assert!(!verify_bytes(&ending(none)).findings.is_empty());
}

#[test]
fn limits_stop_large_packages_before_they_are_read() {
    let zip = good().zip();
    let with = |change: fn(&mut Limits)| {
        let mut options = VerifyOptions::default();
        change(&mut options.limits);
        verify_bytes_with(&zip, &options)
    };
    refused(&with(|limits| limits.members = 5), FindingCode::TooManyFiles);
    refused(&with(|limits| limits.total_bytes = 1000), FindingCode::TooLarge);
    refused(&with(|limits| limits.path_bytes = 20), FindingCode::PathTooLong);
    refused(&with(|limits| limits.small_bytes = 100), FindingCode::FileTooLarge);
}

#[test]
fn the_name_of_the_top_folder_says_the_export() {
    let files = good().files();
    for name in ["sigu-20261123-2-5", "sigu-20261122-2-4", "sigu-20261122-1-5", "evidence"] {
        refused(&verify_bytes(&pack(name, &files)), FindingCode::TopFolder);
    }
    assert!(verify_bytes(&pack(NAME, &files)).findings.is_empty());
}

/// Both headers agree on a checksum the bytes do not have: a strict reader elsewhere would call the file damaged.
#[test]
fn a_checksum_that_is_wrong_in_both_headers() {
    let files = good().files();
    let mut zip = sigu_bundle::ZipWriter::new(Vec::new());
    for (path, bytes) in &files {
        let wrong = u32::from(path == "data/index.html");
        zip.begin(&format!("{NAME}/{path}"), bytes.len() as u64, crc32fast::hash(bytes) ^ wrong).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let report = verify_bytes(&zip.finish().unwrap());
    assert_eq!(codes(&report), [FindingCode::ZipChecksum]);
    assert!(names(&report.findings, "data/index.html"));
}

/// A container of more than 65 535 members and one of more than 4 GiB, read from a source that is mostly holes.
#[test]
fn wide_containers_are_written_and_read() {
    let many: Vec<_> = (0..66_000).map(|n| (format!("{n:05}"), Vec::new())).collect();
    let zip = pack("t", &many);
    assert_eq!(ZipIndex::open(Cursor::new(&zip), &Limits::default()).unwrap().members().len(), 66_000);
    let mut file = Holes::default();
    let size = 5 << 30;
    let mut writer = sigu_bundle::ZipWriter::new(&mut file);
    writer.begin("t/a", size, 1).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..size >> 20 {
        writer.write_all(&block).unwrap();
    }
    writer.begin("t/b", 3, 2).unwrap();
    writer.write_all(b"abc").unwrap();
    writer.finish().unwrap();
    file.at = 0;
    let index = ZipIndex::open(&mut file, &Limits::default()).unwrap();
    assert_eq!(index.members().iter().map(|m| m.size).collect::<Vec<_>>(), [size, 3]);
    assert!(index.members()[1].offset > size);
    // One wrong bit in the ZIP64 field of the first member is found.
    let at = *file.parts.keys().find(|at| **at == 0).unwrap();
    file.parts.get_mut(&at).unwrap()[36] ^= 1;
    file.at = 0;
    let wrong = ZipIndex::open(&mut file, &Limits::default());
    assert!(matches!(wrong, Err(ContainerDefect::LocalHeader(path)) if path == "t/a"));
}

/// A file that remembers everything but blocks of zeros.
#[derive(Default)]
struct Holes {
    parts: std::collections::BTreeMap<u64, Vec<u8>>,
    at: u64,
    len: u64,
}

impl std::io::Write for Holes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() != 1 << 20 {
            self.parts.insert(self.at, bytes.to_vec());
        }
        self.at += bytes.len() as u64;
        self.len = self.len.max(self.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::io::Read for Holes {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let part = self.parts.range(..=self.at).next_back();
        let found =
            part.and_then(|(begin, bytes)| bytes.get((self.at - begin) as usize..)).unwrap_or_default();
        let len = if !found.is_empty() {
            let len = buffer.len().min(found.len());
            buffer[..len].copy_from_slice(&found[..len]);
            len
        } else {
            let next = self.parts.range(self.at..).next().map_or(self.len, |(begin, _)| *begin);
            let len = buffer.len().min((next - self.at) as usize);
            buffer[..len].fill(0);
            len
        };
        self.at += len as u64;
        Ok(len)
    }
}

impl std::io::Seek for Holes {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            std::io::SeekFrom::Start(at) => at,
            std::io::SeekFrom::End(back) => self.len.saturating_add_signed(back),
            std::io::SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}
