//! RFM scores: recency, frequency and monetary value, each from 1 to 5, 5 the best.
//!
//! Recency is the days since the last purchase ever, frequency the purchase occasions and monetary
//! value the net revenue of the look-back window (in total, or per occasion). A [`Ruler`] says which
//! value scores what; [`Ruler::of`] makes one from the customers of a period, and any ruler can be
//! laid on the customers of another.
//!
//! | method | where it cuts |
//! |---|---|
//! | `quantile` | at type-1 quintiles (inverse of the distribution function, Hyndman and Fan 1996); equal values share a score, cut points may coincide and scores may be left out, so that a 5 always means the top fifth |
//! | `thirds` | at type-1 thirds, which score 1, 3 and 5: with few customers a fifth is a handful; of fewer than 50 customers where no method is set |
//! | `quantile-7` | as the R package `rfm`: type-7 quantiles plus 1, half-open bins |
//! | `thresholds` | where the client says, at quintiles where it says nothing |
//! | `nested` | quintiles of frequency among those of one recency score, of monetary value among those of one recency and frequency score |
//! | `rank` | into five groups of one size (SQL's `ntile`): customers with equal values are put into different groups in order of their ids |

mod cut;
mod frozen;
#[cfg(test)]
mod tests;

use crate::workspace::{Monetary, Rfm, RfmMethod};

pub use frozen::{FILE, Frozen, FrozenCuts};

/// Customers from which on quintiles are more than noise; with fewer, a period whose method nobody has
/// chosen is scored in thirds.
pub const ENOUGH: usize = 50;

/// The method in force for so many customers: the one that is set, else by their number.
pub fn method_for(settings: &Rfm, customers: usize) -> RfmMethod {
    settings.method.unwrap_or(if customers < ENOUGH {
        RfmMethod::Thirds
    } else {
        RfmMethod::default()
    })
}

/// The values of the customers of one period, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values {
    /// Days since the last purchase.
    pub days: Vec<i128>,
    /// Purchase occasions.
    pub orders: Vec<i128>,
    /// Monetary value in units of `1 / unit`.
    pub amounts: Vec<i128>,
    /// Units of `amounts` in one unit of currency: a power of ten.
    pub unit: i128,
}

impl Values {
    /// Takes the mean of an occasion for the monetary value where that is asked for, rounded half
    /// away from zero. Who bought on no occasion keeps the total: nothing, or what was taken back.
    #[must_use]
    pub fn by(mut self, monetary: Monetary) -> Self {
        if monetary == Monetary::Mean {
            for (amount, orders) in self.amounts.iter_mut().zip(&self.orders) {
                let orders = (*orders).max(1);
                *amount = (*amount + amount.signum() * (orders / 2)) / orders;
            }
        }
        self
    }
}

/// The three scores of each customer, in the order of the values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scores {
    /// 5 for the most recent.
    pub recency: Vec<i64>,
    /// 5 for the most frequent.
    pub frequency: Vec<i64>,
    /// 5 for the greatest.
    pub monetary: Vec<i64>,
}

/// Where four cuts lie, in the units of the values: each is the last value before one. Equal ones
/// leave a score out; there are none where nobody was to be cut.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ends {
    /// The most days that score 5, 4, 3 and 2.
    pub recency: Vec<i128>,
    /// The most orders that score 1, 2, 3 and 4.
    pub frequency: Vec<i128>,
    /// The greatest monetary values that score 1, 2, 3 and 4.
    pub monetary: Vec<i128>,
}

/// Which value scores what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruler {
    /// The same cuts for everybody.
    Cuts(Ends),
    /// Cuts within cuts.
    Nested(Box<Nested>),
    /// Places among the others: it cannot be laid on other customers.
    Rank,
}

/// The cuts of frequency by recency score, and of monetary value by both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nested {
    recency: Vec<i128>,
    /// By recency score, 1 first.
    frequency: [Vec<i128>; 5],
    /// By recency score, then by frequency score.
    monetary: [[Vec<i128>; 5]; 5],
}

impl Default for Ruler {
    fn default() -> Self {
        Self::Cuts(Ends::default())
    }
}

impl Ruler {
    /// The ruler that the customers of a period make.
    pub fn of(settings: &Rfm, values: &Values) -> Self {
        match method_for(settings, values.days.len()) {
            RfmMethod::Quantile => Self::Cuts(cut::by_shares(values, cut::FIFTHS)),
            RfmMethod::Thirds => Self::Cuts(cut::by_shares(values, cut::THIRDS)),
            RfmMethod::Quantile7 => Self::Cuts(cut::as_the_r_package(values)),
            RfmMethod::Thresholds => Self::Cuts(cut::by_thresholds(&settings.thresholds, values)),
            RfmMethod::Nested => Self::Nested(Box::new(cut::nested(values))),
            RfmMethod::Rank => Self::Rank,
        }
    }

    /// The scores of customers, by this ruler.
    pub fn scores(&self, values: &Values) -> Scores {
        match self {
            Self::Cuts(ends) => Scores {
                recency: fewer_is_better(&ends.recency, &values.days),
                frequency: more_is_better(&ends.frequency, &values.orders),
                monetary: more_is_better(&ends.monetary, &values.amounts),
            },
            Self::Nested(nested) => nested.scores(values),
            Self::Rank => cut::by_rank(values),
        }
    }

    /// Whether it can be laid on other customers than those it was made from.
    pub fn is_fixed(&self) -> bool {
        *self != Self::Rank
    }

    /// The cuts that hold for everybody; none where there are none such.
    pub fn ends(&self) -> Option<&Ends> {
        match self {
            Self::Cuts(ends) => Some(ends),
            Self::Nested(_) | Self::Rank => None,
        }
    }

    /// The cuts of recency that hold for everybody; none where there are none such.
    pub fn recency_ends(&self) -> &[i128] {
        match self {
            Self::Cuts(ends) => &ends.recency,
            Self::Nested(nested) => &nested.recency,
            Self::Rank => &[],
        }
    }
}

impl Nested {
    fn scores(&self, values: &Values) -> Scores {
        let recency = fewer_is_better(&self.recency, &values.days);
        let place = |score: i64| (score - 1) as usize;
        let frequency: Vec<i64> = recency
            .iter()
            .zip(&values.orders)
            .map(|(r, orders)| rising(&self.frequency[place(*r)], *orders))
            .collect();
        let monetary = recency
            .iter()
            .zip(&frequency)
            .zip(&values.amounts)
            .map(|((r, f), amount)| rising(&self.monetary[place(*r)][place(*f)], *amount))
            .collect();
        Scores {
            recency,
            frequency,
            monetary,
        }
    }
}

/// One more for each end that the value is over.
fn rising(ends: &[i128], value: i128) -> i64 {
    1 + ends.iter().filter(|end| **end < value).count() as i64
}

fn more_is_better(ends: &[i128], values: &[i128]) -> Vec<i64> {
    values.iter().map(|value| rising(ends, *value)).collect()
}

fn fewer_is_better(ends: &[i128], values: &[i128]) -> Vec<i64> {
    let score = |value: &i128| 6 - rising(ends, *value);
    values.iter().map(score).collect()
}

/// The customers of one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Band {
    /// How many there are.
    pub customers: i64,
    /// The least and the greatest of their values; none without customers.
    pub range: Option<(i128, i128)>,
}

/// How the customers of a period were scored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measured {
    /// By which ruler.
    pub ruler: Ruler,
    /// As of the end of which period its cut points were frozen; none where they are the period's
    /// own.
    pub frozen: Option<crate::calendar::Quarter>,
    /// Those of each recency score, 1 first.
    pub recency: [Band; 5],
    /// Those of each frequency score, 1 first.
    pub frequency: [Band; 5],
    /// Those of each monetary score, 1 first.
    pub monetary: [Band; 5],
    /// Units of monetary value in one unit of currency.
    pub unit: i128,
}

impl Measured {
    /// What came of scoring customers by a ruler.
    pub fn new(
        ruler: Ruler,
        frozen: Option<crate::calendar::Quarter>,
        values: &Values,
        scores: &Scores,
    ) -> Self {
        Self {
            ruler,
            frozen,
            recency: bands(&scores.recency, &values.days),
            frequency: bands(&scores.frequency, &values.orders),
            monetary: bands(&scores.monetary, &values.amounts),
            unit: values.unit,
        }
    }
}

fn bands(scores: &[i64], values: &[i128]) -> [Band; 5] {
    let mut bands = [Band::default(); 5];
    for (score, value) in scores.iter().zip(values) {
        let band = &mut bands[(*score - 1) as usize];
        band.customers += 1;
        let (least, most) = band.range.unwrap_or((*value, *value));
        band.range = Some((least.min(*value), most.max(*value)));
    }
    bands
}
