//! The report: its model, its words, its charts, and how it becomes HTML and workbooks.

pub mod build;
pub mod charts;
pub mod fixture;
pub mod html;
pub mod locale;
pub mod model;
pub mod templates;
pub mod xlsx;

pub use templates::check;
