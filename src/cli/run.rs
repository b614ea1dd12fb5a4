//! `run`: publish the reports of a period.

use std::io::Write;

use super::log::Log;
use super::{DONE, DONE_WITH_PROBLEMS, NOTHING_PRODUCED, RunArgs};
use crate::diagnostics::{Diagnostics, Severity};

pub(super) fn run(args: &RunArgs, log: &Log, out: &mut dyn Write) -> u8 {
    let workspace = match args.workspace.open() {
        Ok(workspace) => workspace,
        Err(problems) => return nothing(&problems, log),
    };
    match crate::run::run(&workspace, log) {
        Err(problems) => nothing(&problems, log),
        Ok(published) => {
            let failed = published
                .problems
                .worst()
                .is_some_and(|worst| worst >= args.fail_on);
            log.problems_in_short(&published.problems);
            log.accounts(&published.accounts);
            let message = format!(
                "Reports for {} are in {}",
                published.period,
                published.folder.display()
            );
            log.outcome(&message, &counts(&published.problems));
            for file in &published.files {
                let _ = writeln!(out, "{}", published.folder.join(file).display());
            }
            if failed { DONE_WITH_PROBLEMS } else { DONE }
        }
    }
}

/// Says why nothing was produced.
pub(super) fn nothing(problems: &Diagnostics, log: &Log) -> u8 {
    log.problems(problems.iter());
    log.outcome(
        "No report was written; what was published before is untouched.",
        &counts(problems),
    );
    NOTHING_PRODUCED
}

/// How many problems there are of each severity, worst first.
pub(super) fn counts(problems: &Diagnostics) -> Vec<(Severity, usize)> {
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| {
            let count = problems.iter().filter(|p| p.severity == severity).count();
            (severity, count)
        })
        .collect()
}
