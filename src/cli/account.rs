//! The account of the rows as a table for a terminal: one line per table of a sheet, and their sum.

use unicode_width::UnicodeWidthStr;

use crate::intake::Account;

/// A column: its head, and its figure.
type Column = (&'static str, fn(&Account) -> u64);

/// Always shown.
const ALWAYS: [Column; 2] = [
    ("read", |rows| rows.rows_read),
    ("used", |rows| rows.rows_used),
];

/// Shown where there is anything in them.
const SOMETIMES: [Column; 5] = [
    ("set aside", |rows| rows.rows_set_aside),
    ("duplicate", |rows| rows.rows_duplicate),
    ("unmatched", |rows| rows.rows_unmatched),
    ("after the period", |rows| rows.rows_out_of_period),
    ("blank or total", |rows| rows.rows_blank),
];

/// The lines, the head first; none where nothing was read.
pub(super) fn lines(accounts: &[Account]) -> Vec<String> {
    if accounts.is_empty() {
        return Vec::new();
    }
    let there = |(_, rows): &Column| accounts.iter().any(|account| rows(account) > 0);
    let columns: Vec<Column> = ALWAYS
        .into_iter()
        .chain(SOMETIMES.into_iter().filter(there))
        .collect();
    let head = columns.iter().map(|(head, _)| (*head).to_owned());
    let mut table: Vec<(String, Vec<String>)> = vec![("rows of".to_owned(), head.collect())];
    table.extend(accounts.iter().map(|account| {
        let figures = columns.iter().map(|(_, rows)| rows(account).to_string());
        (name(account), figures.collect())
    }));
    if accounts.len() > 1 {
        let sum = |rows: fn(&Account) -> u64| accounts.iter().map(rows).sum::<u64>();
        let sums = columns.iter().map(|(_, rows)| sum(*rows).to_string());
        table.push(("all".to_owned(), sums.collect()));
    }
    let first = table.iter().map(|(name, _)| name.width()).max();
    let first = first.unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len())
        .map(|at| {
            table
                .iter()
                .map(|(_, row)| row[at].len())
                .max()
                .unwrap_or(0)
        })
        .collect();
    table
        .into_iter()
        .map(|(name, row)| {
            let mut line = format!("{name}{}", " ".repeat(first - name.width()));
            for (figure, width) in row.iter().zip(&widths) {
                line.push_str(&format!("  {figure:>width$}"));
            }
            line
        })
        .collect()
}

fn name(account: &Account) -> String {
    let mut name = account.path.clone();
    if let Some(sheet) = &account.sheet {
        name.push_str(", ");
        name.push_str(sheet);
    }
    match &account.begins {
        Some(cell) => format!("{name} ({} from {cell})", account.table),
        None => format!("{name} ({})", account.table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_below_their_heads_and_empty_columns_are_left_out() {
        let rows = |path: &str, sheet: Option<&str>, read, aside| Account {
            path: path.to_owned(),
            sheet: sheet.map(str::to_owned),
            table: "transactions".to_owned(),
            rows_read: read,
            rows_used: read - aside,
            rows_set_aside: aside,
            ..Account::default()
        };
        let accounts = [
            rows("inbox/a.csv", None, 1200, 7),
            rows("inbox/ข.xlsx", Some("ที่ 1"), 30, 0),
        ];
        let [mut upper, mut lower] = accounts.clone();
        upper.begins = Some("A3".to_owned());
        lower.begins = Some("E12".to_owned());
        assert_eq!(name(&upper), "inbox/a.csv (transactions from A3)");
        assert_eq!(name(&lower), "inbox/ข.xlsx, ที่ 1 (transactions from E12)");
        let lines = lines(&accounts);
        let widths: Vec<usize> = lines.iter().map(|line| line.width()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{lines:#?}");
        let words = |line: &str| {
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words(&lines[0]),
            ["rows", "of", "read", "used", "set", "aside"]
        );
        assert!(lines[1].starts_with("inbox/a.csv (transactions)"));
        assert_eq!(words(&lines[1])[2..], ["1200", "1193", "7"]);
        assert_eq!(words(&lines[3]), ["all", "1230", "1223", "7"]);
        assert!(super::lines(&[]).is_empty());
    }
}
