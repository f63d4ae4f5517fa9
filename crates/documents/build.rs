//! Puts the fonts into the binary: a paper looks the same, byte for byte, on a machine without Chinese fonts.
#![allow(
    clippy::disallowed_methods,
    reason = "cargo speaks to a build script by the environment and says where it writes"
)]

use std::path::{Path, PathBuf};

/// Where each font lies below the folder of fonts, and its name here.
const FONTS: [(&str, &str); 3] = [
    ("noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf", "regular"),
    ("noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf", "bold"),
    ("noto-emoji/400Regular/NotoEmoji_400Regular.ttf", "emoji"),
];

/// Half the size, and packed in seconds.
const LEVEL: i32 = 12;

fn main() {
    println!("cargo::rerun-if-env-changed=SIGU_FONT_DIR");
    println!("cargo::rerun-if-changed=fonts/package-lock.json");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where"));
    let given = std::env::var_os("SIGU_FONT_DIR").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new("fonts/node_modules/@expo-google-fonts").into());
    for (from, name) in FONTS {
        let path = folder.join(from);
        println!("cargo::rerun-if-changed={}", path.display());
        let Ok(font) = std::fs::read(&path) else {
            println!(
                "cargo::error=the font {from} is not there: run `scripts/need.sh build` once, or name a folder in SIGU_FONT_DIR"
            );
            return;
        };
        let packed = zstd::bulk::compress(&font, LEVEL).expect("a font can be packed");
        std::fs::write(out.join(format!("{name}.zst")), packed).expect("the build folder can be written");
    }
}
