//! What a model of orders expects of customers, worked out once for all who have it in common.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{History, OrderModel};

/// What is expected of customers if they are alive, which depends on their number of orders and age
/// alone: worked out once for all that have both in common.
pub(super) struct Ahead<T>(BTreeMap<(u32, u64), T>);

impl<T: Send> Ahead<T> {
    /// `of` is handed the orders to expect in so many weeks.
    pub(super) fn of<'a>(
        model: &OrderModel,
        histories: impl Iterator<Item = &'a History>,
        of: impl Fn(&dyn Fn(f64) -> f64) -> T + Sync,
    ) -> Self {
        let mut keys: Vec<(u32, u64)> = histories.map(Self::key).collect();
        keys.sort_unstable();
        keys.dedup();
        let worked_out: Vec<T> = keys
            .par_iter()
            .map(|(orders, age)| {
                let age = f64::from_bits(*age);
                of(&|weeks| model.expected_orders_if_alive(*orders, age, weeks))
            })
            .collect();
        Self(keys.into_iter().zip(worked_out).collect())
    }

    fn key(history: &History) -> (u32, u64) {
        (history.repeat_orders, history.age.to_bits())
    }

    /// Of one of the histories it was made of.
    pub(super) fn get(&self, history: &History) -> &T {
        &self.0[&Self::key(history)]
    }
}
