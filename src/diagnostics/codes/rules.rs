//! Codes of the rules.

use crate::diagnostics::code::codes;

codes! {
    RULE_SYNTAX = "rule-syntax", "The rule file cannot be read as rhai: often a missing bracket, comma or semicolon, or a name that was never set. Correct the marked place; what follows it is looked at afterwards.";
    MISSING_RULE = "missing-rule", "A rule file lacks the function it is called by, or the function takes other arguments: `segment(c, all)`, `score(c, all)`, `actions(c, all)`. Add it, or remove the file from the workspace to use the one that ships.";
    UNKNOWN_FACT = "unknown-fact", "A rule names a fact, or a property, that does not exist. Correct its spelling, or add the fact as a query in `rules/facts/`.";
    UNKNOWN_FUNCTION = "unknown-rule-function", "A rule calls a function that does not exist. The functions there are stand in the rules API; a file's own functions are known in that file only.";
    WRONG_ARGUMENTS = "wrong-arguments", "A rule calls a function with more or fewer arguments than it takes.";
    UNREADABLE_FACT = "unreadable-fact", "A column of the facts cannot be given to the rules: it holds lists or the like, or its name is one the rules use themselves. Change the query in `rules/facts/`.";
    MISSING_FACT = "missing-fact", "A rule read a fact that is not known for a customer. Missing is not zero: ask with `c.has(\"name\")` first, or give a default with `c.get(\"name\", 0)`. The customer has no class, or no scores or actions, until then.";
    RULE_FAILED = "rule-failed", "A line of a rule could not be worked out for a customer, such as a text compared with a number or a division by zero. The customer has no class, or no scores or actions, until the line is corrected.";
    RULE_LIMIT = "rule-limit", "A rule took more steps, or made larger values, than a rule may: often a loop that does not end. Customers after it in the same batch were not tried.";
    RULE_ANSWER = "rule-answer", "A rule answered with something else than it is asked for: `segment` gives class(…), `score` gives scorecard([…]), `actions` gives a list of action(…), the function of a KPI gives a score from 0 to 100 or missing().";
    UNMET_RULE = "unmet-rule", "No customer of any period met the conditions that lead to this class. It may be as it should; or a threshold is out of reach, or an earlier rule takes everyone.";
    UNFIT_CUTS = "unfit-cuts", "The cut points between the value classes were frozen when actual value was made of something else, such as contribution where it is lifetime value now. They say nothing of such values, so the period is cut by its own customers. Freeze anew, or see why what values are made of has changed.";
    UNKNOWN_TEXT = "unknown-text", "A rule names a text that a locale catalogue lacks, so a report in that language would print the key. Add it to `report-templates/locales/`, or correct the spelling.";
}
