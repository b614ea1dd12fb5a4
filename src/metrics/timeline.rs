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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostics, Source};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn timeline(
        settings: &str,
        first: &str,
        last: &str,
    ) -> Result<(Timeline, Option<Diagnostic>), Diagnostic> {
        let mut problems = Diagnostics::new();
        let source = Source::new("quarterdeck.toml", settings);
        let mut config = Config::parse(&source, "test", &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        config.source = Some(source);
        Timeline::new(&config, None, day(first), day(last))
    }

    #[test]
    fn the_last_complete_quarter_is_reported() {
        let (found, warning) = timeline("", "2025-02-10", "2026-05-31").unwrap();
        assert_eq!(found.reported.to_string(), "2026-Q1");
        assert_eq!(found.periods.len(), 5);
        assert!(warning.is_none() && found.is_complete());
        // Its last day is enough.
        let (found, _) = timeline("", "2025-02-10", "2026-06-30").unwrap();
        assert_eq!(found.reported.to_string(), "2026-Q2");
    }

    #[test]
    fn the_client_may_say_that_the_data_are_complete() {
        let settings = "[calendar]\ndata-to = 2026-06-30";
        let (found, warning) = timeline(settings, "2025-02-10", "2026-06-27").unwrap();
        assert_eq!(found.reported.to_string(), "2026-Q2");
        assert!(warning.is_none());
    }

    #[test]
    fn a_running_quarter_is_reported_with_a_warning() {
        // There is no complete quarter at all, or it is asked for.
        let (found, warning) = timeline("", "2026-04-02", "2026-05-31").unwrap();
        assert_eq!(found.reported.to_string(), "2026-Q2");
        assert_eq!(warning.unwrap().code.name, "period-incomplete");
        let asked = "[calendar]\nperiod = \"2026-Q2\"";
        let (_, warning) = timeline(asked, "2025-02-10", "2026-05-31").unwrap();
        assert_eq!(warning.unwrap().code.name, "period-incomplete");
    }

    #[test]
    fn a_period_outside_the_data_is_refused() {
        let early = timeline(
            "[calendar]\nperiod = \"2024-Q4\"",
            "2025-02-10",
            "2026-05-31",
        );
        let early = early.unwrap_err();
        assert_eq!(early.code.name, "period-before-data");
        assert_eq!(
            early.help.as_deref(),
            Some("the first period with data is 2025-Q1")
        );
        let late = timeline(
            "[calendar]\nperiod = \"2026-Q3\"",
            "2025-02-10",
            "2026-05-31",
        );
        assert_eq!(late.unwrap_err().code.name, "period-after-data");
    }

    #[test]
    fn a_short_history_is_told() {
        // 2026-Q1 opens on 31 December 2025; twelve months before it start on 1 January 2025.
        let (found, _) = timeline("", "2025-01-01", "2026-03-31").unwrap();
        assert!(found.short_history(12).is_none());
        let (found, _) = timeline("", "2025-01-02", "2026-03-31").unwrap();
        let warning = found.short_history(12).unwrap();
        assert_eq!(warning.code.name, "short-history");
        assert!(warning.help.unwrap().contains("2025-01-01"));
    }
}
