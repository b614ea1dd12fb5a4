//! `[rfm]` and `[customer-scorecard]`: how customers are scored.

use std::str::FromStr;

use super::config::Defaults;
use super::toml_reader::Table;
use crate::diagnostics::codes::workspace::{BAD_VALUE, MISSING_KEY};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// Where recency, frequency and monetary value are cut into scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RfmMethod {
    /// Type-1 quintiles, equal values share a score.
    #[default]
    Quantile,
    /// The cut points of `[rfm.thresholds]`.
    Thresholds,
    /// Groups of equal size by rank, which give equal values different scores.
    Rank,
    /// Quintiles of frequency within each recency score, of monetary value within each of both.
    Nested,
    /// Type-7 quantiles with half-open bins, as the R package `rfm`.
    Quantile7,
    /// Type-1 thirds, which score 1, 3 and 5.
    Thirds,
}

impl RfmMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [
        Self::Quantile,
        Self::Thresholds,
        Self::Rank,
        Self::Nested,
        Self::Quantile7,
        Self::Thirds,
    ];

    /// Its name in TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quantile => "quantile",
            Self::Thresholds => "thresholds",
            Self::Rank => "rank",
            Self::Nested => "nested",
            Self::Quantile7 => "quantile-7",
            Self::Thirds => "thirds",
        }
    }
}

impl FromStr for RfmMethod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|method| method.name() == text);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("`{text}` is not one of {names}")
        })
    }
}

/// What the monetary value of a customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Monetary {
    /// Net revenue of the window.
    #[default]
    Total,
    /// Net revenue of the window per purchase occasion.
    Mean,
}

impl Monetary {
    /// Its name in TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Mean => "mean",
        }
    }
}

impl FromStr for Monetary {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "total" => Ok(Self::Total),
            "mean" => Ok(Self::Mean),
            other => Err(format!("`{other}` is not one of total, mean")),
        }
    }
}

/// Cut points that the client sets: four rising numbers each; none where the customers are cut at
/// their quintiles all the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thresholds {
    /// The most days since the last purchase that score 5, 4, 3 and 2.
    pub recency: Option<[f64; 4]>,
    /// The orders from which on a customer scores 2, 3, 4 and 5.
    pub frequency: Option<[f64; 4]>,
    /// The amounts from which on a customer scores 2, 3, 4 and 5.
    pub monetary: Option<[f64; 4]>,
}

/// Recency, frequency, monetary value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rfm {
    /// The look-back of frequency and monetary value.
    pub window_months: u32,
    /// How scores are cut; none where the client has not said, which is quintiles.
    pub method: Option<RfmMethod>,
    /// What the monetary value is.
    pub monetary: Monetary,
    /// Cut points for [`RfmMethod::Thresholds`]; none of them with any other method.
    pub thresholds: Thresholds,
}

pub(super) fn read_rfm(
    table: &mut Table<'_>,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> Rfm {
    let months = table.whole("window-months", 1..=60, problems);
    let written = table.parsed("method", problems);
    let monetary = table.parsed("monetary", problems);
    let at = table.place_of("thresholds");
    let thresholds = table.table("thresholds", problems).map(|mut table| {
        let read = thresholds(&mut table, problems);
        table.finish(problems);
        read
    });
    let mut method = written.as_ref().map(|method| method.value);
    match (&written, &thresholds) {
        // Who writes cut points wants them used.
        (None, Some(_)) => method = Some(RfmMethod::Thresholds),
        (Some(said), Some(_)) if said.value != RfmMethod::Thresholds => {
            let message = format!(
                "`rfm.thresholds` has no effect with method \"{}\"",
                said.value.name()
            );
            problems.push(
                Diagnostic::error(&BAD_VALUE, message)
                    .at(at)
                    .help("write `method = \"thresholds\"`, or take the cut points out"),
            );
        }
        (Some(said), None) if said.value == RfmMethod::Thresholds => problems.push(
            Diagnostic::error(
                &MISSING_KEY,
                "`rfm.method` is \"thresholds\", and there are none",
            )
            .at(said.place.clone())
            .help("add them under `[rfm.thresholds]`: `frequency = [2, 3, 5, 10]`"),
        ),
        _ => {}
    }
    if method.is_none() {
        defaults.used("rfm.method", RfmMethod::default().name());
    }
    if monetary.is_none() {
        defaults.used("rfm.monetary", Monetary::default().name());
    }
    Rfm {
        window_months: match months {
            Some(months) => months.value as u32,
            None => defaults.take("rfm.window-months", 12),
        },
        method,
        monetary: monetary.map(|monetary| monetary.value).unwrap_or_default(),
        thresholds: thresholds.unwrap_or_default(),
    }
}

fn thresholds(table: &mut Table<'_>, problems: &mut Diagnostics) -> Thresholds {
    let read = Thresholds {
        recency: four(table, "recency", 0.0, problems),
        frequency: four(table, "frequency", 1.0, problems),
        monetary: four(table, "monetary", f64::MIN, problems),
    };
    let keys = ["recency", "frequency", "monetary"];
    if !keys.map(|key| table.has(key)).contains(&true) {
        let message = "`rfm.thresholds` names no cut points";
        problems.push(
            Diagnostic::error(&MISSING_KEY, message)
                .at(table.place())
                .help("give `recency`, `frequency` or `monetary` four numbers each"),
        );
    }
    read
}

/// Four rising numbers, the first at `least` or above.
fn four(
    table: &mut Table<'_>,
    key: &'static str,
    least: f64,
    problems: &mut Diagnostics,
) -> Option<[f64; 4]> {
    let found = table.numbers(key, problems)?;
    let wrong = |what: String, problems: &mut Diagnostics| {
        let message = format!("`rfm.thresholds.{key}` {what}");
        let said = match key {
            "recency" => "the most days that score 5, 4, 3 and 2",
            "frequency" => "the orders from which on customers score 2, 3, 4 and 5",
            _ => "the amounts from which on customers score 2, 3, 4 and 5",
        };
        let place = found.place.clone();
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(place).help(said));
        None
    };
    let Ok(cuts) = <[f64; 4]>::try_from(found.value.as_slice()) else {
        let count = found.value.len();
        return wrong(
            format!("has {count} cut points; five scores need four"),
            problems,
        );
    };
    if let Some(pair) = cuts.windows(2).find(|pair| pair[0] >= pair[1]) {
        let what = format!("does not rise: {} comes before {}", pair[0], pair[1]);
        return wrong(what, problems);
    }
    if cuts[0] < least {
        let what = format!("begins with {}; {least} is the least", cuts[0]);
        return wrong(what, problems);
    }
    Some(cuts)
}

/// From which score on a side of the customer scorecard is middling, and from which high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerScorecard {
    /// 0 to 100; below it is low.
    pub middle_from: f64,
    /// 0 to 100, above `middle_from`.
    pub high_from: f64,
}

impl CustomerScorecard {
    /// Thirds of 0 to 100.
    const DEFAULT: Self = Self {
        middle_from: 100.0 / 3.0,
        high_from: 200.0 / 3.0,
    };

    pub(super) fn read(
        table: &mut Table<'_>,
        defaults: &mut Defaults,
        problems: &mut Diagnostics,
    ) -> Self {
        let middle = table.number_in("middle-from", 0.0..=100.0, problems);
        let high = table.number_in("high-from", 0.0..=100.0, problems);
        if middle.is_none() {
            defaults.used("customer-scorecard.middle-from", "33.3");
        }
        if high.is_none() {
            defaults.used("customer-scorecard.high-from", "66.7");
        }
        let place = high.as_ref().or(middle.as_ref()).map(|v| v.place.clone());
        let middle_from = middle.map_or(Self::DEFAULT.middle_from, |v| v.value);
        let high_from = high.map_or(Self::DEFAULT.high_from, |v| v.value);
        if let Some(place) = place.filter(|_| high_from <= middle_from) {
            let message = format!(
                "`customer-scorecard.high-from` is {high_from:.1} and must be above `middle-from`, {middle_from:.1}"
            );
            problems.push(Diagnostic::error(&BAD_VALUE, message).at(place));
        }
        Self {
            middle_from,
            high_from,
        }
    }
}
