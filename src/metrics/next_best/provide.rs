//! The tables `product_pairs` and `next_best_products`, of the reported period, worked out where
//! something reads them: a SQL file of the workspace, the statement of `query`, or the reports.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringViewArray, StringViewBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::{MOST_PRODUCTS, Pair, PairCounts, Purchases, Suggestion, Suggestions};
use crate::diagnostics::codes::engine::PRODUCTS_CAPPED;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Engine, Queries, internal};
use crate::metrics::Timeline;
use crate::workspace::{NextBestProduct, PairLevel};

/// The table of pairs.
pub const PAIRS: &str = "product_pairs";

/// The table of what to offer whom.
pub const SUGGESTIONS: &str = "next_best_products";

/// What is read of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// Suggestions, and the pairs they come of: those of the level that is set.
    Suggestions,
    /// The pairs of every level, too.
    AllLevels,
}

impl Wanted {
    /// What the SQL files read.
    pub fn by_queries(queries: &Queries) -> Self {
        let all = queries.early().chain(queries.facts()).chain(queries.late());
        let tables = all.flat_map(|query| queries.direct(query));
        tables.map(Self::of_table).max().unwrap_or(Self::Nothing)
    }

    /// What a statement names. It may be told so once too often, by a comment say; that costs time
    /// and nothing else.
    pub fn by_statement(sql: &str) -> Self {
        let sql = sql.to_lowercase();
        let named = [PAIRS, SUGGESTIONS]
            .into_iter()
            .filter(|table| sql.contains(table));
        named.map(Self::of_table).max().unwrap_or(Self::Nothing)
    }

    fn of_table(table: &str) -> Self {
        match table {
            PAIRS => Self::AllLevels,
            SUGGESTIONS => Self::Suggestions,
            _ => Self::Nothing,
        }
    }
}

/// Registers both tables without rows.
///
/// # Errors
/// When the engine refuses.
pub fn register_empty(engine: &Engine) -> Result<(), Diagnostic> {
    engine.register(PAIRS, Arc::clone(&PAIR_SCHEMA), &[])?;
    engine.register(SUGGESTIONS, Arc::clone(&SUGGESTION_SCHEMA), &[])
}

/// Works out and registers, as of the end of the reported period, from `transactions`, `products`,
/// `customers` and `supplied_tables`:
///
/// * `product_pairs(period, level, product_a, product_b, n_ab, n_a, n_b, n, support, confidence,
///   confidence_low, lift, leverage, kulczynski, imbalance)`: a row for each ordered pair of products
///   that at least `min-count` units have; of the level that is set, or of all;
/// * `next_best_products(customer_id, period, rank, product_id, product, because_product_id,
///   because_product, n_ab, n_a, n_b, n, confidence, confidence_low, lift, expected_margin, score)`:
///   what to offer each customer, the best first.
///
/// What is missing and what is a share is as [`Pair`] and [`Suggestions`] say. Returned is what is to
/// be said of it.
///
/// # Errors
/// When the engine fails.
pub fn provide(
    engine: &Engine,
    timeline: &Timeline,
    settings: NextBestProduct,
    wanted: Wanted,
) -> Result<Option<Diagnostic>, Diagnostics> {
    if wanted == Wanted::Nothing {
        register_empty(engine)?;
        return Ok(None);
    }
    let (ends, months) = (timeline.ends(), settings.window_months);
    let purchases = Purchases::read(engine, ends, months)?;
    let period = timeline.reported.to_string();
    let mut pairs = Vec::new();
    let mut capped = false;
    for level in PairLevel::ALL {
        if level != settings.level && wanted != Wanted::AllLevels {
            continue;
        }
        let taken = match level {
            PairLevel::Customer | PairLevel::Sequence => purchases.by_customer(),
            PairLevel::Basket => purchases.by_basket(engine, ends, months)?,
        };
        let counts = PairCounts::of(level, purchases.products.len(), taken, MOST_PRODUCTS);
        capped |= counts.is_capped;
        pairs.push(pair_rows(
            &period,
            level,
            &counts,
            &purchases,
            settings.min_count,
        )?);
        if level == settings.level {
            let rows = suggestion_rows(&period, &counts, &purchases, settings)?;
            engine.register(SUGGESTIONS, Arc::clone(&SUGGESTION_SCHEMA), &[rows])?;
        }
    }
    engine.register(PAIRS, Arc::clone(&PAIR_SCHEMA), &pairs)?;
    Ok(capped.then(|| {
        let message = format!(
            "of {} products the {MOST_PRODUCTS} most bought are counted in pairs",
            purchases.products.len()
        );
        Diagnostic::info(&PRODUCTS_CAPPED, message)
    }))
}

fn fields(fields: &[(&str, DataType, bool)]) -> SchemaRef {
    let fields = fields
        .iter()
        .map(|(name, kind, nullable)| Field::new(*name, kind.clone(), *nullable));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

static PAIR_SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    use DataType::{Float64, Int64, Utf8View};
    fields(&[
        ("period", Utf8View, false),
        ("level", Utf8View, false),
        ("product_a", Utf8View, false),
        ("product_b", Utf8View, false),
        ("n_ab", Int64, false),
        ("n_a", Int64, false),
        ("n_b", Int64, false),
        ("n", Int64, false),
        ("support", Float64, false),
        ("confidence", Float64, false),
        ("confidence_low", Float64, false),
        ("lift", Float64, false),
        ("leverage", Float64, false),
        ("kulczynski", Float64, false),
        ("imbalance", Float64, false),
    ])
});

static SUGGESTION_SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    use DataType::{Float64, Int64, Utf8View};
    fields(&[
        ("customer_id", Utf8View, false),
        ("period", Utf8View, false),
        ("rank", Int64, false),
        ("product_id", Utf8View, false),
        ("product", Utf8View, false),
        ("because_product_id", Utf8View, false),
        ("because_product", Utf8View, false),
        ("n_ab", Int64, false),
        ("n_a", Int64, false),
        ("n_b", Int64, false),
        ("n", Int64, false),
        ("confidence", Float64, false),
        ("confidence_low", Float64, false),
        ("lift", Float64, false),
        ("expected_margin", Float64, true),
        ("score", Float64, false),
    ])
});

/// Columns of figures of pairs.
struct PairColumns<'a>(Vec<&'a Pair>);

impl PairColumns<'_> {
    fn count(&self, of: fn(&Pair) -> u32) -> ArrayRef {
        let counts = self.0.iter().map(|pair| i64::from(of(pair)));
        Arc::new(Int64Array::from_iter_values(counts))
    }

    fn number(&self, of: fn(Pair) -> f64) -> ArrayRef {
        let numbers = self.0.iter().map(|pair| of(**pair));
        Arc::new(Float64Array::from_iter_values(numbers))
    }

    fn counts(&self) -> [ArrayRef; 4] {
        [
            self.count(|pair| pair.n_ab),
            self.count(|pair| pair.n_a),
            self.count(|pair| pair.n_b),
            self.count(|pair| pair.n),
        ]
    }
}

fn text<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringViewArray::from_iter_values(values))
}

/// Names that are said again and again.
fn names<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    let mut builder = StringViewBuilder::new().with_deduplicate_strings();
    for value in values {
        builder.append_value(value);
    }
    Arc::new(builder.finish())
}

fn pair_rows(
    period: &str,
    level: PairLevel,
    counts: &PairCounts,
    purchases: &Purchases,
    min_count: u32,
) -> Result<RecordBatch, Diagnostic> {
    let found: Vec<(usize, usize, Pair)> = counts.pairs(min_count).collect();
    let id = |place: usize| {
        purchases.products[counts.products[place] as usize]
            .id
            .as_str()
    };
    let pairs = PairColumns(found.iter().map(|(_, _, pair)| pair).collect());
    let mut columns = vec![
        text(found.iter().map(|_| period)),
        text(found.iter().map(|_| level.name())),
        names(found.iter().map(|(a, _, _)| id(*a))),
        names(found.iter().map(|(_, b, _)| id(*b))),
    ];
    columns.extend(pairs.counts());
    columns.extend([
        pairs.number(Pair::support),
        pairs.number(Pair::confidence),
        pairs.number(Pair::confidence_low),
        pairs.number(Pair::lift),
        pairs.number(Pair::leverage),
        pairs.number(Pair::kulczynski),
        pairs.number(Pair::imbalance),
    ]);
    RecordBatch::try_new(Arc::clone(&PAIR_SCHEMA), columns).map_err(internal)
}

fn suggestion_rows(
    period: &str,
    counts: &PairCounts,
    purchases: &Purchases,
    settings: NextBestProduct,
) -> Result<RecordBatch, Diagnostic> {
    let mut suggestions = Suggestions::of(counts, purchases, settings);
    let mut found: Vec<(u32, i64, Suggestion)> = Vec::new();
    for own in purchases.bought.chunk_by(|a, b| a.customer == b.customer) {
        let customer = own[0].customer;
        let recent = own.iter().filter(|one| one.day.is_some());
        let segment = purchases.segments.get(customer as usize);
        let best = suggestions.for_customer(
            customer + 1,
            segment.and_then(Option::as_deref),
            recent.map(|one| one.product),
            own.iter().map(|one| one.product),
        );
        found.extend(
            best.into_iter()
                .zip(1..)
                .map(|(suggestion, rank)| (customer, rank, suggestion)),
        );
    }
    let product = |number: u32| &purchases.products[number as usize];
    let pairs = PairColumns(found.iter().map(|(_, _, found)| &found.pair).collect());
    let offered = || found.iter().map(|(_, _, found)| product(found.product));
    let because = || found.iter().map(|(_, _, found)| product(found.because));
    let customers = found
        .iter()
        .map(|(customer, _, _)| purchases.customers[*customer as usize].as_str());
    let mut columns = vec![
        text(customers),
        text(found.iter().map(|_| period)),
        Arc::new(Int64Array::from_iter_values(
            found.iter().map(|(_, rank, _)| *rank),
        )) as ArrayRef,
        names(offered().map(|product| product.id.as_str())),
        names(offered().map(|product| product.name.as_str())),
        names(because().map(|product| product.id.as_str())),
        names(because().map(|product| product.name.as_str())),
    ];
    columns.extend(pairs.counts());
    columns.extend([
        pairs.number(Pair::confidence),
        pairs.number(Pair::confidence_low),
        pairs.number(Pair::lift),
        Arc::new(
            offered()
                .map(|product| product.margin)
                .collect::<Float64Array>(),
        ) as ArrayRef,
        Arc::new(Float64Array::from_iter_values(
            found.iter().map(|(_, _, found)| found.score),
        )),
    ]);
    RecordBatch::try_new(Arc::clone(&SUGGESTION_SCHEMA), columns).map_err(internal)
}
