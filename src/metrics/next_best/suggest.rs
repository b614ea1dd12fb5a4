//! From pairs to what to offer whom.

use super::{Pair, PairCounts, Product, Purchases};
use crate::workspace::NextBestProduct;

/// A product for a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Suggestion {
    /// The product.
    pub product: u32,
    /// The product they have bought that speaks for it.
    pub because: u32,
    /// How the two were bought.
    pub pair: Pair,
    /// What suggestions are ordered by: [`Pair::lift_low`], times the expected margin where costs
    /// are known.
    pub score: f64,
}

/// Which product speaks for which.
pub struct Suggestions<'a> {
    products: &'a [Product],
    /// By product bought: what it speaks for, the best first.
    by_product: Vec<Vec<Suggestion>>,
    most: usize,
    /// By product: the last customer who was seen to have it, counted from 1.
    owner: Vec<u32>,
}

impl<'a> Suggestions<'a> {
    /// A pair speaks where enough units have both, the confidence is above the base rate beyond
    /// chance (the lower end of its interval is), the product is in stock as far as is known, and it
    /// earns something where its margin is known. Where only some margins are known, the others are
    /// taken to be their mean.
    pub fn of(counts: &PairCounts, purchases: &'a Purchases, settings: NextBestProduct) -> Self {
        let products = &purchases.products;
        let known: Vec<f64> = counts
            .products
            .iter()
            .filter_map(|product| products[*product as usize].margin)
            .collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let weight = |product: u32| match products[product as usize].margin {
            _ if known.is_empty() => 1.0,
            Some(margin) => margin,
            None => mean,
        };
        let mut by_product = vec![Vec::new(); products.len()];
        for (a, b, pair) in counts.pairs(settings.min_count) {
            let (because, product) = (counts.products[a], counts.products[b]);
            let low = pair.lift_low();
            let score = low * weight(product);
            if low > 1.0 && score > 0.0 && !products[product as usize].is_out_of_stock {
                by_product[because as usize].push(Suggestion {
                    product,
                    because,
                    pair,
                    score,
                });
            }
        }
        for speaks_for in &mut by_product {
            speaks_for.sort_by(best_first);
        }
        Self {
            products,
            by_product,
            most: settings.max_per_customer as usize,
            owner: vec![0; products.len()],
        }
    }

    /// The best for a customer (a number from 1 that was not asked for before) who bought `recent`
    /// in the window and `owned` ever, of those that may be offered to their segment; fewer than asked
    /// for where fewer are good.
    pub fn for_customer(
        &mut self,
        customer: u32,
        segment: Option<&str>,
        recent: impl Iterator<Item = u32>,
        owned: impl Iterator<Item = u32>,
    ) -> Vec<Suggestion> {
        for product in owned {
            self.owner[product as usize] = customer;
        }
        let is_allowed = |product: u32| {
            let offered_to = &self.products[product as usize].offered_to;
            offered_to.is_empty() || offered_to.iter().any(|name| Some(name.as_str()) == segment)
        };
        let mut best: Vec<Suggestion> = Vec::new();
        for because in recent {
            // No more of one list can be among the best of all: what stands before them is better.
            let open = self.by_product[because as usize]
                .iter()
                .filter(|found| self.owner[found.product as usize] != customer)
                .filter(|found| is_allowed(found.product))
                .take(self.most);
            for found in open {
                match best.iter_mut().find(|other| other.product == found.product) {
                    Some(other) if best_first(found, other).is_lt() => *other = *found,
                    Some(_) => {}
                    None => best.push(*found),
                }
            }
        }
        best.sort_by(best_first);
        best.truncate(self.most);
        best
    }
}

fn best_first(a: &Suggestion, b: &Suggestion) -> std::cmp::Ordering {
    b.score
        .total_cmp(&a.score)
        .then(a.product.cmp(&b.product))
        .then(a.because.cmp(&b.because))
}
