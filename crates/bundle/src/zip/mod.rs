//! The container: a ZIP of which every byte is determined by the names and contents of its members.
//!
//! APPNOTE 6.3.3, stored members only. The writer streams; the reader refuses whatever the writer would not have written.

mod defect;
mod header;
mod index;
mod write;

pub use defect::ContainerDefect;
pub(crate) use header::zip_bytes;
pub use index::{Member, ZipIndex};
pub use write::ZipWriter;
