//! `freeze`: keep the cut points of RFM scores as they are.

use std::io::Write;

use clap::Args;

use super::log::Log;
use super::run::counts;
use super::{DONE, NOTHING_PRODUCED, WorkspaceArgs};
use crate::run::freeze::{self, Freeze};

#[derive(Args)]
pub(super) struct FreezeArgs {
    #[command(flatten)]
    workspace: WorkspaceArgs,
    /// Replace the cut points of the period, if they are frozen already.
    #[arg(long)]
    force: bool,
}

pub(super) fn freeze(args: &FreezeArgs, log: &Log, out: &mut dyn Write) -> u8 {
    let done = args
        .workspace
        .open()
        .and_then(|workspace| freeze::freeze(&workspace, args.force, log));
    match done {
        Ok(Freeze {
            as_of,
            until,
            path,
            problems,
        }) => {
            log.problems(problems.iter());
            let _ = writeln!(out, "{}", path.display());
            let until = until.map_or_else(
                || "for every period from it on".to_owned(),
                |until| format!("from it on, until {until}"),
            );
            let message = format!("The RFM cut points of {as_of} are frozen and hold {until}.");
            log.outcome(&message, &counts(&problems));
            DONE
        }
        Err(problems) => {
            log.problems(problems.iter());
            log.outcome("No cut points were frozen.", &counts(&problems));
            NOTHING_PRODUCED
        }
    }
}
