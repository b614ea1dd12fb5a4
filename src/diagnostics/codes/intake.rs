//! Codes of the intake.

use crate::diagnostics::code::codes;

codes! {
    UNREADABLE_INPUT = "unreadable-input", "The system does not give a file of the inbox: it is gone, may not be read, or a program holds it open. Close it there, look at its permissions, and run again.";
    PROTECTED_INPUT = "protected-input", "A file of the inbox is protected by a password, so nothing of it can be read. Open it, save it without a password, and replace it.";
    DAMAGED_INPUT = "damaged-input", "A file of the inbox is damaged: a download or a copy was cut off, or the program that wrote it made a mistake. Nothing of it is used, since half a file would be a wrong figure. If it opens in a spreadsheet program, save it again there; otherwise export it again.";
    EMPTY_INPUT = "empty-input", "A file of the inbox holds nothing: no bytes, or sheets without a filled cell. Export it again, or take it out of the inbox.";
    NO_WORKSHEET = "no-worksheet", "A workbook of the inbox has charts, macros or dialogs and no sheet with cells. Drop the workbook that holds the data, or take this one out of the inbox.";
    OVERSIZED_INPUT = "oversized-input", "A file of the inbox would unpack to more than is ever read, as files made to stop a program do. If it is real data, export it as .csv or in parts; if nobody knows it, delete it.";
    INPUT_MEMORY_LIMIT = "input-memory-limit", "Reading a file took more memory than a file may take, so it was given up; nothing of it is used. If it is real data, export it as .csv or in parts, or raise `[input] memory-limit` in quarterdeck.toml; if nobody knows it, delete it.";
    INPUT_TIME_LIMIT = "input-time-limit", "Reading a file took longer than a file may take, so it was given up; nothing of it is used. If it is real data, export it as .csv or in parts, or raise `[input] time-limit-seconds` in quarterdeck.toml; if nobody knows it, delete it.";
    READER_FAILED = "reader-failed", "The process that reads a file ended before it had read it, mostly because the file is damaged in a way that its reader does not expect; nothing of the file is used. Open it, save it again as .xlsx or .csv, and replace it.";
    CHANGED_INPUT = "changed-input", "A file of the inbox was written to while it was read, so what was read may be half of it. Run again when it is there as a whole.";
    RENAMED_INPUT = "renamed-input", "A file is something else than its name says, and was read as what it is: many tills write web pages or text and call them .xls. Nothing needs to be done.";
    UNSUPPORTED_INPUT = "unsupported-input", "A file of the inbox is of a kind that is not read: a document, an image, an archive within an archive. Save its data as .xlsx or .csv, or take it out of the inbox.";
    IGNORED_FILE = "ignored-file", "A file of the inbox is no spreadsheet and was passed over.";
    EMPTY_INBOX = "empty-inbox", "The inbox holds no spreadsheet. Put at least one .xlsx or .csv file with transactions there.";
    NO_TRANSACTIONS = "no-transactions", "No sheet was recognised as transactions, the one table that every report needs. It has a customer, a date, and an amount or a quantity and a unit price.";
    UNKNOWN_SHEET = "unknown-sheet", "A sheet was not recognised as any table, so nothing of it is used. Name its columns as the message says, or declare the file with `[[input.file]]` in quarterdeck.toml.";
    AMBIGUOUS_TABLE = "ambiguous-table", "The headers of a sheet fit several tables equally well. Say which it is with `table` in an `[[input.file]]` of quarterdeck.toml.";
    AMBIGUOUS_HEADER = "ambiguous-header", "Two headers of a sheet could both stand for one column. Say which one does with `columns` in an `[[input.file]]` of quarterdeck.toml, or rename the other.";
    UNUSED_COLUMNS = "unused-columns", "Columns of a sheet have headers that are not known, so they are not used. Rename one if it is a misspelling, or map it with `columns` in an `[[input.file]]`.";
    HIDDEN_SHEET = "hidden-sheet", "A hidden sheet was recognised and read. Delete it, or unhide it, if that is a surprise.";
    HIDDEN_ROWS = "hidden-rows", "Rows of a sheet are hidden, by hand or by a filter, and were read like all others: what is hidden from the eye is not left out of the figures. Delete them if they do not belong to the data. Only plain workbooks of Excel 2007 and later, and those saved as XML, tell.";
    GUESSED_ENCODING = "guessed-encoding", "A text file is not UTF-8; its encoding was found from its contents. Save it as UTF-8 if letters look wrong.";
    UNKNOWN_TABLE = "unknown-input-table", "An `[[input.file]]` names a table that does not exist.";
    UNKNOWN_COLUMN = "unknown-column", "An `[[input.file]]` maps a column that the table does not have.";
    NO_SUCH_INPUT = "no-such-input", "An `[[input.file]]` matches no file of the inbox, or no sheet of the files it matches. Correct the pattern or the sheet's name.";
    NO_SUCH_HEADER = "no-such-header", "An `[[input.file]]` maps a column to a header that the sheet does not have. Correct the header.";
    BAD_VALUE_PATTERN = "bad-value-pattern", "A value in an `[[input.file]]` is not written as one: text with `{sheet}`, `{file}`, `{folder}` or `{a header}` in it, and `{file:sales-*}` for a part of a name.";
    NO_VALUE = "no-value", "A value of an `[[input.file]]` cannot be put together for a sheet, because a name is not as the pattern says. Nothing of the sheet is used. Correct the pattern, or rename the file or the sheet.";
    UNREADABLE_VALUE = "unreadable-value", "A cell does not hold what its column takes. Its row is set aside: it is in no figure, and in the count of rows set aside. Correct the cell and run again.";
    MISSING_VALUE = "missing-value", "A cell that every row needs is empty. Its row is set aside: it is in no figure, and in the count of rows set aside. Fill the cell and run again.";
    SEVERAL_TABLES = "several-tables", "A sheet holds several tables, one below the other with empty rows between them or side by side with an empty column between them. Each was read as one. If that is wrong, say with `table` in an `[[input.file]]` what the sheet is.";
    UNPIVOTED = "unpivoted", "Columns of a sheet are headed by months, and an `[[input.file]]` declares with `unpivot` that each of their cells is a row. Empty cells and noughts are none. Look over which months were taken.";
    NOT_RECORDS = "not-records", "Rows of a sheet are totals, headers told again or notes: they are in no figure, and counted with the blank rows. A total is told from a record by its first word and by what it lacks, or by being the sum of the rows above it. Nothing needs to be done, unless one of them is a record: then fill in what it lacks.";
    CUT_ROW = "cut-row", "A row of a text file has more fields than the header, mostly because a delimiter within a field is not quoted. The row is set aside.";
    TOO_MANY_SET_ASIDE = "too-many-set-aside", "More rows of a table were set aside than `[input] max-set-aside` allows, so its figures would mislead. Correct the rows, or raise the limit knowingly.";
    MIXED_COLUMN = "mixed-column", "A column writes its values in two ways, which is mostly a mistake of one of the people who fill it. Check the cells of the rarer way.";
    DECIMAL_MARK_ASSUMED = "decimal-mark-assumed", "No number of a column shows whether point or comma is its decimal mark, so that of the client's language was taken. If it is wrong, write one number with two decimals.";
    DATE_ORDER_ASSUMED = "date-order-assumed", "No date of a column shows whether day or month comes first, so the day was taken. If it is wrong, set `dates` in an `[[input.file]]` of quarterdeck.toml.";
    BUDDHIST_YEARS = "buddhist-years", "Years of a column are Buddhist (2400 to 2699); 543 was taken off them.";
    ROUNDED_VALUES = "rounded-values", "Values of a column have more decimals than are kept, and were rounded half away from zero.";
    REPAIRED_IDS = "repaired-ids", "Ids of a column were repaired: a program took them for numbers and wrote `.0` behind them, which was taken off, or lost their leading zeros, which were put back as `digits` declares.";
    DERIVED_VALUES = "derived-values", "A column that a sheet does not have was worked out from others: an amount is quantity times unit price less discount, a cost is amount less profit.";
    DUPLICATE_FILE = "duplicate-file", "A file has the same contents as another. Its rows are counted as duplicates and not used twice.";
    DUPLICATE_ROWS = "duplicate-rows", "Rows tell again what an earlier row told, by the same id. They are counted as duplicates and not used twice.";
    CONFLICTING_ROWS = "conflicting-rows", "Rows have the same key and say different things; the first one was used. Delete the ones that are wrong.";
    SHARED_ID = "shared-id", "Rows have the same transaction id and differ; all are used. If the id is that of the receipt, name its column `invoice_id`.";
    REPEATED_ROWS = "repeated-rows", "Rows without an id are equal in all columns. Two equal purchases on a day are real, so all are used; with a `transaction_id` a repetition could be told from them.";
    UNMATCHED_ROWS = "unmatched-rows", "Rows name a customer that the customers table does not have (without such a table: who never bought), or transactions name none. Such purchases count as revenue of nobody known. Add the customer, or correct the id.";
    SCALED_COLUMN = "scaled-column", "The heading of a column of amounts says in brackets that they are in thousands or millions, and every value was taken times that. If they are not, take the unit out of the heading.";
    UNIT_ABOVE = "unit-above", "A line above a table tells a unit such as thousands or millions, and the headings of its amounts do not. Which columns it is for is not guessed, so amounts were taken as they stand. Put the unit in brackets into the heading of each column of amounts it is for: then it is used.";
    LOST_ZEROS = "lost-zeros", "Ids that nobody knows are those of known customers without their leading zeros: a spreadsheet took them for numbers. They are not matched by a guess. Say with `digits` in an `[[input.file]]` of quarterdeck.toml how many digits the ids have, or format the column as text and type them again.";
    RETURNS_WITHOUT_SALE = "returns-without-sale", "Returns or cancellations whose sale is not among the transactions, or which do not say which sale they belong to. They are taken off revenue on their own date all the same. A column `returns_transaction_id`, or the number of the sale's invoice with a C before it, links a return to its sale.";
}
