//! Profiles: a page of its own for each customer that the rules choose.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Ageing;

/// The customers that have a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profiles {
    /// Customers whom the rules chose.
    pub chosen: i64,
    /// At most so many of them have a profile (`[profiles] most`).
    pub most: i64,
    /// Months up to the period's end whose purchases the profiles list.
    pub window_months: u32,
    /// The first day of these months.
    pub window_starts: NaiveDate,
    /// What the profiles could be made from.
    pub known: ProfileKnown,
    /// Those of the greatest actual value first, then by id.
    pub customers: Vec<Profile>,
}

/// Of what there were files: without them a figure is missing for everybody, not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileKnown {
    /// A list of customers.
    pub customers: bool,
    /// Contacts by campaigns.
    pub contacts: bool,
    /// Requests and complaints.
    pub requests: bool,
    /// Surveys with customers.
    pub surveys: bool,
    /// When sales were paid.
    pub payments: bool,
    /// What was bought.
    pub products: bool,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The place of the profile on its page, for links: `c-1`.
    pub anchor: String,
    /// Id as written.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// Why the customer has a profile.
    pub grounds: Vec<String>,
    /// Value class.
    pub class: Option<String>,
    /// The class in words.
    pub class_label: Option<String>,
    /// Why the customer is in it.
    pub reason: Option<String>,
    /// The class in the period before; null where it was the same, or the customer was none then.
    pub class_before: Option<String>,
    /// `behaviour` or `ruler`: what changed the class; null where it did not change or cannot be told.
    pub class_because: Option<String>,
    /// Whether the customer is active at the end of the period.
    pub is_active: bool,
    /// Actual value.
    pub actual_value: Option<f64>,
    /// Potential value; null where nobody has said.
    pub potential_value: Option<f64>,
    /// Day of the first purchase ever.
    pub first_purchase: Option<NaiveDate>,
    /// Day of the last.
    pub last_purchase: Option<NaiveDate>,
    /// Days from the last purchase to the end of the period.
    pub recency_days: Option<i64>,
    /// Orders in the RFM window.
    pub frequency: Option<i64>,
    /// Revenue in the RFM window.
    pub monetary: Option<f64>,
    /// `new`, `developing`, `loyal`, `reactivated`, `at-risk`, `lapsed`.
    pub stage: Option<String>,
    /// The stage in words.
    pub stage_label: Option<String>,
    /// The report's periods, oldest first.
    pub quarters: Vec<ProfileQuarter>,
    /// Recency, frequency and monetary value.
    pub scores: Vec<ProfileScore>,
    /// `behaviour` or `ruler`: what moved the scores; null where none moved or it cannot be told.
    pub scores_because: Option<String>,
    /// How firm the relationship is, 0 to 100.
    pub strength: Option<f64>,
    /// How much it is worth having, 0 to 100.
    pub attractiveness: Option<f64>,
    /// The criteria of both, in the order of the rules.
    pub criteria: Vec<ProfileCriterion>,
    /// The products with the most revenue in the months listed.
    pub products: Vec<ProfileProduct>,
    /// All products bought in them.
    pub products_bought: i64,
    /// What to offer next, the surest first.
    pub suggestions: Vec<ProfileSuggestion>,
    /// The channel to reach the customer by.
    pub channel: Option<String>,
    /// Whether the customer said so; else it is the one bought through most.
    pub channel_is_stated: Option<bool>,
    /// Whether the customer consents to being contacted; null where that is not stated.
    pub consent: Option<bool>,
    /// Contacts by campaigns in the period; null without a list of contacts.
    pub contacts: Option<i64>,
    /// The same in the month with the most.
    pub contacts_in_month: Option<i64>,
    /// Whether the customer complained within 30 days after one.
    pub complained: Option<bool>,
    /// Requests open at the end of the period, then those of the months listed, the latest first.
    pub requests: Vec<ProfileRequest>,
    /// Requests open at the end of the period.
    pub requests_open: i64,
    /// All requests of the months listed.
    pub requests_made: i64,
    /// The latest answer to each survey.
    pub answers: Vec<ProfileAnswer>,
    /// What the customer owes; null where nothing is owed or it is not known.
    pub owed: Option<Ageing>,
    /// What to do, first things first.
    pub actions: Vec<String>,
    /// The rows of the inputs that the profile rests on.
    pub sources: Vec<ProfileSource>,
}

/// A quarter of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileQuarter {
    /// `Q3 2026`.
    pub label: String,
    /// For axes.
    pub short: String,
    /// Whether the customer had bought by its end: before that, nothing applies.
    pub is_customer: bool,
    /// Revenue; null before the first purchase.
    pub revenue: Option<f64>,
    /// Orders; null before the first purchase.
    pub orders: Option<i64>,
    /// Contribution; null where no cost is known, too.
    pub contribution: Option<f64>,
}

/// A score of recency, frequency or monetary value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileScore {
    /// `recency`, `frequency`, `monetary`.
    pub id: String,
    /// 1 to 5.
    pub score: Option<i64>,
    /// In the period before; null for who was no customer then.
    pub before: Option<i64>,
}

/// A criterion of the customer scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileCriterion {
    /// What it is.
    pub label: String,
    /// `strength` or `attractiveness`.
    pub side: String,
    /// Its weight within its side.
    pub weight: f64,
    /// 1 to 5; null where it could not be measured.
    pub points: Option<f64>,
}

/// A product of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileProduct {
    /// Its name, else its id.
    pub product: String,
    /// Units, returns taken off; null where a row does not say.
    pub quantity: Option<f64>,
    /// Revenue, returns taken off.
    pub revenue: f64,
    /// Day on which it was last bought; null where it was only taken back.
    pub last_bought: Option<NaiveDate>,
}

/// A product to offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileSuggestion {
    /// Its name.
    pub product: String,
    /// Why, in a sentence.
    pub reason: String,
    /// What one of it is expected to earn; null where no cost is known.
    pub expected_margin: Option<f64>,
}

/// A request or complaint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileRequest {
    /// `complaint`, `help`, `visit`, `training`, `unstated`.
    pub kind: String,
    /// The channel; null where it is not stated.
    pub channel: Option<String>,
    /// Day it was opened on.
    pub opened: NaiveDate,
    /// Day it was closed on; null where it is open at the end of the period.
    pub closed: Option<NaiveDate>,
}

/// An answer to a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileAnswer {
    /// `nps`, `csat`, …
    pub instrument: String,
    /// The day of it.
    pub day: NaiveDate,
    /// The answer.
    pub score: f64,
    /// The foot of its scale.
    pub scale_low: f64,
    /// Its top.
    pub scale_high: f64,
}

/// Rows of a sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileSource {
    /// The table, by name.
    pub table: String,
    /// The file, relative to the workspace.
    pub file: String,
    /// The sheet; null for a text file.
    pub sheet: Option<String>,
    /// Its rows as in the sheet: `12, 57–60`; the first of them, where they are many.
    pub rows: String,
    /// How many they are.
    pub count: i64,
    /// How many of them `rows` leaves out.
    pub left_out: i64,
}
