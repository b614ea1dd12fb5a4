//! What the models need to know of a customer: repeat orders, when the last one was, how long the
//! customer has been known, and what a repeat order is worth. As of any day, from the sales of each day.

/// Days of a week. Every duration of the models is in weeks.
pub const DAYS_PER_WEEK: f64 = 7.0;

/// Sales of a customer on one day, all lines of the day together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySales {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Amounts less returns, in the smallest units the money is kept in.
    pub amount: i128,
    /// Whether anything was bought; on other days there were returns alone.
    pub is_order: bool,
}

impl DaySales {
    /// Lines of one customer, each of a day and an amount, brought together by day, in order of the
    /// days. A line of zero is a purchase, a gift; one below zero a return.
    pub fn merge(lines: impl IntoIterator<Item = (i32, i128)>) -> Vec<Self> {
        let mut lines: Vec<(i32, i128)> = lines.into_iter().collect();
        lines.sort_unstable();
        let mut days: Vec<Self> = Vec::new();
        for (day, amount) in lines {
            let is_order = amount >= 0;
            match days.last_mut().filter(|last| last.day == day) {
                Some(last) => {
                    last.amount += amount;
                    last.is_order |= is_order;
                }
                None => days.push(Self {
                    day,
                    amount,
                    is_order,
                }),
            }
        }
        days
    }
}

/// The history of one customer as of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// x: days with an order after that of the first.
    pub repeat_orders: u32,
    /// t_x: from the first order to the last, in weeks. Not the time since the last.
    pub recency: f64,
    /// T: from the first order to the day looked from, in weeks.
    pub age: f64,
    /// The mean of the repeat orders, the first left out, in currency units; none without any.
    pub mean_repeat_value: Option<f64>,
}

impl History {
    /// What the sales through a day say; none before the first order. The days are in order. Returns
    /// on a day without an order take their amount off the order before them. `unit` is how many of
    /// the smallest units make one unit of currency.
    pub fn as_of(days: &[DaySales], day: i32, unit: f64) -> Option<Self> {
        let known = &days[..days.partition_point(|sales| sales.day <= day)];
        let first = known.iter().position(|sales| sales.is_order)?;
        let known = &known[first..];
        let (mut repeat_orders, mut last, mut repeat_amount) = (0u32, known[0].day, 0i128);
        for sales in &known[1..] {
            if sales.is_order {
                repeat_orders += 1;
                last = sales.day;
            }
            if repeat_orders > 0 {
                repeat_amount += sales.amount;
            }
        }
        let weeks = |to: i32| f64::from(to - known[0].day) / DAYS_PER_WEEK;
        Some(Self {
            repeat_orders,
            recency: weeks(last),
            age: weeks(day),
            mean_repeat_value: (repeat_orders > 0)
                .then(|| repeat_amount as f64 / unit / f64::from(repeat_orders)),
        })
    }

    /// The mean repeat value where a model of spending can use it: there is one, and it is positive.
    pub fn spend(&self) -> Option<f64> {
        self.mean_repeat_value.filter(|mean| *mean > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bought on day 10 (twice), 17 and 31; a return on day 20.
    fn days() -> Vec<DaySales> {
        DaySales::merge([(31, 900), (10, 500), (17, 1000), (10, 250), (20, -400)])
    }

    #[test]
    fn purchases_of_a_day_are_one_order() {
        assert_eq!(
            days()[0],
            DaySales {
                day: 10,
                amount: 750,
                is_order: true
            }
        );
        assert_eq!(days().len(), 4);
    }

    /// Two repeat orders of 10.00 − 4.00 and 9.00: a mean of 7.50.
    #[test]
    fn the_first_order_is_in_neither_x_nor_the_mean() {
        let history = History::as_of(&days(), 38, 100.0).unwrap();
        assert_eq!(
            history,
            History {
                repeat_orders: 2,
                recency: 3.0,
                age: 4.0,
                mean_repeat_value: Some(7.5)
            }
        );
    }

    #[test]
    fn nothing_after_the_day_counts() {
        let history = History::as_of(&days(), 19, 100.0).unwrap();
        assert_eq!(history.repeat_orders, 1);
        assert_eq!(history.mean_repeat_value, Some(10.0));
        assert_eq!(History::as_of(&days(), 9, 100.0), None);
        let once = History::as_of(&days(), 16, 100.0).unwrap();
        assert_eq!((once.repeat_orders, once.recency), (0, 0.0));
        assert_eq!(once.mean_repeat_value, None);
    }

    #[test]
    fn a_return_before_any_order_makes_no_customer() {
        let days = DaySales::merge([(1, -100), (5, 300)]);
        assert_eq!(History::as_of(&days, 4, 100.0), None);
        assert_eq!(History::as_of(&days, 5, 100.0).unwrap().age, 0.0);
    }
}
