//! The command line: one verb per file.

use std::process::ExitCode;

/// Parses the arguments, runs the verb and gives its exit status.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
