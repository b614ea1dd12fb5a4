//! Codes of the run.

use crate::diagnostics::code::codes;

codes! {}
