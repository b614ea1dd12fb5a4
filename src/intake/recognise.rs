//! Which table a sheet is: its header row, and the column that each header stands for.
//!
//! Titles and blank rows above the header are normal, so the first rows are all looked at. A row is
//! the header of a table when it has all columns the table needs; of several tables the one that
//! explains most of the headers is taken, and where two explain as many it is not guessed.

use super::declared::Declared;
use crate::diagnostics::{nearest, suggestion};
use crate::tables::header::{normalise, without_remark};
use crate::tables::{HeaderIndex, TableSpec, all};

/// How many rows with cells are searched for the header.
pub(super) const SEARCHED: usize = 30;

/// A row that may be the header: its number in the sheet and its texts by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Row number, from 1.
    pub(super) row: u32,
    /// Column, from 0, and text.
    pub(super) texts: Vec<(u32, String)>,
}

/// A column of a table found in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its position in the table.
    pub(super) position: usize,
    /// Its column in the sheet, from 0.
    pub(super) column: u32,
    /// Its header as written.
    pub(super) header: String,
}

/// A sheet recognised as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping {
    /// The table.
    pub(super) table: &'static TableSpec,
    /// The row of the header, from 1.
    pub(super) header_row: u32,
    /// Its columns, in the order of the sheet.
    pub(super) found: Vec<Found>,
    /// Headers that stand for nothing, with what they may have been meant to be.
    pub(super) unused: Vec<(u32, String, Option<String>)>,
    /// Columns that several headers could stand for, none of which is used.
    pub(super) unclear: Vec<Unclear>,
}

/// A column that several headers of a sheet could stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unclear {
    /// The column's name.
    pub(super) name: &'static str,
    /// The headers: column in the sheet and text.
    pub(super) headers: Vec<(u32, String)>,
}

/// What a sheet turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A table.
    Table(Mapping),
    /// Two tables at once.
    Ambiguous {
        /// The header row.
        row: u32,
        /// The tables it fits.
        tables: Vec<&'static str>,
    },
    /// A table, but for a column it needs that several headers could stand for.
    Unclear {
        /// The table.
        table: &'static str,
        /// The header row.
        row: u32,
        /// The column and its headers.
        unclear: Unclear,
    },
    /// A header that was declared is not there.
    NoSuchHeader {
        /// The column it was declared for.
        column: String,
        /// The header as declared.
        header: String,
        /// The row that looks most like a header.
        row: u32,
    },
    /// No table; the one it looks most like, if it looks like any.
    Unknown(Option<Nearest>),
}

/// The table that a sheet that is none looks most like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nearest {
    /// The table.
    pub(super) table: &'static str,
    /// The row that would be its header.
    pub(super) row: u32,
    /// How many of its columns were found.
    pub(super) found: usize,
    /// How many of those it cannot do without.
    needed_found: usize,
    /// What it lacks, as a message says it.
    pub(super) lacks: Vec<String>,
    /// Headers of the row that may have been meant for what it lacks.
    pub(super) hints: Vec<String>,
}

/// A row read as the header of one table.
struct Attempt {
    table: &'static TableSpec,
    row: u32,
    found: Vec<Found>,
    unclear: Vec<Unclear>,
    missing: Option<(String, String)>,
    lacks: Vec<String>,
    /// Whether what it lacks was found twice.
    lacks_unclear: Option<Unclear>,
}

impl Attempt {
    fn complete(&self) -> bool {
        self.lacks.is_empty() && self.missing.is_none()
    }

    fn matched(&self) -> usize {
        self.found.len() + self.unclear.len()
    }

    /// How many of the columns it cannot do without were found, once or more often.
    fn needed_found(&self) -> usize {
        let found = self
            .found
            .iter()
            .map(|found| &self.table.columns[found.position]);
        let unclear = self
            .unclear
            .iter()
            .filter_map(|unclear| self.table.column(unclear.name));
        let in_set = |name: &str| {
            let sets = self.table.one_of.iter().flat_map(|sets| *sets);
            sets.flat_map(|set| *set).any(|wanted| *wanted == name)
        };
        found
            .chain(unclear)
            .filter(|column| column.required || in_set(column.name))
            .count()
    }

    /// Columns that a table cannot do without say more about which table it is.
    fn score(&self) -> usize {
        let needed = self
            .table
            .columns
            .iter()
            .filter(|column| column.required)
            .count();
        self.matched() + 2 * (needed + self.table.one_of.len())
    }
}

/// Finds the table of a sheet among the rows it begins with.
pub(super) fn recognise(rows: &[Candidate], declared: Option<&Declared<'_>>) -> Outcome {
    let tables: Vec<&'static TableSpec> = all()
        .iter()
        .copied()
        .filter(|table| declared.is_none_or(|declared| declared.allows(table)))
        .collect();
    let by_hand = declared.is_some_and(|declared| declared.table.is_some());
    let attempts: Vec<Attempt> = rows
        .iter()
        .flat_map(|row| {
            tables
                .iter()
                .map(move |table| attempt(table, row, declared))
        })
        .collect();
    // The header row: the one that explains most as a whole table; the first of several.
    let complete = attempts
        .iter()
        .filter(|attempt| attempt.complete() && (by_hand || attempt.matched() > 1));
    let best = complete.clone().map(Attempt::score).max();
    let chosen = best.and_then(|score| complete.clone().find(|a| a.score() == score));
    let nearest = nearest_table(&attempts, rows);
    let Some(chosen) = chosen else {
        return not_complete(&attempts, nearest, by_hand);
    };
    // Half a table that explains more than the whole one is what the sheet was meant to be.
    let own = (chosen.matched(), chosen.needed_found());
    if !by_hand
        && nearest
            .as_ref()
            .is_some_and(|near| (near.found, near.needed_found) > own)
    {
        return not_complete(&attempts, nearest, by_hand);
    }
    let equals: Vec<&Attempt> = complete
        .filter(|a| a.row == chosen.row && a.score() == chosen.score())
        .collect();
    if equals.len() > 1 {
        return Outcome::Ambiguous {
            row: chosen.row,
            tables: equals.iter().map(|a| a.table.name).collect(),
        };
    }
    Outcome::Table(mapping(chosen, rows))
}

fn not_complete(attempts: &[Attempt], nearest: Option<Nearest>, by_hand: bool) -> Outcome {
    let missing = attempts
        .iter()
        .filter_map(|attempt| Some((attempt, attempt.missing.as_ref()?)))
        .max_by_key(|(attempt, _)| (attempt.matched(), std::cmp::Reverse(attempt.row)));
    if let Some((attempt, (column, header))) = missing
        && !attempts.iter().any(|attempt| attempt.missing.is_none())
    {
        return Outcome::NoSuchHeader {
            column: column.clone(),
            header: header.clone(),
            row: attempt.row,
        };
    }
    let unclear = nearest.as_ref().and_then(|near| {
        let attempt = attempts
            .iter()
            .find(|attempt| attempt.row == near.row && attempt.table.name == near.table)?;
        let alone = attempt.lacks.len() == 1 || by_hand;
        attempt.lacks_unclear.as_ref().filter(|_| alone)
    });
    match (unclear, nearest) {
        (Some(unclear), Some(near)) => Outcome::Unclear {
            table: near.table,
            row: near.row,
            unclear: unclear.clone(),
        },
        (_, nearest) => Outcome::Unknown(nearest),
    }
}

/// Reads a row as the header of a table.
fn attempt(table: &'static TableSpec, row: &Candidate, declared: Option<&Declared<'_>>) -> Attempt {
    let index = HeaderIndex::of(table);
    let mut claims: Vec<Vec<(crate::tables::Strength, u32, &str)>> =
        vec![Vec::new(); table.columns.len()];
    let mut missing = None;
    let mut taken: Vec<u32> = Vec::new();
    let mut by_hand = vec![false; table.columns.len()];
    for (name, header) in declared.map(Declared::columns).unwrap_or_default() {
        let Some(position) = table.position(name) else {
            continue;
        };
        by_hand[position] = true;
        match row.texts.iter().find(|(_, text)| same(text, header)) {
            Some((column, text)) => {
                taken.push(*column);
                claims[position].push((crate::tables::Strength::Name, *column, text));
            }
            None => missing = missing.or(Some((name.to_owned(), header.to_owned()))),
        }
    }
    for (column, text) in &row.texts {
        if let Some((position, strength)) = index.find(text)
            && !taken.contains(column)
            && !by_hand[position]
        {
            claims[position].push((strength, *column, text));
        }
    }
    let mut found = Vec::new();
    let mut unclear = Vec::new();
    for (position, claims) in claims.iter().enumerate() {
        let Some(best) = claims.iter().map(|(strength, ..)| *strength).min() else {
            continue;
        };
        let best: Vec<_> = claims
            .iter()
            .filter(|(strength, ..)| *strength == best)
            .collect();
        if let [(_, column, text)] = best.as_slice() {
            found.push(Found {
                position,
                column: *column,
                header: (*text).to_owned(),
            });
        } else {
            let headers = best
                .iter()
                .map(|(_, column, text)| (*column, (*text).to_owned()));
            unclear.push(Unclear {
                name: table.columns[position].name,
                headers: headers.collect(),
            });
        }
    }
    found.sort_by_key(|found| found.column);
    let has = |name: &str| found.iter().any(|f| table.columns[f.position].name == name);
    let lacks = table.lacks(has);
    let lacks_unclear = unclear
        .iter()
        .find(|unclear| {
            lacks
                .iter()
                .any(|lack| lack.contains(&format!("`{}`", unclear.name)))
        })
        .cloned();
    Attempt {
        table,
        row: row.row,
        found,
        unclear,
        missing,
        lacks,
        lacks_unclear,
    }
}

/// Whether a header of a sheet is the declared one.
pub(super) fn same(text: &str, declared: &str) -> bool {
    let wanted = normalise(declared);
    if wanted.is_empty() {
        return text.trim() == declared.trim();
    }
    normalise(text) == wanted || without_remark(text).is_some_and(|text| normalise(text) == wanted)
}

fn mapping(chosen: &Attempt, rows: &[Candidate]) -> Mapping {
    let index = HeaderIndex::of(chosen.table);
    let texts = rows
        .iter()
        .find(|row| row.row == chosen.row)
        .map(|row| row.texts.as_slice())
        .unwrap_or_default();
    let is_found = |position: usize| chosen.found.iter().any(|f| f.position == position);
    let used = |column: u32| {
        chosen.found.iter().any(|f| f.column == column)
            || chosen
                .unclear
                .iter()
                .flat_map(|u| &u.headers)
                .any(|(c, _)| *c == column)
    };
    let unused = texts
        .iter()
        .filter(|(column, _)| !used(*column))
        .map(|(column, text)| {
            let near = index
                .near(text)
                .filter(|(position, _)| !is_found(*position));
            let meant = near.map(|(position, _)| chosen.table.columns[position].name.to_owned());
            (*column, text.clone(), meant)
        });
    Mapping {
        table: chosen.table,
        header_row: chosen.row,
        found: chosen.found.clone(),
        unused: unused.collect(),
        unclear: chosen.unclear.clone(),
    }
}

/// The incomplete table that most headers fit.
fn nearest_table(attempts: &[Attempt], rows: &[Candidate]) -> Option<Nearest> {
    // Of equals the first row, and the first table, which is the one everybody has.
    let best = attempts
        .iter()
        .filter(|attempt| !attempt.complete() && attempt.matched() > 0)
        .rev()
        .max_by_key(|attempt| {
            (
                attempt.matched(),
                attempt.needed_found(),
                std::cmp::Reverse(attempt.lacks.len()),
            )
        })?;
    let texts = rows
        .iter()
        .find(|row| row.row == best.row)
        .map(|row| row.texts.as_slice());
    let index = HeaderIndex::of(best.table);
    let hints = texts.unwrap_or_default().iter().filter_map(|(_, text)| {
        if index.find(text).is_some() {
            return None;
        }
        let (position, _) = index.near(text)?;
        let name = best.table.columns[position].name;
        let wanted = best
            .lacks
            .iter()
            .any(|lack| lack.contains(&format!("`{name}`")));
        wanted.then(|| format!("`{text}` may be meant to be `{name}`"))
    });
    Some(Nearest {
        table: best.table.name,
        row: best.row,
        found: best.matched(),
        needed_found: best.needed_found(),
        lacks: best.lacks.clone(),
        hints: hints.collect(),
    })
}

/// The header among those of the searched rows that is most like a declared one, for a message.
pub(super) fn suggest_header(declared: &str, rows: &[Candidate]) -> Option<String> {
    let texts = || {
        rows.iter()
            .flat_map(|row| &row.texts)
            .map(|(_, text)| text.as_str())
    };
    match nearest(declared, texts()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => {
            let widest = rows.iter().max_by_key(|row| row.texts.len())?;
            suggestion(declared, widest.texts.iter().map(|(_, text)| text.as_str()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::by_name;

    fn rows(rows: &[&[&str]]) -> Vec<Candidate> {
        rows.iter()
            .zip(1..)
            .map(|(texts, row)| Candidate {
                row,
                texts: texts
                    .iter()
                    .zip(0..)
                    .filter(|(text, _)| !text.is_empty())
                    .map(|(text, column)| (column, (*text).to_owned()))
                    .collect(),
            })
            .collect()
    }

    fn table(headers: &[&str]) -> String {
        match recognise(&rows(&[headers]), None) {
            Outcome::Table(mapping) => mapping.table.name.to_owned(),
            Outcome::Ambiguous { tables, .. } => format!("? {}", tables.join(" ")),
            Outcome::Unclear { table, unclear, .. } => format!("?? {table}.{}", unclear.name),
            Outcome::NoSuchHeader { header, .. } => format!("no {header}"),
            Outcome::Unknown(near) => near.map_or("-".to_owned(), |near| {
                format!("- {} {:?}", near.table, near.lacks)
            }),
        }
    }

    /// A sheet whose headers are the columns' own names is that table, for every table.
    #[test]
    fn every_table_is_recognised_by_its_own_names() {
        for spec in all() {
            let names: Vec<&str> = spec.columns.iter().map(|column| column.name).collect();
            assert_eq!(table(&names), spec.name);
        }
    }

    /// So is one that has the first header of each column in one language.
    #[test]
    fn every_table_is_recognised_in_every_language() {
        for spec in all() {
            for language in 0..3 {
                let headers: Vec<&str> = spec
                    .columns
                    .iter()
                    .map(|column| column.headers[language][0])
                    .collect();
                assert_eq!(table(&headers), spec.name, "{headers:?}");
            }
        }
    }

    #[test]
    fn tables_are_told_apart() {
        assert_eq!(table(&["Customer ID", "Date", "Amount"]), "transactions");
        assert_eq!(
            table(&[
                "InvoiceNo",
                "StockCode",
                "Description",
                "Quantity",
                "InvoiceDate",
                "UnitPrice",
                "CustomerID",
                "Country"
            ]),
            "transactions"
        );
        assert_eq!(
            table(&["Customer ID", "Name", "Phone", "Email"]),
            "customers"
        );
        assert_eq!(table(&["Customer ID", "Amount", "Category"]), "wallet");
        assert_eq!(
            table(&["Customer ID", "Activity", "Quantity", "Date"]),
            "activities"
        );
        assert_eq!(
            table(&["Campaign ID", "Customer ID", "Channel"]),
            "campaign_contacts"
        );
        assert_eq!(table(&["kpi", "period", "value"]), "manual_kpi");
        assert_eq!(table(&["kpi", "period", "target"]), "targets");
        assert_eq!(
            table(&["Customer ID", "period", "amount"]),
            "? wallet retention_spend"
        );
    }

    #[test]
    fn half_a_table_is_not_taken_for_another() {
        assert_eq!(
            table(&["Customer ID", "Product ID", "Qty", "Price", "Branch"]),
            r#"- transactions ["`date`"]"#
        );
        assert_eq!(table(&["Weather", "Temperature"]), "-");
        assert_eq!(
            table(&["ID"]),
            r#"- transactions ["`date`", "`amount`, or `quantity` and `unit_price`"]"#
        );
    }

    #[test]
    fn the_header_is_found_below_titles() {
        let sheet = rows(&[
            &["บริษัท สยามกาแฟ จำกัด"],
            &["รายงานยอดขาย", "", "วันที่"],
            &["รหัสลูกค้า", "วันที่ขาย", "ยอดขาย", "หมายเหตุ"],
            &["C001", "01/02/2567", "100"],
        ]);
        let Outcome::Table(mapping) = recognise(&sheet, None) else {
            panic!()
        };
        assert_eq!(
            (mapping.table.name, mapping.header_row),
            ("transactions", 3)
        );
        assert_eq!(mapping.unused, [(3, "หมายเหตุ".to_owned(), None)]);
    }

    #[test]
    fn a_surer_header_wins_and_equals_are_not_guessed() {
        let sheet = rows(&[&["Customer", "Customer ID", "Date", "Amount"]]);
        let Outcome::Table(mapping) = recognise(&sheet, None) else {
            panic!()
        };
        assert_eq!(mapping.found[0].header, "Customer ID");
        assert_eq!(
            table(&["Customer ID", "Sale Date", "Purchase Date", "Amount"]),
            "?? transactions.date"
        );
        let sheet = rows(&[&[
            "Customer ID",
            "Date",
            "Amount",
            "Cost",
            "COGS",
            "Line Cost",
            "Branch",
            "Store",
        ]]);
        let Outcome::Table(mapping) = recognise(&sheet, None) else {
            panic!()
        };
        assert_eq!(
            mapping.found.iter().filter(|f| f.header == "Cost").count(),
            1,
            "its own name"
        );
        assert_eq!(mapping.unclear.len(), 0);
        let sheet = rows(&[&["Customer ID", "Date", "Amount", "Store", "Shop"]]);
        let Outcome::Table(mapping) = recognise(&sheet, None) else {
            panic!()
        };
        assert_eq!(mapping.unclear[0].name, "branch");
    }

    #[test]
    fn a_near_miss_is_told() {
        let sheet = rows(&[&["Customer ID", "Date", "Amount", "Chanel", "Weather"]]);
        let Outcome::Table(mapping) = recognise(&sheet, None) else {
            panic!()
        };
        assert_eq!(
            mapping.unused[0],
            (3, "Chanel".to_owned(), Some("channel".to_owned()))
        );
        assert_eq!(mapping.unused[1].2, None);
        let Outcome::Unknown(Some(near)) =
            recognise(&rows(&[&["Customer ID", "Date", "Amuont"]]), None)
        else {
            panic!()
        };
        assert_eq!(near.hints, ["`Amuont` may be meant to be `amount`"]);
    }

    #[test]
    fn what_is_declared_wins() {
        let columns = [("customer_id".to_owned(), "รหัส ก.".to_owned())];
        let declared = Declared::for_test(by_name("transactions"), &columns);
        let sheet = rows(&[&["รหัส ก", "Customer ID", "Date", "Amount"]]);
        let Outcome::Table(mapping) = recognise(&sheet, Some(&declared)) else {
            panic!()
        };
        assert_eq!(mapping.found[0].header, "รหัส ก");
        let sheet = rows(&[&["Customer ID", "Date", "Amount"]]);
        assert!(matches!(
            recognise(&sheet, Some(&declared)),
            Outcome::NoSuchHeader { .. }
        ));
        let declared = Declared::for_test(by_name("wallet"), &[]);
        let Outcome::Table(mapping) = recognise(&sheet, Some(&declared)) else {
            panic!()
        };
        assert_eq!(mapping.table.name, "wallet");
    }
}
