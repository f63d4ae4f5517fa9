//! A file that opens withheld fields of one leaf of a package handed over earlier: `sigu-disclosure/v1`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sigu_evidence::{Disclosure, DisclosureError};

const FORMAT: &str = "sigu-disclosure/v1";

/// What an exporter opens after the package left. It proves nothing without the package; see [`crate::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateDisclosure {
    /// The origin of the log the leaf is in.
    pub origin: String,
    /// The index of the leaf.
    pub seq: u64,
    /// The fields to open.
    pub disclosures: Vec<Disclosure>,
    /// The content `blob.sha256` commits to, if it goes along.
    pub content: Option<Vec<u8>>,
}

/// Why bytes are not a later disclosure.
#[derive(Debug, thiserror::Error)]
pub enum LateDisclosureError {
    /// Not JSON with exactly the members of the format.
    #[error("not the JSON of a later disclosure")]
    Json(#[from] serde_json::Error),
    /// It names another format.
    #[error("not the format {FORMAT}")]
    Format,
    /// One of the strings is not a disclosure.
    #[error("not a disclosure")]
    Disclosure(#[from] DisclosureError),
    /// The content is not base64.
    #[error("the content is not base64")]
    Content,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    origin: String,
    seq: u64,
    disclosures: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

impl LateDisclosure {
    /// Reads the file; unknown and repeated members are refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, LateDisclosureError> {
        let wire: Wire = serde_json::from_slice(bytes)?;
        if wire.format != FORMAT {
            return Err(LateDisclosureError::Format);
        }
        let disclosures =
            wire.disclosures.iter().map(|text| Disclosure::parse(text)).collect::<Result<_, _>>()?;
        let content = wire.content.map(|text| STANDARD.decode(text)).transpose();
        let content = content.map_err(|_| LateDisclosureError::Content)?;
        Ok(Self { origin: wire.origin, seq: wire.seq, disclosures, content })
    }

    /// Writes the file: one line of JSON.
    pub fn to_json(&self) -> String {
        let wire = Wire {
            format: FORMAT.to_owned(),
            origin: self.origin.clone(),
            seq: self.seq,
            disclosures: self.disclosures.iter().map(|d| d.encoded().to_owned()).collect(),
            content: self.content.as_ref().map(|bytes| STANDARD.encode(bytes)),
        };
        serde_json::to_string(&wire).expect("strings and numbers are JSON") + "\n"
    }
}
