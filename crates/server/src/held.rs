//! The vault key as the app holds it: at hand, or forgotten until somebody unlocks; and what was read with it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sigu_evidence::Identity;
use sigu_vault::{Error, Refusal};

use crate::at_hand::AtHand;

/// The vault key, or its absence. All copies of one are the same: who forgets it, forgets it for all.
#[derive(Clone)]
pub struct Held(Arc<Mutex<Option<Own>>>);

struct Own {
    identity: Identity,
    /// It is forgotten with the key.
    at_hand: Arc<AtHand>,
}

impl From<Identity> for Own {
    fn from(identity: Identity) -> Self {
        Self { identity, at_hand: Arc::default() }
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.own().is_some() { "Held(at hand)" } else { "Held(locked)" })
    }
}

impl From<Identity> for Held {
    fn from(identity: Identity) -> Self {
        Self(Arc::new(Mutex::new(Some(identity.into()))))
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
        self.own().as_ref().map(|own| own.identity.clone()).ok_or_else(|| Refusal::Locked.into())
    }

    /// Returns whether the key is forgotten.
    pub fn is_locked(&self) -> bool {
        self.own().is_none()
    }

    pub(crate) fn take_in(&self, identity: Identity) {
        *self.own() = Some(identity.into());
    }

    /// Returns what was read with the key; nothing where it was forgotten meanwhile, and nothing is kept then.
    pub(crate) fn at_hand(&self) -> Arc<AtHand> {
        self.own().as_ref().map(|own| own.at_hand.clone()).unwrap_or_default()
    }

    /// Forgets the key, and all that was read with it. Work that began with it goes on with its own copy.
    pub(crate) fn forget(&self) {
        // Dropped means wiped.
        *self.own() = None;
    }

    fn own(&self) -> MutexGuard<'_, Option<Own>> {
        // The key is replaced whole: a thread that panicked left it as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use sigu_vault::os_entropy;

    use super::*;

    #[test]
    fn what_was_read_goes_with_the_key() {
        let held = Held::from(Identity::generate(&mut os_entropy));
        let (kept, same) = (Arc::downgrade(&held.at_hand()), Arc::downgrade(&held.clone().at_hand()));
        assert!(kept.ptr_eq(&same) && kept.upgrade().is_some());
        let page = held.at_hand();
        held.forget();
        drop(page);
        assert!(kept.upgrade().is_none(), "nothing is left once the last page is done");
        assert_eq!(Arc::strong_count(&held.at_hand()), 1, "and nothing is kept while it is locked");
        held.take_in(Identity::generate(&mut os_entropy));
        assert!(!Arc::downgrade(&held.at_hand()).ptr_eq(&kept));
    }
}
