//! What became of a cell: the row of the table it went into, or why it went into none.

use std::collections::BTreeSet;
use std::io::Write;

use super::Failed;
use crate::diagnostics::codes::run::NO_SUCH_CELL;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, suggestion};
use crate::engine::{Format, write_rows};
use crate::run::Computed;

/// A cell as written on the command line.
struct Address<'a> {
    file: &'a str,
    sheet: Option<&'a str>,
    row: u32,
}

pub(super) fn explain(
    cell: &str,
    computed: &Computed,
    remarks: &Diagnostics,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let address = parse(cell).ok_or_else(|| {
        Diagnostic::error(
            &NO_SUCH_CELL,
            format!("`{cell}` is not the address of a cell"),
        )
        .help("write it as FILE!SHEET!A1, or FILE!A1 for a CSV file")
    })?;
    let accounts: Vec<_> = computed
        .intake
        .accounts
        .iter()
        .filter(|a| {
            a.path == address.file
                && (address.sheet.is_none() || a.sheet.as_deref() == address.sheet)
        })
        .collect();
    if accounts.is_empty() {
        let known = computed
            .intake
            .accounts
            .iter()
            .map(|account| account.path.as_str());
        let message = format!("`{}` is not among the sheets that were read", address.file);
        return Err(Diagnostic::error(&NO_SUCH_CELL, message)
            .maybe_help(suggestion(address.file, known))
            .into());
    }
    // A sheet may hold several tables, and several of one kind.
    let sheets: BTreeSet<_> = accounts.iter().map(|a| (&a.path, &a.sheet)).collect();
    for (path, sheet) in sheets {
        let of_sheet = accounts
            .iter()
            .filter(|a| (&a.path, &a.sheet) == (path, sheet));
        let tables: BTreeSet<&str> = of_sheet.map(|a| a.table.as_str()).collect();
        let mut used = false;
        for table in tables {
            let rows = computed
                .engine
                .ad_hoc(&rows_of(table, path, sheet, address.row))?;
            if !rows.is_empty() {
                used = true;
                writeln!(out, "Row {} of {path} is a row of `{table}`:", address.row)?;
                write_rows(&rows, Format::Json, out)?;
            }
        }
        if !used {
            writeln!(
                out,
                "Row {} of {path} is not used: it is the header, blank or a total, set aside, a duplicate, or out of period.",
                address.row
            )?;
        }
    }
    let about_row = |place: &Place| matches!(place, Place::Cell { file, row: Some(row), .. } if file == address.file && *row == address.row);
    for problem in remarks.iter() {
        let places = problem
            .place
            .iter()
            .chain(problem.related.iter().map(|r| &r.place));
        if places.into_iter().any(about_row) {
            writeln!(out, "{}", crate::diagnostics::human(problem, false))?;
        }
    }
    Ok(())
}

/// The statement for the rows that a row of a sheet was read as.
fn rows_of(table: &str, path: &str, sheet: &Option<String>, row: u32) -> String {
    let quoted = |text: &str| text.replace('\'', "''");
    let of_sheet = match sheet {
        Some(sheet) => format!("cast(source_sheet as varchar) = '{}'", quoted(sheet)),
        None => "source_sheet is null".to_owned(),
    };
    format!(
        "select * from {table} where cast(source_file as varchar) = '{}' and {of_sheet} and source_row = {row}",
        quoted(path)
    )
}

/// `FILE!SHEET!A1` or `FILE!A1`.
fn parse(text: &str) -> Option<Address<'_>> {
    let (rest, cell) = text.rsplit_once('!')?;
    let (file, sheet) = match rest.split_once('!') {
        Some((file, sheet)) => (file, Some(sheet)),
        None => (rest, None),
    };
    let digits = cell.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$');
    let row = digits.parse().ok()?;
    Some(Address { file, sheet, row })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let address = parse("inbox/a.xlsx!Orders!$B57").unwrap();
        assert_eq!(
            (address.file, address.sheet, address.row),
            ("inbox/a.xlsx", Some("Orders"), 57)
        );
        let address = parse("inbox/a.csv!B2").unwrap();
        assert_eq!(
            (address.file, address.sheet, address.row),
            ("inbox/a.csv", None, 2)
        );
        assert!(parse("B2").is_none() && parse("a.csv!B").is_none());
    }
}
