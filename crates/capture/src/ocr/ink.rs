//! Black ink on white paper out of any screenshot: once for dark text, once for light text.

use super::pixels::Grey;

/// Light text on a dark or coloured ground is lighter than this at least.
const LIGHT: u8 = 190;

/// The level that parts a picture best into dark and light (Otsu 1979).
pub(super) fn level(grey: &Grey) -> u8 {
    let mut counts = [0u64; 256];
    for shade in &grey.shades {
        counts[usize::from(*shade)] += 1;
    }
    let all = grey.shades.len() as u64;
    let sum: u64 = (0..256).zip(&counts).map(|(shade, count)| shade * count).sum();
    let (mut below, mut below_sum) = (0u64, 0u64);
    let (mut best, mut level) = (0u128, 127);
    for (shade, count) in (0..=255u8).zip(&counts) {
        below += count;
        below_sum += u64::from(shade) * count;
        let above = all - below;
        if below == 0 || above == 0 {
            continue;
        }
        // The variance between both sides, without fractions: (sum·n₀ − sum₀·n)² ÷ (n₀·n₁).
        let apart = (u128::from(sum) * u128::from(below)).abs_diff(u128::from(below_sum) * u128::from(all));
        let between = (apart / u128::from(all)).pow(2) / (u128::from(below) * u128::from(above)).max(1);
        if between > best {
            (best, level) = (between, shade);
        }
    }
    level
}

/// Dark text stays as grey as it is, because its edges help; paper becomes white.
pub(super) fn dark(grey: &Grey, level: u8) -> Grey {
    let paper = level.max(64);
    with(grey, |shade| if shade > paper { u8::MAX } else { shade / 2 })
}

/// Light text becomes black, everything else white.
pub(super) fn light(grey: &Grey, level: u8) -> Grey {
    let ink = level.max(LIGHT);
    with(grey, |shade| if shade > ink { 0 } else { u8::MAX })
}

fn with(grey: &Grey, change: impl Fn(u8) -> u8) -> Grey {
    let shades = grey.shades.iter().map(|shade| change(*shade)).collect();
    Grey { width: grey.width, height: grey.height, shades }
}
