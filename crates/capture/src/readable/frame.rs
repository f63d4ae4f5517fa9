//! Which lines stay: those of advertisement and of the page's frame go, except where they are the page, or are terms.

use super::judge::has_terms;
use super::lines::Line;
use super::page::{Group, Kind, Page};

/// What is known of a group once all lines are read.
struct Verdict {
    /// It is as good as the page, and so is all it stands in.
    stays: bool,
    /// No advertisement is around: its terms stay.
    terms: bool,
}

/// The lines that stay, in their order.
pub(super) fn kept(page: &Page) -> Vec<&Line> {
    let verdicts = verdicts(&page.groups, &page.lines);
    let stays = |line: &&Line| {
        let Some(verdict) = line.group.and_then(|group| verdicts.get(group as usize)) else { return true };
        verdict.stays || (verdict.terms && line.link * 2 < line.text.len() && has_terms(&line.text))
    };
    page.lines.iter().filter(stays).collect()
}

/// Judges each group; those around it come before it.
fn verdicts(groups: &[Group], lines: &[Line]) -> Vec<Verdict> {
    let sizes = sizes(groups, lines);
    let all: usize = lines.iter().map(|line| line.text.len()).sum();
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(groups.len());
    for (group, size) in groups.iter().zip(sizes) {
        let around = group.parent.and_then(|parent| verdicts.get(parent as usize));
        // Half of the page is no navigation, whatever its classes say.
        let large = size * 2 >= all;
        let stays = large && around.is_none_or(|around| around.stays);
        let terms = (large || group.kind == Kind::Frame) && around.is_none_or(|around| around.terms);
        verdicts.push(Verdict { stays, terms });
    }
    verdicts
}

/// How much text each group has, with the groups in it.
fn sizes(groups: &[Group], lines: &[Line]) -> Vec<usize> {
    let mut sizes = vec![0; groups.len()];
    for line in lines {
        if let Some(size) = line.group.and_then(|group| sizes.get_mut(group as usize)) {
            *size += line.text.len();
        }
    }
    for at in (0..groups.len()).rev() {
        let size = sizes[at];
        if let Some(around) = groups[at].parent.and_then(|parent| sizes.get_mut(parent as usize)) {
            *around += size;
        }
    }
    sizes
}
