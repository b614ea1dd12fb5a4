//! A unit told above the table instead of in its headings: `หน่วย: ล้านบาท`, `ĐVT: 1.000đ`.
//!
//! Which columns it is for is not guessed. It is told, because amounts a million times too small look
//! like a bad year.

use super::{KeptRow, SheetReader};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::intake::UNIT_ABOVE;
use crate::intake::recognise::Mapping;
use crate::intake::values::scale::of_heading;
use crate::tables::Kind;

/// Words that a unit is told with, composed and in small letters.
const WORDS: [&str; 8] = [
    "หน่วย",
    "đơn vị",
    "đvt",
    "dvt",
    "don vi",
    "unit",
    "units",
    "amounts in",
];

impl SheetReader<'_> {
    /// Says that a line above the header tells a unit which no heading of an amount has.
    pub(super) fn unit_above(&self, mapping: &Mapping, rows: &[KeptRow]) -> Option<Diagnostic> {
        let amounts = mapping.found.iter().filter(|found| {
            let kind = mapping.table.columns[found.position].kind;
            matches!(kind, Kind::Money | Kind::Price)
        });
        let mut without = amounts.filter(|found| of_heading(&found.header) == 0);
        let first = without.next()?;
        let above = rows.iter().filter(|kept| kept.row < mapping.first_row);
        let mut cells = above.flat_map(|kept| kept.cells.iter().map(move |cell| (kept.row, cell)));
        let (row, column, said) = cells.find_map(|(row, (column, cell))| {
            let text = cell.cell().header()?.into_owned();
            tells_a_unit(&text).then_some((row, *column, text))
        })?;
        let message = format!(
            "`{said}` above the table: the amounts were taken as they stand, without that unit"
        );
        let help = format!(
            "put the unit into the heading of the amounts it is for, such as `{} (…)`, with the unit in the brackets",
            first.header
        );
        let place = self.place(Some(row), Some(column));
        Some(
            Diagnostic::warning(&UNIT_ABOVE, message)
                .at(place)
                .help(help),
        )
    }
}

fn tells_a_unit(text: &str) -> bool {
    let lower = text.to_lowercase();
    let rest = WORDS.iter().find_map(|word| {
        let rest = lower.get(lower.find(word)? + word.len()..)?;
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphabetic());
        ends.then_some(rest)
    });
    rest.is_some_and(|unit| of_heading(&format!("({unit})")) > 0)
}

#[cfg(test)]
mod tests {
    use super::tells_a_unit;

    #[test]
    fn lines_that_tell_a_unit() {
        for line in [
            "หน่วย: ล้านบาท",
            "(หน่วย : พันบาท)",
            "Đơn vị tính: triệu đồng",
            "ĐVT: 1.000đ",
            "Unit: THB million",
            "All amounts in thousands",
        ] {
            assert!(tells_a_unit(line), "{line}");
        }
        for line in [
            "หน่วย: บาท",
            "Unit: pieces",
            "Sales of United Thousand Ltd",
            "ĐVT: đồng",
        ] {
            assert!(!tells_a_unit(line), "{line}");
        }
    }
}
