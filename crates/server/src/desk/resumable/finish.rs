//! All of a file is there: compared with what its sender computed, taken into the vault and fixed, once.

use std::io::{self, Read};

use axum::http::StatusCode;
use sigu_case::{Command, Exhibit, OrderId, Slot};
use sigu_evidence::{ContentHasher, ContentId, ItemManifest};
use sigu_vault::{Source, StreamSource, Vault};

use super::shelf::{Kept, Whole};
use super::{Fixed, No, Taker};
use crate::desk::show::{masked, size};
use crate::desk::upload::Said;

/// Fixes a file of which all has come; the same again gets the same answer.
pub(super) fn fix(taker: &Taker, kept: &Kept, digest: Option<ContentId>) -> Result<Fixed, No> {
    let _lock = kept.lock()?;
    if let Some(before) = kept.done()? {
        return Ok(before);
    }
    let offset = kept.offset()?;
    if offset != kept.about.size {
        return Err(No { offset: Some(offset), ..No::new(StatusCode::CONFLICT, "upload-not-whole") });
    }
    let fixed = taker.app.with_vault(|vault| into_vault(taker, vault, kept, digest));
    if fixed.as_ref().is_err_and(|no| no.key == DIFFERS) {
        // What came is not the file: it has to come again, all of it.
        kept.remove()?;
    }
    let fixed = fixed?;
    kept.end(&fixed)?;
    Ok(fixed)
}

const DIFFERS: &str = "upload-differs";

fn into_vault(taker: &Taker, vault: &Vault, kept: &Kept, digest: Option<ContentId>) -> Result<Fixed, No> {
    let about = &kept.about;
    let order: OrderId = about.order.parse().map_err(|_| No::unknown())?;
    let (leaves, again) = kept.begun(vault.standing()?.0)?;
    let reader = Compared { content: kept.content()?, hasher: Some(ContentHasher::new()), digest };
    let taken = vault.ingest(vec![Source::Stream(StreamSource(Box::new(reader)))], &|_| {})?;
    let taken = taken.into_iter().next().ok_or_else(|| io::Error::other("nothing was taken in"))?;
    let mut ingested = taken.map_err(|fault| {
        let key = if fault.to_string().contains(DIFFERS) { DIFFERS } else { "upload-unreadable" };
        No::new(StatusCode::UNPROCESSABLE_ENTITY, key)
    })?;
    ingested.modified_at = about.modified_at;
    let said = Said {
        slot: about.slot.as_deref().and_then(Slot::from_code),
        formed_at: about.formed_at,
        note: about.note.clone(),
        secret: about.secret,
    };
    let name = Some(about.name.clone()).filter(|name| !name.is_empty());
    let command = said.fix(&order, &ingested, name);
    let Command::FixEvidence { slot, manifest, .. } = &command else { return Err(No::unknown()) };
    let (slot, manifest) = (*slot, manifest.clone());
    // We may have crashed after the commit and before the note of it.
    let before = if again { fixed_since(vault, &order, leaves, slot, &manifest)? } else { None };
    let item = match before {
        Some(item) => item,
        None => vault.execute(vec![command], (taker.app.now)())?.first().map(ToString::to_string),
    };
    Ok(Fixed {
        item: item.unwrap_or_default(),
        name: shown(&manifest),
        size: size(manifest.size),
        slot: taker.words.word(&format!("slot-{}", slot.code())),
    })
}

/// What people are shown of it: of a secret only its mask.
pub(in crate::desk) fn shown(manifest: &ItemManifest) -> String {
    let name = if manifest.secret { manifest.masked.clone() } else { manifest.file_name.clone() };
    masked(Some(name.as_deref().unwrap_or("…")))
}

fn fixed_since(
    vault: &Vault,
    order: &OrderId,
    leaves: u64,
    slot: Slot,
    manifest: &ItemManifest,
) -> Result<Option<Option<String>>, No> {
    let order = vault.order(order)?;
    let same =
        |one: &&Exhibit| one.item.seq >= leaves && one.slot == slot && one.manifest() == Some(manifest);
    let found = order.as_ref().and_then(|order| order.exhibits.iter().find(same));
    Ok(found.map(|one| Some(one.item.to_string())))
}

/// Content that ends with an error where it is not what its sender computed: nothing of it is taken in then.
struct Compared {
    content: Whole,
    hasher: Option<ContentHasher>,
    digest: Option<ContentId>,
}

impl Read for Compared {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(out)?;
        if count > 0 || out.is_empty() {
            if let Some(hasher) = &mut self.hasher {
                hasher.update(&out[..count]);
            }
            return Ok(count);
        }
        let (Some(hasher), Some(digest)) = (self.hasher.take(), self.digest) else { return Ok(0) };
        if hasher.finish().0 == digest { Ok(0) } else { Err(io::Error::other(DIFFERS)) }
    }
}
