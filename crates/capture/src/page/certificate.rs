//! The certificate chains of the hosts a page spoke to.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::devtools::Session;
use crate::exchange::Exchange;

/// Most hosts asked about; more are of third parties.
const MOST: usize = 20;

/// Asks the browser for the chains it saw and puts them beside the exchanges.
pub(super) async fn fill(session: &Session, exchanges: &mut [Exchange]) {
    let mut chains: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.tls.is_some()) {
        let Some(origin) = origin(&exchange.url) else { continue };
        if chains.len() < MOST && !chains.contains_key(&origin) {
            let chain = chain(session, &origin).await;
            chains.insert(origin, chain);
        }
    }
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
