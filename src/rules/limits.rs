//! What a rule may use up, in one place. Set explicitly: rhai's own limits differ between debug and
//! release builds, and most are off.

use rhai::Engine;

/// Steps the evaluation of one rule for one customer may take; a rule of a page takes a few
/// hundred. This is what ends an endless loop: there is no clock in a rule.
pub const OPERATIONS: u64 = 50_000;
/// How deep functions may call each other.
pub const CALL_LEVELS: usize = 32;
/// How deeply expressions may nest, at the top and within a function.
pub const EXPRESSION_DEPTH: usize = 64;
/// Characters of a text.
pub const TEXT_LENGTH: usize = 4_096;
/// Items of a list.
pub const LIST_LENGTH: usize = 1_024;
/// Entries of a map.
pub const MAP_SIZE: usize = 128;
/// Variables alive at a time.
pub const VARIABLES: usize = 256;
/// Functions in a file.
pub const FUNCTIONS: usize = 256;

/// Words that rules may not use: what would reach outside, hide a mistake or go nowhere.
pub(super) const DISABLED: [&str; 8] = [
    "eval", "import", "export", "print", "debug", "Fn", "curry", "call",
];

/// Applies the limits and closes the sandbox of an engine.
pub(super) fn apply(engine: &mut Engine) {
    engine
        .set_max_operations(OPERATIONS)
        .set_max_call_levels(CALL_LEVELS)
        .set_max_expr_depths(EXPRESSION_DEPTH, EXPRESSION_DEPTH)
        .set_max_string_size(TEXT_LENGTH)
        .set_max_array_size(LIST_LENGTH)
        .set_max_map_size(MAP_SIZE)
        .set_max_variables(VARIABLES)
        .set_max_functions(FUNCTIONS)
        .set_max_modules(0)
        .set_allow_anonymous_fn(false)
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true);
    for word in DISABLED {
        engine.disable_symbol(word);
    }
}

/// The limits in words, for `check`: what a rule may use up in one call.
pub fn describe() -> String {
    format!(
        "{OPERATIONS} steps, calls {CALL_LEVELS} deep, texts of {TEXT_LENGTH} characters, \
         lists of {LIST_LENGTH} items, {VARIABLES} variables; not available: {}",
        DISABLED.join(", ")
    )
}
