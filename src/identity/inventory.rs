//! The table `customer_inventory`: how many customers each file knows, worked out where it is read.
//!
//! It goes through every table that names customers, which a run that does not ask who is who need
//! not pay for: [`wanted`] says whether a SQL file names it, [`mentioned`] whether a statement does.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::diagnostics::codes::engine::WRONG_COLUMNS;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::engine::{Engine, Queries, internal};
use crate::workspace::Files;

/// The table's name.
pub const TABLE: &str = "customer_inventory";

/// The file that says how it is made.
pub const FILE: &str = "rules/identity/customer_inventory.sql";

/// Its columns: the file and the table, null in the row for all, and counts.
pub const ALL: [&str; 9] = [
    "source_file",
    "table_name",
    "customers",
    "old_ids",
    "listed",
    "only_here",
    "contactable",
    "buyers",
    "stale",
];

/// Whether a SQL file reads the table.
pub fn wanted(queries: &Queries) -> bool {
    let mut all = queries.early().chain(queries.facts()).chain(queries.late());
    all.any(|query| queries.direct(query).any(|table| table == TABLE))
}

/// Whether a statement names the table, or seems to.
pub fn mentioned(sql: &str) -> bool {
    sql.to_lowercase().contains(TABLE)
}

pub(super) fn schema() -> SchemaRef {
    let field = |(at, name): (usize, &&str)| {
        let kind = if at < 2 {
            DataType::Utf8View
        } else {
            DataType::Int64
        };
        Field::new(*name, kind, true)
    };
    Arc::new(Schema::new(
        ALL.iter().enumerate().map(field).collect::<Vec<_>>(),
    ))
}

/// Works the table out from the input tables and registers it.
///
/// # Errors
/// Everything wrong with the file that says how.
pub fn provide(engine: &Engine, files: &Files) -> Result<(), Diagnostics> {
    let source = files
        .get(FILE)
        .ok_or_else(|| internal(format!("there is no `{FILE}`")))?;
    let rows = engine.query(source)?;
    let wanted = schema();
    let alike =
        |(a, b): (&Arc<Field>, &Arc<Field>)| a.name() == b.name() && a.data_type() == b.data_type();
    let fields = rows.schema.fields();
    if fields.len() != wanted.fields().len() || !fields.iter().zip(wanted.fields()).all(alike) {
        let message = format!("`{TABLE}` does not return its columns");
        let help = format!(
            "it returns {}, the first two as text, the rest as whole numbers",
            ALL.join(", ")
        );
        let problem = Diagnostic::error(&WRONG_COLUMNS, message);
        return Err(problem
            .at(Place::File(source.path.clone()))
            .help(help)
            .into());
    }
    engine.register(TABLE, rows.schema, &rows.batches)?;
    Ok(())
}
