//! How the columns were read, in words: why a header is taken for what it is, and what the cells of
//! its column proved.

use crate::diagnostics::{cell_address, column_letters};
use crate::intake::Account;
use crate::intake::evidence::{Evidence, Ground, Seen};
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::ColumnRead;

use super::quality::table_label;

/// Every column of every sheet that was read: those first in which something was assumed or left
/// open, then those that prove what they are, each in the order of files, sheets and columns.
pub(super) fn columns(accounts: &[Account], locale: &Locale) -> Vec<ColumnRead> {
    let found = accounts.iter().flat_map(|account| {
        let evidence = account.evidence.iter();
        evidence.map(move |evidence| column(account, evidence, locale))
    });
    let mut columns: Vec<ColumnRead> = found.collect();
    columns.sort_by_key(|column| match column.status.as_str() {
        "watch" => 0,
        "good" => 1,
        _ => 2,
    });
    columns
}

fn column(account: &Account, evidence: &Evidence, locale: &Locale) -> ColumnRead {
    // A text file holds nothing but texts.
    let told = |ground: &&Ground| {
        let written = matches!(ground.seen, Seen::WrittenDates | Seen::WrittenNumbers);
        account.sheet.is_some() || !written
    };
    let grounds: Vec<&Ground> = evidence.grounds.iter().filter(told).collect();
    let unsure = grounds
        .iter()
        .any(|ground| is_unsure(ground.seen, &grounds));
    ColumnRead {
        path: account.path.clone(),
        sheet: account.sheet.clone(),
        table: table_label(locale, &account.table),
        letter: evidence.column.map(column_letters),
        header: evidence.header.clone(),
        name: evidence.name.to_owned(),
        why: locale
            .text(&format!("quality.why.{}", evidence.why.key()))
            .to_owned(),
        filled: evidence.filled,
        grounds: grounds
            .iter()
            .map(|ground| said(ground, evidence.column, locale))
            .collect(),
        status: match (unsure, grounds.is_empty()) {
            (true, _) => "watch",
            (false, false) => "good",
            (false, true) => "none",
        }
        .to_owned(),
    }
}

/// Whether something was decided without proof, or left open.
fn is_unsure(seen: Seen, all: &[&Ground]) -> bool {
    let beside = |other: Seen| all.iter().any(|ground| ground.seen == other);
    match seen {
        Seen::OrderAssumed
        | Seen::OrderUnsettled
        | Seen::CommonYears
        | Seen::PointAssumed
        | Seen::CommaAssumed
        | Seen::MarkUnsettled => true,
        Seen::MonthFirst => beside(Seen::DayFirst),
        Seen::DecimalComma => beside(Seen::DecimalPoint),
        _ => false,
    }
}

fn said(ground: &Ground, column: Option<u32>, locale: &Locale) -> String {
    let cell = match column {
        Some(column) => cell_address(ground.row, column),
        None => locale.text_with(
            "quality.row",
            &[("row", Argument::Text(ground.row.to_string()))],
        ),
    };
    let cells = i64::try_from(ground.cells).unwrap_or(i64::MAX);
    locale.text_with(
        &format!("quality.seen.{}", ground.seen.key()),
        &[
            ("count", Argument::Count(cells)),
            ("cell", Argument::Text(cell)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Why;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn evidence(seen: &[Seen]) -> Evidence {
        Evidence {
            name: "date",
            header: "วันที่".to_owned(),
            column: Some(3),
            why: Why::Known,
            filled: 20,
            grounds: seen
                .iter()
                .map(|seen| Ground {
                    seen: *seen,
                    cells: 12,
                    row: 7,
                })
                .collect(),
        }
    }

    fn read(seen: &[Seen], sheet: Option<&str>) -> ColumnRead {
        let account = Account {
            path: "inbox/a".to_owned(),
            table: "transactions".to_owned(),
            sheet: sheet.map(str::to_owned),
            evidence: vec![evidence(seen)],
            ..Account::default()
        };
        columns(&[account], &locale(Language::En, "THB")).remove(0)
    }

    #[test]
    fn everything_seen_has_its_words_and_names_its_cell() {
        for language in Language::ALL {
            let locale = locale(language, "THB");
            for why in Why::ALL {
                assert!(locale.has(&format!("quality.why.{}", why.key())), "{why:?}");
            }
            for seen in Seen::ALL {
                let said = said(&evidence(&[seen]).grounds[0], Some(3), &locale);
                assert!(said.contains("12") && said.contains("D7"), "{said}");
                assert!(!said.contains(['{', '}']), "{said}");
            }
        }
    }

    #[test]
    fn what_is_assumed_or_left_open_is_marked() {
        assert_eq!(read(&[Seen::OrderAssumed], Some("1")).status, "watch");
        assert_eq!(read(&[Seen::DayFirst], Some("1")).status, "good");
        let both = read(&[Seen::DayFirst, Seen::MonthFirst], Some("1"));
        assert_eq!(both.status, "watch");
        assert_eq!(read(&[], Some("1")).status, "none");
    }

    #[test]
    fn that_a_text_file_holds_texts_is_not_told() {
        let in_text = read(&[Seen::WrittenDates], None);
        assert_eq!(
            (in_text.grounds.len(), in_text.status.as_str()),
            (0, "none")
        );
        assert_eq!(read(&[Seen::WrittenDates], Some("1")).grounds.len(), 1);
    }
}
