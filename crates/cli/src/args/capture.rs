//! Arguments of the evidence browser, of captures and of recordings.

use std::path::PathBuf;

use clap::Subcommand;

/// Slots a capture can be fixed as; `auto` leaves it to what the page says.
const SLOTS: [&str; 7] = ["auto", "transaction", "voucher", "description", "chat", "delivery", "other"];

/// How the browser is started.
#[derive(Debug, clap::Args)]
pub(crate) struct BrowserArgs {
    #[arg(long, value_name = "FILE", env = "SIGU_BROWSER")]
    pub(crate) browser: Option<PathBuf>,
    #[arg(long, id = "browser_profile", value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    #[arg(long)]
    pub(crate) no_sandbox: bool,
    #[arg(long, value_name = "FLAG", allow_hyphen_values = true)]
    pub(crate) browser_flag: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct BrowseArgs {
    #[arg(id = "page_url", value_name = "URL")]
    pub(crate) url: Option<String>,
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: Option<String>,
    #[arg(long)]
    pub(crate) headless: bool,
    #[arg(long, value_name = "DIR", conflicts_with_all = ["headless", "browser_profile", "browser"])]
    pub(crate) attach: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CaptureArgs {
    #[arg(id = "page_url", value_name = "URL")]
    pub(crate) url: Option<String>,
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: Option<String>,
    #[arg(long = "as", value_name = "SLOT", value_parser = SLOTS, default_value = "auto")]
    pub(crate) slot: String,
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    Start,
    Stop,
    Pause,
    Resume,
    Note(RecordNoteArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecordNoteArgs {
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
}
