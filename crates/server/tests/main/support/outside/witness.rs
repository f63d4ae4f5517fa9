//! A witness as the product runs it, in a folder of its own.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use sigu_server::outside::services::KnownWitness;
use sigu_server::outside::witness::{Witness, router};

use super::{counting, run};

/// The clock of witnesses.
pub(crate) fn at() -> Timestamp {
    "2026-11-24T08:00:00Z".parse().unwrap()
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
