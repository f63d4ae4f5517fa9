//! The certificate chains of the hosts a page spoke to.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use serde_json::json;

use crate::devtools::Session;
use crate::exchange::Exchange;

/// Most hosts asked about; more are of third parties.
const MOST: usize = 20;

/// Asks the browser for the chains it saw, all at once, and puts them beside the exchanges.
pub(super) async fn fill(session: &Session, exchanges: &mut [Exchange]) {
    let encrypted = exchanges.iter().filter(|exchange| exchange.tls.is_some());
    let origins: BTreeSet<String> = encrypted.filter_map(|exchange| origin(&exchange.url)).collect();
    let asked = origins.into_iter().take(MOST).map(|origin| async {
        let chain = chain(session, &origin).await;
        (origin, chain)
    });
    let chains: HashMap<String, Vec<Vec<u8>>> = join_all(asked).await.into_iter().collect();
    for exchange in exchanges {
        if let (Some(tls), Some(origin)) = (&mut exchange.tls, origin(&exchange.url))
            && let Some(chain) = chains.get(&origin)
        {
            tls.chain.clone_from(chain);
        }
    }
}

async fn chain(session: &Session, origin: &str) -> Vec<Vec<u8>> {
    let ask = json!({ "origin": origin });
    let answer = session.call_within("Network.getCertificate", ask, Duration::from_secs(3)).await;
    let names = answer.ok().and_then(|answer| answer["tableNames"].as_array().cloned()).unwrap_or_default();
    names.iter().filter_map(|name| STANDARD.decode(name.as_str()?).ok()).collect()
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{host}"))
}
