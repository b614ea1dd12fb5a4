//! Reading one file as ordered, in whatever process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::order::{Order, Work};
use crate::diagnostics::codes::intake::{GUESSED_ENCODING, RENAMED_INPUT};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::intake::declared::Declarations;
use crate::intake::discover::{self, InputFilePath};
use crate::intake::formats::archive::{self, Contents};
use crate::intake::formats::{self, Encodings, Refusal, Remarks};
use crate::intake::sheet::FileReader;
use crate::intake::{FileResult, Progress, marked};

/// Reads a file, or takes apart an archive into a folder.
pub(super) fn perform(
    order: &Order,
    file: &InputFilePath,
    into: Option<&Path>,
    progress: Progress<'_>,
) -> FileResult {
    let declared = order.declared();
    // What is wrong with them has been told by the process that gave the order.
    let declarations = Declarations::check(
        &declared,
        std::slice::from_ref(file),
        &mut Diagnostics::new(),
    );
    let encodings = Encodings {
        language: order.language(),
        declared: declarations.encoding(file),
    };
    // It is told of every table, and never needed before its rows are.
    let hash = || match order.work {
        Work::Rows => discover::sha256(&file.full),
        _ => Ok(String::new()),
    };
    // What damaged files make of a reader is a panic now and then.
    let read = AssertUnwindSafe(|| match (order.work, into) {
        (Work::Unpack, Some(into)) => archive::unpack(&file.full, into).map(unpacked),
        (Work::Mark, Some(into)) => {
            let ending = formats::extension(Path::new(&order.in_inbox));
            marked::write(&file.full, &ending, encodings, &order.marks, into)
                .map(|()| FileResult::default())
        }
        _ => read_file(order, file, &declarations, encodings, progress),
    });
    let (sha256, outcome) = beside(hash, || catch_unwind(read));
    let outcome = outcome.map(|read| -> Result<_, Refusal> { Ok((read?, sha256?)) });
    match outcome {
        Ok(Ok((result, sha256))) => FileResult { sha256, ..result },
        // Half a file would be a wrong figure; what was read of it is not used.
        Ok(Err(refusal)) => FileResult::refused(&order.path, &refusal),
        Err(_) => {
            let how = "its parts contradict each other".to_owned();
            FileResult::refused(&order.path, &Refusal::Damaged(how))
        }
    }
}

/// What two tasks give, the first done by a thread of its own where there can be one.
fn beside<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let first_done = std::thread::Builder::new().spawn_scoped(scope, &first);
        let second = second();
        let first_done = first_done.ok().and_then(|thread| thread.join().ok());
        (first_done.unwrap_or_else(&first), second)
    })
}

fn unpacked(contents: Contents) -> FileResult {
    FileResult {
        contents: Some(contents),
        ..FileResult::default()
    }
}

fn read_file(
    order: &Order,
    file: &InputFilePath,
    declarations: &Declarations<'_>,
    encodings: Encodings,
    progress: Progress<'_>,
) -> Result<FileResult, Refusal> {
    let conventions = order.conventions();
    let headers_only = order.work == Work::Headers;
    let mut reader = FileReader::new(file, declarations, &conventions, headers_only, progress);
    let remarks = formats::read(&file.full, encodings, &mut reader)?;
    if !reader.any_cell {
        return Err(Refusal::Blank);
    }
    remark(&remarks, &file.path, &mut reader.problems);
    let strangers = reader.strangers();
    reader.problems.extend(strangers);
    let mut tables = reader.tables;
    for (_, table) in &mut tables {
        reader.problems.append(&mut table.problems);
    }
    Ok(FileResult {
        tables,
        recognised: if reader.headers_only {
            reader.recognised
        } else {
            Vec::new()
        },
        fixes: reader.fixes,
        sheets: reader.sheets,
        problems: reader.problems,
        sha256: String::new(),
        contents: None,
    })
}

fn remark(remarks: &Remarks, path: &str, problems: &mut Vec<Diagnostic>) {
    let place = || Place::File(path.to_owned());
    if let Some(what) = remarks.renamed {
        let message = format!("the file is {what}, whatever its name says, and was read as that");
        problems.push(Diagnostic::info(&RENAMED_INPUT, message).at(place()));
    }
    if let Some(encoding) = remarks.guessed_encoding {
        problems.push(
            Diagnostic::info(
                &GUESSED_ENCODING,
                format!("the file was read as {encoding}"),
            )
            .at(place())
            .help(
                "if letters look wrong, save it as UTF-8, or set `encoding` in an `[[input.file]]`",
            ),
        );
    }
}
