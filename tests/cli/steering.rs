//! What a client steers with, from the sheets of the inbox into pages, workbook and record.

use calamine::{Reader, Xlsx, open_workbook};

use crate::project::Project;

const PERIOD: &str = "2025-Q4";

/// The shop with a target, a word on one of its KPIs and something that is being done.
fn steered() -> Project {
    Project::shop()
        .with(
            "rules/scorecard.toml",
            "[[kpi]]\nid = \"C2\"\nscoring = \"script\"\nscript = \"halved\"\n\
             [[kpi]]\nid = \"sales\"\nobjective = \"sales-productivity\"\nvalue = \"revenue\"\n\
             unit = \"money\"\nbetter = \"higher\"\nover-time = \"flow\"\n",
        )
        .with(
            "rules/scorecard.rhai",
            "fn halved(kpi) { 50 * kpi.numerator / kpi.denominator }\n",
        )
        .with(
            "inbox/targets.csv",
            "KPI,Period,Target,Stretch\nF1,2025,4000,4400\nC2,2025-Q4,0.8,0.9\n",
        )
        .with(
            "inbox/commentary.csv",
            "KPI,Period,Commentary,Author\nF1,2025-Q4,The new cakes came late.,Noi\n",
        )
        .with(
            "inbox/initiatives.csv",
            "Initiative,Owner,Cost,Due,Linked KPI,Status\n\
             Call those who left,Mali,1200,2026-03-31,C2,begun\n\
             Train the till,Somsak,300,2026-02-28,C22,\n\
             Ask around,,,,,\n",
        )
}

#[test]
fn sheets_reach_the_scorecard() {
    let project = steered();
    let ran = project.run(&["run", ".", "--period", PERIOD]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let record = project.record(PERIOD);
    let kpi = |id: &str| {
        let kpis = record["kpis"].as_array().unwrap().iter();
        kpis.clone().find(|kpi| kpi["id"] == id).unwrap().clone()
    };
    let (numerator, denominator) = (
        kpi("C2")["numerator"].as_f64().unwrap(),
        kpi("C2")["denominator"].as_f64().unwrap(),
    );
    let score = kpi("C2")["score"].as_f64().unwrap();
    assert!(denominator > 0.0 && (score - 50.0 * numerator / denominator).abs() < 1e-9);

    let codes: Vec<(&str, &str)> = record["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["code"].as_str().unwrap(), d["message"].as_str().unwrap()))
        .collect();
    assert!(
        codes.contains(&("unknown-kpi", "there is no KPI `C22`")),
        "{codes:?}"
    );
    let silent: Vec<_> = codes
        .iter()
        .filter(|(code, _)| *code == "missing-commentary")
        .collect();
    let act: Vec<String> = record["kpis"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|kpi| kpi["status"] == "act" && kpi["id"] != "F1")
        .map(|kpi| kpi["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(act.contains(&"C2".to_owned()), "{act:?}");
    assert_eq!(
        silent[0].1,
        format!(
            "no commentary in 2025-Q4 on {}, where action is needed",
            act.join(", ")
        )
    );

    let page = project.read("reports/2025-Q4/scorecard.html");
    for text in [
        "The new cakes came late. (Noi)",
        "Call those who left · Mali",
        "Train the till",
        "Ask around",
        "stretch 90.0%",
        "Year to date",
    ] {
        assert!(page.contains(text), "no `{text}`");
    }
    let mut workbook: Xlsx<_> =
        open_workbook(project.path("reports/2025-Q4/scorecard.xlsx")).unwrap();
    let sheet = workbook.worksheet_range("Initiatives").unwrap();
    let cells: Vec<String> = sheet
        .used_cells()
        .map(|(.., cell)| cell.to_string())
        .collect();
    assert!(cells.contains(&"Train the till".to_owned()), "{cells:?}");
    // Four quarters of revenue are the year's purchases, summed without the measure.
    let years = project.query(
        "select extract(year from date) as year, cast(sum(amount) as double) as total \
         from transactions group by 1 order by 1",
    );
    let [before, now] = [0, 1].map(|at| years[at]["total"].as_f64().unwrap());
    let sheet = workbook.worksheet_range("Year to date").unwrap();
    let row = sheet.rows().find(|row| row[1] == *"sales").unwrap();
    let figures: Vec<f64> = row[3..9]
        .iter()
        .filter_map(calamine::DataType::get_float)
        .collect();
    let change = now / before - 1.0;
    for (found, expected) in figures
        .iter()
        .zip([now, before, change, now, before, change])
    {
        assert!((found - expected).abs() < 1e-6, "{row:?}: {expected}");
    }
    assert_eq!(figures.len(), 6);
}

/// What queries may hold decides how they are worked out, and nothing that is published.
#[test]
fn a_limit_of_memory_changes_no_byte() {
    let project = Project::shop();
    assert_eq!(project.run(&["run", "."]).status, 0);
    let before = project.published();
    project.edit(
        "quarterdeck.toml",
        "# memory-limit = \"2 GB\"          # what queries",
        "memory-limit = \"200 MB\"          # what queries",
    );
    let ran = project.run(&["run", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(project.published(), before);
}
