//! `sigu watch look --with-browser`: pages that only a browser can read, or only who is logged in, looked at by the evidence
//! browser without a window, in its own profile.

use std::time::Duration;

use sigu_case::page::PageLabel;
use sigu_server::App;
use sigu_server::watching::{Brought, Looked, Manner, Outcome, Trouble, TroubleKind, Wanted, pass};

use super::known;
use crate::Context;
use crate::args::watch::WatchLookArgs;
use crate::commands::capture::{rendered, runtime};
use crate::commands::stamp;
use crate::problem::Problem;
use crate::session::Keys;

/// How often a page is opened until two readings agree.
const TRIES: usize = 3;

/// Looks at pages one after the other; what differs is opened again before it counts.
pub(super) fn looks(
    context: &Context<'_>,
    own: &WatchLookArgs,
    app: &App,
    keys: &Keys,
    pages: Vec<PageLabel>,
) -> Result<Vec<Looked>, Problem> {
    let (net, manner) = (stamp::net()?, Manner::default());
    let gap = Duration::try_from(manner.gap).unwrap_or_default();
    let mut done = Vec::new();
    for page in pages {
        let url = keys.with(|vault| known(vault, page.as_str()))?.url;
        let mut last = Looked { page: page.clone(), outcome: Outcome::Suspected };
        for again in 0..TRIES {
            if again > 0 {
                std::thread::sleep(gap);
            }
            let Some((url, html)) = rendered(context, &own.browser, &url)? else {
                last.outcome = Outcome::Failed(not_opened(app));
                break;
            };
            let brought = Brought { page: page.clone(), url, html };
            let passed = runtime()?.block_on(pass(app, &net, manner, Wanted::Brought(&brought)))?;
            last = passed.pages.into_iter().next().unwrap_or(last);
            if last.outcome != Outcome::Suspected {
                break;
            }
        }
        done.push(last);
    }
    Ok(done)
}

/// The browser could not open the address: told, and not remembered, for the desk does not look this way.
fn not_opened(app: &App) -> Trouble {
    Trouble {
        kind: TroubleKind::Unreachable,
        why: "no-connection".to_owned(),
        detail: String::new(),
        since: (app.now)(),
        times: 1,
    }
}
