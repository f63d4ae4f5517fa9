//! Reads the records of one WARC, plain or with one gzip member each, and keeps where each lies.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use sha2::{Digest as _, Sha256};

use super::record::{self, Record, Stop};
use super::{Code, Limits, Report};

/// Sixteen bytes of SHA-256: enough to compare texts we do not keep.
pub(super) type Print = [u8; 16];

pub(super) fn print_of(text: &str) -> Print {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut print = [0; 16];
    print.copy_from_slice(&digest[..16]);
    print
}

/// What an index line is compared with.
pub(super) struct Spot {
    pub(super) length: u64,
    pub(super) target: Print,
    pub(super) date: String,
    pub(super) digest: Option<Print>,
    /// Whether replay needs it.
    pub(super) replayable: bool,
    pub(super) indexed: bool,
}

/// A WARC being read.
pub(super) struct WarcFile<'a> {
    path: String,
    limits: &'a Limits,
    /// Bytes that may still be inflated.
    budget: &'a mut u64,
    pub(super) spots: HashMap<u64, Spot>,
    ids: HashSet<Print>,
    refers: Vec<(u64, Print)>,
}

impl<'a> WarcFile<'a> {
    pub(super) fn new(path: &str, limits: &'a Limits, budget: &'a mut u64) -> Self {
        let path = path.to_owned();
        Self { path, limits, budget, spots: HashMap::new(), ids: HashSet::new(), refers: Vec::new() }
    }

    /// Reads to the end, or to where nothing more can be found.
    pub(super) fn scan(&mut self, mut input: impl BufRead, report: &mut Report) {
        let gzip = match input.fill_buf() {
            Ok(bytes) => bytes.first() == Some(&0x1f),
            Err(_) => return report.find(Code::Unreadable, self.path.clone()),
        };
        let read = Cell::new(0);
        let mut input = Counted { inner: input, read: &read };
        loop {
            let offset = read.get();
            match input.fill_buf() {
                Ok([]) => break,
                Ok(_) => {}
                Err(_) => return report.find(Code::Unreadable, self.place(offset)),
            }
            if self.spots.len() >= self.limits.records {
                return report.find(Code::TooLarge, self.place(offset));
            }
            let outcome = if gzip {
                self.member(&mut input, &read, offset, report)
            } else {
                record::read(&mut input, self.limits)
            };
            match outcome {
                Ok(record) => self.keep(record, offset, read.get() - offset, report),
                Err(stop) => return self.stopped(&stop, offset, report),
            }
        }
        if self.spots.is_empty() {
            report.find(Code::BadFrame, self.path.clone());
        }
    }

    /// One gzip member with one record.
    fn member(
        &mut self,
        input: &mut (impl BufRead + ?Sized),
        read: &Cell<u64>,
        offset: u64,
        report: &mut Report,
    ) -> Result<Record, Stop> {
        let guard = Guard {
            inner: GzDecoder::new(input),
            inflated: 0,
            read,
            start: offset,
            limits: self.limits,
            budget: &mut *self.budget,
        };
        let mut content = BufReader::with_capacity(1 << 16, guard);
        let record = record::read(&mut content, self.limits)?;
        let mut rest = false;
        loop {
            let size = content.fill_buf()?.len();
            if size == 0 {
                break;
            }
            rest = true;
            content.consume(size);
        }
        if rest {
            report.find(Code::NotOneRecordPerMember, format!("{}@{offset}", self.path));
        }
        Ok(record)
    }

    fn stopped(&self, stop: &Stop, offset: u64, report: &mut Report) {
        let code = match stop {
            Stop::Frame => Code::BadFrame,
            Stop::Io(error) => match error.kind() {
                io::ErrorKind::FileTooLarge => Code::TooLarge,
                io::ErrorKind::QuotaExceeded => Code::Bomb,
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                    Code::BadGzip
                }
                _ => Code::Unreadable,
            },
        };
        report.find(code, self.place(offset));
    }

    fn keep(&mut self, record: Record, offset: u64, length: u64, report: &mut Report) {
        report.records += 1;
        report.responses += u64::from(record.kind == "response");
        for code in &record.findings {
            report.find(*code, self.place(offset));
        }
        if !self.ids.insert(print_of(&record.id)) {
            report.find(Code::DuplicateId, self.place(offset));
        }
        self.refers.extend(record.refers.iter().map(|id| (offset, print_of(id))));
        let plain = record.content_type.starts_with("application/warc-fields");
        let spot = Spot {
            length,
            target: print_of(&record.target),
            date: record.date,
            digest: record.payload_digest.as_deref().map(print_of),
            replayable: matches!(record.kind.as_str(), "response" | "revisit" | "resource") && !plain,
            indexed: false,
        };
        self.spots.insert(offset, spot);
    }

    fn place(&self, offset: u64) -> String {
        format!("{}@{offset}", self.path)
    }

    /// Judges references once all ids are known, and gives back where the records lie.
    pub(super) fn finish(self, report: &mut Report) -> HashMap<u64, Spot> {
        for (offset, id) in &self.refers {
            if !self.ids.contains(id) {
                report.find(Code::DanglingReference, self.place(*offset));
            }
        }
        self.spots
    }
}

/// Counts what was taken from a stream.
struct Counted<'a, R> {
    inner: R,
    read: &'a Cell<u64>,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = self.inner.read(out)?;
        self.read.set(self.read.get() + size as u64);
        Ok(size)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, size: usize) {
        self.read.set(self.read.get() + size as u64);
        self.inner.consume(size);
    }
}

/// Stops a member that inflates beyond its limits.
struct Guard<'a, R> {
    inner: R,
    inflated: u64,
    read: &'a Cell<u64>,
    start: u64,
    limits: &'a Limits,
    budget: &'a mut u64,
}

impl<R: Read> Read for Guard<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = self.inner.read(out)?;
        self.inflated += size as u64;
        *self.budget = self.budget.checked_sub(size as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        let compressed = (self.read.get() - self.start).max(1);
        if self.inflated > self.limits.ratio_from && self.inflated / compressed > self.limits.ratio {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        Ok(size)
    }
}
