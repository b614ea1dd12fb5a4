//! `explain`: why a customer is in a class, how a KPI is made, what a cell became, what a code means.

mod cell;
mod customer;
mod kpi;

use std::io::{self, Write};
use std::path::Path;

use clap::{ArgGroup, Args};

use super::log::Log;
use super::{DONE, NOTHING_PRODUCED, Overrides};
use crate::diagnostics::codes::run::{NO_SUCH_CODE, NO_SUCH_KPI, NOTHING_ASKED};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, suggestion};
use crate::metrics::Trial;
use crate::run::{Until, compute, plan};

#[derive(Args)]
#[command(group = ArgGroup::new("what").args(["kpi", "cell", "code"]))]
pub(super) struct ExplainArgs {
    /// A customer's id, then the client's folder; with --kpi, --cell or --code the folder alone.
    #[arg(value_name = "CUSTOMER] [DIR", num_args = 0..=2)]
    words: Vec<String>,
    /// How a KPI is made: its formula, its queries and its value in each period.
    #[arg(long, value_name = "ID")]
    kpi: Option<String>,
    /// What became of a cell: FILE!SHEET!A1, or FILE!A1 for a CSV file.
    #[arg(long, value_name = "FILE!SHEET!A1")]
    cell: Option<String>,
    /// What a problem code means.
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    #[command(flatten)]
    overrides: Overrides,
}

pub(super) fn explain(args: &ExplainArgs, log: &Log, out: &mut dyn Write) -> u8 {
    match explained(args, log, out) {
        Ok(()) => DONE,
        Err(Failed::Said(problems)) => {
            log.problems(problems.iter());
            NOTHING_PRODUCED
        }
        // A reader that went away (`| head`) has what it wanted.
        Err(Failed::Closed) => DONE,
    }
}

/// Why there is no explanation.
enum Failed {
    Said(Diagnostics),
    /// Nobody reads standard output any more.
    Closed,
}

impl From<Diagnostics> for Failed {
    fn from(problems: Diagnostics) -> Self {
        Self::Said(problems)
    }
}

impl From<Diagnostic> for Failed {
    fn from(problem: Diagnostic) -> Self {
        Self::Said(problem.into())
    }
}

impl From<io::Error> for Failed {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

fn explained(args: &ExplainArgs, log: &Log, out: &mut dyn Write) -> Result<(), Failed> {
    if let Some(code) = &args.code {
        return explain_code(code, out);
    }
    let asks_customer = args.kpi.is_none() && args.cell.is_none();
    let (customer, dir) = match (asks_customer, args.words.as_slice()) {
        (true, [customer]) => (Some(customer), Path::new(".")),
        (true, [customer, dir]) => (Some(customer), Path::new(dir)),
        (false, []) => (None, Path::new(".")),
        (false, [dir]) => (None, Path::new(dir)),
        _ => {
            let message = "say what to explain: a customer's id, --kpi, --cell or --code";
            return Err(Diagnostic::error(&NOTHING_ASKED, message).into());
        }
    };
    let workspace = args.overrides.open(dir)?;
    let mut remarks = Diagnostics::new();
    let plan = plan(&workspace, Trial::Planned, &mut remarks)?;
    let until = if customer.is_some() {
        Until::Rules
    } else {
        Until::Measures
    };
    let computed = compute(&workspace, &plan, until, log, &mut remarks)?;
    log.done();
    if let Some(customer) = customer {
        customer::explain(customer, &plan, &computed, out)
    } else if let Some(kpi) = &args.kpi {
        let found = plan.scorecard.kpi(kpi).ok_or_else(|| {
            let known = plan.scorecard.kpis.iter().map(|kpi| kpi.id.as_str());
            Diagnostic::error(
                &NO_SUCH_KPI,
                format!("there is no KPI `{kpi}` on the scorecard"),
            )
            .maybe_help(suggestion(kpi, known))
        })?;
        kpi::explain(found, &plan, &computed, out)
    } else {
        cell::explain(
            args.cell.as_deref().unwrap_or_default(),
            &computed,
            &remarks,
            out,
        )
    }
}

fn explain_code(name: &str, out: &mut dyn Write) -> Result<(), Failed> {
    let code = codes::all().find(|code| code.name == name).ok_or_else(|| {
        let known = codes::all().map(|code| code.name);
        Diagnostic::error(&NO_SUCH_CODE, format!("there is no problem code `{name}`"))
            .maybe_help(suggestion(name, known))
    })?;
    writeln!(out, "{}: {}", code.name, code.explanation)?;
    Ok(())
}
