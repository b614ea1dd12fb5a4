//! The rules once more, as trees that read columns: what rhai would answer, many times faster.
//!
//! A rule is asked of every customer in every period, a million times in a large run, and most of
//! what it does is to read facts and compare numbers. [`lower`] turns the functions of a file into
//! trees of just that, with facts bound to their columns, functions called in place and variables
//! in numbered slots; a [`Machine`] works a tree out for one row after another.
//!
//! rhai stays the judge of what a rule means. Whatever a tree does not know (loops, texts put
//! together, a function used once in a blue moon) and whatever would be an error (a missing fact, a
//! text compared with a number) hands the row back, and rhai runs it from the start: so no message,
//! no limit and no trace is written twice, and a tree can only ever be quicker, not different.
//! `tests/lowered.rs` holds the two against each other.

mod calls;
mod compile;
mod functions;
mod machine;
mod tree;
mod value;

pub(super) use compile::lower;
pub(super) use machine::Machine;
pub(super) use tree::{Saying, Tree};
