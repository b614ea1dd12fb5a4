//! Which table a sheet is taken for.

use super::*;
use crate::tables::by_name;

fn rows(rows: &[&[&str]]) -> Vec<Candidate> {
    rows.iter()
        .zip(1..)
        .map(|(texts, row)| {
            let texts = texts.iter().zip(0..).filter(|(text, _)| !text.is_empty());
            let texts = texts.map(|(text, column)| (column, (*text).to_owned()));
            Candidate::of_row(row, texts.collect(), false)
        })
        .collect()
}

fn table(headers: &[&str]) -> String {
    match recognise(&rows(&[headers]), None) {
        Outcome::Table(mapping) => mapping.table.name.to_owned(),
        Outcome::Ambiguous { tables, .. } => format!("? {}", tables.join(" ")),
        Outcome::Unclear { table, unclear, .. } => format!("?? {table}.{}", unclear.name),
        Outcome::NoSuchHeader { header, .. } => format!("no {header}"),
        Outcome::Unknown(near) => near.map_or("-".to_owned(), |near| {
            format!("- {} {:?}", near.table, near.lacks)
        }),
    }
}

/// A sheet whose headers are the columns' own names is that table, for every table.
#[test]
fn every_table_is_recognised_by_its_own_names() {
    for spec in all() {
        let names: Vec<&str> = spec.columns.iter().map(|column| column.name).collect();
        assert_eq!(table(&names), spec.name);
    }
}

/// So is one that has the first header of each column in one language.
#[test]
fn every_table_is_recognised_in_every_language() {
    for spec in all() {
        for language in 0..3 {
            let headers: Vec<&str> = spec
                .columns
                .iter()
                .map(|column| column.headers[language][0])
                .collect();
            assert_eq!(table(&headers), spec.name, "{headers:?}");
        }
    }
}

/// A rate, or the pool and the capacity that it is worked out of; one of the two is not enough.
#[test]
fn activity_rates_need_a_rate_or_what_it_is_made_of() {
    assert_eq!(table(&["Activity", "Rate"]), "activity_rates");
    let pool = ["Activity", "Cost Pool", "Practical Capacity"];
    assert_eq!(table(&pool), "activity_rates");
    assert_ne!(table(&pool[..2]), "activity_rates");
}

#[test]
fn tables_are_told_apart() {
    assert_eq!(table(&["Customer ID", "Date", "Amount"]), "transactions");
    assert_eq!(
        table(&[
            "InvoiceNo",
            "StockCode",
            "Description",
            "Quantity",
            "InvoiceDate",
            "UnitPrice",
            "CustomerID",
            "Country"
        ]),
        "transactions"
    );
    assert_eq!(
        table(&["Customer ID", "Name", "Phone", "Email"]),
        "customers"
    );
    assert_eq!(table(&["Customer ID", "Amount", "Category"]), "wallet");
    assert_eq!(
        table(&["Customer ID", "Activity", "Quantity", "Date"]),
        "activities"
    );
    assert_eq!(
        table(&["Campaign ID", "Customer ID", "Channel"]),
        "campaign_contacts"
    );
    assert_eq!(table(&["kpi", "period", "value"]), "manual_kpi");
    assert_eq!(table(&["kpi", "period", "target"]), "targets");
    assert_eq!(
        table(&["Customer ID", "period", "amount"]),
        "? wallet retention_spend"
    );
}

#[test]
fn half_a_table_is_not_taken_for_another() {
    assert_eq!(
        table(&["Customer ID", "Product ID", "Qty", "Price", "Branch"]),
        r#"- transactions ["`date`"]"#
    );
    assert_eq!(table(&["Weather", "Temperature"]), "-");
    assert_eq!(
        table(&["ID"]),
        r#"- transactions ["`date`", "`amount`, or `quantity` and `unit_price`"]"#
    );
}

#[test]
fn the_header_is_found_below_titles() {
    let sheet = rows(&[
        &["บริษัท สยามกาแฟ จำกัด"],
        &["รายงานยอดขาย", "", "วันที่"],
        &["รหัสลูกค้า", "วันที่ขาย", "ยอดขาย", "หมายเหตุ"],
        &["C001", "01/02/2567", "100"],
    ]);
    let Outcome::Table(mapping) = recognise(&sheet, None) else {
        panic!()
    };
    assert_eq!(
        (mapping.table.name, mapping.header_row),
        ("transactions", 3)
    );
    assert_eq!(mapping.unused, [(3, "หมายเหตุ".to_owned(), None)]);
}

#[test]
fn a_surer_header_wins_and_equals_are_not_guessed() {
    let sheet = rows(&[&["Customer", "Customer ID", "Date", "Amount"]]);
    let Outcome::Table(mapping) = recognise(&sheet, None) else {
        panic!()
    };
    assert_eq!(mapping.found[0].header, "Customer ID");
    assert_eq!(
        table(&["Customer ID", "Sale Date", "Purchase Date", "Amount"]),
        "?? transactions.date"
    );
    let sheet = rows(&[&[
        "Customer ID",
        "Date",
        "Amount",
        "Cost",
        "COGS",
        "Line Cost",
        "Branch",
        "Store",
    ]]);
    let Outcome::Table(mapping) = recognise(&sheet, None) else {
        panic!()
    };
    assert_eq!(
        mapping.found.iter().filter(|f| f.header == "Cost").count(),
        1,
        "its own name"
    );
    assert_eq!(mapping.unclear.len(), 0);
    let sheet = rows(&[&["Customer ID", "Date", "Amount", "Store", "Shop"]]);
    let Outcome::Table(mapping) = recognise(&sheet, None) else {
        panic!()
    };
    assert_eq!(mapping.unclear[0].name, "branch");
}

#[test]
fn a_near_miss_is_told() {
    let sheet = rows(&[&["Customer ID", "Date", "Amount", "Chanel", "Weather"]]);
    let Outcome::Table(mapping) = recognise(&sheet, None) else {
        panic!()
    };
    assert_eq!(
        mapping.unused[0],
        (3, "Chanel".to_owned(), Some("channel".to_owned()))
    );
    assert_eq!(mapping.unused[1].2, None);
    let Outcome::Unknown(Some(near)) =
        recognise(&rows(&[&["Customer ID", "Date", "Amuont"]]), None)
    else {
        panic!()
    };
    assert_eq!(near.hints, ["`Amuont` may be meant to be `amount`"]);
}

#[test]
fn what_is_declared_wins() {
    let columns = [("customer_id".to_owned(), "รหัส ก.".to_owned())];
    let declared = Declared::for_test(by_name("transactions"), &columns);
    let sheet = rows(&[&["รหัส ก", "Customer ID", "Date", "Amount"]]);
    let Outcome::Table(mapping) = recognise(&sheet, Some(&declared)) else {
        panic!()
    };
    assert_eq!(mapping.found[0].header, "รหัส ก");
    let sheet = rows(&[&["Customer ID", "Date", "Amount"]]);
    assert!(matches!(
        recognise(&sheet, Some(&declared)),
        Outcome::NoSuchHeader { .. }
    ));
    let declared = Declared::for_test(by_name("wallet"), &[]);
    let Outcome::Table(mapping) = recognise(&sheet, Some(&declared)) else {
        panic!()
    };
    assert_eq!(mapping.table.name, "wallet");
}

/// The columns found in the header of a sheet: name, header as written, why.
fn columns(sheet: &[&[&str]]) -> Vec<String> {
    let Outcome::Table(mapping) = recognise(&rows(sheet), None) else {
        panic!()
    };
    let of = |found: &Found| {
        let name = mapping.table.columns[found.position].name;
        format!("{name} = {} ({:?})", found.header, found.why)
    };
    mapping.found.iter().map(of).collect()
}

#[test]
fn a_header_of_two_lines_is_read_as_one() {
    assert_eq!(
        columns(&[
            &["วันที่", "ลูกค้า", "", "ยอดขาย", ""],
            &["", "รหัส", "ชื่อ", "จำนวน", "ราคา/หน่วย"],
            &["01/02/2567", "C1", "สมชาย", "2", "50"],
        ]),
        [
            "date = วันที่ (Known)",
            "customer_id = ลูกค้า รหัส (WithGroup)",
            "quantity = ยอดขาย จำนวน (Known)",
            "unit_price = ยอดขาย ราคา/หน่วย (Known)",
        ]
    );
    assert_eq!(
        columns(&[
            &[
                "Khách hàng",
                "",
                "Sản phẩm",
                "",
                "Nhân viên",
                "Ngày",
                "Thành tiền"
            ],
            &["Mã", "Tên", "Mã", "Tên", "Mã", "", ""],
        ]),
        [
            "customer_id = Khách hàng Mã (WithGroup)",
            "product_id = Sản phẩm Mã (WithGroup)",
            "product_name = Sản phẩm Tên (WithGroup)",
            "date = Ngày (Known)",
            "amount = Thành tiền (Known)",
        ]
    );
}

#[test]
fn the_line_above_says_whose_id_it_is() {
    assert_eq!(
        columns(&[
            &["สินค้า", "", "ลูกค้า", "", ""],
            &["รหัส", "ชื่อ", "รหัส", "วันที่", "ยอดขาย"],
        ])[..3],
        [
            "product_id = สินค้า รหัส (WithGroup)",
            "product_name = สินค้า ชื่อ (WithGroup)",
            "customer_id = ลูกค้า รหัส (WithGroup)",
        ]
    );
    let nobody = recognise(
        &rows(&[&["สินค้า", "", "การขาย", ""], &["รหัส", "ชื่อ", "วันที่", "ยอดขาย"]]),
        None,
    );
    assert!(!matches!(nobody, Outcome::Table(_)), "{nobody:?}");
}

#[test]
fn a_title_over_a_whole_header_changes_nothing() {
    assert_eq!(
        columns(&[
            &["รายงานยอดขาย", "", ""],
            &["รหัสลูกค้า", "วันที่", "ยอดขาย"],
            &["C1", "", "5"],
        ]),
        [
            "customer_id = รหัสลูกค้า (Known)",
            "date = วันที่ (Known)",
            "amount = ยอดขาย (Known)",
        ]
    );
}
