//! What an element does to lines, and which open ones it ends by its beginning.

/// What an element does to the lines around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Inline,
    /// Ends a line and has no content.
    Break,
    /// Begins and ends a line.
    Block,
    Paragraph,
    Preformatted,
    Item,
    List,
    /// `dt`, `dd` and `dl`.
    Term,
    Description,
    Terms,
    Table,
    /// `thead`, `tbody`, `tfoot`.
    Rows,
    Row,
    Cell,
    Title,
    /// What has its own world: no element outside is ended from within.
    Island,
}

/// Tells the role of an element by its name in small letters.
pub(super) fn role_of(name: &str) -> Role {
    match name {
        "br" | "hr" => Role::Break,
        "p" => Role::Paragraph,
        "pre" | "listing" | "xmp" | "plaintext" => Role::Preformatted,
        "li" => Role::Item,
        "ul" | "ol" | "menu" | "dir" => Role::List,
        "dt" => Role::Term,
        "dd" => Role::Description,
        "dl" => Role::Terms,
        "table" => Role::Table,
        "thead" | "tbody" | "tfoot" => Role::Rows,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "title" => Role::Title,
        "template" | "object" | "button" | "marquee" | "caption" => Role::Island,
        "address" | "article" | "aside" | "blockquote" | "body" | "center" | "details" | "div"
        | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "frameset" | "h1" | "h2" | "h3"
        | "h4" | "h5" | "h6" | "head" | "header" | "hgroup" | "html" | "legend" | "main" | "nav"
        | "option" | "section" | "summary" | "uni-view" | "view" => Role::Block,
        _ => Role::Inline,
    }
}

impl Role {
    /// Tells whether an element of this role, where it begins, ends an open one of that role.
    pub(super) fn ends(self, open: Self) -> bool {
        match self {
            Self::Item => open == Self::Item,
            Self::Term | Self::Description => matches!(open, Self::Term | Self::Description),
            Self::Cell => open == Self::Cell,
            Self::Row => open == Self::Row,
            Self::Rows => open == Self::Rows,
            Self::Inline | Self::Break | Self::Title | Self::Island => false,
            _ => open == Self::Paragraph,
        }
    }

    /// Tells whether nothing further out than an open element of that role is ended.
    pub(super) fn stays_in(self, open: Self) -> bool {
        match self {
            Self::Inline | Self::Break | Self::Title | Self::Island => true,
            Self::Item => matches!(open, Self::List | Self::Table | Self::Cell | Self::Island),
            Self::Term | Self::Description => {
                matches!(open, Self::Terms | Self::Table | Self::Cell | Self::Island)
            }
            Self::Cell | Self::Row | Self::Rows => matches!(open, Self::Table | Self::Island),
            _ => matches!(open, Self::Table | Self::Cell | Self::Island | Self::Item | Self::Description),
        }
    }
}
