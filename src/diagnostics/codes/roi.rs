//! Codes of the investment case.

use crate::diagnostics::code::codes;

codes! {
    UNKNOWN_MEASURE = "roi-unknown-measure", "A benefit is tied to a measure that does not exist, so it would be worth nothing. Name one of `rules/measures/`.";
    UNKNOWN_PHASE = "roi-unknown-phase", "A line names a phase that the case does not have. Correct the name or add a `[[phase]]`.";
    UNUSED_TRANSLATION = "roi-unused-translation", "A `[[translation]]` gives other languages for a text that the case does not have, so readers never see it. Write `text` exactly as the case has it.";
    UNKNOWN_LINE = "roi-unknown-line", "A scenario chooses a level for a line that the case does not have, so it would change nothing. Correct the name.";
    DUPLICATE_LINE = "roi-duplicate-line", "Two lines of the case have the same name, so that scenarios and the crm_project sheet could mean either. Give one of them another label.";
    BAD_RANGE = "roi-bad-range", "The low figure of a line must not be above the likely one, nor the likely one above the high one. Correct the range.";
    AFTER_HORIZON = "roi-after-horizon", "A line falls after the horizon of the case, so it does not count. Move it, or lengthen `horizon-years`.";
    NO_OPTION = "roi-no-option", "Costs belong to different deployment options, and the case does not say which one it is about. Set `option` under `[case]`; the others are shown beside it.";
    NO_FIGURE = "roi-no-figure", "A benefit is tied to a measure that has no value in the reported period. The benefit is left out of every figure, and the report says so.";
    BAD_ROW = "roi-bad-row", "A row of the crm_project sheet cannot be used. Correct the cell; the row is set aside until then.";
    SHEET_WINS = "roi-sheet-wins", "A line of the crm_project sheet replaces the one of the same name in roi.toml. Remove one of them if that is not meant.";
}
