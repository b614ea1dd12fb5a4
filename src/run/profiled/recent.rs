//! Purchases of the last months, kept until it is known who gets a profile.
//!
//! By then the tables they come from are given up. Rows of the window, with the columns that a profile
//! shows, wait in a temporary file, since in memory they would be a tenth of all that a run takes; of
//! them only those of the chosen are looked at one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, IntoInnerError, Seek};
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch,
    StringViewArray,
};
use datafusion::arrow::compute::{cast, filter_record_batch};
use datafusion::arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::ipc::writer::StreamWriter;

use super::{Row, Rows};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::workspace::NOT_WRITTEN;
use crate::engine::internal;
use crate::tables::InputTable;

/// What a profile shows of a purchase.
const COLUMNS: [&str; 9] = [
    "customer_id",
    "date",
    "amount",
    "quantity",
    "product_id",
    "product_name",
    "source_file",
    "source_sheet",
    "source_row",
];

/// Rows that are looked at at a time.
const AT_ONCE: usize = 8192;

/// Rows of `transactions` within the window, in a file that is gone with the process.
#[derive(Debug, Default)]
pub(in crate::run) struct Recent {
    rows: Option<File>,
}

/// What a customer bought of a product in the window.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::run) struct Bought {
    /// Its id, else its name.
    pub(in crate::run) product: String,
    /// As its rows name it.
    pub(in crate::run) name: Option<String>,
    /// Units, returns taken off; none where a row does not say.
    pub(in crate::run) quantity: Option<f64>,
    /// Revenue, returns taken off.
    pub(in crate::run) revenue: f64,
    /// Last day of a row that is no return.
    pub(in crate::run) last_bought: Option<NaiveDate>,
}

/// The purchases of one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::run) struct Purchases {
    /// By revenue, the greatest first, then by product.
    pub(in crate::run) products: Vec<Bought>,
    /// Where they stand.
    pub(in crate::run) rows: Rows,
}

impl Recent {
    /// The rows of known customers from one day to another, both included.
    ///
    /// # Errors
    /// When the disk is full, and the like.
    pub(in crate::run) fn keep(
        transactions: &InputTable,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Self, Diagnostic> {
        let (from, to) = (
            Date32Type::from_naive_date(from),
            Date32Type::from_naive_date(to),
        );
        let mut out = Out::default();
        for batch in &transactions.batches {
            let schema = batch.schema();
            let columns: Vec<usize> = COLUMNS
                .iter()
                .filter_map(|name| schema.index_of(name).ok())
                .collect();
            let narrow = batch.project(&columns).map_err(internal)?;
            for start in (0..narrow.num_rows()).step_by(AT_ONCE) {
                let rows = narrow.slice(start, AT_ONCE.min(narrow.num_rows() - start));
                let rows = within(&rows, from..=to)?;
                if rows.num_rows() > 0 {
                    out.write(&rows).map_err(not_kept)?;
                }
            }
        }
        let rows = out.finish().map_err(not_kept)?;
        Ok(Self { rows })
    }

    /// The purchases of these customers.
    ///
    /// # Errors
    /// When the file cannot be read back.
    pub(super) fn of(
        &mut self,
        customers: &[&str],
    ) -> Result<BTreeMap<String, Purchases>, Diagnostic> {
        let wanted: BTreeSet<&str> = customers.iter().copied().collect();
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        let Some(file) = &mut self.rows else {
            return Ok(BTreeMap::new());
        };
        file.rewind().map_err(|error| not_kept(error.into()))?;
        for batch in StreamReader::try_new_buffered(file, None).map_err(not_kept)? {
            let batch = batch.map_err(not_kept)?;
            let lines = Lines::of(&batch)?;
            let ids = lines.customers.clone();
            for row in 0..batch.num_rows() {
                if wanted.contains(ids.value(row)) {
                    found
                        .entry(ids.value(row).to_owned())
                        .or_default()
                        .add(&lines, row);
                }
            }
        }
        Ok(found
            .into_iter()
            .map(|(customer, found)| (customer, found.purchases()))
            .collect())
    }
}

/// The rows of known customers with a day in the window.
fn within(rows: &RecordBatch, window: RangeInclusive<i32>) -> Result<RecordBatch, Diagnostic> {
    let dates = column(rows, "date")?.as_primitive::<Date32Type>();
    let customers = column(rows, "customer_id")?;
    let within: BooleanArray = (0..rows.num_rows())
        .map(|row| {
            let is_in = dates.is_valid(row) && window.contains(&dates.value(row));
            Some(is_in && customers.is_valid(row))
        })
        .collect();
    filter_record_batch(rows, &within).map_err(internal)
}

/// The file, once there is a row for it.
#[derive(Default)]
struct Out(Option<StreamWriter<BufWriter<File>>>);

impl Out {
    fn write(&mut self, rows: &RecordBatch) -> Result<(), ArrowError> {
        let out = match &mut self.0 {
            Some(out) => out,
            empty => {
                let file = BufWriter::new(tempfile::tempfile()?);
                empty.insert(StreamWriter::try_new(file, &rows.schema())?)
            }
        };
        // Texts of their own: with them goes all that they were taken from.
        let columns = rows.columns().iter().map(|column| -> ArrayRef {
            match column.as_string_view_opt() {
                Some(texts) => Arc::new(texts.gc()),
                None => Arc::clone(column),
            }
        });
        out.write(&RecordBatch::try_new(rows.schema(), columns.collect())?)
    }

    fn finish(self) -> Result<Option<File>, ArrowError> {
        let Some(out) = self.0 else { return Ok(None) };
        // Whatever is still to be written is written before the file is given back.
        let file = out.into_inner()?.into_inner();
        Ok(Some(file.map_err(IntoInnerError::into_error)?))
    }
}

fn not_kept(error: ArrowError) -> Diagnostic {
    let message = format!("purchases for profiles cannot be put aside: {error}");
    Diagnostic::error(&NOT_WRITTEN, message)
        .help("make room in the folder for temporary files, and run again")
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Diagnostic> {
    let column = batch.column_by_name(name);
    column.ok_or_else(|| internal(format!("no column `{name}`")))
}

/// The columns of a batch.
struct Lines {
    customers: StringViewArray,
    dates: Date32Array,
    amounts: Decimal128Array,
    quantities: Decimal128Array,
    ids: StringViewArray,
    names: StringViewArray,
    files: StringViewArray,
    sheets: StringViewArray,
    rows: Int64Array,
}

impl Lines {
    fn of(batch: &RecordBatch) -> Result<Self, Diagnostic> {
        let text = |name: &str| -> Result<StringViewArray, Diagnostic> {
            let text = cast(column(batch, name)?, &DataType::Utf8View).map_err(internal)?;
            Ok(text.as_string_view().clone())
        };
        let exact = |name: &str| -> Result<_, Diagnostic> {
            let exact = column(batch, name)?.as_primitive_opt::<Decimal128Type>();
            let exact = exact.ok_or_else(|| internal(format!("`{name}` is not exact")))?;
            Ok(exact.clone())
        };
        Ok(Self {
            customers: text("customer_id")?,
            dates: column(batch, "date")?.as_primitive::<Date32Type>().clone(),
            amounts: exact("amount")?,
            quantities: exact("quantity")?,
            ids: text("product_id")?,
            names: text("product_name")?,
            files: text("source_file")?,
            sheets: text("source_sheet")?,
            rows: column(batch, "source_row")?
                .as_primitive::<Int64Type>()
                .clone(),
        })
    }
}

/// What is added up of a product.
#[derive(Default)]
struct Sum {
    name: Option<String>,
    amount: i128,
    amount_scale: i8,
    quantity: i128,
    quantity_scale: i8,
    /// Whether a row does not say how many.
    is_uncounted: bool,
    last_bought: Option<NaiveDate>,
}

#[derive(Default)]
struct Found {
    products: BTreeMap<String, Sum>,
    rows: Rows,
}

impl Found {
    fn add(&mut self, lines: &Lines, row: usize) {
        let text = |of: &StringViewArray| of.is_valid(row).then(|| of.value(row).to_owned());
        self.rows.push(Row {
            file: lines.files.value(row).to_owned(),
            sheet: text(&lines.sheets).filter(|sheet| !sheet.is_empty()),
            row: lines.rows.value(row),
        });
        let name = text(&lines.names);
        let Some(product) = text(&lines.ids).or_else(|| name.clone()) else {
            return;
        };
        let amount = match lines.amounts.is_valid(row) {
            true => lines.amounts.value(row),
            false => 0,
        };
        let sum = self.products.entry(product).or_default();
        sum.amount += amount;
        sum.amount_scale = lines.amounts.scale();
        sum.quantity_scale = lines.quantities.scale();
        match lines.quantities.is_valid(row) {
            // A return may give its quantity with either sign.
            true if amount < 0 => sum.quantity -= lines.quantities.value(row).abs(),
            true => sum.quantity += lines.quantities.value(row),
            false => sum.is_uncounted = true,
        }
        if amount >= 0 {
            sum.last_bought = sum.last_bought.max(lines.dates.value_as_date(row));
        }
        // The first by letters, as the suggestions have it.
        if let Some(name) = name
            && sum.name.as_ref().is_none_or(|known| name < *known)
        {
            sum.name = Some(name);
        }
    }

    fn purchases(self) -> Purchases {
        let mut products: Vec<(i128, Bought)> = self
            .products
            .into_iter()
            .map(|(product, sum)| {
                let bought = Bought {
                    product,
                    name: sum.name,
                    quantity: (!sum.is_uncounted).then(|| units(sum.quantity, sum.quantity_scale)),
                    revenue: units(sum.amount, sum.amount_scale),
                    last_bought: sum.last_bought,
                };
                (sum.amount, bought)
            })
            .collect();
        products.sort_by(|a, b| (b.0, &a.1.product).cmp(&(a.0, &b.1.product)));
        Purchases {
            products: products.into_iter().map(|(_, bought)| bought).collect(),
            rows: self.rows,
        }
    }
}

fn units(value: i128, scale: i8) -> f64 {
    value as f64 / 10i128.pow(u32::from(scale.unsigned_abs())) as f64
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{DictionaryArray, StringArray};
    use datafusion::arrow::datatypes::Int32Type;

    use super::*;
    use crate::tables;

    const LINES: &str = "
        A,2026-06-30,10,1,P1,Tea
        A,2026-07-01,10,1,P1,Tea
        B,2026-07-02,7,1,P1,Tea
        A,2026-07-05,30,3,P1,Green tea
        A,2026-08-01,-10,1,P1,Tea
        A,2026-08-09,50,,,Cups
        A,2026-09-30,0,2,P3,
        ,2026-09-30,5,1,P1,Tea
        A,2026-10-01,99,9,P1,Tea";

    fn transactions() -> InputTable {
        let spec = tables::by_name("transactions").unwrap();
        let lines: Vec<Vec<&str>> = LINES
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.trim().split(',').collect())
            .collect();
        let batch = spec.batch(2, lines.len(), |name| {
            let at = match name {
                "source_file" | "source_sheet" => {
                    let same = std::iter::repeat_n("sales", lines.len());
                    return Some(Arc::new(same.collect::<DictionaryArray<Int32Type>>()));
                }
                "source_row" => {
                    let rows = 2..lines.len() as i64 + 2;
                    return Some(Arc::new(Int64Array::from_iter_values(rows)));
                }
                "customer_id" => 0,
                "date" => 1,
                "amount" => 2,
                "quantity" => 3,
                "product_id" => 4,
                "product_name" => 5,
                _ => return None,
            };
            let texts: StringArray = lines
                .iter()
                .map(|line| Some(line[at]).filter(|text| !text.is_empty()))
                .collect();
            let kind = spec.column(name).unwrap().kind.data_type(2);
            Some(cast(&texts, &kind).unwrap())
        });
        InputTable {
            spec,
            batches: vec![batch.unwrap()],
        }
    }

    /// The quarter from July to September, in rows 3 to 8 for A. Tea: 1 + 3 − 1 units for 10 + 30 − 10,
    /// last bought on 5 July since what was taken back was not bought; cups: nobody says how many; what
    /// was given away was bought, and has no name.
    #[test]
    fn what_a_customer_bought_in_the_window_is_added_up() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let mut recent = Recent::keep(&transactions(), day(7, 1), day(9, 30)).unwrap();
        let found = recent.of(&["A", "nobody"]).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["A"]);
        let of_a = &found["A"];
        let bought = |product: &str, name: Option<&str>, quantity, revenue, last| Bought {
            product: product.to_owned(),
            name: name.map(str::to_owned),
            quantity,
            revenue,
            last_bought: Some(last),
        };
        assert_eq!(
            of_a.products,
            [
                bought("Cups", Some("Cups"), None, 50.0, day(8, 9)),
                bought("P1", Some("Green tea"), Some(3.0), 30.0, day(7, 5)),
                bought("P3", None, Some(2.0), 0.0, day(9, 30)),
            ]
        );
        let rows: Vec<i64> = of_a.rows.iter().map(|row| row.row).collect();
        assert_eq!(rows, [3, 5, 6, 7, 8]);
        assert_eq!(of_a.rows[0].file, "sales");
    }
}
