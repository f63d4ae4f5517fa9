//! Judges a WARC or WACZ of anyone: every hash, every record, every index line, and that nothing lies beside.
//!
//! Stricter than the common tools, which pass packages without pages, with unlisted files, without the digest
//! file or with the digests taken out. Everything is read as a stream; sizes, counts and ratios are bounded.

mod digest;
mod index;
mod package;
mod record;
mod warc_file;

use std::fmt;
use std::io::{BufReader, Read, Seek, SeekFrom};

use warc_file::WarcFile;

/// What is wrong with an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Neither ZIP nor WARC.
    NotAnArchive,
    /// Reading stopped: damaged ZIP, wrong checksum, or the medium failed.
    Unreadable,
    /// More bytes, records or members than the limits allow.
    TooLarge,
    /// Inflates to far more than an honest archive does.
    Bomb,
    /// Two members of one name, also if they differ in case only.
    DuplicateName,
    /// A member whose name leaves the package, or that is a link.
    UnsafePath,
    /// Bytes no list of the ZIP accounts for, or headers that contradict each other.
    HiddenBytes,
    /// A WARC that is compressed once more inside the ZIP (WACZ 1.1.1 §5.2 wants it stored).
    NotStored,
    /// No `datapackage.json`.
    DatapackageMissing,
    /// `datapackage.json` is not what WACZ 1.1.1 §5.1.4 wants.
    DatapackageWrong,
    /// No `datapackage-digest.json`.
    DigestFileMissing,
    /// `datapackage-digest.json` names another hash.
    DigestFileWrong,
    /// Signed; this check does not judge signatures.
    SignatureNotChecked,
    /// A file `datapackage.json` does not list.
    NotListed,
    /// A listed file that is not there.
    ListedMissing,
    /// A path listed twice.
    ListedTwice,
    /// Listed without SHA-256 or length.
    HashMissing,
    /// Content or length differ from what is listed.
    HashWrong,
    /// No WARC in `archive/`.
    WarcMissing,
    /// No `pages/pages.jsonl`.
    PagesMissing,
    /// A page list that is not JSON lines with `url` and `ts`.
    PagesWrong,
    /// A page of which no record is indexed.
    PageNotArchived,
    /// No index in `indexes/`.
    IndexMissing,
    /// An index line that points to no such record, or lines out of order.
    IndexWrong,
    /// An index key that is not the SURT of its address.
    IndexKey,
    /// A record that can be replayed but is not in the index.
    NotIndexed,
    /// Gzip that does not inflate.
    BadGzip,
    /// Gzip members and records do not correspond one to one.
    NotOneRecordPerMember,
    /// Not the frame of a WARC record: version line, line ends, length.
    BadFrame,
    /// A field that must be there is not, occurs twice, or cannot be read.
    BadField,
    /// Two records of one id.
    DuplicateId,
    /// Refers to a record that is not there.
    DanglingReference,
    /// No digest of block or payload.
    DigestMissing,
    /// A digest of a kind that is not known here.
    DigestUnknown,
    /// Content differs from its digest.
    DigestWrong,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Something that would let a change be seen is missing.
    Weak,
    /// Damaged, changed, or not to be trusted to open.
    Broken,
}

impl Code {
    /// How much it weighs.
    pub fn grade(self) -> Grade {
        match self {
            Self::DigestMissing
            | Self::DigestUnknown
            | Self::DigestFileMissing
            | Self::HashMissing
            | Self::SignatureNotChecked
            | Self::PageNotArchived
            | Self::PagesMissing
            | Self::IndexMissing
            | Self::IndexKey
            | Self::NotIndexed
            | Self::NotStored
            | Self::DanglingReference => Grade::Weak,
            _ => Grade::Broken,
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// Where: a path, with `@` and the byte where a record begins, or `:` and a line number.
    pub place: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.code, self.place)
    }
}

/// How much an archive may ask of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of all that is inflated.
    pub inflated_bytes: u64,
    /// Inflated bytes to compressed ones of a member, once it is larger than `ratio_from`.
    pub ratio: u64,
    /// Bytes from which the ratio counts.
    pub ratio_from: u64,
    /// Members of the ZIP.
    pub members: usize,
    /// Records in all WARCs.
    pub records: usize,
    /// Bytes of the head of a record, and of an HTTP head in it.
    pub head_bytes: usize,
    /// Bytes of a JSON list, and of a line of an index or page list.
    pub list_bytes: usize,
    /// Findings kept; further ones are only counted.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 30,
            inflated_bytes: 64 << 30,
            ratio: 400,
            ratio_from: 32 << 20,
            members: 10_000,
            records: 4_000_000,
            head_bytes: 1 << 20,
            list_bytes: 8 << 20,
            findings: 1_000,
        }
    }
}

/// The outcome of [`check`].
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// True for a WACZ, false for a bare WARC.
    pub is_package: bool,
    /// Records read.
    pub records: u64,
    /// Responses among them.
    pub responses: u64,
    /// Pages listed.
    pub pages: u64,
    /// What is wrong, in the order it was met.
    pub findings: Vec<Finding>,
    /// Findings beyond the limit.
    pub more: u64,
    #[serde(skip)]
    kept: usize,
    #[serde(skip)]
    broken: bool,
}

impl Report {
    /// True if nothing at all is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    /// True if nothing is damaged or contradicts itself, though some of it may not be checkable.
    pub fn is_sound(&self) -> bool {
        !self.broken
    }

    /// True if a finding of this code is among those kept.
    pub fn has(&self, code: Code) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }

    fn find(&mut self, code: Code, place: impl Into<String>) {
        self.broken |= code.grade() == Grade::Broken;
        if self.findings.len() < self.kept {
            self.findings.push(Finding { code, place: place.into() });
        } else {
            self.more += 1;
        }
    }
}

/// Checks a WACZ, a `.warc.gz` or a `.warc`. Never fails: what cannot be read is a finding.
pub fn check(mut reader: impl Read + Seek, limits: &Limits) -> Report {
    let mut report = Report { kept: limits.findings.max(1), ..Report::default() };
    match opening(&mut reader) {
        Ok((_, length)) if length > limits.file_bytes => report.find(Code::TooLarge, ""),
        Ok((opening, _)) if opening == *b"PK\x03\x04" => {
            report.is_package = true;
            package::check(reader, limits, &mut report);
        }
        Ok((opening, _)) if opening == *b"WARC" || opening[..2] == [0x1f, 0x8b] => {
            let mut budget = limits.inflated_bytes;
            let mut file = WarcFile::new("", limits, &mut budget);
            file.scan(BufReader::with_capacity(1 << 16, reader), &mut report);
            file.finish(&mut report);
        }
        Ok(_) => report.find(Code::NotAnArchive, ""),
        Err(_) => report.find(Code::Unreadable, ""),
    }
    report
}

/// The first four bytes (zeros where there are none) and the length.
fn opening(reader: &mut (impl Read + Seek)) -> std::io::Result<([u8; 4], u64)> {
    let length = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(0))?;
    let mut opening = [0; 4];
    let wanted = usize::try_from(length.min(4)).unwrap_or(4);
    reader.read_exact(&mut opening[..wanted])?;
    reader.seek(SeekFrom::Start(0))?;
    Ok((opening, length))
}
