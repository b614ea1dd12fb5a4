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

/// Σ E[money] ÷ (1 + d)^(years from now).
pub fn event_value(events: &[Event], annual_rate: f64) -> f64 {
    events
        .iter()
        .map(|event| {
            let years = event.in_days / DAYS_PER_YEAR;
            event.money * event.expected * libm::exp(-years * libm::log1p(annual_rate))
        })
        .sum()
}

/// How often something happens to a customer, and what each time is worth, if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habit {
    /// Times a year while the customer is alive.
    pub yearly: f64,
    /// Money of each time, in currency units; costs are negative.
    pub money: f64,
}

/// The events of a customer who goes on as before: each habit spread evenly over the steps to come,
/// at each step's end, for as far as the customer is still there. `alive` is the chance of that at
/// a number of days from now.
pub fn habitual_events(
    habits: &[Habit],
    steps: u32,
    days_per_step: f64,
    alive: impl Fn(f64) -> f64,
) -> Vec<Event> {
    (1..=steps)
        .flat_map(|step| {
            let in_days = f64::from(step) * days_per_step;
            let share = alive(in_days) * days_per_step / DAYS_PER_YEAR;
            habits.iter().map(move |habit| Event {
                in_days,
                money: habit.money,
                expected: habit.yearly * share,
            })
        })
        .collect()
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

    #[test]
    fn upkeep_and_calls_may_cost_more_than_purchases_bring() {
        let habits = [
            Habit {
                yearly: 4.0,
                money: 10.0,
            },
            Habit {
                yearly: 12.0,
                money: -4.0,
            },
        ];
        let events = habitual_events(&habits, 12, DAYS_PER_YEAR / 12.0, |_| 1.0);
        // 40 − 48 a year.
        assert!((event_value(&events, 0.0) + 8.0).abs() < 1e-9);
        let half = habitual_events(&habits, 12, DAYS_PER_YEAR / 12.0, |_| 0.5);
        assert!((event_value(&half, 0.0) + 4.0).abs() < 1e-9);
    }
}
