//! The command line: one verb per file.
//!
//! What a verb produces goes to standard output; progress and problems go to standard error. Exit
//! status 0: done. 1: done, with problems at or above `--fail-on`. 2: nothing was produced, and the
//! last good report is untouched.

mod account;
mod check;
mod eject;
mod explain;
mod freeze;
mod init;
mod log;
mod query;
mod run;
mod template;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::diagnostics::{Diagnostics, Severity};
use crate::intake::reader;
use crate::workspace::{Language, Reader, Workspace};
use log::{Log, LogFormat};

const DONE: u8 = 0;
const DONE_WITH_PROBLEMS: u8 = 1;
const NOTHING_PRODUCED: u8 = 2;

/// Turns a folder of spreadsheets into a CRM balanced scorecard and a CRM ROI report.
///
/// Put the spreadsheets of customers and purchases into a folder and run `quarterdeck FOLDER`: the
/// reports are in FOLDER/reports, as web pages and as workbooks. Only purchases are required: who
/// bought, when, and for how much. Start a workspace that can be adapted with `quarterdeck init`.
#[derive(Parser)]
#[command(name = "quarterdeck", version, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Exit status: 0 done; 1 done, but with problems at or above --fail-on; \
    2 no report was produced, and the last good one is untouched."
)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    run: RunArgs,
    /// How progress and problems are written to standard error.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human)]
    log: LogFormat,
}

#[derive(Subcommand)]
enum Verb {
    /// Read the inbox and publish the reports of a period (the default).
    Run(RunArgs),
    /// Find every mistake in settings, rules and templates, and say how each sheet is understood.
    Check(CheckArgs),
    /// Start a workspace: settings to fill in and an inbox.
    Init(init::InitArgs),
    /// Copy a rule or template that ships with quarterdeck into the workspace, to be changed.
    Eject(eject::EjectArgs),
    /// Write workbooks to fill in, one per table: headers, formats, drop-downs, notes, examples.
    ///
    /// Each has the headers of its table in the language of the reports, and a second sheet that
    /// says what each column is. `manual_kpi` and `targets` come with the KPIs of the scorecard,
    /// their last values and the period to fill in. Put a workbook into the inbox when it is filled
    /// in.
    Template(template::TemplateArgs),
    /// Keep the cut points of a period, of RFM scores or between the value classes, for every later one.
    ///
    /// Cut points that follow the customers move every quarter, and with them the scores and classes of
    /// customers who do nothing new. Those of RFM are written to rules/rfm-cuts.toml, with the period, the
    /// method and the customers of each score; with --classes those between the classes, which are the
    /// constants of rules/segmentation.rhai, to rules/class-cuts.toml. They hold from that period on until
    /// others are frozen. Remove the file, or a section of it, to let them follow the customers again.
    Freeze(freeze::FreezeArgs),
    /// Show why: a customer's class, a KPI, a cell of an input, or what a problem code means.
    Explain(explain::ExplainArgs),
    /// Run SQL over the inputs and everything computed from them; nothing is published.
    Query(query::QueryArgs),
    /// Read one file for another process of this program.
    #[command(name = reader::VERB, hide = true)]
    Read(ReadArgs),
}

/// What a reading process is given beside its order.
#[derive(Args)]
struct ReadArgs {
    /// The file.
    file: OsString,
    /// Where what was read goes.
    out: OsString,
    /// Where an archive is taken apart.
    into: Option<OsString>,
}

#[derive(Args)]
struct RunArgs {
    #[command(flatten)]
    workspace: WorkspaceArgs,
    /// The lowest severity that makes the exit status 1.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: Severity,
}

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    workspace: WorkspaceArgs,
    /// Print nothing but the `[[input.file]]` declarations that would settle the sheets that are not
    /// clear; look them over and append them to quarterdeck.toml.
    #[arg(long)]
    fix: bool,
}

/// Which workspace, period and language.
#[derive(Args)]
struct WorkspaceArgs {
    /// The client's folder.
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    #[command(flatten)]
    overrides: Overrides,
}

/// Settings that the command line puts over those of `quarterdeck.toml`.
#[derive(Args)]
struct Overrides {
    /// The fiscal quarter to report, such as 2026-Q3 [default: the last complete one].
    #[arg(long, value_name = "PERIOD")]
    period: Option<crate::calendar::Quarter>,
    /// The language of the reports: en, th or vi.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
}

impl WorkspaceArgs {
    fn open(&self) -> Result<Workspace, Diagnostics> {
        self.overrides.open(&self.dir)
    }
}

impl Overrides {
    fn open(&self, dir: &std::path::Path) -> Result<Workspace, Diagnostics> {
        let mut workspace = Workspace::open(dir)?;
        if let Some(period) = self.period {
            workspace.config.calendar.period = Some(period);
        }
        if let Some(language) = self.language {
            workspace.config.client.language = language;
        }
        // Where the system does not say what this program is, it is looked for by its name.
        let program = std::env::current_exe().unwrap_or_else(|_| "quarterdeck".into());
        workspace.reader = Reader::Program(program);
        Ok(workspace)
    }
}

/// Parses the arguments, runs the verb and gives its exit status.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Clap prints help and version to standard output, mistakes to standard error.
            let status = if error.use_stderr() {
                NOTHING_PRODUCED
            } else {
                DONE
            };
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    if let Some(Verb::Read(args)) = &cli.verb {
        return match reader::serve(&args.file, &args.out, args.into.as_deref()) {
            Ok(()) => ExitCode::from(DONE),
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error}");
                ExitCode::from(NOTHING_PRODUCED)
            }
        };
    }
    let log = Log::new(cli.log);
    let mut out = anstream::stdout().lock();
    let status = match cli.verb {
        None => run::run(&cli.run, &log, &mut out),
        Some(Verb::Run(args)) => run::run(&args, &log, &mut out),
        Some(Verb::Check(args)) => check::check(&args, &log, &mut out),
        Some(Verb::Init(args)) => init::init(&args, &log, &mut out),
        Some(Verb::Eject(args)) => eject::eject(&args, &log, &mut out),
        Some(Verb::Template(args)) => template::template(&args, &log, &mut out),
        Some(Verb::Freeze(args)) => freeze::freeze(&args, &log, &mut out),
        Some(Verb::Explain(args)) => explain::explain(&args, &log, &mut out),
        Some(Verb::Query(args)) => query::query(&args, &log, &mut out),
        Some(Verb::Read(_)) => unreachable!("it has been served"),
    };
    // A reader that went away (`| head`) is no failure of ours.
    let _ = out.flush();
    ExitCode::from(status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn run_is_the_default_verb() {
        let cli = Cli::parse_from(["quarterdeck", "client", "--period", "2026-Q3"]);
        assert!(cli.verb.is_none());
        assert_eq!(cli.run.workspace.dir, PathBuf::from("client"));
        let cli = Cli::parse_from(["quarterdeck", "run", "client", "--fail-on", "warning"]);
        assert!(matches!(cli.verb, Some(Verb::Run(args)) if args.fail_on == Severity::Warning));
    }
}
