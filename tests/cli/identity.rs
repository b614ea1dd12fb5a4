//! Who is who, from the workbook that asks to figures in which a customer is one.

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;

use crate::project::Project;

const ASKED: &str = "reports/2025-Q4/to-confirm/likely-matches-2025-Q4.xlsx";

/// A shop with a list of its sixty customers: C002 and C032 have one telephone, so have C007 and C037;
/// C005 and C035 have name and birthday in common.
fn shop(language: &str) -> Project {
    let mut list = String::from("Customer ID,Name,Phone,Birth Date,Customer Since\n");
    for customer in 1..=60u32 {
        let phone = match customer {
            2 => "081-234-5678".to_owned(),
            32 => "+66 81 234 5678".to_owned(),
            7 | 37 => "0898765432".to_owned(),
            _ => String::new(),
        };
        let (name, born) = match customer {
            5 => ("Mali Saengthong", "1990-05-01"),
            35 => ("Ms. Mali Saengthong", "1990-05-01"),
            _ => ("", ""),
        };
        list.push_str(&format!("C{customer:03},{name},{phone},{born},\n"));
    }
    let project = Project::empty();
    let made = project.run(&["init", ".", "--language", language]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let shop = Project::shop();
    project.write("inbox/sales.csv", &shop.read("inbox/sales.csv"));
    let settings = project.read("quarterdeck.toml");
    let line = settings
        .lines()
        .find(|line| line.contains("currency = "))
        .unwrap()
        .to_owned();
    project.edit("quarterdeck.toml", &line, "currency = \"THB\"");
    let settings = project.read("quarterdeck.toml");
    project
        .with("quarterdeck.toml", &format!("{settings}\n[identity]\n"))
        .with("inbox/list.csv", &list)
}

fn cells(project: &Project, path: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(project.path(path)).unwrap();
    let (_, range) = book.worksheets().remove(0);
    range
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect())
        .collect()
}

/// Answers the workbook by the first id of each pair, and puts it into the inbox.
fn answer(project: &Project, answers: &[(&str, &str)]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(cells(project, ASKED)) {
        let given = answers.iter().find(|(id, _)| *id == cells[0]);
        for (column, cell) in (0..).zip(&cells) {
            let last = usize::from(column) + 1 == cells.len();
            let cell = given
                .filter(|_| last)
                .map_or(cell.as_str(), |(_, answer)| *answer);
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save(project.path("inbox/answers.xlsx")).unwrap();
}

fn customers(project: &Project) -> i64 {
    let rows = project.query("select count(distinct customer_id) as n from transactions");
    rows[0]["n"].as_i64().unwrap()
}

#[test]
fn what_is_confirmed_is_merged_and_what_is_refused_is_not_asked_again() {
    for (language, yes, no) in [
        ("en", "Yes", "No"),
        ("th", "ใช่", "ไม่ใช่"),
        ("vi", "Có", "Không"),
    ] {
        let project = shop(language);
        let ran = project.run(&[]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert_eq!(customers(&project), 60);
        let asked = cells(&project, ASKED);
        let pairs: Vec<(&str, &str)> = asked[1..]
            .iter()
            .map(|row| (row[0].as_str(), row[2].as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("C035", "C005"), ("C032", "C002"), ("C037", "C007")],
            "{asked:?}"
        );
        assert_eq!(asked[1][1], "Ms. Mali Saengthong");
        assert!(asked[2][4].ends_with("+66812345678"), "{asked:?}");
        assert!(asked[1..].iter().all(|row| row[7].is_empty()), "{asked:?}");
        let page = project.read("reports/2025-Q4/data-quality.html");
        assert!(page.contains("to-confirm/likely-matches-2025-Q4.xlsx"));

        answer(&project, &[("C032", yes), ("C037", no)]);
        let ran = project.run(&[]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert_eq!(customers(&project), 59);
        // Only what was left open is asked again.
        let asked = cells(&project, ASKED);
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert_eq!(asked[1][0], "C035");
        let merged = project.query("select from_id, customer_id, key, rows from merged_customers");
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0]["from_id"], "C032");
        assert_eq!(merged[0]["customer_id"], "C002");
        assert_eq!(merged[0]["key"], "id-map");

        // All rows of the id map and of the list are accounted for as used.
        let record = project.record("2025-Q4");
        for input in record["inputs"].as_array().unwrap() {
            let table = input["table"].as_str().unwrap();
            if ["id_map", "customers"].contains(&table) {
                assert_eq!(input["rows_used"], input["rows_read"], "{table}");
            }
        }
        let explained = project.run(&["explain", "C032"]);
        assert_eq!(explained.status, 0, "{}", explained.stderr);
        assert!(
            explained
                .stdout
                .starts_with("`C032` is customer `C002`, by id-map"),
            "{}",
            explained.stdout
        );
        assert!(
            explained.stdout.contains("Customer C002 in 2025-Q4"),
            "{}",
            explained.stdout
        );
    }
}

/// A purchase by the old id is one of the customer's: frequency and revenue add up.
#[test]
fn declared_keys_merge_without_asking() {
    let project = shop("en");
    let sum = "select sum(revenue) as revenue, sum(orders) as orders from customer_periods where customer_id in ('C002', 'C032')";
    let before = project.query(sum);
    project.edit(
        "quarterdeck.toml",
        "\n[identity]",
        "\n[identity]\nkeys = [\"phone\"]\npropose = []",
    );
    let after = project.query(sum);
    assert_eq!(before[0]["revenue"], after[0]["revenue"]);
    assert_eq!(customers(&project), 58);
    let left = project
        .query("select customer_id, phone from customers where customer_id in ('C002', 'C032')");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["customer_id"], "C002");
    // Nobody is lost by a merge, and every period still comes out even.
    let uneven = project.query(
        "select period from customer_reconciliation \
         where segment is null and opening + new + reactivated - lost_opening - lost_new <> closing",
    );
    assert!(uneven.is_empty(), "{uneven:?}");

    let inventory = project.query(
        "select source_file, table_name, customers, old_ids, listed, contactable from customer_inventory order by 1 nulls first",
    );
    let rows: Vec<String> = inventory
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("all").to_owned();
            let number = |name: &str| row[name].as_i64().unwrap();
            format!(
                "{} {} {} {} {}",
                text("source_file"),
                number("customers"),
                number("old_ids"),
                number("listed"),
                number("contactable")
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "all 58 2 58 2",
            "inbox/list.csv 58 2 58 2",
            "inbox/sales.csv 58 2 58 2"
        ]
    );
}

#[test]
fn a_mistake_in_the_keys_names_the_nearest() {
    let project = shop("en");
    project.edit(
        "quarterdeck.toml",
        "\n[identity]",
        "\n[identity]\nkeys = [\"fone\"]",
    );
    let ran = project.run(&["check"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr.contains("did you mean `phone`?"),
        "{}",
        ran.stderr
    );
}
