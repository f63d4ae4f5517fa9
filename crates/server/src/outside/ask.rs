//! Asking: one question to one outsider, or to several at once, and what the answer is worth.
//!
//! | asked | by | gives |
//! |---|---|---|
//! | timestamp services | [`ask_service`], [`ask_services`] | a verified token with all that is kept of it |
//! | calendars | [`ask_calendars`], [`upgrade`] | a proof that is begun, and led into a block later |
//! | drand | [`ask_beacon`] | a verified round |
//! | witnesses | [`ask_witness`] | cosignatures, or an alarm |
//!
//! Nothing counts before `sigu_attestation` has judged it. Each function asks once: when to ask again is the caller's
//! matter, and [`AskError::again`] says whether it can help. None of them blocks a thread, and what is drawn at random is
//! drawn before anything is sent, so that the futures can go to other threads.

mod beacon;
mod calendar;
mod service;
mod witness;

use sigu_attestation::drand::DrandError;
use sigu_attestation::opentimestamps::OtsError;
use sigu_attestation::rfc3161::{ChainFault, TokenError};

use super::net::NetFault;
use super::services::NotARoot;

pub use beacon::{BeaconAnswer, FRESH, ask_beacon};
pub use calendar::{CalendarAnswer, Upgrade, ask_calendars, upgrade};
pub use service::{TokenAnswer, ask_service, ask_services};
pub use witness::{Proven, Submitted, Witnessed, ask_witness};

/// Says why an answer does not count, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// Nothing came that could be judged.
    #[error(transparent)]
    Net(#[from] NetFault),
    /// The roots of the service are none; it was not asked.
    #[error(transparent)]
    Roots(#[from] NotARoot),
    /// A reply of a timestamp service that breaks a rule, or its refusal.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// An answer of a calendar that is none.
    #[error("not an answer of a calendar: {0}")]
    Calendar(#[from] OtsError),
    /// An answer of a calendar that leads nowhere: no promise of a calendar that is known, no block.
    #[error("the calendar promises nothing that could be asked for later")]
    NoPromise,
    /// An answer of a relay that is no round of drand.
    #[error(transparent)]
    Round(#[from] DrandError),
}

/// Says when asking again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Later: the net, the service or somebody between failed.
    Later,
    /// Not before the service or its entry in the configuration is another: the same question gets the same answer.
    AfterChange,
}

impl AskError {
    /// Says when asking again can help.
    ///
    /// What anybody between could have put there, such as the page of a hotel, is asked for again; what only the service
    /// itself can have signed, or said by a reason of RFC 3161 §2.4.2, is not.
    pub fn again(&self) -> Again {
        match self {
            Self::Net(NetFault::Address) | Self::Roots(_) | Self::NoPromise => Again::AfterChange,
            Self::Token(error) => of_token(error),
            Self::Net(_) | Self::Calendar(_) | Self::Round(_) => Again::Later,
        }
    }
}

fn of_token(error: &TokenError) -> Again {
    use TokenError as E;
    match error {
        E::Rejected(rejection) if rejection.is_permanent() => Again::AfterChange,
        // A certificate that has expired is often renewed within days.
        E::Chain(ChainFault::Expired | ChainFault::NotYetValid) => Again::Later,
        E::Chain(_)
        | E::DigestAlgorithm
        | E::SignatureAlgorithm
        | E::Purpose
        | E::PurposeNotCritical
        | E::KeyUsage
        | E::PolicyMismatch
        | E::CriticalExtension
        | E::Version
        | E::SigningCertificateMissing => Again::AfterChange,
        _ => Again::Later,
    }
}

/// Says who of several gave nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its name or address in the configuration.
    pub who: String,
    /// Why.
    pub error: AskError,
}
