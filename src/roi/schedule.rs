//! When a line's money flows: the share of its amount that falls into each month and step.

use rust_decimal::Decimal;

use super::case::{Case, Line, Ramp, Side};

/// Decimals that flows are kept with: twelfths of amounts do not end, and sums of them must.
const DECIMALS: u32 = 10;

/// Months from the start to the month a line starts in: the month of its first payment, or the
/// month after which a benefit runs. `shift` moves benefits alone.
pub fn first_month(case: &Case, line: &Line, shift: i32) -> u32 {
    let phase = line.phase.and_then(|phase| case.phases.get(phase));
    let begins = phase.map_or(0, |phase| phase.month);
    match line.side {
        Side::Cost => {
            begins
                + line
                    .month
                    .or(line.every.map(super::case::Every::months))
                    .unwrap_or(0)
        }
        Side::Benefit => {
            let planned = match (line.month, phase) {
                (Some(month), _) => begins + month,
                (None, Some(phase)) => phase.go_live,
                (None, None) => case.go_live,
            };
            planned.saturating_add_signed(shift)
        }
    }
}

/// The share of a line's amount in each month from 0 through `months`.
///
/// - Once: all of it in its month.
/// - A recurring cost: a payment in its first month and every period after it. One that starts in
///   month 0 is paid in advance, so a payment at the very end of `months` is left out.
/// - A recurring benefit accrues evenly over its period, from the month after it starts, and grows
///   by its ramp.
pub fn monthly_shares(case: &Case, line: &Line, shift: i32, months: u32) -> Vec<Decimal> {
    let mut shares = vec![Decimal::ZERO; months as usize + 1];
    let first = first_month(case, line, shift);
    let Some(every) = line.every else {
        if let Some(share) = shares.get_mut(first as usize) {
            *share = Decimal::ONE;
        }
        return shares;
    };
    let last = if first == 0 && line.side == Side::Cost {
        months.saturating_sub(1)
    } else {
        months
    };
    for (month, share) in (0u32..).zip(&mut shares) {
        match line.side {
            Side::Cost
                if month >= first
                    && month <= last
                    && (month - first).is_multiple_of(every.months()) =>
            {
                *share = Decimal::ONE;
            }
            Side::Benefit if month > first => {
                *share =
                    ramp(&line.ramp, month - first, every.months()) / Decimal::from(every.months());
            }
            _ => {}
        }
    }
    shares
}

/// How much of the full amount a benefit reaches in the `nth` month that it runs, from 1.
fn ramp(ramp: &Ramp, nth: u32, period: u32) -> Decimal {
    match ramp {
        Ramp::None => Decimal::ONE,
        Ramp::Months(months) if nth >= *months => Decimal::ONE,
        Ramp::Months(months) => Decimal::from(nth) / Decimal::from(*months),
        Ramp::Shares(shares) => {
            let at = ((nth - 1) / period) as usize;
            let share = shares.get(at).or(shares.last());
            share.copied().unwrap_or(Decimal::ONE)
        }
    }
}

/// What one unit of a line's points comes to in money that counts: the measure's value or 1, less
/// what is not realised, with the risk factor against the case.
pub fn weight(line: &Line, unit: Decimal) -> Decimal {
    let risk = match line.side {
        Side::Cost => Decimal::ONE + line.risk,
        Side::Benefit => Decimal::ONE - line.risk,
    };
    unit * line.realisation * risk
}

/// Money of each month gathered into the case's steps.
pub(super) fn by_step(case: &Case, shares: &[Decimal], amount: Decimal) -> Vec<Decimal> {
    let mut steps = vec![Decimal::ZERO; case.steps()];
    for (month, share) in (0u32..).zip(shares) {
        if let Some(step) = steps.get_mut(case.timing.step_of(month)) {
            *step += share;
        }
    }
    for step in &mut steps {
        *step = (*step * amount).round_dp(DECIMALS).normalize();
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roi::case::{Every, Timing};
    use crate::roi::tests::{benefit, case, cost};

    fn text(flows: &[Decimal]) -> String {
        let flows: Vec<_> = flows.iter().map(ToString::to_string).collect();
        flows.join(" ")
    }

    fn steps(case: &Case, line: &Line, shift: i32) -> String {
        let shares = monthly_shares(case, line, shift, case.months());
        text(&by_step(case, &shares, Decimal::from(1200)))
    }

    #[test]
    fn costs_once_and_again() {
        let case = case(Timing::Annual, 4);
        let mut line = cost(1, 1200);
        assert_eq!(steps(&case, &line, 0), "1200 0 0 0");
        line.month = Some(1);
        assert_eq!(steps(&case, &line, 0), "0 1200 0 0");
        line.month = Some(13);
        assert_eq!(steps(&case, &line, 0), "0 0 1200 0");
        line.month = None;
        line.every = Some(Every::Month);
        assert_eq!(steps(&case, &line, 0), "0 14400 14400 14400");
        line.every = Some(Every::Year);
        assert_eq!(steps(&case, &line, 0), "0 1200 1200 1200");
        // Paid in advance: three payments, none for a fourth year.
        line.month = Some(0);
        assert_eq!(steps(&case, &line, 0), "1200 1200 1200 0");
        line.month = Some(7);
        line.every = Some(Every::Quarter);
        assert_eq!(steps(&case, &line, 0), "0 2400 4800 4800");
        assert_eq!(steps(&case, &line, 6), "0 2400 4800 4800");
    }

    /// Live after month 4: eight months of the first year, 1200 a year.
    #[test]
    fn benefits_run_from_the_month_after_going_live() {
        let case = case(Timing::Annual, 4);
        let mut line = benefit(1, 1200);
        line.every = Some(Every::Year);
        assert_eq!(steps(&case, &line, 0), "0 800 1200 1200");
        assert_eq!(steps(&case, &line, 3), "0 500 1200 1200");
        assert_eq!(steps(&case, &line, -9), "0 1200 1200 1200");
        line.ramp = Ramp::Shares(vec![Decimal::new(5, 1)]);
        assert_eq!(steps(&case, &line, 0), "0 400 600 600");
        // Half in the first twelve months that it runs, all after.
        line.ramp = Ramp::Shares(vec![Decimal::new(5, 1), Decimal::ONE]);
        assert_eq!(steps(&case, &line, 0), "0 400 1000 1200");
        // Months 1 to 4 at 1/4, 2/4, 3/4, 4/4 of 100, then four at 100.
        line.ramp = Ramp::Months(4);
        assert_eq!(steps(&case, &line, 0), "0 650 1200 1200");
    }

    #[test]
    fn monthly_steps_add_up_to_the_year() {
        let case = case(Timing::Monthly, 0);
        let mut line = benefit(1, 1000);
        line.every = Some(Every::Year);
        let shares = monthly_shares(&case, &line, 0, case.months());
        let flows = by_step(&case, &shares, Decimal::from(1000));
        assert_eq!(flows.len(), 37);
        assert_eq!(flows[0], Decimal::ZERO);
        let year: Decimal = flows[1..=12].iter().sum();
        assert_eq!(year.round_dp(6), Decimal::from(1000));
    }
}
