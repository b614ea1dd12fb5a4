//! The report model of a run, and what goes past the templates: rows of all customers.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, RecordBatch, StringViewBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema};

use super::compute::{Computed, stop_or_keep, supplied};
use super::decided;
use super::figures::{IN_WORKBOOK, customer_figures, rejected_answers};
use super::plan::Plan;
use super::sheets::Sheets;
use crate::calendar::Quarter;
use crate::diagnostics::codes::run::DOES_NOT_BALANCE;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::engine::internal;
use crate::report::build;
use crate::report::model::{self, Report};
use crate::report::xlsx::{ArrowRows, Bulk, Rows};
use crate::workspace::Workspace;
use crate::{roi, scorecard};

/// Periods shown in histories.
const SHOWN: usize = 20;

/// What is told of a run by others than its figures.
pub(super) struct SaidElsewhere<'a> {
    pub(super) run_id: &'a str,
    pub(super) copies: &'a [model::MarkedCopy],
    pub(super) identity: Option<&'a model::IdentityReport>,
}

/// Makes the report model of the reported period.
///
/// # Errors
/// When a figure cannot be read: our fault, and a reason not to publish.
pub(super) fn report(
    workspace: &Workspace,
    plan: &Plan,
    computed: &Computed,
    said: &SaidElsewhere<'_>,
    problems: &mut Diagnostics,
) -> Result<Report, Diagnostics> {
    let timeline = &computed.prepared.timeline;
    let reported = timeline.reported;
    let locale = &plan.locale;
    let shown = timeline.periods.len().saturating_sub(SHOWN);
    let periods = &timeline.periods[shown..];
    let fiscal = workspace.config.calendar.fiscal;
    let data_to = timeline.last_day.min(timeline.ends());

    let sheets = Sheets::of(&computed.intake.tables, problems);
    scorecard::check_targets(&plan.scorecard, &sheets.targets, problems);
    scorecard::check_manual(&plan.scorecard, &sheets.manual, problems);
    scorecard::check_commentary(&plan.scorecard, &sheets.commentary, problems);
    scorecard::check_initiatives(&plan.scorecard, &sheets.initiatives, problems);
    let supplied = supplied(&computed.intake);
    let mut failed = Diagnostics::new();
    let evaluated = scorecard::evaluate(
        &plan.scorecard,
        &scorecard::Inputs {
            measures: &computed.measures,
            supplied: &supplied,
            targets: &sheets.targets,
            manual: &sheets.manual,
            commentary: &sheets.commentary,
            initiatives: &sheets.initiatives,
            functions: plan.functions.as_ref(),
            is_complete: timeline.is_complete(),
        },
        periods,
        reported,
        &mut failed,
    );
    stop_or_keep(failed, problems)?;
    if supplied.tables.contains("commentary") {
        problems.extend(scorecard::without_commentary(&evaluated));
    }
    let appraisal = appraisal(plan, computed, &sheets, reported, data_to, problems);
    let figures = customer_figures(computed, periods, &plan.rules, &workspace.config)?;
    problems.extend(rejected_answers(computed)?);
    problems.extend(
        build::imbalances(&figures.reconciliation)
            .iter()
            .map(|found| {
                let place = Place::File("rules/customer_reconciliation.sql".to_owned());
                Diagnostic::error(&DOES_NOT_BALANCE, found.message()).at(place)
            }),
    );

    Ok(Report {
        schema: model::SCHEMA,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run_id: said.run_id.to_owned(),
        language: locale.language().code().to_owned(),
        client: model::Client {
            name: workspace.config.client.name.clone(),
            currency: workspace.config.client.currency.code.clone(),
            currency_digits: workspace.config.client.currency.digits,
        },
        period: build::period(reported, fiscal, locale),
        data_to,
        periods: periods
            .iter()
            .map(|q| build::period(*q, fiscal, locale))
            .collect(),
        scorecard: build::scorecard(&evaluated, &plan.scorecard, locale),
        roi: build::roi(appraisal.as_ref(), locale),
        customers: build::customers(&figures, locale),
        data: build::Quality::new(&computed.intake, problems, said.copies, locale)
            .with_identity(said.identity)
            .data(),
        defaults: defaults(workspace, computed),
    })
}

/// The investment case of the file and the sheet, worked out; none where neither has one.
fn appraisal(
    plan: &Plan,
    computed: &Computed,
    sheets: &Sheets,
    reported: Quarter,
    data_to: NaiveDate,
    problems: &mut Diagnostics,
) -> Option<roi::Appraisal> {
    let starts = computed.prepared.timeline.starts();
    let case = plan.roi.clone().case(&sheets.project, starts, problems)?;
    Some(roi::appraise(
        case,
        &computed.measures,
        reported,
        data_to,
        problems,
    ))
}

fn defaults(workspace: &Workspace, computed: &Computed) -> Vec<model::Default> {
    let defaults = workspace.config.defaults.iter();
    defaults
        .map(|default| model::Default {
            key: default.key.clone(),
            value: match default.key.as_str() {
                "activity.window-months" => computed.prepared.window.describe(),
                "rfm.method" => computed.customers.rfm_method.name().to_owned(),
                "calendar.period" => computed.prepared.timeline.reported.to_string(),
                _ => default.value.clone(),
            },
        })
        .collect()
}

/// Rows of all customers and actions, and of all cells to put right, for the workbooks.
pub(super) struct CustomerRows {
    tables: BTreeMap<&'static str, ArrowRows>,
}

impl CustomerRows {
    /// The customers of the reported period, by value then id, and one row per action.
    ///
    /// # Errors
    /// When a column cannot be read: our fault.
    pub(super) fn of(
        computed: &Computed,
        plan: &Plan,
        quality: &build::Quality<'_>,
    ) -> Result<Self, Diagnostics> {
        let customers = computed.engine.ad_hoc(
            "select p.*, c.name, m.segment_because \
             from reported_customers p \
             left join customer_moves m on m.customer_id = p.customer_id \
             left join customer_names c on c.customer_id = p.customer_id \
             order by p.actual_value desc nulls last, p.customer_id",
        )?;
        let customers = customers.one()?;
        let said = said(computed, plan, &customers)?;
        let mut tables = quality.rows().map_err(internal)?;
        for (name, batch) in [("customers", said.customers), ("actions", said.actions)] {
            let rows = ArrowRows::new(batch.schema(), vec![batch]).map_err(internal)?;
            tables.insert(name, rows);
        }
        for (name, sql) in [
            ("suggestions", suggestions()),
            ("debtors", debtors(computed)),
        ] {
            let batch = computed.engine.ad_hoc(&sql)?.one()?;
            let rows = ArrowRows::new(batch.schema(), vec![batch]).map_err(internal)?;
            tables.insert(name, rows);
        }
        Ok(Self { tables })
    }
}

/// What to offer to active customers, by their value.
fn suggestions() -> String {
    format!(
        "select s.customer_id, n.name, c.segment, s.rank, s.product, s.because_product, s.n_ab, s.n_a, \
             s.confidence, s.confidence_low, s.lift, s.expected_margin \
         from next_best_products s \
         join reported_customers c on c.customer_id = s.customer_id and c.is_closing \
         left join customer_names n on n.customer_id = s.customer_id \
         order by c.actual_value desc nulls last, s.customer_id, s.rank limit {IN_WORKBOOK}"
    )
}

/// Who owes how much at the end of the period, the most overdue first.
fn debtors(computed: &Computed) -> String {
    let reported = computed.prepared.timeline.reported;
    format!(
        "select r.*, n.name from receivables r \
         left join customer_names n on n.customer_id = r.customer_id \
         where r.period = '{reported}' and r.customer_id is not null and r.outstanding <> 0 \
         order by r.overdue desc, r.outstanding desc, r.customer_id"
    )
}

impl Bulk for CustomerRows {
    fn table(&self, name: &str) -> Option<&dyn Rows> {
        self.tables.get(name).map(|rows| rows as &dyn Rows)
    }

    fn names(&self) -> Vec<&str> {
        self.tables.keys().copied().collect()
    }
}

/// Customers with reason and actions in words, and the actions by themselves.
struct Said {
    customers: RecordBatch,
    actions: RecordBatch,
}

fn said(computed: &Computed, plan: &Plan, customers: &RecordBatch) -> Result<Said, Diagnostics> {
    use datafusion::arrow::array::{AsArray, UInt32Array};
    use datafusion::arrow::compute::take;
    let locale = &plan.locale;
    let rows = computed.rows_by_customer();
    let column = |name: &str| {
        customers
            .column_by_name(name)
            .and_then(|column| column.as_string_view_opt())
            .ok_or_else(|| internal(format!("no text column `{name}`")))
    };
    let (ids, names, classes) = (column("customer_id")?, column("name")?, column("segment")?);
    // The same few actions are said of everybody.
    let texts = || StringViewBuilder::new().with_deduplicate_strings();
    let mut first = [(); 3].map(|()| texts());
    let (mut to_do, mut whose) = (texts(), Vec::new());
    for row in 0..customers.num_rows() {
        let known = rows.get(ids.value(row)).copied();
        let actions = known
            .map(|row| computed.assignments.actions(row))
            .unwrap_or_default();
        let actions: Vec<String> = actions
            .iter()
            .map(|action| locale.message(action))
            .collect();
        for (place, builder) in first.iter_mut().enumerate() {
            builder.append_option(actions.get(place));
        }
        for action in &actions {
            to_do.append_value(action);
            whose.push(row as u32);
        }
    }
    let finish = |builder: &mut StringViewBuilder| -> ArrayRef { Arc::new(builder.finish()) };
    let mut fields: Vec<Field> = customers
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    let mut columns = customers.columns().to_vec();
    let text = |name: &str| Field::new(name, DataType::Utf8View, true);
    for (field, column) in decided::columns(computed, &rows, locale, customers)? {
        fields.push(field);
        columns.push(column);
    }
    for (place, builder) in first.iter_mut().enumerate() {
        fields.push(text(&format!("action_{}", place + 1)));
        columns.push(finish(builder));
    }
    let batch = |fields: Vec<Field>, columns: Vec<ArrayRef>| {
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(internal)
    };
    let whose = UInt32Array::from(whose);
    let mut listed = [ids, names, classes]
        .iter()
        .map(|column| take(column, &whose, None))
        .collect::<Result<Vec<_>, _>>()
        .map_err(internal)?;
    listed.push(finish(&mut to_do));
    let names = ["customer_id", "name", "segment", "action"];
    Ok(Said {
        customers: batch(fields, columns)?,
        actions: batch(names.map(text).to_vec(), listed)?,
    })
}
