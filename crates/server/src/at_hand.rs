//! What was read of all orders while the key is at hand, so that the next page reads only what is new.
//!
//! It lies beside the key in [`Held`](crate::held::Held) and goes with it. Each page opens the vault itself; nothing
//! here is shown before the vault's own checkpoint was compared with the one it was read at.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sigu_case::House;
use sigu_case::dossier::{Dossier, Figures, dossiers_of, next_turn};
use sigu_vault::{Agenda, Error, Line, OrderSummary, Sheet, Vault};

type Kept<T> = Mutex<Option<T>>;

/// The merchants as they were summed.
struct Merchants {
    /// What they were summed from.
    of: Arc<Sheet<Figures>>,
    /// The instants for which they stand: the first, and the first after.
    from: Timestamp,
    until: Option<Timestamp>,
    all: Arc<Vec<Dossier>>,
}

impl Merchants {
    fn stand(&self, of: &Arc<Sheet<Figures>>, now: Timestamp) -> bool {
        Arc::ptr_eq(&self.of, of) && self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// What was read.
#[derive(Default)]
pub(crate) struct AtHand {
    summaries: Kept<Arc<Sheet<OrderSummary>>>,
    agendas: Kept<Arc<Sheet<Agenda>>>,
    figures: Kept<Arc<Sheet<Figures>>>,
    merchants: Kept<Merchants>,
}

impl AtHand {
    /// The line of every order.
    pub(crate) fn summaries(&self, vault: &Vault) -> Result<Arc<Sheet<OrderSummary>>, Error> {
        renewed(&self.summaries, vault)
    }

    /// The clocks of every order.
    pub(crate) fn agendas(&self, vault: &Vault) -> Result<Arc<Sheet<Agenda>>, Error> {
        renewed(&self.agendas, vault)
    }

    /// What every order says of its merchant.
    pub(crate) fn figures(&self, vault: &Vault) -> Result<Arc<Sheet<Figures>>, Error> {
        renewed(&self.figures, vault)
    }

    /// Every merchant as it stands now.
    pub(crate) fn merchants(&self, vault: &Vault, now: Timestamp) -> Result<Arc<Vec<Dossier>>, Error> {
        // The figures come first: what is logged between them and the notes makes new figures, and is summed next time.
        let of = self.figures(vault)?;
        if let Some(known) = own(&self.merchants).as_ref().filter(|known| known.stand(&of, now)) {
            return Ok(known.all.clone());
        }
        let house = House::of(&vault.house()?);
        let all = Arc::new(dossiers_of(&house, of.lines(), now));
        let until = next_turn(&house, of.lines(), now);
        *own(&self.merchants) = Some(Merchants { of, from: now, until, all: all.clone() });
        Ok(all)
    }
}

/// Every order, in the order of a list: those that are open first, among them the newest purchase, then by label.
pub(crate) fn listed(lines: &Sheet<OrderSummary>) -> Vec<&OrderSummary> {
    let mut all: Vec<&OrderSummary> = lines.lines().collect();
    all.sort_by(|one, other| {
        let key = |one: &OrderSummary| (one.outcome.is_some(), std::cmp::Reverse(one.completed_at));
        key(one).cmp(&key(other)).then_with(|| one.order.cmp(&other.order))
    });
    all
}

/// The sheet as the vault has it now. Nobody waits for another who reads: the last to come leaves what it read.
fn renewed<T: Line>(kept: &Kept<Arc<Sheet<T>>>, vault: &Vault) -> Result<Arc<Sheet<T>>, Error> {
    let before = own(kept).clone();
    let now = vault.sheet(before.as_ref())?;
    *own(kept) = Some(now.clone());
    Ok(now)
}

fn own<T>(kept: &Kept<T>) -> MutexGuard<'_, Option<T>> {
    // It is replaced whole: a thread that panicked left it as it was.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
