//! A new vault: built beside its place and moved there whole, so that no half vault is ever seen.

use jiff::Timestamp;
use sigu_evidence::{FieldValue, Fields, Identity, NameKey, RowKey};
use sigu_ledger::RightEdge;

use crate::append::{Head, NewLeaf};
use crate::disk::Disk;
use crate::error::{Fault, Refusal, Result};
use crate::keys::{KeyFile, Keys};
use crate::layout::Layout;
use crate::os_entropy;
use crate::rows::{self, LogRow};
use crate::seal::Seal;
use crate::settings::Settings;
use crate::store::Store;
use crate::vault::{Places, Vault};

/// A vault that was just made.
#[derive(Debug)]
pub struct NewVault {
    /// The vault, open.
    pub vault: Vault,
    /// The recovery key: to be shown once and kept nowhere.
    pub recovery: Identity,
}

/// Makes a vault. `identity` is its vault key, `key` the form it is kept in.
///
/// # Errors
/// Refuses a folder that holds something. On a fault nothing stands at the place.
pub fn create(
    places: &Places,
    identity: Identity,
    key: &KeyFile,
    at: Timestamp,
    disk: Disk,
) -> Result<NewVault> {
    if places.vault.read_dir().is_ok_and(|mut entries| entries.next().is_some()) || places.vault.is_file() {
        return Err(Refusal::NotEmpty(places.vault.clone()).into());
    }
    let recovery = whole(places, &disk, |building| build(places, &building.vault, identity, key, at, &disk))?;
    let identity = open_identity(places, &recovery)?;
    Ok(NewVault { vault: Vault::open(places, &identity, disk)?, recovery })
}

/// Has a vault built beside its place and moves it there whole; on a fault neither stands.
pub(crate) fn whole<T>(places: &Places, disk: &Disk, build: impl FnOnce(&Places) -> Result<T>) -> Result<T> {
    let parent = places.vault.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(std::path::Path::new("."));
    disk.create_folder(parent)?;
    let name = places.vault.file_name().unwrap_or_default().to_string_lossy();
    let building = Places {
        vault: parent.join(format!(".{name}.new-{}", std::process::id())),
        state: places.state.clone(),
    };
    let built = build(&building).and_then(|built| {
        let moved = disk.rename(&building.vault, &places.vault).and_then(|()| disk.sync_folder(parent));
        if moved.is_err() && !building.vault.exists() {
            // Moved, though a failure was reported: what stands there is ours, and nobody was told of it.
            #[allow(
                clippy::disallowed_methods,
                reason = "best effort on the way out of a fault; nothing rests on it"
            )]
            let _ = std::fs::rename(&places.vault, &building.vault);
        }
        moved?;
        Ok(built)
    });
    if built.is_err() {
        // Nothing was acknowledged; what is left of the building is only in the way.
        let _ = std::fs::remove_dir_all(&building.vault);
    }
    built
}

fn open_identity(places: &Places, recovery: &Identity) -> Result<Identity> {
    Ok(Keys::load(&Layout::new(&places.vault), recovery)?.vault)
}

fn build(
    places: &Places,
    building: &std::path::Path,
    identity: Identity,
    key: &KeyFile,
    at: Timestamp,
    disk: &Disk,
) -> Result<Identity> {
    let layout = Layout::new(building);
    disk.create_folder(&layout.blobs())?;
    disk.create_folder(&layout.incoming())?;
    disk.write_new(&layout.lock(), b"")?;
    let recovery = Identity::generate(&mut os_entropy);
    let row = RowKey::generate(&mut os_entropy);
    let settings = Settings {
        created_at: crate::append::claimed(at)?,
        vault: identity.recipient(),
        recovery: recovery.recipient(),
    };
    settings.store(&layout, &row, disk)?;
    disk.replace(&layout.key(), key.to_text().as_bytes())?;
    Seal::Open.store(&layout, &row, disk)?;
    let keys = Keys { vault: identity, name: NameKey::generate(&mut os_entropy), row, logs: Vec::new() };
    let store = Store::create(&layout.database())?;
    let mut vault = Vault::assemble(layout, &places.state, disk.clone(), keys, settings, store);
    vault.start_log(None, at)?;
    vault.close()?;
    std::fs::File::open(building)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| Fault::io("sync", building, source))?;
    Ok(recovery)
}

/// What a new log says of the one it continues.
#[derive(Debug, Clone)]
pub(crate) struct Previous {
    pub(crate) log: u32,
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: String,
    pub(crate) note_sha256: String,
}

impl Vault {
    /// Starts a log: a new key, and a `genesis` leaf that names the log it continues.
    ///
    /// The seed is durable before the log exists: a crash between leaves a key without a log, which harms nothing.
    pub(crate) fn start_log(&mut self, previous: Option<&Previous>, at: Timestamp) -> Result<()> {
        let _lock = self.begin_write()?;
        let number = previous.map_or(1, |previous| previous.log + 1);
        let signer = Keys::new_signer();
        let key = signer.verifying_key();
        self.keys.logs.retain(|(log, _)| *log != number);
        self.keys.logs.push((number, signer));
        self.keys.store(&self.layout, &self.settings.recipients(), &self.disk)?;
        let head = Head { log: LogRow { log: number, key: key.clone(), size: 0 }, edge: RightEdge::new() };
        let leaf = NewLeaf {
            kind: "genesis",
            fields: genesis(&key, previous),
            event: None,
            blob: None,
            proof: None,
        };
        self.append(head, vec![leaf], Vec::new(), sigu_case::State::default(), at)?;
        Ok(())
    }
}

fn genesis(key: &sigu_ledger::VerifyingKey, previous: Option<&Previous>) -> Fields {
    let mut fields = Fields::new();
    let mut put = |name: &str, value: FieldValue| {
        fields.put(name, value).expect("genesis fields have valid names and short values");
    };
    put("log.vkey", FieldValue::Text(key.to_string()));
    put("software", FieldValue::Text(concat!("sigu/", env!("CARGO_PKG_VERSION")).to_owned()));
    if let Some(previous) = previous {
        put("prev.origin", FieldValue::Text(previous.origin.clone()));
        put("prev.size", FieldValue::Int(rows::signed(previous.size)));
        put("prev.root", FieldValue::Text(previous.root.clone()));
        put("prev.note_sha256", FieldValue::Text(previous.note_sha256.clone()));
    }
    fields
}
