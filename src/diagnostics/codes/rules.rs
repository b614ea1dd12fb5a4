//! Codes of the rules.

use crate::diagnostics::code::codes;

codes! {}
