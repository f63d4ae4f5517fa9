//! The command line of watching pages.

use std::path::PathBuf;

use clap::Subcommand;

use super::capture::BrowserArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum WatchCommand {
    Add(Box<WatchAddArgs>),
    List,
    Look(WatchLookArgs),
    Show(WatchPageArgs),
    Stop(WatchPageArgs),
    Import(WatchImportArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct WatchAddArgs {
    #[arg(id = "watch_url", value_name = "URL")]
    pub(crate) url: String,
    #[arg(long = "name", id = "watch_name", value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long = "title", id = "watch_title", value_name = "TEXT")]
    pub(crate) title: Option<String>,
    #[arg(long = "kind", id = "watch_kind", value_name = "KIND", default_value = "rule",
        value_parser = ["rule", "after_sale", "announcement", "shop", "product"])]
    pub(crate) kind: String,
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Option<String>,
    #[arg(long, value_name = "MERCHANT")]
    pub(crate) merchant: Option<String>,
    #[arg(long = "order", id = "watch_order", value_name = "ORDER")]
    pub(crate) order: Option<String>,
    #[arg(long = "rule", id = "watch_rule", value_name = "TITLE", requires = "watch_article")]
    pub(crate) rule: Option<String>,
    #[arg(long = "article", id = "watch_article", value_name = "N", requires = "watch_rule")]
    pub(crate) article: Option<String>,
    #[arg(long = "select", id = "watch_select", value_name = "CSS")]
    pub(crate) select: Vec<String>,
    #[arg(long = "remove", id = "watch_remove", value_name = "CSS")]
    pub(crate) remove: Vec<String>,
    #[arg(long = "mask", id = "watch_mask", value_name = "REGEX")]
    pub(crate) mask: Vec<String>,
    #[arg(long = "every", id = "watch_every", value_name = "24h|7d", default_value = "24h")]
    pub(crate) every: String,
    #[arg(long = "browser", id = "watch_browser")]
    pub(crate) browser: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WatchLookArgs {
    #[arg(id = "watch_pages", value_name = "NAME")]
    pub(crate) pages: Vec<String>,
    #[arg(long = "with-browser", id = "watch_with_browser")]
    pub(crate) with_browser: bool,
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WatchPageArgs {
    #[arg(id = "watch_page", value_name = "NAME")]
    pub(crate) page: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WatchImportArgs {
    #[arg(id = "watch_file", value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Option<String>,
}
