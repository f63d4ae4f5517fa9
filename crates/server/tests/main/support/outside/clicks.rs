//! From a click to two verified tokens: a desk that asks by itself, two services under different roots, and a watch.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sigu_case::{Command, ItemId, OrderFacts};
use sigu_server::answers::Between;
use sigu_server::outside::services::Services;
use sigu_vault::{Proof, Said};

use super::{Tsa, net};
use crate::support::{Filled, now, picture};

/// A desk that asks two services after each piece that is fixed.
pub(crate) struct Clicks {
    pub(crate) desk: Filled,
    services: [Tsa; 2],
    count: usize,
}

/// What came of one piece.
pub(crate) struct Click {
    pub(crate) item: ItemId,
    /// The first tokens over it, of either service.
    pub(crate) tokens: Vec<Proof>,
    /// From the return of fixing until both were in the log.
    pub(crate) took: Duration,
    /// From the first request at a service to the last reply of one, by their own watch.
    pub(crate) services: Duration,
    /// Whether either was asked before the other had answered.
    pub(crate) together: bool,
}

impl Click {
    /// What it took beside the services.
    pub(crate) fn beside(&self) -> Duration {
        self.took.saturating_sub(self.services)
    }
}

impl Clicks {
    /// Opens the desk; the services are asked at this path.
    pub(crate) async fn new(path: &str) -> Self {
        let services = Tsa::two().await;
        let list = Services {
            timestamps: vec![services[0].service("one", path), services[1].service("two", path)],
            calendars: Vec::new(),
            beacons: Vec::new(),
            witnesses: Vec::new(),
            policy_text: "quorum none\n".to_owned(),
        };
        let desk = Filled::with_net(net(), |vault| {
            let open = Command::OpenOrder { order: "dk01".parse().unwrap(), facts: OrderFacts::default() };
            vault.execute(vec![open], now()).unwrap();
            vault.set_services(Some(&list.to_toml())).unwrap();
        })
        .await;
        let mut clicks = Self { desk, services, count: 0 };
        // What the vault was opened with is stamped first.
        clicks.stamped().await;
        while clicks.desk.with(|vault| vault.proofs().unwrap()).len() < 2 {}
        clicks
    }

    /// Fixes a picture and waits for its tokens.
    #[allow(clippy::disallowed_methods, reason = "it is what is measured")]
    pub(crate) async fn click(&mut self) -> Click {
        let name = format!("{}.png", self.count);
        let fixed = self.desk.with(|vault| vault.execute(vec![picture(vault, &name, false)], now()).unwrap());
        let (item, began) = (fixed[0], Instant::now());
        let [one, other] = self.stamped().await;
        let tokens = loop {
            let tokens = self.tokens(item);
            if tokens.len() == 2 {
                break tokens;
            }
        };
        let took = began.elapsed();
        let (first, last) = (one.0.min(other.0), one.1.max(other.1));
        let together = one.0 < other.1 && other.0 < one.1;
        Click { item, tokens, took, services: last - first, together }
    }

    /// Waits until both services answered once more; gives when they worked on it.
    async fn stamped(&mut self) -> [(Instant, Instant); 2] {
        self.count += 1;
        let [one, other] = &self.services;
        let served = futures_util::future::join(one.served(self.count), other.served(self.count));
        // Where one waits for the other's answer, neither comes; the net gives up after a minute.
        let (one, other) =
            tokio::time::timeout(Duration::from_secs(150), served).await.expect("both are asked");
        assert_eq!((one.len(), other.len()), (self.count, self.count), "each once for each piece");
        [one, other].map(|served| served[served.len() - 1])
    }

    /// The tokens over the tree that first held a piece, of different roots.
    fn tokens(&self, item: ItemId) -> Vec<Proof> {
        let mut roots = BTreeSet::new();
        let mut tokens = self.desk.with(|vault| vault.proofs().unwrap());
        tokens.retain(|proof| match &proof.said {
            Said::Token { root, .. } => proof.size > item.seq && roots.insert(*root.as_bytes()),
            _ => false,
        });
        tokens
    }

    /// Between which instants a piece came to be.
    pub(crate) fn between(&self, item: ItemId) -> Between {
        self.desk.with(|vault| Between::of(item, &vault.brackets(&[item]).unwrap()[&item]))
    }
}

/// The value in the middle.
pub(crate) fn median<T: Ord>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    values.swap_remove(middle)
}
