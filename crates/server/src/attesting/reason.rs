//! Why an outsider gave nothing, as it is remembered and shown: a code with words in both languages, and a detail.

use serde::{Deserialize, Serialize};
use sigu_attestation::rfc3161::{ChainFault, TokenError};
use sigu_attestation::witness::Refusal;
use sigu_bundle::TokenDefect;

use crate::outside::ask::{Again, AskError, Witnessed};
use crate::outside::net::NetFault;

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The end of the message `outside-why-…`.
    pub code: String,
    /// For people who look closer: a status, the other side's own words, or a code of what is wrong; may be empty.
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
        let (code, detail) = match error {
            AskError::Net(fault) => return fault.into(),
            AskError::Roots(_) => ("roots", String::new()),
            AskError::Token(TokenError::Rejected(no)) if no.text.is_empty() => {
                ("refused", no.status.to_string())
            }
            AskError::Token(TokenError::Rejected(no)) => ("refused", no.text.clone()),
            AskError::Token(TokenError::ImprintMismatch) => ("foreign", String::new()),
            AskError::Token(TokenError::NonceMismatch) => ("replayed", String::new()),
            AskError::Token(TokenError::Chain(fault)) => ("chain", chain(*fault).to_owned()),
            AskError::Token(error) => ("token", defect(error)),
            AskError::Calendar(_) | AskError::NoPromise => ("calendar", error.to_string()),
            AskError::Round(_) => ("beacon", error.to_string()),
        };
        let change = error.again() == Again::AfterChange;
        Self { change, ..Self::code(code).with(detail) }
    }
}

/// The end of the message `outside-chain-…`.
const fn chain(fault: ChainFault) -> &'static str {
    match fault {
        ChainFault::UnknownIssuer => "unknown-issuer",
        ChainFault::Expired => "expired",
        ChainFault::NotYetValid => "not-yet-valid",
        ChainFault::RootNotValid => "root-not-valid",
        ChainFault::Purpose => "purpose",
        ChainFault::Signature => "signature",
        ChainFault::Rule => "rule",
    }
}

/// The end of the message `token-defect-…`, as verifying a package says it.
fn defect(error: &TokenError) -> String {
    let code = serde_json::to_value(TokenDefect::from(error));
    code.ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
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
            Witnessed::Refused(Refusal::BadRequest) => Self::change("refused").with(400),
            Witnessed::Refused(Refusal::OtherKey) => Self::change("refused").with(403),
            Witnessed::Unavailable { status } => Self::code("status").with(status),
            Witnessed::Unreachable(fault) => fault.into(),
            Witnessed::Unsettled
            | Witnessed::Garbage
            | Witnessed::BadCosignature(_)
            | Witnessed::OwnProof { .. } => Self::code("witness").with(format!("{answer:?}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told;
    use crate::words::Words;

    #[test]
    fn every_reason_has_words_in_both_languages() {
        for words in [Words::chinese(), Words::in_english()] {
            for code in Reason::CODES {
                assert!(!told::reason(code, "7", &words).is_empty(), "{code}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_token_is_told_in_the_readers_language() {
        use ChainFault as C;
        use TokenError as E;
        let faults = [
            C::UnknownIssuer,
            C::Expired,
            C::NotYetValid,
            C::RootNotValid,
            C::Purpose,
            C::Signature,
            C::Rule,
        ];
        let errors = [E::TooLarge, E::NoToken, E::Version, E::PolicyMismatch, E::SignerCount(2), E::KeyUsage];
        let all = errors.into_iter().chain(faults.map(E::Chain));
        for error in all {
            let why = Reason::from(&AskError::Token(error.clone()));
            assert!(Reason::CODES.contains(&why.code.as_str()), "{error}");
            let said = told::reason(&why.code, &why.detail, &Words::chinese());
            assert!(!said.chars().any(|sign| sign.is_ascii_alphabetic()), "{error}: {said}");
            assert_ne!(said, told::reason(&why.code, &why.detail, &Words::in_english()));
        }
    }
}
