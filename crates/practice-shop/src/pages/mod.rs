//! Pages below `/_pages/` that are hard on whoever looks at them: long, moving, broken or hostile.

mod echo;
mod heavy;
mod made;
mod streams;
mod written;

use axum::Router;

use crate::web::Fields;

/// All test pages; they share nothing with the shop.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .merge(written::routes())
        .merge(made::routes())
        .merge(streams::routes())
        .merge(heavy::routes())
        .merge(echo::routes())
}

/// A number of the query, with its usual value and its bound.
fn count(fields: &Fields, name: &str, usual: u32, most: u32) -> u32 {
    let text = fields.text(name, 12);
    text.parse().unwrap_or(usual).min(most)
}

/// Repeatable bytes that do not compress.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut dice = crate::number::Dice::new(seed);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend_from_slice(&dice.next().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
