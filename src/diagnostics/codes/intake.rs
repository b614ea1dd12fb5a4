//! Codes of the intake.

use crate::diagnostics::code::codes;

codes! {}
