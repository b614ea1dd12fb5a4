//! Codes of the roi.

use crate::diagnostics::code::codes;

codes! {}
