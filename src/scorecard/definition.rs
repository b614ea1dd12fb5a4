//! What a scorecard is: perspectives, processes, objectives, KPIs, and how each is scored.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;

use super::expression::Expression;
use crate::diagnostics::Place;

/// A scorecard as declared: a tree of branches, and the KPIs that hang from its objectives.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The whole, with perspectives below, processes below those, objectives below those.
    pub root: Branch,
    /// Every KPI once, in the order of the scorecard.
    pub kpis: Vec<Kpi>,
    /// Share of a node's weight that must be measured for it to have a score.
    pub min_coverage: f64,
}

impl Definition {
    /// A KPI by its id.
    pub fn kpi(&self, id: &str) -> Option<&Kpi> {
        self.kpis.iter().find(|kpi| kpi.id == id)
    }

    /// Every branch with the given level, in order.
    pub fn branches(&self, level: Level) -> Vec<&Branch> {
        let mut found = Vec::new();
        self.root.collect(level, &mut found);
        found
    }
}

/// Which rung of the scorecard a branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The whole scorecard.
    Total,
    /// One of its perspectives.
    Perspective,
    /// A process of a perspective; one without an id where the perspective has none.
    Process,
    /// An objective.
    Objective,
}

/// The whole, a perspective, a process or an objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// `total`, the declared id, or empty for the process of a perspective that has none.
    pub id: String,
    /// Which rung it is.
    pub level: Level,
    /// What it is called.
    pub label: Label,
    /// Its weight among its siblings, relative.
    pub weight: f64,
    /// The branches below, in order; none below an objective.
    pub children: Vec<Branch>,
    /// For objectives: its KPIs, as indices into [`Definition::kpis`].
    pub kpis: Vec<usize>,
}

impl Branch {
    fn collect<'a>(&'a self, level: Level, found: &mut Vec<&'a Branch>) {
        if self.level == level {
            found.push(self);
        }
        for child in &self.children {
            child.collect(level, found);
        }
    }
}

/// What something is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Label {
    /// By its id in the locale catalogues.
    #[default]
    Catalogue,
    /// The client's own words, in whatever language they are.
    Text(String),
    /// The client's own words by language code.
    Languages(BTreeMap<String, String>),
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Kpi {
    /// The code of the catalogue (`F1` … `L6`, `M1` … `M7`) or the client's own.
    pub id: String,
    /// What it is called.
    pub label: Label,
    /// How it is worked out, in words.
    pub formula: Label,
    /// What it is computed from; none for one that can only be typed in.
    pub value: Option<Expression>,
    /// How its numbers are printed.
    pub unit: Unit,
    /// Which direction is better.
    pub better: Better,
    /// How its values combine over periods, and so how an annual target spreads over quarters.
    pub over_time: OverTime,
    /// How it is scored.
    pub scoring: Scoring,
    /// The value to reach: 100 for `linear`, 66.67 for `goal-red-flag`, met or not for `binary`.
    pub target: Option<Given<f64>>,
    /// The value that scores 0 (`linear`).
    pub floor: Option<Given<f64>>,
    /// The value that scores 33.33 (`goal-red-flag`).
    pub red_flag: Option<Given<f64>>,
    /// A value beyond the target, to aim at: shown, and no part of the score.
    pub stretch: Option<Given<f64>>,
    /// Where the client has the target from, in its own words.
    pub target_source: Option<Label>,
    /// Its weight among the KPIs of its objective, relative.
    pub weight: f64,
    /// Tables and columns without which it is not measured.
    pub needs: Vec<Need>,
    /// Dimensions it is broken down by.
    pub by: Vec<String>,
    /// Fiscal quarters (1 to 4) in which it is asked for; empty for all.
    pub due: Vec<u32>,
    /// Where it is declared.
    pub place: Place,
}

/// What a KPI cannot do without: one of several tables or columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Any of these is enough.
    pub any_of: Vec<Part>,
}

/// A table, or a column of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The canonical table.
    pub table: String,
    /// The column, where the table alone is not enough.
    pub column: Option<String>,
}

impl FromStr for Need {
    type Err = std::convert::Infallible;

    /// Reads `wallet`, `customers.strategic` or `transactions.cost or products.unit_cost`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part = |text: &str| match text.trim().split_once('.') {
            Some((table, column)) => Part {
                table: table.to_owned(),
                column: Some(column.to_owned()),
            },
            None => Part {
                table: text.trim().to_owned(),
                column: None,
            },
        };
        Ok(Self {
            any_of: text.split(" or ").map(part).collect(),
        })
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.table)?;
        match &self.column {
            Some(column) => write!(f, ".{column}"),
            None => Ok(()),
        }
    }
}

/// Who gave a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It ships with the program.
    BuiltIn,
    /// The workspace's `scorecard.toml`.
    Workspace,
}

/// A figure with who gave it and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<T> {
    /// The figure.
    pub value: T,
    /// Who gave it.
    pub origin: Origin,
    /// Where it stands.
    pub place: Place,
}

/// How a KPI is scored.
#[derive(Debug, Clone, PartialEq)]
pub enum Scoring {
    /// A straight line from 0 at the floor to 100 at the target.
    Linear,
    /// A straight line through 33.33 at the red flag and 66.67 at the goal.
    GoalRedFlag,
    /// The first band that the value lies in.
    Banded(Vec<Band>),
    /// 100 within the best range, falling to 0 on both sides.
    Range {
        /// Lower and upper bound of what scores 100.
        best: (f64, f64),
        /// Below and above which the score is 0.
        zero: (f64, f64),
    },
    /// 100 when the target is met, else 0.
    Binary,
    /// What this function of `rules/scorecard.rhai` makes of the KPI.
    Script(String),
    /// Shown, not scored.
    Unscored,
}

impl Scoring {
    /// Every method by the name it has in TOML.
    pub const NAMES: [&'static str; 7] = [
        "linear",
        "goal-red-flag",
        "banded",
        "range",
        "binary",
        "unscored",
        "script",
    ];

    /// Its name in TOML.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::GoalRedFlag => "goal-red-flag",
            Self::Banded(_) => "banded",
            Self::Range { .. } => "range",
            Self::Binary => "binary",
            Self::Unscored => "unscored",
            Self::Script(_) => "script",
        }
    }
}

/// One band of `banded` scoring; every bound that is given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Band {
    /// Value ≥ this.
    pub at_least: Option<f64>,
    /// Value > this.
    pub above: Option<f64>,
    /// Value ≤ this.
    pub at_most: Option<f64>,
    /// Value < this.
    pub below: Option<f64>,
    /// What the band scores, 0 to 100.
    pub score: f64,
}

/// Declares an enum whose variants are read from their kebab-case names.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Its name in TOML.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    other => Err(format!(
                        "`{other}` is not one of {}",
                        [$($text),*].join(", ")
                    )),
                }
            }
        }
    };
}

named! {
    /// How a KPI's numbers are printed.
    Unit {
        /// The client's currency.
        Money = "money",
        /// A share, 0.85 for 85 %.
        Percent = "percent",
        /// A whole count.
        Count = "count",
        /// A number with one decimal.
        Number = "number",
        /// A score of 0 to 100 or a rating.
        Score = "score",
        /// Hours.
        Hours = "hours",
        /// Days.
        Days = "days",
    }
}

named! {
    /// Which direction is better.
    Better {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
    }
}

named! {
    /// How a KPI's values of several periods combine into one.
    OverTime {
        /// They add up, such as revenue.
        Flow = "flow",
        /// The last one holds, such as customers at the end.
        Stock = "stock",
        /// Worked out again from numerator and denominator.
        Ratio = "ratio",
        /// Their average.
        Mean = "mean",
        /// Counted again, since one thing may be in several periods.
        Distinct = "distinct",
    }
}
