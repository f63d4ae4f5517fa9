//! Marked copies: what is covered is gone, what points is drawn, and a mark that cannot be is refused by name.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;
use sigu_documents::mark::{Area, Mark, MarkError, Point, draw};

use crate::made::written;

const RED: Rgb<u8> = Rgb([0xd4, 0x38, 0x0d]);
const SECRET: Area = Area { x: 61, y: 37, width: 90, height: 22 };

/// A page with a code on it; another seed is another code, the page stays.
fn page(seed: u8) -> RgbImage {
    RgbImage::from_fn(240, 160, |x, y| {
        let coded = (SECRET.x..SECRET.x + SECRET.width).contains(&x)
            && (SECRET.y..SECRET.y + SECRET.height).contains(&y);
        let dark = coded && ((x / 3) * 31 + (y / 4) * 17 + u32::from(seed) * 7) % 5 < 2;
        if dark { Rgb([20, 20, 120]) } else { Rgb([235, 240, (x / 2) as u8]) }
    })
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    picture.write_to(&mut Cursor::new(&mut file), ImageFormat::Png).unwrap();
    file
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 60).encode_image(picture).unwrap();
    file
}

/// Puts an EXIF block with an orientation behind the first marker of a JPEG.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn drawn(original: &[u8], marks: &[Mark]) -> RgbImage {
    image::load_from_memory(&draw(original, marks).unwrap()).unwrap().into_rgb8()
}

fn colours(picture: &RgbImage, area: Area) -> Vec<Rgb<u8>> {
    let all = (area.y..area.y + area.height).flat_map(|y| (area.x..area.x + area.width).map(move |x| (x, y)));
    let mut found: Vec<Rgb<u8>> = all.map(|(x, y)| *picture.get_pixel(x, y)).collect();
    found.sort_unstable_by_key(|pixel| pixel.0);
    found.dedup();
    found
}

#[test]
fn a_cover_is_one_colour_and_everything_else_stays() {
    let original = page(1);
    let copy = drawn(&png(&original), &[Mark::Cover(SECRET)]);
    assert_eq!(colours(&copy, SECRET).len(), 1);
    for (x, y, pixel) in original.enumerate_pixels() {
        let covered = (SECRET.x..SECRET.x + SECRET.width).contains(&x)
            && (SECRET.y..SECRET.y + SECRET.height).contains(&y);
        assert!(covered || copy.get_pixel(x, y) == pixel, "{x},{y}");
    }
}

/// The test of the promise: two pictures that differ only below the cover give the same copy, whatever the format.
#[test]
fn nothing_of_what_is_covered_gets_into_the_copy() {
    for mark in [Mark::Cover(SECRET), Mark::Mosaic(SECRET)] {
        let marks = [mark, Mark::Number { number: 1, at: Point { x: 100, y: 48 } }];
        assert_ne!(png(&page(1)), png(&page(2)));
        assert_eq!(draw(&png(&page(1)), &marks), draw(&png(&page(2)), &marks));
        assert_eq!(draw(&jpeg(&page(1)), &marks), draw(&jpeg(&page(2)), &marks));
    }
    // Turned, the area lies elsewhere, and the blocks are counted from another corner.
    let area =
        Area { x: 160 - SECRET.y - SECRET.height, y: SECRET.x, width: SECRET.height, height: SECRET.width };
    let both = [1, 2].map(|seed| draw(&turned(&jpeg(&page(seed)), 6), &[Mark::Cover(area)]).unwrap());
    assert_eq!(both[0], both[1]);
    // The test would see a cover that is too small.
    let small = [Mark::Cover(Area { width: SECRET.width - 20, ..SECRET })];
    assert_ne!(draw(&png(&page(1)), &small), draw(&png(&page(2)), &small));
}

#[test]
fn no_metadata_and_no_transparency_get_into_the_copy() {
    let stored = turned(&jpeg(&page(1)), 6);
    let copy = draw(&stored, &[Mark::Cover(SECRET)]).unwrap();
    let copied = image::load_from_memory(&copy).unwrap();
    assert_eq!((copied.width(), copied.height()), (160, 240), "as it is seen");
    for name in [&b"eXIf"[..], b"Exif", b"iCCP", b"tEXt", b"iTXt", b"zTXt"] {
        assert!(!copy.windows(name.len()).any(|bytes| bytes == name));
    }
    let hidden = |below: u8| {
        let picture = RgbaImage::from_pixel(40, 40, Rgba([below, below, below, 0]));
        let mut file = Vec::new();
        DynamicImage::from(picture).write_to(&mut Cursor::new(&mut file), ImageFormat::Png).unwrap();
        draw(&file, &[Mark::Box(Area { x: 5, y: 5, width: 20, height: 20 })]).unwrap()
    };
    assert_eq!(hidden(10), hidden(200), "what lies below transparent pixels is not told");
}

#[test]
fn boxes_arrows_and_numbers_are_seen() {
    let original = png(&page(1));
    let marks = [
        Mark::Cover(SECRET),
        Mark::Box(Area { x: 20, y: 90, width: 60, height: 40 }),
        Mark::Arrow { from: Point { x: 200, y: 140 }, to: Point { x: 120, y: 110 } },
        Mark::Number { number: 42, at: Point { x: 30, y: 20 } },
    ];
    let copy = draw(&original, &marks).unwrap();
    assert_eq!(draw(&original, &marks).unwrap(), copy, "the same bytes");
    written("marks.png", &copy);
    let copy = image::load_from_memory(&copy).unwrap().into_rgb8();
    for (x, y) in [(50, 90), (50, 129), (20, 110), (79, 110), (160, 125), (122, 111), (22, 20)] {
        assert_eq!(*copy.get_pixel(x, y), RED, "{x},{y}");
    }
    let white = |area: Area| colours(&copy, area).contains(&Rgb([0xff; 3]));
    assert!(white(Area { x: 24, y: 12, width: 12, height: 16 }), "the digits");
    assert!(white(Area { x: 40, y: 86, width: 20, height: 4 }), "the edge of the box");
    assert_eq!(*copy.get_pixel(50, 110), *page(1).get_pixel(50, 110), "inside the box nothing changed");
    let digits = |number: u8| drawn(&original, &[Mark::Number { number, at: Point { x: 30, y: 20 } }]);
    assert_ne!(digits(1), digits(7));
    assert_ne!(digits(9), digits(99));
}

#[test]
fn what_cannot_be_drawn_is_refused_and_named() {
    let original = png(&page(1));
    let outside = Mark::Cover(Area { x: 200, y: 0, width: 41, height: 10 });
    let at = |x: u32, y: u32| Point { x, y };
    let table = [
        (outside, MarkError::Outside { mark: outside, width: 240, height: 160 }),
        (
            Mark::Box(Area { x: u32::MAX, y: 0, width: u32::MAX, height: 1 }),
            MarkError::Outside {
                mark: Mark::Box(Area { x: u32::MAX, y: 0, width: u32::MAX, height: 1 }),
                width: 240,
                height: 160,
            },
        ),
        (
            Mark::Mosaic(Area { x: 1, y: 1, width: 0, height: 4 }),
            MarkError::Empty(Mark::Mosaic(Area { x: 1, y: 1, width: 0, height: 4 })),
        ),
        (
            Mark::Arrow { from: at(3, 3), to: at(3, 3) },
            MarkError::Empty(Mark::Arrow { from: at(3, 3), to: at(3, 3) }),
        ),
        (
            Mark::Number { number: 100, at: at(3, 3) },
            MarkError::Number(Mark::Number { number: 100, at: at(3, 3) }),
        ),
        (
            Mark::Number { number: 1, at: at(240, 3) },
            MarkError::Outside { mark: Mark::Number { number: 1, at: at(240, 3) }, width: 240, height: 160 },
        ),
    ];
    for (mark, error) in table {
        assert_eq!(draw(&original, &[mark]), Err(error), "{mark}");
    }
    assert_eq!(outside.to_string(), "cover 200,0,41,10");
    assert_eq!(draw(&original, &[]), Err(MarkError::NoMarks));
    assert_eq!(draw(&original, &[Mark::Cover(SECRET); 201]), Err(MarkError::TooManyMarks(201)));
    assert!(matches!(draw(b"%PDF-1.7", &[Mark::Cover(SECRET)]), Err(MarkError::Unreadable(_))));
    assert!(matches!(draw(&original[..300], &[Mark::Cover(SECRET)]), Err(MarkError::Unreadable(_))));
    assert!(matches!(draw(&[], &[Mark::Cover(SECRET)]), Err(MarkError::Unreadable(_))));
}

/// A file that says it is huge is refused before its pixels are asked for.
#[test]
fn huge_pictures_are_refused_by_their_size_alone() {
    for (width, height) in [(20_000_u32, 20_000_u32), (70_000, 1), (u32::MAX >> 1, u32::MAX >> 1)] {
        let mut file = png(&page(1));
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc32fast::hash(&file[12..29]);
        file[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(draw(&file, &[Mark::Cover(SECRET)]), Err(MarkError::TooLarge), "{width} × {height}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Foreign bytes and any coordinates give an answer, never a panic; a copy is never of another size.
    #[test]
    fn any_marks_are_drawn_or_refused(
        numbers in proptest::array::uniform4(0_u32..300), number in 0_u8..120, flipped in 0_usize..2_000, kind in 0..3_u8,
    ) {
        let [x, y, width, height] = numbers;
        let area = Area { x, y, width, height };
        let marks = [
            Mark::Box(area),
            Mark::Cover(area),
            Mark::Mosaic(area),
            Mark::Arrow { from: Point { x, y }, to: Point { x: width, y: height } },
            Mark::Number { number, at: Point { x, y } },
        ];
        let picture = RgbImage::from_pixel(250, 200, Rgb([1, 2, 3]));
        let mut file = if kind == 0 { jpeg(&picture) } else { png(&picture) };
        if kind == 2 {
            let place = flipped % file.len();
            file[place] ^= 0x41;
        }
        for mark in marks {
            if let Ok(copy) = draw(&file, &[mark]) {
                let copy = image::load_from_memory(&copy).unwrap();
                prop_assert!(kind == 2 || (copy.width(), copy.height()) == (250, 200));
            }
        }
    }
}
