//! `[profitability]` and `[return-on-relationship]` of the settings: which costs are charged to
//! customers, what cost pools are of, and when spending is taken to show.

use std::str::FromStr;

use super::config::Defaults;
use super::toml_reader::Table;
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics};

/// A table of costs that are charged to customers beside activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChargedCost {
    /// What channels cost, by what was bought through them.
    Channels,
    /// What each interaction cost.
    Interactions,
    /// What campaigns cost, by the contacts they reached.
    Campaigns,
    /// What leads cost who became customers.
    Leads,
    /// Spending to keep customers that names one.
    Retention,
}

impl ChargedCost {
    /// Every one of them.
    pub const ALL: [Self; 5] = [
        Self::Channels,
        Self::Interactions,
        Self::Campaigns,
        Self::Leads,
        Self::Retention,
    ];

    /// Its name in TOML and in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Channels => "channels",
            Self::Interactions => "interactions",
            Self::Campaigns => "campaigns",
            Self::Leads => "leads",
            Self::Retention => "retention",
        }
    }
}

impl FromStr for ChargedCost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|cost| cost.name() == text);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("`profitability.charge`: `{text}` is not one of {names}")
        })
    }
}

/// What the profit of customers is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profitability {
    /// The costs charged beside activities, each once, in the order of [`ChargedCost::ALL`].
    pub charge: Vec<ChargedCost>,
    /// How many months the cost pools and practical capacities of `activity_rates` are of.
    pub cost_pool_months: u32,
}

/// When spending on keeping customers is taken to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnOnRelationship {
    /// Quarters between the spending and the gain it is set against: 0 or 1.
    pub lag_quarters: u32,
    /// How spending on no class is divided among the classes.
    pub allocate: Allocation,
}

/// What spending that names neither class nor customer is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Allocation {
    /// It stays in a line of its own.
    #[default]
    None,
    /// By revenue of the period of the customers active at its start.
    Revenue,
    /// By how often campaigns reached them in it.
    Contacts,
}

impl Allocation {
    /// Every way, as settings write them.
    pub const ALL: [Self; 3] = [Self::None, Self::Revenue, Self::Contacts];

    /// As settings and SQL write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Revenue => "revenue",
            Self::Contacts => "contacts",
        }
    }
}

impl std::str::FromStr for Allocation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|way| way.name() == text);
        found.ok_or_else(|| format!("`{text}` is not one of none, revenue, contacts"))
    }
}

impl std::fmt::Display for Allocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads `[profitability]`.
pub(super) fn read_profitability(
    table: &mut Table<'_>,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> Profitability {
    let charge = match table.texts("charge", problems) {
        Some(names) => {
            let mut charge = Vec::new();
            for name in names.value {
                match name.value.parse() {
                    Ok(cost) => charge.push(cost),
                    Err(wrong) => {
                        problems.push(Diagnostic::error(&BAD_VALUE, wrong).at(name.place));
                    }
                }
            }
            charge.sort_unstable();
            charge.dedup();
            charge
        }
        None => {
            let all = ChargedCost::ALL;
            defaults.used(
                "profitability.charge",
                all.map(ChargedCost::name).join(", "),
            );
            all.to_vec()
        }
    };
    let months = table.whole("cost-pool-months", 1..=12, problems);
    Profitability {
        charge,
        cost_pool_months: match months {
            Some(months) => months.value as u32,
            None => defaults.take("profitability.cost-pool-months", 12),
        },
    }
}

/// Reads `[return-on-relationship]`.
pub(super) fn read_return(
    table: &mut Table<'_>,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> ReturnOnRelationship {
    let quarters = table.whole("lag-quarters", 0..=1, problems);
    let allocate = table.parsed::<Allocation>("allocate", problems);
    ReturnOnRelationship {
        lag_quarters: match quarters {
            Some(quarters) => quarters.value as u32,
            None => defaults.take("return-on-relationship.lag-quarters", 0),
        },
        allocate: match allocate {
            Some(way) => way.value,
            None => defaults.take("return-on-relationship.allocate", Allocation::None),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Diagnostics, Source};
    use crate::workspace::{Allocation, ChargedCost, Config};

    fn parse(text: &str) -> (Config, Diagnostics) {
        let mut problems = Diagnostics::new();
        let config = Config::parse(&Source::new("q.toml", text), "folder", &mut problems);
        (config, problems)
    }

    #[test]
    fn what_is_charged_is_named() {
        let (config, problems) = parse(
            "[profitability]\ncharge = [\"leads\", \"channels\", \"leads\"]\ncost-pool-months = 3\n\
             [return-on-relationship]\nlag-quarters = 1\nallocate = \"revenue\"\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(
            config.profitability.charge,
            [ChargedCost::Channels, ChargedCost::Leads]
        );
        assert_eq!(config.profitability.cost_pool_months, 3);
        assert_eq!(config.return_on_relationship.lag_quarters, 1);
        assert_eq!(config.return_on_relationship.allocate, Allocation::Revenue);
    }

    #[test]
    fn every_mistake_is_found() {
        let (config, problems) = parse(
            "[profitability]\ncharge = [\"chanels\", \"rent\"]\ncost-pool-months = 24\n\
             [return-on-relationship]\nlag-quarters = 2\nallocate = \"equally\"\n",
        );
        let said: Vec<String> = problems.iter().map(|p| p.message.clone()).collect();
        assert_eq!(said.len(), 5, "{said:?}");
        assert!(said[0].contains("`chanels` is not one of channels, "));
        assert_eq!(config.profitability.charge, []);
        assert_eq!(config.return_on_relationship.lag_quarters, 0);
    }
}
