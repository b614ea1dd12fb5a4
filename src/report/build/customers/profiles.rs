//! Profiles: from the figures of the chosen customers to what their pages say.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::CriterionFigure;
use super::care::stage_label;
use super::portfolio::class_text;
use crate::calendar::Quarter;
use crate::message::{Argument, Message};
use crate::report::locale::Locale;
use crate::report::model::{
    Ageing, Profile, ProfileAnswer, ProfileCriterion, ProfileKnown, ProfileProduct, ProfileQuarter,
    ProfileRequest, ProfileScore, ProfileSource, ProfileSuggestion, Profiles, Suggested,
};

/// Stretches of rows that are printed of a sheet: two lines of a page.
const STRETCHES: usize = 24;

/// The three scores.
const SCORES: [&str; 3] = ["recency", "frequency", "monetary"];

/// A row of an input: file, sheet, number.
pub type SourceRow = (String, Option<String>, i64);

/// A quarter of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct QuarterFigure {
    pub orders: i64,
    pub revenue: f64,
    /// None where no cost is known.
    pub contribution: Option<f64>,
}

/// Where a customer was in the period before, and what moved it: `behaviour` or `ruler`.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct MovedFigure {
    pub class: Option<String>,
    pub class_because: Option<String>,
    pub scores: [Option<i64>; 3],
    pub scores_because: Option<String>,
}

/// A product to offer.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct SuggestedFigure {
    pub suggested: Suggested,
    /// Between what products were counted: `customer`, `basket`, `sequence`.
    pub level: String,
    pub expected_margin: Option<f64>,
}

/// A customer with a profile; what the fields are is said in the model.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ProfileFigure {
    pub customer_id: String,
    pub name: Option<String>,
    pub grounds: Vec<Message>,
    pub class: Option<String>,
    pub reason: Option<Message>,
    pub before: Option<MovedFigure>,
    pub is_active: bool,
    pub actual_value: Option<f64>,
    pub potential_value: Option<f64>,
    pub first_purchase: Option<NaiveDate>,
    pub last_purchase: Option<NaiveDate>,
    pub recency_days: Option<i64>,
    pub frequency: Option<i64>,
    pub monetary: Option<f64>,
    pub stage: Option<String>,
    /// From the quarter of the first purchase on.
    pub quarters: BTreeMap<Quarter, QuarterFigure>,
    pub scores: [Option<i64>; 3],
    pub strength: Option<f64>,
    pub attractiveness: Option<f64>,
    pub criteria: Vec<CriterionFigure>,
    pub products: Vec<ProfileProduct>,
    pub products_bought: i64,
    pub suggestions: Vec<SuggestedFigure>,
    pub channel: Option<String>,
    pub channel_is_stated: Option<bool>,
    pub consent: Option<bool>,
    pub contacts: Option<i64>,
    pub contacts_in_month: Option<i64>,
    pub complained: Option<bool>,
    pub requests: Vec<ProfileRequest>,
    pub requests_open: i64,
    pub requests_made: i64,
    pub answers: Vec<ProfileAnswer>,
    pub owed: Option<Ageing>,
    pub actions: Vec<Message>,
    /// By table, in the order to print them.
    pub sources: Vec<(String, Vec<SourceRow>)>,
}

/// All profiles.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ProfileFigures {
    pub chosen: i64,
    pub most: i64,
    pub window_months: u32,
    pub window_starts: NaiveDate,
    pub known: ProfileKnown,
    pub customers: Vec<ProfileFigure>,
}

/// The profiles, of the periods of the report.
pub(super) fn profiles(figures: &ProfileFigures, periods: &[Quarter], locale: &Locale) -> Profiles {
    let customers = figures.customers.iter().zip(1..);
    Profiles {
        chosen: figures.chosen,
        most: figures.most,
        window_months: figures.window_months,
        window_starts: figures.window_starts,
        known: figures.known,
        customers: customers
            .map(|(figure, place)| profile(figure, place, periods, locale))
            .collect(),
    }
}

fn profile(of: &ProfileFigure, place: usize, periods: &[Quarter], locale: &Locale) -> Profile {
    let say = |messages: &[Message]| messages.iter().map(|m| locale.message(m)).collect();
    let before = of.before.as_ref();
    let class_before = before.and_then(|before| before.class.clone());
    let has_moved = class_before.is_some() && class_before != of.class;
    Profile {
        anchor: format!("c-{place}"),
        customer_id: of.customer_id.clone(),
        name: of.name.clone(),
        grounds: say(&of.grounds),
        class: of.class.clone(),
        class_label: of
            .class
            .as_ref()
            .map(|class| class_text("class", class, locale)),
        reason: of.reason.as_ref().map(|reason| locale.message(reason)),
        class_before: class_before.filter(|_| has_moved),
        class_because: before
            .and_then(|before| before.class_because.clone())
            .filter(|_| has_moved),
        is_active: of.is_active,
        actual_value: of.actual_value,
        potential_value: of.potential_value,
        first_purchase: of.first_purchase,
        last_purchase: of.last_purchase,
        recency_days: of.recency_days,
        frequency: of.frequency,
        monetary: of.monetary,
        stage: of.stage.clone(),
        stage_label: of.stage.as_ref().map(|stage| stage_label(stage, locale)),
        quarters: periods
            .iter()
            .map(|period| quarter(*period, of.quarters.get(period), locale))
            .collect(),
        scores: SCORES
            .iter()
            .enumerate()
            .map(|(at, id)| ProfileScore {
                id: (*id).to_owned(),
                score: of.scores[at],
                before: before.and_then(|before| before.scores[at]),
            })
            .collect(),
        scores_because: before.and_then(|before| before.scores_because.clone()),
        strength: of.strength,
        attractiveness: of.attractiveness,
        criteria: of.criteria.iter().map(|of| criterion(of, locale)).collect(),
        products: of.products.clone(),
        products_bought: of.products_bought,
        suggestions: of
            .suggestions
            .iter()
            .map(|of| suggestion(of, locale))
            .collect(),
        channel: of.channel.clone(),
        channel_is_stated: of.channel_is_stated,
        consent: of.consent,
        contacts: of.contacts,
        contacts_in_month: of.contacts_in_month,
        complained: of.complained,
        requests: of.requests.clone(),
        requests_open: of.requests_open,
        requests_made: of.requests_made,
        answers: of.answers.clone(),
        owed: of.owed,
        actions: say(&of.actions),
        sources: of
            .sources
            .iter()
            .flat_map(|(table, rows)| sources(table, rows))
            .collect(),
    }
}

fn quarter(period: Quarter, of: Option<&QuarterFigure>, locale: &Locale) -> ProfileQuarter {
    ProfileQuarter {
        label: locale.quarter(period),
        short: locale.quarter_short(period),
        is_customer: of.is_some(),
        revenue: of.map(|of| of.revenue),
        orders: of.map(|of| of.orders),
        contribution: of.and_then(|of| of.contribution),
    }
}

fn criterion(of: &CriterionFigure, locale: &Locale) -> ProfileCriterion {
    let key = format!("criterion.{}", of.name);
    ProfileCriterion {
        label: if locale.has(&key) {
            locale.text(&key).to_owned()
        } else {
            of.name.clone()
        },
        side: if of.is_strength {
            "strength".to_owned()
        } else {
            "attractiveness".to_owned()
        },
        weight: of.weight,
        points: of.points,
    }
}

fn suggestion(of: &SuggestedFigure, locale: &Locale) -> ProfileSuggestion {
    let Suggested {
        product,
        because,
        n_ab,
        n_a,
    } = &of.suggested;
    let count = |n: i64| Argument::Text(locale.count(n));
    ProfileSuggestion {
        product: product.clone(),
        reason: locale.text_with(
            &format!("next-best.reason.{}", of.level),
            &[
                ("product", Argument::Text(because.clone())),
                ("part", count(*n_ab)),
                ("whole", count(*n_a)),
            ],
        ),
        expected_margin: of.expected_margin,
    }
}

/// The rows of a table, sheet by sheet.
fn sources(table: &str, rows: &[SourceRow]) -> Vec<ProfileSource> {
    let mut by_sheet: BTreeMap<(&str, Option<&str>), Vec<i64>> = BTreeMap::new();
    for (file, sheet, row) in rows {
        by_sheet
            .entry((file, sheet.as_deref()))
            .or_default()
            .push(*row);
    }
    let sheets = by_sheet.into_iter();
    sheets
        .map(|((file, sheet), mut rows)| {
            rows.sort_unstable();
            rows.dedup();
            let stretches: Vec<(i64, i64)> = rows
                .chunk_by(|a, b| a + 1 == *b)
                .map(|rows| (rows[0], rows[rows.len() - 1]))
                .collect();
            let left_out = stretches.iter().skip(STRETCHES);
            ProfileSource {
                table: table.to_owned(),
                file: file.to_owned(),
                sheet: sheet.map(str::to_owned),
                rows: stretches
                    .iter()
                    .take(STRETCHES)
                    .map(|(first, last)| match first == last {
                        true => first.to_string(),
                        false => format!("{first}–{last}"),
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
                count: rows.len() as i64,
                left_out: left_out.map(|(first, last)| last - first + 1).sum(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 2, 3, 4 and 9 of one sheet, 7 of another: said once each, in order.
    #[test]
    fn rows_of_a_sheet_are_stretches() {
        let row = |sheet: &str, row| ("sales.xlsx".to_owned(), Some(sheet.to_owned()), row);
        let rows = [
            row("May", 9),
            row("April", 7),
            row("May", 3),
            row("May", 2),
            row("May", 4),
            row("May", 3),
        ];
        let found = sources("transactions", &rows);
        let said: Vec<(Option<&str>, &str, i64, i64)> = found
            .iter()
            .map(|of| (of.sheet.as_deref(), of.rows.as_str(), of.count, of.left_out))
            .collect();
        assert_eq!(
            said,
            [(Some("April"), "7", 1, 0), (Some("May"), "2–4, 9", 4, 0),]
        );
    }

    /// Thirty single rows, of which 24 are printed and six counted.
    #[test]
    fn what_does_not_fit_is_counted() {
        let rows: Vec<SourceRow> = (0..30)
            .map(|row| ("a.csv".to_owned(), None, 2 + 2 * row))
            .collect();
        let found = sources("transactions", &rows);
        assert_eq!((found[0].count, found[0].left_out), (30, 6));
        assert!(found[0].rows.ends_with(", 48"), "{}", found[0].rows);
    }
}
