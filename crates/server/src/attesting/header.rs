//! The header of a block, brought by the user: with it a proof of OpenTimestamps says until when.

use sigu_attestation::opentimestamps::{BlockHeader, Proof as Timestamps};
use sigu_case::ItemId;
use sigu_vault::{Answer, Error, NewProof, Proof, Said, Vault};

use jiff::Timestamp;

/// A header that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The leaf that says so.
    pub item: ItemId,
    /// The height the proof names.
    pub height: u64,
    /// The block's hash, as it is usually written. Whether it is Bitcoin's, the user finds out.
    pub hash: String,
}

/// Looks for the proof that leads into this block and keeps the header beside it; `None` where there is none.
///
/// # Errors
/// What [`Vault::keep_proofs`] refuses; damage in the vault.
pub fn take_header(vault: &Vault, header: &BlockHeader, at: Timestamp) -> Result<Option<Taken>, Error> {
    for known in vault.proofs()?.into_iter().rev() {
        if !matches!(known.said, Said::Block { .. }) {
            continue;
        }
        let Ok(proof) = Timestamps::parse(&vault.proof_files(known.item)?.reply) else { continue };
        let confirmed = |(_, root): &(u64, [u8; 32])| header.confirms(root).is_ok();
        let Some((height, _)) = proof.bitcoin_roots().into_iter().find(confirmed) else { continue };
        let item = keep(vault, known, proof, header, at)?;
        let hash = header.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        return Ok(Some(Taken { item, height, hash }));
    }
    Ok(None)
}

/// Keeps it, unless it is kept already.
fn keep(
    vault: &Vault,
    known: Proof,
    proof: Timestamps,
    header: &BlockHeader,
    at: Timestamp,
) -> Result<ItemId, Error> {
    if matches!(known.said, Said::Block { latest: Some(_), .. }) {
        return Ok(known.item);
    }
    let answer = Answer::Timestamps { proof, header: Some(*header) };
    let new = NewProof { log: known.log, size: known.size, source: known.source, answer };
    let items = vault.keep_proofs(vec![new], at)?;
    // One proof makes one leaf.
    Ok(items.first().copied().unwrap_or(known.item))
}
