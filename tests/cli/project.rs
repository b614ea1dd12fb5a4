//! A workspace in a temporary folder, and the binary run on it as a user would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A workspace of its own for one test.
pub(crate) struct Project {
    root: tempfile::TempDir,
}

/// What a command printed and how it ended.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    /// A workspace made by `init`, with two years of purchases of a small shop in its inbox.
    pub(crate) fn shop() -> Self {
        let project = Self::empty();
        let made = project.run(&["init", "."]);
        assert_eq!(made.status, 0, "{}", made.stderr);
        project.with("inbox/sales.csv", &shop_sales())
    }

    /// With one file written or replaced.
    pub(crate) fn with(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a text that must be there.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no `{from}`:\n{text}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// `run.json` of a period.
    pub(crate) fn record(&self, period: &str) -> Value {
        serde_json::from_str(&self.read(&format!("reports/{period}/run.json"))).unwrap()
    }

    /// Runs the binary in the workspace.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run_in(self.root.path(), arguments)
    }

    /// The rows of a query, as JSON.
    pub(crate) fn query(&self, sql: &str) -> Vec<Value> {
        let ran = self.run(&["query", sql, "--format", "json"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stdout))
    }

    /// Every file under `reports/` with its bytes, in order.
    pub(crate) fn published(&self) -> Vec<(String, Vec<u8>)> {
        let root = self.path("reports");
        walkdir::WalkDir::new(&root)
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let name = entry.path().strip_prefix(&root).unwrap();
                (
                    name.to_string_lossy().into_owned(),
                    std::fs::read(entry.path()).unwrap(),
                )
            })
            .collect()
    }
}

/// Runs the binary in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_quarterdeck"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    Ran {
        status: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// Sixty customers who buy at their own pace over 2024 and 2025; figures follow from the loops.
fn shop_sales() -> String {
    let mut csv = String::from("Customer ID,Date,Amount,Product,Channel\n");
    for customer in 1..=60u32 {
        let every = 1 + customer % 7;
        for month in (customer % 5..24).step_by(every as usize) {
            let (year, month_of_year) = (2024 + month / 12, month % 12 + 1);
            let amount = 10 * customer + month;
            let product = ["tea", "coffee", "cake"][(customer + month) as usize % 3];
            let channel = ["shop", "web"][customer as usize % 2];
            csv.push_str(&format!(
                "C{customer:03},{year}-{month_of_year:02}-15,{amount}.50,{product},{channel}\n"
            ));
        }
    }
    // The last day of the data, so that the last quarter is complete.
    csv.push_str("C001,2025-12-31,5.00,tea,shop\n");
    csv
}
