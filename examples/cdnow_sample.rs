//! Makes the workbooks of `samples/cdnow/inbox` from the published list of purchases: one per
//! half-year, as a shop would have exported them. Same input, same bytes.
//!
//!     cargo run --example cdnow_sample [FOLDER]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

/// One row of the list.
struct Purchase<'a> {
    customer: &'a str,
    date: NaiveDate,
    quantity: u32,
    dollars: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/cdnow");
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| root.join("inbox"), PathBuf::from);
    let list = std::fs::read_to_string(root.join("source/CDNOW_master.txt"))?;
    let mut halves: BTreeMap<String, Vec<Purchase<'_>>> = BTreeMap::new();
    for (line, number) in list.lines().zip(1..).skip(1) {
        let purchase = parse(line).ok_or_else(|| format!("line {number}: {line}"))?;
        let half = if purchase.date.month() <= 6 { 1 } else { 2 };
        let name = format!("purchases-{}-H{half}", purchase.date.year());
        halves.entry(name).or_default().push(purchase);
    }
    std::fs::create_dir_all(&folder)?;
    let mut out = std::io::stdout().lock();
    for (name, mut purchases) in halves {
        // A shop's export is in the order of days; the list is in that of customers.
        purchases.sort_by_key(|purchase| purchase.date);
        let path = folder.join(format!("{name}.xlsx"));
        write(&path, &purchases)?;
        writeln!(out, "{} purchases in {}", purchases.len(), path.display())?;
    }
    Ok(())
}

/// ` 00001 19970101  1   11.77`
fn parse(line: &str) -> Option<Purchase<'_>> {
    let mut fields = line.split_whitespace();
    Some(Purchase {
        customer: fields.next()?,
        date: NaiveDate::parse_from_str(fields.next()?, "%Y%m%d").ok()?,
        quantity: fields.next()?.parse().ok()?,
        dollars: fields.next()?.parse().ok()?,
    })
}

fn write(path: &Path, purchases: &[Purchase<'_>]) -> Result<(), Box<dyn Error>> {
    let mut workbook = Workbook::new();
    // The time of writing is the only thing in a workbook that would differ from run to run.
    let created = ExcelDateTime::from_ymd(1998, 7, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title("CDNOW purchases")
            .set_creation_datetime(&created),
    );
    let head = Format::new().set_bold().set_background_color("DDE3EA");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = workbook.add_worksheet().set_name("Purchases")?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, (header, width)) in (0..).zip([
        ("Customer ID", 12),
        ("Date", 12),
        ("Quantity", 10),
        ("Amount", 12),
    ]) {
        sheet.write_string_with_format(0, column, header, &head)?;
        sheet.set_column_width(column, width)?;
    }
    for (purchase, row) in purchases.iter().zip(1..) {
        sheet.write_string(row, 0, purchase.customer)?;
        sheet.write_datetime_with_format(row, 1, purchase.date, &day)?;
        sheet.write_number(row, 2, purchase.quantity)?;
        sheet.write_number_with_format(row, 3, purchase.dollars, &money)?;
    }
    workbook.save(path)?;
    Ok(())
}
