//! Codes of the report.

use crate::diagnostics::code::codes;

codes! {
    WORKBOOK_XML = "workbook-xml", "What a workbook template prints is not well-formed XML: a tag is not closed, an attribute is not quoted, or a `<` or `&` was not escaped. The place is that of the last tag that could be read.";
    WORKBOOK_ELEMENT = "workbook-element", "The workbook markup has an element, or text, where it cannot stand. `docs/workbook-markup.md` lists what can.";
    WORKBOOK_ATTRIBUTE = "workbook-attribute", "An element of the workbook markup has an attribute that is not read, so it would have no effect. Correct its spelling or remove it.";
    WORKBOOK_MISSING = "workbook-missing", "An element of the workbook markup lacks an attribute it cannot do without. Add it.";
    WORKBOOK_VALUE = "workbook-value", "An attribute of the workbook markup has a value it cannot take. Change it as the message says.";
    WORKBOOK_STYLE = "workbook-style", "A style of this name is not declared in the workbook. Declare it with `<style>` before it is used, or correct the name.";
    WORKBOOK_REFERENCE = "workbook-reference", "A reference to cells cannot be resolved: the row id does not exist, its group has no rows, or the address is not one. `docs/workbook-markup.md` shows how references are written.";
    WORKBOOK_RESULT = "workbook-result", "A formula has no cached result. Programs that do not calculate, such as previews, show the cached result, so each `formula` needs a `value` beside it, which may be empty.";
    WORKBOOK_FORMULA = "workbook-formula", "A formula of the workbook cannot be one: it is empty, or its brackets or quotes do not pair.";
    WORKBOOK_SHEET_NAME = "workbook-sheet-name", "A sheet's name is one Excel refuses: empty, over 31 characters, used twice, one of the characters [ ] : * ? / \\ in it, or an apostrophe at either end.";
    WORKBOOK_CELL = "workbook-cell", "A cell stands where another cell already is, before it, or outside the sheet. Correct its `at`, `span`, `down` or `repeat`.";
    WORKBOOK_BULK = "workbook-bulk", "The workbook markup asks for rows or for a field that the program does not supply. Correct the name.";
    WORKBOOK_REFUSED = "workbook-refused", "The writer of workbooks refused what the markup asks for; the message says why.";
    WORKBOOK_TEXT_CUT = "workbook-text-cut", "A text is longer than the 32,767 characters a cell can hold, and was cut in the workbook. The HTML report has all of it.";
    WORKBOOK_ROWS_CUT = "workbook-rows-cut", "There are more rows than the sheet takes, and those over the limit are left out of the workbook. The Parquet files have all of them.";
    WORKBOOK_NOT_FINITE = "workbook-not-finite", "A figure in rows of the workbook is not a finite number; it is shown as missing.";
    PLACEHOLDERS = "locale-placeholders", "A text of a locale catalogue asks for a placeholder that nothing fills, so it would be printed with its braces. Use the placeholders of the shipped text.";
    PLURAL = "locale-plural", "A text with plural forms needs exactly the forms `one` and `other`. Give both, or write one text for every number.";
    TEMPLATE_SYNTAX = "template-syntax", "The template cannot be parsed: a tag that is not closed, an unknown filter or function, an include that does not exist. Correct the marked place.";
    TEMPLATE_FIELD = "template-field", "The template asks for something the report does not have, often a misspelt field. `docs/templates.md` lists every field.";
    TEMPLATE_VALUE = "template-value", "The template prints a value that may be missing, or a raw number, without a filter that says how. Add a filter such as `num`, `money`, `percent`, `value` or `date`.";
    TEMPLATE_LIMIT = "template-limit", "The template took too long or wrote too much and was stopped. Look for loops within loops.";
    TEMPLATE_RENDER = "template-render", "The template failed while it was rendered. Correct the marked place.";
    BRAND_CONTRAST = "brand-contrast", "The accent colour is hard to read on paper: text needs a contrast of at least 4.5 to 1. Choose a darker colour; `--brand` may be any.";
}
