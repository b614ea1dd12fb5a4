//! From the inbox to figures: intake, facts, rules, measures. What `run` reports, `query` can be
//! asked about and `explain` explains.

use std::collections::{BTreeSet, HashMap};

use datafusion::arrow::array::{ArrayRef, AsArray, StringViewArray};
use datafusion::arrow::datatypes::{Field, Int64Type};

use super::ledger::{self, Ledger, Published};
use super::plan::Plan;
use super::profiled::{Profiled, READ_FOR_PROFILES, Recent, Window};
use super::sheets::Sheets;
use super::{Progress, Stage, scores};
use crate::calendar::window_start;
use crate::diagnostics::codes::rules::UNFIT_CUTS;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::engine::{self, Engine, Measure, REPORTED_CUSTOMERS, ToCome, give_up_unread};
use crate::identity::{self, Identities};
use crate::intake::{self, Intake};
use crate::metrics::next_best::{self, Wanted};
use crate::metrics::{self, CustomerPeriods, Judge, PeriodRows, Prepared};
use crate::rules::{Acted, Assigner, Assignments, CLASS_CUTS_FILE, RuleFailure, Rules};
use crate::scorecard::Supplied;
use crate::tables;
use crate::workspace::Workspace;

/// Rows of a customer that are shown beside a rule that fails for it.
const ROWS_SHOWN: usize = 3;

/// What the reports read by themselves: tables, and their columns where not all.
const READ_BY_REPORTS: [(&str, &[&str]); 34] = [
    ("activity_capacity", &[]),
    ("activity_sensitivity", &[]),
    ("campaign_effects", &[]),
    ("class_moves", &[]),
    ("clv_fits", &[]),
    ("cohorts", &[]),
    ("contact_response", &[]),
    ("customer_grid", &[]),
    ("customer_inventory", &[]),
    ("customer_moves", &["customer_id", "segment_because"]),
    ("customer_names", &[]),
    ("customer_portfolio", &[]),
    ("customer_reconciliation", &[]),
    ("life_cycle_moves", &[]),
    ("likely_matches", &["from_id", "customer_id"]),
    (next_best::SUGGESTIONS, &[]),
    ("price_and_volume", &[]),
    (next_best::PAIRS, &[]),
    ("period_names", &[]),
    ("profit_bridge", &[]),
    ("receivables", &[]),
    ("relationship_returns", &[]),
    (REPORTED_CUSTOMERS, &[]),
    ("rfm_grid", &[]),
    ("rfm_moves", &[]),
    ("segment_clv", &[]),
    ("service_levels", &[]),
    ("survey_results", &[]),
    ("survey_scores", &[]),
    ("wallet", &[]),
    ("wallet_periods", &[]),
    ("wallet_ranks", &[]),
    ("whale", &[]),
    ("whale_curve", &[]),
];

/// Those of them of which the reports read the reported period alone.
const OF_REPORTED: [&str; 2] = ["activity_sensitivity", "whale_curve"];

/// Everything that is known about the customers and the business, period by period.
pub struct Computed {
    /// What was read.
    pub intake: Intake,
    /// Who is who.
    pub identities: Identities,
    /// All tables, for further queries.
    pub engine: Engine,
    /// Periods, activity window, queries.
    pub prepared: Prepared,
    /// The closing customers of the period before as they were published.
    pub(super) published: Option<Ledger>,
    /// How customers were scored and valued.
    pub customers: CustomerPeriods,
    /// The customers of the reported period; none without any.
    pub reported: Option<PeriodRows>,
    /// What the rules said of each of these customers.
    pub assignments: Assignments,
    /// Those who get a profile, where reports are to be made.
    pub profiled: Profiled,
    /// Every measure.
    pub measures: Vec<Measure>,
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Facts and rules.
    Rules,
    /// All of it.
    Measures,
    /// What the reports are made of: tables and columns that nothing reads any more are given up on
    /// the way, which is most of the memory.
    Reports,
}

/// Reads the inbox and works everything out. What can be reported all the same goes to `problems`.
///
/// # Errors
/// When there is nothing to report, or nothing that could be trusted.
pub fn compute(
    workspace: &Workspace,
    plan: &Plan,
    until: Until,
    progress: &dyn Progress,
    problems: &mut Diagnostics,
) -> Result<Computed, Diagnostics> {
    let inbox = Inbox::read(workspace, progress);
    compute_from(workspace, plan, until, inbox, progress, problems)
}

/// What was read, and who is who in it.
pub(super) struct Inbox {
    pub(super) intake: Intake,
    pub(super) identities: Identities,
    /// What there is to say of it.
    pub(super) found: Diagnostics,
}

impl Inbox {
    pub(super) fn read(workspace: &Workspace, progress: &dyn Progress) -> Self {
        progress.stage(Stage::Intake);
        let mut found = Diagnostics::new();
        let mut intake = intake::gather(
            workspace,
            &|file, rows| progress.rows(file, rows),
            &mut found,
        );
        let identities = identity::resolve(workspace, &mut intake, &mut found);
        intake.settle(workspace, &mut found);
        Self {
            intake,
            identities,
            found,
        }
    }
}

/// [`compute()`] from what was read already.
pub(super) fn compute_from(
    workspace: &Workspace,
    plan: &Plan,
    until: Until,
    inbox: Inbox,
    progress: &dyn Progress,
    problems: &mut Diagnostics,
) -> Result<Computed, Diagnostics> {
    let Inbox {
        mut intake,
        identities,
        found,
    } = inbox;
    stop_or_keep(found, problems)?;

    progress.stage(Stage::Facts);
    let memory = workspace.config.engine.memory;
    let engine = Engine::new(&engine::Options {
        memory: memory.map(|memory| memory.0),
        ..engine::Options::default()
    })?
    .with_plans(plan.plans.clone());
    let (timeline, incomplete) = metrics::timeline(workspace, &intake.tables)?;
    problems.extend(incomplete);
    intake.cut_off(timeline.ends());
    intake.match_customers(problems);
    intake.link_returns(workspace.config.return_day, problems);
    let mut prepared = metrics::prepare(&engine, workspace, timeline, &intake.tables)?;
    problems.extend(std::mem::take(&mut prepared.warnings));
    if until == Until::Reports && Wanted::by_queries(&prepared.queries) == Wanted::Nothing {
        let settings = workspace.config.next_best_product;
        let timeline = &prepared.timeline;
        let said = next_best::provide(&engine, timeline, settings, Wanted::Suggestions)?;
        problems.extend(said);
    }
    identity::register(&engine, Some(&intake), &identities)?;
    if identities.asked || identity::wanted(&prepared.queries) {
        identity::provide_inventory(&engine, &workspace.files)?;
    }
    let before = prepared.timeline.reported.plus(-1);
    let published = match ledger::read(&workspace.reports(), before) {
        Published::Nothing => None,
        Published::Damaged(problem) => {
            problems.push(problem);
            None
        }
        Published::Closing(ledger) => Some(ledger),
    };
    if let Some(ledger) = &published {
        ledger.closing.register(&engine)?;
    }
    let profiles = workspace.config.profiles.most as usize;
    let mut recent = Recent::default();
    let window = window(&prepared, workspace);
    if until == Until::Reports {
        if let Some(sales) = intake.table("transactions").filter(|_| profiles > 0) {
            recent = Recent::keep(sales, window.from, window.to)?;
        }
        intake.give_up(&Sheets::TABLES);
        let mut read = READ_BY_REPORTS.to_vec();
        if profiles > 0 {
            read.extend(READ_FOR_PROFILES);
        }
        prepared
            .queries
            .keep_only(&read, &OF_REPORTED, plan.plans.reads());
        for spec in tables::all() {
            give_up_unread(&engine, &prepared.queries, spec.name, ToCome::All)?;
        }
    }
    let mut customers = CustomerPeriods::compute(&engine, &prepared, &workspace.config)?;
    problems.extend(customers.few_customers()?);

    progress.stage(Stage::Rules);
    // What was to be done in a period gone by is on nobody's list.
    let acted = Acted::Only(BTreeSet::from([prepared.timeline.reported]));
    let mut judge = ByRules {
        rules: &plan.rules,
        assigner: plan.rules.assigner(acted),
        assignments: Assignments::default(),
    };
    let reported = customers.register_judged(&engine, &prepared.queries, &mut judge)?;
    let assignments = judge.assignments;
    let findings = judge.assigner.finish();
    if until == Until::Reports && !findings.failures.is_empty() {
        // The rows to show beside a failure are given up by now. What is about to fail may take the
        // time to read them again.
        let mut again = Diagnostics::new();
        compute(workspace, plan, Until::Rules, progress, &mut again)?;
    }
    let failed: Diagnostics = findings
        .failures
        .iter()
        .map(|failure| with_rows(failure, &engine))
        .collect();
    stop_or_keep(failed, problems)?;
    problems.extend(findings.remarks);
    if let Some(rows) = &reported {
        problems.extend(unfit_cuts(&plan.rules, rows));
    }
    let mut profiled = Profiled::default();
    if let Some(rows) = reported.as_ref().filter(|_| until == Until::Reports) {
        profiled = Profiled::of(&engine, rows, &assignments, &mut recent, window, profiles)?;
        prepared
            .queries
            .keep_only(&READ_BY_REPORTS, &OF_REPORTED, plan.plans.reads());
        for (table, _) in READ_FOR_PROFILES {
            give_up_unread(&engine, &prepared.queries, table, ToCome::Late)?;
        }
    }
    drop(recent);
    if metrics::scores::wanted(&prepared.queries) {
        scores::provide(&engine, &plan.rules, reported.as_ref(), &assignments)?;
    }
    let mut measures = Vec::new();
    if until != Until::Rules {
        progress.stage(Stage::Measures);
        let (worked_out, wrong) = engine::measures(&engine, &prepared.queries, &prepared.supplied);
        stop_or_keep(wrong, problems)?;
        measures = worked_out;
    }
    Ok(Computed {
        intake,
        identities,
        engine,
        prepared,
        published,
        customers,
        reported,
        assignments,
        profiled,
        measures,
    })
}

/// That the cut points frozen between classes are of values made of something else.
fn unfit_cuts(rules: &Rules, rows: &PeriodRows) -> Option<Diagnostic> {
    let basis = rows.value_basis.name();
    let cuts = rules.unfit_class_cuts(rows.period, basis)?;
    let message = format!(
        "the cut points between classes frozen for {} are of `{}`, and actual value of {} is `{basis}`: it is \
         cut by its own customers",
        cuts.as_of, cuts.basis, rows.period
    );
    let help = format!(
        "freeze anew: `quarterdeck freeze --classes --period {}`",
        rows.period
    );
    let place = Place::File(CLASS_CUTS_FILE.to_owned());
    Some(
        Diagnostic::warning(&UNFIT_CUTS, message)
            .at(place)
            .help(help),
    )
}

/// The months whose purchases a profile lists: those of the RFM window.
fn window(prepared: &Prepared, workspace: &Workspace) -> Window {
    let to = prepared.timeline.ends();
    Window {
        from: window_start(to, workspace.config.rfm.window_months),
        to,
    }
}

/// Classes, scores and actions by the rules of the workspace.
struct ByRules<'a> {
    rules: &'a Rules,
    assigner: Assigner<'a>,
    /// Of the rows that were last judged.
    assignments: Assignments,
}

impl Judge for ByRules<'_> {
    fn assign(&mut self, rows: &PeriodRows) -> Result<Vec<(Field, ArrayRef)>, Diagnostic> {
        self.assignments = self.assigner.assign(&self.rules.facts(&rows.batch)?);
        let columns = self.assignments.columns().into_iter();
        Ok(columns
            .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
            .collect())
    }

    fn classes_by(
        &mut self,
        rows: &PeriodRows,
        others: &PeriodRows,
    ) -> Result<Option<StringViewArray>, Diagnostic> {
        let (rows, others) = (
            self.rules.facts(&rows.batch)?,
            self.rules.facts(&others.batch)?,
        );
        Ok(Some(self.assigner.classes_by(&rows, &others)))
    }
}

/// Errors end the run with everything found so far; the rest is kept for the report.
pub(super) fn stop_or_keep(
    found: Diagnostics,
    problems: &mut Diagnostics,
) -> Result<(), Diagnostics> {
    let stop = found.has_errors();
    problems.extend(found);
    if stop {
        return Err(std::mem::take(problems));
    }
    Ok(())
}

/// A failed rule with the input rows of the first customer it failed for.
fn with_rows(failure: &RuleFailure, engine: &Engine) -> Diagnostic {
    let mut diagnostic = failure.diagnostic.clone();
    if let Some((_, customer)) = failure.customers.first() {
        for (place, what) in source_rows(engine, customer, ROWS_SHOWN) {
            diagnostic = diagnostic.related(place, what);
        }
    }
    diagnostic
}

/// The newest input rows of a customer's purchases, newest first, with what they say.
pub fn source_rows(engine: &Engine, customer: &str, limit: usize) -> Vec<(Place, String)> {
    let sql = format!(
        "select cast(source_file as varchar) as file, cast(source_sheet as varchar) as sheet, \
                source_row, cast(date as varchar) as date, cast(amount as varchar) as amount \
         from transactions where customer_id = '{}' \
         order by date desc, source_file, source_sheet, source_row desc limit {limit}",
        customer.replace('\'', "''")
    );
    let Ok(rows) = engine.ad_hoc(&sql) else {
        return Vec::new();
    };
    let mut places = Vec::new();
    for batch in &rows.batches {
        let text = |name: &str| {
            batch
                .column_by_name(name)
                .and_then(|c| c.as_string_view_opt())
        };
        let numbers = batch
            .column_by_name("source_row")
            .and_then(|c| c.as_primitive_opt::<Int64Type>());
        let (Some(files), Some(sheets), Some(dates), Some(amounts), Some(numbers)) = (
            text("file"),
            text("sheet"),
            text("date"),
            text("amount"),
            numbers,
        ) else {
            continue;
        };
        for row in 0..batch.num_rows() {
            let sheet = sheets.iter().nth(row).flatten();
            let place = Place::cell(
                files.value(row),
                sheet,
                u32::try_from(numbers.value(row)).ok(),
                None,
            );
            let what = format!(
                "a purchase of {} on {}",
                amounts.value(row),
                dates.value(row)
            );
            places.push((place, what));
        }
    }
    places
}

/// The tables there were files for, and their columns that hold anything.
pub(super) fn supplied(intake: &Intake) -> Supplied {
    Supplied {
        tables: intake
            .tables
            .iter()
            .map(|table| table.spec.name.to_owned())
            .collect(),
        columns: intake
            .supplied_columns()
            .into_iter()
            .map(|(table, column)| (table.to_owned(), column.to_owned()))
            .collect(),
    }
}

impl Computed {
    /// Fills `customer_scores`, where no SQL file has made it so already.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub fn provide_scores(&self, plan: &Plan) -> Result<(), Diagnostic> {
        if metrics::scores::wanted(&self.prepared.queries) {
            return Ok(());
        }
        scores::provide(
            &self.engine,
            &plan.rules,
            self.reported.as_ref(),
            &self.assignments,
        )
    }

    /// The row of every customer of the reported period.
    pub fn rows_by_customer(&self) -> HashMap<&str, usize> {
        let ids = self
            .reported
            .as_ref()
            .and_then(|block| block.batch.column_by_name("customer_id"))
            .and_then(|ids| ids.as_string_view_opt());
        ids.into_iter().flatten().flatten().zip(0..).collect()
    }
}
