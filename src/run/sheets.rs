//! The sheets in which a client steers: targets, typed KPIs, remarks, the investment case. Row by row, since
//! they are small and every row has something to say about its place.

use chrono::NaiveDate;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use rust_decimal::Decimal;

use crate::diagnostics::codes::run::BAD_PERIOD;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::roi::ProjectRow;
use crate::scorecard::{CommentaryRow, InitiativeRow, ManualRow, TargetRow};
use crate::tables::InputTable;

/// The rows of the sheets in which a client steers.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheets {
    /// `targets`.
    pub(super) targets: Vec<TargetRow>,
    /// `manual_kpi`.
    pub(super) manual: Vec<ManualRow>,
    /// `commentary`.
    pub(super) commentary: Vec<CommentaryRow>,
    /// `initiatives`.
    pub(super) initiatives: Vec<InitiativeRow>,
    /// `crm_project`.
    pub(super) project: Vec<ProjectRow>,
}

impl Sheets {
    /// The tables they are.
    pub(super) const TABLES: [&str; 5] = [
        "targets",
        "manual_kpi",
        "commentary",
        "initiatives",
        "crm_project",
    ];

    /// Reads them; a row whose period cannot be read is left out with a warning at its place.
    pub(super) fn of(tables: &[InputTable], problems: &mut Diagnostics) -> Self {
        Self {
            // A target for a class is one share of a mix, not the KPI's own target.
            targets: rows(tables, "targets")
                .filter(|row| row.text("class").is_none())
                .filter_map(|row| target(&row, problems))
                .collect(),
            manual: rows(tables, "manual_kpi")
                .filter_map(|row| manual(&row, problems))
                .collect(),
            commentary: rows(tables, "commentary")
                .filter_map(|row| commentary(&row, problems))
                .collect(),
            initiatives: rows(tables, "initiatives")
                .filter_map(|row| initiative(&row))
                .collect(),
            project: rows(tables, "crm_project")
                .filter_map(|row| project(&row))
                .collect(),
        }
    }
}

/// One row of an input table.
struct Row<'a> {
    batch: &'a RecordBatch,
    index: usize,
}

fn rows<'a>(tables: &'a [InputTable], name: &'a str) -> impl Iterator<Item = Row<'a>> {
    tables
        .iter()
        .filter(move |table| table.spec.name == name)
        .flat_map(|table| &table.batches)
        .flat_map(|batch| (0..batch.num_rows()).map(move |index| Row { batch, index }))
}

impl Row<'_> {
    fn column(&self, name: &str, kind: &DataType) -> Option<ArrayRef> {
        let column = self.batch.column_by_name(name)?.slice(self.index, 1);
        cast(&column, kind).ok().filter(|column| column.is_valid(0))
    }

    fn text(&self, name: &str) -> Option<String> {
        let column = self.column(name, &DataType::Utf8View)?;
        Some(column.as_string_view().value(0).to_owned())
    }

    fn number(&self, name: &str) -> Option<f64> {
        let column = self.column(name, &DataType::Float64)?;
        Some(column.as_primitive::<Float64Type>().value(0))
    }

    fn whole(&self, name: &str) -> Option<i64> {
        let column = self.column(name, &DataType::Int64)?;
        Some(column.as_primitive::<Int64Type>().value(0))
    }

    fn day(&self, name: &str) -> Option<NaiveDate> {
        let column = self.column(name, &DataType::Date32)?;
        column.as_primitive::<Date32Type>().value_as_date(0)
    }

    fn decimal(&self, name: &str) -> Option<Decimal> {
        self.text(name)?.parse().ok()
    }

    fn place(&self) -> Place {
        let file = self.text("source_file").unwrap_or_default();
        let sheet = self.text("source_sheet").filter(|sheet| !sheet.is_empty());
        let row = self
            .whole("source_row")
            .and_then(|row| u32::try_from(row).ok());
        Place::cell(&file, sheet.as_deref(), row, None)
    }

    /// A period as written, read by `T`; what cannot be read is said and gives none.
    fn period<T: std::str::FromStr<Err = String>>(&self, problems: &mut Diagnostics) -> Option<T> {
        match self.text("period")?.parse() {
            Ok(period) => Some(period),
            Err(message) => {
                problems.push(Diagnostic::warning(&BAD_PERIOD, message).at(self.place()));
                None
            }
        }
    }
}

fn target(row: &Row<'_>, problems: &mut Diagnostics) -> Option<TargetRow> {
    Some(TargetRow {
        kpi: row.text("kpi")?,
        period: row.period(problems)?,
        target: row.number("target"),
        floor: row.number("floor"),
        red_flag: row.number("red_flag"),
        stretch: row.number("stretch"),
        weight: row.number("weight"),
        place: Some(row.place()),
    })
}

fn manual(row: &Row<'_>, problems: &mut Diagnostics) -> Option<ManualRow> {
    Some(ManualRow {
        kpi: row.text("kpi")?,
        period: row.period(problems)?,
        value: row.number("value")?,
        source: row.text("source"),
        note: row.text("note"),
        place: Some(row.place()),
    })
}

fn commentary(row: &Row<'_>, problems: &mut Diagnostics) -> Option<CommentaryRow> {
    Some(CommentaryRow {
        kpi: row.text("kpi")?,
        period: row.period(problems)?,
        text: row.text("text")?,
        author: row.text("author"),
        place: Some(row.place()),
    })
}

fn initiative(row: &Row<'_>) -> Option<InitiativeRow> {
    Some(InitiativeRow {
        initiative: row.text("initiative")?,
        owner: row.text("owner"),
        cost: row.number("cost"),
        due: row.day("due"),
        kpi: row.text("linked_kpi"),
        status: row.text("status"),
        place: Some(row.place()),
    })
}

fn project(row: &Row<'_>) -> Option<ProjectRow> {
    Some(ProjectRow {
        line: row.text("line")?,
        kind: row.text("kind")?,
        amount: row.decimal("amount"),
        low: row.decimal("low"),
        likely: row.decimal("likely"),
        high: row.decimal("high"),
        component: row.whole("component"),
        benefit: row.whole("benefit"),
        option: row.text("option"),
        phase: row.text("phase"),
        month: row.whole("month"),
        recurring: row.text("recurring"),
        realised_amount: row.decimal("realised_amount"),
        place: row.place(),
    })
}
