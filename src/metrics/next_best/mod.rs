//! Next best product: what customers like this one have bought, and this one has not.
//!
//! ```text
//! Purchases ─► Baskets ─► PairCounts ─► Pair (support, confidence, lift, …) ─► Suggestion
//! ```
//!
//! A *unit* is what two products are counted in: a customer, or a basket ([`PairLevel`]). Shares are
//! 0 to 1; a product is its place in [`Purchases::products`].
//!
//! [`PairLevel`]: crate::workspace::PairLevel

mod counts;
mod pair;
mod provide;
mod read;
mod suggest;

#[cfg(test)]
mod tests;

pub use counts::{MOST_PRODUCTS, PairCounts, Taken};
pub use pair::{Pair, wilson_low};
pub use provide::{PAIRS, SUGGESTIONS, Wanted, provide, register_empty};
pub use read::{Product, Purchases};
pub use suggest::{Suggestion, Suggestions};
