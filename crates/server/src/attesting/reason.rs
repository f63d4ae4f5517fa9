//! Why an outsider gave nothing, as it is remembered and shown: a code with words in both languages, and a detail.

use serde::{Deserialize, Serialize};
use sigu_attestation::rfc3161::TokenError;
use sigu_attestation::witness::Refusal;

use crate::outside::ask::{Again, AskError, Witnessed};
use crate::outside::net::NetFault;

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The end of the message `outside-why-…`.
    pub code: String,
    /// A number or a rule, for people who look closer; may be empty.
    pub detail: String,
    /// Whether only a change of the service or of its entry mends it.
    change: bool,
}

impl Reason {
    pub(super) fn code(code: &str) -> Self {
        Self { code: code.to_owned(), detail: String::new(), change: false }
    }

    pub(super) fn change(code: &str) -> Self {
        Self { change: true, ..Self::code(code) }
    }

    pub(super) fn with(self, detail: impl ToString) -> Self {
        Self { detail: detail.to_string(), ..self }
    }

    /// Returns whether asking again as before cannot help.
    pub fn needs_change(&self) -> bool {
        self.change
    }

    /// All codes, so that a test can see that each has words.
    pub const CODES: [&'static str; 17] = [
        "untrusted",
        "address",
        "unreachable",
        "slow",
        "cut",
        "large",
        "status",
        "roots",
        "refused",
        "foreign",
        "replayed",
        "chain",
        "token",
        "calendar",
        "beacon",
        "witness",
        "unknown-log",
    ];
}

impl From<&NetFault> for Reason {
    fn from(fault: &NetFault) -> Self {
        match fault {
            NetFault::Address => Self::change("address"),
            NetFault::Unreachable => Self::code("unreachable"),
            NetFault::TimedOut => Self::code("slow"),
            NetFault::CutOff => Self::code("cut"),
            NetFault::Untrusted => Self::code("untrusted"),
            NetFault::TooLarge => Self::code("large"),
            NetFault::Status(status) => Self::code("status").with(status),
        }
    }
}

impl From<&AskError> for Reason {
    fn from(error: &AskError) -> Self {
        let code = match error {
            AskError::Net(fault) => return fault.into(),
            AskError::Roots(_) => "roots",
            AskError::Token(TokenError::Rejected(_)) => "refused",
            AskError::Token(TokenError::ImprintMismatch) => "foreign",
            AskError::Token(TokenError::NonceMismatch) => "replayed",
            AskError::Token(TokenError::Chain(_)) => "chain",
            AskError::Token(_) => "token",
            AskError::Calendar(_) | AskError::NoPromise => "calendar",
            AskError::Round(_) => "beacon",
        };
        let change = error.again() == Again::AfterChange;
        Self { change, ..Self::code(code).with(error) }
    }
}

impl Reason {
    /// Why a witness gave no cosignature; `None` where it did, or raised an alarm.
    pub(super) fn of_witness(answer: &Witnessed) -> Option<Self> {
        Some(match answer {
            Witnessed::Cosigned { .. }
            | Witnessed::SawLater { .. }
            | Witnessed::Ahead { .. }
            | Witnessed::Fork(_) => return None,
            Witnessed::Refused(Refusal::UnknownLog) => Self::change("unknown-log"),
            Witnessed::Refused(_) => Self::change("refused"),
            Witnessed::Unavailable { status } => Self::code("status").with(status),
            Witnessed::Unreachable(fault) => fault.into(),
            Witnessed::Unsettled
            | Witnessed::Garbage
            | Witnessed::BadCosignature(_)
            | Witnessed::OwnProof { .. } => Self::code("witness").with(format!("{answer:?}")),
        })
    }
}
