//! Outsiders: those who are asked for the time and shown the log, and how they are asked; and being a witness oneself.
//!
//! [`services`] says who they are, as users write it down. [`ask`] asks them and judges what they answer by
//! `sigu_attestation` before it counts. [`net`] is the one way out. [`witness`] is the other side: a witness for the logs
//! of others. [`publish`] lays the log out for everybody, as files.
//!
//! When to ask, how long to wait after a failure and where proofs are kept is the caller's matter: nothing here knows a
//! vault. What leaves this machine is a digest, a blinded digest, or a checkpoint; none of them says what a case is about.

pub mod ask;
pub mod net;
pub mod publish;
pub mod services;
pub mod witness;
