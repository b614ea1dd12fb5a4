//! From a header as written to the column of a table it stands for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::header::{fold, lacks_only_marks, normalise, without_remark};
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

/// How like a header as written is to the spelling it was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It differs in case, spaces and punctuation at most.
    Same,
    /// It has a remark in brackets behind it: `Amount (THB)`.
    WithoutRemark,
    /// It lacks Vietnamese or Thai marks: `So luong`.
    WithoutMarks,
}

/// A column that a header stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Its position in the table.
    pub position: usize,
    /// How sure the spelling is.
    pub strength: Strength,
    /// How like the header is to the spelling.
    pub likeness: Likeness,
}

/// The headers of one table, normalised.
#[derive(Debug)]
pub struct HeaderIndex {
    /// Normalised header to column position, strength and the spelling it was made from.
    exact: BTreeMap<String, (usize, Strength, &'static str)>,
    /// The same without Vietnamese and Thai marks, for headers typed without.
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

    /// The column a header as written stands for.
    pub fn find(&self, header: &str) -> Option<Match> {
        let rest = || without_remark(header).map(normalise);
        let key = normalise(header);
        self.same(&key, Likeness::Same)
            .or_else(|| self.same(&rest()?, Likeness::WithoutRemark))
            .or_else(|| self.marked(&key))
            .or_else(|| self.marked(&rest()?))
    }

    fn same(&self, key: &str, likeness: Likeness) -> Option<Match> {
        let (position, strength, _) = *self.exact.get(key)?;
        Some(Match {
            position,
            strength,
            likeness,
        })
    }

    /// A spelling that has all letters of the header, and marks that it lacks.
    fn marked(&self, key: &str) -> Option<Match> {
        let (position, strength, spelling) = *self.folded.get(&fold(key))?;
        lacks_only_marks(key, &normalise(spelling)).then_some(Match {
            position,
            strength,
            likeness: Likeness::WithoutMarks,
        })
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
        let position = HeaderIndex::of(table).find(header)?.position;
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
        let likeness = |header| {
            let found = HeaderIndex::of(by_name("transactions").unwrap()).find(header);
            found.map(|found| found.likeness)
        };
        assert_eq!(likeness("MÃ KHÁCH HÀNG"), Some(Likeness::Same));
        assert_eq!(likeness("Mã khách hàng (*)"), Some(Likeness::Same));
        assert_eq!(likeness("จำนวนเงิน(บาท)"), Some(Likeness::WithoutRemark));
        for lacking in [
            "Ma khach hang",
            "Mã khach hang",
            "Don gia (VND)",
            "Đơn gia",
            "สวนลด",
        ] {
            assert_eq!(likeness(lacking), Some(Likeness::WithoutMarks), "{lacking}");
        }
        // Other marks are another word.
        assert_eq!(likeness("Đơn gìa"), None);
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
