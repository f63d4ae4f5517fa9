//! Words with a stored name: one declaration gives the type, its codes, and both ways between them.

/// A type of words with stored names, to list them all wherever they are asked for.
pub trait Coded: Copy + Send + Sync + 'static {
    /// Returns all values, in the order of their declaration.
    fn all() -> &'static [Self];
    /// Returns the value's stored name.
    fn word(self) -> &'static str;
}

/// Declares an enumeration whose values have a name in stored events, on the command line and in JSON.
///
/// Gives `ALL`, `code`, `from_code`, serde and `Display` as the code. Codes are stored for ever: add, never rename.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $code)] $value,)+ }

        impl $name {
            /// All values, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// Returns the value's stored name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }

            /// Finds the value with that stored name.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }

        impl $crate::coded::Coded for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn word(self) -> &'static str {
                self.code()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl $crate::wire::FieldKind for $name {
            const HOLDS: $crate::wire::Holds =
                $crate::wire::Holds::Word(|| $name::ALL.iter().map(|one| one.code()).collect());

            fn put(&self, name: &'static str, fields: &mut sigu_evidence::Fields) -> Result<(), $crate::wire::WireError> {
                self.code().to_owned().put(name, fields)
            }

            fn take(name: &'static str, fields: &sigu_evidence::Fields) -> Result<Self, $crate::wire::WireError> {
                fields.text(name).and_then(Self::from_code).ok_or($crate::wire::WireError::Field(name))
            }
        }
    };
}

pub(crate) use coded;
