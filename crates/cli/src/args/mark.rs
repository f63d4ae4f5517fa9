//! The arguments of `sigu mark`.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct MarkArgs {
    #[arg(id = "mark_item", value_name = "ITEM")]
    pub(crate) item: String,
    #[arg(long = "order", id = "of_order", value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long = "box", id = "mark_box", value_name = "X,Y,W,H")]
    pub(crate) frames: Vec<String>,
    #[arg(long = "arrow", id = "mark_arrow", value_name = "X,Y,X2,Y2")]
    pub(crate) arrows: Vec<String>,
    #[arg(long = "number", id = "mark_number", value_name = "N,X,Y")]
    pub(crate) numbers: Vec<String>,
    #[arg(long = "cover", id = "mark_cover", value_name = "X,Y,W,H")]
    pub(crate) covers: Vec<String>,
    #[arg(long = "mosaic", id = "mark_mosaic", value_name = "X,Y,W,H")]
    pub(crate) mosaics: Vec<String>,
    #[arg(long = "out", id = "mark_out", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
