//! DataFusion, embedded: facts per customer and period, measures per period, from SQL files.

mod measure;

pub use measure::{Measure, MeasureRow};
