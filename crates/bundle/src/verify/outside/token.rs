//! A timestamp reply: under a root of the reader's, under one that only the package names, or refused.

use sigu_attestation::rfc3161::{
    DigestAlgorithm, Imprint, Request, TokenError, Trust, VerifiedToken, verify_reply,
};
use sigu_ledger::SignedCheckpoint;

use crate::{TokenDefect, TokenReport};

/// What lies beside a reply.
pub(super) struct Beside {
    pub(super) request: Option<Vec<u8>>,
    /// PEM; empty if there is none.
    pub(super) chain: Vec<u8>,
}

const PEM_BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Judges a reply over a stamped checkpoint; says whether its root is only a claim.
///
/// The reader's roots are tried alone first: a certificate of the package can never stand in for one of them.
pub(super) fn judge(
    reply: &[u8],
    beside: &Beside,
    signed: &SignedCheckpoint,
    roots: &Trust,
) -> Result<(bool, VerifiedToken), TokenDefect> {
    let about = Imprint::of(DigestAlgorithm::Sha256, signed.note().as_bytes());
    let request = match &beside.request {
        Some(bytes) => Request::parse(bytes).map_err(|_| TokenDefect::Request)?,
        None => Request::without_nonce(about),
    };
    let asked = request.imprint();
    if Imprint::of(asked.algorithm(), signed.note().as_bytes()) != *asked {
        return Err(TokenDefect::Imprint);
    }
    // A path that cannot be read helps nobody; the token may be good without it.
    let with_others = roots.clone().with_others_from_pem(&beside.chain).unwrap_or_else(|_| roots.clone());
    let refused = match verify_reply(reply, &request, &with_others) {
        Ok(token) => return Ok((false, token)),
        Err(error) => error,
    };
    let Some(claimed) = claimed_root(&beside.chain) else { return Err(TokenDefect::from(&refused)) };
    match verify_reply(reply, &request, &claimed) {
        Ok(token) => Ok((true, token)),
        Err(error) => Err(TokenDefect::from(&error)),
    }
}

/// The path of a package: its last certificate as root, the others as helpers.
fn claimed_root(chain: &[u8]) -> Option<Trust> {
    let last = chain.windows(PEM_BEGIN.len()).rposition(|at| at == PEM_BEGIN)?;
    let (others, root) = chain.split_at(last);
    let trust = Trust::from_pem(root).ok()?;
    // As above: the root counts alone if the others cannot be read, or if there are none.
    Some(trust.clone().with_others_from_pem(others).unwrap_or(trust))
}

/// What a token says.
pub(super) fn report(token: &VerifiedToken) -> TokenReport {
    TokenReport {
        gen_time: token.gen_time(),
        not_after: token.latest(),
        signer: token.signer().to_owned(),
        root: token.root_fingerprint(),
        token: token.token_digest(),
    }
}

impl From<&TokenError> for TokenDefect {
    fn from(error: &TokenError) -> Self {
        use TokenDefect as D;
        use TokenError as E;
        match error {
            E::TooLarge
            | E::Malformed(_)
            | E::NoToken
            | E::NotSignedData
            | E::NotTimestamp
            | E::Version
            | E::CriticalExtension => D::Malformed,
            E::Rejected(_) => D::Rejected,
            E::ImprintMismatch => D::Imprint,
            E::NonceMismatch => D::Nonce,
            E::PolicyMismatch => D::Policy,
            E::SignerCount(_) => D::SignerCount,
            E::Attribute(_) | E::ContentTypeMismatch => D::Attributes,
            E::DigestAlgorithm => D::DigestAlgorithm,
            E::MessageDigestMismatch => D::MessageDigest,
            E::SignerNotFound => D::SignerMissing,
            E::SigningCertificateMissing | E::SigningCertificateMismatch => D::SigningCertificate,
            E::SignatureAlgorithm => D::SignatureAlgorithm,
            E::Signature => D::Signature,
            E::Purpose | E::PurposeNotCritical => D::Purpose,
            E::KeyUsage => D::KeyUsage,
            E::Chain(_) => D::Path,
        }
    }
}
