//! Writes pictures of every page, in both languages, light and dark, at two widths, to the folder that is named.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "it shares the room of the tests"
)]

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[path = "../tests/main/support/mod.rs"]
mod support;

use support::{PAGES, Room, name};

fn main() {
    let folder =
        std::env::args_os().nth(1).map_or_else(|| PathBuf::from("target/screenshots"), PathBuf::from);
    let wanted = std::env::args().nth(2).unwrap_or_default();
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let written = runtime.block_on(async {
        let mut room = Room::new().await;
        let mut written = 0;
        for lang in ["zh", "en"] {
            room.language(lang).await;
            for path in PAGES.iter().filter(|path| path.contains(&wanted)) {
                room.width(1440).await;
                room.open(path).await;
                for width in [390, 1440] {
                    room.width(width).await;
                    for scheme in ["light", "dark"] {
                        room.scheme(scheme).await;
                        let file = folder.join(format!("{}-{lang}-{width}-{scheme}.png", name(path)));
                        let picture = STANDARD.decode(room.picture().await).unwrap();
                        std::fs::write(file, picture).unwrap();
                        written += 1;
                    }
                }
            }
        }
        written
    });
    println!("{written} → {}", folder.display());
}
