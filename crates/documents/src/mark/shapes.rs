//! What points: frames, arrows and numbers, red with a white edge so that they are seen on any page.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};
use ttf_parser::{Face, OutlineBuilder};

use super::{Area, Mark, Point};
use crate::fonts::fonts;

const RED: [u8; 3] = [0xd4, 0x38, 0x0d];
const WHITE: [u8; 3] = [0xff, 0xff, 0xff];

/// The place of the bold font among the fonts.
const BOLD: usize = 1;

pub(super) fn draw(canvas: &mut Pixmap, mark: Mark) {
    let line = line(canvas);
    match mark {
        Mark::Box(area) => outlined(canvas, frame(area), line),
        Mark::Arrow { from, to } => arrow(canvas, from, to, line),
        Mark::Number { number, at } => disc(canvas, number, at, line),
        Mark::Cover(_) | Mark::Mosaic(_) => {}
    }
}

/// How thick lines are, in pixels: one two-hundredth of the shorter side, from 2 to 12.
fn line(canvas: &Pixmap) -> f32 {
    let shorter = canvas.width().min(canvas.height());
    (shorter as f32 / 200.0).clamp(2.0, 12.0)
}

fn paint(colour: [u8; 3]) -> Paint<'static> {
    let mut paint = Paint::default();
    let [red, green, blue] = colour;
    paint.set_color(Color::from_rgba8(red, green, blue, 0xff));
    paint.anti_alias = true;
    paint
}

fn stroked(canvas: &mut Pixmap, path: &Path, colour: [u8; 3], width: f32) {
    let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    canvas.stroke_path(path, &paint(colour), &stroke, Transform::identity(), None);
}

fn filled(canvas: &mut Pixmap, path: &Path, colour: [u8; 3]) {
    canvas.fill_path(path, &paint(colour), FillRule::Winding, Transform::identity(), None);
}

/// A red line with a white one below it.
fn outlined(canvas: &mut Pixmap, path: Option<Path>, line: f32) {
    let Some(path) = path else { return };
    stroked(canvas, &path, WHITE, line * 2.0);
    stroked(canvas, &path, RED, line);
}

fn frame(area: Area) -> Option<Path> {
    let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(|side| side as f32);
    Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect)
}

/// A shaft and a filled head; the head is never longer than the arrow.
fn arrow(canvas: &mut Pixmap, from: Point, to: Point, line: f32) {
    // The middle of a pixel is half a pixel from its corner.
    let middle = |at: Point| (at.x as f32 + 0.5, at.y as f32 + 0.5);
    let ((from_x, from_y), (to_x, to_y)) = (middle(from), middle(to));
    let (run, rise) = (to_x - from_x, to_y - from_y);
    let length = run.hypot(rise);
    let (run, rise) = (run / length, rise / length);
    let long = (line * 5.0).min(length);
    let (base_x, base_y) = (to_x - run * long, to_y - rise * long);
    let wide = long * 0.45;
    let mut shaft = PathBuilder::new();
    shaft.move_to(from_x, from_y);
    shaft.line_to(base_x, base_y);
    let mut head = PathBuilder::new();
    head.move_to(to_x, to_y);
    head.line_to(base_x - rise * wide, base_y + run * wide);
    head.line_to(base_x + rise * wide, base_y - run * wide);
    head.close();
    let (Some(shaft), Some(head)) = (shaft.finish(), head.finish()) else { return };
    stroked(canvas, &shaft, WHITE, line * 2.0);
    stroked(canvas, &head, WHITE, line);
    stroked(canvas, &shaft, RED, line);
    filled(canvas, &head, RED);
}

fn disc(canvas: &mut Pixmap, number: u8, at: Point, line: f32) {
    let (x, y) = (at.x as f32 + 0.5, at.y as f32 + 0.5);
    let radius = line * 5.0;
    let rings = [(radius + line / 2.0, WHITE), (radius, RED)];
    for (radius, colour) in rings {
        if let Some(ring) = PathBuilder::from_circle(x, y, radius) {
            filled(canvas, &ring, colour);
        }
    }
    if let Some(digits) = digits(number).and_then(|path| centred(path, x, y, radius)) {
        filled(canvas, &digits, WHITE);
    }
}

/// Moves and scales digits into a circle.
fn centred(path: Path, x: f32, y: f32, radius: f32) -> Option<Path> {
    let bounds = path.bounds();
    let scale = (radius * 1.1 / bounds.height()).min(radius * 1.4 / bounds.width());
    let (middle_x, middle_y) =
        ((bounds.left() + bounds.right()) / 2.0, (bounds.top() + bounds.bottom()) / 2.0);
    // Fonts count upwards, pictures downwards.
    path.transform(Transform::from_row(scale, 0.0, 0.0, -scale, x - middle_x * scale, y + middle_y * scale))
}

/// The outline of a number in the bold font, in its units.
fn digits(number: u8) -> Option<Path> {
    let face = Face::parse(fonts().all.get(BOLD)?.data(), 0).ok()?;
    let mut outline = Outline { path: PathBuilder::new(), x: 0.0 };
    for digit in number.to_string().chars() {
        let glyph = face.glyph_index(digit)?;
        face.outline_glyph(glyph, &mut outline)?;
        outline.x += f32::from(face.glyph_hor_advance(glyph)?);
    }
    outline.path.finish()
}

/// Takes up outlines, each further right than the one before.
struct Outline {
    path: PathBuilder,
    x: f32,
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, y1, self.x + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, y1, self.x + x2, y2, self.x + x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
