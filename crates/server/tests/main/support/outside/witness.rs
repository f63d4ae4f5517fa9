//! A witness as the product runs it, in a folder of its own.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};
use sigu_server::outside::services::KnownWitness;
use sigu_server::outside::witness::{Witness, router};

use super::{clock, counting, run};

/// The clock of witnesses: it stands, an hour after the tests began, so that services vouch for an earlier time.
pub(crate) fn at() -> Timestamp {
    static STANDS: LazyLock<Timestamp> = LazyLock::new(|| {
        let later = clock() + SignedDuration::from_hours(1);
        Timestamp::from_second(later.as_second()).unwrap()
    });
    *STANDS
}

/// A running witness.
pub(crate) struct TestWitness {
    pub(crate) witness: Arc<Witness>,
    pub(crate) known: KnownWitness,
    folder: tempfile::TempDir,
}

impl TestWitness {
    /// Starts one that knows these logs.
    pub(crate) async fn new(number: u8, logs: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let witness = Witness::open(folder.path(), at, &mut counting(number)).unwrap();
        for log in logs {
            assert!(witness.add(log).unwrap());
        }
        let witness = Arc::new(witness);
        let url = run(router(witness.clone(), |_| {})).await;
        let known = KnownWitness { name: format!("w{number}"), key: witness.key(), url, enabled: true };
        Self { witness, known, folder }
    }

    /// The folder it remembers in.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}
