//! What became of a cell: the row of the table it went into, or why it went into none.

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
    for account in accounts {
        let sql = format!(
            "select * from {} where cast(source_file as varchar) = '{}' and source_row = {}",
            account.table,
            account.path.replace('\'', "''"),
            address.row
        );
        let rows = computed.engine.ad_hoc(&sql)?;
        if rows.is_empty() {
            writeln!(
                out,
                "Row {} of {} is not used: it is the header, blank, set aside, a duplicate, or out of period.",
                address.row, account.path
            )?;
        } else {
            writeln!(
                out,
                "Row {} of {} is a row of `{}`:",
                address.row, account.path, account.table
            )?;
            write_rows(&rows, Format::Json, out)?;
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
