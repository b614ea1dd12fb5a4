//! Puts the side of a cross join that is one row first.
//!
//! DataFusion (55) holds the first side in memory and, for each of its rows, gives a batch per batch
//! of the second. With `settings` second that is one batch per row, which made a query over a
//! million rows a hundred times slower; and it does not turn the sides round by itself where it
//! cannot tell how large the other one is. Nobody who writes SQL should have to know.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::CrossJoinExec;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};

/// Rules that gain nothing over tables in memory, which take no filter: to plan is most of what a query
/// over few rows takes.
const WITHOUT: [&str; 3] = ["FilterPushdown", "FilterPushdown(Post)", "SanityCheckPlan"];

/// This rule, since it has to come before any repartitioning, and the usual ones but for a few.
pub(super) fn rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let usual = PhysicalOptimizer::new().rules.into_iter();
    let first: Arc<dyn PhysicalOptimizerRule + Send + Sync> = Arc::new(OneRowFirst);
    std::iter::once(first)
        .chain(usual.filter(|rule| !WITHOUT.contains(&rule.name())))
        .collect()
}

#[derive(Debug)]
struct OneRowFirst;

impl PhysicalOptimizerRule for OneRowFirst {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let Some(join) = node.downcast_ref::<CrossJoinExec>() else {
                return Ok(Transformed::no(node));
            };
            if is_one_row(join.right().as_ref())? && !is_one_row(join.left().as_ref())? {
                return join.swap_inputs().map(Transformed::yes);
            }
            Ok(Transformed::no(node))
        })
        .data()
    }

    fn name(&self) -> &str {
        "one_row_first"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn is_one_row(plan: &dyn ExecutionPlan) -> Result<bool> {
    let statistics = StatisticsContext::new().compute(plan, &StatisticsArgs::new())?;
    Ok(statistics.num_rows.get_value() == Some(&1))
}
