//! The run: its lock, its record, and the publishing of its reports.

pub mod lock;
pub mod manifest;
pub mod publish;
