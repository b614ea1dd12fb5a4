//! `freeze`: keep the cut points of RFM scores, or those between the value classes, as they are.

use std::io::Write;

use clap::Args;

use super::log::Log;
use super::run::counts;
use super::{DONE, NOTHING_PRODUCED, WorkspaceArgs};
use crate::run::freeze::{self, Freeze, Ruler};

#[derive(Args)]
pub(super) struct FreezeArgs {
    #[command(flatten)]
    workspace: WorkspaceArgs,
    /// Freeze the cut points between the value classes, in rules/class-cuts.toml, and not those of RFM.
    #[arg(long)]
    classes: bool,
    /// Replace the cut points of the period, if they are frozen already.
    #[arg(long)]
    force: bool,
}

pub(super) fn freeze(args: &FreezeArgs, log: &Log, out: &mut dyn Write) -> u8 {
    let (ruler, what) = match args.classes {
        true => (Ruler::Classes, "cut points between the classes"),
        false => (Ruler::Rfm, "RFM cut points"),
    };
    let done = args
        .workspace
        .open()
        .and_then(|workspace| freeze::freeze(&workspace, ruler, args.force, log));
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
            let message = format!("The {what} of {as_of} are frozen and hold {until}.");
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
