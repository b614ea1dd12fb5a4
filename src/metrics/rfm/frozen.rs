//! Frozen cut points: `rules/rfm-cuts.toml`, written by `quarterdeck freeze` and by nothing else.
//!
//! Cut points that follow the customers move every quarter, and a customer who does nothing new gets
//! another score. Frozen ones stay. The file has a section for each time they were frozen; one holds
//! from its period on until the next one's, so that what was published before it stays as it was.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::{Band, Ends, Measured, Ruler, method_for};
use crate::calendar::Quarter;
use crate::diagnostics::codes::workspace::{BAD_VALUE, MISSING_KEY};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::workspace::{AsOf, Config, Dated, Files, Monetary, RfmMethod, Table};

/// The file, within a workspace.
pub const FILE: &str = "rules/rfm-cuts.toml";

/// What stands above the sections.
const HEAD: &str = "\
# Cut points of recency, frequency and monetary value, written by `quarterdeck freeze`.
# Those of a section hold for its period and every later one, until the next section's. Each list
# has four ends: the most days that score 5, 4, 3 and 2; the most orders, and the greatest monetary
# value, that score 1, 2, 3 and 4. The customers are those of the period by score, 1 first.
";

/// Cut points as they were frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenCuts {
    /// The period at whose end they were found.
    pub as_of: Quarter,
    /// How.
    pub method: RfmMethod,
    /// What the monetary value was.
    pub monetary: Monetary,
    /// The look-back of frequency and monetary value then.
    pub window_months: u32,
    /// The currency of the monetary value.
    pub currency: String,
    /// The ends of the scores.
    pub ends: Ends,
    /// Customers by recency, frequency and monetary score, each 1 first.
    pub customers: [[i64; 5]; 3],
}

impl AsOf for FrozenCuts {
    fn as_of(&self) -> Quarter {
        self.as_of
    }
}

/// All cut points that were ever frozen.
pub type Frozen = Dated<FrozenCuts>;

impl FrozenCuts {
    /// What there is to freeze of a period; none where its method has no cut points that hold for
    /// everybody.
    pub fn of(as_of: Quarter, measured: &Measured, config: &Config) -> Option<Self> {
        let ends = measured.ruler.ends()?.clone();
        let counts = |bands: &[Band; 5]| bands.map(|band| band.customers);
        let customers: i64 = counts(&measured.recency).iter().sum();
        Some(Self {
            as_of,
            method: method_for(&config.rfm, usize::try_from(customers).unwrap_or(0)),
            monetary: config.rfm.monetary,
            window_months: config.rfm.window_months,
            currency: config.client.currency.code.clone(),
            ends,
            customers: [
                counts(&measured.recency),
                counts(&measured.frequency),
                counts(&measured.monetary),
            ],
        })
    }

    fn write(&self, scale: u32, out: &mut String) {
        let whole = |ends: &[i128]| list(ends.iter());
        let amounts = self.ends.monetary.iter();
        let amounts = list(amounts.map(|units| Decimal::from_i128_with_scale(*units, scale)));
        let [recency, frequency, monetary] = &self.customers;
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n[[cuts]]\nas-of = \"{}\"\nmethod = \"{}\"\nmonetary = \"{}\"\nwindow-months = {}\n\
             currency = \"{}\"\nrecency-days = {}\norders = {}\namounts = {amounts}\n\
             recency-customers = {}\nfrequency-customers = {}\nmonetary-customers = {}\n",
            self.as_of,
            self.method.name(),
            self.monetary.name(),
            self.window_months,
            self.currency,
            whole(&self.ends.recency),
            whole(&self.ends.frequency),
            list(recency.iter()),
            list(frequency.iter()),
            list(monetary.iter()),
        );
    }
}

fn list<T: ToString>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

impl Dated<FrozenCuts> {
    /// The cut points a workspace holds; none without the file. Mistakes, and cut points that do not
    /// go with the settings, go to `problems`, and their section is left out.
    pub fn read(files: &Files, config: &Config, problems: &mut Diagnostics) -> Self {
        let mut cuts = Self::cuts(files, FILE, problems, |table, wrong| {
            read_section(table, config, wrong)
        });
        // Those before it may have been found otherwise: what they cut is what they cut.
        let set = config.rfm.method;
        if let Some(last) = cuts.pop_if(|last| set.is_some_and(|set| set != last.method)) {
            let set = set.unwrap_or_default().name();
            let place = Place::File(FILE.to_owned());
            let frozen = last.method.name();
            problems.push(other_settings(last.as_of, "rfm.method", set, frozen, place));
        }
        cuts
    }

    /// The file; `scale` are the decimals of amounts.
    pub fn text(&self, scale: u32) -> String {
        let mut out = HEAD.to_owned();
        for cuts in self.iter() {
            cuts.write(scale, &mut out);
        }
        out
    }
}

impl FrozenCuts {
    /// The ruler they make.
    pub fn ruler(&self) -> Ruler {
        Ruler::Cuts(self.ends.clone())
    }
}

fn read_section(
    table: &mut Table<'_>,
    config: &Config,
    problems: &mut Diagnostics,
) -> Option<FrozenCuts> {
    for key in ["as-of", "method", "monetary", "window-months", "currency"] {
        table.require(key, problems);
    }
    let as_of = table.parsed("as-of", problems);
    let method = table.parsed::<RfmMethod>("method", problems);
    let monetary = table.parsed::<Monetary>("monetary", problems);
    let window = table.whole("window-months", 1..=60, problems);
    let currency = table.text("currency", problems);
    let scale = u32::try_from(config.client.currency.scale()).unwrap_or(2);
    let recency = ends(table, "recency-days", 0, problems);
    let frequency = ends(table, "orders", 0, problems);
    let amounts = ends(table, "amounts", scale, problems);
    let customers = [
        counts(table, "recency-customers", problems),
        counts(table, "frequency-customers", problems),
        counts(table, "monetary-customers", problems),
    ];
    let (as_of, method, monetary, window, currency) =
        (as_of?.value, method?, monetary?, window?, currency?);
    // What the values are now, and were then.
    let set = &config.rfm;
    let (frozen_window, set_window) = (window.value.to_string(), set.window_months.to_string());
    for (key, set, frozen, place) in [
        (
            "rfm.monetary",
            set.monetary.name(),
            monetary.value.name(),
            monetary.place,
        ),
        (
            "rfm.window-months",
            &set_window,
            &frozen_window,
            window.place,
        ),
        (
            "client.currency",
            &config.client.currency.code,
            &currency.value,
            currency.place,
        ),
    ] {
        if set != frozen {
            problems.push(other_settings(as_of, key, set, frozen, place));
        }
    }
    Some(FrozenCuts {
        as_of,
        method: method.value,
        monetary: monetary.value,
        window_months: window.value as u32,
        currency: currency.value,
        ends: Ends {
            recency: recency?,
            frequency: frequency?,
            monetary: amounts?,
        },
        customers: customers.map(Option::unwrap_or_default),
    })
}

fn other_settings(as_of: Quarter, key: &str, set: &str, frozen: &str, place: Place) -> Diagnostic {
    let message =
        format!("the cut points of {as_of} were frozen with `{key}` {frozen}, which is {set} now");
    Diagnostic::error(&BAD_VALUE, message)
        .at(place)
        .help(format!(
            "set `{key}` back, or freeze anew: `quarterdeck freeze --period {as_of} --force`"
        ))
}

/// Four ends that do not fall, in units of so many decimals.
fn ends(
    table: &mut Table<'_>,
    key: &'static str,
    scale: u32,
    problems: &mut Diagnostics,
) -> Option<Vec<i128>> {
    let place = table.place_of(key);
    let Some(found) = table.numbers(key, problems) else {
        if !table.has(key) {
            let message = format!("`{key}` is missing");
            problems.push(Diagnostic::error(&MISSING_KEY, message).at(place));
        }
        return None;
    };
    let factor = libm::pow(10.0, f64::from(scale));
    let units: Vec<i128> = found
        .value
        .iter()
        .map(|number| (number * factor).round() as i128)
        .collect();
    let falls = units.windows(2).any(|pair| pair[0] > pair[1]);
    if units.len() != 4 || falls {
        let message = format!("`{key}` takes four numbers, none less than the one before it");
        let help = "the file is written by `quarterdeck freeze`: freeze anew with --force";
        problems.push(
            Diagnostic::error(&BAD_VALUE, message)
                .at(found.place)
                .help(help),
        );
        return None;
    }
    Some(units)
}

/// Customers by score. They only tell the reader; what is wrong with them is said all the same.
fn counts(
    table: &mut Table<'_>,
    key: &'static str,
    problems: &mut Diagnostics,
) -> Option<[i64; 5]> {
    let found = table.numbers(key, problems)?;
    let counts: Vec<i64> = found.value.iter().map(|count| *count as i64).collect();
    let Ok(counts) = <[i64; 5]>::try_from(counts) else {
        let message = format!("`{key}` takes five numbers");
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(found.place));
        return None;
    };
    Some(counts)
}
