//! Workbooks to fill in: written, filled in as their own examples say, and read back.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, Xlsx, open_workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::project::{Project, Ran};

const LANGUAGES: [(&str, &str); 3] = [("en", "USD"), ("th", "THB"), ("vi", "VND")];

/// A workspace in a language and currency, with nothing in its inbox.
fn client(language: &str, currency: &str) -> Project {
    let project = Project::empty();
    let made = project.run(&["init", ".", "--language", language]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let settings = project.read("quarterdeck.toml");
    let line = settings
        .lines()
        .find(|line| line.contains("currency = "))
        .unwrap()
        .to_owned();
    project.edit(
        "quarterdeck.toml",
        &line,
        &format!("currency = \"{currency}\""),
    );
    project
}

/// The tables by the help of the verb.
fn tables(project: &Project) -> Vec<String> {
    let help = project.run(&["template", "--help"]).stdout;
    let (_, names) = help.split_once("Tables: ").unwrap();
    let names: Vec<String> = names
        .split([',', '\n'])
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names.len(), 27, "{help}");
    names
}

/// The sheets of a workbook: name and rows of cells.
fn sheets(project: &Project, path: &str) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = open_workbook(project.path(path)).unwrap();
    let sheets = book.worksheets();
    let rows = |range: calamine::Range<Data>| range.rows().map(<[Data]>::to_vec).collect();
    sheets
        .into_iter()
        .map(|(name, range)| (name, rows(range)))
        .collect()
}

/// The examples of the second sheet, one row of the table each; a cell is none where it is empty.
fn examples(notes: &[Vec<Data>]) -> [Vec<Data>; 2] {
    let of = |at: usize| {
        notes
            .iter()
            .filter(|row| {
                let name = row[0].to_string();
                let number = name.split_once(". ").map(|(number, _)| number);
                number.is_some_and(|number| number.parse::<u32>().is_ok())
            })
            .map(|row| row[at].clone())
            .collect()
    };
    [of(4), of(5)]
}

/// Fills the first sheet of a template in, as a person would: the cells take the format that their
/// column has, and all the rest of the file stays as it is.
fn filled_in(project: &Project, template: &str, to: &str, rows: &[Vec<Data>]) {
    let bytes = std::fs::read(project.path(template)).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let xml = String::from_utf8(content).unwrap();
            let (head, tail) = xml.split_once("</row>").unwrap();
            // Rows that stand there already, of KPIs, make way.
            let tail = &tail[tail.find("</sheetData>").unwrap()..];
            let styles = column_styles(head);
            let rows = (2..)
                .zip(rows)
                .map(|(number, row)| xml_row(number, row, &styles));
            let rows: String = rows.collect();
            content = format!("{head}</row>{rows}{tail}").into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    let path = project.path(to);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, out.finish().unwrap().into_inner()).unwrap();
}

/// The style of each column of a sheet, by its number from 1.
fn column_styles(xml: &str) -> BTreeMap<usize, String> {
    let field = |element: &str, name: &str| {
        let (_, rest) = element.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let mut styles = BTreeMap::new();
    for element in xml.split("<col ").skip(1) {
        let element = format!(" {}", element.split_once('>').unwrap().0);
        let number = |name| field(&element, name).unwrap().parse::<usize>().unwrap();
        for column in number("min")..=number("max") {
            if let Some(style) = field(&element, "style") {
                styles.insert(column, style);
            }
        }
    }
    styles
}

fn xml_row(number: usize, row: &[Data], styles: &BTreeMap<usize, String>) -> String {
    let mut xml = format!("<row r=\"{number}\">");
    for (column, value) in (1..).zip(row) {
        let letter = char::from(b'A' + u8::try_from(column - 1).unwrap());
        let style = styles.get(&column);
        let style = style.map_or(String::new(), |style| format!(" s=\"{style}\""));
        let at = format!("r=\"{letter}{number}\"{style}");
        let number = match value {
            Data::Empty => continue,
            Data::Float(x) => x.to_string(),
            Data::Int(x) => x.to_string(),
            Data::DateTime(at) => at.as_f64().to_string(),
            text => {
                let text = text.to_string().replace('&', "&amp;").replace('<', "&lt;");
                xml += &format!("<c {at} t=\"inlineStr\"><is><t>{text}</t></is></c>");
                continue;
            }
        };
        xml += &format!("<c {at}><v>{number}</v></c>");
    }
    xml + "</row>"
}

/// No warning and no error.
fn untroubled(ran: &Ran) {
    let troubled = |line: &&str| line.starts_with("warning") || line.starts_with("error");
    let troubles: Vec<&str> = ran.stderr.lines().filter(troubled).collect();
    assert!(troubles.is_empty(), "{}", ran.stderr);
}

/// What `check` says of the sheets: file to table, and how many columns were found.
fn understood(ran: &Ran) -> BTreeMap<String, (String, usize, bool)> {
    let mut found = BTreeMap::new();
    let mut lines = ran.stdout.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((place, rest)) = line
            .split_once(": ")
            .filter(|_| line.contains("headers in row"))
        else {
            continue;
        };
        let file = place.split([',', '!']).next().unwrap().to_owned();
        let table = rest.split(',').next().unwrap().to_owned();
        let mut columns = 0;
        while lines.next_if(|line| line.contains("` = ")).is_some() {
            columns += 1;
        }
        let unused = lines
            .peek()
            .is_some_and(|line| line.trim_start().starts_with("not used"));
        let before = found.insert(file.clone(), (table, columns, unused));
        assert!(before.is_none(), "{file} has two tables:\n{}", ran.stdout);
    }
    found
}

#[test]
fn what_is_filled_in_as_the_examples_say_is_read_back_whole() {
    for (language, currency) in LANGUAGES {
        let project = client(language, currency);
        let made = project.run(&["template", "--period", "2026-Q3"]);
        assert_eq!(made.status, 0, "{}", made.stderr);
        let tables = tables(&project);
        let mut columns = BTreeMap::new();
        for table in &tables {
            let template = format!("templates/{table}.xlsx");
            let sheets = sheets(&project, &template);
            assert_eq!(sheets.len(), 2, "{table}");
            // Of the KPIs' sheets the columns that help are left out: nobody types in them.
            let rows = examples(&sheets[1].1);
            columns.insert(table.clone(), rows[0].len());
            let headers = &sheets[0].1[0];
            let helping = headers.len() - rows[0].len();
            let rows = rows.map(|mut row| {
                let after = row.split_off(1);
                row.extend(vec![Data::Empty; helping]);
                row.extend(after);
                row
            });
            filled_in(&project, &template, &format!("inbox/{table}.xlsx"), &rows);
        }
        let checked = project.run(&["check"]);
        assert_eq!(checked.status, 0, "{}", checked.stderr);
        untroubled(&checked);
        let understood = understood(&checked);
        for table in &tables {
            let (found, count, unused) = &understood[&format!("inbox/{table}.xlsx")];
            assert_eq!(found, table, "{language}");
            assert_eq!(
                *count, columns[table],
                "{language} {table}: {}",
                checked.stdout
            );
            let helped = ["targets", "manual_kpi"].contains(&table.as_str());
            assert_eq!(*unused, helped, "{language} {table}");
        }
        let rows = tables
            .iter()
            .map(|table| format!("select '{table}' as t, count(*) as n from {table}"));
        let sql = rows.collect::<Vec<_>>().join(" union all ");
        for row in project.query(&sql) {
            assert_eq!(
                row["n"].to_string().trim_matches('"'),
                "2",
                "{language} {row}"
            );
        }
        let sale = &project.query(
            "select cast(t.date as varchar) as day, cast(quantity as double) as q, \
             phone, strategic, c.type as kind, cast(i.opened_at as varchar) as opened \
             from transactions t join customers c on c.customer_id = t.customer_id \
             join interactions i on i.customer_id = t.customer_id where t.customer_id = 'C0018'",
        )[0];
        assert_eq!(sale["day"], "2026-07-04");
        assert_eq!(sale["q"], 1.0);
        assert_eq!(sale["strategic"], true);
        assert_eq!(sale["kind"], "organisation");
        assert_eq!(sale["opened"], "2026-07-04T14:00:00");
        let phone = sale["phone"].as_str().unwrap();
        assert!(phone.starts_with('0'), "{phone}");
    }
}

#[test]
fn an_empty_template_in_the_inbox_is_its_table_and_its_notes_are_left_alone() {
    for (language, currency) in LANGUAGES {
        let project = client(language, currency);
        let made = project.run(&["template", "--to", "inbox", "--period", "2026-Q3"]);
        assert_eq!(made.status, 0, "{}", made.stderr);
        let checked = project.run(&["check"]);
        assert_eq!(checked.status, 0, "{}", checked.stderr);
        untroubled(&checked);
        let understood = understood(&checked);
        for table in tables(&project) {
            assert_eq!(
                understood[&format!("inbox/{table}.xlsx")].0,
                table,
                "{language}"
            );
        }
        assert_eq!(understood.len(), 27);
    }
}

#[test]
fn a_workspace_that_is_its_own_inbox_does_not_read_its_templates() {
    let project = Project::empty().with("sales.csv", "Customer ID,Date,Amount\nC1,2026-07-03,5\n");
    let made = project.run(&["template", "customers", "goals", "."]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    assert_eq!(made.stdout.lines().count(), 2);
    let checked = project.run(&["check"]);
    let understood = understood(&checked);
    assert_eq!(understood.keys().collect::<Vec<_>>(), ["sales.csv"]);
}

#[test]
fn nothing_is_written_over_without_being_asked_and_names_are_looked_up() {
    let project = client("en", "USD");
    let wrong = project.run(&["template", "custmers", "."]);
    assert_eq!(wrong.status, 2);
    assert!(
        wrong
            .stderr
            .contains("`custmers` is neither a table nor a folder")
            && wrong.stderr.contains("`customers`"),
        "{}",
        wrong.stderr
    );
    assert!(!project.path("templates").exists());
    assert_eq!(project.run(&["template", "customers"]).status, 0);
    let first = std::fs::read(project.path("templates/customers.xlsx")).unwrap();
    project.write("templates/customers.xlsx", "the manager's own");
    let refused = project.run(&["template", "customers", "goals"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    assert_eq!(
        project.read("templates/customers.xlsx"),
        "the manager's own"
    );
    // All or nothing.
    assert!(!project.path("templates/goals.xlsx").exists());
    assert_eq!(project.run(&["template", "customers", "--force"]).status, 0);
    let again = std::fs::read(project.path("templates/customers.xlsx")).unwrap();
    assert_eq!(first, again, "the same command gives the same bytes");
    let left: Vec<_> = std::fs::read_dir(project.path("templates"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// A row of a sheet by its first cell, under its headers.
fn row_of(rows: &[Vec<Data>], first: &str) -> BTreeMap<String, Data> {
    let headers = rows[0].iter().map(ToString::to_string);
    let row = rows
        .iter()
        .find(|row| row[0] == *first)
        .unwrap_or_else(|| panic!("no row {first}: {rows:?}"));
    headers.zip(row.iter().cloned()).collect()
}

#[test]
fn kpis_come_with_what_is_known_of_them() {
    let project = Project::shop()
        .with(
            "inbox/kpis.csv",
            "KPI,Period,Value\nR4,2025-Q3,1500\nR4,2025-Q2,900\nR3,2025-Q4,0.92\n",
        )
        .with(
            "inbox/targets.csv",
            "KPI,Period,Target,Stretch\nF1,2026,4000,4400\nC2,2025-Q4,0.8,0.9\n",
        );
    let ran = project.run(&["run", ".", "--period", "2025-Q4"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let made = project.run(&["template", "manual_kpi", "targets"]);
    assert_eq!(made.status, 0, "{}", made.stderr);

    let manual = &sheets(&project, "templates/manual_kpi.xlsx")[0].1;
    let text = |row: &BTreeMap<String, Data>, name: &str| row[name].to_string();
    // R4 is computed by nothing: its newest typed value.
    let r4 = row_of(manual, "R4");
    assert_eq!(text(&r4, "Period"), "2026-Q1", "the one after the reported");
    assert_eq!(r4["Last known"], Data::Float(1500.0));
    assert_eq!(text(&r4, "Known for"), "2025-Q3");
    assert_eq!(r4["Value"], Data::Empty);
    assert_eq!(text(&r4, "Counted in"), "USD");
    // R3 lacks its table.
    let r3 = row_of(manual, "R3");
    assert_eq!(r3["Last known"], Data::Float(0.92));
    // C2 is measured from the sales, and nobody need type it.
    assert!(!manual.iter().any(|row| row[0] == *"C2"));

    let targets = &sheets(&project, "templates/targets.xlsx")[0].1;
    let f1 = row_of(targets, "F1");
    assert_eq!(
        f1["Target"],
        Data::Float(1000.0),
        "a year's spread over its quarters"
    );
    assert_eq!(f1["Stretch"], Data::Float(1100.0));
    assert_eq!(f1["Floor"], Data::Empty, "none is stated");
    let record = project.record("2025-Q4");
    let kpis = record["kpis"].as_array().unwrap();
    let reported = kpis.iter().find(|kpi| kpi["id"] == "F1").unwrap();
    assert_eq!(
        f1["Last known"],
        Data::Float(reported["value"].as_f64().unwrap())
    );
    // The target of 2025-Q4 is not that of the quarter to come.
    assert_eq!(row_of(targets, "C2")["Target"], Data::Empty);
    let r3 = row_of(targets, "R3");
    assert_eq!(
        (&r3["Target"], &r3["Floor"]),
        (&Data::Float(0.9), &Data::Float(0.6))
    );
    assert_eq!(text(&r3, "Good is"), "higher");

    // What was typed for the period already stays in a template written anew.
    let made = project.run(&["template", "manual_kpi", "--force", "--period", "2025-Q3"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let r4 = row_of(&sheets(&project, "templates/manual_kpi.xlsx")[0].1, "R4");
    assert_eq!(r4["Value"], Data::Float(1500.0));
    assert_eq!(r4["Last known"], Data::Float(900.0));
}

/// Value, target and score of every KPI of a period.
fn figures(project: &Project, period: &str) -> Vec<[serde_json::Value; 4]> {
    let record = project.record(period);
    let kpis = record["kpis"].as_array().unwrap().iter();
    kpis.map(|kpi| ["id", "value", "target", "score"].map(|name| kpi[name].clone()))
        .collect()
}

#[test]
fn kpis_handed_in_as_they_came_change_no_figure() {
    let project = Project::shop();
    let ran = project.run(&["run", ".", "--period", "2025-Q4"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let before = figures(&project, "2025-Q4");
    let made = project.run(&[
        "template",
        "manual_kpi",
        "targets",
        "--to",
        "inbox",
        "--period",
        "2025-Q4",
    ]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let ran = project.run(&["run", ".", "--period", "2025-Q4"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(figures(&project, "2025-Q4"), before);

    // A typed KPI left empty is not measured, and no mistake.
    let record = project.record("2025-Q4");
    let input = record["inputs"].as_array().unwrap().iter();
    let input = input
        .clone()
        .find(|input| input["table"] == "manual_kpi")
        .unwrap();
    assert_eq!(input["rows_set_aside"], 0);
    assert!(input["rows_used"].as_u64().unwrap() > 10);
    let r4 = record["kpis"].as_array().unwrap().iter();
    let r4 = r4.clone().find(|kpi| kpi["id"] == "R4").unwrap();
    assert!(r4["value"].is_null() && !r4["reason"].is_null());
}

/// A part of a workbook, as text.
fn part(project: &Project, path: &str, name: &str) -> String {
    let bytes = std::fs::read(project.path(path)).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_sheet_offers_its_words_and_explains_its_columns() {
    let project = client("vi", "VND");
    let made = project.run(&["template", "interactions"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let book = "templates/interactions.xlsx";
    let sheet = part(&project, book, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<pane ySplit=\"1\" topLeftCell=\"A2\""),
        "{sheet}"
    );
    assert!(
        sheet.contains("&quot;khiếu nại,hỗ trợ,thăm,đào tạo&quot;")
            || sheet.contains("\"khiếu nại,hỗ trợ,thăm,đào tạo\""),
        "{sheet}"
    );
    assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""));
    let names = part(&project, book, "xl/workbook.xml");
    assert!(names.contains("_xlnm.Print_Titles"), "{names}");
    let comments = part(&project, book, "xl/comments1.xml");
    assert_eq!(
        comments.matches("<comment ").count(),
        8,
        "one for each column"
    );
    let kind =
        "Là loại nào\nChọn một trong các từ: khiếu nại, hỗ trợ, thăm, đào tạo\nCó thể để trống";
    assert!(comments.contains(kind), "{comments}");
    // Dong have no digits after the mark; a needed header has a star that is no part of it.
    let styles = part(&project, book, "xl/styles.xml");
    assert!(
        styles.contains("@&quot; *&quot;") && styles.contains("hh:mm"),
        "{styles}"
    );
    assert!(
        styles.contains("formatCode=\"#,##0\"") && !styles.contains("#,##0.0"),
        "{styles}"
    );
    let headers = &sheets(&project, book)[0].1[0];
    assert_eq!(headers[0].to_string(), "Mã khách hàng");
}
