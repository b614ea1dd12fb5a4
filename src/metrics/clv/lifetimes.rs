//! One lifetime value for each customer and period: that of the model which says most.

use std::collections::BTreeMap;

use datafusion::arrow::array::StringViewArray;

use super::{PeriodValuation, Portfolio, Remark};
use crate::calendar::Quarter;

/// Models of single customers, the one that says most first: less what serving the customer will cost;
/// with a chance that who has bought once is gone; without.
const BEST_FIRST: [&str; 3] = ["events", "mbgnbd", "bgnbd"];

/// What customers are worth to come, period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct Lifetimes {
    /// In their order.
    ids: Vec<String>,
    periods: BTreeMap<Quarter, PeriodValues>,
}

/// Of a period.
#[derive(Debug, Clone, PartialEq)]
struct PeriodValues {
    /// None where no model of single customers holds.
    model: Option<&'static str>,
    /// By the place of the customer, in currency units.
    values: Vec<(usize, f64)>,
    remarks: Vec<Remark>,
}

impl Lifetimes {
    pub(super) fn of(portfolio: &Portfolio) -> Self {
        Self {
            ids: portfolio.customers.iter().map(|c| c.id.clone()).collect(),
            periods: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, period: Quarter, valuation: &PeriodValuation) {
        let has = |model: &&str| {
            valuation
                .customers
                .iter()
                .any(|value| value.model == *model)
        };
        let model = BEST_FIRST.into_iter().find(has);
        let values = valuation.customers.iter();
        let values = values.filter(|value| Some(value.model) == model);
        let values = PeriodValues {
            model,
            values: values.map(|value| (value.customer, value.clv)).collect(),
            remarks: valuation.remarks.clone(),
        };
        self.periods.insert(period, values);
    }

    /// Whether a model of single customers holds in a period.
    pub fn holds(&self, period: Quarter) -> bool {
        self.model(period).is_some()
    }

    /// The model whose values are taken in a period.
    pub fn model(&self, period: Quarter) -> Option<&'static str> {
        self.periods.get(&period)?.model
    }

    /// What is to be said of the models of a period.
    pub fn remarks(&self, period: Quarter) -> &[Remark] {
        let values = self.periods.get(&period);
        values.map_or(&[], |values| &values.remarks)
    }

    /// The values of these customers, who are in the order of their ids.
    pub fn beside<'a>(
        &'a self,
        period: Quarter,
        customers: &'a StringViewArray,
    ) -> impl Iterator<Item = Option<f64>> + 'a {
        let mut left = self
            .periods
            .get(&period)
            .map_or(&[][..], |values| &values.values);
        customers.iter().map(move |customer| {
            let customer = customer?;
            while let Some(((place, _), rest)) = left.split_first()
                && self.ids[*place].as_str() < customer
            {
                left = rest;
            }
            let (place, value) = left.first()?;
            (self.ids[*place] == customer).then_some(*value)
        })
    }
}
