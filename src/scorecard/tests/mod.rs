//! The shipped catalogue, every lint with a bad example and its place, and scorecards worked out from
//! measures written by hand.

mod catalogue;
mod lints;
mod steering;
mod worked;

use super::*;
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::workspace::Files;

/// Measures that a scorecard can name here; those that `rules/measures` ships are held against the
/// shipped scorecard below.
const MEASURES: [&str; 40] = [
    "acquisition_rate",
    "active_customers",
    "average_order_value",
    "brand_awareness",
    "brand_preference",
    "campaign_response",
    "categories_per_customer",
    "contribution",
    "cost_of_sales",
    "data_readiness",
    "feedback_score",
    "gain_sharing_amount",
    "goal_alignment",
    "highly_satisfied",
    "hours_with_customers",
    "joint_agreements",
    "key_staff_turnover",
    "km_visitors",
    "lead_conversion",
    "opening_customers",
    "orders",
    "partner_quality",
    "premium_customers",
    "products_per_customer",
    "profit_per_customer",
    "relationship_strength",
    "repeat_customers",
    "retained_customers",
    "return_on_relationship",
    "revenue",
    "revenue_mix_attainment",
    "revenue_new",
    "revenue_referred",
    "revenue_sole_source",
    "service_level",
    "share_of_wallet",
    "staff_readiness",
    "strategic_accounts",
    "unprofitable_customers",
    "zero_loss_retention",
];

fn vocabulary() -> Vec<KnownMeasure> {
    let mut known: Vec<_> = MEASURES
        .iter()
        .map(|name| KnownMeasure::named(*name))
        .collect();
    for measure in &mut known {
        match measure.name.as_str() {
            "revenue" => {
                measure.dimensions = Some(vec!["segment".to_owned(), "channel".to_owned()]);
                measure.is_ratio = Some(false);
            }
            "retained_customers" => measure.is_ratio = Some(true),
            _ => {}
        }
    }
    known
}

fn read(text: Option<&str>, problems: &mut Diagnostics) -> Option<Definition> {
    let files = match text {
        Some(text) => Files::built_in().with(FILE, text),
        None => Files::built_in(),
    };
    let measures = vocabulary();
    let vocabulary = Vocabulary {
        measures: &measures,
        tables: crate::tables::all(),
        functions: Some(&["by_steps", "never"]),
    };
    Definition::read(&files, &vocabulary, problems)
}

fn definition(text: Option<&str>) -> Definition {
    let mut problems = Diagnostics::new();
    let read = read(text, &mut problems);
    let said: Vec<_> = problems.iter().map(|problem| &problem.message).collect();
    assert!(said.is_empty(), "{said:?}");
    read.unwrap()
}

/// Code, place and message of everything that is wrong with a workspace's file.
fn said(text: &str) -> Vec<String> {
    let mut problems = Diagnostics::new();
    let usable = read(Some(text), &mut problems).is_some();
    assert_eq!(usable, !problems.has_errors());
    problems
        .iter()
        .map(|d| {
            let place = d
                .place
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let help = d
                .help
                .as_deref()
                .map(|help| format!(" ({help})"))
                .unwrap_or_default();
            format!("{} {place} {}{help}", d.code.name, d.message)
        })
        .collect()
}

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}
