//! The reading process: reads one file as ordered, within limits, and hands over what it read.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::path::Path;

use super::handover;
use super::order::{Allowance, Order, READS_AS};
use super::perform::perform;
use crate::intake::discover::{InputFilePath, Seen};

/// What begins a line that tells how many rows were read.
pub(super) const ROWS: &str = "rows ";

/// Reads `file` as the order on standard input says and writes what was read to `out`. An archive is
/// taken apart into `into`. How many rows were read so far goes to standard error.
///
/// # Errors
/// When the order cannot be read, a limit cannot be set, or the result not be written. What is wrong
/// with the file is no error: it is handed over.
pub fn serve(file: &OsStr, out: &OsStr, into: Option<&OsStr>) -> io::Result<()> {
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    let (order, allowance): (Order, Allowance) = serde_json::from_slice(&text)?;
    if order.reads_as != READS_AS {
        return Err(io::Error::other("the program was replaced while it ran"));
    }
    limit(allowance)?;
    let mut out = OpenOptions::new().write(true).truncate(true).open(out)?;
    let file = InputFilePath {
        full: file.into(),
        path: order.path.clone(),
        in_inbox: order.in_inbox.clone(),
        archive: into.is_some(),
        seen: Seen::of(Path::new(file))?,
    };
    let progress = |_: &str, rows: u64| {
        // Nobody listens where the one who gave the order is gone.
        let _ = writeln!(io::stderr(), "{ROWS}{rows}");
    };
    let result = perform(&order, &file, into.map(Path::new), &progress);
    handover::write(&result, &mut out)
}

/// Takes on the limits, for good.
#[cfg(unix)]
fn limit(allowance: Allowance) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let set = |resource, soft: u64, hard: u64| {
        let wanted = Rlimit {
            current: Some(soft),
            maximum: Some(hard),
        };
        setrlimit(resource, wanted).map_err(io::Error::from)
    };
    let memory = allowance.memory.saturating_add(mapped());
    set(Resource::As, memory, memory)?;
    // At the soft limit the system ends the process by a signal that says why.
    set(Resource::Cpu, allowance.seconds, allowance.seconds + 5)?;
    // A dump of memory would be as large as that, and hold the client's data.
    set(Resource::Core, 0, 0)?;
    // Where the machine itself runs out of memory, this process is to go, not the one that publishes.
    #[cfg(target_os = "linux")]
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

#[cfg(not(unix))]
fn limit(_: Allowance) -> io::Result<()> {
    Ok(())
}

/// The address space that the program itself takes before it reads anything, in bytes.
#[cfg(unix)]
fn mapped() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kilobytes = size.and_then(|size| size.split_whitespace().next()?.parse::<u64>().ok());
    // Elsewhere an estimate that is rather too large.
    kilobytes.map_or(512 << 20, |kilobytes| kilobytes << 10)
}
