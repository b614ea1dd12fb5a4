//! Which columns of which tables a query reads, as its optimised plan has it.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::datatypes::Schema;
use datafusion::common::Result;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;

/// By table: its columns that are read.
pub type Reads = BTreeMap<String, BTreeSet<String>>;

/// By the path of a SQL file: what it reads.
pub type ReadsByFile = BTreeMap<String, Reads>;

/// What a plan reads. A table of which only the rows are counted is there without columns.
pub(super) fn of(plan: &LogicalPlan) -> Result<Reads> {
    let mut reads = Reads::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let columns = reads.entry(scan.table_name.table().to_owned()).or_default();
            let fields = scan.projected_schema.fields().iter();
            columns.extend(fields.map(|field| field.name().clone()));
            let filters = scan.filters.iter().flat_map(|filter| filter.column_refs());
            columns.extend(filters.map(|column| column.name.clone()));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(reads)
}

/// The positions of these columns. One column at least: there are queries that only count rows.
pub(super) fn positions(schema: &Schema, columns: &BTreeSet<String>) -> Vec<usize> {
    let fields = schema.fields().iter();
    let found: Vec<usize> = fields
        .enumerate()
        .filter(|(_, field)| columns.contains(field.name()))
        .map(|(at, _)| at)
        .collect();
    if found.is_empty() { vec![0] } else { found }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diagnostics::Source;
    use crate::engine::{Engine, Options};

    /// Whatever way a column is used, in a subquery too, it is read; one that is only passed through
    /// and never asked for is not.
    #[test]
    fn every_use_of_a_column_is_a_read() {
        let engine = Engine::new(&Options::default()).unwrap();
        let rows = engine
            .ad_hoc("select 1 as id, 2 as shown, 3 as filtered, 4 as counted, 5 as compared, 6 as unused")
            .unwrap();
        engine
            .register("all_of_it", Arc::clone(&rows.schema), &rows.batches)
            .unwrap();
        let source = Source::new(
            "query",
                "with passed as (select a.* from all_of_it a)
                 select p.shown, (select max(compared) from all_of_it) as most
                 from passed p
                 where p.filtered > 0
                   and p.id in (select id from all_of_it group by id having count(distinct counted) > 0)",
            );
        engine.query(&source).unwrap();
        let reads = engine.plans().reads();
        let columns: Vec<&str> = reads["query"]["all_of_it"]
            .iter()
            .map(String::as_str)
            .collect();
        assert_eq!(columns, ["compared", "counted", "filtered", "id", "shown"]);
    }
}
