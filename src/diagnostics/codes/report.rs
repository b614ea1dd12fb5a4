//! Codes of the report.

use crate::diagnostics::code::codes;

codes! {}
