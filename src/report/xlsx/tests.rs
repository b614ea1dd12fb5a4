//! Markup in, workbook out, read back with calamine.

use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Data, DataType as _, Reader, Xlsx};
use datafusion::arrow::array::{
    BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema};

use super::sample::SampleBulk;
use super::*;
use crate::diagnostics::Source;
use crate::report::fixture::{self, HOSTILE};
use crate::report::locale::tests::locale;
use crate::report::model::Report;
use crate::workspace::{Files, Language};

/// The head of every workbook here.
const HEAD: &str = "<workbook date=\"2026-09-30\" font=\"Arial\">";

fn bytes_of(markup: &str, bulk: &dyn Bulk) -> Result<(Vec<u8>, Diagnostics), Diagnostics> {
    let source = Source::new("report-templates/t.xlsx.xml", markup);
    let origins = Origins::single(&source);
    let files = Files::built_in().with(&source.path, markup);
    let marked = origins.mark(files);
    let marked = marked.get(&source.path).unwrap();
    let mut out = Cursor::new(Vec::new());
    let found = write(&marked.text, &origins, bulk, &mut out)?;
    Ok((out.into_inner(), found))
}

fn written(body: &str) -> Vec<u8> {
    match bytes_of(&format!("{HEAD}{body}</workbook>"), &NoBulk) {
        Ok((bytes, _)) => bytes,
        Err(found) => panic!("{}", listed(&found)),
    }
}

/// Code, line, column and message of everything wrong with a markup, one a line.
fn wrong(markup: &str) -> String {
    match bytes_of(markup, &SampleBulk::default()) {
        Ok((_, found)) | Err(found) => listed(&found),
    }
}

fn listed(found: &Diagnostics) -> String {
    let line = |d: &Diagnostic| {
        let place = d.place.as_ref().map(ToString::to_string);
        let place = place.unwrap_or_default();
        let place = place.rsplit_once('/').map_or("", |(_, place)| place);
        let help = d
            .help
            .as_deref()
            .map_or(String::new(), |h| format!(" ({h})"));
        let times = if d.count > 1 {
            format!(" ×{}", d.count)
        } else {
            String::new()
        };
        format!("{place} {}: {}{help}{times}", d.code.name, d.message)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn sheet(bytes: &[u8], name: &str) -> calamine::Range<Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    book.worksheet_range(name).unwrap()
}

/// A part of the package, such as `xl/worksheets/sheet1.xml`.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// Methods §16: `{:.0}` makes 2 of 2.5, Excel shows 3. Here the page rounds halves as Excel does, away from
/// zero, and the workbook holds the value as it is, so that Excel rounds it and nobody else.
#[test]
fn bankers_rounding_mismatch() {
    let en = locale(Language::En, "USD");
    // Value, digits, what Excel shows with the format, what rounding to even would.
    let halves = [
        (0.5, 0, "1", "0"),
        (2.5, 0, "3", "2"),
        (4.5, 0, "5", "4"),
        (-2.5, 0, "−3", "-2"),
        (0.125, 2, "0.13", "0.12"),
        (66.25, 1, "66.3", "66.2"),
        (1_234.5, 0, "1,235", "1234"),
    ];
    for (value, digits, shown, to_even) in halves {
        assert_eq!(en.number(value, digits), shown);
        assert_eq!(format!("{value:.0$}", digits as usize), to_even);
    }
    // 1.005 is a little less than that in binary; what was read and is shown is 1.005.
    assert_eq!(en.number(1.005, 2), "1.01");
    assert_eq!(en.percent(0.125, 0), "13%");
    assert_eq!(en.money(2.675), "$2.68");
    let cells: String = halves
        .iter()
        .map(|(value, ..)| format!("<cell style='whole' number='{value}'/>"))
        .collect();
    let bytes = written(&format!(
        "<style name='whole' format='#,##0'/><sheet name='S'><row>{cells}</row></sheet>"
    ));
    let row = sheet(&bytes, "S");
    for (at, (value, ..)) in halves.iter().enumerate() {
        assert_eq!(row.get((0, at)).and_then(Data::as_f64), Some(*value));
    }
    assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("<v>2.5</v>"));
}

#[test]
fn values_keep_their_types() {
    let bytes = written(
        "<style name='day' format='yyyy-mm-dd'/><sheet name='S'><row>\
         <cell>text</cell><cell number='0.1'/><cell date='2026-09-30' style='day'/>\
         <cell boolean='true'/><cell formula='B#*2' value='0.2'/><cell number=''/>\
         <cell formula='IF(B#&gt;1,1,&quot;&quot;)' value=''/><cell at='H'>00001</cell></row>\
         <row at='4'><cell span='2' down='2'>merged</cell><cell>after</cell></row></sheet>",
    );
    let cells = sheet(&bytes, "S");
    let at = |row, column| {
        cells
            .get_value((row, column))
            .cloned()
            .unwrap_or(Data::Empty)
    };
    assert_eq!(at(0, 0), Data::String("text".into()));
    assert_eq!(at(0, 1), Data::Float(0.1));
    assert_eq!(at(0, 2).as_date().unwrap().to_string(), "2026-09-30");
    assert_eq!(at(0, 3), Data::Bool(true));
    assert_eq!(at(0, 4), Data::Float(0.2));
    assert_eq!(at(0, 5), Data::String("—".into()));
    assert!(
        part(&bytes, "xl/worksheets/sheet1.xml")
            .contains("t=\"str\"><f>IF(B1&gt;1,1,\"\")</f><v></v>")
    );
    assert_eq!(at(0, 7), Data::String("00001".into()));
    assert_eq!(at(3, 0), Data::String("merged".into()));
    assert_eq!(at(3, 2), Data::String("after".into()));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let formulas = book.worksheet_formula("S").unwrap();
    assert_eq!(formulas.get_value((0, 4)).unwrap(), "B1*2");
}

#[test]
fn text_from_data_is_never_a_formula() {
    for text in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "\t=1",
        HOSTILE,
    ] {
        let escaped = quick_xml::escape::escape(text);
        let bytes = written(&format!(
            "<sheet name='S'><row><cell>{escaped}</cell></row></sheet>"
        ));
        let cells = sheet(&bytes, "S");
        assert_eq!(
            cells.get_value((0, 0)),
            Some(&Data::String(text.trim().into()))
        );
        assert!(
            !part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"),
            "{text}"
        );
    }
}

#[test]
fn what_a_cell_cannot_hold_is_cut_or_taken_out() {
    let long = "ก".repeat(40_000);
    let markup = format!(
        "{HEAD}<sheet name='S'><row><cell>{long}</cell><cell>a\u{1}b&#x2;c</cell></row></sheet></workbook>"
    );
    let (bytes, found) = bytes_of(&markup, &NoBulk).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found.iter().next().unwrap().code.name, "workbook-text-cut");
    let cells = sheet(&bytes, "S");
    let text = cells.get_value((0, 0)).unwrap().to_string();
    assert_eq!(text.chars().count(), 32_767);
    assert_eq!(cells.get_value((0, 1)), Some(&Data::String("abc".into())));
}

#[test]
fn references_reach_rows_further_down_and_other_sheets() {
    let bytes = written(
        "<sheet name='First'><row><cell formula='SUM({all:B})' value='3'/>\
         <cell formula='{total:B}' value='3'/></row></sheet>\
         <sheet name=\"Ann's\"><row at='3'/><rows id='all'><row><cell at='B' number='1'/></row>\
         <row><cell at='B' number='2' name='second'/></row></rows>\
         <row id='total'><cell at='B' formula='SUM({all:B})' value='3'/></row></sheet>",
    );
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let formulas = book.worksheet_formula("First").unwrap();
    assert_eq!(
        formulas.get_value((0, 0)).unwrap(),
        "SUM('Ann''s'!$B$4:$B$5)"
    );
    assert_eq!(formulas.get_value((0, 1)).unwrap(), "'Ann''s'!$B$6");
    let own = book.worksheet_formula("Ann's").unwrap();
    assert_eq!(own.get_value((5, 1)).unwrap(), "SUM($B$4:$B$5)");
    let workbook = part(&bytes, "xl/workbook.xml");
    assert!(workbook.contains("<definedName name=\"second\">'Ann''s'!$B$5</definedName>"));
}

#[test]
fn mistakes_are_found_all_at_once_at_their_lines() {
    insta::assert_snapshot!(wrong(
        "<workbook date='2026-09-30' font='Arial' sise='10'>
<style name='a' colour='#FF0000'/>
<style name='b' like='c' size='big'/>
<sheets/>
<sheet name='S' freeze='5C'>
  <row><cel>x</cel><cell style='aa'>x</cell></row>
  <row at='1'/>
  <row id='r'><cell formula='SUM(A1'  value='1'/><cell formula='A1'/></row>
  <rows id='none'/>
  <row id='r'><cell formula='{q:A}' value='1'/><cell formula='SUM({none:A})' value='1'/></row>
  <row><cell at='C'/><cell at='B'/><cell number='NaN'/><cell number='1'>text</cell></row>
  <row><cell formula='1/0' value='inf'/><cell date='30/09/2026'/><cell value='1'/></row>
  stray
  <icons range='A1:A2' good='75'/>
  <icons range='B9:A1' good='75' watch='50'/>
  <wash range='A1' style='a'/>
  <chart at='A1' type='colum'><series name='x' values='{q:A:B}'/></chart>
  <validation range='A1'/>
  <bulk name='custmers'/>
</sheet>
</workbook>"
    ));
}

#[test]
fn sheet_names_are_those_excel_takes() {
    let emoji = "😀".repeat(16);
    let names = ["", "A/B", "'a", "History", "s", &emoji];
    let sheets: String = names
        .iter()
        .map(|n| format!("<sheet name=\"{n}\"/>\n"))
        .collect();
    insta::assert_snapshot!(wrong(&format!(
        "{HEAD}<sheet name='S'/>\n{sheets}</workbook>"
    )));
    written("<sheet name='ข้อมูล'/><sheet name='Dữ liệu'/>");
}

#[test]
fn a_group_without_rows_is_left_out_of_formats_and_charts() {
    let bytes = written(
        "<sheet name='S'><row><cell>x</cell></row><rows id='none'/>\
         <icons range='{none:A}' good='75' watch='50'/><filter range='{none:A:C}'/>\
         <chart at='C3' type='column'><series name='n' values='{none:B}'/></chart></sheet>",
    );
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        !xml.contains("conditionalFormatting") && !xml.contains("drawing"),
        "{xml}"
    );
}

#[test]
fn a_loop_is_wrong_once() {
    let source = Source::new(
        "report-templates/loop.xlsx.xml",
        format!(
            "{HEAD}\n<sheet name='S'>\n{{% for n in [1, 2, 3] %}}\n<row>\n<cell nummer='1'/></row>{{% endfor %}}</sheet></workbook>"
        ),
    );
    let files = Files::built_in().with(&source.path, &source.text);
    let report = fixture::full();
    let found = render(
        &report,
        &files,
        &locale(Language::En, "USD"),
        &SampleBulk::default(),
    );
    let found: Diagnostics = found.unwrap_err();
    assert_eq!(found.len(), 1, "{}", listed(&found));
    let only = found.iter().next().unwrap();
    assert_eq!((only.code.name, only.count), ("workbook-attribute", 3));
    let place = only.place.as_ref().unwrap().to_string();
    assert_eq!(place, "report-templates/loop.xlsx.xml:5:7");
}

#[test]
fn a_fact_of_the_client_can_stand_in_the_list_and_a_misspelt_one_cannot() {
    let shipped = Files::built_in();
    let list = shipped.get("report-templates/customers.xlsx.xml").unwrap();
    let with = |field: &str| {
        let column = format!("<column field=\"{field}\">Own</column>\n</bulk>");
        let text = list.text.replacen("</bulk>", &column, 1);
        Files::built_in().with("report-templates/customers.xlsx.xml", &text)
    };
    let facts = Schema::new(vec![Field::new("nps", DataType::Int64, true)]);
    let bulk = SampleBulk::with_facts(&facts);
    let words = locale(Language::Vi, "VND");
    assert_eq!(listed(&check(&with("nps"), &words, &bulk)), "");
    let wrong = listed(&check(&with("revenu"), &words, &bulk));
    let says = "workbook-bulk: these rows have no field `revenu` (did you mean `revenue`?)";
    assert!(wrong.ends_with(says), "{wrong}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let report = fixture::full();
    let files = Files::built_in();
    let words = locale(Language::Th, "THB");
    let first = render(&report, &files, &words, &SampleBulk::default()).unwrap();
    let second = render(&report, &files, &words, &SampleBulk::default()).unwrap();
    assert!(first == second);
    assert!(!first.is_empty());
}

fn in_language(report: Report, language: Language) -> Vec<(String, Vec<u8>)> {
    let currency = if language == Language::Vi {
        "VND"
    } else {
        "THB"
    };
    let report = Report {
        language: language.code().to_owned(),
        ..report
    };
    let words = locale(language, currency);
    match render(&report, &Files::built_in(), &words, &SampleBulk::default()) {
        Ok(books) => books,
        Err(found) => panic!("{}: {}", language.code(), listed(&found)),
    }
}

#[test]
fn the_shipped_workbooks_open_in_every_language_full_and_empty() {
    for language in Language::ALL {
        for report in [fixture::full(), fixture::empty()] {
            for (name, bytes) in in_language(report.clone(), language) {
                let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
                let sheets = book.sheet_names();
                // Without a case the ROI workbook says so on one sheet; where no row is there twice and
                // every customer is known there are no lists of them.
                let least = match name.as_str() {
                    "roi.xlsx" if report.roi.case.is_none() => 1,
                    "data-quality.xlsx" if report.data.repeats_total == 0 => 3,
                    _ => 5,
                };
                assert!(sheets.len() >= least, "{name}: {sheets:?}");
                for sheet in sheets {
                    let cells = book.worksheet_range(&sheet).unwrap();
                    let errors = cells.used_cells().filter(|(_, _, cell)| cell.is_error());
                    assert_eq!(errors.count(), 0, "{name}, {sheet}");
                }
            }
        }
    }
}

#[test]
fn bulk_rows_keep_their_types_below_the_markup() {
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("money", DataType::Decimal128(38, 2), true),
        Field::new("score", DataType::Float64, true),
        Field::new("orders", DataType::Int64, true),
        Field::new("last", DataType::Date32, true),
        Field::new("flag", DataType::Boolean, true),
    ]));
    let money = Decimal128Array::from(vec![Some(12_345), None])
        .with_precision_and_scale(38, 2)
        .unwrap();
    let batch = RecordBatch::try_new(
        Arc::clone(&schema),
        vec![
            Arc::new(StringArray::from(vec!["00001", "=1+1"])),
            Arc::new(money),
            Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN)])),
            Arc::new(Int64Array::from(vec![Some(7), None])),
            // 2026-09-30 is day 20,726 after 1970-01-01: 56 × 365 + 14 leap days + 272.
            Arc::new(Date32Array::from(vec![Some(20_726), Some(-40_000)])),
            Arc::new(BooleanArray::from(vec![Some(true), None])),
        ],
    )
    .unwrap();
    let bulk = SampleBulk::of("rows", ArrowRows::new(schema, vec![batch]).unwrap());
    let markup = format!(
        "{HEAD}<style name='day' format='yyyy-mm-dd'/><sheet name='S'><row><cell>Title</cell></row>\
         <bulk name='rows' table='rows'><column field='id'>Id</column>\
         <column field='money'>Money</column><column field='score'>Score</column>\
         <column field='orders'>Orders</column><column field='last' style='day'>Last</column>\
         <column field='flag' blank='true'>Flag</column><column field='not there' optional='true'>No</column>\
         </bulk></sheet></workbook>"
    );
    let (bytes, found) = bytes_of(&markup, &bulk).unwrap();
    let codes: Vec<_> = found.iter().map(|d| d.code.name).collect();
    assert_eq!(codes, ["workbook-not-finite"]);
    let cells = sheet(&bytes, "S");
    let row = |row: u32| -> Vec<String> {
        let cell = |column| {
            cells
                .get_value((row, column))
                .map_or(String::new(), ToString::to_string)
        };
        (0..6).map(cell).collect()
    };
    assert_eq!(row(0)[0], "Title");
    assert_eq!(row(1), ["Id", "Money", "Score", "Orders", "Last", "Flag"]);
    assert_eq!(row(2)[..4], ["00001", "123.45", "0.5", "7"]);
    assert_eq!(
        cells
            .get_value((2, 4))
            .unwrap()
            .as_date()
            .unwrap()
            .to_string(),
        "2026-09-30"
    );
    assert_eq!(cells.get_value((2, 5)), Some(&Data::Bool(true)));
    assert_eq!(row(3), ["=1+1", "—", "—", "—", "1860-06-26", ""]);
    let table = part(&bytes, "xl/tables/table1.xml");
    assert!(
        table.contains("ref=\"A2:F4\"") && table.contains("name=\"rows\""),
        "{table}"
    );
}

/// A hundred thousand rows that are made as they are asked for.
struct Many(u64);

impl Rows for Many {
    fn fields(&self) -> Vec<&str> {
        vec!["id", "value"]
    }

    fn len(&self) -> u64 {
        self.0
    }

    fn each(&self, fields: &[usize], take: &mut Take<'_>) {
        for row in 0..self.0 {
            let id = format!("C-{row:06}");
            let all = [Value::Text(&id), Value::Number(row as f64)];
            let asked: Vec<Value<'_>> = fields.iter().map(|field| all[*field]).collect();
            if !take(&asked) {
                return;
            }
        }
    }
}

impl Bulk for Many {
    fn table(&self, name: &str) -> Option<&dyn Rows> {
        (name == "many").then_some(self as &dyn Rows)
    }

    fn names(&self) -> Vec<&str> {
        vec!["many"]
    }
}

/// Resident memory in MiB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

#[test]
fn rows_over_the_limit_are_reported_and_the_rest_is_streamed() {
    let markup = format!(
        "{HEAD}<sheet name='S'><bulk name='many' id='all' limit='100000'>\
         <column field='id'>Id</column><column field='value'>Value</column></bulk></sheet>\
         <sheet name='T'><row><cell formula='SUM({{all:B}})' value='4999950000'/></row></sheet></workbook>"
    );
    let before = resident();
    let (bytes, found) = bytes_of(&markup, &Many(100_500)).unwrap();
    let grown = resident()
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));
    let first = found.iter().next().unwrap();
    assert_eq!(first.code.name, "workbook-rows-cut");
    assert!(first.message.contains("500 rows"), "{}", first.message);
    // Held as cells, 200,000 of them take more than this; other tests grow beside this one.
    assert!(grown.is_none_or(|mib| mib < 60), "grew by {grown:?} MiB");
    let cells = sheet(&bytes, "S");
    assert_eq!(cells.get_size(), (100_001, 2));
    assert_eq!(cells.get_value((100_000, 1)), Some(&Data::Float(99_999.0)));
}

#[test]
fn a_table_too_large_for_the_writer_becomes_a_filter_with_a_name() {
    let markup = format!(
        "{HEAD}<sheet name='S'><bulk name='many' table='lots'>{}</bulk></sheet></workbook>",
        "<column field='value'>V</column>".repeat(20)
    );
    let (bytes, _) = bytes_of(&markup, &Many(100_000)).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<autoFilter ref=\"A1:T100001\"/>"));
    let workbook = part(&bytes, "xl/workbook.xml");
    assert!(workbook.contains(">'S'!$A$1:$T$100001<") || workbook.contains(">S!$A$1:$T$100001<"));
}
