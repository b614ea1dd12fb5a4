//! Codes of the run: its lock, its record and the publishing of its reports.

use crate::diagnostics::code::codes;

codes! {
    WORKSPACE_LOCKED = "workspace-locked", "Another run is at work in the same workspace, and two at once could publish a mixture. Wait for it to end; the lock goes with the process, so nothing needs to be removed by hand.";
    LOCK_FAILED = "lock-failed", "The file `.quarterdeck/lock` cannot be made or locked, so it cannot be told whether another run is at work. Check the permissions of the workspace, or move it to a file system that supports locks.";
    PUBLISH_FAILED = "publish-failed", "The reports were computed but could not be written: no space, no permission, or a published workbook held open. The last published reports are untouched. Remove the cause and run again.";
    MANIFEST_INCONSISTENT = "manifest-inconsistent", "The record of the run, `run.json`, contradicts itself, so nothing was published. This is a fault of quarterdeck, not of the data: please report it with the message.";
    LEDGER_DAMAGED = "ledger-damaged", "The list of closing customers that was published with the period before is gone or is not what was published, so the reconciliation statement cannot say what late data, edited history and merged customers have changed since. The opening is right all the same. Publish that period again.";
    DOES_NOT_BALANCE = "does-not-balance", "The customer reconciliation statement does not add up, so a rule that replaces one that ships counts somebody twice or not at all. The report says so in red. Look at the overridden files of `rules/`, `customer_base.sql` and `customer_reconciliation.sql` first.";
    ANSWER_OFF_SCALE = "answer-off-scale", "An answer to a survey lies off its scale, such as 11 on 0 to 10, or its scale cannot be: it is not counted. Scales may differ from answer to answer where columns give them; without them it is 0 to 10 for the net promoter score, 0 to 1 for brand awareness and preference, 1 to 5 for all else. A place among brands (`brand_rank`) lies from 1 to `brands`; the Wallet Allocation Rule leaves any other out, and the answer beside it counts all the same.";
    BAD_PERIOD = "bad-period", "A row names a period that cannot be read, so it is left out. Write a fiscal quarter as 2026-Q3, a half year as 2026-H1, a year as 2026.";
    NOTHING_ASKED = "nothing-asked", "`explain` needs to know what: a customer's id, a KPI, a cell, or a problem code. `quarterdeck explain --help` shows how.";
    NO_SUCH_CUSTOMER = "no-such-customer", "No customer of this id had bought by the end of the period. Check the spelling; ids are kept as written, leading zeros included.";
    NO_SUCH_KPI = "no-such-kpi", "The scorecard has no KPI of this id. Ids are the codes printed on the scorecard, such as C2.";
    NO_SUCH_CELL = "no-such-cell", "The address names no file, sheet or cell that was read. Write it as FILE!SHEET!A1 with the file's path as `check` prints it.";
    NO_SUCH_CODE = "no-such-code", "There is no problem code of this name. Codes stand in brackets behind `error` or `warning`.";
}
