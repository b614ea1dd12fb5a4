//! The profiles of those whom the rules chose.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{DataType, Date32Type};

use super::scoring::criteria;
use super::{Sheet, count, known, receivables, text};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::report::build::{
    MovedFigure, ProfileFigure, ProfileFigures, QuarterFigure, SourceRow, SuggestedFigure,
};
use crate::report::model::{Ageing, ProfileAnswer, ProfileKnown, ProfileProduct, ProfileRequest};
use crate::rules::Rules;
use crate::run::compute::Computed;
use crate::run::profiled::{Chosen, in_list};
use crate::workspace::Config;

/// Products listed.
const PRODUCTS: usize = 8;
/// Requests listed.
const REQUESTS: usize = 5;

pub(super) fn profiles(
    computed: &Computed,
    rules: &Rules,
    config: &Config,
    reported: Quarter,
) -> Result<ProfileFigures, Diagnostics> {
    let profiled = &computed.profiled;
    let supplied = |table: &str| computed.prepared.supplied.contains(table);
    let ends = computed.prepared.timeline.ends();
    let mut figures = ProfileFigures {
        chosen: profiled.chosen as i64,
        most: i64::from(config.profiles.most),
        window_months: config.rfm.window_months,
        window_starts: crate::calendar::window_start(ends, config.rfm.window_months),
        known: ProfileKnown {
            customers: supplied("customers"),
            contacts: supplied("campaign_contacts"),
            requests: supplied("interactions"),
            surveys: supplied("surveys"),
            payments: false,
            products: computed
                .intake
                .supplied_columns()
                .iter()
                .any(|(table, column)| {
                    *table == "transactions" && ["product_id", "product_name"].contains(column)
                }),
        },
        customers: Vec::new(),
    };
    if profiled.customers.is_empty() {
        return Ok(figures);
    }
    let list = in_list(profiled.customers.iter().map(|c| c.customer.as_str()));
    figures.known.payments = receivables::is_known(computed, reported)?;
    let facts = Facts::of(computed, &list)?;
    let rows: Vec<usize> = profiled.customers.iter().map(|c| c.row).collect();
    let mut more = More {
        criteria: criteria(computed, rules, &rows)?,
        suggestions: suggestions(computed, &list, config.next_best_product.level.name())?,
        answers: answers(computed, &list)?,
        owed: owed(computed, &list, reported)?,
    };
    for chosen in &profiled.customers {
        let Some(at) = facts.place(&chosen.customer) else {
            continue;
        };
        let mut figure = facts.figure(at, chosen, computed)?;
        more.take(chosen, &mut figure);
        figures.customers.push(figure);
    }
    Ok(figures)
}

/// What is read of all chosen customers at once.
struct More {
    criteria: BTreeMap<usize, Vec<crate::report::build::CriterionFigure>>,
    suggestions: BTreeMap<String, Vec<SuggestedFigure>>,
    answers: BTreeMap<String, Answers>,
    owed: BTreeMap<String, Ageing>,
}

/// The latest answers of a customer, and where they stand.
type Answers = (Vec<ProfileAnswer>, Vec<SourceRow>);

impl More {
    fn take(&mut self, chosen: &Chosen, figure: &mut ProfileFigure) {
        let id = &chosen.customer;
        figure.criteria = self.criteria.remove(&chosen.row).unwrap_or_default();
        figure.suggestions = self.suggestions.remove(id).unwrap_or_default();
        figure.owed = self.owed.remove(id);
        if let Some((answers, rows)) = self.answers.remove(id) {
            figure.answers = answers;
            figure.sources.push(("surveys".to_owned(), rows));
        }
    }
}

/// The facts of the chosen in the reported period, whichever there are: a workspace may do without some.
struct Facts {
    sheet: Sheet,
    places: BTreeMap<String, usize>,
}

impl Facts {
    fn of(computed: &Computed, list: &str) -> Result<Self, Diagnostics> {
        let sheet = Sheet::of(
            computed,
            &format!(
                "select p.*, c.name from reported_customers p \
                 left join customer_names c on c.customer_id = p.customer_id \
                 where p.customer_id in {list}"
            ),
        )?;
        let ids = sheet.texts("customer_id")?;
        let places = ids.iter().flatten().map(str::to_owned).zip(0..).collect();
        Ok(Self { sheet, places })
    }

    fn place(&self, customer: &str) -> Option<usize> {
        self.places.get(customer).copied()
    }

    fn has(&self, name: &str) -> bool {
        self.sheet.0.column_by_name(name).is_some()
    }

    fn text(&self, name: &str, row: usize) -> Result<Option<String>, Diagnostics> {
        if !self.has(name) {
            return Ok(None);
        }
        Ok(text(&self.sheet.texts(name)?, row))
    }

    fn number(&self, name: &str, row: usize) -> Result<Option<f64>, Diagnostics> {
        if !self.has(name) {
            return Ok(None);
        }
        Ok(known(&self.sheet.numbers(name)?, row))
    }

    fn whole(&self, name: &str, row: usize) -> Result<Option<i64>, Diagnostics> {
        if !self.has(name) {
            return Ok(None);
        }
        Ok(count(&self.sheet.counts(name)?, row))
    }

    fn flag(&self, name: &str, row: usize) -> Result<Option<bool>, Diagnostics> {
        if !self.has(name) {
            return Ok(None);
        }
        let column = self.sheet.column(name, &DataType::Boolean)?;
        let flags = column.as_boolean();
        Ok(flags.is_valid(row).then(|| flags.value(row)))
    }

    fn day(&self, name: &str, row: usize) -> Result<Option<NaiveDate>, Diagnostics> {
        if !self.has(name) {
            return Ok(None);
        }
        day(&self.sheet, name, row)
    }

    fn figure(
        &self,
        row: usize,
        chosen: &Chosen,
        computed: &Computed,
    ) -> Result<ProfileFigure, Diagnostics> {
        let of_rules = &computed.assignments;
        let score = |name: &str| self.whole(&format!("{name}_score"), row);
        Ok(ProfileFigure {
            customer_id: chosen.customer.clone(),
            name: self.text("name", row)?,
            grounds: of_rules.grounds(chosen.row),
            class: self.text("segment", row)?,
            reason: of_rules.reason(chosen.row),
            before: chosen.before.as_ref().map(|before| MovedFigure {
                class: before.class.clone(),
                class_because: before.class_because.clone(),
                scores: before.scores,
                scores_because: before.scores_because.clone(),
            }),
            is_active: self.flag("is_closing", row)?.unwrap_or(false),
            actual_value: self.number("actual_value", row)?,
            potential_value: self.number("potential_value", row)?,
            first_purchase: self.day("first_purchase", row)?,
            last_purchase: self.day("last_purchase", row)?,
            recency_days: self.whole("recency_days", row)?,
            frequency: self.whole("frequency", row)?,
            monetary: self.number("monetary", row)?,
            stage: self.text("life_cycle_stage", row)?,
            quarters: chosen
                .quarters
                .iter()
                .map(|(period, of)| {
                    let figure = QuarterFigure {
                        orders: of.orders,
                        revenue: of.revenue,
                        contribution: of.contribution,
                    };
                    (*period, figure)
                })
                .collect(),
            scores: [score("recency")?, score("frequency")?, score("monetary")?],
            strength: self.number("strength", row)?,
            attractiveness: self.number("attractiveness", row)?,
            criteria: Vec::new(),
            products: products(chosen, computed),
            products_bought: chosen.purchases.products.len() as i64,
            suggestions: Vec::new(),
            channel: self.text("preferred_channel", row)?,
            channel_is_stated: self.flag("channel_is_stated", row)?,
            consent: chosen.consent,
            contacts: self.whole("campaign_contacts_quarter", row)?,
            contacts_in_month: self.whole("campaign_contacts_month", row)?,
            complained: self.flag("complained_after_contact", row)?,
            requests: requests(chosen),
            requests_open: chosen
                .requests
                .iter()
                .filter(|r| r.closed.is_none())
                .count() as i64,
            requests_made: chosen.requests.len() as i64,
            answers: Vec::new(),
            owed: None,
            actions: of_rules.actions(chosen.row),
            sources: sources(chosen),
        })
    }
}

fn products(chosen: &Chosen, computed: &Computed) -> Vec<ProfileProduct> {
    let names = &computed.profiled.product_names;
    let bought = chosen.purchases.products.iter().take(PRODUCTS);
    bought
        .map(|bought| ProfileProduct {
            product: names
                .get(&bought.product)
                .or(bought.name.as_ref())
                .unwrap_or(&bought.product)
                .clone(),
            quantity: bought.quantity,
            revenue: bought.revenue,
            last_bought: bought.last_bought,
        })
        .collect()
}

fn requests(chosen: &Chosen) -> Vec<ProfileRequest> {
    let made = chosen.requests.iter().take(REQUESTS);
    made.map(|request| ProfileRequest {
        kind: request
            .kind
            .clone()
            .unwrap_or_else(|| "unstated".to_owned()),
        channel: request.channel.clone(),
        opened: request.opened,
        closed: request.closed,
    })
    .collect()
}

fn sources(chosen: &Chosen) -> Vec<(String, Vec<SourceRow>)> {
    let tables = ["transactions", "customers", "interactions"];
    let found = tables.into_iter().filter_map(|table| {
        let rows = chosen.sources.get(table)?.iter();
        let rows = rows.map(|row| (row.file.clone(), row.sheet.clone(), row.row));
        Some((table.to_owned(), rows.collect()))
    });
    found.collect()
}

fn day(sheet: &Sheet, name: &str, row: usize) -> Result<Option<NaiveDate>, Diagnostics> {
    let column = sheet.column(name, &DataType::Date32)?;
    let days = column.as_primitive::<Date32Type>();
    Ok(days
        .is_valid(row)
        .then(|| days.value_as_date(row))
        .flatten())
}

fn suggestions(
    computed: &Computed,
    list: &str,
    level: &str,
) -> Result<BTreeMap<String, Vec<SuggestedFigure>>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from next_best_products where customer_id in {list} order by customer_id, rank"
        ),
    )?;
    let ids = sheet.texts("customer_id")?;
    let margins = sheet.numbers("expected_margin")?;
    let mut found: BTreeMap<String, Vec<SuggestedFigure>> = BTreeMap::new();
    for row in sheet.rows() {
        if let Some(suggested) = super::next_best::suggested(&sheet, row)? {
            let of = found.entry(ids.value(row).to_owned()).or_default();
            of.push(SuggestedFigure {
                suggested,
                level: level.to_owned(),
                expected_margin: known(&margins, row),
            });
        }
    }
    Ok(found)
}

/// The latest valid answer to each survey by the end of the period.
fn answers(computed: &Computed, list: &str) -> Result<BTreeMap<String, Answers>, Diagnostics> {
    let reported = computed.prepared.timeline.ends();
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from ( \
                 select *, row_number() over ( \
                     partition by customer_id, instrument \
                     order by date desc, source_file, source_sheet, source_row desc \
                 ) as place \
                 from survey_scores \
                 where problem is null and customer_id in {list} and date <= date '{reported}' \
             ) where place = 1 order by customer_id, instrument"
        ),
    )?;
    let (ids, instruments) = (sheet.texts("customer_id")?, sheet.texts("instrument")?);
    let scores = sheet.numbers("score")?;
    let (lows, highs) = (sheet.numbers("scale_low")?, sheet.numbers("scale_high")?);
    let (files, sheets) = (sheet.texts("source_file")?, sheet.texts("source_sheet")?);
    let rows = sheet.counts("source_row")?;
    let mut found: BTreeMap<String, Answers> = BTreeMap::new();
    for row in sheet.rows() {
        let Some(day) = day(&sheet, "date", row)? else {
            continue;
        };
        let (answers, sources) = found.entry(ids.value(row).to_owned()).or_default();
        answers.push(ProfileAnswer {
            instrument: instruments.value(row).to_owned(),
            day,
            score: scores.value(row),
            scale_low: lows.value(row),
            scale_high: highs.value(row),
        });
        let sheet = text(&sheets, row).filter(|sheet| !sheet.is_empty());
        sources.push((files.value(row).to_owned(), sheet, rows.value(row)));
    }
    Ok(found)
}

fn owed(
    computed: &Computed,
    list: &str,
    reported: Quarter,
) -> Result<BTreeMap<String, Ageing>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from receivables where period = '{reported}' and customer_id in {list} \
             and outstanding <> 0 order by customer_id"
        ),
    )?;
    let ids = sheet.texts("customer_id")?;
    let ageings = receivables::ageings(&sheet)?;
    Ok(ids
        .iter()
        .flatten()
        .map(str::to_owned)
        .zip(ageings)
        .collect())
}
