//! What a single cell says: numbers, days, words and periods, as people write them.
//!
//! Reading a cell never guesses. Where a cell alone does not settle its meaning (`1.234`,
//! `03/04/2026`) the reading is *unsure* and the column decides, by the evidence of its other cells.

pub(super) mod day;
pub(super) mod month;
pub(super) mod number;
pub(super) mod scale;
pub(super) mod text;
