//! `query`: SQL over the inputs and everything computed from them.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::log::Log;
use super::{DONE, NOTHING_PRODUCED, Overrides};
use crate::diagnostics::Diagnostics;
use crate::engine::{Format, write_rows};
use crate::identity;
use crate::metrics::next_best::{self, Wanted};
use crate::metrics::{Trial, clv, scores};
use crate::run::{Until, compute, plan};

#[derive(Args)]
pub(super) struct QueryArgs {
    /// One SELECT; `show tables` lists what there is.
    #[arg(value_name = "SQL")]
    sql: String,
    /// The client's folder.
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// How the rows are printed: table, csv or json.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
    #[command(flatten)]
    overrides: Overrides,
}

pub(super) fn query(args: &QueryArgs, log: &Log, out: &mut dyn Write) -> u8 {
    match rows(args, log) {
        // A reader that went away (`| head`) has what it wanted.
        Ok(rows) => {
            let _ = write_rows(&rows, args.format, out);
            DONE
        }
        Err(problems) => {
            log.problems(problems.iter());
            log.outcome("The query gave nothing.", &super::run::counts(&problems));
            NOTHING_PRODUCED
        }
    }
}

fn rows(args: &QueryArgs, log: &Log) -> Result<crate::engine::Rows, Diagnostics> {
    let workspace = args.overrides.open(&args.dir)?;
    let mut remarks = Diagnostics::new();
    let plan = plan(&workspace, Trial::Planned, &mut remarks)?;
    let computed = compute(&workspace, &plan, Until::Measures, log, &mut remarks)?;
    if clv::mentioned(&args.sql) && !clv::wanted(&computed.prepared.queries) {
        let settings = clv::Settings::of(&workspace.config, computed.prepared.window.months);
        let provided = clv::provide(
            &computed.engine,
            &workspace.files,
            &computed.prepared.timeline,
            settings,
            clv::Asked::Tables,
        )?;
        log.problems(provided.said.iter());
    }
    if scores::mentioned(&args.sql) {
        computed.provide_scores(&plan)?;
    }
    let wanted = Wanted::by_statement(&args.sql);
    if wanted > Wanted::by_queries(&computed.prepared.queries) {
        let settings = workspace.config.next_best_product;
        let timeline = &computed.prepared.timeline;
        let said = next_best::provide(&computed.engine, timeline, settings, wanted)?;
        log.problems(said.iter());
    }
    if identity::mentioned(&args.sql) {
        identity::provide_inventory(&computed.engine, &workspace.files)?;
    }
    log.done();
    computed.engine.ad_hoc(&args.sql)
}
