//! `quarterdeck.toml`: what is particular to a client, every default filled in and remembered.

use std::path::Path;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use super::identity::{Identity, read_identity};
use super::input::{Input, read_input};
use super::profiles::Profiles;
use super::scoring::{CustomerScorecard, Rfm, read_rfm};
use super::toml_reader::{Document, Table};
use super::value::Value;
use super::worth::{Profitability, ReturnOnRelationship, read_profitability, read_return};
use crate::calendar::{FiscalCalendar, Quarter, YearLabel};
use crate::diagnostics::codes::workspace::{BAD_VALUE, NO_FOLDER, UNREADABLE_FILE};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};

/// A language reports are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Thai, with Buddhist-era years.
    Th,
    /// Vietnamese.
    Vi,
}

impl Language {
    /// Every language reports can be written in.
    pub const ALL: [Self; 3] = [Self::En, Self::Th, Self::Vi];

    /// `en`, `th` or `vi`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Th => "th",
            Self::Vi => "vi",
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == text)
            .ok_or_else(|| format!("`{text}` is not one of en, th, vi"))
    }
}

/// An ISO 4217 currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Currency {
    /// Three capital letters.
    pub code: String,
    /// Digits printed after the decimal mark.
    pub digits: u32,
}

impl Currency {
    /// The digits money is kept with: the currency's, and never fewer than two.
    pub fn scale(&self) -> i8 {
        i8::try_from(self.digits.max(2)).unwrap_or(2)
    }
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() != 3 || !text.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(format!(
                "`{text}` is not a currency code; write three capital letters such as THB"
            ));
        }
        let digits = match text {
            "VND" | "JPY" | "KRW" | "CLP" | "ISK" | "PYG" | "UGX" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        Ok(Self {
            code: text.to_owned(),
            digits,
        })
    }
}

/// Whose reports these are.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// As printed at the head of every report.
    pub name: String,
    /// The language of the reports.
    pub language: Language,
    /// The currency of every amount.
    pub currency: Currency,
}

/// The client's fiscal calendar and which period to report.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// When the fiscal year starts and how it is named.
    pub fiscal: FiscalCalendar,
    /// The period to report; none for the last complete one.
    pub period: Option<Quarter>,
    /// The last day the data cover, where the client says so.
    pub data_to: Option<NaiveDate>,
}

/// What makes a customer active.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Months before a day within which a purchase makes a customer active on it; none to derive
    /// it from the data.
    pub window_months: Option<u32>,
}

/// What one order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderUnit {
    /// A distinct customer and day with a purchase.
    #[default]
    Day,
    /// A distinct invoice.
    Invoice,
}

impl FromStr for OrderUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "day" => Ok(Self::Day),
            "invoice" => Ok(Self::Invoice),
            other => Err(format!("`{other}` is not one of day, invoice")),
        }
    }
}

/// The day a return counts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReturnDay {
    /// Its own.
    #[default]
    Return,
    /// That of its sale, where an id says which: what was returned later leaves the period in which
    /// it was sold.
    Sale,
}

impl ReturnDay {
    /// Its name in TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Sale => "sale",
        }
    }
}

impl FromStr for ReturnDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = [Self::Return, Self::Sale]
            .into_iter()
            .find(|day| day.name() == text);
        found.ok_or_else(|| format!("`{text}` is not one of return, sale"))
    }
}

/// Between what products are counted as bought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PairLevel {
    /// Bought by the same customer within the window, in whatever order.
    #[default]
    Customer,
    /// Bought together: on one invoice, or by a customer on one day where there are no invoices.
    Basket,
    /// Bought by the same customer within the window, the one on an earlier day than the other.
    Sequence,
}

impl PairLevel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Basket, Self::Sequence];

    /// Its name in TOML, SQL and the report model.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Basket => "basket",
            Self::Sequence => "sequence",
        }
    }
}

impl FromStr for PairLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|level| level.name() == text);
        found.ok_or_else(|| format!("`{text}` is not one of customer, basket, sequence"))
    }
}

/// What values of customers over their lifetime rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct Clv {
    /// The discount rate of a year.
    pub discount_rate: f64,
    /// How far ahead orders are counted, in months.
    pub horizon_months: u32,
    /// Contribution per unit of revenue to come; none for what the data show, else `[value] margin`.
    pub margin: Option<f64>,
    /// By how much spending on it is taken to raise a customer's chance to stay a quarter.
    pub retention_uplift: f64,
    /// The share of a new customer's value that is to be left when it is won.
    pub required_margin: f64,
    /// The share of the margin of those it brought that a customer is credited with.
    pub referral_credit: f64,
    /// Whether models of single customers are fitted, though nothing of the workspace reads them.
    pub fit: bool,
}

/// What products are suggested to customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextBestProduct {
    /// Between what products are counted.
    pub level: PairLevel,
    /// How far back purchases count, in months that end with the period.
    pub window_months: u32,
    /// The fewest units that must have bought both products.
    pub min_count: u32,
    /// The most suggestions to one customer.
    pub max_per_customer: u32,
}

/// An amount of memory in bytes, written `512 MB` or `2 GB` (powers of 1,000).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory(pub usize);

impl Memory {
    /// Below this, queries over nothing already fail.
    const LEAST: usize = 16_000_000;
}

impl FromStr for Memory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not an amount of memory; write `512 MB` or `2 GB`");
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, unit) = text.split_at(unit_at);
        let unit = match unit.trim() {
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            _ => return Err(wrong()),
        };
        let number: usize = number.parse().map_err(|_| wrong())?;
        match number.checked_mul(unit).ok_or_else(wrong)? {
            bytes if bytes < Self::LEAST => Err(format!(
                "`{text}` is too little to work with; write `{} MB` or more",
                Self::LEAST / 1_000_000
            )),
            bytes => Ok(Self(bytes)),
        }
    }
}

/// What the SQL engine may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineLimits {
    /// What queries may hold in memory before they go to disk; none for no limit. No figure
    /// depends on it.
    pub memory: Option<Memory>,
}

/// A default that was used because the client says nothing, to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DefaultUsed {
    /// The key that would change it.
    pub key: String,
    /// The value it has.
    pub value: String,
}

/// The settings of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Whose reports these are.
    pub client: Client,
    /// Fiscal calendar and period.
    pub calendar: Calendar,
    /// What is to be read.
    pub input: Input,
    /// What tells that two ids are one customer; none where the client does not ask.
    pub identity: Option<Identity>,
    /// What makes a customer active.
    pub activity: Activity,
    /// What one order is.
    pub order_unit: OrderUnit,
    /// The day a return counts on.
    pub return_day: ReturnDay,
    /// RFM windows and cut points.
    pub rfm: Rfm,
    /// What a customer's value is taken to be.
    pub value: Value,
    /// What values of customers over their lifetime rest on.
    pub clv: Clv,
    /// What is low, middling and high on the customer scorecard.
    pub customer_scorecard: CustomerScorecard,
    /// What products are suggested to customers.
    pub next_best_product: NextBestProduct,
    /// How many customers get a page of their own.
    pub profiles: Profiles,
    /// What the profit of customers is made of.
    pub profitability: Profitability,
    /// When spending on keeping customers is taken to show.
    pub return_on_relationship: ReturnOnRelationship,
    /// What the SQL engine may use.
    pub engine: EngineLimits,
    /// Defaults in force, in the order of the file.
    pub defaults: Vec<DefaultUsed>,
    /// The file as read; none when there is none.
    pub source: Option<std::sync::Arc<Source>>,
}

/// The name of the settings file.
pub(super) const FILE: &str = "quarterdeck.toml";

impl Config {
    /// Reads the settings of a folder; mistakes go to `problems` and defaults stand in for them.
    pub fn read(root: &Path, problems: &mut Diagnostics) -> Self {
        let path = root.join(FILE);
        let source = match std::fs::read_to_string(&path) {
            Ok(text) => Some(Source::new(FILE, text.trim_start_matches('\u{feff}'))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("`{FILE}` cannot be read: {error}");
                problems.push(
                    Diagnostic::error(&UNREADABLE_FILE, message).at(Place::File(FILE.to_owned())),
                );
                None
            }
        };
        let name = folder_name(root);
        let mut config = match &source {
            Some(source) => Self::parse(source, &name, problems),
            None => Self::parse(&Source::new(FILE, ""), &name, problems),
        };
        if source.is_none() {
            ".".clone_into(&mut config.input.folder);
        } else if !root.join(&config.input.folder).is_dir() {
            let message = format!("the input folder `{}` does not exist", config.input.folder);
            problems.push(
                Diagnostic::error(&NO_FOLDER, message)
                    .at(Place::File(FILE.to_owned()))
                    .help("create it and put the spreadsheets there, or set `[input] folder`"),
            );
        }
        config.source = source;
        config
    }

    /// Reads settings from a text; `name` stands in for a client that is not named.
    pub fn parse(source: &std::sync::Arc<Source>, name: &str, problems: &mut Diagnostics) -> Self {
        let empty = Source::new(FILE, "");
        let document = match Document::parse(source) {
            Ok(document) => document,
            Err(problem) => {
                problems.push(problem);
                return Self::parse(&empty, name, problems);
            }
        };
        let mut root = document.root();
        let mut defaults = Defaults::default();

        let client = with(&mut root, "client", problems, |table, problems| {
            read_client(table, name, &mut defaults, problems)
        });
        let calendar = with(&mut root, "calendar", problems, |table, problems| {
            read_calendar(table, &mut defaults, problems)
        });
        let input = with(&mut root, "input", problems, |table, problems| {
            read_input(table, client.language, &mut defaults, problems)
        });
        let identity = read_identity(&mut root, &client.currency.code, problems);
        let (activity, order_unit) = with(&mut root, "activity", problems, |table, problems| {
            let window_months = table
                .whole("window-months", 1..=60, problems)
                .map(|months| months.value as u32);
            if window_months.is_none() {
                defaults.used("activity.window-months", "derived from the data");
            }
            let order_unit = table.parsed("order", problems).map(|unit| unit.value);
            (Activity { window_months }, order_unit.unwrap_or_default())
        });
        let return_day = with(&mut root, "returns", problems, |table, problems| {
            table.parsed("count-on", problems).map(|day| day.value)
        });
        let rfm = with(&mut root, "rfm", problems, |table, problems| {
            read_rfm(table, &mut defaults, problems)
        });
        let value = with(&mut root, "value", problems, |table, problems| {
            Value::read(table, &mut defaults, problems)
        });
        let clv = with(&mut root, "clv", problems, |table, problems| {
            clv(table, &mut defaults, problems)
        });
        let customer_scorecard = with(
            &mut root,
            "customer-scorecard",
            problems,
            |table, problems| CustomerScorecard::read(table, &mut defaults, problems),
        );
        let next_best_product = with(
            &mut root,
            "next-best-product",
            problems,
            |table, problems| next_best_product(table, &mut defaults, problems),
        );
        let profiles = with(&mut root, "profiles", problems, |table, problems| {
            Profiles::read(table, &mut defaults, problems)
        });
        let profitability = with(&mut root, "profitability", problems, |table, problems| {
            read_profitability(table, &mut defaults, problems)
        });
        let name = "return-on-relationship";
        let return_on_relationship = with(&mut root, name, problems, |table, problems| {
            read_return(table, &mut defaults, problems)
        });
        let engine = with(&mut root, "engine", problems, |table, problems| {
            let memory = table.parsed("memory-limit", problems);
            EngineLimits {
                memory: memory.map(|memory| memory.value),
            }
        });
        root.finish(problems);
        Self {
            client,
            calendar,
            input,
            identity,
            activity,
            order_unit,
            return_day: return_day.unwrap_or_default(),
            rfm,
            value,
            clv,
            customer_scorecard,
            next_best_product,
            profiles,
            profitability,
            return_on_relationship,
            engine,
            defaults: defaults.0,
            source: None,
        }
    }
}

/// Remembers which defaults were used.
#[derive(Default)]
pub(super) struct Defaults(Vec<DefaultUsed>);

impl Defaults {
    pub(super) fn used(&mut self, key: &str, value: impl std::fmt::Display) {
        self.0.push(DefaultUsed {
            key: key.to_owned(),
            value: value.to_string(),
        });
    }

    pub(super) fn take<T: std::fmt::Display>(&mut self, key: &str, value: T) -> T {
        self.used(key, &value);
        value
    }
}

fn clv(table: &mut Table<'_>, defaults: &mut Defaults, problems: &mut Diagnostics) -> Clv {
    let mut share = |key: &'static str, problems: &mut Diagnostics| {
        table.number_in(key, 0.0..=1.0, problems).map(|v| v.value)
    };
    let discount_rate = share("discount-rate", problems);
    let margin = share("margin", problems);
    let retention_uplift = share("retention-uplift", problems);
    let required_margin = share("required-margin", problems);
    let referral_credit = share("referral-credit", problems);
    let horizon = table.whole("horizon-months", 1..=120, problems);
    let fit = table.boolean("fit", problems).map(|fit| fit.value);
    if margin.is_none() {
        let from = "from the costs of the last year, else that of `[value]`";
        defaults.used("clv.margin", from);
    }
    let mut or =
        |key, given: Option<f64>, default| given.unwrap_or_else(|| defaults.take(key, default));
    Clv {
        discount_rate: or("clv.discount-rate", discount_rate, 0.1),
        margin,
        retention_uplift: or("clv.retention-uplift", retention_uplift, 0.05),
        required_margin: or("clv.required-margin", required_margin, 0.0),
        referral_credit: or("clv.referral-credit", referral_credit, 0.0),
        horizon_months: match horizon {
            Some(months) => months.value as u32,
            None => defaults.take("clv.horizon-months", 36),
        },
        fit: fit.unwrap_or_else(|| defaults.take("clv.fit", false)),
    }
}

fn next_best_product(
    table: &mut Table<'_>,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> NextBestProduct {
    let level = table.parsed("level", problems).map(|level| level.value);
    let level = level.unwrap_or_else(|| {
        let level = PairLevel::default();
        defaults.used("next-best-product.level", level.name());
        level
    });
    let mut whole =
        |key: &'static str, range, name, default: u32| match table.whole(key, range, problems) {
            Some(found) => found.value as u32,
            None => defaults.take(name, default),
        };
    NextBestProduct {
        level,
        window_months: whole(
            "window-months",
            1..=60,
            "next-best-product.window-months",
            12,
        ),
        min_count: whole("min-count", 1..=1_000_000, "next-best-product.min-count", 5),
        max_per_customer: whole(
            "max-per-customer",
            1..=10,
            "next-best-product.max-per-customer",
            3,
        ),
    }
}

/// Reads a top-level table, an absent one as if it were empty, and reports its unknown keys.
fn with<T>(
    root: &mut Table<'_>,
    key: &'static str,
    problems: &mut Diagnostics,
    read: impl FnOnce(&mut Table<'_>, &mut Diagnostics) -> T,
) -> T {
    let empty = Source::new(FILE, "");
    match root.table(key, problems) {
        Some(mut table) => {
            let value = read(&mut table, problems);
            table.finish(problems);
            value
        }
        None => match Document::parse(&empty) {
            Ok(document) => read(&mut document.root(), problems),
            Err(_) => unreachable!("an empty text is valid TOML"),
        },
    }
}

fn read_client(
    table: &mut Table<'_>,
    name: &str,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> Client {
    Client {
        name: match table.text("name", problems) {
            Some(name) => name.value,
            None => defaults.take("client.name", name.to_owned()),
        },
        language: match table.parsed("language", problems) {
            Some(language) => language.value,
            None => {
                defaults.used("client.language", "en");
                Language::En
            }
        },
        currency: match table.parsed("currency", problems) {
            Some(currency) => currency.value,
            None => {
                defaults.used("client.currency", "USD");
                Currency {
                    code: "USD".to_owned(),
                    digits: 2,
                }
            }
        },
    }
}

fn read_calendar(
    table: &mut Table<'_>,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> Calendar {
    let month = match table.whole("fiscal-year-start", 1..=12, problems) {
        Some(month) => month.value as u32,
        None => defaults.take("calendar.fiscal-year-start", 1),
    };
    let label = match table.text("year-label", problems) {
        Some(label) => match label.value.as_str() {
            "end" => YearLabel::End,
            "start" => YearLabel::Start,
            other => {
                let message = format!("`calendar.year-label`: `{other}` is not one of end, start");
                problems.push(Diagnostic::error(&BAD_VALUE, message).at(label.place));
                YearLabel::End
            }
        },
        None => YearLabel::End,
    };
    let period = table.parsed("period", problems).map(|period| period.value);
    if period.is_none() {
        defaults.used("calendar.period", "the last complete fiscal quarter");
    }
    Calendar {
        fiscal: FiscalCalendar::new(month, label).unwrap_or_default(),
        period,
        data_to: table.date("data-to", problems).map(|date| date.value),
    }
}

pub(super) fn folder_name(root: &Path) -> String {
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    absolute.file_name().map_or_else(
        || "Client".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Config, Diagnostics) {
        let mut problems = Diagnostics::new();
        let config = Config::parse(&Source::new(FILE, text), "folder", &mut problems);
        (config, problems)
    }

    #[test]
    fn an_empty_file_is_all_defaults_and_says_so() {
        let (config, problems) = parse("");
        assert!(problems.is_empty());
        assert_eq!(config.client.name, "folder");
        assert_eq!(config.rfm.window_months, 12);
        let keys: Vec<_> = config.defaults.iter().map(|d| d.key.as_str()).collect();
        assert!(keys.contains(&"activity.window-months"), "{keys:?}");
    }

    #[test]
    fn a_whole_file_is_read() {
        let (config, problems) = parse(
            r#"
            [client]
            name = "สยามกาแฟ"
            language = "th"
            currency = "VND"
            [calendar]
            fiscal-year-start = 10
            period = "2026-Q3"
            data-to = 2026-06-30
            [input]
            folder = "inbox"
            max-set-aside = 0.02
            [[input.file]]
            match = "ยอดขาย*.xlsx"
            table = "transactions"
            columns = { customer_id = "รหัสสมาชิก" }
            dates = "D/M/Y"
            [activity]
            window-months = 6
            "#,
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(config.client.currency.digits, 0);
        assert_eq!(config.client.currency.scale(), 2);
        assert_eq!(config.calendar.period.unwrap().to_string(), "2026-Q3");
        assert_eq!(config.input.files[0].columns[0].1, "รหัสสมาชิก");
        assert_eq!(config.activity.window_months, Some(6));
    }

    #[test]
    fn memory_is_an_amount_with_its_unit() {
        assert_eq!("512 MB".parse(), Ok(Memory(512_000_000)));
        assert_eq!("2GB".parse(), Ok(Memory(2_000_000_000)));
        for wrong in ["2", "GB", "-2 GB", "1.5 GB", "2 TB", "99999999999 GB", ""] {
            let said = wrong.parse::<Memory>().unwrap_err();
            assert!(said.contains("write `512 MB`"), "{said}");
        }
        assert!("15 MB".parse::<Memory>().unwrap_err().contains("16 MB"));
        let (config, problems) = parse("[engine]\nmemory-limit = \"64 MB\"\n");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(config.engine.memory, Some(Memory(64_000_000)));
        let (config, problems) = parse("[engine]\nmemory-limt = \"64 MB\"\n");
        assert_eq!(config.engine.memory, None);
        let help = problems.iter().next().unwrap().help.clone();
        assert_eq!(help.as_deref(), Some("did you mean `memory-limit`?"));
    }

    #[test]
    fn mistakes_in_every_table_are_found_together() {
        let (_, problems) = parse(
            "[cleint]\n[client]\nlanguage = \"fr\"\ncurrency = \"baht\"\n[calendar]\nperiod = \"2569-Q1\"\n\
             [[input.file]]\nmach = \"x\"\n[activity]\nwindow-months = 0\n[value]\nmargin = 1.5\n\
             [clv]\ndiscount-rate = 12\nhorizon-months = 0\n",
        );
        let found: Vec<_> = problems.iter().map(|d| d.code.name).collect();
        assert_eq!(
            found,
            [
                "bad-value",
                "bad-value",
                "bad-value",
                "missing-key",
                "unknown-key",
                "bad-value",
                "bad-value",
                "bad-value",
                "bad-value",
                "unknown-key"
            ],
            "{problems:?}"
        );
    }
}
