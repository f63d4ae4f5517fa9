//! How one value becomes a field and comes back: strict on the type, strict on the word.

use jiff::Timestamp;
use jiff::civil::Date;
use sigu_evidence::{FieldValue, Fields, ItemId};

use super::WireError;
use crate::page::PageLabel;
use crate::{GoodsKind, OrderId};

/// What kind of value a field holds, for those who write one down elsewhere.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    /// Any text.
    Text,
    /// A whole number.
    Int,
    /// True or false.
    Flag,
    /// Texts.
    List,
    /// An instant, RFC 3339.
    Time,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// The place of a leaf, such as `1-79`.
    Item,
    /// Places of leaves.
    Items,
    /// The label of an order.
    Order,
    /// One of some words.
    Word(fn() -> Vec<&'static str>),
    /// Some of some words.
    Words(fn() -> Vec<&'static str>),
}

/// A field that a kind of report may have.
#[derive(Debug, Clone, Copy)]
pub struct FieldForm {
    /// Its name in leaves.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A value that is one field of a leaf.
pub trait FieldKind: Sized {
    /// What the field holds.
    const HOLDS: Holds;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;

    /// Adds the value under that name; an absent value adds nothing.
    ///
    /// # Errors
    /// Refuses what no field can hold.
    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError>;

    /// Reads the value back.
    ///
    /// # Errors
    /// A field of another type, or with a word that is not allowed, is [`WireError::Field`]; so is a missing one that
    /// must be there.
    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError>;
}

impl<T: FieldKind> FieldKind for Option<T> {
    const HOLDS: Holds = T::HOLDS;
    const OPTIONAL: bool = true;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        self.as_ref().map_or(Ok(()), |value| value.put(name, fields))
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        if fields.contains(name) { T::take(name, fields).map(Some) } else { Ok(None) }
    }
}

impl FieldKind for String {
    const HOLDS: Holds = Holds::Text;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        Ok(fields.put(name, self.as_str())?)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        fields.text(name).map(str::to_owned).ok_or(WireError::Field(name))
    }
}

/// An empty list is no field at all.
impl FieldKind for Vec<String> {
    const HOLDS: Holds = Holds::List;
    const OPTIONAL: bool = true;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        if self.is_empty() { Ok(()) } else { Ok(fields.put(name, FieldValue::List(self.clone()))?) }
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        match (fields.contains(name), fields.list(name)) {
            (true, None) => Err(WireError::Field(name)),
            (_, list) => Ok(list.map(<[String]>::to_vec).unwrap_or_default()),
        }
    }
}

impl FieldKind for i64 {
    const HOLDS: Holds = Holds::Int;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        Ok(fields.put(name, *self)?)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        fields.int(name).ok_or(WireError::Field(name))
    }
}

impl FieldKind for u32 {
    const HOLDS: Holds = Holds::Int;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        i64::from(*self).put(name, fields)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        fields.int(name).and_then(|value| Self::try_from(value).ok()).ok_or(WireError::Field(name))
    }
}

impl FieldKind for bool {
    const HOLDS: Holds = Holds::Flag;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        Ok(fields.put(name, *self)?)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        fields.flag(name).ok_or(WireError::Field(name))
    }
}

/// Values whose text form is their field.
macro_rules! as_text {
    ($($kind:ty = $holds:ident),+) => {$(
        impl FieldKind for $kind {
            const HOLDS: Holds = Holds::$holds;

            fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
                self.to_string().put(name, fields)
            }

            fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
                fields.text(name).and_then(|text| text.parse().ok()).ok_or(WireError::Field(name))
            }
        }
    )+};
}

as_text!(Timestamp = Time, Date = Day, ItemId = Item, OrderId = Order, PageLabel = Text);

impl FieldKind for Vec<ItemId> {
    const HOLDS: Holds = Holds::Items;
    const OPTIONAL: bool = true;

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        self.iter().map(ItemId::to_string).collect::<Vec<_>>().put(name, fields)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        let texts = Vec::<String>::take(name, fields)?;
        texts.iter().map(|text| text.parse().map_err(|_| WireError::Field(name))).collect()
    }
}

impl FieldKind for GoodsKind {
    const HOLDS: Holds = Holds::Word(|| GoodsKind::ALL.map(GoodsKind::code).to_vec());

    fn put(&self, name: &'static str, fields: &mut Fields) -> Result<(), WireError> {
        self.code().to_owned().put(name, fields)
    }

    fn take(name: &'static str, fields: &Fields) -> Result<Self, WireError> {
        fields.text(name).and_then(Self::from_code).ok_or(WireError::Field(name))
    }
}
