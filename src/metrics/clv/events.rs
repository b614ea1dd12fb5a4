//! Value by events: every purchase, call for help, complaint and referral to come, at its day, with
//! its money and its chance. Costs are negative, and so may be the sum.

use super::discount::DAYS_PER_YEAR;

/// Something a customer is expected to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Days from now; not before now.
    pub in_days: f64,
    /// What it brings in currency units, or costs, which is negative: a purchase its margin, a
    /// complaint or a call what handling it costs, a referral the margin of the referred times the
    /// share credited, upkeep what keeping up the relationship costs.
    pub money: f64,
    /// How often it is expected then: a chance, or a number of times.
    pub expected: f64,
}

/// Σ E(money) ÷ (1 + d)^(years from now).
pub fn event_value(events: &[Event], annual_rate: f64) -> f64 {
    events
        .iter()
        .map(|event| {
            let years = event.in_days / DAYS_PER_YEAR;
            event.money * event.expected * libm::exp(-years * libm::log1p(annual_rate))
        })
        .sum()
}

/// What a customer did in the last year beside ordering, in currency units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Yearly {
    /// What calls for help, complaints and activities cost.
    pub cost: f64,
    /// What is credited of the margin of those it brought.
    pub credit: f64,
}

/// The events of a customer who goes on as before: at the end of each month, what is ordered, what serving
/// the customer costs and what is credited of those it brings. `ordered` is how many orders are expected by
/// the end of each month, all told, of a customer who is alive; `order_margin` what an order brings; what
/// came `beside` orders in the last year falls off as they do.
pub fn coming_events(ordered: &[f64], order_margin: f64, beside: Yearly) -> Vec<Event> {
    let first = ordered.first().copied().unwrap_or(0.0);
    let mut before = 0.0;
    let mut events = Vec::with_capacity(3 * ordered.len());
    for (month, by_now) in ordered.iter().enumerate() {
        let in_days = (month + 1) as f64 * DAYS_PER_YEAR / 12.0;
        let orders = by_now - before;
        before = *by_now;
        events.push(Event {
            in_days,
            money: order_margin,
            expected: orders,
        });
        for yearly in [-beside.cost, beside.credit] {
            if yearly != 0.0 && first > 0.0 {
                events.push(Event {
                    in_days,
                    money: yearly / 12.0,
                    expected: orders / first,
                });
            }
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(in_days: f64, money: f64) -> Event {
        Event {
            in_days,
            money,
            expected: 1.0,
        }
    }

    /// In a year: a purchase of 110 and a complaint of 33; in two, a referral of 60.5 credited at a
    /// half. At 10 %: 110/1.1 − 33/1.1 + 30.25/1.21 = 100 − 30 + 25 = 95.
    #[test]
    fn events_are_discounted_to_now() {
        let year = DAYS_PER_YEAR;
        let events = [
            once(year, 110.0),
            once(year, -33.0),
            once(2.0 * year, 60.5 * 0.5),
        ];
        assert!((event_value(&events, 0.1) - 95.0).abs() < 1e-9);
        assert_eq!(event_value(&events, 0.0), 107.25);
    }

    fn serving(cost: f64) -> Yearly {
        Yearly { cost, credit: 0.0 }
    }

    /// Orders as below; those it brought left 480 in the last year, of which a quarter is credited: 10 in the
    /// first month and half of it in the second. 30 + 15, and with the cost 30 − 45 + 15 = 0.
    #[test]
    fn referrals_are_credited() {
        let credit = 480.0 * 0.25;
        let only = Yearly { cost: 0.0, credit };
        let events = coming_events(&[2.0, 3.0], 10.0, only);
        assert!((event_value(&events, 0.0) - 45.0).abs() < 1e-9);
        let both = Yearly {
            cost: 360.0,
            credit,
        };
        let events = coming_events(&[2.0, 3.0], 10.0, both);
        assert!(event_value(&events, 0.0).abs() < 1e-9);
    }

    /// Two orders of 10 in the first month, one in the second; serving cost 12 × 30 in the last year,
    /// so 30 in the first month and half of it in the second: 30 − 45.
    #[test]
    fn serving_may_cost_more_than_orders_bring() {
        let events = coming_events(&[2.0, 3.0], 10.0, serving(360.0));
        assert!((event_value(&events, 0.0) + 15.0).abs() < 1e-9);
        let events = coming_events(&[2.0, 3.0], 10.0, serving(0.0));
        assert!((event_value(&events, 0.0) - 30.0).abs() < 1e-9);
        // At 10 % a year: 20 ÷ 1.1^(1/12) + 10 ÷ 1.1^(1/6) = 19.8418 + 9.8424.
        assert!((event_value(&events, 0.1) - 29.6842).abs() < 5e-5);
    }
}
