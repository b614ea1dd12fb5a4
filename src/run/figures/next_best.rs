//! What to offer whom.

use super::{Sheet, count, known, text};
use crate::diagnostics::Diagnostics;
use crate::report::model::{NextBest, Offer, ProductPair, Suggested};
use crate::run::compute::Computed;
use crate::workspace::NextBestProduct;

/// Products and pairs shown on the page.
const LISTED: usize = 10;

/// Suggestions in the workbook: what a sheet can be worked with.
pub(in crate::run) const IN_WORKBOOK: usize = 10_000;

pub(super) fn next_best(
    computed: &Computed,
    settings: NextBestProduct,
) -> Result<NextBest, Diagnostics> {
    let active = "from next_best_products s \
         join reported_customers c on c.customer_id = s.customer_id and c.is_closing";
    let counts = Sheet::of(
        computed,
        &format!(
            "select count(*) as suggestions, count(distinct s.customer_id) as customers {active}"
        ),
    )?;
    let counted = |name: &str| -> Result<i64, Diagnostics> {
        Ok(count(&counts.counts(name)?, 0).unwrap_or(0))
    };
    let suggestions = counted("suggestions")?;
    Ok(NextBest {
        level: settings.level.name().to_owned(),
        window_months: settings.window_months,
        min_count: settings.min_count,
        customers: counted("customers")?,
        offers: offers(computed, active)?,
        pairs: pairs(computed, settings)?,
        listed: suggestions.min(IN_WORKBOOK as i64),
        suggestions,
    })
}

fn offers(computed: &Computed, active: &str) -> Result<Vec<Offer>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select s.product_id, s.product, max(s.expected_margin) as expected_margin, \
                 count(*) as customers \
             {active} where s.rank = 1 \
             group by s.product_id, s.product \
             order by customers desc, s.product_id limit {LISTED}"
        ),
    )?;
    let (ids, products) = (sheet.texts("product_id")?, sheet.texts("product")?);
    let customers = sheet.counts("customers")?;
    let margins = sheet.numbers("expected_margin")?;
    let rows = sheet.rows().map(|row| Offer {
        product_id: ids.value(row).to_owned(),
        product: products.value(row).to_owned(),
        customers: customers.value(row),
        expected_margin: known(&margins, row),
    });
    Ok(rows.collect())
}

fn pairs(computed: &Computed, settings: NextBestProduct) -> Result<Vec<ProductPair>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "with names as ( \
                 select product_id as id, max(product) as name from ( \
                     select product_id, product from next_best_products \
                     union all \
                     select because_product_id, because_product from next_best_products \
                 ) group by product_id \
             ) \
             select p.*, coalesce(a.name, p.product_a) as because, coalesce(b.name, p.product_b) as product \
             from product_pairs p \
             left join names a on a.id = p.product_a \
             left join names b on b.id = p.product_b \
             where p.level = '{}' and p.confidence_low * p.n > p.n_b \
                 and (p.level = 'sequence' or p.n_a < p.n_b or p.n_a = p.n_b and p.product_a < p.product_b) \
             order by p.confidence_low * p.n / p.n_b desc, p.product_a, p.product_b limit {LISTED}",
            settings.level.name()
        ),
    )?;
    let (because, products) = (sheet.texts("because")?, sheet.texts("product")?);
    let counts = |name: &str| sheet.counts(name);
    let (n_ab, n_a, n_b, n) = (
        counts("n_ab")?,
        counts("n_a")?,
        counts("n_b")?,
        counts("n")?,
    );
    let confidence = sheet.numbers("confidence")?;
    let (low, lift) = (sheet.numbers("confidence_low")?, sheet.numbers("lift")?);
    let rows = sheet.rows().map(|row| ProductPair {
        because: because.value(row).to_owned(),
        product: products.value(row).to_owned(),
        n_ab: n_ab.value(row),
        n_a: n_a.value(row),
        n_b: n_b.value(row),
        n: n.value(row),
        confidence: confidence.value(row),
        confidence_low: low.value(row),
        lift: lift.value(row),
    });
    Ok(rows.collect())
}

/// The suggestion in a row of customers; none where they have none.
pub(super) fn suggested(sheet: &Sheet, row: usize) -> Result<Option<Suggested>, Diagnostics> {
    let (products, because) = (sheet.texts("product")?, sheet.texts("because_product")?);
    let (n_ab, n_a) = (sheet.counts("n_ab")?, sheet.counts("n_a")?);
    Ok(text(&products, row).map(|product| Suggested {
        product,
        because: because.value(row).to_owned(),
        n_ab: n_ab.value(row),
        n_a: n_a.value(row),
    }))
}
