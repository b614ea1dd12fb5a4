//! Optimised plans of SQL files, made before any input is read and moved onto the tables of a run:
//! to plan takes longer than most queries run.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult};
use datafusion::common::{Result, plan_err};
use datafusion::datasource::{TableProvider, provider_as_source};
use datafusion::logical_expr::{LogicalPlan, TableScan};

use super::reads::{self, ReadsByFile};
use crate::diagnostics::Source;

/// Plans by the paths of the files they are made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plans(BTreeMap<String, Made>);

#[derive(Debug, Clone, PartialEq)]
struct Made {
    source: Arc<Source>,
    plan: LogicalPlan,
}

impl Plans {
    /// What each file reads.
    pub fn reads(&self) -> ReadsByFile {
        let reads = |made: &Made| reads::of(&made.plan).ok();
        let plans = self.0.iter();
        plans
            .filter_map(|(path, made)| Some((path.clone(), reads(made)?)))
            .collect()
    }

    /// Keeps the plan of a file in place of an earlier one.
    pub(super) fn keep(&mut self, source: &Arc<Source>, plan: &LogicalPlan) {
        let made = Made {
            source: Arc::clone(source),
            plan: plan.clone(),
        };
        self.0.insert(source.path.clone(), made);
    }

    /// The plan of a file over the tables there are now; none where none was made of this text, or a
    /// table has not the columns it had.
    pub(super) fn on(
        &self,
        source: &Source,
        table: impl Fn(&str) -> Option<Arc<dyn TableProvider>>,
    ) -> Option<LogicalPlan> {
        let made = self.0.get(&source.path)?;
        if made.source.text != source.text {
            return None;
        }
        let plan = made.plan.clone();
        plan.transform_up_with_subqueries(|node| match node {
            LogicalPlan::TableScan(scan) => {
                let there = table(scan.table_name.table());
                Ok(Transformed::yes(LogicalPlan::TableScan(moved(
                    scan, there,
                )?)))
            }
            other => Ok(Transformed::no(other)),
        })
        .data()
        .ok()
    }
}

/// The scan of the same columns of a table that may have lost others.
fn moved(scan: TableScan, table: Option<Arc<dyn TableProvider>>) -> Result<TableScan> {
    let Some(table) = table else {
        return plan_err!("there is no table {}", scan.table_name);
    };
    let schema = table.schema();
    let mut projection = Vec::new();
    for field in scan.projected_schema.fields() {
        match schema.column_with_name(field.name()) {
            Some((at, there))
                if there.data_type() == field.data_type()
                    && there.is_nullable() == field.is_nullable() =>
            {
                projection.push(at);
            }
            _ => return plan_err!("{} is another table now", scan.table_name),
        }
    }
    Ok(TableScan {
        source: provider_as_source(table),
        projection: Some(projection),
        ..scan
    })
}
