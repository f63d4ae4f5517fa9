//! How much of a foreign package is read before it is refused.

/// The bounds a reader keeps to, whatever the package claims.
///
/// The defaults are those of the format; a caller may tighten or widen them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most members (ZIP) or files (folder).
    pub members: u64,
    /// The most bytes of all members together.
    pub total_bytes: u64,
    /// The longest path, in bytes.
    pub path_bytes: usize,
    /// The largest leaf, proof, note, key or text outside `data/`, lists excepted.
    pub small_bytes: u64,
    /// The largest manifest, and the largest `trust/contents.txt`.
    pub list_bytes: u64,
    /// The largest `trust/checker.html`.
    pub page_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            members: 200_000,
            total_bytes: 64 << 30,
            path_bytes: 255,
            small_bytes: 1 << 20,
            list_bytes: 64 << 20,
            page_bytes: 4 << 20,
        }
    }
}

/// The most folders of outside proofs in a package.
pub(crate) const MAX_STAMPS: usize = 64;
/// The most timestamp services in one of them.
pub(crate) const MAX_SERVICES: usize = 16;
/// The most rounds of drand in a package.
pub(crate) const MAX_ROUNDS: usize = 4096;
