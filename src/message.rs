//! A text by key with its arguments, to be said in the language of the report.
//!
//! Rules, KPIs and ROI lines never hold words: they hold a key into the locale catalogues and what
//! fills its placeholders, so that one run can be printed in any language.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What fills a placeholder, and so how it is printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Argument {
    /// Text from data or config, printed as it is.
    Text(String),
    /// The key of another text.
    Key(String),
    /// A whole number.
    Count(i64),
    /// A number with one decimal.
    Number(f64),
    /// An amount in the client's currency.
    Money(f64),
    /// A share, 0.85 for 85 %.
    Percent(f64),
    /// A day.
    Date(NaiveDate),
}

/// A text by key, or a text of the client's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    /// A key into the catalogues.
    Keyed {
        /// Dotted path, such as `reason.below-zero`.
        key: String,
        /// Placeholder to argument.
        #[serde(default)]
        args: BTreeMap<String, Argument>,
    },
    /// The client's own words.
    Plain(String),
}

impl Message {
    /// A text by key, without arguments.
    pub fn key(key: impl Into<String>) -> Self {
        Self::Keyed {
            key: key.into(),
            args: BTreeMap::new(),
        }
    }

    /// Fills a placeholder; nothing happens to the client's own words.
    #[must_use]
    pub fn with(mut self, name: &str, argument: Argument) -> Self {
        if let Self::Keyed { args, .. } = &mut self {
            args.insert(name.to_owned(), argument);
        }
        self
    }
}
