//! `template`: workbooks to fill in.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::log::Log;
use super::run::counts;
use super::{DONE, NOTHING_PRODUCED, Overrides};
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, suggestion};
use crate::metrics::Trial;
use crate::report::locale::Locale;
use crate::run::{Steering, plan, steering};
use crate::tables::{self, TableSpec};
use crate::template::{Prefill, workbook};
use crate::workspace::{Language, Workspace};

/// Where templates go when nothing is said, beside the inbox and never read as a part of it.
const FOLDER: &str = "templates";

#[derive(Args)]
#[command(
    override_usage = "quarterdeck template [OPTIONS] [TABLE]... [DIR]",
    after_help = tables_by_name()
)]
pub(super) struct TemplateArgs {
    /// The tables, all without any; then the client's folder, this one without any. A last name
    /// that is a table's is that table: write ./customers for a folder of that name.
    #[arg(value_name = "TABLE|DIR")]
    names: Vec<String>,
    /// The folder to write to [default: templates in the client's folder].
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Write over workbooks that are there already.
    #[arg(long)]
    force: bool,
    /// The quarter to fill KPIs and targets in for, such as 2026-Q3 [default: that of the settings,
    /// else the one after the last that was reported].
    #[arg(long, value_name = "PERIOD")]
    period: Option<Quarter>,
    /// The language of the workbooks: en, th or vi [default: that of the reports].
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
}

fn tables_by_name() -> String {
    let names: Vec<&str> = tables::all().iter().map(|table| table.name).collect();
    format!("Tables: {}", names.join(", "))
}

/// A workbook to be written.
struct Due {
    table: &'static TableSpec,
    path: PathBuf,
    bytes: Vec<u8>,
}

pub(super) fn template(args: &TemplateArgs, log: &Log, out: &mut dyn Write) -> u8 {
    match made(args, log) {
        Ok(due) => {
            for file in &due {
                let _ = writeln!(out, "{}", file.path.display());
            }
            let books = if due.len() == 1 {
                "workbook"
            } else {
                "workbooks"
            };
            let message = format!(
                "Wrote {} {books} to fill in; put what is filled in into the inbox.",
                due.len()
            );
            log.outcome(&message, &[]);
            DONE
        }
        Err(problems) => {
            log.problems(problems.iter());
            log.outcome("No template was written.", &counts(&problems));
            NOTHING_PRODUCED
        }
    }
}

/// Makes every workbook before the first is written.
fn made(args: &TemplateArgs, log: &Log) -> Result<Vec<Due>, Diagnostics> {
    let (wanted, dir) = wanted(&args.names)?;
    let overrides = Overrides {
        period: args.period,
        language: args.language,
    };
    let workspace = overrides.open(&dir)?;
    let folder = args
        .to
        .clone()
        .unwrap_or_else(|| workspace.root.join(FOLDER));
    let path = |table: &TableSpec| folder.join(format!("{}.xlsx", table.name));
    if !args.force {
        let there = wanted
            .iter()
            .map(|table| path(table))
            .filter(|path| path.exists());
        let there: Diagnostics = there.map(|path| already_there(&path)).collect();
        if there.has_errors() {
            return Err(there);
        }
    }
    let mut problems = Diagnostics::new();
    let client = &workspace.config.client;
    let locale = Locale::load(
        &workspace.files,
        client.language,
        &client.currency,
        &mut problems,
    );
    let Some(locale) = locale else {
        return Err(problems);
    };
    let steering = asked_for(&workspace, &wanted, &locale, log)?;
    let mut due = Vec::new();
    for table in wanted {
        let kpis = match table.name {
            "manual_kpi" => steering.manual.as_slice(),
            "targets" => steering.targets.as_slice(),
            _ => &[],
        };
        let prefill = Prefill {
            kpis,
            period: steering.period,
        };
        match workbook(table, prefill, &locale) {
            Ok(bytes) => due.push(Due {
                table,
                path: path(table),
                bytes,
            }),
            Err(error) => problems.push(refused(table, &error.to_string())),
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    for file in &due {
        write(&file.path, &file.bytes)
            .map_err(|error| refused(file.table, &format!("`{}`: {error}", file.path.display())))?;
    }
    Ok(due)
}

/// The tables named, all when none is, and the workspace.
fn wanted(names: &[String]) -> Result<(Vec<&'static TableSpec>, PathBuf), Diagnostics> {
    let (names, dir) = match names.split_last() {
        Some((last, names)) if tables::by_name(last).is_none() && Path::new(last).is_dir() => {
            (names, PathBuf::from(last))
        }
        _ => (names, PathBuf::from(".")),
    };
    let mut problems = Diagnostics::new();
    let mut wanted: Vec<&'static TableSpec> = Vec::new();
    for name in names {
        match tables::by_name(name) {
            Some(table) if wanted.iter().any(|known| known.name == table.name) => {}
            Some(table) => wanted.push(table),
            None => {
                let known = tables::all().iter().map(|table| table.name);
                let message = format!("`{name}` is neither a table nor a folder");
                problems.push(
                    Diagnostic::error(&codes::workspace::NOT_A_TABLE, message)
                        .maybe_help(suggestion(name, known)),
                );
            }
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    if wanted.is_empty() {
        wanted = tables::all().to_vec();
    }
    Ok((wanted, dir))
}

/// What is known of KPIs, where a table asks for them.
fn asked_for(
    workspace: &Workspace,
    wanted: &[&'static TableSpec],
    locale: &Locale,
    log: &Log,
) -> Result<Steering, Diagnostics> {
    if !wanted
        .iter()
        .any(|table| ["manual_kpi", "targets"].contains(&table.name))
    {
        return Ok(Steering::default());
    }
    let mut remarks = Diagnostics::new();
    let plan = plan(workspace, Trial::Planned, &mut remarks)?;
    let mut unread = Diagnostics::new();
    let steering = steering(workspace, &plan.scorecard, locale, &mut unread)?;
    log.problems(unread.iter());
    if steering.period.is_none() {
        log.outcome(
            "No period was reported yet: the column for it is empty; --period fills it in.",
            &[],
        );
    }
    Ok(steering)
}

fn already_there(path: &Path) -> Diagnostic {
    let message = format!(
        "`{}` is there already and is not overwritten",
        path.display()
    );
    Diagnostic::error(&codes::workspace::ALREADY_THERE, message)
        .help("take it away, choose another folder with --to, or write over it with --force")
}

fn refused(table: &TableSpec, why: &str) -> Diagnostic {
    let message = format!("the template of `{}` cannot be written: {why}", table.name);
    Diagnostic::error(&codes::workspace::NOT_WRITTEN, message)
}

/// Whole under another name first, so that nobody opens half a workbook.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let whole = folder.join(format!(".{name}.tmp"));
    let written = fs::write(&whole, bytes).and_then(|()| fs::rename(&whole, path));
    if written.is_err() {
        // What is half there helps nobody; that it was not written is told in any case.
        let _ = fs::remove_file(&whole);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_name_that_is_no_table_is_the_workspace() {
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let (tables, dir) = wanted(&names(&["targets", "src"])).unwrap();
        assert_eq!((tables.len(), dir), (1, PathBuf::from("src")));
        let (tables, dir) = wanted(&[]).unwrap();
        assert_eq!(
            (tables.len(), dir),
            (tables::all().len(), PathBuf::from("."))
        );
        let (tables, _) = wanted(&names(&["targets", "targets", "goals"])).unwrap();
        assert_eq!(tables.len(), 2);
        let wrong = wanted(&names(&["target", "src"])).unwrap_err();
        let wrong = wrong.iter().next().unwrap();
        assert_eq!(wrong.message, "`target` is neither a table nor a folder");
        assert!(
            wrong.help.as_ref().unwrap().contains("`targets`"),
            "{wrong:?}"
        );
    }
}
