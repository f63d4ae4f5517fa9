//! The vault key as the app holds it: at hand, or forgotten until somebody unlocks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sigu_evidence::Identity;
use sigu_vault::{Error, Refusal};

/// The vault key, or its absence. All copies of one are the same: who forgets it, forgets it for all.
#[derive(Clone)]
pub struct Held(Arc<Mutex<Option<Identity>>>);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.own().is_some() { "Held(at hand)" } else { "Held(locked)" })
    }
}

impl From<Identity> for Held {
    fn from(identity: Identity) -> Self {
        Self(Arc::new(Mutex::new(Some(identity))))
    }
}

impl Held {
    /// No key yet: the app begins locked.
    pub fn locked() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// Returns the key.
    ///
    /// # Errors
    /// Refuses while it is forgotten.
    pub fn get(&self) -> Result<Identity, Error> {
        self.own().clone().ok_or_else(|| Refusal::Locked.into())
    }

    /// Returns whether the key is forgotten.
    pub fn is_locked(&self) -> bool {
        self.own().is_none()
    }

    pub(crate) fn take_in(&self, identity: Identity) {
        *self.own() = Some(identity);
    }

    /// Forgets the key. Work that began with it goes on with its own copy.
    pub(crate) fn forget(&self) {
        // Dropped means wiped.
        *self.own() = None;
    }

    fn own(&self) -> MutexGuard<'_, Option<Identity>> {
        // The key is replaced whole: a thread that panicked left it as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
