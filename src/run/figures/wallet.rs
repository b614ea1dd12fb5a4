//! What the report says of share of wallet.

use super::{Sheet, count, known, number, text};
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostics, Place};
use crate::report::build::{WalletFigures, WalletRuleFigures, WalletSum};
use crate::report::model::{CappedWallet, WalletGap, WalletMethod};
use crate::run::compute::Computed;

/// Customers listed.
const LISTED: usize = 10;

pub(super) fn wallet(computed: &Computed, reported: Quarter) -> Result<WalletFigures, Diagnostics> {
    let parts = |measure: &str, period: Quarter| -> Option<(f64, f64)> {
        let measure = computed.measures.iter().find(|m| m.name == measure)?;
        let row = measure.total(period)?;
        Some((row.numerator?, row.denominator?))
    };
    let (capped_customers, capped) = capped(computed, reported)?;
    let given = Sheet::of(
        computed,
        "select count(distinct w.customer_id) as customers, \
             count(distinct w.customer_id) filter (where w.period is null) as undated \
         from wallet w \
         where w.customer_id in (select customer_id from reported_customers)",
    )?;
    let sums = sums(computed, reported)?;
    let given_for = |name: &str| -> Result<i64, Diagnostics> {
        Ok(count(&given.counts(name)?, 0).unwrap_or(0))
    };
    let used: i64 = sums.iter().map(|sum| sum.customers).sum();
    Ok(WalletFigures {
        supplied: computed.prepared.supplied.contains("wallet"),
        stale: (given_for("customers")? - used).max(0),
        undated: given_for("undated")?,
        previous: parts("share_of_wallet", reported.plus(-1)),
        covered: parts("wallet_coverage", reported),
        sums,
        methods: methods(computed, reported)?,
        gaps: gaps(computed, reported)?,
        capped,
        capped_customers,
        rule: rule(computed, reported)?,
    })
}

fn sums(computed: &Computed, reported: Quarter) -> Result<Vec<WalletSum>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select coalesce(c.segment, '') as segment, count(*) as customers, \
                 sum(w.own) as own, sum(w.total) as total \
             from wallet_periods w \
             join reported_customers c on c.customer_id = w.customer_id \
             where w.period = '{reported}' group by 1 order by 1"
        ),
    )?;
    let (segments, customers) = (sheet.texts("segment")?, sheet.counts("customers")?);
    let (own, total) = (sheet.numbers("own")?, sheet.numbers("total")?);
    let sum = |row| WalletSum {
        class: segments.value(row).to_owned(),
        customers: customers.value(row),
        own: number(&own, row),
        wallet: number(&total, row),
    };
    Ok(sheet.rows().map(sum).collect())
}

fn methods(computed: &Computed, reported: Quarter) -> Result<Vec<WalletMethod>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select method, count(*) as customers, sum(own) as own, sum(total) as total \
             from wallet_periods where period = '{reported}' \
             group by method order by total desc, method"
        ),
    )?;
    let (methods, customers) = (sheet.texts("method")?, sheet.counts("customers")?);
    let (own, total) = (sheet.numbers("own")?, sheet.numbers("total")?);
    let one = |row| {
        let wallet = number(&total, row);
        WalletMethod {
            method: text(&methods, row),
            customers: customers.value(row),
            wallet,
            share: (wallet > 0.0).then(|| number(&own, row) / wallet),
        }
    };
    Ok(sheet.rows().map(one).collect())
}

fn gaps(computed: &Computed, reported: Quarter) -> Result<Vec<WalletGap>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select w.customer_id, n.name, c.segment, w.own, w.total, \
                 cast(r.share as double) as by_rule \
             from wallet_periods w \
             join reported_customers c on c.customer_id = w.customer_id \
             left join wallet_ranks r on r.customer_id = w.customer_id and r.period = w.period \
             left join customer_names n on n.customer_id = w.customer_id \
             where w.period = '{reported}' and w.total > w.own \
             order by w.total - w.own desc, w.customer_id limit {LISTED}"
        ),
    )?;
    let (ids, names) = (sheet.texts("customer_id")?, sheet.texts("name")?);
    let classes = sheet.texts("segment")?;
    let (own, total) = (sheet.numbers("own")?, sheet.numbers("total")?);
    let by_rule = sheet.numbers("by_rule")?;
    let gap = |row| {
        let (own, wallet) = (number(&own, row), number(&total, row));
        WalletGap {
            customer_id: ids.value(row).to_owned(),
            name: text(&names, row),
            class: text(&classes, row),
            own,
            wallet,
            elsewhere: wallet - own,
            share: (wallet > 0.0).then(|| own / wallet),
            by_rule: known(&by_rule, row),
        }
    };
    Ok(sheet.rows().map(gap).collect())
}

/// Who bought for more than the wallet, with the cell of the sheet that is closest to the period.
fn capped(computed: &Computed, reported: Quarter) -> Result<(i64, Vec<CappedWallet>), Diagnostics> {
    let counted = Sheet::of(
        computed,
        &format!(
            "select count(*) as customers from wallet_periods \
             where period = '{reported}' and is_capped"
        ),
    )?;
    let sheet = Sheet::of(
        computed,
        &format!(
            "with capped as ( \
                 select * from wallet_periods where period = '{reported}' and is_capped \
                 order by capped_own - capped_stated desc, customer_id limit {LISTED} \
             ), \
             said as ( \
                 select w.*, row_number() over ( \
                     partition by w.customer_id \
                     order by coalesce(n.quarters, 8), w.source_file, w.source_sheet, w.source_row \
                 ) as place \
                 from wallet w \
                 join capped c on c.customer_id = w.customer_id \
                     and coalesce(c.capped_category, '') = coalesce(w.category, '') \
                 left join period_names n on n.name = w.period and n.period = '{reported}' \
                 where w.period is null or n.name is not null \
             ) \
             select c.customer_id, n.name, c.capped_category, c.capped_own, c.capped_stated, \
                 s.source_file, s.source_sheet, s.source_row \
             from capped c \
             left join said s on s.customer_id = c.customer_id and s.place = 1 \
             left join customer_names n on n.customer_id = c.customer_id \
             order by c.capped_own - c.capped_stated desc, c.customer_id"
        ),
    )?;
    let (ids, names) = (sheet.texts("customer_id")?, sheet.texts("name")?);
    let categories = sheet.texts("capped_category")?;
    let (own, stated) = (
        sheet.numbers("capped_own")?,
        sheet.numbers("capped_stated")?,
    );
    let (files, sheets) = (sheet.texts("source_file")?, sheet.texts("source_sheet")?);
    let rows = sheet.counts("source_row")?;
    let listed = sheet.rows().map(|row| CappedWallet {
        customer_id: ids.value(row).to_owned(),
        name: text(&names, row),
        category: text(&categories, row),
        own: number(&own, row),
        stated: number(&stated, row),
        place: match text(&files, row) {
            Some(file) => place(&file, text(&sheets, row), count(&rows, row)),
            None => String::new(),
        },
    });
    Ok((
        count(&counted.counts("customers")?, 0).unwrap_or(0),
        listed.collect(),
    ))
}

/// File, sheet and row as every spreadsheet program writes them: no words in between.
fn place(file: &str, sheet: Option<String>, row: Option<i64>) -> String {
    let sheet = sheet.filter(|sheet| !sheet.is_empty());
    let parts = [Some(Place::File(file.to_owned()).to_string()), sheet];
    let parts = parts.into_iter().flatten();
    let parts = parts.chain(row.map(|row| row.to_string()));
    parts.collect::<Vec<_>>().join(" · ")
}

fn rule(computed: &Computed, reported: Quarter) -> Result<Option<WalletRuleFigures>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select count(*) as answers, count(*) filter (where r.brands > 1) as several, \
                 sum(r.share) as shares, count(w.customer_id) as both, \
                 sum(w.own) as own, sum(w.total) as total, sum(w.total * r.share) as by_rule \
             from wallet_ranks r \
             left join wallet_periods w on w.customer_id = r.customer_id and w.period = r.period \
             where r.period = '{reported}'"
        ),
    )?;
    let counts = |name: &str| -> Result<i64, Diagnostics> {
        Ok(count(&sheet.counts(name)?, 0).unwrap_or(0))
    };
    let sums = |name: &str| -> Result<f64, Diagnostics> { Ok(number(&sheet.numbers(name)?, 0)) };
    let answers = counts("answers")?;
    if answers == 0 {
        return Ok(None);
    }
    Ok(Some(WalletRuleFigures {
        answers,
        several: counts("several")?,
        shares: sums("shares")?,
        both: counts("both")?,
        own: sums("own")?,
        wallet: sums("total")?,
        by_rule: sums("by_rule")?,
    }))
}
