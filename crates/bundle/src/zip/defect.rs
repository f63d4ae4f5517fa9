//! What can be wrong with a container, each with its own name.

use std::io;

use crate::{Finding, FindingCode};

/// The first reason why a ZIP is not one that sigu wrote.
#[derive(Debug, thiserror::Error)]
pub enum ContainerDefect {
    /// The file could not be read: a fault of the world, not of the package.
    #[error("cannot read the package")]
    Read(#[from] io::Error),
    /// It does not end with an end record, or says things that cannot be true of its length.
    #[error("not a complete ZIP")]
    NotAZip,
    /// Something stands after the end record, or a comment in it.
    #[error("bytes after the end of the ZIP")]
    TrailingBytes,
    /// The first member does not begin at the first byte.
    #[error("bytes before the first member")]
    LeadingBytes,
    /// Members or directory leave room between them.
    #[error("a gap before {0}")]
    Gap(String),
    /// A member begins inside the one before it.
    #[error("{0} overlaps what stands before it")]
    Overlap(String),
    /// A name occurs twice.
    #[error("{0} occurs twice")]
    DuplicateName(String),
    /// Members are not in the order of their names.
    #[error("{0} is out of order")]
    Order(String),
    /// A name is absolute, climbs, or uses characters the format does not.
    #[error("unsafe path {0:?}")]
    UnsafePath(String),
    /// An entry is a folder.
    #[error("{0} is a folder entry")]
    FolderEntry(String),
    /// An entry is a symbolic link or another special file, or claims other rights than a plain file.
    #[error("{0} is not a plain file")]
    SpecialFile(String),
    /// A member is compressed.
    #[error("{0} is compressed")]
    Compressed(String),
    /// A member is encrypted.
    #[error("{0} is encrypted")]
    Encrypted(String),
    /// A member's size and checksum stand after it.
    #[error("{0} has a data descriptor")]
    DataDescriptor(String),
    /// The local header is not the one the central directory demands.
    #[error("the local header of {0} differs from the directory")]
    LocalHeader(String),
    /// A byte of the directory or of the end records is not as the profile demands.
    #[error("a header byte is not as the profile demands")]
    HeaderBytes(Option<String>),
    /// More members than [`crate::Limits::members`].
    #[error("too many members")]
    TooMany,
    /// More bytes than [`crate::Limits::total_bytes`].
    #[error("too many bytes")]
    TooLarge,
    /// A longer path than [`crate::Limits::path_bytes`].
    #[error("a path is too long")]
    PathTooLong,
}

impl ContainerDefect {
    /// Turns the defect into a finding; an unreadable file stays an error.
    pub fn into_finding(self) -> Result<Finding, io::Error> {
        let (code, path) = match self {
            Self::Read(fault) => return Err(fault),
            Self::NotAZip => (FindingCode::NotAZip, None),
            Self::TrailingBytes => (FindingCode::ZipTrailingBytes, None),
            Self::LeadingBytes => (FindingCode::ZipLeadingBytes, None),
            Self::Gap(path) => (FindingCode::ZipGap, Some(path)),
            Self::Overlap(path) => (FindingCode::ZipOverlap, Some(path)),
            Self::DuplicateName(path) => (FindingCode::DuplicatePath, Some(path)),
            Self::Order(path) => (FindingCode::ZipOrder, Some(path)),
            Self::UnsafePath(path) => (FindingCode::UnsafePath, Some(path)),
            Self::FolderEntry(path) => (FindingCode::ZipFolderEntry, Some(path)),
            Self::SpecialFile(path) => (FindingCode::SpecialFile, Some(path)),
            Self::Compressed(path) => (FindingCode::ZipCompressed, Some(path)),
            Self::Encrypted(path) => (FindingCode::ZipEncrypted, Some(path)),
            Self::DataDescriptor(path) => (FindingCode::ZipDataDescriptor, Some(path)),
            Self::LocalHeader(path) => (FindingCode::ZipLocalHeader, Some(path)),
            Self::HeaderBytes(path) => (FindingCode::ZipHeaderBytes, path),
            Self::TooMany => (FindingCode::TooManyFiles, None),
            Self::TooLarge => (FindingCode::TooLarge, None),
            Self::PathTooLong => (FindingCode::PathTooLong, None),
        };
        Ok(Finding { code, path, detail: None })
    }
}
