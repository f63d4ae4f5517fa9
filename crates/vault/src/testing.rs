//! Faults on purpose, for tests of this crate and of stores that keep the same contract.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::disk::{Disk, Op};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It is not done, and an error is reported.
    NotDone,
    /// It is done, and an error is reported all the same.
    DoneButReported,
    /// It is not done, and nothing after it is: the power is gone.
    PowerCut,
    /// It is not done, for want of space.
    DiskFull,
}

/// Fails the n-th operation (from 0) of one kind, or of any kind.
#[derive(Debug)]
pub struct FaultPlan {
    op: Option<Op>,
    nth: usize,
    failure: Failure,
    seen: AtomicUsize,
    cut: Mutex<bool>,
}

impl FaultPlan {
    /// Plans one failure.
    pub fn new(op: Option<Op>, nth: usize, failure: Failure) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self { op, nth, failure, seen: AtomicUsize::new(0), cut: Mutex::new(false) })
    }

    /// Returns whether the planned operation was reached.
    pub fn reached(&self) -> bool {
        self.seen.load(Ordering::SeqCst) > self.nth
    }

    /// Returns how many operations of the planned kind were seen.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }

    pub(crate) fn run<T>(&self, op: Op, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let mut cut = self.cut.lock().map_err(|_| io::Error::other("poisoned"))?;
        if *cut {
            return Err(io::Error::other("the power is gone"));
        }
        if self.op.is_some_and(|planned| planned != op)
            || self.seen.fetch_add(1, Ordering::SeqCst) != self.nth
        {
            drop(cut);
            return act();
        }
        match self.failure {
            Failure::NotDone => Err(io::Error::other("planned")),
            Failure::DiskFull => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Failure::DoneButReported => act().and(Err(io::Error::other("planned, though done"))),
            Failure::PowerCut => {
                *cut = true;
                Err(io::Error::other("the power is gone"))
            }
        }
    }
}

/// A disk that fails as planned.
pub fn faulty(plan: std::sync::Arc<FaultPlan>) -> Disk {
    Disk { faults: Some(plan) }
}
