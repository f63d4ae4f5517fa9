//! The fonts of the house: every Chinese sign of GBK in two weights, and the emoji of nicknames.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// A font as the binary holds it.
struct Packed {
    name: &'static str,
    bytes: &'static [u8],
}

const PACKED: [Packed; 3] = [
    Packed {
        name: "NotoSansSC-Regular.ttf",
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/regular.zst")),
    },
    Packed { name: "NotoSansSC-Bold.ttf", bytes: include_bytes!(concat!(env!("OUT_DIR"), "/bold.zst")) },
    Packed { name: "NotoEmoji-Regular.ttf", bytes: include_bytes!(concat!(env!("OUT_DIR"), "/emoji.zst")) },
];

/// No font is larger.
const MOST: usize = 32 << 20;

fn unpack(packed: &Packed) -> Vec<u8> {
    zstd::bulk::decompress(packed.bytes, MOST).expect("the build packed it")
}

/// The fonts, read once in the life of the program.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all: Vec<Font> = std::thread::scope(|scope| {
        let reading: Vec<_> = PACKED
            .iter()
            .map(|packed| {
                scope.spawn(|| Font::new(Bytes::new(unpack(packed)), 0).expect("the build checked it"))
            })
            .collect();
        reading.into_iter().map(|one| one.join().expect("unpacking does not panic")).collect()
    });
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

/// Returns the fonts.
pub(crate) fn fonts() -> &'static Fonts {
    &FONTS
}

/// Tells whether one of the fonts has this sign.
pub(crate) fn covers(sign: char) -> bool {
    fonts().all.iter().any(|font| font.info().coverage.contains(u32::from(sign)))
}

/// Writes the fonts into `folder` for programs that take files, such as a browser; those that are there already
/// with the right size stay.
///
/// # Errors
/// When the folder or a file cannot be written.
pub fn write_to(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    PACKED.iter().map(|packed| write_one(folder, packed)).collect()
}

#[allow(
    clippy::disallowed_methods,
    reason = "a copy of what the binary holds; it can be made again at any time"
)]
fn write_one(folder: &Path, packed: &Packed) -> std::io::Result<PathBuf> {
    let path = folder.join(packed.name);
    let font = unpack(packed);
    if std::fs::metadata(&path).is_ok_and(|there| there.len() == font.len() as u64) {
        return Ok(path);
    }
    let beside = folder.join(format!(".{}", packed.name));
    std::fs::write(&beside, &font)?;
    std::fs::rename(&beside, &path)?;
    Ok(path)
}
