//! The SQL files of a workspace, in the order in which they can run.
//!
//! | folder | gives | may read |
//! |---|---|---|
//! | `rules/*.sql` | a derived table of the file's name | anything |
//! | `rules/facts/*.sql` | columns of `customer_periods` | input tables, and derived tables that do not rest on `customer_periods` or a measure |
//! | `rules/measures/*.sql` | a measure, and a table of its name | anything |
//!
//! `customer_periods` rests on `customer_base` and all facts. A comment line `-- optional: a, b` at
//! the head of a file names input tables the query works without: they do not count as missing.
//!
//! `-- one period at a time: period_no` says that the query is to be run once for each period, each
//! time for the rows whose `period_no` (or `period`) is that period's: the rows are the same, in the
//! order of the periods, and the query never needs more memory than a few periods do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;

use super::reads::{ReadsByFile, positions};
use super::session::internal;
use super::statement::{self, Allowed};
use crate::diagnostics::codes::engine::{
    NAME_CLASH, OUT_OF_ORDER, QUERY_CYCLE, SQL_INVALID, WRONG_COLUMNS,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};
use crate::workspace::Files;

/// The derived table that facts are added to.
pub const BASE: &str = "customer_base";

/// The table of all facts per customer and period, with what the rules assigned.
pub const CUSTOMER_PERIODS: &str = "customer_periods";

/// Its rows of the reported period.
pub const REPORTED_CUSTOMERS: &str = "reported_customers";

/// How the customers of the reported period were classed and scored in the one before.
pub const CUSTOMER_MOVES: &str = "customer_moves";

/// What the customer scorecard gives each customer of the reported period, criterion by criterion.
pub const CUSTOMER_SCORES: &str = "customer_scores";

/// Whether a table is there only once all facts are.
fn is_joined(table: &str) -> bool {
    [
        CUSTOMER_PERIODS,
        REPORTED_CUSTOMERS,
        CUSTOMER_MOVES,
        CUSTOMER_SCORES,
    ]
    .contains(&table)
}

/// The remark of a query that runs once for each period.
const BY_PERIOD: &str = "one period at a time:";

/// What such a query may go by: the columns of `periods` that tell them apart.
const PERIOD_COLUMNS: [&str; 2] = ["period", "period_no"];

/// What a query gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A derived table.
    Table,
    /// Columns of `customer_periods`.
    Fact,
    /// A measure.
    Measure,
}

/// A SQL file.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The file's stem.
    pub name: String,
    /// What it gives.
    pub kind: Kind,
    /// The file.
    pub source: Arc<Source>,
    /// Tables it names, with the place of the first mention.
    references: BTreeMap<String, Range<usize>>,
    /// Input tables it works without.
    optional: BTreeSet<String>,
    /// The column by whose values, one for each period, it runs piece by piece.
    by_period: Option<String>,
}

impl Query {
    /// The column by whose values it runs, a period at a time.
    pub(super) fn by_period(&self) -> Option<&str> {
        self.by_period.as_deref()
    }

    fn place_of(&self, table: &str) -> Place {
        let span = self.references.get(table).cloned().unwrap_or(0..0);
        Place::text(&self.source, span)
    }
}

/// All queries, each after those it reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queries {
    ordered: Vec<Query>,
    inputs: BTreeSet<String>,
    /// Names of queries that rest on `customer_periods`.
    late: BTreeSet<String>,
    /// What stays when no query is left to read it; none where all stays.
    kept: Option<Kept>,
}

/// What stays, though no query reads it any more.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    /// Tables, with the columns; without any where the table stays whole.
    tables: BTreeMap<String, BTreeSet<String>>,
    /// Tables of which only the reported period is read.
    of_reported: BTreeSet<String>,
    /// What the queries read, as found when they were planned.
    reads: ReadsByFile,
}

/// The queries that have not run yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToCome {
    /// All of them.
    All,
    /// Those that rest on `customer_periods`, and the measures.
    Late,
}

/// What becomes of a table once a query has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    /// Nobody needs it any more.
    Nothing,
    /// Nobody needs more of it than these columns.
    Columns(BTreeSet<String>),
}

impl Queries {
    /// Reads and orders the SQL files. `inputs` are the names of all input tables, `provided` those of
    /// the tables that the program itself fills.
    ///
    /// # Errors
    /// Every file that cannot be read as one SELECT, every clash of names, every circle and every
    /// fact that reads what comes after it.
    pub fn of<'a>(
        files: &Files,
        inputs: impl IntoIterator<Item = &'a str>,
        provided: &[&str],
    ) -> Result<Self, Diagnostics> {
        let inputs: BTreeSet<String> = inputs.into_iter().map(str::to_owned).collect();
        let mut problems = Diagnostics::new();
        let is_table =
            |name: &str| inputs.contains(name) || provided.contains(&name) || is_joined(name);
        let queries = read(files, is_table, &mut problems);
        let graph = Graph { queries: &queries };
        graph.check_order(&mut problems);
        let names = graph.sorted(&mut problems);
        if problems.has_errors() {
            return Err(problems);
        }
        let late = queries
            .keys()
            .filter(|name| graph.rests_on_customer_periods(name))
            .cloned()
            .collect();
        let mut queries = queries;
        Ok(Self {
            ordered: names
                .into_iter()
                .filter_map(|name| queries.remove(&name))
                .collect(),
            inputs,
            late,
            kept: None,
        })
    }

    /// From now on a table goes when the last query that reads it has run, and a column when the last
    /// that reads that; but these columns of these tables stay, or the whole table where none are
    /// named. Of those in `of_reported`, which run a period at a time, only the reported one is worked
    /// out where no query reads them. `reads` is what was found when all queries were planned.
    pub fn keep_only(
        &mut self,
        tables: &[(&str, &[&str])],
        of_reported: &[&str],
        reads: ReadsByFile,
    ) {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        self.kept = Some(Kept {
            tables: tables
                .iter()
                .map(|(table, names)| ((*table).to_owned(), columns(names)))
                .collect(),
            of_reported: of_reported.iter().map(|name| (*name).to_owned()).collect(),
            reads,
        });
    }

    /// Whether nothing but the reported period of a table is wanted.
    pub(super) fn only_reported(&self, query: &Query) -> bool {
        let kept = self.kept.as_ref();
        kept.is_some_and(|kept| kept.of_reported.contains(&query.name))
            && !self
                .ordered
                .iter()
                .any(|other| other.references.contains_key(&query.name))
    }

    /// What is left of the tables that a query has read once it has run.
    pub(super) fn done_with<'a>(&'a self, ran: &'a Query) -> Vec<(&'a str, Left)> {
        let order = || self.early().chain(self.facts()).chain(self.late());
        let after: Vec<&Query> = order()
            .skip_while(|query| query.name != ran.name)
            .skip(1)
            .collect();
        self.direct(ran)
            .filter_map(|table| Some((table, self.left(table, &after)?)))
            .collect()
    }

    /// What the queries still to come need of a table; none where it is to stay whole.
    pub(super) fn needed(&self, table: &str, to_come: ToCome) -> Option<Left> {
        let readers: Vec<&Query> = match to_come {
            ToCome::All => self
                .early()
                .chain(self.facts())
                .chain(self.late())
                .collect(),
            ToCome::Late => self.late().collect(),
        };
        self.left(table, &readers)
    }

    /// What the queries that rest on `customer_periods` need of the rows of a table; no column where
    /// none of them reads it.
    ///
    /// # Errors
    /// Only if memory is not what it seems.
    pub fn narrowed(&self, table: &str, batch: &RecordBatch) -> Result<RecordBatch, Diagnostic> {
        let kept = match self.needed(table, ToCome::Late) {
            None => return Ok(batch.clone()),
            Some(Left::Nothing) => Vec::new(),
            Some(Left::Columns(columns)) => positions(&batch.schema(), &columns),
        };
        batch.project(&kept).map_err(internal)
    }

    /// What these queries need of a table; none where it is to stay whole.
    fn left(&self, table: &str, readers: &[&Query]) -> Option<Left> {
        let kept = self.kept.as_ref()?;
        let stays = kept.tables.get(table);
        if stays.is_some_and(BTreeSet::is_empty) {
            return None;
        }
        let mut is_read = stays.is_some();
        let mut columns = stays.cloned().unwrap_or_default();
        for query in readers {
            // What runs a period at a time asks for the periods, whether or not it names them.
            if query.by_period.is_some() && table == "periods" {
                return None;
            }
            if query.references.contains_key(table) {
                is_read = true;
                let reads = kept.reads.get(&query.source.path)?;
                columns.extend(reads.get(table).into_iter().flatten().cloned());
            }
        }
        Some(if is_read {
            Left::Columns(columns)
        } else {
            Left::Nothing
        })
    }

    /// Derived tables that do not rest on `customer_periods`, and so come before the facts.
    pub fn early(&self) -> impl Iterator<Item = &Query> {
        self.ordered
            .iter()
            .filter(|q| q.kind == Kind::Table && !self.late.contains(&q.name))
    }

    /// The facts, by name.
    pub fn facts(&self) -> impl Iterator<Item = &Query> {
        self.ordered.iter().filter(|q| q.kind == Kind::Fact)
    }

    /// Measures and the derived tables that rest on `customer_periods`, in their order.
    pub fn late(&self) -> impl Iterator<Item = &Query> {
        self.ordered.iter().filter(|q| {
            q.kind == Kind::Measure || (q.kind == Kind::Table && self.late.contains(&q.name))
        })
    }

    /// The tables a query names directly.
    pub fn direct<'a>(&self, query: &'a Query) -> impl Iterator<Item = &'a str> {
        query.references.keys().map(String::as_str)
    }

    /// All input tables a query reads, directly or through others.
    pub fn reads(&self, query: &Query) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.collect(query, false, &mut BTreeSet::new(), &mut found);
        found
    }

    /// The input tables without which a query gives nothing: those it reads, less the optional.
    pub fn needs(&self, query: &Query) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.collect(query, true, &mut BTreeSet::new(), &mut found);
        found
    }

    fn collect(
        &self,
        query: &Query,
        needed_only: bool,
        seen: &mut BTreeSet<String>,
        found: &mut BTreeSet<String>,
    ) {
        if !seen.insert(query.name.clone()) {
            return;
        }
        for table in query.references.keys() {
            if needed_only && query.optional.contains(table) {
                continue;
            }
            if self.inputs.contains(table) {
                found.insert(table.clone());
            }
            for next in &self.ordered {
                let through_facts =
                    is_joined(table) && (next.name == BASE || next.kind == Kind::Fact);
                // A fact is one column among many: no measure fails for want of all of them.
                let wanted = !(needed_only && next.kind == Kind::Fact);
                if (next.name == *table || through_facts) && wanted {
                    self.collect(next, needed_only, seen, found);
                }
            }
        }
    }
}

/// Reads the files by name; a file that is no SELECT, or whose name is taken, is left out.
fn read(
    files: &Files,
    is_table: impl Fn(&str) -> bool,
    problems: &mut Diagnostics,
) -> BTreeMap<String, Query> {
    let mut queries: BTreeMap<String, Query> = BTreeMap::new();
    for source in files.under("rules", "sql") {
        let Some((kind, name)) = kind_and_name(&source.path) else {
            continue;
        };
        let here = Place::File(source.path.clone());
        if is_table(name) {
            let message = format!("`{name}` is a table already");
            problems.push(
                Diagnostic::error(&NAME_CLASH, message)
                    .at(here)
                    .help("rename the file: its name becomes a name in SQL"),
            );
            continue;
        }
        if let Some(other) = queries.get(name) {
            let message = format!("two SQL files are called `{name}`");
            problems.push(
                Diagnostic::error(&NAME_CLASH, message)
                    .at(here)
                    .related(Place::File(other.source.path.clone()), "the other one")
                    .help("rename one of them: a file's name becomes a name in SQL"),
            );
            continue;
        }
        let by_period = remarks(&source.text, BY_PERIOD).next();
        if let Some(column) = by_period.filter(|column| !PERIOD_COLUMNS.contains(column)) {
            let message = format!("a query cannot run by `{column}`, one period at a time");
            let start = source.text.find(column).unwrap_or(0);
            problems.push(
                Diagnostic::error(&WRONG_COLUMNS, message)
                    .at(Place::text(source, start..start + column.len()))
                    .help("say `period` or `period_no`, whichever the query returns"),
            );
        }
        match statement::parse(source, Allowed::Select) {
            Ok(parsed) => {
                let open = statement::left_open(source, &parsed);
                problems.extend(not_given(source, by_period, open));
                let query = Query {
                    name: name.to_owned(),
                    kind,
                    source: Arc::clone(source),
                    references: statement::references(source, &parsed),
                    optional: remarks(&source.text, "optional:")
                        .map(str::to_owned)
                        .collect(),
                    by_period: by_period.map(str::to_owned),
                };
                queries.insert(name.to_owned(), query);
            }
            Err(found) => problems.extend(found),
        }
    }
    queries
}

/// What is wrong with the values a file leaves open: only those of the period it runs for are given.
fn not_given(
    source: &Arc<Source>,
    by_period: Option<&str>,
    open: Vec<(String, Range<usize>)>,
) -> Diagnostics {
    let is_given = |name: &str| {
        let name = name.strip_prefix('$');
        by_period.is_some() && name.is_some_and(|name| PERIOD_COLUMNS.contains(&name))
    };
    let wrong = open.into_iter().filter(|(name, _)| !is_given(name));
    wrong
        .map(|(name, at)| {
            let help = match by_period {
                Some(_) => "the period it runs for is `$period`, its number `$period_no`".to_owned(),
                None => format!(
                    "write the value itself; a period is given as `$period` to a query that says `-- {BY_PERIOD} period`"
                ),
            };
            Diagnostic::error(&SQL_INVALID, format!("nothing gives `{name}` a value"))
                .at(Place::text(source, at))
                .help(help)
        })
        .collect()
}

/// What a path under `rules/` gives, and its name there; none for other folders.
fn kind_and_name(path: &str) -> Option<(Kind, &str)> {
    let rest = path.strip_prefix("rules/")?.strip_suffix(".sql")?;
    match rest.split_once('/') {
        None => Some((Kind::Table, rest)),
        Some(("facts", name)) if !name.contains('/') => Some((Kind::Fact, name)),
        Some(("measures", name)) if !name.contains('/') => Some((Kind::Measure, name)),
        Some(_) => None,
    }
}

/// The names after a remark such as `-- optional:` in the comments at the head of a file.
fn remarks<'a>(text: &'a str, remark: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("--"))
        .filter_map(move |line| line.trim_start_matches('-').trim().strip_prefix(remark))
        .flat_map(|names| names.split(','))
        .map(str::trim)
}

/// Who reads whom.
struct Graph<'a> {
    queries: &'a BTreeMap<String, Query>,
}

impl Graph<'_> {
    /// The queries a query must wait for.
    fn waits_for(&self, query: &Query) -> Vec<&Query> {
        let mut before = Vec::new();
        for table in query.references.keys() {
            if is_joined(table) {
                before.extend(
                    self.queries
                        .values()
                        .filter(|q| q.name == BASE || q.kind == Kind::Fact),
                );
            } else if let Some(other) = self.queries.get(table).filter(|q| q.kind != Kind::Fact) {
                before.push(other);
            }
        }
        before
    }

    fn rests_on_customer_periods(&self, name: &str) -> bool {
        self.first_step_to_later(name, &mut BTreeSet::new())
            .is_some()
    }

    fn waits_for_base(&self, name: &str, seen: &mut BTreeSet<String>) -> bool {
        let Some(query) = self
            .queries
            .get(name)
            .filter(|_| seen.insert(name.to_owned()))
        else {
            return false;
        };
        let before = self.waits_for(query);
        before
            .iter()
            .any(|query| query.name == BASE || self.waits_for_base(&query.name, seen))
    }

    /// The table named in a query through which it comes to `customer_periods` or a measure.
    fn first_step_to_later(&self, name: &str, seen: &mut BTreeSet<String>) -> Option<String> {
        let query = self.queries.get(name)?;
        if !seen.insert(name.to_owned()) {
            return None;
        }
        query
            .references
            .keys()
            .find(|table| {
                let measure = self
                    .queries
                    .get(*table)
                    .is_some_and(|other| other.kind == Kind::Measure);
                is_joined(table) || measure || self.first_step_to_later(table, seen).is_some()
            })
            .cloned()
    }

    /// Facts, and what they are added to, must come before `customer_periods`.
    fn check_order(&self, problems: &mut Diagnostics) {
        for query in self.queries.values() {
            if query.kind != Kind::Fact && query.name != BASE {
                continue;
            }
            if let Some(table) = self.first_step_to_later(&query.name, &mut BTreeSet::new()) {
                let message = if is_joined(&table) {
                    format!(
                        "`{}` is computed before `{table}` and cannot read it",
                        query.name
                    )
                } else {
                    format!(
                        "`{}` is computed before `{CUSTOMER_PERIODS}` and cannot read `{table}`, which comes after",
                        query.name
                    )
                };
                problems.push(
                    Diagnostic::error(&OUT_OF_ORDER, message)
                        .at(query.place_of(&table))
                        .help(format!("read `{BASE}` and the input tables instead")),
                );
            }
        }
    }

    /// The names in an order in which each comes after those it waits for; circles are reported. What
    /// does not need the base comes before it: the base is large, and so are the sales, which can go
    /// when all that reads them has run.
    fn sorted(&self, problems: &mut Diagnostics) -> Vec<String> {
        let mut order = Vec::new();
        let mut done = BTreeSet::new();
        let (with_base, without) = self.queries.keys().partition::<Vec<_>, _>(|name| {
            *name == BASE || self.waits_for_base(name, &mut BTreeSet::new())
        });
        for name in without.into_iter().chain(with_base) {
            self.visit(name, &mut Vec::new(), &mut done, &mut order, problems);
        }
        order
    }

    fn visit(
        &self,
        name: &str,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
        order: &mut Vec<String>,
        problems: &mut Diagnostics,
    ) {
        if let Some(start) = path.iter().position(|earlier| earlier == name) {
            self.report_circle(&path[start..], problems);
            return;
        }
        let Some(query) = self.queries.get(name).filter(|_| !done.contains(name)) else {
            return;
        };
        path.push(name.to_owned());
        for before in self.waits_for(query) {
            self.visit(&before.name, path, done, order, problems);
        }
        path.pop();
        if done.insert(name.to_owned()) {
            order.push(name.to_owned());
        }
    }

    /// A circle through `customer_periods` is a fact or its base out of order, reported as that.
    fn report_circle(&self, circle: &[String], problems: &mut Diagnostics) {
        let members: Vec<&Query> = circle.iter().filter_map(|n| self.queries.get(n)).collect();
        let Some(first) = members.first() else { return };
        let out_of_order = |q: &&Query| {
            q.kind == Kind::Fact || (q.name == BASE && self.rests_on_customer_periods(BASE))
        };
        if members.iter().any(out_of_order) {
            return;
        }
        let names: Vec<String> = members.iter().map(|q| format!("`{}`", q.name)).collect();
        let message = match names.as_slice() {
            [alone] => format!("{alone} reads itself"),
            several => format!("{} read each other in a circle", several.join(", ")),
        };
        let next = |i: usize| members[(i + 1) % members.len()].name.as_str();
        let mut problem = Diagnostic::error(&QUERY_CYCLE, message).at(first.place_of(next(0)));
        for (i, member) in members.iter().enumerate().skip(1) {
            let remark = format!("`{}` reads `{}` here", member.name, next(i));
            problem = problem.related(member.place_of(next(i)), remark);
        }
        problems.push(problem);
    }
}
