//! The kinds of problems.

/// A kind of problem: a stable kebab-case name and what it means, shown by `explain --code`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// kebab-case, unique over all areas.
    pub name: &'static str,
    /// What it means and what to do, in a few sentences.
    pub explanation: &'static str,
}

/// Declares the codes of one area: constants, and `ALL` for the listing.
macro_rules! codes {
    ($($constant:ident = $name:literal, $explanation:literal;)*) => {
        $(
            #[doc = $explanation]
            pub static $constant: crate::diagnostics::Code =
                crate::diagnostics::Code { name: $name, explanation: $explanation };
        )*
        /// Every code of this area.
        pub static ALL: &[&crate::diagnostics::Code] = &[$(&$constant),*];
    };
}
pub(crate) use codes;
