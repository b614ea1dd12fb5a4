//! Whole workspaces through the intake: files made here, what is read of them, and what is said.

// Clippy lets tests unwrap, but not what they share.
#![allow(clippy::unwrap_used)]

mod account;
mod cache;
mod cases;
mod copies;
mod formats;
mod hostile;

use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::{concat_batches, sum};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampSecondType,
};
use datafusion::arrow::record_batch::RecordBatch;
use proptest::prelude::*;
use quarterdeck::diagnostics::{Diagnostics, Severity, codes};
use quarterdeck::identity;
use quarterdeck::intake::{self, Account, Intake};
use quarterdeck::workspace::{Reader, Workspace};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// A workspace in a temporary folder.
struct Project(tempfile::TempDir);

impl Project {
    fn new(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("quarterdeck.toml"), config).unwrap();
        std::fs::create_dir(dir.path().join("inbox")).unwrap();
        Self(dir)
    }

    fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join("inbox").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn book(self, name: &str, mut workbook: Workbook) -> Self {
        let bytes = workbook.save_to_buffer().unwrap();
        self.file(name, bytes)
    }

    fn read(&self) -> (Intake, Diagnostics) {
        self.read_by(Reader::ThisProcess)
    }

    /// Read as the program reads: each file by a process of its own.
    fn read_by_program(&self) -> (Intake, Diagnostics) {
        self.read_by(Reader::Program(env!("CARGO_BIN_EXE_quarterdeck").into()))
    }

    fn read_by(&self, reader: Reader) -> (Intake, Diagnostics) {
        let mut problems = Diagnostics::new();
        let mut workspace = Workspace::open(self.0.path()).unwrap();
        workspace.reader = reader;
        let mut intake = intake::gather(&workspace, &|_, _| {}, &mut problems);
        identity::resolve(&workspace, &mut intake, &mut problems);
        intake.settle(&workspace, &mut problems);
        assert!(
            intake.accounts.iter().all(Account::balances),
            "{:?}",
            intake.accounts
        );
        (intake, problems)
    }
}

/// `severity code place: message ×count`, one per diagnostic.
fn said(problems: &Diagnostics) -> Vec<String> {
    problems
        .iter()
        .map(|d| {
            let place = d
                .place
                .as_ref()
                .map_or(String::new(), |place| format!(" {place}"));
            let times = if d.count > 1 {
                format!(" ×{}", d.count)
            } else {
                String::new()
            };
            format!(
                "{} {}{place}: {}{times}",
                d.severity, d.code.name, d.message
            )
        })
        .collect()
}

fn whole(intake: &Intake, table: &str) -> RecordBatch {
    let table = intake.table(table).unwrap();
    concat_batches(&table.batches[0].schema(), &table.batches).unwrap()
}

/// A column as text, `∅` for nothing.
fn column(intake: &Intake, table: &str, name: &str) -> Vec<String> {
    let batch = whole(intake, table);
    shown(batch.column_by_name(name).unwrap())
}

fn shown(array: &ArrayRef) -> Vec<String> {
    let day = |days: i32| {
        chrono::NaiveDate::from_epoch_days(days)
            .unwrap()
            .to_string()
    };
    (0..array.len())
        .map(|at| {
            if array.is_null(at) {
                return "∅".to_owned();
            }
            match array.data_type() {
                DataType::Utf8View => array.as_string_view().value(at).to_owned(),
                DataType::Date32 => day(array.as_primitive::<Date32Type>().value(at)),
                DataType::Int64 => array.as_primitive::<Int64Type>().value(at).to_string(),
                DataType::Float64 => array.as_primitive::<Float64Type>().value(at).to_string(),
                DataType::Boolean => array.as_boolean().value(at).to_string(),
                DataType::Decimal128(..) => {
                    array.as_primitive::<Decimal128Type>().value_as_string(at)
                }
                DataType::Timestamp(..) => {
                    let seconds = array.as_primitive::<TimestampSecondType>().value(at);
                    chrono::DateTime::from_timestamp(seconds, 0)
                        .unwrap()
                        .naive_utc()
                        .to_string()
                }
                DataType::Dictionary(..) => {
                    let names = array.as_dictionary::<datafusion::arrow::datatypes::Int32Type>();
                    let key = usize::try_from(names.keys().value(at)).unwrap();
                    names.values().as_string::<i32>().value(key).to_owned()
                }
                other => panic!("{other}"),
            }
        })
        .collect()
}

const SALES: &str = "Customer ID,Date,Amount\nC1,2026-01-02,10.50\nC2,2026-01-03,20\n";

#[test]
fn a_thai_workbook_with_titles_buddhist_years_and_the_ordinary_mess() {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let sheet = workbook.add_worksheet().set_name("รายการขาย").unwrap();
    sheet.write_string(0, 0, "บริษัท สยามกาแฟ จำกัด").unwrap();
    sheet.write_string(1, 0, "ยอดขายประจำเดือน").unwrap();
    for (column, header) in (0..).zip(["รหัสลูกค้า (*)", "วันที่ขาย", "จำนวนเงิน(บาท)", "สาขา", "หมายเหตุ"])
    {
        sheet.write_string(3, column, header).unwrap();
    }
    // A true date whose year is Buddhist: 31 December 2567 counts as serial 243983.
    sheet.write_string(4, 0, "00001").unwrap();
    sheet
        .write_number_with_format(4, 1, 243_983, &date)
        .unwrap();
    sheet.write_number(4, 2, 1887.85).unwrap();
    sheet.write_string(4, 3, "สีลม").unwrap();
    // Text of every kind.
    sheet.write_number(5, 0, 17850).unwrap();
    sheet.write_string(5, 1, "29/02/2567").unwrap();
    sheet.write_string(5, 2, "1,887.85 บาท").unwrap();
    // Row 7 is blank. Row 8 has a day that does not exist, row 9 no date, row 10 a formula that failed.
    sheet.write_string(7, 0, "00002").unwrap();
    sheet.write_string(7, 1, "31/02/2567").unwrap();
    sheet.write_number(7, 2, 5).unwrap();
    sheet.write_string(8, 0, "00003").unwrap();
    sheet.write_number(8, 2, 5).unwrap();
    sheet.write_string(9, 0, "00004").unwrap();
    sheet.write_string(9, 1, "๑ ม.ค. ๒๕๖๘").unwrap();
    sheet
        .write_formula(9, 2, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet.write_string(10, 1, "๑ ม.ค. ๒๕๖๘").unwrap();
    sheet.write_string(10, 2, "(๑,๒๐๐.๕๐)").unwrap();
    let project = Project::new(
        "[client]\nlanguage = \"th\"\ncurrency = \"THB\"\n[input]\nmax-set-aside = 0.6\n",
    )
    .book("ยอดขาย.xlsx", workbook);
    let (intake, problems) = project.read();
    assert_eq!(
        column(&intake, "transactions", "customer_id"),
        ["00001", "17850", "∅"]
    );
    assert_eq!(
        column(&intake, "transactions", "date"),
        ["2024-12-31", "2024-02-29", "2025-01-01"]
    );
    assert_eq!(
        column(&intake, "transactions", "amount"),
        ["1887.85", "1887.85", "-1200.50"]
    );
    assert_eq!(column(&intake, "transactions", "branch"), ["สีลม", "∅", "∅"]);
    assert_eq!(
        column(&intake, "transactions", "source_row"),
        ["5", "6", "11"]
    );
    assert_eq!(
        column(&intake, "transactions", "source_sheet")[0],
        "รายการขาย"
    );
    assert_eq!(
        column(&intake, "transactions", "source_file")[0],
        "inbox/ยอดขาย.xlsx"
    );
    let account = &intake.accounts[0];
    assert_eq!(
        (
            account.rows_read,
            account.rows_used,
            account.rows_set_aside,
            account.rows_blank
        ),
        (7, 3, 3, 1)
    );
    let place = "inbox/ยอดขาย.xlsx, sheet `รายการขาย`, cell";
    assert_eq!(
        said(&problems),
        [
            format!("info unused-columns {place} E4: not used of table `transactions`: `หมายเหตุ`"),
            format!("warning missing-value {place} B9: column `วันที่ขาย`: there is no `date`"),
            format!(
                "warning unreadable-value {place} B8: column `วันที่ขาย`: `31/02/2567` is not a day of the calendar"
            ),
            format!(
                "warning unreadable-value {place} C10: column `จำนวนเงิน(บาท)`: `#DIV/0!` is the error of a formula, not an amount"
            ),
            format!(
                "info buddhist-years {place} B5: column `วันที่ขาย` has Buddhist years; 543 was taken off them ×4"
            ),
        ]
    );
}

#[test]
fn a_vietnamese_text_file_in_windows_1258() {
    let text = "Ma\u{303} kha\u{301}ch ha\u{300}ng;Nga\u{300}y ba\u{301}n;Sô\u{301} lươ\u{323}ng;Đơn gia\u{301};Gia\u{309}m gia\u{301}\n\
                KH01;31/12/2026;2;150.000;\n\
                KH02;01/02/2026;3;1.250.000 đ;50.000\n";
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1258.encode(text);
    assert!(!lossy);
    let project = Project::new("[client]\nlanguage = \"vi\"\ncurrency = \"VND\"\n")
        .file("ban hang.csv", bytes);
    let (intake, problems) = project.read();
    assert_eq!(
        column(&intake, "transactions", "unit_price"),
        ["150000.000000", "1250000.000000"]
    );
    assert_eq!(
        column(&intake, "transactions", "amount"),
        ["300000.00", "3700000.00"]
    );
    assert_eq!(
        column(&intake, "transactions", "date"),
        ["2026-12-31", "2026-02-01"]
    );
    assert!(
        intake
            .supplied_columns()
            .contains(&("transactions", "amount"))
    );
    assert_eq!(
        said(&problems),
        [
            "info guessed-encoding inbox/ban hang.csv: the file was read as windows-1258",
            "info derived-values inbox/ban hang.csv: `amount` was worked out as `quantity` × `unit_price` − `discount` ×2",
        ]
    );
}

#[test]
fn many_files_and_sheets_make_one_table_in_order() {
    let mut workbook = Workbook::new();
    for (name, customer) in [("Feb", "C3"), ("Mar", "C4")] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (column, text) in (0..).zip(["date", "customer_id", "amount"]) {
            sheet.write_string(0, column, text).unwrap();
        }
        let day = ExcelDateTime::from_ymd(2026, 2, 1).unwrap();
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet
            .write_datetime_with_format(1, 0, &day, &format)
            .unwrap();
        sheet.write_string(1, 1, customer).unwrap();
        sheet.write_number(1, 2, 0.1 + 0.2).unwrap();
    }
    workbook.add_worksheet().set_name("Empty").unwrap();
    let notes = workbook.add_worksheet().set_name("Notes").unwrap();
    notes.write_string(0, 0, "Made by the shop").unwrap();
    let hidden = workbook
        .add_worksheet()
        .set_name("Old")
        .unwrap()
        .set_hidden(true);
    for (column, text) in (0..).zip(["kpi", "period", "value"]) {
        hidden.write_string(0, column, text).unwrap();
    }
    hidden.write_string(1, 0, "C2").unwrap();
    hidden.write_string(1, 1, "Q1/2569").unwrap();
    hidden.write_number(1, 2, 0.5).unwrap();
    let project = Project::new("")
        .file("a.csv", SALES)
        .book("b/2026.xlsx", workbook);
    let (intake, problems) = project.read();
    assert_eq!(
        column(&intake, "transactions", "customer_id"),
        ["C1", "C2", "C3", "C4"]
    );
    assert_eq!(
        column(&intake, "transactions", "amount"),
        ["10.50", "20.00", "0.30", "0.30"]
    );
    assert_eq!(column(&intake, "manual_kpi", "period"), ["2026-Q1"]);
    let sheets: Vec<_> = intake
        .accounts
        .iter()
        .map(|a| {
            (
                a.path.as_str(),
                a.sheet.as_deref(),
                a.table.as_str(),
                a.rows_used,
            )
        })
        .collect();
    assert_eq!(
        sheets,
        [
            ("inbox/a.csv", None, "transactions", 2),
            ("inbox/b/2026.xlsx", Some("Feb"), "transactions", 1),
            ("inbox/b/2026.xlsx", Some("Mar"), "transactions", 1),
            ("inbox/b/2026.xlsx", Some("Old"), "manual_kpi", 1),
        ]
    );
    assert_eq!(
        said(&problems),
        [
            "info hidden-sheet inbox/b/2026.xlsx, sheet `Old`: a hidden sheet was read as table `manual_kpi`",
            "info unknown-sheet inbox/b/2026.xlsx, sheet `Notes`: the sheet looks like no table",
            "info buddhist-years inbox/b/2026.xlsx, sheet `Old`, cell B2: column `period` has Buddhist years; 543 was taken off them",
        ]
    );
    assert_eq!(
        intake.data_to(),
        chrono::NaiveDate::from_ymd_opt(2026, 2, 1)
    );
}

#[test]
fn duplicates_are_counted_and_two_equal_purchases_are_two() {
    let with_ids = "transaction_id,customer_id,date,amount\n\
                    T1,C1,2026-01-02,10\nT2,C1,2026-01-02,10\nT1,C1,2026-01-02,10\nT2,C1,2026-01-02,11\n";
    let without = "customer_id,date,amount\nC1,2026-01-02,10\nC1,2026-01-02,10\n";
    let customers = "customer_id,name,phone\nC1,Ann,08\nC2,Bob,\nC1,Ann,08\nC2,Rob,\n";
    let project = Project::new("")
        .file("1.csv", with_ids)
        .file("2.csv", without)
        .file("3.csv", with_ids)
        .file("4.csv", customers);
    let (intake, problems) = project.read();
    let rows: Vec<_> = intake
        .accounts
        .iter()
        .map(|a| (a.path.as_str(), a.rows_read, a.rows_used, a.rows_duplicate))
        .collect();
    assert_eq!(
        rows,
        [
            ("inbox/1.csv", 4, 3, 1),
            ("inbox/2.csv", 2, 2, 0),
            ("inbox/3.csv", 4, 0, 4),
            ("inbox/4.csv", 4, 2, 2),
        ]
    );
    assert_eq!(column(&intake, "customers", "name"), ["Ann", "Bob"]);
    assert_eq!(
        said(&problems),
        [
            "warning duplicate-file inbox/3.csv: the file is a copy of `inbox/1.csv`; its rows are not used twice",
            "info duplicate-rows inbox/4.csv, row 4: rows of table `customers` repeat earlier rows and are not used twice ×2",
            "warning conflicting-rows inbox/4.csv, row 5: rows of table `customers` have one key and differ; the first is used",
            "info duplicate-rows inbox/1.csv, row 4: rows of table `transactions` repeat earlier rows and are not used twice",
            "info shared-id inbox/1.csv, row 5: rows have the id of an earlier row and differ from it; all are used",
            "info repeated-rows: rows of table `transactions` without an id equal earlier rows; all are used",
        ]
    );
}

#[test]
fn late_rows_and_strangers_are_counted() {
    let customers = "customer_id,name\nC1,Ann\n";
    let sales = "customer_id,date,amount\nC1,2026-03-31,1\nC1,2026-04-01,1\nC9,2026-03-01,1\n,2026-03-02,1\nC9,2026-04-02,1\n";
    let calls =
        "customer_id,opened_at,kind\nC1,2026-03-31 23:59:59,ร้องเรียน\nC1,2026-04-01 00:00,visit\n";
    let project = Project::new("")
        .file("c.csv", customers)
        .file("s.csv", sales)
        .file("i.csv", calls);
    let (mut intake, mut problems) = project.read();
    intake.match_customers(&mut problems);
    let account = |intake: &Intake, path: &str| {
        let account = intake.accounts.iter().find(|a| a.path == path).unwrap();
        assert!(account.balances());
        (
            account.rows_used,
            account.rows_unmatched,
            account.rows_out_of_period,
        )
    };
    assert_eq!(account(&intake, "inbox/s.csv"), (2, 3, 0));
    intake.cut_off(chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap());
    assert_eq!(account(&intake, "inbox/s.csv"), (1, 2, 2));
    assert_eq!(account(&intake, "inbox/i.csv"), (1, 0, 1));
    assert_eq!(
        column(&intake, "transactions", "customer_id"),
        ["C1", "C9", "∅"]
    );
    assert_eq!(
        column(&intake, "interactions", "opened_at"),
        ["2026-03-31 23:59:59"]
    );
    assert_eq!(column(&intake, "interactions", "kind"), ["complaint"]);
    assert_eq!(
        said(&problems),
        [
            "info unmatched-rows inbox/s.csv, row 5: transactions name no customer",
            "warning unmatched-rows inbox/s.csv, row 4: transactions name customers that the customers table does not have ×2",
        ]
    );
}

#[test]
fn what_a_till_writes_is_repaired_and_told() {
    let text = "sep=;\nCustomerID;InvoiceDate;Sales;Profit\n17850.0;01/02/2026;1,5;0,5\n13047.0;03/02/2026;2;1\n";
    let (intake, problems) = Project::new("").file("till.csv", text).read();
    assert_eq!(
        column(&intake, "transactions", "customer_id"),
        ["17850", "13047"]
    );
    assert_eq!(
        column(&intake, "transactions", "date"),
        ["2026-02-01", "2026-02-03"]
    );
    assert_eq!(column(&intake, "transactions", "cost"), ["1.00", "1.00"]);
    assert_eq!(column(&intake, "transactions", "source_row"), ["3", "4"]);
    let said = said(&problems);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].starts_with("info repaired-ids inbox/till.csv, cell A3"),
        "{said:?}"
    );
    assert!(
        said[1].contains("date-order-assumed")
            && said[1].contains("`01/02/2026` was read as 2026-02-01")
    );
    assert!(
        said[2].contains("`cost` was worked out as `amount` − `profit`"),
        "{said:?}"
    );
}

#[test]
fn mixtures_assumptions_and_cut_rows_are_told() {
    let mixed = "customer_id;date;amount\nC1;25/04/2026;1,234.50\nC2;04/25/2026;1.234,50\nC3;25/04/2026;1.234\n";
    let assumed =
        "customer_id;date;amount\nC1;2026-01-01;1,234\nC2;2026-01-01;0.125\nC3;2026-01-01;3;4;5\n";
    // An empty header at the end is a column nobody named, not a cut.
    let unnamed = "customer_id;date;amount;\nC7;2026-01-01;7;note\n";
    let project = Project::new("[input]\nmax-set-aside = 1\n")
        .file("a.csv", mixed)
        .file("b.csv", assumed.replace("0.125", "2"))
        .file("c.csv", assumed.replace('C', "D"))
        .file("d.csv", unnamed);
    let (intake, problems) = project.read();
    let found: Vec<_> = problems
        .iter()
        .map(|d| (d.place.as_ref().map_or("", |p| p.file()), d.code.name))
        .collect();
    assert_eq!(
        found,
        [
            ("inbox/a.csv", "unreadable-value"),
            ("inbox/a.csv", "mixed-column"),
            ("inbox/a.csv", "mixed-column"),
            ("inbox/b.csv", "cut-row"),
            ("inbox/b.csv", "decimal-mark-assumed"),
            ("inbox/c.csv", "cut-row"),
            ("inbox/c.csv", "rounded-values"),
        ]
    );
    let amounts = column(&intake, "transactions", "amount");
    assert_eq!(
        amounts,
        [
            "1234.50", "1234.50", "1234.00", "2.00", "1234.00", "0.13", "7.00"
        ]
    );
}

#[test]
fn sheets_that_are_no_table_say_what_they_lack() {
    let project = Project::new("")
        .file("a.csv", "Customer ID,Date,Amuont\nC1,2026-01-01,5\n")
        .file("b.csv", "Customer ID,Period,Amount\nC1,2026,5\n")
        .file(
            "c.csv",
            "Customer ID,Sale Date,Purchase Date,Amount\nC1,2026-01-01,2026-01-01,5\n",
        )
        .file("d.csv", "Weather,Temperature\nfine,30\n");
    let (intake, problems) = project.read();
    assert!(intake.tables.is_empty());
    assert_eq!(
        said(&problems),
        [
            "warning unknown-sheet inbox/a.csv, row 1: the sheet looks like table `transactions`, but has no column for `amount`, or `quantity` and `unit_price`",
            "error ambiguous-table inbox/b.csv, row 1: the headers fit tables `wallet` and `retention_spend` equally well",
            "error ambiguous-header inbox/c.csv, cell B1: `Sale Date` and `Purchase Date` could each be `date` of table `transactions`",
            "warning unknown-sheet inbox/d.csv: the sheet looks like no table",
            "error no-transactions: no sheet was recognised as transactions",
        ]
    );
    let help: Vec<_> = problems.iter().filter_map(|d| d.help.as_deref()).collect();
    assert_eq!(help[0], "`Amuont` may be meant to be `amount`");
    assert!(help[1].contains("table = \"wallet\""), "{help:?}");
    assert!(
        help[2].contains("columns = { date = \"Sale Date\" }"),
        "{help:?}"
    );
}

#[test]
fn declarations_win_and_their_mistakes_are_told() {
    let config = r#"
        [[input.file]]
        match = "2026/*.csv"
        table = "transactions"
        columns = { customer_id = "Who", amount = "Paid" }
        dates = "M/D/Y"
        [[input.file]]
        match = "wallet.csv"
        table = "walet"
        [[input.file]]
        match = "none-*.csv"
        columns = { custmer_id = "x" }
        [[input.file]]
        match = "b.csv"
        columns = { customer_id = "Code No" }
    "#;
    let project = Project::new(config)
        .file(
            "2026/a.csv",
            "Who,Customer ID,Date,Paid,Amount\nC1,X,02/03/2026,5,6\n",
        )
        .file("b.csv", "Code,Date,Amount\nC1,2026-01-01,5\n")
        .file("wallet.csv", "customer_id,amount\nC1,5\n");
    let (intake, problems) = project.read();
    assert_eq!(column(&intake, "transactions", "customer_id"), ["C1"]);
    assert_eq!(column(&intake, "transactions", "date"), ["2026-02-03"]);
    assert_eq!(column(&intake, "transactions", "amount"), ["5.00"]);
    let found: Vec<_> = problems
        .iter()
        .map(|d| (d.code.name, d.help.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        found,
        [
            ("unknown-input-table", "did you mean `wallet`?"),
            ("no-such-input", "there are: 2026/a.csv, b.csv, wallet.csv"),
            ("unknown-column", "did you mean `customer_id`?"),
            ("unused-columns", ""),
            ("no-such-header", "did you mean `Code`?"),
        ]
    );
}

#[test]
fn damaged_files_cost_one_message_each() {
    let mut good = Workbook::new();
    good.add_worksheet()
        .write_string(0, 0, "Customer ID")
        .unwrap();
    let bytes = good.save_to_buffer().unwrap();
    let project = Project::new("")
        .file("a.csv", SALES)
        .file("cut.xlsx", &bytes[..bytes.len() / 2])
        .file("empty.csv", "")
        .file("nothing.xlsx", b"PK\x03\x04")
        .file("old.xls", [0xd0, 0xcf, 0x11, 0xe0])
        .file("photo.jpg", "x");
    let (intake, problems) = project.read();
    assert_eq!(intake.accounts.len(), 1);
    let found: Vec<_> = problems
        .iter()
        .map(|d| (d.place.as_ref().unwrap().file(), d.code.name, d.severity))
        .collect();
    assert_eq!(
        found,
        [
            ("inbox/empty.csv", "empty-input", Severity::Warning),
            ("inbox/photo.jpg", "ignored-file", Severity::Info),
            ("inbox/cut.xlsx", "damaged-input", Severity::Error),
            ("inbox/nothing.xlsx", "damaged-input", Severity::Error),
            ("inbox/old.xls", "damaged-input", Severity::Error),
        ]
    );
    let (_, problems) = Project::new("").read();
    assert_eq!(
        said(&problems),
        ["error empty-inbox inbox/: there is no spreadsheet in the inbox"]
    );
}

#[test]
fn progress_is_told_from_another_process() {
    let rows: String = (0..40_000)
        .map(|n| format!("C{n},2026-01-02,5\n"))
        .collect();
    let project = Project::new("").file("a.csv", format!("customer_id,date,amount\n{rows}"));
    let mut workspace = Workspace::open(project.0.path()).unwrap();
    workspace.reader = Reader::Program(env!("CARGO_BIN_EXE_quarterdeck").into());
    let told = std::sync::Mutex::new(Vec::new());
    let progress = |file: &str, rows: u64| told.lock().unwrap().push((file.to_owned(), rows));
    intake::read(&workspace, &progress, &mut Diagnostics::new());
    let told = told.into_inner().unwrap();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0], ("inbox/a.csv".to_owned(), 16_384));
    assert_eq!(told[2], ("inbox/a.csv".to_owned(), 40_000));
}

#[test]
fn too_many_rows_set_aside_is_an_error() {
    let rows: String = (0..20)
        .map(|n| format!("C{n},2026-01-{:02},5\n", n + 1))
        .collect();
    let text = format!("customer_id,date,amount\n{rows}C9,soon,5\nC9,later,5\n");
    let (intake, problems) = Project::new("").file("a.csv", text).read();
    assert_eq!(intake.accounts[0].rows_set_aside, 2);
    let unreadable = problems.iter().next().unwrap();
    assert_eq!((unreadable.count, unreadable.related.len()), (2, 1));
    assert!(problems.iter().any(|d| *d.code == codes::intake::TOO_MANY_SET_ASIDE && d.severity == Severity::Error
        && d.message == "2 of 22 rows of table `transactions` were set aside, more than the 5 % that are allowed"));
}

#[test]
fn headers_alone_are_enough_to_check() {
    let project = Project::new("").file("a.csv", format!("Title\n\n{SALES}"));
    let mut problems = Diagnostics::new();
    let workspace = Workspace::open(project.0.path()).unwrap();
    let recognised = intake::recognise(&workspace, &mut problems).recognised;
    assert!(problems.is_empty());
    assert_eq!(
        (recognised[0].table, recognised[0].header_row),
        ("transactions", 3)
    );
    let column = &recognised[0].columns[0];
    assert_eq!(
        (
            column.name,
            column.header.as_str(),
            column.column,
            column.why
        ),
        ("customer_id", "Customer ID", Some(0), intake::Why::Name)
    );
}

/// Every purchase of the sample, and the sums that awk gives over the published list:
/// `tail -n +2 CDNOW_master.txt | awk '{n++; q+=$3; d+=$4; c[$1]} END {print n, q, d, length(c)}'`
#[test]
fn the_sample_is_the_published_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/cdnow");
    let workspace = Workspace::open(&root).unwrap();
    let mut problems = Diagnostics::new();
    let intake = intake::read(&workspace, &|_, _| {}, &mut problems);
    assert!(
        !problems.iter().any(|d| d.severity > Severity::Info),
        "{:?}",
        said(&problems)
    );
    let batch = whole(&intake, "transactions");
    assert_eq!(batch.num_rows(), 69_659);
    let total = |name: &str| {
        sum(batch
            .column_by_name(name)
            .unwrap()
            .as_primitive::<Decimal128Type>())
    };
    // Quantities have four decimals, dollars two.
    assert_eq!(total("quantity"), Some(1_678_810_000));
    assert_eq!(total("amount"), Some(250_031_563));
    let customers: std::collections::BTreeSet<_> = batch
        .column_by_name("customer_id")
        .unwrap()
        .as_string_view()
        .iter()
        .flatten()
        .collect();
    assert_eq!(customers.len(), 23_570);
    assert_eq!(customers.first(), Some(&"00001"));
    assert_eq!(
        intake.data_to(),
        chrono::NaiveDate::from_ymd_opt(1998, 6, 30)
    );
    assert_eq!(intake.accounts.len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Columns in any order, headers in any spelling, rows over any number of files: one table.
    #[test]
    fn order_and_spelling_do_not_matter(
        order in Just(vec![0usize, 1, 2, 3]).prop_shuffle(),
        spelling in 0usize..4,
        cut in 0usize..6,
        delimiter in prop::sample::select(vec![',', ';', '\t']),
    ) {
        let spellings = [
            ["customer_id", "date", "amount", "channel"],
            ["CUSTOMER ID", "Sale Date", "Net Amount", "Sales Channel"],
            ["รหัสลูกค้า", "วันที่", "ยอดขาย", "ช่องทาง"],
            ["Ma KH", "Ngày bán", "Thành tiền (*)", "Kênh bán"],
        ];
        let rows: Vec<[String; 4]> = (0..6)
            .map(|n| [format!("C{n}"), format!("2026-01-{:02}", n + 10), format!("{n}.5"), "Web".to_owned()])
            .collect();
        let line = |cells: &[String; 4]| {
            let cells: Vec<&str> = order.iter().map(|at| cells[*at].as_str()).collect();
            format!("{}\n", cells.join(&delimiter.to_string()))
        };
        let head = line(&spellings[spelling].map(str::to_owned));
        let part = |rows: &[[String; 4]]| format!("{head}{}", rows.iter().map(line).collect::<String>());
        let mut project = Project::new("").file("a.csv", part(&rows[..cut]));
        project = project.file("b.csv", part(&rows[cut..]));
        let (intake, problems) = project.read();
        prop_assert!(problems.is_empty(), "{:?}", said(&problems));
        let expected = |at: usize| rows.iter().map(|row| row[at].clone()).collect::<Vec<_>>();
        prop_assert_eq!(column(&intake, "transactions", "customer_id"), expected(0));
        prop_assert_eq!(column(&intake, "transactions", "date"), expected(1));
        prop_assert_eq!(column(&intake, "transactions", "channel"), expected(3));
        let amounts: Vec<String> = rows.iter().map(|row| format!("{}0", row[2])).collect();
        prop_assert_eq!(column(&intake, "transactions", "amount"), amounts);
    }

    /// What stands between the records of a sheet changes none of them.
    #[test]
    fn totals_headers_notes_and_blanks_anywhere_change_nothing(
        between in prop::collection::vec((0usize..7, 0usize..8), 0..12),
        language in 0usize..3,
    ) {
        let header = ["Customer ID,Date,Amount", "รหัสลูกค้า,วันที่,ยอดขาย", "Mã KH,Ngày bán,Thành tiền"][language];
        let noise = [
            "Total,,123.40",
            "รวมสาขาสีลม,,5",
            ",Tổng cộng,5",
            ",,",
            header,
            "หมายเหตุ: ราคารวมภาษี,,",
            ",Subtotal C,",
            "Customer ID,Date,Amount",
        ];
        let mut text = format!("{header}\n");
        for at in 0..7 {
            for (_, kind) in between.iter().filter(|(place, _)| *place == at) {
                text += &format!("{}\n", noise[*kind]);
            }
            if at < 6 {
                text += &format!("C{at},2026-01-{:02},{at}.5\n", at + 10);
            }
        }
        let (intake, problems) = Project::new("").file("a.csv", text).read();
        let expected: Vec<String> = (0..6).map(|n| format!("C{n}")).collect();
        prop_assert_eq!(column(&intake, "transactions", "customer_id"), expected);
        prop_assert_eq!(intake.accounts[0].rows_set_aside, 0);
        let quiet = problems.iter().all(|problem| problem.severity == Severity::Info);
        prop_assert!(quiet, "{:?}", said(&problems));
    }
}
