//! The canonical model: every input table, its columns, types and headers, declared once.
//!
//! The declaration is used for recognising and validating inputs, for the SQL catalogue and for the
//! documentation. One file per group of tables holds the declarations; [`header`] decides when two
//! spellings of a header are the same, and [`HeaderIndex`] finds the column a header stands for.

mod customers;
mod finance;
pub mod header;
mod index;
mod marketing;
mod missing;
mod people;
mod sales;
mod service;
mod steering;

use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;

pub use index::{HeaderIndex, Likeness, Match, Strength};
pub use missing::missing;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An identifier, kept as written.
    Id,
    /// Any text.
    Text,
    /// One of a few words.
    Choice(&'static [Choice]),
    /// A civil day.
    Date,
    /// A civil day with time of day.
    Time,
    /// An amount in the client's currency, exact.
    Money,
    /// An amount per unit in the client's currency, exact to six decimals, so that many units of a
    /// fraction of a cent still multiply to the right amount.
    Price,
    /// A quantity, exact to four decimals.
    Quantity,
    /// A rate, score or rating.
    Number,
    /// A whole number.
    Whole,
    /// Yes or no.
    Flag,
    /// A fiscal period as text, `2026-Q3`.
    Period,
}

/// A word a column may hold, and what else it is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word kept in the table.
    pub value: &'static str,
    /// Other spellings, in any language.
    pub spoken: &'static [&'static str],
}

/// A column of a canonical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in SQL, rules and config.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether a table without it cannot be used.
    pub required: bool,
    /// Whether a row may leave it empty; a row that leaves a required column empty is set aside
    /// unless this holds.
    pub may_be_empty: bool,
    /// Headers it is known by, in English, Thai and Vietnamese.
    pub headers: [&'static [&'static str]; 3],
    /// Headers that mean it only where no other header of the sheet does: `Customer` is the id
    /// where there is no `Customer ID`.
    pub weak: &'static [&'static str],
}

/// Columns of which a table needs one set: `amount`, or else `quantity` and `unit_price`.
pub type OneOf = &'static [&'static [&'static str]];

/// When two rows of a table are the same thing told twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// Never: two equal rows are two things.
    None,
    /// When they have the same value in this column and are equal in all others. Rows without a
    /// value are never duplicates (two equal purchases on one day are two purchases).
    Line(&'static str),
    /// When they agree in these columns: the first one stands.
    Key(&'static [&'static str]),
}

/// A canonical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSpec {
    /// Its name in SQL and config.
    pub name: &'static str,
    /// Its columns in order, without the origin.
    pub columns: &'static [Column],
    /// Beside the required columns: one of these sets of columns must be there, and filled in in
    /// every row.
    pub one_of: &'static [OneOf],
    /// What makes a row a duplicate.
    pub identity: Identity,
    /// The column by which a row belongs to a period and may be too late for it.
    pub dated: Option<&'static str>,
}

/// The columns every input table ends with: where a row came from.
pub const ORIGIN: [&str; 3] = ["source_file", "source_sheet", "source_row"];

/// The columns in which a customer is named, whatever the table.
const NAME_CUSTOMERS: [&str; 4] = ["customer_id", "referred_by", "referrer_id", "referred_id"];

/// The decimals of a [`Kind::Quantity`].
pub const QUANTITY_SCALE: i8 = 4;

/// The decimals of a [`Kind::Price`].
pub const PRICE_SCALE: i8 = 6;

static ALL: [&TableSpec; 27] = [
    &sales::TRANSACTIONS,
    &customers::CUSTOMERS,
    &customers::CONTACTS,
    &customers::ID_MAP,
    &sales::PRODUCTS,
    &finance::ACTIVITIES,
    &finance::ACTIVITY_RATES,
    &finance::CHANNEL_COSTS,
    &customers::WALLET,
    &service::SURVEYS,
    &marketing::REFERRALS,
    &marketing::LEADS,
    &marketing::CAMPAIGNS,
    &marketing::CAMPAIGN_CONTACTS,
    &service::INTERACTIONS,
    &service::AGREEMENTS,
    &service::PARTNERS,
    &people::EMPLOYEES,
    &people::SKILLS,
    &people::GOALS,
    &people::KM_VISITS,
    &marketing::RETENTION_SPEND,
    &finance::CRM_PROJECT,
    &steering::TARGETS,
    &steering::MANUAL_KPI,
    &steering::COMMENTARY,
    &steering::INITIATIVES,
];

/// Every canonical table, in the order of the documentation.
pub fn all() -> &'static [&'static TableSpec] {
    &ALL
}

/// A canonical table by its name.
pub fn by_name(name: &str) -> Option<&'static TableSpec> {
    ALL.iter().copied().find(|table| table.name == name)
}

impl TableSpec {
    /// The Arrow schema: the columns, then the origin. Money has `money_scale` decimals.
    pub fn schema(&self, money_scale: i8) -> SchemaRef {
        let names = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let mut fields: Vec<Field> = self
            .columns
            .iter()
            .map(|column| Field::new(column.name, column.kind.data_type(money_scale), true))
            .collect();
        fields.push(Field::new("source_file", names.clone(), false));
        fields.push(Field::new("source_sheet", names, true));
        fields.push(Field::new("source_row", DataType::Int64, false));
        Arc::new(Schema::new(fields))
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A batch of the schema: columns by name, and empty ones for those there are none of. Empty
    /// columns of one type are one column, since most columns of a table are in no sheet.
    ///
    /// # Errors
    /// When a column has another type or another number of rows.
    pub fn batch(
        &self,
        money_scale: i8,
        rows: usize,
        column: impl Fn(&str) -> Option<ArrayRef>,
    ) -> Result<RecordBatch, ArrowError> {
        let schema = self.schema(money_scale);
        let mut empty: Vec<ArrayRef> = Vec::new();
        let columns = schema
            .fields()
            .iter()
            .map(|field| {
                let kind = field.data_type();
                let alike = || {
                    empty
                        .iter()
                        .find(|array| array.data_type() == kind)
                        .cloned()
                };
                column(field.name()).or_else(alike).unwrap_or_else(|| {
                    let array = missing(kind, rows);
                    empty.push(Arc::clone(&array));
                    array
                })
            })
            .collect();
        RecordBatch::try_new(schema, columns)
    }

    /// The place of a column in [`TableSpec::columns`] and in the schema.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The places of the columns in which customers are named.
    pub fn names_customers(&self) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(at, column)| NAME_CUSTOMERS.contains(&column.name).then_some(at))
    }

    /// What is missing for the table to be usable, given the columns there are: names of required
    /// columns, and `` `amount` or `quantity` and `unit_price` `` where one set of several would do.
    pub fn lacks(&self, has: impl Fn(&str) -> bool) -> Vec<String> {
        let required = self
            .columns
            .iter()
            .filter(|column| column.required && !has(column.name))
            .map(|column| format!("`{}`", column.name));
        let sets = self
            .one_of
            .iter()
            .filter(|sets| !sets.iter().any(|set| set.iter().all(|name| has(name))))
            .map(|sets| {
                let sets: Vec<String> = sets
                    .iter()
                    .map(|set| format!("`{}`", set.join("` and `")))
                    .collect();
                sets.join(", or ")
            });
        required.chain(sets).collect()
    }
}

impl Column {
    /// A column that may be left out.
    pub(crate) const fn new(
        name: &'static str,
        kind: Kind,
        headers: [&'static [&'static str]; 3],
    ) -> Self {
        Self {
            name,
            kind,
            required: false,
            may_be_empty: true,
            headers,
            weak: &[],
        }
    }

    /// It must be there, and filled in in every row.
    const fn required(mut self) -> Self {
        self.required = true;
        self.may_be_empty = false;
        self
    }

    /// It must be there, but rows may leave it empty.
    const fn present(mut self) -> Self {
        self.required = true;
        self.may_be_empty = true;
        self
    }

    /// Headers that mean it only where no other does.
    const fn weak(mut self, headers: &'static [&'static str]) -> Self {
        self.weak = headers;
        self
    }
}

impl Kind {
    /// What it is called in the catalogues of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Choice(_) => "choice",
            Self::Date => "date",
            Self::Time => "time",
            Self::Money => "money",
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::Number => "number",
            Self::Whole => "whole",
            Self::Flag => "flag",
            Self::Period => "period",
        }
    }

    /// How its values are kept.
    pub fn data_type(self, money_scale: i8) -> DataType {
        match self {
            Self::Id | Self::Text | Self::Period | Self::Choice(_) => DataType::Utf8View,
            Self::Date => DataType::Date32,
            Self::Time => DataType::Timestamp(TimeUnit::Second, None),
            Self::Money => DataType::Decimal128(38, money_scale),
            Self::Price => DataType::Decimal128(38, PRICE_SCALE),
            Self::Quantity => DataType::Decimal128(38, QUANTITY_SCALE),
            Self::Number => DataType::Float64,
            Self::Whole => DataType::Int64,
            Self::Flag => DataType::Boolean,
        }
    }

    /// What a value of it is called in a message: `a date`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Id => "an id",
            Self::Text => "a text",
            Self::Choice(_) => "one of the words it takes",
            Self::Date => "a date",
            Self::Time => "a date and time",
            Self::Money => "an amount",
            Self::Price => "a price",
            Self::Quantity => "a quantity",
            Self::Number => "a number",
            Self::Whole => "a whole number",
            Self::Flag => "yes or no",
            Self::Period => "a period such as 2026-Q3",
        }
    }
}

/// A table as read: its declaration and its rows.
#[derive(Debug, Clone)]
pub struct InputTable {
    /// Its declaration.
    pub spec: &'static TableSpec,
    /// Its rows, in the order of files, sheets and rows.
    pub batches: Vec<RecordBatch>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_snake_case_and_unique() {
        let snake = |name: &str| {
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
        };
        let mut tables = BTreeSet::new();
        for table in all() {
            assert!(
                snake(table.name) && tables.insert(table.name),
                "{}",
                table.name
            );
            let mut columns = BTreeSet::new();
            for column in table.columns {
                assert!(
                    snake(column.name) && columns.insert(column.name),
                    "{}",
                    column.name
                );
                assert!(!ORIGIN.contains(&column.name));
            }
        }
        assert_eq!(
            by_name("transactions").map(|t| t.name),
            Some("transactions")
        );
        assert!(by_name("transaction").is_none());
    }

    #[test]
    fn every_column_has_a_header_in_every_language() {
        for table in all() {
            for column in table.columns {
                for (headers, language) in column.headers.iter().zip(["en", "th", "vi"]) {
                    assert!(
                        !headers.is_empty(),
                        "{}.{} {language}",
                        table.name,
                        column.name
                    );
                }
                let thai = column.headers[1]
                    .iter()
                    .any(|header| header.chars().any(|c| ('\u{e00}'..='\u{e7f}').contains(&c)));
                assert!(thai, "{}.{} has no Thai header", table.name, column.name);
            }
        }
    }

    #[test]
    fn what_a_declaration_names_exists() {
        for table in all() {
            let known = |name: &str| {
                assert!(table.column(name).is_some(), "{}.{name}", table.name);
            };
            table
                .one_of
                .iter()
                .flat_map(|sets| *sets)
                .flat_map(|set| *set)
                .for_each(|n| known(n));
            match table.identity {
                Identity::None => {}
                Identity::Line(name) => known(name),
                Identity::Key(names) => names.iter().for_each(|n| known(n)),
            }
            if let Some(name) = table.dated {
                known(name);
                let kind = table.column(name).unwrap().kind;
                assert!(
                    matches!(kind, Kind::Date | Kind::Time),
                    "{}.{name}",
                    table.name
                );
            }
        }
    }

    #[test]
    fn what_a_table_lacks_is_said() {
        let table = by_name("transactions").unwrap();
        assert_eq!(
            table.lacks(|name| name == "customer_id"),
            ["`date`", "`amount`, or `quantity` and `unit_price`"]
        );
        let has = ["customer_id", "date", "quantity", "unit_price"];
        assert!(table.lacks(|name| has.contains(&name)).is_empty());
    }

    #[test]
    fn the_schema_ends_with_the_origin() {
        let schema = by_name("wallet").unwrap().schema(3);
        let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        assert_eq!(names[names.len() - 3..], ORIGIN);
        assert_eq!(
            schema.field_with_name("amount").unwrap().data_type(),
            &DataType::Decimal128(38, 3)
        );
    }
}
