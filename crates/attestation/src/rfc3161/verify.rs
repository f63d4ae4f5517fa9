//! The whole check of a reply, rule by rule, and what a reply that passed says.
//!
//! `VerifiedToken` is made here and nowhere else. The instant in it is the service's word; that it is honest
//! rests on who runs the pinned root.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use sigu_ledger::Hash;

use super::certificate::Certificate;
use super::error::TokenError;
use super::imprint::Imprint;
use super::name::show_name;
use super::oid::Oid;
use super::reply;
use super::request::Request;
use super::signed_data::SignedData;
use super::signer;
use super::trust::{Trust, fingerprint};
use super::tst_info::TstInfo;

/// Holds what a token says, after every rule held; made only by `verify_reply` and `verify_token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedToken {
    info: TstInfo,
    imprint: Imprint,
    with_modifications: bool,
    signer: String,
    token_digest: Hash,
    certificates: Vec<Vec<u8>>,
}

/// Checks a reply (`application/timestamp-reply`) against the request it answers and the pinned roots.
///
/// RFC 3161 §2.2 and §2.4.2, RFC 5652 §5, RFC 5816, RFC 5280 §6 at the instant of the token. The content type
/// of the HTTP answer is not looked at: some services send another one.
pub fn verify_reply(reply: &[u8], request: &Request, trust: &Trust) -> Result<VerifiedToken, TokenError> {
    let granted = reply::open(reply)?;
    let mut verified = verify_token(granted.token, request, trust)?;
    verified.with_modifications = granted.with_modifications;
    Ok(verified)
}

/// Checks a bare token (ContentInfo in DER or BER), as other programs keep it.
///
/// At most `MAX_REPLY_BYTES`. The rules are those of `verify_reply`.
pub fn verify_token(token: &[u8], request: &Request, trust: &Trust) -> Result<VerifiedToken, TokenError> {
    if token.len() > reply::MAX_REPLY_BYTES {
        return Err(TokenError::TooLarge);
    }
    let signed = SignedData::read(token)?;
    let info = TstInfo::read(&signed.content)?;
    let imprint = check_answers(&info, request)?;
    // What cannot be read cannot be the signer; anyone may have put it there.
    let candidates: Vec<Certificate<'_>> = signed
        .certificates
        .iter()
        .copied()
        .chain(trust.others())
        .filter_map(|der| Certificate::read(der).ok())
        .collect();
    let signer = signer::check(&signed, &candidates)?;
    let path = trust.path(signer.der, &signed.certificates, info.gen_time).map_err(TokenError::Chain)?;
    Ok(VerifiedToken {
        info,
        imprint,
        with_modifications: false,
        signer: show_name(signer.subject),
        token_digest: fingerprint(token),
        certificates: path.certificates,
    })
}

/// Compares what the service repeats with what was asked.
fn check_answers(info: &TstInfo, request: &Request) -> Result<Imprint, TokenError> {
    let imprint = info.imprint.as_ref().filter(|imprint| *imprint == request.imprint());
    let imprint = imprint.ok_or(TokenError::ImprintMismatch)?;
    if request.nonce().is_some_and(|nonce| info.nonce.as_deref() != Some(nonce)) {
        return Err(TokenError::NonceMismatch);
    }
    if request.policy().is_some_and(|policy| *policy != info.policy) {
        return Err(TokenError::PolicyMismatch);
    }
    Ok(imprint.clone())
}

impl VerifiedToken {
    /// Returns genTime to the nanosecond: what was stamped existed then, says the service.
    pub fn gen_time(&self) -> Timestamp {
        self.info.gen_time
    }

    /// Returns genTime as it stands in the token, with its whole fraction.
    pub fn gen_time_text(&self) -> &str {
        &self.info.gen_time_text
    }

    /// Returns by how much genTime may be off on either side, if the service says so.
    pub fn accuracy(&self) -> Option<Duration> {
        self.info.accuracy
    }

    /// Returns genTime less the accuracy: the token did not exist before.
    pub fn earliest(&self) -> Timestamp {
        let accuracy = SignedDuration::try_from(self.accuracy().unwrap_or_default()).unwrap_or_default();
        self.gen_time().checked_sub(accuracy).unwrap_or(Timestamp::MIN)
    }

    /// Returns genTime and the accuracy: what was stamped existed by then.
    pub fn latest(&self) -> Timestamp {
        let accuracy = SignedDuration::try_from(self.accuracy().unwrap_or_default()).unwrap_or_default();
        self.gen_time().checked_add(accuracy).unwrap_or(Timestamp::MAX)
    }

    /// Returns the digest the token is about.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// Returns the serial number the service gave it, in lower-case hex without leading zeros.
    pub fn serial(&self) -> &str {
        &self.info.serial
    }

    /// Returns the policy it was issued under.
    pub fn policy(&self) -> &Oid {
        &self.info.policy
    }

    /// Returns the subject of the signer's certificate, the most particular part first (RFC 4514).
    pub fn signer(&self) -> &str {
        &self.signer
    }

    /// Returns the name the service gives itself in the token: a claim that nothing rests on.
    pub fn claimed_name(&self) -> Option<&str> {
        self.info.tsa.as_deref()
    }

    /// Says whether the service granted something else than was asked (status 1); what it says is checked
    /// alike.
    pub fn is_modified(&self) -> bool {
        self.with_modifications
    }

    /// Returns SHA-256 of the whole token: unpredictable before it was signed, so it serves as a beacon.
    pub fn token_digest(&self) -> Hash {
        self.token_digest
    }

    /// Returns the path in DER: the signer's certificate first, the pinned root last.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// Returns SHA-256 of the pinned root in DER.
    pub fn root_fingerprint(&self) -> Hash {
        // The path holds the signer and the root at least.
        self.certificates.last().map_or(Hash::from_bytes([0; 32]), |root| fingerprint(root))
    }

    /// Returns when the first certificate of the path runs out: renew the evidence before.
    pub fn certificates_expire(&self) -> Timestamp {
        let ends = self.certificates.iter().filter_map(|der| Certificate::read(der).ok());
        ends.map(|certificate| certificate.not_after).min().unwrap_or(Timestamp::MIN)
    }

    /// Writes the path as PEM (RFC 7468), for export beside the reply; in a package it is a claim.
    pub fn chain_pem(&self) -> String {
        self.certificates.iter().map(|der| pem(der)).collect()
    }
}

fn pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII: every place is a boundary.
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text + "-----END CERTIFICATE-----\n"
}
