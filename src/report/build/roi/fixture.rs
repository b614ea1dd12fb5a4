//! An investment case in which everything there can be is there, worked out for real, so that the
//! live formulas of a workbook can be checked against it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::roi;
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostics, Place, Source};
use crate::engine::{Measure, MeasureRow};
use crate::report::locale::Locale;
use crate::report::model::RoiCase;
use crate::roi::{FILE, ProjectRow, appraise, parse};
use crate::workspace::{Currency, Files, Language};

/// All eight components, two options, phases, ranges, ramps, a measure, scenarios; it pays back in
/// each of them.
const CASE: &str = r#"
[case]
name = "CRM 2569"
starts = 2026-01-01
go-live = 6
timing = "annual"
option = "buy"
risk = 0.1
[[phase]]
name = "sales"
[[phase]]
name = "service"
month = 9
go-live = 12
[[cost]]
component = 1
low = 400_000
likely = 500_000
high = 700_000
[[cost]]
component = 2
amount = 200_000
phase = "sales"
[[cost]]
component = 3
option = "buy"
amount = 900_000
[[cost]]
component = 3
label = "servers"
option = "build"
amount = 300_000
[[cost]]
component = 4
option = "build"
amount = 1_500_000
[[cost]]
component = 4
label = "fitting"
low = 100_000
likely = 150_000
high = 400_000
[[cost]]
component = 5
every = "quarter"
amount = 20_000
[[cost]]
component = 6
month = 5
amount = 80_000
[[cost]]
component = 7
amount = 60_000
[[cost]]
component = 8
low = 15_000
likely = 20_000
high = 30_000
every = "month"
month = 7
[[benefit]]
catalogue = 1
label = "kept"
measure = "revenue"
low = 0.01
likely = 0.02
high = 0.03
ramp = [0.5, 1]
phase = "sales"
attribution = "associated"
[[benefit]]
catalogue = 5
label = "hours"
phase = "service"
every = "year"
low = 100_000
amount = 300_000
high = 400_000
ramp = 12
realisation = 0.75
attribution = "proven"
[[scenario]]
name = "cautious"
low = ["hours"]
high = ["fitting"]
go-live-shift = 2
hurdle-rate = 0.12
[[scenario]]
name = "bold"
high = ["kept"]
"#;

/// The case in Thai with every field filled; names go through `text`, which may make them hostile.
pub(in crate::report) fn full_case(text: impl Fn(&str) -> String) -> RoiCase {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or(NaiveDate::MIN);
    let period = Quarter {
        year: 2026,
        number: 3,
    };
    let mut problems = Diagnostics::new();
    let plan = parse(&Source::new(FILE, CASE), &["revenue"], &mut problems);
    let case = plan.case(&[booked()], day(2026, 1, 1), &mut problems);
    let mut case = case.expect("the case above has lines");
    case.name = text(&case.name);
    for line in &mut case.lines {
        line.label = Some(text(&line.name));
        line.source = Some(text("quotation"));
    }
    for phase in &mut case.phases {
        phase.name = text(&phase.name);
    }
    for scenario in &mut case.scenarios {
        scenario.name = text(&scenario.name);
    }
    let of = appraise(
        case,
        &[revenue(period)],
        period,
        day(2026, 9, 30),
        &mut problems,
    );
    let baht = Currency {
        code: "THB".to_owned(),
        digits: 2,
    };
    let locale = Locale::load(&Files::built_in(), Language::Th, &baht, &mut problems);
    let locale = locale.expect("the shipped catalogues are sound");
    let told = roi(Some(&of), &locale).case;
    let mut told = told.expect("an appraisal was given");
    // What can be missing only where something else is there.
    for cost in &mut told.costs {
        cost.room = cost.room.or(Some(1_000_000.0));
        cost.room_yearly = cost.room_yearly.or(Some(400_000.0));
        cost.note = cost.note.take().or(Some(text("note")));
    }
    for line in told.lines.iter_mut().filter(|line| !line.is_factor) {
        line.unit_label = text("amount");
    }
    for benefit in &mut told.benefits {
        benefit.reason = Some(text("no table"));
        benefit.break_even = benefit.break_even.or(Some(0.81));
    }
    told
}

/// A row of the sheet for a line of the file, with what was booked.
fn booked() -> ProjectRow {
    ProjectRow {
        line: "hours".to_owned(),
        kind: "benefit".to_owned(),
        amount: Some(Decimal::from(300_000)),
        low: Some(Decimal::from(100_000)),
        likely: None,
        high: Some(Decimal::from(400_000)),
        component: None,
        benefit: Some(5),
        option: None,
        phase: Some("service".to_owned()),
        month: None,
        recurring: Some("year".to_owned()),
        realised_amount: Some(Decimal::from(12_500)),
        place: Place::Cell {
            file: "inbox/project.xlsx".to_owned(),
            sheet: Some("CRM".to_owned()),
            row: Some(2),
            column: None,
        },
    }
}

fn revenue(period: Quarter) -> Measure {
    Measure {
        name: "revenue".to_owned(),
        dimensions: Vec::new(),
        is_ratio: false,
        rows: vec![MeasureRow {
            period,
            members: Vec::new(),
            value: Some(48_400_000.5),
            numerator: None,
            denominator: None,
        }],
        reads: Vec::new(),
        missing_tables: Vec::new(),
    }
}
