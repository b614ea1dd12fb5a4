//! Rows of a query as a table for people, or as CSV or JSON for programs.

use std::io::{self, Write};
use std::str::FromStr;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Map, Number, Value};
use unicode_width::UnicodeWidthStr;

use super::Rows;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Aligned columns, for people.
    #[default]
    Table,
    /// Comma-separated values with a header line.
    Csv,
    /// An array of objects; exact decimals are strings, dates ISO, a missing value is null.
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "table" => Ok(Self::Table),
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            other => Err(format!("`{other}` is not one of table, csv, json")),
        }
    }
}

/// Writes rows.
///
/// # Errors
/// When the writer fails.
pub fn write_rows(rows: &Rows, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => write_table(rows, out),
        Format::Csv => write_csv(rows, out),
        Format::Json => write_json(rows, out),
    }
}

fn write_table(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let fields = rows.schema.fields();
    let header: Vec<String> = fields.iter().map(|f| f.name().clone()).collect();
    let mut lines = vec![header];
    for batch in &rows.batches {
        lines.extend(texts(batch)?.into_iter().map(|line| {
            line.into_iter()
                .map(|cell| cell.unwrap_or_default().replace(['\n', '\r', '\t'], " "))
                .collect()
        }));
    }
    let widths: Vec<usize> = (0..fields.len())
        .map(|column| {
            lines
                .iter()
                .map(|line| line[column].width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for (number, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .zip(fields)
            .map(|((cell, width), field)| {
                let padding = " ".repeat(width - cell.width());
                if field.data_type().is_numeric() {
                    format!("{padding}{cell}")
                } else {
                    format!("{cell}{padding}")
                }
            })
            .collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
        if number == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            writeln!(out, "{}", rules.join("  "))?;
        }
    }
    Ok(())
}

fn write_csv(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(rows.schema.fields().iter().map(|f| f.name()))?;
    for batch in &rows.batches {
        for line in texts(batch)? {
            writer.write_record(line.iter().map(|cell| cell.as_deref().unwrap_or_default()))?;
        }
    }
    writer.flush()
}

fn write_json(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    let mut first = true;
    for batch in &rows.batches {
        for line in objects(batch)? {
            out.write_all(if first { b"\n" } else { b",\n" })?;
            first = false;
            serde_json::to_writer(&mut *out, &line)?;
        }
    }
    out.write_all(b"\n]\n")
}

/// The cells of a batch as text, row by row; none where there is no value.
fn texts(batch: &RecordBatch) -> io::Result<Vec<Vec<Option<String>>>> {
    let options = FormatOptions::default();
    let formatters = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &options))
        .collect::<Result<Vec<_>, _>>()
        .map_err(io::Error::other)?;
    Ok((0..batch.num_rows())
        .map(|row| {
            batch
                .columns()
                .iter()
                .zip(&formatters)
                .map(|(column, formatter)| {
                    column.is_valid(row).then(|| match column.data_type() {
                        DataType::Decimal128(_, _) => decimal(column, row),
                        _ => formatter.value(row).to_string(),
                    })
                })
                .collect()
        })
        .collect())
}

fn objects(batch: &RecordBatch) -> io::Result<Vec<Value>> {
    let texts = texts(batch)?;
    let schema = batch.schema();
    Ok(texts
        .into_iter()
        .enumerate()
        .map(|(row, line)| {
            let cells = line.into_iter().zip(schema.fields()).zip(batch.columns());
            let object: Map<String, Value> = cells
                .map(|((text, field), column)| {
                    let value = text.map_or(Value::Null, |text| json_value(column, row, text));
                    (field.name().clone(), value)
                })
                .collect();
            Value::Object(object)
        })
        .collect())
}

/// Numbers and flags as such, everything else as its text; a number JSON has not is null.
fn json_value(column: &dyn Array, row: usize, text: String) -> Value {
    match column.data_type() {
        DataType::Int64 => Value::from(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Number::from_f64(column.as_primitive::<Float64Type>().value(row))
            .map_or(Value::Null, Value::Number),
        DataType::Boolean => Value::from(column.as_boolean().value(row)),
        _ => Value::from(text),
    }
}

/// A decimal with at least the two digits of money; zeros beyond them say nothing.
fn decimal(column: &dyn Array, row: usize) -> String {
    let text = column.as_primitive::<Decimal128Type>().value_as_string(row);
    let Some((whole, digits)) = text.split_once('.') else {
        return text;
    };
    let kept = digits.trim_end_matches('0').len().max(digits.len().min(2));
    format!("{whole}.{}", &digits[..kept])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Options};

    fn written(format: Format) -> String {
        let engine = Engine::new(&Options::default()).unwrap();
        let rows = engine
            .ad_hoc(
                "select * from (values
                    ('ผู้ซื้อ', 12, cast(1234.5 as decimal(38, 4)), date '2026-09-30', true, 0.25),
                    ('a, \"b\"', null, cast(-0.1234 as decimal(38, 4)), null, false, null)
                 ) t(name, orders, amount, day, flag, share)",
            )
            .unwrap();
        let mut out = Vec::new();
        write_rows(&rows, format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// ผู้ซื้อ is seven characters in three columns: four stand above or below another.
    #[test]
    fn a_table_is_aligned_by_what_is_seen() {
        let expected = "\
name    orders   amount  day         flag   share
------  ------  -------  ----------  -----  -----
ผู้ซื้อ         12  1234.50  2026-09-30  true    0.25
a, \"b\"          -0.1234              false
";
        assert_eq!(written(Format::Table), expected);
    }

    #[test]
    fn csv_quotes_what_must_be() {
        let expected = "name,orders,amount,day,flag,share\n\
            ผู้ซื้อ,12,1234.50,2026-09-30,true,0.25\n\
            \"a, \"\"b\"\"\",,-0.1234,,false,\n";
        assert_eq!(written(Format::Csv), expected);
    }

    #[test]
    fn json_keeps_decimals_exact() {
        let rows: Value = serde_json::from_str(&written(Format::Json)).unwrap();
        let expected = serde_json::json!([
            {"name": "ผู้ซื้อ", "orders": 12, "amount": "1234.50", "day": "2026-09-30", "flag": true, "share": 0.25},
            {"name": "a, \"b\"", "orders": null, "amount": "-0.1234", "day": null, "flag": false, "share": null},
        ]);
        assert_eq!(rows, expected);
    }
}
