//! Columns of dates and of moments.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, TimestampSecondArray};
use datafusion::arrow;

use super::{Conventions, Finished, Remark, Slots, Wrong};
use crate::diagnostics::Severity;
use crate::diagnostics::codes::intake::{BUDDHIST_YEARS, DATE_ORDER_ASSUMED, MIXED_COLUMN};
use crate::intake::cells::Cell;
use crate::intake::evidence::{Seen, Tally};
use crate::intake::values::day::{Moment, Order, Reading, from_number, from_serial, read};
use crate::tables::Kind;

/// A column of dates being built. Values are seconds since 1970.
pub(super) struct Moments {
    kind: Kind,
    slots: Slots<i64>,
    /// Cells that are one day with the day first and another with the month first.
    unsure: Vec<(usize, Moment, Moment)>,
    day_first: Tally,
    month_first: Tally,
    buddhist: Tally,
    common: Tally,
    written: Tally,
    declared: Tally,
}

impl Moments {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            slots: Slots::default(),
            unsure: Vec::new(),
            day_first: Tally::default(),
            month_first: Tally::default(),
            buddhist: Tally::default(),
            common: Tally::default(),
            written: Tally::default(),
            declared: Tally::default(),
        }
    }

    pub(super) fn push(
        &mut self,
        at: usize,
        cell: Cell<'_>,
        conventions: &Conventions,
    ) -> Result<(), Wrong> {
        let moment = match cell {
            Cell::Serial(serial) => from_serial(serial, conventions.is_1904),
            Cell::Number(number) => from_number(number, conventions.is_1904),
            Cell::Text(text) => {
                let reading = read(text, conventions.order, conventions.is_1904);
                match reading.map_err(Wrong::Day)? {
                    Reading::Nothing => return Ok(()),
                    Reading::Sure(moment, order) => {
                        self.written.add(at);
                        if conventions.order.is_some() {
                            self.declared.add(at);
                        }
                        match order {
                            Some(Order::DayMonthYear) => self.day_first.add(at),
                            Some(Order::MonthDayYear) => self.month_first.add(at),
                            _ => {}
                        }
                        Ok(moment)
                    }
                    Reading::Unsure {
                        day_first,
                        month_first,
                    } => {
                        self.written.add(at);
                        self.era(at, day_first);
                        self.unsure.push((at, day_first, month_first));
                        return Ok(());
                    }
                }
            }
            Cell::Duration(_) | Cell::Bool(_) | Cell::Error(_) => return Err(Wrong::Kind),
        };
        let moment = moment.map_err(Wrong::Day)?;
        self.era(at, moment);
        self.slots.put(at, seconds(moment));
        Ok(())
    }

    fn era(&mut self, at: usize, moment: Moment) {
        if moment.buddhist {
            self.buddhist.add(at);
        } else {
            self.common.add(at);
        }
    }

    pub(super) fn finish(mut self, rows: usize) -> Finished {
        let mut unsettled = Vec::new();
        let mut remarks = Vec::new();
        let mixed = self.day_first.count > 0 && self.month_first.count > 0;
        let month_first = self.month_first.count > 0;
        if mixed {
            remarks.push(Remark {
                code: &MIXED_COLUMN,
                severity: Severity::Warning,
                message: format!(
                    "has dates with the day first ({}) and with the month first ({})",
                    self.day_first.count, self.month_first.count
                ),
                first: self.month_first.first,
                count: 1,
            });
        }
        let assumed = self.day_first.count + self.month_first.count == 0;
        if let (true, Some((first, day_first, _))) = (assumed, self.unsure.first()) {
            remarks.push(Remark {
                code: &DATE_ORDER_ASSUMED,
                severity: Severity::Info,
                message: format!(
                    "proves no order of day and month; with the day first, `{}` was read as {}",
                    shown(*day_first),
                    iso(*day_first)
                ),
                first: *first,
                count: self.unsure.len() as u64,
            });
        }
        let unsure = Tally::of(self.unsure.iter().map(|(at, ..)| *at));
        let followed = match (mixed, assumed) {
            (true, _) => Seen::OrderUnsettled,
            (false, true) => Seen::OrderAssumed,
            (false, false) => Seen::OrderFollowed,
        };
        let mut grounds = vec![
            (Seen::WrittenDates, self.written),
            (Seen::OrderDeclared, self.declared),
            (Seen::DayFirst, self.day_first),
            (Seen::MonthFirst, self.month_first),
            (followed, unsure),
            (Seen::BuddhistYears, self.buddhist),
        ];
        if self.buddhist.count > 0 {
            grounds.push((Seen::CommonYears, self.common));
        }
        for (at, day, month) in std::mem::take(&mut self.unsure) {
            if mixed {
                unsettled.push((at, Wrong::OrderUnsettled, shown(day)));
            } else {
                let moment = if month_first { month } else { day };
                self.slots.settle(at, seconds(moment));
            }
        }
        remarks.extend(self.eras());
        let (values, valid) = self.slots.finish(rows);
        let array: ArrayRef = if self.kind == Kind::Time {
            Arc::new(TimestampSecondArray::new(values.into(), valid))
        } else {
            let days: Vec<i32> = values.iter().map(|s| s.div_euclid(86_400) as i32).collect();
            Arc::new(Date32Array::new(days.into(), valid))
        };
        Finished {
            array,
            unsettled,
            remarks,
            grounds,
        }
    }

    fn eras(&self) -> Option<Remark> {
        let (buddhist, common) = (self.buddhist, self.common);
        if buddhist.count == 0 {
            return None;
        }
        let mixed = common.count > 0;
        let (code, severity) = if mixed {
            (&MIXED_COLUMN, Severity::Warning)
        } else {
            (&BUDDHIST_YEARS, Severity::Info)
        };
        let message = if mixed {
            format!(
                "has Buddhist years ({}) and years of the common era ({}); 543 was taken off the former",
                buddhist.count, common.count
            )
        } else {
            "has Buddhist years; 543 was taken off them".to_owned()
        };
        let fewer_common = common.count < buddhist.count && mixed;
        let first = if fewer_common {
            common.first
        } else {
            buddhist.first
        };
        let count = if mixed { 1 } else { buddhist.count };
        Some(Remark {
            code,
            severity,
            message,
            first,
            count,
        })
    }
}

fn seconds(moment: Moment) -> i64 {
    i64::from(moment.day) * 86_400 + i64::from(moment.second)
}

fn iso(moment: Moment) -> String {
    chrono::NaiveDate::from_epoch_days(moment.day).map_or_else(String::new, |date| date.to_string())
}

/// A date of unsettled order, as it was written.
fn shown(day_first: Moment) -> String {
    use chrono::Datelike;
    chrono::NaiveDate::from_epoch_days(day_first.day).map_or_else(String::new, |date| {
        let year = date.year() + if day_first.buddhist { 543 } else { 0 };
        format!("{:02}/{:02}/{year}", date.day(), date.month())
    })
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::Date32Type;

    use super::super::tests::conventions;
    use super::*;

    fn dates(cells: &[Cell<'_>]) -> (Vec<Option<String>>, Finished) {
        let mut moments = Moments::new(Kind::Date);
        for (at, cell) in cells.iter().enumerate() {
            let _ = moments.push(at, *cell, &conventions());
        }
        let finished = moments.finish(cells.len());
        let days = finished.array.as_primitive::<Date32Type>();
        let days = days.iter().map(|day| {
            day.and_then(chrono::NaiveDate::from_epoch_days)
                .map(|date| date.to_string())
        });
        (days.collect(), finished)
    }

    fn said(finished: &Finished) -> Vec<&str> {
        finished
            .remarks
            .iter()
            .map(|remark| remark.code.name)
            .collect()
    }

    fn some(days: &[&str]) -> Vec<Option<String>> {
        days.iter().map(|day| Some((*day).to_owned())).collect()
    }

    #[test]
    fn one_cell_proves_the_order_of_the_column() {
        let (days, finished) = dates(&[Cell::Text("03/04/2026"), Cell::Text("25/04/2026")]);
        assert_eq!(days, some(&["2026-04-03", "2026-04-25"]));
        assert!(finished.remarks.is_empty());
        let (days, _) = dates(&[Cell::Text("03/04/2026"), Cell::Text("04/25/2026")]);
        assert_eq!(days, some(&["2026-03-04", "2026-04-25"]));
    }

    #[test]
    fn without_proof_the_day_comes_first_and_that_is_told() {
        let (days, finished) = dates(&[Cell::Text("03/04/2569")]);
        assert_eq!(days, some(&["2026-04-03"]));
        assert_eq!(said(&finished), ["date-order-assumed", "buddhist-years"]);
        assert!(
            finished.remarks[0]
                .message
                .contains("`03/04/2569` was read as 2026-04-03")
        );
    }

    #[test]
    fn proof_of_both_orders_settles_nothing() {
        let cells = ["25/04/2026", "04/25/2026", "03/04/2026"].map(Cell::Text);
        let (days, finished) = dates(&cells);
        assert_eq!(days[2], None);
        assert_eq!(
            finished.unsettled,
            [(2, Wrong::OrderUnsettled, "03/04/2026".to_owned())]
        );
        assert_eq!(said(&finished), ["mixed-column"]);
    }

    #[test]
    fn eras_are_told_apart_and_mixtures_flagged() {
        let (days, finished) = dates(&[Cell::Serial(243_983.0), Cell::Serial(45_657.0)]);
        assert_eq!(days, some(&["2024-12-31", "2024-12-31"]));
        assert_eq!(said(&finished), ["mixed-column"]);
        let (_, finished) = dates(&[Cell::Serial(243_983.0), Cell::Text("29/02/2567")]);
        assert_eq!(said(&finished), ["buddhist-years"]);
        assert_eq!(finished.remarks[0].count, 2);
    }
}
