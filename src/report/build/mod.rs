//! Builds the report model: figures of the stages before, in the words of a language.

pub mod roi;
