//! Arguments of being a witness for the logs of others.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum WitnessCommand {
    Serve(WitnessServeArgs),
    Add(WitnessAddArgs),
    List(WitnessPlace),
    Key(WitnessPlace),
}

/// Where the witness remembers.
#[derive(Debug, clap::Args)]
pub(crate) struct WitnessPlace {
    #[arg(id = "witness_folder", long = "folder", value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WitnessServeArgs {
    #[arg(id = "witness_listen", long = "listen", value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    #[arg(hide_default_value = true)]
    pub(crate) listen: SocketAddr,
    #[arg(id = "witness_url", long = "url", value_name = "URL")]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) place: WitnessPlace,
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WitnessAddArgs {
    #[arg(id = "log_key", value_name = "VKEY")]
    pub(crate) vkey: String,
    #[command(flatten)]
    pub(crate) place: WitnessPlace,
}
