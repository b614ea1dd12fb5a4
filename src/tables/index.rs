//! From a header as written to the column of a table it stands for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::header::{fold, normalise, without_remark};
use super::{TableSpec, all};
use crate::diagnostics::nearest;

/// How sure it is that a header means a column, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// The header is the column's own name.
    Name,
    /// The header is one the column is known by.
    Header,
    /// The header means the column where no other header does.
    Weak,
}

/// The headers of one table, normalised.
#[derive(Debug)]
pub struct HeaderIndex {
    /// Normalised header to column position, strength and the spelling it was made from.
    exact: BTreeMap<String, (usize, Strength, &'static str)>,
    /// The same without Vietnamese diacritics, for headers typed without.
    folded: BTreeMap<String, (usize, Strength, &'static str)>,
}

static INDEXES: LazyLock<Vec<HeaderIndex>> =
    LazyLock::new(|| all().iter().map(|table| HeaderIndex::new(table)).collect());

impl HeaderIndex {
    /// The index of a table, built once.
    pub fn of(table: &TableSpec) -> &'static Self {
        let place = all().iter().position(|known| known.name == table.name);
        &INDEXES[place.expect("every table is in the list of all tables")]
    }

    fn new(table: &TableSpec) -> Self {
        let mut exact = BTreeMap::new();
        let mut folded = BTreeMap::new();
        for (position, spelling, strength) in spellings(table) {
            let key = normalise(spelling);
            folded
                .entry(fold(&key))
                .or_insert((position, strength, spelling));
            exact.entry(key).or_insert((position, strength, spelling));
        }
        Self { exact, folded }
    }

    /// The column a header as written stands for, by its position in the table.
    pub fn find(&self, header: &str) -> Option<(usize, Strength)> {
        self.find_whole(header)
            .or_else(|| self.find_whole(without_remark(header)?))
    }

    fn find_whole(&self, header: &str) -> Option<(usize, Strength)> {
        let key = normalise(header);
        let found = self.exact.get(&key);
        let found = found.or_else(|| self.folded.get(&key).filter(|_| key.is_ascii()));
        found.map(|(position, strength, _)| (*position, *strength))
    }

    /// The known header most like one that is not known, and the position of its column.
    pub fn near(&self, header: &str) -> Option<(usize, &'static str)> {
        let key = normalise(header);
        if key.chars().count() < 4 {
            return None;
        }
        let known = nearest(&key, self.exact.keys().map(String::as_str))?;
        // Jaro-Winkler favours common beginnings, which most headers of a table share.
        let close = strsim::normalized_damerau_levenshtein(&key, known) >= 0.75;
        let (position, _, spelling) = self.exact.get(known).filter(|_| close)?;
        Some((*position, spelling))
    }
}

/// Every spelling a table's headers are known by, surest first.
fn spellings(table: &TableSpec) -> Vec<(usize, &'static str, Strength)> {
    let mut found = Vec::new();
    for (position, column) in table.columns.iter().enumerate() {
        found.push((position, column.name, Strength::Name));
        let headers = column.headers.iter().flat_map(|headers| *headers);
        found.extend(headers.map(|header| (position, *header, Strength::Header)));
        let weak = column.weak.iter();
        found.extend(weak.map(|header| (position, *header, Strength::Weak)));
    }
    found.sort_by_key(|(_, _, strength)| *strength);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::by_name;

    #[test]
    fn no_header_means_two_columns_of_a_table() {
        for table in all() {
            let mut seen: BTreeMap<String, (usize, &str)> = BTreeMap::new();
            for (position, spelling, _) in spellings(table) {
                let key = normalise(spelling);
                assert!(!key.is_empty(), "{}: {spelling}", table.name);
                for key in [fold(&key), key] {
                    if let Some((other, before)) = seen.insert(key, (position, spelling)) {
                        assert_eq!(
                            table.columns[other].name, table.columns[position].name,
                            "{}: `{before}` and `{spelling}`",
                            table.name
                        );
                    }
                }
            }
        }
    }

    fn column(table: &str, header: &str) -> Option<&'static str> {
        let table = by_name(table).unwrap();
        let (position, _) = HeaderIndex::of(table).find(header)?;
        Some(table.columns[position].name)
    }

    /// Spellings seen in public exports and import templates.
    #[test]
    fn headers_seen_in_real_files_are_known() {
        let seen = include_str!("../../tests/data/headers-seen.tsv");
        let mut count = 0;
        for line in seen.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (table, name, header) = (
                fields.next().unwrap(),
                fields.next().unwrap(),
                fields.next().unwrap(),
            );
            assert_eq!(column(table, header), Some(name), "{table}: {header}");
            count += 1;
        }
        assert!(count > 250, "{count} headers");
    }

    #[test]
    fn remarks_and_missing_diacritics_do_not_matter() {
        assert_eq!(
            column("transactions", "Mã khách hàng (*)"),
            Some("customer_id")
        );
        assert_eq!(column("transactions", "So luong"), Some("quantity"));
        assert_eq!(column("transactions", "MaKH"), Some("customer_id"));
        assert_eq!(column("transactions", "colour"), None);
    }

    #[test]
    fn near_misses_are_found() {
        let table = by_name("transactions").unwrap();
        let near = |header| {
            HeaderIndex::of(table)
                .near(header)
                .map(|(position, _)| table.columns[position].name)
        };
        assert_eq!(near("Amuont"), Some("amount"));
        assert_eq!(near("รหัสลกค้า"), Some("customer_id"));
        assert_eq!(near("Weather"), None);
    }
}
