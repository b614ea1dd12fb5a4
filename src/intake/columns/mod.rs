//! Columns being built, each of one kind, cell after cell.
//!
//! What a cell alone does not settle waits, in a few bytes, until the column has been seen: a
//! decimal mark, an order of day and month, an id that ends in `.0`. [`ColumnBuilder::finish`]
//! settles it by the evidence of all cells and says what it decided.

mod moments;
mod numbers;
mod texts;

use arrow::array::{ArrayRef, BooleanArray, BooleanBufferBuilder};
use arrow::buffer::NullBuffer;
use datafusion::arrow;

use super::cells::Cell;
use super::evidence::{Seen, Tally};
use super::flaw::Fault;
use super::values::day::{DayError, Order};
use super::values::number::{Mark, NumberError};
use super::values::text;
use crate::diagnostics::{Code, Severity};
use crate::tables::{Column, Kind, PRICE_SCALE, QUANTITY_SCALE};
use moments::Moments;
use numbers::Numbers;
use texts::Texts;

/// What cells are read by where they do not speak for themselves.
#[derive(Debug, Clone)]
pub(super) struct Conventions {
    /// The client's currency.
    pub(super) currency: String,
    /// Whether amounts in it have no decimals, so that a mark in one stands for thousands.
    pub(super) whole_amounts: bool,
    /// The decimals that amounts are kept with.
    pub(super) money_scale: u32,
    /// The decimal mark where a column proves none.
    pub(super) mark: Mark,
    /// The declared order of day, month and year.
    pub(super) order: Option<Order>,
    /// Whether serials count from 1904.
    pub(super) is_1904: bool,
    /// Columns of ids whose numbers have at least so many digits.
    pub(super) digits: Vec<(&'static str, u32)>,
    /// Columns of which one cell stands for the rows below it that have none.
    pub(super) fill_down: Vec<&'static str>,
}

#[cfg(any(test, feature = "fuzzing"))]
impl Conventions {
    /// Those of a client in Thailand who declares nothing.
    pub(super) fn of_a_thai_client() -> Self {
        Self {
            currency: "THB".to_owned(),
            whole_amounts: false,
            money_scale: 2,
            mark: Mark::Point,
            order: None,
            is_1904: false,
            digits: Vec::new(),
            fill_down: Vec::new(),
        }
    }
}

/// Why a cell cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A formula that failed.
    FormulaError,
    /// Not the kind of thing that belongs here.
    Kind,
    /// Not a number.
    Number(NumberError),
    /// Not a date.
    Day(DayError),
    /// A share where an amount belongs.
    Percent,
    /// A fraction where a whole number belongs.
    Fraction,
    /// Formatted as a date where a number belongs.
    DateForNumber,
    /// Not one of the words the column takes, which are these.
    Choice(String),
    /// Thousands or decimals: the column uses both marks.
    MarkUnsettled,
    /// Day or month first: the column uses both orders.
    OrderUnsettled,
}

impl Wrong {
    /// The sentence for a cell.
    pub(super) fn say(&self, shown: &str, kind: Kind) -> String {
        let noun = kind.noun();
        match self {
            Self::FormulaError => format!("`{shown}` is the error of a formula, not {noun}"),
            Self::Kind | Self::Number(NumberError::NotANumber) | Self::Day(DayError::NotADate) => {
                format!("`{shown}` is not {noun}")
            }
            Self::Number(NumberError::Grouping) => {
                format!("`{shown}` is not {noun}: its thousands are not groups of three digits")
            }
            Self::Number(NumberError::TooLong) => format!("`{shown}` has too many digits"),
            Self::Number(NumberError::OtherCurrency(code)) => {
                format!("`{shown}` is in {code}, not in the client's currency")
            }
            Self::Day(DayError::NoSuchDay) => format!("`{shown}` is not a day of the calendar"),
            Self::Day(DayError::TwoDigitYear) => {
                format!("`{shown}` has a year of two digits, which can be several years")
            }
            Self::Day(DayError::Year(year)) => {
                format!("`{shown}` has the year {year}, which is neither common era nor Buddhist")
            }
            Self::Day(DayError::Order) => {
                format!("`{shown}` does not have the declared order of day, month and year")
            }
            Self::Percent => format!("`{shown}` is a percentage, not {noun}"),
            Self::Fraction => format!("`{shown}` is not a whole number"),
            Self::DateForNumber => format!("`{shown}` is formatted as a date, not as {noun}"),
            Self::Choice(words) => format!("`{shown}` is not one of {words}"),
            Self::MarkUnsettled => format!(
                "`{shown}` can be thousands or decimals: the column uses both decimal marks"
            ),
            Self::OrderUnsettled => {
                format!("`{shown}` can be two days: the column has days first and months first")
            }
        }
    }

    /// The same for those who mend the cell.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::FormulaError => Fault::FormulaError,
            Self::Kind | Self::Number(NumberError::NotANumber) | Self::Day(DayError::NotADate) => {
                Fault::NotA
            }
            Self::Number(NumberError::Grouping) => Fault::Grouping,
            Self::Number(NumberError::TooLong) => Fault::TooLong,
            Self::Number(NumberError::OtherCurrency(code)) => {
                Fault::OtherCurrency(code.to_string())
            }
            Self::Day(DayError::NoSuchDay) => Fault::NoSuchDay,
            Self::Day(DayError::TwoDigitYear) => Fault::TwoDigitYear,
            Self::Day(DayError::Year(year)) => Fault::Year(*year),
            Self::Day(DayError::Order) => Fault::Order,
            Self::Percent => Fault::Percent,
            Self::Fraction => Fault::Fraction,
            Self::DateForNumber => Fault::DateForNumber,
            Self::Choice(words) => Fault::Choice(words.clone()),
            Self::MarkUnsettled => Fault::MarkUnsettled,
            Self::OrderUnsettled => Fault::OrderUnsettled,
        }
    }

    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::FormulaError => "correct the formula, or type the value",
            Self::Day(DayError::TwoDigitYear) => "write the year with four digits",
            Self::Day(DayError::Order) | Self::OrderUnsettled => {
                "write the dates one way, or correct `dates` of this file in quarterdeck.toml"
            }
            Self::MarkUnsettled => "write all numbers of the column with one decimal mark",
            Self::Number(NumberError::OtherCurrency(_)) => {
                "convert the amount to the client's currency"
            }
            _ => "correct the cell and run again",
        }
    }
}

/// What was decided about a column, to be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Remark {
    /// What kind of remark.
    pub(super) code: &'static Code,
    /// How much it matters.
    pub(super) severity: Severity,
    /// The sentence, without the column's name.
    pub(super) message: String,
    /// The first row (counted in rows of the table) it is about.
    pub(super) first: usize,
    /// How many cells it is about.
    pub(super) count: u64,
}

/// A column with all its rows.
pub(super) struct Finished {
    /// The values.
    pub(super) array: ArrayRef,
    /// Cells that the whole column could not settle: row, reason, and the cell as shown.
    pub(super) unsettled: Vec<(usize, Wrong, String)>,
    /// What was decided, where it is worth telling.
    pub(super) remarks: Vec<Remark>,
    /// What the cells were read by; what was never seen is left out by who takes it.
    pub(super) grounds: Vec<(Seen, Tally)>,
}

impl Finished {
    fn of(array: ArrayRef) -> Self {
        Self {
            array,
            unsettled: Vec::new(),
            remarks: Vec::new(),
            grounds: Vec::new(),
        }
    }
}

/// A column being built.
pub(super) struct ColumnBuilder {
    column: &'static Column,
    values: Values,
}

enum Values {
    Texts(Texts),
    Decimals(Numbers<i128>),
    Floats(Numbers<f64>),
    Wholes(Numbers<i64>),
    Moments(Moments),
    Flags(Slots<bool>),
}

impl ColumnBuilder {
    /// An empty column below a heading.
    pub(super) fn new(column: &'static Column, heading: &str, conventions: &Conventions) -> Self {
        let scale = |scale: i8| u32::from(scale.unsigned_abs());
        let values = match column.kind {
            Kind::Id | Kind::Text | Kind::Choice(_) | Kind::Period => {
                let mut digits = conventions.digits.iter();
                let digits = digits.find(|(name, _)| *name == column.name);
                Values::Texts(Texts::new(
                    column.kind,
                    digits.map_or(0, |(_, digits)| *digits),
                ))
            }
            Kind::Money => {
                Values::Decimals(Numbers::new(column.kind, conventions.money_scale, heading))
            }
            Kind::Price => Values::Decimals(Numbers::new(column.kind, scale(PRICE_SCALE), heading)),
            Kind::Quantity => {
                Values::Decimals(Numbers::new(column.kind, scale(QUANTITY_SCALE), heading))
            }
            Kind::Number => Values::Floats(Numbers::new(column.kind, 0, heading)),
            Kind::Whole => Values::Wholes(Numbers::new(column.kind, 0, heading)),
            Kind::Date | Kind::Time => Values::Moments(Moments::new(column.kind)),
            Kind::Flag => Values::Flags(Slots::default()),
        };
        Self { column, values }
    }

    /// What the column is.
    pub(super) fn column(&self) -> &'static Column {
        self.column
    }

    /// Takes the cell of row `at`; rows come in order, and those left out are empty.
    pub(super) fn push(
        &mut self,
        at: usize,
        cell: Cell<'_>,
        conventions: &Conventions,
    ) -> Result<(), Wrong> {
        if let Cell::Error(_) = cell {
            return Err(Wrong::FormulaError);
        }
        match &mut self.values {
            Values::Texts(texts) => texts.push(at, cell, conventions),
            Values::Decimals(numbers) => numbers.push(at, cell, conventions),
            Values::Floats(numbers) => numbers.push(at, cell, conventions),
            Values::Wholes(numbers) => numbers.push(at, cell, conventions),
            Values::Moments(moments) => moments.push(at, cell, conventions),
            Values::Flags(slots) => {
                let said = match cell {
                    Cell::Bool(yes) => Some(yes),
                    Cell::Number(x) if x == 0.0 || x == 1.0 => Some(x == 1.0),
                    Cell::Text(text) if text::says_nothing(text.trim()) => return Ok(()),
                    Cell::Text(text) => text::flag(text),
                    _ => None,
                };
                slots.put(at, said.ok_or(Wrong::Kind)?);
                Ok(())
            }
        }
    }

    /// The text of row `at`, which is the last one that was given a cell; none in a column of
    /// anything but texts.
    pub(super) fn text_at(&self, at: usize) -> Option<&str> {
        match &self.values {
            Values::Texts(texts) => texts.at(at),
            _ => None,
        }
    }

    /// The column with `rows` rows.
    pub(super) fn finish(self, rows: usize, conventions: &Conventions) -> Finished {
        match self.values {
            Values::Texts(texts) => texts.finish(rows),
            Values::Decimals(numbers) => numbers.finish(rows, conventions),
            Values::Floats(numbers) => numbers.finish(rows, conventions),
            Values::Wholes(numbers) => numbers.finish(rows, conventions),
            Values::Moments(moments) => moments.finish(rows),
            Values::Flags(slots) => {
                let (values, valid) = slots.finish(rows);
                Finished::of(std::sync::Arc::new(BooleanArray::new(values.into(), valid)))
            }
        }
    }
}

/// Values by row, with gaps.
#[derive(Default)]
struct Slots<T> {
    values: Vec<T>,
    valid: Option<BooleanBufferBuilder>,
}

impl<T: Copy + Default> Slots<T> {
    /// The value of row `at`, which is the last row so far or later.
    fn put(&mut self, at: usize, value: T) {
        self.pad(at);
        self.values.push(value);
        if let Some(valid) = &mut self.valid {
            valid.append(true);
        }
    }

    /// The value of a row that was passed over.
    fn settle(&mut self, at: usize, value: T) {
        self.pad(at + 1);
        self.values[at] = value;
        if let Some(valid) = &mut self.valid {
            valid.set_bit(at, true);
        }
    }

    /// Empty rows up to `rows`.
    fn pad(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.values.len());
        if missing == 0 {
            return;
        }
        let valid = self.valid.get_or_insert_with(|| {
            let mut valid = BooleanBufferBuilder::new(rows);
            valid.append_n(self.values.len(), true);
            valid
        });
        valid.append_n(missing, false);
        self.values.resize(rows, T::default());
    }

    fn finish(mut self, rows: usize) -> (Vec<T>, Option<NullBuffer>) {
        self.pad(rows);
        let valid = self.valid.map(|mut valid| NullBuffer::new(valid.finish()));
        (self.values, valid)
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;

    pub(super) fn conventions() -> Conventions {
        Conventions::of_a_thai_client()
    }

    #[test]
    fn rows_left_out_are_empty() {
        static COLUMN: Column = Column::new("joint", Kind::Flag, [&[], &[], &[]]);
        let mut builder = ColumnBuilder::new(&COLUMN, "", &conventions());
        builder.push(1, Cell::Text("Yes"), &conventions()).unwrap();
        assert_eq!(
            builder.push(2, Cell::Text("perhaps"), &conventions()),
            Err(Wrong::Kind)
        );
        assert_eq!(
            builder.push(3, Cell::Error("#N/A"), &conventions()),
            Err(Wrong::FormulaError)
        );
        builder.push(4, Cell::Number(0.0), &conventions()).unwrap();
        let finished = builder.finish(6, &conventions());
        let flags: Vec<_> = finished.array.as_boolean().iter().collect();
        assert_eq!(flags, [None, Some(true), None, None, Some(false), None]);
    }

    #[test]
    fn every_reason_is_a_sentence() {
        let said = Wrong::Day(DayError::NoSuchDay).say("31/02/2026", Kind::Date);
        assert_eq!(said, "`31/02/2026` is not a day of the calendar");
        let said = Wrong::Number(NumberError::NotANumber).say("abc", Kind::Money);
        assert_eq!(said, "`abc` is not an amount");
    }
}
