//! Codes of the scorecard.

use crate::diagnostics::code::codes;

codes! {}
