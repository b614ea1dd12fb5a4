//! What customers owe.

use super::{Sheet, count, known, number, text};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::report::model::{Ageing, Debtor, Receivables};
use crate::run::compute::Computed;

/// Debtors shown on the page.
const LISTED: usize = 10;

pub(super) fn receivables(
    computed: &Computed,
    reported: Quarter,
) -> Result<Receivables, Diagnostics> {
    let total = |period: Quarter| -> Result<Option<Ageing>, Diagnostics> {
        let sheet = Sheet::of(
            computed,
            &format!("select * from receivables where period = '{period}' and customer_id is null"),
        )?;
        Ok(ageings(&sheet)?.into_iter().next())
    };
    let sheet = Sheet::of(
        computed,
        &format!(
            "select r.*, c.name from receivables r \
             left join customer_names c on c.customer_id = r.customer_id \
             where r.period = '{reported}' and r.customer_id is not null and r.outstanding > 0 \
             order by r.overdue desc, r.outstanding desc, r.customer_id limit {LISTED}"
        ),
    )?;
    let (ids, names) = (sheet.texts("customer_id")?, sheet.texts("name")?);
    let debtors = ageings(&sheet)?.into_iter().zip(0..);
    let owing = Sheet::of(
        computed,
        &format!(
            "select count(*) as customers, count(*) filter (where overdue > 0) as overdue \
             from receivables \
             where period = '{reported}' and customer_id is not null and outstanding > 0"
        ),
    )?;
    Ok(Receivables {
        total: total(reported)?,
        previous: total(reported.plus(-1))?,
        debtors: debtors
            .map(|(ageing, row)| Debtor {
                customer_id: ids.value(row).to_owned(),
                name: text(&names, row),
                ageing,
            })
            .collect(),
        customers: count(&owing.counts("customers")?, 0).unwrap_or(0),
        customers_overdue: count(&owing.counts("overdue")?, 0).unwrap_or(0),
    })
}

/// Whether the data say when sales were paid.
pub(super) fn is_known(computed: &Computed, reported: Quarter) -> Result<bool, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select period from receivables where period = '{reported}' and customer_id is null"
        ),
    )?;
    Ok(!sheet.rows().is_empty())
}

pub(super) fn ageings(sheet: &Sheet) -> Result<Vec<Ageing>, Diagnostics> {
    let amounts = |name: &str| sheet.numbers(name);
    let (outstanding, not_due) = (amounts("outstanding")?, amounts("not_due")?);
    let (to_30, to_60) = (amounts("days_1_30")?, amounts("days_31_60")?);
    let (to_90, over_90) = (amounts("days_61_90")?, amounts("days_over_90")?);
    let (overdue, sales) = (amounts("overdue")?, amounts("credit_sales")?);
    let days = amounts("days_sales_outstanding")?;
    let rows = sheet.rows().map(|row| {
        let (outstanding, overdue) = (number(&outstanding, row), number(&overdue, row));
        Ageing {
            outstanding,
            not_due: number(&not_due, row),
            days_1_30: number(&to_30, row),
            days_31_60: number(&to_60, row),
            days_61_90: number(&to_90, row),
            days_over_90: number(&over_90, row),
            overdue,
            overdue_share: (outstanding > 0.0).then(|| overdue / outstanding),
            credit_sales: number(&sales, row),
            days_sales_outstanding: known(&days, row),
        }
    });
    Ok(rows.collect())
}
