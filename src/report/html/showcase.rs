//! Reports as clients would have them, to look at: the whole scorecard of a café chain in its eighth
//! quarter, and a first report over transactions alone.
//!
//! `QUARTERDECK_PAGES=/some/folder cargo test --lib write_the_pages` writes them in every language.
