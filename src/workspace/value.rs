//! `[value]` of the settings: what a customer's value is taken to be, and what it could be.

use std::str::FromStr;

use super::config::Defaults;
use super::toml_reader::Table;
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};

/// In how many ways customers can be alike.
const MOST_PEER_KEYS: usize = 4;

/// What customers are alike in, the most telling first: how often they buy, the client's own grouping in
/// the customers sheet, how long they have been customers.
const PEERS: [&str; 3] = ["frequency", "segment_hint", "tenure_days"];

/// What actual value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// The last twelve months: contribution, or revenue where no cost is known.
    #[default]
    Contribution,
    /// What is to come: residual lifetime value in a period in which a model of single customers holds,
    /// else as above.
    Clv,
}

impl Basis {
    /// Its name in TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contribution => "contribution",
            Self::Clv => "clv",
        }
    }
}

impl FromStr for Basis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = [Self::Contribution, Self::Clv].into_iter();
        let mut found = found.filter(|basis| basis.name() == text);
        let message = || format!("`{text}` is not one of contribution, clv");
        found.next().ok_or_else(message)
    }
}

/// A fact, or a column of the customers sheet, in which peers are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerKey {
    /// Its name.
    pub name: String,
    /// Where the client names it; none for the default.
    pub place: Option<Place>,
}

/// What a customer's value is taken to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What it is made of.
    pub basis: Basis,
    /// Contribution per unit of revenue where no cost is known; none prints value as *revenue*.
    pub margin: Option<f64>,
    /// The band around zero within which a value counts as nothing; none for 1 % of the mean
    /// positive value.
    pub band: Option<f64>,
    /// What peers are alike in, the most telling first: where they are too few, the last is let go.
    pub peers: Vec<PeerKey>,
    /// The fewest peers of positive value from which to tell what a customer could be worth.
    pub min_peers: usize,
    /// The share of peers that what a customer could be worth is not to be below.
    pub peer_quantile: f64,
}

impl Value {
    /// Reads the table.
    pub(super) fn read(
        table: &mut Table<'_>,
        defaults: &mut Defaults,
        problems: &mut Diagnostics,
    ) -> Self {
        let mut number = |key, most: f64| table.number_in(key, 0.0..=most, problems);
        let margin = number("margin", 1.0).map(|v| v.value);
        let band = number("band", f64::MAX).map(|v| v.value);
        let quantile = number("peer-quantile", 1.0).map(|v| v.value);
        let basis = table.parsed("basis", problems).map(|basis| basis.value);
        let min_peers = table.whole("min-peers", 1..=1_000_000, problems);
        let peers = read_peers(table, problems);
        if margin.is_none() {
            let default = "1 (value is printed as revenue where no cost is known)";
            defaults.used("value.margin", default);
        }
        if band.is_none() {
            defaults.used("value.band", "1 % of the mean positive value");
        }
        if basis.is_none() {
            defaults.used("value.basis", Basis::default().name());
        }
        if peers.is_none() {
            defaults.used("value.peers", PEERS.join(", "));
        }
        Self {
            basis: basis.unwrap_or_default(),
            margin,
            band,
            peers: peers.unwrap_or_else(|| PEERS.map(PeerKey::default_named).to_vec()),
            min_peers: match min_peers {
                Some(count) => count.value as usize,
                None => defaults.take("value.min-peers", 10),
            },
            peer_quantile: quantile.unwrap_or_else(|| defaults.take("value.peer-quantile", 0.8)),
        }
    }
}

impl PeerKey {
    fn default_named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            place: None,
        }
    }
}

fn read_peers(table: &mut Table<'_>, problems: &mut Diagnostics) -> Option<Vec<PeerKey>> {
    let names = table.texts("peers", problems)?;
    if !(1..=MOST_PEER_KEYS).contains(&names.value.len()) {
        let message = format!("`value.peers` names from 1 to {MOST_PEER_KEYS} facts");
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(names.place));
        return None;
    }
    let keys = names.value.into_iter().map(|name| PeerKey {
        name: name.value,
        place: Some(name.place),
    });
    Some(keys.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Source;
    use crate::workspace::Config;

    fn parse(text: &str) -> (Config, Diagnostics) {
        let mut problems = Diagnostics::new();
        let config = Config::parse(&Source::new("q.toml", text), "folder", &mut problems);
        (config, problems)
    }

    #[test]
    fn peers_are_named_in_order() {
        let (config, problems) = parse(
            "[value]\nbasis = \"clv\"\npeers = [\"tier\", \"frequency\"]\nmin-peers = 25\npeer-quantile = 0.9\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
        let names: Vec<&str> = config.value.peers.iter().map(|k| k.name.as_str()).collect();
        assert_eq!(names, ["tier", "frequency"]);
        assert_eq!(config.value.basis, Basis::Clv);
        assert_eq!(
            (config.value.min_peers, config.value.peer_quantile),
            (25, 0.9)
        );
    }

    #[test]
    fn every_mistake_is_found() {
        let (config, problems) =
            parse("[value]\nbasis = \"profit\"\npeers = []\nmin-peers = 0\npeer-quantile = 80\n");
        assert_eq!(problems.iter().count(), 4, "{problems:?}");
        assert_eq!(config.value.peers.len(), 3);
        assert_eq!(config.value.basis, Basis::Contribution);
    }
}
