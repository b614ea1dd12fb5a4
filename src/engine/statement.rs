//! What a SQL text says before it is planned: whether it only reads, and which tables.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{self, Spanned, visit_expressions, visit_relations};
use datafusion::sql::sqlparser::dialect::GenericDialect;

use super::error;
use crate::diagnostics::codes::engine::NOT_A_QUERY;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};

/// Which statements a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// One SELECT, as in files.
    Select,
    /// One SELECT, or a look at tables, columns and plans.
    Reading,
}

/// The one statement of a text.
///
/// # Errors
/// Where it cannot be read, is not alone, or does more than read.
pub(super) fn parse(source: &Arc<Source>, allowed: Allowed) -> Result<Statement, Diagnostics> {
    let refused = |message: &str| -> Diagnostics {
        Diagnostic::error(&NOT_A_QUERY, message)
            .at(Place::text(source, first_words(&source.text)))
            .into()
    };
    let mut statements = DFParserBuilder::new(source.text.as_str())
        .with_dialect(&GenericDialect {})
        .build()
        .and_then(|mut parser| parser.parse_statements())
        .map_err(|failure| error::diagnose(source, &failure, error::Stage::Planning, &[]))?;
    let Some(statement) = statements.pop_front() else {
        return Err(refused("there is no SELECT in this file"));
    };
    if !statements.is_empty() {
        return Err(refused(
            "there is more than one statement; only one SELECT is read",
        ));
    }
    let reads = match &statement {
        Statement::Statement(inner) => match inner.as_ref() {
            ast::Statement::Query(query) => only_selects(query),
            ast::Statement::ExplainTable { .. }
            | ast::Statement::ShowTables { .. }
            | ast::Statement::ShowColumns { .. } => allowed == Allowed::Reading,
            _ => false,
        },
        Statement::Explain(explain) => {
            allowed == Allowed::Reading
                && matches!(explain.statement.as_ref(), Statement::Statement(inner)
                    if matches!(inner.as_ref(), ast::Statement::Query(query) if only_selects(query)))
        }
        _ => false,
    };
    if reads {
        Ok(statement)
    } else {
        Err(refused(
            "only SELECT is allowed: queries read, they change nothing",
        ))
    }
}

/// Whether a query is SELECTs all the way down: not `SELECT … INTO`, not `WITH … INSERT`.
fn only_selects(query: &ast::Query) -> bool {
    fn reads(body: &ast::SetExpr) -> bool {
        match body {
            ast::SetExpr::Select(select) => select.into.is_none(),
            ast::SetExpr::Query(query) => only_selects(query),
            ast::SetExpr::SetOperation { left, right, .. } => reads(left) && reads(right),
            ast::SetExpr::Values(_) | ast::SetExpr::Table(_) => true,
            _ => false,
        }
    }
    reads(&query.body)
}

/// The tables a statement reads, each with the place of its first mention.
pub(super) fn references(
    source: &Arc<Source>,
    statement: &Statement,
) -> BTreeMap<String, Range<usize>> {
    let Ok((tables, _)) = resolve_table_references(statement, true) else {
        return BTreeMap::new();
    };
    let mut places: BTreeMap<String, Range<usize>> = tables
        .into_iter()
        .map(|table| (table.table().to_owned(), 0..0))
        .collect();
    if let Statement::Statement(inner) = statement {
        let _ = visit_relations(inner.as_ref(), |name| {
            let written = name.to_string().to_lowercase();
            if let Some(place) = places.get_mut(&written).filter(|place| place.end == 0) {
                let start = name.span().start;
                *place = source.word_at(source.offset(start.line as usize, start.column as usize));
            }
            ControlFlow::<()>::Continue(())
        });
    }
    places
}

/// The values a statement leaves open, as `$name`, each with its place.
pub(super) fn left_open(
    source: &Arc<Source>,
    statement: &Statement,
) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    if let Statement::Statement(inner) = statement {
        let _ = visit_expressions(inner.as_ref(), |expression| {
            if let ast::Expr::Value(value) = expression
                && let ast::Value::Placeholder(name) = &value.value
            {
                let start = value.span.start;
                let start = source.offset(start.line as usize, start.column as usize);
                found.push((name.clone(), start..start + name.len()));
            }
            ControlFlow::<()>::Continue(())
        });
    }
    found
}

/// The first words after leading comments: where a whole statement is marked.
fn first_words(text: &str) -> Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        if !code.is_empty() && !code.starts_with("--") {
            let indent = line.len() - line.trim_start().len();
            return start + indent..start + indent + code.len();
        }
        start += line.len();
    }
    0..0
}
