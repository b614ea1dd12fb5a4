//! The periods of a run: from the first transaction through the one to report.

use chrono::NaiveDate;

use crate::calendar::{FiscalCalendar, Quarter, window_start};
use crate::diagnostics::codes::engine::{
    PERIOD_AFTER_DATA, PERIOD_BEFORE_DATA, PERIOD_INCOMPLETE, SHORT_HISTORY,
};
use crate::diagnostics::{Diagnostic, Place};
use crate::workspace::Config;

/// Fiscal quarters without gaps, the last of them the one to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The client's calendar.
    pub fiscal: FiscalCalendar,
    /// From that of the first transaction through the reported one.
    pub periods: Vec<Quarter>,
    /// The period to report.
    pub reported: Quarter,
    /// The day of the first transaction.
    pub first_day: NaiveDate,
    /// The day until which the data are complete: that of the last transaction, or `[calendar]
    /// data-to` where that is later.
    pub last_day: NaiveDate,
}

impl Timeline {
    /// The periods of data from `first_day` to `last_transaction`, with a warning where the one to
    /// report is not complete. `asked` is the period of the command line.
    ///
    /// # Errors
    /// When the period asked for lies before or after the data.
    pub fn new(
        config: &Config,
        asked: Option<Quarter>,
        first_day: NaiveDate,
        last_transaction: NaiveDate,
    ) -> Result<(Self, Option<Diagnostic>), Diagnostic> {
        let fiscal = config.calendar.fiscal;
        let last_day = config
            .calendar
            .data_to
            .map_or(last_transaction, |day| day.max(last_transaction));
        let first = fiscal.quarter_of(first_day);
        let reported = asked
            .or(config.calendar.period)
            .unwrap_or_else(|| last_complete(fiscal, first, last_day));
        let timeline = Self {
            fiscal,
            periods: first.through(reported).collect(),
            reported,
            first_day,
            last_day,
        };
        let place = |problem: Diagnostic| match &config.source {
            Some(source) if asked.is_none() => problem.at(Place::File(source.path.clone())),
            _ => problem,
        };
        if reported < first {
            let message = format!("{reported} ends before the first transaction, of {first_day}");
            let help = format!("the first period with data is {first}");
            return Err(place(Diagnostic::error(&PERIOD_BEFORE_DATA, message)).help(help));
        }
        if timeline.starts() > last_day {
            let message = format!("{reported} starts after the last transaction, of {last_day}");
            let help = format!(
                "the last period with data is {}",
                fiscal.quarter_of(last_day)
            );
            return Err(place(Diagnostic::error(&PERIOD_AFTER_DATA, message)).help(help));
        }
        let warning = (!timeline.is_complete()).then(|| {
            let message = format!(
                "{reported} ends on {}, but the last transaction is of {last_day}",
                timeline.ends()
            );
            Diagnostic::warning(&PERIOD_INCOMPLETE, message)
                .help("its figures will still grow; set `[calendar] data-to` if nothing is missing")
        });
        Ok((timeline, warning))
    }

    /// The first day of the reported period.
    pub fn starts(&self) -> NaiveDate {
        self.fiscal.starts(self.reported)
    }

    /// The last day of the reported period.
    pub fn ends(&self) -> NaiveDate {
        self.fiscal.ends(self.reported)
    }

    /// Whether the data reach the end of the reported period.
    pub fn is_complete(&self) -> bool {
        self.last_day >= self.ends()
    }

    /// Says so when the data start less than one activity window before the reported period.
    pub fn short_history(&self, window_months: u32) -> Option<Diagnostic> {
        let before = crate::calendar::day_before(self.starts());
        let needed = window_start(before, window_months);
        (self.first_day > needed).then(|| {
            let message = format!(
                "the data start on {}, less than {window_months} months before {}: customers who \
                 return may be counted as new",
                self.first_day, self.reported
            );
            Diagnostic::warning(&SHORT_HISTORY, message)
                .help(format!("add the transactions from {needed} on"))
        })
    }
}

/// The last quarter whose end the data reach; the first one when they reach none.
fn last_complete(fiscal: FiscalCalendar, first: Quarter, last_day: NaiveDate) -> Quarter {
    let running = fiscal.quarter_of(last_day);
    if fiscal.ends(running) <= last_day {
        running
    } else {
        running.plus(-1).max(first)
    }
}
