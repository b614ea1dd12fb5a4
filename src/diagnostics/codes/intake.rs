//! Codes of the intake.

use crate::diagnostics::code::codes;

codes! {
    UNREADABLE_INPUT = "unreadable-input", "A file of the inbox cannot be read: it is damaged, protected by a password, or open elsewhere. Open it, save it again as .xlsx without a password, and replace it.";
    UNSUPPORTED_INPUT = "unsupported-input", "A file of the inbox is of a kind that is not read. Save it as .xlsx or .csv, or take it out of the inbox.";
    IGNORED_FILE = "ignored-file", "A file of the inbox is no spreadsheet and was passed over.";
    EMPTY_INBOX = "empty-inbox", "The inbox holds no spreadsheet. Put at least one .xlsx or .csv file with transactions there.";
    NO_TRANSACTIONS = "no-transactions", "No sheet was recognised as transactions, the one table that every report needs. It has a customer, a date, and an amount or a quantity and a unit price.";
    UNKNOWN_SHEET = "unknown-sheet", "A sheet was not recognised as any table, so nothing of it is used. Name its columns as the message says, or declare the file with `[[input.file]]` in quarterdeck.toml.";
    AMBIGUOUS_TABLE = "ambiguous-table", "The headers of a sheet fit several tables equally well. Say which it is with `table` in an `[[input.file]]` of quarterdeck.toml.";
    AMBIGUOUS_HEADER = "ambiguous-header", "Two headers of a sheet could both stand for one column. Say which one does with `columns` in an `[[input.file]]` of quarterdeck.toml, or rename the other.";
    UNUSED_COLUMNS = "unused-columns", "Columns of a sheet have headers that are not known, so they are not used. Rename one if it is a misspelling, or map it with `columns` in an `[[input.file]]`.";
    HIDDEN_SHEET = "hidden-sheet", "A hidden sheet was recognised and read. Delete it, or unhide it, if that is a surprise.";
    GUESSED_ENCODING = "guessed-encoding", "A text file is not UTF-8; its encoding was found from its contents. Save it as UTF-8 if letters look wrong.";
    UNKNOWN_TABLE = "unknown-input-table", "An `[[input.file]]` names a table that does not exist.";
    UNKNOWN_COLUMN = "unknown-column", "An `[[input.file]]` maps a column that the table does not have.";
    NO_SUCH_INPUT = "no-such-input", "An `[[input.file]]` matches no file of the inbox, or no sheet of the files it matches. Correct the pattern or the sheet's name.";
    NO_SUCH_HEADER = "no-such-header", "An `[[input.file]]` maps a column to a header that the sheet does not have. Correct the header.";
    UNREADABLE_VALUE = "unreadable-value", "A cell does not hold what its column takes. Its row is set aside: it is in no figure, and in the count of rows set aside. Correct the cell and run again.";
    MISSING_VALUE = "missing-value", "A cell that every row needs is empty. Its row is set aside: it is in no figure, and in the count of rows set aside. Fill the cell and run again.";
    CUT_ROW = "cut-row", "A row of a text file has more fields than the header, mostly because a delimiter within a field is not quoted. The row is set aside.";
    TOO_MANY_SET_ASIDE = "too-many-set-aside", "More rows of a table were set aside than `[input] max-set-aside` allows, so its figures would mislead. Correct the rows, or raise the limit knowingly.";
    MIXED_COLUMN = "mixed-column", "A column writes its values in two ways, which is mostly a mistake of one of the people who fill it. Check the cells of the rarer way.";
    DECIMAL_MARK_ASSUMED = "decimal-mark-assumed", "No number of a column shows whether point or comma is its decimal mark, so that of the client's language was taken. If it is wrong, write one number with two decimals.";
    DATE_ORDER_ASSUMED = "date-order-assumed", "No date of a column shows whether day or month comes first, so the day was taken. If it is wrong, set `dates` in an `[[input.file]]` of quarterdeck.toml.";
    BUDDHIST_YEARS = "buddhist-years", "Years of a column are Buddhist (2400 to 2699); 543 was taken off them.";
    ROUNDED_VALUES = "rounded-values", "Values of a column have more decimals than are kept, and were rounded half away from zero.";
    REPAIRED_IDS = "repaired-ids", "Ids of a column end in `.0` because a program took them for numbers; it was taken off.";
    DERIVED_VALUES = "derived-values", "A column that a sheet does not have was worked out from others: an amount is quantity times unit price less discount, a cost is amount less profit.";
    DUPLICATE_FILE = "duplicate-file", "A file has the same contents as another. Its rows are counted as duplicates and not used twice.";
    DUPLICATE_ROWS = "duplicate-rows", "Rows tell again what an earlier row told, by the same id. They are counted as duplicates and not used twice.";
    CONFLICTING_ROWS = "conflicting-rows", "Rows have the same key and say different things; the first one was used. Delete the ones that are wrong.";
    SHARED_ID = "shared-id", "Rows have the same transaction id and differ; all are used. If the id is that of the receipt, name its column `invoice_id`.";
    REPEATED_ROWS = "repeated-rows", "Rows without an id are equal in all columns. Two equal purchases on a day are real, so all are used; with a `transaction_id` a repetition could be told from them.";
    UNMATCHED_ROWS = "unmatched-rows", "Transactions name no customer, or one that the customers table does not have. They count as revenue of nobody known.";
}
