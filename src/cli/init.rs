//! `init`: start a workspace.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::log::Log;
use super::run::nothing;
use super::{DONE, NOTHING_PRODUCED};
use crate::diagnostics::{Diagnostic, codes};
use crate::workspace::{Language, settings_template};

#[derive(Args)]
pub(super) struct InitArgs {
    /// The folder to make.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The language of the reports: en, th or vi.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: Language,
}

pub(super) fn init(args: &InitArgs, log: &Log, out: &mut dyn Write) -> u8 {
    let settings = args.dir.join("quarterdeck.toml");
    if settings.exists() {
        let message = format!("`{}` is there already", settings.display());
        let problem = Diagnostic::error(&codes::workspace::ALREADY_THERE, message)
            .help("edit it, or choose another folder");
        return nothing(&problem.into(), log);
    }
    match write(args) {
        Ok(()) => {
            let dir = args.dir.display();
            let _ = writeln!(
                out,
                "Made {dir} with its settings (quarterdeck.toml) and an empty inbox.\n\
                 Next:\n  1. put the spreadsheets into {dir}/inbox\n  2. quarterdeck check {dir}\n  3. quarterdeck {dir}"
            );
            DONE
        }
        Err(error) => {
            log.outcome(
                &format!("`{}` cannot be made: {error}", args.dir.display()),
                &[],
            );
            NOTHING_PRODUCED
        }
    }
}

fn write(args: &InitArgs) -> std::io::Result<()> {
    std::fs::create_dir_all(args.dir.join("inbox"))?;
    std::fs::write(
        args.dir.join("quarterdeck.toml"),
        settings_template(&args.dir, args.language),
    )
}
