//! `vault.json`: the format and the recipients of new blobs, authenticated, so that nobody slips in a recipient.

use serde::{Deserialize, Serialize};
use sigu_evidence::{Recipient, RowKey};

use crate::disk::Disk;
use crate::error::{Damage, Refusal, Result};
use crate::keys::{hex, parse_hex, read_text};
use crate::layout::Layout;

const FORMAT: &str = "sigu-vault/1";
const LABEL: &str = "settings";

/// What the vault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// When the vault was made, RFC 3339 UTC, by the device's clock.
    pub(crate) created_at: String,
    /// The vault key's public half.
    pub(crate) vault: Recipient,
    /// The recovery key's public half.
    pub(crate) recovery: Recipient,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsV1 {
    created_at: String,
    format: String,
    recovery: String,
    vault: String,
}

impl Settings {
    /// Returns whom new blobs are sealed for.
    pub(crate) fn recipients(&self) -> [Recipient; 2] {
        [self.vault, self.recovery]
    }

    /// Reads and authenticates the file; any byte that differs is damage.
    pub(crate) fn load(layout: &Layout, row: &RowKey) -> Result<Self> {
        let path = layout.settings();
        let text = read_text(&path)?;
        let (line, mac) = text
            .strip_suffix('\n')
            .and_then(|text| text.split_once('\n'))
            .ok_or_else(|| Damage::file(&path, "not two lines"))?;
        let mac: [u8; 32] = parse_hex(mac).ok_or_else(|| Damage::file(&path, "no authentication code"))?;
        if !row.verify_mac(LABEL, line.as_bytes(), &mac) {
            return Err(Damage::file(&path, "authentication failed").into());
        }
        let stored: SettingsV1 = serde_json::from_str(line).map_err(|error| Damage::file(&path, error))?;
        if stored.format != FORMAT {
            return Err(Refusal::UnknownFormat(stored.format).into());
        }
        let recipient = |text: &str| Recipient::parse(text).map_err(|error| Damage::file(&path, error));
        Ok(Self {
            vault: recipient(&stored.vault)?,
            recovery: recipient(&stored.recovery)?,
            created_at: stored.created_at,
        })
    }

    /// Writes the file durably.
    pub(crate) fn store(&self, layout: &Layout, row: &RowKey, disk: &Disk) -> Result<()> {
        let stored = SettingsV1 {
            created_at: self.created_at.clone(),
            format: FORMAT.to_owned(),
            recovery: self.recovery.to_string(),
            vault: self.vault.to_string(),
        };
        let line = serde_json::to_string(&stored).expect("strings always serialise");
        let mac = row.mac(LABEL, line.as_bytes());
        Ok(disk.replace(&layout.settings(), format!("{line}\n{}\n", hex(&mac)).as_bytes())?)
    }
}
