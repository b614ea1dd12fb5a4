//! The binary: parse, dispatch, exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    thrift::begin_again();
    quarterdeck::cli::main()
}

/// glibc's allocator has an arena for each thread and keeps in all of them what was given back. Tables
/// come and go by the million bytes all through a run, so at its peak a quarter of its memory is
/// such. It reads how it is to be set before a program begins, and from its environment alone.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod thrift {
    use std::env;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    /// One arena; blocks of four mebibytes and more are given back at once, smaller ones when 64 MiB of
    /// them are free: to get a page again takes longer than to keep it.
    const SETTINGS: [(&str, &str); 3] = [
        ("MALLOC_ARENA_MAX", "1"),
        ("MALLOC_MMAP_THRESHOLD_", "4194304"),
        ("MALLOC_TRIM_THRESHOLD_", "67108864"),
    ];

    /// Begins the process anew with these settings, unless whoever called it has made some. Where that
    /// cannot be done it goes on without.
    pub(super) fn begin_again() {
        if SETTINGS.iter().any(|(name, _)| env::var_os(name).is_some()) {
            return;
        }
        let mut arguments = env::args_os();
        if let (Some(name), Ok(program)) = (arguments.next(), env::current_exe()) {
            let mut again = Command::new(program);
            again.arg0(name).args(arguments).envs(SETTINGS);
            // Comes back only where it failed.
            let _ = again.exec();
        }
    }
}
