//! Lists that scroll inside the page, often virtual: only the rows shown exist. Each is scrolled through, one
//! picture a step, and its text is gathered line by line.

use std::collections::HashSet;

use super::look::World;
use super::picture::{self, Clip};
use super::{Gap, Look, Picture, Role};

/// Most steps through one list.
const MOST_STEPS: i32 = 60;

/// Scrolls through the lists of a page; returns what each showed, and adds the pictures.
pub(super) async fn lists(
    world: &World,
    look: &Look,
    pictures: &mut Vec<Picture>,
    gaps: &mut Vec<Gap>,
) -> Vec<String> {
    let mut texts = Vec::new();
    for number in 0..look.scrollers.len() {
        let mut gathered = Gathered::default();
        let mut at_end = false;
        for step in 0..MOST_STEPS {
            if world.asking.is_silent() || world.asking.is_over() {
                break;
            }
            let Ok(Some(shown)) = world.inner(number, step).await else { break };
            gathered.add(&shown.text);
            let clip = Clip { x: shown.x, y: shown.y, width: shown.width, height: shown.height };
            if let Ok(png) = picture::shot(&world.asking, &clip).await
                && let Ok((width, height)) = picture::size(&png)
            {
                let number = u32::try_from(pictures.len()).unwrap_or(u32::MAX);
                pictures.push(Picture { role: Role::List, number, png, width, height });
            }
            at_end = shown.end;
            if at_end {
                break;
            }
        }
        // It is put back as it was; a page that does not let us is left as it is.
        let _ = world.inner(number, -1).await;
        if !at_end {
            gaps.push(Gap::new("page.list_cut", format!("{} px", look.scrollers[number].height)));
        }
        texts.push(gathered.text);
    }
    texts
}

/// Lines in the order they first came, each once.
#[derive(Default)]
struct Gathered {
    seen: HashSet<String>,
    text: String,
}

impl Gathered {
    fn add(&mut self, text: &str) {
        for line in text.lines() {
            if self.seen.insert(line.to_owned()) {
                self.text.push_str(line);
                self.text.push('\n');
            }
        }
    }
}
