//! A writer that stops a template which writes too much or takes too long.

use std::io::{Error, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What one template may write: far beyond any page a browser would open.
pub(super) const MOST_BYTES: usize = 64 << 20;
/// How long one template may take.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// Collects output until a bound or a cancellation.
pub(super) struct Bounded {
    out: Vec<u8>,
    most: usize,
    cancelled: Arc<AtomicBool>,
}

impl Bounded {
    pub(super) fn new(most: usize, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            out: Vec::new(),
            most,
            cancelled,
        }
    }

    /// What was written; templates write text only.
    pub(super) fn into_text(self) -> String {
        String::from_utf8(self.out)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Error::other("took too long"));
        }
        if self.out.len() + bytes.len() > self.most {
            return Err(Error::other("wrote too much"));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
