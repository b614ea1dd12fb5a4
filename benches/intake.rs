//! What reading an inbox costs beside what calamine takes to visit the same cells and drop them.
//!
//! ```text
//! cargo build --release && cargo bench --bench intake -- WORKSPACE [--runs N]
//! ```
//!
//! Three ways in turn, in the same run: calamine's streaming reader over every `.xlsx` of the inbox,
//! one after another; the intake without a cache, from files to tables in memory, with a process for
//! each file; and the intake from its cache. Printed are the seconds of each and the medians of the
//! pairwise ratios of wall time. Nothing else should be at work on the machine.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use calamine::{DataRef, Reader as _, Xlsx};
use quarterdeck::diagnostics::{Diagnostics, Severity};
use quarterdeck::intake;
use quarterdeck::workspace::{Reader, Workspace};

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let (mut folder, mut runs) = (None, 5);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--runs" => runs = arguments.next().ok_or("--runs N")?.parse()?,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.ok_or("name a workspace, such as the one that benches/run makes")?;
    let program = program()?;
    let books = books(&folder)?;
    let mut out = std::io::stdout();
    writeln!(out, "cells by calamine, seconds by calamine, cold, cached")?;
    let (mut cold, mut cached) = (Vec::new(), Vec::new());
    // The first round fills the cache and warms the system's.
    for run in 0..=runs {
        let start = Instant::now();
        let cells = books
            .iter()
            .try_fold(0, |n, book| Ok::<_, Box<dyn Error>>(n + visit(book)?))?;
        let visited = start.elapsed().as_secs_f64();
        let without = read(&folder, &program, false)?;
        let with = read(&folder, &program, true)?;
        if run > 0 {
            writeln!(out, "{cells}, {visited:.3}, {without:.3}, {with:.3}")?;
            cold.push(without / visited);
            cached.push(with / without);
        }
    }
    writeln!(out, "cold / calamine: {:.3}", median(cold))?;
    writeln!(out, "cached / cold: {:.4}", median(cached))?;
    Ok(())
}

/// The program that is beside the benchmark, in the same target folder.
fn program() -> Result<PathBuf, Box<dyn Error>> {
    let here = std::env::current_exe()?;
    let target = here
        .parent()
        .and_then(Path::parent)
        .ok_or("no target folder")?;
    let program = target.join("quarterdeck");
    match program.is_file() {
        true => Ok(program),
        false => Err("build the program first: cargo build --release".into()),
    }
}

fn books(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut books = Vec::new();
    for entry in std::fs::read_dir(folder.join("inbox"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            books.push(path);
        }
    }
    books.sort();
    Ok(books)
}

/// Visits every cell of a workbook and drops it.
fn visit(path: &Path) -> Result<u64, Box<dyn Error>> {
    let mut book: Xlsx<BufReader<File>> = calamine::open_workbook(path)?;
    let mut cells = 0;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name)?;
        while let Some(cell) = reader.next_cell()? {
            cells += u64::from(!matches!(
                std::hint::black_box(cell.get_value()),
                DataRef::Empty
            ));
        }
    }
    Ok(cells)
}

/// Seconds from files to tables in memory.
fn read(folder: &Path, program: &Path, cache: bool) -> Result<f64, Box<dyn Error>> {
    let mut workspace = Workspace::open(folder).map_err(|_| "the workspace cannot be opened")?;
    workspace.reader = Reader::Program(program.to_owned());
    workspace.config.input.cache = cache;
    let mut problems = Diagnostics::new();
    let start = Instant::now();
    let intake = intake::read(&workspace, &|_, _| {}, &mut problems);
    let seconds = start.elapsed().as_secs_f64();
    if problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
        || intake.tables.is_empty()
    {
        return Err("the inbox cannot be read".into());
    }
    Ok(seconds)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
