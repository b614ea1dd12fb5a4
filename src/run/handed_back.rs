//! What a manager gets instead of reports where too many rows were set aside: the copies to be mended
//! and the repair list, just when they are needed most.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::compute::Inbox;
use super::copies::Copies;
use super::lock::Lock;
use super::plan::Plan;
use super::publish::{self, Contents, PublishError, TO_FIX};
use crate::diagnostics::Diagnostics;
use crate::diagnostics::codes::intake::TOO_MANY_SET_ASIDE;
use crate::engine::internal;
use crate::intake::{Intake, OverLimit};
use crate::metrics;
use crate::report::build::{self, Quality};
use crate::report::model::{self, RepairList};
use crate::report::xlsx::{ArrowRows, Bulk, Rows};
use crate::report::{html, xlsx};
use crate::workspace::Workspace;

/// Why there are no reports; and `reports/to-fix/` holds what is to be mended, or it is said why not.
pub(super) fn instead(
    workspace: &Workspace,
    plan: &Plan,
    lock: &Lock,
    inbox: Inbox,
    mut problems: Diagnostics,
) -> Diagnostics {
    let Inbox {
        mut intake, found, ..
    } = inbox;
    let over = intake.over_limits(&workspace.config.input);
    problems.extend(found);
    let data_to = matched(workspace, &mut intake, &mut problems);
    let list = Listed {
        workspace,
        plan,
        intake: &intake,
        over: &over,
        data_to,
    };
    let told = with_folder(&problems, &over);
    let handed = list.files(&told).and_then(|(files, _copies)| {
        let hashes = intake.accounts.iter().map(|of| of.sha256.clone());
        let failed = |error: PublishError| error.diagnostic(&workspace.root);
        publish::hand_back(lock, &workspace.reports(), &files, &hashes.collect())
            .map_err(failed)?;
        Ok(())
    });
    match handed {
        Ok(()) => told,
        Err(wrong) => {
            problems.extend(wrong);
            problems
        }
    }
}

/// Counts the rows of customers nobody knows, as a run that goes on does later: so that one round of
/// mending is enough. Gives the last day of the sales.
fn matched(
    workspace: &Workspace,
    intake: &mut Intake,
    problems: &mut Diagnostics,
) -> Option<NaiveDate> {
    let (timeline, _) = metrics::timeline(workspace, &intake.tables).ok()?;
    intake.cut_off(timeline.ends());
    intake.match_customers(problems);
    intake.link_returns(workspace.config.return_day, problems);
    Some(timeline.last_day.min(timeline.ends()))
}

/// What was found, the error with the folder in its help.
fn with_folder(problems: &Diagnostics, over: &[OverLimit]) -> Diagnostics {
    let mut settings = over.iter().map(OverLimit::setting);
    let named = problems.iter().cloned().map(|problem| {
        if problem.code.name != TOO_MANY_SET_ASIDE.name {
            return problem;
        }
        let setting = settings.next().unwrap_or_default();
        problem.help(format!(
            "copies of the files with the cells coloured are in `reports/{TO_FIX}`: mend them, put them \
             into the inbox and run again; or raise {setting} knowingly"
        ))
    });
    named.collect()
}

struct Listed<'a> {
    workspace: &'a Workspace,
    plan: &'a Plan,
    intake: &'a Intake,
    over: &'a [OverLimit],
    data_to: Option<NaiveDate>,
}

impl Listed<'_> {
    /// The copies and the list, by name; the copies are on disk for as long as what is given with them.
    fn files(
        &self,
        problems: &Diagnostics,
    ) -> Result<(Vec<(String, Contents)>, Copies), Diagnostics> {
        let locale = &self.plan.locale;
        let mut copies = Copies::make(self.workspace, self.intake, locale, "")?;
        let quality = Quality::new(self.intake, problems, &copies.said, locale);
        let list = self.model(&quality);
        let rows = Cells(quality.rows().map_err(internal)?);
        let files = &self.workspace.files;
        let (page, text) = html::repair_list(&list, files, locale)?;
        let (book, bytes) = xlsx::repair_list(&list, files, locale, &rows)?;
        let mut handed = std::mem::take(&mut copies.files);
        let taken: Vec<String> = handed.iter().map(|(name, _)| name.clone()).collect();
        for (name, bytes) in [(page, text.into_bytes()), (book, bytes)] {
            handed.push((free(name, &taken), Contents::Bytes(bytes)));
        }
        Ok((handed, copies))
    }

    fn model(&self, quality: &Quality<'_>) -> RepairList {
        let client = &self.workspace.config.client;
        let locale = &self.plan.locale;
        let over = self.over.iter().map(|over| model::OverLimit {
            table: over.table.to_owned(),
            label: build::table_label(locale, over.table),
            rows_set_aside: over.rows_set_aside,
            rows: over.rows,
            // More than a share of none are none.
            share: over.rows_set_aside as f64 / over.rows as f64,
            limit: over.limit,
        });
        RepairList {
            schema: model::SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: locale.language().code().to_owned(),
            client: model::Client {
                name: client.name.clone(),
                currency: client.currency.code.clone(),
                currency_digits: client.currency.digits,
            },
            data_to: self.data_to,
            over: over.collect(),
            data: quality.data(),
        }
    }
}

/// A name that no copy has: a manager may have a `repair-list.xlsx` of their own.
fn free(name: String, taken: &[String]) -> String {
    let mut free = name;
    while taken.contains(&free) {
        free = format!("quarterdeck-{free}");
    }
    free
}

/// The rows of all cells.
struct Cells(BTreeMap<&'static str, ArrowRows>);

impl Bulk for Cells {
    fn table(&self, name: &str) -> Option<&dyn Rows> {
        self.0.get(name).map(|rows| rows as &dyn Rows)
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().copied().collect()
    }
}
