//! `eject`: copy a shipped file into the workspace, to be changed there.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::log::Log;
use super::run::nothing;
use super::{DONE, NOTHING_PRODUCED};
use crate::diagnostics::{Diagnostic, codes, suggestion};
use crate::workspace::{Files, shipped};

#[derive(Args)]
pub(super) struct EjectArgs {
    /// The file, such as rules/segmentation.rhai; without it, those there are are listed.
    #[arg(value_name = "PATH")]
    path: Option<String>,
    /// The client's folder.
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

pub(super) fn eject(args: &EjectArgs, log: &Log, out: &mut dyn Write) -> u8 {
    let built_in = Files::built_in();
    let Some(path) = &args.path else {
        for path in built_in.paths() {
            let _ = writeln!(out, "{path}");
        }
        return DONE;
    };
    let path = path.replace('\\', "/");
    let Some(text) = shipped(&path) else {
        let message = format!("`{path}` is not a file that ships with quarterdeck");
        let problem = Diagnostic::error(&codes::workspace::NOT_BUILT_IN, message)
            .maybe_help(suggestion(&path, built_in.paths()));
        return nothing(&problem.into(), log);
    };
    let target = args.dir.join(&path);
    if target.exists() {
        let message = format!(
            "`{}` is there already and is not overwritten",
            target.display()
        );
        return nothing(
            &Diagnostic::error(&codes::workspace::ALREADY_THERE, message)
                .help("remove or rename it first to start again from the shipped text")
                .into(),
            log,
        );
    }
    match write(&target, text) {
        Ok(()) => {
            let _ = writeln!(
                out,
                "{} holds the shipped text now; what it says goes from the next run on.",
                target.display()
            );
            DONE
        }
        Err(error) => {
            log.outcome(
                &format!("`{}` cannot be written: {error}", target.display()),
                &[],
            );
            NOTHING_PRODUCED
        }
    }
}

fn write(target: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(target, text)
}
