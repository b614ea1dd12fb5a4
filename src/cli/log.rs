//! Progress and problems on standard error: a moving line on a terminal, plain lines otherwise, or
//! one JSON object per line for schedulers.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Instant;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::account;
use crate::diagnostics::{self, Diagnostic, Diagnostics, Severity};
use crate::intake::Account;
use crate::run::{Progress, Stage};

/// How progress and problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people.
    Human,
    /// One JSON object per line.
    Json,
}

/// Where progress and problems go.
pub(super) struct Log {
    format: LogFormat,
    bar: Option<ProgressBar>,
    current: Mutex<Option<(Stage, Instant)>>,
}

impl Log {
    pub(super) fn new(format: LogFormat) -> Self {
        let bar = (format == LogFormat::Human && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            ProgressBar::new_spinner().with_style(style)
        });
        Self {
            format,
            bar,
            current: Mutex::new(None),
        }
    }

    /// Prints problems, worst last so that a terminal ends on them.
    pub(super) fn problems<'a>(&self, problems: impl IntoIterator<Item = &'a Diagnostic>) {
        let mut sorted: Vec<_> = problems.into_iter().collect();
        sorted.sort_by_key(|problem| problem.severity);
        for problem in sorted {
            match self.format {
                LogFormat::Json => {
                    let mut line = diagnostics::json(problem);
                    line["event"] = json!("diagnostic");
                    self.line(&line.to_string());
                }
                LogFormat::Human => {
                    self.line(&diagnostics::human(problem, true));
                    self.line("");
                }
            }
        }
    }

    /// The same for the end of a run: of remarks of one kind a person is shown the first, and how
    /// many there are. Forty columns with Buddhist years are one thing to know.
    pub(super) fn problems_in_short(&self, problems: &Diagnostics) {
        let mut remarks: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut shown, mut left_out) = (Vec::new(), 0);
        for problem in problems.iter() {
            if problem.severity == Severity::Info && self.format == LogFormat::Human {
                let seen = remarks.entry(problem.code.name).or_default();
                *seen += 1;
                if *seen > 1 {
                    left_out += 1;
                    continue;
                }
            }
            shown.push(problem);
        }
        self.problems(shown);
        if left_out > 0 {
            let kinds: Vec<String> = remarks
                .iter()
                .filter(|(_, count)| **count > 1)
                .map(|(name, count)| format!("{} × {name}", count - 1))
                .collect();
            self.line(&format!(
                "{left_out} more remarks like those above: {}. `quarterdeck check` gives them all.",
                kinds.join(", ")
            ));
            self.line("");
        }
    }

    /// Says what became of the rows that were read: they add up, sheet by sheet.
    pub(super) fn accounts(&self, accounts: &[Account]) {
        match self.format {
            LogFormat::Json => {
                for account in accounts {
                    let mut line = json!(account);
                    line["event"] = json!("account");
                    self.line(&line.to_string());
                }
            }
            LogFormat::Human => {
                for line in account::lines(accounts) {
                    self.line(&line);
                }
                self.line("");
            }
        }
    }

    /// Says what came of it all, in one line.
    pub(super) fn outcome(&self, message: &str, problems: &[(Severity, usize)]) {
        self.finish_stage();
        match self.format {
            LogFormat::Json => {
                let counts: serde_json::Map<_, _> = problems
                    .iter()
                    .map(|(severity, count)| (severity.to_string(), json!(count)))
                    .collect();
                let line = json!({ "event": "outcome", "message": message, "problems": counts });
                self.line(&line.to_string());
            }
            LogFormat::Human => self.line(message),
        }
    }

    fn line(&self, text: &str) {
        let write = || {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(anstream::stderr(), "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// The work is over; nothing moves on the terminal any more.
    pub(super) fn done(&self) {
        self.finish_stage();
    }

    fn finish_stage(&self) {
        let Ok(mut current) = self.current.lock() else {
            return;
        };
        if let Some((stage, started)) = current.take() {
            if self.format == LogFormat::Json {
                let seconds = started.elapsed().as_secs_f64();
                let line = json!({ "event": "stage", "stage": stage.name(), "seconds": seconds });
                self.line(&line.to_string());
            }
            if let Some(bar) = &self.bar {
                bar.finish_and_clear();
            }
        }
    }
}

impl Progress for Log {
    fn stage(&self, stage: Stage) {
        self.finish_stage();
        if let Ok(mut current) = self.current.lock() {
            *current = Some((stage, Instant::now()));
        }
        if let Some(bar) = &self.bar {
            bar.reset();
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
            bar.set_message(stage.doing());
        }
    }

    fn rows(&self, file: &str, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}: {file}, {rows} rows", Stage::Intake.doing()));
        }
    }
}
