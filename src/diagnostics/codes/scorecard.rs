//! Codes of the scorecard.

use crate::diagnostics::code::codes;

codes! {
    BAD_ID = "bad-scorecard-id", "An id in scorecard.toml may hold letters, digits and underscores (hyphens too, except in KPIs), so that it can stand in file names, sheets and links. Rename it.";
    DUPLICATE_ID = "duplicate-scorecard-id", "Two entries of one kind have the same id in one file, so one would silently hide the other. Rename or remove one.";
    UNKNOWN_NODE = "unknown-scorecard-node", "The perspective, process, objective or KPI named is not declared. Correct the name, or declare it.";
    MISPLACED = "misplaced-on-scorecard", "The perspective or process given disagrees with that of the objective or process it belongs to. Correct it, or leave it out: it follows from what is above.";
    EMPTY_SCORECARD = "empty-scorecard", "No KPI is left on the scorecard, so there would be nothing to report. Declare one, or keep the shipped ones with `built-in = true`.";
    UNKNOWN_MEASURE = "unknown-measure", "The value of a KPI names a measure for which there is no file in rules/measures. Correct the name, or add the measure.";
    BAD_EXPRESSION = "bad-kpi-value", "The value of a KPI is a measure or arithmetic over measures: names, numbers, + - * /, parentheses, min(…) and max(…), and nothing else.";
    UNKNOWN_NEED = "unknown-needed-table", "The table or column that a KPI needs is not one of the canonical tables, so the KPI could never be measured. Correct the name.";
    UNKNOWN_SCRIPT = "unknown-kpi-function", "A KPI with `scoring = \"script\"` names a function of one parameter that rules/scorecard.rhai does not hold. Correct the name, or write the function.";
    UNKNOWN_DIMENSION = "unknown-dimension", "A KPI asks to be broken down by something none of its measures is broken down by. Correct `by`, or add the column to the measure.";
    FLOOR_IS_TARGET = "floor-equals-target", "The value that scores nothing and the one that scores full are the same, so no score is defined between them. Change one.";
    TARGET_ORDER = "target-against-direction", "Target and floor (or red flag) lie in the wrong order for the declared direction: where higher is better the target is above, where lower is better it is below. Swap them or correct `better`.";
    STRETCH_WITHIN_TARGET = "stretch-within-target", "A stretch is a value beyond the target, to aim at; this one is no further than the target, so it is not shown. Correct one of the two.";
    INCOMPLETE_SCORING = "incomplete-scoring", "The scoring method lacks a figure it cannot do without. Give it, or choose another method.";
    NO_EFFECT = "key-without-effect", "The key is read, but the chosen scoring method does not use it. Remove it, or choose the method it belongs to.";
    WEIGHTS_NOT_100 = "weights-not-100", "The weights of siblings look like percentages and do not add up to 100. They are relative and are scaled, which may not be what was meant. Correct them.";
    USED_TWICE = "kpi-used-twice", "A KPI stands under two objectives, so it counts twice. This is allowed and often not meant.";
    OVER_TIME = "over-time-mismatch", "How a KPI's periods are combined does not fit what it is: shares and ratios are worked out again from their parts, never added.";
    UNKNOWN_KPI = "unknown-kpi", "A row of the targets, manual KPI, commentary or initiatives sheet names a KPI that is not on the scorecard, so it has no effect. Correct the id, or declare the KPI.";
    NO_COMMENTARY = "missing-commentary", "A KPI whose score calls for action has no word from its owner in the commentary sheet. The report says so beside it; add a row: kpi, period, text, author. It is asked for only where there is a commentary sheet.";
    REPEATED_ROW = "repeated-sheet-row", "A sheet has several rows for one KPI and period; the last one is used. Keep one.";
    UNUSABLE_TARGET = "unusable-target", "A target from the targets sheet cannot be scored with: it equals the floor or lies on the wrong side of it. The KPI is shown without a score until it is corrected.";
}
