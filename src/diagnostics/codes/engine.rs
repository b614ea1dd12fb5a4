//! Codes of the engine: SQL files, periods and measures.

use crate::diagnostics::code::codes;

codes! {
    SQL_SYNTAX = "sql-syntax", "The SQL cannot be read at the marked place: often a missing comma, parenthesis or keyword just before it.";
    UNKNOWN_TABLE = "unknown-sql-table", "The query reads a table that is neither an input table, a derived table nor a measure. Correct its spelling, or add a file of that name under `rules/`.";
    UNKNOWN_COLUMN = "unknown-sql-column", "The query reads a column that its tables do not have. Correct its spelling; names are in lower case unless quoted.";
    UNKNOWN_FUNCTION = "unknown-sql-function", "The query calls a function that does not exist here. Functions of the clock and of chance are left out on purpose: the same inputs must give the same figures.";
    SQL_INVALID = "sql-invalid", "The SQL can be read but does not make sense: types that do not fit, a column outside GROUP BY, an ambiguous name. Change the query as the message says.";
    SQL_FAILED = "sql-failed", "The query is right by its form but failed on the data, most often a division by zero or a text that is no number. Ratios are given as `numerator, denominator`; elsewhere `nullif(x, 0)` helps.";
    OUT_OF_MEMORY = "out-of-memory", "The query needs more memory than the engine may use, even with what it keeps on disk. Raise `[engine] memory-limit`, or leave it out for no limit.";
    NOT_A_QUERY = "not-a-query", "A file under `rules/` holds exactly one SELECT, and `query` only reads. Statements that create, change, copy or set anything are refused.";
    QUERY_CYCLE = "query-cycle", "Queries read each other in a circle, so none can be the first. Take one of the marked references out.";
    OUT_OF_ORDER = "out-of-order", "Facts are computed before `customer_periods` and before every measure, so they can read neither. Read `customer_base` instead.";
    NAME_CLASH = "name-clash", "Two things have the same name: SQL files with the name of a table, or facts that give the same column. Rename one of them.";
    WRONG_COLUMNS = "wrong-columns", "The query does not return the columns its folder asks for. Facts return `customer_id, period` and further columns; measures return `period`, dimensions, and `value` or `numerator, denominator`.";
    ROWS_PER_KEY = "rows-per-key", "The query returns more than one row where there must be one: per customer and period for a fact, per period and members for a measure. Group it.";
    NOT_A_PERIOD = "not-a-period", "A query returns a period that is not written as a fiscal quarter, such as `2026-Q3`. Join `periods` and return its `period`.";
    ENGINE_FAILED = "engine-failed", "The engine could not be started or a table could not be handed to it. This is not about your data; please report it.";
    NO_DATED_TRANSACTIONS = "no-dated-transactions", "There is no transaction with a date, so there is no period to report. Put a file with customer, date and amount into the inbox.";
    PERIOD_BEFORE_DATA = "period-before-data", "The period to report ends before the first transaction. Set `[calendar] period`, or `--period`, to one that the data cover.";
    PERIOD_AFTER_DATA = "period-after-data", "The period to report starts after the last transaction. Set `[calendar] period`, or `--period`, to one that the data cover, or `[calendar] data-to` to the day until which they are complete.";
    PERIOD_INCOMPLETE = "period-incomplete", "The data do not reach the end of the period, so its figures will still grow. Report an earlier period, or set `[calendar] data-to` if there was no trade until its end.";
    FEW_CUSTOMERS = "few-customers", "With fewer than 50 customers a fifth of them is a handful, and RFM scores of 1 to 5 are mostly noise. Where no `[rfm] method` is set such a period is scored in thirds: 1, 3 and 5. `\"thirds\"` does so with any number of customers, `\"thresholds\"` takes cut points of your own, `\"quantile\"` keeps fifths; any of them ends this remark.";
    CLV_FALLS_BACK = "clv-falls-back", "A model of customer lifetime value does not hold for these customers, and the message says why and what stands in its place. More customers or a longer history help against too few; a model that does not converge does not fit how these customers buy.";
    CLV_ROUGH = "clv-rough", "The models of customer lifetime value hold, but on little, or against one of their assumptions. `clv_fits` shows what they expected of an earlier period and what came.";
    PRODUCTS_CAPPED = "products-capped", "Which products are bought together is counted for those that most customers buy. The others are neither suggested nor a reason to suggest something.";
    SHORT_HISTORY = "short-history", "The data start less than one activity window before the period, so that new and returning customers cannot be told apart. Add earlier files.";
}
