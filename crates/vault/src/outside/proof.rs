//! One answer of an outsider: as it comes in, as its leaf says it, as it is read again.

use jiff::Timestamp;
use sigu_attestation::bracket::{Bound, Source, Stamp};
use sigu_attestation::opentimestamps::{BlockHeader, Proof as Timestamps};
use sigu_attestation::rfc3161::VerifiedToken;
use sigu_attestation::witness::VerifiedCosignature;
use sigu_evidence::{ContentId, FieldError, Fields, ItemId};
use sigu_ledger::{Hash, SignedCheckpoint};

use super::KIND;
use crate::append::NewLeaf;
use crate::error::{Refusal, Result};
use crate::keys::{hex, parse_hex};
use crate::rows;

/// An answer that was checked, with the checkpoint it is about.
#[derive(Debug, Clone)]
pub struct NewProof {
    /// The log.
    pub log: u32,
    /// How many leaves the checkpoint covers.
    pub size: u64,
    /// The name of who was asked, as configured: the user's word.
    pub source: String,
    /// What came back.
    pub answer: Answer,
}

/// What came back, checked.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A token of a timestamp service.
    Token {
        /// What was sent, in DER.
        request: Vec<u8>,
        /// The reply as received.
        reply: Vec<u8>,
        /// What it says.
        token: Box<VerifiedToken>,
        /// By how much the service's clock is ahead of this machine's, in milliseconds; `None` where it was not measured.
        skew_ms: Option<i64>,
    },
    /// A proof of OpenTimestamps; pending, or led into a block whose header may be known.
    Timestamps {
        /// The proof.
        proof: Timestamps,
        /// The header of its block, from whom the user believes.
        header: Option<BlockHeader>,
    },
    /// Cosignature lines of one witness.
    Cosignature {
        /// The lines as received, each ended by a newline.
        lines: String,
        /// The one that holds.
        by: VerifiedCosignature,
    },
}

/// What an answer says, as its leaf has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A timestamp service: the checkpoint existed.
    Token {
        /// The service's clock.
        gen_time: Timestamp,
        /// The same less its accuracy: the token did not exist before.
        earliest: Timestamp,
        /// The same and its accuracy: the checkpoint existed by then.
        latest: Timestamp,
        /// The subject of the signer's certificate.
        signer: String,
        /// SHA-256 of the root it was verified under.
        root: Hash,
        /// SHA-256 of the token.
        token: Hash,
        /// When the first certificate of its path runs out.
        expires: Timestamp,
        /// By how much the service's clock was ahead of this machine's, in milliseconds.
        skew_ms: Option<i64>,
    },
    /// Calendars promised to put it into a block: nothing is proved yet.
    Promised,
    /// It lies in a block.
    Block {
        /// The height of the block.
        height: u64,
        /// The block's time and two hours, where its header is known.
        latest: Option<Timestamp>,
    },
    /// A witness saw the tree.
    Witness {
        /// The witness's clock.
        at: Timestamp,
        /// Its public key.
        key: [u8; 32],
    },
}

/// An answer as it was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The leaf that says it was received.
    pub item: ItemId,
    /// When that was, by the device's clock: a claim.
    pub received: Timestamp,
    /// The log it is about.
    pub log: u32,
    /// How many leaves of it.
    pub size: u64,
    /// Who was asked.
    pub source: String,
    /// What it says.
    pub said: Said,
}

/// The bytes of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFiles {
    /// What was sent: the request of a token in DER; empty for others.
    pub request: Vec<u8>,
    /// What came back, as received; a whole `.ots` file for OpenTimestamps.
    pub reply: Vec<u8>,
    /// What belongs beside it: the path of a token as PEM, the header of a block; may be empty.
    pub beside: Vec<u8>,
}

impl Proof {
    /// Returns by when the checkpoint existed and on whose word; `None` while it is only promised or no header is known.
    pub fn not_after(&self) -> Option<Bound> {
        Some(match &self.said {
            Said::Token { latest, signer, root, .. } => {
                Bound { at: *latest, by: Source::Service { signer: signer.clone(), root: *root } }
            }
            Said::Block { height, latest } => Bound { at: (*latest)?, by: Source::Block { height: *height } },
            Said::Witness { at, key } => {
                Bound { at: *at, by: Source::Witness { name: self.source.clone(), key: *key } }
            }
            Said::Promised => return None,
        })
    }
}

impl NewProof {
    /// Makes the leaf, after the answer was compared with the checkpoint.
    pub(super) fn into_leaf(self, signed: &SignedCheckpoint) -> Result<NewLeaf> {
        if !self.is_about(signed) {
            return Err(
                Refusal::ForeignProof { source_name: self.source, log: self.log, size: self.size }.into()
            );
        }
        let (said, files) = self.answer.read();
        let statement = Statement { log: self.log, size: self.size, source: self.source, said };
        let fields = statement.to_fields(&files.reply).map_err(|error| Refusal::Entry(error.to_string()))?;
        Ok(NewLeaf { kind: KIND, fields, event: None, blob: None, proof: Some(Box::new((statement, files))) })
    }

    fn is_about(&self, signed: &SignedCheckpoint) -> bool {
        match &self.answer {
            Answer::Token { token, .. } => Stamp::by_token(signed, token).is_ok(),
            Answer::Timestamps { proof, header: None } => proof.is_about(signed.note().as_bytes()),
            Answer::Timestamps { proof, header: Some(header) } => {
                Stamp::by_block(signed, proof, header).is_ok()
            }
            Answer::Cosignature { by, .. } => by.checkpoint() == signed.checkpoint(),
        }
    }
}

impl Answer {
    fn read(self) -> (Said, ProofFiles) {
        match self {
            Self::Token { request, reply, token, skew_ms } => {
                let said = Said::Token {
                    gen_time: token.gen_time(),
                    earliest: token.earliest(),
                    latest: token.latest(),
                    signer: token.signer().to_owned(),
                    root: token.root_fingerprint(),
                    token: token.token_digest(),
                    expires: token.certificates_expire(),
                    skew_ms,
                };
                let beside = token.chain_pem().into_bytes();
                (said, ProofFiles { request, reply, beside })
            }
            Self::Timestamps { proof, header } => {
                let said = match (&header, proof.bitcoin_roots().first()) {
                    (_, None) => Said::Promised,
                    (header, Some((height, _))) => Said::Block {
                        height: header.as_ref().and_then(|one| confirmed(&proof, one)).unwrap_or(*height),
                        latest: header.as_ref().map(BlockHeader::latest),
                    },
                };
                let beside = header.map(|header| header.as_bytes().to_vec()).unwrap_or_default();
                (said, ProofFiles { request: Vec::new(), reply: proof.to_bytes(), beside })
            }
            Self::Cosignature { lines, by } => {
                let said = Said::Witness { at: by.at(), key: by.cosigner().public_key() };
                (said, ProofFiles { request: Vec::new(), reply: lines.into_bytes(), beside: Vec::new() })
            }
        }
    }
}

/// The height of the block a header confirms: a proof may lead into several.
fn confirmed(proof: &Timestamps, header: &BlockHeader) -> Option<u64> {
    proof
        .bitcoin_roots()
        .into_iter()
        .find(|(_, root)| header.confirms(root).is_ok())
        .map(|(height, _)| height)
}

/// What the fields of a leaf say.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(super) log: u32,
    pub(super) size: u64,
    source: String,
    said: Said,
}

impl Statement {
    /// The digest of the token, if it is one.
    pub(super) fn token(&self) -> Option<Vec<u8>> {
        match &self.said {
            Said::Token { token, .. } => Some(token.as_bytes().to_vec()),
            _ => None,
        }
    }

    /// The proof as it was received at a leaf.
    pub(super) fn at(self, item: ItemId, received: Timestamp) -> Proof {
        let Self { log, size, source, said } = self;
        Proof { item, received, log, size, source, said }
    }

    fn to_fields(&self, reply: &[u8]) -> std::result::Result<Fields, FieldError> {
        let mut fields = Fields::new();
        fields.put("proof.source", self.source.as_str())?;
        fields.put("proof.log", i64::from(self.log))?;
        fields.put("proof.size", rows::signed(self.size))?;
        fields.put("proof.sha256", ContentId::of(reply).to_string())?;
        match &self.said {
            Said::Token { gen_time, earliest, latest, signer, root, token, expires, skew_ms } => {
                fields.put("proof.kind", "token")?;
                for (name, at) in [
                    ("proof.at", gen_time),
                    ("proof.not_before", earliest),
                    ("proof.not_after", latest),
                    ("proof.expires", expires),
                ] {
                    fields.put(name, at.to_string())?;
                }
                fields.put("proof.signer", signer.as_str())?;
                fields.put("proof.root", root.to_string())?;
                fields.put("proof.token_sha256", token.to_string())?;
                if let Some(skew) = skew_ms {
                    fields.put("proof.skew_ms", *skew)?;
                }
            }
            Said::Promised => fields.put("proof.kind", "promise")?,
            Said::Block { height, latest } => {
                fields.put("proof.kind", "block")?;
                fields.put("proof.height", rows::signed(*height))?;
                if let Some(latest) = latest {
                    fields.put("proof.not_after", latest.to_string())?;
                }
            }
            Said::Witness { at, key } => {
                fields.put("proof.kind", "cosignature")?;
                fields.put("proof.at", at.to_string())?;
                fields.put("proof.key", hex(key))?;
            }
        }
        Ok(fields)
    }

    /// Reads what a leaf says; the field that is missing or not in its form.
    pub(super) fn from_fields(fields: &Fields) -> std::result::Result<Self, &'static str> {
        let number = |name| fields.int(name).and_then(|value| u64::try_from(value).ok());
        let instant = |name: &'static str| {
            fields.text(name).and_then(|text| text.parse::<Timestamp>().ok()).ok_or(name)
        };
        let digest =
            |name: &'static str| fields.text(name).and_then(|text| text.parse::<Hash>().ok()).ok_or(name);
        let said = match fields.text("proof.kind").ok_or("proof.kind")? {
            "token" => Said::Token {
                gen_time: instant("proof.at")?,
                earliest: instant("proof.not_before")?,
                latest: instant("proof.not_after")?,
                signer: fields.text("proof.signer").ok_or("proof.signer")?.to_owned(),
                root: digest("proof.root")?,
                token: digest("proof.token_sha256")?,
                expires: instant("proof.expires")?,
                skew_ms: fields.int("proof.skew_ms"),
            },
            "promise" => Said::Promised,
            "block" => Said::Block {
                height: number("proof.height").ok_or("proof.height")?,
                latest: instant("proof.not_after").ok(),
            },
            "cosignature" => Said::Witness {
                at: instant("proof.at")?,
                key: fields.text("proof.key").and_then(parse_hex).ok_or("proof.key")?,
            },
            _ => return Err("proof.kind"),
        };
        Ok(Self {
            log: number("proof.log").and_then(|log| u32::try_from(log).ok()).ok_or("proof.log")?,
            size: number("proof.size").ok_or("proof.size")?,
            source: fields.text("proof.source").ok_or("proof.source")?.to_owned(),
            said,
        })
    }
}
