//! What was written, counted by the one who wrote it: the figures that a run is held against.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::paper::{Fate, Fates, Sheet};

/// The account of every sheet, and the revenue of every quarter.
#[derive(Default)]
pub(crate) struct Ledger {
    files: Vec<Value>,
    /// Satang by quarter: sales that are to be read, whoever bought.
    revenue: BTreeMap<String, i64>,
    /// Ids that are another's.
    same: BTreeMap<String, String>,
}

impl Ledger {
    /// Notes a sale that a row tells, unless the row is not to count.
    pub(crate) fn sale(&mut self, day: NaiveDate, satang: i64, fate: Fate) {
        if matches!(fate, Fate::Used | Fate::Unmatched) {
            let quarter = format!("{}-Q{}", day.year(), day.month0() / 3 + 1);
            *self.revenue.entry(quarter).or_default() += satang;
        }
    }

    /// Notes that an id is another's.
    pub(crate) fn same(&mut self, from: &str, to: &str) {
        self.same.insert(from.to_owned(), to.to_owned());
    }

    /// Notes a file; text files have no sheets.
    pub(crate) fn file(&mut self, path: &str, sheets: &[Sheet], text: bool) {
        for sheet in sheets.iter().filter(|sheet| !sheet.table.is_empty()) {
            let name = (!text).then_some(sheet.name.as_str());
            self.files
                .push(account(path, name, sheet.table, sheet.fates));
        }
    }

    /// Notes a second copy of a file: each of its records is a duplicate.
    pub(crate) fn copy(&mut self, path: &str, sheet: &Sheet) {
        let blank = sheet.fates[Fate::Blank as usize];
        let read: u64 = sheet.fates.iter().sum();
        let mut fates = [0; 6];
        fates[Fate::Duplicate as usize] = read - blank;
        fates[Fate::Blank as usize] = blank;
        self.files
            .push(account(path, Some(&sheet.name), sheet.table, fates));
    }

    pub(crate) fn write(
        mut self,
        path: &Path,
        seed: u64,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let key = |file: &Value| (file["path"].to_string(), file["sheet"].to_string());
        self.files.sort_by_key(key);
        let revenue: BTreeMap<&String, String> = self
            .revenue
            .iter()
            .map(|(quarter, satang)| (quarter, format!("{}.{:02}", satang / 100, satang % 100)))
            .collect();
        let ledger = json!({
            "seed": seed, "revenue": revenue, "same": self.same, "files": self.files,
        });
        let mut text = serde_json::to_string_pretty(&ledger)?;
        text.push('\n');
        std::fs::write(path, text)?;
        Ok(())
    }
}

fn account(path: &str, sheet: Option<&str>, table: &str, fates: Fates) -> Value {
    let [used, set_aside, duplicate, unmatched, out_of_period, blank] = fates;
    json!({
        "path": path,
        "sheet": sheet,
        "table": table,
        "read": fates.iter().sum::<u64>(),
        "used": used,
        "set_aside": set_aside,
        "duplicate": duplicate,
        "unmatched": unmatched,
        "out_of_period": out_of_period,
        "blank": blank,
    })
}
