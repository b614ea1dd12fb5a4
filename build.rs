//! Rebuilds when a file is added to a folder that is embedded: the embedding macro alone notices
//! changed files, not new ones.

fn main() {
    for folder in ["rules", "report-templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
