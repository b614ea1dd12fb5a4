//! to do
/// x
pub fn markdown() -> String { String::new() }
