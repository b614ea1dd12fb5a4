//! What a client is to be asked for: the KPIs that have to be typed in and the targets there are,
//! with what the inbox and the published reports know of them.

use std::collections::{BTreeMap, BTreeSet};

use super::publish;
use super::sheets::Sheets;
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::intake::{self, Recognised};
use crate::report::build;
use crate::report::locale::Locale;
use crate::scorecard::{Definition, Kpi, ManualRow, Marks, Scoring, TargetRow, stated_marks};
use crate::template::KpiRow;
use crate::workspace::Workspace;

/// The KPIs to be asked for, and for which period.
#[derive(Debug, Clone, Default)]
pub struct Steering {
    /// The period: the one in the settings, else the one after the last that was reported; none
    /// where there is neither.
    pub period: Option<Quarter>,
    /// KPIs that have to be typed in: that nothing computes, that lack a table in the inbox, or that
    /// were typed in before; those not due in the period left out.
    pub manual: Vec<KpiRow>,
    /// KPIs that are scored against a target.
    pub targets: Vec<KpiRow>,
}

/// Collects what is known of the KPIs of a scorecard. Files that cannot be read go to `problems`;
/// what they hold is not known.
///
/// # Errors
/// When the folder of reports cannot be listed.
pub fn steering(
    workspace: &Workspace,
    definition: &Definition,
    locale: &Locale,
    problems: &mut Diagnostics,
) -> Result<Steering, Diagnostics> {
    let reported = reported(workspace)?;
    let latest = reported.keys().next_back().map(|quarter| quarter.plus(1));
    let period = workspace.config.calendar.period.or(latest);
    let inbox = Inbox::read(workspace, problems);
    let known = Known {
        locale,
        period,
        inbox: &inbox,
        reported: &reported,
    };
    let rows = |wanted: &dyn Fn(&Kpi) -> bool| {
        let kpis = definition.kpis.iter().filter(|kpi| wanted(kpi));
        kpis.map(|kpi| known.row(kpi)).collect()
    };
    Ok(Steering {
        period,
        manual: rows(&|kpi| known.is_due(kpi) && inbox.is_to_be_typed(kpi)),
        targets: rows(&|kpi| has_target(&kpi.scoring)),
    })
}

/// Values by reported quarter and KPI.
type Reported = BTreeMap<Quarter, BTreeMap<String, f64>>;

fn reported(workspace: &Workspace) -> Result<Reported, Diagnostics> {
    let published = publish::published(&workspace.reports())
        .map_err(|error| error.diagnostic(&workspace.root))?;
    let records = published.into_iter().filter_map(|published| {
        let quarter: Quarter = published.period.parse().ok()?;
        let kpis = published.manifest?.kpis.into_iter();
        let values = kpis.filter_map(|kpi| Some((kpi.id, kpi.value?)));
        Some((quarter, values.collect()))
    });
    Ok(records.collect())
}

/// What the inbox has to say about KPIs.
struct Inbox {
    supplied: BTreeSet<(&'static str, &'static str)>,
    manual: Vec<ManualRow>,
    targets: Vec<TargetRow>,
}

impl Inbox {
    fn read(workspace: &Workspace, problems: &mut Diagnostics) -> Self {
        let mut found = Diagnostics::new();
        let sheets = intake::recognise(workspace, &mut found).recognised;
        // That there is nothing yet is why templates are asked for.
        problems.extend(
            found
                .iter()
                .filter(|problem| stands_at_a_file(problem))
                .cloned(),
        );
        let steers = |sheet: &Recognised| ["targets", "manual_kpi"].contains(&sheet.table);
        let rows = if sheets.iter().any(steers) {
            // What is wrong in the rows is for `check` and `run` to say.
            let mut of_rows = Diagnostics::new();
            let intake = intake::read(workspace, &|_, _| {}, &mut of_rows);
            Sheets::of(&intake.tables, &mut of_rows)
        } else {
            Sheets::default()
        };
        let columns = |sheet: &Recognised| {
            let table = sheet.table;
            let columns = sheet.columns.iter();
            let columns: Vec<_> = columns.map(|column| (table, column.name)).collect();
            columns
        };
        Self {
            supplied: sheets.iter().flat_map(columns).collect(),
            manual: rows.manual,
            targets: rows.targets,
        }
    }

    fn is_to_be_typed(&self, kpi: &Kpi) -> bool {
        let has = |table: &str, column: Option<&str>| {
            self.supplied
                .iter()
                .any(|(t, c)| *t == table && column.is_none_or(|column| column == *c))
        };
        let lacks = kpi.needs.iter().any(|need| {
            let mut parts = need.any_of.iter();
            !parts.any(|part| has(&part.table, part.column.as_deref()))
        });
        kpi.value.is_none() || lacks || self.manual.iter().any(|row| row.kpi == kpi.id)
    }
}

fn stands_at_a_file(problem: &Diagnostic) -> bool {
    use crate::diagnostics::codes::intake::EMPTY_INBOX;
    let nothing_there = problem.code.name == EMPTY_INBOX.name;
    problem.severity == Severity::Error && problem.place.is_some() && !nothing_there
}

fn has_target(scoring: &Scoring) -> bool {
    match scoring {
        Scoring::Linear | Scoring::GoalRedFlag | Scoring::Binary | Scoring::Script(_) => true,
        Scoring::Banded(_) | Scoring::Range { .. } | Scoring::Unscored => false,
    }
}

/// Everything a row is made from.
struct Known<'a> {
    locale: &'a Locale,
    period: Option<Quarter>,
    inbox: &'a Inbox,
    reported: &'a Reported,
}

impl Known<'_> {
    fn is_due(&self, kpi: &Kpi) -> bool {
        let asked = |period: Quarter| kpi.due.is_empty() || kpi.due.contains(&period.number);
        self.period.is_none_or(asked)
    }

    fn row(&self, kpi: &Kpi) -> KpiRow {
        let typed = |wanted: &dyn Fn(Quarter) -> bool| {
            let rows = self.inbox.manual.iter();
            let rows = rows.filter(|row| row.kpi == kpi.id && wanted(row.period));
            rows.max_by_key(|row| row.period)
                .map(|row| (row.period, row.value))
        };
        let before = |quarter: Quarter| self.period.is_none_or(|period| quarter < period);
        let reported = self.reported.iter().rev().find_map(|(quarter, values)| {
            let value = values.get(&kpi.id).filter(|_| before(*quarter))?;
            Some((*quarter, *value))
        });
        // What was typed in for a quarter is what was reported of it, unless it was typed in since.
        let last = match (typed(&before), reported) {
            (Some(typed), Some(reported)) if typed.0 < reported.0 => Some(reported),
            (typed, reported) => typed.or(reported),
        };
        KpiRow {
            id: kpi.id.clone(),
            label: build::kpi_words(kpi, self.locale).0,
            unit: kpi.unit,
            better: kpi.better,
            last,
            value: typed(&|quarter| Some(quarter) == self.period).map(|(_, value)| value),
            marks: self.marks(kpi),
        }
    }

    fn marks(&self, kpi: &Kpi) -> Marks {
        match self.period {
            Some(period) => stated_marks(kpi, &self.inbox.targets, period),
            None => Marks {
                target: kpi.target.as_ref().map(|given| given.value),
                floor: kpi.floor.as_ref().map(|given| given.value),
                red_flag: kpi.red_flag.as_ref().map(|given| given.value),
                stretch: kpi.stretch.as_ref().map(|given| given.value),
            },
        }
    }
}
