//! Tells cargo when to rebuild, and the program what it was built from.
//!
//! The embedding macro notices changed files of the folders that are embedded, not new ones. What was
//! read of an input is kept for as long as the code that reads it is the same: its fingerprint is
//! taken over the sources of the intake, what they stand on, and the versions of all dependencies.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    for folder in ["rules", "report-templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    let mut files = Vec::new();
    for source in [
        "src/intake",
        "src/tables",
        "src/diagnostics",
        "src/calendar.rs",
        "Cargo.lock",
        "Cargo.toml",
    ] {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        // A package may leave out a file of its repository.
        if let Ok(bytes) = std::fs::read(&file) {
            (file, bytes).hash(&mut hasher);
        }
    }
    println!(
        "cargo::rustc-env=QUARTERDECK_READS_AS={:016x}",
        hasher.finish()
    );
}

/// The files at or under a path.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(path) {
        Ok(entries) => {
            for entry in entries.flatten() {
                collect(&entry.path(), files);
            }
        }
        Err(_) => files.push(path.to_owned()),
    }
}
