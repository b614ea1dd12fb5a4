//! Columns of numbers: amounts, prices, quantities, scores, counts.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int64Array};
use arrow::buffer::NullBuffer;
use datafusion::arrow;

use super::{Conventions, Finished, Remark, Slots, Wrong};
use crate::diagnostics::Severity;
use crate::diagnostics::codes::intake::{
    DECIMAL_MARK_ASSUMED, MIXED_COLUMN, ROUNDED_VALUES, SCALED_COLUMN,
};
use crate::intake::cells::Cell;
use crate::intake::evidence::{Seen, Tally};
use crate::intake::values::number::{Exact, Mark, NumberError, Reading, f64_at_scale, read_in};
use crate::intake::values::scale::of_heading;
use crate::intake::values::text::says_nothing;
use crate::tables::Kind;

/// What a number is kept as.
pub(super) trait Numeric: Copy + Default {
    /// From a spreadsheet number, and whether digits were lost.
    fn of_f64(x: f64, scale: u32) -> Result<(Self, bool), Wrong>;
    /// From a text, and whether digits were lost.
    fn of_exact(exact: Exact, scale: u32) -> Result<(Self, bool), Wrong>;
    /// The column.
    fn array(values: Vec<Self>, valid: Option<NullBuffer>, scale: u32) -> ArrayRef;
}

const TOO_LONG: Wrong = Wrong::Number(NumberError::TooLong);

impl Numeric for i128 {
    fn of_f64(x: f64, scale: u32) -> Result<(Self, bool), Wrong> {
        f64_at_scale(x, scale).ok_or(TOO_LONG)
    }

    fn of_exact(exact: Exact, scale: u32) -> Result<(Self, bool), Wrong> {
        exact.at_scale(scale).ok_or(TOO_LONG)
    }

    fn array(values: Vec<Self>, valid: Option<NullBuffer>, scale: u32) -> ArrayRef {
        let scale = i8::try_from(scale).expect("scales are below 10");
        let array = Decimal128Array::new(values.into(), valid);
        Arc::new(
            array
                .with_precision_and_scale(38, scale)
                .expect("38 digits hold any scale below 38"),
        )
    }
}

impl Numeric for f64 {
    fn of_f64(x: f64, _: u32) -> Result<(Self, bool), Wrong> {
        if x.is_finite() {
            Ok((x, false))
        } else {
            Err(TOO_LONG)
        }
    }

    fn of_exact(exact: Exact, _: u32) -> Result<(Self, bool), Wrong> {
        Ok((exact.to_f64(), false))
    }

    fn array(values: Vec<Self>, valid: Option<NullBuffer>, _: u32) -> ArrayRef {
        Arc::new(Float64Array::new(values.into(), valid))
    }
}

impl Numeric for i64 {
    fn of_f64(x: f64, _: u32) -> Result<(Self, bool), Wrong> {
        match f64_at_scale(x, 0) {
            Some((whole, false)) => Ok((Self::try_from(whole).map_err(|_| TOO_LONG)?, false)),
            Some((_, true)) => Err(Wrong::Fraction),
            None => Err(TOO_LONG),
        }
    }

    fn of_exact(exact: Exact, _: u32) -> Result<(Self, bool), Wrong> {
        match exact.at_scale(0) {
            Some((whole, false)) => Ok((Self::try_from(whole).map_err(|_| TOO_LONG)?, false)),
            Some((_, true)) => Err(Wrong::Fraction),
            None => Err(TOO_LONG),
        }
    }

    fn array(values: Vec<Self>, valid: Option<NullBuffer>, _: u32) -> ArrayRef {
        Arc::new(Int64Array::new(values.into(), valid))
    }
}

/// A column of numbers being built.
pub(super) struct Numbers<V> {
    kind: Kind,
    scale: u32,
    /// The power of ten that the values are in, by the heading of the column.
    unit: u32,
    slots: Slots<V>,
    /// Cells that are one number by a decimal point and another by a comma.
    unsure: Vec<(usize, Exact, Exact)>,
    points: Tally,
    commas: Tally,
    rounded: Tally,
    written: Tally,
    whole: Tally,
}

impl<V: Numeric> Numbers<V> {
    /// An empty column below a heading, whose values are kept with `scale` decimals.
    pub(super) fn new(kind: Kind, scale: u32, heading: &str) -> Self {
        let amount = matches!(kind, Kind::Money | Kind::Price);
        Self {
            kind,
            scale,
            unit: if amount { of_heading(heading) } else { 0 },
            slots: Slots::default(),
            unsure: Vec::new(),
            points: Tally::default(),
            commas: Tally::default(),
            rounded: Tally::default(),
            written: Tally::default(),
            whole: Tally::default(),
        }
    }

    pub(super) fn push(
        &mut self,
        at: usize,
        cell: Cell<'_>,
        conventions: &Conventions,
    ) -> Result<(), Wrong> {
        match cell {
            Cell::Number(x) => {
                let (value, rounded) = V::of_f64(x, self.scale + self.unit)?;
                self.put(at, value, rounded);
                Ok(())
            }
            Cell::Text(text) => self.text(at, text, conventions),
            Cell::Serial(_) | Cell::Duration(_) => Err(Wrong::DateForNumber),
            Cell::Bool(_) | Cell::Error(_) => Err(Wrong::Kind),
        }
    }

    fn put(&mut self, at: usize, value: V, rounded: bool) {
        self.slots.put(at, value);
        self.note_rounded(at, rounded);
    }

    fn note_rounded(&mut self, at: usize, rounded: bool) {
        if rounded {
            self.rounded.add(at);
        }
    }

    fn text(&mut self, at: usize, text: &str, conventions: &Conventions) -> Result<(), Wrong> {
        let amount = matches!(self.kind, Kind::Money | Kind::Price);
        let may_have_currency = amount || self.kind == Kind::Number;
        if self.kind != Kind::Number && text.contains(['%', '％']) && !says_nothing(text.trim()) {
            return Err(Wrong::Percent);
        }
        let currency = may_have_currency.then_some(conventions.currency.as_str());
        let exact = match read_in(text, currency, self.unit).map_err(Wrong::Number)? {
            Reading::Nothing => return Ok(()),
            Reading::Sure(exact, mark) => {
                match mark {
                    Some(Mark::Point) => self.points.add(at),
                    Some(Mark::Comma) => self.commas.add(at),
                    None => {}
                }
                exact
            }
            // An amount in a currency without decimals has no decimal mark.
            Reading::Unsure { point, comma }
                if amount && conventions.whole_amounts && point.scale.max(comma.scale) == 3 =>
            {
                self.whole.add(at);
                if point.scale < comma.scale {
                    point
                } else {
                    comma
                }
            }
            Reading::Unsure { point, comma } => {
                self.written.add(at);
                self.unsure.push((at, point, comma));
                return Ok(());
            }
        };
        let (value, rounded) = V::of_exact(exact, self.scale)?;
        self.written.add(at);
        self.put(at, value, rounded);
        Ok(())
    }

    pub(super) fn finish(mut self, rows: usize, conventions: &Conventions) -> Finished {
        let mut unsettled = Vec::new();
        let mut remarks = Vec::new();
        let unsure = std::mem::take(&mut self.unsure);
        let (points, commas) = (self.points.count, self.commas.count);
        let mixed = points > 0 && commas > 0;
        let mark = match (points > 0, commas > 0) {
            (true, false) => Mark::Point,
            (false, true) => Mark::Comma,
            _ => conventions.mark,
        };
        if mixed {
            remarks.push(Remark {
                code: &MIXED_COLUMN,
                severity: Severity::Warning,
                message: format!(
                    "has numbers with a decimal point ({points}) and with a decimal comma ({commas})"
                ),
                first: self.commas.first,
                count: 1,
            });
        } else if points + commas == 0
            && let Some((first, point, comma)) = unsure.first()
        {
            remarks.push(self.assumed(mark, *first, *point, *comma, unsure.len()));
        }
        let followed = match (mixed, points + commas, mark) {
            (true, ..) => Seen::MarkUnsettled,
            (false, 0, Mark::Point) => Seen::PointAssumed,
            (false, 0, Mark::Comma) => Seen::CommaAssumed,
            (false, ..) => Seen::MarkFollowed,
        };
        let followed = (followed, Tally::of(unsure.iter().map(|(at, ..)| *at)));
        for (at, point, comma) in unsure {
            let exact = if mark == Mark::Point { point } else { comma };
            if mixed {
                unsettled.push((at, Wrong::MarkUnsettled, shown(point, comma)));
                continue;
            }
            match V::of_exact(exact, self.scale) {
                Ok((value, rounded)) => {
                    self.slots.settle(at, value);
                    self.note_rounded(at, rounded);
                }
                Err(wrong) => unsettled.push((at, wrong, shown(point, comma))),
            }
        }
        if self.rounded.count > 0 {
            remarks.push(Remark {
                code: &ROUNDED_VALUES,
                severity: Severity::Info,
                message: format!(
                    "has values with more than {} decimals, rounded half away from zero",
                    self.scale
                ),
                first: self.rounded.first,
                count: self.rounded.count,
            });
        }
        let (values, valid) = self.slots.finish(rows);
        let filled = valid.as_ref().map_or(rows, |v| rows - v.null_count());
        let in_units = Tally {
            count: if self.unit > 0 { filled as u64 } else { 0 },
            first: 0,
        };
        if in_units.count > 0 {
            remarks.push(Remark {
                code: &SCALED_COLUMN,
                severity: Severity::Info,
                message: format!(
                    "gives its unit: every value was taken times {}",
                    10u64.pow(self.unit)
                ),
                first: 0,
                count: in_units.count,
            });
        }
        Finished {
            array: V::array(values, valid, self.scale),
            unsettled,
            remarks,
            grounds: vec![
                (Seen::Scaled, in_units),
                (Seen::WrittenNumbers, self.written),
                (Seen::DecimalPoint, self.points),
                (Seen::DecimalComma, self.commas),
                followed,
                (Seen::WholeAmounts, self.whole),
                (Seen::Rounded, self.rounded),
            ],
        }
    }

    fn assumed(
        &self,
        mark: Mark,
        first: usize,
        point: Exact,
        comma: Exact,
        count: usize,
    ) -> Remark {
        let (name, read) = match mark {
            Mark::Point => ("point", point),
            Mark::Comma => ("comma", comma),
        };
        Remark {
            code: &DECIMAL_MARK_ASSUMED,
            severity: Severity::Info,
            message: format!(
                "proves no decimal mark; by a decimal {name}, `{}` was read as {}",
                shown(point, comma),
                read.to_f64()
            ),
            first,
            count: count as u64,
        }
    }
}

/// A cell that is a thousand or a thousandth, as it was written.
fn shown(point: Exact, comma: Exact) -> String {
    let (decimal, mark) = if point.scale > comma.scale {
        (point, '.')
    } else {
        (comma, ',')
    };
    let sign = if decimal.mantissa < 0 { "-" } else { "" };
    let digits = decimal.mantissa.unsigned_abs();
    format!("{sign}{}{mark}{:03}", digits / 1000, digits % 1000)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Decimal128Type;

    use super::super::tests::conventions;
    use super::*;

    fn money(cells: &[Cell<'_>], conventions: &Conventions) -> (Vec<Option<i128>>, Finished) {
        let mut numbers = Numbers::<i128>::new(Kind::Money, 2, "");
        for (at, cell) in cells.iter().enumerate() {
            let _ = numbers.push(at, *cell, conventions);
        }
        let finished = numbers.finish(cells.len(), conventions);
        let values = finished
            .array
            .as_primitive::<Decimal128Type>()
            .iter()
            .collect();
        (values, finished)
    }

    fn texts<'a>(texts: &[&'a str]) -> Vec<Cell<'a>> {
        texts.iter().map(|text| Cell::Text(text)).collect()
    }

    #[test]
    fn the_column_settles_what_a_cell_cannot() {
        let (values, _) = money(&texts(&["1.234", "5,50", "2.000"]), &conventions());
        assert_eq!(values, [Some(123_400), Some(550), Some(200_000)]);
        let (values, finished) = money(&texts(&["1.234", "5.50"]), &conventions());
        assert_eq!(values, [Some(123), Some(550)]);
        assert_eq!(finished.remarks[0].code.name, "rounded-values");
    }

    #[test]
    fn without_evidence_the_assumption_is_told() {
        let (values, finished) = money(&texts(&["1,234", "5"]), &conventions());
        assert_eq!(values, [Some(123_400), Some(500)]);
        assert_eq!(finished.remarks[0].code.name, "decimal-mark-assumed");
        assert!(
            finished.remarks[0]
                .message
                .contains("`1,234` was read as 1234")
        );
    }

    #[test]
    fn a_column_that_mixes_marks_leaves_the_unsure_out() {
        let (values, finished) = money(&texts(&["1,234.50", "1.234,50", "1.234"]), &conventions());
        assert_eq!(values, [Some(123_450), Some(123_450), None]);
        assert_eq!(
            finished.unsettled,
            [(2, Wrong::MarkUnsettled, "1.234".to_owned())]
        );
        assert_eq!(finished.remarks[0].code.name, "mixed-column");
    }

    #[test]
    fn a_currency_without_decimals_has_thousands_only() {
        let mut dong = conventions();
        "VND".clone_into(&mut dong.currency);
        dong.whole_amounts = true;
        let (values, finished) = money(&texts(&["1.234 ₫", "150,000", "-"]), &dong);
        assert_eq!(values, [Some(123_400), Some(15_000_000), None]);
        assert!(finished.remarks.is_empty() && finished.array.null_count() == 1);
    }

    #[test]
    fn cells_of_other_kinds_are_refused() {
        let mut numbers = Numbers::<i64>::new(Kind::Whole, 0, "");
        let conventions = conventions();
        let mut push = |cell| numbers.push(0, cell, &conventions);
        assert_eq!(push(Cell::Number(1.5)), Err(Wrong::Fraction));
        assert_eq!(push(Cell::Serial(45_000.0)), Err(Wrong::DateForNumber));
        assert_eq!(push(Cell::Text("5%")), Err(Wrong::Percent));
        assert_eq!(push(Cell::Number(1e300)), Err(TOO_LONG));
        assert_eq!(push(Cell::Number(3.0)), Ok(()));
    }
}
