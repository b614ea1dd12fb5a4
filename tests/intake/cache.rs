//! What was read is kept, used only where it is what would be read, and never trusted.

use std::path::PathBuf;

use quarterdeck::diagnostics::Diagnostics;
use quarterdeck::intake::Intake;
use quarterdeck::workspace::Reader;

use super::{Project, SALES, said};

/// Reads without a program that could read: all there is comes from what was kept.
fn kept(project: &Project) -> (Intake, Diagnostics) {
    project.read_by(Reader::Program("there-is-no-such-program".into()))
}

fn entries(project: &Project) -> Vec<PathBuf> {
    let folder = project.0.path().join(".quarterdeck/cache");
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    entries.retain(|entry| !entry.ends_with("in-use"));
    entries.sort();
    entries
}

fn same(one: &(Intake, Diagnostics), other: &(Intake, Diagnostics)) {
    assert_eq!(one.1, other.1);
    assert_eq!(one.0.accounts, other.0.accounts);
    assert_eq!(one.0.supplied_columns(), other.0.supplied_columns());
    assert_eq!(one.0.tables.len(), other.0.tables.len());
    for (one, other) in one.0.tables.iter().zip(&other.0.tables) {
        assert_eq!(one.batches, other.batches);
    }
}

/// Two tables, and something to say about one of them.
fn project() -> Project {
    Project::new("[input]\nmax-set-aside = 0.5\n")
        .file("a.csv", format!("{SALES}C3,soon,1\n"))
        .file(
            "customers.csv",
            "Customer ID,Name,Phone\nC1,สมชาย,081\nC2,Hoa,082\n",
        )
}

#[test]
fn an_unchanged_file_is_not_read_again() {
    let project = project();
    let first = project.read_by_program();
    assert_eq!(entries(&project).len(), 2);
    same(&first, &kept(&project));
    same(&first, &project.read());
}

#[test]
fn what_influences_reading_is_part_of_the_key() {
    let project = project();
    let path = project.0.path().join("quarterdeck.toml");
    project.read_by_program();
    let before = entries(&project);
    // A remark and a limit change nothing, a language does: it decides what `1.234` is.
    std::fs::write(&path, "# a remark\n[input]\nmax-set-aside = 0.6\n").unwrap();
    assert!(
        kept(&project)
            .1
            .iter()
            .all(|problem| problem.code.name != "reader-failed")
    );
    std::fs::write(
        &path,
        "[client]\nlanguage = \"vi\"\n[input]\nmax-set-aside = 0.5\n",
    )
    .unwrap();
    let (_, problems) = kept(&project);
    assert!(said(&problems)[0].starts_with("error reader-failed inbox/a.csv"));
    project.read_by_program();
    assert_eq!(entries(&project).len(), 4, "both languages are kept");
    // A declaration for one file does not concern the other.
    let declared =
        "[input]\nmax-set-aside = 0.5\n[[input.file]]\nmatch = \"a.csv\"\ndates = \"M/D/Y\"\n";
    std::fs::write(&path, declared).unwrap();
    let (_, problems) = kept(&project);
    let failed: Vec<_> = said(&problems)
        .into_iter()
        .filter(|text| text.contains("reader-failed"))
        .collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(before.iter().all(|entry| entry.exists()));
    for key in [
        "encoding = \"tis-620\"",
        "values = { branch = \"{file}\" }",
        "table = \"transactions\"\nunpivot = { value = \"cost\" }",
        "table = \"transactions\"\nunpivot = { value = \"cost\", day = \"first\" }",
    ] {
        let declared = format!("[[input.file]]\nmatch = \"a.csv\"\n{key}\n");
        std::fs::write(&path, declared).unwrap();
        let (_, problems) = kept(&project);
        let failed = said(&problems);
        assert!(failed[0].contains("reader-failed"), "{key}: {failed:?}");
        project.read_by_program();
        assert!(
            !said(&kept(&project).1)[0].contains("reader-failed"),
            "{key}"
        );
    }
}

#[test]
fn what_is_not_asked_for_again_is_deleted() {
    let project = project();
    project.read_by_program();
    let before = entries(&project);
    let project = project.file("a.csv", SALES);
    project.read_by_program();
    let after = entries(&project);
    assert_eq!(after.len(), 2);
    assert_eq!(
        after.iter().filter(|entry| before.contains(entry)).count(),
        1
    );
    let off = "[input]\nmax-set-aside = 0.5\ncache = false\n";
    let project = Project::new(off).file("a.csv", SALES);
    project.read_by_program();
    assert!(entries(&project).is_empty());
    assert!(!project.0.path().join(".quarterdeck").exists());
}

#[test]
fn what_a_killed_process_left_is_deleted_when_nobody_is_at_work() {
    let project = project();
    project.read_by_program();
    let folder = project.0.path().join(".quarterdeck/cache");
    std::fs::write(folder.join(".tmpAbC"), "half").unwrap();
    std::fs::create_dir_all(folder.join(".tmpDeF/0")).unwrap();
    let other = std::fs::File::open(folder.join("in-use")).unwrap();
    other.lock_shared().unwrap();
    project.read_by_program();
    assert_eq!(entries(&project).len(), 4, "another may be writing them");
    other.unlock().unwrap();
    project.read_by_program();
    assert_eq!(entries(&project).len(), 2);
}

#[test]
fn a_damaged_entry_is_written_anew() {
    let project = project();
    let first = project.read_by_program();
    for entry in entries(&project) {
        let whole = std::fs::read(&entry).unwrap();
        let step = whole.len() / 40 + 1;
        let mut damaged: Vec<Vec<u8>> = vec![Vec::new(), whole[..whole.len() / 2].to_vec()];
        for at in (0..whole.len()).step_by(step) {
            let mut one = whole.clone();
            one[at] ^= 0x40;
            damaged.push(one);
        }
        for bytes in damaged {
            std::fs::write(&entry, &bytes).unwrap();
            let (_, problems) = kept(&project);
            assert!(
                said(&problems)
                    .iter()
                    .any(|text| text.contains("reader-failed")),
                "it was believed"
            );
            assert!(!entry.exists());
        }
        std::fs::write(&entry, &whole[1..]).unwrap();
        same(&first, &project.read_by_program());
        assert_eq!(std::fs::read(&entry).unwrap(), whole);
    }
}

#[test]
fn a_file_with_an_error_is_not_kept() {
    let project = Project::new("").file("a.csv", SALES).file(
        "b.csv",
        "Customer ID,Date,Amount,Amount\nC1,2026-01-01,1,2\n",
    );
    project.read_by_program();
    assert_eq!(entries(&project).len(), 1);
}
