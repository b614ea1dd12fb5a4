//! What a manager gets back: a page, a list, a workbook with the cells coloured. Mended as told and put
//! back into the inbox, it runs without a problem.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{Chart, Color, ExcelDateTime, Format, Formula, Note, Workbook};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::project::Project;

/// The parts of a workbook by name.
type Parts = BTreeMap<String, Vec<u8>>;

fn parts(bytes: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn packed(parts: &Parts) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn text(parts: &Parts, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split(close).next())
        .collect()
}

/// The notes of a sheet by cell; the part of notes is found by the relations of the sheet.
fn notes(parts: &Parts, sheet: &str) -> BTreeMap<String, String> {
    let relations = format!("xl/worksheets/_rels/{sheet}.rels");
    let Some(relations) = parts.get(&relations) else {
        return BTreeMap::new();
    };
    let relations = String::from_utf8(relations.clone()).unwrap();
    let targets = between(&relations, "Target=\"", "\"");
    let Some(target) = targets.iter().find(|target| target.contains("comments")) else {
        return BTreeMap::new();
    };
    let name = target.trim_start_matches(['.', '/']);
    let name = if name.starts_with("xl/") {
        name.to_owned()
    } else {
        format!("xl/{name}")
    };
    let text = text(parts, &name);
    between(&text, "<comment ", "</comment>")
        .into_iter()
        .map(|comment| {
            let cell = between(comment, "ref=\"", "\"")[0].to_owned();
            let said: String = comment
                .split("</t>")
                .filter_map(|piece| {
                    let at = piece.rfind("<t>").map(|at| at + 3);
                    let spaced = || Some(piece.rfind("<t xml:space=\"preserve\">")? + 24);
                    Some(&piece[at.or_else(spaced)?..])
                })
                .collect();
            (cell, said)
        })
        .collect()
}

/// The element of a cell, if the sheet has it.
fn cell<'a>(sheet: &'a str, place: &str) -> Option<&'a str> {
    let from = sheet.find(&format!("<c r=\"{place}\""))?;
    let rest = &sheet[from..];
    let open = rest.find('>')?;
    let to = match rest[..open].ends_with('/') {
        true => open + 1,
        false => rest.find("</c>")? + 4,
    };
    Some(&rest[..to])
}

fn style_of(cell: &str) -> Option<&str> {
    between(cell.split('>').next()?, " s=\"", "\"")
        .first()
        .copied()
}

/// Every cell of a sheet by its place, as written.
fn cells(sheet: &str) -> BTreeMap<String, String> {
    between(sheet, "<c r=\"", "\"")
        .into_iter()
        .map(|place| (place.to_owned(), cell(sheet, place).unwrap().to_owned()))
        .collect()
}

/// Puts a text into a cell, in the style it has.
fn typed(sheet: &str, place: &str, value: &str) -> String {
    let old = cell(sheet, place).unwrap_or_else(|| panic!("no cell {place}"));
    let style = style_of(old).map_or(String::new(), |style| format!(" s=\"{style}\""));
    let new = format!("<c r=\"{place}\"{style} t=\"inlineStr\"><is><t>{value}</t></is></c>");
    sheet.replacen(old, &new, 1)
}

/// Takes a row's cells away.
fn without_row(sheet: &str, place: &str) -> String {
    let row = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let from = sheet.find(&format!("<row r=\"{row}\"")).unwrap();
    let to = from + sheet[from..].find("</row>").unwrap() + 6;
    format!("{}{}", &sheet[..from], &sheet[to..])
}

/// Mends every cell with a note as the note says, as a manager reads it; what was done, note by note.
fn mended(bytes: &[u8], sheets: &[&str]) -> (Vec<u8>, Vec<String>) {
    let mut parts = parts(bytes);
    let mut done = Vec::new();
    for sheet in sheets {
        let part = format!("xl/worksheets/{sheet}");
        let mut xml = text(&parts, &part);
        for (place, note) in notes(&parts, sheet) {
            // One line alone is the manager's own.
            let Some((_, todo)) = note.rsplit_once('\n') else {
                continue;
            };
            if let Some(example) = todo.split("such as ").nth(1) {
                let end = example.find([';', ',']).unwrap_or(example.len());
                xml = typed(&xml, &place, example[..end].trim_end_matches('.'));
            } else if todo.starts_with("Delete the row") {
                xml = without_row(&xml, &place);
            } else if todo.starts_with("Correct the id") {
                xml = typed(&xml, &place, "C001");
            } else if todo.starts_with("Put the text that was cut") {
                // Two fields too many, at the end.
                let row = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                for extra in ["E", "F"] {
                    if let Some(old) = cell(&xml, &format!("{extra}{row}")) {
                        xml = xml.replacen(old, "", 1);
                    }
                }
            } else {
                panic!("{place}: {note}");
            }
            done.push(format!("{sheet} {place}: {todo}"));
        }
        parts.insert(part, xml.into_bytes());
    }
    (packed(&parts), done)
}

/// Two years of a shop, as a workbook that somebody has cared for, with mistakes when `wrong`.
fn book(wrong: bool) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy").set_italic();
    let money = Format::new()
        .set_num_format("#,##0.00")
        .set_font_color(Color::RGB(0x07_5E51));
    let head = Format::new().set_bold().set_background_color(Color::Yellow);
    let sheet = workbook.add_worksheet().set_name("ยอดขาย").unwrap();
    sheet.write_string(0, 0, "Sales, both branches").unwrap();
    for (column, name) in (0..).zip(["Transaction ID", "Customer ID", "Date", "Amount"]) {
        sheet
            .write_string_with_format(2, column, name, &head)
            .unwrap();
    }
    for n in 0..240u32 {
        let row = n + 3;
        let (year, month) = (2024 + n / 120, (n / 10) % 12 + 1);
        let date = ExcelDateTime::from_ymd(year as u16, month as u8, (n % 10 + 19) as u8).unwrap();
        sheet.write_string(row, 0, format!("T{n:04}")).unwrap();
        sheet
            .write_string(row, 1, format!("C{:03}", n % 30 + 1))
            .unwrap();
        sheet
            .write_datetime_with_format(row, 2, &date, &day)
            .unwrap();
        sheet
            .write_number_with_format(row, 3, f64::from(n) + 20.5, &money)
            .unwrap();
    }
    let last = ExcelDateTime::from_ymd(2025, 12, 31).unwrap();
    sheet
        .write_datetime_with_format(242, 2, &last, &day)
        .unwrap();
    sheet
        .write_formula(3, 6, Formula::new("=SUM(D4:D243)").set_result("33600"))
        .unwrap();
    let mut chart = Chart::new_column();
    chart.add_series().set_values("'ยอดขาย'!$D$4:$D$20");
    sheet.insert_chart(5, 6, &chart).unwrap();
    let mine = Note::new("ask the branch")
        .set_author("Mali")
        .add_author_prefix(false);
    sheet.insert_note(9, 2, &mine).unwrap();
    sheet.insert_note(20, 3, &mine).unwrap();
    if wrong {
        sheet
            .write_string_with_format(9, 2, "31/06/2025", &day)
            .unwrap();
        sheet
            .write_string_with_format(10, 2, "31/06/2025", &day)
            .unwrap();
        sheet
            .write_string_with_format(15, 3, "95/2 cups", &money)
            .unwrap();
        sheet
            .write_string_with_format(16, 3, "#N/A", &money)
            .unwrap();
        // One row, both cells: neither may hide the other.
        sheet.write_string(30, 2, "tomorrow").unwrap();
        sheet.write_blank(30, 3, &money).unwrap();
        sheet.write_blank(31, 2, &Format::new()).unwrap();
        sheet.write_string(40, 1, "C999").unwrap();
    }
    let sheet = workbook.add_worksheet().set_name("Members").unwrap();
    sheet.write_string(0, 0, "Customer ID").unwrap();
    sheet.write_string(0, 1, "Name").unwrap();
    for n in 1..=30u32 {
        sheet.write_string(n, 0, format!("C{n:03}")).unwrap();
        sheet.write_string(n, 1, format!("Customer {n}")).unwrap();
    }
    if wrong {
        sheet.write_string(31, 0, "C003").unwrap();
        sheet.write_string(31, 1, "Somebody else").unwrap();
        sheet.write_string(32, 1, "No number").unwrap();
    }
    let sheet = workbook.add_worksheet().set_name("Notes").unwrap();
    sheet.write_string(0, 0, "left alone").unwrap();
    workbook.save_to_buffer().unwrap()
}

const CSV: &str = "Transaction ID,Customer ID,Date,Amount\nW1,C001,2025-05-01,100\nW2,C002,2025-05-32,abc\nW3,C003,2025-06-01,\nW4,C004,2025-06-02,120\nW5,C004,2025-06-02,120,too,many\nW6,C005,2025-12-31,99\n";

fn shop(language: &str) -> Project {
    let settings = format!(
        "[client]\nname = \"Shop\"\nlanguage = \"{language}\"\ncurrency = \"USD\"\n[input]\nmax-set-aside = 0.9\n"
    );
    let project = Project::empty().with("quarterdeck.toml", &settings);
    project.with("inbox/web.csv", CSV)
}

fn put(project: &Project, path: &str, bytes: &[u8]) {
    std::fs::write(project.path(path), bytes).unwrap();
}

/// Warnings and errors about what was read.
fn warnings(record: &Value) -> Vec<String> {
    let about_data: BTreeSet<&str> = quarterdeck::diagnostics::codes::intake::ALL
        .iter()
        .map(|code| code.name)
        .collect();
    let found = record["diagnostics"].as_array().unwrap().iter();
    found
        .filter(|found| found["severity"] != "info")
        .filter(|found| about_data.contains(found["code"].as_str().unwrap()))
        .map(ToString::to_string)
        .collect()
}

fn sum(record: &Value, rows: &str) -> u64 {
    let inputs = record["inputs"].as_array().unwrap().iter();
    inputs.map(|input| input[rows].as_u64().unwrap()).sum()
}

#[test]
fn mended_as_told_it_runs_without_a_problem() {
    let project = shop("en");
    put(&project, "inbox/sales.xlsx", &book(true));
    let ran = project.run(&["run", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let record = project.record("2025-Q4");
    assert!(!warnings(&record).is_empty());
    assert_eq!(sum(&record, "rows_set_aside"), 3 + 6 + 1, "{}", ran.stderr);
    let copies = "reports/2025-Q4/to-fix";
    let copy = std::fs::read(project.path(&format!("{copies}/sales.xlsx"))).unwrap();
    let (sales, done) = mended(&copy, &["sheet1.xml", "sheet2.xml", "sheet3.xml"]);
    assert_eq!(done.len(), 10, "{done:#?}");
    let copy = std::fs::read(project.path(&format!("{copies}/web.xlsx"))).unwrap();
    let (web, done) = mended(&copy, &["sheet1.xml"]);
    assert_eq!(done.len(), 4, "{done:#?}");

    put(&project, "inbox/sales.xlsx", &sales);
    put(&project, "inbox/web.xlsx", &web);
    std::fs::remove_file(project.path("inbox/web.csv")).unwrap();
    let ran = project.run(&["run", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    // The day of the example was typed in, so that there is a later quarter now.
    let record = project.record("2026-Q3");
    assert_eq!(warnings(&record), Vec::<String>::new());
    assert_eq!(sum(&record, "rows_set_aside"), 0);
    assert_eq!(sum(&record, "rows_unmatched"), 0);
    assert!(!project.path("reports/2026-Q3/to-fix").exists());
    let page = project.read("reports/2026-Q3/data-quality.html");
    assert!(page.contains("There is no cell to put right."), "{page}");
    assert!(!page.contains("id=\"list\""), "{page}");
}

/// Every file below a folder of the workspace by its path, without what lies in one of its folders.
fn files_below(project: &Project, folder: &str, but: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(project.path(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if path == but {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                found.insert(path, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// Too many rows for a report: what is to be mended is there all the same, the last report is not
/// touched, and mended as told it is published and the folder is gone.
#[test]
fn too_many_bad_rows_leave_the_copies_and_the_last_report() {
    let settings = "[client]\nname = \"Shop\"\ncurrency = \"USD\"\n[input]\nmax-set-aside = 0.01\n";
    let project = Project::empty().with("quarterdeck.toml", settings);
    std::fs::create_dir_all(project.path("inbox")).unwrap();
    put(&project, "inbox/sales.xlsx", &book(false));
    let ran = project.run(&["run", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let before = files_below(&project, "reports", "");

    put(&project, "inbox/sales.xlsx", &book(true));
    let project = project.with("inbox/web.csv", CSV);
    let folder = "reports/to-fix";
    let mut first = None;
    for _ in 0..2 {
        let ran = project.run(&["run", "."]);
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        assert_eq!(ran.stdout, "", "nothing was published");
        for said in [
            "9 of 246 rows of table `transactions` were set aside",
            "1 of 32 rows of table `customers` were set aside",
            "copies of the files with the cells coloured are in `reports/to-fix`",
            "or raise `[input] max-set-aside` knowingly",
        ] {
            assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
        }
        assert_eq!(files_below(&project, "reports", folder), before);
        let handed = files_below(&project, folder, "");
        let names: Vec<&str> = handed.keys().map(String::as_str).collect();
        let expected = [
            "repair-list.html",
            "repair-list.xlsx",
            "run.json",
            "sales.xlsx",
            "web.xlsx",
        ];
        assert_eq!(names, expected.map(|name| format!("{folder}/{name}")));
        assert_eq!(*first.get_or_insert_with(|| handed.clone()), handed);
    }
    let page = project.read(&format!("{folder}/repair-list.html"));
    for said in [
        "No report was published.",
        "href=\"sales.xlsx\"",
        "href=\"web.xlsx\"",
        "31/06/2025",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // `query` reads the same files and hands nothing back.
    let asked = project.run(&["query", "select 1", "."]);
    assert_eq!(asked.status, 2);
    assert!(
        asked.stderr.contains("correct the rows, or raise"),
        "{}",
        asked.stderr
    );

    let copy = std::fs::read(project.path(&format!("{folder}/sales.xlsx"))).unwrap();
    let (sales, done) = mended(&copy, &["sheet1.xml", "sheet2.xml", "sheet3.xml"]);
    // The customer nobody knows among them, so that one round is enough.
    assert_eq!(done.len(), 10, "{done:#?}");
    let copy = std::fs::read(project.path(&format!("{folder}/web.xlsx"))).unwrap();
    let (web, _) = mended(&copy, &["sheet1.xml"]);
    // Saved where it lies, then put into the inbox.
    put(&project, &format!("{folder}/sales.xlsx"), &sales);
    put(&project, "inbox/sales.xlsx", &sales);
    put(&project, "inbox/web.xlsx", &web);
    std::fs::remove_file(project.path("inbox/web.csv")).unwrap();
    let ran = project.run(&["run", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(sum(&project.record("2026-Q3"), "rows_set_aside"), 0);
    assert!(!project.path(folder).exists());
    let index = project.read("reports/index.html");
    assert!(!index.contains("to-fix"), "{index}");
}

/// Parts that have nothing to do with a mark are the same bytes; cells that are not marked are the same
/// text, and the styles they name are where they were.
#[test]
fn the_copy_keeps_everything_else() {
    let project = shop("en");
    let original = book(true);
    put(&project, "inbox/sales.xlsx", &original);
    assert_eq!(project.run(&["run", "."]).status, 0);
    assert_eq!(
        std::fs::read(project.path("inbox/sales.xlsx")).unwrap(),
        original
    );
    let copy = std::fs::read(project.path("reports/2025-Q4/to-fix/sales.xlsx")).unwrap();
    let (before, after) = (parts(&original), parts(&copy));
    let changed: Vec<&str> = before
        .iter()
        .filter(|(name, bytes)| after.get(*name) != Some(bytes))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        changed,
        [
            "[Content_Types].xml",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
        ]
    );
    let formats = |parts: &Parts| -> Vec<String> {
        let styles = text(parts, "xl/styles.xml");
        let list = between(&styles, "<cellXfs", "</cellXfs>")[0];
        list.split("<xf ").skip(1).map(str::to_owned).collect()
    };
    let (formats_before, formats_after) = (formats(&before), formats(&after));
    assert_eq!(formats_after[..formats_before.len()], formats_before);
    let fills = text(&after, "xl/styles.xml");
    assert!(fills.contains("rgb=\"FFFFC9CF\"") && fills.contains("rgb=\"FFFFE9A0\""));

    for sheet in ["sheet1.xml", "sheet2.xml"] {
        let part = format!("xl/worksheets/{sheet}");
        let (was, now) = (cells(&text(&before, &part)), cells(&text(&after, &part)));
        let marked: BTreeSet<&String> = now
            .iter()
            .filter(|(place, cell)| was.get(*place) != Some(cell))
            .map(|(place, _)| place)
            .collect();
        let noted = notes(&after, sheet);
        let ours: BTreeSet<&String> = noted
            .iter()
            .filter(|(_, note)| note.contains('\n'))
            .map(|(place, _)| place)
            .collect();
        assert_eq!(marked, ours, "{sheet}");
        for place in marked {
            let style: usize = style_of(&now[place]).unwrap().parse().unwrap();
            assert!(style >= formats_before.len(), "{sheet} {place}");
            assert!(formats_after[style].contains("applyFill=\"1\""));
            // The same cell in another colour: its value and number format are what they were.
            if let Some(was) = was.get(place) {
                let inside =
                    |cell: &str| between(cell, ">", "</c>").first().map(|s| (*s).to_owned());
                assert_eq!(inside(was), inside(&now[place]));
            }
        }
    }
    let mine = notes(&after, "sheet1.xml");
    assert!(
        mine["C10"].starts_with("ask the branch\n“31/06/2025” is not a day"),
        "{mine:?}"
    );
    assert_eq!(mine["D21"], "ask the branch");
}

#[test]
fn notes_and_pages_are_in_the_language_of_the_reports() {
    for (language, note, page) in [
        (
            "en",
            "Write the right day, such as 2026-09-30.",
            "Repair list",
        ),
        ("th", "พิมพ์วันที่ที่ถูกต้อง เช่น 30/09/2569", "รายการแก้ไข"),
        ("vi", "Ghi ngày đúng, ví dụ 30/09/2026.", "Danh sách sửa"),
    ] {
        let project = shop(language);
        put(&project, "inbox/sales.xlsx", &book(true));
        assert_eq!(project.run(&["run", "."]).status, 0);
        let copy = std::fs::read(project.path("reports/2025-Q4/to-fix/sales.xlsx")).unwrap();
        let said = notes(&parts(&copy), "sheet1.xml");
        assert!(said["C11"].ends_with(note), "{said:?}");
        let html = project.read("reports/2025-Q4/data-quality.html");
        assert!(html.contains(page) && html.contains("to-fix/sales.xlsx"));
        let index = project.read("reports/index.html");
        assert!(index.contains("data-quality.html") && !index.contains("to-fix"));
    }
}

/// The next run takes its own notes and colours off what was mended, and leaves the manager's.
#[test]
fn a_copy_that_comes_back_half_mended_is_marked_anew() {
    let project = shop("en");
    put(&project, "inbox/sales.xlsx", &book(true));
    assert_eq!(project.run(&["run", "."]).status, 0);
    let copy = std::fs::read(project.path("reports/2025-Q4/to-fix/sales.xlsx")).unwrap();
    let mut half = parts(&copy);
    let sheet = text(&half, "xl/worksheets/sheet1.xml");
    let sheet = typed(&sheet, "C10", "2025-06-30");
    half.insert("xl/worksheets/sheet1.xml".to_owned(), sheet.into_bytes());
    put(&project, "inbox/sales.xlsx", &packed(&half));
    assert_eq!(project.run(&["run", "."]).status, 0);
    let again = std::fs::read(project.path("reports/2025-Q4/to-fix/sales.xlsx")).unwrap();
    let again = parts(&again);
    let said = notes(&again, "sheet1.xml");
    assert_eq!(said["C11"].matches("not a day").count(), 1, "{said:?}");
    let boxes = text(&again, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(boxes.matches("ObjectType=\"Note\"").count(), said.len());
    let sheet = text(&again, "xl/worksheets/sheet1.xml");
    let styles = text(&again, "xl/styles.xml");
    let list = between(&styles, "<cellXfs", "</cellXfs>")[0].to_owned();
    let format = |place: &str| {
        let style: usize = style_of(cell(&sheet, place).unwrap())
            .unwrap()
            .parse()
            .unwrap();
        list.split("<xf ").nth(style + 1).unwrap().to_owned()
    };
    assert!(format("C10").contains("fillId=\"0\""), "{}", format("C10"));
    assert!(!format("C11").contains("fillId=\"0\""), "{}", format("C11"));
}

/// Somebody mends the copy where it lies. The next run writes its own beside it.
#[test]
fn what_was_mended_in_the_reports_is_not_lost() {
    let project = shop("en");
    assert_eq!(project.run(&["run", "."]).status, 0);
    let folder = "reports/2025-Q4/to-fix";
    put(&project, &format!("{folder}/web.xlsx"), b"hours of work");
    assert_eq!(project.run(&["run", "."]).status, 0);
    let names = |project: &Project| -> Vec<String> {
        let entries = std::fs::read_dir(project.path(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&project), ["web (2).xlsx", "web.xlsx"]);
    assert_eq!(
        project.read(&format!("{folder}/web (2).xlsx")),
        "hours of work"
    );
    // Nor is it by the run after that, whatever is in the inbox.
    project.write("inbox/web.csv", &CSV.replace("2025-05-32", "2025-05-31"));
    assert_eq!(project.run(&["run", "."]).status, 0);
    assert_eq!(names(&project), ["web (2).xlsx", "web.xlsx"]);
}

#[test]
fn the_run_ends_with_the_account_of_the_rows() {
    let project = shop("en");
    let ran = project.run(&["run", "."]);
    let line = |text: &str, begins: &str| {
        let line = text.lines().find(|line| line.starts_with(begins)).unwrap();
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        line(&ran.stderr, "rows of"),
        ["rows", "of", "read", "used", "set", "aside"]
    );
    assert_eq!(
        line(&ran.stderr, "inbox/web.csv"),
        ["inbox/web.csv", "(transactions)", "6", "3", "3"]
    );
    let ran = project.run(&["run", ".", "--log", "json"]);
    let account: Value = ran
        .stderr
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|line| line["event"] == "account")
        .unwrap();
    assert_eq!(account["rows_set_aside"], 3);
    assert_eq!(account["table"], "transactions");
}

/// Two years of sales with their total and, below them, the customers, in one sheet.
fn stacked() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("All").unwrap();
    let mut row = 0;
    let mut line = |cells: &[&str]| {
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
        row += 1;
    };
    line(&["Customer ID", "Date", "Amount"]);
    for n in 0..48 {
        let day = format!("{}-{:02}-15", 2024 + n / 24, n / 2 % 12 + 1);
        let day = if n == 7 { "2024-02-31" } else { &day };
        line(&[&format!("C{:03}", n % 6 + 1), day, "100"]);
    }
    line(&["C001", "2025-12-31", "100"]);
    line(&["Total", "", "4900"]);
    line(&[]);
    line(&["Customer ID", "Name", "Birth date"]);
    for n in 1..=7 {
        let born = if n == 7 { "in May" } else { "1990-05-01" };
        line(&[&format!("C{n:03}"), "Somebody", born]);
    }
    workbook.save_to_buffer().unwrap()
}

/// Each table of a sheet has its own account, which says where it begins, wherever accounts are told;
/// the total is among the blank rows; the copy has the cells of both.
#[test]
fn the_tables_of_a_sheet_are_told_apart() {
    let project = Project::empty().with(
        "quarterdeck.toml",
        "[client]\nlanguage = \"en\"\n[input]\nmax-set-aside = 0.5\n",
    );
    std::fs::create_dir(project.path("inbox")).unwrap();
    put(&project, "inbox/all.xlsx", &stacked());
    let ran = project.run(&["run", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    // Read, used, set aside, blank or total.
    for (name, figures) in [
        (
            "inbox/all.xlsx, All (transactions from A1)",
            ["50", "48", "1", "1"],
        ),
        (
            "inbox/all.xlsx, All (customers from A53)",
            ["7", "6", "1", "0"],
        ),
    ] {
        let mut lines = ran.stderr.lines();
        let line = lines.find_map(|line| line.strip_prefix(name));
        let line = line.unwrap_or_else(|| panic!("{name}: {}", ran.stderr));
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), figures);
    }
    let record = project.record("2025-Q4");
    let inputs = record["inputs"].as_array().unwrap().iter();
    let begins: Vec<&Value> = inputs.map(|input| &input["begins"]).collect();
    assert_eq!(begins, ["A1", "A53"]);
    let page = project.read("reports/2025-Q4/data-quality.html");
    assert!(page.contains("from A1<") && page.contains("from A53<"));
    let workbook = std::fs::read(project.path("reports/2025-Q4/data-quality.xlsx")).unwrap();
    let workbook = parts(&workbook);
    let texts = text(&workbook, "xl/sharedStrings.xml");
    assert!(texts.contains("from A53"), "{texts}");
    let copy = std::fs::read(project.path("reports/2025-Q4/to-fix/all.xlsx")).unwrap();
    let notes = notes(&parts(&copy), "sheet1.xml");
    assert_eq!(notes.keys().collect::<Vec<_>>(), ["B9", "C60"]);
    let ran = project.run(&["explain", "--cell", "inbox/all.xlsx!All!B3", "."]);
    assert!(
        ran.stdout
            .contains("Row 3 of inbox/all.xlsx is a row of `transactions`")
    );
    assert!(!ran.stdout.contains("is not used"), "{}", ran.stdout);
    let ran = project.run(&["explain", "--cell", "inbox/all.xlsx!All!A51", "."]);
    assert!(
        ran.stdout.contains("Row 51 of inbox/all.xlsx is not used"),
        "{}",
        ran.stderr
    );
}
