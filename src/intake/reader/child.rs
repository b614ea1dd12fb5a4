//! A reading process as seen by the one that gave the order: it ends in time, whatever the file, and
//! its death is one message.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::order::{Allowance, Order};
use super::serve::ROWS;
use crate::diagnostics::codes::intake::{INPUT_MEMORY_LIMIT, INPUT_TIME_LIMIT, READER_FAILED};
use crate::diagnostics::{Diagnostic, Place};

/// The verb that makes the program a reading process.
pub const VERB: &str = "__read";

/// Lines of a process that are kept to tell why it died.
const KEPT: usize = 8;
/// Bytes of a line that are kept.
const LINE: u64 = 400;

/// How a reading process ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Death {
    /// It wanted more memory than it may have.
    Memory,
    /// It took longer than it may take.
    Time,
    /// It ended otherwise; how.
    Other(String),
}

/// Orders a file read and waits for it; the result is in `out`.
pub(super) fn run(
    program: &Path,
    order: &Order,
    allowance: Allowance,
    (file, out, into): (&Path, &Path, Option<&Path>),
    rows: &dyn Fn(u64),
) -> Result<(), Death> {
    let failed = |error: io::Error| Death::Other(error.to_string());
    let mut command = Command::new(program);
    command.arg(VERB).arg(file).arg(out).args(into);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let told = tell(&mut child, order, allowance);
    let (sender, lines) = channel();
    let stderr = child.stderr.take();
    let ended = std::thread::scope(|scope| {
        scope.spawn(move || {
            for line in stderr
                .into_iter()
                .flat_map(|pipe| Lines(BufReader::new(pipe)))
            {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        watch(&mut child, &lines, allowance, rows)
    });
    match ended.map_err(failed)? {
        None => Err(Death::Time),
        Some((status, _)) if status.success() => told.map_err(failed),
        Some((status, said)) => Err(death(status, &said)),
    }
}

/// Gives the order. A process that died at once cannot take it; why it did is told elsewhere.
fn tell(child: &mut Child, order: &Order, allowance: Allowance) -> io::Result<()> {
    let text = serde_json::to_vec(&(order, allowance))?;
    match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(&text),
        None => Ok(()),
    }
}

/// Listens until a process has ended, or ends it when its time is over: then there is no status. In
/// any case nothing is left of it.
fn watch(
    child: &mut Child,
    lines: &Receiver<String>,
    allowance: Allowance,
    rows: &dyn Fn(u64),
) -> io::Result<Option<(ExitStatus, Vec<String>)>> {
    let deadline = Instant::now() + Duration::from_secs(allowance.seconds);
    let mut said = Vec::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match lines.recv_timeout(left) {
            Ok(line) => match line.strip_prefix(ROWS).and_then(|n| n.parse().ok()) {
                Some(n) => rows(n),
                None => {
                    if said.len() == KEPT {
                        said.remove(0);
                    }
                    said.push(line);
                }
            },
            // It has closed its end, as only its own end does.
            Err(RecvTimeoutError::Disconnected) => return Ok(Some((child.wait()?, said))),
            Err(RecvTimeoutError::Timeout) => {
                // It may have ended by itself in this very moment.
                let _ = child.kill();
                child.wait()?;
                return Ok(None);
            }
        }
    }
}

/// What a process says, by lines that are cut where they are long.
struct Lines<R>(BufReader<R>);

impl<R: Read> Iterator for Lines<R> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let n = (&mut self.0).take(LINE).read_until(b'\n', &mut line).ok()?;
        (n > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}

fn death(status: ExitStatus, said: &[String]) -> Death {
    let says = |what: &str| said.iter().any(|line| line.contains(what));
    if says("memory allocation of") || says("Cannot allocate memory") {
        return Death::Memory;
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;

        use rustix::process::Signal;

        let signal = status.signal();
        if signal == Some(Signal::XCPU.as_raw()) {
            return Death::Time;
        }
        // We did not send it: the system ends what takes too much memory for the machine.
        if signal == Some(Signal::KILL.as_raw()) {
            return Death::Memory;
        }
    }
    match said.iter().rev().find(|line| !line.is_empty()) {
        Some(line) => Death::Other(line.clone()),
        None => Death::Other(status.to_string()),
    }
}

impl Death {
    /// As it is said of a file.
    pub(super) fn diagnostic(&self, path: &str, allowance: Allowance) -> Diagnostic {
        let diagnostic = match self {
            Self::Memory => Diagnostic::error(
                &INPUT_MEMORY_LIMIT,
                format!(
                    "the file was given up: reading it takes more memory than the {} MB it may take",
                    allowance.memory / 1_000_000
                ),
            )
            .help("if it is real data, export it as .csv or in parts, or raise `[input] memory-limit`; if nobody knows it, delete it"),
            Self::Time => Diagnostic::error(
                &INPUT_TIME_LIMIT,
                format!(
                    "the file was given up: reading it takes longer than the {} seconds it may take",
                    allowance.seconds
                ),
            )
            .help("if it is real data, export it as .csv or in parts, or raise `[input] time-limit-seconds`; if nobody knows it, delete it"),
            Self::Other(how) => Diagnostic::error(
                &READER_FAILED,
                format!("the file cannot be read: its reader ended early ({how})"),
            )
            .help("open it, save it again as .xlsx or .csv, and replace it"),
        };
        diagnostic.at(Place::File(path.to_owned()))
    }
}
