//! The binary: parse, dispatch, exit status.

fn main() -> std::process::ExitCode {
    quarterdeck::cli::main()
}
