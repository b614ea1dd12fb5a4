//! The binary: parse, dispatch, exit status.

/// Gives large blocks back to the system as soon as they are free; one lock for all threads is no
/// matter where these allocate by the batch.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> std::process::ExitCode {
    quarterdeck::cli::main()
}
