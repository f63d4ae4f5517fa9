//! What is made of evidence (papers, marked copies) is fixed like evidence, together with the report that says what it is.

use jiff::Timestamp;
use sigu_case::report::Report;
use sigu_case::{Command, ItemId, Order, Slot};
use sigu_evidence::{ContentId, ItemManifest, Source as Origin};
use sigu_vault::{Source, Vault};

use crate::problem::Problem;

/// A file that was made.
pub(super) struct File {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Tells whether an item of the order still has these very bytes: then they need not be fixed again.
pub(super) fn is_fixed_as(order: &Order, item: ItemId, file: &File) -> bool {
    let fixed = order.exhibits.iter().find(|exhibit| exhibit.item == item);
    let content = ContentId::of(&file.bytes);
    fixed.and_then(|exhibit| exhibit.manifest()).is_some_and(|manifest| manifest.content == content)
}

/// Fixes a file with its report, both or neither; `told` gets the place the file will have.
pub(super) fn fix(
    vault: &Vault,
    order: &Order,
    file: &File,
    at: Timestamp,
    told: impl FnOnce(ItemId) -> Report,
) -> Result<ItemId, Problem> {
    let ingested = vault.ingest(vec![Source::Bytes(file.bytes.clone())], &|_| {})?;
    let ingested = ingested.into_iter().next().expect("one in, one out");
    let ingested = ingested.map_err(|why| Problem::fault("fault-made", &[("why", why.to_string())]))?;
    let manifest = ItemManifest {
        content: ingested.content,
        size: ingested.size,
        media_type: file.media_type.to_owned(),
        file_name: Some(file.name.clone()),
        source: Origin::Text,
        modified_at: None,
        secret: false,
        masked: None,
    };
    let commands = |first: ItemId| {
        let fixed = Command::FixEvidence {
            order: order.id.clone(),
            slot: Slot::Other,
            formed_at: None,
            note: None,
            manifest,
        };
        vec![fixed, Command::Report(told(first))]
    };
    Ok(vault.execute_from(commands, at)?[0])
}
