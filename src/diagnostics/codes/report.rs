//! Codes of the report.

use crate::diagnostics::code::codes;

codes! {
    PLACEHOLDERS = "locale-placeholders", "A text of a locale catalogue asks for a placeholder that nothing fills, so it would be printed with its braces. Use the placeholders of the shipped text.";
    PLURAL = "locale-plural", "A text with plural forms needs exactly the forms `one` and `other`. Give both, or write one text for every number.";
    TEMPLATE_SYNTAX = "template-syntax", "The template cannot be parsed: a tag that is not closed, an unknown filter or function, an include that does not exist. Correct the marked place.";
    TEMPLATE_FIELD = "template-field", "The template asks for something the report does not have, often a misspelt field. `docs/templates.md` lists every field.";
    TEMPLATE_VALUE = "template-value", "The template prints a value that may be missing, or a raw number, without a filter that says how. Add a filter such as `num`, `money`, `percent`, `value` or `date`.";
    TEMPLATE_LIMIT = "template-limit", "The template took too long or wrote too much and was stopped. Look for loops within loops.";
    TEMPLATE_RENDER = "template-render", "The template failed while it was rendered. Correct the marked place.";
    BRAND_CONTRAST = "brand-contrast", "The accent colour is hard to read on paper: text needs a contrast of at least 4.5 to 1. Choose a darker colour; `--brand` may be any.";
}
