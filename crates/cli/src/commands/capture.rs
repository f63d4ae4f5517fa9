//! `sigu capture`: fixes a page, either one address in a browser without a window, or what `sigu browse` shows.

pub(super) mod browse;
mod control;
mod deposit;
mod downloads;
mod film;
mod interrupted;
mod orders;
mod pages;
mod reading;
mod start;
mod words;

use serde_json::json;
use sigu_capture::browser::Launch;
use sigu_capture::dialogs::Dialogs;
use sigu_capture::page::{self, Limits};
use sigu_case::OrderId;

use crate::args::capture::{BrowserArgs, CaptureArgs, RecordCommand};
use crate::problem::Problem;
use crate::{Context, Outcome, session};
use deposit::{Deposit, SlotChoice};
use downloads::Downloads;

pub(super) fn run(context: &Context<'_>, own: &CaptureArgs) -> Outcome {
    let slot = SlotChoice::from_code(&own.slot);
    match (&own.url, &own.order) {
        (Some(url), order) => {
            let order = order.as_deref().map(super::order_id).transpose()?;
            let order = order.ok_or_else(|| Problem::usage("usage-capture-order", &[]))?;
            one_page(context, own, url, &order, slot)
        }
        (None, _) => control::ask(context, &json!({ "do": "fix", "slot": own.slot, "order": own.order })),
    }
}

/// `sigu record`: asks the evidence browser that is open.
pub(super) fn record(context: &Context<'_>, own: &RecordCommand) -> Outcome {
    let wish = match own {
        RecordCommand::Start => json!({ "do": "record" }),
        RecordCommand::Stop => json!({ "do": "stop" }),
        RecordCommand::Pause => json!({ "do": "pause" }),
        RecordCommand::Resume => json!({ "do": "resume" }),
        RecordCommand::Note(own) => json!({ "do": "note", "text": own.text }),
    };
    control::ask(context, &wish)
}

/// Opens one address without a window, fixes what it shows, and ends the browser.
fn one_page(
    context: &Context<'_>,
    own: &CaptureArgs,
    url: &str,
    order: &OrderId,
    slot: SlotChoice,
) -> Outcome {
    let url = pages::address(url)?;
    let keys = session::Keys::of(context)?;
    keys.with(|vault| super::fix::known_order(vault, order))?;
    interrupted::end_all(context, &keys);
    let launch = start::launch(context, &own.browser, true)?;
    runtime()?.block_on(async {
        let limits = Limits::default();
        let open = start::open(&launch, None).await?;
        let dialogs = Dialogs::close_all(&open.traffic);
        let mut downloads = Downloads::open(context, &open).await?;
        let refused = page::open(&open.traffic, &open.tab, &url, &limits).await.map_err(start::gone)?;
        let capture = page::fix(&open.traffic, &open.tab, &limits).await.map_err(start::gone)?;
        let environment = start::environment(&open, &open.tab, &capture).await;
        let files = downloads.expected(refused.as_deref()).await;
        let said = dialogs.said();
        // The browser puts its profile in order while the vault takes the files in.
        let closing = tokio::spawn(open.close());
        let deposit = Deposit { order: order.clone(), slot, refused, said, asked: url, files };
        let fixed = keys.with(|vault| deposit::put(vault, &deposit, &capture, &environment));
        // It has ended, or was killed, either way.
        let _ = closing.await;
        Ok(words::answer(context.words, &fixed?))
    })
}

/// How the evidence browser is started without a window.
pub(super) fn launch(context: &Context<'_>, browser: &BrowserArgs) -> Result<Launch, Problem> {
    start::launch(context, browser, true)
}

/// The runtime of a command that speaks to a browser.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.map_err(|error| Problem::fault("fault-runtime", &[("why", error.to_string())]))
}
