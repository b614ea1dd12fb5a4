//! The page over all published periods, made from their records.

use std::path::Path;

use super::manifest::{Manifest, ManifestNode};
use super::publish::{self, PublishError};
use crate::calendar::{FiscalCalendar, Quarter};
use crate::report::build;
use crate::report::locale::Locale;
use crate::report::model::{self, Counts, Index, IndexEntry, Node, Report, Status};

/// What the index shows: the periods published in `reports/`, with the one about to be.
///
/// # Errors
/// When the folder of reports cannot be listed.
pub(super) fn index(
    reports: &Path,
    report: &Report,
    manifest: &Manifest,
    calendar: FiscalCalendar,
    locale: &Locale,
) -> Result<Index, PublishError> {
    let mut records: Vec<(String, Manifest)> = publish::published(reports)?
        .into_iter()
        .filter(|published| published.period != report.period.id)
        .filter_map(|published| Some((published.period, published.manifest?)))
        .collect();
    records.push((report.period.id.clone(), manifest.clone()));
    records.sort_by(|a, b| b.0.cmp(&a.0));
    let entries = records
        .iter()
        .filter_map(|(folder, record)| {
            let quarter: Quarter = folder.parse().ok()?;
            Some(entry(record, build::period(quarter, calendar, locale)))
        })
        .collect();
    Ok(Index {
        schema: model::SCHEMA,
        version: report.version.clone(),
        language: report.language.clone(),
        client: report.client.clone(),
        entries,
    })
}

fn entry(record: &Manifest, period: model::Period) -> IndexEntry {
    let counts = counts(record);
    let problems = record
        .diagnostics
        .iter()
        .filter(|problem| problem["severity"] != "info")
        .count();
    IndexEntry {
        folder: record.period.clone(),
        files: record
            .outputs
            .iter()
            // What lies deeper is for those who look for it: the copies to be mended.
            .filter(|output| !output.path.contains('/'))
            .map(|output| output.path.clone())
            .collect(),
        total: node(record.nodes.first(), counts),
        kpis: size(record.kpis.len()),
        measured: size(record.kpis.iter().filter(|kpi| kpi.value.is_some()).count()),
        data_to: None,
        problems: problems as u64,
        run_id: record.run_id(),
        period,
    }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn counts(record: &Manifest) -> Counts {
    let mut counts = Counts::default();
    for kpi in &record.kpis {
        match kpi.status {
            Status::Good => counts.good += 1,
            Status::Watch => counts.watch += 1,
            Status::Act => counts.act += 1,
            Status::NotMeasured | Status::InsufficientData => counts.not_measured += 1,
            Status::NotDue => counts.not_due += 1,
            Status::Information => counts.information += 1,
        }
    }
    counts
}

fn node(recorded: Option<&ManifestNode>, counts: Counts) -> Node {
    Node {
        score: recorded.and_then(|node| node.score),
        low: recorded.map_or(0.0, |node| node.low),
        high: recorded.map_or(100.0, |node| node.high),
        coverage: recorded.map_or(0.0, |node| node.coverage),
        status: recorded.map_or(Status::NotMeasured, |node| node.status),
        share: 1.0,
        previous: None,
        history: Vec::new(),
        counts,
    }
}
