//! Enumerations as words: written in one spelling, read without regard to case.

/// Gives an enumeration `parse` and `Display` by its variants' names.
macro_rules! words {
    ($type:ty { $($variant:ident),+ }) => {
        impl $type {
            /// Reads the word without regard to case.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case(stringify!($variant)) { return Some(Self::$variant); })+
                None
            }
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => stringify!($variant)),+ })
            }
        }
    };
}

pub(crate) use words;
