//! FIX: the pure first stage of sigu, from the bytes of an item to what the ledger may say of it.
//!
//! In reading order: [`content_id`] names content, [`manifest`] says what an item is, [`mod@mask`] decides how
//! much of a card secret may be shown, [`sealed`] and [`blob_name`] put the bytes at rest, [`keys`] and
//! [`key_file`] hold the key to them, [`row`] seals database rows, and [`field`] with [`disclosure`] turn
//! facts into salted digests that can later be opened one by one.
//!
//! Not here: files, folders, clocks, the operating system's randomness, the log. Bytes, time and
//! [`Entropy`] come in as arguments. The formats are specified in `docs/formats/content-id.md`,
//! `sealed-blob.md` and `item-manifest.md`, with vectors in `vectors/`.

pub mod blob_name;
pub mod content_id;
pub mod disclosure;
pub mod entropy;
pub mod field;
mod hex;
pub mod item_id;
pub mod key_file;
pub mod keys;
pub mod manifest;
pub mod mask;
pub mod row;
pub mod sealed;

pub use blob_name::{BlobName, BlobNameError, NameKey};
pub use content_id::{ContentHasher, ContentId, ContentIdError};
pub use disclosure::{Disclosure, DisclosureError, commit, match_all};
pub use entropy::Entropy;
pub use field::{FieldError, FieldName, FieldNameError, FieldValue, Fields};
pub use item_id::{ItemId, ItemIdError};
pub use key_file::{
    KdfCost, KeyFileError, open_identity, parse_plain_key_file, plain_key_file, seal_identity,
};
pub use keys::{Identity, KeyTextError, Recipient};
pub use manifest::{ItemManifest, ManifestError, Source};
pub use mask::{Masked, find_secrets, mask, mask_text};
pub use row::{RowCoder, RowError, RowKey, RowSealer};
pub use sealed::{
    CHUNK_BYTES, MAX_HEADER_BYTES, MAX_RECIPIENTS, OpenReader, Opener, SealWriter, SealedError, Sealer,
    TAG_BYTES, open_bytes, plain_size, seal_bytes, sealed_size,
};
