//! Why a column was read as it was: what its header was recognised by, and what its cells proved.
//!
//! Diagnostics tell what somebody may have to put right. This tells what was decided without anybody,
//! so that whoever doubts a figure can see on which cells the decision stands.

use serde::{Deserialize, Serialize};

use super::recognise::Why;

/// How one column of a table of a sheet was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its name in the table.
    pub name: &'static str,
    /// Its header as written.
    pub header: String,
    /// Its place in the sheet, from 0; none where it is put together of others and of names.
    pub column: Option<u32>,
    /// Why the header is taken for it.
    pub why: Why,
    /// Rows below the header with a value in it that could be read.
    pub filled: u64,
    /// What its cells were read by, in the order in which it was decided.
    pub grounds: Vec<Ground>,
}

/// One thing that was seen or decided in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// What it is.
    pub seen: Seen,
    /// How many cells it is about.
    pub cells: u64,
    /// The first of them: a row of the sheet, from 1.
    pub row: u32,
}

/// What is seen in the cells of a column, or decided about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// Dates that are texts, not dates of the workbook.
    WrittenDates,
    /// Dates that can only have the day first.
    DayFirst,
    /// Dates that can only have the month first.
    MonthFirst,
    /// Dates that could be read both ways, read by the other dates of the column.
    OrderFollowed,
    /// Dates that are texts, read in the order that the settings declare.
    OrderDeclared,
    /// Dates that could be read both ways and were read with the day first, for want of proof.
    OrderAssumed,
    /// Dates that could be read both ways in a column that proves both; none is used.
    OrderUnsettled,
    /// Years of the Buddhist era.
    BuddhistYears,
    /// Years of the common era beside Buddhist ones.
    CommonYears,
    /// Values taken times a thousand or a million, as the heading says.
    Scaled,
    /// Numbers that are texts.
    WrittenNumbers,
    /// Numbers that can only have a decimal point.
    DecimalPoint,
    /// Numbers that can only have a decimal comma.
    DecimalComma,
    /// Numbers that could be read both ways, read by the other numbers of the column.
    MarkFollowed,
    /// Numbers that could be read both ways and were read by a decimal point, for want of proof.
    PointAssumed,
    /// Numbers that could be read both ways and were read by a decimal comma, for want of proof.
    CommaAssumed,
    /// Numbers that could be read both ways in a column that proves both; none is used.
    MarkUnsettled,
    /// Amounts whose mark stands for thousands, since the currency has no decimals.
    WholeAmounts,
    /// Values with more decimals than are kept.
    Rounded,
    /// Ids that are numbers of the workbook, which keeps no leading zeros.
    NumbersAsIds,
    /// Ids that ended in `.0`.
    DotZero,
    /// Ids that were filled up with zeros, as declared.
    ZerosFilled,
}

impl Seen {
    /// The key of the sentence, below `quality.seen`.
    pub fn key(self) -> &'static str {
        match self {
            Self::WrittenDates => "written-dates",
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
            Self::OrderFollowed => "order-followed",
            Self::OrderDeclared => "order-declared",
            Self::OrderAssumed => "order-assumed",
            Self::OrderUnsettled => "order-unsettled",
            Self::BuddhistYears => "buddhist-years",
            Self::CommonYears => "common-years",
            Self::Scaled => "scaled",
            Self::WrittenNumbers => "written-numbers",
            Self::DecimalPoint => "decimal-point",
            Self::DecimalComma => "decimal-comma",
            Self::MarkFollowed => "mark-followed",
            Self::PointAssumed => "point-assumed",
            Self::CommaAssumed => "comma-assumed",
            Self::MarkUnsettled => "mark-unsettled",
            Self::WholeAmounts => "whole-amounts",
            Self::Rounded => "rounded",
            Self::NumbersAsIds => "numbers-as-ids",
            Self::DotZero => "dot-zero",
            Self::ZerosFilled => "zeros-filled",
        }
    }

    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::WrittenDates,
        Self::DayFirst,
        Self::MonthFirst,
        Self::OrderFollowed,
        Self::OrderDeclared,
        Self::OrderAssumed,
        Self::OrderUnsettled,
        Self::BuddhistYears,
        Self::CommonYears,
        Self::Scaled,
        Self::WrittenNumbers,
        Self::DecimalPoint,
        Self::DecimalComma,
        Self::MarkFollowed,
        Self::PointAssumed,
        Self::CommaAssumed,
        Self::MarkUnsettled,
        Self::WholeAmounts,
        Self::Rounded,
        Self::NumbersAsIds,
        Self::DotZero,
        Self::ZerosFilled,
    ];
}

/// How often something was seen while a column was built, and where first.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    /// How often.
    pub(super) count: u64,
    /// The first row, counted in rows of the table.
    pub(super) first: usize,
}

impl Tally {
    /// Once more.
    #[inline]
    pub(super) fn add(&mut self, at: usize) {
        if self.count == 0 {
            self.first = at;
        }
        self.count += 1;
    }

    /// Of these rows, which are in order.
    pub(super) fn of(rows: impl IntoIterator<Item = usize>) -> Self {
        let mut tally = Self::default();
        rows.into_iter().for_each(|at| tally.add(at));
        tally
    }
}
