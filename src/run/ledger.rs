//! The ledger of published figures: who was active at the end of a period when it was published, kept
//! with its reports so that the next period can say what has changed since.
//!
//! It is one of the files of the period: published with the others or not at all, and hashed in
//! `run.json`. So a ledger that was changed or cut short is told from a true one.

use std::io::ErrorKind;
use std::path::Path;

use datafusion::arrow::array::{Array, AsArray};
use serde_json::Value;

use super::compute::Computed;
use super::manifest;
use super::publish::MANIFEST;
use crate::calendar::Quarter;
use crate::diagnostics::codes::run::LEDGER_DAMAGED;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::engine::{REPORTED_CUSTOMERS, internal};
use crate::metrics::PublishedClosing;

/// Its path within the folder of a period.
pub(super) const LEDGER: &str = "ledger/closing-customers.json";

/// A ledger as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ledger {
    /// What it says.
    pub(super) closing: PublishedClosing,
    /// SHA-256 of the file.
    pub(super) sha256: String,
}

/// What was published of a period.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Published {
    /// Nothing, or by a version that kept no ledger.
    Nothing,
    /// Something that can no longer be read, or is not what was published.
    Damaged(Diagnostic),
    /// This.
    Closing(Ledger),
}

/// Reads what was published of a period in `reports/`.
pub(super) fn read(reports: &Path, period: Quarter) -> Published {
    let folder = reports.join(period.to_string());
    let shown = format!("reports/{period}/{LEDGER}");
    let Some(recorded) = recorded_hash(&folder) else {
        return Published::Nothing;
    };
    let damaged = |what: String| {
        let message = format!("the closing customers of {period} as published {what}");
        Published::Damaged(
            Diagnostic::warning(&LEDGER_DAMAGED, message)
                .at(Place::File(shown.clone()))
                .help(format!("publish {period} again with `--period {period}`")),
        )
    };
    let bytes = match std::fs::read(folder.join(LEDGER)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return damaged("are gone".to_owned());
        }
        Err(error) => return damaged(format!("cannot be read: {error}")),
    };
    let sha256 = manifest::sha256(&bytes);
    if sha256 != recorded {
        return damaged("were changed since".to_owned());
    }
    match serde_json::from_slice::<PublishedClosing>(&bytes) {
        Ok(closing) if closing.period == period.to_string() => {
            Published::Closing(Ledger { closing, sha256 })
        }
        Ok(closing) => damaged(format!("are those of {}", closing.period)),
        Err(_) => damaged("are written in a way this version does not know".to_owned()),
    }
}

/// The hash that `run.json` has of the ledger; none where it lists none.
fn recorded_hash(folder: &Path) -> Option<String> {
    let bytes = std::fs::read(folder.join(MANIFEST)).ok()?;
    let record: Value = serde_json::from_slice(&bytes).ok()?;
    let outputs = record["outputs"].as_array()?;
    let ledger = outputs.iter().find(|output| output["path"] == LEDGER)?;
    Some(ledger["sha256"].as_str().unwrap_or_default().to_owned())
}

/// The file of the reported period: its closing customers, ids in order.
///
/// # Errors
/// When they cannot be read: our fault.
pub(super) fn of(computed: &Computed) -> Result<Vec<u8>, Diagnostics> {
    let rows = computed.engine.ad_hoc(&format!(
        "select customer_id, coalesce(cast(segment as varchar), '') as segment \
         from {REPORTED_CUSTOMERS} where is_closing order by customer_id"
    ))?;
    let rows = rows.one()?;
    let column = |name: &str| {
        rows.column_by_name(name)
            .and_then(|column| column.as_string_view_opt())
            .ok_or_else(|| internal(format!("no text column `{name}`")))
    };
    let (ids, segments) = (column("customer_id")?, column("segment")?);
    let mut closing = PublishedClosing {
        period: computed.prepared.timeline.reported.to_string(),
        activity_window_months: computed.prepared.window.months,
        customers: std::collections::BTreeMap::new(),
    };
    for row in 0..ids.len() {
        let segment = segments.value(row).to_owned();
        let of_segment = closing.customers.entry(segment).or_default();
        of_segment.push(ids.value(row).to_owned());
    }
    let mut bytes = serde_json::to_vec(&closing).map_err(internal)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Quarter = Quarter {
        year: 2026,
        number: 2,
    };

    fn closing() -> PublishedClosing {
        PublishedClosing {
            period: "2026-Q2".to_owned(),
            activity_window_months: 12,
            customers: [("MVC".to_owned(), vec!["A".to_owned(), "B".to_owned()])].into(),
        }
    }

    /// A folder of reports in which a ledger of these bytes was published.
    fn published(bytes: &[u8]) -> tempfile::TempDir {
        let reports = tempfile::tempdir().unwrap();
        let folder = reports.path().join("2026-Q2");
        std::fs::create_dir_all(folder.join("ledger")).unwrap();
        std::fs::write(folder.join(LEDGER), bytes).unwrap();
        let sha256 = manifest::sha256(bytes);
        let record = serde_json::json!({"outputs": [{"path": LEDGER, "sha256": sha256}]});
        std::fs::write(folder.join(MANIFEST), record.to_string()).unwrap();
        reports
    }

    fn complaint(reports: &Path) -> String {
        match read(reports, PERIOD) {
            Published::Damaged(problem) => problem.message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_published_is_read_back() {
        let reports = published(&serde_json::to_vec(&closing()).unwrap());
        let Published::Closing(found) = read(reports.path(), PERIOD) else {
            panic!("not read");
        };
        assert_eq!(found.closing, closing());
        // Nothing was published of the period after it, nor by a run that kept no ledger.
        assert_eq!(read(reports.path(), PERIOD.plus(1)), Published::Nothing);
        let record = reports.path().join("2026-Q2").join(MANIFEST);
        std::fs::write(record, "{\"outputs\": []}").unwrap();
        assert_eq!(read(reports.path(), PERIOD), Published::Nothing);
    }

    #[test]
    fn a_ledger_that_is_not_what_was_published_is_not_believed() {
        let reports = published(&serde_json::to_vec(&closing()).unwrap());
        let path = reports.path().join("2026-Q2").join(LEDGER);
        std::fs::write(&path, "{}").unwrap();
        assert!(complaint(reports.path()).ends_with("were changed since"));
        std::fs::remove_file(&path).unwrap();
        assert!(complaint(reports.path()).ends_with("are gone"));
        let odd = published(b"{\"members\": 3}");
        assert!(complaint(odd.path()).ends_with("this version does not know"));
    }
}
