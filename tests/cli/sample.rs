//! The sample, run where a copy of it stands.

use std::path::Path;

use serde_json::Value;

use crate::project::{Project, run_in};

/// A copy of a sample, without what runs left in it.
pub(crate) fn copy_of(sample: &str) -> Project {
    let project = Project::empty();
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples")
        .join(sample);
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.unwrap();
        let relative = entry.path().strip_prefix(&from).unwrap();
        if relative.starts_with("reports") || relative.starts_with(".quarterdeck") {
            continue;
        }
        let to = project.path(&relative.to_string_lossy());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
        } else {
            std::fs::copy(entry.path(), &to).unwrap();
        }
    }
    project
}

#[test]
fn cdnow_measures_eight_kpis_and_shows_four_perspectives() {
    let project = copy_of("cdnow");
    let ran = run_in(&project.path("."), &["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let record = project.record("1998-Q2");
    let kpis = record["kpis"].as_array().unwrap();
    let measured = kpis.iter().filter(|kpi| !kpi["value"].is_null()).count();
    assert!(measured >= 8, "{measured} measured");
    for kpi in kpis.iter().filter(|kpi| kpi["value"].is_null()) {
        assert!(kpi["reason"].is_string(), "{kpi}");
    }
    let node = |id: &str| -> &Value {
        let nodes = record["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["id"] == id).unwrap()
    };
    for id in ["financial", "customer"] {
        assert!(node(id)["score"].is_number(), "{id}: {}", node(id));
    }
    for id in ["internal-process", "learning-growth"] {
        assert!(node(id)["score"].is_null(), "{id}: {}", node(id));
    }
    let rows = &record["inputs"];
    let read: u64 = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["rows_read"].as_u64().unwrap())
        .sum();
    assert_eq!(read, 69_659);
}
