//! `check`: every mistake at once, and how each sheet is understood.

use std::io::Write;

use super::log::Log;
use super::run::counts;
use super::{CheckArgs, DONE, NOTHING_PRODUCED};
use crate::diagnostics::{Diagnostics, Place, column_letters};
use crate::intake::{self, Recognised};
use crate::metrics::Trial;
use crate::run::plan;

pub(super) fn check(args: &CheckArgs, log: &Log, out: &mut dyn Write) -> u8 {
    let mut problems = Diagnostics::new();
    let workspace = match args.workspace.open() {
        Ok(workspace) => workspace,
        Err(found) => return finish(&found, log),
    };
    if let Err(found) = plan(&workspace, Trial::Ran, &mut problems) {
        problems.extend(found);
    }
    let headers = intake::recognise(&workspace, &mut problems);
    if args.fix {
        // Nothing else, so that it can be appended to the settings as it is.
        for stanza in &headers.fixes {
            let _ = writeln!(out, "\n{}", stanza.trim_end());
        }
        return finish(&problems, log);
    }
    for sheet in &headers.recognised {
        let _ = writeln!(out, "{}", describe(sheet));
    }
    if !headers.fixes.is_empty() {
        let _ = writeln!(
            out,
            "`quarterdeck check --fix` prints what would settle {} of the sheets.",
            headers.fixes.len()
        );
    }
    let _ = writeln!(
        out,
        "Rules may use, per call: {}",
        crate::rules::limits::describe()
    );
    for default in &workspace.config.defaults {
        let _ = writeln!(out, "Default: {} = {}", default.key, default.value);
    }
    finish(&problems, log)
}

fn finish(problems: &Diagnostics, log: &Log) -> u8 {
    log.problems(problems.iter());
    if problems.has_errors() {
        log.outcome("A run would produce nothing.", &counts(problems));
        NOTHING_PRODUCED
    } else {
        log.outcome("Nothing stands in the way of a run.", &counts(problems));
        DONE
    }
}

/// ``inbox/sales.xlsx, sheet `Orders`: transactions, headers in row 3``, then which header is what,
/// and why.
fn describe(sheet: &Recognised) -> String {
    let place = Place::cell(&sheet.path, sheet.sheet.as_deref(), None, None);
    let mut text = format!(
        "{place}: {}, headers in row {}",
        sheet.table, sheet.header_row
    );
    for column in &sheet.columns {
        let letters = column.column.map(column_letters);
        text += &format!(
            "\n    {} `{}` = {} ({})",
            letters.as_deref().unwrap_or("–"),
            column.header,
            column.name,
            column.why.said()
        );
    }
    if !sheet.unused.is_empty() {
        text += &format!("\n    not used: {}", sheet.unused.join(", "));
    }
    text
}
