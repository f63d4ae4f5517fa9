//! One pass over the HTML: what stands where, and by what the page gives itself away.
//!
//! The source streams by and no tree is made, so that nesting and broken markup cost no more than their length. End
//! tags that HTML lets one leave out are put in where they decide what a line is.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{
    DocumentContentHandlers, ElementContentHandlers, HandlerResult, HtmlRewriter, MemorySettings, Selector,
    Settings, element, end_tag,
};

use super::Unreadable;
use super::lines::{Line, Lines, Place};
use super::marks::Marks;
use super::table::Table;
use super::tags::{Role, role_of};

/// More elements than this are a page over the limit; large pages have 20,000.
pub const MAX_ELEMENTS: usize = 200_000;
/// Deeper nesting is a page over the limit; browsers go no deeper either.
pub const MAX_DEPTH: usize = 512;
/// More different names of elements than this are a page over the limit; HTML has some 140.
const MAX_NAMES: usize = 1_000;
/// What the parser may hold: open elements, and a tag that is not at its end.
const MAX_HELD: usize = 8 << 20;
/// How much of the source is given at once.
const PIECE: usize = 16 << 10;
/// A longer title is cut.
const MAX_TITLE: usize = 1_000;
/// How far up the implied end of an element is looked for.
const LOOK_UP: usize = 64;

/// The page is over a limit.
#[derive(Debug, thiserror::Error)]
#[error("over a limit")]
pub(super) struct Limit;

/// Selectors of a recipe, ready to use.
#[derive(Default)]
pub(super) struct Selectors {
    pub(super) select: Vec<Selector>,
    pub(super) remove: Vec<Selector>,
}

/// Why a group of lines may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Advertisement, recommendations, what pops up.
    Ad,
    /// Navigation, head, foot.
    Frame,
}

/// Lines under one element that may be left out.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) kind: Kind,
    pub(super) parent: Option<u32>,
}

/// What one pass gives.
pub(super) struct Page {
    pub(super) title: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) groups: Vec<Group>,
    /// For each selector of what is read, whether it found anything.
    pub(super) found: Vec<bool>,
    pub(super) marks: Marks,
}

struct Open {
    id: u32,
    role: Role,
    /// Inside of what is never read.
    dropped: bool,
    selected: bool,
    link: bool,
    /// Inside of article, main or section.
    article: bool,
    group: Option<u32>,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    next: u32,
    names: BTreeSet<String>,
    lines: Lines,
    groups: Vec<Group>,
    found: Vec<bool>,
    marks: Marks,
    title: String,
    /// A text that has not come to its end.
    text: String,
    /// Whether the element just seen has content, and so stands on top of `open`.
    entered: bool,
}

/// Reads a page.
pub(super) fn page(html: &str, selectors: Selectors) -> Result<Page, Unreadable> {
    let found = vec![false; selectors.select.len()];
    let reader = Rc::new(RefCell::new(Reader { found, ..Reader::default() }));
    run(html, &reader, selectors).map_err(|_| Unreadable::TooLarge)?;
    let mut reader = reader.borrow_mut();
    reader.shut(0);
    let reader = std::mem::take(&mut *reader);
    let title = Some(super::lines::tidy(&reader.title)).filter(|title| !title.is_empty());
    let Reader { groups, found, marks, .. } = reader;
    Ok(Page { title, lines: reader.lines.finish(), groups, found, marks })
}

fn run(
    html: &str,
    reader: &Rc<RefCell<Reader>>,
    selectors: Selectors,
) -> Result<(), lol_html::errors::RewritingError> {
    let held = MemorySettings::new().with_max_allowed_memory_usage(MAX_HELD);
    // The first handler runs first: those of the recipe find the element on top.
    let mut settings = Settings::new()
        .with_strict(false)
        .with_memory_settings(held)
        .append_element_content_handler(element!("*", |element| Reader::enter(reader, element)))
        .append_document_content_handler(
            DocumentContentHandlers::default()
                .text(|chunk: &mut TextChunk<'_>| reader.borrow_mut().chunk(chunk)),
        );
    for (place, selector) in selectors.select.into_iter().enumerate() {
        let handler = move |_: &mut Element<'_, '_>| reader.borrow_mut().select(place);
        settings = settings.append_element_content_handler(handlers(selector, handler));
    }
    for selector in selectors.remove {
        let handler = move |_: &mut Element<'_, '_>| reader.borrow_mut().remove();
        settings = settings.append_element_content_handler(handlers(selector, handler));
    }
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    for piece in html.as_bytes().chunks(PIECE) {
        rewriter.write(piece)?;
    }
    rewriter.end()
}

fn handlers<'h>(
    selector: Selector,
    handler: impl FnMut(&mut Element<'_, '_>) -> HandlerResult + 'h,
) -> (std::borrow::Cow<'static, Selector>, ElementContentHandlers<'h>) {
    (std::borrow::Cow::Owned(selector), ElementContentHandlers::default().element(handler))
}

impl Reader {
    fn enter(this: &Rc<RefCell<Self>>, element: &mut Element<'_, '_>) -> HandlerResult {
        let mut reader = this.borrow_mut();
        let name = element.tag_name();
        reader.next += 1;
        if reader.next as usize > MAX_ELEMENTS || reader.open.len() >= MAX_DEPTH {
            return Err(Limit.into());
        }
        if !reader.names.contains(&name) {
            reader.names.insert(name.clone());
        }
        if reader.names.len() > MAX_NAMES {
            return Err(Limit.into());
        }
        let role = role_of(&name);
        reader.shut_implied(role);
        reader.begin(role);
        let Some(handlers) = element.end_tag_handlers() else {
            reader.entered = false;
            let dropped = reader.open.last().is_some_and(|open| open.dropped);
            reader.marks.look(element, &name, dropped);
            return Ok(());
        };
        let (id, shared) = (reader.next, Rc::clone(this));
        handlers.push(end_tag!(move |_| {
            shared.borrow_mut().leave(id);
            Ok(())
        }));
        reader.entered = true;
        let open = reader.opened(element, &name, role);
        reader.marks.look(element, &name, open.dropped);
        reader.open.push(open);
        Ok(())
    }

    /// What is to be known of an element while it is open.
    fn opened(&mut self, element: &Element<'_, '_>, name: &str, role: Role) -> Open {
        let above = self.open.last();
        let mut open = Open {
            id: self.next,
            role,
            dropped: above.is_some_and(|above| above.dropped),
            selected: above.is_some_and(|above| above.selected),
            link: above.is_some_and(|above| above.link) || name == "a",
            article: above.is_some_and(|above| above.article)
                || matches!(name, "article" | "main" | "section"),
            group: above.and_then(|above| above.group),
        };
        let drop = &Table::get().drop;
        open.dropped |= drop.elements.contains(name) || is_hidden(element);
        if !open.dropped
            && let Some(kind) = kind_of(element, name, &open)
        {
            self.groups.push(Group { kind, parent: open.group });
            open.group = u32::try_from(self.groups.len() - 1).ok();
        }
        open
    }

    fn select(&mut self, place: usize) -> HandlerResult {
        self.found[place] = true;
        if let Some(open) = self.open.last_mut().filter(|_| self.entered) {
            (open.selected, open.dropped, open.group) = (true, false, None);
        }
        Ok(())
    }

    fn remove(&mut self) -> HandlerResult {
        if let Some(open) = self.open.last_mut().filter(|_| self.entered) {
            open.dropped = true;
        }
        Ok(())
    }

    fn leave(&mut self, id: u32) {
        if let Ok(at) = self.open.binary_search_by_key(&id, |open| open.id) {
            self.shut(at);
        }
    }

    /// Ends all elements from that place on, the innermost first.
    fn shut(&mut self, from: usize) {
        while self.open.len() > from {
            let Some(open) = self.open.pop() else { return };
            match open.role {
                Role::Cell => self.lines.end_cell(),
                Role::Row => self.lines.end_row(),
                Role::Inline | Role::Break | Role::Term => {}
                _ => self.lines.end_block(),
            }
        }
    }

    /// Ends what an element ends by its beginning.
    fn shut_implied(&mut self, role: Role) {
        let lowest = self.open.len().saturating_sub(LOOK_UP);
        for at in (lowest..self.open.len()).rev() {
            let open = self.open[at].role;
            if role.ends(open) {
                return self.shut(at);
            }
            if role.stays_in(open) {
                return;
            }
        }
    }

    fn begin(&mut self, role: Role) {
        match role {
            Role::Inline => {}
            Role::Description => self.lines.colon(),
            Role::Table => self.lines.begin_table(),
            Role::Row => self.lines.begin_row(),
            _ => self.lines.end_block(),
        }
    }

    fn chunk(&mut self, chunk: &mut TextChunk<'_>) -> HandlerResult {
        self.text.push_str(chunk.as_str());
        if chunk.last_in_text_node() {
            let text = std::mem::take(&mut self.text);
            self.whole_text(&text, chunk.text_type())?;
        }
        Ok(())
    }

    fn whole_text(&mut self, text: &str, kind: TextType) -> Result<(), Limit> {
        if kind == TextType::ScriptData {
            self.marks.script(text);
            return Ok(());
        }
        let text = if kind.allows_html_entities() { htmlize::unescape(text) } else { text.into() };
        let Some(open) = self.open.last() else {
            return self.lines.text(&text, Place { group: None, selected: false, link: false });
        };
        if open.role == Role::Title {
            // Pictures have titles too; the page's is the first.
            if !open.dropped && self.title.trim().is_empty() {
                self.title = text[..text.floor_char_boundary(MAX_TITLE)].to_owned();
            }
            return Ok(());
        }
        if open.dropped || !matches!(kind, TextType::Data | TextType::CDataSection) {
            return Ok(());
        }
        let place = Place { group: open.group, selected: open.selected, link: open.link };
        if open.role != Role::Preformatted {
            // A line break in the source is a blank; ends of blocks are told otherwise.
            return self.lines.text(&text.replace(['\n', '\r'], " "), place);
        }
        for line in text.lines() {
            self.lines.text(line, place)?;
            self.lines.end_block();
        }
        Ok(())
    }
}

/// Hidden by an attribute: nobody sees it unless a script shows it.
fn is_hidden(element: &Element<'_, '_>) -> bool {
    let says = |name: &str, value: &str| {
        element.get_attribute(name).is_some_and(|said| said.trim().eq_ignore_ascii_case(value))
    };
    let style = || {
        let style = element.get_attribute("style").unwrap_or_default().to_ascii_lowercase();
        let style: String = style.chars().filter(|sign| !sign.is_whitespace()).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    };
    (element.has_attribute("hidden") && !says("hidden", "until-found"))
        || says("aria-hidden", "true")
        || style()
}

/// The group an element makes, if it makes one.
fn kind_of(element: &Element<'_, '_>, name: &str, open: &Open) -> Option<Kind> {
    // What holds the whole page has classes of the whole page.
    if matches!(name, "html" | "body" | "main" | "article") {
        return None;
    }
    let drop = &Table::get().drop;
    let names = ["class", "id"].map(|attribute| element.get_attribute(attribute).unwrap_or_default());
    let names: Vec<&str> = names.iter().flat_map(|names| names.split_ascii_whitespace()).take(32).collect();
    if names.iter().any(|name| drop.is_ad(name)) {
        return Some(Kind::Ad);
    }
    if open.selected {
        return None;
    }
    let head = matches!(name, "header" | "footer") && open.article;
    let role = element.get_attribute("role").unwrap_or_default();
    let frame = drop.frames.contains(name) && !head
        || drop.roles.contains(role.trim())
        || names.iter().any(|name| drop.is_frame(name));
    frame.then_some(Kind::Frame)
}
