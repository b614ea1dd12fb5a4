//! Codes of the engine.

use crate::diagnostics::code::codes;

codes! {}
