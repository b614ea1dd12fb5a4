//! How often customers will order again: BG/NBD (Fader, Hardie, Lee 2005) and MBG/NBD (Batislam,
//! Denizel, Filiztekin 2007; Hoppe, Wagner 2007).
//!
//! While alive a customer orders at a rate λ, Gamma(r, α) across customers, and drops out with a
//! chance p, Beta(a, b) across customers: after each repeat order in BG/NBD, after the first order
//! too in MBG/NBD. With k the chances there were to drop out, x or x + 1, both models share their
//! formulas, which here are written once.

use super::History;
use super::hypergeometric::orders_if_alive;

/// Which of the two models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrderModelKind {
    /// Customers may drop out after each repeat order: who bought once is alive for certain.
    BgNbd,
    /// Customers may drop out after any order, the first among them.
    MbgNbd,
}

impl OrderModelKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::BgNbd, Self::MbgNbd];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::BgNbd => "bgnbd",
            Self::MbgNbd => "mbgnbd",
        }
    }

    /// How many times a customer of so many repeat orders could have dropped out.
    pub(super) fn chances(self, repeat_orders: u32) -> u32 {
        match self {
            Self::BgNbd => repeat_orders,
            Self::MbgNbd => repeat_orders + 1,
        }
    }
}

/// A model with its parameters, all of them positive; α in weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderModel {
    /// Which model.
    pub kind: OrderModelKind,
    /// Shape of the order rates.
    pub r: f64,
    /// Scale of the order rates, in weeks: the mean rate is r ÷ α a week.
    pub alpha: f64,
    /// First shape of the chance to drop out: its mean is a ÷ (a + b).
    pub a: f64,
    /// Second shape of the chance to drop out.
    pub b: f64,
}

impl OrderModel {
    /// ln of the odds that the customer had dropped out by now: ln(a ÷ (b + k − 1)) +
    /// (r + x) ln((α + T) ÷ (α + t_x)). None where there was no chance to.
    pub(super) fn dropout_odds(&self, history: &History) -> Option<f64> {
        let chances = self.kind.chances(history.repeat_orders);
        let shape = self.r + f64::from(history.repeat_orders);
        let before = self.b + f64::from(chances) - 1.0;
        (chances > 0).then(|| {
            libm::log(self.a / before)
                + shape * libm::log((self.alpha + history.age) / (self.alpha + history.recency))
        })
    }

    /// The chance that the customer will order again, 0 to 1. In BG/NBD it is 1 for who has bought
    /// once, however long ago: ask MBG/NBD there.
    pub fn probability_alive(&self, history: &History) -> f64 {
        self.dropout_odds(history)
            .map_or(1.0, |odds| 1.0 / (1.0 + libm::exp(odds)))
    }

    /// Orders to expect in the weeks ahead of a customer who is alive.
    pub fn expected_orders_if_alive(&self, repeat_orders: u32, age: f64, weeks: f64) -> f64 {
        let chances = self.kind.chances(repeat_orders);
        orders_if_alive(
            self.r + f64::from(repeat_orders),
            self.a,
            self.b + f64::from(chances),
            weeks / (self.alpha + age),
        )
    }

    /// Orders to expect in the weeks ahead: E[Y(t) | x, t_x, T].
    pub fn expected_orders(&self, history: &History, weeks: f64) -> f64 {
        self.probability_alive(history)
            * self.expected_orders_if_alive(history.repeat_orders, history.age, weeks)
    }

    /// Repeat orders to expect of a customer in the weeks after the first order.
    pub fn expected_orders_of_new(&self, weeks: f64) -> f64 {
        let new = History {
            repeat_orders: 0,
            recency: 0.0,
            age: 0.0,
            mean_repeat_value: None,
        };
        self.expected_orders(&new, weeks)
    }
}
