//! Pinned roots, and the path from a signer's certificate to one of them (RFC 5280 §6).
//!
//! The path is built by rustls-webpki: it checks signatures, validity at a given instant, name constraints,
//! basic constraints and that every certificate on the way may serve timestamps, within a fixed budget. It
//! does not look at the validity of roots; that is done here, as OpenSSL does it. Revocation is not asked: a
//! list fetched today says little about a token of the past, and there is no network here.

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use sha2::{Digest as _, Sha256};
use sigu_ledger::Hash;
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use jiff::Timestamp;

use super::certificate::Certificate;
use super::error::ChainFault;
use super::oid::TIME_STAMPING;
use super::signature;

/// The most roots, and the most other certificates, that are handed in.
pub const MAX_TRUSTED_CERTIFICATES: usize = 64;

/// Holds the roots a verifier believes, and further certificates it knows of but does not believe.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    roots: Vec<CertificateDer<'static>>,
    others: Vec<CertificateDer<'static>>,
}

/// Says why certificates cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The text holds no certificate in PEM (RFC 7468 §5), or a broken one.
    #[error("not certificates in PEM")]
    Pem,
    /// Certificate number `position`, from 0, cannot be read.
    #[error("certificate {position} cannot be read")]
    Certificate {
        /// Its place in what was handed in.
        position: usize,
    },
    /// More than `MAX_TRUSTED_CERTIFICATES`.
    #[error("more than 64 certificates")]
    TooMany,
}

/// Holds a path that was checked, from the signer to the pinned root.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// All certificates in DER, the signer's first, the root last.
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Trust {
    /// Pins roots, each one certificate in DER. A pin is the user's decision; where they come from is not
    /// asked.
    pub fn from_der(roots: Vec<Vec<u8>>) -> Result<Self, TrustError> {
        let roots: Vec<_> = roots.into_iter().map(CertificateDer::from).collect();
        readable(&roots)?;
        Ok(Self { roots, others: Vec::new() })
    }

    /// Pins all certificates of a PEM text (RFC 7468); what else stands in the text is passed over.
    pub fn from_pem(text: &[u8]) -> Result<Self, TrustError> {
        let roots = read_pem(text)?;
        readable(&roots)?;
        Ok(Self { roots, others: Vec::new() })
    }

    /// Adds certificates that may stand in the middle of a path, or be the signer's where the token holds
    /// none.
    ///
    /// They are not believed: only a path to a pinned root counts. A `.chain.pem` from a package may go here.
    pub fn with_others_from_pem(mut self, text: &[u8]) -> Result<Self, TrustError> {
        let others = read_pem(text)?;
        readable(&others)?;
        self.others.extend(others);
        if self.others.len() > MAX_TRUSTED_CERTIFICATES { Err(TrustError::TooMany) } else { Ok(self) }
    }

    /// Returns SHA-256 of each pinned root in DER, in the order they were pinned.
    pub fn fingerprints(&self) -> Vec<Hash> {
        self.roots.iter().map(|root| fingerprint(root)).collect()
    }

    /// The further certificates.
    pub(crate) fn others(&self) -> impl Iterator<Item = &[u8]> {
        self.others.iter().map(AsRef::as_ref)
    }

    /// Builds a path from `signer` to a pinned root, as of `at`; `embedded` are the certificates of the
    /// token.
    pub(crate) fn path(&self, signer: &[u8], embedded: &[&[u8]], at: Timestamp) -> Result<Path, ChainFault> {
        let seconds = u64::try_from(at.as_second()).map_err(|_| ChainFault::NotYetValid)?;
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let der = CertificateDer::from(signer);
        let end = EndEntityCert::try_from(&der).map_err(fault)?;
        let anchors = self.roots.iter().map(anchor_from_trusted_cert);
        let anchors = anchors.collect::<Result<Vec<TrustAnchor<'_>>, _>>().map_err(fault)?;
        let between = embedded.iter().map(|one| CertificateDer::from(*one));
        let between: Vec<_> = between.chain(self.others.iter().cloned()).filter(|one| *one != der).collect();
        let path = end
            .verify_for_usage(
                signature::ALL,
                &anchors,
                &between,
                now,
                KeyUsage::required_if_present(TIME_STAMPING),
                None,
                None,
            )
            .map_err(fault)?;
        let number = anchors.iter().position(|anchor| anchor == path.anchor()).ok_or(ChainFault::Rule)?;
        let root = &self.roots[number];
        let known = Certificate::read(root).map_err(|_| ChainFault::Rule)?;
        if at < known.not_before || at > known.not_after {
            return Err(ChainFault::RootNotValid);
        }
        let mut certificates = vec![signer.to_vec()];
        certificates.extend(path.intermediate_certificates().map(|one| one.der().to_vec()));
        certificates.push(root.to_vec());
        Ok(Path { certificates })
    }
}

/// SHA-256 of a certificate in DER, by which people compare certificates.
pub(crate) fn fingerprint(der: &[u8]) -> Hash {
    Hash::from_bytes(Sha256::digest(der).into())
}

fn read_pem(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let found =
        CertificateDer::pem_slice_iter(text).collect::<Result<Vec<_>, _>>().map_err(|_| TrustError::Pem)?;
    if found.is_empty() { Err(TrustError::Pem) } else { Ok(found) }
}

fn readable(certificates: &[CertificateDer<'static>]) -> Result<(), TrustError> {
    if certificates.len() > MAX_TRUSTED_CERTIFICATES {
        return Err(TrustError::TooMany);
    }
    let bad =
        |one: &CertificateDer<'_>| Certificate::read(one).is_err() || anchor_from_trusted_cert(one).is_err();
    match certificates.iter().position(bad) {
        Some(position) => Err(TrustError::Certificate { position }),
        None => Ok(()),
    }
}

fn fault(error: Error) -> ChainFault {
    match error {
        Error::UnknownIssuer => ChainFault::UnknownIssuer,
        Error::CertExpired { .. } => ChainFault::Expired,
        Error::CertNotValidYet { .. } => ChainFault::NotYetValid,
        Error::RequiredEkuNotFoundContext(_) | Error::EndEntityUsedAsCa | Error::CaUsedAsEndEntity => {
            ChainFault::Purpose
        }
        Error::InvalidSignatureForPublicKey
        | Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => ChainFault::Signature,
        _ => ChainFault::Rule,
    }
}
