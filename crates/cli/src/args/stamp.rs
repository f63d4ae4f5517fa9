//! The command line of asking outsiders.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct StampArgs {
    #[arg(long)]
    pub(crate) list: bool,
    #[arg(long = "block-header", id = "stamp_header", value_name = "HEX|FILE", conflicts_with = "list")]
    pub(crate) block_header: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ServicesArgs {
    #[arg(long, value_name = "FILE", conflicts_with = "reset")]
    pub(crate) set: Option<PathBuf>,
    #[arg(long)]
    pub(crate) reset: bool,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) automatic: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PublishArgs {
    #[arg(id = "publish_to", value_name = "DIR|s3://BUCKET/PREFIX")]
    pub(crate) to: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckerArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
