//! Bulk rows to check templates with before there are any data.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema};

use super::bulk::{ArrowRows, Bulk, Rows};
use crate::report::fixture::HOSTILE;

/// The bulk rows of a run, by the names and fields that every run has, with two customers.
#[derive(Debug, Clone)]
pub struct SampleBulk(BTreeMap<String, ArrowRows>);

impl SampleBulk {
    /// Rows of one name.
    #[cfg(test)]
    pub(super) fn of(name: &str, rows: ArrowRows) -> Self {
        Self(BTreeMap::from([(name.to_owned(), rows)]))
    }
}

impl SampleBulk {
    /// The rows of a run whose customers have these facts beside those that every run has.
    pub fn with_facts(facts: &Schema) -> Self {
        let mut own = customers();
        for fact in facts.fields() {
            if own.iter().all(|(name, _)| name != fact.name()) {
                let unknown = new_null_array(&DataType::Null, 2);
                own.push((fact.name().clone(), unknown));
            }
        }
        let mut tables = BTreeMap::new();
        for (name, columns) in [
            ("customers", own),
            ("actions", actions()),
            ("suggestions", suggestions()),
            ("debtors", debtors()),
            ("problem_cells", problem_cells()),
            ("repeated_rows", repeated_rows()),
            ("unknown_customers", unknown_customers()),
            ("merged_ids", merged_ids()),
        ] {
            let fields: Vec<Field> = columns
                .iter()
                .map(|(name, column)| Field::new(name, column.data_type().clone(), true))
                .collect();
            let schema = Arc::new(Schema::new(fields));
            let columns = columns.into_iter().map(|(_, column)| column).collect();
            // Columns of two rows each, of types that cells hold: neither can be refused.
            if let Ok(batch) = RecordBatch::try_new(Arc::clone(&schema), columns)
                && let Ok(rows) = ArrowRows::new(schema, vec![batch])
            {
                tables.insert(name.to_owned(), rows);
            }
        }
        Self(tables)
    }
}

impl Default for SampleBulk {
    fn default() -> Self {
        Self::with_facts(&Schema::empty())
    }
}

impl Bulk for SampleBulk {
    fn table(&self, name: &str) -> Option<&dyn Rows> {
        self.0.get(name).map(|rows| rows as &dyn Rows)
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

type Columns = Vec<(String, ArrayRef)>;

fn text(first: &str, second: Option<&str>) -> ArrayRef {
    Arc::new(StringArray::from(vec![Some(first), second]))
}

fn number(first: f64, second: Option<f64>) -> ArrayRef {
    Arc::new(Float64Array::from(vec![Some(first), second]))
}

fn count(first: i64, second: i64) -> ArrayRef {
    Arc::new(Int64Array::from(vec![first, second]))
}

fn day(first: i32, second: Option<i32>) -> ArrayRef {
    Arc::new(Date32Array::from(vec![Some(first), second]))
}

/// The columns of `customer_periods` that every run has, with names, reasons and actions.
fn customers() -> Columns {
    named([
        ("customer_id", text("00001", Some("C-1044"))),
        ("name", text("Bệnh viện Quốc tế Sài Gòn", Some(HOSTILE))),
        ("segment", text("MVC", None)),
        ("reason", text("หนึ่งในห้าที่มีค่าสูงสุด", None)),
        ("decided_cut", number(90_000_000.0, None)),
        ("moved", text("จาก MGC เพราะเส้นแบ่งขยับ", None)),
        ("actual_value", number(412_000_000.0, Some(-1_250.5))),
        ("potential_value", number(455_000_000.0, None)),
        ("potential_peers", count(14, 1)),
        ("recency_score", count(5, 1)),
        ("frequency_score", count(5, 1)),
        ("monetary_score", count(4, 1)),
        ("orders", count(31, 0)),
        ("frequency", count(96, 1)),
        ("monetary", number(1_200_000_000.0, Some(12.5))),
        ("recency_days", count(9, 365)),
        ("tenure_days", count(2_100, 365)),
        ("revenue", number(120_000_000.0, Some(0.0))),
        ("contribution", number(31_000_000.0, None)),
        ("cost_to_serve", number(1_000_000.0, None)),
        ("first_purchase", day(18_600, Some(20_361))),
        ("last_purchase", day(20_717, Some(20_361))),
        ("strength", number(82.5, None)),
        ("attractiveness", number(71.0, None)),
        ("action_1", text("เยี่ยมก่อนสิ้นเดือน", None)),
        ("action_2", text(HOSTILE, None)),
        ("action_3", text("—", None)),
    ])
}

fn actions() -> Columns {
    named([
        ("customer_id", text("00001", Some("00001"))),
        ("name", text("Bệnh viện Quốc tế Sài Gòn", None)),
        ("segment", text("MVC", None)),
        ("action", text("เยี่ยมก่อนสิ้นเดือน", Some(HOSTILE))),
    ])
}

fn suggestions() -> Columns {
    named([
        ("customer_id", text("00001", Some("C-1044"))),
        ("name", text("Bệnh viện Quốc tế Sài Gòn", Some(HOSTILE))),
        ("segment", text("MVC", None)),
        ("rank", count(1, 2)),
        ("product", text("ลาเต้เย็น", Some(HOSTILE))),
        ("because_product", text("ครัวซองต์", Some(HOSTILE))),
        ("n_ab", count(42, 5)),
        ("n_a", count(60, 9)),
        ("confidence", number(0.7, Some(0.5556))),
        ("confidence_low", number(0.5749, Some(0.2667))),
        ("lift", number(1.75, Some(1.2))),
        ("expected_margin", number(31.25, None)),
    ])
}

fn debtors() -> Columns {
    named([
        ("customer_id", text("00001", Some(""))),
        ("name", text("Bệnh viện Quốc tế Sài Gòn", Some(HOSTILE))),
        ("outstanding", number(120_000.0, Some(12.5))),
        ("not_due", number(100_000.0, Some(0.0))),
        ("days_1_30", number(20_000.0, Some(0.0))),
        ("days_31_60", number(0.0, Some(0.0))),
        ("days_61_90", number(0.0, Some(0.0))),
        ("days_over_90", number(0.0, Some(12.5))),
        ("overdue", number(20_000.0, Some(12.5))),
        ("credit_sales", number(240_000.0, Some(0.0))),
        ("days_sales_outstanding", number(46.0, None)),
    ])
}

fn problem_cells() -> Columns {
    named([
        ("path", text("inbox/ยอดขาย.xlsx", Some(HOSTILE))),
        ("sheet", text("สิงหาคม", None)),
        ("cell", text("B1204", Some("row 7"))),
        ("header", text("วันที่", None)),
        ("found", text("31/06/2569", Some(HOSTILE))),
        ("wrong", text("“31/06/2569” ไม่มีจริง", Some(HOSTILE))),
        ("todo", text("แก้วันที่", Some(HOSTILE))),
    ])
}

fn repeated_rows() -> Columns {
    named([
        ("table", text("การขาย", Some("การขาย"))),
        ("place", text("inbox/ยอดขาย.xlsx, สิงหาคม", Some(HOSTILE))),
        ("row", count(1_204, 7)),
        (
            "first_place",
            text("inbox/ยอดขาย.xlsx, สิงหาคม", Some(HOSTILE)),
        ),
        ("first_row", count(1_203, 6)),
        ("contents", text("เหมือนกัน", Some("ต่างกัน"))),
    ])
}

fn unknown_customers() -> Columns {
    named([
        ("customer_id", text("A30112", Some(HOSTILE))),
        ("table", text("การขาย", Some("การขาย"))),
        ("rows", count(1_450, 1)),
        (
            "place",
            text("inbox/ยอดขาย.xlsx, สิงหาคม, 515", Some(HOSTILE)),
        ),
    ])
}

fn merged_ids() -> Columns {
    named([
        ("from_id", text("A30112", Some(HOSTILE))),
        ("customer_id", text("C0042", Some(HOSTILE))),
        ("because", text("เบอร์โทร", Some("ตารางรวมรหัส"))),
        ("rows", count(1_450, 1)),
        ("place", text("inbox/สมาชิก.xlsx, 515", None)),
    ])
}

fn named<const N: usize>(columns: [(&str, ArrayRef); N]) -> Columns {
    let owned = columns.map(|(name, column)| (name.to_owned(), column));
    owned.into()
}
