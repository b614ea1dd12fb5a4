//! The report: its model, its words, its charts, and how it becomes HTML and workbooks.

pub mod model;
pub mod xlsx;
