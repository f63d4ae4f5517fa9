//! Arguments of reading pictures and of the browser extension's receiver.

use std::path::PathBuf;

use clap::Subcommand;

use super::capture::BrowserArgs;

/// The receiver's port. It stays the same: paired extensions remember it.
pub(crate) const PORT: u16 = 47_615;

/// The port of the desk as a service. It stays the same: bookmarks of programs that use the API remember it.
pub(crate) const SERVICE_PORT: u16 = 47_616;

#[derive(Debug, clap::Args)]
pub(crate) struct OcrArgs {
    #[arg(id = "pictures", value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListenArgs {
    #[arg(long, value_name = "N", default_value_t = PORT, hide_default_value = true)]
    pub(crate) port: u16,
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DeskArgs {
    #[arg(long = "port", id = "desk_port", value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    #[arg(long)]
    pub(crate) no_browser: bool,
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,
    #[arg(long)]
    pub(crate) background: bool,
    #[arg(long, env = "SIGU_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PairingCommand {
    List,
    Revoke(PairingRevokeArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct PairingRevokeArgs {
    #[arg(id = "pairing_id", value_name = "ID")]
    pub(crate) id: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiTokenCommand {
    Add(ApiTokenAddArgs),
    List,
    Revoke(ApiTokenRevokeArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ApiTokenAddArgs {
    #[arg(id = "token_name", value_name = "NAME")]
    pub(crate) name: String,
    #[arg(id = "can_write", long = "write")]
    pub(crate) write: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ApiTokenRevokeArgs {
    #[arg(id = "token_name", value_name = "NAME")]
    pub(crate) name: String,
}
